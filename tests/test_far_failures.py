"""Statements that hold at every small size and fail further out: the search finds the least size by itself."""

from __future__ import annotations

import math
from typing import Any

import pytest
import sympy as sp

from theory.atoms import BallUnion, IndexMin, RadialIntegral, RegionIntegral
from theory.claim import Claim, Source
from theory.domain import Condition, Domain, Family, Range, Relation, positive, size
from theory.notation import d, exponent, i, j, k, n, radii, radius, rho, u, z
from theory.notation import distance as q
from validation.evidence import Outcome
from validation.methods.cases import classify
from validation.methods.decision import probe
from validation.methods.points import Space
from validation.methods.refutation import refute
from validation.methods.rounding import Gauge
from validation.methods.sampling import sample
from validation.methods.scan import axes, far

LE, LT, GE, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.EQ
HOLDS, FAILS, UNDECIDED = Outcome.HOLDS, Outcome.FAILS, Outcome.UNDECIDED

VOLUME = sp.pi ** (n / 2) * radius**n / sp.gamma(n / 2 + 1)
CRITICAL = sp.sqrt(n / (2 * sp.pi * sp.E))
MASS = RadialIntegral(sp.exp(-(q**2)), q, n, radius)
ANY_MASS = RadialIntegral(sp.exp(-(q**exponent)), q, n, radius)
CLOSED = 2 * sp.pi ** (n / 2) / (exponent * sp.gamma(n / 2)) * sp.lowergamma(n / exponent, radius**exponent)
GROWING = VOLUME.subs(radius, CRITICAL) * sp.sqrt(sp.pi * n)  # about 1 - 1/(6n)


def toy(lhs: Any, relation: Relation, rhs: Any, *parts: Any) -> Claim:
    return Claim("toy", lhs, relation, rhs, Domain.of(*parts), Source("toy"))


def first(fails: Any) -> int:
    return next(number for number in range(1, 5000) if fails(number))


def growing(number: int) -> float:
    half = number / 2
    return math.exp(half * math.log(half / math.e) - math.lgamma(half + 1) + math.log(math.pi * number) / 2)


LATE = {
    "floor of the mass at the critical radius": (
        toy(
            d * (VOLUME * sp.exp(-radius)).subs(radius, CRITICAL), LE, d * MASS.subs(radius, CRITICAL), size(d), size(n)
        ),
        {"n": 21, "d": 1},
    ),
    "floor of the mass at any radius": (toy(VOLUME * sp.exp(-radius), LE, MASS, size(n), positive(radius)), {"n": 3}),
    "logarithm": (toy(sp.log(n), LE, sp.Rational(69, 10), size(n)), {"n": 993}),
    "a product of what overflows and what vanishes": (
        toy(GROWING, LE, sp.Rational(5999, 6000), size(n)),
        {"n": first(lambda number: growing(number) > 5999 / 6000)},
    ),
    "the same by logarithms": (
        toy(sp.log(GROWING), LE, sp.Rational(-1, 9000), size(n)),
        {"n": first(lambda number: math.log(growing(number)) > -1 / 9000)},
    ),
    "an identity that is wrong in high dimension alone": (
        toy(MASS.subs(radius, 1), EQ, CLOSED.subs({exponent: 2, radius: 1}) * sp.Max(1, n / 1000), size(n)),
        {"n": 1001},
    ),
    "an island": (toy((n - 35) ** 2, GE, 26, size(n)), {"n": 30}),
    "two sizes": (toy(n + d, LE, 700, size(n), size(d)), {}),
    "a size and a real that moves with it": (
        toy((u - n) ** 2 / n**2 + sp.Rational(30, 1) / n, GE, sp.Rational(1, 10), size(n), positive(u)),
        {"n": 301},
    ),
}


@pytest.mark.parametrize("name", LATE)
def test_the_least_failing_size_is_found(name: str) -> None:
    claim, expected = LATE[name]
    evidence = refute(claim, budget_seconds=20.0)
    assert evidence.outcome is FAILS, evidence.reason
    assert evidence.witness is not None
    values = dict(evidence.witness.values)
    assert {key: values[key] for key in expected} == expected
    assert probe(claim, values) is FAILS


def test_small_sizes_do_not_show_it() -> None:
    claim = LATE["floor of the mass at the critical radius"][0]
    assert all(probe(claim, {"n": number, "d": 1}) is HOLDS for number in range(1, 21))
    assert sample(claim, cases=40, budget_seconds=1.0).outcome is FAILS


