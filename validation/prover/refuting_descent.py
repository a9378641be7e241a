"""Descent in several variables: damped Newton steps on finite differences, in balls of many bits.

Double precision ends where a gap of 1e-16 begins; here a minimum is followed until it is certainly positive, certainly
a failure, or a place where the sides meet.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

import sympy as sp
from flint import arb, arb_mat, ctx, fmpq

from validation.prover.candidates import approximation, guess, near
from validation.prover.refuting_lines import Search, exact_ball
from validation.prover.refuting_points import Gauge, Look, Point, bits, dyadic, rational, with_coordinate
from validation.prover.refuting_simpler import rounded

PRECISION, STEPS = 960, 60
STEP_BITS = 200
CLEAR = 2.0**-6  # a predicted gain below this share of the gap: the minimum is positive
MEETING = arb(2) ** -250  # the gap against its curvature where the sides are taken to meet


def descend(gauge: Gauge, start: Point, free: Sequence[int], by_ratio: bool) -> Search:
    """Go downhill from a point in the real coordinates ``free``; a confirmed failure on the way, or ``None``."""
    arrived = yield from _walk(gauge, start, free, by_ratio)
    if arrived is None:
        return None
    point, sign = arrived
    if gauge.fails(sign) and gauge.admits(point):
        return (yield from rounded(gauge, point))
    if gauge.goal.strict:
        return (yield from _meeting(gauge, point, free, by_ratio))
    return None


def _walk(
    gauge: Gauge, start: Point, free: Sequence[int], by_ratio: bool
) -> Generator[None, None, tuple[Point, int | None] | None]:
    """The first point that fails, or where the gap is 0 to many bits; ``None`` at a positive minimum or an end."""
    point = tuple(exact_ball(v, PRECISION // 2) if k in free else v for k, v in enumerate(start))
    precision = PRECISION + 2 * bits(point)
    damping = arb(2) ** -6
    look = gauge.at(point, precision)

    def height(look: Look) -> arb:
        return look.ratio if by_ratio else look.gap.mid()

    for _ in range(STEPS):
        if not look.sign or gauge.fails(look.sign):
            return (point, look.sign if gauge.fails(look.sign) else None) if look.defined else None
        scales = [_scale(gauge, point, k) for k in free]
        here = height(look)
        slopes, bends = yield from _differences(
            lambda at: height(gauge.at(at, precision)), point, free, scales, here, precision
        )
        if slopes is None:
            return None
        if here < MEETING * max(abs(bends[k, k]).mid() for k in range(len(free))):
            return point, None
        for _ in range(24):
            step = _newton(slopes, bends, damping, precision)
            if step is None or (damping < 1 and _gain(slopes, step) < here * arb(CLEAR)):
                return None
            there = _stepped(gauge, point, free, scales, step, precision)
            new = gauge.at(there, precision)
            yield
            if new.defined and height(new) < here:
                break
            damping = damping * 8
        else:
            return None
        if here - height(new) < here * arb(CLEAR) / 64 and not gauge.fails(new.sign):
            return None
        point, look, damping = there, new, damping / 8
    return None


def _gain(slopes: Sequence[arb], step: Sequence[arb]) -> arb:
    """What a step should gain by the slopes alone."""
    return -sum((s * d for s, d in zip(slopes, step, strict=True)), arb(0)).mid()


def _scale(gauge: Gauge, point: Point, place: int) -> arb:
    """The unit of a coordinate: its distance from the nearest finite end, else its size."""
    interval, value = gauge.intervals[place], point[place]
    with ctx.workprec(64):
        ends = [approximation(end) for end in (interval.lower, interval.upper) if end not in (sp.oo, -sp.oo)]
        distances = [distance for end in ends if (distance := abs(value - arb(end)).mid()) > 0]
        return min(distances) if distances else max(abs(value).mid(), arb(1) / 8)


def _differences(
    height: Callable[[Point], arb], point: Point, free: Sequence[int], scales: Sequence[arb], here: arb, precision: int
) -> Generator[None, None, tuple[list[arb] | None, arb_mat]]:
    """Slopes and curvatures in the units of the coordinates, by central differences."""
    size = len(free)

    def shifted(*moves: tuple[int, int]) -> arb:
        at = point
        with ctx.workprec(precision):
            for k, sign in moves:
                at = with_coordinate(at, free[k], (at[free[k]] + sign * scales[k] * arb(2) ** -STEP_BITS).mid())
        return height(at)

    slopes: list[arb] = []
    entries = [[arb(0)] * size for _ in range(size)]
    unit = arb(2) ** STEP_BITS
    for k in range(size):
        above, below = shifted((k, 1)), shifted((k, -1))
        yield
        with ctx.workprec(precision):
            slopes.append(((above - below) / 2 * unit).mid())
            entries[k][k] = ((above - 2 * here + below) * unit * unit).mid()
        for j in range(k):
            four = [shifted((k, a), (j, b)) for a in (1, -1) for b in (1, -1)]
            yield
            with ctx.workprec(precision):
                entries[k][j] = entries[j][k] = ((four[0] - four[1] - four[2] + four[3]) / 4 * unit * unit).mid()
    if not all(value.is_finite() for value in (*slopes, *(v for row in entries for v in row))):
        return None, arb_mat(entries)
    return slopes, arb_mat(entries)


def _newton(slopes: Sequence[arb], bends: arb_mat, damping: arb, precision: int) -> list[arb] | None:
    size = len(slopes)
    with ctx.workprec(precision):
        top = max((abs(bends[k, k]) for k in range(size)), default=arb(1))
        floor = top * arb(2) ** -80 + max(abs(s) for s in slopes) * arb(2) ** -80
        damped = arb_mat(
            [
                [bends[k, j] + (damping * (abs(bends[k, k]) + floor) if j == k else 0) for j in range(size)]
                for k in range(size)
            ]
        )
        try:
            found = damped.solve(arb_mat([[-s] for s in slopes]))
        except ZeroDivisionError:
            return None
        step = [found[k, 0].mid() for k in range(size)]
        uphill = sum((s * d for s, d in zip(slopes, step, strict=True)), arb(0)).mid() > 0
        if uphill or not all(d.is_finite() for d in step):
            step = [-s / (abs(bends[k, k]) + floor + arb(2) ** -400) / (1 + damping) for k, s in enumerate(slopes)]
        longest = max(abs(d) for d in step)
        return [(d / (2 * longest)).mid() for d in step] if longest > 0.5 else step


def _stepped(
    gauge: Gauge, point: Point, free: Sequence[int], scales: Sequence[arb], step: Sequence[arb], precision: int
) -> Point:
    with ctx.workprec(precision):
        for place, scale, length in zip(free, scales, step, strict=True):
            value = (point[place] + scale * length).mid()
            interval = gauge.intervals[place]
            for end, is_open, sign in (
                (interval.lower, interval.open_lower, 1),
                (interval.upper, interval.open_upper, -1),
            ):
                if end in (sp.oo, -sp.oo):
                    continue
                wall = arb(approximation(end)).mid()
                if not sign * (value - wall) > 0:
                    value = ((point[place] + wall) / 2).mid() if is_open or rational(end) is None else wall
            point = with_coordinate(point, place, value)
    return point


def _meeting(gauge: Gauge, point: Point, free: Sequence[int], by_ratio: bool) -> Search:
    """Exact constants where the sides meet: named as they are, or with one coordinate at a short number nearby."""
    named = yield from _named(gauge, point, free)
    if named is not None or len(free) < 2:
        return named
    for place in free:
        base = dyadic(point[place])
        for slack in (fmpq(1, 3), fmpq(1, 30)):
            value = near(base, abs(base) * slack + fmpq(1, 10**9))
            fixed = with_coordinate(point, place, value)
            rest = [k for k in free if k != place]
            arrived = yield from _walk(gauge, fixed, rest, by_ratio)
            if arrived is None or arrived[1] not in (None, 0):
                continue
            named = yield from _named(gauge, arrived[0], rest)
            if named is not None:
                return named
    return None


def _named(gauge: Gauge, point: Point, free: Sequence[int]) -> Search:
    for place in free:
        exact = guess(dyadic(point[place]))
        yield
        if exact is None:
            return None
        ratio = rational(exact)
        point = with_coordinate(point, place, exact if ratio is None else ratio)
    return point if gauge.confirms(point) else None
