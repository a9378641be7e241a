"""Making a violation smaller: fewer patterns, fewer dimensions, then simpler numbers.

Every move strictly lowers the complexity of the point and has to keep the violation, so shrinking ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations, product
from math import ceil
from typing import Any

import sympy as sp

from theory.domain import Family, Range
from validation.methods.admission import rebuilt, replaced
from validation.methods.exact import Point, Value, entries, reduced
from validation.methods.points import Space

Key = tuple[int, int, tuple[Any, ...]]
DENOMINATORS = (1, 2, 3, 4, 10, 100, 1000, 10**6)
ENTRIES_LIMIT = 200
SLICES = 8
PAIRED = 6
SIMPLE = (*map(Fraction, (0, 1, -1, 2, -2, 3, -3)), Fraction(1, 2), Fraction(3, 2))


def complexity(space: Space, point: Point) -> Key:
    """What shrinking lowers: the total of the sizes, then numerators plus denominators, then a fixed order."""
    total = weight = 0
    order: list[Any] = []
    for part in space.parts:
        name = part.symbol if isinstance(part, Range) else part.base
        numbers = list(entries(point[name]))
        if name in space.counted or (part.integer and isinstance(part, Range)):
            total += sum(int(abs(number)) for number in numbers)
        else:
            weight += sum(abs(number.numerator) + number.denominator for number in numbers)
        order += [(abs(number), number < 0) for number in numbers[:ENTRIES_LIMIT]]
    return total, weight, tuple(order)


def shrink(
    space: Space,
    point: Point,
    violates: Callable[[Point], bool],
    late: Callable[[], bool],
    confirm: Callable[[Point], bool],
) -> Point:
    """The smallest violating point reached from ``point``; every improvement is offered to ``confirm``."""
    key = complexity(space, point)
    confirm(point)
    moved = True
    while moved and not late():
        moved = False
        for candidate in _moves(space, point):
            if late():
                break
            smaller = complexity(space, candidate)
            if smaller < key and violates(candidate):
                point, key, moved = candidate, smaller, True
                confirm(point)
                break
    return point


def _moves(space: Space, point: Point) -> Iterator[dict[Any, Value]]:
    yield from _fewer(space, point)
    families = [part for part in space.parts if isinstance(part, Family) and not part.integer]
    free = (part for part in space.parts if isinstance(part, Range) and part.symbol not in space.counted)
    scalars = sorted(free, key=lambda part: part.integer)  # sizes are at their least already
    for family in families:
        value = point[family.base]
        for number in (0, 1):
            yield {**point, family.base: rebuilt(value, iter([number] * len(list(entries(value)))))}
    for denominator in DENOMINATORS:
        yield {
            **point,
            **{part.symbol: _rounded(point[part.symbol], denominator) for part in scalars if not part.integer},
            **{part.base: _coarse(point[part.base], denominator) for part in families},
        }
    for scalar in scalars:
        for number in _simpler(point[scalar.symbol], scalar.integer):
            yield {**point, scalar.symbol: number}
    for family in families:
        numbers = list(entries(point[family.base]))
        if len(numbers) > ENTRIES_LIMIT:
            continue
        for place, value in enumerate(numbers):
            for number in _simpler(value, False):
                yield {**point, family.base: replaced(point[family.base], place, number)}
    yield from _pairs(space, point, families)


def _pairs(space: Space, point: Point, families: list[Family]) -> Iterator[dict[Any, Value]]:
    """Two entries at once among simple numbers, simplest points first, where there are few entries.

    Conditions tie entries together: two patterns that move apart let both balls take simpler radii.
    """
    places = [(f.base, place) for f in families for place in range(len(list(entries(point[f.base]))))]
    if len(places) > PAIRED:
        return
    found = []
    for (base, a), (other, b) in combinations(places, 2):
        for first, second in product(SIMPLE, repeat=2):
            moved = {**point, base: replaced(point[base], a, reduced(first))}
            found.append({**moved, other: replaced(moved[other], b, reduced(second))})
    yield from sorted(found, key=lambda candidate: complexity(space, candidate))


def _coarse(value: Value, denominator: int) -> Value:
    if isinstance(value, tuple):
        return tuple(_coarse(item, denominator) for item in value)
    return _rounded(value, denominator)


def _rounded(value: Any, denominator: int) -> Any:
    return reduced(Fraction(value).limit_denominator(denominator))


def _simpler(value: Any, integer: bool) -> Iterator[Any]:
    """Simpler numbers than ``value``, simplest first."""
    exact = Fraction(value)
    size = abs(exact.numerator) + exact.denominator
    near = [Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(-2)]
    near += [Fraction(exact.numerator // exact.denominator), Fraction(ceil(exact)), Fraction(exact.numerator // 2)]
    near += [Fraction(int(exact * share)) for share in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10))]
    near += [exact - (1 if exact > 0 else -1)]
    if not integer:
        near += [exact.limit_denominator(denominator) for denominator in DENOMINATORS]
        near += [Fraction(1, 2), Fraction(-1, 2), Fraction(1, 10), exact / 2]
    for number in dict.fromkeys(near):
        if abs(number.numerator) + number.denominator < size or (number == -exact and number > 0):
            yield reduced(number)


def _fewer(space: Space, point: Point) -> Iterator[dict[Any, Value]]:
    """Points with smaller sizes: half of an axis first, then single slices of it."""
    pinned = dict(space.pinned)
    for part in space.parts:
        if isinstance(part, Range) and part.symbol in space.counted and part.symbol not in pinned:
            size = int(point[part.symbol])
            least = int(part.lower) if part.lower.is_Integer else 1
            for kept in dict.fromkeys((least, size // 4, size // 2, 3 * size // 4)):
                if least <= kept < size - 1:
                    yield _kept(space, point, part.symbol, tuple(range(kept)))
                    yield _kept(space, point, part.symbol, tuple(range(size - kept, size)))
            if size > least:
                for gone in [*range(min(size, SLICES)), *range(max(SLICES, size - SLICES), size)]:
                    yield _kept(space, point, part.symbol, tuple(p for p in range(size) if p != gone))
        elif isinstance(part, Family) and part.base in space.counted and len(part.shape) == 1:
            for layer, size in enumerate(point[part.base]):
                for gone in range(min(size, SLICES)) if size > 1 else ():
                    yield _without(space, point, part, layer, gone)


def _kept(space: Space, point: Point, symbol: sp.Symbol, places: tuple[int, ...]) -> dict[Any, Value]:
    """The point with only some places along every axis whose extent is ``symbol``."""
    smaller: dict[Any, Value] = {**point, symbol: len(places)}
    for part in space.parts:
        if isinstance(part, Family) and symbol in part.shape:
            smaller[part.base] = _select(point[part.base], part.shape, symbol, places)
    return smaller


def _select(value: Value, shape: tuple[Any, ...], symbol: sp.Symbol, places: tuple[int, ...]) -> Value:
    if not shape:
        return value
    chosen = [value[place] for place in places if place < len(value)] if shape[0] == symbol else list(value)
    return tuple(_select(item, shape[1:], symbol, places) for item in chosen)


def _without(space: Space, point: Point, sizes: Family, layer: int, gone: int) -> dict[Any, Value]:
    """The point without pattern ``gone`` of layer ``layer``, in every family whose second axis has these sizes."""
    counts = list(point[sizes.base])
    counts[layer] -= 1
    smaller: dict[Any, Value] = {**point, sizes.base: tuple(counts)}
    for part in space.parts:
        if isinstance(part, Family) and len(part.shape) > 1 and part.shape[1].has(sizes.base):
            layers = list(point[part.base])
            layers[layer] = tuple(item for place, item in enumerate(layers[layer]) if place != gone)
            smaller[part.base] = tuple(layers)
    return smaller
