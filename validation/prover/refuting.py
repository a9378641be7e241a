"""Refutation: a search for an exact point of the domain at which a statement certainly fails.

Simple points come first, then lines and curves through them on all scales, then descents in many bits from the lowest
places; each round looks finer, nearer to the ends and farther out.  Balls at exact points decide, in two precisions;
ties are decided by normal forms.  The searches are generators that yield every few milliseconds at most, so that a
proof may be sought beside them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp

from numerics.backends.frame import UnsupportedExpression
from validation.certificates.certificate import MOST_BITS, check_witness
from validation.certificates.goals import Goal, Rejected, goals_of
from validation.certificates.nodes import Witness
from validation.prover.refuting_descent import descend
from validation.prover.refuting_faces import Features, boundaries, reduced
from validation.prover.refuting_lines import Line, Search, Trail, scan
from validation.prover.refuting_paths import coordinate_lines, curves, grid, related_lines, simple_points
from validation.prover.refuting_points import Crossing, Gauge, Point, number
from validation.prover.refuting_simpler import simplified

if TYPE_CHECKING:
    from theory.language import Statement

Late = Callable[[], bool]
SIMPLE = {0: 1, 1: 40, 2: 14, 3: 8}
DESCENTS = (6, 20, 60, 100)
SHARE, EARLY = 6, 3000
LEVELS_OF_DEFINEDNESS = 2


@dataclass(frozen=True)
class Undefined:
    """A point of the domain at which a side is not real, and what would have to hold there."""

    point: tuple[tuple[str, sp.Expr], ...]
    side: str


def refute(statement: Statement, late: Late) -> Generator[Undefined | None, None, Witness | None]:
    """Search until a witness is found or ``late()``; yields ``None`` often, and an undefined point once if one is met.

    The witness has passed the checker: it lies in the domain, both sides are real there, and the relation fails.
    Returns ``None`` where nothing was found or a function has no ball.
    """
    goals = goals_of(statement)
    accepted: list[Witness] = []

    def accepts(point: Point) -> bool:
        witness = checked(statement, named(goals[-1], point), Gauge(goals[-1]).needed(point))
        accepted[:] = [] if witness is None else [witness]
        return witness is not None

    main = search(goals[-1], late, accepts)
    aside: Iterator[Undefined | None] | None = _undefined_points(goals[:-1], late)
    for turn in itertools.count():
        if late():
            break
        if aside is not None and (turn < EARLY or turn % SHARE == 0):
            try:
                yield next(aside)
            except StopIteration:
                aside = None
        try:
            next(main)
        except StopIteration:
            break
        yield None
    return accepted[0] if accepted else None


def named(goal: Goal, point: Point) -> tuple[tuple[str, sp.Expr], ...]:
    """The point by the names of the variables."""
    return tuple((symbol.name, number(value)) for (symbol, _), value in zip(goal.box, point, strict=True))


def checked(statement: Statement, point: tuple[tuple[str, sp.Expr], ...], precision: int) -> Witness | None:
    """The witness with the bits from which on the checker accepts it; ``None`` if it never does."""
    while precision <= MOST_BITS:
        try:
            check_witness(statement, Witness(point, precision))
        except Rejected:
            precision *= 2
        else:
            return Witness(point, precision)
    return None


def _undefined_points(goals: tuple[Goal, ...], late: Late) -> Iterator[Undefined | None]:
    """The first point met at which a requirement certainly fails; the requirements are searched in turn."""
    waiting: list[tuple[Goal, Search, list[Crossing]]] = []
    for goal in goals:
        crossings: list[Crossing] = []
        base = goal.gap.base if goal.relation == "!=" and goal.gap.is_Pow and goal.gap.exp.is_Integer else goal.gap
        waiting.append((goal, search(goal.claiming(base), late, None, LEVELS_OF_DEFINEDNESS, crossings), crossings))
    while waiting:
        for entry in list(waiting):
            goal, searched, crossings = entry
            try:
                yield next(searched)
                continue
            except StopIteration as end:
                found = end.value
            waiting.remove(entry)
            if found is not None:
                yield Undefined(named(goal, found), f"{goal.gap} {goal.relation} 0")
                return
            if crossings:
                ends = [named(goal, point) for point in crossings[0]]
                between = " and ".join(", ".join(f"{name} = {value}" for name, value in end) for end in ends)
                yield Undefined(ends[0], f"{goal.gap} {goal.relation} 0 (it is 0 between {between})")
                return


def search(
    goal: Goal,
    late: Late,
    accepts: Callable[[Point], bool] | None = None,
    levels: int | None = None,
    crossings: list[Crossing] | None = None,
) -> Search:
    """A confirmed point of the region at which the goal fails, made simple; ``None`` if none is found.

    ``accepts`` has the last word on a point.  For ``!=`` goals ``crossings`` receives pairs of points of a segment on
    which the gap is continuous and changes its sign at a number without a name.
    """
    try:
        gauge = Gauge(goal)
    except UnsupportedExpression:
        return None
    gauge.crossings = [] if crossings is None else crossings
    parts = [(part, Trail()) for part in reduced(gauge)]
    parts += [(face, Trail()) for face in boundaries(parts[0][0])]
    for level in itertools.count() if levels is None else range(levels):
        rounds = [_round(part, level, trail, late) for part, trail in parts]
        found = yield from together(rounds, accepts)
        if found is not None or all(not part.intervals for part, _ in parts):
            return found
    return None


def together(searches: Iterable[Search], accepts: Callable[[Point], bool] | None = None) -> Search:
    """Searches in turns, one step each; the first point found that is accepted."""
    running = list(searches)
    while running:
        for searched in list(running):
            try:
                next(searched)
            except StopIteration as end:
                running.remove(searched)
                if end.value is not None and (accepts is None or accepts(end.value)):
                    found: Point = end.value
                    return found
        yield
    return None


def one_by_one(searches: Iterable[Search]) -> Search:
    """Searches one after another; the first point found."""
    for searched in searches:
        found = yield from searched
        if found is not None:
            return found
    return None


def _round(gauge: Gauge, level: int, trail: Trail, late: Late) -> Search:
    """One round on a region or one of its faces; what it finds is made simple."""
    for sweep in _sweeps(gauge, level, trail):
        found = yield from sweep
        if found is not None:
            short = gauge.lifted((yield from simplified(gauge, found, late)))
            return short if short is not None else gauge.lifted(found)
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
        yield one_by_one(_along(line, level, trail, features, level) for line in coordinate_lines(gauge, 0))
        return
    yield _grid(gauge, level, trail)
    marking = features if level >= 2 or any(interval.integer for interval in gauge.intervals) else None
    constants = features.constants if features is not None else ()
    yield together(
        [
            _descents(gauge, level, trail),
            one_by_one(_along(line, min(level, 2), trail, marking) for line in related_lines(gauge, level, constants)),
            one_by_one(
                _along(line, min(level, 2), trail, marking, level) for line in coordinate_lines(gauge, level, level)
            ),
            one_by_one(scan(line, min(level, 1), trail) for line in curves(gauge, level)),
        ]
    )
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
