"""Routines with batch axes for Torch: the same numbers as NumPy, under every way Torch has of differentiating."""

import shutil

import numpy as np
import pytest

from numerics import array_routine
from numerics.array_routine import compile_arrays
from numerics.backends.torch_engine import transformed
from theory.energies.layer import energy
from theory.energies.mchn import mchn
from theory.energies.nearest import nearest
from theory.notation import x

torch = pytest.importorskip("torch")

EXPRESSIONS = {
    "layer": energy(x),
    "layer of distances": energy(x, "v1"),
    "mchn": mchn(x),
    "nearest": nearest(x),
}


def tensors(dtype=torch.float64, tracked=False, seed=0):
    draw = torch.Generator().manual_seed(seed)
    point, patterns = (torch.randn(shape, generator=draw, dtype=torch.float64) for shape in ((5, 3), (7, 3)))
    slope = torch.randn((5, 3), generator=draw, dtype=torch.float64)
    factor = torch.tensor(0.7, dtype=torch.float64)
    values = {"x": point, "rho": patterns, "direction": slope, "beta": factor}
    return {name: value.to(dtype).requires_grad_(tracked) for name, value in values.items()}


def called(name, given, compute=("value",)):
    return compile_arrays(EXPRESSIONS[name], "torch", (x,), compute=compute)(given)


@pytest.mark.parametrize("name", EXPRESSIONS)
@pytest.mark.parametrize("tracked", [False, True])
def test_the_numbers_are_those_of_numpy(name, tracked):
    quantities = ("value", "gradient", "hessian_product")
    given = tensors()
    plain = {key: value.numpy() for key, value in given.items()} | {"beta": 0.7}
    expected = compile_arrays(EXPRESSIONS[name], "numpy", (x,), compute=quantities)(plain)
    for one, other in zip(called(name, tensors(tracked=tracked), quantities), expected, strict=True):
        assert one.requires_grad == tracked
        assert one.detach().numpy() == pytest.approx(other, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_autograd_differentiates_twice_in_points_patterns_and_temperature(name):
    given = tensors(tracked=True)
    inputs = (given["x"], given["rho"], given["beta"])

    def function(point, patterns, factor):
        return called(name, {"x": point, "rho": patterns, "beta": factor})

    assert torch.autograd.gradcheck(function, inputs)
    assert torch.autograd.gradgradcheck(function, inputs)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_derived_gradients_are_those_of_autograd_and_torch_func(name):
    given = tensors(tracked=True)
    gradient, product = called(name, tensors(), ("gradient", "hessian_product"))
    (slope,) = torch.autograd.grad(called(name, given).sum(), given["x"], create_graph=True)
    (curvature,) = torch.autograd.grad((slope * given["direction"]).sum(), given["x"])
    torch.testing.assert_close(gradient, slope.detach(), rtol=1e-11, atol=1e-12)
    torch.testing.assert_close(product, curvature, rtol=1e-11, atol=1e-12)

    given = tensors()

    def one(point):
        return called(name, given | {"x": point})

    torch.testing.assert_close(torch.func.vmap(torch.func.grad(one))(given["x"]), gradient, rtol=1e-11, atol=1e-12)
    forward = torch.func.jvp(one, (given["x"],), (given["direction"],))[1]
    torch.testing.assert_close(forward, (gradient * given["direction"]).sum(-1), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("backend", ["aot_eager", "inductor"])
def test_torch_compile_takes_the_routine_whole(backend):
    if backend == "inductor" and shutil.which("g++") is None and shutil.which("clang++") is None:
        pytest.skip("inductor needs a C++ compiler")
    given = tensors()
    routine = compile_arrays(energy(x), "torch", (x,))
    compiled = torch.compile(routine.__call__, fullgraph=True, backend=backend)
    torch.testing.assert_close(compiled(given), routine(given), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_the_type_of_the_tensors_is_that_of_the_result(dtype):
    found = called("layer", tensors(dtype))
    assert found.dtype == dtype
    wide = called("layer", {name: value.double() for name, value in tensors(dtype).items()})
    torch.testing.assert_close(found.double(), wide, rtol=4 * torch.finfo(dtype).eps, atol=1e-6)
    promoted = called("layer", {"x": tensors(dtype)["x"], "rho": tensors()["rho"]})
    assert promoted.dtype == torch.float64


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_blocks_and_tiles_give_the_same(name, monkeypatch):
    given = tensors()
    given["x"][0] = given["rho"][5] + 1e-4
    whole = called(name, given, ("value", "gradient"))
    for constant, small in (("BLOCK", 8), ("ROWS", 2), ("TILE", 3)):
        monkeypatch.setattr(array_routine, constant, small)
    for one, other in zip(called(name, given, ("value", "gradient")), whole, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)


def test_a_point_on_a_pattern_has_gradient_zero_under_autograd():
    given = tensors(tracked=True)
    point = given["rho"].detach()[:2].clone().requires_grad_(True)
    value = compile_arrays(nearest(x, "v1"), "torch", (x,))({"x": point, "rho": given["rho"].detach()})
    assert torch.equal(value, torch.zeros(2, dtype=torch.float64))
    (slope,) = torch.autograd.grad(value.sum(), point)
    assert torch.equal(slope, torch.zeros_like(point))


def test_values_are_looked_at_only_where_that_is_allowed():
    assert not transformed()
    seen = []
    torch.func.vmap(lambda point: (seen.append(transformed()), point)[1])(torch.zeros(2))
    assert seen == [True]


def test_errors_say_what_to_do():
    given = tensors()
    wrong = [
        ({"rho": given["rho"].numpy()}, TypeError, "rho is of type ndarray beside tensors"),
        ({"rho": torch.zeros((0, 3))}, ValueError, "its axis d is empty"),
        ({"rho": torch.full((2, 3), float("nan"))}, ValueError, "rho has entries that are not finite"),
        ({"rho": torch.zeros((2, 3), dtype=torch.complex64)}, TypeError, "complex64; allowed are"),
        ({"x": torch.zeros((2, 4))}, ValueError, "along n"),
        ({"rho": torch.zeros((7, 3), device="meta")}, ValueError, "move all to one device"),
    ]
    for change, error, text in wrong:
        with pytest.raises(error, match=text):
            called("layer", given | change)
    with pytest.raises(TypeError, match="compile it for torch"):
        compile_arrays(energy(x), "numpy", (x,))(given)
    with pytest.raises(TypeError, match="no tensor"):
        called("layer", {"x": np.zeros((2, 3)), "rho": np.zeros((2, 3))})


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_the_device_of_the_tensors_is_that_of_the_result():
    given = {name: value.cuda() for name, value in tensors().items()}
    for name in EXPRESSIONS:
        found = called(name, given)
        assert found.device.type == "cuda"
        torch.testing.assert_close(found.cpu(), called(name, tensors()), rtol=1e-12, atol=1e-12)
