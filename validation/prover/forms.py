"""Shapes of expressions that the search works with: factors, transcendental parts, and how simple something is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import sympy as sp

Factors = tuple[tuple[sp.Expr, sp.Expr], ...]
_LARGE = 120
_STEEP = 60


@lru_cache(maxsize=20_000)
def weight(expr: sp.Expr) -> int:
    """How hard an expression looks: its operations, and ten for every transcendental part."""
    return 10 * sum(_rank(part) for part in transcendental(expr)) + _operations(expr)


def _operations(expr: sp.Expr) -> int:
    return 1 + sum(map(_operations, expr.args))


def _rank(part: sp.Expr) -> int:
    if isinstance(part, (sp.polygamma, sp.loggamma, sp.gamma, sp.digamma)):
        return 4
    return 3 if isinstance(part, (sp.lowergamma, sp.uppergamma)) else 1


@lru_cache(maxsize=20_000)
def transcendental(expr: sp.Expr) -> frozenset[sp.Expr]:
    """The functions and the powers with other than integer exponents in an expression, inner ones included."""
    found = {part for part in expr.atoms(sp.Function) if part.free_symbols}
    found |= {p for p in expr.atoms(sp.Pow) if p.free_symbols and not p.exp.is_Integer}
    return frozenset(found)


@lru_cache(maxsize=20_000)
def factors(expr: sp.Expr) -> Factors:
    """Bases and exponents of a product equal to the expression, sums factored over its transcendental parts.

    The first entry may be a number with exponent 1.  Equality is for the checker to confirm.
    """
    if _operations(expr) > _LARGE or not tame(expr):
        return _split(sp.factor_terms(expr))
    try:
        whole = sp.factor(sp.together(merged(expr)))
    except (sp.PolynomialError, NotImplementedError, AttributeError):
        whole = sp.factor_terms(expr)
    return _split(whole)


@lru_cache(maxsize=20_000)
def tame(expr: sp.Expr) -> bool:
    """Whether no exponent is so large, or so fine a fraction, that multiplying out or factoring would not end."""
    exponents = [p.exp for p in expr.atoms(sp.Pow)] + [e.args[0] for e in expr.atoms(sp.exp)]
    numbers = [n for e in exponents for n in e.atoms(sp.Rational)]
    return all(abs(n.p) <= _STEEP and n.q <= _STEEP for n in numbers)


def merged(expr: sp.Expr) -> sp.Expr:
    """Exponentials and powers written over sums of exponents, so that equal parts can meet."""
    return sp.powsimp(sp.expand_mul(expr, deep=False)) if expr.is_Add else expr


def _split(expr: sp.Expr) -> Factors:
    found: list[tuple[sp.Expr, sp.Expr]] = []
    for part in sp.Mul.make_args(expr):
        if isinstance(part, sp.Pow) and part.exp.is_Rational:
            found.append((part.base, part.exp))
        elif isinstance(part, sp.exp):
            found.append((part, sp.Integer(1)))
        else:
            found.append((part, sp.Integer(1)))
    return tuple(found)


def multipliers(expr: sp.Expr, symbol: sp.Symbol) -> Iterator[sp.Expr]:
    """What to divide a sum by so that its derivative loses a transcendental part: coefficients of those parts.

    For ``a + b log x`` that is ``b`` (the derivative of ``a/b + log x`` has no logarithm), for ``a + b exp x`` it is
    ``a`` (the derivative is a multiple of ``exp x``) or ``b exp x``.
    """
    yield sp.Integer(1)
    seen: set[sp.Expr] = {sp.Integer(1)}
    terms = sp.expand_mul(expr) if tame(expr) else expr
    parts = sorted((p for p in transcendental(terms) if p.has(symbol)), key=weight)
    for part in parts:
        for coefficient in _coefficients(terms, part):
            if coefficient in seen or not coefficient.has(symbol):
                continue
            seen.add(coefficient)
            yield coefficient
    if isinstance(terms, sp.Add):
        for term in terms.args:
            if term.has(symbol) and term not in seen:
                seen.add(term)
                yield term


def _coefficients(terms: sp.Expr, part: sp.Expr) -> list[sp.Expr]:
    mark = sp.Dummy()
    replaced = terms.xreplace({part: mark})
    if isinstance(part, sp.exp):
        replaced = replaced.replace(
            lambda e: isinstance(e, sp.exp) and _multiple(e.args[0], part.args[0]) is not None,
            lambda e: mark ** _multiple(e.args[0], part.args[0]),
        )
    try:
        groups = sp.collect(replaced, mark, evaluate=False)
    except (NotImplementedError, AttributeError, TypeError):
        return []
    found = []
    for power, coefficient in groups.items():
        if coefficient.has(mark):
            return []
        found.append(sp.factor_terms((coefficient * power).xreplace({mark: part})))
        if power != 1:
            found.append(sp.factor_terms(coefficient.xreplace({mark: part})))
    return found


def _multiple(left: sp.Expr, right: sp.Expr) -> sp.Integer | None:
    ratio = left / right
    return ratio if ratio.is_Integer else None


def recurred(expr: sp.Expr) -> sp.Expr:
    """Gamma functions whose arguments differ by integers, written through the one with the least argument."""
    parts = [p for p in expr.atoms(sp.gamma, sp.loggamma, sp.polygamma) if p.args[-1].free_symbols]
    rules: dict[sp.Expr, sp.Expr] = {}
    for part in parts:
        argument = part.args[-1]
        distances = [argument - other.args[-1] for other in parts if other.func == part.func]
        steps = max((int(d) for d in map(sp.expand, distances) if d.is_Integer), default=0)
        if 0 < steps <= 10:
            rules[part] = _lowered(part, sp.expand(argument - steps), steps)
    return expr.xreplace(rules)


def _lowered(part: sp.Expr, least: sp.Expr, steps: int) -> sp.Expr:
    passed = [least + k for k in range(steps)]
    if isinstance(part, sp.gamma):
        return sp.Mul(sp.gamma(least), *passed)
    if isinstance(part, sp.loggamma):
        return sp.loggamma(least) + sp.Add(*map(sp.log, passed))
    order = part.args[0]
    change = (-1) ** order * sp.factorial(order)
    return sp.polygamma(order, least) + sp.Add(*(change / u ** (order + 1) for u in passed))
