"""Where the mass of a radial integral lies.

Over x >= 0 the integrand exp(-x) f(r exp(-x/n)) may peak anywhere between 0 and some tens of n, with a width from 1 to
sqrt(n) and a height that no double holds.  The search runs on its logarithm.  What it finds places nodes and sets
tolerances; no guarantee rests on it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

GOLDEN = (3 - math.sqrt(5)) / 2
REFINEMENTS = 14
HALVINGS = 20


@dataclass(frozen=True)
class Ridge:
    """The integrand matters on [start, stop], is largest about ``peak`` and has the logarithm ``top`` there."""

    start: float
    peak: float
    stop: float
    top: float


def marks(size: float) -> list[float]:
    """Places to look at first, for a dimension of about ``size``."""
    return [0.0, *(2.0**power for power in range(-2, 7 + max(0, math.ceil(math.log2(size)))))]


def find_ridge(height: Callable[[float], float], size: float, depth: float) -> Ridge:
    """The ridge of a function given by its logarithm, down to ``depth`` nats below the top.

    ``height`` may be ``-inf``; with several peaks the highest mark decides.
    """
    places = marks(size)
    heights = [height(place) for place in places]
    best = max(range(len(places)), key=heights.__getitem__)
    low, high = places[max(best - 1, 0)], places[min(best + 1, len(places) - 1)]
    seen = [(heights[best], places[best])]
    left, right = low + GOLDEN * (high - low), high - GOLDEN * (high - low)
    at_left, at_right = height(left), height(right)
    for _ in range(REFINEMENTS):
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = low + GOLDEN * (high - low)
            at_left = height(left)
        else:
            low, left, at_left = left, right, at_right
            right = high - GOLDEN * (high - low)
            at_right = height(right)
    top, peak = max([*seen, (at_left, left), (at_right, right)])

    def crossing(inner: float, outer: float) -> float:
        for _ in range(HALVINGS):
            middle = (inner + outer) / 2
            inner, outer = (middle, outer) if height(middle) > top - depth else (inner, middle)
        return outer

    start = 0.0 if heights[0] > top - depth else crossing(peak, 0.0)
    return Ridge(start, peak, crossing(peak, max(places[-1], peak + depth)), top)
