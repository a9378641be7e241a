"""Sampling: hard corners and random points, in float64, with every close call examined exactly.

Sampling supports a claim or finds a lead; it never proves one, and a lead becomes a refutation only in
``validation.methods.refutation``.
"""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from theory.claim import Claim
from theory.domain import Domain
from validation.evidence import Evidence, Outcome, versions
from validation.methods.admission import Gate
from validation.methods.cases import EXACT_VOLUME, classify
from validation.methods.exact import QUICK, Point, Value, Vanishes, enclose, entries, volume
from validation.methods.existential import values_at
from validation.methods.points import Space, corners, large
from validation.methods.refutation import refute, unreadable
from validation.methods.rounding import UNKNOWN as UNMEASURED
from validation.methods.rounding import Gauge, Measure
from validation.methods.scan import far, scattered

CASES = 300
REPAIRS = 60
MODERATE = 100
FAR = 200
MINIMUM = 60
PATIENCE = 3.0
COMPARISONS = 24
COMPARED_VOLUME = 60


@dataclass
class Tally:
    """What happened to the cases: kept, skipped, open, violating, and the smallest relative gap of the kept ones."""

    kept: int = 0
    skipped: int = 0
    open: int = 0
    doubtful: int = 0
    random_kept: int = 0
    random_violating: int = 0
    compared: int = 0
    disagreeing: int = 0
    margin: float = math.inf
    leads: list[Point] = field(default_factory=list)

    def count(self, outcome: Outcome, measure: Measure, point: Point, drawn_at_random: bool, strict: bool) -> None:
        """Book one admitted case.

        An open case is one that says nothing; where the relation is strict and the values are moderate it looks like a
        tie, and then it is doubtful.
        """
        if outcome is Outcome.UNDECIDED:
            self.open += 1
            self.doubtful += strict and all(abs(v) <= MODERATE for value in point.values() for v in entries(value))
            return
        self.kept += 1
        self.random_kept += drawn_at_random
        if math.isfinite(measure.relative):
            self.margin = min(self.margin, measure.relative if measure.clear else max(measure.relative, 0.0))
        if outcome is Outcome.FAILS:
            self.random_violating += drawn_at_random
            self.leads.append(point)

    def compare(self, measure: Measure, ball: Any) -> None:
        """Check a float gap against a ball: a routine that is wrong must not support anything."""
        if ball is None or not math.isfinite(measure.gap) or not math.isfinite(measure.tolerance):
            return
        self.compared += 1
        apart = abs(float(ball.mid()) - measure.gap)
        self.disagreeing += apart > 4 * measure.tolerance + 4 * float(ball.rad()) + 1e-300


def sample(
    claim: Claim,
    seed: int = 0,
    cases: int = CASES,
    budget_seconds: float = 1.0,
    vanishes: Vanishes | None = None,
) -> Evidence:
    """Evidence from at most ``cases`` random points and the corners of the domain.

    ``HOLDS``: at least one case was kept and none violates.  ``FAILS``: a violation was confirmed exactly by
    ``refute``.  ``UNDECIDED``: a lead that could not be confirmed, a tie of moderate size whose sign stays open, or
    no case that satisfies the side conditions.  The margin is the smallest gap as a fraction of its magnitude.
    """
    started = time.monotonic()
    if reason := unreadable(claim):
        return replace(_report(claim, Tally(), seed, cases, started), reason=reason)
    if claim.exists != Domain():
        return _sample_existential(claim, seed, cases, budget_seconds, vanishes, started)
    gauge, gate, tally = Gauge(claim.gap), Gate(claim.domain, vanishes), Tally()
    for point, at_random in _cases(claim, gate, seed, cases, tally, budget_seconds):
        measure = gauge(point)
        if tally.compared < COMPARISONS and volume(point) <= COMPARED_VOLUME and not measure.by_ball:
            tally.compare(measure, enclose(claim.gap, point, QUICK[0]))
        tally.count(classify(claim, point, measure, vanishes), measure, point, at_random, claim.relation.strict)
    if not tally.leads:
        return _report(claim, tally, seed, cases, started)
    found = refute(claim, seed, max(3.0, budget_seconds), vanishes, leads=tuple(tally.leads[:40]))
    report = _report(claim, tally, seed, cases, started)
    return replace(report, outcome=found.outcome, witness=found.witness, reason=found.reason)


