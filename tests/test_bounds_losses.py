"""The cross-entropy bounds against its definition, integrated over intervals: one layer, patterns on a line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy as sp

from numerics.compile import compile_expression
from theory import bounds
from theory.atoms import RegionIntegral
from theory.energies.layer import energy
from theory.energies.nearest import nearest, omega, over_d
from theory.notation import d, i, k, n, radius, rho, x, z

Q = Fraction
CASES = (  # disjoint intervals of one radius around patterns on a line
    (Q(1, 4), [[0], [1], [Q(5, 2)]]),
    (Q(3, 2), [[-2], [Q(5, 4)], [6], [10]]),
    (Q(1, 2), [[7]]),
    (Q(5, 2), [[0], [6]]),
)


def cross_entropy(layer: Any, at: dict[Any, Any]) -> float:
    """``log Z_theta + mean_i E(rho_i)`` by quadrature, for an energy given as a function of a point."""
    at_patterns = layer(x).xreplace({x[k]: rho[sp.Symbol("i_2", integer=True), k]})
    expr = (
        sp.log(RegionIntegral(sp.exp(-layer(z)), z, omega))
        + sp.Sum(at_patterns, (sp.Symbol("i_2", integer=True), 1, d)) / d
    )
    return float(compile_expression(expr, "mpmath")(at, 53))


def definitions(version: str) -> dict[str, Any]:
    """The energy under each reading."""
    partition = RegionIntegral(sp.exp(-nearest(z, version)), z, omega)
    return {
        "distance": lambda point: nearest(point, version),
        "normalised": lambda point: nearest(point, version) + sp.log(partition),
        "printed_energy": lambda point: sp.exp(-nearest(point, version)) / partition,
        "layer_energy": lambda point: energy(point, version),
    }


@pytest.mark.parametrize("version", ["v2", "v1"])
@pytest.mark.parametrize("case", range(len(CASES)))
def test_bounds_hold_against_the_definition(version: str, case: int) -> None:
    reach, patterns = CASES[case]
    at = {n: 1, d: len(patterns), radius: reach, rho: patterns}
    given, suffix = (len(patterns), 1, float(reach)), "" if version == "v2" else "_v1"
    for reading, layer in definitions(version).items():
        loss = cross_entropy(layer, at)
        if reading in ("distance", "normalised"):
            assert getattr(bounds, f"cross_entropy_{reading}_value{suffix}")(*given) == pytest.approx(loss, abs=1e-9)
            continue
        low = getattr(bounds, f"cross_entropy_{reading}_floor{suffix}")(*given)
        high = getattr(bounds, f"cross_entropy_{reading}_ceiling{suffix}")(*given)
        assert low - 1e-9 <= loss <= high + 1e-9
        assert not low + 1.1 * (high - low) + 1e-6 <= loss  # a floor above the ceiling is found


@pytest.mark.parametrize("case", range(len(CASES)))
def test_the_volume_is_a_ceiling(case: int) -> None:
    reach, patterns = CASES[case]
    at = {n: 1, d: len(patterns), radius: reach, rho: patterns}
    for reading, layer in definitions("v2").items():
        ceiling = getattr(bounds, f"cross_entropy_{reading}_volume_ceiling")
        assert cross_entropy(layer, at) <= ceiling(len(patterns), 1, float(reach)) + 1e-9
    assert bounds.cross_entropy_distance_value(1, 1, 1) > bounds.cross_entropy_distance_volume_ceiling(1, 1, 0.7)


def test_the_printed_formula_is_at_least_one_and_no_cross_entropy() -> None:
    for radius_ in (0.3, 0.5, 1.0):
        printed = bounds.cross_entropy_printed_energy_formula(4, 2, radius_)
        assert printed >= 1
        assert printed > bounds.cross_entropy_distance_value(4, 2, radius_)
        assert printed == bounds.cross_entropy_mixed_value(4, 2, radius_)
    assert bounds.cross_entropy_distance_value(1, 1, 0.125) < 0
    assert bounds.cross_entropy_printed_energy_ceiling(1, 1, 0.5) < 0.5
    assert bounds.cross_entropy_printed_energy_formula.verdict == "refuted"


def test_small_radii_do_not_cancel() -> None:
    for bound in (bounds.cross_entropy_printed_energy_ceiling, bounds.cross_entropy_printed_energy_volume_ceiling):
        with mpmath.workdps(40):
            exact = bound(3, 1, mpmath.mpf("1e-6"))
        assert bound(3, 1, 1e-6) == pytest.approx(float(exact), rel=1e-14)


def test_the_patterns_of_the_cases_are_apart() -> None:
    assert all(abs(a[0] - b[0]) > 2 * reach for reach, rows in CASES for a in rows for b in rows if a is not b)
    assert over_d[0] == i
