"""Training of a causal language model on whole lines: one seeded loop that can be killed and resumed.

The loss is the mean over all predicted tokens of a batch, in nats per token, as in Murty et al. 2023.  The order of
the lines and the dropout of a step depend on the seed and the step alone, so that a training resumed from a
checkpoint on the CPU repeats the unbroken one bit for bit.  Under ``torchrun`` the lines of a batch are shared out.
"""

import json
import math
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import torch
from torch import Tensor, distributed, nn

from validation.experiments.checkpoints import Checkpoint, CheckpointError, read_checkpoint, write_checkpoint
from validation.experiments.corpus import Corpus
from validation.experiments.evaluation import autocast, token_losses
from validation.experiments.record import digest_bytes, write_whole

LOG, CHECKPOINTS = "losses.jsonl", "checkpoints"
PRECISIONS = ("float32", "bfloat16")


@dataclass(frozen=True)
class TrainingConfig:
    """How to train; the defaults are those of Murty et al. 2023.

    The rate climbs for ``warm_up`` steps to ``rate``, then falls in a straight line that would reach zero at
    ``decay_until``.  ``batch`` counts the lines of a step, over all processes and its ``accumulate`` parts.
    ``precision`` is that of the forward pass; ``compiled`` hands the model to ``torch.compile``.

    Raises:
        ValueError: the steps are not ordered as the message says, or another number or word is not allowed.
    """

    steps: int = 300_000
    batch: int = 8
    rate: float = 1e-4
    warm_up: int = 10_000
    decay_until: int = 2_000_000
    epsilon: float = 1e-7
    weight_decay: float = 0.0
    clip: float = 1.0
    accumulate: int = 1
    precision: str = "float32"
    compiled: bool = False

    def __post_init__(self) -> None:
        if not (0 <= self.warm_up < self.decay_until and 0 <= self.steps <= self.decay_until):
            raise ValueError(f"{self}: need 0 <= warm_up < decay_until and 0 <= steps <= decay_until")
        if self.batch < 1 or self.rate <= 0:
            raise ValueError(f"{self}: need a batch of at least 1 line and a positive rate")
        if not 1 <= self.accumulate <= self.batch or self.precision not in PRECISIONS:
            raise ValueError(f"{self}: need 1 <= accumulate <= batch and a precision of {', '.join(PRECISIONS)}")

    def rate_at(self, step: int) -> float:
        """Learning rate of a step, counted from 1."""
        if step <= self.warm_up:
            return self.rate * step / self.warm_up
        return self.rate * (self.decay_until - step) / (self.decay_until - self.warm_up)


@dataclass
class TrainingReport:
    """What was done.

    ``losses`` holds the loss of each finished step and ``evaluations`` what was measured on the way, in nats per
    token; ``seconds`` and ``cpu_seconds`` are those of this process, from ``resumed_at`` on.
    """

    losses: list[float]
    seconds: float = 0.0
    interrupted: bool = False
    evaluations: list[dict[str, Any]] = field(default_factory=list)
    resumed_at: int = 0
    cpu_seconds: float = 0.0


@dataclass(frozen=True)
class Ranks:
    """The processes that train together: which one this is, and how many there are."""

    rank: int = 0
    size: int = 1

    @classmethod
    def joined(cls, device: str) -> "Ranks":
        """Those that ``torchrun`` started, or this process alone."""
        if not distributed.is_available() or int(os.environ.get("WORLD_SIZE", "1")) == 1:
            return cls()
        if not distributed.is_initialized():
            if device.startswith("cuda"):
                torch.cuda.set_device(device)
            distributed.init_process_group("nccl" if device.startswith("cuda") else "gloo")
        return cls(distributed.get_rank(), distributed.get_world_size())

    def add_up(self, tensors: Sequence[Tensor]) -> None:
        """Replace tensors by their sums over all processes, in one exchange."""
        if self.size > 1:
            flat = torch.cat([tensor.flatten() for tensor in tensors])
            distributed.all_reduce(flat)
            for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
                tensor.copy_(part.view_as(tensor))


