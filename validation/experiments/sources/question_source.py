"""Question-Formation as a source: exact entropy by position class, -log p of a line, shares fitted from a file.

Every choice of the grammar can be read off the line from left to right, so that a line has one derivation and its
entropy is the sum of the entropies of the choices, each times how often it is made.  The second half of a line
repeats or rearranges what the first half and the marker have fixed: it costs an ideal predictor nothing, nor does
the end symbol.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields

from validation.experiments.sources import question_formation as text
from validation.experiments.sources.question_formation import Shares, draw_lines, encode
from validation.experiments.sources.source import END_CLASS, Entropy

CLASSES = ("declarative", "marker", "question", END_CLASS)
NOUNS = text.SINGULAR_NOUNS + text.PLURAL_NOUNS
AUXILIARIES = text.SINGULAR_AUXILIARIES + text.PLURAL_AUXILIARIES
NOUN_PHRASE = math.log(len(text.DETERMINERS)) + math.log(len(NOUNS))
AUXILIARY = math.log(len(text.SINGULAR_AUXILIARIES))
VERB = math.log(len(text.TRANSITIVE_VERBS))  # as many as there are intransitive verbs
PREPOSITION, RELATIVISER = math.log(len(text.PREPOSITIONS)), math.log(len(text.RELATIVISERS))


@dataclass(frozen=True)
class QuestionFormation:
    """Lines of Question-Formation, drawn with replacement under ``shares``."""

    shares: Shares = field(default_factory=Shares)

    @property
    def symbols(self) -> int:
        """The 68 words and the end symbol."""
        return text.SYMBOLS

    @property
    def classes(self) -> tuple[str, ...]:
        """The first sentence with its full stop, the marker, the second sentence with its last sign, the end.

        The second class of sentence is called "question" also where the marker asks for a copy.
        """
        return CLASSES

    def draw(self, count: int, seed: int, *, distinct: bool = False) -> list[list[int]]:
        """Draw encoded lines.  Raises ValueError as ``draw_lines`` does."""
        return [encode(line) for line in draw_lines(count, seed, shares=self.shares, distinct=distinct)]

    def classify(self, line: Sequence[int]) -> list[int]:
        """The place in ``classes`` of each token."""
        marker = len(line) // 2 - 1  # both halves are of one length; the marker and the end symbol close them
        return [0] * marker + [1] + [2] * (len(line) - marker - 2) + [3]

    def nats(self, line: Sequence[int]) -> list[float]:
        """-log p of each token given those before it.

        Raises:
            ValueError: the line is not one of the grammar.
        """
        return [
            token.nats - sum(math.log(_share(self.shares, choice)) for choice in token.choices)
            for token in _Reader(line).read()
        ]

    def entropy(self) -> Entropy:
        """The exact entropy by position class."""
        shares = self.shares
        subject = _modifier(shares.subject_modifier, shares.subject_relative)
        objects = _modifier(shares.object_modifier, shares.object_relative)
        transitive = 1 - shares.intransitive
        nats = NOUN_PHRASE + subject[0] + AUXILIARY + VERB + _entropy((shares.intransitive, transitive))
        nats += transitive * (NOUN_PHRASE + objects[0])
        words = 2 + subject[1] + 1 + 1 + transitive * (2 + objects[1]) + 1
        asked = (1 - shares.subject_modifier[2]) * _entropy((shares.question, 1 - shares.question))
        return Entropy(
            dict(zip(CLASSES, (nats, asked, 0.0, 0.0), strict=True)),
            dict(zip(CLASSES, (words, 1.0, words, 1.0), strict=True)),
        )

    def describe(self) -> dict[str, object]:
        """Family and parameters."""
        return {"family": "Question-Formation", "shares": asdict(self.shares)}


def fit_shares(lines: Iterable[str]) -> Shares:
    """The shares under which the lines are most likely, as draws with replacement.

    A share whose choice is never made keeps its default.

    Args:
        lines: as ``draw_lines`` writes them; an open file will do.

    Raises:
        ValueError: a line is not one of the grammar, or there are none.
    """
    counts = Counter[tuple[str, int]]()
    read = 0
    for line in lines:
        for token in _Reader(encode(line)).read():
            counts.update((choice.field, choice.kinds[0]) for choice in token.choices if len(choice.kinds) == 1)
        read += 1
    if not read:
        raise ValueError("no lines to fit shares from: give at least one")
    fitted: dict[str, tuple[float, ...] | float] = {}
    for item in fields(Shares):
        default = getattr(Shares(), item.name)
        kinds = range(len(default) if isinstance(default, tuple) else 2)
        total = sum(counts[item.name, kind] for kind in kinds)
        if total:
            parts = tuple(counts[item.name, kind] / total for kind in kinds)
            fitted[item.name] = parts if isinstance(default, tuple) else parts[0]
    return Shares(**fitted)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Choice:
    """That one of ``kinds`` was chosen where one of ``among`` was still open."""

    field: str
    kinds: tuple[int, ...]
    among: tuple[int, ...]


@dataclass(frozen=True)
class _Token:
    """What a token costs for its word alone, and the choices of the grammar that it reveals."""

    nats: float
    choices: tuple[_Choice, ...] = ()


def _share(shares: Shares, choice: _Choice) -> float:
    value = getattr(shares, choice.field)
    parts = value if isinstance(value, tuple) else (value, 1 - value)
    whole = sum(parts[kind] for kind in choice.among)
    share = sum(parts[kind] for kind in choice.kinds) / whole if whole else 0.0
    if not share:
        raise ValueError(f"a line makes a choice of {choice.field} whose share is 0 under {shares}")
    return share


class _Reader:
    """Reads one encoded line from left to right.  Raises ValueError where the line leaves the grammar."""

    def __init__(self, line: Sequence[int]) -> None:
        self.line = line
        self.words = [text.VOCABULARY[token] if 0 <= token < text.END else "" for token in line]
        self.tokens: list[_Token] = []

    def read(self) -> list[_Token]:
        """One record for each token, the end symbol included."""
        agreeing = self._noun_phrase()
        subject = self._modifier("subject", agreeing)
        self._auxiliary(agreeing, subject)
        place = len(self.tokens) - 1
        if self._next() in text.INTRANSITIVE_VERBS:
            self._take(text.INTRANSITIVE_VERBS, VERB, _Choice("intransitive", (0,), (0, 1)))
            self._take((text.STOP,), 0.0)
        else:
            self._take(text.TRANSITIVE_VERBS, VERB, _Choice("intransitive", (1,), (0, 1)))
            modified = self._modifier("object", self._noun_phrase())
            self._take((text.STOP,), 0.0, *modified)
        statement = self.words[: len(self.tokens)]
        self._second_half(statement, place, asked_freely=self._free_of_relatives(place))
        if len(self.tokens) != len(self.line) - 1 or self.line[-1] != text.END:
            raise self._error("the end symbol")
        return [*self.tokens, _Token(0.0)]

    def _free_of_relatives(self, place: int) -> bool:
        """Whether the subject, which ends before ``place``, has no relative clause."""
        return not any(word in text.RELATIVISERS for word in self.words[:place])

    def _second_half(self, statement: list[str], place: int, asked_freely: bool) -> None:
        asked = self._next() == text.QUESTION
        free = (_Choice("question", (0 if asked else 1,), (0, 1)),) if asked_freely else ()
        self._take((text.QUESTION, text.COPY) if asked_freely else (text.COPY,), 0.0, *free)
        if asked:
            expected = [statement[place], *statement[:place], *statement[place + 1 : -1], text.QUESTION_MARK]
        else:
            expected = statement
        for word in expected:
            self._take((word,), 0.0)

    def _noun_phrase(self, *revealed: _Choice) -> tuple[str, ...]:
        self._take(text.DETERMINERS, math.log(len(text.DETERMINERS)), *revealed)
        noun = self._take(NOUNS, math.log(len(NOUNS)))
        return text.SINGULAR_AUXILIARIES if noun in text.SINGULAR_NOUNS else text.PLURAL_AUXILIARIES

    def _auxiliary(self, agreeing: tuple[str, ...], revealed: tuple[_Choice, ...]) -> None:
        self._take(agreeing, AUXILIARY, *revealed)

    def _modifier(self, side: str, agreeing: tuple[str, ...]) -> tuple[_Choice, ...]:
        """Reads a modifier; the absence of one is revealed by the token after it, which gets what is returned."""
        kinds, relative = f"{side}_modifier", f"{side}_relative"
        if self._next() in text.PREPOSITIONS:
            self._take(text.PREPOSITIONS, PREPOSITION, _Choice(kinds, (1,), (0, 1, 2)))
            self._noun_phrase()
        elif self._next() in text.RELATIVISERS:
            self._take(text.RELATIVISERS, RELATIVISER, _Choice(kinds, (2,), (0, 1, 2)))
            self._relative_clause(relative, agreeing)
        else:
            return (_Choice(kinds, (0,), (0, 1, 2)),)
        return ()

    def _relative_clause(self, relative: str, agreeing: tuple[str, ...]) -> None:
        if self._next() in text.DETERMINERS:
            self._auxiliary(self._noun_phrase(_Choice(relative, (1,), (0, 1, 2))), ())
            self._take(text.TRANSITIVE_VERBS, VERB)
            return
        self._auxiliary(agreeing, (_Choice(relative, (0, 2), (0, 1, 2)),))
        if self._next() in text.INTRANSITIVE_VERBS:
            self._take(text.INTRANSITIVE_VERBS, VERB, _Choice(relative, (0,), (0, 2)))
        else:
            self._take(text.TRANSITIVE_VERBS, VERB, _Choice(relative, (2,), (0, 2)))
            self._noun_phrase()

    def _next(self) -> str:
        return self.words[len(self.tokens)] if len(self.tokens) < len(self.words) else ""

    def _take(self, allowed: Sequence[str], nats: float, *choices: _Choice) -> str:
        word = self._next()
        if word not in allowed:
            raise self._error(" or ".join(allowed))
        self.tokens.append(_Token(nats, choices))
        return word

    def _error(self, expected: str) -> ValueError:
        read = " ".join(self.words[: len(self.tokens)])
        got = self._next() or "the end"
        return ValueError(f"no line of Question-Formation: after {read!r} comes {got!r}, where {expected} is allowed")


def _entropy(shares: Sequence[float]) -> float:
    return -sum(share * math.log(share) for share in shares if share > 0)


def _modifier(kinds: tuple[float, float, float], relative: tuple[float, float, float]) -> tuple[float, float]:
    """Entropy and mean length of a modifier, none included."""
    verbs = AUXILIARY + VERB
    clause = RELATIVISER + _entropy(relative) + verbs + (relative[1] + relative[2]) * NOUN_PHRASE
    nats = _entropy(kinds) + kinds[1] * (PREPOSITION + NOUN_PHRASE) + kinds[2] * clause
    words = 3 * kinds[1] + kinds[2] * (3 + 2 * (relative[1] + relative[2]))
    return nats, words
