"""Integrals of ``f(||x||)`` over a ball of R^n in double precision, for arrays of dimensions and radii.

The same form as in balls: the volume times the integral of exp(-x) f(r exp(-x/n)) over x >= 0, with logarithms for all
that may overflow and Gauss-Legendre panels on the ridge of each entry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from numerics.backends.ridge import marks

Array = np.ndarray[Any, Any]
Density = Callable[[Array], tuple[Array, Array]]
"""Sign of f and logarithm of ``|f|`` at distances; both broadcast against them."""

DEPTH = 45.0
ROUNDS, FAN = 5, 17
HALVINGS = 40
PANELS, NODES = (4, 8, 16, 32, 64, 128), 20


def integral_over_radii(density: Density, dimension: Array, radius: Array) -> Array:
    """The integrals, one for each entry of the shape that all broadcast to.

    Dimension and radius have one axis for every open index; the axis of the nodes comes before them.  Not a number
    where the dimension is not positive, the radius negative, or f underflows everywhere.
    """

    def height(x: Array) -> tuple[Array, Array]:
        sign, logarithm = density(radius * np.exp(-x / dimension))
        return sign, logarithm - x

    places = np.array(marks(max(1.0, float(np.nanmax(dimension, initial=1.0))))).reshape((-1,) + (1,) * dimension.ndim)
    top, peak, last = _summit(lambda x: height(x)[1], places)
    start = _crossing(lambda x: height(x)[1] > top - DEPTH, peak, np.zeros_like(peak))
    stop = _crossing(lambda x: height(x)[1] > top - DEPTH, peak, np.maximum(last, peak + DEPTH))
    mean = _mean(height, start, peak, stop, top)
    with np.errstate(all="ignore"):
        half = dimension / 2
        volume = half * np.log(np.pi) + dimension * np.log(radius) - special.gammaln(half + 1)
        value = np.exp(volume + top) * mean
        value = np.where(radius == 0, 0.0, value)
    result: Array = np.where((dimension > 0) & (radius >= 0) & np.isfinite(top), value, np.nan)
    return result


def _pick(values: Array, place: Array) -> Array:
    picked: Array = np.take_along_axis(values, place[None], axis=0)[0]
    return picked


def _summit(height: Callable[[Array], Array], places: Array) -> tuple[Array, Array, Array]:
    """Largest logarithm, where it is, and the last place looked at, for each entry."""
    heights = np.nan_to_num(height(places), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
    if heights.shape[0] == 1:
        heights = np.repeat(heights, len(places), axis=0)
    places = np.broadcast_to(places, heights.shape).copy()
    last = places[-1]
    for _ in range(ROUNDS):
        best = np.argmax(heights, axis=0)
        low = _pick(places, np.maximum(best - 1, 0))
        high = _pick(places, np.minimum(best + 1, len(places) - 1))
        kept, top = _pick(places, best), _pick(heights, best)
        share = np.linspace(0.0, 1.0, FAN).reshape((-1,) + (1,) * low.ndim)
        places = np.concatenate([low + (high - low) * share, kept[None]])
        places.sort(axis=0)
        heights = np.nan_to_num(height(places), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
    best = np.argmax(heights, axis=0)
    better = _pick(heights, best) > top
    return np.where(better, _pick(heights, best), top), np.where(better, _pick(places, best), kept), last


def _crossing(matters: Callable[[Array], Array], inner: Array, outer: Array) -> Array:
    """Between a place that matters and an outer one, the first that does not; the outer one if it matters."""
    end = np.where(matters(outer[None])[0], outer, np.nan)
    for _ in range(HALVINGS):
        middle = (inner + outer) / 2
        inside = matters(middle[None])[0]
        inner, outer = np.where(inside, middle, inner), np.where(inside, outer, middle)
    result: Array = np.where(np.isnan(end), outer, end)
    return result


def _mean(height: Callable[[Array], tuple[Array, Array]], start: Array, peak: Array, stop: Array, top: Array) -> Array:
    """The integral of ``sign * exp(height - top)`` from start to stop, panels doubled until it settles."""
    abscissae, weights = np.polynomial.legendre.leggauss(NODES)
    tail = (1,) * start.ndim
    previous: Any = np.inf
    for panels in PANELS:
        left = np.repeat(np.arange(panels), NODES).reshape((-1, *tail))
        inside = np.tile((abscissae + 1) / 2, panels).reshape((-1, *tail))
        share = np.tile(weights / 2, panels).reshape((-1, *tail)) / panels
        total: Any = 0.0
        for low, high in ((start, peak), (peak, stop)):
            sign, logarithm = height(low + (high - low) * (left + inside) / panels)
            total = total + np.sum(share * sign * np.exp(logarithm - top), axis=0) * (high - low)
        if not np.any(np.abs(total - previous) > 1e-14 * np.abs(total)):
            break
        previous = total
    return np.asarray(total)
