"""Every bound of the catalogue: its formula, its claim, and its value in every arithmetic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb, ctx

from numerics.bench_peers import PEERS
from tests.bound_arguments import arguments, as_balls, as_mpmath, stacked
from theory import bounds
from theory.bounds import Bound, catalogue
from theory.bounds._balls import evaluated
from theory.bounds.arguments import keyword, label
from theory.bounds.cross_entropy import partition
from theory.bounds.cross_entropy_balls import masses
from theory.claim import Kind
from theory.registry import registry

BOUNDS = tuple(catalogue().values())
each = pytest.mark.parametrize("bound", BOUNDS, ids=lambda b: b.name)
DIGITS = 1e-12


def close(value: float, exact: Any) -> bool:
    """Whether a double is within 1e-12 of a number that is known better, relative where that is larger than 1."""
    exact = arb(str(exact)) if isinstance(exact, mpmath.mpf) else exact
    return bool(abs(arb(float(value)) - exact) < DIGITS * (1 + abs(exact)))


def agrees(bound: Bound, place: int = 1) -> bool:
    """Whether doubles, mpmath and balls give one value."""
    given = arguments(bound, place)
    in_balls, in_mpmath = bound(*as_balls(given)), bound(*as_mpmath(given))
    return close(bound(*given), in_balls) and close(float(in_mpmath), in_balls)


@each
def test_symbols_give_the_formula(bound: Bound) -> None:
    assert bound(*bound.arguments) == bound.expr
    assert bound(**{keyword(v): v for v in bound.arguments}) == bound.expr
    assert bound(**{label(v): v for v in bound.arguments}) == bound.expr


@each
def test_the_formula_is_a_side_of_the_claim(bound: Bound) -> None:
    assert bound.claim == registry()[bound.claim.id].claim
    assert bound.name.removeprefix("log_") == bound.claim.id.replace(".", "_")
    sides = [evaluated(side) for side in (bound.claim.lhs, bound.claim.rhs)]
    if bound.claim.id == "cross_entropy.printed_energy.formula":  # |loss - formula| <= formula / 10
        sides = [10 * evaluated(bound.claim.rhs.xreplace({partition(): masses("v2")}))]
    logarithms = [sp.log(side) for side in sides]
    factor = bound.claim.id.startswith("patterns.critical.identity")  # the identity says that it times the mass is 1
    assert bound.expr in sides + logarithms or (factor and bound.claim.lhs.has(bound.expr.args[0]))
    roles = {"floor": 0, "ceiling": 1}
    if bound.role in roles:
        assert bound.expr in (sides[roles[bound.role]], logarithms[roles[bound.role]])
    assert (bound.claim.kind is Kind.DEFINITION) == (bound.role == "definition")


@each
def test_the_arithmetics_agree(bound: Bound) -> None:
    for place in range(3):
        assert agrees(bound, place)


@each
def test_types_follow_the_arguments(bound: Bound) -> None:
    given = arguments(bound, 0)
    assert type(bound(*given)) is float
    assert isinstance(bound(*as_balls(given)), arb)
    assert isinstance(bound(*as_mpmath(given)), mpmath.mpf)
    assert isinstance(bound(*(sp.sympify(v) for v in given)), sp.Expr)


@each
def test_arrays_hold_the_values_of_their_entries(bound: Bound) -> None:
    sets = [arguments(bound, place) for place in range(3)]
    for variable, value in zip(bound.arguments, range(len(bound.arguments)), strict=True):
        family = bound.family(variable)
        if family is not None and len(family.shape) > 1:
            for other in sets[1:]:
                other[value] = sets[0][value]
    given = stacked(sets, bound)
    found = bound(*given)
    assert found.shape == (3,)
    assert found.dtype == np.float64
    assert found == pytest.approx([bound(*one) for one in sets], rel=1e-13, abs=1e-13)
    twice = [v if bound.family(w) and len(bound.family(w).shape) > 1 else np.array([v, v]) for v, w in
             zip(given, bound.arguments, strict=True)]  # fmt: skip
    assert bound(*twice).shape == (2, 3)


@each
def test_the_plain_formula_gives_the_same(bound: Bound) -> None:
    from numerics.bench_bounds import RANGES
    from numerics.bench_bounds import arguments as large

    given = large(bound, RANGES, entries=800)
    assert bound(*given) == pytest.approx(PEERS[bound.name](*given), rel=1e-11, abs=1e-11)


@each
def test_the_documentation_says_what_goes_in_and_comes_out(bound: Bound) -> None:
    text = bound.__doc__ or ""
    for variable in bound.arguments:
        assert f"    {keyword(variable)}: " in text
    for part in ("shape (" if bound.domain.families and bound.sizes else "", "unit:", "Raises", "Domain", "Source"):
        assert part in text
    assert bound.claim.source.place in text
    assert bound.title in repr(bound)
    assert bound.verdict in repr(bound)
    assert bound.latex == sp.latex(bound.expr)
    assert bound.conditions or not bound.domain.variables()


def test_the_catalogue_has_one_line_for_each() -> None:
    lines = repr(catalogue()).splitlines()
    assert len(lines) == len(catalogue()) == len(BOUNDS)
    for line, bound in zip(lines, BOUNDS, strict=True):
        assert line.startswith(bound.signature)
        assert getattr(bounds, bound.name) is bound
    assert set(catalogue()) <= set(dir(bounds))


def test_no_bound_has_the_name_of_a_module() -> None:
    modules = {path.stem for path in Path(bounds.__file__).parent.glob("*.py")}
    assert not modules & set(catalogue())


def test_bounds_define_no_claims() -> None:
    assert not [entry for entry in registry().values() if entry.module.startswith("theory.bounds._")]


def test_verdicts_come_from_the_ledger() -> None:
    assert bounds.layer_energy_floor.verdict == "proved"
    assert bounds.mchn_nearest_printed_floor.verdict == "refuted"
    assert bounds.layer_energy_definition.verdict == "definition"
    changed = bounds.layer_energy_floor.changed(claim=bounds.layer_energy_ceiling.claim)
    assert changed.verdict == "proved"
    reworded = sp.Symbol("reworded", real=True)
    other = bounds.layer_energy_floor.claim.__class__(
        **{**vars(bounds.layer_energy_floor.claim), "lhs": bounds.layer_energy_floor.claim.lhs - reworded**2}
    )
    assert bounds.layer_energy_floor.changed(claim=other).verdict == bounds.bound.NOT_RECORDED


def test_a_wrong_formula_is_found() -> None:
    right = bounds.log_ball_mass_identity
    assert agrees(right)
    for wrong in (sp.Rational(11, 10) * right.computed, right.computed + sp.Rational(1, 10**9)):
        assert not agrees(right.changed(computed=wrong))
    assert not agrees(bounds.layer_energy_floor.changed(computed=bounds.layer_energy_ceiling.expr))


@pytest.mark.parametrize("version", ["", "_v1"])
def test_bounds_are_on_their_sides(version: str) -> None:
    dimension = np.arange(1, 200)
    exact = getattr(bounds, f"log_patterns_critical_identity{version}")(dimension)
    assert (getattr(bounds, f"log_patterns_critical_floor{version}")(dimension) <= exact).all()
    assert (getattr(bounds, f"log_patterns_critical_ceiling{version}")(dimension) >= exact).all()
    radius = np.linspace(0.01, 4, 100)[:, None]
    power = 2 if version == "" else 1
    mass = bounds.log_ball_mass_identity(dimension, radius, power)
    slack = 1e-12 * np.abs(mass)
    assert (bounds.log_ball_mass_floor(dimension, radius, power) <= mass + slack).all()
    assert (bounds.log_ball_mass_ceiling(dimension, radius, power) >= mass - slack).all()
    floor_times_11_10 = bounds.log_ball_mass_floor(dimension, radius, power) + np.log(1.1)
    assert not (floor_times_11_10 <= mass + slack).all()


def test_large_dimensions_do_not_underflow() -> None:
    dimension = np.array([10**3, 10**5, 10**7])
    found = bounds.log_ball_mass_identity(dimension, 3.0, 2.0)
    assert np.isfinite(found).all()
    with ctx.workprec(200):
        exact = bounds.log_ball_mass_identity(arb(1000), arb(3), arb(2))
    assert close(found[0], exact)
    assert bounds.ball_mass_identity(10**5, 3.0, 2.0) == 0.0  # the nearest double
    assert bounds.log_partition_balls_equal_radii(10**6, 50000, 1.0) < -199000


def test_symbols_do_not_meet_bound_indices() -> None:
    from theory.notation import beta, i, k, rho, x

    captured = bounds.mchn_energy_definition(x, rho, k)
    assert captured.free_symbols >= {k}
    assert captured.subs(k, beta).dummy_eq(bounds.mchn_energy_definition.expr) or captured.subs(k, 2) != captured
    fixed = bounds.mchn_energy_definition([1, 0], [[1, 0], [sp.Symbol("s", real=True), 2]], k)
    number = fixed.subs({k: 2, sp.Symbol("s", real=True): 3})
    assert float(number) == pytest.approx(bounds.mchn_energy_definition([1, 0], [[1, 0], [3, 2]], 2.0))
    assert not fixed.has(i)


def test_entries_that_are_symbols_unroll_the_formula() -> None:
    s, t = sp.symbols("s t", real=True)
    assert bounds.lse_maximum_ceiling([s, t, 1]) == sp.Max(1, s, t) + sp.log(3)
    assert bounds.lse_maximum_ceiling(sp.Matrix([s, t])) == sp.Max(s, t) + sp.log(2)
    assert bounds.layer_energy_ceiling([s], [[0], [t]]) == sp.Min(s**2, (s - t) ** 2)
    assert bounds.layer_energy_definition([s], [[0], [2]]) == -sp.log(sp.exp(-(s**2)) + sp.exp(-((s - 2) ** 2)))
    patterns = sp.IndexedBase("y", shape=(3, 2), real=True)
    assert bounds.layer_energy_floor(sp.IndexedBase("z", real=True), patterns).has(sp.log(3))
    assert bounds.ball_volume_identity(2, sp.Integer(3)) == 9 * sp.pi
