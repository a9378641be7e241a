"""Log volume of a ball, and log integral of exp(-||x||**p) over it, as kernels on checked arrays of one length.

Both are told relative to the radius rho = sqrt(n/(2 pi e)): with delta the Stirling remainder,

    log volume(n, r) = n log(r/rho) - log(pi n)/2 - delta(n/2),
    mass(n, r) = volume(n, r) exp(-x) M(1, a + 1, x) = volume(n, 1) Gamma(1 + a) (1 - Q(a, x)),

where a = n/p and x = r**p. Only one or two large terms are left in each; where they cancel they are summed in
double-double.
"""

from __future__ import annotations

from math import pi

import numpy as np
from scipy.special import gammaln

from numerics.double_double import (
    ONE_OVER_2_PI_E,
    Array,
    DoubleDouble,
    add,
    log_residual,
    logarithm,
    multiply,
    pair,
    power,
    square_root,
    two_product,
    two_sum,
)
from numerics.stable_gamma import (
    HALF_LOG_2_PI,
    below,
    density,
    lower_factor,
    once,
    scatter,
    stirling_remainder,
    transition,
)

NEAR, ENOUGH = 1 / 16, 50.0  # log(r/rho) is taken from r - rho within NEAR of 0, where n is ENOUGH for that to show


def reference_radius(dimension: Array) -> DoubleDouble:
    """rho = sqrt(n/(2 pi e)), the radius whose ball has a volume close to 1."""
    square = two_product(dimension, ONE_OVER_2_PI_E.high)
    return square_root(DoubleDouble(square.high, square.low + dimension * ONE_OVER_2_PI_E.low))


def _rounding(dimension: Array) -> Array:
    """The rounding error of n log(r/rho) away from r = rho, in units of 3e-16."""
    return dimension * np.maximum(1, np.abs(np.log(dimension * ONE_OVER_2_PI_E.high) / 2))


def _log_ratio(dimension: Array, radius: Array, radius_low: Array) -> Array:
    """log(r/rho), within 3e-16 * max(1, |log rho|), or of the result where n is large."""

    def reference(n: Array) -> tuple[Array, Array]:
        log_rho = np.log(n * ONE_OVER_2_PI_E.high) / 2
        size = np.maximum(1, np.abs(log_rho))
        return log_rho, np.where(n * size > ENOUGH, NEAR * size, 0.0)

    def refined(n: Array, high: Array, low: Array) -> Array:
        rho = once(reference_radius, n)
        out = high - rho.high
        out += once(np.positive, low) - rho.low
        out /= rho.high
        return np.log1p(out, out=out)

    log_rho, reach = once(reference, dimension)
    out = np.log(radius)
    out -= log_rho
    if reach.any():
        scatter(out, np.abs(out) < reach, refined, dimension, radius, radius_low)
    return out


def _volume_rest(dimension: Array) -> Array:
    """log volume(n, rho)."""
    return -np.log(pi * dimension) / 2 - stirling_remainder(dimension / 2)


def log_volume(dimension: Array, radius: Array) -> Array:
    """log volume(n, r)."""
    out = _log_ratio(dimension, radius, np.broadcast_to(0.0, radius.shape))
    out *= dimension
    out += once(_volume_rest, dimension)
    return out


def _order(dimension: Array, exponent: Array) -> DoubleDouble:
    order = dimension / exponent
    product = two_product(order, exponent)
    return DoubleDouble(order, ((dimension - product.high) - product.low) / exponent)


def _cutoff(radius: DoubleDouble, exponent: Array) -> DoubleDouble:
    """r**p; exact for p = 1, one product for p = 2."""
    square = multiply(radius, radius)
    if (exponent == 2).all():
        return square
    high = np.where(exponent == 1, radius.high, square.high)
    low = np.where(exponent == 1, radius.low, square.low)
    other = np.flatnonzero((exponent != 1) & (exponent != 2))
    if other.size:
        high[other], low[other] = power(DoubleDouble(radius.high[other], radius.low[other]), exponent[other])
    return DoubleDouble(high, low)


def _excess(dimension: Array, exponent: Array, high: Array, low: Array) -> Array:
    """(x - a)/a, to the relative precision of x - a."""
    order, cutoff = _order(dimension, exponent), _cutoff(DoubleDouble(high, low), exponent)
    return ((cutoff.high - order.high) + (cutoff.low - order.low)) / order.high


