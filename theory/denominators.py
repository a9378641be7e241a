"""Proofs that a rational expression is 0: denominators are cleared one power at a time.

With ``A`` for ``1/u``, an expression ``P = P0 + A Q`` with ``P0`` free of ``A`` satisfies
``P = A (Q + u P0) - (u A - 1) P0``, and ``u A = 1`` where u is positive.  What remains in the end is a polynomial.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from theory.rules import Cancel, Combine, Identity, Justification, Scale


def cleared(expr: sp.Expr, positive: Mapping[sp.Expr, Justification]) -> Combine:
    """A proof of ``expr = 0``; ``positive`` maps every denominator in it to a proof that it is positive.

    Raises ``ValueError`` if the expression is not 0 as a rational function, or has another denominator.
    """
    zero = sp.Integer(0)
    terms: list[tuple[sp.Expr, Justification]] = [(sp.Integer(1), Identity(zero, zero))]
    inverse = {u: sp.Dummy(f"1/({u})") for u in positive}
    back = {symbol: 1 / u for u, symbol in inverse.items()}
    rest, factor = sp.expand(_with_symbols(expr, inverse)), sp.Integer(1)
    for u, symbol in inverse.items():
        for _ in range(sp.degree(rest, symbol) if rest.has(symbol) else 0):
            whole = sp.expand(rest.xreplace({symbol: zero}))
            if whole != 0:
                terms.append((sp.Integer(-1), Scale(factor * whole.xreplace(back), Cancel(u, positive[u]))))
            rest = sp.expand(sp.expand((rest - whole) / symbol) + u * whole)
            factor = factor / u
    if rest != 0:
        raise ValueError(f"{expr} is not 0: what is left over its denominators is {sp.factor(rest)}")
    return Combine(tuple(terms))


def _with_symbols(expr: sp.Expr, inverse: Mapping[sp.Expr, sp.Symbol]) -> sp.Expr:
    """The expression with the inverse of every denominator replaced by its symbol."""

    def inverted(base: sp.Expr, power: sp.Expr) -> sp.Expr:
        for u, symbol in inverse.items():
            scale = sp.cancel(base / u)
            if scale.is_Rational:
                return (symbol / scale) ** (-power)
        raise ValueError(f"{base} stands in a denominator and is not among {', '.join(map(str, inverse))}")

    def negative(node: sp.Expr) -> bool:
        return isinstance(node, sp.Pow) and node.exp.is_Integer and node.exp < 0 and not node.base.is_Rational

    return expr.replace(negative, lambda node: inverted(node.base, node.exp))
