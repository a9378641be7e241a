"""What a bound refuses: arguments outside its domain, of a wrong kind or shape, in every arithmetic, with a message."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import acb, arb

from tests.bound_arguments import arguments
from theory import bounds
from theory.bounds import Bound, DomainError, catalogue
from theory.bounds.arguments import keyword

BOUNDS = tuple(catalogue().values())
POINT, PATTERNS = [1.0, 2.0], [[0.0, 1.0], [2.0, 2.0]]


def outside(bound: Bound, number: Any) -> list[tuple[int, Any]]:
    """Places of scalar arguments whose range excludes a number."""
    ranges = {r.symbol: r for r in bound.domain.ranges}
    places = [(place, ranges[v]) for place, v in enumerate(bound.arguments) if v in ranges]
    return [(place, number) for place, r in places if r.lower != -sp.oo and number < r.lower]


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda b: b.name)
def test_scalars_below_their_range_are_refused_in_every_arithmetic(bound: Bound) -> None:
    for place, bad in outside(bound, -1):
        for kind in (float, np.float64, arb, mpmath.mpf, sp.Integer, lambda v: np.array([1, v, 1])):
            given = arguments(bound, 1)
            given[place] = kind(bad)
            with pytest.raises(DomainError, match=rf"{keyword(bound.arguments[place])} = -1.* is outside .*give"):
                bound(*given)


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda b: b.name)
def test_what_is_not_finite_is_refused(bound: Bound) -> None:
    for place, variable in enumerate(bound.arguments):
        for bad in (float("nan"), float("inf"), -float("inf")):
            given = arguments(bound, 1)
            given[place] = _spoilt(given[place], bad)
            with pytest.raises(DomainError, match=r"nan|inf"):
                bound(*given)
            if bound.family(variable) is None:
                given[place] = np.array([1.0, bad])
                with pytest.raises(DomainError, match="at index 1"):
                    bound(*given)


def _spoilt(value: Any, bad: float) -> Any:
    return [_spoilt(value[0], bad), *value[1:]] if isinstance(value, list) else bad


@pytest.mark.parametrize(
    "bad", ["2", 1j, np.array([1j]), True, None, {}, acb(1, 1), mpmath.mpc(1, 1), np.array([True]), np.array(["a"])]
)
def test_what_is_not_real_is_refused(bad: Any) -> None:
    with pytest.raises(TypeError, match="radius"):
        bounds.ball_volume_identity(2, bad)


def test_integers_must_be_whole() -> None:
    for bad in (1.5, arb(1.5), mpmath.mpf(1.5), np.array([1.0, 2.5]), sp.Rational(3, 2)):
        with pytest.raises(DomainError, match="integer"):
            bounds.ball_volume_identity(bad, 1.0)
    assert bounds.ball_volume_identity(2.0, 1.0) == pytest.approx(np.pi)
    assert bounds.ball_volume_identity(mpmath.mpf(2), 1.0) == pytest.approx(mpmath.pi)
    assert bounds.ball_volume_identity(arb(2), 1.0).contains(arb.pi().mid())


def test_a_ball_must_lie_inside_as_a_whole() -> None:
    with pytest.raises(DomainError, match="not all of it inside"):
        bounds.ball_volume_identity(2, arb(1, 2))
    assert bounds.ball_volume_identity(2, arb(1, 0.5)).is_finite()
    with pytest.raises(DomainError):
        bounds.ball_volume_identity(arb(2, 0.1), arb(1))
    with pytest.raises(DomainError):
        bounds.ball_volume_identity(2, arb("nan"))


def test_side_conditions_are_checked() -> None:
    bound = bounds.lower_gamma_bracket_floor
    for order, cutoff in ((1.0, 2.0), (arb(1), arb(2)), (mpmath.mpf(1), 2), (sp.Integer(1), sp.Integer(2))):
        with pytest.raises(DomainError, match="c < a"):
            bound(order, cutoff)
    with pytest.raises(DomainError, match="at index 2"):
        bound(np.array([2.0, 3.0, 1.0]), 1.5)
    with pytest.raises(DomainError, match="certain"):
        bound(arb(2, 0.5), arb(2, 0.25))
    with pytest.raises(DomainError, match="n = T_max"):
        bounds.model_size_identity(10, 2, 4, 8, 33)
    assert bounds.model_size_identity(10, 2, 4, 8, 32) == 320


def test_shapes_must_fit() -> None:
    bound = bounds.layer_energy_floor
    with pytest.raises(ValueError, match=r"n is 2 elsewhere|n is 3 elsewhere"):
        bound(POINT, [[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match=r"rho has shape \(d, n\), received an array of shape \(2,\)"):
        bound(POINT, POINT)
    with pytest.raises(ValueError, match=r"rho has shape \(d, n\), received an array of shape \(1, 2, 2\)"):
        bound(POINT, [PATTERNS])
    with pytest.raises(ValueError, match="ragged"):
        bound(POINT, [[1.0], [1.0, 2.0]])
    with pytest.raises(ValueError, match="do not broadcast"):
        bounds.mchn_energy_definition(np.zeros((3, 2)), PATTERNS, np.ones(4))
    with pytest.raises(DomainError, match="d = 0"):
        bound(POINT, np.zeros((0, 2)))
    with pytest.raises(ValueError, match="d = 3"):
        bound(POINT, PATTERNS, d=3)
    assert bound(POINT, PATTERNS, d=2) == bound(POINT, PATTERNS)
    assert bound(np.zeros((0, 2)), PATTERNS).shape == (0,)
    with pytest.raises(ValueError, match="has shape"):
        bound(sp.IndexedBase("x"), [[1, 2], [3]])


def test_signatures_are_kept() -> None:
    bound = bounds.layer_energy_floor
    with pytest.raises(TypeError, match="takes 2 arguments, received 3"):
        bound(POINT, PATTERNS, 1)
    with pytest.raises(TypeError, match="needs rho"):
        bound(POINT)
    with pytest.raises(TypeError, match="no argument 'patterns': name one of x, rho"):
        bound(POINT, patterns=PATTERNS)
    with pytest.raises(TypeError, match="x twice"):
        bound(POINT, PATTERNS, x=POINT)
    with pytest.raises(AttributeError, match="no bound 'layer_energy_flor'"):
        _ = bounds.layer_energy_flor


def test_kinds_are_not_mixed() -> None:
    with pytest.raises(TypeError, match="one kind"):
        bounds.lower_gamma_power_floor(arb(1), mpmath.mpf(1))
    with pytest.raises(TypeError, match="cannot be mixed with symbols"):
        bounds.lower_gamma_power_floor(sp.Symbol("a", positive=True), np.array([1.0, 2.0]))
    with pytest.raises(TypeError, match="received the family"):
        bounds.lower_gamma_power_floor(sp.IndexedBase("a"), 1)
    with pytest.raises(DomainError, match="is outside"):
        bounds.lower_gamma_power_floor(sp.Symbol("a", negative=True), 1)
