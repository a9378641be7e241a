"""What every source of lines offers: draws, the exact entropy of a token by position class, and -log p of a line.

A line is a list of ids closed by the end symbol, which is the last id.  All entropies are in nats.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

END_CLASS = "end"


@dataclass(frozen=True)
class Entropy:
    """Entropy and length of a line, split over the position classes of its tokens.

    ``nats`` holds for each class the sum over its tokens of the entropy given all tokens before, ``tokens`` how many
    there are; both are means over lines.  The loss that a mean over all tokens of many lines estimates is a quotient
    of two such sums.
    """

    nats: dict[str, float]
    tokens: dict[str, float]

    def per_token(self, end: bool = True) -> float:
        """Nats per token, with or without the end symbol among the tokens."""
        counted = [name for name in self.nats if end or name != END_CLASS]
        return sum(self.nats[name] for name in counted) / sum(self.tokens[name] for name in counted)

    def by_class(self) -> dict[str, float]:
        """Nats per token of each position class."""
        return {name: self.nats[name] / self.tokens[name] for name in self.nats if self.tokens[name]}


class Source(Protocol):
    """A distribution over lines whose entropy is known exactly."""

    @property
    def symbols(self) -> int:
        """How many ids there are, the end symbol among them."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The position classes, in the order of a line; the last one is that of the end symbol."""

    def draw(self, count: int, seed: int, *, distinct: bool = False) -> list[list[int]]:
        """Draw lines, with replacement or, if ``distinct``, without."""

    def classify(self, line: Sequence[int]) -> list[int]:
        """The place in ``classes`` of each token."""

    def nats(self, line: Sequence[int]) -> list[float]:
        """-log p of each token given those before it: the loss of the ideal predictor."""

    def entropy(self) -> Entropy:
        """The exact entropy."""

    def describe(self) -> dict[str, object]:
        """Family and parameters, as JSON can hold them."""


def digest(source: Source) -> str:
    """SHA-256 over what describes the source."""
    return hashlib.sha256(json.dumps(source.describe(), sort_keys=True).encode()).hexdigest()


def digest_lines(lines: Iterable[Sequence[int]]) -> str:
    """SHA-256 over encoded lines."""
    return hashlib.sha256("".join(f"{' '.join(map(str, line))}\n" for line in lines).encode()).hexdigest()


def ideal_entropy(source: Source, lines: Sequence[Sequence[int]]) -> Entropy:
    """What the ideal predictor loses on these very lines; over many fresh lines it approaches ``entropy``."""
    return _gathered(source, lines, (source.nats(line) for line in lines))


def empirical_entropy(source: Source, lines: Sequence[Sequence[int]]) -> Entropy:
    """The entropy of a finite set of lines, one of which is drawn uniformly: what perfect memorisation reaches.

    Each token is predicted by the share with which it follows its prefix in the set, repetitions counted.

    Raises:
        ValueError: there are no lines.
    """
    children: dict[tuple[int, int], int] = {}  # a prefix and the token after it lead to a longer prefix; 0 is empty
    passes = Counter[int]()
    paths = []
    for line in lines:
        path = [0]
        for token in line:
            path.append(children.setdefault((path[-1], token), len(children) + 1))
        passes.update(path)
        paths.append(path)

    def nats(path: Sequence[int]) -> list[float]:
        return [math.log(passes[before] / passes[after]) for before, after in pairwise(path)]

    return _gathered(source, lines, map(nats, paths))


def _gathered(source: Source, lines: Sequence[Sequence[int]], nats: Iterable[Sequence[float]]) -> Entropy:
    if not lines:
        raise ValueError("no lines to take the entropy of: give at least one")
    sums, counts = [0.0] * len(source.classes), [0] * len(source.classes)
    for line, losses in zip(lines, nats, strict=True):
        for place, loss in zip(source.classify(line), losses, strict=True):
            sums[place] += loss
            counts[place] += 1
    return Entropy(
        dict(zip(source.classes, (value / len(lines) for value in sums), strict=True)),
        dict(zip(source.classes, (value / len(lines) for value in counts), strict=True)),
    )


def draw_distinct(source: Source, count: int, seed: int, rounds: int = 8) -> list[list[int]]:
    """Draw lines one after the other and keep each the first time that it comes.

    Raises:
        ValueError: ``rounds`` of draws, the first as large as what is asked for and each next one twice as large, did
            not bring enough lines.
    """
    found: dict[tuple[int, ...], None] = {}
    for round_ in range(rounds):
        for line in source.draw(count * 2**round_, seed + 1_000_003 * round_):
            if len(found) == count:
                break
            found[tuple(line)] = None
        if len(found) == count:
            return [list(kept) for kept in found]
    raise ValueError(
        f"{count} distinct lines asked for, but {count * (2**rounds - 1)} draws held {len(found)}: ask for fewer "
        "lines, draw longer ones, or pass distinct=False"
    )


def dialled(target: float, lower: float, upper: float, entropy_at: "DialledEntropy") -> float:
    """The dial at which the entropy per token is ``target``, by bisection of an increasing function.

    Raises:
        ValueError: the target is not between the entropies at both ends.
    """
    least, greatest = entropy_at(lower), entropy_at(upper)
    if not least <= target <= greatest:
        raise ValueError(f"{target} nats per token asked for: choose between {least:.4f} and {greatest:.4f}")
    for _ in range(200):
        middle = math.sqrt(lower * upper)
        if middle in (lower, upper):
            break
        lower, upper = (middle, upper) if entropy_at(middle) < target else (lower, middle)
    return upper


class DialledEntropy(Protocol):
    """Nats per token as a function of the dial."""

    def __call__(self, dial: float, /) -> float:
        """Nats per token."""
