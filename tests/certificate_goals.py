"""Goals and nodes for the tests of the checker, written in the language."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from theory.language import expression, parse
from validation.certificates import Rejected, checker
from validation.certificates.goals import Goal, goals_of, names_of
from validation.certificates.nodes import Node


def goal(statement: str, where: str = "") -> Goal:
    """The main goal, without what its requirements would add."""
    sides, relation = statement, ""
    if " != " in statement:
        sides, relation = statement.replace(" != ", " == "), "!="
    main = goals_of(parse(sides, where))[-1]
    given = tuple(c for c in main.given if not c.everywhere)
    return replace(main, relation=relation or main.relation, given=given)


def read(text: str, at: Goal) -> sp.Expr:
    """An expression in the variables of a goal."""
    return expression(text, names_of(at.intervals))


def accepted(at: Goal, node: Node) -> bool:
    """Whether the checker takes the node as a proof of the goal."""
    try:
        checker.check(at, node)
    except Rejected:
        return False
    return True


def left(at: Goal, node: Node) -> list[str]:
    """The goals that the node leaves, as text."""
    return [str(child) for child in checker.subgoals(at, node)]


def refused(at: Goal, node: Node, why: str = "") -> None:
    """Asserts that the step itself is wrong, for the reason given."""
    with pytest.raises(Rejected, match=why or None):
        checker.subgoals(at, node)
