"""Logarithms of positive factors, so that a product of huge and tiny ones neither overflows nor underflows.

``gamma``, ``lowergamma``, exponentials and powers with a variable exponent leave the range of doubles long before their
product does.  The rules here read the logarithm off the form: that of a product is the sum, that of a power a multiple.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp
from scipy import special

from numerics import stable
from numerics.backends.frame import Frame, Node, UnsupportedExpression
from numerics.stable_gamma import stirling_remainder
from theory.atoms import LSE, Quotient
from theory.domain import Domain

EPSILON, TOLERANCE = 2.0**-53, 5e-14
Visit = Callable[[sp.Expr], Node]


def least_values(domain: Domain) -> dict[sp.Basic, sp.Expr]:
    """The lower ends of the scalars, and of the entries of families, that a domain keeps at 0 or above."""
    found = {r.symbol: r.lower for r in domain.ranges} | {f.base: f.lower for f in domain.families}
    found |= {c.rhs.base: sp.Integer(0) for c in domain.given if c.lhs == 0 and isinstance(c.rhs, sp.Indexed)}
    return {variable: least for variable, least in found.items() if least.is_Rational and bool(least >= 0)}


def is_extreme(node: sp.Expr) -> bool:
    """Whether the factor may leave the range of doubles for moderate arguments."""
    if isinstance(node, (sp.gamma, sp.lowergamma)):
        return True
    if isinstance(node, sp.exp):
        return bool(node.args[0].free_symbols)
    if isinstance(node, sp.Pow):
        return bool(node.exp.free_symbols) or is_extreme(node.base)
    if isinstance(node, Quotient):
        return is_extreme(node.numerator) or is_extreme(node.denominator)
    return isinstance(node, (sp.Mul, sp.Sum)) and any(map(is_extreme, node.args))


class Logarithms:
    """Compiles ``log(node)`` for nodes that are positive by their form, given least values of their symbols."""

    def __init__(self, visit: Visit, least: dict[sp.Basic, sp.Expr], open_indices: list[sp.Symbol]) -> None:
        self.visit = visit
        self.least = least
        self.open = open_indices

    def is_positive(self, node: sp.Expr) -> bool:
        """Whether the form shows a positive (or vanishing) number."""
        if not node.free_symbols:
            return bool(divided(node).is_positive)
        if isinstance(node, (sp.Symbol, sp.Indexed)):
            return (node.base if isinstance(node, sp.Indexed) else node) in self.least
        if isinstance(node, (sp.exp, sp.gamma, sp.lowergamma)):
            return isinstance(node, sp.exp) or all(map(self.is_positive, node.args))
        if isinstance(node, (sp.Pow, sp.Sum)):
            return self.is_positive(node.args[0])
        if isinstance(node, sp.Add) and len(node.args) == 2 and node.args[0].is_Rational and node.args[1] in self.least:
            return bool(node.args[0] + self.least[node.args[1]] >= 0)  # d - 1
        return isinstance(node, (sp.Mul, sp.Add, Quotient)) and all(map(self.is_positive, node.args))

    def of(self, node: sp.Expr) -> Node:
        """The closure of ``log(node)``; the node must be positive by its form."""
        if not node.free_symbols:
            known = log_of_constant(node)
            return lambda f: known
        if isinstance(node, sp.exp):
            return self.visit(node.args[0])
        if isinstance(node, Quotient):
            above, below = self.of(node.numerator), self.of(node.denominator)
            return lambda f: above(f) - below(f)
        if isinstance(node, sp.Mul):
            return self._product(node)
        if isinstance(node, sp.Pow):
            return self._power(node)
        if isinstance(node, sp.gamma):
            return self.kept(node, special.gammaln)
        if isinstance(node, sp.lowergamma):
            return self.kept(node, stable_routine("log_lower_gamma"))
        if isinstance(node, sp.Sum) and is_extreme(node.args[0]):
            return self.visit(LSE(sp.log(node.args[0]), *node.limits))
        if isinstance(node, sp.Add) and any(map(is_extreme, node.args)):
            terms = [self.of(term) for term in node.args]
            return lambda f: _log_of_sum(f, terms)
        plain = self.visit(node)
        return lambda f: np.log(plain(f))

    def split(self, node: sp.Mul) -> Node:
        """The closure of ``log(node)`` for a positive product of which only some factors are so by their form."""
        known = [factor for factor in node.args if self.is_positive(factor)]
        exponent = self.of(sp.Mul(*known, evaluate=False))
        others = self.visit(sp.Mul(*(factor for factor in node.args if factor not in known)))
        return lambda f: exponent(f) + np.log(others(f))

    def kept(self, node: sp.Expr, function: Callable[..., Any]) -> Node:
        """A function of the arguments of ``node``, computed once for each block where no open index enters."""
        parts = [self.visit(arg) for arg in node.args]
        if node.free_symbols & set(self.open):
            return lambda f: function(*(part(f) for part in parts))

        def kept(f: Any) -> Any:
            if node in f.kept:
                return f.kept[node]
            if node not in f.memo:
                values = [part(f) for part in parts]
                f.memo[node] = function(*values)
                if not any(map(np.ndim, values)):  # the same for every block of the call
                    f.kept[node] = f.memo[node]
            return f.memo[node]

        return kept

    def _product(self, node: sp.Mul) -> Node:
        constant, rest = node.as_independent(*node.free_symbols, as_Add=False)
        parts = [self.of(part) for part in sp.Mul.make_args(rest)]
        if constant == 1:
            return lambda f: _total(f, parts)
        shift = log_of_constant(constant)
        return lambda f: _total(f, parts) + shift

    def _power(self, node: sp.Pow) -> Node:
        base = self.of(node.base)
        if not node.exp.free_symbols:
            scale = float(node.exp)
            return base if scale == 1 else lambda f: scale * base(f)
        exponent = self.visit(node.exp)
        return lambda f: exponent(f) * base(f)


def _total(f: Frame, parts: list[Node]) -> Any:
    total = parts[0](f)
    for part in parts[1:]:
        total = total + part(f)
    return total


def _log_of_sum(f: Frame, terms: list[Node]) -> Any:
    total = terms[0](f)
    for term in terms[1:]:
        total = np.logaddexp(total, term(f))
    return total


def log_ball_volume(dimension: Any, radius: Any) -> Any:
    """The routine of ``numerics.stable``, but for one dimension and many radii ``n log r`` plus a constant.

    The sum of the two is taken where their cancellation costs no more than the routine promises.
    """
    if np.ndim(dimension) or not np.ndim(radius):
        return stable.log_ball_volume(dimension, radius)
    constant = float(stable.log_ball_volume(dimension, 1.0))
    found = np.log(radius)
    found *= dimension
    low, high = found.min(initial=np.inf), found.max(initial=-np.inf)
    lost = max(-low, high, abs(constant)) * EPSILON
    found += constant
    if lost > TOLERANCE * max(1, low + constant, -high - constant):
        poor = lost > TOLERANCE * np.maximum(1, np.abs(found))
        found[poor] = stable.log_ball_volume(dimension, np.broadcast_to(radius, found.shape)[poor])
    return found


def log_critical_volume(dimension: Any) -> Any:
    """Log of the volume of the ball of radius sqrt(n/(2 pi e)), by Stirling's remainder, where nothing cancels."""
    n = np.asarray(dimension, dtype=float)
    return -np.log(np.pi * n) / 2 - stirling_remainder(np.atleast_1d(n / 2)).reshape(n.shape)


def divided(constant: sp.Expr) -> sp.Expr:
    """A constant with its quotients carried out."""
    return constant.replace(lambda e: isinstance(e, Quotient), lambda e: e.numerator / e.denominator)


def log_of_constant(constant: sp.Expr) -> float:
    """The logarithm of a positive constant."""
    return float(sp.log(divided(constant)).evalf(20))


def complement(exponent: Any) -> Any:
    """``1 - exp(-exponent)``, without cancellation near 0."""
    return -np.expm1(-np.asarray(exponent, dtype=float))


OWN: dict[str, Callable[..., Any]] = {
    "log_ball_volume": log_ball_volume,
    "log_critical_volume": log_critical_volume,
    "complement": complement,
}


def stable_routine(name: str) -> Callable[..., Any]:
    """The routine of ``numerics.stable``, or one of this module that rests on it.

    Raises ``UnsupportedExpression`` if there is none of that name.
    """
    routine: Callable[..., Any] | None = OWN.get(name, getattr(stable, name, None))
    if routine is None:
        raise UnsupportedExpression(f"numerics.stable has no routine {name!r}")
    return routine
