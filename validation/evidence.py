"""Evidence: what one method found out about one claim, and where.

Three outcomes, never a bool.  Evidence names the digest of the claim that it is about, so that it dies with it.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib.metadata import version
from typing import Any

import sympy as sp


class Outcome(Enum):
    """What a method concluded about a claim on the domain that it covered."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Witness:
    """An exact point of the domain: sizes as integers, scalars and family entries as rationals.

    ``values`` maps a symbol or family name to an ``int``, a ``Fraction`` or nested tuples of them; ``gap`` is a
    decimal enclosure or an exact form of the signed gap there, and ``confirmed`` says by which arithmetic.
    """

    values: tuple[tuple[str, Any], ...]
    gap: str
    confirmed: str

    def __str__(self) -> str:
        listed = ", ".join(f"{name} = {show(value)}" for name, value in self.values)
        found = f"gap {self.gap} ({self.confirmed})"
        return f"{listed}: {found}" if listed else found


def show(value: Any) -> str:
    """Integers, fractions and nested tuples of them in plain text."""
    if isinstance(value, tuple):
        return "(" + ", ".join(map(show, value)) + ")"
    return str(value) if isinstance(value, (int, Fraction, sp.Basic)) else repr(value)


@cache
def versions() -> dict[str, str]:
    """The versions of Python and of the packages that evidence rests on."""
    packages = ("sympy", "numpy", "scipy", "mpmath", "python-flint", "hypothesis")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


@dataclass(frozen=True)
class Evidence:
    """One method's finding: ``covered`` says where it speaks, ``margin`` is the smallest signed gap it saw."""

    claim: str
    digest: str
    method: str
    outcome: Outcome
    covered: str
    margin: str = ""
    witness: Witness | None = None
    axioms: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    reason: str = ""
    seconds: float = 0.0
    provenance: dict[str, Any] = field(default_factory=dict)
    whole_domain: bool = False
