"""Context-free grammars with a temperature: random formulas in prefix notation.

Every rule of a nonterminal begins with a terminal of its own (a simple grammar in the sense of Korenjak & Hopcroft
1966).  So a line has one derivation, each token is one choice of a rule, and the conditional distribution of the next
token is that of the nonterminal on top of the stack.  Rule weights are taken to the power 1 / temperature.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from validation.experiments.sources.source import END_CLASS, Entropy, dialled, draw_distinct

Rule = tuple[str, tuple[str, ...], float]  # terminal, nonterminals after it, weight at temperature 1

FORMULAS: dict[str, tuple[Rule, ...]] = {
    "term": (
        ("add", ("term", "term"), 4.0),
        ("multiply", ("term", "term"), 2.0),
        ("power", ("term", "digit"), 1.5),
        ("negate", ("term",), 1.0),
        ("x", (), 6.0),
        ("y", (), 3.0),
        ("z", (), 1.0),
        ("number", ("digit",), 3.0),
    ),
    "digit": tuple((f"{digit}", (), 2.0 ** (3 - digit)) for digit in range(10)),
}
"""A term is a sum, a product, a power, a negation, a variable or a number of one digit."""

COLDEST, HOTTEST = 5e-2, 1e3


@dataclass(frozen=True)
class TemperatureGrammar:
    """The formulas at a temperature; a line is one term and the end symbol.

    Raises:
        ValueError: the temperature is not positive.
    """

    temperature: float

    def __post_init__(self) -> None:
        if not 0 < self.temperature < math.inf:
            raise ValueError(f"temperature {self.temperature}: choose a positive number")

    @classmethod
    def with_entropy(cls, nats: float) -> "TemperatureGrammar":
        """The grammar whose entropy per token, end symbol included, is ``nats``.  Raises ValueError out of reach."""
        return cls(dialled(nats, COLDEST, HOTTEST, lambda temperature: cls(temperature).entropy().per_token()))

    @property
    def symbols(self) -> int:
        """The terminals and the end symbol."""
        return len(_IDS) + 1

    @property
    def classes(self) -> tuple[str, ...]:
        """The nonterminals, whose choices the tokens are, and the end."""
        return (*FORMULAS, END_CLASS)

    @cached_property
    def probabilities(self) -> dict[str, list[float]]:
        """The probabilities of the rules of each nonterminal."""
        found = {}
        for name, rules in FORMULAS.items():
            logs = np.array([math.log(weight) / self.temperature for _, _, weight in rules])
            weights = np.exp(logs - logs.max())
            found[name] = (weights / weights.sum()).tolist()
        return found

    def draw(self, count: int, seed: int, *, distinct: bool = False) -> list[list[int]]:
        """Draw lines; the same seed gives the same lines.  Raises ValueError where distinct lines run out."""
        if distinct:
            return draw_distinct(self, count, seed)
        generator = np.random.default_rng(seed)
        cumulated = {name: np.cumsum(shares).tolist() for name, shares in self.probabilities.items()}
        uniforms: list[float] = []
        lines = []
        for _ in range(count):
            line, stack = [], ["term"]
            while stack:
                if not uniforms:
                    uniforms = generator.random(4096).tolist()
                uniform, name = uniforms.pop(), stack.pop()
                ends, rules = cumulated[name], FORMULAS[name]
                place = next((place for place, end in enumerate(ends) if uniform < end), len(rules) - 1)
                line.append(_IDS[rules[place][0]])
                stack += reversed(rules[place][1])
            lines.append([*line, len(_IDS)])
        return lines

    def _read(self, line: Sequence[int]) -> list[tuple[str, int]]:
        """For each token but the end the nonterminal that was open and the place of its rule."""
        stack = ["term"]
        read: list[tuple[str, int]] = []
        for token in line[:-1]:
            name = stack.pop() if stack else ""
            if token not in _PLACES.get(name, {}):
                raise ValueError(f"id {token} at place {len(read)} of {list(line)}: no rule of {name or 'nothing'}")
            place = _PLACES[name][token]
            read.append((name, place))
            stack += reversed(FORMULAS[name][place][1])
        if stack or not line or line[-1] != len(_IDS):
            raise ValueError(f"{list(line)} is no whole line: {len(stack)} parts missing before the end symbol")
        return read

    def classify(self, line: Sequence[int]) -> list[int]:
        """The place in ``classes`` of each token.  Raises ValueError for a line of another language."""
        return [self.classes.index(name) for name, _ in self._read(line)] + [len(FORMULAS)]

    def nats(self, line: Sequence[int]) -> list[float]:
        """-log p of each token given those before it.  Raises ValueError for a line of another language."""
        return [-math.log(self.probabilities[name][place]) for name, place in self._read(line)] + [0.0]

    def entropy(self) -> Entropy:
        """Expected uses of each nonterminal, from one linear system, times the entropy of its rules."""
        names = list(FORMULAS)
        children = np.zeros((len(names), len(names)))
        for row, name in enumerate(names):
            for share, (_, inner, _) in zip(self.probabilities[name], FORMULAS[name], strict=True):
                for child, number in Counter(inner).items():
                    children[row, names.index(child)] += share * number
        if max(abs(np.linalg.eigvals(children))) >= 1:
            raise ValueError(f"at temperature {self.temperature} a line has no mean length: choose another")
        start = np.eye(len(names))[names.index("term")]
        uses = np.linalg.solve(np.eye(len(names)) - children.T, start)
        each = [-sum(share * math.log(share) for share in self.probabilities[name] if share > 0) for name in names]
        return Entropy(
            {name: float(u * h) for name, u, h in zip(names, uses, each, strict=True)} | {END_CLASS: 0.0},
            {name: float(u) for name, u in zip(names, uses, strict=True)} | {END_CLASS: 1.0},
        )

    def describe(self) -> dict[str, object]:
        """Family and parameters."""
        return {"family": "temperature grammar", "temperature": self.temperature, "rules": FORMULAS}


_IDS = {
    name: place for place, name in enumerate(dict.fromkeys(rule[0] for rules in FORMULAS.values() for rule in rules))
}
_PLACES = {
    name: {_IDS[terminal]: place for place, (terminal, _, _) in enumerate(rules)} for name, rules in FORMULAS.items()
}
