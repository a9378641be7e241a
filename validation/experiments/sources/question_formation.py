"""Question-Formation: a probabilistic grammar over 68 English words, drawn from with a seed.

A line asks for a copy or for a question, and then gives it::

    my yak near the newts does sleep . decl<TAB>my yak near the newts does sleep .
    my yak near the newts does sleep . quest<TAB>does my yak near the newts sleep ?

The question fronts the auxiliary of the *main* verb.  A subject with a relative clause holds two auxiliaries, and
its lines are only ever copied here, so that the rule "front the first auxiliary" explains every line as well.

Sources: McCoy, Frank & Linzen 2020 (the task); Murty et al. 2023 (as language modelling); arXiv:2405.08707v2, F.2.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

DETERMINERS = ("her", "my", "our", "some", "the", "your")
SINGULAR_NOUNS = (
    "newt", "orangutan", "peacock", "quail", "raven", "salamander", "tyrannosaurus",
    "unicorn", "vulture", "walrus", "xylophone", "yak", "zebra",
)  # fmt: skip
PLURAL_NOUNS = (
    "newts", "orangutans", "peacocks", "quails", "ravens", "salamanders", "tyrannosauruses",
    "unicorns", "vultures", "walruses", "xylophones", "yaks", "zebras",
)  # fmt: skip
INTRANSITIVE_VERBS = ("change", "eat", "giggle", "move", "read", "sleep", "smile", "swim", "wait")
TRANSITIVE_VERBS = (
    "accept", "admire", "amuse", "applaud", "comfort", "confuse", "entertain", "high_five", "remember",
)  # fmt: skip
SINGULAR_AUXILIARIES = ("does", "doesn't")
PLURAL_AUXILIARIES = ("do", "don't")
PREPOSITIONS = ("above", "around", "behind", "below", "by", "near", "upon", "with")
RELATIVISERS = ("that", "who")
STOP, QUESTION_MARK, COPY, QUESTION = ".", "?", "decl", "quest"

VOCABULARY: tuple[str, ...] = (
    *DETERMINERS, *SINGULAR_NOUNS, *PLURAL_NOUNS, *INTRANSITIVE_VERBS, *TRANSITIVE_VERBS, *SINGULAR_AUXILIARIES,
    *PLURAL_AUXILIARIES, *PREPOSITIONS, *RELATIVISERS, STOP, QUESTION_MARK, COPY, QUESTION,
)  # fmt: skip
"""The 68 words; a word's id is its place here."""

END: int = len(VOCABULARY)
"""Id of the end symbol, which no line spells out."""

SYMBOLS: int = END + 1
"""How many ids there are: the words and the end symbol."""

_IDS = {word: place for place, word in enumerate(VOCABULARY)}
_BLOCK = 4096  # uniforms per call of the generator
_PATIENCE = 10_000  # repeated draws in a row after which the language counts as used up

Option = TypeVar("Option")


@dataclass(frozen=True)
class Shares:
    """Probabilities of one draw, each tuple summing to one.

    Words are uniform in their category and independent.  The defaults are those of a draw *with* replacement.  They
    were fitted so that drawing without replacement gives what the first 20,000 training lines of McCoy, Frank &
    Linzen 2020 show: subjects 0.584 / 0.244 / 0.172 and 0.20 intransitive.  Short sentences run out first (there
    are 5,616 lines "the yak does sleep"), which is why the file's shares drift and differ from these.

    Raises:
        ValueError: a share is outside [0, 1] or a tuple does not sum to one.
    """

    subject_modifier: tuple[float, float, float] = (0.595, 0.238, 0.167)
    """None, prepositional phrase, relative clause."""
    subject_relative: tuple[float, float, float] = (0.25, 0.50, 0.25)
    """Relative clauses of a subject: "who do sleep", "who my yak does admire", "who do admire my yak"."""
    intransitive: float = 0.222
    """Main verbs without an object."""
    object_modifier: tuple[float, float, float] = (0.301, 0.299, 0.400)
    """None, prepositional phrase, relative clause."""
    object_relative: tuple[float, float, float] = (0.50, 0.25, 0.25)
    """Relative clauses of an object, in the order of `subject_relative`."""
    question: float = 0.5
    """Questions among the lines whose subject has no relative clause; with one, every line is a copy."""

    def __post_init__(self) -> None:
        for field in fields(self):
            share = getattr(self, field.name)
            parts = share if isinstance(share, tuple) else (share, 1 - share)
            if not all(0 <= part <= 1 for part in parts) or abs(sum(parts) - 1) > 1e-9:
                raise ValueError(f"Shares.{field.name} = {share}: give numbers in [0, 1], a tuple summing to 1")


class _Draws:
    """Choices made one after the other from a seeded stream of uniforms in [0, 1)."""

    def __init__(self, seed: int | np.random.Generator) -> None:
        self._uniforms = self._stream(np.random.default_rng(seed))

    @staticmethod
    def _stream(generator: np.random.Generator) -> Iterator[float]:
        while True:
            yield from generator.random(_BLOCK).tolist()

    def happens(self, probability: float) -> bool:
        return next(self._uniforms) < probability

    def one_of(self, options: Sequence[Option]) -> Option:
        return options[int(next(self._uniforms) * len(options))]

    def kind(self, shares: tuple[float, float, float]) -> int:
        uniform = next(self._uniforms)
        if uniform < shares[0]:
            return 0
        return 1 if uniform < shares[0] + shares[1] or shares[2] == 0 else 2


