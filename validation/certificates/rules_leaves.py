"""Rules that leave no goal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from validation.certificates.cover import cover
from validation.certificates.goals import Goal, Rejected
from validation.certificates.nodes import Constant, Cover, Empty, Given, Identity, Node, Sight, Sturm
from validation.certificates.normal import equal
from validation.certificates.ranges import Ranges, constant_ball
from validation.certificates.regions import require_defined
from validation.certificates.sturm import sturm

MOST_BITS = 20_000
IMPLIED = {">=": (">=", ">", "=="), ">": (">",), "==": ("==",), "!=": ("!=", ">")}


def identity(goal: Goal, node: Identity) -> list[Goal]:
    """The gap is defined on the region, and its normal form is 0."""
    if goal.relation not in ("==", ">="):
        raise Rejected(f"an identity does not prove {goal.relation}")
    require_defined(goal)
    if not equal(goal, goal.gap):
        raise Rejected(f"{goal.gap} is not seen to be 0")
    return []


def constant(goal: Goal, node: Constant) -> list[Goal]:
    """A finite ball contains the number; where it excludes 0 it has the sign of the number."""
    if not 2 <= node.precision <= MOST_BITS:
        raise Rejected(f"the precision is at most {MOST_BITS} bits, received {node.precision}")
    value = constant_ball(goal.gap, node.precision)
    seen = {">=": value >= 0, ">": value > 0, "!=": value > 0 or value < 0, "==": value.is_zero()}[goal.relation]
    if not (value.is_finite() and seen):
        raise Rejected(f"{goal.gap} is {value.str(8)} with {node.precision} bits: not seen to be {goal.relation} 0")
    return []


def sight(goal: Goal, node: Sight) -> list[Goal]:
    """A span contains all values on the region."""
    ranges = Ranges.of(goal)
    if not ranges.holds(goal.gap, goal.relation):
        raise Rejected(f"{goal.gap} lies in {ranges.span(goal.gap)}: not seen to be {goal.relation} 0")
    return []


def given(goal: Goal, node: Given) -> list[Goal]:
    """A constraint holds on the region; a positive multiple of its gap has the same sign.

    For ``==`` and ``!=`` a negative multiple serves as well.
    """
    require_defined(goal)
    for constraint in goal.given:
        if constraint.relation not in IMPLIED[goal.relation]:
            continue
        for factor in _ratios(goal.gap, constraint.gap):
            wanted = factor > 0 or (goal.relation in ("==", "!=") and constraint.relation in ("==", "!="))
            if wanted and equal(goal, goal.gap, factor * constraint.gap):
                return []
    raise Rejected(f"no constraint is seen to say {goal.gap} {goal.relation} 0")


def _ratios(left: sp.Expr, right: sp.Expr) -> list[sp.Rational]:
    """Rational factors by which one may be a multiple of the other: 1, and that of the contents, of either sign."""
    ratio = left.as_content_primitive()[0] / right.as_content_primitive()[0]
    found = [sp.S.One, sp.S.NegativeOne, ratio, -ratio]
    return [factor for factor in dict.fromkeys(found) if isinstance(factor, sp.Rational) and factor != 0]


def empty(goal: Goal, node: Empty) -> list[Goal]:
    """Nothing is to be shown where there is no point."""
    if not Ranges.of(goal).empty:
        raise Rejected("the region is not seen to be empty")
    return []


LEAVES: Mapping[type[Node], Callable[[Goal, Any], list[Goal]]] = {
    Identity: identity,
    Constant: constant,
    Sight: sight,
    Given: given,
    Empty: empty,
    Cover: cover,
    Sturm: sturm,
}
