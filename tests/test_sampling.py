"""Sampling and refutation on toy claims: false ones fall to small exact witnesses, true ones are never refuted."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from theory.atoms import LSE, BallUnion, IndexMax, IndexMin, Quotient, RegionIntegral
from theory.claim import Claim, Source
from theory.domain import Condition, Domain, Family, Range, Relation, nonnegative, positive, size
from theory.notation import bound, cutoff, d, delta, i, j, k, l, n, order, radius, rho, rho_t, sizes, t, u, v, x, y, z
from validation.evidence import Outcome
from validation.methods.admission import Gate
from validation.methods.decision import admits, examine, meets, point_of, probe
from validation.methods.exact import Sign, UndefinedError, UnsupportedError, concrete, entries, expand_zero, read
from validation.methods.points import Space, corners, drawn, large
from validation.methods.refutation import refute
from validation.methods.rounding import Gauge
from validation.methods.sampling import sample

LE, LT, GE, GT, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.GT, Relation.EQ
HOLDS, FAILS, UNDECIDED = Outcome.HOLDS, Outcome.FAILS, Outcome.UNDECIDED


def toy(lhs: Any, relation: Relation, rhs: Any, *parts: Any, **more: Any) -> Claim:
    return Claim("toy", lhs, relation, rhs, Domain.of(*parts), Source("toy"), **more)


VECTOR = (size(n), Family(x, (n,)))
PATTERNS = (size(d), size(n), Family(rho, (d, n)), Family(x, (n,)))
LAYERS = (
    size(l),
    size(n),
    Family(sizes, (l,), lower=1),
    Family(rho_t, (l, sizes[t], n), indices=(t, j, k)),
    Family(x, (n,)),
)
greatest = IndexMax(x[k], (k, 1, n))
least = IndexMin(x[k], (k, 1, n))
lse = LSE(x[k], (k, 1, n))
distance = sp.Sum((x[k] - rho[i, k]) ** 2, (k, 1, n))
norm = sp.Sum(rho[i, k] ** 2, (k, 1, n))
nearest = IndexMin(distance, (i, 1, d))
energy = -LSE(-distance, (i, 1, d))
overlap = sp.Sum(rho[i, k] * x[k], (k, 1, n))
square = sp.Sum(x[k] ** 2, (k, 1, n))
spread = IndexMax(norm, (i, 1, d)) - IndexMin(norm, (i, 1, d))
hopfield = -LSE(2 * overlap, (i, 1, d)) / 2 + square / 2 + sp.log(d) / 2 + IndexMax(norm, (i, 1, d)) / 2
layered = -LSE(-sp.Sum((x[k] - rho_t[t, j, k]) ** 2, (k, 1, n)), (j, 1, sizes[t]))
total = -LSE(-layered, (t, 1, l))
gamma = sp.lowergamma(order, cutoff)
QUADRANT = (positive(order), nonnegative(cutoff))
SIMPLEX = (size(n), Family(x, (n,), lower=0), Condition(sp.Sum(x[k], (k, 1, n)), EQ, 1))
WEIGHTS = (size(n), Family(x, (n,)), Family(y, (n,)), Condition(x[k], GT, 0, ((k, 1, n),)))

TRUE = {
    "lse ceiling": toy(lse, LE, greatest + sp.log(n), *VECTOR),
    "lse floor from two on": toy(greatest, LT, lse, size(n, 2), Family(x, (n,))),
    "energy below nearest": toy(energy, LE, nearest, *PATTERNS),
    "energy above nearest": toy(nearest - sp.log(d), LE, energy, *PATTERNS),
    "hopfield two-sided": toy(sp.Abs(energy - (2 * hopfield - sp.log(d))), LE, spread, *PATTERNS),
    "layers": toy(total, LE, IndexMin(layered, (t, 1, l)), *LAYERS),
    "lower gamma": toy(gamma, LE, cutoff**order / order, *QUADRANT),
    "means": toy(u * v, LE, (u**2 + v**2) / 2, Range(u), Range(v)),
    "exponential": toy(sp.exp(u), GE, 1 + u, Range(u)),
    "constants move": toy(LSE(x[k] - sp.log(n), (k, 1, n)), EQ, lse - sp.log(n), *VECTOR),
    "gibbs": toy(
        sp.Sum(x[k] * (y[k] - sp.log(x[k])), (k, 1, n)),
        LE,
        LSE(y[k], (k, 1, n)),
        *WEIGHTS,
        Condition(sp.Sum(x[k], (k, 1, n)), EQ, 1),
    ),
    "simplex": toy(greatest, GE, 1 / n, *SIMPLEX),
    "below": toy(u, LT, least, *VECTOR, Range(u), Condition(u, LT, x[k], ((k, 1, n),))),
    "member": toy(least, LE, x[i], *VECTOR, Range(i, 1, n)),
    "trust region": toy(
        sp.sqrt(sp.Sum((x[k] - y[k]) ** 2, (k, 1, n)) / delta),
        LE,
        1,
        *VECTOR,
        Family(y, (n,)),
        positive(delta),
        Condition(sp.Sum((x[k] - y[k]) ** 2, (k, 1, n)), LE, delta),
    ),
    "bounded by another": toy(u**2, LE, bound * u, positive(bound), Range(u, 0, bound)),
    "equal norms": toy(
        LSE(2 * overlap, (i, 1, d)) - square - norm.subs(i, 1),
        EQ,
        -energy,
        *PATTERNS,
        Condition(norm, EQ, norm.subs(i, 1), ((i, 1, d),)),
    ),
    "quotient": toy(Quotient(u * v, u), EQ, v, Range(u), Range(v), Condition(u, GT, 0)),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_are_supported_and_never_refuted(name: str) -> None:
    evidence = sample(TRUE[name], cases=60, budget_seconds=6.0)
    assert evidence.outcome is HOLDS, evidence.reason
    assert evidence.provenance["kept"] > 10
    assert refute(TRUE[name], budget_seconds=0.2).outcome is UNDECIDED


@pytest.mark.parametrize("name", ["lse floor from two on", "means", "gibbs", "exponential", "energy below nearest"])
def test_no_seed_refutes_a_true_statement(name: str) -> None:
    for seed in range(1, 5):
        assert sample(TRUE[name], seed, cases=50, budget_seconds=0.1).outcome is not FAILS
        assert refute(TRUE[name], seed, budget_seconds=0.15).outcome is UNDECIDED


FALSE = {
    "tie": (toy(greatest, LT, lse, *VECTOR), {"n": 1, "x": (0,)}),
    "hopfield lower": (toy(-spread, LE, nearest - 2 * hopfield, *PATTERNS), {"n": 1, "d": 2}),
    "gamma shaved": (toy(gamma, LE, sp.Rational(9, 10) * cutoff**order / order, *QUADRANT), {}),
    "third pattern": (
        toy(sp.Sum(x[k], (k, 1, n)) / 2, LE, greatest, size(n), Family(x, (n,), lower=0)),
        {"n": 3, "x": (1, 1, 1)},
    ),
    "square of a sum": (toy(sp.Sum(x[k], (k, 1, n)) ** 2, EQ, square, *VECTOR), {"n": 2, "x": (1, 1)}),
    "by a hair": (toy(lse, LE, greatest + (1 - sp.Rational(1, 10**9)) * sp.log(n), *VECTOR), {"n": 2, "x": (0, 0)}),
    "strict layers": (
        toy(total, LT, IndexMin(layered, (t, 1, l)), *LAYERS),
        {"l": 1, "n": 1, "d_t": (1,), "rho_t": (((0,),),), "x": (0,)},
    ),
    "late failure": (toy(sp.log(n), LE, 7, size(n)), {"n": 1097}),
    "narrow well": (
        toy((u - sp.sqrt(2)) ** 2 + (v - sp.Rational(3, 7)) ** 2, GE, sp.Rational(1, 10**6), Range(u), Range(v)),
        {},
    ),
    "simplex": (toy(greatest, GE, sp.Rational(3, 7), *SIMPLEX), {"n": 3, "x": (Fraction(1, 3),) * 3}),
    "some member": (toy(least, EQ, x[i], *VECTOR, Range(i, 1, n)), {"n": 2}),
}


@pytest.mark.parametrize("name", FALSE)
def test_false_statements_fall_to_a_small_exact_witness(name: str) -> None:
    claim, expected = FALSE[name]
    evidence = refute(claim, budget_seconds=25.0)
    assert evidence.outcome is FAILS, evidence.reason
    assert evidence.witness is not None
    assert evidence.witness.confirmed in ("ball", "exact")
    values = dict(evidence.witness.values)
    assert {key: values[key] for key in expected} == expected
    assert all(isinstance(value, (int, Fraction)) for value in entries(tuple(values.values())))
    assert probe(claim, values) is FAILS


def test_the_witness_against_the_hopfield_bound_has_entries_of_size_one() -> None:
    evidence = refute(FALSE["hopfield lower"][0], budget_seconds=25.0)
    assert evidence.witness is not None
    assert max(abs(value) for value in entries(tuple(value for _, value in evidence.witness.values))) <= 2
    values = dict(evidence.witness.values)
    assert max(abs(value) for value in entries((values["rho"], values["x"]))) == 1


def test_a_failure_in_high_dimension_is_found_and_shrunk_to_the_least_size() -> None:
    evidence = refute(toy(lse, LE, greatest + 7, *VECTOR), budget_seconds=60.0)
    assert evidence.outcome is FAILS
    assert evidence.witness is not None
    values = dict(evidence.witness.values)
    assert (values["n"], set(values["x"])) == (1097, {0})


def test_sampling_hands_its_leads_to_refutation() -> None:
    evidence = sample(FALSE["tie"][0])
    assert (evidence.outcome, evidence.method) == (FAILS, "sampling")
    assert evidence.witness is not None
    assert 0 < evidence.provenance["violating_fraction"] <= 1


def test_conditions_that_are_never_satisfied_are_no_pass() -> None:
    claim = toy(u, LE, v, Range(u), Range(v), Condition(u**2 + 1, LE, 0))
    evidence = sample(claim, cases=40)
    assert evidence.outcome is UNDECIDED
    assert "satisfies the side conditions" in evidence.reason
    assert evidence.provenance["kept"] == 0 < evidence.provenance["skipped"]
    assert refute(claim, budget_seconds=0.3).outcome is UNDECIDED


def test_a_variable_without_a_range_is_no_pass() -> None:
    for evidence in (sample(toy(u, LE, v, Range(u))), refute(toy(u, LE, v, Range(u)))):
        assert evidence.outcome is UNDECIDED
        assert "gives no values for v" in evidence.reason


def test_one_seed_gives_one_result() -> None:
    claim = FALSE["gamma shaved"][0]
    first, second = (refute(claim, seed=3, budget_seconds=20.0) for _ in range(2))
    assert (first.witness, first.margin, first.provenance) == (second.witness, second.margin, second.provenance)
    space = Space.of(TRUE["layers"])
    assert drawn(space, 5, 30) == drawn(space, 5, 30) != drawn(space, 6, 30)
    assert list(corners(space, 5)) == list(corners(space, 5))


def test_points_cover_the_hard_configurations() -> None:
    space = Space.of(TRUE["energy below nearest"])
    points = [*corners(space), *drawn(space, 0, 200)]
    rows = [point[rho] for point in points if point[d] > 1]
    assert any(len(set(row)) < len(row) for row in rows)
    assert any(len({sum(value**2 for value in p) for p in row}) == 1 < len(set(row)) for row in rows)
    assert any(point[x] in point[rho] and any(point[x]) for point in points)
    assert any(point[d] == point[n] == 1 for point in points)
    magnitudes = [abs(value) for point in points for value in entries(point[rho]) if value]
    assert min(magnitudes) <= Fraction(1, 10**8)
    assert max(magnitudes) >= 10**7
    sizes_met = {(point[d], point[n]) for point in large(space)}
    assert {(2000, 1), (1, 2000), (12, 1), (1, 150)} <= sizes_met
    assert all(Gate(TRUE["energy below nearest"].domain).shaped(point) for point in points[::10])


def test_ragged_families_have_the_sizes_that_the_point_says() -> None:
    claim = TRUE["layers"]
    for point in drawn(Space.of(claim), 1, 40):
        assert admits(claim.domain, point) is HOLDS
        assert tuple(map(len, point[rho_t])) == point[sizes]


@pytest.mark.parametrize("name", ["lse ceiling", "hopfield two-sided", "lower gamma", "exponential"])
def test_the_rounding_tolerance_covers_the_rounding_error(name: str) -> None:
    claim = TRUE[name]
    gauge, gate = Gauge(claim.gap), Gate(claim.domain)
    checked = 0
    for point in drawn(Space.of(claim), 2, 150):
        if gate.missed(point) or sum(1 for value in point.values() for _ in entries(value)) > 30:
            continue
        measure = gauge(point)
        if not measure.clear:
            continue
        sign = read(claim.gap, point).sign
        assert sign is (Sign.POSITIVE if measure.gap > 0 else Sign.NEGATIVE)
        checked += 1
    assert checked >= 3


@pytest.mark.parametrize(
    "condition",
    [
        Condition(sp.Sum(x[k], (k, 1, n)), EQ, 1),
        Condition(square, EQ, u),
        Condition(square, LT, u**2),
        Condition(u, LT, x[k], ((k, 1, n),)),
        Condition(x[k], LE, x[k + 1], ((k, 1, n - 1),)),
        Condition(square, EQ, 1),
    ],
    ids=str,
)
def test_points_are_repaired_where_rejection_is_hopeless(condition: Condition) -> None:
    domain = Domain.of(*VECTOR, Range(u), condition)
    claim = Claim("toy", u, LE, u, domain, Source("toy"))
    gate, rng = Gate(domain), random.Random(0)
    points = [gate.repaired(point, rng) for point in drawn(Space.of(claim), 0, 12)]
    mended = [point for point in points if point is not None]
    assert len(mended) >= 6
    assert all(meets(condition, point) is HOLDS for point in mended)


def test_a_probe_decides_at_one_point() -> None:
    claim = toy(sp.exp(u), GT, 1 + u, Range(u, -1, 5, open_upper=True))
    assert probe(claim, {"u": 1}) is HOLDS
    assert probe(claim, {u: 0}) is FAILS
    assert probe(claim, {u: Fraction(1, 10**30)}) is HOLDS
    assert probe(claim, {u: 5}) is UNDECIDED
    assert examine(claim, {u: 5}).reason == "outside the domain"
    with pytest.raises(KeyError, match="no value for u"):
        probe(claim, {})


def test_a_tie_is_only_as_certain_as_the_test_for_zero() -> None:
    claim = toy(sp.log(2 * u), LT, sp.log(2) + sp.log(u), positive(u))
    point = point_of(claim, {u: 3})
    assert examine(claim, point, vanishes=lambda expr: False).outcome is UNDECIDED
    assert examine(claim, point, vanishes=expand_zero).outcome is FAILS
    near = toy(sp.log(2 * u), LT, sp.log(2) + sp.log(u) + sp.Rational(1, 10**200), positive(u))
    assert examine(near, point, vanishes=lambda expr: True).outcome is HOLDS


def test_undefined_values_decide_nothing() -> None:
    claim = toy(Quotient(u, v), LE, 1, Range(u), Range(v))
    assert probe(claim, {u: 0, v: 0}) is UNDECIDED
    assert probe(claim, {u: 1, v: 2}) is HOLDS
    with pytest.raises(UndefinedError):
        concrete(Quotient(u, v), {u: 1, v: 0})
    with pytest.raises(UndefinedError):
        concrete(sp.sqrt(u), {u: -1})
    with pytest.raises(UnsupportedError):
        concrete(sp.gamma(u), {u: 10**8})


def test_existential_claims_are_confirmed_by_values_and_never_refuted() -> None:
    mean = sp.Sum(x[k], (k, 1, n)) / n
    some = Domain.of(Range(i, 1, n))
    assert sample(toy(x[i], LE, mean, *VECTOR, exists=some), cases=60).outcome is HOLDS
    false = toy(x[i], LE, mean - 1, *VECTOR, exists=some)
    assert sample(false, cases=60).outcome is UNDECIDED
    assert refute(false).outcome is UNDECIDED
    assert examine(false, point_of(false, {"n": 1, "x": [0], "i": 1})).outcome is UNDECIDED
    named = toy(u * v, GE, u**2, Range(u), exists=Domain.of(Range(v)), witness=((v, u),))
    assert sample(named, cases=60).outcome is HOLDS
    family = Domain.of(Family(y, (n,)))
    copied = toy(sp.Sum(x[k] * y[k], (k, 1, n)), GE, square, *VECTOR, exists=family, witness=((y, ((k,), x[k])),))
    assert sample(copied, cases=60).outcome is HOLDS
    wrong = replace(copied, witness=((y, ((k,), -x[k])),))
    assert sample(wrong, cases=60).outcome is UNDECIDED


def test_integrals_over_a_region_are_sampled_in_dimension_one() -> None:
    body = sp.exp(-IndexMin(sp.Sum((z[k] - rho[i, k]) ** 2, (k, 1, n)), (i, 1, d)))
    mass = RegionIntegral(body, z, BallUnion(rho, radius, (d, n), (i, k)))
    parts = (size(d), size(n), Family(rho, (d, n)), positive(radius))
    evidence = sample(toy(mass, LE, 2 * radius * d, *parts), cases=10, budget_seconds=6.0)
    assert evidence.outcome is HOLDS, evidence.reason
    false = refute(toy(mass, LE, radius * d, *parts), budget_seconds=10.0)
    assert false.outcome is FAILS
    assert false.witness is not None
    assert dict(false.witness.values)["n"] == dict(false.witness.values)["d"] == 1
