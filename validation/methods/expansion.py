"""Expressions written out at fixed sizes: every binder becomes the terms it ranges over.

The result has one real symbol per variable of an instance and is an ordinary SymPy expression.  It serves exact
questions only (is this 0 as a form?); numbers come from the balls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from numerics.backends.frame import UnsupportedExpression, entry
from theory.atoms import LSE, IndexBinder, IndexMax, IndexMin, Quotient, RadialIntegral, RegionIntegral
from validation.kernel.context import Context
from validation.kernel.reading import Reader
from validation.kernel.terms import Refused

LIMIT = 200  # terms of one binder
SIZE = 200  # operations of a form that is still worth cancelling


def entry_symbol(name: str, place: tuple[int, ...] = ()) -> sp.Symbol:
    """The symbol that stands for one real variable of an instance."""
    return sp.Symbol(f"{name}[{', '.join(map(str, place))}]" if place else name, real=True)


def expand(expr: sp.Expr, sizes: Mapping[str, Any]) -> sp.Expr:
    """The expression at the sizes.  Raises ``UnsupportedExpression`` for integrals, derivatives and long binders."""
    return _expand(expr, sizes, {})


def _expand(node: sp.Expr, sizes: Mapping[str, Any], index: Mapping[sp.Symbol, int]) -> sp.Expr:
    if isinstance(node, sp.Symbol):
        if node in index:
            return sp.Integer(index[node])
        return sp.Integer(sizes[node.name]) if node.name in sizes else entry_symbol(node.name)
    if isinstance(node, sp.Indexed):
        name, place = str(node.base.label), tuple(_integer(i, sizes, index) for i in node.indices)
        return sp.Integer(entry(sizes[name], place, node)) if name in sizes else entry_symbol(name, place)
    if isinstance(node, (sp.Sum, IndexBinder)):
        terms = [_expand(node.args[0], sizes, inner) for inner in _ranges(node, sizes, index)]
        return _REDUCTIONS[type(node)](terms)
    if isinstance(node, Quotient):
        return _expand(node.numerator, sizes, index) / _expand(node.denominator, sizes, index)
    if isinstance(node, sp.KroneckerDelta):
        left, right = (_integer(arg, sizes, index) for arg in node.args)
        return sp.Integer(left == right)
    if isinstance(node, (RegionIntegral, RadialIntegral, sp.Derivative, sp.Subs)) or not isinstance(node, sp.Expr):
        raise UnsupportedExpression(f"{type(node).__name__} is not written out: {node}")
    return node.func(*(_expand(arg, sizes, index) for arg in node.args)) if node.args else node


def _ranges(node: sp.Expr, sizes: Mapping[str, Any], index: Mapping[sp.Symbol, int]) -> list[dict[sp.Symbol, int]]:
    """The values of the bound indices; the last limit is the outermost."""
    places = [dict(index)]
    for symbol, lower, upper in reversed(node.args[1:]):
        places = [
            inner | {symbol: value}
            for inner in places
            for value in range(_integer(lower, sizes, inner), _integer(upper, sizes, inner) + 1)
        ]
    if len(places) > LIMIT or (not places and not isinstance(node, sp.Sum)):
        raise UnsupportedExpression(f"a binder over {len(places)} terms is not written out: {node}")
    return places


def _integer(node: sp.Expr, sizes: Mapping[str, Any], index: Mapping[sp.Symbol, int]) -> int:
    value = _expand(node, sizes, index)
    if not isinstance(value, sp.Integer):
        raise UnsupportedExpression(f"{node} is not an integer at these sizes")
    return int(value)


_REDUCTIONS: dict[type, Callable[[list[sp.Expr]], sp.Expr]] = {
    sp.Sum: lambda terms: sp.Add(*terms),
    LSE: lambda terms: sp.log(sp.Add(*(sp.exp(term) for term in terms))),
    IndexMin: lambda terms: sp.Min(*terms),
    IndexMax: lambda terms: sp.Max(*terms),
}


def vanishes(form: sp.Expr) -> bool:
    """Whether a form is 0 where it is defined, by rational algebra or by the kernel's normal form.

    ``False`` decides nothing.
    """
    plain = sp.expand(form)
    if plain == 0:
        return True
    if plain.is_number and plain.is_comparable and abs(plain.n(20)) > 1e-9:
        return False
    if plain.has(sp.nan, sp.zoo, sp.oo) or sp.count_ops(plain) > SIZE:
        return False
    if sp.expand(sp.expand_log(plain, factor=True)) == 0:
        return True
    return bool(sp.cancel(sp.together(plain)) == 0) or normal_form_vanishes(form)


def normal_form_vanishes(expr: sp.Expr) -> bool:
    """Whether the kernel reads an expression as 0 and finds nothing in it that might be undefined."""
    reader = Reader(Context())
    try:
        return not reader.read(expr).terms and not reader.obligations
    except Refused:
        return False
