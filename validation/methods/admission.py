"""Which drawn points satisfy the side conditions, and how to move those that do not.

Conditions are measured in float64 first; where rounding could matter they are decided exactly.  A point that misses
a condition is repaired by changing one variable at a time: a scalar moves to a value of its own range or to the exact
boundary of the condition, a family is rescaled, shifted in one entry, sorted, or drawn again.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp

from theory.atoms import IndexMax, IndexMin
from theory.domain import Condition, Domain, Range, Relation
from validation.evidence import Outcome
from validation.methods.decision import condition_gap, in_family, in_range, instances, meets, satisfied
from validation.methods.exact import (
    EXPANSION_LIMIT,
    Point,
    Sign,
    UndefinedError,
    UnsupportedError,
    Value,
    Vanishes,
    concrete,
    entries,
    reduced,
    volume,
)
from validation.methods.patterns import KINDS
from validation.methods.points import NoPointError, ends, scalar_options
from validation.methods.rounding import Gauge, Measure, as_arrays

LADDER = tuple(Fraction(2) ** power for power in (-1, 1, -3, 3, -6, 6, -12, 12, -24, 24))
TIES_LIMIT = 400


@cache
def _gauge(condition: Condition) -> Gauge:
    """The worst gap of a condition over its indices, as one expression."""
    gap = condition_gap(condition)
    if condition.relation is Relation.EQ:
        gap = sp.Abs(gap)
    for limit in reversed(condition.forall):
        gap = (IndexMax if condition.relation is Relation.EQ else IndexMin)(gap, limit)
    return Gauge(gap)


class Gate:
    """Tells which points lie in a domain, in float64 where that is clear and exactly where it is not."""

    def __init__(self, domain: Domain, vanishes: Vanishes | None = None) -> None:
        self.domain, self.vanishes = domain, vanishes

    def shaped(self, point: Point) -> bool:
        """Whether ranges and shapes are right, decided exactly."""
        try:
            return all(in_range(part, point, self.vanishes) is Outcome.HOLDS for part in self.domain.ranges) and all(
                in_family(part, point, self.vanishes) is Outcome.HOLDS for part in self.domain.families
            )
        except (UndefinedError, UnsupportedError):
            return False

    def missed(self, point: Point, arrays: dict[Any, Any] | None = None) -> list[Condition]:
        """The side conditions that the point does not satisfy, or is not known to satisfy."""
        if not self.domain.given:
            return []
        arrays = as_arrays(point) if arrays is None else arrays
        return [part for part in self.domain.given if not self._met(part, point, arrays)]

    def admits(self, point: Point, arrays: dict[Any, Any] | None = None) -> bool:
        """Whether the point lies in the domain, up to float64 where that is clear."""
        return self.shaped(point) and not self.missed(point, arrays)

    def _met(self, part: Condition, point: Point, arrays: dict[Any, Any]) -> bool:
        measure: Measure = _gauge(part)(point, arrays)
        if measure.clear:
            sign = Sign.POSITIVE if measure.gap > 0 else Sign.NEGATIVE
            return satisfied(part.relation, sign) is Outcome.HOLDS
        if volume(point) > TIES_LIMIT:
            return False
        try:
            return meets(part, point, self.vanishes) is Outcome.HOLDS
        except (UndefinedError, UnsupportedError):
            return False

    def repaired(self, point: dict[Any, Value], rng: random.Random, rounds: int = 3) -> dict[Any, Value] | None:
        """A point that satisfies all conditions, found from ``point`` one variable at a time; ``None`` if not found."""
        missed = self.missed(point)
        for _ in range(rounds):
            if not missed:
                return point
            best: dict[Any, Value] | None = None
            for candidate in self._moves(point, missed[0], rng):
                if not self.shaped(candidate):
                    continue
                left = self.missed(candidate)
                if len(left) < len(missed) or (left and left[0] not in missed):
                    best, missed = candidate, left
                    if not left:
                        return candidate
            if best is None:
                return None
            point = best
        return None

    def _moves(self, point: dict[Any, Value], condition: Condition, rng: random.Random) -> Iterator[dict[Any, Value]]:
        names = {str(symbol) for symbol in condition_gap(condition).free_symbols}
        shapes = {symbol for family in self.domain.families for extent in family.shape for symbol in extent.atoms()}
        scalars = [part for part in self.domain.ranges if str(part.symbol) in names and part.symbol not in shapes]
        families = [part for part in self.domain.families if str(part.base.label) in names and not part.integer]
        rng.shuffle(scalars)
        rng.shuffle(families)
        for part in scalars:
            for value in self._scalar_moves(part, point, condition, rng):
                yield {**point, part.symbol: value}
        for family in families:
            value = point[family.base]
            if volume({0: value}) > TIES_LIMIT:
                continue
            scale = boundaries(condition, point, lambda factor, f=family, v=value: {f.base: scaled(v, factor)})
            for factor in (*scale, *LADDER, Fraction(0)):
                yield {**point, family.base: scaled(value, factor)}
            numbers = list(entries(value))
            for place in {0, len(numbers) - 1, rng.randrange(len(numbers))} if numbers else ():
                swap = boundaries(
                    condition, point, lambda new, f=family, v=value, p=place: {f.base: replaced(v, p, reduced(new))}
                )
                yield from ({**point, family.base: replaced(value, place, reduced(new))} for new in swap)
            yield {**point, family.base: rebuilt(value, iter(sorted(numbers)))}
            yield {**point, family.base: rebuilt(value, iter(sorted(numbers, reverse=True)))}
            lengths = row_lengths(value)
            for kind in rng.sample(list(KINDS), len(KINDS)):
                rows = KINDS[kind](lengths, rng)
                numbers = [reduced(number) for row in rows for number in row]
                yield {**point, family.base: rebuilt(value, iter(numbers))}

    def _scalar_moves(
        self, part: Range, point: dict[Any, Value], condition: Condition, rng: random.Random
    ) -> list[Value]:
        try:
            lower, upper = ends(part, point)
            options = scalar_options(part, point)
        except (NoPointError, UndefinedError, UnsupportedError):
            return []
        edge = boundaries(condition, point, lambda new: {part.symbol: reduced(new)})
        far = max((abs(value) for value in edge), default=Fraction(1)) or Fraction(1)
        near = [value + side * far / share for value in edge for share in (2**30, 10, 1) for side in (1, -1)]
        towards = [(value + end) / 2 for value in edge for end in (lower, upper) if end is not None]
        if part.integer:
            edge = [Fraction(value // 1 + step) for value in edge for step in (0, 1, -1, 2)]
            near, towards = [], []
        found: list[Value] = [reduced(value) for value in (*edge, *near, *towards)]
        rng.shuffle(found)
        return [*found, *rng.sample(options, len(options))]


def boundaries(condition: Condition, point: Point, change: Any) -> list[Fraction]:
    """Arguments of ``change`` at which a gap that is affine in them is 0; none where it is not affine.

    They are exact where the gap is rational, else within rounding.  ``change`` maps a ``Fraction`` to the variables
    that it sets.
    """
    gap, found = condition_gap(condition), []
    try:
        for count, case in enumerate(instances(condition, point)):
            if count == 16:
                break
            at = [concrete(gap, {**case, **change(Fraction(new))}, EXPANSION_LIMIT) for new in (0, 1, 2)]
            rise = at[1] - at[0]
            if not all(value.is_Rational for value in at):
                found += _crossing(*(float(value) for value in at))
            elif rise != 0 and at[2] - at[1] == rise:
                found.append(Fraction(str(-at[0] / rise)))
    except (UndefinedError, UnsupportedError, OverflowError):
        return list(dict.fromkeys(found))
    return list(dict.fromkeys(found))


def _crossing(at_0: float, at_1: float, at_2: float) -> list[Fraction]:
    """Where a gap with these values at 0, 1 and 2 crosses 0, if it looks affine."""
    rise, bend = at_1 - at_0, at_2 - 2 * at_1 + at_0
    straight = abs(bend) <= 1e-12 * max(abs(at_0), abs(at_1), abs(at_2))
    return [Fraction(-at_0 / rise)] if straight and rise and math.isfinite(at_0 / rise) else []


def scaled(value: Value, factor: Fraction) -> Value:
    """Every entry times ``factor``."""
    return tuple(scaled(item, factor) for item in value) if isinstance(value, tuple) else reduced(value * factor)


def rebuilt(value: Value, numbers: Iterator[Any]) -> Value:
    """Nested tuples of the same shape, filled from ``numbers``."""
    return tuple(rebuilt(item, numbers) for item in value) if isinstance(value, tuple) else next(numbers)


def replaced(value: Value, place: int, number: Any) -> Value:
    """The entry at flat position ``place`` replaced."""
    numbers = list(entries(value))
    numbers[place] = number
    return rebuilt(value, iter(numbers))


def row_lengths(value: Value) -> list[int]:
    """The lengths of the innermost tuples, in order."""
    if not value or not isinstance(value[0], tuple):
        return [len(value)]
    return [length for item in value for length in row_lengths(item)]
