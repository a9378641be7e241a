"""The slowly varying factors of the incomplete gamma functions, each regime by the method that suits it.

    gamma(a, x) = x**a exp(-x)/a * M(1, a + 1, x)        cutoff below the order
    gamma(a, x) = Gamma(a) (1 - Q(a, x))                 cutoff above the order
    Gamma(a, x) = x**a exp(-x)/h(a, x)                   continued fraction h, cutoff above the order

Arguments are arrays of one length, checked by the caller. ``excess`` is (cutoff - order)/order; a caller who knows it
better than the rounded order and cutoff do passes it on.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log, pi
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.special import exp1, gamma, gammaincc, gammaln

from numerics.double_double import Array, add, logarithm, multiply, pair
from numerics.stable_temme import SMALLEST_ORDER, bracket, divergence

Result = TypeVar("Result")
Mask = npt.NDArray[np.bool_]
HALF_LOG_2_PI = log(2 * pi) / 2
BLOCK = 32768  # elements
SERIES_LENGTHS = (4, 8, 16, 28, 48, 96)
FRACTIONS = ((4, 1e4), (6, 1e3), (20, 0.0))  # levels, smallest cutoff
SMALLEST_FRACTION = 8.0
SMALL_CUTOFF = 2.0
TINY_ORDER = 1e-20  # below it Gamma(a, x) is E_1(x) to all digits, for every float x > 0


def once(function: Callable[..., Result], *arguments: Array) -> Result:
    """``function(*arguments)``, of length 1 if every argument is a broadcast scalar; NumPy gives these stride 0."""
    if all(argument.strides == (0,) for argument in arguments):
        return function(*(argument[:1] for argument in arguments))
    return function(*arguments)


def _chosen(argument: Array, at: npt.NDArray[np.intp]) -> Array:
    return np.broadcast_to(argument[:1], at.shape) if argument.strides == (0,) else argument[at]


def scatter(out: Array, where: Mask, function: Callable[..., Array], *arguments: Array) -> None:
    """``out[where] = function(arguments[where])``, in blocks that keep the temporaries of ``function`` in a cache."""
    everywhere = bool(where.all())
    at = np.flatnonzero(where) if not everywhere else np.empty(0, dtype=np.intp)
    for start in range(0, where.size if everywhere else at.size, BLOCK):
        block = slice(start, start + BLOCK)
        if everywhere:
            out[block] = function(*(argument[block] for argument in arguments))
        else:
            out[at[block]] = function(*(_chosen(argument, at[block]) for argument in arguments))


def log_gamma(order: Array) -> Array:
    """log Gamma(a); SciPy has no finite value at subnormal a."""
    return np.where(order < 1e-300, -np.log(order), gammaln(order))


def stirling_remainder(order: Array) -> Array:
    """log Gamma(1 + a) - (a + 1/2) log a + a - log(2 pi)/2, between 1/(12 a + 1) and 1/(12 a)."""

    def direct(a: Array) -> Array:
        return gammaln(1 + a) - (a + 0.5) * np.log(a) + a - HALF_LOG_2_PI

    q = 1 / (order * order)
    out = 1 / 1188 + q * (-691 / 360360 + q / 156)
    for coefficient in (-1 / 1680, 1 / 1260, -1 / 360, 1 / 12):
        out *= q
        out += coefficient
    out /= order
    scatter(out, order < 10, direct, order)
    return out


def _kummer_series(order: Array, cutoff: Array) -> Array:
    """M(1, a + 1, x) for x <= a/2, or x <= a <= SMALLEST_ORDER, or x <= SMALL_CUTOFF; all terms are positive."""
    out = np.empty_like(order)
    left = np.ones(order.shape, dtype=np.bool_)
    for length in SERIES_LENGTHS:

        def nested(a: Array, x: Array, length: int = length) -> Array:
            total = np.ones_like(a)
            for k in range(length, 0, -1):
                total *= x / (a + k)
                total += 1
            return total

        # the first term left out is at most (x**2 / ((a + 1)(a + N)))**(N/2), log being concave
        ratio = (cutoff / (order + 1)) * (cutoff / (order + length))
        here = left & (ratio <= 10 ** (-34 / length)) if length != SERIES_LENGTHS[-1] else left
        scatter(out, here, nested, order, cutoff)
        left &= ~here
    return out


def _fraction(order: Array, cutoff: Array) -> Array:
    """h with Gamma(a, x) = x**a exp(-x)/h, by Legendre's continued fraction, for x >= max(2 a, SMALLEST_FRACTION)."""
    out = np.empty_like(order)
    left = np.ones(order.shape, dtype=np.bool_)
    for length, smallest in FRACTIONS:

        def nested(a: Array, x: Array, length: int = length) -> Array:
            base = x - a - 1
            total = base + 2 * (length + 1)
            for k in range(length, 0, -1):
                total = (base + 2 * k) + k * (a - k) / total
            return total

        here = left & (cutoff >= smallest)
        scatter(out, here, nested, order, cutoff)
        left &= ~here
    return out


