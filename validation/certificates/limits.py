"""Limits of a gap at an end of the interval of one variable."""

from __future__ import annotations

import sympy as sp

from validation.certificates.goals import Goal, Rejected


def limit(goal: Goal, x: sp.Symbol, lower: bool) -> sp.Expr:
    """The limit of the gap, an expression in the other variables, or an infinity."""
    raise Rejected(f"no limit of {goal.gap} in {x}")
