"""Passes over patterns that need not fit into memory: the same numbers as with all patterns at hand."""

from __future__ import annotations

import itertools
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file
from scipy.spatial.distance import cdist
from scipy.special import logsumexp

from numerics import energies, streaming
from numerics.streaming import (
    global_energy,
    global_energy_gradient,
    layer_energy,
    layer_energy_gradient,
    nearest_distance,
    nearest_patterns,
    scan_patterns,
)
from numerics.streaming_files import StreamError
from numerics.streaming_sources import chain_patterns

Array = np.ndarray[Any, Any]
ROOT = Path(__file__).parent.parent
WIDTH = 12


def sample(count: int, queries: int = 6, dtype: Any = np.float64, offset: float = 0.0) -> tuple[Array, Array]:
    """Queries, the first of them patterns or next to one, and patterns."""
    draw = np.random.default_rng(count)
    rho = (draw.normal(size=(count, WIDTH)) + offset).astype(dtype)
    x = (draw.normal(size=(queries, WIDTH)) + offset).astype(dtype)
    x[0], x[1] = rho[count // 2], rho[-1] + dtype(1e-3)
    return x, rho


def expected(x: Array, rho: Array, p: float, beta: float) -> tuple[Array, Array]:
    """Energy and gradient from all distances, in double precision."""
    x, rho = x.astype(np.float64), rho.astype(np.float64)
    distances = cdist(x, rho)
    scores = -beta * distances**p
    energy = -logsumexp(scores, axis=1)
    weights = np.exp(scores + energy[:, None]) * beta * p * np.maximum(distances, 1e-300) ** (p - 2)
    weights[distances == 0] = 0
    return energy, np.einsum("qi,qik->qk", weights, x[:, None] - rho)


@pytest.mark.parametrize("p", [1, 1.5, 2, 3])
@pytest.mark.parametrize("offset", [0.0, 100.0])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 3e-5), (np.float64, 1e-12)])
def test_energy_gradient_and_neighbours(p: float, offset: float, dtype: Any, tolerance: float) -> None:
    x, rho = sample(5000, dtype=dtype, offset=offset)
    energy, gradient = expected(x, rho, p, 0.7)
    found = scan_patterns(x, rho, p=p, beta=0.7, gradient=True, neighbours=3)
    np.testing.assert_allclose(found.energy, energy, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(found.gradient, gradient, rtol=10 * tolerance, atol=10 * tolerance)
    distances = cdist(x.astype(np.float64), rho.astype(np.float64))
    order = np.argsort(distances, axis=1, kind="stable")[:, :3]
    assert np.array_equal(found.indices, order)
    np.testing.assert_allclose(found.distances, np.take_along_axis(distances, order, 1), rtol=1e-14)


@pytest.mark.parametrize("beta", [1e-44, 1e-4, 1.0, 1e4, 1e30])
@pytest.mark.parametrize("p", [1, 2])
def test_temperatures_neither_overflow_nor_vanish(beta: float, p: float) -> None:
    x, rho = sample(3000, dtype=np.float32)
    distances = cdist(x.astype(np.float64), rho.astype(np.float64))
    found = scan_patterns(x, rho, p=p, beta=beta, neighbours=2)
    energy = -logsumexp(-beta * distances**p, axis=1)
    np.testing.assert_allclose(found.energy, energy, rtol=3e-6, atol=2e-6 * beta + 1e-5)
    assert np.array_equal(found.indices, np.argsort(distances, axis=1)[:, :2])


@pytest.mark.parametrize("p", [1, 2])
def test_as_the_compiled_energies(p: int) -> None:
    x, rho = sample(400)
    x += 0.01
    np.testing.assert_allclose(layer_energy(x, rho, p, 0.7), energies.layer_energy(x, rho, p, 0.7), rtol=1e-12)
    slopes = energies.layer_energy_gradient(x, rho, p, 0.7)
    np.testing.assert_allclose(layer_energy_gradient(x, rho, p, 0.7), slopes, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(nearest_distance(x, rho, p), energies.nearest_distance(x, rho, p), rtol=1e-12)
    layers = [rho[:100], rho[100:]]
    np.testing.assert_allclose(global_energy(x, layers, p), energies.global_energy(x, layers, p), rtol=1e-12)


def test_the_shift_follows_patterns_that_come_nearer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numerics.streaming.TASK_BYTES", 1)
    x, rho = sample(4000)
    far = np.sort(np.linspace(1, 60, len(rho)))[::-1, None] * rho / np.linalg.norm(rho, axis=1)[:, None]
    energy, gradient = expected(x, far, 2, 1.0)
    for order in (far, far[::-1]):
        np.testing.assert_allclose(layer_energy(x, order), energy, rtol=1e-12)
        np.testing.assert_allclose(layer_energy_gradient(x, order), gradient, rtol=1e-9, atol=1e-9)


def test_near_patterns_keep_their_digits() -> None:
    draw = np.random.default_rng(1)
    x = (1000 * draw.normal(size=(4, WIDTH))).astype(np.float32)
    rho = np.concatenate([x + draw.normal(size=x.shape).astype(np.float32) / 64, 1000 * draw.normal(size=(50, WIDTH))])
    rho = rho.astype(np.float32)
    for p in (1, 2):
        energy, gradient = expected(x, rho, p, 1.0)
        np.testing.assert_allclose(layer_energy(x, rho, p), energy, rtol=1e-5)
        assert np.abs(layer_energy_gradient(x, rho, 1) - expected(x, rho, 1, 1.0)[1]).max() < 0.05
    assert np.abs(gradient).max() > 0


def test_nearest_distance_is_exact_where_products_are_blind() -> None:
    draw = np.random.default_rng(2)
    base = (1e4 * draw.normal(size=(40, WIDTH))).astype(np.float32)
    rho = np.concatenate([base + np.float32(step) / 128 for step in range(20)])
    x = base + np.float32(3.4) / 128
    distances = cdist(x.astype(np.float64), rho.astype(np.float64))
    found, indices = nearest_patterns(x, rho, 2)
    assert np.array_equal(indices, np.argsort(distances, axis=1, kind="stable")[:, :2])
    np.testing.assert_allclose(found, np.sort(distances, axis=1)[:, :2], rtol=1e-14)
    np.testing.assert_allclose(nearest_distance(x, rho), found[:, 0] ** 2, rtol=1e-15)


def test_equal_distances_go_by_row() -> None:
    rho = np.zeros((3000, 2), np.float32)
    _, indices = nearest_patterns(np.ones((1, 2), np.float32), rho, 4)
    assert indices.tolist() == [[0, 1, 2, 3]]


def stored(folder: Path, kind: str, rho: Array) -> Any:
    """The patterns as each kind of source."""
    path = folder / "rho.npy"
    if kind == "safetensors":
        path = folder / "rho.safetensors"
        save_file({"queries": rho[:2].copy(), "patterns": rho}, path)
        return path
    if kind == "iterator":
        return iter(np.array_split(rho, 7))
    np.save(path, rho)
    if kind == "view of a map":
        np.save(path, np.concatenate([np.full_like(rho[:3], 9), rho, rho[:2]]))
        return np.load(path, mmap_mode="r")[3:-2]
    if kind == "private map":
        np.save(path, np.concatenate([rho[:9], rho[9:-9] + 1, rho[-9:]]))
        changed = np.load(path, mmap_mode="c")
        changed[:] = rho
        return changed
    return {"path": path, "map": np.load(path, mmap_mode="r"), "shared map": np.load(path, mmap_mode="r+")}[kind]


@pytest.mark.parametrize(
    "kind", ["path", "map", "shared map", "private map", "view of a map", "safetensors", "iterator"]
)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int16])
def test_every_source_gives_the_same(tmp_path: Path, kind: str, dtype: Any) -> None:
    x, rho = sample(3000)
    rho = (8 * rho).astype(dtype)
    held = scan_patterns(x, rho, gradient=True, neighbours=2, beta=0.01, threads=1)
    found = scan_patterns(x, stored(tmp_path, kind, rho), gradient=True, neighbours=2, beta=0.01)
    np.testing.assert_allclose(found.energy, held.energy, rtol=1e-13)
    np.testing.assert_allclose(found.gradient, held.gradient, rtol=1e-9, atol=1e-12)
    assert np.array_equal(found.indices, held.indices)
    np.testing.assert_allclose(held.energy, expected(x, rho, 2, 0.01)[0], rtol=1e-12)