def transition(order: Array, excess: Array) -> Mask:
    """Where Temme's expansion is used."""
    return (order >= SMALLEST_ORDER) & (excess >= -0.5) & (excess < 1)


def _scaled(order: Array, excess: Array) -> tuple[Array, Array]:
    """In the transition, a G/(x**a exp(-x)) and G/Gamma(a); G is gamma(a, x) below the order, Gamma(a, x) above."""
    core, exponent = bracket(order, excess)
    return core * np.exp(once(stirling_remainder, order)), core * np.exp(-exponent) / np.sqrt(2 * pi * order)


def below(cutoff: Array, excess: Array) -> Mask:
    """Where gamma(a, x) is told by its power series: below the order, and at small cutoffs."""
    return (excess < 0) | (cutoff < SMALL_CUTOFF)


def lower_factor(order: Array, cutoff: Array, excess: Array) -> Array:
    """M(1, a + 1, x) where ``below`` holds, Q(a, x) elsewhere."""

    def middle(a: Array, mu: Array) -> Array:
        kummer, tail = _scaled(a, mu)
        return np.where(mu < 0, kummer, tail)

    out = np.empty_like(order)
    near = transition(order, excess)
    series = below(cutoff, excess)
    scatter(out, near, middle, order, excess)
    scatter(out, series & ~near, _kummer_series, order, cutoff)
    scatter(out, ~(series | near), gammaincc, order, cutoff)
    return out


def density(order: Array, cutoff: Array, excess: Array) -> Array:
    """x**(a - 1) exp(-x)/Gamma(a), to relative precision where it does not underflow."""

    def small(a: Array, x: Array, _: Array) -> Array:
        finite = np.minimum(x, 1e300)
        power = np.where(a < 0.5, np.where(x > 0, a * x**a / x, np.inf), x ** (a - 1))
        inside = power * np.exp(-x) / gamma(np.where(a < 0.5, 1 + a, a))
        return np.where(x < 1, inside, np.exp((a - 1) * np.log(finite) - finite - once(log_gamma, a)))

    def large(a: Array, x: Array, mu: Array) -> Array:
        phi = np.where((mu >= -0.5) & (mu <= 1), divergence(np.clip(mu, -0.5, 1)), mu - np.log(x / a))
        scale = np.exp(-a * phi - stirling_remainder(a)) / np.sqrt(2 * pi * a)
        return np.where(scale > 0, a / x * scale, 0.0)

    out = np.empty_like(order)
    least = order < 10
    scatter(out, least, small, order, cutoff, excess)
    scatter(out, ~least, large, order, cutoff, excess)
    return out


def log_lower(order: Array, cutoff: Array) -> Array:
    """log gamma(a, x)."""

    def inner(a: Array, x: Array, kummer: Array) -> Array:
        return a * np.log(x) - x - once(np.log, a) + np.log(kummer)  # x <= a: nothing large cancels

    def outer(a: Array, tail: Array) -> Array:
        return once(log_gamma, a) + np.log1p(-tail)

    excess = (cutoff - order) / order
    factor = lower_factor(order, cutoff, excess)
    out = np.empty_like(order)
    series = below(cutoff, excess)
    scatter(out, series, inner, order, cutoff, factor)
    scatter(out, ~series, outer, order, factor)
    return out


