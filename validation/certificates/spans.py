"""Spans: intervals of reals with rational or infinite ends, each open or closed, and their arithmetic.

Every operation returns a span that contains the value for all arguments in the given spans.  An open end says that
it is never reached.  Ends that are no small rationals are rounded outwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx, fmpq

Number = Fraction | float  # a float is one of the infinities, nothing else
INF = math.inf
PRECISION = 160
LIMIT = 4000  # bits of an end; beyond that it is rounded or infinite


class Undefined(ValueError):  # noqa: N818 - it says what the function may be
    """A function may be undefined somewhere on the spans of its arguments."""


@dataclass(frozen=True)
class Span:
    """The reals from ``lower`` to ``upper``."""

    lower: Number = -INF
    upper: Number = INF
    open_lower: bool = True
    open_upper: bool = True

    @property
    def empty(self) -> bool:
        """Whether no real is left."""
        return self.lower > self.upper or (self.lower == self.upper and (self.open_lower or self.open_upper))

    @property
    def bounded(self) -> bool:
        """Whether both ends are finite."""
        return self.lower > -INF and self.upper < INF

    @property
    def positive(self) -> bool:
        """Whether every member is greater than 0."""
        return self.lower > 0 or (self.lower == 0 and self.open_lower)

    @property
    def nonnegative(self) -> bool:
        """Whether every member is at least 0."""
        return self.lower >= 0

    @property
    def nonzero(self) -> bool:
        """Whether 0 is no member."""
        return self.positive or (-self).positive

    def __neg__(self) -> Span:
        return Span(-self.upper, -self.lower, self.open_upper, self.open_lower)

    def __and__(self, other: Span) -> Span:
        """The common part."""
        low, left = max((self.lower, self.open_lower), (other.lower, other.open_lower))
        high, right = max((-self.upper, self.open_upper), (-other.upper, other.open_upper))
        return Span(low, -high, left, right)

    def __add__(self, other: Span) -> Span:
        return rounded(
            Span(
                _plus(self.lower, other.lower),
                _plus(self.upper, other.upper),
                self.open_lower or other.open_lower,
                self.open_upper or other.open_upper,
            )
        )

    def __mul__(self, other: Span) -> Span:
        corners = [_corner(a, b) for a in self.ends for b in other.ends]
        low = min(value for value, _ in corners)
        high = max(value for value, _ in corners)
        return rounded(
            Span(
                low,
                high,
                all(missed for value, missed in corners if value == low),
                all(missed for value, missed in corners if value == high),
            )
        )

    @property
    def ends(self) -> tuple[tuple[Number, bool], tuple[Number, bool]]:
        """Both ends, each with whether it is open."""
        return (self.lower, self.open_lower), (self.upper, self.open_upper)

    def holds(self, relation: str) -> bool:
        """Whether every member stands in the relation to 0."""
        return {
            ">=": self.nonnegative,
            ">": self.positive,
            "==": self.lower == 0 == self.upper,
            "!=": self.nonzero,
        }[relation]


REALS = Span()
POSITIVE = Span(Fraction(0))
NONNEGATIVE = Span(Fraction(0), INF, False)


def _corner(left: tuple[Number, bool], right: tuple[Number, bool]) -> tuple[Number, bool]:
    """A product of ends and whether it is missed; a reached 0 times anything is a reached 0.

    0 times infinity is 0: the product of the spans comes as close to 0 as one likes, or closer by other corners.
    """
    (a, missed_a), (b, missed_b) = left, right
    if a == 0 or b == 0:
        return Fraction(0), not ((a == 0 and not missed_a) or (b == 0 and not missed_b))
    if isinstance(a, float) or isinstance(b, float):
        return INF if (a > 0) == (b > 0) else -INF, True
    return a * b, missed_a or missed_b


def _plus(left: Number, right: Number) -> Number:
    """Both are lower ends or both are upper ones, so opposite infinities do not meet."""
    if isinstance(left, float):
        return left
    return right if isinstance(right, float) else left + right


def point(value: Number) -> Span:
    """One number."""
    return Span(value, value, False, False)


def rounded(span: Span) -> Span:
    """The span with ends of bounded size, rounded outwards."""
    return Span(_down(span.lower), -_down(-span.upper), span.open_lower, span.open_upper)


def _down(value: Number) -> Number:
    if isinstance(value, float) or value.numerator.bit_length() + value.denominator.bit_length() <= LIMIT:
        return value
    return lower_end(ball(value))


def ball(value: Number) -> arb:
    """A finite end as a ball."""
    assert isinstance(value, Fraction)
    with ctx.workprec(PRECISION):
        return arb(fmpq(value.numerator, value.denominator))


def lower_end(value: arb) -> Number:
    """A rational number at or below every number of the ball; -oo for a ball that is not finite."""
    if not value.is_finite():
        return -INF
    mantissa, exponent = (int(part) for part in value.lower().man_exp())
    if mantissa == 0:
        return Fraction(0)
    if exponent + mantissa.bit_length() > LIMIT:
        return Fraction(2) ** (LIMIT - 1) if mantissa > 0 else -INF
    if exponent < -LIMIT:
        # too small to keep: 0 lies below a positive number, a larger negative number below a negative one
        return Fraction(0) if mantissa > 0 else -(Fraction(2) ** (mantissa.bit_length() - LIMIT))
    return mantissa * Fraction(2) ** exponent


def enclosing(value: arb) -> Span:
    """The closed span around a ball; all reals for a ball that is not finite."""
    low, high = lower_end(value), -lower_end(-value)
    return Span(low, high, low == -INF, high == INF)


def rising(function: Callable[[arb], arb], span: Span, at_minus: Number = -INF, at_plus: Number = INF) -> Span:
    """The image under a strictly rising function with these limits at the infinite ends.

    A finite end where the function has no finite ball counts as a limit too.
    """
    with ctx.workprec(PRECISION):
        low = at_minus if span.lower == -INF else lower_end(function(ball(span.lower)))
        high = at_plus if span.upper == INF else -lower_end(-function(ball(span.upper)))
    return Span(
        max(low, at_minus),
        min(high, at_plus),
        span.open_lower or low <= at_minus,
        span.open_upper or high >= at_plus,
    )


def falling(function: Callable[[arb], arb], span: Span, at_minus: Number = INF, at_plus: Number = -INF) -> Span:
    """The image under a strictly falling function."""
    return -rising(lambda value: -function(value), span, -at_minus, -at_plus)


def united(spans: Iterable[Span]) -> Span:
    """The least span around all of them."""
    members = list(spans)
    low, left = min((s.lower, s.open_lower) for s in members)
    high, right = min((-s.upper, s.open_upper) for s in members)
    return Span(low, -high, left, right)


def inverse(span: Span) -> Span:
    """``1/x`` over a span without 0."""
    if not span.nonzero:
        raise Undefined("0 has no inverse")
    if not span.positive:
        return -inverse(-span)
    if span.upper == 0:  # no member
        return POSITIVE
    low = Fraction(0) if span.upper == INF else 1 / span.upper
    high = INF if span.lower == 0 else 1 / span.lower
    return rounded(Span(low, high, span.open_upper, span.open_lower))


def whole_power(span: Span, exponent: int) -> Span:
    """``x**exponent`` with ``0**0 = 1``; a negative exponent asks for a span without 0."""
    if exponent < 0:
        return inverse(whole_power(span, -exponent))
    if exponent == 0:
        return point(Fraction(1))
    if exponent * max(_size(end) for end, _ in span.ends) > LIMIT:
        return _sized_power(span, exponent)
    if exponent % 2 or span.nonnegative:
        return rounded(Span(span.lower**exponent, span.upper**exponent, span.open_lower, span.open_upper))
    return whole_power(magnitude(span), exponent)


def _size(value: Number) -> int:
    return 0 if isinstance(value, float) else value.numerator.bit_length() + value.denominator.bit_length()


def _sized_power(span: Span, exponent: int) -> Span:
    """A large power through balls."""
    if exponent % 2 == 0 and not span.nonnegative:
        span = magnitude(span)
    lowest = Fraction(0) if exponent % 2 == 0 else -INF
    found = rising(lambda value: value**exponent, span)
    return found & Span(lowest, INF, lowest == -INF)


def magnitude(span: Span) -> Span:
    """``|x|`` over the span."""
    if span.nonnegative:
        return span
    if (-span).nonnegative:
        return -span
    high, reached = max((-span.lower, not span.open_lower), (span.upper, not span.open_upper))
    return Span(Fraction(0), high, False, not reached)
