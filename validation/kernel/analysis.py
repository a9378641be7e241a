"""Rules of derivatives and integrals: what a slope, a region or a convergent integral proves."""

from __future__ import annotations

from fractions import Fraction

from validation.kernel.calculus import differentiate, tame, vanishes_at_zero
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import _TOKEN, Fact
from validation.kernel.normal import bind, continuous, exp, gamma, inv, log, region, substitute
from validation.kernel.premises import STRENGTH, _fact, _positive, _require, _without, rule, spans
from validation.kernel.terms import ONE, ZERO, Atom, Poly, const, elem, fresh, of, rename, var


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
    _require(name not in start.free and f"var{name!r}Z" not in term.key + slope.gap.key, "the variable must be real")
    known = at_start.hyps if at_start else frozenset()
    inside = ctx.extended(closed if at_start else opened)
    _require(all(name not in h.free for h in ctx.hyps | known), "the variable must be fresh")
    if at_start:
        _require(
            at_start.gap == substitute(term, {name: start}, ctx), "the first premise must be the term at the start"
        )
    else:
        _require(start == ZERO and vanishes_at_zero(term, name, inside), "the term must be seen to tend to 0 at 0")
    _require(slope.gap == differentiate(term, name, inside), "the second premise must be the derivative of the term")
    _require(all(f.relation in STRENGTH[">="] for f in (at_start or slope, slope)), "both premises are orders")
    _require(not strictly or slope.relation == ">", "a positive slope is needed")
    rest = slope.hyps - ({closed, opened} if at_start else {opened})
    for h in rest:
        bounded = not h.indices and h.relation != "==" and name not in (h.gap + point).free
        _require(name not in h.free or bounded, f"{name} may be bounded from above only")
    relation = ">" if strictly or (at_start and at_start.relation == ">") else ">="
    return Fact(term, relation, rest | known | ctx.hyps | {opened if strictly or not at_start else closed}, _TOKEN)


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


@rule
def polar_coordinates(name: str, dimension: Poly, radius: Poly, body: Poly, beyond: Fact, ctx: Context) -> Fact:
    """Axiom: the integral of ``f(||x||)`` over a ball is the area of the unit sphere times a moment of f.

    The area is ``2 pi**(n/2) / Gamma(n/2)``; f is continuous beyond 0 and bounded near 0, so that both converge.
    """
    _positive(beyond, radius, "the radius")
    _require(dimension.integer and ctx.positive(dimension), "the dimension must be a positive integer at sight")
    _require(name not in dimension.free | radius.free and f"var{name!r}Z" not in body.key, "a real bound variable")
    _require(all(name not in h.free for h in ctx.hyps) and tame(body, name, ctx), "the function is not seen to be tame")
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
    radius, centre, count, dimension = shape
    i, j = rows
    axis, far = fresh("k"), var(name)
    used = body.free.union(*(part.free for part in shape))
    outside = frozenset().union(*(part.free for part in shape))
    _require(len({i, j, name, point}) == 4 and not {i, j, name} & used, "the local variables must be fresh")
    _require(point not in outside, "the balls must not depend on the point")
    _require(continuous(body, point), "the integrand must be continuous")
    _require(not any(f.startswith("#") for f in count.free | dimension.free), "every row has one count of coordinates")
    _require(not {j, point} & profile.free and f"var{name!r}Z" not in profile.key, "a profile of the real distance")

    def of_row(part: Poly, row: str) -> Poly:
        place = {"#r0": var(row, integer=True), "#r1": var(axis, integer=True)}
        return substitute(part, place, ctx)

    def squared(one: Poly, two: Poly) -> Poly:
        return bind("sum", axis, ONE, dimension, (one - two) * (one - two), ctx)

    radii = of_row(radius, i) + of_row(radius, j)
    gap = squared(of_row(centre, j), of_row(centre, i)) - radii * radii
    _require(apart.relation == ">" and apart.gap == gap, "the balls must be proved disjoint")
    away = squared(elem(point, (var(axis, integer=True),)), of_row(centre, i))
    near = (Hyp(far, ">="), Hyp(away - far * far, "=="), Hyp(of_row(radius, i) - far, ">="))
    ranges = (spans(i, ONE, count), spans(j, var(i, integer=True) + ONE, count))
    _require(same.relation == "==" and same.gap in (body - profile, profile - body), "the body must be the profile")
    rest = (apart.hyps - {*ranges[0], *ranges[1]}) | (same.hyps - {*ranges[0], *near}) | ctx.hyps
    _require(not any({i, j, name, point} & h.free for h in rest), "a hypothesis speaks of a local variable")
    each = bind("radial", name, dimension, of_row(radius, i), profile, ctx)
    return Fact(region(point, shape, body) - bind("sum", i, ONE, count, each, ctx), "==", rest, _TOKEN)


@rule
def stirling(name: str, error: Fraction, sign: int, step: Fact, ctx: Context) -> Fact:
    """Axiom: ``u(x) = log Gamma(x) - (x - 1/2) log x + x - log(2 pi)/2 - error/x`` tends to 0 as x grows.

    If ``sign * (u(x) - u(x + 1))`` is nonnegative (positive) for every x > 0, then so is ``sign * u(x)``: it falls
    along x, x + 1, x + 2, ... to the limit 0.
    """
    beyond, x = Hyp(var(name), ">"), var(name)
    here = ctx.extended(beyond)
    _require(sign in (1, -1) and step.relation in (">=", ">"), "an order is needed")

    def remainder(at: Poly) -> Poly:
        area = log(of(Atom("const", "pi")), ctx) + log(const(2), ctx)
        main = (at - const(Fraction(1, 2))) * log(at, here) - at + area.scaled(Fraction(1, 2))
        return (log(gamma(at, here), here) - main - inv(at).scaled(error)).scaled(Fraction(sign))

    _require(step.gap == remainder(x) - remainder(x + ONE), "the premise must be one step of the remainder")
    return Fact(remainder(x), step.relation, _without(step, name, [beyond], ctx) | {beyond}, _TOKEN)