def lower_slope(order: Array, cutoff: Array) -> Array:
    """d log gamma(a, x)/dx = x**(a - 1) exp(-x)/gamma(a, x)."""

    def inner(a: Array, x: Array, kummer: Array) -> Array:
        return a / (x * kummer)

    def outer(a: Array, x: Array, mu: Array, tail: Array) -> Array:
        return density(a, x, mu) / (1 - tail)

    excess = (cutoff - order) / order
    factor = lower_factor(order, cutoff, excess)
    out = np.empty_like(order)
    series = below(cutoff, excess)
    scatter(out, series, inner, order, cutoff, factor)
    scatter(out, ~series, outer, order, cutoff, excess, factor)
    return out


def _upper_regimes(order: Array, cutoff: Array, excess: Array) -> tuple[Mask, Mask, Mask, Mask]:
    """Continued fraction, transition, order too small for Q, and the rest, where Q does not underflow."""
    far = (excess >= 1) & (cutoff >= SMALLEST_FRACTION)
    near = transition(order, excess)
    tiny = (order < TINY_ORDER) & (cutoff > 0) & ~far
    return far, near, tiny, ~(far | near | tiny)


def _tail(order: Array, cutoff: Array) -> Array:
    """Q(a, x); SciPy loses three digits of it around a = 1/2 and x = 1, where 1 - P loses one at most."""

    def complement(a: Array, x: Array) -> Array:
        mass = x**a * np.exp(-x) / gamma(1 + a) * _kummer_series(a, x)
        out = 1 - mass
        scatter(out, mass > 0.9, gammaincc, a, x)
        return out

    out = np.empty_like(order)
    small = (cutoff < SMALL_CUTOFF) & (order < SMALLEST_ORDER)
    scatter(out, small, complement, order, cutoff)
    scatter(out, ~small, gammaincc, order, cutoff)
    return out


def log_upper(order: Array, cutoff: Array) -> Array:
    """log Gamma(a, x)."""

    def far(a: Array, x: Array) -> Array:
        power = a * np.log(x) - x
        lost = (x > 16 * np.maximum(1, np.abs(power))) & (x < np.inf)
        scatter(power, lost, _exponent, a, x)
        return np.where(x < np.inf, power - np.log(_fraction(a, x)), -np.inf)

    def near(a: Array, x: Array, mu: Array) -> Array:
        scaled, mass = _scaled(a, mu)
        above = a * np.log(x) - x - np.log(a / scaled)
        return np.where(mu < 0, once(log_gamma, a) + np.log1p(-np.where(mu < 0, mass, 0.0)), above)

    def rest(a: Array, x: Array) -> Array:
        return once(log_gamma, a) + np.log(_tail(a, x))

    excess = (cutoff - order) / order
    regimes = _upper_regimes(order, cutoff, excess)
    out = np.empty_like(order)
    scatter(out, regimes[0], far, order, cutoff)
    scatter(out, regimes[1], near, order, cutoff, excess)
    scatter(out, regimes[2], lambda x: np.log(exp1(x)), cutoff)
    scatter(out, regimes[3], rest, order, cutoff)
    return out


def _exponent(order: Array, cutoff: Array) -> Array:
    """a log x - x in double-double, for where the two cancel."""
    power = multiply(pair(order), logarithm(pair(cutoff)))
    return add(power, pair(-cutoff)).high


def upper_slope(order: Array, cutoff: Array) -> Array:
    """d log Gamma(a, x)/dx = -x**(a - 1) exp(-x)/Gamma(a, x)."""

    def far(a: Array, x: Array) -> Array:
        return np.where(x < np.inf, -_fraction(a, x) / x, -1.0)

    def near(a: Array, x: Array, mu: Array) -> Array:
        scaled, mass = _scaled(a, mu)
        return np.where(mu < 0, -density(a, x, mu) / (1 - np.where(mu < 0, mass, 0.0)), -a / (x * scaled))

    def rest(a: Array, x: Array, mu: Array) -> Array:
        return -density(a, x, mu) / _tail(a, x)

    excess = (cutoff - order) / order
    regimes = _upper_regimes(order, cutoff, excess)
    out = np.empty_like(order)
    scatter(out, regimes[0], far, order, cutoff)
    scatter(out, regimes[1], near, order, cutoff, excess)
    scatter(out, regimes[2], lambda x: -np.exp(-x) / (x * exp1(x)), cutoff)
    scatter(out, regimes[3], rest, order, cutoff, excess)
    return out
