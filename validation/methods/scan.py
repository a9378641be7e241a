"""Points far out: sizes and scalars on a geometric scale, for what first fails at n = 21 or at n = 1000.

An axis is a scalar whose range has no upper end and that no family needs for its shape.  Every axis is walked alone,
the others at simple values, and all of them together; coarse steps first.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import sympy as sp

from theory.domain import Family, Range
from validation.methods.exact import Point, Value, reduced
from validation.methods.points import NoPointError, Space, assemble, ends, inside, walking

STEPS = (*range(8), *sorted({round(2 ** (half / 2)) for half in range(6, 27)}))  # to 8192
POWERS = tuple(Fraction(2) ** (2 * power) for power in range(-5, 7))
VARIANTS = 12


def axes(space: Space) -> tuple[Range, ...]:
    """The scalars to walk along."""
    shapes: set[Any] = {s for part in space.parts if isinstance(part, Family) for e in part.shape for s in e.atoms()}
    pinned = dict(space.pinned)
    ranges = (part for part in space.parts if isinstance(part, Range) and part.symbol not in pinned)
    return tuple(part for part in ranges if part.upper == sp.oo and part.symbol not in shapes)


def marks(part: Range, point: Point) -> list[Value]:
    """Values along an axis at a point, from its lower end outwards."""
    lower, upper = ends(part, point)
    start = Fraction(0) if lower is None else lower
    if part.integer:
        first = -((-start) // 1)
        values = [Fraction(first + step) for step in STEPS]
    else:
        values = [start + power for power in POWERS]
    return [reduced(value) for value in values if inside(part, value, lower, upper)]


def far(space: Space, seed: int = 0, known: Point | None = None) -> Iterator[dict[Any, Value]]:
    """Points along the axes; ``known`` gives variables of an outer domain."""
    walked = axes(space)
    sizes = tuple(part for part in walked if part.integer)
    lines: list[tuple[Range, ...]] = [(part,) for part in (*sizes, *(p for p in walked if not p.integer))]
    if len(sizes) > 1:
        lines.append(sizes)
    most = max((len(STEPS) if part.integer else len(POWERS) for part in walked), default=0)
    for variant in range(VARIANTS if len(space.parts) > 1 else 1):
        for offset in (0, 2, 1, 3):
            for place in range(offset, most, 4):
                for line in lines:
                    point = _at(space, line, place, variant, random.Random(f"far {seed} {variant}"), known)
                    if point is not None:
                        yield point


def scattered(space: Space, seed: int, cases: int, known: Point | None = None) -> Iterator[dict[Any, Value]]:
    """Points anywhere, every choice made at random: many for little time."""
    rng = random.Random(f"scattered {seed}")
    for _ in range(cases):
        try:
            yield assemble(space, rng.choice, rng, known=known)
        except NoPointError:
            continue


def _at(
    space: Space, line: tuple[Range, ...], place: int, variant: int, rng: random.Random, known: Point | None
) -> dict[Any, Value] | None:
    try:
        base = assemble(space, walking(variant), rng, known=known)
        values = {part.symbol: marks(part, base) for part in line}
        if any(place >= len(found) for found in values.values()):
            return None
        return assemble(space, walking(variant), rng, {s: found[place] for s, found in values.items()}, known=known)
    except NoPointError:
        return None
