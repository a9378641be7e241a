"""Reference values with mpmath: many digits, no error bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import mpmath
import sympy as sp

from numerics.backends.frame import Arithmetic, Frame, exact
from numerics.backends.walk import Walker


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
        return mpmath.exp(value)

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

    def integral(self, body: Callable[[Arithmetic, Any], Any], patterns: list[Any], radius: Any) -> Any:
        total = mpmath.mpf(0)
        for pieces in split_intervals(patterns, radius):
            total += mpmath.quad(lambda point: body(self, point), pieces)
        return total


def split_intervals(patterns: Sequence[Any], radius: Any) -> list[list[Any]]:
    """The disjoint intervals of the union, each split at its patterns and at midpoints of neighbours.

    The distance to the nearest pattern is smooth between the splits.  Without overlap between two intervals the
    midpoint lies outside the region.
    """
    if radius <= 0:
        return []
    centres = sorted(patterns)
    groups: list[list[Any]] = []
    for centre in centres:
        if groups and centre - radius <= groups[-1][-1] + radius:
            groups[-1].append(centre)
        else:
            groups.append([centre])
    splits = []
    for group in groups:
        middles = [(left + right) / 2 for left, right in pairwise(group)]
        splits.append(sorted({group[0] - radius, *group, *middles, group[-1] + radius}))
    return splits


def _real(value: Any) -> Any:
    return mpmath.nan if isinstance(value, mpmath.mpc) and value.imag else mpmath.re(value)


def build(expr: sp.Expr) -> tuple[Callable[[Mapping[str, Any], int], Any], tuple[sp.Basic, ...]]:
    """The function of named values and a precision in bits, and the arguments that it needs."""
    walker = Walker(floats=True)
    node = walker.visit(expr)

    def call(values: Mapping[str, Any], precision: int) -> Any:
        with mpmath.workprec(precision):
            return +node(Frame(Reference(), values))

    return call, (*walker.scalars.values(), *walker.families.values())
