"""Refutation: search for a violation, make it as small as it gets, and confirm it exactly.

Four searches, each in float64 (or balls of 64 bits) with close calls examined exactly: small integers at the smallest
sizes in order of complexity, the corners and random points of sampling, sizes and scalars far out, and a descent of the
relative gap from the best of those.  What is found is shrunk, and its sizes are brought to the least.  Only a confirmed
point of the domain refutes; everything else is undecided.
"""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from theory.claim import Claim
from theory.domain import Domain, Family, Range, Relation
from validation.evidence import Evidence, Outcome, versions
from validation.methods.admission import Gate, rebuilt
from validation.methods.decision import Finding, examine, satisfied, witness
from validation.methods.descent import descend, descent
from validation.methods.exact import (
    QUICK,
    Point,
    UndefinedError,
    UnsupportedError,
    Value,
    Vanishes,
    entries,
    never,
    read,
    volume,
)
from validation.methods.least import least_sizes, moved
from validation.methods.points import Choose, NoPointError, Space, assemble, corners, drawn, large
from validation.methods.rounding import Gauge, Measure, as_arrays, obstacle
from validation.methods.scan import far
from validation.methods.shrinking import complexity, shrink

BUDGET = 3.0
RANDOM_CASES = 200
GRID = 3000
TRIES = 400
TURN = 4
QUICK_DESCENT = 60
BRIEF = QUICK[-1:]
SPARE = 0.1
DESCENT_VARIABLES = 40
EXAMINED_VOLUME = 400
LEAD_VOLUME = 4000


class Hunt:
    """One search: what is measured, what was confirmed so far, and when to stop."""

    def __init__(self, claim: Claim, seed: int, deadline: float, vanishes: Vanishes | None) -> None:
        self.claim, self.seed, self.deadline, self.vanishes = claim, seed, deadline, vanishes
        self.gauge, self.gate, self.space = Gauge(claim.gap), Gate(claim.domain, vanishes), Space.of(claim)
        self.best: tuple[Any, Point, Finding] | None = None
        self.measured = self.examined = 0
        self.near: list[tuple[float, int, Point]] = []

    @property
    def late(self) -> bool:
        """Whether the time is spent."""
        return time.monotonic() > self.deadline

    def suspicious(self, measure: Measure) -> bool:
        """Whether the float gap is a violation, or could be one within rounding."""
        if measure.clear:
            return measure.gap < 0 or self.claim.relation is Relation.EQ
        return True

    def violates(self, point: Point, shaped: bool = False) -> bool:
        """Whether a point is a lead: inside the domain, with a gap that fails in float64 or, where unclear, exactly."""
        if not shaped and not self.gate.shaped(point):
            return False
        arrays = as_arrays(point)
        if self.gauge.by_balls and not shaped and self.gate.missed(point, arrays):
            return False  # cheaper to know than a gap in balls
        measure = self.gauge(point, arrays)
        self.measured += 1
        if not self.suspicious(measure):
            self._remember(measure, point)
            return False
        if self.gate.missed(point, arrays):
            return False
        return measure.clear or (volume(point) <= EXAMINED_VOLUME and self._fails(point))

    def _remember(self, measure: Measure, point: Point) -> None:
        if math.isfinite(measure.relative) and volume(point) <= DESCENT_VARIABLES:
            self.near.append((abs(measure.relative), len(self.near), point))

    def confirm(self, point: Point) -> bool:
        """Whether a point fails exactly, or need not be examined because a smaller one already did."""
        return (self.best is not None and complexity(self.space, point) >= self.best[0]) or self._fails(point)

    def _fails(self, point: Point) -> bool:
        """Examine a point exactly; a failure is kept if it is the smallest so far."""
        self.examined += 1
        try:
            if not self.claim.relation.strict:
                # A tie is no violation here: balls that see a difference are enough, a proof of 0 is not wanted.
                quick = read(self.claim.gap, point, never, BRIEF)
                if satisfied(self.claim.relation, quick.sign) is not Outcome.FAILS:
                    return False
            finding = examine(self.claim, point, self.vanishes)
        except (UndefinedError, UnsupportedError):
            return False
        if finding.outcome is not Outcome.FAILS:
            return False
        key = complexity(self.space, point)
        if self.best is None or key < self.best[0]:
            self.best = (key, point, finding)
        return True