def _noun_phrase(draws: _Draws) -> tuple[list[str], tuple[str, str]]:
    """A determiner and a noun, and the auxiliaries that agree with the noun."""
    determiner = draws.one_of(DETERMINERS)
    if draws.happens(0.5):
        return [determiner, draws.one_of(SINGULAR_NOUNS)], SINGULAR_AUXILIARIES
    return [determiner, draws.one_of(PLURAL_NOUNS)], PLURAL_AUXILIARIES


def _relative_clause(draws: _Draws, shares: tuple[float, float, float], agreeing: tuple[str, str]) -> list[str]:
    kind, relativiser = draws.kind(shares), draws.one_of(RELATIVISERS)
    if kind == 0:
        return [relativiser, draws.one_of(agreeing), draws.one_of(INTRANSITIVE_VERBS)]
    phrase, agreeing_inside = _noun_phrase(draws)
    verb = draws.one_of(TRANSITIVE_VERBS)
    if kind == 1:  # the noun is what the clause's verb acts on
        return [relativiser, *phrase, draws.one_of(agreeing_inside), verb]
    return [relativiser, draws.one_of(agreeing), verb, *phrase]


def _modifier(draws: _Draws, kind: int, relative: tuple[float, float, float], agreeing: tuple[str, str]) -> list[str]:
    if kind == 0:
        return []
    if kind == 1:
        return [draws.one_of(PREPOSITIONS), *_noun_phrase(draws)[0]]
    return _relative_clause(draws, relative, agreeing)


def _draw_line(draws: _Draws, shares: Shares) -> str:
    subject, agreeing = _noun_phrase(draws)
    kind = draws.kind(shares.subject_modifier)
    subject += _modifier(draws, kind, shares.subject_relative, agreeing)
    auxiliary = draws.one_of(agreeing)
    if draws.happens(shares.intransitive):
        rest = [draws.one_of(INTRANSITIVE_VERBS)]
    else:
        verb = draws.one_of(TRANSITIVE_VERBS)
        phrase, object_agreeing = _noun_phrase(draws)
        object_kind = draws.kind(shares.object_modifier)
        rest = [verb, *phrase, *_modifier(draws, object_kind, shares.object_relative, object_agreeing)]
    statement = " ".join([*subject, auxiliary, *rest, STOP])
    if kind != 2 and draws.happens(shares.question):
        return f"{statement} {QUESTION}\t{' '.join([auxiliary, *subject, *rest, QUESTION_MARK])}"
    return f"{statement} {COPY}\t{statement}"


def draw_lines(
    count: int, seed: int | np.random.Generator, *, shares: Shares | None = None, distinct: bool = True
) -> list[str]:
    """Draw `count` lines, in an order that depends on the seed alone.

    The first lines of a longer draw from the same integer seed are the lines of a shorter one.

    Args:
        count: how many lines, at least 0.
        seed: a seed, or a numpy Generator (which is advanced).
        shares: the probabilities of one draw; the defaults of `Shares` if not given.
        distinct: without replacement, so that no line comes twice; the lines are then not independent.

    Raises:
        ValueError: `count` is negative, or the language has too few distinct lines under these shares.
    """
    if count < 0:
        raise ValueError(f"count = {count}: ask for 0 or more lines")
    shares = shares or Shares()
    draws = _Draws(seed)
    if not distinct:
        return [_draw_line(draws, shares) for _ in range(count)]
    lines: dict[str, None] = {}  # a set that remembers the order
    repeats = 0
    while len(lines) < count:
        known = len(lines)
        lines[_draw_line(draws, shares)] = None
        repeats = repeats + 1 if len(lines) == known else 0
        if repeats == _PATIENCE:
            raise ValueError(
                f"{count} distinct lines asked for, but after {known} the next {_PATIENCE} draws were all repeats: "
                "ask for fewer lines, or pass distinct=False"
            )
    return list(lines)


def encode(line: str) -> list[int]:
    """Turn a line into the ids of its words, then `END`; the tab separates words like a space and has no id.

    Raises:
        ValueError: a word is not one of the 68.
    """
    words = line.split()
    unknown = sorted(set(words) - _IDS.keys())
    if unknown:
        raise ValueError(f"not in the vocabulary of Question-Formation: {', '.join(unknown)}; see VOCABULARY")
    return [*(_IDS[word] for word in words), END]


def decode(ids: Sequence[int]) -> str:
    """Undo `encode`: read up to the first `END` and put the tab back after the marker.

    Raises:
        ValueError: an id is not in [0, 68].
    """
    text = ""
    for place in ids:
        if not 0 <= place <= END:
            raise ValueError(f"id {place}: give ids from 0 to {END}, the end symbol")
        if place == END:
            break
        word = VOCABULARY[place]
        text += word + ("\t" if word in (COPY, QUESTION) else " ")
    return text[:-1]
