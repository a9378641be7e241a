"""Statements as a theorist types them: ``parse("log(z) + 1/z >= 1", where="z in (0, oo)")``.

Two sides and one of ``<= >= < > ==``; numbers are exact, a decimal is a rational.  Domains are written
``x in (a, b]; n in integers [1, oo); given x <= y``.  Nothing is ever evaluated as Python.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp

from theory.domain import Condition, Domain, Range, Relation
from theory.language_functions import CONSTANTS, FUNCTIONS
from theory.language_functions import LanguageError as LanguageError
from theory.language_grammar import Reader, clipped
from theory.language_grammar import Requirement as Requirement
from theory.language_text import show as show

if TYPE_CHECKING:
    from theory.claim import Claim

LENGTH = 4000
INTERNAL_LENGTH = 400_000
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
DIGITS, NEAREST, FARTHEST = 60, sp.Rational(1, 10**20), 10**30  # of an irrational end of a range of integers
BETWEEN = re.compile(r"([^<>=]+?)\s*(<=?)\s*([A-Za-z_]\w*)\s*(<=?)\s*([^<>=]+)\Z")
BESIDE = re.compile(r"([A-Za-z_]\w*)\s*([<>]=?)\s*([^<>=]+)\Z")
RELATIONS = {"<=": Relation.LE, ">=": Relation.GE, "<": Relation.LT, ">": Relation.GT, "==": Relation.EQ}
RESERVED = {*CONSTANTS, *FUNCTIONS, "oo", "in", "integers", "given"}


@dataclass(frozen=True)
class Statement:
    """For all points of ``domain``: ``lhs relation rhs``, both sides being real where ``requires`` holds.

    ``requires`` is in reading order, inner parts first; a later one may take the earlier ones for granted.
    """

    lhs: sp.Expr
    relation: Relation
    rhs: sp.Expr
    domain: Domain
    requires: tuple[Requirement, ...]
    text: str
    where: str

    def __str__(self) -> str:
        return f"{self.text}  where {self.where}" if self.where else self.text


def parse(statement: str, where: str = "") -> Statement:
    """The statement that two texts say.

    Raises ``LanguageError`` (a ``ValueError``) that names the character and what is allowed there.
    """
    for text in (statement, where):
        if len(text) > LENGTH:
            raise LanguageError(f"{clipped(text)} has {len(text)} characters: at most {LENGTH} are read")
    domain = _domain(where)
    names = names_of(r.symbol for r in domain.ranges)
    reader = Reader(statement, names, domain)
    lhs, relation, rhs = _comparison(reader)
    return Statement(lhs, relation, rhs, domain, tuple(reader.requires), statement.strip(), where.strip())


def expression(text: str, names: Mapping[str, sp.Symbol] | Iterable[sp.Symbol] = ()) -> sp.Expr:
    """The expression that ``show`` printed as ``text`` (``oo`` and ``-oo`` too); ``names`` are its symbols.

    Requirements are not collected.  Raises ``LanguageError``.
    """
    if text in ("oo", "-oo"):
        return sp.oo if text == "oo" else -sp.oo
    if len(text) > INTERNAL_LENGTH:
        raise LanguageError(f"{clipped(text)} has {len(text)} characters: at most {INTERNAL_LENGTH} are read")
    known = {**names} if isinstance(names, Mapping) else names_of(names)
    reader = Reader(text, known, Domain(), internal=True)
    value = reader.read_sum()
    if reader.peek():
        raise reader.error("expected an operator or the end")
    return value


def names_of(symbols: Iterable[sp.Symbol]) -> dict[str, sp.Symbol]:
    """The symbols by name."""
    return {s.name: s for s in symbols}


def statement_of(claim: Claim) -> Statement:
    """A claim over scalars as a statement of the language; a typed claim comes back as it was typed.

    Raises ``LanguageError`` for a claim with families, quantifiers, index sums or ends that vary.
    """
    if claim.domain.families or claim.exists != Domain():
        raise LanguageError(f"{claim.id} speaks of families or quantifiers: only statements over scalars are read")
    relation = "==" if claim.relation is Relation.EQ else claim.relation.value
    where = "; ".join([*map(_range_text, claim.domain.ranges), *map(_condition_text, claim.domain.given)])
    text = claim.title if claim.requires else f"{show(claim.lhs)} {relation} {show(claim.rhs)}"
    statement = parse(text, where)
    said = (statement.lhs, statement.relation, statement.rhs)
    if said != (claim.lhs, claim.relation, claim.rhs) or not set(claim.requires) <= set(statement.requires):
        raise LanguageError(f"{claim.id} does not come back as it is from {text!r}: make it with Claim.parse")
    return statement


def _range_text(r: Range) -> str:
    left = "(" if r.open_lower or r.lower == -sp.oo else "["
    right = ")" if r.open_upper or r.upper == sp.oo else "]"
    kind = "integers " if r.integer else ""
    return f"{r.symbol} in {kind}{left}{show(r.lower)}, {show(r.upper)}{right}"


def _condition_text(condition: Condition) -> str:
    if condition.forall:
        raise LanguageError(f"{condition} ranges over an index: only conditions on scalars are read")
    relation = "==" if condition.relation is Relation.EQ else condition.relation.value
    return f"given {show(condition.lhs)} {relation} {show(condition.rhs)}"


def _comparison(reader: Reader) -> tuple[sp.Expr, Relation, sp.Expr]:
    lhs = reader.read_sum()
    relation = reader.take(*RELATIONS)
    if not relation:
        hint = "; write == for equality" if reader.peek() == "=" else ""
        raise reader.error(f"expected an operator or one of {' '.join(RELATIONS)}{hint}")
    rhs = reader.read_sum()
    if reader.peek() in RELATIONS:
        raise reader.error("expected the end: a statement has one relation, state each part of a chain by itself")
    if reader.peek():
        raise reader.error("expected an operator or the end")
    return lhs, RELATIONS[relation], rhs


def _domain(where: str) -> Domain:
    parts = [part.strip() for part in re.split(r"[;\n]", where) if part.strip()]
    ranges: list[Range] = []
    for part in parts:
        if not part.startswith("given "):
            ranges += _ranges(part)
    names_used = [r.symbol.name for r in ranges]
    twice = sorted({name for name in names_used if names_used.count(name) > 1})
    if twice:
        raise LanguageError(f"{clipped(where)} gives {', '.join(twice)} more than one range: write one for each")
    domain = Domain(tuple(ranges))
    names = names_of(r.symbol for r in ranges)
    given: list[Condition] = []
    for part in parts:
        if part.startswith("given "):
            reader = Reader(part.removeprefix("given "), names, domain)
            lhs, relation, rhs = _comparison(reader)
            given += [_defined(r) for r in reader.requires]
            given.append(Condition(lhs, relation, rhs))
    return Domain(domain.ranges, (), tuple(given))


def _defined(requirement: Requirement) -> Condition:
    """A requirement of a condition, as a condition: the domain consists of the points at which it is real and true."""
    if requirement.relation == "!=":
        return Condition(requirement.expr**2, Relation.GT, sp.S.Zero)
    return Condition(requirement.expr, RELATIONS[requirement.relation], sp.S.Zero)


def _ranges(part: str) -> list[Range]:
    """The ranges of ``x, y in (a, b]`` or ``n in integers [a, b]``."""
    reader = Reader(part, {}, Domain())
    if hint := _hint(part):
        raise LanguageError(f"{clipped(part)} is no range: {hint}")
    names = [_name(reader)]
    while reader.take(","):
        names.append(_name(reader))
    if not reader.take("in"):
        raise reader.error("expected 'in': write 'x in (a, b]', 'n in integers [1, oo)' or 'given EXPR <= EXPR'")
    integer = bool(reader.take("integers"))
    if reader.peek() not in ("(", "["):
        example = "integers (-oo, oo)" if integer or reader.peek() in ("N", "Z") else "(-oo, oo)"
        raise reader.error(f"expected '(' or '[': write an interval, such as '{names[-1]} in {example}'")
    open_lower = reader.expect("(", "[") == "("
    lower = _end(reader)
    reader.expect(",")
    upper = _end(reader)
    open_upper = reader.expect(")", "]") == ")"
    if reader.peek():
        raise reader.error("expected ';' between two ranges, or the end")
    if integer:
        lower, upper = _integers(lower, upper, open_lower, open_upper)
        open_lower = open_upper = False
    room = sp.oo if sp.oo in (upper, -lower) else upper - lower
    if lower == sp.oo or upper == -sp.oo or room.is_negative or (room.is_zero and (open_lower or open_upper)):
        raise LanguageError(f"{clipped(part)} is empty: the lower end has to lie below the upper end")
    open_lower, open_upper = open_lower and lower != -sp.oo, open_upper and upper != sp.oo
    kind = {"integer": True} if integer else {"real": True}
    return [Range(sp.Symbol(name, **kind), lower, upper, open_lower, open_upper) for name in names]


def _hint(part: str) -> str:
    """What to write for a range typed as a comparison, such as ``0 < x <= 1`` or ``x > 0``; empty for others."""
    if between := BETWEEN.match(part):
        lower, first, name, second, upper = between.groups()
        return f"write '{name} in {'[' if '=' in first else '('}{lower}, {upper}{']' if '=' in second else ')'}'"
    if beside := BESIDE.match(part):
        name, sign, end = beside.groups()
        left, right = "[" if "=" in sign else "(", "]" if "=" in sign else ")"
        interval = f"{left}{end}, oo)" if ">" in sign else f"(-oo, {end}{right}"
        return f"write '{name} in {interval}', or 'given {part}' beside a range"
    return ""


def _integers(lower: sp.Expr, upper: sp.Expr, open_lower: bool, open_upper: bool) -> tuple[sp.Expr, sp.Expr]:
    """The least and the greatest integer of the interval."""
    return _least_integer(lower, open_lower), -_least_integer(-upper, open_upper)


def _least_integer(end: sp.Expr, is_open: bool) -> sp.Expr:
    """The least integer from an end on.  Raises ``LanguageError`` where digits do not tell the end from an integer."""
    if end in (sp.oo, -sp.oo):
        return end
    if end.is_Rational:
        return sp.floor(end) + 1 if is_open else sp.ceiling(end)
    try:
        value = sp.N(end, DIGITS)
        away = value.is_Float and abs(value) < FARTHEST and abs(value - round(value)) > NEAREST
    except (ArithmeticError, ValueError):
        away = False
    if not away:
        raise LanguageError(f"the integers from {end} on are not known: write the end as a whole number")
    return sp.Integer(math.ceil(value))


def _name(reader: Reader) -> str:
    name = reader.peek()
    if not NAME.match(name) or name in RESERVED:
        raise reader.error(f"expected the name of a variable; these are taken: {', '.join(sorted(RESERVED))}")
    reader.at += 1
    return name


def _end(reader: Reader) -> sp.Expr:
    """An exact constant, ``oo`` or ``-oo``."""
    start = reader.at
    sign = reader.take("+", "-")
    if reader.take("oo"):
        return -sp.oo if sign == "-" else sp.oo
    reader.at = start
    try:
        return reader.read_sum()
    except LanguageError as error:
        raise LanguageError(f"{error} (ends are constants or oo; relate variables by 'given y >= x')") from None
