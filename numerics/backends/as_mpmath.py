"""Reference values with mpmath: many digits, no error bound."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import mpmath
import sympy as sp

from numerics.backends.frame import Body, Frame, exact
from numerics.backends.ridge import find_ridge
from numerics.backends.walk import Walker

PIECES, DEGREE = 8, 6
HUGE = 10**20  # mpmath reduces an argument digit by digit


class Reference:
    """Arithmetic of mpmath numbers in the working precision."""

    def number(self, value: Any) -> Any:
        """Mpmath numbers as they are, everything else through the fraction that it is."""
        if isinstance(value, mpmath.mpf):
            return value
        fraction = exact(value)
        return mpmath.mpf(fraction.numerator) / fraction.denominator

    def pi(self) -> Any:
        return +mpmath.pi

    def add(self, terms: Sequence[Any]) -> Any:
        return mpmath.fsum(terms)

    def multiply(self, factors: Sequence[Any]) -> Any:
        return mpmath.fprod(factors)

    def divide(self, numerator: Any, denominator: Any) -> Any:
        return numerator / denominator

    def integer_power(self, base: Any, exponent: int) -> Any:
        return base**exponent

    def power(self, base: Any, exponent: Any, nonnegative: bool) -> Any:
        return _real(base**exponent)

    def exp(self, value: Any) -> Any:
        return mpmath.mpf(0) if value < -HUGE else mpmath.exp(value)

    def log(self, value: Any) -> Any:
        return _real(mpmath.log(value)) if value else mpmath.ninf

    def absolute(self, value: Any) -> Any:
        return abs(value)

    def sign(self, value: Any) -> Any:
        return mpmath.sign(value)

    def minimum(self, values: Sequence[Any]) -> Any:
        return min(values)

    def maximum(self, values: Sequence[Any]) -> Any:
        return max(values)

    def lse(self, values: Sequence[Any]) -> Any:
        top = max(values)
        return top + mpmath.log(mpmath.fsum(mpmath.exp(value - top) for value in values))

    def lower_gamma(self, order: Any, cutoff: Any) -> Any:
        return _real(mpmath.gammainc(order, 0, cutoff))

    def gamma(self, value: Any) -> Any:
        return mpmath.gamma(value)

    def log_gamma(self, value: Any) -> Any:
        return _real(mpmath.loggamma(value))

    def upper_gamma(self, order: Any, cutoff: Any) -> Any:
        return _real(mpmath.gammainc(order, cutoff))

    def euler(self) -> Any:
        return +mpmath.euler

    def polygamma(self, order: Any, value: Any) -> Any:
        return mpmath.polygamma(int(order), value)

    def lambert_w(self, value: Any) -> Any:
        return _real(mpmath.lambertw(value))

    def asin(self, value: Any) -> Any:
        return _real(mpmath.asin(value))

    def acos(self, value: Any) -> Any:
        return _real(mpmath.acos(value))

    def __getattr__(self, name: str) -> Any:
        """Sine, cosine and the rest as mpmath calls them."""
        if name in ("sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "erf", "erfc"):
            return getattr(mpmath, name)
        raise AttributeError(name)

    def integral(self, body: Body, patterns: list[Any], radii: list[Any]) -> Any:
        total = mpmath.mpf(0)
        for pieces in split_intervals(patterns, radii):
            total += mpmath.quad(lambda point: body(self, point), pieces)
        return total

    def radial(self, body: Body, dimension: Any, radius: Any) -> Any:
        """The volume of the ball times the integral of exp(-x) f(r exp(-x/n)) over x >= 0, around its ridge."""
        if not dimension > 0 or not radius >= 0:
            return mpmath.nan
        if radius == 0:
            return mpmath.mpf(0)

        def weighted(x: Any) -> Any:
            return mpmath.exp(-x) * body(self, radius * mpmath.exp(-x / dimension))

        def height(x: float) -> float:
            value = weighted(mpmath.mpf(x))
            return float(mpmath.log(abs(value))) if value else -math.inf

        ridge = find_ridge(height, float(dimension), 0.7 * mpmath.mp.prec + 10)
        steps = [ridge.start + (ridge.stop - ridge.start) * part / PIECES for part in range(PIECES + 1)]
        cuts = sorted({*map(mpmath.mpf, steps), mpmath.mpf(ridge.peak)})
        scale = mpmath.exp(mpmath.mpf(ridge.top)) if math.isfinite(ridge.top) else mpmath.mpf(1)
        mean = scale * mpmath.quad(lambda x: weighted(x) / scale, cuts, maxdegree=DEGREE)
        return mpmath.pi ** (dimension / 2) * radius**dimension / mpmath.gamma(dimension / 2 + 1) * mean


def split_intervals(patterns: Sequence[Any], radii: Sequence[Any]) -> list[list[Any]]:
    """The disjoint intervals of the union, each split at patterns and at midpoints of neighbours inside it.

    The distance to the nearest pattern is smooth between the splits.  A radius of 0 or less has no interval.
    """
    centres = sorted(patterns)
    marks = sorted({*centres, *((left + right) / 2 for left, right in pairwise(centres))})
    merged: list[list[Any]] = []
    for low, high in sorted((p - r, p + r) for p, r in zip(patterns, radii, strict=True) if r > 0):
        if merged and low <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    return [[low, *(mark for mark in marks if low < mark < high), high] for low, high in merged]


def _real(value: Any) -> Any:
    return mpmath.nan if isinstance(value, mpmath.mpc) and value.imag else mpmath.re(value)


def build(expr: sp.Expr) -> tuple[Callable[[Mapping[str, Any], int], Any], tuple[sp.Basic, ...]]:
    """The function of named values and a precision in bits, and the arguments that it needs."""
    walker = Walker(floats=True, special=True)
    node = walker.visit(expr)

    def call(values: Mapping[str, Any], precision: int) -> Any:
        with mpmath.workprec(precision):
            return +node(Frame(Reference(), values))

    return call, (*walker.scalars.values(), *walker.families.values())
