"""Passes that are interrupted and go on."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from numerics import streaming
from numerics.streaming import Scan, scan_patterns
from numerics.streaming_files import StreamError
from numerics.streaming_sources import chain_patterns

ASKED: dict[str, Any] = {"gradient": True, "neighbours": 2, "threads": 2}


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[np.ndarray, Path]:
    monkeypatch.setattr("numerics.streaming.TASK_BYTES", 1)
    monkeypatch.setattr("numerics.streaming_blocks.PIECE_BYTES", 1)  # 64 rows a task
    draw = np.random.default_rng(3)
    np.save(tmp_path / "rho.npy", draw.normal(size=(5000, 8)))
    return draw.normal(size=(5, 8)), tmp_path / "rho.npy"


def same(one: Scan, other: Scan) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(vars(one).values(), vars(other).values(), strict=True))


def interrupt(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Ctrl-C while the tasks after some number are waited for."""
    join, calls = streaming.join_states, []

    def joined(*states: Any) -> Any:
        calls.append(states)
        if len(calls) > after:
            raise KeyboardInterrupt
        return join(*states)

    monkeypatch.setattr("numerics.streaming.join_states", joined)


def test_an_interrupted_job_goes_on_to_the_same_numbers(
    inputs: tuple[np.ndarray, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, path = inputs
    whole = scan_patterns(x, path, **ASKED)
    rows = []
    for after in (4, 7, 0):
        with monkeypatch.context() as patch:
            interrupt(patch, after)
            with pytest.raises(KeyboardInterrupt):
                scan_patterns(x, path, job=tmp_path / "job", **ASKED)
        rows.append(json.loads((tmp_path / "job.json").read_text())["rows"])
    assert rows == [4 * 64, 11 * 64, 11 * 64]
    assert same(scan_patterns(x, path, job=tmp_path / "job", **ASKED), whole)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["job-5000.npy", "job.json", "rho.npy"]
    monkeypatch.setattr("numerics.streaming.scan_task", lambda *given: pytest.fail("nothing is left to do"))
    assert same(scan_patterns(x, path, job=tmp_path / "job", **ASKED), whole)


def test_a_chain_of_files_goes_on(
    inputs: tuple[np.ndarray, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, path = inputs
    np.save(tmp_path / "more.npy", np.load(path)[:1000] + 1)
    chain = chain_patterns([path, tmp_path / "more.npy"])
    whole = scan_patterns(x, chain, **ASKED)
    for after in (70, 12):
        with monkeypatch.context() as patch:
            interrupt(patch, after)
            with pytest.raises(KeyboardInterrupt):
                scan_patterns(x, chain, job=tmp_path / "job", **ASKED)
    assert json.loads((tmp_path / "job.json").read_text())["rows"] == 5000 + 3 * 64
    assert same(scan_patterns(x, chain, job=tmp_path / "job", **ASKED), whole)


def test_other_inputs_are_refused(inputs: tuple[np.ndarray, Path], tmp_path: Path) -> None:
    x, path = inputs
    job = tmp_path / "job"
    scan_patterns(x, path, job=job, **ASKED)
    for points, asked in ((x + 1, ASKED), (x, ASKED | {"beta": 2.0}), (x, ASKED | {"neighbours": 1})):
        with pytest.raises(StreamError, match="belongs to other inputs"):
            scan_patterns(points, path, job=job, **asked)
    changed = np.load(path)
    changed[17, 2] += 1
    np.save(path, changed)
    with pytest.raises(StreamError, match=r"belongs to other inputs .*delete it, or give another path"):
        scan_patterns(x, path, job=job, **ASKED)


def test_broken_jobs_are_refused(inputs: tuple[np.ndarray, Path], tmp_path: Path) -> None:
    x, path = inputs
    job = tmp_path / "job"
    scan_patterns(x, path, job=job)
    record = (tmp_path / "job.json").read_text()
    for text in ("", "[]", "{}", record.replace('"rows": 5000', '"rows": 4096')):
        (tmp_path / "job.json").write_text(text)
        with pytest.raises(StreamError, match="is broken"):
            scan_patterns(x, path, job=job)
    (tmp_path / "job.json").write_text(record)
    np.save(tmp_path / "job-5000.npy", np.zeros((5, 3)))
    with pytest.raises(StreamError, match="its sums were changed"):
        scan_patterns(x, path, job=job)


def test_jobs_need_a_file_and_a_folder(inputs: tuple[np.ndarray, Path], tmp_path: Path) -> None:
    x, path = inputs
    with pytest.raises(StreamError, match="a job resumes patterns that lie in a file"):
        scan_patterns(x, np.load(path), job=tmp_path / "job")
    with pytest.raises(StreamError, match="there is no folder"):
        scan_patterns(x, path, job=tmp_path / "none" / "job")


def test_a_bar_only_on_a_terminal(inputs: tuple[np.ndarray, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    x, path = inputs
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    scan_patterns(x, path)
    assert sys.stderr.getvalue() == ""
    scan_patterns(x, path, progress=True)
    assert "5000" in sys.stderr.getvalue()


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_control_c_in_a_terminal_leaves_a_job(tmp_path: Path) -> None:
    np.save(tmp_path / "rho.npy", np.random.default_rng(0).normal(size=(3000, 4)))
    script = (
        "import sys, time, numpy as np\n"
        "from numerics import streaming, streaming_blocks\n"
        "streaming.TASK_BYTES = streaming_blocks.PIECE_BYTES = 1\n"
        "scan = streaming.scan_task\n"
        "def slow(plan, task, what):\n"
        "    if task.start > 1000: print('here', flush=True); time.sleep(0.2)\n"
        "    return scan(plan, task, what)\n"
        "streaming.scan_task = slow\n"
        f"streaming.layer_energy(np.zeros((2, 4)), {str(tmp_path / 'rho.npy')!r}, job={str(tmp_path / 'job')!r})\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline().startswith("here")
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert "KeyboardInterrupt" in said
    assert 0 < json.loads((tmp_path / "job.json").read_text())["rows"] < 3000
