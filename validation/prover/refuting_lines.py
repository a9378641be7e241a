"""Lines through a region: a number goes in, a point comes out, and the gap is looked at there.

A line is searched at stations on all scales, then between them: at dips by golden section in rising precision, at
changes of sign, and next to the boundary of what the conditions admit.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

import sympy as sp
from flint import arb, ctx, fmpq

from validation.certificates.goals import Interval
from validation.prover.candidates import guesses, stations
from validation.prover.refuting_points import (
    QUICK,
    THOROUGH,
    Coordinate,
    Gauge,
    Look,
    Point,
    bits,
    dyadic,
    inside,
    middle,
    rational,
)
from validation.prover.refuting_simpler import rounded

Search = Generator[None, None, Point | None]
GOLDEN = 0.381966
SLOW = 0.03
DIPS = (6, 12, 40, 200)
STEPS = (340, 340, 340, 1500)
TIES = 6
NAMED_BITS = 230
EDGE_STEPS, MANY, CLOSE = 50, 10**4, arb(2) ** -30
NEIGHBOURS = (fmpq(0), fmpq(1, 2**20), fmpq(1, 2**10), fmpq(1, 2**5), fmpq(1, 4))


class Line(Gauge):
    """A gauge of one number: ``way`` leads from it to a point of the region of another gauge."""

    def __init__(
        self,
        gauge: Gauge,
        interval: Interval,
        way: Callable[[Coordinate], Point],
        places: Sequence[Coordinate] | None = None,
    ) -> None:
        """``places`` are the stations where they are not to be chosen; such a line has rational points only."""
        self.gauge, self.way, self.goal, self.places = gauge, way, gauge.goal, places
        self.intervals = (interval,)

    def at(self, point: Point, precision: int) -> Look:
        return self.gauge.at(self.way(point[0]), precision)

    def look(self, point: Point, efforts: Sequence[int] = QUICK) -> Look:
        return self.gauge.look(self.way(point[0]), efforts)

    def admits(self, point: Point) -> bool:
        return self.gauge.admits(self.way(point[0]))

    def confirms(self, point: Point) -> bool:
        return not (self.places and isinstance(point[0], sp.Expr)) and self.gauge.confirms(self.way(point[0]))

    def lies(self, t: Coordinate) -> bool:
        """Whether the point of a number lies in the box."""
        return all(map(inside, self.gauge.intervals, self.way(t)))


@dataclass(frozen=True)
class Stop:
    """A number of a line and what was seen there; ``look`` is ``None`` where no point of the region is."""

    t: Coordinate
    look: Look | None

    @property
    def scaled(self) -> arb:
        """The size of the gap against its terms."""
        return abs(self.look.ratio) if self.look is not None else arb.nan()

    @property
    def raw(self) -> arb:
        """The size of the gap."""
        return abs(self.look.gap.mid()) if self.look is not None else arb.nan()


@dataclass
class Trail:
    """What a search has learnt: low places to descend from, and how long numbers may be before it gets slow."""

    low: list[tuple[float, Point]] = field(default_factory=list)
    longest: int = 10**9


def scan(line: Line, level: int, trail: Trail, marks: Sequence[sp.Expr] = (), seed: int = 0) -> Search:
    """Walk the stations of a line, then what lies between them; a confirmed point of the region, or ``None``."""
    places = line.places or stations(line.intervals[0], level, marks, seed)
    met: dict[Coordinate, Stop] = {}
    ties = 0
    for t in sorted(places, key=_length):
        size = bits((t,))
        if size >= trail.longest:
            continue
        if not line.lies(t):
            met[t] = Stop(t, None)
            continue
        started = time.perf_counter()
        look = line.look((t,), THOROUGH if level and (size > 60 or level > 2) else QUICK)
        admitted = look.defined and line.admits((t,))
        if time.perf_counter() - started > SLOW and size > 12:
            trail.longest = min(trail.longest, size)
        yield
        met[t] = Stop(t, look if admitted else None)
        if not admitted:
            continue
        if look.sign is None and line.goal.strict and size <= 24 and ties < TIES:
            ties += 1
            if line.confirms((t,)):
                return line.way(t)
        elif line.fails(look.sign) and line.confirms((t,)):
            return line.way(t)
    row = [met[t] for t in places if t in met]
    for search in (_crossings(line, row), _dips(line, row, level, trail), _edges(line, row)):
        found = yield from search
        if found is not None:
            return found
    return None


def _length(t: Coordinate) -> int:
    return 10**6 + bits((t,)) if isinstance(t, sp.Expr) else bits((t,))


def _dips(line: Line, row: Sequence[Stop], level: int, trail: Trail) -> Search:
    """Descend into the places that are lower than both neighbours, the lowest first."""
    if line.goal.relation == "==":
        return None
    found: list[tuple[float, Stop, Stop, Stop]] = []
    for a, b, c in zip(row, row[1:], row[2:], strict=False):
        if any(stop.look is None or isinstance(stop.t, sp.Expr) for stop in (a, b, c)):
            continue
        for x, y, z in ((a.raw, b.raw, c.raw), (a.scaled, b.scaled, c.scaled)):
            if y <= x and y <= z and not (x == y and y == z):
                found.append((float(b.scaled), a, b, c))
                break
    for _, a, b, c in sorted(found, key=lambda item: item[0])[: DIPS[min(level, 3)]]:
        trail.low.append((float(b.scaled), line.way(b.t)))
        if line.intervals[0].integer:
            failing = yield from _whole_minimum(line, a.t, b.t, c.t)
        else:
            failing = yield from _minimum(line, (a.t, b.t, c.t), STEPS[min(level, 3)])
        if failing is not None:
            return failing
    return None


def _minimum(line: Line, bracket: tuple[fmpq, fmpq, fmpq], steps: int) -> Search:
    """Golden section in rising precision: to a failure, a clear positive minimum, or a place where the sides meet."""
    size = bits(bracket)
    ends = [exact_ball(value, 400 + 2 * size) for value in bracket]
    a, m, b = (Stop(t, line.at((t,), 160 + 3 * size)) for t in ends)
    by_gap = m.raw <= a.raw and m.raw <= b.raw

    def height(stop: Stop) -> arb:
        return stop.raw if by_gap else stop.scaled

    for step in range(steps):
        precision = 160 + 3 * size + 2 * step
        rising = b.t - m.t > m.t - a.t
        t = middle(m.t, (b if rising else a).t, GOLDEN, precision)
        new = Stop(t, line.at((t,), precision))
        yield
        if new.look is None or not new.look.defined:
            return None
        if line.fails(new.look.sign) and line.admits((t,)):
            found = yield from _exact(line, t)
            if found is not None:
                return found
        if height(new) < height(m):
            a, b = (m, b) if rising else (a, m)
            m = new
        else:
            a, b = (a, new) if rising else (new, b)
        clear = m.look is not None and m.look.sign
        if clear and all(height(stop) < height(m) * 9 / 8 for stop in (a, b)):
            return None
        if steps <= 340 and narrow(a.t, b.t):
            break
    return (yield from _named(line, dyadic(m.t))) if line.goal.strict else None


def narrow(low: arb, high: arb) -> bool:
    """Whether two numbers agree to as many bits as it takes to name a constant."""
    with ctx.workprec(64):
        return bool(high - low < (abs(high) + arb(2) ** -60) * arb(2) ** -NAMED_BITS)


def _exact(line: Line, t: arb) -> Search:
    """An exact failure near an approximate one, in short numbers where there are some."""
    found = yield from rounded(line, (t,))
    return None if found is None else line.way(found[0])


def _named(line: Line, t: fmpq) -> Search:
    """An exact constant at which the sides are equal, guessed from its decimals."""
    for name in guesses(t):
        yield
        exact = rational(name)
        value = name if exact is None else exact
        if line.confirms((value,)):
            return line.way(value)
    return None


def _crossings(line: Line, row: Sequence[Stop]) -> Search:
    """Where 0 is what fails: zeros between neighbours of opposite sign, by halving, if a constant names them."""
    if line.goal.relation != "!=" or line.intervals[0].integer:
        return None
    for left, right in itertools.pairwise(row):
        if left.look is None or right.look is None or isinstance(left.t, sp.Expr) or isinstance(right.t, sp.Expr):
            continue
        sign, other = left.look.sign, right.look.sign
        if not sign or not other or sign == other:
            continue
        zero = yield from halved(left.t, right.t, sign, lambda t, p: line.at((t,), p).sign)
        found = yield from _named(line, dyadic(zero))
        if found is not None:
            return found
        _bracketed(line, dyadic(zero))
    return None


def _bracketed(line: Line, zero: fmpq) -> None:
    """Keep two points around a zero without a name, if the gap is continuous between them and changes its sign."""
    unit = fmpq(10) ** (len(str(abs(int(zero.floor())))) - 12)
    low, high = (zero / unit).floor() * unit, (zero / unit).ceil() * unit
    signs = [line.look((t,)).sign for t in (low, high)]
    with ctx.workprec(200):
        whole = arb(low).union(arb(high))
    within = all(line.lies(t) for t in (low, high)) and all(c.everywhere for c in line.goal.given)
    if within and set(signs) == {1, -1} and line.at((whole,), 200).defined:
        line.gauge.crossings.append((line.way(low), line.way(high)))


def halved(
    low: fmpq, high: fmpq, sign: int, signs: Callable[[arb, int], int | None], steps: int = MANY
) -> Generator[None, None, arb]:
    """Where the sign ceases to be what it is at the first of two places, to many bits."""
    size = bits((low, high))
    a, b = exact_ball(low, 400 + size), exact_ball(high, 400 + size)
    for _ in range(min(steps, NAMED_BITS + 20 + 2 * size)):
        t = middle(a, b, 0.5, 400 + 2 * size)
        here = signs(t, 600 + 3 * size)
        yield
        if here == 0:
            return t
        a, b = (t, b) if here == sign else (a, t)
        if narrow(min(a, b), max(a, b)):
            break
    return a


def _edges(line: Line, row: Sequence[Stop]) -> Search:
    """Places on the boundary between what is in the region and what is not, and next to it inside."""
    if line.intervals[0].integer:
        return None
    for left, right in itertools.pairwise(row):
        if (left.look is None) == (right.look is None):
            continue
        within, beyond = (left, right) if right.look is None else (right, left)
        if isinstance(within.t, sp.Expr) or isinstance(beyond.t, sp.Expr):
            continue
        rough = yield from halved(within.t, beyond.t, 1, lambda t, _: _side(line, t), EDGE_STEPS)
        for share in NEIGHBOURS:
            t = dyadic(rough) + (within.t - dyadic(rough)) * share
            yield
            if line.fails(line.look((t,)).sign) and line.confirms((t,)):
                return line.way(t)
        if not abs(line.look((dyadic(rough),)).ratio) < CLOSE:
            continue
        edge = yield from halved(dyadic(rough), beyond.t, 1, lambda t, _: _side(line, t))
        for name in guesses(dyadic(edge)):
            exact = rational(name)
            if line.confirms((name if exact is None else exact,)):
                return line.way(name if exact is None else exact)
    return None


def _side(line: Line, t: arb) -> int:
    """1 for numbers whose points are in the region, else -1."""
    return 1 if line.lies(dyadic(t)) and line.admits((t,)) and line.look((t,)).defined else -1


def _whole_minimum(line: Line, low: int, place: int, high: int) -> Search:
    """The lowest integer between two, by golden section and then one by one."""
    a, m, b = low, place, high
    value = abs(line.look((m,)).gap.mid())
    while b - a > 40:
        t = m + (b - m) * 38 // 100 if b - m > m - a else m - (m - a) * 38 // 100
        look = line.look((t,))
        yield
        if not look.defined:
            return None
        if line.fails(look.sign) and line.confirms((t,)):
            return line.way(t)
        if abs(look.gap.mid()) < value:
            a, b = (m, b) if t > m else (a, m)
            m, value = t, abs(look.gap.mid())
        else:
            a, b = (a, t) if t > m else (t, b)
    for t in range(a, b + 1):
        sign = line.look((t,)).sign
        yield
        if (line.fails(sign) or (sign is None and line.goal.strict)) and line.confirms((t,)):
            return line.way(t)
    return None


def exact_ball(value: Coordinate, precision: int) -> arb:
    """A coordinate as a ball without radius."""
    if isinstance(value, arb):
        return value
    with ctx.workprec(precision):
        return arb(rational(value)).mid()
