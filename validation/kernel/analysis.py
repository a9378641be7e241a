"""Rules of derivatives and integrals: what a slope, a region or a convergent integral proves."""

from __future__ import annotations

from fractions import Fraction

from validation.kernel.calculus import differentiate, tame, vanishes_at_zero
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import _TOKEN, Fact
from validation.kernel.normal import bind, continuous, exp, gamma, inv, log, region, substitute
from validation.kernel.premises import _fact, _local, _order, _positive, _require, gives, rule, spans
from validation.kernel.terms import ONE, ZERO, Atom, Poly, const, elem, fresh, of, var


@rule
def derivative_sign(
    name: str, start: Poly, term: Poly, at_start: Fact | None, slope: Fact, strictly: bool, ctx: Context
) -> Fact:
    """Mean value theorem: a differentiable function that is nonnegative (positive) at ``start`` and has a nonnegative
    slope at every point beyond it stays so for ``name >= start``; ``strictly``: a positive slope makes it positive
    for ``name > start``.  Without ``at_start`` the function is differentiable beyond 0 and tends to 0 there: from its
    value at any point before follows, in the limit, the same for ``name > 0``.

    Beside ``name >= start`` and ``name > start``, which are discharged, a premise may assume ``end - name >= 0`` or
    ``> 0``: it then holds at every point on the way.
    """
    point = var(name)
    closed, opened = Hyp(point - start, ">="), Hyp(point - start, ">")
    first = opened if at_start is None else closed
    if at_start is None:
        limit = start == ZERO and vanishes_at_zero(term, name, ctx.extended(opened))
        _require(limit, "the term must be seen to tend to 0 at 0")
    else:
        _require(at_start.gap == substitute(term, {name: start}, ctx), "the first premise is the term at the start")
    derivative = differentiate(term, name, ctx.extended(first))
    _require(slope.gap == derivative, "the second premise must be the derivative of the term")
    _require(not strictly or slope.relation == ">", "a positive slope is needed")
    rest = slope.hyps - {first, opened}
    ahead = {h for h in rest if not h.indices and h.relation != "==" and name not in (h.gap + point).free}
    held = ctx.hyps | (at_start.hyps if at_start else frozenset())
    _local((name,), (start,), rest - ahead | held)
    relation = ">" if strictly or (at_start and at_start.relation == ">") else ">="
    return Fact(term, relation, rest | held | {opened if strictly else first}, _TOKEN)


@rule
def region_monotone(point: str, shape: tuple[Poly, ...], each: Fact, ctx: Context) -> Fact:
    """A continuous gap that is nonnegative at every point has a nonnegative integral over a bounded region.

    Over balls of positive radius the integral of a positive continuous function is positive.
    """
    _require(continuous(each.gap, point), "the gap must be continuous in the point")
    _local((point,), (), each.hyps | ctx.hyps)
    solid = all(ctx.positive(size) for size in (shape[0], *shape[2:]))
    relation = ">=" if each.relation == ">" and not solid else each.relation
    return _fact(region(point, shape, each.gap), relation, ctx, each)


@rule
def region_sum(
    point: str, shape: tuple[Poly, ...], name: str, lower: Poly, upper: Poly, body: Poly, ctx: Context
) -> Fact:
    """The integral of a finite sum of continuous functions is the sum of their integrals."""
    _require(continuous(body, point), "the terms must be continuous in the point")
    _local((name, point), (lower, upper, *shape), ctx.hyps)
    inside = region(point, shape, bind("sum", name, lower, upper, body, ctx))
    return _fact(inside - bind("sum", name, lower, upper, region(point, shape, body), ctx), "==", ctx)