def test_a_map_whose_file_was_replaced_is_read_from_the_map(tmp_path: Path) -> None:
    x, rho = sample(300)
    path = tmp_path / "rho.npy"
    np.save(path, rho)
    held = np.load(path, mmap_mode="r")
    path.unlink()
    np.save(path, rho + 1)
    np.testing.assert_allclose(layer_energy(x, held), expected(x, rho, 2, 1.0)[0], rtol=1e-12, atol=1e-12)


def test_a_map_with_gaps_is_read_from_the_map(tmp_path: Path) -> None:
    rho = np.zeros((9, 2))
    rho[3] = 5
    np.save(tmp_path / "rho.npy", rho)
    held = np.load(tmp_path / "rho.npy", mmap_mode="r")[::2]
    np.testing.assert_allclose(layer_energy(rho[3:4], held), 50 - np.log(5))


def test_the_result_does_not_depend_on_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numerics.streaming.TASK_BYTES", 1 << 16)
    monkeypatch.setattr("numerics.streaming_blocks.PIECE_BYTES", 1)
    x, rho = sample(5000, queries=40, dtype=np.float32)
    one, four = (scan_patterns(x, rho, gradient=True, neighbours=2, threads=n) for n in (1, 4))
    for first, second in zip(vars(one).values(), vars(four).values(), strict=True):
        assert np.array_equal(first, second)
    order = np.argsort(cdist(x.astype(np.float64), rho.astype(np.float64)), axis=1)[:, :2]
    assert np.array_equal(one.indices, order)


