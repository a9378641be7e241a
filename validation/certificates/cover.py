"""Bounded boxes covered by balls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq

from numerics.backends import as_ball, jets
from numerics.backends.frame import UnsupportedExpression
from numerics.backends.hulls import hull
from validation.certificates.goals import Goal, Rejected
from validation.certificates.nodes import Cover
from validation.certificates.ranges import interval_span
from validation.certificates.rules_region import relaxed

MOST_BITS = 4000
DEEPEST = 400  # cuts one inside the other
Box = tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True)
class Sampler:
    """The gap and the constraints of a goal, ready for boxes."""

    names: tuple[str, ...]
    gap: Callable[[Mapping[str, Any], int], arb]
    jet: Callable[..., jets.Jet]
    given: tuple[tuple[Callable[[Mapping[str, Any], int], arb], str], ...]
    relation: str
    precision: int

    def balls(self, box: Box) -> dict[str, arb]:
        """The box as balls by name."""
        return {name: ball_of(*ends, self.precision) for name, ends in zip(self.names, box, strict=True)}


def ball_of(lower: Fraction, upper: Fraction, precision: int) -> arb:
    """The least ball around an interval with rational ends."""
    with ctx.workprec(precision):
        return hull(*(arb(fmpq(end.numerator, end.denominator)) for end in (lower, upper)))


def cover(goal: Goal, node: Cover) -> list[Goal]:
    """Every point of the box lies in a leaf of the tree; on each leaf balls show the goal or the lack of points."""
    if not 16 <= node.precision <= MOST_BITS:
        raise Rejected(f"the precision of a cover is 16 to {MOST_BITS} bits, received {node.precision}")
    if goal.relation == "==":
        raise Rejected("balls prove no equality")
    for symbol, interval in goal.box:
        if interval.integer:
            goal = relaxed(goal, symbol)
    if len(node.tree) != 2 * sum(map(str.isdigit, node.tree)) + 1:
        raise Rejected("the tree of a cover has one leaf more than it has cuts")
    sampler, box = prepare(goal, node.precision), starting_box(goal)
    pending, place = [box], 0
    while pending:
        if place >= len(node.tree):
            raise Rejected("the tree of a cover ends before all of the box is covered")
        here, letter = pending.pop(), node.tree[place]
        place += 1
        if letter.isdigit():
            if len(pending) > DEEPEST:
                raise Rejected(f"the tree of a cover is deeper than {DEEPEST} cuts")
            pending += reversed(halves(here, int(letter)))
        elif letter not in LEAVES:
            raise Rejected(f"no leaf of a cover is called {letter!r}")
        elif not LEAVES[letter](sampler, here):
            raise Rejected(f"the leaf {letter!r} of a cover does not show the goal on {describe(sampler, here)}")
    if place != len(node.tree):
        raise Rejected("the tree of a cover goes on after all of the box is covered")
    return []


def prepare(goal: Goal, precision: int) -> Sampler:
    """The sampler of a goal over real variables."""
    names = tuple(symbol.name for symbol, _ in goal.box)
    try:
        gap, _ = as_ball.build(goal.gap)
        jet = jets.build(goal.gap)
        given = tuple((as_ball.build(c.gap)[0], c.relation) for c in goal.given)
    except UnsupportedExpression as error:
        raise Rejected(str(error)) from None
    return Sampler(names, gap, jet, given, goal.relation, precision)


def starting_box(goal: Goal) -> Box:
    """The box with rational ends, irrational ones rounded outwards; raises ``Rejected`` unless it is bounded."""
    box = []
    for symbol, interval in goal.box:
        span = interval_span(interval)
        if not (isinstance(span.lower, Fraction) and isinstance(span.upper, Fraction)):
            raise Rejected(f"balls cover bounded boxes, {symbol} runs over {interval}")
        box.append((span.lower, span.upper))
    return tuple(box)


def halves(box: Box, axis: int) -> list[Box]:
    """The two halves of a box along an axis."""
    if axis >= len(box):
        raise Rejected(f"a cover halves the variable at place {axis} of {len(box)}")
    lower, upper = box[axis]
    middle = (lower + upper) / 2
    return [(*box[:axis], ends, *box[axis + 1 :]) for ends in ((lower, middle), (middle, upper))]


def describe(sampler: Sampler, box: Box) -> str:
    """A box in short decimals."""
    ends = zip(sampler.names, box, strict=True)
    return ", ".join(f"{name} in [{float(low):.6g}, {float(high):.6g}]" for name, (low, high) in ends)


def shows(value: arb, relation: str) -> bool:
    """Whether every number of a finite ball stands in the relation to 0."""
    seen = {">=": value >= 0, ">": value > 0, "!=": value > 0 or value < 0}[relation]
    return bool(value.is_finite() and seen)


def plain(sampler: Sampler, box: Box) -> bool:
    """The gap over the whole box as one ball."""
    return shows(sampler.gap(sampler.balls(box), sampler.precision), sampler.relation)


def mean_value(sampler: Sampler, box: Box) -> bool:
    """The gap at the centre, plus the slopes over the box times the way from the centre."""
    balls = sampler.balls(box)
    slopes = _slopes(sampler, balls)
    centre = {n: ball_of((lo + hi) / 2, (lo + hi) / 2, sampler.precision) for n, (lo, hi) in _named(sampler, box)}
    with ctx.workprec(sampler.precision):
        total = sampler.gap(centre, sampler.precision)
        for name, slope in zip(sampler.names, slopes, strict=True):
            total = total + slope * (balls[name] - centre[name])
    return shows(total, sampler.relation)


def corners(sampler: Sampler, box: Box) -> bool:
    """Where a slope keeps its sign on the box, the gap is least at the end where it starts to rise."""
    slopes = _slopes(sampler, sampler.balls(box))
    narrowed = []
    for (low, high), slope in zip(box, slopes, strict=True):
        rising, falling = bool(slope >= 0), bool(slope <= 0)
        narrowed.append((low, low) if rising else (high, high) if falling else (low, high))
    if sampler.relation == "!=" or tuple(narrowed) == box:
        return False
    return plain(sampler, tuple(narrowed))


def outside(sampler: Sampler, box: Box) -> bool:
    """A constraint fails all over the box."""
    balls = sampler.balls(box)
    for constraint, relation in sampler.given:
        value = constraint(balls, sampler.precision)
        failing = {">=": value < 0, ">": value <= 0, "==": value > 0 or value < 0, "!=": value.is_zero()}[relation]
        if value.is_finite() and failing:
            return True
    return False


def _named(sampler: Sampler, box: Box) -> Sequence[tuple[str, tuple[Fraction, Fraction]]]:
    return list(zip(sampler.names, box, strict=True))


def _slopes(sampler: Sampler, balls: Mapping[str, arb]) -> list[arb]:
    """The slopes over the box, which enclose all generalized slopes where they and the value are finite."""
    directed = {name: jets.variable(balls[name], place) for place, name in enumerate(sampler.names)}
    jet = sampler.jet(directed, sampler.precision)
    if not jet.value.is_finite():
        return [arb.nan() for _ in sampler.names]
    return [jet.slopes.get(place, arb(0)) for place in range(len(sampler.names))]


LEAVES: Mapping[str, Callable[[Sampler, Box], bool]] = {
    "p": plain,
    "m": mean_value,
    "c": corners,
    "x": outside,
}
