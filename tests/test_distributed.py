"""Patterns split over processes: two local processes find what one finds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from numerics.streaming import Scan, scan_patterns
from numerics.streaming_files import StreamError
from numerics.streaming_sources import chain_patterns, take_shard

torch = pytest.importorskip("torch")
Array = np.ndarray[Any, Any]
ROOT = Path(__file__).parent.parent


def sample() -> tuple[Array, Array]:
    draw = np.random.default_rng(5)
    rho = draw.normal(size=(900, 6)) + 3
    return np.concatenate([rho[[10, 700]], draw.normal(size=(5, 6))]), rho


def cases() -> dict[str, Any]:
    """By name: what each of two processes is given, and the message of each where both must raise."""
    x, rho = sample()
    bad = rho.copy()
    bad[40, 2] = np.nan
    asked = {"gradient": True, "neighbours": 3, "threads": 1}
    alone = asked | {"energy": False, "gradient": False}
    return {
        "uneven": ([(x, rho[:850], asked), (x, rho[850:], asked)], None),
        "one has none": ([(x, None, asked), (x, rho, asked)], None),
        "fewer than wanted": ([(x, rho[:2], asked), (x, rho[2:], asked)], None),
        "float32 and float64": ([(x, rho[:300], asked), (x, rho[300:].astype(np.float32), asked)], None),
        "neighbours alone": ([(x, half, alone) for half in (rho[:450], rho[450:])], None),
        "not finite": ([(x, rho, asked), (x, bad, asked)], ("process 1 cannot use its input", "row 41, column 3: nan")),
        "no such file": ([(x, "no.npy", asked), (x, rho, asked)], ("no.npy is missing", "process 0 cannot use")),
        "other queries": ([(x, rho, asked), (x + 1, rho, asked)], ("different queries or options",) * 2),
        "too few": ([(x, rho[:1], asked), (x, rho[:1], asked)], ("3 nearest patterns of 2",) * 2),
        "none at all": ([(x, None, asked), (x, None, asked)], ("of all processes hold no patterns",) * 2),
    }  # fmt: skip


def work(rank: int, folder: str) -> None:
    """What one process does; it fails where a message is not the one that is expected."""
    import torch.distributed as dist

    from numerics.distributed import end_together, scan_shards

    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=2)
    for name, (given, messages) in cases().items():
        x, shard, asked = given[rank]
        try:
            found = scan_shards(x, shard, **asked)
        except StreamError as error:
            if messages is None or messages[rank] not in str(error):
                raise AssertionError(f"{name}, process {rank}: {error}") from error
            continue
        if messages is not None:
            raise AssertionError(f"{name}, process {rank}: nothing was raised")
        np.savez(Path(folder) / f"{name} {rank}.npz", **{k: v for k, v in vars(found).items() if v is not None})
    end_together()


def assert_same(found: Any, expected: Scan, tolerance: float = 1e-12) -> None:
    for name, value in vars(expected).items():
        if value is not None:
            np.testing.assert_allclose(found[name], value, rtol=tolerance, atol=tolerance, err_msg=name)


def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    torch.multiprocessing.spawn(work, (str(tmp_path),), nprocs=2)
    x, rho = sample()
    for name, (_, messages) in cases().items():
        if messages is None:
            energy = "alone" not in name
            rounded = np.concatenate([rho[:300], rho[300:].astype(np.float32)]) if "float32" in name else rho
            expected = scan_patterns(x, rounded, energy=energy, gradient=energy, neighbours=3)
            found = [np.load(tmp_path / f"{name} {rank}.npz") for rank in (0, 1)]
            for result in found:
                assert_same(result, expected)
                assert np.array_equal(result["indices"], expected.indices), name
                assert sorted(result) == sorted(k for k, v in vars(expected).items() if v is not None)


def test_torchrun_on_shards_of_a_file(tmp_path: Path) -> None:
    x, rho = (array.astype(np.float32) for array in sample())
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "rho.npy", rho)
    command = [
        sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2",
        "-m", "numerics.distributed", *(str(tmp_path / name) for name in ("x.npy", "rho.npy", "out.npz")),
        "--gradient", "--neighbours", "2",
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    assert_same(np.load(tmp_path / "out.npz"), scan_patterns(x, rho, gradient=True, neighbours=2), 1e-5)


def test_without_a_group() -> None:
    from numerics.distributed import main, scan_shards

    with pytest.raises(StreamError, match="there is no group of processes: start with torchrun"):
        scan_shards(*sample())
    with pytest.raises(SystemExit, match="start this with torchrun"):
        main(["x.npy", "rho.npy", "out.npz"])


def test_shards_cover_all_rows(tmp_path: Path) -> None:
    x, rho = sample()
    np.save(tmp_path / "rho.npy", rho)
    for patterns in (rho, tmp_path / "rho.npy"):
        shards = [take_shard(patterns, shard, 7) for shard in range(7)]
        assert sum(shard.count for shard in shards if shard is not None and shard.count) == len(rho)
        assert_same(vars(scan_patterns(x, chain_patterns(shards), neighbours=1)), scan_patterns(x, rho, neighbours=1))
    assert [take_shard(rho[:2], shard, 3) is None for shard in range(3)] == [True, False, False]
    for patterns, shard, said in ((rho, 2, "shard 2 of 2"), (iter([rho]), 0, "can be split into shards")):
        with pytest.raises(StreamError, match=said):
            take_shard(patterns, shard, 2)


def test_ray(tmp_path: Path) -> None:
    ray = pytest.importorskip("ray")
    from numerics.distributed_ray import scan_shards

    x, rho = sample()
    np.save(tmp_path / "rho.npy", rho[400:])
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        found = scan_shards(x, [rho[:400], tmp_path / "rho.npy"], gradient=True, neighbours=3)
    finally:
        ray.shutdown()
    assert_same(vars(found), scan_patterns(x, rho, gradient=True, neighbours=3))


def test_ray_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from numerics.distributed_ray import scan_shards

    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(StreamError, match=r"need Ray: pip install 'majorant\[ray\]'"):
        scan_shards(*sample())
