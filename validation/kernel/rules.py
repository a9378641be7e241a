"""The rules: the only functions that make facts.  Each carries the argument for its soundness.

Every rule works in a ``Context``.  Its result carries the hypotheses of that context and of every premise, less those
that the rule itself discharges, so that weakening is built in and nothing is ever forgotten.  A variable that a rule
generalises over (an index, a variable of integration) must be free in no hypothesis that remains.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import wraps
from typing import ParamSpec

from validation.kernel.calculus import differentiate
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import _TOKEN, Fact
from validation.kernel.normal import (
    Function,
    Value,
    bind,
    continuous,
    exp,
    inv,
    log,
    maximum,
    power,
    region,
    substitute,
)
from validation.kernel.terms import ONE, ZERO, Atom, Poly, Refused, const, fresh, of, rename, var

P = ParamSpec("P")

STRENGTH = {">=": (">=", ">", "=="), ">": (">",), "==": ("==",)}


def _fact(gap: Poly, relation: str, ctx: Context, *premises: Fact) -> Fact:
    return Fact(gap, relation, ctx.hyps.union(*(p.hyps for p in premises)), _TOKEN)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise Refused(message)


def _genuine(value: object) -> bool:
    """Whether a value is built from what the kernel knows, and from nothing that only looks like it."""
    if isinstance(value, (tuple, list)):
        return all(map(_genuine, value))
    if isinstance(value, dict):
        return all(type(name) is str and _genuine(v) for name, v in value.items())
    if type(value) is Function:
        return _genuine((value.params, value.body))
    return type(value) in (Fact, Context, Hyp, Poly, Fraction, int, str, bool, type(None))


def rule(make: Callable[P, Fact]) -> Callable[P, Fact]:
    """Marks a function that makes facts, and keeps impostors from it."""

    @wraps(make)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Fact:
        _require(_genuine((args, kwargs)), f"{make.__name__} takes facts, contexts and terms of the kernel only")
        return make(*args, **kwargs)

    return guarded


def _positive(fact: Fact, term: Poly, what: str) -> None:
    _require(fact.relation == ">" and fact.gap == term, f"{what} must be proved positive")


def _without(fact: Fact, name: str, allowed: Sequence[Hyp], ctx: Context) -> frozenset[Hyp]:
    """The hypotheses of ``fact`` after generalising over ``name``, whose own ranges are ``allowed``."""
    rest = fact.hyps - set(allowed)
    _require(all(name not in h.free for h in rest | ctx.hyps), f"a hypothesis other than its range speaks of {name}")
    return rest | ctx.hyps


def spans(name: str, lower: Poly, upper: Poly) -> tuple[Hyp, Hyp]:
    """The hypotheses that an integer index lies between two ends."""
    index = var(name, integer=True)
    return Hyp(index - lower, ">="), Hyp(upper - index, ">=")


@rule
def assume(hyp: Hyp, ctx: Context, at: tuple[Poly, ...] = (), within: Sequence[tuple[Fact, Fact]] = ()) -> Fact:
    """A hypothesis holds under itself; an indexed one holds at indices proved to lie in its ranges."""
    _require(len(at) == len(hyp.indices) and all(p.integer for p in at), "one integer value per index is needed")
    if hyp.ranges is not None:
        env = dict(zip(hyp.indices, at, strict=True))
        _require(len(within) == len(at), "each index must be proved to lie in its range")
        for value, (lower, upper), (above, below) in zip(at, hyp.ranges, within, strict=True):
            _in_range(value, substitute(lower, env, ctx), substitute(upper, env, ctx), above, below)
    gap = hyp.at(at, ctx).gap
    return _fact(gap, hyp.relation, ctx.extended(hyp), *(f for pair in within for f in pair))


def _in_range(value: Poly, lower: Poly, upper: Poly, above: Fact, below: Fact) -> None:
    ordered = above.relation in STRENGTH[">="] and below.relation in STRENGTH[">="]
    _require(ordered and above.gap == value - lower and below.gap == upper - value, "the index must lie in its range")


@rule
def sight(term: Poly, ctx: Context) -> Fact:
    """A term whose sign the context sees: hypotheses, positive coefficients, exponentials, even powers."""
    sign = ctx.sign(term)
    _require(sign is not None, "the sign of the term is not seen from the hypotheses")
    return _fact(term, ">" if sign == 1 else ">=", ctx)


@rule
def identity(lhs: Poly, rhs: Poly, ctx: Context) -> Fact:
    """Terms with one normal form are equal: each rewriting of ``normal`` is an equation under the context."""
    _require(lhs == rhs, "the two sides have different normal forms")
    return _fact(lhs - rhs, "==", ctx)


@rule
def combine(terms: Sequence[tuple[Fraction, Fact]], ctx: Context) -> Fact:
    """A nonnegative combination of nonnegative gaps is nonnegative; equalities take any coefficient."""
    gap, relation = ZERO, "=="
    for coefficient, fact in terms:
        _require(fact.relation in STRENGTH[">="], "only order facts combine")
        _require(coefficient >= 0 or fact.relation == "==", "an inequality needs a nonnegative coefficient")
        gap = gap + fact.gap.scaled(coefficient)
        if coefficient and fact.relation != "==":
            relation = ">" if ">" in (relation, fact.relation) else ">="
    return _fact(gap, relation, ctx, *(fact for _, fact in terms))


@rule
def antisymmetry(above: Fact, below: Fact, ctx: Context) -> Fact:
    """A number that is neither negative nor positive is 0."""
    _require(all(f.relation in STRENGTH[">="] for f in (above, below)), "two order facts are needed")
    _require(above.gap == -below.gap, "the two facts must bound one term from both sides")
    return _fact(above.gap, "==", ctx, above, below)


@rule
def product(left: Fact, right: Fact, ctx: Context) -> Fact:
    """The product of two nonnegative numbers is nonnegative, of two positive ones positive; 0 times anything is 0."""
    kinds = (left.relation, right.relation)
    _require(all(kind in STRENGTH[">="] for kind in kinds), "only order facts multiply")
    relation = "==" if "==" in kinds else ">" if kinds == (">", ">") else ">="
    return _fact(left.gap * right.gap, relation, ctx, left, right)


@rule
def scale(factor: Poly, equality: Fact, ctx: Context) -> Fact:
    """An equation times any term is an equation."""
    _require(equality.relation == "==", "only an equality may be scaled by a term of unknown sign")
    return _fact(factor * equality.gap, "==", ctx, equality)


@rule
def square(term: Poly, ctx: Context) -> Fact:
    """The square of a real number is nonnegative."""
    return _fact(term * term, ">=", ctx)


@rule
def exp_positive(term: Poly, ctx: Context) -> Fact:
    """The exponential is positive."""
    return _fact(exp(term, ctx), ">", ctx)


@rule
def exp_tangent(term: Poly, nonzero: Fact | None, ctx: Context) -> Fact:
    """The strictly convex exponential lies above its tangent at 0, and touches it only there."""
    gap = exp(term, ctx) - ONE - term
    if nonzero is None:
        return _fact(gap, ">=", ctx)
    _require(nonzero.relation == ">" and nonzero.gap in (term, -term), "the exponent must be proved nonzero")
    return _fact(gap, ">", ctx, nonzero)


@rule
def exp_log(term: Poly, positive: Fact, ctx: Context) -> Fact:
    """``exp(log u) = u`` for u > 0."""
    _positive(positive, term, "the argument of the logarithm")
    return _fact(exp(log(term, ctx), ctx) - term, "==", ctx, positive)


@rule
def cancel(term: Poly, positive: Fact, ctx: Context) -> Fact:
    """``u * (1/u) = 1`` for u > 0."""
    _positive(positive, term, "the denominator")
    return _fact(term * inv(term) - ONE, "==", ctx, positive)


@rule
def inverse_positive(term: Poly, positive: Fact, ctx: Context) -> Fact:
    """``1/u > 0`` for u > 0."""
    _positive(positive, term, "the denominator")
    return _fact(inv(term), ">", ctx, positive)


@rule
def power_positive(base: Poly, exponent: Poly, positive: Fact, ctx: Context) -> Fact:
    """A real power of a positive number is positive."""
    _positive(positive, base, "the base")
    return _fact(power(base, exponent), ">", ctx, positive)


@rule
def root_square(term: Poly, nonnegative: Fact, ctx: Context) -> Fact:
    """``sqrt(u)**2 = u`` for u >= 0."""
    _require(nonnegative.gap == term and nonnegative.relation in STRENGTH[">="], "the radicand must be nonnegative")
    root = power(term, const(Fraction(1, 2)))
    return _fact(root * root - term, "==", ctx, nonnegative)


@rule
def root_nonnegative(term: Poly, nonnegative: Fact, ctx: Context) -> Fact:
    """``sqrt(u) >= 0`` for u >= 0."""
    _require(nonnegative.gap == term and nonnegative.relation in STRENGTH[">="], "the radicand must be nonnegative")
    return _fact(power(term, const(Fraction(1, 2))), ">=", ctx, nonnegative)


@rule
def sum_monotone(name: str, lower: Poly, upper: Poly, each: Fact, ctx: Context) -> Fact:
    """Facts for every index of a finite range add up; the sum of positive terms over a nonempty range is positive."""
    _require(each.relation in STRENGTH[">="], "only order facts add up")
    _require(name not in lower.free | upper.free, "the ends of the range must not depend on its index")
    rest = _without(each, name, spans(name, lower, upper), ctx)
    relation = ">=" if each.relation == ">" and not ctx.nonempty(lower, upper) else each.relation
    return Fact(bind("sum", name, lower, upper, each.gap, ctx), relation, rest, _TOKEN)


@rule
def sum_member(
    name: str, lower: Poly, upper: Poly, each: Fact, at: Poly, above: Fact, below: Fact, ctx: Context
) -> Fact:
    """A term is at most the sum of nonnegative terms: the others add something nonnegative.

    With positive terms and at least two of them (``upper - lower`` is a positive integer) the others add something.
    """
    _require(each.relation in STRENGTH[">="] and at.integer, "the terms must be nonnegative and the index an integer")
    _require(name not in lower.free | upper.free, "the ends of the range must not depend on its index")
    _in_range(at, lower, upper, above, below)
    rest = _without(each, name, spans(name, lower, upper), ctx) | above.hyps | below.hyps
    two = lower.integer and upper.integer and ctx.positive(upper - lower)
    gap = bind("sum", name, lower, upper, each.gap, ctx) - substitute(each.gap, {name: at}, ctx)
    return Fact(gap, ">" if two and each.relation == ">" else ">=", rest, _TOKEN)


@rule
def sum_exchange(outer: tuple[str, Poly, Poly], inner: tuple[str, Poly, Poly], body: Poly, ctx: Context) -> Fact:
    """Finite sums over a rectangle may be taken in either order."""
    (a, *first), (b, *second) = outer, inner
    used = frozenset().union(*(end.free for end in (*first, *second)))
    _require(a != b and not {a, b} & used, "the ranges must not depend on the indices")
    _require(all(a not in h.free and b not in h.free for h in ctx.hyps), "the indices must be fresh")
    left = bind("sum", a, first[0], first[1], bind("sum", b, second[0], second[1], body, ctx), ctx)
    right = bind("sum", b, second[0], second[1], bind("sum", a, first[0], first[1], body, ctx), ctx)
    return _fact(left - right, "==", ctx)


@rule
def max_member(
    name: str, lower: Poly, upper: Poly, body: Poly, at: Poly, above: Fact, below: Fact, ctx: Context
) -> Fact:
    """A member is at most the maximum over a finite index range."""
    _require(at.integer and name not in lower.free | upper.free, "an integer index and a fixed range are needed")
    _require(all(name not in h.free for h in ctx.hyps), "the index must be fresh")
    _in_range(at, lower, upper, above, below)
    gap = bind("imax", name, lower, upper, body, ctx) - substitute(body, {name: at}, ctx)
    return _fact(gap, ">=", ctx, above, below)


@rule
def max_intro(name: str, lower: Poly, upper: Poly, bound: Poly, each: Fact, ctx: Context) -> Fact:
    """What bounds every member (strictly) bounds the maximum so: it is attained over a nonempty finite range."""
    _require(each.relation in STRENGTH[">="] and ctx.nonempty(lower, upper), "the range must be nonempty")
    _require(name not in bound.free | lower.free | upper.free, "the bound must not depend on the index")
    rest = _without(each, name, spans(name, lower, upper), ctx)
    return Fact(bound - bind("imax", name, lower, upper, bound - each.gap, ctx), each.relation, rest, _TOKEN)


@rule
def max_attained(
    name: str, lower: Poly, upper: Poly, body: Poly, value: str, term: Poly, each: Fact, ctx: Context
) -> Fact:
    """The maximum over a nonempty finite range is one of the members: what holds of every member holds of it.

    ``term`` is a term in the fresh variable ``value``; ``each`` proves it with the member in its place.
    """
    _require(each.relation in STRENGTH[">="] and ctx.nonempty(lower, upper), "the range must be nonempty")
    _require(name not in term.free | lower.free | upper.free, "neither term nor ends may depend on the index")
    _require(each.gap == substitute(term, {value: body}, ctx), "the premise must be the term at a member")
    rest = _without(each, name, spans(name, lower, upper), ctx)
    gap = substitute(term, {value: bind("imax", name, lower, upper, body, ctx)}, ctx)
    return Fact(gap, each.relation, rest, _TOKEN)


@rule
def greatest_member(members: Sequence[Poly], position: int, ctx: Context) -> Fact:
    """A member is at most the greatest of finitely many."""
    _require(0 <= position < len(members), "there is no member at this position")
    return _fact(maximum(members) - members[position], ">=", ctx)


@rule
def greatest_intro(bound: Poly, each: Sequence[Fact], ctx: Context) -> Fact:
    """What is above every one of finitely many members is above the greatest, strictly if strictly above each."""
    _require(bool(each) and all(f.relation in STRENGTH[">="] for f in each), "every member needs a bound")
    relation = ">" if all(f.relation == ">" for f in each) else ">="
    return _fact(bound - maximum([bound - f.gap for f in each]), relation, ctx, *each)


@rule
def derivative_sign(
    name: str, start: Poly, term: Poly, at_start: Fact, slope: Fact, strictly: bool, ctx: Context
) -> Fact:
    """Mean value theorem: a differentiable function that is nonnegative (positive) at ``start`` and has a nonnegative
    slope at every point beyond it stays so for ``name >= start``; ``strictly``: a positive slope makes it positive
    for ``name > start``.

    Beside ``name >= start`` and ``name > start``, which are discharged, a premise may assume ``end - name >= 0`` or
    ``> 0``: it then holds at every point on the way.
    """
    point = var(name)
    closed, opened = Hyp(point - start, ">="), Hyp(point - start, ">")
    _require(name not in start.free and f"var{name!r}Z" not in term.key + slope.gap.key, "the variable must be real")
    _require(all(name not in h.free for h in ctx.hyps | at_start.hyps), "the variable must be fresh")
    _require(at_start.gap == substitute(term, {name: start}, ctx), "the first premise must be the term at the start")
    derivative = differentiate(term, name, ctx.extended(closed))
    _require(slope.gap == derivative, "the second premise must be the derivative of the term")
    _require(all(f.relation in STRENGTH[">="] for f in (at_start, slope)), "both premises are orders")
    _require(not strictly or slope.relation == ">", "a positive slope is needed")
    rest = slope.hyps - {closed, opened}
    for h in rest:
        bounded = not h.indices and h.relation != "==" and name not in (h.gap + point).free
        _require(name not in h.free or bounded, f"{name} may be bounded from above only")
    relation = ">" if strictly or at_start.relation == ">" else ">="
    return Fact(term, relation, rest | at_start.hyps | ctx.hyps | {opened if strictly else closed}, _TOKEN)


@rule
def region_monotone(point: str, shape: tuple[Poly, ...], each: Fact, ctx: Context) -> Fact:
    """A continuous gap that is nonnegative at every point has a nonnegative integral over a bounded region.

    Over balls of positive radius the integral of a positive continuous function is positive.
    """
    _require(each.relation in STRENGTH[">="] and continuous(each.gap, point), "the gap must be continuous in the point")
    _require(all(point not in h.free for h in each.hyps | ctx.hyps), "a hypothesis speaks of the point")
    solid = all(ctx.positive(size) for size in (shape[0], *shape[2:]))
    relation = ">=" if each.relation == ">" and not solid else each.relation
    return _fact(region(point, shape, each.gap), relation, ctx, each)


@rule
def region_sum(
    point: str, shape: tuple[Poly, ...], name: str, lower: Poly, upper: Poly, body: Poly, ctx: Context
) -> Fact:
    """The integral of a finite sum of continuous functions is the sum of their integrals."""
    used = frozenset().union(lower.free, upper.free, *(part.free for part in shape))
    _require(continuous(body, point) and not {name, point} & used, "region and range must not depend on the variables")
    _require(all(not {name, point} & h.free for h in ctx.hyps), "the variables must be fresh")
    inside = region(point, shape, bind("sum", name, lower, upper, body, ctx))
    outside = bind("sum", name, lower, upper, region(point, shape, body), ctx)
    return _fact(inside - outside, "==", ctx)


def _power_integral(order: Poly, cutoff: Poly, weight: Poly, name: str, ctx: Context) -> Poly:
    return bind("integral", name, ZERO, cutoff, power(var(name), order - ONE) * weight, ctx)


@rule
def gamma_integral(order: Poly, cutoff: Poly, above: Fact, beyond: Fact, ctx: Context) -> Fact:
    """The definition of the lower incomplete gamma function for order > 0 and cutoff > 0."""
    _positive(above, order, "the order")
    _positive(beyond, cutoff, "the cutoff")
    name = fresh("t")
    integral = _power_integral(order, cutoff, exp(-var(name), ctx), name, ctx)
    return _fact(of(Atom("gamma", "", (order, cutoff))) - integral, "==", ctx, above, beyond)


@rule
def power_integral(order: Poly, cutoff: Poly, above: Fact, beyond: Fact, ctx: Context) -> Fact:
    """``t**a / a`` is an antiderivative of ``t**(a-1)`` that tends to 0 at 0, because a > 0."""
    _positive(above, order, "the order")
    _positive(beyond, cutoff, "the cutoff")
    integral = _power_integral(order, cutoff, ONE, fresh("t"), ctx)
    return _fact(integral - power(cutoff, order) * inv(order), "==", ctx, above, beyond)


@rule
def power_integrable(order: Poly, cutoff: Poly, above: Fact, beyond: Fact, ctx: Context) -> Fact:
    """``t**(a-1)`` is integrable at 0 because a > 0."""
    _positive(above, order, "the order")
    _positive(beyond, cutoff, "the cutoff")
    return _fact(_power_integral(order, cutoff, ONE, fresh("t"), ctx), "finite", ctx, above, beyond)


@rule
def integral_monotone(name: str, cutoff: Poly, nonnegative: Fact, each: Fact, finite: Fact, ctx: Context) -> Fact:
    """``0 <= f <= g`` on (0, cutoff) and a convergent integral of g: f is integrable, and the integrals are ordered.

    The integrands are built from continuous functions on the open interval, hence measurable.
    """
    inside = (Hyp(var(name), ">"), Hyp(cutoff - var(name), ">"))
    _require(all(f.relation in STRENGTH[">="] for f in (nonnegative, each)), "both premises are orders")
    _require(name not in cutoff.free and f"var{name!r}Z" not in nonnegative.gap.key + each.gap.key, "a real variable")
    rest = _without(nonnegative, name, inside, ctx) | _without(each, name, inside, ctx) | finite.hyps
    larger = bind("integral", name, ZERO, cutoff, nonnegative.gap + each.gap, ctx)
    _require(finite.relation == "finite" and finite.gap == larger, "the larger integral must be proved to converge")
    return Fact(larger - bind("integral", name, ZERO, cutoff, nonnegative.gap, ctx), ">=", rest, _TOKEN)


@rule
def instance(
    theorem: Fact, env: Mapping[str, Value], ctx: Context, given: Sequence[tuple[Fact, tuple[str, ...]]] = ()
) -> Fact:
    """A fact holds for all values of its free variables, so for these; its hypotheses, instantiated, must be proved.

    A hypothesis is discharged by the context at sight, or by a given fact; an indexed one by a fact about fresh
    indices, which then holds for every index in range.  Integer variables take integer terms.
    """
    typed(env, theorem.gap.key + "".join(h.key for h in theorem.hyps))
    hyps = ctx.hyps
    for hyp in theorem.hyps:
        hyps = hyps | _discharged(hyp, env, ctx, given)
    return Fact(substitute(theorem.gap, env, ctx), theorem.relation, hyps, _TOKEN)


def typed(env: Mapping[str, Value], wanted: str) -> None:
    """Refuse values of the wrong type for the variables of terms with the keys ``wanted``."""
    for name, value in env.items():
        body = value if isinstance(value, Poly) else value.body
        counts = any(f"{head}{name!r}Z" in wanted for head in ("var", "elem"))
        _require(body.integer or not counts, f"{name} is an integer and can only become one")
        _require(not any(free.startswith("#") for free in body.free), "a name that is kept for bound variables")


def generic(names: Sequence[str], *free: frozenset[str]) -> bool:
    """Whether what is proved for these indices is proved for all: they are distinct and nothing else speaks of them."""
    taken = frozenset().union(*free)
    return len(set(names)) == len(names) and not any(name in taken or name.startswith("#") for name in names)


@rule
def exhibit(
    fact: Fact,
    gap: Poly,
    relation: str,
    exists: Context,
    env: Mapping[str, Value],
    ctx: Context,
    given: Sequence[tuple[Fact, tuple[str, ...]]],
) -> Fact:
    """An existential statement holds if it holds for a witness that satisfies what is asked of witnesses.

    ``exists`` are the hypotheses on the witness and ``gap`` the statement, both with the witness as variables.  The
    result is about the witness, so it says nothing about other values.
    """
    typed(env, gap.key + "".join(h.key for h in exists.hyps))
    hyps = ctx.hyps
    for hyp in exists.hyps:
        hyps = hyps | _discharged(hyp, env, ctx, given)
    _require(hyps <= ctx.hyps, "the witness rests on hypotheses that are not in the domain")
    return conclude(fact, substitute(gap, env, ctx), relation, ctx)


def _discharged(
    hyp: Hyp, env: Mapping[str, Value], ctx: Context, given: Sequence[tuple[Fact, tuple[str, ...]]]
) -> frozenset[Hyp]:
    """The hypotheses that a proof of the instantiated hypothesis rests on; refused if there is none."""
    wanted = _instantiated(hyp, env, ctx)
    if wanted in ctx.hyps:
        return frozenset()
    names = tuple(fresh("h") for _ in hyp.indices)
    at = wanted.at(tuple(var(name, integer=True) for name in names), ctx)
    if (hyp.ranges is None or not hyp.indices) and at.relation != "==":
        sign = ctx.sign(at.gap)
        if sign is not None and (sign == 1 or at.relation == ">="):
            return frozenset()
    if at.relation == "==" and not at.gap.terms:
        return frozenset()
    for fact, indices in given:
        fits = len(indices) == len(hyp.indices) and generic(indices, wanted.free, *(h.free for h in ctx.hyps))
        if fits and fact.relation in STRENGTH[hyp.relation]:
            values = tuple(var(name, integer=True) for name in indices)
            local = wanted.at(values, ctx)
            if local.gap == fact.gap or (fact.relation == "==" and local.gap == -fact.gap):
                spans_of = [
                    Hyp(side, ">=")
                    for v, (a, b) in zip(values, _ranges(wanted, values, ctx), strict=wanted.ranges is not None)
                    for side in (v - a, b - v)
                ]
                rest = fact.hyps - set(spans_of)
                if generic(indices, *(h.free for h in rest)):
                    return rest
    raise Refused(f"a hypothesis of the lemma is not discharged: {at.gap.key} {at.relation} 0")


def _instantiated(hyp: Hyp, env: Mapping[str, Value], ctx: Context) -> Hyp:
    names = tuple(fresh("q") for _ in hyp.indices)
    opened = dict(zip(hyp.indices, names, strict=True))

    def put(term: Poly) -> Poly:
        return substitute(rename(term, opened), env, ctx)

    ranges = hyp.ranges and tuple((put(a), put(b)) for a, b in hyp.ranges)
    return Hyp(put(hyp.gap), hyp.relation, names, ranges)


def _ranges(hyp: Hyp, values: tuple[Poly, ...], ctx: Context) -> list[tuple[Poly, Poly]]:
    if hyp.ranges is None:
        return []
    env = dict(zip(hyp.indices, values, strict=True))
    return [(substitute(a, env, ctx), substitute(b, env, ctx)) for a, b in hyp.ranges]


@rule
def conclude(fact: Fact, gap: Poly, relation: str, ctx: Context) -> Fact:
    """The fact as a theorem: the wanted gap in a relation at least as strong, under no hypothesis but those wanted."""
    _require(fact.relation in STRENGTH[relation], f"the relation {fact.relation} does not give {relation}")
    _require(fact.gap == gap or (fact.relation == "==" and fact.gap == -gap), "the fact is about another gap")
    _require(fact.hyps <= ctx.hyps, f"{len(fact.hyps - ctx.hyps)} hypotheses of the fact are not in the domain")
    return Fact(gap, relation, ctx.hyps, _TOKEN)
