"""Boxes covered by balls: trees of halvings, found by trying the leaves of the checker's own rule."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from validation.certificates.cover import LEAVES, Box, Sampler, halves, prepare, starting_box
from validation.certificates.goals import Goal, Rejected
from validation.certificates.nodes import Cover, Node
from validation.certificates.rules_region import relaxed
from validation.prover.engine import View

PRECISION = 64
BOXES = (24, 60, 200, 600, 2000, 6000, 20_000, 60_000)
DEEPEST = 36  # halvings of one side: a gap that touches 0 is not covered by going on


def covers(view: View) -> Iterator[Node | None]:
    """A cover of a bounded box, with more boxes the deeper the search."""
    goal = view.goal
    if goal.relation == "==" or not goal.box or not all(interval.bounded for _, interval in goal.box):
        return
    try:
        for symbol, interval in goal.box:
            if interval.integer:
                goal = relaxed(goal, symbol)
        sampler, box = prepare(goal, PRECISION), starting_box(goal)
    except Rejected:
        return
    if _hopeless(goal, sampler, box):
        return
    tree: list[str] = []
    limit = BOXES[min(view.depth, len(BOXES) - 1)]
    pending: list[tuple[Box, int]] = [(box, 0)]
    while pending:
        here, level = pending.pop()
        limit -= 1
        if limit < 0 or level > DEEPEST * len(box):
            return
        yield None
        letter = _leaf(sampler, here)
        if letter is None:
            axis = _axis(box, here)
            tree.append(str(axis))
            pending += [(half, level + 1) for half in reversed(halves(here, axis))]
        else:
            tree.append(letter)
    yield Cover("".join(tree), PRECISION)


def _hopeless(goal: Goal, sampler: Sampler, box: Box) -> bool:
    """Whether the gap is not seen to be positive at a corner of the closed box, so that no ball will settle it."""
    if goal.given:
        return False
    for place in range(2 ** len(box)):
        corner = tuple((ends[place >> i & 1],) * 2 for i, ends in enumerate(box))
        value = sampler.gap(sampler.balls(corner), PRECISION)
        if not value > 0 and not (goal.relation == ">=" and value.is_zero()):
            return True
    return False


def _leaf(sampler: Sampler, box: Box) -> str | None:
    letters = "xpcm" if sampler.given else "pcm"
    return next((letter for letter in letters if LEAVES[letter](sampler, box)), None)


def _axis(whole: Box, box: Box) -> int:
    """The side that is widest against the whole."""

    def share(place: int) -> Fraction:
        (low, high), (least, most) = box[place], whole[place]
        return (high - low) / (most - least) if most > least else Fraction(-1)

    return max(range(len(box)), key=share)
