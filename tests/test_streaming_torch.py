"""Streamed energies under autograd."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from numerics.streaming import global_energy, layer_energy, layer_energy_gradient, scan_patterns
from numerics.streaming_files import StreamError

torch = pytest.importorskip("torch")


def sample(count: int = 40, queries: int = 5, dtype: Any = None) -> tuple[Any, Any]:
    draw = torch.Generator().manual_seed(count)
    dtype = dtype or torch.float64
    return (torch.randn(rows, 3, generator=draw, dtype=torch.float64).to(dtype) for rows in (queries, count))


def direct(x: Any, rho: Any, p: float, beta: float) -> Any:
    distances = (x[:, None] - rho).norm(dim=-1)
    return -torch.logsumexp(-beta * distances**p, dim=1)


@pytest.mark.parametrize("p", [1, 2, 3])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_values_and_dtypes(p: float, dtype: Any) -> None:
    x, rho = sample(dtype=dtype)
    found = layer_energy(x, rho, p, 0.7, rows=7)
    assert found.dtype == dtype
    expected = direct(x.double(), rho.double(), p, 0.7)
    unit = torch.finfo(dtype).eps
    torch.testing.assert_close(found.double(), expected, rtol=20 * unit, atol=20 * unit)


@pytest.mark.parametrize("p", [1, 2, 3])
def test_gradients_of_queries_and_patterns_twice(p: float) -> None:
    x, rho = (t.requires_grad_() for t in sample(5, 2))

    def energy(at: Any, of: Any) -> Any:
        return layer_energy(at, of, p, 0.7, rows=2)

    assert torch.autograd.gradcheck(energy, (x, rho))
    assert torch.autograd.gradgradcheck(energy, (x, rho))


@pytest.mark.parametrize("p", [1, 2])
def test_a_query_at_a_pattern(p: float) -> None:
    x, rho = sample()
    x[0] = rho[3]
    found = layer_energy_gradient(x, rho, p, rows=7)
    expected = scan_patterns(x.numpy(), rho.numpy(), p=p, gradient=True).gradient
    torch.testing.assert_close(found, torch.from_numpy(expected))


def test_blocks_are_checkpointed() -> None:
    x, rho = sample(6000, 16, torch.float32)
    x.requires_grad_()
    held: dict[int, int] = {}

    def keep(tensor: Any) -> Any:
        storage = tensor.untyped_storage()
        held[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        energy = layer_energy(x, rho, rows=500)
    held.pop(rho.untyped_storage().data_ptr(), None)
    assert sum(held.values()) < 16 * 500 * 4  # less than the scores of one block
    energy.sum().backward()
    torch.testing.assert_close(
        x.grad.double(), layer_energy_gradient(x.detach().double(), rho.double()), rtol=1e-4, atol=1e-5
    )


def test_patterns_on_disk(tmp_path: Path) -> None:
    x, rho = sample(300)
    np.save(tmp_path / "rho.npy", rho.numpy())
    x.requires_grad_()
    layer_energy(x, tmp_path / "rho.npy", rows=64).sum().backward()
    again = x.detach().clone().requires_grad_()
    direct(again, rho, 2, 1.0).sum().backward()
    torch.testing.assert_close(x.grad, again.grad)
    layers = [tmp_path / "rho.npy", rho.numpy()]
    torch.testing.assert_close(global_energy(x.detach(), layers), direct(again, rho, 2, 1.0).detach() - np.log(2))


def test_a_global_energy_of_tensors() -> None:
    x, rho = sample(30)
    rho.requires_grad_()
    found = global_energy(x, list(rho.split([10, 5, 15])), rows=4)
    torch.testing.assert_close(found, direct(x, rho, 2, 1.0))
    found.sum().backward()
    assert bool((rho.grad.abs().sum(dim=1) > 0).all())


def test_large_norms_with_near_patterns() -> None:
    x, rho = sample(50, 4, torch.float32)
    rho = torch.cat([1e4 * x + rho[:4] / 16, 1e4 * rho])
    expected = direct((1e4 * x).double(), rho.double(), 2, 1.0)
    torch.testing.assert_close(layer_energy(1e4 * x, rho).double(), expected, rtol=1e-5, atol=1e-6)


def test_what_is_refused() -> None:
    x, rho = sample()
    for points, patterns, said in (
        (x[0], rho, "give a nonempty 2-d tensor of floats"),
        (x.long(), rho, "torch.int64"),
        (x, rho[:, :2], r"give real \(rows, 3\)"),
        (x, rho[:0], "there are no patterns"),
        (x * torch.nan, rho, "queries hold values that are not finite"),
        (x, rho.clone().index_fill_(0, torch.tensor(9), torch.inf), "row 3 of a block: not finite"),
        (x, np.zeros((4, 2)), "2 wide, the queries 3"),
    ):
        with pytest.raises(StreamError, match=said):
            layer_energy(points, patterns, rows=7)
    with pytest.raises(StreamError, match="p is 1 at least"):
        layer_energy(x, rho, 0.5)
    for options, said in (({"p": None}, "p is None; allowed"), ({"beta": torch.tensor(-1.0)}, "beta is tensor")):
        with pytest.raises(StreamError, match=said):
            layer_energy(x, rho, **options)
    with pytest.raises(StreamError, match="an iterator of blocks is read once"):
        layer_energy(x.requires_grad_(), iter([rho.numpy()]))