def _cases(
    claim: Claim, gate: Gate, seed: int, cases: int, tally: Tally, budget: float
) -> Iterator[tuple[dict[Any, Value], bool]]:
    """Corners, random points, large sizes and points far out in the domain, then repaired ones, within the budget.

    The shares of the time leave room for the large sizes and for repairs, whatever the first group costs; a slow
    machine gets three times the budget for the first 60 cases, or for as many as are asked for.
    """
    space = Space.of(claim)
    rng = random.Random(f"repairs {seed}")
    edges = ((point, False) for point in corners(space, seed))
    inner = ((point, True) for point in (() if space.single else scattered(space, seed, cases)))
    turns = (case for pair in itertools.zip_longest(edges, inner) for case in pair if case is not None)
    start = time.monotonic()

    def late(share: float) -> bool:
        spent = (time.monotonic() - start) / budget
        return spent > share and (tally.kept + tally.open >= min(MINIMUM, cases) or spent > PATIENCE * share)

    missing: list[tuple[dict[Any, Value], bool]] = []
    groups = ((turns, 0.5), (_edges(large(space, seed)), 0.65), (_edges(islice(far(space, seed), FAR)), 0.8))
    for group, share in groups:
        for point, at_random in group:
            if late(share):
                break
            if gate.missed(point):
                missing.append((point, at_random))
            else:
                yield point, at_random
    tally.skipped += len(missing)
    for point, at_random in rng.sample(missing, min(len(missing), REPAIRS)):
        if late(1.0):
            break
        mended = gate.repaired(point, rng)
        if mended is not None:
            tally.skipped -= 1
            yield mended, at_random


def _edges(points: Iterator[dict[Any, Value]]) -> Iterator[tuple[dict[Any, Value], bool]]:
    """Points that were not drawn at random."""
    return ((point, False) for point in points)


def _report(claim: Claim, tally: Tally, seed: int, cases: int, started: float) -> Evidence:
    outcome, reason = Outcome.HOLDS, ""
    if tally.leads:
        outcome, reason = Outcome.UNDECIDED, f"{len(tally.leads)} leads, none confirmed"
    elif tally.disagreeing:
        outcome = Outcome.UNDECIDED
        reason = f"float64 and ball arithmetic disagree at {tally.disagreeing} of {tally.compared} points"
    elif tally.doubtful or tally.open > tally.kept:
        outcome = Outcome.UNDECIDED
        reason = f"the sign of the gap stays open at {tally.open} of {tally.open + tally.kept} points"
    elif not tally.kept:
        outcome, reason = Outcome.UNDECIDED, f"none of {tally.skipped} points satisfies the side conditions"
    return Evidence(
        claim=claim.id,
        digest=claim.digest,
        method="sampling",
        outcome=outcome,
        covered=f"{tally.kept} point{'s' if tally.kept != 1 else ''} of: {claim.domain}",
        margin=f"{tally.margin:.3g}" if math.isfinite(tally.margin) else "",
        reason=reason,
        seconds=time.monotonic() - started,
        provenance={
            "seed": seed,
            "cases": cases,
            "kept": tally.kept,
            "skipped": tally.skipped,
            "open": tally.open,
            "compared": tally.compared,
            "violating_fraction": tally.random_violating / tally.random_kept if tally.random_kept else None,
            "versions": versions(),
        },
    )


def _sample_existential(
    claim: Claim, seed: int, cases: int, budget_seconds: float, vanishes: Vanishes | None, started: float
) -> Evidence:
    """Look for values of the ``exists`` variables at sampled points of the domain; see ``existential``."""
    gate, tally = Gate(claim.domain, vanishes), Tally()
    reason, inner, until = "", 0, started + PATIENCE * budget_seconds
    for point, at_random in _cases(claim, gate, seed, cases, tally, budget_seconds):
        if volume(point) > EXACT_VOLUME or (inner and time.monotonic() > until):
            tally.skipped += 1
            continue
        found = values_at(claim, point, seed, vanishes, until)
        if found.beyond:
            tally.skipped += 1
            continue
        outcome = Outcome.HOLDS if found.serves else Outcome.UNDECIDED
        tally.count(outcome, UNMEASURED, point, at_random, strict=False)
        tally.doubtful += outcome is Outcome.UNDECIDED and not found.undecided
        inner, reason = inner + found.inner, reason or found.reason
        if tally.doubtful > 3:
            break
    report = _report(claim, tally, seed, cases, started)
    if report.outcome is Outcome.UNDECIDED and tally.doubtful:
        return replace(report, reason=reason)
    if claim.forall == Domain():
        return report
    return replace(report, covered=f"{report.covered}, held against {inner} points of: {claim.forall}")
