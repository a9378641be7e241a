"""Witnesses made simple: the shortest number for each coordinate at which the statement still fails."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import sympy as sp
from flint import arb, fmpq

from validation.certificates.goals import Interval
from validation.prover.candidates import SIMPLE, approximation, near
from validation.prover.constants import simplest
from validation.prover.refuting_points import (
    Coordinate,
    Gauge,
    Point,
    bits,
    dyadic,
    fraction,
    inside,
    rational,
    with_coordinate,
)

HALVINGS = 700
ROUNDS, LONG, SHORT = 3, 2000, 3
FAR_OUT = fmpq(1000)


def complexity(value: Coordinate) -> tuple[int, int, Any]:
    """How long a coordinate is: digits without trailing zeros, its length, its size; constants after rationals."""
    exact = rational(value)
    if exact is None:
        length = len(str(value))
        return 40 + length, length, fmpq(max((abs(int(n)) for n in value.atoms(sp.Integer)), default=0))
    if (size := bits((exact,))) > 4 * LONG:
        return size, size, 0
    numerator, denominator = str(abs(int(exact.p))), str(int(exact.q))
    digits = len(numerator.rstrip("0")) + len(denominator.rstrip("0")) + 2 * (exact.p < 0)
    spare = (len(numerator) + len(denominator)) // 6
    return digits + spare, len(numerator) + len(denominator), abs(exact)


def extent(gauge: Gauge, point: Point, place: int, sign: int, widest: fmpq) -> Generator[None, None, fmpq]:
    """How far the statement goes on failing from a point along one coordinate, to a factor of 2; 0 if no step does.

    ``sign`` is the direction.  Only steps of decreasing size are tried, so what lies between is not vouched for.
    """
    start = point[place]
    base = dyadic(start) if isinstance(start, arb) else fmpq(start)
    step = widest
    while step > widest / fmpq(2) ** HALVINGS:
        there = with_coordinate(point, place, base + sign * step)
        if inside(gauge.intervals[place], there[place]) and fails_at(gauge, there):
            return step
        yield
        step /= 2 if step > widest / 64 else 4
    return fmpq(0)


def fails_at(gauge: Gauge, point: Point) -> bool:
    """Whether a point fails for certain, approximate coordinates allowed."""
    precision = 192 + 2 * bits(point)
    sign = gauge.at(point, precision).sign
    if sign is None:
        sign = gauge.look(point).sign
    return gauge.fails(sign) and gauge.admits(point)


def room(gauge: Gauge, point: Point, place: int) -> Generator[None, None, tuple[fmpq, fmpq]]:
    """An interval around a coordinate at whose ends, the other coordinates fixed, the statement still fails."""
    start = point[place]
    base = dyadic(start) if isinstance(start, arb) else fmpq(start)
    size = 2 * abs(base) + 2
    found = []
    for sign, end in ((-1, gauge.intervals[place].lower), (1, gauge.intervals[place].upper)):
        widest = size if end in (sp.oo, -sp.oo) else abs(approximation(end) - base)
        step = (yield from extent(gauge, point, place, sign, widest)) if widest else fmpq(0)
        found.append(base + sign * step)
    return found[0], found[1]


def shorter(low: fmpq, high: fmpq) -> Iterator[fmpq]:
    """Short numbers of an interval: the simplest fraction, and numbers of one to three digits."""
    found = simplest(fraction(low), fraction(high))
    yield fmpq(found.numerator, found.denominator)
    middle = (low + high) / 2
    scale = max(abs(low), abs(high))
    if not scale:
        return
    decade = fmpq(10) ** (len(str(int(scale.floor()))) if scale >= 1 else 1 - len(str(int((1 / scale).floor()))))
    for digits in (1, 10, 100):
        unit = decade / 10 / digits
        for value in (fmpq((low / unit).ceil()) * unit, fmpq((high / unit).floor()) * unit):
            if low <= value <= high:
                yield value
        if unit < (high - low) / 4:
            break
    if middle and scale < fmpq(1, 1000):
        inverse = 1 / middle
        yield 1 / near(inverse, abs(inverse) / 3)


def rounded(gauge: Gauge, point: Point) -> Generator[None, None, Point | None]:
    """An exact point near an approximate one that fails, coordinate by coordinate; ``None`` if none is confirmed."""
    for place, value in enumerate(point):
        if not isinstance(value, arb):
            continue
        low, high = yield from room(gauge, point, place)
        base = dyadic(value)
        inner = (base - (base - low) / 2, base + (high - base) / 2)
        for candidate in sorted(shorter(*inner), key=complexity):
            there = with_coordinate(point, place, candidate)
            yield
            if fails_at(gauge, there):
                point = there
                break
        else:
            point = with_coordinate(point, place, base)
    return point if gauge.confirms(point) else None


def simplified(gauge: Gauge, point: Point, late: Any) -> Generator[None, None, Point]:
    """The same witness with shorter coordinates, as far as time allows."""
    for _ in range(ROUNDS):
        before = point
        for place, value in enumerate(point):
            for candidate in (yield from _options(gauge, point, place)):
                yield
                if late():
                    return point
                if complexity(candidate) >= complexity(value):
                    continue
                there = with_coordinate(point, place, candidate)
                if inside(gauge.intervals[place], candidate) and fails_at(gauge, there) and gauge.confirms(there):
                    point = there
                    break
        if point == before:
            break
    return point


def _options(gauge: Gauge, point: Point, place: int) -> Generator[None, None, list[Coordinate]]:
    value, interval = point[place], gauge.intervals[place]
    if interval.integer:
        return _whole_options(int(value), interval)
    options: list[Coordinate] = [fmpq(v.numerator, v.denominator) for v in SIMPLE]
    exact = rational(value)
    if exact is None:
        options += yield from _exponents(gauge, point, place)
        if bits((value,)) < LONG:
            precise = approximation(value)
            options += [near(precise, abs(precise) / 1000)]
    elif gauge.goal.relation != "!=" and complexity(exact)[0] > SHORT and bits((exact,)) < LONG:
        low, high = yield from room(gauge, point, place)
        options += list(shorter(low, high))
        options += [near(exact, abs(exact) / share) for share in (2, 10, 1000)]
        options += yield from _decades(gauge, point, place)
    return sorted({option for option in options if inside(interval, option)}, key=complexity)


def _exponents(gauge: Gauge, point: Point, place: int) -> Generator[None, None, list[Coordinate]]:
    """Where a coordinate is as large, or as near to something, as a power of e says: less extreme powers."""
    value = point[place]
    power = next((p for p in value.atoms(sp.exp) if p.args[0].is_Integer and abs(p.args[0]) > 64), None)
    if power is None:
        return []
    sign, low, high = sp.sign(power.args[0]), 0, abs(int(power.args[0]))

    def at(exponent: int) -> Coordinate:
        return value.xreplace({power: sp.exp(sign * exponent)})

    while high - low > max(1, high // 200):
        middle = (low + high) // 2
        candidate = at(middle)
        failing = inside(gauge.intervals[place], candidate) and fails_at(
            gauge, with_coordinate(point, place, candidate)
        )
        low, high = (low, middle) if failing else (middle, high)
        yield
    unit = 10 ** max(len(str(high)) - 2, 0)
    return [at(exponent) for exponent in (high, -(-high // unit) * unit)]


def _decades(gauge: Gauge, point: Point, place: int) -> Generator[None, None, list[Coordinate]]:
    """Less extreme powers of ten for a coordinate far out, or close to 0 or to an end."""
    exact, interval = rational(point[place]), gauge.intervals[place]
    ends = [rational(end) for end in (interval.lower, interval.upper) if end not in (sp.oo, -sp.oo)]
    found: list[Coordinate] = []
    for foot in dict.fromkeys([fmpq(0), *(end for end in ends if end is not None)]):
        distance = abs(exact - foot)
        sign = 1 if exact > foot else -1
        outwards = foot == 0 and distance > FAR_OUT
        if not outwards and not 0 < distance < 1 / FAR_OUT:
            continue
        low, high = 0, len(str(int((distance if outwards else 1 / distance).floor())))

        def at(decades: int, foot: fmpq = foot, sign: int = sign, outwards: bool = outwards) -> Coordinate:
            value = foot + sign * fmpq(10) ** (decades if outwards else -decades)
            return int(value.p) if interval.integer else value

        while high - low > 1:
            middle = (low + high) // 2
            candidate = at(middle)
            failing = inside(interval, candidate) and fails_at(gauge, with_coordinate(point, place, candidate))
            low, high = (low, middle) if failing else (middle, high)
            yield
        found.append(at(high))
    return found


def _whole_options(value: int, interval: Interval) -> list[Coordinate]:
    steps = [value - step for k in range(value.bit_length()) for step in (1 << k, -(1 << k))]
    tens = [sign * digit * 10**k for k in range(len(str(abs(value)))) for digit in (1, 2, 5) for sign in (1, -1)]
    low = interval.lower if interval.lower.is_Integer else 0
    options = {*range(-12, 13), *(int(low) + k for k in range(12)), *steps, *tens}
    return sorted((v for v in options if inside(interval, v)), key=complexity)
