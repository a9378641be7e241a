"""The facts that are taken on trust: at most six, each with a reference.

An axiom enters a proof through a rule of the kernel that names it (``theory.rules``, the records with an ``axiom``),
and the verdict of every claim that rests on it says so.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Axiom:
    """A named fact: its statement in words and formulas, and where it is proved."""

    id: str
    statement: str
    reference: str


POLAR_COORDINATES = Axiom(
    "polar_coordinates",
    "For f continuous on (0, r], bounded near 0, and an integer n >= 1, the integral of f(||x||) over the ball of "
    "radius r around 0 in R^n is 2 pi^(n/2) / Gamma(n/2) times the integral of s^(n-1) f(s) over (0, r).",
    "G. B. Folland, Real Analysis, 2nd ed. 1999, Theorem 2.49 and Proposition 2.54",
)

DISJOINT_ADDITIVITY = Axiom(
    "disjoint_additivity",
    "The Lebesgue integral of a continuous function over a finite union of disjoint compact sets is the sum of its "
    "integrals over each, and it does not change under translations.",
    "G. B. Folland, Real Analysis, 2nd ed. 1999, Proposition 2.22 and Theorem 2.42",
)

STIRLING_LIMIT = Axiom(
    "stirling_limit",
    "log Gamma(x) - (x - 1/2) log x + x tends to log(2 pi)/2 as x grows.",
    "NIST Digital Library of Mathematical Functions, 5.11.1 and 5.11.3",
)

AXIOMS = (POLAR_COORDINATES, DISJOINT_ADDITIVITY, STIRLING_LIMIT)
