"""Attempts to have a false statement proved: the claim, the wrong proof, and where the claim is false."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp

from theory.claim import NOTHING, Claim, Source, Step
from theory.domain import Domain, Relation
from theory.notation import (
    u,
    v,
)
from theory.registry import claims, registry
from theory.rules import (
    Justification,
)
from validation.evidence import Outcome
from validation.methods.decision import probe
from validation.methods.derivation import derive, derive_all

NOWHERE = Source("lemma", "", "Majorant")
half, F = sp.Rational(1, 2), Fraction
REAL = Domain.everywhere(u, v)
CRASHES = ("has no attribute", "unexpected keyword", "positional argument", "not subscriptable", "not iterable")


@dataclass(frozen=True)
class Attempt:
    """A false claim with its wrong proof, and where it is false: a point, or the id of a claim that denies it."""

    claim: Claim
    at: dict[str, Any] = field(default_factory=dict)
    denied_by: str = ""

    def __str__(self) -> str:
        return self.claim.id


def attempt(
    name: str,
    lhs: Any,
    relation: Relation,
    rhs: Any,
    domain: Domain,
    *rules: Justification | Step,
    at: dict[str, Any] | None = None,
    denied_by: str = "",
    **more: Any,
) -> Attempt:
    """``lhs relation rhs`` from one rule, or from steps."""
    steps = tuple(r if isinstance(r, Step) else Step(relation, sp.sympify(rhs), r) for r in rules)
    claim = Claim(name, lhs, relation, rhs, domain, NOWHERE, steps=steps, **more)
    return Attempt(claim, at or {}, denied_by)


def reuse(
    name: str, claim_id: str, at: dict[str, Any] | None = None, steps_of: str = "", denied_by: str = "", **changed: Any
) -> Attempt:
    """A registered claim with parts replaced, proved by its own steps or those of another."""
    claim = registry()[claim_id].claim
    steps = registry()[steps_of].claim.steps if steps_of else claim.steps
    new = replace(claim, id=name, amends=(), negates=None, sharpens="", about="", **{"steps": steps, **changed})
    if new.steps and new.exists == NOTHING:
        ending = replace(new.steps[-1], expr=new.rhs, relation=new.relation)
        new = replace(new, steps=(*new.steps[:-1], ending)) if {"rhs", "relation"} & set(changed) else new
    return Attempt(new, at or {}, denied_by)


@cache
def theorems() -> dict[str, Any]:
    """Everything that is proved about all values of its variables: what an attacker may quote."""
    universal = [claim for claim in claims() if claim.exists == NOTHING]
    return {name: result.fact for name, result in derive_all(universal).items() if result.fact is not None}


def refused(attempted: Attempt) -> None:
    """Assert that the kernel does not accept the proof, for a reason that is its own."""
    found = derive(attempted.claim, theorems())
    assert found.fact is None, f"proved although false: {attempted.claim.statement}"
    assert found.problem
    assert not any(words in found.problem for words in CRASHES), f"refused for the wrong reason: {found.problem}"


def false(attempted: Attempt) -> None:
    """Assert that the claim fails at its point, or that something named denies it."""
    if attempted.at:
        assert probe(attempted.claim, attempted.at) is Outcome.FAILS
    else:
        assert attempted.denied_by
