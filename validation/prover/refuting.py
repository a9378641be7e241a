"""Refutation: a search for an exact point of the domain at which a statement certainly fails.

Simple points come first, then lines and curves through them on all scales, then descents in many bits from the lowest
places; each round looks finer, nearer to the ends and farther out.  Balls at exact points decide, in two precisions;
ties are decided by normal forms.  The searches are generators that yield every few milliseconds at most, so that a
proof may be sought beside them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp

from numerics.backends.frame import UnsupportedExpression
from validation.certificates.goals import Goal, goals_of
from validation.certificates.nodes import Witness
from validation.prover.refuting_descent import descend
from validation.prover.refuting_faces import Features, boundaries, reduced
from validation.prover.refuting_lines import Line, Search, Trail, scan
from validation.prover.refuting_paths import coordinate_lines, curves, grid, related_lines, simple_points
from validation.prover.refuting_points import Gauge, Point, number
from validation.prover.refuting_simpler import simplified

if TYPE_CHECKING:
    from theory.language import Statement

Late = Callable[[], bool]
SIMPLE = {0: 1, 1: 40, 2: 14, 3: 8}
DESCENTS = (6, 20, 60, 100)
SHARE = 6
LEVELS_OF_DEFINEDNESS = 2


@dataclass(frozen=True)
class Undefined:
    """A point of the domain at which a side is not real, and what would have to hold there."""

    point: tuple[tuple[str, sp.Expr], ...]
    side: str


def refute(statement: Statement, late: Late) -> Generator[Undefined | None, None, Witness | None]:
    """Search until a witness is found or ``late()``; yields ``None`` often and each undefined point once when met.

    The statement must not be divided by what may vanish: a witness satisfies every requirement of definedness for
    certain.  Returns ``None`` where nothing was found or a function has no ball.
    """
    goals = goals_of(statement)
    main = search(goals[-1], late)
    aside = _undefined_points(goals[:-1], late)
    for turn in itertools.count():
        if late():
            return None
        if turn % SHARE == 0 and aside is not None:
            try:
                yield next(aside)
            except StopIteration:
                aside = None
        try:
            next(main)
        except StopIteration as end:
            return witness_of(goals[-1], end.value)
        yield None
    return None


def witness_of(goal: Goal, point: Point | None) -> Witness | None:
    """The point by the names of the variables."""
    if point is None:
        return None
    return Witness(tuple((symbol.name, number(v)) for (symbol, _), v in zip(goal.box, point, strict=True)))


def _undefined_points(goals: tuple[Goal, ...], late: Late) -> Iterator[Undefined | None]:
    for goal in goals:
        searched = search(goal, late, LEVELS_OF_DEFINEDNESS)
        while True:
            try:
                yield next(searched)
            except StopIteration as end:
                found = witness_of(goal, end.value)
                break
        if found is not None:
            yield Undefined(found.point, f"{goal.gap} {goal.relation} 0")
            return


def search(goal: Goal, late: Late, levels: int | None = None) -> Search:
    """A confirmed point of the region at which the goal fails, made simple; ``None`` if none is found."""
    try:
        gauge = Gauge(goal)
    except UnsupportedExpression:
        return None
    parts = [(part, Trail()) for part in reduced(gauge)]
    for level in itertools.count() if levels is None else range(levels):
        if level == 1:
            parts += [(part, Trail()) for part in boundaries(gauge)]
        for part, trail in parts:
            for sweep in _sweeps(part, level, trail):
                found = yield from sweep
                if found is not None:
                    return part.lifted((yield from simplified(part, found, late)))
        if all(not part.intervals for part, _ in parts):
            return None
    return None


def _sweeps(gauge: Gauge, level: int, trail: Trail) -> Iterator[Search]:
    """The searches of one round, the cheap and the likely first."""
    size = len(gauge.intervals)
    if level == 0:
        yield _points(gauge)
    if size == 0:
        return
    features = Features(gauge) if level else None
    if size == 1:
        yield from (_along(line, level, trail, features, level) for line in coordinate_lines(gauge, 0))
        return
    yield _grid(gauge, level, trail)
    yield _descents(gauge, level, trail)
    yield from (scan(line, min(level, 2), trail) for line in related_lines(gauge, level))
    marking = features if level >= 2 else None
    yield from (_along(line, min(level, 2), trail, marking) for line in coordinate_lines(gauge, level, level))
    yield from (scan(line, min(level, 1), trail) for line in curves(gauge, level))
    yield _descents(gauge, level, trail)


def _along(line: Line, level: int, trail: Trail, features: Features | None, seed: int = 0) -> Search:
    """A scan with ladders to where parts of the gap change their sign."""
    marks = (yield from features.marks(line, min(level, 2) - 1)) if features is not None else ()
    return (yield from scan(line, level, trail, marks, seed))


def _points(gauge: Gauge) -> Search:
    """Points with simple coordinates."""
    ties = 0
    for point in simple_points(gauge, SIMPLE[min(len(gauge.intervals), 3)]):
        look = gauge.look(point)
        yield
        tied = look.defined and look.sign is None and gauge.goal.strict and ties < 20
        ties += tied
        if (tied or gauge.fails(look.sign)) and gauge.confirms(point):
            return point
    return None


def _grid(gauge: Gauge, level: int, trail: Trail) -> Search:
    """All points of a coarse grid on all scales; those lower than their neighbours are kept for descents."""
    columns = grid(gauge, level)
    shape = [len(column) for column in columns]
    if not all(shape):
        return None
    heights: dict[tuple[int, ...], tuple[float, float]] = {}
    for place in itertools.product(*map(range, shape)):
        point = tuple(column[k] for column, k in zip(columns, place, strict=True))
        look = gauge.look(point)
        yield
        if not look.defined or not gauge.admits(point):
            continue
        if gauge.fails(look.sign) and gauge.confirms(point):
            return point
        heights[place] = abs(float(look.gap)), abs(float(look.ratio))
    for by in (0, 1):
        lowest = sorted((heights[place][by], place) for place in heights if _lowest(heights, place, by))
        points = [tuple(column[k] for column, k in zip(columns, place, strict=True)) for _, place in lowest]
        trail.low += [(rank, point) for rank, point in enumerate(points)]
    return None


def _lowest(heights: dict[tuple[int, ...], tuple[float, float]], place: tuple[int, ...], by: int) -> bool:
    """Whether a place of a grid is lower than its neighbours along the axes."""
    here = heights[place][by]
    beside = [
        heights[other][by]
        for axis in range(len(place))
        for step in (1, -1)
        if (other := (*place[:axis], place[axis] + step, *place[axis + 1 :])) in heights
    ]
    return all(here <= other for other in beside) and any(here < other for other in beside)


def _descents(gauge: Gauge, level: int, trail: Trail) -> Search:
    """Descents from the lowest places met so far, each once."""
    free = [k for k, interval in enumerate(gauge.intervals) if not interval.integer]
    if gauge.goal.relation in ("==", "!=") or not free:
        return None
    order = sorted(trail.low, key=lambda item: item[0])
    trail.low.clear()
    begun: set[Point] = set()
    for _, point in order:
        if len(begun) >= DESCENTS[min(level, 3)]:
            break
        if point in begun or any(isinstance(value, sp.Expr) for value in point):
            continue
        begun.add(point)
        for by_ratio in (False, True):
            found = yield from descend(gauge, point, free, by_ratio)
            if found is not None:
                return found
    return None
