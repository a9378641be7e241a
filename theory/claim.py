"""The claim: one statement with its domain, its source and its derivation, and no verdict.

A claim knows what is said, where, and why it should hold.  Whether it does is for ``validation`` to find out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

import sympy as sp

from theory.domain import Condition, Domain, Family, Range
from theory.domain import Relation as Relation
from theory.language import Requirement, parse
from theory.rules import Axiomatic, Justification, Lemma

NOTHING = Domain()
PAPER = "Niu, Bai, Deng & Han 2024, arXiv:2405.08707"


class Kind(Enum):
    """What sort of assertion a claim makes."""

    DEFINITION = "definition"
    ASSUMPTION = "assumption"
    STATEMENT = "statement"
    NUMBER = "number"
    MEASURED = "measured"


@dataclass(frozen=True)
class Source:
    """Where a statement is printed: the work, its version and the place; ``Majorant`` for theorems beyond the paper."""

    place: str
    version: str = "v2"
    work: str = PAPER


@dataclass(frozen=True)
class Step:
    """One link of a derivation: the previous expression stands in ``relation`` to ``expr`` because of ``rule``."""

    relation: Relation
    expr: sp.Expr
    rule: Justification
    note: str = ""


@dataclass(frozen=True)
class Negation:
    """This claim denies ``claim`` at the named values: ``Negation("lse.concave.nowhere", {n: 1})``."""

    claim: str
    at: tuple[tuple[sp.Basic, Any], ...] = ()


@dataclass(frozen=True)
class Claim:
    """For all of ``domain`` there are values of ``exists`` such that for all of ``forall``: ``lhs relation rhs``.

    ``forall`` belongs to existential claims alone: a constant that serves every size, a size from which on all do.
    ``steps`` lead from ``lhs`` to ``rhs``; for an existential claim ``witness`` names the values first.  ``guards``
    justify that what is divided by, rooted or logged may be; ``requires`` says what must hold for the sides of a typed
    statement to be real.  ``uses`` is read off the derivation.
    """

    id: str
    lhs: sp.Expr
    relation: Relation
    rhs: sp.Expr
    domain: Domain
    source: Source
    title: str = ""
    kind: Kind = Kind.STATEMENT
    reading: str = ""
    steps: tuple[Step, ...] = ()
    guards: tuple[Justification, ...] = ()
    exists: Domain = NOTHING
    forall: Domain = NOTHING
    witness: tuple[tuple[sp.Basic, Any], ...] = ()
    amends: tuple[str, ...] = ()
    negates: Negation | None = None
    sharpens: str = ""
    about: str = ""
    requires: tuple[Requirement, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "lhs", sp.sympify(self.lhs))
        object.__setattr__(self, "rhs", sp.sympify(self.rhs))
        if self.forall != NOTHING and self.exists == NOTHING:
            raise ValueError(f"{self.id}: put the variables of forall into the domain, nothing exists before them")

    @classmethod
    def parse(cls, statement: str, where: str = "", id: str = "typed") -> Claim:
        """The claim that two texts of ``theory.language`` say.  Raises ``LanguageError`` (a ``ValueError``)."""
        read = parse(statement, where)
        source = Source("typed", version="", work="Majorant")
        return cls(id, read.lhs, read.relation, read.rhs, read.domain, source, read.text, requires=read.requires)

    @property
    def gap(self) -> sp.Expr:
        """The signed gap: nonnegative where a ``<=`` or ``>=`` holds, zero where ``=`` holds."""
        return self.lhs - self.rhs if self.relation in (Relation.GE, Relation.GT) else self.rhs - self.lhs

    @property
    def uses(self) -> tuple[str, ...]:
        """Ids of the claims that the derivation rests on, in order of first use."""
        found = dict.fromkeys(r.claim for r in parts(self.steps + self.guards) if isinstance(r, Lemma))
        return tuple(found)

    @property
    def axioms(self) -> tuple[str, ...]:
        """Ids of the axioms that the derivation itself invokes, in order of first use; lemmas may add theirs."""
        found = dict.fromkeys(r.axiom.id for r in parts(self.steps + self.guards) if isinstance(r, Axiomatic))
        return tuple(found)

    @property
    def latex(self) -> str:
        """The statement in LaTeX, without its domain."""
        signs = {"<=": r"\le", "<": "<", ">=": r"\ge", ">": ">", "=": "="}
        return f"{sp.latex(self.lhs)} {signs[self.relation.value]} {sp.latex(self.rhs)}"

    @property
    def statement(self) -> str:
        """The statement in plain text, with its quantifiers."""
        text = f"{self.lhs} {self.relation.value} {self.rhs}"
        if self.exists != NOTHING:
            inner = f" such that for all {self.forall}:" if self.forall != NOTHING else " with"
            text = f"there are {self.exists}{inner} {text}"
        return text

    @property
    def digest(self) -> str:
        """A digest of what is claimed: sides, relation, domain and quantifiers, not the derivation."""
        quantifiers = [_dump(self.domain), _dump(self.exists)]
        if self.forall != NOTHING:
            quantifiers.append(_dump(self.forall))
        if self.requires:
            quantifiers.append(_dump(self.requires))
        body = "\n".join((sp.srepr(self.lhs), self.relation.value, sp.srepr(self.rhs), *quantifiers))
        return hashlib.sha256(body.encode()).hexdigest()[:16]


def parts(value: Any) -> Iterator[Any]:
    """Every dataclass record inside ``value``, depth first."""
    if is_dataclass(value) and not isinstance(value, type):
        yield value
        for item in fields(value):
            yield from parts(getattr(value, item.name))
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from parts(item)


def _dump(value: Any) -> str:
    if isinstance(value, sp.Basic):
        return sp.srepr(value)
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(map(_dump, value)) + ")"
    if isinstance(value, (Domain, Range, Family, Condition, Requirement)):
        inner = ", ".join(_dump(getattr(value, item.name)) for item in fields(value))
        return f"{type(value).__name__}({inner})"
    return repr(value)
