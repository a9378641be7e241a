"""The training loop: parts, precision, compilation, several processes, position classes, and its checkpoints."""

import functools
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from validation.experiments import checkpoints
from validation.experiments.checkpoints import CheckpointError, read_checkpoint
from validation.experiments.corpus import IGNORED, Corpus
from validation.experiments.evaluation import class_losses, mean_loss
from validation.experiments.model import Transformer, TransformerConfig
from validation.experiments.sources.question_source import QuestionFormation
from validation.experiments.training import LOG, TrainingConfig, TrainingReport, train

ROOT = Path(__file__).parents[1]
SOURCE = QuestionFormation()
CONFIG = TrainingConfig(steps=24, batch=6, rate=1e-2, warm_up=4, decay_until=30)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def build(dropout: float = 0.1) -> Transformer:
    torch.manual_seed(0)
    return Transformer(TransformerConfig(SOURCE.symbols, 16, 1, 2, 32, dropout, positions=64))


def lines(count: int = 40) -> list[list[int]]:
    return SOURCE.draw(count, seed=0)


def whole() -> TrainingReport:
    return train(build(), lines(), CONFIG, seed=1)


def cut_short(folder: Path, at: int, save_every: int = 5) -> TrainingReport:
    def stop(step: int, loss: float) -> None:
        if step == at:
            raise KeyboardInterrupt

    return train(build(), lines(), CONFIG, seed=1, folder=folder, save_every=save_every, on_step=stop)


def resume(folder: Path, config: TrainingConfig = CONFIG, seed: int = 1) -> TrainingReport:
    return train(build(), lines(), config, seed=seed, folder=folder, save_every=5)


# --- batches


def test_a_corpus_pads_on_the_right_and_knows_its_classes() -> None:
    corpus = Corpus([[3, 4, 9], [5, 9]], [[0, 1, 2], [0, 2]])
    inputs, targets, classes = corpus.batch_with_classes([1, 0])
    assert inputs.tolist() == [[9, 5, 9], [9, 3, 4]]
    assert targets.tolist() == [[5, 9, IGNORED], [3, 4, 9]]
    assert classes is not None
    assert classes.tolist() == [[0, 2, IGNORED], [0, 1, 2]]
    assert corpus.batch([1])[0].shape == (1, 2)
    assert Corpus([[3, 4, 9], [5, 9]], fixed_length=True).batch([1])[0].shape == (1, 3)
    with pytest.raises(ValueError, match="no lines, or an empty one"):
        Corpus([[1], []])


def test_every_line_comes_once_before_any_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    original = Corpus.batch_with_classes

    def listen(self: Corpus, rows: list[int]) -> object:
        asked.extend(rows)
        return original(self, rows)

    monkeypatch.setattr(Corpus, "batch_with_classes", listen)
    train(build(), lines(9), replace(CONFIG, batch=6, steps=6))
    assert [sorted(asked[start : start + 9]) for start in (0, 9, 18, 27)] == [list(range(9))] * 4
    assert asked[:9] != asked[9:18]


# --- the step


def test_parts_of_a_batch_add_up_to_the_batch() -> None:
    first, second = (train(build(0.0), lines(), replace(CONFIG, steps=8, accumulate=parts)).losses for parts in (1, 4))
    assert second == pytest.approx(first, rel=1e-4)


def test_bfloat16_is_near_float32_and_is_not_it() -> None:
    first, second = (
        train(build(0.0), lines(), replace(CONFIG, precision=precision)).losses for precision in ("float32", "bfloat16")
    )
    assert second != first
    assert second == pytest.approx(first, rel=0.05)


def test_a_compiled_model_is_trained_on_one_length(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []

    def spy(model: torch.nn.Module, **options: object) -> object:
        compiled.append(options)
        return functools.partial(model.__call__)

    monkeypatch.setattr(torch, "compile", spy)
    config = replace(CONFIG, steps=8)
    first, second = (train(build(0.0), lines(), replace(config, compiled=flag)).losses for flag in (False, True))
    assert compiled == [{"dynamic": False}]
    assert second == pytest.approx(first, rel=1e-4)


@pytest.mark.parametrize("wrong", [{"accumulate": 0}, {"accumulate": 7}, {"precision": "float8"}])
def test_impossible_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="accumulate <= batch and a precision of float32, bfloat16"):
        replace(CONFIG, **wrong)


def test_losses_by_class_add_up_to_the_mean_loss() -> None:
    model, found = build(), lines(30)
    corpus = Corpus(found, list(map(SOURCE.classify, found)))
    sums, counts = class_losses(model, corpus, classes=4, batch=7)
    assert sum(counts) == sum(map(len, found))
    assert counts[1] == counts[3] == 30
    assert sum(sums) / sum(counts) == pytest.approx(mean_loss(model, found), rel=1e-6)
    alone = [sum(class_losses(model, Corpus([line], [SOURCE.classify(line)]), 4)[0][place] for line in found)
             for place in range(4)]  # fmt: skip
    assert sums == pytest.approx(alone, rel=1e-5)


def test_evaluations_are_kept_and_do_not_disturb_the_training() -> None:
    measured = train(
        build(), lines(), CONFIG, seed=1, evaluate=lambda m: {"held_out": mean_loss(m, lines(5))}, evaluate_every=10
    )
    assert measured.losses == whole().losses
    assert [entry["step"] for entry in measured.evaluations] == [10, 20, 24]
    assert measured.evaluations[-1]["held_out"] < measured.evaluations[0]["held_out"]


# --- stopping and resuming