def _batches(lines: int, batch: int, seed: int, done: int) -> Iterator[list[int]]:
    """Rows of each batch after ``done`` steps; every line comes once before any comes again."""
    position = done * batch
    epoch, order = -1, np.empty(0, dtype=np.int64)
    while True:
        rows = []
        for place in range(position, position + batch):
            if place // lines != epoch:
                epoch = place // lines
                order = np.random.default_rng((seed, epoch)).permutation(lines)
            rows.append(int(order[place % lines]))
        yield rows
        position += batch


def train(
    model: nn.Module,
    lines: Sequence[Sequence[int]] | Corpus,
    config: TrainingConfig,
    *,
    seed: int = 0,
    device: str = "cpu",
    on_step: Callable[[int, float], None] | None = None,
    folder: Path | None = None,
    save_every: int = 1_000,
    evaluate: Callable[[nn.Module], Mapping[str, Any]] | None = None,
    evaluate_every: int = 1_000,
) -> TrainingReport:
    """Train the model in place; the same seed, threads and machine give the same losses bit for bit.

    Args:
        model: maps ids (batch, length) to logits (batch, length, symbols); already on `device`.
        lines: encoded lines, each closed by the end symbol; gone through in a new order each time round.
        seed: of the order of the lines and of the dropout; torch's own global state is left as it was.
        on_step: called after each step with its number, from 1, and its loss in nats per token.
        folder: where the log and the checkpoints go; checkpoints that it holds are resumed from.
        save_every: steps between two checkpoints; one more is written at the end.
        evaluate: called with the model each `evaluate_every` steps and after the last; what it returns is kept.

    Returns:
        The report.  An interrupt from the keyboard ends the training early and is noted there.

    Raises:
        ValueError: there are no lines, or fewer in a batch than processes.
        CheckpointError: the checkpoints of `folder` are damaged, or those of another training.
        FloatingPointError: the loss is no longer finite.
    """
    corpus = lines if isinstance(lines, Corpus) else Corpus(lines, device=device, fixed_length=config.compiled)
    run = _Run(model, corpus, config, seed, device, folder)
    report = run.resumed()
    with (
        run.logged(report.resumed_at) as log,
        torch.random.fork_rng(devices=[device] if device.startswith("cuda") else []),
    ):
        started, cpu_started = time.perf_counter(), time.process_time()
        batches = _batches(len(corpus), config.batch, seed, report.resumed_at)
        try:
            for step in range(report.resumed_at + 1, config.steps + 1):
                loss = run.step(step, next(batches))
                report.losses.append(loss)
                entries: list[dict[str, Any]] = [{"step": step, "nats_per_token": loss}]
                last = step == config.steps
                if evaluate is not None and (step % evaluate_every == 0 or last):
                    entries.append({"step": step, **evaluate(model)})
                    report.evaluations.append(entries[-1])
                log.write("".join(json.dumps(entry) + "\n" for entry in entries))
                if step % save_every == 0 or last:
                    run.save(step, report)
                if on_step is not None:
                    on_step(step, loss)
        except KeyboardInterrupt:
            report.interrupted = True
        report.seconds = time.perf_counter() - started
        report.cpu_seconds = time.process_time() - cpu_started
    return report


