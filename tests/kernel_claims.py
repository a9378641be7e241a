"""Claims with one step, for the tests that attack the kernel through claims."""

from __future__ import annotations

import sympy as sp

from theory.claim import NOTHING, Claim, Relation, Source, Step
from theory.domain import Domain
from theory.notation import i, j, n
from theory.rules import (
    Identity,
    Justification,
)
from validation.kernel import rules as K  # noqa: N812 - short for the many calls below
from validation.kernel.context import Context
from validation.kernel.fact import Fact
from validation.kernel.terms import ZERO
from validation.methods.derivation import Derivation, derive

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
HERE = Source("attack", "", "Majorant")
EMPTY = Context()
over_i, over_j = (i, 1, n), (j, 1, n)
m = sp.Symbol("m", integer=True)
ZERO_IS_ZERO = K.identity(ZERO, ZERO, EMPTY)


def said(
    lhs: object,
    relation: Relation,
    rhs: object,
    domain: Domain = NOTHING,
    why: Justification | None = None,
    **more: object,
) -> Claim:
    """A claim with one step, by normal form unless it says otherwise."""
    rule = why or Identity(sp.sympify(lhs), sp.sympify(rhs))
    return Claim("attack", lhs, relation, rhs, domain, HERE, steps=(Step(relation, sp.sympify(rhs), rule),), **more)


def proof(claim: Claim, **theorems: Fact) -> Derivation:
    return derive(claim, theorems)
