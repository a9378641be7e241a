"""Rules that replace the gap by others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

import sympy as sp

from validation.certificates.goals import Goal, Rejected
from validation.certificates.nodes import Both, Compose, Node, Product, Rewrite, Squares, Strengthen, Sum
from validation.certificates.normal import require_equal
from validation.certificates.regions import require_defined

STRONGER = {(">=", ">"): 1, (">=", "=="): 1, ("!=", ">"): 1, ("!=", "<"): -1}


def rewrite(goal: Goal, node: Rewrite) -> list[Goal]:
    """Where both are defined they are equal."""
    require_defined(goal)
    require_equal(goal, goal.gap, node.to)
    return [goal.claiming(node.to)]


def strengthen(goal: Goal, node: Strengthen) -> list[Goal]:
    """``>`` and ``==`` imply ``>=``; ``>`` and ``<`` imply ``!=``."""
    sign = STRONGER.get((goal.relation, node.relation))
    if sign is None:
        raise Rejected(f"{node.relation} is no stronger than {goal.relation}")
    if sign > 0:
        return [goal.claiming(goal.gap, node.relation)]
    require_defined(goal)
    return [goal.claiming(-goal.gap, ">")]


def both(goal: Goal, node: Both) -> list[Goal]:
    """What is at least and at most 0 is 0."""
    if goal.relation != "==":
        raise Rejected("only an equality is proved from both sides")
    require_defined(goal)
    return [goal.claiming(goal.gap, ">="), goal.claiming(-goal.gap, ">=")]


def add(goal: Goal, node: Sum) -> list[Goal]:
    """A sum of nonnegative products is nonnegative, positive if one of them is; a sum of multiples of 0 is 0."""
    if len(node.coefficients) != len(node.terms) or not node.terms or goal.relation == "!=":
        raise Rejected("a sum pairs coefficients with terms and proves no !=")
    strict = goal.relation == ">"
    if strict != (0 <= node.strict < len(node.terms)):
        raise Rejected("the place of a positive product is stored for > and for nothing else")
    ranges = require_defined(goal)
    require_equal(goal, goal.gap, sp.Add(*(c * h for c, h in zip(node.coefficients, node.terms, strict=True))))
    goals = []
    for place, (coefficient, term) in enumerate(zip(node.coefficients, node.terms, strict=True)):
        relation = ">" if strict and place == node.strict else ">="
        if goal.relation == "==":
            ranges.span(coefficient)
            goals.append(goal.claiming(term, "=="))
            continue
        if not isinstance(coefficient, sp.Rational):
            goals.append(goal.claiming(coefficient, relation))
        elif not (coefficient > 0 or (coefficient == 0 and relation == ">=")):
            raise Rejected(f"the coefficient {coefficient} is not {relation} 0")
        goals.append(goal.claiming(term, relation))
    return goals


def multiply(goal: Goal, node: Product) -> list[Goal]:
    """A product has the product of the signs of its factors; it is 0 if its last factor is."""
    if len(node.factors) != len(node.signs) or not node.factors or not set(node.signs) <= {1, -1}:
        raise Rejected("every factor of a product has the sign 1 or -1")
    ranges = require_defined(goal)
    require_equal(goal, goal.gap, sp.Mul(*node.factors))
    if goal.relation in (">=", ">") and prod(node.signs) < 0:
        raise Rejected("the signs of the factors multiply to -1")
    signed = [sign * factor for sign, factor in zip(node.signs, node.factors, strict=True)]
    if goal.relation == "==":
        for factor in signed[:-1]:
            ranges.span(factor)
        return [goal.claiming(signed[-1], "==")]
    return [goal.claiming(factor) for factor in signed]


def compose(goal: Goal, node: Compose) -> list[Goal]:
    """A strictly rising function keeps the order of its arguments, which lie where it rises."""
    left, right = node.left, node.right
    ranges = require_defined(goal)
    if node.function != "power" and node.exponent != 1:
        raise Rejected(f"{node.function} has no exponent")
    require_equal(goal, goal.gap, left - right)
    if node.function == "log":
        needed = [goal.claiming(left, ">"), goal.claiming(right, ">")]
        return [*needed, goal.claiming(sp.log(left) - sp.log(right))]
    if node.function == "exp":
        for side in (left, right):
            ranges.span(side)
        return [goal.claiming(sp.exp(left) - sp.exp(right))]
    if node.function == "lambert":  # x*exp(x), which rises from -1 on
        needed = [goal.claiming(left + 1, ">="), goal.claiming(right + 1, ">=")]
        return [*needed, goal.claiming(_unrolled(left) - _unrolled(right))]
    if node.function == "power" and isinstance(node.exponent, sp.Rational) and node.exponent > 0:
        needed = [goal.claiming(left, ">="), goal.claiming(right, ">=")]
        return [*needed, goal.claiming(left**node.exponent - right**node.exponent)]
    raise Rejected(f"no rising function {node.function} with the exponent {node.exponent}")


def _unrolled(side: sp.Expr) -> sp.Expr:
    """``x*exp(x)``, which for a value of Lambert's function is its argument."""
    return side.args[0] if isinstance(side, sp.LambertW) and len(side.args) == 1 else side * sp.exp(side)


def squares(goal: Goal, node: Squares) -> list[Goal]:
    """A positive multiple of the gap is a sum of squares times nonnegative numbers and factors."""
    if not len(node.weights) == len(node.roots) == len(node.factors) or goal.relation != ">=":
        raise Rejected("a sum of squares pairs weights, roots and factors and proves >=")
    if not all(isinstance(w, sp.Rational) and w >= 0 for w in node.weights):
        raise Rejected("the weights of squares are nonnegative rationals")
    ranges = require_defined(goal)
    terms = (w * q**2 * f for w, q, f in zip(node.weights, node.roots, node.factors, strict=True))
    require_equal(goal, goal.gap * node.multiplier, sp.Add(*terms))
    goals = [goal.claiming(node.multiplier, ">")]
    for root, factor in zip(node.roots, node.factors, strict=True):
        ranges.span(root)
        if not (isinstance(factor, sp.Rational) and factor >= 0):
            goals.append(goal.claiming(factor, ">="))
    return goals


GAP: Mapping[type[Node], Callable[[Goal, Any], list[Goal]]] = {
    Rewrite: rewrite,
    Strengthen: strengthen,
    Both: both,
    Sum: add,
    Product: multiply,
    Compose: compose,
    Squares: squares,
}