def test_a_resumed_training_ends_with_the_same_losses_bit_for_bit(tmp_path: Path) -> None:
    unbroken = train(build(), lines(), CONFIG, seed=1, folder=tmp_path / "whole", save_every=5)
    assert unbroken.losses == whole().losses
    assert cut_short(tmp_path / "cut", at=13).interrupted
    assert len((tmp_path / "cut" / LOG).read_text().splitlines()) >= 12
    resumed = resume(tmp_path / "cut")
    assert resumed.resumed_at == 10
    assert resumed.losses == unbroken.losses
    assert (tmp_path / "cut" / LOG).read_bytes() == (tmp_path / "whole" / LOG).read_bytes()
    assert resume(tmp_path / "cut").losses == unbroken.losses  # nothing left to do


def test_two_checkpoints_are_kept_and_nothing_is_left_half_written(tmp_path: Path) -> None:
    resume(tmp_path)
    names = [f"step-{step:08d}.{kind}" for step in (20, 24) for kind in ("json", "safetensors")]
    assert sorted(path.name for path in (tmp_path / "checkpoints").iterdir()) == names


KILLED = """
import sys, torch
torch.set_num_threads(1)
sys.path.insert(0, {tests!r})
from pathlib import Path
from test_training import CONFIG, build, lines
from validation.experiments.training import train
def tell(step, loss):
    print(step, flush=True)
    sys.stdin.readline()
train(build(), lines(), CONFIG, seed=1, folder=Path(sys.argv[1]), save_every=5, on_step=tell)
"""


def test_a_killed_training_is_resumed_with_the_same_losses(tmp_path: Path) -> None:
    script = KILLED.format(tests=str(ROOT / "tests"))
    command = [sys.executable, "-W", "ignore", "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == "17":
                process.send_signal(signal.SIGKILL)
                break
            process.stdin.write("\n")
            process.stdin.flush()
        process.wait()
    assert process.returncode == -signal.SIGKILL
    with (tmp_path / LOG).open("a") as log:
        log.write('{"step": 18, "nats_per')  # as a kill in the middle of a write leaves it
    resumed = resume(tmp_path)
    assert resumed.resumed_at == 15
    assert resumed.losses == whole().losses
    logged = [json.loads(line)["nats_per_token"] for line in (tmp_path / LOG).read_text().splitlines()]
    assert logged == resumed.losses


@pytest.mark.parametrize("damage", ["flipped", "cut", "claim", "missing"])
def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(damage: str, tmp_path: Path) -> None:
    cut_short(tmp_path, at=13)
    newest = tmp_path / "checkpoints" / "step-00000010.safetensors"
    content = bytearray(newest.read_bytes())
    if damage == "flipped":
        content[len(content) // 2] ^= 1
        newest.write_bytes(content)
    elif damage == "cut":
        newest.write_bytes(content[:100])
    elif damage == "claim":
        newest.with_suffix(".json").write_text('{"step": 1')
    else:
        newest.unlink()
    with pytest.warns(RuntimeWarning, match="damaged checkpoint step-00000010"):
        resumed = resume(tmp_path)
    assert resumed.resumed_at == 5
    assert resumed.losses == whole().losses


def test_only_damaged_checkpoints_stop_the_training(tmp_path: Path) -> None:
    cut_short(tmp_path, at=7)
    (tmp_path / "checkpoints" / "step-00000005.safetensors").write_bytes(b"nothing")
    with (
        pytest.warns(RuntimeWarning, match="damaged"),
        pytest.raises(CheckpointError, match=r"no usable checkpoint.*Delete"),
    ):
        resume(tmp_path)


def test_a_kill_between_the_two_files_of_a_checkpoint_costs_one_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = checkpoints.write_whole

    def killed(path: Path, content: bytes) -> None:
        if path.name == "step-00000010.json":
            raise KeyboardInterrupt
        written(path, content)

    monkeypatch.setattr(checkpoints, "write_whole", killed)
    assert resume(tmp_path).interrupted
    monkeypatch.undo()
    found = read_checkpoint(tmp_path / "checkpoints")
    assert found is not None
    assert found.step == 5
    assert resume(tmp_path).losses == whole().losses


@pytest.mark.parametrize(
    ("changes", "named"), [({"config": replace(CONFIG, rate=1e-3)}, "config"), ({"seed": 2}, "seed")]
)
def test_checkpoints_of_another_training_are_refused(changes: dict[str, object], named: str, tmp_path: Path) -> None:
    cut_short(tmp_path, at=7)
    with pytest.raises(CheckpointError, match=f"another {named}: name another folder"):
        resume(tmp_path, **changes)  # type: ignore[arg-type]


# --- several processes

SHARED = """
import sys, torch, json
torch.set_num_threads(1)
sys.path.insert(0, {tests!r})
from test_training import CONFIG, build, lines
from numerics.distributed import end_together
from validation.experiments.training import train
from pathlib import Path
report = train(build(0.0), lines(), CONFIG, seed=1, folder=Path(sys.argv[1]))
end_together()
"""


def test_two_processes_train_as_one(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = SHARED.format(tests=str(ROOT / "tests"))
    shared = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", script, str(tmp_path)],
            cwd=ROOT,
            env=os.environ | shared | {"RANK": str(rank), "LOCAL_RANK": str(rank)},
        )
        for rank in (0, 1)
    ]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    alone = train(build(0.0), lines(), CONFIG, seed=1).losses
    together = [json.loads(line)["nats_per_token"] for line in (tmp_path / LOG).read_text().splitlines()]
    assert together == pytest.approx(alone, rel=1e-3)
    assert np.mean(together[-4:]) < np.mean(together[:4])
