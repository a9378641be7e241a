"""Nearest other rows: exact, also where products in float32 are blind."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from numerics import neighbours
from numerics.bench_neighbours import ask_faiss, near_duplicates
from numerics.neighbours import NeighbourError, find_neighbours
from numerics.neighbours_bounds import product_error, product_factor

Array = np.ndarray[Any, Any]
RNG = np.random.default_rng(11)


def expected(points: Array, k: int) -> tuple[Array, Array]:
    squared = cdist(points.astype(np.float64), points.astype(np.float64), "sqeuclidean")
    np.fill_diagonal(squared, np.inf)
    order = np.argsort(squared, axis=1, kind="stable")[:, :k]
    return order, np.sqrt(np.take_along_axis(squared, order, 1))


def agree(points: Array, k: int, **options: Any) -> neighbours.Neighbours:
    """Compare with all distances; rows may differ only where they are reported as undecided."""
    found = find_neighbours(points, k, **options)
    order, distances = expected(points, k)
    np.testing.assert_allclose(found.distances, distances, rtol=1e-14)
    assert np.array_equal(found.indices[~found.undecided], order[~found.undecided])
    return found


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("offset", [0.0, 500.0])
@pytest.mark.parametrize("k", [1, 3])
def test_against_all_distances(dtype: Any, offset: float, k: int) -> None:
    points = (RNG.normal(size=(700, 24)) + offset).astype(dtype)
    found = agree(points, k, block=128)
    if dtype != np.float16:  # with an offset, float16 has rows at one place
        assert not found.undecided.any()
        assert found.measured < 2 * k * len(points)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_rows_that_need_double_precision(k: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "LONG", 1)
    points = near_duplicates(900, 32)
    found = agree(points, k, block=300)
    assert not found.undecided.any()
    assert found.repeated > 0


def test_double_precision_finds_k_different_rows() -> None:
    """Two rows nearly coincide, so that their pair is seen in both precisions; the second neighbour is far away."""
    points = np.concatenate([1e6 * RNG.normal(size=(300, 8)), 1e-3 * RNG.normal(size=(300, 8)) + 7])
    for k in (2, 3):
        found = agree(points, k, block=200)
        assert found.repeated > 0


def test_faiss_is_wrong_where_this_is_right() -> None:
    faiss = pytest.importorskip("faiss")
    points = near_duplicates(1200, 128)
    order, _ = expected(points, 1)
    assert (ask_faiss(faiss, points) == order[:, 0]).mean() < 0.9
    assert np.array_equal(find_neighbours(points).indices, order)


def test_rows_at_one_place_and_ties() -> None:
    found = find_neighbours(np.zeros((40, 3)), 2, block=16)
    assert found.indices[:3].tolist() == [[1, 2], [0, 2], [0, 1]]
    assert not found.undecided.any()
    grid = np.array([[0.0], [1.0], [2.0], [4.5]])
    found = find_neighbours(grid)
    assert found.indices[:, 0].tolist() == [1, 0, 1, 2]
    assert found.undecided.tolist() == [False, True, False, False]


def test_many_rows_at_one_place_use_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "HELD", 1000)
    points = np.repeat(RNG.normal(size=(7, 4)), 60, axis=0)
    order, _ = expected(points, 3)
    assert np.array_equal(find_neighbours(points, 3, block=50).indices, order)


@pytest.mark.parametrize("scale", [1e-30, 1e-12, 1e12, 1e30])
def test_any_unit(scale: float) -> None:
    points = RNG.normal(size=(200, 6))
    one, other = find_neighbours(points), find_neighbours(points * scale)
    assert np.array_equal(one.indices, other.indices)
    np.testing.assert_allclose(one.distances * scale, other.distances, rtol=1e-14)


def test_all_other_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "HELD", 0)
    points = RNG.normal(size=(9, 2)).astype(np.float32)
    for block in (2, 4, 9):
        assert np.array_equal(find_neighbours(points, 8, block=block).indices, expected(points, 8)[0])


def test_the_bound_covers_what_products_lose() -> None:
    """Against exact arithmetic, on rows made to cancel."""
    for width in (1, 3, 50):
        points = (RNG.normal(size=(30, width)) * 10.0 ** RNG.uniform(-3, 3, (30, 1)) + 30).astype(np.float32)
        centre = points.mean(axis=0, dtype=np.float64)
        scaled, unit = neighbours._centred(points, centre)
        lengths = np.sqrt(scaled[:, -2].astype(np.float64))
        products = neighbours.HostProducts(scaled).multiply(slice(0, 30), slice(0, 30))
        worst = 0.0
        for i in range(30):
            for j in range(i):
                exact = sum(
                    (Fraction(float(a)) - Fraction(float(b))) ** 2 for a, b in zip(*points[[i, j]], strict=True)
                )
                lost = abs(float(exact / Fraction(unit) ** 2 - Fraction(float(products[i, j]))))
                worst = max(worst, lost / float(product_error(width, np.float32, lengths[i], lengths[j])))
        assert 1e-3 < worst <= 1


def test_a_bound_that_is_too_small_loses_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "product_error", lambda width, dtype, lengths, largest: 0 * lengths)
    points = near_duplicates(900, 32)
    assert not np.array_equal(find_neighbours(points).indices, expected(points, 1)[0])


def test_widths_for_which_the_bound_says_nothing() -> None:
    with pytest.raises(ValueError, match="use float64"):
        product_factor(5_000_000, np.float32)


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
def test_tensors(dtype: str) -> None:
    torch = pytest.importorskip("torch")
    points = torch.from_numpy(near_duplicates(300, 16)).to(getattr(torch, dtype))
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        found = find_neighbours(points, 2, block=64)
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision(before)
    order, _ = expected(points.double().numpy(), 2)
    assert np.array_equal(found.indices[~found.undecided], order[~found.undecided])


def test_a_device_that_shortens_products_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    product = torch.Tensor.__matmul__
    monkeypatch.setattr(torch.Tensor, "__matmul__", lambda one, other: product(one, other).bfloat16().float())
    with pytest.raises(RuntimeError, match="shortens float32"):
        find_neighbours(torch.zeros(4, 2))


@pytest.mark.parametrize(
    ("points", "k", "said"),
    [
        (np.zeros((0, 3)), 1, "1 nearest other rows of 0 rows"),
        (np.zeros((1, 3)), 1, "1 nearest other rows of 1 rows"),
        (np.zeros((4, 3)), 4, "4 nearest other rows of 4 rows: k is from 1 to 3"),
        (np.zeros((4, 3)), 0, "0 nearest other rows"),
        (np.zeros(4), 1, "give a 2-d array"),
        (np.zeros((4, 0)), 1, "at least one column"),
        (np.zeros((4, 3), complex), 1, "dtype complex128"),
        (np.array([[0.0, 1.0], [np.nan, 1.0]]), 1, "row 2, column 1: nan is not finite"),
        (np.full((4, 3), 1e200), 1, "squared distances overflow"),
    ],
)
def test_what_is_refused(points: Array, k: int, said: str) -> None:
    with pytest.raises(NeighbourError, match=said):
        find_neighbours(points, k)
