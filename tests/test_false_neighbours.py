"""False neighbours of the lemmas: someone who wants a wrong statement proved, with the steps of the right one at hand.

Each attempt names what is claimed.  A universal one carries a point at which exact arithmetic shows that it is false,
an existential one what denies it.  The kernel must not accept any of them.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sympy as sp
from false_neighbours import REAL, Attempt, F, attempt, false, half, refused, reuse

from theory import exponential, logsumexp, logsumexp_curvature
from theory.atoms import IndexMax, IndexMin, Quotient
from theory.bounds import lower_gamma
from theory.domain import Condition, Domain, Family, Range, Relation, nonnegative, size
from theory.energies import (
    global_energy,
    mchn_shape,
)
from theory.notation import (
    cutoff,
    dummy,
    energies,
    i,
    l,
    n,
    order,
    t,
    u,
    v,
    weight,
    x,
    y,
)
from theory.registry import registry
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
    RootSquare,
    Scale,
    Sight,
    Square,
    SumMember,
    SumMonotone,
)

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
lse_x, lse_y, top, bottom = logsumexp.lse_x, logsumexp.lse_y, logsumexp.top, logsumexp.bottom
over_n, over_l = (i, 1, n), (t, 1, l)


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
    least_move = moved.rhs.func(sp.Abs(energies[t]), over_l)
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
    yield attempt(
        "tangent with swapped arguments",
        lse_x + slope,
        LE,
        lse_y + slope,
        two,
        swapped,
        at={"n": 2, "x": (2, 0), "y": (0, 0)},
    )
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
    yield attempt(
        "weights above 1", mixed, LE, chord, two & Domain.of(nonnegative(weight)), forget, at={**apart, "w": 3}
    )
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


def gamma_attempts() -> Iterator[Attempt]:
    ceiling, one = lower_gamma.ceiling, {"a": 1, "c": 1}
    yield reuse("gamma at most c^a / (a + 1)", ceiling.id, {"a": 1, "c": half}, rhs=cutoff**order / (order + 1))
    yield reuse("gamma at most c^a / (2 a)", ceiling.id, {"a": 1, "c": half}, rhs=ceiling.rhs / 2)
    yield reuse("gamma above the power", ceiling.id, one, relation=GE)
    raised = tuple(replace(s, expr=s.expr.subs(dummy, 2 * dummy)) for s in ceiling.steps)
    yield reuse("a weight of exp(-2t)", ceiling.id, {"a": 1, "c": half}, rhs=ceiling.rhs / 2, steps=raised)


FAMILIES = (
    logsumexp_attempts,
    lipschitz_attempts,
    order_attempts,
    convexity_attempts,
    gamma_attempts,
)
ATTEMPTS = [a for family in FAMILIES for a in family()]


@pytest.mark.parametrize("attempted", ATTEMPTS, ids=str)
def test_a_false_neighbour_is_false_and_not_proved(attempted: Attempt) -> None:
    false(attempted)
    refused(attempted)
