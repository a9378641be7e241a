"""The arguments of a bound: their names, and the refusal of one outside the domain."""

from __future__ import annotations

from functools import cache

import sympy as sp

from theory import notation
from theory.domain import Range

_NAMES = {v: k for k, v in vars(notation).items() if isinstance(v, (sp.Symbol, sp.IndexedBase)) and k[0] != "_"}


class DomainError(ValueError):
    """An argument lies outside the domain on which a bound is claimed."""


@cache
def label(variable: sp.Basic) -> str:
    """The symbol as it is printed: ``r``, ``rho``, ``T_max``."""
    return str(variable.label) if isinstance(variable, sp.IndexedBase) else str(variable)


@cache
def keyword(variable: sp.Basic) -> str:
    """The keyword of an argument: the field's name where the notation has one (``radius``), else the symbol's."""
    return str(_NAMES.get(variable, label(variable)))


def allowed(r: Range) -> str:
    """A range under the name of its argument."""
    return keyword(r.symbol) + str(r).removeprefix(str(r.symbol))


def outside(signature: str, r: Range, received: object, note: str = "") -> DomainError:
    """The error for a scalar outside its range; ``note`` says where in an array, or what of a ball."""
    return DomainError(
        f"{signature}: {keyword(r.symbol)} = {received}{note} is outside {allowed(r)}: give a value inside"
    )
