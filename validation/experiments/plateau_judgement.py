"""Does the training loss settle at 1, or at the entropy of the source?  The rules, and what a record says by them.

The rules were written before the recorded trainings were run; the record holds a copy of them.  A record is judged
from its curves and from entropies that are computed again here, not from numbers that the record claims.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from validation.evidence import Outcome
from validation.experiments.finding import Finding
from validation.experiments.sources.catalogue import source_of
from validation.experiments.sources.source import digest_lines, empirical_entropy

TOLERANCE = 0.1  # of the value: "about" with nothing printed
DRIFT = 0.05  # of the settled loss, between the last two tenths
SEEDS = 3  # fewer decide nothing
QUESTION_FORMATION = "question_formation"
ONCE, REPEATED, MEMORISED = "each line once", "lines repeated", "few lines, many times"

NEAR_ONE = "question_formation.training_loss.near_one"
ALWAYS_NEAR_ONE = "language_model.training_loss.near_one"
AT_ENTROPY = "language_model.training_loss.source_entropy"
AT_SET_ENTROPY = "language_model.training_loss.set_entropy"

HYPOTHESES = {
    NEAR_ONE: "On Question-Formation the training loss settles at about 1 nat per token.",
    ALWAYS_NEAR_ONE: "Whatever the source, the training loss settles at about 1 nat per token, and no model gets "
    "below.",
    AT_ENTROPY: "Whatever the source, the loss of a model that sees each line once settles at the entropy per token.",
    AT_SET_ENTROPY: "A model that sees few lines many times settles at the entropy per token of that finite set.",
}

RULES = {
    "settled loss": "the mean training loss over the last tenth of the steps, for each seed",
    "interval": "mean over the seeds, plus and minus Student's t at 95% times the standard error",
    "about a value": "the whole interval within 10% of the value; not about it if the whole interval is outside; "
    "anything else decides nothing",
    "drift": "a group with a run whose mean losses over the last two tenths differ by more than 5% has not settled, "
    "and decides nothing",
    "seeds": "a group of fewer than three finished runs, or with a failed run, decides nothing",
    NEAR_ONE: "holds if the settled loss is about 1 at every depth, fails if it is not at one",
    ALWAYS_NEAR_ONE: "fails if the interval of some source lies below 0.9, for a loss that was reached counts however "
    "long one trains; holds if every source settles at about 1",
    AT_ENTROPY: "holds if every source settles at about its exact entropy, fails if one does not; sources below, at "
    "and above 1 are needed, so that a constant could not pass",
    AT_SET_ENTROPY: "holds if the settled loss is about the entropy of the finite set, which is below 0.9; fails if "
    "it is not",
    "explained": "where the first hypothesis holds, the third one holds and the second one fails, the first is "
    "explained by the third",
}


@dataclass(frozen=True)
class Group:
    """The runs of one source at one depth: the value that the entropy predicts, and where the runs settled.

    ``complete`` says that there are enough runs, that none failed and that all of them settled.
    """

    key: str
    title: str
    regime: str
    layers: int
    entropy: float
    settled: tuple[float, ...]
    complete: bool

    @property
    def interval(self) -> tuple[float, float]:
        """95% interval of the settled loss, in nats per token."""
        count = len(self.settled)
        if count < 2:
            return -math.inf, math.inf
        mean = float(np.mean(self.settled))
        half = float(stats.t.ppf(0.975, count - 1) * np.std(self.settled, ddof=1) / np.sqrt(count))
        return mean - half, mean + half

    def about(self, value: float) -> Outcome:
        """Whether the runs settled at about a value."""
        if not self.complete:
            return Outcome.UNDECIDED
        low, high = self.interval
        if value * (1 - TOLERANCE) <= low and high <= value * (1 + TOLERANCE):
            return Outcome.HOLDS
        outside = high < value * (1 - TOLERANCE) or low > value * (1 + TOLERANCE)
        return Outcome.FAILS if outside else Outcome.UNDECIDED

    def __str__(self) -> str:
        low, high = self.interval
        depth = f"{self.layers} layer{'s' if self.layers > 1 else ''}"
        return f"{self.title}, {depth}: settled in [{low:.3f}, {high:.3f}], entropy {self.entropy:.3f}"


def settled_loss(curve: Sequence[Sequence[float]]) -> float:
    """Mean over the last tenth of a curve of means over equal stretches of steps.

    Raises:
        ValueError: the curve cannot be cut into tenths.
    """
    return _tenth(curve, 9)


def drift(curve: Sequence[Sequence[float]]) -> float:
    """By which share of itself the settled loss lies above the mean of the tenth before.  Raises ValueError."""
    return 1 - _tenth(curve, 8) / _tenth(curve, 9)


def _tenth(curve: Sequence[Sequence[float]], number: int) -> float:
    if not curve or len(curve) % 10:
        raise ValueError(f"a curve of {len(curve)} points: give a multiple of 10, so that it has tenths")
    size = len(curve) // 10
    return float(np.mean([loss for _, loss in curve[number * size : (number + 1) * size]]))


def groups(record: Mapping[str, Any]) -> list[Group]:
    """The groups of a record, with entropies computed anew.

    Raises:
        ValueError: the lines of a finite set are not those that the record names.
    """
    return list(_groups(record))


def _groups(record: Mapping[str, Any]) -> Iterator[Group]:
    for arm in record["arms"]:
        for layers in sorted({run["layers"] for run in arm["runs"]}):
            runs = [run for run in arm["runs"] if run["layers"] == layers]
            finished = [run for run in runs if run["failure"] is None]
            seeds = {run["seed"] for run in finished}
            still = all(abs(drift(run["curve"])) <= DRIFT for run in finished)
            complete = len(finished) == len(runs) and len(seeds) >= SEEDS and still
            settled = tuple(settled_loss(run["curve"]) for run in finished)
            entropy = _entropy(arm, finished or runs)  # a group of failed runs decides nothing, but it is not forgotten
            yield Group(arm["key"], arm["title"], arm["regime"], layers, entropy, settled, complete)


def _entropy(arm: Mapping[str, Any], runs: Sequence[Mapping[str, Any]]) -> float:
    """Nats per token of the source, or of the finite sets, whose lines are drawn again."""
    source = source_of(arm["source"])
    if arm["regime"] != MEMORISED:
        return source.entropy().per_token()
    found = []
    for run in runs:
        lines = source.draw(arm["lines"], run["seed"], distinct=True)
        if run["failure"] is None and digest_lines(lines) != run["lines_digest"]:
            raise ValueError(f"{arm['key']}, seed {run['seed']}: the lines drawn again are not those of the record")
        found.append(empirical_entropy(source, lines).per_token())
    return float(np.mean(found))


def judge(record: Mapping[str, Any]) -> dict[str, Finding]:
    """What a record of ``measure plateau`` says of each hypothesis, by the rules above."""
    found = groups(record)
    once = [group for group in found if group.regime == ONCE]
    unlearnt = [group for group in found if group.regime != MEMORISED]
    memorised = [group for group in found if group.regime == MEMORISED]
    named = [group for group in unlearnt if group.key == QUESTION_FORMATION]
    entropies = [group.entropy for group in once]
    both_sides = bool(entropies) and min(entropies) < 1 - TOLERANCE and max(entropies) > 1 + TOLERANCE
    below = [group for group in once if group.complete and group.interval[1] < 1 - TOLERANCE]

    at_one = _all([group.about(1.0) for group in named])
    everywhere = _all([group.about(1.0) for group in unlearnt])
    always = Outcome.FAILS if below else Outcome.UNDECIDED if everywhere is Outcome.FAILS else everywhere
    at_entropy = _all([group.about(group.entropy) for group in once])
    if at_entropy is Outcome.HOLDS and not both_sides:
        at_entropy = Outcome.UNDECIDED
    at_set = _all([group.about(group.entropy) for group in memorised])
    if at_set is Outcome.HOLDS and max(group.entropy for group in memorised) >= 1 - TOLERANCE:
        at_set = Outcome.UNDECIDED
    explained = (at_one, at_entropy, always) == (Outcome.HOLDS, Outcome.HOLDS, Outcome.FAILS)
    findings = (
        Finding(NEAR_ONE, at_one, *_numbers(named, 1.0), (AT_ENTROPY,) if explained else ()),
        Finding(ALWAYS_NEAR_ONE, always, *_numbers(below or unlearnt, 1.0)),
        Finding(AT_ENTROPY, at_entropy, *_numbers(once)),
        Finding(AT_SET_ENTROPY, at_set, *_numbers(memorised)),
    )
    return {finding.claim: finding for finding in findings}


def _all(outcomes: Sequence[Outcome]) -> Outcome:
    if Outcome.FAILS in outcomes:
        return Outcome.FAILS
    return Outcome.HOLDS if outcomes and set(outcomes) == {Outcome.HOLDS} else Outcome.UNDECIDED


def _numbers(told: Sequence[Group], value: float | None = None) -> tuple[str, str, str]:
    """What was measured, how far it was at most from a value or from the entropy, and every interval."""
    if not told:
        return "nothing", "", "nothing was measured"
    seeds = min(len(group.settled) for group in told)
    covered = f"{len(told)} group{'s' if len(told) > 1 else ''} of {seeds} seeds"
    expected = [(group, group.entropy if value is None else value) for group in told if group.settled]
    share = max((abs(float(np.mean(g.settled)) / v - 1) for g, v in expected), default=math.nan)
    of_what = "the entropy" if value is None else f"{value:g}"
    return covered, f"up to {share:.1%} from {of_what}", "; ".join(map(str, told))
