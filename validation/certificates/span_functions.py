"""Spans of the values of functions.  ``Undefined`` says that a function may be undefined on its span."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

import sympy as sp
from flint import arb, ctx

from numerics.backends.as_ball import Ball
from numerics.backends.functions import GAMMA_LOWEST, LOG_GAMMA_LOWEST
from numerics.backends.hulls import hull
from validation.certificates.spans import (
    INF,
    PRECISION,
    Span,
    Undefined,
    enclosing,
    falling,
    lower_end,
    magnitude,
    point,
    rising,
    united,
)
from validation.certificates.spans import ball as ball

BALL = Ball()
HALF = Fraction(1, 2)
ONE, ZERO = Fraction(1), Fraction(0)
VALLEY = Fraction(1461632144968, 10**12), Fraction(1461632144969, 10**12)  # around the least value of Gamma


def exp(span: Span) -> Span:
    return rising(arb.exp, span, ZERO)


def log(span: Span) -> Span:
    if not span.positive:
        raise Undefined("log of a number that may not be positive")
    return rising(arb.log, span)


def fractional_power(span: Span, exponent: Fraction) -> Span:
    """``x**exponent`` over nonnegative numbers for a positive exponent."""
    p, q = exponent.numerator, exponent.denominator

    def power(value: arb) -> arb:
        if value.is_zero() or value == 1 or q > 64:
            return value if value.is_zero() or value == 1 else value ** (arb(p) / q)
        root = value.root(q)
        whole = (root.mid() + 0.5).floor()
        return (whole if whole.is_exact() and whole**q == value else root) ** p

    return rising(power, span & Span(ZERO, INF, False))


def maximum(*spans: Span) -> Span:
    """A lower end is the largest of the lower ends, an upper end the largest of the upper ones."""
    low, left = max((s.lower, s.open_lower) for s in spans)
    high, reached = max((s.upper, not s.open_upper) for s in spans)
    return Span(low, high, left, not reached)


def minimum(*spans: Span) -> Span:
    return -maximum(*(-s for s in spans))


def sign(span: Span) -> Span:
    if span.nonzero:
        return point(ONE if span.positive else -ONE)
    return Span(-ONE, ONE, False, False)


def asin(span: Span) -> Span:
    return rising(arb.asin, _within_one(span))


def acos(span: Span) -> Span:
    return falling(arb.acos, _within_one(span))


def _within_one(span: Span) -> Span:
    if not (span.lower >= -1 and span.upper <= 1):
        raise Undefined("an argument that may leave [-1, 1]")
    return span


def atan(span: Span) -> Span:
    with ctx.workprec(PRECISION):
        quarter = -lower_end(-arb.pi() / 2)
    return rising(arb.atan, span, -quarter, quarter)


def cosh(span: Span) -> Span:
    return rising(arb.cosh, magnitude(span))


def gamma(span: Span) -> Span:
    return _valley(span, arb.gamma, lower_end(GAMMA_LOWEST), INF)


def log_gamma(span: Span) -> Span:
    if not span.positive:
        raise Undefined("loggamma of a number that may not be positive")
    return _valley(span, arb.lgamma, lower_end(LOG_GAMMA_LOWEST), INF)


def _valley(span: Span, function: Callable[[arb], arb], lowest: Fraction | float, at_zero: float) -> Span:
    """A function on (0, oo) that comes from oo, falls up to ``VALLEY`` and rises to oo from there on."""
    if not span.positive:
        return _by_ball(BALL.gamma, span)
    if span.lower >= VALLEY[1]:
        return rising(function, span)
    if span.upper <= VALLEY[0]:
        return falling(function, span, at_zero)
    ends = united([falling(function, span & Span(ZERO, VALLEY[1]), at_zero), rising(function, span & Span(VALLEY[0]))])
    return Span(lowest, ends.upper, True, ends.open_upper)


def _by_ball(function: Callable[..., arb], *spans: Span) -> Span:
    """A bounded span through one ball."""
    if not all(span.bounded for span in spans):
        raise Undefined("an unbounded argument")
    with ctx.workprec(PRECISION):
        value = function(*(hull(ball(span.lower), ball(span.upper)) for span in spans))
    if not value.is_finite():
        raise Undefined("an argument at which the function may be undefined")
    return enclosing(value)


def polygamma(order: Span, span: Span) -> Span:
    if not span.positive or order.lower != order.upper or order.lower < 0 or order.lower != int(order.lower):
        raise Undefined("polygamma is known for whole orders and positive arguments")
    n = int(order.lower)
    if n == 0:
        return rising(arb.digamma, span)
    size = falling(lambda value: BALL.polygamma(arb(n), value) * (-1) ** (n + 1), span, INF, ZERO)
    return size if n % 2 else -size


def lower_gamma(order: Span, cutoff: Span) -> Span:
    if not order.positive or not cutoff.nonnegative:
        raise Undefined("lowergamma is known for positive orders and nonnegative cutoffs")
    found = Span(ZERO, gamma(order).upper, cutoff.positive)
    return _sharpened(found, BALL.lower_gamma, order, cutoff)


def upper_gamma(order: Span, cutoff: Span) -> Span:
    if not (cutoff.positive or (order.positive and cutoff.nonnegative)):
        raise Undefined("uppergamma is known for positive cutoffs, and for 0 with positive orders")
    found = Span(ZERO, gamma(order).upper if order.positive else INF, True, False)
    return _sharpened(Span(ZERO, found.upper, True, found.upper == INF), BALL.upper_gamma, order, cutoff)


def _sharpened(found: Span, function: Callable[..., arb], *spans: Span) -> Span:
    try:
        return found & _by_ball(function, *spans)
    except Undefined:
        return found


def wave(name: str, turns: Span) -> Span:
    """Sine, cosine or tangent of pi times the span."""
    if name == "cos":
        return _sine(turns + point(HALF))
    return _sine(turns) if name == "sin" else _tangent(turns)


def _sine(turns: Span) -> Span:
    whole = Span(-ONE, ONE, False, False)
    if not turns.bounded:
        return whole
    k = math.floor(turns.lower + HALF)
    if turns.upper <= k + HALF:  # monotone from k - 1/2 to k + 1/2
        low, high = _sine_at(turns.lower), _sine_at(turns.upper)
        if k % 2:
            return Span(high.lower, low.upper, turns.open_upper, turns.open_lower) & whole
        return Span(low.lower, high.upper, turns.open_lower, turns.open_upper) & whole
    k = math.floor(turns.lower)
    if turns.upper > k + 1:
        return whole
    # one arch, above (k even) or below 0: inside it lies beyond the nearer of its values at the ends
    sign = -1 if k % 2 else 1
    ends = [((point(Fraction(sign)) * _sine_at(end)).lower, is_open) for end, is_open in turns.ends]
    least = min(value for value, _ in ends)
    arch = Span(least, ONE, all(is_open for value, is_open in ends if value == least), False)
    return -arch if k % 2 else arch


def _sine_at(turns: Fraction | float) -> Span:
    turns = Fraction(turns)
    if (2 * turns).denominator == 1:
        return point(Fraction((0, 1, 0, -1)[int(2 * turns) % 4]))
    return enclosing(_at_pi(arb.sin_pi, turns))


def _at_pi(function: Callable[[arb], arb], turns: Fraction) -> arb:
    with ctx.workprec(PRECISION):
        return function(ball(turns))


def _tangent(turns: Span) -> Span:
    if not turns.bounded:
        raise Undefined("tan of an unbounded angle")
    k = math.floor(turns.lower + HALF)
    below = turns.lower > k - HALF or turns.open_lower
    above = turns.upper < k + HALF or (turns.upper == k + HALF and turns.open_upper)
    if not (below and above):
        raise Undefined("tan of an angle that may be a pole")
    low = -INF if turns.lower == k - HALF else _tangent_at(Fraction(turns.lower)).lower
    high = INF if turns.upper == k + HALF else _tangent_at(Fraction(turns.upper)).upper
    return Span(low, high, turns.open_lower or low == -INF, turns.open_upper or high == INF)


def _tangent_at(turns: Fraction) -> Span:
    return point(ZERO) if turns.denominator == 1 else enclosing(_at_pi(arb.tan_pi, turns))


RULES: Mapping[type, Callable[..., Span]] = {
    sp.exp: exp,
    sp.log: log,
    sp.Abs: magnitude,
    sp.sign: sign,
    sp.Max: maximum,
    sp.Min: minimum,
    sp.asin: asin,
    sp.acos: acos,
    sp.atan: atan,
    sp.sinh: lambda span: rising(arb.sinh, span),
    sp.cosh: cosh,
    sp.tanh: lambda span: rising(arb.tanh, span, -ONE, ONE),
    sp.erf: lambda span: rising(arb.erf, span, -ONE, ONE),
    sp.erfc: lambda span: falling(arb.erfc, span, Fraction(2), ZERO),
    sp.gamma: gamma,
    sp.loggamma: log_gamma,
    sp.polygamma: polygamma,
    sp.lowergamma: lower_gamma,
    sp.uppergamma: upper_gamma,
}