def _mass_parts(dimension: Array, exponent: Array, radius: Array, radius_low: Array) -> tuple[Array, ...]:
    """x, (x - a)/a and the factor of ``lower_factor``."""
    order = np.minimum(once(np.divide, dimension, exponent), 1e308)
    order = np.broadcast_to(order, radius.shape)
    cutoff = radius**exponent
    excess = (cutoff - order) / order
    scatter(excess, transition(order, excess), _excess, dimension, exponent, radius, radius_low)
    return cutoff, excess, lower_factor(order, cutoff, excess)


def log_mass(dimension: Array, exponent: Array, radius: Array, radius_low: Array) -> Array:
    """log of the integral of exp(-||x||**p) over the ball of radius r, given as a double-double."""

    def inner(n: Array, p: Array, high: Array, low: Array, x: Array, kummer: Array) -> Array:
        log_ratio = _log_ratio(n, high, low)
        large = n * log_ratio - x
        rest = once(_volume_rest, n) + np.log(kummer)
        total = np.maximum(1, np.abs(large + rest))
        lost = (x > total) & (np.maximum(once(_rounding, n), 2 * x) > 128 * total)
        scatter(large, lost, _inner_exponent, n, p, high, low, log_ratio)
        return large + rest

    def outer(n: Array, p: Array, tail: Array) -> Array:
        return once(_log_whole, n, p) + np.log1p(-tail)

    x, excess, factor = _mass_parts(dimension, exponent, radius, radius_low)
    out = np.empty_like(factor)
    series = below(x, excess)
    scatter(out, series, inner, dimension, exponent, radius, radius_low, x, factor)
    scatter(out, ~series, outer, dimension, exponent, factor)
    return out


def _log_whole(dimension: Array, exponent: Array) -> Array:
    """log of the integral over the whole space, volume(n, 1) Gamma(1 + n/p)."""
    log_gamma = gammaln(1 + dimension / exponent)
    large = log_gamma + dimension * _log_ratio(dimension, np.ones_like(dimension), np.zeros_like(dimension))
    rest = _volume_rest(dimension)
    lost = log_gamma > 8 * np.maximum(1, np.abs(large + rest))
    scatter(large, lost & (dimension > 10 * exponent), _whole_exponent, dimension, exponent)
    return large + rest


def _inner_exponent(dimension: Array, exponent: Array, high: Array, low: Array, log_ratio: Array) -> Array:
    """n log(r/rho) - r**p in double-double, from the rounded logarithm."""
    radius = DoubleDouble(high, low)
    residual = log_residual(radius, once(reference_radius, dimension), log_ratio)
    cutoff = _cutoff(radius, exponent)
    scale = two_product(dimension, log_ratio)
    large = two_sum(scale.high, -cutoff.high)
    return large.high + (large.low + (scale.low + dimension * residual - cutoff.low))


def _whole_exponent(dimension: Array, exponent: Array) -> Array:
    """log Gamma(1 + n/p) - n log rho in double-double but for the Stirling remainder; n/p is at least 10."""
    order = _order(dimension, exponent)
    scale = multiply(pair(-dimension), logarithm(reference_radius(dimension)))
    root = logarithm(order)
    stirling = multiply(order, add(root, pair(-np.ones_like(dimension))))
    rest = HALF_LOG_2_PI + root.high / 2 + stirling_remainder(order.high)
    return add(scale, stirling).high + rest


def mass_slope(dimension: Array, exponent: Array, radius: Array) -> Array:
    """d log mass/dr."""

    def inner(n: Array, r: Array, kummer: Array) -> Array:
        return n / (r * kummer)

    def outer(n: Array, p: Array, r: Array, x: Array, mu: Array, tail: Array) -> Array:
        rate = np.minimum(x, 1e300) * density(n / p, x, mu) / (1 - tail)
        return np.where(rate > 0, rate * (p / r), 0.0)

    x, excess, factor = _mass_parts(dimension, exponent, radius, np.broadcast_to(0.0, radius.shape))
    out = np.empty_like(factor)
    series = below(x, excess)
    scatter(out, series, inner, dimension, radius, factor)
    scatter(out, ~series, outer, dimension, exponent, radius, x, excess, factor)
    return out