TRUE = {
    "the mass": toy(ANY_MASS, EQ, CLOSED, size(n), positive(radius), positive(exponent)),
    "the mass, exponent 2": toy(MASS, EQ, CLOSED.subs(exponent, 2), size(n), positive(radius)),
    "below the volume": toy(ANY_MASS, LE, VOLUME, size(n), positive(radius), positive(exponent)),
    "above the least height": toy(
        VOLUME * sp.exp(-(radius**exponent)), LE, ANY_MASS, size(n), positive(radius), positive(exponent)
    ),
    "Stirling, far out": toy(GROWING, LT, 1, size(n)),
    "logarithm of the volume": toy(
        sp.log(VOLUME),
        EQ,
        n * sp.log(sp.pi) / 2 + n * sp.log(radius) - sp.loggamma(n / 2 + 1),
        size(n),
        positive(radius),
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_survive_far_out(name: str) -> None:
    evidence = sample(TRUE[name], cases=60, budget_seconds=6.0)
    assert evidence.outcome is HOLDS, evidence.reason
    assert evidence.provenance["kept"] > 30
    assert refute(TRUE[name], budget_seconds=1.0).outcome is UNDECIDED


MUTANTS = {
    "half the order": CLOSED.subs(sp.lowergamma(n / exponent, radius**exponent), sp.lowergamma(n, radius**exponent)),
    "cutoff without its power": CLOSED.subs(
        sp.lowergamma(n / exponent, radius**exponent), sp.lowergamma(n / exponent, radius)
    ),
    "a hair above": CLOSED * (1 + sp.Rational(1, 10**9)),
    "wrong factor": CLOSED * exponent / 2,
}


@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_of_the_mass_fall(name: str) -> None:
    claim = toy(ANY_MASS, EQ, MUTANTS[name], size(n), positive(radius), positive(exponent))
    evidence = refute(claim, budget_seconds=20.0)
    assert evidence.outcome is FAILS, evidence.reason
    assert evidence.witness is not None
    assert evidence.witness.confirmed == "ball"
    values = dict(evidence.witness.values)
    assert values["n"] == 1


def test_balls_of_unequal_radii_may_see_a_nearer_pattern() -> None:
    """With equal radii disjoint balls lie in their Voronoi cells; with unequal ones they need not."""
    nearest = IndexMin(sp.Sum((z[k] - rho[i, k]) ** 2, (k, 1, n)), (i, 1, d))
    mass = RegionIntegral(sp.exp(-nearest), z, BallUnion(rho, radii[i], (d, n), (i, k)))
    total = sp.Sum(MASS.subs(radius, radii[i]), (i, 1, d))
    apart = (radii[i] + radii[j]) ** 2
    parts = (
        size(d), size(n), Family(rho, (d, n)), Family(radii, (d,)), Condition(0, LT, radii[i], ((i, 1, d),)),
        Condition(apart, LT, sp.Sum((rho[i, k] - rho[j, k]) ** 2, (k, 1, n)), ((i, 1, d), (j, i + 1, d))),
    )  # fmt: skip
    evidence = refute(toy(mass, EQ, total, *parts), budget_seconds=8.0)
    assert evidence.outcome is FAILS
    assert evidence.witness is not None
    assert dict(evidence.witness.values)["d"] == 2
    within = Condition(2 * radii[i], LE, radii[i] + radii[j], ((i, 1, d), (j, 1, d)))
    assert refute(toy(mass, EQ, total, *parts, within), budget_seconds=2.0).outcome is UNDECIDED


def test_far_points_walk_every_axis() -> None:
    space = Space.of(TRUE["the mass"])
    assert {str(part.symbol) for part in axes(space)} == {"n", "r", "p"}
    points = list(far(space))
    assert {1, 2, 8, 17, 1025, 8193} <= {point[n] for point in points}
    assert max(point[radius] for point in points) >= 4096
    assert all(point[radius] > 0 for point in points)


def test_measures_do_not_overflow() -> None:
    claim = TRUE["the mass, exponent 2"]
    gauge = Gauge(claim.gap)
    for number, reach in ((5000, 1), (5000, 100), (8192, 10**4), (1, 10**8)):
        point = {n: number, radius: reach}
        measure = gauge(point)
        assert math.isfinite(measure.gap)
        assert math.isfinite(measure.relative)
        assert classify(claim, point, measure) is HOLDS


def test_an_integer_is_mended_to_meet_a_condition() -> None:
    claim = toy(sp.log(n), LE, 7, size(n), Range(u, 0, 10**4), Condition(u, LE, n), Condition(1200, LE, n))
    evidence = refute(claim, budget_seconds=10.0)
    assert evidence.outcome is FAILS
    assert evidence.witness is not None
    assert dict(evidence.witness.values)["n"] == 1200
