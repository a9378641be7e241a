"""Signs of expressions at points of a box: what the search believes before it proves anything.

Every sign is certain at its point (balls), so a goal that fails at a point is given up at once; what holds at all the
points is only a guess.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import Any

import sympy as sp
from flint import arb, ctx

from numerics.backends.as_ball import build_all
from numerics.backends.frame import UnsupportedExpression
from validation.certificates.goals import Goal, Interval

PRECISIONS = (96, 400, 1200)
POINTS = 60
_GAMMAS = (sp.lowergamma, sp.uppergamma)
# distances from an end, and shares of a bounded interval; crooked, so that zeros at simple numbers are missed
_NEAR = [Fraction(f"{digit}e-{place}") for place, digit in ((30, 13), (16, 11), (9, 13), (6, 11), (4, 17), (3, 29))]
_MIDDLE = [Fraction(d, 1000) for d in (11, 37, 83, 157, 243, 317, 411, 487, 521, 593, 671, 759, 841, 913, 967, 993)]
_TIMES = (1, 2, 3, 5, 8, 13, 26, 61, 140, 1003)
_FAR = [Fraction(10) ** k * Fraction(37, 31) for k in (4, 6, 9, 12)]


def rational(value: sp.Expr) -> Fraction | None:
    """The fraction that a constant is; ``None`` for any other expression."""
    return Fraction(int(value.p), int(value.q)) if isinstance(value, sp.Rational) else None


def approximate(end: sp.Expr) -> Fraction:
    """A fraction near a finite exact constant; the constant itself where it is rational."""
    exact = rational(end)
    if exact is not None:
        return exact
    with ctx.workprec(160):
        middle = build_all([end])[0]({}, 160)[0].mid()
        numerator, exponent = middle.man_exp()
        return Fraction(int(numerator)) * Fraction(2) ** int(exponent)


def spread(interval: Interval, scale: int = 12) -> list[Fraction]:
    """Points of an interval in rising order: closed ends, points near the ends and, where it is unbounded, far away."""
    low = None if interval.lower == -sp.oo else approximate(interval.lower)
    high = None if interval.upper == sp.oo else approximate(interval.upper)
    if interval.integer:
        return _integers(low, high)
    first = [low] if low is not None and not interval.open_lower and interval.lower.is_Rational else []
    last = [high] if high is not None and not interval.open_upper and interval.upper.is_Rational else []
    if low is not None and high is not None:
        width = high - low
        shares = [*_NEAR, *_MIDDLE, *(1 - share for share in reversed(_NEAR))]
        return [*first, *(low + width * share for share in shares), *last] if width else [low]
    steps = {*_NEAR, *_MIDDLE[::2], *(m * t for t in _TIMES for m in _MIDDLE[9::2]), *_FAR}
    rising = sorted(step for step in steps if step < 2 * 10**scale)
    if low is not None:
        return [*first, *(low + step for step in rising)]
    falling = [-step for step in reversed(rising)]
    if high is not None:
        return [*(high + step for step in falling), *last]
    return [*falling, *rising]


def _integers(low: Fraction | None, high: Fraction | None) -> list[Fraction]:
    steps = [*range(12), 15, 20, 31, 50, 99, 316, 1001, 10**4, 10**6]
    if low is not None:
        found = [low + step for step in steps if high is None or low + step <= high]
        return found if high is None or high in found else [*found, high]
    if high is not None:
        return [high - step for step in reversed(steps)]
    return [*(Fraction(-step) for step in reversed(steps[1:])), *map(Fraction, steps)]


class Samples:
    """Points of the region of a goal, and values of expressions there."""

    def __init__(self, goal: Goal, count: int = POINTS) -> None:
        self.names = [symbol.name for symbol, _ in goal.box]
        self.kept: dict[sp.Expr, Row] = {}
        lines = [spread(interval, 12 if len(goal.box) == 1 else 6) for _, interval in goal.box]
        self.points: list[tuple[Fraction, ...]]
        if len(lines) == 1:
            self.points = [(value,) for value in lines[0]]
        else:
            self.points = list(_scattered(lines, 6 * count if goal.given else count)) if lines else [()]
        if goal.given:
            self._admit(goal, count)
        self.order = sorted(range(len(self.points)), key=lambda place: place * 37 % 101)

    def _admit(self, goal: Goal, limit: int) -> None:
        for condition in goal.given:
            self.kept = {}
            signs = self.signs(condition.gap)
            allowed = {">=": (0, 1), ">": (1,), "==": (0,), "!=": (-1, 1)}[condition.relation]
            self.points = [p for p, sign in zip(self.points, signs, strict=True) if sign in allowed]
        self.points, self.kept = self.points[: 2 * limit], {}

    def values(self, expr: sp.Expr) -> list[arb]:
        """Enclosures at the points; not a number where the expression is not defined or has no ball."""
        row = self._row(expr)
        return [row.at(place) for place in range(len(self.points))]

    def signs(self, expr: sp.Expr) -> list[int | None]:
        """The sign at every point; ``None`` where it could not be told."""
        return [_sign(value) for value in self.values(expr)]

    def pattern(self, expr: sp.Expr) -> set[int]:
        """The signs that occur; no more are looked for once both 1 and -1 are found."""
        return self._seen(expr, lambda found: found >= {1, -1})

    def meets(self, expr: sp.Expr, signs: set[int]) -> bool:
        """Whether one of the signs occurs."""
        return bool(self._seen(expr, lambda found: bool(found & signs)) & signs)

    def _seen(self, expr: sp.Expr, enough: Callable[[set[int]], bool]) -> set[int]:
        row, found = self._row(expr), set[int]()
        for place in self.order:
            sign = _sign(row.at(place))
            if sign is not None and sign not in found:
                found.add(sign)
                if enough(found):
                    break
        return found

    def _row(self, expr: sp.Expr) -> Row:
        if expr not in self.kept:
            self.kept[expr] = Row(expr, self.names, self.points)
        return self.kept[expr]


class Row:
    """The values of one expression at the points, each computed when it is asked for."""

    def __init__(self, expr: sp.Expr, names: Sequence[str], points: Sequence[tuple[Fraction, ...]]) -> None:
        self.names, self.points = names, points
        self.large = 10**4 if expr.has(*_GAMMAS) else None
        self.known: dict[int, arb] = {}
        try:
            self.routine: Any = build_all([expr])[0]
        except UnsupportedExpression:
            self.routine = None

    def at(self, place: int) -> arb:
        """The value at one of the points."""
        if place not in self.known:
            self.known[place] = self._compute(self.points[place])
        return self.known[place]

    def _compute(self, point: tuple[Fraction, ...]) -> arb:
        if self.routine is None or (self.large is not None and any(abs(value) > self.large for value in point)):
            return arb.nan()
        return _value(self.routine, dict(zip(self.names, point, strict=True)))


def _value(routine: Any, values: Mapping[str, Fraction]) -> arb:
    result = arb.nan()
    for precision in PRECISIONS:
        result = routine(values, precision)[0]
        if _sign(result) is not None:
            return result
    return result


def _sign(value: arb) -> int | None:
    if value > 0:
        return 1
    if value < 0:
        return -1
    return 0 if value.is_zero() else None


def _scattered(lines: Sequence[Sequence[Fraction]], count: int) -> Iterator[tuple[Fraction, ...]]:
    """Points of a product: each coordinate from its own line, inner and outer places mixed; corners first."""
    random = Random(0)
    inner = [[value for value in line if Fraction(1, 50) < abs(value) < 50] or line for line in lines]
    yield from itertools.islice(itertools.product(*((line[0], line[-1]) for line in lines)), 8)
    yield tuple(line[len(line) // 2] for line in lines)
    for _ in range(count):
        choice = [a if random.random() < 0.3 else b for a, b in zip(lines, inner, strict=True)]
        yield tuple(random.choice(line) for line in choice)


def changes(samples: Samples, expr: sp.Expr) -> list[tuple[Fraction, Fraction]]:
    """Neighbouring points of a line between which the expression changes its sign."""
    marks = [(p[0], s) for p, s in zip(samples.points, samples.signs(expr), strict=True) if s]
    return [(a, b) for (a, s), (b, t) in itertools.pairwise(marks) if s != t]
