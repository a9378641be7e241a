"""The functions of the language: how each is built and what it needs of its arguments to be real.

Values are built so that SymPy neither expands a special function at a large order nor multiplies out a large power:
what it would need a recursion or a huge number for stays as it is, or is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import sympy as sp

from theory.domain import Domain, Range

BITS = 100_000  # a number that a power may reach
ORDER = 8  # incomplete gamma functions of a rational order up to here are written out
ARGUMENT = 100  # gamma and polygamma are written out at rational arguments up to here

Sign = Literal[">", ">=", "!="]
Needs = list[tuple[sp.Expr, Sign]]


class LanguageError(ValueError):
    """A text that is no statement of the language: what was read, what is allowed, and what to write instead."""


@dataclass(frozen=True)
class Function:
    """One function: how many arguments it takes, how it is built, and what must be positive, >= 0 or nonzero.

    ``keep`` is how it is held back where SymPy would write it with the imaginary unit, as in ``log(-exp(x))``.
    """

    least: int
    most: int
    build: Callable[..., sp.Expr]
    needs: Callable[..., Needs] = lambda domain, *arguments: []
    internal: bool = False
    keep: Callable[..., sp.Expr] = lambda *arguments: sp.nan


def power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    """``base**exponent``.  Raises ``LanguageError`` where a number beyond ``BITS`` bits would be multiplied out."""
    if base is sp.E:
        return exponential(exponent)
    if exponent.is_Rational:
        for factor in sp.Mul.make_args(base):
            root, height = factor.as_base_exp()
            if height.is_Rational:
                _refuse_large(root, exponent * height)
    return sp.Pow(base, exponent)


def exponential(u: sp.Expr) -> sp.Expr:
    """``exp(u)``, under the same limit: SymPy turns exp(c log 2) into a power of 2."""
    for term in sp.Add.make_args(u):
        coefficient, rest = term.as_coeff_Mul()
        for factor in sp.Mul.make_args(rest):
            if isinstance(factor, sp.log):
                _refuse_large(factor.args[0].as_coeff_Mul()[0], coefficient)
    return sp.exp(u)


def _refuse_large(number: sp.Expr, exponent: sp.Expr) -> None:
    if number.is_Rational and number not in (0, 1, -1):
        bits = max(abs(number.p).bit_length(), number.q.bit_length())
        if bits * abs(exponent) > BITS:
            raise LanguageError(
                f"a power with exponent {_short(exponent)} is a number of more than {BITS} bits: use a smaller exponent"
            )


def _short(number: sp.Expr) -> str:
    text = str(number)
    return text if len(text) <= 30 else f"{text[:20]}... ({len(text)} characters)"


def _bounded(function: Callable[..., sp.Expr], limit: int) -> Callable[..., sp.Expr]:
    """``function`` written out by SymPy at rationals up to ``limit``, held back beyond."""

    def build(u: sp.Expr) -> sp.Expr:
        return function(u, evaluate=not (u.is_Rational and abs(u) > limit))

    return build


def _polygamma(order: sp.Expr, u: sp.Expr) -> sp.Expr:
    large = (u.is_Rational and abs(u) > ARGUMENT) or (order.is_Rational and order > ARGUMENT)
    return sp.polygamma(order, u, evaluate=not large)


def _tangent(u: sp.Expr) -> sp.Expr:
    """SymPy turns tan(x + pi/2) into a cotangent, which the language says as a quotient."""
    return sp.tan(u).replace(sp.cot, lambda v: sp.cos(v) / sp.sin(v))


def _extremum(function: Callable[..., sp.Expr]) -> Callable[..., sp.Expr]:
    def build(*arguments: sp.Expr) -> sp.Expr:
        try:
            return function(*arguments)
        except ValueError as error:
            raise LanguageError(f"{function.__name__}: {error}") from None

    return build


def _incomplete(function: Callable[..., sp.Expr]) -> Callable[..., sp.Expr]:
    def build(order: sp.Expr, x: sp.Expr) -> sp.Expr:
        return function(order, x, evaluate=not order.is_Rational or 0 < order <= ORDER)

    return build


def least(u: sp.Expr, domain: Domain) -> tuple[sp.Expr, bool] | None:
    """A lower bound of ``u`` that its form shows, and whether it is never attained; ``None`` where none is seen.

    It only chooses between two equivalent ways to say that ``u`` is allowed; nothing rests on it.
    """
    if not u.free_symbols:
        return (u, False) if u.is_extended_real else None
    if u.is_Symbol:
        found = next((r for r in domain.ranges if r.symbol == u), None)
        return _lower_end(found) if found else None
    if isinstance(u, sp.exp):
        return sp.S.Zero, True
    if u.is_Pow and u.exp.is_Integer and u.exp % 2 == 0:
        return sp.S.Zero, False
    if u.is_Pow and seems_positive(u.base, domain):
        return sp.S.Zero, True
    if not (u.is_Add or u.is_Mul):
        return None
    parts = [least(part, domain) for part in u.args]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or (u.is_Mul and not all(part[0].is_nonnegative for part in known)):
        return None
    combine = sp.Add if u.is_Add else sp.Mul
    strict = any if u.is_Add else all
    return combine(*(part[0] for part in known)), strict(part[1] or part[0].is_positive for part in known)


def _lower_end(r: Range) -> tuple[sp.Expr, bool] | None:
    return None if r.lower == -sp.oo else (r.lower, r.open_lower)


def seems_positive(u: sp.Expr, domain: Domain) -> bool:
    """Whether the form of ``u`` shows that it is positive on the ranges."""
    bound = least(u, domain)
    return bound is not None and bool(bound[0].is_positive or (bound[0].is_zero and bound[1]))


def _no_pole(domain: Domain, u: sp.Expr) -> Needs:
    """``u`` is not one of 0, -1, -2, ...: positive, or no integer."""
    return [(u, ">")] if seems_positive(u, domain) else [(sp.Max(u, sp.sin(sp.pi * u) ** 2), ">")]


def _upper_gamma_needs(domain: Domain, order: sp.Expr, x: sp.Expr) -> Needs:
    """x > 0, or x = 0 with a positive order."""
    if seems_positive(x, domain):
        return [(x, ">")]
    if seems_positive(order, domain):
        return [(x, ">="), (order, ">")]
    return [(x, ">="), (sp.Max(order, x), ">")]


def power_needs(domain: Domain, base: sp.Expr, exponent: sp.Expr) -> Needs:
    """What makes ``base**exponent`` real; ``0**0`` is 1 for an exponent that is an integer by its form."""
    if exponent.is_integer:
        bound = least(exponent, domain)
        return [] if bound is not None and bound[0].is_nonnegative else [(base, "!=")]
    if exponent.is_Rational:
        return [(base, ">=" if exponent > 0 else ">")]
    if seems_positive(base, domain):
        return [(base, ">")]
    if seems_positive(exponent, domain):
        return [(base, ">="), (exponent, ">")]
    return [(base, ">="), (sp.Max(base, exponent), ">")]


def _kept(function: Callable[..., sp.Expr]) -> Callable[..., sp.Expr]:
    return lambda u: function(u, evaluate=False)


def _between(domain: Domain, u: sp.Expr) -> Needs:
    return [(1 - u, ">="), (1 + u, ">=")]


FUNCTIONS: dict[str, Function] = {
    "exp": Function(1, 1, exponential),
    "log": Function(1, 1, sp.log, lambda domain, u: [(u, ">")], keep=_kept(sp.log)),
    "sqrt": Function(
        1,
        1,
        lambda u: power(u, sp.S.Half),
        lambda domain, u: [(u, ">=")],
        keep=lambda u: sp.Pow(u, sp.S.Half, evaluate=False),
    ),
    "sin": Function(1, 1, sp.sin),
    "cos": Function(1, 1, sp.cos),
    "tan": Function(1, 1, _tangent, lambda domain, u: [(sp.cos(u), "!=")]),
    "asin": Function(1, 1, sp.asin, _between, keep=_kept(sp.asin)),
    "acos": Function(1, 1, sp.acos, _between, keep=_kept(sp.acos)),
    "atan": Function(1, 1, sp.atan),
    "sinh": Function(1, 1, sp.sinh),
    "cosh": Function(1, 1, sp.cosh),
    "tanh": Function(1, 1, sp.tanh),
    "erf": Function(1, 1, sp.erf),
    "erfc": Function(1, 1, sp.erfc),
    "gamma": Function(1, 1, _bounded(sp.gamma, ARGUMENT), _no_pole),
    "loggamma": Function(1, 1, _bounded(sp.loggamma, ARGUMENT), lambda domain, u: [(u, ">")]),
    "digamma": Function(1, 1, lambda u: _polygamma(sp.S.Zero, u), _no_pole),
    "lowergamma": Function(2, 2, _incomplete(sp.lowergamma), lambda domain, s, x: [(s, ">"), (x, ">=")]),
    "uppergamma": Function(2, 2, _incomplete(sp.uppergamma), _upper_gamma_needs),
    "LambertW": Function(1, 1, sp.LambertW, lambda domain, u: [(u + sp.exp(-1), ">=")]),
    "Abs": Function(1, 1, sp.Abs),
    "Max": Function(1, 64, _extremum(sp.Max)),
    "Min": Function(1, 64, _extremum(sp.Min)),
    "polygamma": Function(2, 2, _polygamma, lambda domain, n, u: _no_pole(domain, u), internal=True),
    "sign": Function(1, 1, sp.sign, internal=True),
    "zeta": Function(1, 1, sp.zeta, lambda domain, u: [(u - 1, "!=")], internal=True),
    "Ei": Function(1, 1, sp.Ei, lambda domain, u: [(u, "!=")], internal=True),
}

CONSTANTS: dict[str, sp.Expr] = {
    "pi": sp.pi,
    "E": sp.E,
    "EulerGamma": sp.EulerGamma,
    "Catalan": sp.Catalan,
}

HINTS = {
    "ln": "log",
    "abs": "Abs",
    "max": "Max",
    "min": "Min",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "Exp": "exp",
    "Log": "log",
    "psi": "digamma",
    "Gamma": "gamma",
    "lgamma": "loggamma",
    "gammaln": "loggamma",
    "lambertw": "LambertW",
    "W": "LambertW",
    "Pi": "pi",
    "PI": "pi",
    "e": "E",
    "inf": "oo",
    "infinity": "oo",
}