def refute(
    claim: Claim,
    seed: int = 0,
    budget_seconds: float = BUDGET,
    vanishes: Vanishes | None = None,
    leads: tuple[Point, ...] = (),
) -> Evidence:
    """Search for the smallest violation of a claim and confirm it.

    ``leads`` are points to start from.  ``FAILS`` carries a witness in the domain whose gap certainly violates the
    relation, the smallest found by total size and then by the sum of numerators and denominators; anything else is
    ``UNDECIDED`` with a reason.  Existential claims are never refuted.  The provenance holds the fraction of the
    random cases in the domain that violate.
    """
    started = time.monotonic()
    if claim.exists != Domain():
        return _evidence(claim, None, started, {"seed": seed}, "an existential claim is not refuted by points")
    if reason := unreadable(claim):
        return _evidence(claim, None, started, {"seed": seed}, reason)
    hunt = Hunt(claim, seed, started + budget_seconds, vanishes)
    _first(hunt, _small_points(hunt, started + 0.35 * budget_seconds))
    random_points = [
        point
        for point in drawn(hunt.space, seed, min(RANDOM_CASES, 20 + int(90 * budget_seconds)))
        if volume(point) <= LEAD_VOLUME
    ]
    kept = violating = 0
    lead: Point | None = None
    until = started + 0.6 * budget_seconds if hunt.best is None else time.monotonic() + SPARE * budget_seconds
    for point in random_points:
        if time.monotonic() > until:
            break
        admitted = not hunt.gate.missed(point)
        kept += admitted
        if admitted and hunt.violates(point, shaped=True):
            violating += 1
            lead = lead or point
    if hunt.best is None and lead is None:
        lead = _far_lead(hunt, started + 0.75 * budget_seconds)
    if hunt.best is None:
        rng = random.Random(f"mending {seed}")
        spread = itertools.chain(corners(hunt.space, seed), random_points[:60], large(hunt.space, seed))
        mended = _mended(hunt, spread, rng)
        lead = lead or next((point for point in leads if hunt.violates(point)), None)
        lead = lead or next((point for point in mended if hunt.violates(point)), None)
        lead = lead or descend(hunt)
    else:
        lead = hunt.best[1]
    if lead is not None:
        _reduce(hunt, lead, SPARE * budget_seconds)
    provenance = {
        "seed": seed,
        "measured": hunt.measured,
        "examined": hunt.examined,
        "kept": kept,
        "violating_fraction": violating / kept if kept else None,
        "versions": versions(),
    }
    if hunt.best is None:
        reason = "a violation in floating point was not confirmed" if lead is not None else "no violation found"
        return _evidence(claim, None, started, provenance, reason)
    return _evidence(claim, hunt.best, started, provenance, "")


def unreadable(claim: Claim) -> str:
    """Why no point can decide the claim: a node without a routine, or a variable without a range; else empty."""
    blocks = (claim.domain, claim.exists, claim.forall)
    names = {str(getattr(v, "label", v)) for block in blocks for v in block.variables()}
    return obstacle(claim.gap, names)


def _evidence(
    claim: Claim, best: tuple[Any, Point, Finding] | None, started: float, provenance: dict[str, Any], reason: str
) -> Evidence:
    return Evidence(
        claim=claim.id,
        digest=claim.digest,
        method="refutation",
        outcome=Outcome.UNDECIDED if best is None else Outcome.FAILS,
        covered="" if best is None else "the witness",
        margin="" if best is None else best[2].gap,
        witness=None if best is None else witness(best[1], best[2]),
        reason=reason,
        seconds=time.monotonic() - started,
        provenance=provenance,
    )


def _first(hunt: Hunt, points: Iterator[dict[Any, Value]]) -> bool:
    """Whether one of the points is a confirmed violation; stops at the first."""
    return any(hunt.violates(point) and hunt.confirm(point) for point in points)


def _far_lead(hunt: Hunt, deadline: float) -> Point | None:
    """A violation among the points far out; those that miss a condition are mended now and then."""
    rng = random.Random(f"far {hunt.seed}")
    for count, point in enumerate(far(hunt.space, hunt.seed)):
        if time.monotonic() > deadline:
            return None
        missed = bool(hunt.gate.missed(point))
        candidate = hunt.gate.repaired(point, rng, rounds=2) if missed and count % 4 == 0 else None if missed else point
        if candidate is not None and hunt.violates(candidate):
            return candidate
    return None


def _reduce(hunt: Hunt, lead: Point, spare: float) -> None:
    """Bring the sizes of a lead to the least, then shrink it, until neither helps."""
    point = lead
    hunt.confirm(lead)
    for _ in range(3):
        smaller = least_sizes(hunt.space, point, lambda p: _violation_at(hunt, p), lambda: hunt.late, spare)
        shrunk = shrink(hunt.space, smaller, hunt.violates, lambda: hunt.late, hunt.confirm)
        if shrunk is point or hunt.late:
            break
        point = shrunk


def _violation_at(hunt: Hunt, point: Point) -> Point | None:
    """A lead with the sizes of a point, its real scalars moved and then searched."""
    equality = hunt.claim.relation is Relation.EQ  # one that fails does so nearly everywhere
    for candidate in itertools.islice(moved(hunt.space, point), 2 if equality else None):
        if hunt.violates(candidate):
            return candidate
    return None if equality or hunt.late else descent(hunt, point, True, QUICK_DESCENT)


def _mended(hunt: Hunt, points: Iterator[dict[Any, Value]], rng: random.Random) -> Iterator[dict[Any, Value]]:
    for point in points:
        if hunt.late:
            return
        mended = hunt.gate.repaired(point, rng, rounds=2)
        if mended is not None:
            yield mended