@rule
def polar_coordinates(name: str, dimension: Poly, body: Poly, beyond: Fact, ctx: Context) -> Fact:
    """Axiom: the integral of ``f(||x||)`` over a ball is the area of the unit sphere times a moment of f.

    The area is ``2 pi**(n/2) / Gamma(n/2)``; f is continuous beyond 0 and bounded near 0, so that both converge.
    """
    radius = _positive(beyond, "the radius")
    _require(dimension.integer and ctx.positive(dimension), "the dimension must be a positive integer at sight")
    _local((name,), (dimension, radius), ctx.hyps)
    _require(tame(body, name, ctx), "the function is not seen to be continuous and bounded near 0")
    half = dimension.scaled(Fraction(1, 2))
    area = exp(half * log(of(Atom("const", "pi")), ctx), ctx).scaled(Fraction(2)) * inv(gamma(half, ctx))
    moment = bind("moment", name, dimension, radius, body, ctx)
    return _fact(bind("radial", name, dimension, radius, body, ctx) - area * moment, "==", ctx, beyond)


@rule
def disjoint_balls(
    point: str, shape: tuple[Poly, ...], rows: tuple[str, str], name: str, body: Poly, profile: Poly,
    apart: Fact, same: Fact, ctx: Context,
) -> Fact:  # fmt: skip
    """Axiom: the integral over disjoint balls is the sum of the integrals over each, which may be moved to 0.

    ``apart``: the squared distance of centre ``j > i`` from centre i exceeds the square of the sum of their radii.
    ``same``: at distance ``name`` from centre i, at most its radius, the continuous ``body`` is ``profile``.
    """
    _require(len(shape) == 4 and continuous(body, point), "balls around rows and a continuous integrand are needed")
    radius, centre, count, dimension = shape
    (i, j), axis, far = rows, fresh("k"), var(name)

    def of_row(part: Poly, row: str) -> Poly:
        return substitute(part, {"#r0": var(row, integer=True), "#r1": var(axis, integer=True)}, ctx)

    def squared(difference: Poly) -> Poly:
        return bind("sum", axis, ONE, dimension, difference * difference, ctx)

    radii = of_row(radius, i) + of_row(radius, j)
    gap = squared(of_row(centre, j) - of_row(centre, i)) - radii * radii
    _require(apart.relation == ">" and apart.gap == gap, "the balls must be proved disjoint")
    _require(gives(same, body - profile, "=="), "the body must be the profile")
    away = squared(elem(point, (var(axis, integer=True),)) - of_row(centre, i))
    near = (Hyp(far, ">="), Hyp(away - far * far, "=="), Hyp(of_row(radius, i) - far, ">="))
    first, second = spans(i, ONE, count), spans(j, var(i, integer=True) + ONE, count)
    rest = apart.hyps.difference(first, second) | same.hyps.difference(first, near) | ctx.hyps
    _local((i, j, name, point), shape, rest)
    _local((i, j, name), (body,), ())
    _local((j, point), (profile,), ())
    each = bind("radial", name, dimension, of_row(radius, i), profile, ctx)
    return Fact(region(point, shape, body) - bind("sum", i, ONE, count, each, ctx), "==", rest, _TOKEN)


@rule
def stirling(name: str, error: Fraction, sign: int, step: Fact, ctx: Context) -> Fact:
    """Axiom: ``u(x) = log Gamma(x) - (x - 1/2) log x + x - log(2 pi)/2 - error/x`` tends to 0 as x grows.

    If ``sign * (u(x) - u(x + 1))`` is nonnegative (positive) for every x > 0, then so is ``sign * u(x)``: it falls
    along x, x + 1, x + 2, ... to the limit 0.
    """
    x, beyond = var(name), Hyp(var(name), ">")
    rest, here = step.hyps - {beyond} | ctx.hyps, ctx.extended(beyond)
    _local((name,), (), rest)

    def remainder(at: Poly) -> Poly:
        area = log(of(Atom("const", "pi")), ctx) + log(const(2), ctx)
        main = (at - const(Fraction(1, 2))) * log(at, here) - at + area.scaled(Fraction(1, 2))
        return (log(gamma(at, here), here) - main - inv(at).scaled(error)).scaled(Fraction(sign))

    _require(step.gap == remainder(x) - remainder(x + ONE), "the premise must be one step of the remainder")
    return Fact(remainder(x), _order(step), rest | {beyond}, _TOKEN)
