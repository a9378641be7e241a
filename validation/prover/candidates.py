"""Candidate numbers: simple ones first, then ladders towards ends, marks and infinity.

A ladder nears its foot in powers of ten, so that what fails only within 10^-30 of an end, or only beyond 10^30, is met;
beyond the rationals it goes on in powers of e.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from fractions import Fraction
from random import Random

import sympy as sp
from flint import fmpq

from validation.certificates.goals import Interval
from validation.prover.constants import names_of, simplest
from validation.prover.refuting_points import Coordinate, compare, constant, dyadic, fraction, inside, rational

SIMPLE = tuple(
    Fraction(sign * numerator, denominator)
    for numerator, denominator in (
        *((0, 1), (1, 1), (2, 1), (1, 2), (3, 1), (1, 3), (2, 3), (1, 4), (3, 4), (3, 2), (4, 1), (5, 1), (10, 1)),
        *((1, 10), (100, 1), (1, 100), (1000, 1), (1, 1000)),
    )
    for sign in ((1, -1) if numerator else (1,))
)
EXPONENTIAL = tuple(2**j for j in range(8, 91, 2))
SIZEABLE = fmpq(10) ** 12
FAR = (48, 60, 80, 110, 150, 200, 300, 450, 700, 900)


def lower_end(interval: Interval) -> sp.Expr | None:
    """The finite lower end, ``None`` where there is none."""
    return None if interval.lower == -sp.oo else interval.lower


def upper_end(interval: Interval) -> sp.Expr | None:
    """The finite upper end, ``None`` where there is none."""
    return None if interval.upper == sp.oo else interval.upper


def approximation(end: sp.Expr) -> fmpq:
    """A fraction within 2**-300 or so of a constant; the constant itself where it is rational."""
    exact = rational(end)
    return dyadic(constant(end, 320)) if exact is None else exact


def near(centre: fmpq, slack: fmpq) -> fmpq:
    """The simplest fraction within ``slack`` of a centre."""
    found = simplest(fraction(centre - slack), fraction(centre + slack))
    return fmpq(found.numerator, found.denominator)


def guesses(value: fmpq) -> list[sp.Expr]:
    """Exact constants that many bits of a number suggest."""
    return list(names_of(fraction(value))) if abs(value) < SIZEABLE else []


def guess(value: fmpq) -> sp.Expr | None:
    """The first of them."""
    return next(iter(guesses(value)), None)


def simple(interval: Interval, count: int = 40) -> list[Coordinate]:
    """Simple numbers of an interval, ends first."""
    if interval.integer:
        return [*_integers(interval, count)]
    found: list[Coordinate] = []
    low, high = lower_end(interval), upper_end(interval)
    for end, is_open in ((low, interval.open_lower), (high, interval.open_upper)):
        if end is not None and not is_open:
            exact = rational(end)
            found.append(end if exact is None else exact)
    if low is not None and high is not None:
        a, b = approximation(low), approximation(high)
        found += [near(a + (b - a) * fmpq(k, 12), (b - a) / 200) for k in (6, 3, 9, 4, 8, 2, 10, 1, 11)]
    numbers = [fmpq(value.numerator, value.denominator) for value in SIMPLE]
    for end, sign in ((low, 1), (high, -1)):
        exact = None if end is None else rational(end)
        if exact is not None and exact != 0 and (low is None or high is None):
            numbers += [exact + sign * value for value in (fmpq(1), fmpq(1, 2), fmpq(2), fmpq(1, 10))]
    found += [value for value in numbers if inside(interval, value)]
    return list(dict.fromkeys(found))[:count]


def _integers(interval: Interval, count: int) -> Iterator[int]:
    low, high = whole_ends(interval)
    if low is not None:
        yield from (low + k for k in range(count) if high is None or low + k <= high)
    elif high is not None:
        yield from (high - k for k in range(count))
    else:
        yield from (sign * k for k in range(count // 2) for sign in ((1, -1) if k else (1,)))


def whole_ends(interval: Interval) -> tuple[int | None, int | None]:
    """The least and the greatest integer of an interval, ``None`` where there is none."""
    low = high = None
    if interval.lower != -sp.oo:
        low = int(approximation(interval.lower).floor())
        while not inside(interval, low) and (compare(low, interval.lower) or 0) <= 0:
            low += 1
    if interval.upper != sp.oo:
        high = int(approximation(interval.upper).ceil())
        while not inside(interval, high) and (compare(high, interval.upper) or 0) >= 0:
            high -= 1
    return low, high


def stations(interval: Interval, level: int, marks: Iterable[sp.Expr] = (), seed: int = 0) -> list[Coordinate]:
    """Numbers of an interval in rising order, finer, nearer and farther with the level.

    ``marks`` are places inside that ladders lead to from both sides.
    """
    if interval.integer:
        return _whole_stations(interval, level, marks)
    low, high = lower_end(interval), upper_end(interval)
    found: set[fmpq] = set()
    feet = [*((low, 1) for _ in range(low is not None)), *((high, -1) for _ in range(high is not None))]
    width = approximation(high) - approximation(low) if low is not None and high is not None else None
    if width == 0:
        return simple(interval)
    if level == 0:
        found.update(value for value in simple(interval) if isinstance(value, fmpq))
    inner = [sp.Integer(0), *marks]
    feet += [(place, side) for place in inner if inside(interval, place) for side in (1, -1)]
    for foot, side in feet:
        found.update(_ladder(foot, side, width, level, seed))
    found.update(rational(place) for place in inner if rational(place) is not None and inside(interval, place))
    if width is not None:
        found.update(_uniform(approximation(low), width, level, seed))
    elif level >= 2:
        start = approximation(low) if low is not None else approximation(high) if high is not None else fmpq(0)
        reach = fmpq(30 if level == 2 else 10 ** (1 + seed % 4))
        if high is None:
            found.update(_uniform(start, reach, level, seed))
        if low is None:
            found.update(_uniform(start, -reach, level, seed))
    rationals = sorted(value for value in found if inside(interval, value))
    closed = [
        [end] if end is not None and not is_open and rational(end) is None else []
        for end, is_open in ((low, interval.open_lower), (high, interval.open_upper))
    ]
    far = list(_exponential(interval)) if level == 2 else []
    left = [value for value, side in far if side < 0]
    return [*closed[0], *left, *rationals, *(value for value, side in far if side > 0), *closed[1]]


@functools.lru_cache(maxsize=64)
def _steps(level: int, infinite: bool, seed: int) -> tuple[fmpq, ...]:
    """Distances from a foot: powers of ten and multiples in between, finer in the middle of the scale.

    From the fourth level on the multiples are drawn anew with every seed.
    """
    reach, fine = (8, 24, 42, 12)[min(level, 3)], (2, 3, 4, 3)[min(level, 3)]
    decades = range(-reach, reach + 1 if infinite else 1)
    if level >= 3:
        random = Random(f"{level} {seed}")
        return tuple(
            fmpq(random.randrange(100, 1000), 100) * fmpq(10) ** decade
            for decade in decades
            for _ in range(30 if abs(decade) <= fine else 3)
        )
    found = [
        fmpq(digit) * fmpq(10) ** decade
        for decade in decades
        for digit in ((range(1, 10) if level else (1, 2, 5)) if abs(decade) <= fine else (1,))
    ]
    if level == 2:
        found += [fmpq(10) ** -decade for decade in FAR]
        found += [fmpq(10) ** decade for decade in FAR if infinite]
    return tuple(found)


def _ladder(foot: sp.Expr, side: int, width: fmpq | None, level: int, seed: int) -> Iterator[fmpq]:
    exact = rational(foot)
    base = approximation(foot)
    for step in _steps(level, width is None or width > 10, seed):
        distance = step if width is None else step * width if width < 1 else step
        if width is not None and distance > width:
            continue
        place = base + side * distance
        yield place if exact is not None else near(place, distance / 10) if distance > fmpq(10) ** -80 else place


def _uniform(low: fmpq, width: fmpq, level: int, seed: int) -> Iterator[fmpq]:
    count = (24, 96, 400, 300)[min(level, 3)]
    shift = fmpq(Random(f"{seed} {level}").randrange(1, 1000), 1000) if level >= 3 else fmpq(0)
    step = width / count
    yield from (low + step * (k + shift) for k in range(1, count))


def _exponential(interval: Interval) -> Iterator[tuple[sp.Expr, int]]:
    """Numbers as far out, and as near an open end, as powers of e write; the side of the rationals each is on."""
    if interval.upper == sp.oo:
        yield from ((sp.exp(k), 1) for k in EXPONENTIAL if k > 2000)
    elif interval.open_upper and inside(interval, interval.upper - sp.exp(-EXPONENTIAL[4])):
        yield from ((interval.upper - sp.exp(-k), 1) for k in EXPONENTIAL if 2000 < k < 10**6)
    if interval.lower == -sp.oo:
        yield from ((-sp.exp(k), -1) for k in reversed(EXPONENTIAL) if k > 2000)
    elif interval.open_lower:
        reach = EXPONENTIAL if interval.lower == 0 else EXPONENTIAL[:6]
        yield from ((interval.lower + sp.exp(-k), -1) for k in reversed(reach) if k > 2000)


def _whole_stations(interval: Interval, level: int, marks: Iterable[sp.Expr]) -> list[Coordinate]:
    low, high = whole_ends(interval)
    near_by = (24, 120, 1500, 12_000)[min(level, 3)]
    reach = (9, 30, 60, 100)[min(level, 3)]
    digits = (1, 3) if level == 0 else (1, 2, 3, 5, 7)
    far = [digit * 10**decade + extra for decade in range(1, reach) for digit in digits for extra in (0, 1)]
    far += [2**k for k in range(5, 3 * reach)]
    far += [int(mark) + step for mark in marks for step in (0, -1, 1)]
    found: set[int] = set()
    if low is None and high is None:
        found.update(sign * k for k in (*range(near_by), *far) for sign in (1, -1))
    if low is not None:
        found.update(low + k for k in (*range(near_by), *far))
        found.update(k for k in far if k >= low)
    if high is not None:
        found.update(high - k for k in (*range(near_by), *far))
    return sorted(k for k in found if (low is None or k >= low) and (high is None or k <= high))
