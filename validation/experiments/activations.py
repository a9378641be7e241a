"""Activations of a Transformer trained here, as patterns and queries for the theorems' assumptions to be checked on.

The model is trained on Question-Formation lines.  A pattern is the last layer's state at the last position of a line
that it was trained on, a query that of a line held out: arXiv:2405.08707v2, F.2, at sizes that fit a desk.  Importing
this module does not import torch.
"""

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from validation.experiments.record import digest_bytes, digest_files, hardware, require_torch, versions, write_whole
from validation.experiments.sources import question_formation

if TYPE_CHECKING:
    from validation.experiments.model import Transformer

Progress = Callable[[str, float], None]

ACTIVATIONS, RECORD, LOSSES = "activations.safetensors", "record.json", "losses.jsonl"
DEFAULT_OUT = Path("majorant-out") / "activations"


@dataclass(frozen=True)
class Preset:
    """Sizes of one measurement; the meaning of the training's numbers is that of `TrainingConfig`.

    Raises:
        ValueError: there are more patterns than lines, or no patterns or queries.
    """

    lines: int
    patterns: int
    queries: int
    width: int
    layers: int
    heads: int
    feed_forward: int
    dropout: float
    steps: int
    batch: int
    rate: float
    warm_up: int
    decay_until: int

    def __post_init__(self) -> None:
        if not 1 <= self.patterns <= self.lines or self.queries < 1:
            raise ValueError(f"{self}: need 1 <= patterns <= lines and at least 1 query")


PRESETS: dict[str, Preset] = {
    # Half a minute on two idle cores.  No dropout: a line is seen once or twice, too little to be learnt by heart.
    "quick": Preset(
        lines=20_000, patterns=512, queries=64, width=64, layers=3, heads=4, feed_forward=256, dropout=0.0,
        steps=1_000, batch=32, rate=3e-3, warm_up=100, decay_until=1_000,
    ),
    # About five minutes on two idle cores.
    "small": Preset(
        lines=100_000, patterns=4_096, queries=512, width=128, layers=4, heads=4, feed_forward=512, dropout=0.0,
        steps=5_000, batch=32, rate=1e-3, warm_up=500, decay_until=5_000,
    ),
    # The sizes of arXiv:2405.08707v2, F.2, trained as by Murty et al. 2023: most of a day on two cores, so use a GPU.
    "paper": Preset(
        lines=100_000, patterns=20_000, queries=1_000, width=512, layers=6, heads=8, feed_forward=2048, dropout=0.1,
        steps=300_000, batch=8, rate=1e-4, warm_up=10_000, decay_until=2_000_000,
    ),
}  # fmt: skip


def measure_activations(
    preset: str = "quick",
    out: Path = DEFAULT_OUT,
    seed: int = 0,
    device: str = "cpu",
    progress: Progress | None = None,
    overwrite: bool = False,
) -> Path:
    """Draw lines, train a Transformer on them and write its activations.

    Written into `out`: `activations.safetensors` with `patterns`, float32, shape (patterns, width), and `queries`,
    float32, shape (queries, width); `record.json` with everything that produced them, or with what failed;
    `losses.jsonl` with the loss of every step in nats per token.

    Args:
        preset: a key of `PRESETS`.
        out: a directory, made if missing.
        seed: of the lines, the initial weights and the training, at least 0.
        device: "cpu", "cuda" or "cuda:N".
        progress: called with what is being done and the share done so far, in [0, 1].
        overwrite: replace the three files of an earlier measurement in `out`.

    Returns:
        The path of `activations.safetensors`.

    Raises:
        ValueError: the preset, the seed or the device is not one of those allowed.
        FileExistsError: `out` is a file, or holds something and `overwrite` is false.
        ModuleNotFoundError: torch or safetensors is not installed.
        FloatingPointError: the loss or an activation is not finite.
        KeyboardInterrupt: stopped by the user; the record says how far it came.
    """
    if preset not in PRESETS:
        raise ValueError(f"preset {preset!r} is unknown: choose one of {', '.join(PRESETS)}")
    if seed < 0:
        raise ValueError(f"seed {seed}: choose 0 or more")
    require_torch(device, "measuring activations")
    _prepare(out, overwrite)
    run = _Run(PRESETS[preset], out, seed, device, progress or (lambda message, share: None))
    run.record = {
        "experiment": "activations",
        "preset": preset,
        "config": asdict(run.preset),
        "shares": asdict(question_formation.Shares()),
        "seed": seed,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "hardware": hardware(device),
        "digests": {"code": _digest_code()},
        "seconds": {},
        "failure": None,
    }
    try:
        return run.measure()
    except BaseException as failure:  # an interrupt too: the record tells of every end, and nothing is swallowed
        run.record["failure"] = {"phase": run.phase, "kind": type(failure).__name__, "message": str(failure)}
        raise
    finally:
        write_whole(out / RECORD, (json.dumps(run.record, indent=2) + "\n").encode())


