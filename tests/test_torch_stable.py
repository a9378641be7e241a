"""The log-domain functions in Torch: the values of NumPy, and two derivatives against ball arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
import stable_referee as referee
from flint import arb
from test_stable import adversarial_gamma, random_ball, random_gamma

from numerics import stable

torch = pytest.importorskip("torch")

from numerics import stable_torch  # noqa: E402 - it needs torch

BOUND = 1e-13  # of max(1, |result|)
SECOND = ((1e5, 1e-13), (1e9, 1e-12))  # largest order, bound of max(1, |second derivative|)


def lower_bend(a: arb, x: arb) -> arb:
    s = referee.lower_slope(a, x)
    return s * ((a - 1) / x - 1 - s)


def upper_bend(a: arb, x: arb) -> arb:
    u = referee.upper_slope(a, x)
    return u * ((a - 1) / x - 1 - u)


def mass_bend(n: arb, r: arb, p: arb) -> arb:
    m = referee.mass_slope(n, r, p)
    return m * ((n - 1) / r - p * r ** (p - 1) - m)


CASES = {
    "log_lower_gamma": (stable_torch.log_lower_gamma, stable.log_lower_gamma, referee.lower_slope, lower_bend),
    "log_upper_gamma": (stable_torch.log_upper_gamma, stable.log_upper_gamma, referee.upper_slope, upper_bend),
    "log_ball_mass": (stable_torch.log_ball_mass, stable.log_ball_mass, referee.mass_slope, mass_bend),
    "log_ball_volume": (
        lambda n, r, p: stable_torch.log_ball_volume(n, r),
        lambda n, r, p: stable.log_ball_volume(n, r),
        lambda n, r, p: n / r,
        lambda n, r, p: -n / r**2,
    ),
    "log_critical_patterns": (
        lambda n, r, p: stable_torch.log_critical_patterns(n, p, r),
        lambda n, r, p: stable.log_critical_patterns(n, p, r),
        lambda n, r, p: -referee.mass_slope(n, r, p),
        lambda n, r, p: -mass_bend(n, r, p),
    ),
}


def points_of(name: str) -> list[tuple[float, ...]]:
    if "gamma" in name:
        return [(a, x) for a, x in random_gamma(25, 5) + adversarial_gamma()[::7] if a >= 1e-3 and 1e-6 <= x <= 1e6]
    return [(n, r, p) for n, r, p in random_ball(30, 6) if p >= 0.1]


@pytest.mark.parametrize("name", CASES)
def test_values_are_those_of_numpy_and_derivatives_are_in_the_balls(name):
    function, plain, slope, bend = CASES[name]
    points = points_of(name)
    columns = [torch.tensor(column, dtype=torch.float64) for column in zip(*points, strict=True)]
    variable = columns[1].requires_grad_(True)
    value = function(*columns)
    assert np.array_equal(value.detach().numpy(), plain(*(column.detach().numpy() for column in columns)))
    (first,) = torch.autograd.grad(value.sum(), variable, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), variable)
    for place, point in enumerate(points):
        assert referee.error(float(first[place].detach()), slope, *point) <= BOUND, point
        order = point[0] if "gamma" in name else point[0] / point[2]
        allowed = next(bound for largest, bound in SECOND if order <= largest)
        assert referee.error(float(second[place]), bend, *point) <= allowed, point


@pytest.mark.parametrize("name", ["log_lower_gamma", "log_upper_gamma", "log_ball_mass"])
def test_torch_func_forward_mode_and_higher_derivatives(name):
    function = CASES[name][0]
    variable = torch.tensor([0.7, 2.5, 3.5], dtype=torch.float64)

    def one(x):
        return function(3.0, x) if "gamma" in name else function(3.0, x, 1.5)

    assert torch.autograd.gradcheck(one, (variable.clone().requires_grad_(True),), check_forward_ad=True)
    assert torch.autograd.gradgradcheck(one, (variable.clone().requires_grad_(True),))
    first = torch.func.vmap(torch.func.grad(one))
    second = torch.func.vmap(torch.func.grad(torch.func.grad(one)))
    third = torch.func.vmap(torch.func.grad(torch.func.grad(torch.func.grad(one))))
    step = 1e-5
    assert torch.allclose(second(variable), (first(variable + step) - first(variable - step)) / (2 * step), rtol=1e-6)
    assert torch.allclose(third(variable), (second(variable + step) - second(variable - step)) / (2 * step), rtol=1e-6)
    tangent = torch.func.jvp(one, (variable,), (torch.ones(3, dtype=torch.float64),))[1]
    assert torch.equal(tangent, first(variable))


def test_types_shapes_and_constants():
    grid = stable_torch.log_lower_gamma(torch.tensor([[1.0], [2.0]]), torch.tensor([1.0, 2.0, 3.0]))
    assert grid.shape == (2, 3)
    assert grid.dtype == torch.float32
    assert stable_torch.log_ball_volume(3, torch.tensor(2)).dtype == torch.float64
    assert float(stable_torch.log_critical_patterns(1024)) == stable.log_critical_patterns(1024)
    spread = torch.func.vmap(stable_torch.log_ball_mass, in_dims=(None, 0))(torch.tensor(3.0), torch.rand(4, 2))
    assert spread.shape == (4, 2)


def test_ends_of_the_domain():
    radius = torch.tensor([0.0, 1e6, float("inf")], dtype=torch.float64, requires_grad=True)
    mass = stable_torch.log_ball_mass(4, radius)
    assert mass.tolist() == stable.log_ball_mass(4, radius.detach().numpy()).tolist()
    (slope,) = torch.autograd.grad(mass.sum(), radius, create_graph=True)
    (bend,) = torch.autograd.grad(slope[1:].sum(), radius)
    assert slope.tolist() == [float("inf"), 0.0, 0.0]
    assert bend.tolist()[1:] == [0.0, 0.0]


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match=r"order is -1\.0; allowed is a positive"):
        stable_torch.log_lower_gamma(-1.0, torch.tensor(2.0))
    with pytest.raises(ValueError, match=r"dimension is 2\.5"):
        stable_torch.log_ball_mass(2.5, torch.tensor(2.0))
    order = torch.tensor(1.0, requires_grad=True)
    with pytest.raises(ValueError, match="order requires a gradient"):
        stable_torch.log_lower_gamma(order, torch.tensor(2.0))
    with pytest.raises(ValueError, match="exponent requires a gradient"):
        stable_torch.log_critical_patterns(3, exponent=order)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_the_result_is_on_the_device_of_the_tensors():
    radius = torch.rand(5, dtype=torch.float64, requires_grad=True)
    there = stable_torch.log_ball_mass(7, radius.detach().cuda())
    assert there.device.type == "cuda"
    assert torch.equal(there.cpu(), stable_torch.log_ball_mass(7, radius).detach())
