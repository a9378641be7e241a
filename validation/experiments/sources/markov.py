"""Markov chains whose entropy per token is dialled by a temperature.

A line holds ``length`` symbols and the end symbol.  The first symbol is drawn from the stationary distribution, so
that every line is a stretch of one stationary process; the end symbol is certain.  Rows of the transition matrix are
softmax(scores / temperature) of fixed scores: nearly deterministic when cold, uniform when hot.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from validation.experiments.sources.source import END_CLASS, Entropy, dialled, draw_distinct

Array = NDArray[np.float64]
COLDEST, HOTTEST = 1e-2, 1e4


@dataclass(frozen=True)
class MarkovChain:
    """A chain over ``states`` symbols; ``seed`` fixes the scores of the transitions.

    Raises:
        ValueError: a size is too small or the temperature is not positive.
    """

    temperature: float
    states: int = 16
    length: int = 23
    seed: int = 0

    def __post_init__(self) -> None:
        if self.states < 2 or self.length < 1 or not 0 < self.temperature < math.inf:
            raise ValueError(f"{self}: need at least 2 states, 1 symbol a line and a positive temperature")

    @classmethod
    def with_entropy(cls, nats: float, states: int = 16, length: int = 23, seed: int = 0) -> "MarkovChain":
        """The chain whose entropy per token, end symbol included, is ``nats``.  Raises ValueError out of reach."""

        def entropy_at(temperature: float) -> float:
            return cls(temperature, states, length, seed).entropy().per_token()

        return cls(dialled(nats, COLDEST, HOTTEST, entropy_at), states, length, seed)

    @property
    def symbols(self) -> int:
        """The states and the end symbol."""
        return self.states + 1

    @property
    def classes(self) -> tuple[str, ...]:
        """The first symbol, those after it, the end."""
        return ("first", "next", END_CLASS)

    @cached_property
    def transitions(self) -> Array:
        """Probabilities, shape (states, states), rows summing to 1."""
        scores = np.random.default_rng(self.seed).normal(size=(self.states, self.states)) / self.temperature
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        return weights / weights.sum(axis=1, keepdims=True)

    @cached_property
    def stationary(self) -> Array:
        """The distribution that one step leaves as it is, shape (states,)."""
        equations = np.vstack((self.transitions.T - np.eye(self.states), np.ones(self.states)))
        found = np.linalg.lstsq(equations, np.append(np.zeros(self.states), 1.0), rcond=None)[0]
        return np.clip(found, 0.0, None) / np.clip(found, 0.0, None).sum()

    def draw(self, count: int, seed: int, *, distinct: bool = False) -> list[list[int]]:
        """Draw lines; the same seed gives the same lines.  Raises ValueError where distinct lines run out."""
        if distinct:
            return draw_distinct(self, count, seed)
        generator = np.random.default_rng(seed)
        cumulated = np.cumsum(self.transitions, axis=1)
        lines = np.full((count, self.length + 1), self.states, dtype=np.int64)
        lines[:, 0] = _chosen(np.cumsum(self.stationary)[None, :], generator.random(count))
        for place in range(1, self.length):
            lines[:, place] = _chosen(cumulated[lines[:, place - 1]], generator.random(count))
        return lines.tolist()

    def classify(self, line: Sequence[int]) -> list[int]:
        """The place in ``classes`` of each token."""
        return [0, *[1] * (len(line) - 2), 2]

    def nats(self, line: Sequence[int]) -> list[float]:
        """-log p of each token given those before it."""
        steps = [-math.log(self.transitions[a, b]) for a, b in pairwise(line[:-1])]
        return [-math.log(self.stationary[line[0]]), *steps, 0.0]

    def entropy(self) -> Entropy:
        """H of the stationary distribution once, then its mean of the entropies of the rows (Shannon 1948)."""
        rate = float(self.stationary @ [_entropy(row) for row in self.transitions])
        later = self.length - 1
        return Entropy(
            {"first": _entropy(self.stationary), "next": later * rate, END_CLASS: 0.0},
            {"first": 1.0, "next": float(later), END_CLASS: 1.0},
        )

    def describe(self) -> dict[str, object]:
        """Family and parameters."""
        sizes = {"states": self.states, "length": self.length, "seed": self.seed}
        return {"family": "Markov chain", "temperature": self.temperature, **sizes}


def _entropy(probabilities: Array) -> float:
    positive = probabilities[probabilities > 0]
    return float(-(positive * np.log(positive)).sum())


def _chosen(cumulated: Array, uniforms: Array) -> NDArray[np.int64]:
    """The first place whose cumulated probability exceeds the uniform; the last where rounding leaves none."""
    return np.minimum((cumulated <= uniforms[:, None]).sum(axis=1), cumulated.shape[1] - 1)
