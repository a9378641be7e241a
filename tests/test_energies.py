"""Energies as a user calls them: NumPy and Torch alike, gradients, the global energy, retrieval, errors."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.special import logsumexp

from numerics import energies, energies_retrieval
from numerics.compile import compile_expression
from numerics.energies import EnergyRise, retrieve
from numerics.energies_compiled import arguments
from theory.retrieval import update

torch = pytest.importorskip("torch")


def arrays(points=5, patterns=9, width=4, seed=0):
    draw = np.random.default_rng(seed)
    return draw.normal(size=(points, width)), draw.normal(size=(patterns, width))


def distances(x, patterns):
    return np.sqrt(((x[:, None] - patterns) ** 2).sum(-1))


@pytest.mark.parametrize("p", [0.5, 1, 1.5, 2, 3])
@pytest.mark.parametrize("beta", [0.3, 4.0])
def test_the_layer_energy_is_that_of_its_definition(p, beta):
    x, patterns = arrays()
    expected = -logsumexp(-beta * distances(x, patterns) ** p, axis=1)
    assert energies.layer_energy(x, patterns, p, beta) == pytest.approx(expected, rel=1e-13, abs=1e-14)
    tensor = energies.layer_energy(torch.from_numpy(x), torch.from_numpy(patterns), p, beta)
    assert tensor.numpy() == pytest.approx(expected, rel=1e-13, abs=1e-14)
    assert energies.nearest_distance(x, patterns, p) == pytest.approx(distances(x, patterns).min(1) ** p, rel=1e-13)


FUNCTIONS = {
    "layer": (energies.layer_energy, energies.layer_energy_gradient, energies.layer_energy_hessian_product),
    "mchn": (energies.mchn_energy, energies.mchn_energy_gradient, energies.mchn_energy_hessian_product),
    "nearest": (energies.nearest_distance, energies.nearest_distance_gradient, None),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients_are_those_of_autograd(name):
    value, gradient, product = FUNCTIONS[name]
    x, patterns = map(torch.from_numpy, arrays())
    x.requires_grad_(True)
    (slope,) = torch.autograd.grad(value(x, patterns).sum(), x, create_graph=True)
    assert gradient(x.detach().numpy(), patterns.numpy()) == pytest.approx(slope.detach().numpy(), rel=1e-12)
    if product is not None:
        direction = torch.from_numpy(arrays(seed=3)[0])
        (curvature,) = torch.autograd.grad((slope * direction).sum(), x)
        found = product(x.detach().numpy(), direction.numpy(), patterns.numpy())
        assert found == pytest.approx(curvature.numpy(), rel=1e-11, abs=1e-12)


def test_the_network_energy_is_that_of_ramsauer():
    x, patterns = arrays()
    norms = np.linalg.norm(patterns, axis=1)
    expected = (
        -logsumexp(1.7 * x @ patterns.T, axis=1) / 1.7
        + (x**2).sum(1) / 2
        + np.log(len(patterns)) / 1.7
        + norms.max() ** 2 / 2
    )
    assert energies.mchn_energy(x, patterns, 1.7) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("p", [1, 2])
def test_the_global_energy_of_a_partition_is_the_layer_energy_of_all(p):
    x, patterns = arrays()
    layers = [patterns[:1], patterns[1:6], patterns[6:]]
    whole = energies.layer_energy(x, patterns, p, 1.3), energies.layer_energy_gradient(x, patterns, p, 1.3)
    assert energies.global_energy(x, layers, p, 1.3) == pytest.approx(whole[0], rel=1e-13)
    assert energies.global_energy_gradient(x, layers, p, 1.3) == pytest.approx(whole[1], rel=1e-12)
    tensors = [torch.from_numpy(layer) for layer in layers]
    point = torch.from_numpy(x).requires_grad_(True)
    (slope,) = torch.autograd.grad(energies.global_energy(point, tensors, p, 1.3).sum(), point)
    assert slope.numpy() == pytest.approx(whole[1], rel=1e-12)


def test_one_point_many_batches_and_types():
    x, patterns = arrays(points=6)
    assert np.shape(energies.layer_energy(x[0], patterns)) == ()
    assert energies.layer_energy(x.reshape(2, 3, 4), patterns).shape == (2, 3)
    assert energies.layer_energy(x[:0], patterns).shape == (0,)
    assert energies.layer_energy_gradient(x.astype(np.float32), patterns.astype(np.float32)).dtype == np.float32
    half = energies.layer_energy(*(torch.from_numpy(array).bfloat16() for array in (x, patterns)))
    assert half.dtype == torch.bfloat16
    beta = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    energies.layer_energy(torch.from_numpy(x), torch.from_numpy(patterns), beta=beta).sum().backward()
    shifted = [energies.layer_energy(x, patterns, beta=2 + sign * 1e-6).sum() for sign in (1, -1)]
    assert float(beta.grad) == pytest.approx((shifted[0] - shifted[1]) / 2e-6, rel=1e-6)


@pytest.mark.parametrize("energy", ["layer", "mchn"])
@pytest.mark.parametrize("kind", ["numpy", "torch"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_retrieval_comes_to_rest_at_a_stored_pattern_and_never_rises(energy, kind, dtype):
    draw = np.random.default_rng(2)
    patterns = draw.normal(size=(20, 16))
    patterns = (patterns / np.linalg.norm(patterns, axis=1, keepdims=True)).astype(dtype)
    x = patterns[:5] + 0.05 * draw.normal(size=(5, 16)).astype(dtype)
    given = (x, patterns) if kind == "numpy" else (torch.from_numpy(x), torch.from_numpy(patterns))
    found = retrieve(*given, beta=40.0, energy=energy, keep_trajectory=True)
    points, values = np.asarray(found.points), np.asarray(found.energies)
    assert str(points.dtype) == dtype
    assert np.asarray(found.converged).all()
    assert found.steps < 50
    assert points == pytest.approx(patterns[:5], abs=1e-3)
    assert values.shape == (found.steps + 1, 5)
    assert np.asarray(found.trajectory).shape == (found.steps + 1, 5, 16)
    assert np.array_equal(np.asarray(found.trajectory)[-1], points)
    assert np.diff(values, axis=0).max() <= found.largest_rise <= found.allowed_rise < 1e-2


def test_one_step_is_the_update_of_the_theory():
    x, patterns = arrays()
    found = retrieve(x, patterns, max_steps=1)
    assert not found.converged.any()
    for row in range(5):
        for place in range(4):
            at = {"y": x[row].tolist(), "rho": patterns.tolist(), "k": place + 1, "n": 4, "d": 9}
            expected = compile_expression(update, "numpy")(at)
            assert found.points[row, place] == pytest.approx(expected, rel=1e-12, abs=1e-13)


def test_the_slopes_of_the_network_lead_to_plain_attention():
    x, patterns = arrays()
    weights = np.exp(2.5 * x @ patterns.T)
    expected = weights @ patterns / weights.sum(1, keepdims=True)
    assert retrieve(x, patterns, 2.5, energy="mchn", max_steps=1).points == pytest.approx(expected, rel=1e-12)


def test_an_energy_that_rises_is_an_error(monkeypatch):
    x, patterns = arrays()
    right = energies_retrieval.compiled

    def wrong(*key):
        def routine(values):
            value, slope = right(*key)(values)
            return value, -slope

        return routine

    monkeypatch.setattr(energies_retrieval, "compiled", wrong)
    with pytest.raises(EnergyRise, match="the energy rose by"):
        retrieve(x, patterns)


def test_lists_are_not_retrieved():
    x, patterns = arrays()
    with pytest.raises(TypeError, match="x is a list; allowed are NumPy arrays and Torch tensors"):
        retrieve(x.tolist(), patterns.tolist())
    with pytest.raises(TypeError, match="patterns is a list"):
        retrieve(x, patterns.tolist())


def test_beta_is_not_looked_at_under_transforms():
    x, patterns = map(torch.from_numpy, arrays())
    betas = torch.tensor([0.5, 2.0], dtype=torch.float64)
    found = torch.func.vmap(lambda beta: energies.layer_energy(x, patterns, 2, beta))(betas)
    assert found[1].numpy() == pytest.approx(energies.layer_energy(x, patterns, 2, 2.0).numpy(), rel=1e-13)
    compiled = torch.compile(lambda beta: 2 * arguments(x, patterns, beta)["beta"], backend="eager", fullgraph=True)
    assert float(compiled(betas[1])) == 4.0


@pytest.mark.parametrize("energy", ["layer", "mchn"])
@pytest.mark.parametrize("kind", ["numpy", "torch"])
def test_halves_whose_squares_overflow_are_checked_in_double_precision(energy, kind):
    patterns = np.array([[300.0, 0.0], [0.0, 0.0]], dtype=np.float16)
    given = (
        (patterns[:1], patterns) if kind == "numpy" else (torch.from_numpy(patterns[:1]), torch.from_numpy(patterns))
    )
    found = retrieve(*given, 0.5 if energy == "layer" else 1.0, energy=energy)
    assert np.asarray(found.points).tolist() == [[300.0, 0.0]]
    assert np.asarray(found.converged).all()
    assert 0 <= found.largest_rise <= found.allowed_rise < 1e5


def test_an_energy_that_overflows_is_reported_as_such():
    patterns = (300 * np.random.default_rng(0).normal(size=(20, 16))).astype(np.float16)
    with pytest.raises(FloatingPointError, match="the energy after 0 steps is inf in float16"):
        retrieve(patterns[:3] + np.float16(200), patterns)


def test_an_energy_that_becomes_nan_is_no_rise(monkeypatch):
    right, calls = energies_retrieval.compiled, []

    def wrong(*key):
        def routine(values):
            calls.append(key)
            value, slope = right(*key)(values)
            return value * (np.nan if len(calls) > 1 else 1), slope

        return routine

    monkeypatch.setattr(energies_retrieval, "compiled", wrong)
    with pytest.raises(FloatingPointError, match="the energy after 1 steps is nan in float64"):
        retrieve(*arrays())


def test_the_allowance_neither_depends_on_integers_nor_hides_a_rise_of_halves(monkeypatch):
    whole = np.array([[300, 0], [0, 0]], dtype=np.int16)
    assert retrieve(whole[:1], whole).allowed_rise == retrieve(whole[:1] * 1.0, whole * 1.0).allowed_rise
    right = energies_retrieval.compiled

    def wrong(*key):
        def routine(values):
            value, slope = right(*key)(values)
            return value, -slope

        return routine

    monkeypatch.setattr(energies_retrieval, "compiled", wrong)
    halves = np.array([[1.0, 0.0], [0.0, 0.0]], dtype=np.float16)
    with pytest.raises(EnergyRise, match="the routine is at fault"):
        retrieve(halves[:1] + np.float16(0.5), halves, 4.0)


@pytest.mark.filterwarnings("error")
def test_tensors_that_require_gradients_are_retrieved_without_a_warning():
    x, patterns = (torch.from_numpy(array).requires_grad_(True) for array in arrays())
    beta = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    found = retrieve(x, patterns, beta, max_steps=3)
    slopes = torch.autograd.grad(found.points.sum(), (x, patterns, beta))
    assert all(bool(torch.isfinite(slope).all()) for slope in slopes)


def test_no_points_are_retrieved_at_once():
    found = retrieve(np.zeros((0, 4)), arrays()[1])
    assert found.points.shape == (0, 4)
    assert found.steps == 0


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda x, r: energies.layer_energy(x, r[:0]), "its axis d is empty"),
        (lambda x, r: energies.layer_energy(x[:, :3], r), "along n"),
        (lambda x, r: energies.layer_energy(x, r * np.nan), "rho has entries that are not finite"),
        (lambda x, r: energies.layer_energy(x, r, p=0), "p is 0; allowed is a positive"),
        (lambda x, r: energies.layer_energy(x, r, p=float("inf")), "p is inf; allowed"),
        (lambda x, r: energies.layer_energy(x, r, beta=-1.0), "beta is -1.0; allowed is one positive"),
        (lambda x, r: energies.layer_energy(x, r, beta=np.ones(5)), "beta is array"),
        (lambda x, r: energies.layer_energy(x, r, beta=np.array(-1.0)), "beta is array"),
        (lambda x, r: energies.layer_energy(x, r, beta=np.array(True)), "beta is array"),
        (lambda x, r: energies.layer_energy(x, r, beta="a"), "beta is 'a'"),
        (lambda x, r: energies.layer_energy(*map(torch.from_numpy, (x, r)), beta=torch.tensor(-1.0)), "beta is tensor"),
        (lambda x, r: energies.mchn_energy(*map(torch.from_numpy, (x, r)), torch.tensor(torch.nan)), "beta is tensor"),
        (lambda x, r: retrieve(x, r, max_steps=True), "max_steps is True; allowed"),
        (lambda x, r: retrieve(x, r, tolerance="a"), "tolerance is 'a'; allowed"),
        (lambda x, r: retrieve(x, r, tolerance=np.nan), "tolerance is nan; allowed"),
        (lambda x, r: energies.global_energy(x, []), "layers is list; allowed is a list"),
        (lambda x, r: energies.global_energy(x, r), "layers is ndarray; allowed is a list"),
        (lambda x, r: retrieve(x, r, energy="ising"), "allowed are 'layer' and 'mchn'"),
        (lambda x, r: retrieve(x, r, max_steps=0), "max_steps is 0"),
        (lambda x, r: retrieve(x, r, tolerance=-1), "tolerance is -1"),
    ],
)
def test_bad_arguments_are_refused(call, text):
    with pytest.raises(ValueError, match=text):
        call(*arrays())


def test_numpy_needs_no_torch():
    script = (
        "import sys, numpy as np; from numerics.energies import layer_energy; "
        "layer_energy(np.zeros((2, 3)), np.ones((4, 3))); print('torch' in sys.modules)"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "False"