def test_bfloat16_and_unnamed_tensors(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file as save_tensors

    rho = torch.randn(500, WIDTH, generator=torch.Generator().manual_seed(0)).bfloat16()
    save_tensors({"whatever": rho}, tmp_path / "a.safetensors")
    x, plain = sample(10)[0], rho.double().numpy()
    np.testing.assert_allclose(layer_energy(x, tmp_path / "a.safetensors"), expected(x, plain, 2, 1)[0], rtol=1e-12)


def test_the_global_energy_flattens(tmp_path: Path) -> None:
    x, rho = sample(900)
    np.save(tmp_path / "layer.npy", rho[:500])
    layers = [tmp_path / "layer.npy", rho[500:700], rho[700:]]
    each = np.stack([expected(x, part, 2, 1.0)[0] for part in (rho[:500], rho[500:700], rho[700:])])
    np.testing.assert_allclose(global_energy(x, layers), -logsumexp(-each, axis=0), rtol=1e-12)
    np.testing.assert_allclose(global_energy_gradient(x, layers), expected(x, rho, 2, 1.0)[1], atol=1e-10)
    _, indices = nearest_patterns(rho[[3, 650, 899]], chain_patterns(layers))
    assert indices[:, 0].tolist() == [3, 650, 899]


def test_memory_stays_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numerics.streaming.TASK_BYTES", 1 << 20)
    monkeypatch.setattr("numerics.streaming_blocks.PIECE_BYTES", 1 << 18)
    rho = np.random.default_rng(0).normal(size=(1 << 16, 32)).astype(np.float32)  # 8 MiB
    np.save(tmp_path / "rho.npy", rho)
    x = rho[:8] + 1
    tracemalloc.start()
    try:
        scan_patterns(x, tmp_path / "rho.npy", gradient=True, neighbours=1, threads=2)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 << 20  # in each of two threads rows, centred rows and scores of a piece


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        (np.zeros((0, WIDTH)), "are empty"),
        (iter([]), "iterator of blocks of patterns is empty"),
        (iter([np.zeros((0, WIDTH))]), "are empty: give at least one pattern"),
        (np.zeros(WIDTH), "2-d array with one pattern a row"),
        (np.zeros((4, WIDTH + 1)), f"{WIDTH} wide where {WIDTH + 1} is expected"),
        (iter([np.zeros((4, WIDTH)), np.zeros((4, 3))]), f"block 2 of the patterns are 3 wide where {WIDTH}"),
        (np.zeros((4, WIDTH), complex), "dtype complex128: allowed are float16"),
        (np.array([["a"]]), "dtype <U1"),
        ([[1.0, 2.0], [3.0]], "no array of numbers"),
        (7, "patterns of type int: give a 2-d array"),
        (np.full((4, WIDTH), 1e200), "overflow float64"),
    ],
)
def test_patterns_that_are_refused(patterns: Any, said: str) -> None:
    with pytest.raises(StreamError, match=said):
        layer_energy(np.zeros((2, WIDTH)), patterns)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite_are_located(bad: float) -> None:
    x, rho = sample(70000, dtype=np.float32)
    rho[66000, 3] = bad
    with pytest.raises(StreamError, match=f"row 66001, column 4: {bad} is not finite"):
        layer_energy(x, rho)
    with pytest.raises(StreamError, match="the queries, row 1, column 4"):
        layer_energy(rho[66000:66001], x)
    with pytest.raises(StreamError, match="overflow float32: compute with dtype=float64"):
        layer_energy(x, np.full((3, WIDTH), 1e25, np.float32))
    assert np.isfinite(layer_energy(x, np.full((3, WIDTH), 1e25, np.float32), dtype=np.float64)).all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"p": 0}, "p is 0; allowed is a positive"),
        ({"p": None}, "p is None; allowed"),
        ({"beta": -1.0}, "beta is -1.0; allowed is one positive"),
        ({"beta": "a"}, "beta is 'a'; allowed"),
        ({"beta": np.array(-1.0)}, r"beta is array\(-1.\); allowed"),
        ({"p": 0.5, "gradient": True}, "infinite at a pattern"),
        ({"neighbours": 99}, "99 nearest patterns of 20: ask for fewer"),
        ({"energy": False}, "nothing is asked for"),
        ({"dtype": np.float16}, "computed is in float32 or float64"),
        ({"threads": 0}, "threads is 0; allowed is a whole number from 1"),
        ({"threads": 2.5}, "threads is 2.5; allowed"),
        ({"neighbours": 1.5}, "neighbours is 1.5; allowed"),
        ({"neighbours": -1}, "neighbours is -1; allowed"),
    ],
)
def test_options_that_are_refused(options: dict[str, Any], said: str) -> None:
    x, rho = sample(20)
    with pytest.raises(StreamError, match=said):
        scan_patterns(x, rho, **options)


