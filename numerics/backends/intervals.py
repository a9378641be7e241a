"""Intervals by their two ends, for ranges that no ball holds.

A ball from 1 to 10^300 reaches below 0, since its radius is as coarse as its middle is large, and exp(-t) over it is
unbounded.  Two ends rounded outwards stay apart.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flint import arb

from numerics.backends.as_ball import ONE, ZERO, Ball, hull
from numerics.backends.frame import Body, UnsupportedExpression

BALL = Ball()


@dataclass(frozen=True)
class Ends:
    """The numbers from ``lower`` to ``upper``, both exact; not a number if one of them is none."""

    lower: arb
    upper: arb

    @property
    def finite(self) -> bool:
        """Whether both ends are numbers."""
        return bool(self.lower.is_finite() and self.upper.is_finite())


NOTHING = Ends(arb.nan(), arb.nan())


def between(values: Sequence[arb]) -> Ends:
    """The least interval around balls."""
    if not all(value.is_finite() for value in values):
        return NOTHING
    return Ends(
        functools.reduce(arb.min, [value.lower() for value in values]),
        functools.reduce(arb.max, [value.upper() for value in values]),
    )


def ends_of(value: Any) -> Ends:
    """The interval of a ball; an interval as it is."""
    return value if isinstance(value, Ends) else between([value])


class Intervals:
    """Arithmetic of intervals; numbers stay balls, for the frame keeps them for other arithmetics too."""

    def number(self, value: Any) -> arb:
        return BALL.number(value)

    def pi(self) -> arb:
        return BALL.pi()

    def add(self, terms: Sequence[Any]) -> Ends:
        parts = [ends_of(term) for term in terms]
        return Ends(BALL.add([part.lower for part in parts]).lower(), BALL.add([part.upper for part in parts]).upper())

    def multiply(self, factors: Sequence[Any]) -> Ends:
        return functools.reduce(self._times, [ends_of(factor) for factor in factors])

    def _times(self, left: Ends, right: Ends) -> Ends:
        return between([a * b for a in (left.lower, left.upper) for b in (right.lower, right.upper)])

    def divide(self, numerator: Any, denominator: Any) -> Ends:
        return self._times(ends_of(numerator), self._inverse(ends_of(denominator)))

    def _inverse(self, value: Ends) -> Ends:
        away = value.lower > 0 or value.upper < 0
        return between([ONE / value.upper, ONE / value.lower]) if away else NOTHING

    def integer_power(self, base: Any, exponent: int) -> Ends:
        part = ends_of(base)
        if exponent < 0:
            return self._inverse(self.integer_power(part, -exponent))
        found = between([BALL.integer_power(end, exponent) for end in (part.lower, part.upper)])
        if exponent % 2 == 0 and exponent and part.lower <= 0 <= part.upper:
            return Ends(ZERO, found.upper)
        return found

    def power(self, base: Any, exponent: Any, nonnegative: bool) -> Ends:
        part, above = ends_of(base), ends_of(exponent)
        lower = part.lower.max(ZERO) if nonnegative else part.lower
        corners = [(b, e) for b in (lower, part.upper) for e in (above.lower, above.upper)]
        return between([BALL.power(b, e, nonnegative) for b, e in corners])

    def exp(self, value: Any) -> Ends:
        return self._rising(value, BALL.exp)

    def log(self, value: Any) -> Ends:
        return self._rising(value, BALL.log)

    def _rising(self, value: Any, function: Callable[[arb], arb]) -> Ends:
        part = ends_of(value)
        return between([function(part.lower), function(part.upper)])

    def absolute(self, value: Any) -> Ends:
        part = ends_of(value)
        found = between([BALL.absolute(part.lower), BALL.absolute(part.upper)])
        return Ends(ZERO, found.upper) if part.lower <= 0 <= part.upper else found

    def sign(self, value: Any) -> Ends:
        return self._rising(value, BALL.sign)

    def minimum(self, values: Sequence[Any]) -> Ends:
        return self._monotone(values, BALL.minimum)

    def maximum(self, values: Sequence[Any]) -> Ends:
        return self._monotone(values, BALL.maximum)

    def lse(self, values: Sequence[Any]) -> Ends:
        return self._monotone(values, BALL.lse)

    def _monotone(self, values: Sequence[Any], function: Callable[[Sequence[arb]], arb]) -> Ends:
        parts = [ends_of(value) for value in values]
        return between([function([part.lower for part in parts]), function([part.upper for part in parts])])

    def lower_gamma(self, order: Any, cutoff: Any) -> Ends:
        orders, cutoffs = ends_of(order), ends_of(cutoff)
        ball = hull(orders.lower, orders.upper)
        return between([BALL.lower_gamma(ball, end) for end in (cutoffs.lower, cutoffs.upper)])  # it rises

    def gamma(self, value: Any) -> Ends:
        part = ends_of(value)
        return ends_of(BALL.gamma(hull(part.lower, part.upper)))

    def log_gamma(self, value: Any) -> Ends:
        part = ends_of(value)
        return ends_of(BALL.log_gamma(hull(part.lower, part.upper)))

    def integral(self, body: Body, patterns: Sequence[Any], radii: Sequence[Any]) -> Any:
        raise UnsupportedExpression("no interval routine for an integral inside an integral")

    def radial(self, body: Body, dimension: Any, radius: Any) -> Any:
        raise UnsupportedExpression("no interval routine for an integral inside an integral")


def range_of(body: Body, lower: arb, upper: arb) -> Ends:
    """An interval around the values of a body between two ends."""
    try:
        return ends_of(body(Intervals(), between([lower, upper])))
    except UnsupportedExpression:
        return ends_of(body(BALL, hull(lower, upper)))
