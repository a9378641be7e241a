"""Rigorous integrals of ``f(||x||)`` over a ball of R^n, for n from 1 to millions.

With s = r exp(-x/n) the integral is the volume of the ball times the integral of exp(-x) f(s) over x >= 0: no power
overflows, and n = 1 and n = 10^6 look alike.  Up to a cutoff Arb integrates over complex balls; beyond it the mass
exp(-cutoff) times the range of f near the centre is all that is left.  Where f has no complex routine, power series
with an enclosed remainder take over.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from typing import Any

from flint import acb, arb, ctx, fmpq

from numerics.backends.as_ball import ZERO, Ball, ends, hull, wide
from numerics.backends.complex_balls import Complex, Positive, plain
from numerics.backends.frame import Arithmetic, Body, UnsupportedExpression
from numerics.backends.intervals import range_of
from numerics.backends.ridge import find_ridge

BALL = Ball()
EVALUATIONS = (1000, 20)  # at most so many, and so many for each bit
DOUBLINGS = 60
SKIPS, SHORTEST = 60, 0.01


def ball_volume(dimension: arb, radius: arb) -> arb:
    """The volume of a ball of R^n, for balls of n > 0 and of a radius that is at least 0."""
    half = dimension / 2
    return BALL.power(arb.pi(), half, True) * BALL.power(radius, dimension, True) / (half + 1).gamma()


def integral_over_radii(body: Body, dimension: arb, radius: arb) -> arb:
    """The integral of ``body(||x||)`` over the ball, for balls of the dimension and of the radius.

    Not a number unless the dimension is certainly positive and known to 30 bits, the radius certainly nonnegative
    and the body bounded near the centre.
    """
    if not (dimension.is_finite() and dimension > 0) or wide(dimension) or not (radius.is_finite() and radius >= 0):
        return arb.nan()
    if radius.is_zero():
        return ZERO
    if not wide(radius):
        return _over_ball(body, dimension, radius)
    low, high = ends(radius)
    inner = _over_ball(body, dimension, low) if low > 0 else ZERO
    height = body(BALL, hull(low, high))
    if height >= 0:  # then the integral rises with the radius
        return hull(inner, _over_ball(body, dimension, high))
    return inner + hull(ZERO, ball_volume(dimension, high) - ball_volume(dimension, low)) * height


def _over_ball(body: Body, dimension: arb, radius: arb) -> arb:
    """The volume times the mean of the body over the ball, for a radius that is certainly positive."""
    if not radius > 0:
        return arb.nan()
    mean = _mean(body, dimension, radius)
    return ball_volume(dimension, radius) * mean if mean.is_finite() else arb.nan()


def _mean(body: Body, dimension: arb, radius: arb) -> arb:
    """The integral of exp(-x) f(r exp(-x/n)) over x >= 0."""

    def height(x: float) -> float:
        value = BALL.exp(-arb(x)) * body(BALL, (radius * BALL.exp(-arb(x) / dimension)).mid())
        return float(value.abs_upper().log()) if value.is_finite() and not value.is_zero() else -math.inf

    ridge = find_ridge(height, float(dimension.mid()), ctx.prec + 10.0)
    if not math.isfinite(ridge.top):
        return _by_series(body, dimension, radius)
    tolerance = (arb(ridge.top).exp() * arb(2) ** -ctx.prec).mid()

    def mass(left: arb, right: arb | None) -> arb:
        """What lies between two places, or beyond one, from the range of the body alone."""
        nearest = ZERO if right is None else (radius * BALL.exp(-right / dimension)).lower()
        heights = range_of(body, nearest.max(ZERO), (radius * BALL.exp(-left / dimension)).upper())
        weight = BALL.exp(-left) - (ZERO if right is None else BALL.exp(-right))
        return hull(weight * heights.lower, weight * heights.upper)

    start = arb(ridge.start)
    left, before = _skipped(mass, start, tolerance)
    reach = 0.7 * ctx.prec + 10
    for _ in range(DOUBLINGS):
        cutoff = arb(ridge.peak + reach)
        beyond = mass(cutoff, None)
        if not beyond.is_finite():
            return arb.nan()
        if abs(beyond) <= tolerance:
            break
        reach *= 2
    cuts = [start, *([arb(ridge.peak)] if ridge.peak > ridge.start else []), cutoff]
    spans = [*([(ZERO, left)] if left > 0 else []), *itertools.pairwise(cuts)]

    logarithm = radius.log()

    def integrand(x: acb, analytic: bool) -> acb:
        height = body(Complex(analytic), Positive(logarithm - x / dimension))
        return acb((-x).exp() * plain(height))

    most = EVALUATIONS[0] + EVALUATIONS[1] * ctx.prec
    try:
        pieces = [acb.integral(integrand, low, high, abs_tol=tolerance, eval_limit=most).real for low, high in spans]
    except UnsupportedExpression:
        return _by_series(body, dimension, radius)
    return functools.reduce(lambda a, b: a + b, pieces, before + beyond)


def _skipped(mass: Callable[[arb, arb], arb], start: arb, tolerance: arb) -> tuple[arb, arb]:
    """How far down from ``start`` the range of the body tells that nothing matters, and what it bounds there."""
    total, step = ZERO, arb(1)
    for _ in range(SKIPS):
        if start <= 0 or step < SHORTEST:
            break
        left = (start - step).max(ZERO).mid()
        piece = mass(left, start)
        if piece.is_finite() and abs(piece) <= tolerance:
            total, start, step = total + piece, left, 2 * step
        else:
            step = step / 4
    return start, total


def _by_series(body: Body, dimension: arb, radius: arb) -> arb:
    """The integral of n t**(n-1) f(r t) over t in (0, 1), by power series."""
    from numerics.backends.quadrature import integral_over_balls

    exponent = dimension - 1

    def weighted(arithmetic: Arithmetic, point: Any) -> Any:
        if exponent.is_integer():
            weight = arithmetic.integer_power(point, int(exponent.unique_fmpz()))
        else:
            weight = arithmetic.power(point, exponent, True)
        return arithmetic.multiply([dimension, weight, body(arithmetic, arithmetic.multiply([radius, point]))])

    half = arb(fmpq(1, 2))
    return integral_over_balls(weighted, [half], [half])
