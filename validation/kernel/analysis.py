"""Rules of derivatives and integrals: what a slope, a region or a convergent integral proves."""

from __future__ import annotations

from validation.kernel.calculus import differentiate
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import _TOKEN, Fact
from validation.kernel.normal import bind, continuous, exp, inv, power, region, substitute
from validation.kernel.premises import STRENGTH, _fact, _positive, _require, _without, rule
from validation.kernel.terms import ONE, ZERO, Atom, Poly, fresh, of, var


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
