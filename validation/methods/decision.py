"""Decisions at one exact point: is it in the domain, and does the statement hold there?

Only what is certain counts.  A point that is not certainly inside the domain decides nothing, and a claim is called
false at a point only when a second, independent evaluation of the gap does not contradict the first.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp
from mpmath.libmp import NoConvergence

from numerics.compile import compile_expression
from theory.atoms import Quotient, RegionIntegral
from theory.claim import Claim
from theory.domain import Condition, Domain, Family, Range, Relation
from validation.evidence import Outcome, Witness
from validation.methods.exact import (
    FACTORIALS,
    Point,
    Sign,
    UndefinedError,
    UnsupportedError,
    Value,
    Vanishes,
    concrete,
    enclose,
    entries,
    rational,
    read,
    reduced,
)

FORALL_LIMIT = 5000
SIDE_PRECISION = 128
TALL_EXPONENT = 10**5
OPEN_SIGN = "the gap is undefined, or its sign is open at 4096 bits"


@dataclass(frozen=True)
class Finding:
    """What is certain about a claim at one point."""

    outcome: Outcome
    gap: str = ""
    confirmed: str = ""
    reason: str = ""


def satisfied(relation: Relation, sign: Sign) -> Outcome:
    """Whether a relation holds whose signed gap (``Claim.gap``) has the given sign."""
    if sign is Sign.UNKNOWN:
        return Outcome.UNDECIDED
    if relation is Relation.EQ:
        return Outcome.HOLDS if sign is Sign.ZERO else Outcome.FAILS
    if sign is Sign.ZERO:
        return Outcome.FAILS if relation.strict else Outcome.HOLDS
    return Outcome.HOLDS if sign is Sign.POSITIVE else Outcome.FAILS


def condition_gap(condition: Condition) -> sp.Expr:
    """The signed gap of a side condition, nonnegative where a ``<=`` or ``>=`` holds."""
    swapped = condition.relation in (Relation.GE, Relation.GT)
    return condition.lhs - condition.rhs if swapped else condition.rhs - condition.lhs


def instances(condition: Condition, point: Point) -> Iterator[dict[Any, Value]]:
    """The point, extended by every value of the ``forall`` indices of the condition."""
    limits = list(condition.forall)

    def extend(known: dict[Any, Value], rest: list[Any]) -> Iterator[dict[Any, Value]]:
        if not rest:
            yield known
            return
        index, lower, upper = rest[0]
        for value in range(int(concrete(lower, known)), int(concrete(upper, known)) + 1):
            yield from extend({**known, index: value}, rest[1:])

    return extend(dict(point), limits)


def admits(domain: Domain, point: Point, vanishes: Vanishes | None = None) -> Outcome:
    """Whether the point lies in the domain: certainly (``HOLDS``), certainly not (``FAILS``), or open."""
    return together(
        itertools.chain(
            (in_range(part, point, vanishes) for part in domain.ranges),
            (in_family(part, point, vanishes) for part in domain.families),
            (meets(part, point, vanishes) for part in domain.given),
        )
    )


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """``FAILS`` if one outcome does, else ``UNDECIDED`` if one is, else ``HOLDS``; stops at the first failure."""
    worst = Outcome.HOLDS
    for outcome in outcomes:
        if outcome is Outcome.FAILS:
            return outcome
        worst = outcome if outcome is Outcome.UNDECIDED else worst
    return worst


def in_range(part: Range, point: Point, vanishes: Vanishes | None = None) -> Outcome:
    """Whether a scalar has the right type and lies between the ends of its range."""
    value = point[part.symbol]
    if isinstance(value, tuple) or (part.integer and not isinstance(value, int)):
        return Outcome.FAILS
    return together(
        (
            _compare(rational(value) - part.lower, part.open_lower, point, vanishes),
            _compare(part.upper - rational(value), part.open_upper, point, vanishes),
        )
    )


def _compare(gap: sp.Expr, strict: bool, point: Point, vanishes: Vanishes | None) -> Outcome:
    if gap == sp.oo:
        return Outcome.HOLDS
    return satisfied(Relation.LT if strict else Relation.LE, read(gap, point, vanishes).sign)


def in_family(part: Family, point: Point, vanishes: Vanishes | None = None) -> Outcome:
    """Whether a family has the right shape, and entries of the right type above their lower bound."""
    if not _fits(part, point):
        return Outcome.FAILS
    numbers = list(entries(point[part.base]))
    if part.integer and not all(isinstance(number, int) for number in numbers):
        return Outcome.FAILS
    if part.lower == -sp.oo or not numbers:
        return Outcome.HOLDS
    return satisfied(Relation.LE, read(rational(min(numbers)) - part.lower, point, vanishes).sign)


def meets(part: Condition, point: Point, vanishes: Vanishes | None = None) -> Outcome:
    """Whether a side condition holds for every value of its indices; ``UNDECIDED`` beyond 5000 of them."""
    gap, cases = condition_gap(part), instances(part, point)
    first = itertools.islice(cases, FORALL_LIMIT)
    outcome = together(satisfied(part.relation, read(gap, case, vanishes).sign) for case in first)
    more = outcome is Outcome.HOLDS and next(cases, None) is not None
    return Outcome.UNDECIDED if more else outcome


def _fits(family: Family, point: Point) -> bool:
    def check(value: Value, axis: int, known: dict[Any, Value]) -> bool:
        if axis == len(family.shape):
            return not isinstance(value, tuple)
        if not isinstance(value, tuple) or len(value) != concrete(family.shape[axis], known):
            return False
        index = family.indices[axis] if axis < len(family.indices) else None
        named = ({**known, index: number + 1} if index is not None else known for number in itertools.count())
        return all(check(item, axis + 1, inner) for item, inner in zip(value, named, strict=False))

    return check(point[family.base], 0, dict(point))


def examine(claim: Claim, point: Point, vanishes: Vanishes | None = None) -> Finding:
    """Decide the claim at one exact point, with the enclosure of the gap.

    A point outside the domain, or not certainly inside, decides nothing.  Existential claims are confirmed by a
    point that also gives values to the variables of ``exists``; they are never refuted here.  One point of ``forall``
    decides nothing.
    """
    if claim.forall != Domain():
        return Finding(Outcome.UNDECIDED, reason="one point says nothing of all that come after the values")
    domain = claim.domain & claim.exists
    inside = admits(domain, point, vanishes)
    if inside is not Outcome.HOLDS:
        known = "outside the domain" if inside is Outcome.FAILS else "not certainly in the domain"
        return Finding(Outcome.UNDECIDED, reason=known)
    reading = read(claim.gap, point, vanishes)
    outcome = satisfied(claim.relation, reading.sign)
    if outcome is Outcome.UNDECIDED:
        return Finding(outcome, reason=OPEN_SIGN)
    if cancelled(claim) and not has_values(claim, point):
        return Finding(Outcome.UNDECIDED, reason="a side of the claim has no value there")
    if outcome is Outcome.FAILS and claim.exists != Domain():
        return Finding(Outcome.UNDECIDED, reading.number, reason="other values may still satisfy the claim")
    if outcome is Outcome.FAILS and not _second_opinion(claim.gap, point, reading.sign):
        return Finding(Outcome.UNDECIDED, reading.number, reason="two arithmetics disagree on the sign of the gap")
    return Finding(outcome, reading.number, reading.confirmed)


def cancelled(claim: Claim) -> bool:
    """Whether a part that need not have a value stands in a side of the claim and no longer in its gap."""
    return not _partial(claim.lhs) | _partial(claim.rhs) <= _partial(claim.gap)


@lru_cache(maxsize=1024)
def _partial(expr: sp.Expr) -> frozenset[sp.Basic]:
    def total(part: sp.Basic) -> bool:
        if isinstance(part, sp.Pow):
            return bool(part.exp.is_Integer and part.exp > 0)
        return not isinstance(part, (sp.log, Quotient, *FACTORIALS))

    return frozenset(part for part in sp.preorder_traversal(expr) if not total(part))


def has_values(claim: Claim, point: Point) -> bool:
    """Whether balls give both sides a value at a point."""
    return all(enclose(side, point, SIDE_PRECISION) is not None for side in (claim.lhs, claim.rhs))


def _second_opinion(gap: sp.Expr, point: Point, sign: Sign) -> bool:
    """Whether an independent evaluation does not contradict the sign: a guard against a faulty routine.

    The gap is written out and evaluated by SymPy to 60 digits, or by the reference backend where it is too long.
    """
    try:
        written = concrete(gap, point)
        # SymPy evaluates exp(10**9) as a power of e, digit by digit.
        tall = any(part.exp.is_Rational and abs(part.exp) > TALL_EXPONENT for part in written.atoms(sp.exp))
        value = _reference(gap, point) if tall else written.evalf(60)
    except UndefinedError:
        return False
    except UnsupportedError:
        value = _reference(gap, point)
    if not getattr(value, "is_Float", False) and not getattr(value, "is_Rational", False):
        return True
    if sign is Sign.ZERO:
        return bool(abs(value) < sp.Float("1e-25"))
    return bool(value > 0) == (sign is Sign.POSITIVE) or bool(abs(value) < sp.Float("1e-30"))


def _reference(gap: sp.Expr, point: Point) -> Any:
    if gap.has(RegionIntegral):
        return None
    try:
        return sp.Float(str(compile_expression(gap, "mpmath")(point, precision=200)), 60)
    except (NotImplementedError, ArithmeticError, ValueError, TypeError, KeyError, IndexError, NoConvergence):
        return None


def probe(claim: Claim, values: Mapping[Any, Any], vanishes: Vanishes | None = None) -> Outcome:
    """Decide the claim at one exact point given by symbol or by name; see ``examine``."""
    return examine(claim, point_of(claim, values), vanishes).outcome


def point_of(claim: Claim, values: Mapping[Any, Any]) -> dict[Any, Value]:
    """A point from values by symbol or name: numbers, SymPy rationals, nested lists or arrays of them.

    Raises ``KeyError`` for an unknown name or a variable without a value.
    """
    blocks = (claim.domain, claim.exists, claim.forall)
    names = {str(v): v for block in blocks for v in block.variables()}
    point = {names[str(key)]: _exactly(value) for key, value in values.items()}
    missing = [name for name, v in names.items() if v not in point and v in claim.domain.variables()]
    if missing:
        raise KeyError(f"{claim.id}: no value for {', '.join(missing)}")
    return point


def _exactly(value: Any) -> Value:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (tuple, list, sp.Tuple)):
        return tuple(_exactly(item) for item in value)
    return reduced(value)


def witness(point: Point, finding: Finding) -> Witness:
    """The record of a point that a finding is about."""
    return Witness(tuple((str(v), value) for v, value in point.items()), finding.gap, finding.confirmed)
