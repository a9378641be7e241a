"""Arithmetic of NumPy arrays in double precision."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import special

from numerics.backends.as_mpmath import split_intervals
from numerics.backends.frame import Body, UnsupportedExpression, exact

Array = np.ndarray[Any, Any]

SMALLEST = 1e-290  # SciPy's regularised gamma function is not trusted below
PANELS, NODES = (1, 2, 4, 8, 16), 20
GRADES = np.array([0.0, *(0.5 * 4.0**grade for grade in range(-20, 1))])  # panels of half a cell, from its end


class Floats:
    """Arithmetic of numpy arrays in double precision."""

    def number(self, value: Any) -> Any:
        return value.astype(float) if isinstance(value, np.ndarray) else float(exact(value))

    def pi(self) -> float:
        return float(np.pi)

    def add(self, terms: Sequence[Any]) -> Any:
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total

    def multiply(self, factors: Sequence[Any]) -> Any:
        product = factors[0]
        for factor in factors[1:]:
            product = product * factor
        return product

    def divide(self, numerator: Any, denominator: Any) -> Any:
        return np.divide(numerator, denominator)

    def integer_power(self, base: Any, exponent: Any) -> Any:
        if isinstance(exponent, int) and exponent == 2:
            return base * base
        return np.power(base, np.asarray(exponent, dtype=float))

    def power(self, base: Any, exponent: Any, nonnegative: bool) -> Any:
        return np.sqrt(base) if np.ndim(exponent) == 0 and exponent == 0.5 else np.power(base, exponent)

    def exp(self, value: Any) -> Any:
        return np.exp(value)

    def log(self, value: Any) -> Any:
        return np.log(value)

    def absolute(self, value: Any) -> Any:
        return np.abs(value)

    def sign(self, value: Any) -> Any:
        return np.sign(value)

    def minimum(self, values: Sequence[Any]) -> Any:
        least = values[0]
        for value in values[1:]:
            least = np.minimum(least, value)
        return least

    def maximum(self, values: Sequence[Any]) -> Any:
        return -self.minimum([-np.asarray(value) for value in values])

    def lse(self, values: Sequence[Any]) -> Any:
        return log_sum_exp(np.stack(np.broadcast_arrays(*values)))

    def lower_gamma(self, order: Any, cutoff: Any) -> Any:
        """Through logarithms: gamma overflows above 171, and SciPy's ratio is 0 far below a large order."""
        share = special.gammainc(order, cutoff)
        logarithm = np.log(share) + special.gammaln(order)
        lost = (share < SMALLEST) & (np.asarray(cutoff) > 0) & (np.asarray(order) > 0)
        if not np.any(lost):
            return np.exp(logarithm)
        from numerics.stable import log_lower_gamma

        sharp = log_lower_gamma(*(np.where(lost, argument, 1.0) for argument in (order, cutoff)))
        return np.exp(np.where(lost, sharp, logarithm))

    def gamma(self, value: Any) -> Any:
        return special.gamma(value)

    def log_gamma(self, value: Any) -> Any:
        return special.gammaln(value)

    def radial(self, body: Body, dimension: Any, radius: Any) -> Any:
        """The walk knows the axes and calls the quadrature itself."""
        raise UnsupportedExpression("a radial integral over arrays is compiled, not called")

    def array(self, value: Any) -> Any:
        """A value as an array."""
        return np.asarray(value)

    def to_numpy(self, value: Any) -> Any:
        """A value that NumPy computes on."""
        return value

    def from_numpy(self, value: Any) -> Any:
        """What NumPy computed, in this arithmetic."""
        return value

    def stack(self, values: Sequence[Any]) -> Any:
        """Values, broadcast, along a new first axis."""
        return np.stack(np.broadcast_arrays(*values))

    def einsum(self, operands: Sequence[Any], labels: Sequence[int]) -> Any:
        """The contraction of arrays, each followed by the labels of its axes, to the given labels."""
        return np.einsum(*operands, list(labels), optimize=True)

    def reduce(self, kind: str, values: Any) -> Any:
        """The reduction of the first axis: ``add``, ``lse``, ``minimum`` or ``maximum``."""
        if kind == "lse":
            return log_sum_exp(values)
        reduction = np.sum if kind == "add" else np.min if kind == "minimum" else np.max
        return reduction(values, axis=0)

    def integral(self, body: Body, patterns: list[Any], radii: list[Any]) -> float:
        """Composite Gauss-Legendre between the splits, finer toward them, panels doubled until the sum settles.

        A split is a pattern, a midpoint of patterns or an end of a ball; a peak of any width at one of them is met.
        """
        abscissae, weights = np.polynomial.legendre.leggauss(NODES)
        cells = [cell for pieces in split_intervals(patterns, radii) for cell in pairwise(pieces)]
        if not cells:
            return 0.0
        low, high = (np.array(ends, dtype=float)[:, None] for ends in zip(*cells, strict=True))
        previous = np.inf
        for panels in PANELS:
            steps = np.interp(np.arange((len(GRADES) - 1) * panels + 1) / panels, np.arange(len(GRADES)), GRADES)
            shares = (steps[:-1] + steps[1:])[:, None] / 2 + np.diff(steps)[:, None] / 2 * abscissae
            inside = (high - low) * shares.ravel()
            points = np.concatenate([low + inside, high - inside], axis=1)
            scale = np.tile((np.diff(steps)[:, None] / 2 * weights).ravel(), 2)
            heights = np.broadcast_to(np.ravel(body(self, points.ravel())), points.size).reshape(points.shape)
            total = float(((high - low)[:, 0]) @ (heights @ scale))
            if not abs(total - previous) > 1e-14 * abs(total):
                break
            previous = total
        return total


def log_sum_exp(values: Array) -> Array:
    """LogSumExp over the first axis, shifted by the maximum: exp overflows above 709."""
    top = np.max(values, axis=0)
    shift = np.where(np.isfinite(top), top, 0.0)
    work = values - shift
    np.exp(work, out=work)
    total: Array = np.log(np.sum(work, axis=0)) + shift
    return total