@pytest.mark.parametrize("p", [-3, 0, np.nan, np.inf, True, "2", None])
def test_a_nearest_distance_takes_a_positive_power(p: Any) -> None:
    x, rho = sample(20)
    with pytest.raises(StreamError, match="allowed is a positive finite number"):
        nearest_distance(x, rho, p)


def test_a_gradient_below_the_first_power_is_refused_here_and_a_convention_in_memory() -> None:
    x, rho = sample(20)
    with pytest.raises(StreamError, match="infinite at a pattern"):
        layer_energy_gradient(x, rho, 0.5)
    assert np.array_equal(energies.layer_energy_gradient(rho[:1], rho[:1], 0.5), np.zeros((1, WIDTH)))


def test_an_iterator_is_read_once() -> None:
    x, rho = sample(50)
    source = streaming.open_patterns(itertools.repeat(rho, 2))
    assert scan_patterns(x, source).count == 100
    with pytest.raises(StreamError, match="was read already"):
        layer_energy(x, source)
    with pytest.raises(StreamError, match="3 nearest patterns of 2: ask for fewer"):
        nearest_patterns(x, iter([rho[:2]]), 3)


def test_files_that_are_refused(tmp_path: Path) -> None:
    x, rho = sample(50)
    path = tmp_path / "a.npy"
    np.save(path, rho)
    whole = path.read_bytes()
    for content, said in (
        (whole[:-100], r"is truncated: 50 rows of 12 float64 need .* \(room for 48 rows\)"),
        (whole[:40], "not a .npy file or is truncated"),
        (b"", "not a .npy file or is truncated"),
    ):
        path.write_bytes(content)
        with pytest.raises(StreamError, match=said):
            layer_energy(x, path)
    np.save(path, rho.T.copy().T)
    with pytest.raises(StreamError, match="stored by columns"):
        layer_energy(x, path)
    np.save(path, np.array([[{}]]), allow_pickle=True)
    with pytest.raises(StreamError, match="holds object"):
        layer_energy(x, path)
    with pytest.raises(StreamError, match=r"allowed are \.npy, \.safetensors"):
        layer_energy(x, tmp_path / "a.pkl")
    with pytest.raises(StreamError, match="missing"):
        layer_energy(x, tmp_path / "b.npy")
    other = tmp_path / "a.safetensors"
    save_file({"a": rho, "b": rho}, other)
    with pytest.raises(StreamError, match="holds the tensors a, b, wanted is 'patterns'"):
        layer_energy(x, other)
    np.testing.assert_allclose(layer_energy(x, other, name="b"), expected(x, rho, 2, 1.0)[0], atol=1e-12)
    content = other.read_bytes()
    for broken in (content[:-8], content[:20], b"", content.replace(b"[0,4800]", b"[0,4792]")):
        other.write_bytes(broken)
        with pytest.raises(StreamError, match=r"truncated"):
            layer_energy(x, other, name="b" if broken == content[:-8] else "a")


def test_a_file_that_shrinks_is_noticed(tmp_path: Path) -> None:
    x, rho = sample(50)
    np.save(tmp_path / "a.npy", rho)
    source = streaming.open_patterns(tmp_path / "a.npy")
    (tmp_path / "a.npy").write_bytes((tmp_path / "a.npy").read_bytes()[:-100])
    with pytest.raises(StreamError, match="became shorter"):
        layer_energy(x, source)


def test_chains_that_are_refused() -> None:
    x, rho = sample(20)
    for parts, said in (
        ([], "at least one"),
        ("a.npy", "as a list of arrays or paths"),
        ([rho, rho[:, :3]], "3 wide, those before 12"),
        ([iter([rho])], "only arrays, memory maps and files can be chained"),
    ):
        with pytest.raises(StreamError, match=said):
            global_energy(x, parts)


def test_products_take_one_thread_in_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    control = pytest.importorskip("threadpoolctl")
    with streaming.one_thread_products(2):
        assert {pool["num_threads"] for pool in control.threadpool_info() if pool["user_api"] == "blas"} == {1}
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert streaming.one_thread_products(2).__enter__() is None


def test_torch_and_scipy_are_not_loaded() -> None:
    script = (
        "import sys, numerics.streaming, numerics.neighbours; "
        "print([m for m in ('torch', 'scipy', 'sympy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
