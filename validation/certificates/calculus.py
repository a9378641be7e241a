"""Derivatives from a table of our own, and where a region shows that they exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from validation.certificates.goals import Rejected
from validation.certificates.ranges import Ranges, integral

# f'(u) as an expression in u, for functions of one argument.
SLOPES: Mapping[type, Callable[[sp.Expr], sp.Expr]] = {
    sp.exp: sp.exp,
    sp.log: lambda u: 1 / u,
    sp.sin: sp.cos,
    sp.cos: lambda u: -sp.sin(u),
    sp.tan: lambda u: 1 + sp.tan(u) ** 2,
    sp.asin: lambda u: 1 / sp.sqrt(1 - u**2),
    sp.acos: lambda u: -1 / sp.sqrt(1 - u**2),
    sp.atan: lambda u: 1 / (1 + u**2),
    sp.sinh: sp.cosh,
    sp.cosh: sp.sinh,
    sp.tanh: lambda u: 1 - sp.tanh(u) ** 2,
    sp.erf: lambda u: 2 * sp.exp(-(u**2)) / sp.sqrt(sp.pi),
    sp.erfc: lambda u: -2 * sp.exp(-(u**2)) / sp.sqrt(sp.pi),
    sp.gamma: lambda u: sp.gamma(u) * sp.polygamma(0, u),
    sp.loggamma: lambda u: sp.polygamma(0, u),
    sp.LambertW: lambda u: sp.exp(-sp.LambertW(u)) / (1 + sp.LambertW(u)),
    sp.Abs: sp.sign,
    sp.sign: lambda u: sp.S.Zero,
}


def derivative(expr: sp.Expr, x: sp.Symbol) -> sp.Expr:
    """The derivative in x where ``require_differentiable`` accepts; raises ``Rejected`` for what the table lacks."""
    if x not in expr.free_symbols:
        return sp.S.Zero
    if expr == x:
        return sp.S.One
    if isinstance(expr, sp.Add):
        return sp.Add(*(derivative(term, x) for term in expr.args))
    if isinstance(expr, sp.Mul):
        return sp.Add(
            *(
                sp.Mul(derivative(factor, x), *expr.args[:place], *expr.args[place + 1 :])
                for place, factor in enumerate(expr.args)
                if x in factor.free_symbols
            )
        )
    if isinstance(expr, sp.Pow):
        base, exponent = expr.args
        along_base = exponent * base ** (exponent - 1) * derivative(base, x)
        along_exponent = sp.S.Zero
        if x in exponent.free_symbols:
            along_exponent = expr * sp.log(base) * derivative(exponent, x)
        return along_base + along_exponent
    if type(expr) in SLOPES and len(expr.args) == 1:
        return SLOPES[type(expr)](expr.args[0]) * derivative(expr.args[0], x)
    if isinstance(expr, sp.polygamma) and isinstance(expr.args[0], sp.Integer):
        order, inner = expr.args
        return sp.polygamma(order + 1, inner) * derivative(inner, x)
    if isinstance(expr, (sp.lowergamma, sp.uppergamma)) and x not in expr.args[0].free_symbols:
        order, inner = expr.args
        sign = 1 if isinstance(expr, sp.lowergamma) else -1
        return sign * inner ** (order - 1) * sp.exp(-inner) * derivative(inner, x)
    raise Rejected(f"no derivative of {expr} in {x}")


def require_continuous(expr: sp.Expr, x: sp.Symbol, ranges: Ranges) -> None:
    """Raises ``Rejected`` unless the expression is seen to be defined and continuous in x.

    Every function of the table is continuous where it is real, up to the ends of its domain; only ``sign`` jumps.
    """
    ranges.span(expr)
    for part in expr.atoms(sp.sign):
        if x in part.free_symbols and not ranges.span(part.args[0]).nonzero:
            raise Rejected(f"{part} may jump")


def require_differentiable(expr: sp.Expr, x: sp.Symbol, ranges: Ranges) -> None:
    """Raises ``Rejected`` unless the expression is seen to be defined and differentiable in x."""
    ranges.span(expr)
    for part in sp.preorder_traversal(expr):
        if x in part.free_symbols and part.args and not _smooth(part, x, ranges):
            raise Rejected(f"{part} is not seen to be differentiable in {x}")


def _smooth(part: sp.Expr, x: sp.Symbol, ranges: Ranges) -> bool:
    """Whether the outermost operation is differentiable in x where it is defined, its arguments being so."""
    if isinstance(part, (sp.Add, sp.Mul, sp.exp, sp.log, sp.sin, sp.cos, sp.tan, sp.atan)):
        return True
    if isinstance(part, (sp.sinh, sp.cosh, sp.tanh, sp.erf, sp.erfc, sp.gamma, sp.loggamma)):
        return True
    if isinstance(part, sp.Pow):
        return isinstance(part.exp, sp.Integer) or _smooth_power(part, x, ranges)
    if isinstance(part, (sp.Abs, sp.sign)):
        return ranges.nonzero(part.args[0])
    if isinstance(part, (sp.asin, sp.acos)):
        return ranges.holds(1 - part.args[0], ">") and ranges.holds(1 + part.args[0], ">")
    if isinstance(part, sp.LambertW):
        return len(part.args) == 1 and ranges.holds(part.args[0] + sp.exp(-1), ">")
    if isinstance(part, sp.polygamma):
        return x not in part.args[0].free_symbols
    if isinstance(part, (sp.lowergamma, sp.uppergamma)):
        return x not in part.args[0].free_symbols and ranges.span(part.args[1]).positive
    return False


def _smooth_power(part: sp.Pow, x: sp.Symbol, ranges: Ranges) -> bool:
    """A power of a positive base; with an exponent that does not move, also of a base that may be 0, beyond 1."""
    if ranges.span(part.base).positive:
        return True
    if x in part.exp.free_symbols:
        return False
    above = ranges.span(part.exp)
    return integral(part.exp) or (ranges.span(part.base).nonnegative and above.lower > 1)
