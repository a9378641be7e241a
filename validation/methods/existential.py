"""Existential claims at a point of their domain: proposed values, held against what must hold for all after them.

A proposal is the values that the claim names, or points of the ranges of ``exists``.  Where the claim goes on with
``forall``, many inner points are tried, far out ones among them: they support a proposal or fell it, never prove it.
Support takes values that the claim names: some constant or start is above whatever finitely many points can fell.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest
from typing import Any

import sympy as sp

from theory.claim import NOTHING, Claim
from theory.domain import Relation
from validation.evidence import Outcome, show
from validation.methods.admission import Gate
from validation.methods.cases import EXACT_VOLUME, classify
from validation.methods.decision import OPEN_SIGN, admits, examine
from validation.methods.exact import (
    Point,
    TooLargeError,
    UndefinedError,
    UnsupportedError,
    Value,
    Vanishes,
    concrete,
    enclose,
    reduced,
)
from validation.methods.points import NoPointError, Space, assemble, corners, walking
from validation.methods.rounding import Gauge
from validation.methods.scan import far, scattered

TRIES = 24
INNER = 120
RANDOM = 40
LEAST = 20
PRECISION, LARGEST = 256, 5000  # bits, and the largest logarithm of a value worth writing down
UNNAMED = "no values are named"


@dataclass(frozen=True)
class Found:
    """Whether values were found that serve, how many inner points they were held against, and what felled them.

    ``beyond`` tells that the values named are too large or too many to write down, ``undecided`` that the sign of the
    gap stays open for them: the point says nothing.
    """

    serves: bool
    inner: int = 0
    reason: str = ""
    beyond: bool = False
    undecided: bool = False


def values_at(claim: Claim, point: Point, seed: int, vanishes: Vanishes | None, until: float) -> Found:
    """Search for values of the ``exists`` variables at a point of the domain, until a time of the monotonic clock."""
    last = Found(False, reason="no values found that satisfy the claim at some points of the domain")
    try:
        named = named_values(claim, point) if claim.witness else None
    except TooLargeError:
        return Found(False, beyond=True)
    except (UndefinedError, UnsupportedError, KeyError, NoPointError):
        return last
    for values in _proposals(claim, point, seed) if named is None else (named,):
        full = {**point, **values}
        try:
            found = _held(claim, full, seed, vanishes, until)
        except (UndefinedError, UnsupportedError, KeyError):
            continue
        if found.serves:
            return found
        last = found if found.reason or (named is not None and found.undecided) else last
        if found.reason.startswith(UNNAMED):
            break
        if time.monotonic() > until:
            break
    return last


def _held(claim: Claim, full: Point, seed: int, vanishes: Vanishes | None, until: float) -> Found:
    gate = Gate(claim.exists, vanishes)
    if not gate.shaped(full):
        return Found(False)
    if claim.forall != NOTHING:
        if admits(claim.exists, full, vanishes) is not Outcome.HOLDS:
            return Found(False)
        return _held_for_all(claim, full, seed, vanishes, until)
    gauge = Gauge(claim.gap)(full)
    if gauge.clear and gauge.gap > 0 and claim.relation is not Relation.EQ and not claim.exists.given:
        return Found(True)
    finding = examine(claim, full, vanishes)
    return Found(finding.outcome is Outcome.HOLDS, undecided=finding.reason == OPEN_SIGN)


def instance(claim: Claim) -> Claim:
    """What the claim says of one point of domain, ``exists`` and ``forall`` together."""
    everything = claim.domain & claim.exists & claim.forall
    return replace(claim, domain=everything, exists=NOTHING, forall=NOTHING, witness=(), steps=(), guards=())


def _held_for_all(claim: Claim, full: Point, seed: int, vanishes: Vanishes | None, until: float) -> Found:
    """Hold proposed values against inner points: at least some must count, none may violate."""
    one, gauge, gate = instance(claim), Gauge(claim.gap), Gate(claim.forall, vanishes)
    rng = random.Random(f"inner repairs {seed}")
    kept = still_open = 0
    for point in _inner_points(claim, full, seed):
        if time.monotonic() > until and kept >= LEAST:
            break
        mended = gate.repaired(point, rng, rounds=2) if gate.missed(point) else point
        if mended is None:
            continue
        measure = gauge(mended)
        outcome = classify(one, mended, measure, vanishes)
        if outcome is Outcome.FAILS and claim.witness and not measure.clear:
            outcome = Outcome.UNDECIDED  # named values that are irrational have been rounded
        if outcome is Outcome.FAILS:
            names = (*claim.exists.variables(), *claim.forall.variables())
            where = ", ".join(f"{name} = {show(mended[name])}" for name in names)
            return Found(False, kept, f"the values proposed fail at {where}")
        kept += outcome is Outcome.HOLDS
        still_open += outcome is Outcome.UNDECIDED
    if not kept or still_open > kept:
        return Found(False, kept, f"{still_open} of {kept + still_open} inner points stay open")
    if not claim.witness:
        where = ", ".join(f"{name} = {show(full[name])}" for name in claim.exists.variables())
        return Found(False, kept, f"{UNNAMED}; {where} holds at {kept} inner points, which decides nothing")
    return Found(True, kept)


def _inner_points(claim: Claim, full: Point, seed: int) -> Iterator[dict[Any, Value]]:
    """Corners, far points and random ones of ``forall``, in turn."""
    space = Space.inner(claim, claim.forall, tuple(full))
    edges = corners(space, seed, INNER // 3, known=full)
    distant = far(space, seed, known=full)
    anywhere = scattered(space, seed, RANDOM, known=full)
    turns = chain.from_iterable(zip_longest(edges, distant, anywhere))
    return islice((point for point in turns if point is not None), INNER)


def _proposals(claim: Claim, point: Point, seed: int) -> Iterator[dict[Any, Value]]:
    """Points of the ranges of the ``exists`` variables."""
    space = Space.inner(claim, claim.exists, tuple(point))
    rng = random.Random(f"exists {seed}")
    for shift in range(TRIES):
        try:
            yield assemble(space, walking(shift), rng, known=point)
        except NoPointError:
            return


def named_values(claim: Claim, point: Point) -> dict[Any, Value]:
    """The values that the claim's ``witness`` names at a point, irrational ones rounded to 60 digits."""
    known: dict[Any, Value] = dict(point)
    found: dict[Any, Value] = {}
    for variable, recipe in claim.witness:
        if isinstance(variable, sp.IndexedBase):
            indices, expr = recipe
            family = next(part for part in claim.exists.families if part.base == variable)
            found[variable] = _tabulated(indices, expr, family.shape, known)
        else:
            found[variable] = _number(recipe, known)
        known[variable] = found[variable]
    return found


def _tabulated(indices: Any, expr: sp.Expr, shape: tuple[sp.Expr, ...], known: dict[Any, Value]) -> Value:
    if not indices:
        return _number(expr, known)
    extent = int(concrete(shape[0], known))
    if extent > EXACT_VOLUME:
        raise TooLargeError(f"{extent} entries")
    return tuple(
        _tabulated(indices[1:], expr, shape[1:], {**known, indices[0]: number}) for number in range(1, extent + 1)
    )


def _number(expr: Any, known: Point) -> Value:
    value = concrete(sp.sympify(expr), known)
    if value.is_Rational:
        return reduced(value)
    ball = enclose(value, {}, PRECISION)
    if ball is None or ball.rel_accuracy_bits() < PRECISION - 40:
        raise UnsupportedError(f"{expr} is not known to 60 digits")
    if abs(ball.abs_upper().log()) > LARGEST:
        raise TooLargeError(f"{expr} has thousands of digits")
    return reduced(sp.Rational(ball.str(60, radius=False)))
