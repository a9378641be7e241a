"""Where to look in a region of several variables: grids, lines between simple points, curves to ends and infinity."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random

import sympy as sp
from flint import arb, fmpq

from validation.certificates.goals import Interval
from validation.prover.candidates import approximation, lower_end, simple, stations, upper_end
from validation.prover.refuting_lines import Line
from validation.prover.refuting_points import Coordinate, Gauge, Point, dyadic, rational, with_coordinate

Way = Callable[[Coordinate], Coordinate]
BASES = {2: (6, 12, 24, 40), 3: (4, 6, 9, 14)}
GRID = {2: (18, 40, 70, 110), 3: (9, 15, 22, 30)}
OUTWARD = Interval(sp.Integer(1), sp.Integer(10) ** 60)
OUTWARD_PLACES = (
    *(fmpq(digit * 10**decade) for decade in range(4) for digit in (1, 2, 3, 5, 7)),
    *(fmpq(10) ** decade for decade in (*range(4, 32), 35, 40, 45, 50, 60)),
)


def simple_points(gauge: Gauge, count: int) -> list[Point]:
    """Points with simple coordinates, the simplest first."""
    lists = [simple(interval, count) for interval in gauge.intervals]
    places = itertools.product(*(range(len(numbers)) for numbers in lists))
    order = sorted(places, key=lambda place: (sum(place), max(place, default=0)))
    return [tuple(numbers[k] for numbers, k in zip(lists, place, strict=True)) for place in order]


def grid(gauge: Gauge, level: int) -> list[list[Coordinate]]:
    """Numbers on all scales for each coordinate, in rising order."""
    most = GRID[min(max(len(gauge.intervals), 2), 3)][min(level, 3)]
    found = []
    for interval in gauge.intervals:
        numbers = [t for t in stations(interval, min(level, 1)) if interval.integer or rational(t) is not None]
        middle = sorted(numbers, key=lambda t: _remoteness(t, interval))[: 2 * most]
        step = max(1, len(middle) // most)
        found.append(sorted(middle[::step][:most]))
    return found


def _remoteness(t: Coordinate, interval: Interval) -> float:
    size = abs(float(t)) if abs(t) < 10**300 else 1e300
    ends = [approximation(end) for end in (lower_end(interval), upper_end(interval)) if end is not None]
    distance = min((abs(float(t - end)) for end in ends), default=1.0)
    return max(size, 1 / size if size else 1.0, 1 / distance if distance else 1.0)


def coordinate_lines(gauge: Gauge, level: int, seed: int = 0) -> Iterator[Line]:
    """Lines along one coordinate, the others at simple numbers; from the third level on at random ones."""
    size = len(gauge.intervals)
    count = BASES[min(max(size, 2), 3)][min(level, 3)]
    bases = simple_points(gauge, count)
    if level >= 3:
        random = Random(seed)
        numbers = grid(gauge, 3)
        bases = [tuple(random.choice(column) for column in numbers) for _ in range(60)]
    for place, interval in enumerate(gauge.intervals):
        seen = set()
        for base in bases:
            others = base[:place] + base[place + 1 :]
            if others in seen or _degenerate(interval):
                continue
            seen.add(others)
            yield Line(gauge, interval, partial(_moved, base, place))


def _degenerate(interval: Interval) -> bool:
    return bool(interval.lower == interval.upper)


RELATED: tuple[Way, ...] = (
    lambda t: t,
    lambda t: 1 - t,
    lambda t: 1 / t if t else t,
    lambda t: -t,
    lambda t: 2 * t,
    lambda t: t + 1,
    lambda t: t * t,
    lambda t: t / 2,
)


def related_lines(gauge: Gauge, level: int, constants: Sequence[sp.Expr] = ()) -> Iterator[Line]:
    """Lines on which one coordinate follows another: equal, opposite, reciprocal, a square.

    An integer follows another as the nearest to its multiple by one of the ``constants``.
    """
    size = len(gauge.intervals)
    related = RELATED[: (3, 6, 8, 8)[min(level, 3)]]
    bases = simple_points(gauge, (3, 5, 8, 12)[min(level, 3)])
    for k, j in itertools.permutations(range(size), 2):
        whole = gauge.intervals[j].integer
        if whole and not gauge.intervals[k].integer:
            continue
        ways = _multiples(constants) if whole else related
        rest = [i for i in range(size) if i not in (k, j)]
        for way in ways:
            seen = set()
            for base in bases:
                others = tuple(base[i] for i in rest)
                if others in seen:
                    continue
                seen.add(others)

                yield Line(gauge, gauge.intervals[k], partial(_leading, base, k, j, way))
    if size == 3 and not any(interval.integer for interval in gauge.intervals):
        yield Line(gauge, gauge.intervals[0], lambda t: (t, t, t))
        for way in related[1:]:
            for k in range(3):
                yield Line(gauge, gauge.intervals[0], partial(_apart, k, way))


def _moved(base: Point, place: int, t: Coordinate) -> Point:
    return with_coordinate(base, place, t)


def _leading(base: Point, leader: int, follower: int, way: Way, t: Coordinate) -> Point:
    return with_coordinate(with_coordinate(base, leader, t), follower, _followed(way, t))


def _apart(place: int, way: Way, t: Coordinate) -> Point:
    return with_coordinate((t, t, t), place, _followed(way, t))


def _followed(way: Way, t: Coordinate) -> Coordinate:
    return way(t) if isinstance(t, sp.Expr) else way(_exact(t))


def _multiples(constants: Sequence[sp.Expr]) -> tuple[Way, ...]:
    """Integers near a multiple of an integer by a constant or its inverse, and the integer itself."""
    factors = [fmpq(1)]
    for value in map(approximation, constants):
        factors += [value, 1 / value] if value else []
    return tuple(partial(_multiple, factor) for factor in factors)


def _exact(t: Coordinate) -> fmpq:
    """A rational number, or a ball without radius, as a fraction."""
    return dyadic(t) if isinstance(t, arb) else rational(t)


def _logarithm(t: fmpq) -> fmpq:
    return fmpq(max(int(t.p).bit_length() - int(t.q).bit_length(), 1))


def curves(gauge: Gauge, level: int) -> Iterator[Line]:
    """Curves with several coordinates on the way to an end or to infinity, at different rates."""
    rates: tuple[Way, ...] = (lambda t: t, lambda t: t * t, _logarithm, lambda t: t**3)
    choices = [_ways(interval, rates[: (2, 3, 4, 4)[min(level, 3)]], level) for interval in gauge.intervals]
    every = list(itertools.product(*choices))
    Random(level).shuffle(every)
    for ways in every[: (220, 500, 900, 900)[min(level, 3)]]:
        if sum(not fixed for fixed, _ in ways) < 2:
            continue
        yield Line(gauge, OUTWARD, partial(_together, tuple(way for _, way in ways)), OUTWARD_PLACES)


def _together(ways: Sequence[Way], t: Coordinate) -> Point:
    return tuple(way(_exact(t)) for way in ways)


def _ways(interval: Interval, rates: Sequence[Way], level: int) -> list[tuple[bool, Way]]:
    """Ways of one coordinate with growing t, and whether it stays."""
    low, high = lower_end(interval), upper_end(interval)
    found: list[tuple[bool, Way]] = []
    width = fmpq(1)
    if low is not None and high is not None:
        width = min(width, (approximation(high) - approximation(low)) / 2)
    for end, sign in ((low, 1), (high, -1)):
        if end is None:
            found += [(False, partial(_outwards, interval.integer, -sign, rate)) for rate in rates]
        elif not interval.integer:
            found += [(False, partial(_inwards, approximation(end), sign * width, rate)) for rate in rates]
    return found + [(True, partial(_staying, value)) for value in simple(interval)[: (2, 3, 5, 8)[min(level, 3)]]]


def _outwards(whole: bool, sign: int, rate: Way, t: fmpq) -> Coordinate:
    return int((sign * rate(t)).floor()) if whole else sign * rate(t)


def _inwards(end: fmpq, width: fmpq, rate: Way, t: fmpq) -> Coordinate:
    return end + width / rate(t)


def _staying(value: Coordinate, t: fmpq) -> Coordinate:
    return value


def _multiple(factor: fmpq, t: Coordinate) -> int:
    return int((factor * t + fmpq(1, 2)).floor())
