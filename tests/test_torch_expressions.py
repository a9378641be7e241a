"""The routine of one expression for Torch: derivatives, special functions, integrals, what it reads and refuses."""

import math

import numpy as np
import pytest
import sympy as sp
from scipy import special

from numerics.compile import Guarantee, UnsupportedExpression, compile_expression
from theory.atoms import LSE, BallUnion, IndexMin, RadialIntegral, RegionIntegral
from theory.notation import beta, cutoff, d, distance, i, j, k, l, n, order, radius, rho, rho_t, s, sizes, t, u, x

torch = pytest.importorskip("torch")

DISTANCE = sp.Sum((x[k] - rho[i, k]) ** 2, (k, 1, n))
ENERGY = -LSE(-beta * DISTANCE, (i, 1, d)) / beta


def test_values_are_differentiable_in_every_family_and_scalar():
    draw = torch.Generator().manual_seed(0)
    point, patterns = (torch.randn(shape, generator=draw, dtype=torch.float64) for shape in ((3,), (4, 3)))
    inputs = (point, patterns, torch.tensor(0.7, dtype=torch.float64))
    for tensor in inputs:
        tensor.requires_grad_(True)

    def energy(a, b, c):
        return compile_expression(ENERGY, "torch")({"x": a, "rho": b, "beta": c, "n": 3, "d": 4})

    assert torch.autograd.gradcheck(energy, inputs)
    assert torch.autograd.gradgradcheck(energy, inputs)
    assert compile_expression(ENERGY, "torch").guarantee is Guarantee.FLOAT
    (slope,) = torch.autograd.grad(energy(*inputs), point)
    at = {"x": point.detach(), "rho": patterns.detach(), "beta": 0.7, "n": 3, "d": 4}
    derived = [compile_expression(sp.diff(ENERGY, x[s]), "torch")(at | {"s": place}) for place in (1, 2, 3)]
    assert torch.allclose(torch.stack(derived), slope, rtol=1e-12)


def test_ragged_families_sizes_and_integers_may_be_tensors():
    closest = IndexMin(sp.Sum(sp.Abs(x[k] - rho_t[t, j, k]), (k, 1, n)), (j, 1, sizes[t]))
    values = {"n": torch.tensor(2), "l": 2, "d_t": torch.tensor([2, 1]), "x": torch.tensor([1.0, 1 / 3])}
    values["rho_t"] = [[[0, 1], [2, 3]], [[1, 1]]]
    found = compile_expression(LSE(-closest, (t, 1, l)), "torch")(values)
    assert float(found) == pytest.approx(math.log(math.exp(-5 / 3) + math.exp(-2 / 3)), rel=1e-7)


def test_gamma_functions():
    routine = compile_expression(sp.gamma(u), "torch")
    for value in (-40.5, -3.25, -0.5, 1e-8, 0.5, 1.0, 3.7, 15.999, 16.0, 80.3, 170.2):
        assert float(routine({"u": value})) == pytest.approx(special.gamma(value), rel=2e-14 if value > -16 else 1e-12)
    point = torch.tensor(2.5, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(routine({"u": point}), point)
    assert float(slope) == pytest.approx(special.gamma(2.5) * special.digamma(2.5), rel=1e-13)
    lower = compile_expression(sp.lowergamma(order, cutoff), "torch")
    end = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
    value = lower({"a": 2.5, "c": end})
    assert value.item() == pytest.approx(special.gammainc(2.5, 1.5) * special.gamma(2.5), rel=1e-14)
    (slope,) = torch.autograd.grad(value, end)
    assert float(slope) == pytest.approx(1.5**1.5 * math.exp(-1.5), rel=1e-14)
    assert math.isnan(float(lower({"a": -1.0, "c": 1.0})))


def test_integrals_are_those_of_numpy_and_have_no_derivative():
    omega = BallUnion(rho, radius, (d, n), (i, k))
    near = RegionIntegral(sp.exp(-IndexMin(DISTANCE, (i, 1, d))), x, omega)
    values = {"n": 1, "d": 2, "r": 0.75, "rho": np.array([[0.0], [1.0]])}
    for expr in (near, RadialIntegral(sp.exp(-(distance**2)), distance, n, radius)):
        tensors = {name: torch.tensor(value) for name, value in values.items()}
        assert float(compile_expression(expr, "torch")(tensors)) == compile_expression(expr, "numpy")(values)
        tracked = tensors | {"r": torch.tensor(0.75, requires_grad=True)}
        with pytest.raises(UnsupportedExpression, match="no derivative in Torch"):
            compile_expression(expr, "torch")(tracked)


def test_bad_values_are_refused():
    routine = compile_expression(IndexMin(DISTANCE, (i, 1, d)), "torch")
    values = {"n": 1, "d": 1, "x": torch.zeros(1), "rho": torch.zeros(1, 1)}
    assert float(routine(values)) == 0
    for change, error in (({"n": 3}, IndexError), ({"d": 0}, ValueError), ({"n": 0.5}, ValueError)):
        with pytest.raises(error):
            routine(values | change)
    with pytest.raises(KeyError, match="rho"):
        routine({"n": 1, "d": 1, "x": torch.zeros(1)})


@pytest.mark.parametrize("bump", [1e-3, 1.0, 1e3, 1e6])
def test_numpy_meets_a_peak_of_any_width_at_a_pattern(bump):
    omega = BallUnion(rho, radius, (d, n), (i, k))
    values = {"n": 1, "d": 1, "r": bump, "rho": np.array([[0.0]])}
    found = compile_expression(RegionIntegral(sp.exp(-DISTANCE.subs(i, 1)), x, omega), "numpy")(values)
    assert found == pytest.approx(math.sqrt(math.pi) * math.erf(bump), rel=1e-13)


def test_an_integral_inside_another_may_bind_the_same_point():
    omega = BallUnion(rho, radius, (d, n), (i, k))
    weight = sp.exp(-IndexMin(DISTANCE, (i, 1, d)))
    share = RegionIntegral(weight / RegionIntegral(weight, x, omega), x, omega)
    values = {"n": 1, "d": 3, "r": 0.5, "rho": np.array([[0.0], [0.75], [4.0]])}
    for backend in ("numpy", "torch"):
        assert float(compile_expression(share, backend)(values)) == pytest.approx(1.0, rel=1e-13)
