"""Rigorous integrals over a union of intervals: Taylor expansions with an enclosed remainder.

On a cell [m - h, m + h] the integrand is its Taylor polynomial at m plus a remainder c * (t - m)**K, where c lies in
the K-th Taylor coefficient evaluated on the whole cell.  Power series with ball coefficients deliver both.  Where the
integrand may have a kink in a cell (a minimum that changes its argument, an absolute value at 0), the series refuse
and the cell counts with its range times its length; cells with large errors are halved.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from flint import arb, arb_series, ctx

from numerics.backends.as_ball import ONE, ZERO, Ball, ends, hull
from numerics.backends.frame import Body

DEGREE = 12  # even: the remainder then has one sign
CELLS = 3000
RELATIVE = 2.0**-45


class KinkError(ArithmeticError):
    """The function may fail to be smooth on the cell."""


class Series(Ball):
    """Arithmetic of power series of length ``DEGREE + 1``; balls are constants."""

    def integer_power(self, base: Any, exponent: int) -> Any:
        if isinstance(base, arb):
            return super().integer_power(base, exponent)
        if exponent < 0:
            return ONE / self.integer_power(_nonzero(base), -exponent)
        result: Any = arb_series([1], prec=DEGREE + 1)
        for bit in bin(exponent)[2:]:
            result = result * result
            if bit == "1":
                result = result * base
        return result

    def power(self, base: Any, exponent: Any, nonnegative: bool) -> Any:
        if isinstance(base, arb) and isinstance(exponent, arb):
            return super().power(base, exponent, nonnegative)
        base = _positive(base)
        if isinstance(exponent, arb) and exponent * 2 == 1:
            return base.sqrt()
        return (exponent * base.log()).exp()

    def divide(self, numerator: Any, denominator: Any) -> Any:
        return numerator / _nonzero(denominator)

    def exp(self, value: Any) -> Any:
        return super().exp(value) if isinstance(value, arb) else value.exp()

    def log(self, value: Any) -> Any:
        return super().log(value) if isinstance(value, arb) else _positive(value).log()

    def absolute(self, value: Any) -> Any:
        if isinstance(value, arb):
            return super().absolute(value)
        return value if _nonzero(value)[0] > 0 else -value

    def sign(self, value: Any) -> Any:
        return super().sign(_nonzero(value)[0] if isinstance(value, arb_series) else value)

    def minimum(self, values: Sequence[Any]) -> Any:
        return self._extreme(values, super().minimum, lambda a, b: a <= b)

    def maximum(self, values: Sequence[Any]) -> Any:
        return self._extreme(values, super().maximum, lambda a, b: a >= b)

    def _extreme(self, values: Sequence[Any], plain: Callable[..., arb], wins: Callable[[arb, arb], bool]) -> Any:
        if all(isinstance(value, arb) for value in values):
            return plain(values)
        levels = [value if isinstance(value, arb) else value[0] for value in values]
        chosen = 0  # no equality with the extremum of the middles: that one is rounded
        for i, level in enumerate(levels):
            chosen = i if wins(level.mid(), levels[chosen].mid()) else chosen
        if all(wins(levels[chosen], level) for i, level in enumerate(levels) if i != chosen):
            return values[chosen]
        raise KinkError

    def lse(self, values: Sequence[Any]) -> Any:
        if all(isinstance(value, arb) for value in values):
            return super().lse(values)
        levels = [value if isinstance(value, arb) else value[0] for value in values]
        top = super().maximum([level.mid() for level in levels])
        total = functools.reduce(operator.add, [self.exp(value - top) for value in values])
        return top + _positive(total).log()

    def lower_gamma(self, order: Any, cutoff: Any) -> Any:
        if isinstance(order, arb) and isinstance(cutoff, arb):
            return super().lower_gamma(order, cutoff)
        if not isinstance(order, arb) or not order > 0:
            raise KinkError
        return arb_series.gamma_lower(order, _positive(cutoff))

    def gamma(self, value: Any) -> Any:
        return super().gamma(value) if isinstance(value, arb) else _positive(value).gamma()

    def log_gamma(self, value: Any) -> Any:
        return super().log_gamma(value) if isinstance(value, arb) else _positive(value).lgamma()

    def integral(self, body: Body, patterns: list[Any], radii: list[Any]) -> Any:
        if all(isinstance(number, arb) for number in (*patterns, *radii)):
            return super().integral(body, patterns, radii)
        raise KinkError

    def radial(self, body: Body, dimension: Any, radius: Any) -> Any:
        try:
            return super().radial(body, dimension, radius)
        except (TypeError, AttributeError):  # the integral depends on the point
            raise KinkError from None


def _positive(series: Any) -> Any:
    if not (series if isinstance(series, arb) else series[0]) > 0:
        raise KinkError
    return series


def _nonzero(series: Any) -> Any:
    constant = series if isinstance(series, arb) else series[0]
    if not (constant > 0 or constant < 0):
        raise KinkError
    return series


def integral_over_balls(body: Body, patterns: Sequence[arb], radii: Sequence[arb]) -> arb:
    """The integral over the union of ``[p - radius, p + radius]``, for balls of patterns and of radii.

    A point of several intervals counts once; a negative radius has no interval.  The union lies between an inner and
    an outer union with exact ends; what lies between them counts with its range times an unknown share of its length.
    """
    if not all(number.is_finite() for number in (*patterns, *radii)):
        return arb.nan()
    starts = [ends(p - radius) for p, radius in zip(patterns, radii, strict=True)]
    stops = [ends(p + radius) for p, radius in zip(patterns, radii, strict=True)]
    outer = _merged([(low[0], high[1]) for low, high in zip(starts, stops, strict=True)])
    inner = _merged([(low[1], high[0]) for low, high in zip(starts, stops, strict=True)])
    total = ZERO
    for left, right in _difference(outer, inner):
        total += hull(ZERO, _range(body, left, right) * (right - left))
    centres = sorted((p.mid() for p in patterns), key=_key)
    middles = [((a + b) / 2).mid() for a, b in itertools.pairwise(centres)]
    cap, ctx.cap = ctx.cap, DEGREE + 1  # python-flint cuts every series at the cap
    try:
        return total + _adaptive(body, inner, sorted([*centres, *middles], key=_key), _error(total) / 8)
    finally:
        ctx.cap = cap


def _compare(left: arb, right: arb) -> int:
    return -1 if left < right else int(left > right)


_key = functools.cmp_to_key(_compare)


def _merged(intervals: list[tuple[arb, arb]]) -> list[tuple[arb, arb]]:
    kept: list[tuple[arb, arb]] = []
    for left, right in sorted(intervals, key=lambda interval: _key(interval[0])):
        if not left < right:
            continue
        if kept and left <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(kept[-1][1], right, key=_key))
        else:
            kept.append((left, right))
    return kept


def _difference(outer: list[tuple[arb, arb]], inner: list[tuple[arb, arb]]) -> list[tuple[arb, arb]]:
    pieces = []
    for left, right in outer:
        start = left
        for low, high in inner:
            if left <= low and high <= right:
                if start < low:
                    pieces.append((start, low))
                start = high
        if start < right:
            pieces.append((start, right))
    return pieces


def _adaptive(body: Body, intervals: list[tuple[arb, arb]], splits: list[arb], tolerance: float) -> arb:
    """The integral over disjoint intervals, to the tolerance, to rounding, or until halving cells stops paying."""
    relative = max(RELATIVE, 2.0 ** (-ctx.prec / 3))  # a coarse question needs few cells
    queue: list[tuple[float, int, arb, arb, arb]] = []
    done, serial = ZERO, itertools.count()
    for left, right in intervals:
        marks = [left, *(split for split in splits if left < split < right), right]
        for low, high in itertools.pairwise(marks):
            if low < high:
                _push(queue, body, low, high, next(serial))
    checked, before = 2 * len(queue), math.inf
    while queue and len(queue) < CELLS:
        if len(queue) >= checked or len(queue) < 4:
            error = -math.fsum(item[0] for item in queue)
            size = abs(float(done.mid())) + math.fsum(abs(float(item[4].mid())) for item in queue)
            if error <= max(tolerance, relative * size) or (len(queue) > 64 and error > 0.8 * before):
                break
            checked, before = len(queue) * 5 // 4 + 1, error
        _, _, low, high, value = heapq.heappop(queue)
        middle = ((low + high) / 2).mid()
        if low < middle < high:
            _push(queue, body, low, middle, next(serial))
            _push(queue, body, middle, high, next(serial))
        else:
            done += value
    return done + functools.reduce(operator.add, [item[4] for item in queue], ZERO)


def _push(queue: list[tuple[float, int, arb, arb, arb]], body: Body, left: arb, right: arb, serial: int) -> None:
    value = _cell(body, left, right)
    heapq.heappush(queue, (-_error(value), serial, left, right, value))


def _error(value: arb) -> float:
    return float(value.rad()) if value.is_finite() else float("inf")


def _range(body: Body, left: arb, right: arb) -> arb:
    return body(Ball(), hull(left, right))


def _cell(body: Body, left: arb, right: arb) -> arb:
    """An enclosure of the integral over one cell with exact ends."""
    middle = ((left + right) / 2).mid()
    plain = _range(body, left, right) * (right - left)
    try:
        there = _coefficients(body(Series(), arb_series([hull(left, right), ONE], prec=DEGREE + 1)))
        here = _coefficients(body(Series(), arb_series([middle, ONE], prec=DEGREE + 1)))
    except KinkError:
        return plain
    upper, lower, value = right - middle, left - middle, ZERO
    for power, coefficient in enumerate([*here[:DEGREE], there[DEGREE]]):
        value += coefficient * (upper ** (power + 1) - lower ** (power + 1)) / (power + 1)
    if not value.is_finite() or (plain.is_finite() and plain.rad() < value.rad()):
        return plain
    return value


def _coefficients(series: Any) -> list[arb]:
    if isinstance(series, arb):
        return [series] + [ZERO] * DEGREE
    if series.prec <= DEGREE:
        raise ArithmeticError(f"a series of {DEGREE + 1} coefficients was cut at {series.prec}")
    return [series[power] for power in range(DEGREE + 1)]