class _Run:
    """A training under way: model, optimiser, and where their state is kept."""

    def __init__(
        self, model: nn.Module, corpus: Corpus, config: TrainingConfig, seed: int, device: str, folder: Path | None
    ) -> None:
        self.model, self.corpus, self.config, self.seed, self.folder = model, corpus, config, seed, folder
        self.device, self.ranks = device, Ranks.joined(device)
        if config.batch < self.ranks.size:
            raise ValueError(f"a batch of {config.batch} lines for {self.ranks.size} processes: give each at least one")
        self.forward = torch.compile(model, dynamic=False) if config.compiled else model
        self.named = dict(model.named_parameters())
        self.optimiser = torch.optim.AdamW(
            model.parameters(), eps=config.epsilon, weight_decay=config.weight_decay, fused=True
        )

    def step(self, step: int, rows: list[int]) -> float:
        """One update on some lines; returns their mean loss in nats per token."""
        config, ranks = self.config, self.ranks
        self.model.train()
        torch.manual_seed(int(np.random.SeedSequence((self.seed, step, ranks.rank)).generate_state(1)[0]))
        self.optimiser.param_groups[0]["lr"] = config.rate_at(step)
        self.optimiser.zero_grad(set_to_none=True)
        tokens, total = self.corpus.tokens(rows), torch.zeros((), device=self.device)
        own = rows[ranks.rank :: ranks.size]
        for part in filter(None, (own[place :: config.accumulate] for place in range(config.accumulate))):
            with autocast(torch.device(self.device).type, config.precision):
                loss = token_losses(self.forward, *self.corpus.batch(part), reduction="sum") / tokens
            loss.backward()
            total += loss.detach()
        gradients = [parameter.grad for parameter in self.named.values() if parameter.grad is not None]
        ranks.add_up([*gradients, total])
        value = total.item()
        if not math.isfinite(value):
            raise FloatingPointError(f"loss {value} at step {step}: lower the rate or warm up longer")
        nn.utils.clip_grad_norm_(self.named.values(), config.clip)
        self.optimiser.step()
        return value

    def identity(self) -> dict[str, Any]:
        """What a checkpoint must agree with to be resumed from."""
        shapes = {name: list(parameter.shape) for name, parameter in self.named.items()}
        text = digest_bytes(self.corpus.targets.cpu().numpy().tobytes())
        return {"config": asdict(self.config), "seed": self.seed, "lines": text, "shapes": shapes}

    def save(self, step: int, report: TrainingReport) -> None:
        """Write a checkpoint of all that the next step depends on, where checkpoints are kept."""
        if self.folder is None or self.ranks.rank > 0:
            return
        tensors: dict[str, Tensor] = {f"model.{name}": value for name, value in self.named.items()}
        for name, parameter in self.named.items():
            tensors |= {f"optimiser.{key}.{name}": value for key, value in self.optimiser.state[parameter].items()}
        tensors["losses"] = torch.tensor(report.losses, dtype=torch.float64)
        state = {"identity": self.identity(), "evaluations": report.evaluations}
        write_checkpoint(self.folder / CHECKPOINTS, Checkpoint(step, tensors, state))

    def resumed(self) -> TrainingReport:
        """The report so far, with model and optimiser as they were then.  Raises CheckpointError."""
        found = None if self.folder is None else read_checkpoint(self.folder / CHECKPOINTS)
        if found is None:
            return TrainingReport(losses=[])
        identity = self.identity()
        other = [name for name, value in identity.items() if found.state["identity"][name] != value]
        if other:
            raise CheckpointError(
                f"{self.folder} holds checkpoints of a training with another {', '.join(other)}: "
                "name another folder, or delete this one"
            )
        with torch.no_grad():
            for name, parameter in self.named.items():
                parameter.copy_(found.tensors[f"model.{name}"])
                keys = ("step", "exp_avg", "exp_avg_sq")
                kept = {key: found.tensors[f"optimiser.{key}.{name}"].to(self.device) for key in keys}
                self.optimiser.state[parameter] = kept
        losses = found.tensors["losses"].tolist()
        return TrainingReport(losses, evaluations=found.state["evaluations"], resumed_at=found.step)

    def logged(self, done: int) -> TextIO:
        """The log, open for appending; what a kill cut off, and steps after `done`, are dropped from it."""
        if self.folder is None or self.ranks.rank > 0:
            return Path(os.devnull).open("w", encoding="utf-8")
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / LOG
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        whole = [line for line in lines if line.endswith("\n") and json.loads(line)["step"] <= done]
        write_whole(path, "".join(whole).encode())
        return path.open("a", encoding="utf-8", buffering=1)
