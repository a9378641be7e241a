"""The rules: the only functions that make facts.  Each carries the argument for its soundness.

Here are those of order, of the elementary functions and of finite ranges; ``analysis`` holds those of derivatives and
integrals, ``instances`` those that turn a theorem into another.  What all of them ask is in ``premises``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from validation.kernel.analysis import (
    derivative_sign,
    disjoint_balls,
    polar_coordinates,
    region_monotone,
    region_sum,
    stirling,
)
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import _TOKEN, Fact
from validation.kernel.instances import conclude, instance
from validation.kernel.normal import bind, ceil, exp, inv, maximum, root, settled, substitute
from validation.kernel.premises import _fact, _in_range, _local, _order, _over, _positive, _require, gives, rule, spans
from validation.kernel.terms import ONE, ZERO, Atom, Poly, const, of

__all__ = [
    "conclude", "derivative_sign", "disjoint_balls", "gives", "instance", "polar_coordinates", "region_monotone",
    "region_sum", "spans", "stirling",
]  # fmt: skip


@rule
def assume(hyp: Hyp, ctx: Context, at: tuple[Poly, ...] = (), within: Sequence[tuple[Fact, Fact]] = ()) -> Fact:
    """A hypothesis holds under itself; an indexed one holds at indices proved to lie in its ranges."""
    _require(len(at) == len(hyp.indices) and all(p.integer for p in at), "one integer value per index is needed")
    _require(len(within) == len(hyp.ranges or ()), "each index must be proved to lie in its range")
    for value, ends, proofs in zip(at, hyp.ends(at, ctx), within, strict=False):
        _in_range(value, *ends, *proofs)
    return _fact(hyp.at(at, ctx).gap, hyp.relation, ctx.extended(hyp), *(f for pair in within for f in pair))


@rule
def sight(term: Poly, ctx: Context) -> Fact:
    """A term whose sign the context sees: hypotheses, positive coefficients, exponentials, even powers."""
    sign = ctx.sign(term)
    _require(sign is not None, "the sign of the term is not seen from the hypotheses")
    return _fact(term, ">" if sign == 1 else ">=", ctx)


@rule
def identity(lhs: Poly, rhs: Poly, ctx: Context) -> Fact:
    """Terms with one normal form are equal: each rewriting of ``normal`` is an equation under the context."""
    _require(lhs == rhs or settled(lhs, ctx) == settled(rhs, ctx), "the two sides have different normal forms")
    return _fact(lhs - rhs, "==", ctx)


@rule
def combine(terms: Sequence[tuple[Fraction, Fact]], ctx: Context) -> Fact:
    """A nonnegative combination of nonnegative gaps is nonnegative; equalities take any coefficient."""
    gap, relation = ZERO, "=="
    for coefficient, fact in terms:
        _require(coefficient >= 0 or fact.relation == "==", "an inequality needs a nonnegative coefficient")
        gap = gap + fact.gap.scaled(coefficient)
        if coefficient and fact.relation != "==":
            relation = ">" if ">" in (relation, fact.relation) else ">="
    return _fact(gap, relation, ctx, *(fact for _, fact in terms))


@rule
def antisymmetry(above: Fact, below: Fact, ctx: Context) -> Fact:
    """A number that is neither negative nor positive is 0."""
    _require(above.gap == -below.gap, "the two facts must bound one term from both sides")
    return _fact(above.gap, "==", ctx, above, below)


@rule
def product(left: Fact, right: Fact, ctx: Context) -> Fact:
    """The product of two nonnegative numbers is nonnegative, of two positive ones positive; 0 times anything is 0."""
    relation = "==" if "==" in (left.relation, right.relation) else _order(left, right)
    return _fact(settled(left.gap * right.gap, ctx), relation, ctx, left, right)


@rule
def scale(factor: Poly, equality: Fact, ctx: Context) -> Fact:
    """An equation times any term is an equation."""
    _require(equality.relation == "==", "only an equality may be scaled by a term of unknown sign")
    return _fact(settled(factor * equality.gap, ctx), "==", ctx, equality)


@rule
def square(term: Poly, ctx: Context) -> Fact:
    """The square of a real number is nonnegative."""
    return _fact(settled(term * term, ctx), ">=", ctx)


@rule
def circle_constant(below: bool, ctx: Context) -> Fact:
    """Archimedes: ``3 < pi < 22/7``, from the inscribed hexagon and the circumscribed polygon of 96 sides."""
    number = of(Atom("const", "pi"))
    return _fact(number - const(3) if below else const(Fraction(22, 7)) - number, ">", ctx)


@rule
def rounded_up(term: Poly, ctx: Context) -> Fact:
    """A number is at most the least integer that is not below it."""
    return _fact(ceil(term) - term, ">=", ctx)


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
def cancel(positive: Fact, ctx: Context) -> Fact:
    """``u * (1/u) = 1`` for u > 0."""
    term = _positive(positive, "the denominator")
    return _fact(settled(term * inv(term), ctx) - ONE, "==", ctx, positive)


@rule
def inverse_positive(positive: Fact, ctx: Context) -> Fact:
    """``1/u > 0`` for u > 0."""
    return _fact(inv(_positive(positive, "the denominator")), ">", ctx, positive)


@rule
def root_square(nonnegative: Fact, ctx: Context) -> Fact:
    """``sqrt(u)**2 = u`` for u >= 0."""
    term = nonnegative.gap
    return _fact(settled(root(term, ctx) * root(term, ctx), ctx) - term, "==", ctx, nonnegative)


@rule
def root_floor(bound: Poly, below: Fact, ctx: Context) -> Fact:
    """``v - u**2 >= 0`` gives ``u <= sqrt(v)``, strictly if strict: the root is the one that is not negative."""
    return _fact(root(below.gap + bound * bound, ctx) - bound, _order(below), ctx, below)


@rule
def root_ceiling(nonnegative: Fact, above: Fact, ctx: Context) -> Fact:
    """``u >= 0`` and ``u**2 - v >= 0`` give ``sqrt(v) <= u``."""
    bound = nonnegative.gap
    return _fact(bound - root(bound * bound - above.gap, ctx), ">=", ctx, nonnegative, above)


@rule
def integer_cases(
    value: str, left: Poly, right: Poly, term: Poly, above: Fact, below: Fact, equal: Fact, ctx: Context
) -> Fact:
    """An integer is beyond another, before it or the same: ``term`` holds at ``left`` if it does in each case.

    ``equal`` proves it with ``right`` in the place of ``left``, which is then the same number.
    """
    _require(left.integer and right.integer, "two integers are needed")
    gap, last = (substitute(term, {value: end}, ctx) for end in (left, right))
    _require(above.gap == below.gap == gap and equal.gap == last, "one term must be proved three times")
    rest = above.hyps - {Hyp(left - right - ONE, ">=")} | below.hyps - {Hyp(right - left - ONE, ">=")}
    return Fact(gap, _order(above, below, equal), rest | equal.hyps | ctx.hyps, _TOKEN)


@rule
def sum_monotone(name: str, lower: Poly, upper: Poly, each: Fact, ctx: Context) -> Fact:
    """Facts for every index of a finite range add up; the sum of positive terms over a nonempty range is positive."""
    rest = _over(each, name, lower, upper, ctx)
    relation = ">=" if each.relation == ">" and not ctx.nonempty(lower, upper) else each.relation
    return Fact(bind("sum", name, lower, upper, each.gap, ctx), relation, rest, _TOKEN)


@rule
def sum_member(
    name: str, lower: Poly, upper: Poly, each: Fact, at: Poly, above: Fact, below: Fact, ctx: Context
) -> Fact:
    """A term is at most the sum of nonnegative terms: the others add something nonnegative.

    With positive terms and at least two of them (``upper - lower`` is a positive integer) the others add something.
    """
    _in_range(at, lower, upper, above, below)
    rest = _over(each, name, lower, upper, ctx) | above.hyps | below.hyps
    two = ctx.positive(upper - lower)
    gap = bind("sum", name, lower, upper, each.gap, ctx) - substitute(each.gap, {name: at}, ctx)
    return Fact(gap, ">" if two and each.relation == ">" else ">=", rest, _TOKEN)


@rule
def sum_exchange(outer: tuple[str, Poly, Poly], inner: tuple[str, Poly, Poly], body: Poly, ctx: Context) -> Fact:
    """Finite sums over a rectangle may be taken in either order."""
    (a, low, high), (b, least, most) = outer, inner
    _local((a, b), (low, high, least, most), ctx.hyps)
    left = bind("sum", a, low, high, bind("sum", b, least, most, body, ctx), ctx)
    right = bind("sum", b, least, most, bind("sum", a, low, high, body, ctx), ctx)
    return _fact(left - right, "==", ctx)


@rule
def max_member(
    name: str, lower: Poly, upper: Poly, body: Poly, at: Poly, above: Fact, below: Fact, ctx: Context
) -> Fact:
    """A member is at most the maximum over a finite index range."""
    _in_range(at, lower, upper, above, below)
    _local((name,), (lower, upper), ctx.hyps)
    gap = bind("imax", name, lower, upper, body, ctx) - substitute(body, {name: at}, ctx)
    return _fact(gap, ">=", ctx, above, below)


@rule
def max_intro(name: str, lower: Poly, upper: Poly, bound: Poly, each: Fact, ctx: Context) -> Fact:
    """What bounds every member (strictly) bounds the maximum so: it is attained over a nonempty finite range."""
    _require(ctx.nonempty(lower, upper), "the range must be nonempty")
    rest = _over(each, name, lower, upper, ctx, bound)
    return Fact(bound - bind("imax", name, lower, upper, bound - each.gap, ctx), each.relation, rest, _TOKEN)


@rule
def max_attained(
    name: str, lower: Poly, upper: Poly, body: Poly, value: str, term: Poly, each: Fact, ctx: Context
) -> Fact:
    """The maximum over a nonempty finite range is one of the members: what holds of every member holds of it.

    ``term`` is a term in the fresh variable ``value``; ``each`` proves it with the member in its place.
    """
    _require(ctx.nonempty(lower, upper), "the range must be nonempty")
    _require(each.gap == substitute(term, {value: body}, ctx), "the premise must be the term at a member")
    rest = _over(each, name, lower, upper, ctx, term)
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
    _require(bool(each), "every member needs a bound")
    return _fact(bound - maximum([bound - f.gap for f in each]), _order(*each), ctx, *each)
