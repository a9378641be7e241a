"""False neighbours: someone who wants a wrong statement proved, with the steps of the right one at hand.

Each attempt names what is claimed.  A universal one carries a point at which exact arithmetic shows that it is false,
an existential one the proved claim that denies it.  The kernel must not accept any of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
import sympy as sp

from theory import exponential, logsumexp, logsumexp_curvature, retrieval, surrogate
from theory.atoms import LSE, IndexMax, IndexMin, Quotient, RegionIntegral
from theory.bounds import lower_gamma
from theory.claim import NOTHING, Claim, Negation, Source, Step
from theory.domain import Condition, Domain, Family, Range, Relation, nonnegative, positive, size
from theory.energies import global_continuity, global_density, global_energy, global_shape, layers
from theory.energies import mchn, mchn_shape, mchn_sharp, mchn_v1, nearest
from theory.energies.layer import energy
from theory.notation import bound, cutoff, d, dummy, i, j, k, l, n, order, radius, rho, sizes, step, t, u, v, weight
from theory.notation import energies as E_t
from theory.notation import energies_at_y, x, y, z
from theory.registry import claims, registry
from theory.rules import (
    Antisymmetry,
    Assume,
    Cancel,
    Combine,
    DerivativeSign,
    ExpPositive,
    ExpTangent,
    ExtremumAttained,
    ExtremumIntro,
    ExtremumMember,
    Generic,
    Identity,
    Justification,
    Lemma,
    Product,
    RegionMonotone,
    RegionSum,
    RootSquare,
    Scale,
    Sight,
    Square,
    SumExchange,
    SumMember,
    SumMonotone,
)
from validation.evidence import Outcome
from validation.kernel.context import Context
from validation.kernel.statement import denies
from validation.methods.decision import probe
from validation.methods.derivation import Prover, derive, derive_all

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
NOWHERE = Source("lemma", "", "Majorant")
half, F = sp.Rational(1, 2), Fraction
REAL = Domain.everywhere(u, v)
lse_x, lse_y, top, bottom = logsumexp.lse_x, logsumexp.lse_y, logsumexp.top, logsumexp.bottom
over_n, over_d, over_l = (i, 1, n), (i, 1, d), (t, 1, l)
CRASHES = ("has no attribute", "unexpected keyword", "positional argument", "not subscriptable", "not iterable")


@dataclass(frozen=True)
class Attempt:
    """A false claim with its wrong proof, and where it is false: a point, or the id of a claim that denies it."""

    claim: Claim
    at: dict[str, Any] = field(default_factory=dict)
    denied_by: str = ""


def attempt(
    name: str,
    lhs: Any,
    relation: Relation,
    rhs: Any,
    domain: Domain,
    *rules: Justification | Step,
    at: dict[str, Any] | None = None,
    denied_by: str = "",
    **more: Any,
) -> Attempt:
    """``lhs relation rhs`` from one rule, or from steps."""
    steps = tuple(r if isinstance(r, Step) else Step(relation, sp.sympify(rhs), r) for r in rules)
    claim = Claim(name, lhs, relation, rhs, domain, NOWHERE, steps=steps, **more)
    return Attempt(claim, at or {}, denied_by)


def reuse(
    name: str, claim_id: str, at: dict[str, Any] | None = None, steps_of: str = "", denied_by: str = "", **changed: Any
) -> Attempt:
    """A registered claim with parts replaced, proved by its own steps or those of another."""
    claim = registry()[claim_id].claim
    steps = registry()[steps_of].claim.steps if steps_of else claim.steps
    new = replace(claim, id=name, amends=(), negates=None, sharpens="", about="", **{"steps": steps, **changed})
    if new.steps and new.exists == NOTHING:
        ending = replace(new.steps[-1], expr=new.rhs, relation=new.relation if "relation" in changed else LE)
        new = replace(new, steps=(*new.steps[:-1], ending)) if "rhs" in changed or "relation" in changed else new
    return Attempt(new, at or {}, denied_by)


def logsumexp_attempts() -> Iterator[Attempt]:
    vectors, two, pair = logsumexp.vectors, logsumexp.two_vectors, {"n": 2, "x": (0, 0)}
    kept, reflected = logsumexp.kept, logsumexp.reflected
    entrywise = SumMonotone(i, 1, n, kept(x[i], top, ExtremumMember(top, i)))
    member = SumMember(sp.Sum(sp.exp(x[i]), over_n), i, ExpPositive(x[i]))
    at_minus = ((x, ((i,), -x[i])),)
    yield attempt("LSE <= max without log n", lse_x, LE, top, vectors, reflected(lse_x, top, entrywise), at=pair)
    rhs = top + sp.log(n)
    yield attempt("LSE < max + log n", lse_x, LT, rhs, vectors, reflected(lse_x, rhs, entrywise, True), at=pair)
    low = SumMonotone(i, 1, n, kept(x[i], bottom, ExtremumMember(bottom, i)))
    rhs = bottom + sp.log(n)
    yield attempt("LSE <= min + log n", lse_x, LE, rhs, vectors, reflected(lse_x, rhs, low), at={"n": 2, "x": (0, 9)})
    strictly = ExtremumIntro(top, lse_x, (reflected(x[i], lse_x, member, strictly=True),))
    yield attempt("max < LSE for n >= 1", top, LT, lse_x, vectors, strictly, at={"n": 1, "x": (0,)})
    minus = logsumexp.minus_lse
    of_two = Lemma("lse.maximum.strict_floor_from_two", at=at_minus)
    yield attempt("-LSE(-x) < min for n >= 1", minus, LT, bottom, vectors, of_two, at={"n": 1, "x": (0,)})
    forced = Lemma("lse.maximum.strict_floor_from_two", at=at_minus, given=(Sight(n),))
    yield attempt("n >= 2 from n > 0", minus, LT, bottom, vectors, forced, at={"n": 1, "x": (0,)})
    wrong_way = Lemma("lse.maximum.floor", at=at_minus)
    yield attempt("min <= -LSE(-x)", bottom, LE, minus, vectors, wrong_way, at=pair)
    plain = Lemma("lse.maximum.floor")
    yield attempt("-LSE(-x) >= min by Lemma 2 at x", minus, GE, bottom, vectors, plain, at=pair)

    def ordered(given: Domain, proof: Justification) -> tuple[Domain, Justification]:
        each = SumMonotone(i, 1, n, kept(x[i], y[i], proof))
        return two & given, reflected(lse_x, lse_y, each)

    cond = Condition(x[i], LE, y[i], forall=((i, 2, n),))
    above = {"n": 1, "x": (1,), "y": (0,)}
    yield attempt("order from i >= 2 only", lse_x, LE, lse_y, *ordered(Domain.of(cond), Assume(0, (i,))), at=above)
    one = Condition(x[1], LE, y[1])
    later = {"n": 2, "x": (0, 5), "y": (0, 0)}
    yield attempt("order from entry 1", lse_x, LE, lse_y, *ordered(Domain.of(one), Assume(0)), at=later)
    yield attempt("order from entry 1 at i", lse_x, LE, lse_y, *ordered(Domain.of(one), Assume(0, (i,))), at=later)
    yield attempt("order of nothing", lse_x, LE, lse_y, two, Lemma("lse.order.kept"), at=above)
    some = Generic((over_n,), ExtremumMember(IndexMax(y[i], over_n), i))
    yield attempt("a given that proves less", lse_x, LE, lse_y, two, Lemma("lse.order.kept", given=(some,)), at=above)
    one = Generic(((i, 2, n),), Assume(0, (i,)))
    yield attempt(
        "a given over a shorter range",
        *(lse_x, LE, lse_y, two & Domain.of(cond), Lemma("lse.order.kept", given=(one,))),
        at=above,
    )
    each = Condition(x[i], LE, y[i], forall=(over_n,))
    equal = {"n": 1, "x": (0,), "y": (0,)}
    strict_order = Lemma("lse.order.kept", given=(Generic((over_n,), Assume(0, (i,))),))
    yield attempt("x <= y gives LSE < LSE", lse_x, LT, lse_y, two & Domain.of(each), strict_order, at=equal)
    longer = Domain.of(size(n), Family(x, (n + 1,)))
    beyond = {"n": 1, "x": (0, 1)}
    yield attempt("member n + 1", x[n + 1], LE, top, longer, ExtremumMember(top, n + 1), at=beyond)
    yield attempt("member 2 of n >= 1", x[2], LE, top, longer, ExtremumMember(top, sp.Integer(2)), at=beyond)
    third = SumMember(sp.Sum(x[i] ** 2, over_n), sp.Integer(2), Square(x[i]))
    yield attempt("term 2 of n >= 1", x[2] ** 2, LE, sp.Sum(x[i] ** 2, over_n), longer, third, at=beyond)
    negative = SumMember(sp.Sum(x[i], over_n), sp.Integer(1), Sight(x[i]))
    short = {"n": 2, "x": (0, -1)}
    yield attempt("a term is at most any sum", x[1], LE, sp.Sum(x[i], over_n), vectors, negative, at=short)
    some_value = ExtremumAttained(top, u, u - x[1], ExtremumMember(top, sp.Integer(1)))
    yield attempt("every member is the first", top, LE, x[1], vectors, some_value, at={"n": 2, "x": (0, 1)})


def lipschitz_attempts() -> Iterator[Attempt]:
    two, distance, shifted = logsumexp.two_vectors, logsumexp.distance, logsumexp._shifted
    apart = sp.Abs(lse_x - lse_y)
    far = {"n": 2, "x": (1, 1), "y": (0, 0)}
    both = (shifted(x, y), shifted(y, x))

    def intro(bound_: sp.Expr, *each: Justification) -> ExtremumIntro:
        return ExtremumIntro(apart, bound_, each)

    yield attempt("9/10 Lipschitz", apart, LE, 9 * distance / 10, two, intro(9 * distance / 10, *both), at=far)
    tuned = tuple(Combine(((sp.Rational(9, 10), each),)) for each in both)
    yield attempt("9/10, tuned", apart, LE, 9 * distance / 10, two, intro(9 * distance / 10, *tuned), at=far)
    least = IndexMin(sp.Abs(x[i] - y[i]), over_n)
    one = {"n": 2, "x": (1, 0), "y": (0, 0)}
    yield attempt("by the least difference", apart, LE, least, two, intro(least, *both), at=one)
    signed = IndexMax(x[i] - y[i], over_n)
    same = (shifted(x, y), shifted(x, y))
    down = {"n": 1, "x": (0,), "y": (1,)}
    yield attempt("without the absolute value", apart, LE, signed, two, intro(signed, *both), at=down)
    yield attempt("one side twice", apart, LE, signed, two, intro(signed, *same), at=down)
    yield attempt("strictly 1-Lipschitz", apart, LT, distance, two, intro(distance, *both), at=far)
    yield reuse("decay for all reals", "exponential.decay.lipschitz", {"u": -3, "v": 0}, domain=REAL)
    one_sided = Domain.of(Range(u), nonnegative(v))
    yield reuse("decay with one side", "exponential.decay.lipschitz", {"u": -3, "v": 0}, domain=one_sided)
    entries = IndexMin(sp.Abs(x[i] - y[i]), over_n)
    yield reuse(
        "the minimum moves by the least", "minimum.lipschitz.ceiling", {"n": 2, "x": (0, 1), "y": (-1, 1)}, rhs=entries
    )
    moved = global_energy.modulus
    least_move = moved.rhs.func(sp.Abs(E_t[t]), over_l)
    yield reuse("the modulus without F", moved.id, {"l": 1, "E": (0,), "F": (5,)}, rhs=least_move)


def order_attempts() -> Iterator[Attempt]:
    kept, back = exponential._kept, exponential._reflected
    up = Domain(given=(Condition(u, LE, v),))
    down = Domain(given=(Condition(v, LE, u),))
    exp_u, exp_v = sp.exp(u), sp.exp(v)
    apart, equal = {"u": 1, "v": 0}, {"u": 0, "v": 0}
    yield attempt("exp reverses order", exp_u, LE, exp_v, REAL & down, kept, at=apart)
    yield attempt("exp orders everything", exp_u, LE, exp_v, REAL, kept, at=apart)
    yield attempt("strict from weak", exp_u, LT, exp_v, REAL & up, kept, at=equal)
    yield attempt("equal from one side", exp_u, EQ, exp_v, REAL & up, Antisymmetry(kept, kept), at={"u": 0, "v": 1})
    grown = Domain(given=(Condition(exp_u, LE, exp_v + 1),))
    yield attempt("order reflected up to 1", u, LE, v, REAL & grown, back, at={"u": F(1, 2), "v": 0})
    yield attempt("lemma without its given", u, LE, v, REAL, Lemma("exponential.order.reflected"), at=apart)
    swapped = Lemma("exponential.order.reflected", at=((u, v), (v, u)), given=(Assume(0),))
    given = Domain(given=(Condition(exp_v, LE, exp_u),))
    yield attempt("lemma with its arguments swapped", u, LE, v, REAL & given, swapped, at=apart)
    yield attempt("exp below its tangent", exp_u, LE, 1 + u, REAL, ExpTangent(u), at=apart)
    strict = ExpTangent(u, nonzero=Sight(sp.Integer(1)))
    yield attempt("strict tangent at 0", 1 + u, LT, exp_u, REAL, strict, at=equal)
    yield attempt("-u^2 >= 0 by a negative scale", -(u**2), GE, 0, REAL, Combine(((-1, Square(u)),)), at=apart)
    yield attempt("u^3 >= 0 by scaling an order", u**3, GE, 0, REAL, Scale(u, Square(u)), at={"u": -1, "v": 0})
    yield attempt("u^3 >= 0 by a product", u**3, GE, 0, REAL, Product(Square(u), Sight(u)), at={"u": -1, "v": 0})
    both = Domain(given=(Condition(u, LE, 0), Condition(0, LE, v)))
    signs = {"u": -1, "v": 1}
    yield attempt("uv >= 0 from u <= 0", u * v, GE, 0, REAL & both, Product(Assume(0), Assume(1)), at=signs)
    yield attempt("u >= 0 at sight", u, GE, 0, REAL, Sight(u), at={"u": -1, "v": 0})
    yield attempt("u v >= 0 at sight of squares", u * v, GE, 0, REAL, Sight(u * v), at=signs)
    lone = Domain.of(nonnegative(u))
    one = Quotient(u, u)
    yield attempt("u^2 > 0 for u >= 0", u**2, GT, 0, lone, Product(Sight(u), Sight(u)), at={"u": 0})
    root = RootSquare(u, Square(u))
    rooted = Domain.of(nonnegative(u))
    yield attempt("sqrt(u)^2 = 2u", sp.sqrt(u) * sp.sqrt(u) + u, EQ, 3 * u, rooted, root, at={"u": 1})
    missing = Combine(((2, Identity(one, one)), (1, Cancel(u, Sight(u)))))
    yield attempt("u (1/u) = 2", u * (1 / (u + 1)), EQ, 2, lone, missing, at={"u": 0})
    absolute = ExtremumIntro(sp.Abs(u), u, (Identity(u, u), Identity(u, u)))
    yield attempt("|u| <= u", sp.Abs(u), LE, u, REAL, absolute, at={"u": -1, "v": 0})
    outside = ExtremumMember(sp.Max(u, v), u + v)
    yield attempt("u + v <= max(u, v)", u + v, LE, sp.Max(u, v), REAL, outside, at={"u": 1, "v": 1})
    before = DerivativeSign(u**3, u, sp.Integer(0), Identity(u, u), Square(u), u, Sight(u))
    yield attempt("u^3 >= 0 before the start", u**3, GE, 0, Domain.everywhere(u), before, at={"u": -1})
    flat = DerivativeSign(u**2 - u, u, sp.Integer(0), Identity(u, u), Sight(2 * u), u, Sight(u))
    yield attempt("u <= u^2 by a wrong slope", u, LE, u**2, lone, flat, at={"u": half})
    lifted = DerivativeSign(exp_u - 2, u, sp.Integer(0), Identity(u, u), ExpPositive(u), u, Sight(u))
    yield attempt("exp u >= 2 by a wrong start", exp_u, GE, 2, lone, lifted, at={"u": 0})
    rising = DerivativeSign(u**2, u, sp.Integer(0), Identity(u, u), Sight(2 * u), u, Sight(u), strictly=True)
    yield attempt("u^2 > 0 at the start", u**2, GT, 0, lone, rising, at={"u": 0})


def convexity_attempts() -> Iterator[Attempt]:
    two, tangent, slope = logsumexp.two_vectors, logsumexp.tangent, logsumexp.slope
    exchange = ((x, ((i,), y[i])), (y, ((i,), x[i])))
    apart = {"n": 2, "x": (0, 0), "y": (2, 0)}
    yield reuse("LSE below its tangents", tangent.id, apart, relation=GE)
    swapped = Lemma(tangent.id, at=exchange)
    yield attempt("tangent with swapped arguments", lse_x + slope, LE, lse_y + slope, two, swapped, at=apart)
    doubled = lse_x + 2 * slope
    yield attempt("a steeper tangent", doubled, LE, lse_y, two, Combine(((2, Lemma(tangent.id)),)), at=apart)
    wide = two & Domain.of(Range(weight, -1, 1))
    mixed, chord = logsumexp.mixed, logsumexp.chord
    mid = {**apart, "w": half}
    convex = registry()["lse.convexity.ceiling"].claim
    yield reuse("convexity with a negative weight", convex.id, {**apart, "w": -1}, domain=wide)
    yield reuse("LSE is concave", convex.id, mid, relation=GE)
    yield reuse("LSE is strictly convex", convex.id, {**apart, "w": 1}, relation=LT)
    part = weight * lse_x + (1 - weight) * lse_y - half
    yield reuse("convexity with room to spare", convex.id, {**apart, "w": 1}, rhs=part)
    line = Lemma("lse.negative.convexity_in_dimension_one")
    yield attempt("-LSE is convex for all n", -mixed, LE, -chord, convex.domain, line, at=mid)
    forget = Lemma("lse.convexity.ceiling", at=((weight, weight),), given=(Sight(weight), Sight(weight)))
    yield attempt("weights above 1", mixed, LE, chord, two & Domain.of(nonnegative(weight)), forget, at={**apart, "w": 3})
    bend = registry()["lse.curvature.ceiling"].claim
    low, high = logsumexp_curvature.low, logsumexp_curvature.high
    sixteenth = lse_x + slope + (high - low) ** 2 / 16
    spread = {"n": 2, "x": (0, 0), "y": (1, -1), "low": -1, "high": 1}
    yield reuse("curvature with a sixteenth", bend.id, spread, rhs=sixteenth)
    above, below = bend.domain.given
    halved = replace(bend.domain, given=(above,))
    deep = {"n": 2, "x": (0, 0), "y": (9, -9), "low": -9, "high": -9}
    yield reuse("curvature without the upper bound", bend.id, deep, domain=halved)
    first = replace(below, forall=((i, 2, n),))
    yield reuse("an upper bound that skips an entry", bend.id, deep, domain=replace(bend.domain, given=(above, first)))
    steep = replace(bend.domain, given=(above, above))
    yield reuse("the lower bound twice", bend.id, deep, domain=steep)
    cs = mchn_shape.cauchy_schwarz
    yield reuse("Cauchy-Schwarz is strict", cs.id, {"n": 1, "x": (1,), "y": (1,)}, relation=LT)
    yield reuse("Cauchy-Schwarz, halved", cs.id, {"n": 1, "x": (1,), "y": (1,)}, rhs=cs.rhs / 2)


def proposition_attempts() -> Iterator[Attempt]:
    where, g, E = nearest.at_a_point, nearest.nearest(x), energy(x)
    distances = ((n, d), (x, ((i,), nearest.distance(x))))
    two = {"d": 2, "n": 1, "rho": ((0,), (0,)), "x": (0,)}
    one = {"d": 1, "n": 1, "rho": ((0,),), "x": (0,)}
    yield attempt("g <= E", g, LE, E, where, Lemma("lse.minimum.ceiling", at=distances), at=two)
    strict = Lemma("lse.minimum.strict_ceiling_from_two", at=distances)
    yield attempt("E < g for one pattern", E, LT, g, where, strict, at=one)
    wrong_size = Lemma("lse.minimum.floor", at=((x, ((i,), nearest.distance(x))),))
    yield attempt("g - log n <= E", g - sp.log(n), LE, E, where, wrong_size, at=two)
    far = {"d": 1, "n": 1, "rho": ((0,),), "x": (F(1, 2),)}
    other = Lemma("layer.energy.ceiling_v1")
    yield attempt("v1 energy below v2 distance", energy(x, "v1"), LE, g, where, other, at=far)
    mixed = nearest.nearest(x, "v1") - sp.log(d)
    yield attempt("v1 distance below v2 energy", mixed, LE, E, where, Lemma("layer.energy.floor_v1"), at=far)
    apart = {"d": 2, "n": 1, "rho": ((5,), (-5,)), "x": (5,)}
    printed, small = "mchn.nearest.printed_floor", mchn.smallest - mchn.largest
    yield reuse("Prop. 3 as printed, amended steps", printed, apart, steps_of="mchn.nearest.floor")
    negative_log = Lemma(
        "exponential.order.reflected", at=((u, sp.log(d)), (v, sp.Integer(0))), given=(Sight(1 - d),)
    )
    closing = Combine(((1, mchn._above), (1, mchn._ceiling), (1, negative_log)))
    yield attempt("Prop. 3 as printed, log d <= 0", small, LE, g - mchn.twice, where, closing, at=apart)
    tuned = Combine(((2, mchn._above), (1, mchn._ceiling), (-1, mchn._below)))
    yield attempt("Prop. 3 as printed, tuned", small, LE, g - mchn.twice, where, tuned, at=apart)
    lower = Combine(((1, mchn._below), (2, mchn._floor)))
    yield attempt("g <= 2 E_MCHN - log d", g - mchn.twice, LE, -sp.log(d), where, lower, at=two)
    sides = sp.Abs(E - (mchn.twice - sp.log(d)))
    uneven = {"d": 2, "n": 1, "rho": ((0,), (3,)), "x": (-9,)}
    halves = (Combine(((1, mchn._floor), (half, mchn._ceiling))), Combine(((half, mchn._ceiling),)))
    narrow = ExtremumIntro(sides, mchn.spread / 2, halves)
    yield attempt("Prop. 2 with half the spread", sides, LE, mchn.spread / 2, where, narrow, at=uneven)
    away = {"d": 1, "n": 1, "rho": ((0,),), "x": (5,)}
    second = "mchn.layer_energy.distance_ceiling"
    yield reuse("Prop. 2 of v1, steps of v2", second + "_v1", away, steps_of=second)
    yield reuse("Prop. 2 of v1, amended steps", second + "_v1", away, steps_of="mchn.layer_energy.wide_ceiling_v1")
    quarter = {"d": 1, "n": 1, "rho": ((0,),), "x": (F(1, 2),)}
    yield reuse("v1 ceiling with an eighth", "mchn.nearest.quarter_ceiling_v1", quarter, rhs=sp.Rational(1, 8))
    eighth = ExtremumIntro(mchn_v1.squared, mchn_v1.g - sp.Rational(1, 8), (mchn_v1._entry,))
    rule = Combine(((1, eighth), (1, Lemma("mchn.nearest.sharp_ceiling"))))
    yield attempt("an eighth through the root", mchn_v1.g - mchn.twice, LE, sp.Rational(1, 8), where, rule, at=quarter)
    any_beta = where & Domain.of(Range(mchn.beta))
    hot = {"d": 2, "n": 1, "rho": ((0,), (1,)), "x": (0,), "beta": -1}
    yield reuse("10.2 for every real beta", "mchn.layer_energy.one_sided_floor", hot, domain=any_beta)
    cool = {"d": 2, "n": 1, "rho": ((0,), (3,)), "x": (-9,), "beta": 1}
    yield reuse("no excess at all", "mchn.layer_energy.one_sided_ceiling", cool, rhs=sp.Integer(0))
    small_shift = Product(mchn._scaled_sight, ExtremumMember(mchn.smallest, i))
    at = ((n, d), (x, ((i,), mchn._overlaps)), (y, ((i,), mchn._biased + mchn._shift * mchn.smallest)))
    crossed = Lemma("lse.order.kept", at=at, given=(Generic((over_d,), small_shift),))
    rescaled = mchn._rescaled(crossed, -mchn.smallest - mchn.square(x))
    low = mchn.excess - mchn.spread
    plus = {"d": 2, "n": 1, "rho": ((0,), (3,)), "x": (9,), "beta": 1}
    yield attempt("10.2 with the smallest norm", 0, LE, low, mchn.every_temperature, rescaled, at=plus)
    patterns = {"d": 1, "n": 1, "rho": ((1,),)}
    yield reuse("norms differ", "mchn.norms.spread", patterns, relation=LT)
    member = Combine(((1, ExtremumMember(mchn.largest, sp.Integer(2))), (1, ExtremumMember(mchn.smallest, sp.Integer(1)))))
    second_norm = sp.Sum(rho[2, k] ** 2 - rho[1, k] ** 2, (k, 1, n))
    reversed_ = {"d": 2, "n": 1, "rho": ((0,), (1,))}
    doubled = Domain.of(size(d, 2), size(n), Family(rho, (d, n)))
    yield attempt("the spread is below a pair", mchn.spread, LE, -second_norm, doubled, member, at=reversed_)


def region_attempts() -> Iterator[Attempt]:
    Z, volume, omega, g = nearest.partition, nearest.volume, nearest.omega, nearest.nearest(z)
    balls = nearest.on_balls
    unit = {"d": 1, "n": 1, "rho": ((0,),), "r": 1}
    positive_weight = RegionMonotone(z, omega, ExpPositive(-g))
    closed = nearest.patterns & Domain.of(nonnegative(radius))
    yield attempt("Z > 0 for radius 0", 0, LT, Z, closed, positive_weight, at={**unit, "r": 0})
    yield attempt("Z >= 1", 1, LE, Z, balls, positive_weight, at={**unit, "r": F(1, 10)})
    backwards = RegionMonotone(z, omega, Product(ExpPositive(-g), ExpTangent(g)))
    yield attempt("the volume is at most Z", volume, LE, Z, balls, backwards, at=unit)
    yield reuse("Z at most half the volume", "nearest.partition.ceiling", {**unit, "r": F(1, 10)}, rhs=volume / 2)
    half_density = RegionIntegral(Quotient(nearest.weighted, 2 * Z), z, omega)
    cancel = Cancel(Z, Sight(Z))
    yield attempt("a density with 2 Z integrates to 1", half_density, EQ, 1, balls, cancel, at=unit)
    near = Domain.of(Family(z, (n,)), Condition(g, LE, 0))
    on_pattern = RegionMonotone(z, omega, Combine(((1, ExpTangent(-g)), (1, Assume(0)))))
    capture = {**unit, "z": (0,)}
    yield attempt("a condition on the bound point", volume, LE, Z, balls & near, on_pattern, at=capture)
    layered = layers.layered
    one = {"l": 1, "n": 1, "r": F(1, 10), "d_t": (1,), "rho_t": (((0,),),), "t": 1, "x": (0,)}
    E = layers.printed_energy(x)
    steps = (Step(LE, sp.Integer(1), Product(ExpPositive(-layers.nearest(x)), Sight(layers.partition))),)
    where = layers.at_a_point & layers.one_layer
    yield attempt("E_t as printed is at most 1", E, LE, 1, where, *steps, at=one)
    two = {"l": 2, "n": 1, "r": 10, "d_t": (1, 1), "rho_t": (((0,),), ((0,),))}
    theta = "global.partition.ceiling"
    yield reuse("Z_theta at most the volume, without l", theta, two, rhs=global_density.volume)
    summed = registry()["global.partition.flattening"].claim
    close = {**two, "r": 1}
    yield reuse("Z_theta = 2 sum Z_t", summed.id, close, rhs=2 * summed.rhs)
    first = summed.rhs.func(summed.rhs.function, (t, 2, l))
    sure = replace(layered, ranges=(size(l, 2), *layered.ranges[1:]))
    yield reuse("Z_theta without the first layer", summed.id, close, rhs=first, domain=sure)
    split = RegionSum(z, layers.omega, sp.Sum(sp.exp(-layers.nearest(z)), over_l))
    hard = sp.Sum(layers.partition, over_l)
    yield attempt("Z_theta as a sum over nearest distances", summed.lhs, EQ, hard, layered, split, at={
        **close, "l": 1, "d_t": (2,), "rho_t": (((0,), (1,)),)})
    energy_of_all = registry()["global.energy.flattening"].claim
    point = {**close, "x": (0,)}
    minimum = IndexMin(layers.nearest(x), over_l)
    yield reuse("flattening to a minimum", energy_of_all.id, point, rhs=minimum, steps=(
        Step(EQ, minimum, Identity(energy_of_all.lhs, minimum)),))
    weights = registry()["global.weights.flattening"].claim
    mean = weights.rhs / l
    yield reuse("weights averaged, not summed", weights.id, point, rhs=mean, steps=(
        Step(EQ, mean, Identity(weights.lhs, mean)),))
    triangle = sp.Sum(sp.Sum(x[j], (j, 1, i)), (i, 1, n))
    square = sp.Sum(sp.Sum(x[j], (i, 1, n)), (j, 1, n))
    vectors = {"n": 2, "x": (0, 1)}
    yield attempt("a triangle summed as a square", triangle, EQ, square, logsumexp.vectors, SumExchange(triangle),
                  at=vectors)


def global_attempts() -> Iterator[Attempt]:
    stack, E = global_energy.stack, global_energy.E_global
    strict = "global.energy.strict_ceiling"
    single = {"l": 1, "E": (0,)}
    yield reuse("(8) as printed, steps for two", strict, single, steps_of="global.energy.strict_ceiling_from_two")
    yield reuse("(8) as printed, amended steps", strict, single, steps_of="global.energy.ceiling", relation=LT)
    above = "global.energy.uniform_floor"
    weak = registry()[above].claim.domain
    touching = replace(weak, given=(replace(weak.given[0], relation=LE),))
    yield reuse("strict floor from a weak bound", above, {**single, "b": 0}, domain=touching)
    first = replace(weak, given=(Condition(bound, LT, E_t[1]),))
    low = {"l": 2, "E": (1, -5), "b": 0}
    yield reuse("a floor from layer 1", above, low, domain=first)
    below = registry()["global.energy.uniform_ceiling"].claim
    yield reuse("a ceiling less 2 log l", below.id, {"l": 2, "E": (0, 0), "b": F(1, 10)}, rhs=bound - 2 * sp.log(l))
    longer = Domain.of(size(l), Range(t, 1, l + 1), Family(E_t, (l + 1,)))
    outside = {"l": 1, "t": 2, "E": (0, -9)}
    yield reuse("a layer that is not there", "surrogate.layer.lies_above", outside, domain=longer)
    two = {"l": 2, "t": 1, "E": (5, 0)}
    yield reuse("a layer lies below", "surrogate.layer.lies_above", two, relation=GE)
    lies = registry()["surrogate.layer.lies_above"].claim
    touched = surrogate.majorizes_distance
    moved = {"l": 2, "n": 1, "r": 1, "d_t": (1, 1), "rho_t": (((0,),), ((2,),)), "x": (0,), "y": (1,), "t": 1, "delta": 1}
    yield reuse("Section 4.2 from 'lies above'", touched.id, moved, steps_of=lies.id)
    twice = Combine(((2, Lemma(lies.id, at=((E_t, ((t,), layers.nearest(x))),))),))
    yield reuse("Section 4.2, tuned", touched.id, moved, steps=(Step(LE, touched.rhs, twice),))
    near = global_continuity.continuity
    free = replace(near.domain, ranges=tuple(r for r in near.domain.ranges if r.symbol != step))
    unbounded = free & Domain.of(nonnegative(step))
    jump = {"l": 1, "n": 1, "r": F(1, 10), "d_t": (1,), "rho_t": (((0,),),), "x": (0,), "y": (1,), "h": 1}
    smaller = near.rhs / 3
    yield reuse("continuity with a third of the constant", near.id, {**jump, "x": (1,), "y": (0,)}, rhs=smaller)
    one_side = replace(near.domain, given=near.domain.given[:1])
    yield reuse("continuity with x - y <= h only", near.id, {**jump, "h": 0}, domain=one_side)
    other_side = replace(near.domain, given=near.domain.given[:1] * 2)
    yield reuse("continuity with one side twice", near.id, {**jump, "h": 0}, domain=other_side)
    assert unbounded.ranges


def surrogate_attempts() -> Iterator[Attempt]:
    gibbs, entropy, E = surrogate.gibbs_l, surrogate.entropy_l, global_energy.combined(E_t[t])
    tangent = surrogate.layers_majorizer.steps[0].rule
    flat = {"l": 2, "E": (0, 0), "F": (0, 0)}
    yield attempt("twice the entropy", gibbs + entropy, GE, E, surrogate.two_points, tangent, at=flat)
    yield reuse("a strict majorizer", "surrogate.layers.majorizer", flat, relation=GT)
    average = sp.Sum(surrogate.weights_l * E_t[t], over_l)
    yield attempt("the average lies below", average, LE, E, surrogate.two_points, tangent, at=flat)
    apart = {"l": 2, "E": (0, 9), "F": (9, 0)}
    yield reuse("touching away from the point", "surrogate.layers.touching", apart, lhs=gibbs, rhs=E,
                domain=surrogate.two_points, steps=(Step(EQ, E, Identity(gibbs, E)),))
    open_step = replace(surrogate.layers_descent.domain, given=())
    yield reuse("descent without a step", "surrogate.layers.descent", {"l": 1, "E": (1,), "F": (0,)}, domain=open_step)
    f_x, f_y, u_x, u_y = surrogate.f_x, surrogate.f_y, surrogate.u_x, surrogate.u_y
    numbers = {"f_x": 1, "f_y": 0, "u_x": 0, "u_y": 0}
    below = Domain.everywhere(f_x, f_y, u_x, u_y) & Domain.of(Condition(u_x, LE, u_y))
    yield reuse("descent without majorizing", "surrogate.minimisation.descent", numbers, domain=below)
    at = {"d": 2, "n": 1, "rho": ((0,), (4,)), "x": (0,), "y": (0,)}
    Q = surrogate.majorizer
    minimiser = "surrogate.update.minimiser"
    yield reuse("the current point minimises", minimiser, {**at, "x": (2,), "y": (2 - F(1, 10),)}, lhs=Q(y))
    mean = sp.Sum(rho[j, k], (j, 1, d)) / d
    spread = sp.Sum(surrogate.weight * sp.Sum((mean - rho[i, k]) ** 2, (k, 1, n)), over_d)
    rest = sp.Sum(surrogate.weight * surrogate.log_weight, over_d)
    swap = [Combine(((1, SumMonotone(k, 1, n, Square(x[k] - mean))), (-2, retrieval._swap(x[k])), (2, retrieval._swap(mean))))]
    yield attempt("the plain mean minimises", spread + rest, LE, Q(x), surrogate.at_two_points, *swap, at=at)
    descent = registry()["surrogate.update.descent"].claim
    still = {"d": 1, "n": 1, "rho": ((0,),), "y": (0,)}
    yield reuse("the update always falls", descent.id, still, relation=LT)
    yield reuse("the update falls by 1", descent.id, still, rhs=descent.rhs - 1)
    attention, plain = registry()["surrogate.update.attention"].claim, retrieval.attention(retrieval._plain, k)
    biased = {"d": 2, "n": 1, "rho": ((0,), (1,)), "y": (0,), "k": 1}
    yield reuse("attention without the bias", attention.id, biased, rhs=plain, steps=(
        Step(EQ, plain, Identity(attention.lhs, plain)),))
    single = retrieval.attention(retrieval._scores / 2, k)
    yield reuse("attention at half the temperature", attention.id, {**biased, "y": (1,)}, rhs=single, steps=(
        Step(EQ, single, Identity(attention.lhs, single)),))
    shared = registry()["surrogate.update.plain_attention"].claim
    one_norm = replace(shared.domain.given[0], forall=((i, 1, 1),))
    yield reuse("one norm for the first pattern only", shared.id, {**biased, "b": 0},
                domain=replace(shared.domain, given=(one_norm,)))
    yield reuse("no norm shared", shared.id, {**biased, "b": 0}, domain=replace(shared.domain, given=()))
    falls = registry()["surrogate.mchn_update.descent"].claim
    yield reuse("the MCHN update always falls", falls.id, {**still, "beta": 1}, relation=LT)
    every = replace(falls.domain, ranges=(*falls.domain.ranges[:-1], Range(mchn.beta, -3, 0, open_upper=True)))
    hot = {"d": 2, "n": 1, "rho": ((1,), (-1,)), "y": (F(1, 10),), "beta": -1}
    yield reuse("the MCHN update at negative beta", falls.id, {**hot, "beta": -3, "y": (3,)}, domain=every)


def greedy_attempts() -> Iterator[Attempt]:
    line = {"l": 1, "n": 1, "rho": ((1,),), "y": (0,), "t": 1}
    near = registry()["greedy.step.nearest_point"].claim
    long = replace(near.domain, ranges=tuple(
        replace(r, upper=sp.Integer(2)) if r.symbol == step else r for r in near.domain.ranges))
    yield reuse("a step beyond the pattern", near.id, {**line, "h": 2, "z": (1,)}, domain=long)
    anywhere = replace(near.domain, given=())
    yield reuse("nearest point without a trust region", near.id, {**line, "h": half, "z": (1,)}, domain=anywhere)
    far = registry()["greedy.step.farthest_point"].claim
    yield reuse("farthest point without a trust region", far.id, {**line, "h": half, "z": (-9,)},
                domain=replace(far.domain, given=()))
    yield reuse("farthest point, 1 + h^2", far.id, {**line, "h": 1, "z": (-1,)},
                rhs=(1 + step**2) * sp.Sum((rho[t, k] - y[k]) ** 2, (k, 1, n)))
    yield reuse("the greedy step descends, by nearness", "greedy.step.descent_distance",
                {"l": 2, "n": 1, "rho": ((0,), (2,)), "y": (2,), "t": 1, "h": half}, steps_of=near.id)
    farther = registry()["greedy.step.printed_energy_moves_away"].claim
    apart = {"l": 1, "n": 1, "r": 1, "d_t": (1,), "rho_t": (((0,),),), "t": 1, "x": (2,), "y": (0,)}
    yield reuse("the smaller E_t, the nearer", farther.id, apart, relation=GE)
    close = registry()["mchn.energy.convexity_when_close"].claim
    pair = {"d": 2, "n": 1, "rho": ((1,), (-1,)), "beta": F(5, 4), "x": (F(1, 10),), "y": (-F(1, 10),), "w": half}
    wide = replace(close.domain, given=(replace(close.domain.given[0], rhs=sp.Integer(5)),))
    yield reuse("convex up to a squared diameter of 5", close.id, pair, domain=wide)
    yield reuse("convex for every set of patterns", "mchn.energy.convexity", {**pair, "beta": 3}, steps_of=close.id)
    from_first = replace(close.domain.given[0], forall=((i, 1, 1), (j, 1, d)))
    three = {**pair, "d": 3, "rho": ((0,), (2,), (-2,)), "beta": 1, "x": (3,), "y": (0,)}
    yield reuse("close to the first pattern", close.id, {**three, "x": (half,), "y": (-half,)},
                domain=replace(close.domain, given=(from_first,)))
    outer = replace(close.domain, ranges=tuple(
        replace(r, upper=sp.Integer(2)) if r.symbol == weight else r for r in close.domain.ranges))
    yield reuse("convex with weights up to 2", close.id,
                {**pair, "beta": 1, "rho": ((0,), (0,)), "x": (1,), "y": (0,), "w": 2}, domain=outer)
    yield reuse("strictly convex", close.id, {**pair, "beta": 1, "w": 1}, relation=LT)


def gamma_attempts() -> Iterator[Attempt]:
    ceiling, one = lower_gamma.ceiling, {"a": 1, "c": 1}
    yield reuse("gamma at most c^a / (a + 1)", ceiling.id, {"a": 1, "c": half}, rhs=cutoff**order / (order + 1))
    yield reuse("gamma at most c^a / (2 a)", ceiling.id, {"a": 1, "c": half}, rhs=ceiling.rhs / 2)
    yield reuse("gamma above the power", ceiling.id, one, relation=GE)
    raised = tuple(replace(s, expr=s.expr.subs(dummy, 2 * dummy)) for s in ceiling.steps)
    yield reuse("a weight of exp(-2t)", ceiling.id, {"a": 1, "c": half}, rhs=ceiling.rhs / 2, steps=raised)


def existential_attempts() -> Iterator[Attempt]:
    some = Domain.of(Range(weight, 0, 1))
    at_two = ((weight, sp.Integer(2)),)
    yield attempt("a weight above 1", weight, GT, 1, NOTHING, Step(GT, sp.Integer(1), Sight(sp.Integer(1))),
                  exists=some, witness=at_two, denied_by="its own range")
    given = Domain.of(Range(u), Condition(u, GE, 3))
    yield attempt("u >= 3 with u <= 2", u, LE, 2, NOTHING, Step(LE, sp.Integer(2), Sight(sp.Integer(2))),
                  exists=given, witness=((u, sp.Integer(0)),), denied_by="its own condition")
    whole = Domain.of(size(n))
    yield attempt("2 n = 1 in integers", 2 * n, EQ, 1, NOTHING, Step(EQ, sp.Integer(1), Identity(2 * n, 2 * n)),
                  exists=whole, witness=((n, half),), denied_by="parity")
    yield attempt("2 n = 1 without a range", 2 * n, EQ, 1, NOTHING,
                  Step(EQ, sp.Integer(1), Identity(sp.Integer(1), sp.Integer(1))),
                  exists=Domain.everywhere(n), witness=((n, half),), denied_by="parity")
    many = registry()["lse.negative.nonconvexity_from_two"].claim
    yield reuse("-LSE is not convex for any n", "lse.negative.nonconvexity", steps_of=many.id,
                witness=many.witness, denied_by="lse.negative.convexity_in_dimension_one")
    pair = registry()["global.energy.nonconvexity_with_two_patterns"].claim
    yield reuse("not convex without a free middle", pair.id, domain=replace(pair.domain, given=()),
                denied_by="all patterns equal")
    yield reuse("not convex for one pattern", pair.id, denied_by="global.energy.convexity_with_one_pattern",
                domain=replace(pair.domain, ranges=(size(n), size(d)), given=()))
    yield reuse("any layers, steps for two patterns", "global.energy.nonconvexity_distance", steps_of=pair.id,
                witness=pair.witness, denied_by="global.energy.convexity_with_one_pattern")
    printed = global_shape.nonconvexity
    yield reuse("E_t = g_t, steps for E_t as printed", "global.energy.nonconvexity_distance", steps_of=printed.id,
                witness=printed.witness, denied_by="global.energy.convexity_with_one_pattern")
    attained = mchn_sharp.sharp_ceiling_attained
    yield reuse("g above 2 E_MCHN somewhere", attained.id, relation=GT, denied_by="mchn.nearest.sharp_ceiling",
                steps=(Step(GT, sp.Integer(0), Sight(sp.Integer(1))),))
    approached = mchn_sharp.floor_approached
    yield reuse("below the amended floor", approached.id, rhs=approached.rhs - mchn_sharp.epsilon,
                denied_by="mchn.nearest.floor",
                steps=(*approached.steps[:-1], replace(approached.steps[-1], expr=-sp.log(2))))
    yield reuse("the floor for epsilon = 0", approached.id, denied_by="mchn.nearest.floor",
                domain=Domain.of(nonnegative(mchn_sharp.epsilon)))


FAMILIES = (
    logsumexp_attempts,
    lipschitz_attempts,
    order_attempts,
    convexity_attempts,
    proposition_attempts,
    region_attempts,
    global_attempts,
    surrogate_attempts,
    greedy_attempts,
    gamma_attempts,
    existential_attempts,
)
ATTEMPTS = [a for family in FAMILIES for a in family()]


@cache
def theorems() -> dict[str, Any]:
    """Everything that is proved about all values of its variables: what an attacker may quote."""
    universal = [claim for claim in claims() if claim.exists == NOTHING]
    return {name: result.fact for name, result in derive_all(universal).items() if result.fact is not None}


def named(attempt_: Attempt) -> str:
    """The name of an attempt, for pytest."""
    return attempt_.claim.id


def test_there_are_enough_attempts_and_no_two_are_called_the_same() -> None:
    assert len(ATTEMPTS) >= 60
    assert len({named(a) for a in ATTEMPTS}) == len(ATTEMPTS)


@pytest.mark.parametrize("attempted", ATTEMPTS, ids=named)
def test_a_false_neighbour_is_not_proved(attempted: Attempt) -> None:
    found = derive(attempted.claim, theorems())
    assert found.fact is None, f"proved although false: {attempted.claim.statement}"
    assert found.problem
    assert not any(words in found.problem for words in CRASHES), f"refused for the wrong reason: {found.problem}"


@pytest.mark.parametrize("attempted", [a for a in ATTEMPTS if a.claim.exists == NOTHING], ids=named)
def test_a_false_neighbour_is_false(attempted: Attempt) -> None:
    assert probe(attempted.claim, attempted.at) is Outcome.FAILS
