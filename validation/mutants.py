"""Mutants: false neighbours of the proved claims, and what an attacker would offer as their proofs.

A checker that never says no is worth nothing.  Each operator here changes one thing in a claim: a coefficient, a
direction, an index range, a side condition.  A change is kept as a mutant only with a point at which it is certainly
false; the points are in ``validation.mutants_data`` and no search sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

import sympy as sp

from theory.atoms import LSE, IndexMax, IndexMin
from theory.claim import NOTHING, Claim, Step
from theory.domain import Domain, Relation
from theory.registry import registry
from theory.rules import Lemma
from validation.mutants_data import EXISTENTIAL, POINTS

Change = Callable[[sp.Expr], sp.Expr]

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
FLIPPED = {LE: GE, LT: GT, GE: LE, GT: LT, EQ: GT}
STRICT = {LE: LT, GE: GT, EQ: LT}
SHARE, CAP, FAR = sp.Rational(1, 10), sp.Integer(7), sp.Integer(1000)
BINDERS = (LSE, IndexMax, IndexMin, sp.Sum)


@dataclass(frozen=True)
class Mutant:
    """A false neighbour of a proved claim: the operator that made it, and a point at which it fails.

    ``change`` is what the operator does to an expression, for an attacker who changes the proof alike.
    """

    original: Claim
    operator: str
    claim: Claim
    point: Mapping[str, Any]
    change: Change


@dataclass(frozen=True)
class Mutation:
    """What an operator makes of a claim, before anyone knows whether it is false."""

    claim: Claim
    change: Change


Named = tuple[str, Callable[[], Mutation]]
"""An operator with what it does, not done yet."""


def _same(expr: sp.Expr) -> sp.Expr:
    return expr


def _made(claim: Claim, operator: str, change: Change = _same, **parts: Any) -> Named:
    """Parts may be values, or functions that compute them when the mutation is wanted."""

    def make() -> Mutation:
        done = {name: part() if callable(part) else part for name, part in parts.items()}
        bare: dict[str, Any] = {"amends": (), "negates": None, "sharpens": "", "about": ""}
        return Mutation(replace(claim, id=f"{claim.id}~{operator}", **bare, **done), change)

    return operator, make


def _relations(claim: Claim) -> Iterator[Named]:
    yield _made(claim, "flip", relation=FLIPPED[claim.relation])
    if claim.relation in STRICT:
        yield _made(claim, "strict", relation=STRICT[claim.relation])
    up = claim.relation in (GE, GT)
    yield _made(claim, "tighten", rhs=claim.rhs + SHARE if up else claim.rhs - SHARE)
    yield _made(claim, "swamp", rhs=claim.rhs + FAR if up else claim.rhs - FAR)


def _scales(claim: Claim) -> Iterator[Named]:
    for side in ("lhs", "rhs"):
        expr = getattr(claim, side)
        if expr != 0:
            yield _made(claim, f"{side}_up", **{side: (1 + SHARE) * expr})
            yield _made(claim, f"{side}_down", **{side: (1 - SHARE) * expr})
            yield _made(claim, f"{side}_far", **{side: FAR * expr})
            yield _made(claim, f"{side}_negated", **{side: -expr})


def _logarithms(claim: Claim) -> Iterator[Named]:
    """Logarithms of sizes: left out, shortened, of the wrong sign, or cut off where sizes reach the thousands."""
    ranges = {r.symbol for r in claim.domain.ranges if r.integer}
    changes: dict[str, Change] = {
        "log_dropped": lambda e: sp.Integer(0),
        "log_shortened": lambda e: (1 - SHARE) * e,
        "log_negated": lambda e: -e,
        "log_capped": lambda e: sp.Min(e, CAP),
    }
    for name, change in changes.items():

        def everywhere(expr: sp.Expr, change: Change = change) -> sp.Expr:
            return expr.replace(lambda e: isinstance(e, sp.log) and e.args[0] in ranges, change)

        yield _made(claim, name, everywhere, lhs=_later(everywhere, claim.lhs), rhs=_later(everywhere, claim.rhs))


def _later(change: Change, expr: sp.Expr) -> Callable[[], sp.Expr]:
    return lambda: change(expr)


def _on_each(claim: Claim, name: str, change: Change, **parts: Any) -> Iterator[Named]:
    for side in ("lhs", "rhs"):
        yield _made(claim, f"{name}_{side}", change, **{side: _later(change, getattr(claim, side))}, **parts)


def _shapes(claim: Claim) -> Iterator[Named]:
    """Minimum for maximum, an exponential of the other sign, a minimum for LSE, a wrong exponent."""
    pairs = {IndexMin: IndexMax, IndexMax: IndexMin}

    def exchanged(expr: sp.Expr) -> sp.Expr:
        return expr.replace(lambda e: type(e) in pairs, lambda e: pairs[type(e)](*e.args))

    def reversed_exp(expr: sp.Expr) -> sp.Expr:
        return expr.replace(lambda e: isinstance(e, sp.exp), lambda e: sp.exp(-e.args[0]))

    def hardened(expr: sp.Expr) -> sp.Expr:
        return expr.replace(lambda e: isinstance(e, LSE), lambda e: IndexMin(*e.args))

    def raised(expr: sp.Expr) -> sp.Expr:
        return expr.replace(lambda e: isinstance(e, sp.Pow) and e.exp == 2, lambda e: e.base**4)

    for name, change in (("extremum", exchanged), ("sign", reversed_exp), ("hard", hardened), ("exponent", raised)):
        yield from _on_each(claim, name, change)


def _indices(claim: Claim) -> Iterator[Named]:
    """The first member left out of every binder of one side, where there are two."""

    def cut(e: sp.Expr) -> sp.Expr:
        limits = [(s, a + 1, b) if b.free_symbols else (s, a, b) for s, a, b in e.args[1:]]
        return e.func(e.args[0], *limits)

    def shortened(expr: sp.Expr) -> sp.Expr:
        return expr.replace(lambda e: isinstance(e, BINDERS), cut)

    two = sp.Integer(2)
    domain = replace(
        claim.domain,
        ranges=tuple(replace(r, lower=two) if r.integer and r.lower == 1 else r for r in claim.domain.ranges),
        families=tuple(replace(f, lower=two) if f.lower == 1 else f for f in claim.domain.families),
    )
    if any(side.has(*BINDERS) for side in (claim.lhs, claim.rhs)):
        yield from _on_each(claim, "cut", shortened, domain=domain)


def _swaps(claim: Claim) -> Iterator[Named]:
    """Two variables of one kind exchanged on one side."""
    kinds: dict[Any, list[Any]] = {}
    for r in claim.domain.ranges:
        if not r.integer:
            kinds.setdefault("scalar", []).append(r.symbol)
    for f in claim.domain.families:
        if not f.integer:
            kinds.setdefault(f.shape, []).append(f.base)
    for found in kinds.values():
        for a, b in pairwise(found):

            def swapped(expr: sp.Expr, a: Any = a, b: Any = b) -> sp.Expr:
                return expr.xreplace({a: b, b: a})

            yield from _on_each(claim, f"swap_{a}_{b}", swapped)


def _domains(claim: Claim) -> Iterator[Named]:
    """A side condition left out or with a margin, a range widened."""
    domain = claim.domain
    for number, condition in enumerate(domain.given):
        before, after = domain.given[:number], domain.given[number + 1 :]
        yield _made(claim, f"without_{number}", domain=replace(domain, given=before + after))
        up = condition.relation in (GE, GT)
        loose = replace(condition, rhs=condition.rhs + (-SHARE if up else SHARE))
        yield _made(claim, f"loosened_{number}", domain=replace(domain, given=(*before, loose, *after)))
    for number, r in enumerate(domain.ranges):

        def ranged(number: int = number, **ends: Any) -> Domain:
            new = replace(domain.ranges[number], **ends)
            return replace(domain, ranges=(*domain.ranges[:number], new, *domain.ranges[number + 1 :]))

        if r.lower.is_Integer and (not r.integer or r.lower > 1):
            yield _made(claim, f"below_{r.symbol}", domain=ranged(lower=r.lower - 1, open_lower=False))
        if r.upper.is_Integer:
            yield _made(claim, f"above_{r.symbol}", domain=ranged(upper=r.upper + 1, open_upper=False))


def _witnesses(claim: Claim) -> Iterator[Named]:
    """The range that a witness is chosen from narrowed at its lower end."""
    ranges = claim.exists.ranges
    for number, r in enumerate(ranges):
        if r.lower.is_Integer:
            narrow = (*ranges[:number], replace(r, lower=r.lower + 1), *ranges[number + 1 :])
            yield _made(claim, f"narrowed_{r.symbol}", exists=replace(claim.exists, ranges=narrow))


OPERATORS = (_relations, _scales, _logarithms, _shapes, _indices, _swaps, _domains, _witnesses)


def mutation(claim: Claim, name: str) -> Mutation:
    """What the operator of this name makes of a claim."""
    return _operators(claim)[name]()


def mutations(claim: Claim) -> dict[str, Mutation]:
    """Everything that the operators make of a claim, by operator, without what they leave unchanged."""
    found = {name: make() for name, make in _operators(claim).items()}
    return {name: made for name, made in found.items() if made.claim.digest != claim.digest}


def _operators(claim: Claim) -> dict[str, Callable[[], Mutation]]:
    return dict(named for operator in OPERATORS for named in operator(claim))


@cache
def mutants() -> tuple[Mutant, ...]:
    """All mutants: the mutations of universal claims for which a point of failure is on record."""
    found = []
    for claim_id, points in POINTS.items():
        claim = registry()[claim_id].claim
        operators = _operators(claim)
        for point, names in points:
            made = [(name, operators[name]()) for name in names.split()]
            found += [Mutant(claim, name, m.claim, point, m.change) for name, m in made]
    return tuple(found)


def existential_mutants() -> list[tuple[Mutation, str]]:
    """False mutants of existential claims with the reason why each is false; no point can refute them."""
    found = []
    for (claim_id, name), reason in EXISTENTIAL.items():
        found.append((mutation(registry()[claim_id].claim, name), reason))
    return found


def rewritten(value: Any, change: Change) -> Any:
    """A record of a proof with every expression in it changed."""
    if isinstance(value, sp.Basic):
        return change(value) if isinstance(value, sp.Expr) else value
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: rewritten(getattr(value, f.name), change) for f in fields(value) if f.init})
    if isinstance(value, (tuple, list)):
        return tuple(rewritten(item, change) for item in value)
    return value


def attacks(original: Claim, mutant: Claim, change: Change) -> Iterator[Claim]:
    """The mutant with every proof that an attacker would try: the original's, bent to fit.

    The last step ends at the new right side; all steps take the new relation; every expression in the proof is
    changed like the statement; the original is quoted as a lemma.
    """
    *before, last = original.steps
    ending = replace(last, expr=_ended(original, mutant, last), relation=mutant.relation)
    yield replace(mutant, steps=(*before, ending))
    if before:
        yield replace(mutant, steps=tuple(replace(s, relation=mutant.relation) for s in (*before, ending)))
    if change is not _same:
        bent = tuple(rewritten(step, change) for step in original.steps)
        yield replace(mutant, steps=(*bent[:-1], replace(bent[-1], expr=ending.expr)))
    if original.exists == NOTHING:
        yield replace(mutant, steps=(Step(mutant.relation, mutant.rhs, Lemma(original.id)),))


def _ended(original: Claim, mutant: Claim, last: Step) -> sp.Expr:
    """Where the last step must end: the right side, or for a witness its value, shifted as the right side was."""
    return mutant.rhs if original.exists == NOTHING else last.expr + (mutant.rhs - original.rhs)
