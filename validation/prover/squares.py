"""Sums of squares for polynomial gaps, with the constraints of the region as factors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy as sp

from validation.certificates.nodes import Node, Squares, Sum
from validation.prover.engine import View
from validation.prover.gram import decompose

DEGREE = 10


def squares(view: View) -> Iterator[Node | None]:
    """Sums of squares for polynomial gaps, constraints of the region as factors."""
    goal = view.goal
    symbols = sorted(goal.gap.free_symbols, key=str)
    if goal.relation not in (">=", ">") or not symbols or not goal.gap.is_polynomial(*symbols):
        return
    poly = sp.Poly(goal.gap, *symbols)
    if poly.total_degree() > DEGREE or not all(c.is_Rational for c in poly.coeffs()):
        return
    if goal.strict:
        yield from _strictly(view)
        return
    bounds = constraints_of(view, symbols)
    for multiplier, level in _attempts(symbols, view.depth):
        yield None
        found = decompose(sp.Poly(poly * multiplier, *symbols), bounds if level else [], level)
        if found is not None:
            weights, roots, factors = found
            yield Squares(multiplier, weights, roots, factors)


def _strictly(view: View) -> Iterator[Node]:
    values = [value for value in view.samples.values(view.gap) if value > 0]
    if not values:
        return
    least = min(values, key=lambda v: float(v.mid()))
    for share in (2, 1000):
        below = float(least.lower()) / share
        if below <= 0:
            continue
        part = sp.Rational(1, 2 ** max(0, int(-sp.log(below, 2)) + 1)) if below < 1 else sp.Integer(1)
        yield Sum((sp.Integer(1), sp.Integer(1)), (part, view.gap - part), 0)


def _attempts(symbols: Sequence[sp.Symbol], depth: int) -> Iterator[tuple[sp.Expr, int]]:
    norm = sp.Add(*(s**2 for s in symbols))
    yield sp.Integer(1), 0
    yield sp.Integer(1), 1
    if depth >= 2:
        yield sp.Integer(1), 2
        yield 1 + norm, 0
    if depth >= 3:
        yield (1 + norm) ** 2, 0
        yield 1 + norm, 1


def constraints_of(view: View, symbols: Sequence[sp.Symbol]) -> list[sp.Expr]:
    """Polynomials that the region makes nonnegative."""
    found: list[sp.Expr] = []
    for symbol in symbols:
        interval = view.goal.intervals[symbol]
        if interval.lower.is_Rational:
            found.append(symbol - interval.lower)
        if interval.upper.is_Rational:
            found.append(interval.upper - symbol)
    for constraint in view.goal.given:
        rational = constraint.gap.free_symbols <= set(symbols) and constraint.gap.is_polynomial(*symbols)
        if rational and constraint.relation in (">=", ">"):
            found.append(constraint.gap)
    return [gap for gap in found if all(c.is_Rational for c in sp.Poly(gap, *symbols).coeffs())]


def waves(view: View) -> Iterator[Node]:
    """A polynomial in sine and cosine of one angle as a binary form, which is a sum of squares where it is >= 0."""
    gap = sp.expand_trig(view.gap)
    angles = {part.args[0] for part in gap.atoms(sp.sin, sp.cos)}
    if view.goal.relation != ">=" or len(angles) != 1 or not view.goal.gap.free_symbols:
        return
    (angle,) = angles
    s, c = sp.symbols("s c", real=True)
    inner = gap.xreplace({sp.sin(angle): s, sp.cos(angle): c})
    if inner.free_symbols - {s, c} or not inner.is_polynomial(s, c):
        return
    form = _form(sp.Poly(inner, s, c))
    if form is None:  # odd and even terms: in half the angle all are even
        angle = angle / 2
        form = _form(sp.Poly(inner.xreplace({s: 2 * s * c, c: c**2 - s**2}), s, c))
    found = None if form is None else decompose(form, [], 0)
    if found is not None:
        weights, roots, factors = found
        back = {s: sp.sin(angle), c: sp.cos(angle)}
        yield Squares(sp.Integer(1), weights, tuple(root.xreplace(back) for root in roots), factors)


def _form(poly: sp.Poly) -> sp.Poly | None:
    """The polynomial made homogeneous by ``s**2 + c**2 = 1``; ``None`` where degrees of both parities occur."""
    degrees = {sum(powers) for powers in poly.monoms()}
    top = max(degrees)
    if top > DEGREE or top % 2 or any(degree % 2 for degree in degrees):
        return None
    if not all(coefficient.is_Rational for coefficient in poly.coeffs()):
        return None
    unit = sp.Poly(poly.gens[0] ** 2 + poly.gens[1] ** 2, *poly.gens)
    total = sp.Poly(0, *poly.gens)
    for powers, coefficient in poly.terms():
        total += sp.Poly({powers: coefficient}, *poly.gens) * unit ** ((top - sum(powers)) // 2)
    return total
