"""Expressions as text of the language: what the grammar reads back as the same expression."""

from __future__ import annotations

import re

import sympy as sp

from theory.language_functions import CONSTANTS, FUNCTIONS, LanguageError

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
CONSTANT_NAMES = {value: name for name, value in CONSTANTS.items()}
SUM, PRODUCT, POWER, ATOM = range(4)


def show(expr: sp.Expr) -> str:
    """``expr`` in the language.  ``expression(show(e), symbols) == e`` for expressions in SymPy's automatic form.

    Raises ``LanguageError`` for what the language cannot say (derivatives, cases, floats).
    """
    if expr in (sp.oo, -sp.oo):
        return str(expr)
    return _show(sp.sympify(expr))[0]


def _show(expr: sp.Expr) -> tuple[str, int]:
    """The text, and how tightly its outermost operator binds."""
    if expr.is_Symbol:
        if not NAME.match(expr.name) or expr.name in CONSTANTS or expr.name in FUNCTIONS:
            raise LanguageError(f"the symbol {expr.name!r} is no name of the language: letters, digits and _")
        return expr.name, ATOM
    if expr.is_Rational:
        return str(expr), SUM if expr < 0 else ATOM if expr.is_Integer else PRODUCT
    if expr in CONSTANT_NAMES:
        return CONSTANT_NAMES[expr], ATOM
    if expr.is_Add:
        return _sum(expr), SUM
    if expr.is_Mul:
        return _product(expr)
    if expr.is_Pow and not isinstance(expr, sp.exp):
        return _power(expr)
    name = type(expr).__name__
    if name == "polygamma" and expr.args[0] == 0:
        return f"digamma({show(expr.args[1])})", ATOM
    if name not in FUNCTIONS:
        raise LanguageError(f"{name} has no name in the language: {str(expr)[:80]}")
    arguments = sorted(expr.args, key=sp.default_sort_key) if name in ("Max", "Min") else expr.args
    return f"{name}({', '.join(map(show, arguments))})", ATOM


def _within(expr: sp.Expr, least: int) -> str:
    """The text, in parentheses if it binds less tightly than ``least``."""
    text, binding = _show(expr)
    return text if binding >= least else f"({text})"


def _sum(expr: sp.Expr) -> str:
    text = ""
    for term in expr.as_ordered_terms():
        part = _within(term, SUM)
        if not text:
            text = part
        elif part.startswith("-"):
            text += f" - {part[1:]}"
        else:
            text += f" + {part}"
    return text


def _product(expr: sp.Expr) -> tuple[str, int]:
    coefficient, rest = expr.as_coeff_Mul()
    if coefficient.is_Rational and coefficient < 0:
        inner = _quotient(-coefficient, rest)
        return f"-{inner}", SUM
    return _quotient(coefficient, rest), PRODUCT


def _quotient(coefficient: sp.Expr, rest: sp.Expr) -> str:
    """A product of powers, those with negative rational exponents as divisors."""
    above: list[str] = []
    below: list[sp.Expr] = []
    if coefficient.is_Rational:
        if coefficient.p != 1:
            above.append(str(coefficient.p))
        if coefficient.q != 1:
            below.append(sp.Integer(coefficient.q))
    else:
        above.append(_within(coefficient, POWER))
    for factor in sp.Mul.make_args(rest) if rest.is_Mul else (rest,):
        if factor.is_Pow and factor.base is not sp.E and factor.exp.is_Rational and factor.exp < 0:
            below.append(sp.Pow(factor.base, -factor.exp))
        else:
            above.append(_within(factor, POWER))
    text = "*".join(above) or "1"
    if len(below) > 1 and not any(divisor.is_Add for divisor in below):
        return f"{text}/({'*'.join(_within(divisor, POWER) for divisor in below)})"
    return text + "".join(f"/{_within(divisor, POWER)}" for divisor in below)


def _power(expr: sp.Expr) -> tuple[str, int]:
    base, exponent = expr.args
    if exponent == sp.S.Half:
        return f"sqrt({show(base)})", ATOM
    if exponent.is_Rational and exponent < 0:
        return _quotient(sp.S.One, expr), PRODUCT
    return f"{_within(base, ATOM)}**{_within(exponent, ATOM)}", POWER
