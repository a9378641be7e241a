"""The vocabulary of proofs: one record per rule of the kernel, and a few that name well-trodden detours.

Records hold data only.  Each carries every argument that its rule needs, so that a checker never searches.  What a
record proves, and why that is sound, is said in ``validation.kernel.rules``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from theory.atoms import RadialIntegral, RegionIntegral
from theory.axioms import DISJOINT_ADDITIVITY, POLAR_COORDINATES, STIRLING_LIMIT, Axiom


@dataclass(frozen=True)
class Justification:
    """Anything that yields a fact."""


@dataclass(frozen=True)
class Assume(Justification):
    """Side condition number ``number`` of the domain, its ``forall`` indices set to ``at``."""

    number: int
    at: tuple[sp.Expr, ...] = ()


@dataclass(frozen=True)
class Sight(Justification):
    """``expr >= 0`` or ``expr > 0`` as the ranges, positive coefficients, exponentials and even powers show."""

    expr: sp.Expr


@dataclass(frozen=True)
class Identity(Justification):
    """``lhs = rhs`` because both have one normal form."""

    lhs: sp.Expr
    rhs: sp.Expr


@dataclass(frozen=True)
class Combine(Justification):
    """A combination of facts with rational coefficients, nonnegative except on equalities."""

    terms: tuple[tuple[sp.Expr, Justification], ...]


@dataclass(frozen=True)
class Product(Justification):
    """The product of two nonnegative gaps; of an equality with anything."""

    left: Justification
    right: Justification


@dataclass(frozen=True)
class Scale(Justification):
    """An equality times an expression."""

    factor: sp.Expr
    equality: Justification


@dataclass(frozen=True)
class Square(Justification):
    """``expr**2 >= 0``."""

    expr: sp.Expr


@dataclass(frozen=True)
class CircleConstant(Justification):
    """``pi > 3``, or ``pi < 22/7`` where ``below`` is false."""

    below: bool = True


@dataclass(frozen=True)
class RoundedUp(Justification):
    """``ceiling(expr) >= expr``."""

    expr: sp.Expr


@dataclass(frozen=True)
class ExpPositive(Justification):
    """``exp(expr) > 0``."""

    expr: sp.Expr


@dataclass(frozen=True)
class ExpTangent(Justification):
    """``exp(expr) >= 1 + expr``, strictly where ``nonzero`` shows that ``expr`` is not 0."""

    expr: sp.Expr
    nonzero: Justification | None = None


@dataclass(frozen=True)
class Cancel(Justification):
    """``expr * (1/expr) = 1`` where ``positive`` proves ``expr > 0``."""

    expr: sp.Expr
    positive: Justification


@dataclass(frozen=True)
class InversePositive(Justification):
    """``1/expr > 0`` where ``positive`` proves ``expr > 0``."""

    expr: sp.Expr
    positive: Justification


@dataclass(frozen=True)
class RootSquare(Justification):
    """``sqrt(expr)**2 = expr`` where ``nonnegative`` proves ``expr >= 0``."""

    expr: sp.Expr
    nonnegative: Justification


@dataclass(frozen=True)
class RootNonnegative(Justification):
    """``sqrt(expr) >= 0`` where ``nonnegative`` proves ``expr >= 0``."""

    expr: sp.Expr
    nonnegative: Justification


@dataclass(frozen=True)
class RootFloor(Justification):
    """``sqrt(expr) >= bound`` where ``below`` proves ``bound**2 <= expr``."""

    expr: sp.Expr
    bound: sp.Expr
    below: Justification


@dataclass(frozen=True)
class RootCeiling(Justification):
    """``sqrt(expr) <= bound`` where ``bound >= 0`` is proved and ``above`` proves ``expr <= bound**2``."""

    expr: sp.Expr
    bound: sp.Expr
    nonnegative: Justification
    above: Justification


@dataclass(frozen=True)
class SumMember(Justification):
    """A term is at most a sum of nonnegative terms; strictly less if the terms are positive and there are two.

    ``nonnegative`` proves the body nonnegative for the index of ``total``; ``at`` names the term.
    """

    total: sp.Sum
    at: sp.Expr
    nonnegative: Justification


@dataclass(frozen=True)
class SumMonotone(Justification):
    """Facts for every index in ``lower..upper`` add up."""

    index: sp.Symbol
    lower: sp.Expr
    upper: sp.Expr
    each: Justification


@dataclass(frozen=True)
class SumExchange(Justification):
    """Two nested finite sums over a rectangle change places: ``total`` equals its exchanged form."""

    total: sp.Sum


@dataclass(frozen=True)
class ExtremumMember(Justification):
    """A member is at most the maximum and at least the minimum; ``at`` is an index, or a position from 0."""

    extremum: sp.Expr
    at: sp.Expr


@dataclass(frozen=True)
class ExtremumIntro(Justification):
    """A maximum is at most (a minimum at least) what bounds every member.

    ``each`` holds one proof for the index of a binder, or one for each of finitely many members.
    """

    extremum: sp.Expr
    bound: sp.Expr
    each: tuple[Justification, ...]


@dataclass(frozen=True)
class ExtremumAttained(Justification):
    """What holds of every member holds of the extremum over an index range, which is one of them.

    ``expr`` depends on the scalar ``value``; ``each`` proves it for the member at the index of the extremum.
    """

    extremum: sp.Expr
    value: sp.Symbol
    expr: sp.Expr
    each: Justification


@dataclass(frozen=True)
class Antisymmetry(Justification):
    """A gap that is ``>= 0`` and ``<= 0`` is 0; ``below`` proves that minus the gap is nonnegative."""

    above: Justification
    below: Justification


@dataclass(frozen=True)
class DerivativeSign(Justification):
    """``expr >= 0`` at ``at >= start``: it holds at the start and the slope is nonnegative beyond it.

    ``beyond`` proves ``at >= start`` (``at > start`` where ``strictly`` asks for a positive value from a positive
    slope).  Without ``at_start`` the start is 0, the expression tends to 0 there, and ``beyond`` proves ``at > 0``.
    """

    expr: sp.Expr
    variable: sp.Symbol
    start: sp.Expr
    at_start: Justification | None
    slope: Justification
    at: sp.Expr
    beyond: Justification
    strictly: bool = False


@dataclass(frozen=True)
class RegionMonotone(Justification):
    """A gap that is nonnegative at every point has a nonnegative integral over the region."""

    point: sp.IndexedBase
    region: sp.Basic
    each: Justification


@dataclass(frozen=True)
class RegionSum(Justification):
    """The integral over ``region`` of the sum ``total`` is the sum of the integrals."""

    point: sp.IndexedBase
    region: sp.Basic
    total: sp.Sum


@dataclass(frozen=True)
class Generic(Justification):
    """A fact for every value of indices ``(index, lower, upper)``, to discharge an indexed side condition."""

    ranges: tuple[tuple[sp.Symbol, sp.Expr, sp.Expr], ...]
    each: Justification


@dataclass(frozen=True)
class IntegerCases(Justification):
    """``expr`` at ``value = left``: proved for ``left > right``, for ``left < right``, and with ``right`` for it."""

    value: sp.Symbol
    expr: sp.Expr
    left: sp.Expr
    right: sp.Expr
    above: Justification
    below: Justification
    equal: Justification


@dataclass(frozen=True)
class Hypothesis(Justification):
    """``expr relation 0`` (``>=``, ``>`` or ``==``) as the rule around it assumes."""

    expr: sp.Expr
    relation: str = ">="


@dataclass(frozen=True)
class Axiomatic(Justification):
    """A rule that rests on an axiom of ``theory.axioms``."""

    axiom: ClassVar[Axiom]


@dataclass(frozen=True)
class PolarCoordinates(Axiomatic):
    """A radial integral is the area of the unit sphere times a moment; ``positive`` proves the radius positive."""

    axiom = POLAR_COORDINATES
    integral: RadialIntegral
    positive: Justification


@dataclass(frozen=True)
class DisjointBalls(Axiomatic):
    """The integral over disjoint balls is the sum of radial integrals of ``profile``, a function of ``distance``.

    ``apart`` proves, for ``rows = (i, j)`` with j > i, that the squared distance of the centres exceeds the square of
    the sum of the radii.  ``same`` proves the integrand equal to the profile on ball i, where it may assume (by
    ``Hypothesis``) that the distance is nonnegative, at most the radius, and that of the point from centre i.
    """

    axiom = DISJOINT_ADDITIVITY
    integral: RegionIntegral
    rows: tuple[sp.Symbol, sp.Symbol]
    distance: sp.Symbol
    profile: sp.Expr
    apart: Justification
    same: Justification


@dataclass(frozen=True)
class Stirling(Axiomatic):
    """``sign * (log Gamma(x) - (x - 1/2) log x + x - log(2 pi)/2 - error/x) >= 0`` at ``x = at > 0``.

    ``step`` proves, for ``variable > 0``, that this remainder is at least as large there as one further on.
    """

    axiom = STIRLING_LIMIT
    variable: sp.Symbol
    error: sp.Expr
    sign: int
    step: Justification
    at: sp.Expr
    positive: Justification


@dataclass(frozen=True)
class Lemma(Justification):
    """A proved claim with its variables replaced.

    ``at`` maps scalars to expressions and families to ``((indices), expression)``; ``given`` discharges the side
    conditions and ranges of the claim, in the order in which the domain lists them, where the checker cannot see
    them at once.
    """

    claim: str
    at: tuple[tuple[sp.Basic, Any], ...] = ()
    given: tuple[Justification, ...] = ()