def _small_points(hunt: Hunt, deadline: float) -> Iterator[dict[Any, Value]]:
    """Points with small integer entries, by total size, mended where conditions fail; simple points first.

    Where the gap is slow to measure the sizes take turns instead, so that each of them is met in time, and simple
    points alternate with points from anywhere on the grid.
    """
    rng = random.Random(f"small {hunt.seed}")
    turns = [_at_sizes(hunt, forced, rng) for forced in _small_sizes(hunt.space)]
    while turns:
        for turn in tuple(turns):
            points = list(itertools.islice(turn, TURN)) if hunt.gauge.by_balls else turn
            if not points or not hunt.gauge.by_balls:
                turns.remove(turn)
            for point in points:
                if time.monotonic() > deadline:
                    return
                yield point


def _at_sizes(hunt: Hunt, forced: dict[Any, int], rng: random.Random) -> Iterator[dict[Any, Value]]:
    grid, total = _grid(hunt.space, forced)
    few = (_thin(hunt.space, forced, rng) for _ in range(TRIES // 8 if hunt.gauge.by_balls else TRIES))
    listed = list(grid) if total <= GRID else [point for point in few if point is not None]
    simple = sorted(listed, key=lambda point: complexity(hunt.space, point))
    anywhere = rng.sample(listed, len(listed))
    mixed = itertools.chain.from_iterable(zip(simple, anywhere, strict=True))
    mends = 20
    for point in mixed if hunt.gauge.by_balls else simple:
        if not hunt.gate.missed(point):
            yield point
        elif mends:
            mends -= 1
            mended = hunt.gate.repaired(point, rng, rounds=2)
            if mended is not None:
                yield mended


def _small_sizes(space: Space, extra: int = 4) -> Iterator[dict[Any, int]]:
    """Values of the size symbols, smallest total first."""
    pinned = dict(space.pinned)
    sizes = [part for part in space.sizes if part.symbol not in pinned]
    least = [int(part.lower) if part.lower.is_Integer else 1 for part in sizes]
    steps = itertools.product(range(extra), repeat=len(sizes))
    for step in sorted(steps, key=lambda s: (sum(s), s)):
        if sum(step) < extra:
            yield {part.symbol: low + more for part, low, more in zip(sizes, least, step, strict=True)}


def _numbers(count: int, positive: bool = False) -> tuple[Any, ...]:
    if positive:
        return (1, 2, Fraction(1, 2), 3, Fraction(1, 3))[: 5 if count <= 5 else 3 if count <= 7 else 2]
    return (0, 1, -1, 2, -2) if count <= 5 else (0, 1, -1) if count <= 7 else (0, 1)


def _grid(space: Space, forced: dict[Any, int]) -> tuple[Iterator[dict[Any, Value]], int]:
    """All points with entries among a few small integers and scalars among their simplest values, and their number."""
    rng = random.Random("grid")
    try:
        frame = assemble(space, lambda options: options[0], rng, forced, "zeros")
    except NoPointError:
        return iter(()), 0
    free = [p for p in space.parts if not (isinstance(p, Range) and p.symbol in {**forced, **dict(space.pinned)})]
    if any(part.integer and isinstance(part, Family) for part in free):
        return iter(()), GRID + 1
    count = sum(len(list(entries(frame[part.base]))) for part in free if isinstance(part, Family))
    scalars = [part for part in free if isinstance(part, Range)]
    width = 8 if len(scalars) + count <= 3 else 5 if len(scalars) <= 3 else 3
    total = int(len(_numbers(count)) ** count * width ** len(scalars))

    def points() -> Iterator[dict[Any, Value]]:
        for picks in itertools.product(range(width), repeat=len(scalars)):
            try:
                base = assemble(space, _picking(picks), rng, forced, "zeros")
            except (NoPointError, IndexError):
                continue
            families = [part for part in free if isinstance(part, Family)]
            signs = [part.base in space.positive for part in families for _ in entries(base[part.base])]
            for numbers in itertools.product(*(_numbers(count, sign) for sign in signs)):
                values = iter(numbers)
                yield {**base, **{part.base: rebuilt(base[part.base], values) for part in families}}

    return points(), total


def _picking(picks: tuple[int, ...]) -> Choose:
    """Chooses the options with these numbers in turn; raises ``IndexError`` where there are fewer options."""
    turn = iter(picks)
    return lambda options: options[next(turn, 0)]


def _thin(space: Space, forced: dict[Any, int], rng: random.Random) -> dict[Any, Value] | None:
    """One point with small integer entries, mostly zeros."""
    try:
        point = assemble(
            space,
            lambda options: options[min(int(rng.expovariate(0.5)), len(options) - 1)],
            rng,
            forced,
            rng.choice(("small integers", "small integers", "one hot", "progression", "equal entries", "opposite")),
        )
    except NoPointError:
        return None
    return point
