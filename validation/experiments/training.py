"""Training of a causal language model on whole lines, one seeded loop.

Every line is one sequence: the end symbol opens it and closes it, so that each word and the end are predicted once.
The loss is the mean over all predicted tokens of a batch, in nats per token, as in Murty et al. 2023.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

IGNORED = -100  # target of the padding, left out of the loss


@dataclass(frozen=True)
class TrainingConfig:
    """How to train; the defaults are those of Murty et al. 2023.

    The rate climbs for `warm_up` steps to `rate`, then falls in a straight line that would reach zero at `decay_until`.

    Raises:
        ValueError: the steps are not ordered as the message says, or the batch or the rate is not positive.
    """

    steps: int = 300_000
    batch: int = 8
    rate: float = 1e-4
    warm_up: int = 10_000
    decay_until: int = 2_000_000
    epsilon: float = 1e-7
    weight_decay: float = 0.0
    clip: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.warm_up < self.decay_until and 0 <= self.steps <= self.decay_until):
            raise ValueError(f"{self}: need 0 <= warm_up < decay_until and 0 <= steps <= decay_until")
        if self.batch < 1 or self.rate <= 0:
            raise ValueError(f"{self}: need a batch of at least 1 line and a positive rate")

    def rate_at(self, step: int) -> float:
        """Learning rate of a step, counted from 1."""
        if step <= self.warm_up:
            return self.rate * step / self.warm_up
        return self.rate * (self.decay_until - step) / (self.decay_until - self.warm_up)


@dataclass
class TrainingReport:
    """What was done: the loss of each finished step in nats per token, the wall time, whether it was cut short."""

    losses: list[float]
    seconds: float = 0.0
    interrupted: bool = False


def as_batch(lines: Sequence[Sequence[int]], device: str = "cpu") -> tuple[Tensor, Tensor]:
    """Lay encoded lines, each closed by the end symbol, side by side with padding on the right.

    Returns:
        Inputs and targets, int64, shape (lines, longest line); a target is the input of the next position.
    """
    longest = max(map(len, lines))
    # The end symbol opens each line; where it pads, nothing is predicted and nothing looks at it.
    inputs = [[line[-1], *line[:-1]] + [line[-1]] * (longest - len(line)) for line in lines]
    targets = [[*line] + [IGNORED] * (longest - len(line)) for line in lines]
    return torch.tensor(inputs, device=device), torch.tensor(targets, device=device)


def _loss(model: nn.Module, lines: Sequence[Sequence[int]], device: str, reduction: str) -> Tensor:
    inputs, targets = as_batch(lines, device)
    logits = model(inputs).flatten(0, 1)
    return functional.cross_entropy(logits, targets.flatten(), ignore_index=IGNORED, reduction=reduction)


def mean_loss(model: nn.Module, lines: Sequence[Sequence[int]], device: str = "cpu", batch: int = 64) -> float:
    """Mean loss over all tokens of the lines, in nats per token; the model is left in evaluation mode."""
    model.eval()
    total = 0.0
    with torch.inference_mode():
        for start in range(0, len(lines), batch):
            total += _loss(model, lines[start : start + batch], device, "sum").item()
    return total / sum(map(len, lines))


def _shuffled(lines: Sequence[Sequence[int]], batch: int, seed: int) -> Iterator[list[Sequence[int]]]:
    generator = np.random.default_rng(seed)
    waiting: list[int] = []
    while True:
        while len(waiting) < batch:
            waiting += generator.permutation(len(lines)).tolist()
        yield [lines[place] for place in waiting[:batch]]
        waiting = waiting[batch:]


def train(
    model: nn.Module,
    lines: Sequence[Sequence[int]],
    config: TrainingConfig,
    *,
    seed: int = 0,
    device: str = "cpu",
    on_step: Callable[[int, float], None] | None = None,
) -> TrainingReport:
    """Train the model in place; the same seed, threads and machine give the same losses bit for bit.

    Args:
        model: maps ids (batch, length) to logits (batch, length, symbols); already on `device`.
        lines: encoded lines, each closed by the end symbol; gone through in a new order each time round.
        seed: of the order of the lines and of the dropout; torch's own global state is left as it was.
        on_step: called after each step with its number, from 1, and its loss in nats per token.

    Returns:
        The report.  An interrupt from the keyboard ends the training early and is noted there.

    Raises:
        ValueError: there are no lines.
        FloatingPointError: the loss is no longer finite.
    """
    if not lines:
        raise ValueError("no lines to train on: give at least one")
    optimiser = torch.optim.AdamW(model.parameters(), eps=config.epsilon, weight_decay=config.weight_decay)
    report = TrainingReport(losses=[])
    batches = _shuffled(lines, config.batch, seed)
    model.train()
    start = time.perf_counter()
    with torch.random.fork_rng(devices=[device] if device.startswith("cuda") else []):
        torch.manual_seed(seed)
        try:
            for step in range(1, config.steps + 1):
                optimiser.param_groups[0]["lr"] = config.rate_at(step)
                loss = _loss(model, next(batches), device, "mean")
                value = loss.item()
                if not math.isfinite(value):
                    raise FloatingPointError(f"loss {value} at step {step}: lower the rate or warm up longer")
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), config.clip)
                optimiser.step()
                report.losses.append(value)
                if on_step is not None:
                    on_step(step, value)
        except KeyboardInterrupt:
            report.interrupted = True
    report.seconds = time.perf_counter() - start
    return report