class _Run:
    """One measurement under way: its record, and the phase it is in."""

    record: dict[str, Any]

    def __init__(self, preset: Preset, out: Path, seed: int, device: str, progress: Progress) -> None:
        self.preset, self.out, self.seed, self.device, self.progress = preset, out, seed, device, progress
        self.phase = "start"

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        self.phase = phase
        start = time.perf_counter()
        try:
            yield
        finally:
            self.record["seconds"][phase] = round(time.perf_counter() - start, 3)

    def measure(self) -> Path:
        preset = self.preset
        with self.timed("lines"):
            self.progress("drawing lines", 0.0)
            text = question_formation.draw_lines(preset.lines + preset.queries, self.seed)
            self.record["digests"]["text"] = digest_bytes("".join(line + "\n" for line in text).encode())
            lines = [question_formation.encode(line) for line in text]
            seen, held_out = lines[: preset.lines], lines[preset.lines :]
        with self.timed("training"):
            model = self.train(seen)
        with self.timed("activations"):
            self.progress("collecting activations", 0.92)
            tensors = {
                "patterns": collect_activations(model, seen[: preset.patterns], self.device),
                "queries": collect_activations(model, held_out, self.device),
            }
            self.evaluate(model, held_out, tensors)
        with self.timed("writing"):
            path = self.write(tensors)
        self.progress("done", 1.0)
        return path

    def train(self, lines: list[list[int]]) -> "Transformer":
        import torch

        from validation.experiments.model import Transformer, TransformerConfig
        from validation.experiments.training import TrainingConfig, train

        preset = self.preset
        config = TrainingConfig(preset.steps, preset.batch, preset.rate, preset.warm_up, preset.decay_until)
        sizes = (preset.width, preset.layers, preset.heads, preset.feed_forward, preset.dropout)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)  # the weights are made on the CPU, so that they do not depend on the device
            model = Transformer(TransformerConfig(question_formation.SYMBOLS, *sizes))
        model.to(self.device)
        self.record["parameters"] = sum(parameter.numel() for parameter in model.parameters())
        every = max(1, preset.steps // 100)
        with (self.out / LOSSES).open("w", encoding="utf-8") as log:

            def on_step(step: int, loss: float) -> None:
                log.write(json.dumps({"step": step, "nats_per_token": loss}) + "\n")
                if step % every == 0:
                    log.flush()
                    message = f"training, step {step} of {preset.steps}, {loss:.3f} nats per token"
                    self.progress(message, 0.02 + 0.9 * step / preset.steps)

            report = train(model, lines, config, seed=self.seed, device=self.device, on_step=on_step)
        self.record["training"] = {
            "steps_done": len(report.losses),
            "unit": "nats per token",
            "final_loss": _mean(report.losses[-50:]),
            "loss_curve": thin(report.losses, 200),
        }
        if report.interrupted:
            raise KeyboardInterrupt(f"stopped after {len(report.losses)} of {preset.steps} training steps")
        return model

    def evaluate(
        self, model: "Transformer", held_out: list[list[int]], tensors: dict[str, NDArray[np.float32]]
    ) -> None:
        from validation.experiments.evaluation import mean_loss

        self.record["training"]["held_out_loss"] = mean_loss(model, held_out, self.device)
        self.record["shapes"] = {name: list(tensor.shape) for name, tensor in tensors.items()}
        self.record["distinct_patterns"] = len(np.unique(tensors["patterns"], axis=0))
        for name, tensor in tensors.items():
            if not np.isfinite(tensor).all():
                raise FloatingPointError(f"{name} hold numbers that are not finite: lower the preset's rate")

    def write(self, tensors: dict[str, NDArray[np.float32]]) -> Path:
        from safetensors.numpy import save

        digests = self.record["digests"]
        for name, tensor in tensors.items():
            digests[name] = digest_bytes(tensor.tobytes())
        content: bytes = save(tensors)
        digests[ACTIVATIONS] = digest_bytes(content)
        write_whole(self.out / ACTIVATIONS, content)
        return self.out / ACTIVATIONS


def collect_activations(
    model: "Transformer", lines: Sequence[Sequence[int]], device: str = "cpu", batch: int = 64
) -> NDArray[np.float32]:
    """Last layer's states at the last position of each line, where the end symbol is to be predicted.

    Args:
        model: on `device`; left in evaluation mode.
        lines: encoded lines, each closed by the end symbol.

    Returns:
        float32, shape (lines, width), in the order of the lines.
    """
    import torch

    from validation.experiments.corpus import as_batch

    model.eval()
    states = np.empty((len(lines), model.config.width), dtype=np.float32)
    with torch.inference_mode():
        for start in range(0, len(lines), batch):
            chunk = lines[start : start + batch]
            inputs, _ = as_batch(chunk, device)
            last = torch.tensor([len(line) - 1 for line in chunk], device=device)
            hidden = model.hidden(inputs)[torch.arange(len(chunk), device=device), last]
            states[start : start + len(chunk)] = hidden.cpu().numpy()
    return states


def thin(losses: Sequence[float], points: int) -> list[tuple[int, float]]:
    """Means over equal stretches of steps, at most `points` of them, each with the last step of its stretch."""
    stretch = max(1, math.ceil(len(losses) / points))
    stretches = (losses[start : start + stretch] for start in range(0, len(losses), stretch))
    return [(min((place + 1) * stretch, len(losses)), float(np.mean(part))) for place, part in enumerate(stretches)]


def _mean(losses: Sequence[float]) -> float | None:
    return float(np.mean(losses)) if losses else None


def _prepare(out: Path, overwrite: bool) -> None:
    if out.exists() and not out.is_dir():
        raise FileExistsError(f"{out} is a file: name a directory to write into")
    if out.is_dir() and any(out.iterdir()) and not overwrite:
        raise FileExistsError(
            f"{out} is not empty: name another directory, or pass overwrite=True to replace its files"
        )
    out.mkdir(parents=True, exist_ok=True)
    for name in (ACTIVATIONS, RECORD, LOSSES):  # so that a run that fails leaves no older result beside its record
        (out / name).unlink(missing_ok=True)


def _digest_code() -> str:
    """Of the files that decide the result: the grammar, the model, the training and this one."""
    here = Path(__file__).parent
    names = ("model.py", "corpus.py", "evaluation.py", "training.py")
    files = (Path(question_formation.__file__), *(here / name for name in names), Path(__file__))
    return digest_files(*files)
