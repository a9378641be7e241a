"""Where does the training loss settle: at 1, or at the entropy of the source?  Measured on sources of known entropy.

Small Transformers are trained on Question-Formation, as in arXiv:2405.08707v2, F.2, and as a control on sources whose
entropy is well below and well above 1 nat per token; and on few lines many times over.  ``plateau_judgement`` says
what would count as what.  A stopped measurement goes on where it was.  Importing this module does not import torch.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validation.experiments.activations import thin
from validation.experiments.plateau_judgement import HYPOTHESES, MEMORISED, ONCE, QUESTION_FORMATION, REPEATED, RULES
from validation.experiments.record import (
    as_json,
    digest_bytes,
    digest_files,
    hardware,
    own_device,
    require_torch,
    versions,
    write_whole,
)
from validation.experiments.sources.grammar import TemperatureGrammar
from validation.experiments.sources.markov import MarkovChain
from validation.experiments.sources.question_source import QuestionFormation
from validation.experiments.sources.source import (
    Entropy,
    Source,
    digest,
    digest_lines,
    empirical_entropy,
    ideal_entropy,
)

if TYPE_CHECKING:
    from validation.experiments.model import Transformer

Progress = Callable[[str, float], None]
DEFAULT_OUT = Path("majorant-out") / "plateau"
RECORD, RUN = "record.json", "run.json"
POINTS = 100  # of a curve
HELD_OUT = 500  # lines
FEW = 1_000  # lines that a small model learns by heart


@dataclass(frozen=True)
class Arm:
    """A source to train on: ``lines`` of it over and over, or as many as there are steps for, each seen once."""

    key: str
    title: str
    source: Source
    steps: int
    lines: int | None = None
    distinct: bool = False

    @property
    def regime(self) -> str:
        """Whether lines are seen once, again and again, or so often that they are learnt by heart."""
        if self.lines is None:
            return ONCE
        return MEMORISED if self.lines <= FEW else REPEATED


@dataclass(frozen=True)
class Preset:
    """Sizes of one measurement; the meaning of the training's numbers is that of ``TrainingConfig``.

    Raises:
        ValueError: there are no seeds, or numbers of steps that cannot be cut into tenths.
    """

    steps: dict[str, int]
    seeds: int = 3
    lines: int | None = None
    few_lines: int = 64
    layers: tuple[int, ...] = (2,)
    width: int = 64
    heads: int = 4
    feed_forward: int = 256
    dropout: float = 0.0
    batch: int = 32
    rate: float = 3e-3
    warm_up: int = 100
    decay_until: int | None = None
    precision: str = "float32"

    def __post_init__(self) -> None:
        if self.seeds < 1 or any(steps < 10 or steps % 10 for steps in self.steps.values()):
            raise ValueError(f"{self}: need at least one seed, and steps in multiples of 10")

    def arms(self) -> tuple[Arm, ...]:
        """What is trained on: entropies below, near and above 1 nat per token, and a set to be learnt by heart."""
        steps, question = self.steps, QuestionFormation()
        distinct = self.lines is not None
        return (
            Arm(QUESTION_FORMATION, "Question-Formation", question, steps["question"], self.lines, distinct),
            Arm("markov_low", "Markov chain, 0.3 nats", MarkovChain.with_entropy(0.3), steps["markov"]),
            Arm("markov_one", "Markov chain, 1 nat", MarkovChain.with_entropy(1.0), steps["markov"]),
            Arm("markov_high", "Markov chain, 2 nats", MarkovChain.with_entropy(2.0), steps["markov"]),
            Arm("grammar_low", "formulas, 0.5 nats", TemperatureGrammar.with_entropy(0.5), steps["grammar"]),
            Arm("grammar_high", "formulas, 1.5 nats", TemperatureGrammar.with_entropy(1.5), steps["grammar"]),
            Arm(
                "question_memorised",
                f"{self.few_lines} lines of Question-Formation, many times",
                question,
                steps["memorised"],
                self.few_lines,
                True,
            ),
        )


PRESETS: dict[str, Preset] = {
    # Less than three minutes of one core.  Formulas are short, so their losses need many lines to average out.
    "quick": Preset({"question": 800, "markov": 300, "grammar": 1_000, "memorised": 500}),
    # About five minutes of one core.
    "small": Preset({"question": 3_000, "markov": 600, "grammar": 1_000, "memorised": 1_500}),
    # The sizes of arXiv:2405.08707v2, F.2, trained as by Murty et al. 2023, at both depths: for a GPU.
    "paper": Preset(
        dict.fromkeys(("question", "markov", "grammar", "memorised"), 300_000),
        lines=100_000, layers=(6, 10), width=512, heads=8, feed_forward=2048, dropout=0.1, batch=8, rate=1e-4,
        warm_up=10_000, decay_until=2_000_000,
    ),
}  # fmt: skip


def measure_plateau(
    preset: str = "quick",
    out: Path = DEFAULT_OUT,
    seed: int = 0,
    device: str = "cpu",
    progress: Progress | None = None,
    overwrite: bool = False,
) -> Path:
    """Train on every source with every seed and write the record.

    Args:
        preset: a key of `PRESETS`.
        out: a directory, made if missing.  Finished trainings that it holds are kept and unfinished ones resumed.
        seed: the first seed of the lines, the initial weights and the training; the next ones follow.
        device: "cpu", "cuda" or "cuda:N".
        progress: called with what is being done and the share done so far, in [0, 1].
        overwrite: forget what `out` holds of an earlier measurement.

    Returns:
        The path of the record, which `plateau_judgement.judge` reads.  A training that fails is recorded there.

    Raises:
        ValueError: the preset, the seed or the device is not one of those allowed, or `out` holds another measurement.
        FileExistsError: `out` is a file.
        ModuleNotFoundError: torch or safetensors is not installed.
    """
    if preset not in PRESETS:
        raise ValueError(f"preset {preset!r} is unknown: choose one of {', '.join(PRESETS)}")
    if seed < 0:
        raise ValueError(f"seed {seed}: choose 0 or more")
    device = own_device(device)
    require_torch(device, "measuring the plateau")
    if out.exists() and not out.is_dir():
        raise FileExistsError(f"{out} is a file: name a directory to write into")
    chosen = PRESETS[preset]
    jobs = [
        _Job(arm, layers, run_seed, chosen, out, device)
        for arm in chosen.arms()
        for layers in chosen.layers
        for run_seed in range(seed, seed + chosen.seeds)
    ]
    started, code, done = datetime.now(UTC).isoformat(timespec="seconds"), _digest_code(), 0
    total, clock = sum(job.arm.steps for job in jobs), time.perf_counter()
    runs: dict[str, list[dict[str, Any]]] = {}
    for job in jobs:
        told = _told(progress, job, done, total, clock)
        runs.setdefault(job.arm.key, []).append(job.result(told, overwrite))
        done += job.arm.steps
    record = {
        "experiment": "plateau",
        "preset": preset,
        "hypotheses": HYPOTHESES,
        "rules": RULES,
        "config": asdict(chosen),
        "unit": "nats per token",
        "started": started,
        "versions": versions(),
        "hardware": hardware(device),
        "digests": {"code": code},
        "cpu_seconds": round(sum(run["cpu_seconds"] for found in runs.values() for run in found), 1),
        "arms": [_described(arm) | {"runs": runs[arm.key]} for arm in chosen.arms()],
    }
    write_whole(out / RECORD, as_json(record))
    return out / RECORD


def _described(arm: Arm) -> dict[str, Any]:
    exact = arm.source.entropy()
    return {
        "key": arm.key,
        "title": arm.title,
        "regime": arm.regime,
        "lines": arm.lines,
        "steps": arm.steps,
        "source": arm.source.describe(),
        "digest": digest(arm.source),
        "entropy": {"per_token": exact.per_token(), "without_end": exact.per_token(False), **_classes(exact)},
    }


def _classes(entropy: Entropy) -> dict[str, Any]:
    shares = {name: count / sum(entropy.tokens.values()) for name, count in entropy.tokens.items()}
    return {"by_class": entropy.by_class(), "share_of_tokens": shares}


def _told(progress: Progress | None, job: "_Job", done: int, total: int, clock: float) -> Callable[[int, float], None]:
    """Tells of a step with an estimate of the time left, from the steps since the measurement began."""

    def tell(step: int, loss: float) -> None:
        if progress is not None and (step % 10 == 0 or step == job.arm.steps):
            share = (done + step) / total
            left = (time.perf_counter() - clock) * (1 - share) / share
            what = f"{job.arm.title}, seed {job.seed}, step {step} of {job.arm.steps}"
            progress(f"{what}, {loss:.3f} nats per token, {_clock(left)} left", share)

    return tell


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def _digest_code() -> str:
    here = Path(__file__).parent
    names = ("model.py", "corpus.py", "evaluation.py", "training.py", "plateau.py", "plateau_judgement.py")
    return digest_files(*sorted(here.glob("sources/*.py")), *(here / name for name in names))


@dataclass(frozen=True)
class _Job:
    """One training: a source, a depth, a seed."""

    arm: Arm
    layers: int
    seed: int
    preset: Preset
    out: Path
    device: str

    @property
    def folder(self) -> Path:
        """Where its log, its checkpoints and its result go."""
        return self.out / "runs" / f"{self.arm.key}-{self.layers}-{self.seed}"

    @property
    def identity(self) -> str:
        """A digest of all that decides the result."""
        preset = asdict(self.preset) | {"steps": self.arm.steps, "seeds": None, "layers": self.layers}
        described = [_described(self.arm), preset, self.seed, self.device.partition(":")[0]]
        return digest_bytes(json.dumps(described, sort_keys=True).encode())

    def result(self, tell: Callable[[int, float], None], overwrite: bool) -> dict[str, Any]:
        """What the training came to; one that is finished is not repeated, one that fails is told of."""
        import shutil

        if overwrite and self.folder.exists():
            shutil.rmtree(self.folder)
        if (self.folder / RUN).exists():
            kept = json.loads((self.folder / RUN).read_text(encoding="utf-8"))
            if kept.pop("identity") != self.identity:
                raise ValueError(f"{self.folder} holds another measurement: name another directory, or overwrite it")
            return dict(kept)
        run: dict[str, Any] = {"layers": self.layers, "seed": self.seed, "failure": None, "cpu_seconds": 0.0}
        try:
            run |= self.train(tell)
        except FloatingPointError as failure:
            run["failure"] = {"kind": type(failure).__name__, "message": str(failure)}
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = {"identity": self.identity, **run}
        write_whole(self.folder / RUN, as_json(kept))
        shutil.rmtree(self.folder / "checkpoints", ignore_errors=True)
        return run

    def lines(self) -> tuple[list[list[int]], list[list[int]]]:
        """Lines to train on, and fresh ones to evaluate on."""
        arm = self.arm
        count = arm.lines or arm.steps * self.preset.batch
        seen = arm.source.draw(count, self.seed, distinct=arm.distinct)
        return seen, arm.source.draw(HELD_OUT, self.seed + 1_000_000)

    def model(self) -> "Transformer":
        """A Transformer whose first weights depend on the seed alone."""
        import torch

        from validation.experiments.model import Transformer, TransformerConfig

        preset = self.preset
        sizes = (preset.width, self.layers, preset.heads, preset.feed_forward, preset.dropout)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            return Transformer(TransformerConfig(self.arm.source.symbols, *sizes)).to(self.device)

    def train(self, tell: Callable[[int, float], None]) -> dict[str, Any]:
        """Curve, and losses by position class beside the exact entropies."""
        from validation.experiments.corpus import Corpus
        from validation.experiments.evaluation import class_losses
        from validation.experiments.training import TrainingConfig, train

        preset, source, steps = self.preset, self.arm.source, self.arm.steps
        config = TrainingConfig(
            steps, preset.batch, preset.rate, min(preset.warm_up, steps // 10), preset.decay_until or steps,
            precision=preset.precision,
        )  # fmt: skip
        seen, held_out = self.lines()
        probes = {"seen": seen[:HELD_OUT], "held_out": held_out}
        corpora = {
            name: Corpus(lines, list(map(source.classify, lines)), self.device) for name, lines in probes.items()
        }

        def evaluate(model: Any) -> dict[str, Any]:
            return {
                name: _losses(source, *class_losses(model, corpus, len(source.classes), precision=preset.precision))
                for name, corpus in corpora.items()
            }

        model = self.model()
        stretch = max(1, steps // 10)
        report = train(
            model, seen, config, seed=self.seed, device=self.device, on_step=tell, folder=self.folder,
            save_every=stretch, evaluate=evaluate, evaluate_every=stretch,
        )  # fmt: skip
        if report.interrupted:
            raise KeyboardInterrupt(f"stopped after {len(report.losses)} of {steps} steps: run it again to go on")
        ideal = ideal_entropy(source, held_out)
        known = empirical_entropy(source, seen)
        return {
            "parameters": sum(parameter.numel() for parameter in model.parameters()),
            "lines_digest": digest_lines(seen),
            "ideal_on_held_out": {"per_token": ideal.per_token(), "by_class": ideal.by_class()},
            "entropy_of_lines": {"per_token": known.per_token(), "by_class": known.by_class()},
            "curve": [(step, round(loss, 5)) for step, loss in thin(report.losses, POINTS)],
            "evaluations": report.evaluations,
            "cpu_seconds": round(report.cpu_seconds, 1),
            "resumed_at": report.resumed_at,
        }


def _losses(source: Source, sums: list[float], counts: list[int]) -> dict[str, Any]:
    each: Iterator[tuple[str, float, int]] = zip(source.classes, sums, counts, strict=True)
    by_class = {name: round(total / count, 5) for name, total, count in each if count}
    return {"per_token": round(sum(sums) / sum(counts), 5), "by_class": by_class}
