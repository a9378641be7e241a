"""Branch and bound with balls: is a gap positive everywhere on a box, or certainly not somewhere?

Four ways to bound a gap from below on a box: its natural enclosure; the mean value form; a slope of one sign, which
moves the question to a face; and, where the gap touches zero, convexity in some of the variables around points where
the gap and its slopes vanish exactly.  A box that none of them settles is halved.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from numerics.backends.as_ball import ZERO, hull
from numerics.backends.jets import Jet, build, variable
from numerics.compile import Routine, UnsupportedExpression, compile_expression
from theory.atoms import RegionIntegral
from theory.domain import Condition, Relation
from validation.evidence import Outcome
from validation.methods.expansion import entry_symbol, expand, vanishes
from validation.methods.instances import Instance, Variable, certainly, lattice, over

PRECISION = 96
POINTS = 400
CUTS = 6  # halvings of a box on which a side condition stays undecided

Box = tuple[tuple[Fraction, Fraction], ...]


@dataclass
class Finding:
    """What a search found: the outcome, a rigorous lower bound of the gap, the point that refutes."""

    outcome: Outcome
    margin: Fraction | None = None
    point: tuple[Fraction, ...] | None = None
    gap: str = ""
    confirmed: str = ""
    boxes: int = 0
    skipped: int = 0
    reason: str = ""
    route: str = ""


def rational(value: Fraction) -> arb:
    """The least ball of the working precision around a fraction."""
    return arb(fmpq(value.numerator, value.denominator))


def fraction(value: arb) -> Fraction:
    """An exact ball as a fraction."""
    exact = value.fmpq()
    return Fraction(int(exact.p), int(exact.q))


@dataclass
class Search:
    """The search on one instance; ``gap`` is at least (strictly: greater than) 0 where the claim holds."""

    gap: sp.Expr
    relation: Relation
    instance: Instance
    deadline: float
    found: Finding = field(default_factory=lambda: Finding(Outcome.UNDECIDED))
    moved: bool = False

    def __post_init__(self) -> None:
        self.routine = compile_expression(self.gap, "ball")
        self.jets = None if self.gap.has(RegionIntegral) else build(self.gap)
        names = {v.name for v in self.instance.variables}
        self.conditions: list[tuple[Condition, Routine]] = []
        for condition in self.instance.conditions:
            sign = 1 if condition.relation in (Relation.GE, Relation.GT, Relation.EQ) else -1
            routine = compile_expression(sign * (condition.lhs - condition.rhs), "ball")
            if names & {str(getattr(a, "label", a)) for a in routine.arguments}:
                self.conditions.append((condition, routine))
        try:
            self.form: sp.Expr | None = expand(self.gap, self.instance.sizes)
        except UnsupportedExpression:
            self.form = None
        self.symbols = [entry_symbol(v.name, v.place) for v in self.instance.variables]
        self.zeros: dict[Any, bool] = {}
        self.start: Box = tuple((v.lower, v.upper) for v in self.instance.variables)

    # Questions to the balls and to the exact form.

    def late(self) -> bool:
        """Whether the time is over."""
        return time.perf_counter() > self.deadline

    def ball(self, entries: Sequence[arb]) -> arb:
        """The natural enclosure of the gap."""
        return self.routine(self.instance.assemble(entries), PRECISION)

    def admitted(self, entries: Sequence[arb]) -> bool | None:
        """Whether the side conditions certainly hold (fail) everywhere; ``None`` if that is open."""
        sure = True
        values = self.instance.assemble(entries)
        for condition, routine in self.conditions:
            for named in over(condition, values):
                gap = routine(named, PRECISION)
                if not certainly(gap, condition.relation):
                    sure = False
                    negation = condition.relation.negation
                    if (gap < 0) if negation is None or not condition.relation.strict else (gap <= 0):
                        return False
        return sure or None

    def is_zero(self, place: dict[int, Any]) -> bool:
        """Whether the gap is exactly 0, as a form, once the variables in ``place`` have the values given."""
        if self.form is None:
            return False
        key = tuple(sorted(place.items(), key=lambda item: item[0]))
        if key not in self.zeros and self.late():
            return False
        if key not in self.zeros:
            fixed = {self.symbols[i]: _exact(value) for i, value in place.items()}
            self.zeros[key] = len(self.zeros) < 60 and vanishes(self.form.subs(fixed, simultaneous=True))
        return self.zeros[key]

    # Refutation at exact points.

    def refute(self, points: Iterator[tuple[Fraction, ...]]) -> bool:
        """Looks for an exact point of the domain where the relation certainly fails."""
        until = time.perf_counter() + (self.deadline - time.perf_counter()) / 2
        for point in points:
            if time.perf_counter() > until:
                break
            if not all(v.admits(value) for v, value in zip(self.instance.variables, point, strict=True)):
                continue
            balls = [rational(value) for value in point]
            gap = self.ball(balls)
            wrong = gap < 0 or (self.relation is Relation.EQ and gap > 0)
            touching = self.relation.strict and not wrong and not gap > 0 and gap.is_finite()
            if not (wrong or touching) or self.admitted(balls) is not True:
                continue
            if touching and not self.is_zero(dict(enumerate(point))):
                continue
            self.found.outcome, self.found.point = Outcome.FAILS, point
            self.found.gap, self.found.confirmed = ("0", "exact") if touching else (gap.str(8), "ball")
            return True
        return False

    def candidates(self) -> Iterator[tuple[Fraction, ...]]:
        """Corners, simple values, equal families and scattered rationals, in a fixed order."""
        variables, random = self.instance.variables, Random(0)
        choices = [lattice(self.instance, v) for v in variables]
        yield tuple((v.lower + v.upper) / 2 for v in variables)
        for level in range(max(map(len, choices), default=0)):
            yield tuple(values[min(level, len(values) - 1)] for values in choices)
        yield from itertools.islice(itertools.product(*(values[:2] for values in choices)), 64)
        if len(variables) <= 2:
            yield from itertools.product(*choices)
        for _ in range(POINTS if variables else 0):
            yield tuple(
                random.choice(values)
                if random.random() < 0.4
                else v.lower + (v.upper - v.lower) * Fraction(random.randint(0, 64), 64)
                for v, values in zip(variables, choices, strict=True)
            )

    # Proof on boxes.

    def prove(self) -> bool:
        """Branch and bound over the box of the instance; ``True`` if the claim was settled either way."""
        if any(condition.relation is Relation.EQ for condition, _ in self.conditions):
            self.found.reason = "a side condition is an equality, which holds on no box"
            return False
        stack: list[tuple[Box, bool, int]] = [(self.start, not self.conditions, 0)]
        kept = 0
        with ctx.workprec(PRECISION):
            while stack:
                if self.found.boxes and self.late():  # a busy machine has time for one box, which may be a point
                    self.found.reason = f"the time was over with {len(stack)} boxes open"
                    return False
                box, sure, depth = stack.pop()
                self.found.boxes += 1
                entries = [_ball(side) for side in box]
                if not sure:
                    verdict = self.admitted(entries)
                    if verdict is False:
                        continue
                    sure = verdict is True
                if not sure:
                    if depth >= CUTS * len(box):
                        self.found.skipped += 1
                        continue
                    widest = max(range(len(box)), key=lambda i: box[i][1] - box[i][0])
                    stack += [(half, False, depth + 1) for half in _halves(box, widest)]
                    continue
                kept += 1
                box, slopes, lower, upper = self.bound(box)
                if self.settled(box, lower):
                    continue
                if upper is not None and upper < 0 and self.refute(iter([_middle(box)])):
                    return True
                wide = [i for i, side in enumerate(box) if side[0] < side[1]]
                if not wide:
                    self.found.reason = "a point where the gap cannot be told from 0"
                    return False
                worst = max(wide, key=lambda i: _weight(box[i], slopes.get(i)))
                stack += [(half, True, depth + 1) for half in _halves(box, worst)]
        if not kept:
            if self.recentre():
                return self.prove()
            self.found.reason = "no box was found on which the side conditions certainly hold"
            return False
        self.found.outcome, self.found.route = Outcome.HOLDS, self.found.route or "branch and bound"
        return True

    def recentre(self) -> bool:
        """Moves the box, once, to a simple point at which the side conditions hold."""
        if self.moved:
            return False
        self.moved = True
        for point in self.candidates():
            inside = all(v.admits(value) for v, value in zip(self.instance.variables, point, strict=True))
            if inside and self.admitted([rational(value) for value in point]):
                self.instance = self.instance.around(point, Fraction(1, 4))
                self.start = tuple((v.lower, v.upper) for v in self.instance.variables)
                return True
        return False

    def settled(self, box: Box, lower: Fraction | None) -> bool:
        """Whether the relation holds on the box, given a lower bound of the gap; records the margin."""
        if lower is None:
            return False
        if lower < 0 or (lower == 0 and self.relation.strict):
            fixed = {i: side[0] for i, side in enumerate(box) if side[0] == side[1]}
            if self.relation.strict or not fixed or not self.is_zero(fixed):
                return False
            lower = Fraction(0)
        self.found.margin = lower if self.found.margin is None else min(self.found.margin, lower)
        return True

    def bound(self, box: Box) -> tuple[Box, dict[int, arb], Fraction | None, Fraction | None]:
        """The face of the box with the least gap, slopes there, and bounds of the least gap."""
        while True:
            entries = [_ball(side) for side in box]
            natural = self.ball(entries)
            lower = fraction(natural.lower()) if natural.is_finite() else None
            upper = fraction(natural.upper()) if natural.is_finite() else None
            if self.jets is None or (lower is not None and lower > 0) or all(a == b for a, b in box):
                return box, {}, lower, upper
            jet = self.jets(self.instance.assemble(_directions(box, entries)), PRECISION)
            face = list(box)
            if jet.value.is_finite():
                for i in range(len(box)):
                    slope = jet.slopes.get(i, ZERO)
                    if slope >= 0:
                        face[i] = (box[i][0], box[i][0])
                    elif slope <= 0:
                        face[i] = (box[i][1], box[i][1])
            if tuple(face) == box:
                break
            # a direction without influence or with a slope of one sign: the least gap lies on the face
            box = tuple(face)
        middle = _middle(box)
        at = self.ball([rational(value) for value in middle])
        mean = at
        for i, slope in jet.slopes.items():
            mean += slope * (entries[i] - rational(middle[i]))
        if mean.is_finite() and jet.value.is_finite():
            floor = fraction(mean.lower())
            lower = floor if lower is None else max(lower, floor)
        return box, dict(jet.slopes), lower, upper

    # Convexity around exact zeros.

    def touch(self) -> bool:
        """Proves ``gap >= 0`` from convexity in a block of variables around exact zeros of gap and slopes."""
        if self.relation.strict or self.jets is None or self.form is None or self.conditions:
            return False
        if self.form.has(sp.Abs, sp.Min, sp.Max, sp.sign, sp.Heaviside):
            return False  # slopes of the form are wanted
        for block, zero in self._touching():
            if self.late():
                return False
            if not self.is_zero(zero):
                continue
            fixed = {self.symbols[i]: _exact(value) for i, value in zero.items()}
            slopes = (sp.diff(self.form, self.symbols[i]).subs(fixed, simultaneous=True) for i in block)
            if all(vanishes(slope) for slope in slopes) and self._convex(block):
                self.found.outcome, self.found.margin = Outcome.HOLDS, Fraction(0)
                self.found.route = "convexity around exact zeros"
                return True
        return False

    def _touching(self) -> Iterator[tuple[list[int], dict[int, Any]]]:
        """Blocks of variables, and where they may touch: at another block of the same box, or at a constant."""
        variables = self.instance.variables
        blocks: dict[str, list[int]] = {}
        for i, v in enumerate(variables):
            blocks.setdefault(v.name, []).append(i)
        for a, b in itertools.permutations(blocks.values(), 2):
            alike = len(a) == len(b) and all(_same_box(variables[i], variables[j]) for i, j in zip(a, b, strict=True))
            if alike:
                yield a, {i: self.symbols[j] for i, j in zip(a, b, strict=True)}
        middle = {(v.lower + v.upper) / 2 for v in variables}
        for block in [*blocks.values(), list(range(len(variables)))]:
            for value in (Fraction(0), Fraction(1), Fraction(1, 2), *middle):
                if block and all(variables[i].lower <= value <= variables[i].upper for i in block):
                    yield block, dict.fromkeys(block, value)

    def _convex(self, block: list[int]) -> bool:
        """Whether the curvature in the block is certainly positive semidefinite on the whole box."""
        stack: list[Box] = [tuple((v.lower, v.upper) for v in self.instance.variables)]
        with ctx.workprec(PRECISION):
            for _ in range(2000):
                if self.late():
                    return False
                if not stack:
                    return True
                box = stack.pop()
                self.found.boxes += 1
                jet = self._curved(box, block)
                if jet.value.is_finite():
                    if jet.shape in (0, 1) or semidefinite([[_bend(jet, i, j) for j in block] for i in block]):
                        continue
                    if any(_bend(jet, i, i) < 0 for i in block):
                        return False
                widest = max(range(len(box)), key=lambda i: box[i][1] - box[i][0])
                stack += _halves(box, widest)
        return False

    def _curved(self, box: Box, block: list[int]) -> Jet:
        assert self.jets is not None
        balls = [_ball(side) for side in box]
        entries = [variable(ball, i) if i in block else Jet(ball) for i, ball in enumerate(balls)]
        return self.jets(self.instance.assemble(entries), PRECISION, True)


def semidefinite(matrix: list[list[arb]]) -> bool:
    """Whether every symmetric matrix in the enclosure is positive semidefinite."""
    size = len(matrix)
    rows = [list(row) for row in matrix]
    if all(row[i] >= sum((abs(row[j]) for j in range(size) if j != i), arb(0)) for i, row in enumerate(rows)):
        return True
    if size == 2:
        (a, b), (_, c) = rows
        return bool(a >= 0 and c >= 0 and a * c - b * b >= 0)
    for pivot in range(size):  # elimination: all pivots certainly positive
        if not rows[pivot][pivot] > 0:
            return False
        for row in range(pivot + 1, size):
            factor = rows[row][pivot] / rows[pivot][pivot]
            rows[row] = [a - factor * b for a, b in zip(rows[row], rows[pivot], strict=True)]
    return True


def _directions(box: Box, entries: Sequence[arb]) -> list[Jet]:
    sides = zip(box, entries, strict=True)
    return [variable(ball, i) if a < b else Jet(ball) for i, ((a, b), ball) in enumerate(sides)]


def _bend(jet: Jet, i: int, j: int) -> arb:
    return jet.bends.get((min(i, j), max(i, j)), arb(0))


def _ball(side: tuple[Fraction, Fraction]) -> arb:
    return rational(side[0]) if side[0] == side[1] else hull(rational(side[0]), rational(side[1]))


def _middle(box: Box) -> tuple[Fraction, ...]:
    return tuple((low + high) / 2 for low, high in box)


def _halves(box: Box, place: int) -> list[Box]:
    low, high = box[place]
    middle = (low + high) / 2
    return [(*box[:place], side, *box[place + 1 :]) for side in ((middle, high), (low, middle))]


def _weight(side: tuple[Fraction, Fraction], slope: arb | None) -> float:
    size = float(slope.abs_upper()) if slope is not None and slope.is_finite() else 1.0
    return float(side[1] - side[0]) * max(size, 1e-6)


def _same_box(a: Variable, b: Variable) -> bool:
    return (a.lower, a.upper) == (b.lower, b.upper)


def _exact(value: Any) -> Any:
    return sp.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else value
