"""The checker: accepts a certificate, or says which step does not prove what it claims.

It never searches.  A node proves its goal if its rule leaves exactly the goals that its children prove.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from validation.certificates.goals import Goal, Rejected
from validation.certificates.lemmas import CITED
from validation.certificates.nodes import Node
from validation.certificates.rules_calculus import CALCULUS
from validation.certificates.rules_gap import GAP
from validation.certificates.rules_leaves import LEAVES
from validation.certificates.rules_region import REGION
from validation.certificates.rules_variables import VARIABLES

RULES: Mapping[type[Node], Callable[[Goal, Any], list[Goal]]] = {
    **LEAVES,
    **REGION,
    **CALCULUS,
    **GAP,
    **VARIABLES,
    **CITED,
}


def subgoals(goal: Goal, node: Node) -> list[Goal]:
    """The goals that the children of the node must prove; raises ``Rejected`` where the step itself is wrong."""
    rule = RULES.get(type(node))
    if rule is None:
        raise Rejected(f"no rule for {type(node).__name__}: {goal}")
    try:
        return rule(goal, node)
    except (ArithmeticError, AttributeError, LookupError, NotImplementedError, RecursionError, TypeError) as error:
        raise Rejected(f"{type(node).__name__} stumbles over {goal}: {error}") from error
    except ValueError as error:
        raise error if isinstance(error, Rejected) else Rejected(f"{type(node).__name__}: {error}") from error


def check(goal: Goal, node: Node) -> None:
    """Raises ``Rejected`` unless the node and all below it prove the goal."""
    pending = [(goal, node)]
    while pending:
        here, step = pending.pop()
        left = subgoals(here, step)
        if len(left) != len(step.children):
            raise Rejected(
                f"{type(step).__name__} leaves {len(left)} goals and has {len(step.children)} children: {here}"
            )
        pending += zip(left, step.children, strict=True)
