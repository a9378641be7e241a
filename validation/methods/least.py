"""The least size at which a claim fails: bisection on each size, with the reals free to move.

Shrinking keeps the reals where they are, so it stops where those no longer violate; here they are searched again at
every size.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from theory.domain import Range
from validation.methods.exact import Point, reduced
from validation.methods.points import Space
from validation.methods.scan import axes

EXHAUSTED = 3000
BELOW = 8

Search = Callable[[Point], Point | None]
"""A violating point with the sizes of the one given, or ``None``."""


def least_sizes(space: Space, point: Point, search: Search, late: Callable[[], bool], spare: float) -> Point:
    """A violating point whose sizes are the least that were found, one size after the other.

    Bisection may take all the time there is; ``spare`` seconds are for sizes that it passed over.
    """
    sizes = [part for part in axes(space) if part.integer and part.lower.is_Integer]
    for part in sizes:
        point = _least(part, point, search, late, spare / len(sizes))
    return point


def _least(part: Range, point: Point, search: Search, late: Callable[[], bool], spare: float) -> Point:
    """Bisection, then the sizes just below, then all smaller ones from the least up: failures may come in islands."""
    failing, holding = int(point[part.symbol]), int(part.lower) - 1 + int(part.open_lower)
    first = holding + 1
    while failing - holding > 1 and not late():
        middle = (failing + holding) // 2
        found = search({**point, part.symbol: middle})
        if found is None:
            holding = middle
        else:
            point, failing = found, middle
    until = time.monotonic() + spare
    rest = [*range(failing - 2, max(first, failing - BELOW) - 1, -1)]
    rest += range(first, min(failing, first + EXHAUSTED))
    for size in dict.fromkeys(rest):
        if late() or time.monotonic() > until:
            break
        if size >= int(point[part.symbol]):
            continue
        found = search({**point, part.symbol: size})
        if found is not None:
            point = found
            if size < failing - BELOW:
                break
    return point


def moved(space: Space, point: Point) -> Iterator[dict[Any, Any]]:
    """The point, and the same with its real scalars multiplied by powers of the square root of 2."""
    yield dict(point)
    reals = [part.symbol for part in space.parts if isinstance(part, Range) and not part.integer]
    for factor in (Fraction(5, 7), Fraction(7, 5), Fraction(1, 2), Fraction(2), Fraction(1, 4), Fraction(4)):
        if reals:
            yield {**point, **{name: reduced(Fraction(point[name]) * factor) for name in reals}}
