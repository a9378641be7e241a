"""Rigorous enclosures with ball arithmetic (Arb through python-flint).

A ball that contains the arguments goes in, a ball that contains the value comes out; where no finite ball can be
vouched for the result is not a number.  Monotone functions of wide balls are evaluated at the two ends.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from numerics.backends.frame import Body, Frame, exact
from numerics.backends.functions import Functions
from numerics.backends.hulls import ONE as ONE
from numerics.backends.hulls import ZERO as ZERO
from numerics.backends.hulls import ends as ends
from numerics.backends.hulls import hull as hull
from numerics.backends.hulls import wide as wide
from numerics.backends.walk import Walker

SERIES_TERMS = 50_000


class Ball(Functions):
    """Arithmetic of balls in the working precision of ``flint.ctx``."""

    def number(self, value: Any) -> arb:
        """Balls as they are, everything else through the fraction that it is, rounded outwards."""
        if isinstance(value, arb):
            return value
        if isinstance(value, (int, fmpq)):
            return arb(value)
        fraction = value if isinstance(value, Fraction) else exact(value)
        return arb(fmpq(fraction.numerator, fraction.denominator))

    def pi(self) -> arb:
        return arb.pi()

    def add(self, terms: Sequence[arb]) -> arb:
        return functools.reduce(operator.add, terms)

    def multiply(self, factors: Sequence[arb]) -> arb:
        return functools.reduce(operator.mul, factors)

    def divide(self, numerator: arb, denominator: arb) -> arb:
        return numerator / denominator

    def integer_power(self, base: arb, exponent: int) -> arb:
        if exponent < 0:
            return ONE / self.integer_power(base, -exponent)
        if not base.is_finite():
            return arb.nan()
        if not wide(base):
            return _repeated(base, exponent)
        lower, upper = (_repeated(end, exponent) for end in ends(base))
        if exponent % 2 == 0 and base.contains(0):
            return hull(ZERO if exponent else ONE, lower, upper)
        return hull(lower, upper)

    def power(self, base: arb, exponent: arb, nonnegative: bool) -> arb:
        lower, upper = ends(base)
        if lower > 0:
            if not wide(base) and not wide(exponent):
                return _positive_power(base, exponent)
            # monotone in either argument, so extreme at the corners
            return hull(*(_positive_power(b, e) for b in (lower, upper) for e in ends(exponent)))
        if not (nonnegative or lower >= 0) or not exponent > 0:
            return arb.nan()
        if not upper > 0:
            return ZERO if upper.is_finite() else arb.nan()
        return hull(ZERO, *(_positive_power(upper, e) for e in ends(exponent)))

    def exp(self, value: arb) -> arb:
        return hull(*(end.exp() for end in ends(value))) if value.rad() > 0.125 else value.exp()

    def log(self, value: arb) -> arb:
        if not value > 0:
            return arb.nan()
        return hull(*(end.log() for end in ends(value))) if wide(value) else value.log()

    def absolute(self, value: arb) -> arb:
        if value >= 0:
            return value
        if value <= 0:
            return -value
        return hull(ZERO, value.abs_upper())

    def sign(self, value: arb) -> arb:
        if value > 0 or value < 0:
            return ONE if value > 0 else -ONE
        if not value.is_finite():
            return arb.nan()
        return ZERO if value.is_zero() else hull(-ONE, ONE)

    def minimum(self, values: Sequence[arb]) -> arb:
        return functools.reduce(arb.min, values)

    def maximum(self, values: Sequence[arb]) -> arb:
        return functools.reduce(arb.max, values)

    def lse(self, values: Sequence[arb]) -> arb:
        if not all(value.is_finite() for value in values):
            return arb.nan()
        if any(value.rad() > 2.0**-20 for value in values):  # increasing in every value
            return hull(_lse([value.lower() for value in values]), _lse([value.upper() for value in values]))
        return _lse(values)

    def lower_gamma(self, order: arb, cutoff: arb) -> arb:
        """The unregularised function, for orders certainly positive and cutoffs certainly nonnegative."""
        if not order > 0 or not cutoff >= 0:
            return arb.nan()
        if not wide(order):
            if not wide(cutoff):
                return _lower_gamma(order, cutoff)
            return hull(*(_lower_gamma(order, end) for end in ends(cutoff)))  # increasing in the cutoff
        return hull(*(self._wide_order(order, end) for end in ends(cutoff)))

    def _wide_order(self, order: arb, cutoff: arb) -> arb:
        """c**a * exp(-c) * sum_k c**k / (a (a+1) ... (a+k)): the sum decreases in the order."""
        if cutoff.is_zero():
            return ZERO
        sums = (_lower_gamma(end, cutoff) / _positive_power(cutoff, end) for end in ends(order))
        return self.power(cutoff, order, True) * hull(*sums)

    def integral(self, body: Body, patterns: list[arb], radii: list[arb]) -> arb:
        from numerics.backends.quadrature import integral_over_balls

        return integral_over_balls(body, patterns, radii)

    def radial(self, body: Body, dimension: arb, radius: arb) -> arb:
        from numerics.backends.radial import integral_over_radii

        return integral_over_radii(body, dimension, radius)


def _repeated(base: arb, exponent: int) -> arb:
    result = ONE
    for bit in bin(exponent)[2:]:
        result = result * result
        if bit == "1":
            result = result * base
    return result


def _positive_power(base: arb, exponent: arb) -> arb:
    if exponent * 2 == 1:
        return base.sqrt()
    return base**exponent


def _lse(values: Sequence[arb]) -> arb:
    top = functools.reduce(arb.max, [value.mid() for value in values])
    return top + functools.reduce(operator.add, [(value - top).exp() for value in values]).log()


def _lower_gamma(order: arb, cutoff: arb) -> arb:
    """Arb takes the complement: far below the order nothing is left of it, about the order it is slow to come by.

    There the power series serves.
    """
    if cutoff.is_zero():
        return ZERO
    if not cutoff < order + 10 * order.sqrt() + 10:
        return cutoff.gamma_lower(order)
    series = _lower_gamma_series(order, cutoff)
    if series.rel_accuracy_bits() >= ctx.prec // 2 or (2 * cutoff < order and series.is_finite()):
        return series
    value = cutoff.gamma_lower(order)
    return value if value.rel_accuracy_bits() > series.rel_accuracy_bits() else series


def _lower_gamma_series(order: arb, cutoff: arb) -> arb:
    """c**a * exp(-c) / a * sum_k c**k / ((a+1) ... (a+k)), the rest bounded by a geometric series."""
    term, total, small = ONE, ONE, arb(2) ** -ctx.prec
    for k in range(1, SERIES_TERMS):
        ratio = cutoff / (order + k)
        term = term * ratio
        total = total + term
        if term < small * (1 - ratio):
            break
    rest = term * ratio / (1 - ratio)  # later ratios are smaller still
    total = total + hull(ZERO, rest.upper()) if ratio < 1 else arb.nan()
    return total * _positive_power(cutoff, order) * (-cutoff).exp() / order


def build(expr: sp.Expr) -> tuple[Callable[[Mapping[str, Any], int], arb], tuple[sp.Basic, ...]]:
    """The function of named values and a precision in bits, and the arguments that it needs."""
    together, arguments = build_all([expr])
    return lambda values, precision: together(values, precision)[0], arguments


def build_all(
    exprs: Sequence[sp.Expr],
) -> tuple[Callable[[Mapping[str, Any], int], list[arb]], tuple[sp.Basic, ...]]:
    """The same for several expressions at once; an integral that they share is computed once."""
    walker = Walker(floats=False, special=True)
    nodes = walker.visit_all(exprs)

    def call(values: Mapping[str, Any], precision: int) -> list[arb]:
        with ctx.workprec(precision):
            frame = Frame(Ball(), values)
            return [node(frame) for node in nodes]

    return call, (*walker.scalars.values(), *walker.families.values())
