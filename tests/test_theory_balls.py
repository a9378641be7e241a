"""Balls, gamma functions and the critical number of patterns: domains, denials, amendments, denominators."""

from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy as sp

from numerics.compile import compile_expression
from theory.bounds import ball_mass, critical, critical_limits
from theory.claim import Claim
from theory.denominators import cleared
from theory.domain import Domain, positive
from theory.notation import exponent, n, radius, u, v
from theory.registry import claims, registry
from theory.rules import Sight
from validation.evidence import Outcome
from validation.kernel.statement import setting
from validation.methods.decision import admits, point_of
from validation.methods.derivation import derive_all
from validation.methods.elaboration import Prover
from validation.mutants_data import balls, gammas, partitions
from validation.trial import closure, negation_evidence

POINTS = {**balls.POINTS, **gammas.POINTS, **partitions.POINTS}
DENIED = ("ball.volume.critical_order", "gamma.stirling.negative_axis", "partition.critical.defined_floor")
PREFIXES = ("ball.", "partition.", "patterns.critical.", "gamma.", "lower_gamma.")


def value(expr: sp.Expr, at: dict[Any, Any]) -> float:
    """The value of an expression, from 200 bits."""
    return float(compile_expression(expr, "mpmath")(at, precision=200))


def mine() -> list[Claim]:
    """The claims of this part of the theory."""
    return [claim for claim in claims() if claim.id.startswith(PREFIXES)]


@pytest.mark.parametrize("claim_id", POINTS)
def test_no_domain_is_empty(claim_id: str) -> None:
    claim = registry()[claim_id].claim
    inside = [admits(claim.domain, point_of(claim, point)) for point, _ in POINTS[claim_id]]
    assert Outcome.HOLDS in inside


def test_what_has_no_proof_is_amended() -> None:
    amended = {other for claim in claims() for other in claim.amends}
    open_ = {claim.id for claim in mine() if not claim.steps}
    assert open_ <= amended
    assert all(claim.steps for claim in claims() if set(claim.amends) & open_)


@pytest.mark.parametrize("claim_id", DENIED)
def test_a_constant_for_all_sizes_is_denied(claim_id: str) -> None:
    found = closure([registry()[claim_id].claim])
    (evidence,) = negation_evidence(found, derive_all(found))
    assert evidence.outcome is Outcome.FAILS


@pytest.mark.parametrize("p", [Fraction(1, 2), Fraction(1), Fraction(2), Fraction(3)])
@pytest.mark.parametrize(("size", "reach"), [(1, 0.5), (3, 2.0), (20, 1.25)])
def test_the_ball_mass_is_the_integral(size: int, reach: float, p: Fraction) -> None:
    area = 2 * mpmath.pi ** (size / 2) / mpmath.gamma(size / 2)
    integral = area * mpmath.quad(lambda s: s ** (size - 1) * mpmath.exp(-(s ** float(p))), [0, reach])
    closed_form = value(ball_mass.closed_form, {n: size, radius: Fraction(reach), exponent: p})
    assert closed_form == pytest.approx(float(integral), rel=1e-12)


@pytest.mark.parametrize("case", [critical.SQUARED, critical.PLAIN], ids=lambda case: case.version)
def test_the_leading_term_is_approached(case: Any) -> None:
    near, far = (value(case.number / case.leading, {n: size}) - 1 for size in (10, 1000))
    assert 0 < far < near / 10


def test_the_simple_leading_term_is_approached() -> None:
    ratio = critical.PLAIN.number / critical_limits.plain_leading
    near, far = (abs(value(ratio, {n: size}) - 1) for size in (100, 10_000))
    assert far < near / 5


# Denominators


def proved(expr: sp.Expr, *denominators: sp.Expr) -> bool:
    """Whether the kernel proves ``expr = 0`` by the record that ``cleared`` returns, for positive u and v."""
    scene = setting(Domain.of(positive(u), positive(v)))
    prover = Prover({}, scene.ctx, scene.given)
    fact = prover.prove(cleared(expr, {part: Sight(part) for part in denominators}))
    return fact.relation == "==" and fact.gap in (prover.read(expr), -prover.read(expr))


def test_a_rational_identity_is_proved() -> None:
    assert proved(1 / u - 1 / (u + v) - v / (u * (u + v)), u, u + v)
    assert proved(1 / u**2 - (u + v) ** 2 / (u**2 * (u + v) ** 2), u, u + v)
    assert proved(u / (2 * u + 2 * v) + v / (2 * u + 2 * v) - sp.Rational(1, 2), u + v)
    assert proved((u + v) ** 2 - u**2 - 2 * u * v - v**2)


def test_what_is_not_zero_is_not_cleared() -> None:
    with pytest.raises(ValueError, match="is not 0"):
        cleared(1 / u - 1 / (u + v), {u: Sight(u), u + v: Sight(u + v)})


def test_a_denominator_that_nothing_proves_positive_is_named() -> None:
    with pytest.raises(ValueError, match="stands in a denominator"):
        cleared(1 / u - 1 / v, {u: Sight(u)})
