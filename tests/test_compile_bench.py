"""The benchmark of routines: peers agree, ratios are paired, files are written."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from numerics import bench_routines, bench_routines_peers
from numerics.bench_routines import bench, interleaved, main
from validation.cli import app


def test_a_small_run_says_and_writes_every_row(tmp_path):
    said = []
    files = bench(points=40, patterns=60, width=8, rounds=3, folder=tmp_path, say=said.append)
    record = json.loads(files[0].read_text(encoding="utf-8"))
    rows = {(row["backend"], row["quantity"], row["peer"]) for row in record["rows"]}
    for quantity in ("energy", "gradient", "step", "network step"):
        for peer in ("by hand", "floor"):
            assert ("numpy", quantity, peer) in rows
    assert ("numpy", "energy", "scipy logsumexp") in rows
    assert all(row["seconds"] > 0 and row["ratio"] > 0 for row in record["rows"])
    assert record["versions"]["numpy"] == np.__version__
    pytest.importorskip("torch")
    assert ("torch", "energy", "torch cdist + logsumexp") in rows
    absent = [line for line in said if "not installed" in line]
    assert len(absent) + len([row for row in rows if row[2] in ("keops", "hflayers")]) == 2


def test_a_peer_that_is_wrong_is_an_error(monkeypatch):
    wrong = {"numpy": lambda quantity: lambda x, patterns: np.zeros(len(x), np.float32)}
    monkeypatch.setattr(bench_routines, "HAND", wrong)
    arrays = [np.ones((4, 2), np.float32), np.zeros((3, 2), np.float32)]
    with pytest.raises(ArithmeticError, match="by hand differs from the routine"):
        bench_routines.measure("numpy", arrays, 1, lambda line: None)


def test_rounds_are_interleaved_and_turned():
    order = []
    seconds = interleaved({name: lambda name=name: order.append(name) for name in "abc"}, 3)
    assert "".join(order) == "abc" + "abc" + "bca" + "cab"
    assert {name: len(times) for name, times in seconds.items()} == {"a": 3, "b": 3, "c": 3}


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("quantity", ["energy", "gradient", "step", "network step"])
def test_code_by_hand_is_right_over_several_blocks(backend, quantity, monkeypatch):
    monkeypatch.setattr(bench_routines_peers, "ROWS", 7)
    convert = np.asarray if backend == "numpy" else pytest.importorskip("torch").from_numpy
    draw = np.random.default_rng(0)
    x, patterns = (convert(draw.normal(size=shape)) for shape in ((17, 3), (11, 3)))
    found = bench_routines_peers.HAND[backend](quantity)(x, patterns)
    expected = bench_routines.routines(backend)[quantity](x, patterns)
    assert np.asarray(found) == pytest.approx(np.asarray(expected), rel=1e-12, abs=1e-13)


def test_bad_sizes_are_refused(tmp_path):
    with pytest.raises(ValueError, match="rounds is 0"):
        main(["--rounds", "0", "--out", str(tmp_path)])


def test_the_command_measures_and_refuses(tmp_path):
    sizes = ["bench", "routines", "--points", "5", "--patterns", "6", "--width", "2", "--folder", str(tmp_path)]
    done = CliRunner().invoke(app, [*sizes, "--rounds", "1"])
    assert done.exit_code == 0
    assert (tmp_path / "routines.json").exists()
    refused = CliRunner().invoke(app, [*sizes, "--rounds", "0"])
    assert refused.exit_code == 3
