"""The small Transformer, its training, and the activations written from it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from validation.experiments import activations
from validation.experiments.activations import PRESETS, Preset, collect_activations, measure_activations, thin
from validation.experiments.corpus import IGNORED, as_batch
from validation.experiments.evaluation import mean_loss
from validation.experiments.model import Transformer, TransformerConfig, sinusoids
from validation.experiments.sources.question_formation import END, SYMBOLS, draw_lines, encode
from validation.experiments.training import TrainingConfig, train

TINY = Preset(
    lines=200, patterns=40, queries=8, width=16, layers=2, heads=2, feed_forward=32, dropout=0.1,
    steps=30, batch=8, rate=1e-2, warm_up=5, decay_until=60,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Preset:
    monkeypatch.setitem(PRESETS, "tiny", TINY)
    return TINY


def build(seed: int = 0, **sizes: int) -> Transformer:
    torch.manual_seed(seed)
    config = {"width": 16, "layers": 2, "heads": 2, "feed_forward": 32, "positions": 64} | sizes
    return Transformer(TransformerConfig(SYMBOLS, **config))


def encoded(count: int) -> list[list[int]]:
    return [encode(line) for line in draw_lines(count, seed=0)]


# --- the model


def test_no_position_sees_a_later_one() -> None:
    model = build().eval()
    first = torch.randint(0, SYMBOLS, (3, 12))
    second = first.clone()
    second[:, 7:] = (second[:, 7:] + 1) % SYMBOLS
    with torch.inference_mode():
        before, after = model.hidden(first), model.hidden(second)
    assert before.shape == (3, 12, 16)
    assert torch.equal(before[:, :7], after[:, :7])
    assert (before[:, 7:] != after[:, 7:]).any(dim=-1).all()


def test_last_layer_is_normalised_after_its_sum() -> None:
    states = build().eval().hidden(torch.randint(0, SYMBOLS, (2, 9))).detach()
    assert states.mean(-1).abs().max() < 1e-5
    assert torch.allclose(states.pow(2).mean(-1), torch.ones(2, 9), atol=1e-3)


def test_embeddings_are_untied_and_xavier() -> None:
    model = build(width=64)
    assert model.embedding.weight is not model.output.weight
    bound = (6 / (SYMBOLS + 64)) ** 0.5
    assert 0.99 * bound < model.embedding.weight.abs().max() <= bound
    assert not any(value.any() for name, value in model.named_parameters() if name.endswith("bias"))


def test_positions_are_sinusoids() -> None:
    table = sinusoids(50, 8)
    assert table.shape == (50, 8)
    assert table[7, 2].item() == pytest.approx(np.sin(7 * 10_000 ** (-2 / 8)), abs=1e-5)
    assert table[7, 3].item() == pytest.approx(np.cos(7 * 10_000 ** (-2 / 8)), abs=1e-5)


@pytest.mark.parametrize("wrong", [{"width": 15}, {"width": 16, "heads": 3}, {"layers": 0}, {"dropout": 1.0}])
def test_impossible_sizes_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TransformerConfig(SYMBOLS, **({"heads": 1} | wrong))


def test_too_long_a_sequence_is_refused() -> None:
    with pytest.raises(ValueError, match="65 tokens, but the model has 64 positions"):
        build()(torch.zeros(1, 65, dtype=torch.long))


# --- the training


def test_batch_predicts_every_word_and_the_end_once() -> None:
    inputs, targets = as_batch([[3, 4, 5, END], [6, END]])
    assert inputs.tolist() == [[END, 3, 4, 5], [END, 6, END, END]]
    assert targets.tolist() == [[3, 4, 5, END], [6, END, IGNORED, IGNORED]]


def test_same_seed_gives_the_same_losses_bit_for_bit_and_they_fall() -> None:
    lines, config = encoded(200), TrainingConfig(steps=40, batch=8, rate=1e-2, warm_up=5, decay_until=80)
    state = torch.get_rng_state()
    torch.rand(1)  # what torch drew before must not matter, and must not be disturbed
    first, second, other = (train(build(), lines, config, seed=seed).losses for seed in (3, 3, 4))
    torch.set_rng_state(state)
    assert first == second
    assert first != other
    assert len(first) == 40
    assert np.mean(first[-5:]) < np.mean(first[:5]) - 0.5


def test_training_leaves_the_global_random_state_alone() -> None:
    model, state = build(), torch.get_rng_state()
    train(model, encoded(8), TrainingConfig(steps=2, batch=4, warm_up=1))
    assert torch.equal(state, torch.get_rng_state())


def test_mean_loss_weighs_tokens_equally() -> None:
    model, lines = build(), encoded(20)
    each = [mean_loss(model, [line]) * len(line) for line in lines]
    assert mean_loss(model, lines, batch=6) == pytest.approx(sum(each) / sum(map(len, lines)), rel=1e-5)
    assert np.log(SYMBOLS) - 0.5 < mean_loss(model, lines) < np.log(SYMBOLS) + 1.5


def test_rate_climbs_and_then_falls_in_a_line() -> None:
    config = TrainingConfig(steps=100, rate=1.0, warm_up=10, decay_until=110)
    assert [config.rate_at(step) for step in (1, 10, 60, 110)] == pytest.approx([0.1, 1.0, 0.5, 0.0])


def test_an_interrupt_reports_what_was_done() -> None:
    def stop(step: int, loss: float) -> None:
        if step == 3:
            raise KeyboardInterrupt

    report = train(build(), encoded(20), TrainingConfig(steps=10, batch=4, warm_up=2), on_step=stop)
    assert report.interrupted
    assert len(report.losses) == 3


def test_a_diverging_loss_stops_the_training() -> None:
    model = build()
    with torch.no_grad():
        model.output.bias[0] = torch.nan
    with pytest.raises(FloatingPointError, match="loss nan at step 1"):
        train(model, encoded(8), TrainingConfig(steps=2, batch=4, warm_up=1))


@pytest.mark.parametrize("wrong", [{"warm_up": 5, "decay_until": 5}, {"steps": 3_000_000}, {"batch": 0}, {"rate": 0.0}])
def test_impossible_training_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="need"):
        TrainingConfig(**wrong)
    with pytest.raises(ValueError, match="no lines"):
        train(build(), [], TrainingConfig())


# --- the measurement


def test_activations_are_the_states_at_the_last_word_of_each_line() -> None:
    model, lines = build(), encoded(10)
    collected = collect_activations(model, lines, batch=4)
    assert collected.dtype == np.float32
    for row, line in zip(collected, lines, strict=True):
        alone = model.hidden(torch.tensor([[END, *line[:-1]]]))[0, -1].detach().numpy()
        np.testing.assert_allclose(row, alone, atol=1e-5)


def test_files_are_written_and_reproducible(tiny: Preset, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    path = measure_activations("tiny", tmp_path / "a", seed=1, progress=lambda *args: told.append(args))
    again = measure_activations("tiny", tmp_path / "b", seed=1)
    assert path == tmp_path / "a" / "activations.safetensors"
    assert path.read_bytes() == again.read_bytes()

    tensors = load_file(path)
    assert {name: (tensor.shape, tensor.dtype.name) for name, tensor in tensors.items()} == {
        "patterns": ((40, 16), "float32"),
        "queries": ((8, 16), "float32"),
    }
    record, second = (json.loads((tmp_path / name / "record.json").read_text()) for name in "ab")
    assert record["failure"] is None
    assert record["digests"] == second["digests"]
    assert record["training"] == second["training"]
    assert record["config"]["width"] == 16
    assert record["versions"]["torch"] == torch.__version__
    assert record["training"]["steps_done"] == 30
    assert record["distinct_patterns"] == 40
    assert record["hardware"]["device"] == "cpu"

    losses = [json.loads(line)["nats_per_token"] for line in (tmp_path / "a" / "losses.jsonl").read_text().splitlines()]
    assert len(losses) == 30
    assert losses[-1] < losses[0]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    names = {"activations.safetensors", "record.json", "losses.jsonl"}
    assert {file.name for file in (tmp_path / "a").iterdir()} == names


def test_queries_are_of_lines_that_were_held_out(tiny: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[list[int]]] = []

    def listen(model: Transformer, lines: list[list[int]], device: str) -> np.ndarray:
        asked.append(lines)
        return collect_activations(model, lines, device)

    monkeypatch.setattr(activations, "collect_activations", listen)
    measure_activations("tiny", tmp_path / "out")
    lines = [encode(line) for line in draw_lines(208, seed=0)]
    assert asked == [lines[:40], lines[200:]]


def test_an_interrupted_measurement_leaves_its_record(tiny: Preset, tmp_path: Path) -> None:
    def stop(message: str, share: float) -> None:
        if "step 4 " in message:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="after 4 of 30"):
        measure_activations("tiny", tmp_path, progress=stop)
    record = json.loads((tmp_path / "record.json").read_text())
    assert record["failure"]["kind"] == "KeyboardInterrupt"
    assert record["failure"]["phase"] == "training"
    assert record["training"]["steps_done"] == 4
    assert not (tmp_path / "activations.safetensors").exists()


def test_a_full_directory_is_only_replaced_on_request(tiny: Preset, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("kept")
    (tmp_path / "activations.safetensors").write_bytes(b"old")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        measure_activations("tiny", tmp_path)
    assert (tmp_path / "activations.safetensors").read_bytes() == b"old"
    assert load_file(measure_activations("tiny", tmp_path, overwrite=True))["queries"].shape == (8, 16)
    assert (tmp_path / "notes.txt").read_text() == "kept"
    with pytest.raises(FileExistsError, match="is a file"):
        measure_activations("tiny", tmp_path / "notes.txt")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"preset": "huge"}, "preset 'huge' is unknown: choose one of quick, small, paper"),
        ({"seed": -1}, "seed -1"),
        ({"device": "abacus"}, "device 'abacus' is unknown: allowed are cpu, cuda and cuda:N"),
        ({"device": "meta"}, "device 'meta' is not supported"),
        ({"device": "cuda:99"}, r"torch sees \d+ GPUs: use cpu"),
    ],
)
def test_errors_say_what_was_received_and_what_is_allowed(
    wrong: dict[str, object], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=message):
        measure_activations(**({"out": tmp_path / "out"} | wrong))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("package", ["torch", "safetensors"])
def test_a_missing_package_is_named_with_the_command(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModuleNotFoundError, match=rf"needs {package}.*pip install 'majorant\[torch\]'"):
        measure_activations("quick", tmp_path / "out")


def test_importing_the_module_imports_no_torch() -> None:
    code = "import sys, validation.experiments.activations; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False).returncode == 0


def test_presets_are_possible() -> None:
    with pytest.raises(ValueError, match="patterns <= lines"):
        Preset(**(vars(TINY) | {"patterns": 201}))
    for preset in PRESETS.values():
        TransformerConfig(SYMBOLS, preset.width, preset.layers, preset.heads, preset.feed_forward, preset.dropout)
        TrainingConfig(preset.steps, preset.batch, preset.rate, preset.warm_up, preset.decay_until)


def test_thinning_keeps_the_mean_and_the_last_step() -> None:
    assert thin([1.0, 3.0, 5.0, 7.0, 9.0], 3) == [(2, 2.0), (4, 6.0), (5, 9.0)]
    assert thin([], 3) == []
