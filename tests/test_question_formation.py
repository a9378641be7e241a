"""The grammar of Question-Formation: agreement, fronting, shares and seeds, against a parser of its own."""

from collections import Counter

import numpy as np
import pytest

from validation.experiments.sources.question_formation import (
    DETERMINERS,
    END,
    INTRANSITIVE_VERBS,
    PLURAL_AUXILIARIES,
    PLURAL_NOUNS,
    PREPOSITIONS,
    RELATIVISERS,
    SINGULAR_AUXILIARIES,
    SINGULAR_NOUNS,
    SYMBOLS,
    TRANSITIVE_VERBS,
    VOCABULARY,
    Shares,
    decode,
    draw_lines,
    encode,
)

SAMPLE = 20_000


class Parser:
    """Reads a statement from left to right and collects its parts; anything ungrammatical is an AssertionError."""

    def __init__(self, statement: str) -> None:
        self.words = statement.split()
        self.place = 0
        agreeing = self.noun_phrase()
        self.subject_modifier = self.modifier(agreeing)
        self.subject_end = self.place
        self.auxiliary = self.take(agreeing)
        self.object_modifier = "intransitive"
        if self.take(INTRANSITIVE_VERBS + TRANSITIVE_VERBS) in TRANSITIVE_VERBS:
            self.object_modifier = self.modifier(self.noun_phrase())
        self.take((".",))
        assert self.place == len(self.words)

    def take(self, allowed: tuple[str, ...]) -> str:
        word = self.words[self.place]
        assert word in allowed, f"{word} at {self.place} of {self.words}"
        self.place += 1
        return word

    def noun_phrase(self) -> tuple[str, ...]:
        self.take(DETERMINERS)
        noun = self.take(SINGULAR_NOUNS + PLURAL_NOUNS)
        return SINGULAR_AUXILIARIES if noun in SINGULAR_NOUNS else PLURAL_AUXILIARIES

    def modifier(self, agreeing: tuple[str, ...]) -> str:
        word = self.words[self.place]
        if word in PREPOSITIONS:
            self.place += 1
            self.noun_phrase()
            return "preposition"
        if word not in RELATIVISERS:
            return "none"
        self.place += 1
        if self.words[self.place] in DETERMINERS:
            self.take(self.noun_phrase())
            self.take(TRANSITIVE_VERBS)
            return "relative, object"
        self.take(agreeing)
        if self.take(INTRANSITIVE_VERBS + TRANSITIVE_VERBS) in INTRANSITIVE_VERBS:
            return "relative, intransitive"
        self.noun_phrase()
        return "relative, subject"


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return draw_lines(SAMPLE, seed=1)


@pytest.fixture(scope="module")
def parsed(lines: list[str]) -> list[tuple[Parser, str, str]]:
    return [(Parser(f"{statement} ."), *rest.split("\t")) for statement, rest in (ln.split(" . ", 1) for ln in lines)]


def test_vocabulary_has_68_words_and_an_end_symbol(lines: list[str]) -> None:
    assert len(VOCABULARY) == len(set(VOCABULARY)) == 68 == END == SYMBOLS - 1
    assert {word for line in lines for word in line.split()} == set(VOCABULARY)
    tables = (DETERMINERS, SINGULAR_NOUNS, PLURAL_NOUNS, INTRANSITIVE_VERBS, TRANSITIVE_VERBS, PREPOSITIONS)
    assert [len(table) for table in tables] == [6, 13, 13, 9, 9, 8]


def test_auxiliaries_agree_and_the_second_half_follows_from_the_first(parsed: list[tuple[Parser, str, str]]) -> None:
    for statement, marker, second in parsed:  # agreement was checked by parsing
        words, end = statement.words, statement.subject_end
        if marker == "decl":
            assert second.split() == words
        else:
            assert marker == "quest"
            assert second.split() == [words[end], *words[:end], *words[end + 1 : -1], "?"]
            assert not statement.subject_modifier.startswith("relative")


def test_parser_refuses_what_the_grammar_excludes() -> None:
    Parser("my yak that her newts do admire does sleep .")
    for wrong in (
        "my yak do sleep .",
        "my yaks who does eat do sleep .",
        "my yak does admire .",
        "my yak does eat her newt .",
    ):
        with pytest.raises(AssertionError):
            Parser(wrong)


def test_shares_are_those_of_the_original_file(parsed: list[tuple[Parser, str, str]]) -> None:
    # Counts of the first 20,000 training lines of McCoy, Frank & Linzen 2020; 0.012 is at least 3.4 standard errors.
    subjects = Counter(statement.subject_modifier.split(",")[0] for statement, _, _ in parsed)
    objects = Counter(statement.object_modifier.split(",")[0] for statement, _, _ in parsed)
    transitive = SAMPLE - objects["intransitive"]
    questions = sum(marker == "quest" for _, marker, _ in parsed)
    kinds = ("none", "preposition", "relative")
    assert [subjects[kind] / SAMPLE for kind in kinds] == pytest.approx([0.584, 0.244, 0.172], abs=0.012)
    assert [objects[kind] / transitive for kind in kinds] == pytest.approx([0.301, 0.299, 0.400], abs=0.012)
    assert objects["intransitive"] / SAMPLE == pytest.approx(0.200, abs=0.012)
    assert questions / SAMPLE == pytest.approx(0.414, abs=0.012)


def test_kinds_of_relative_clauses_have_their_shares(parsed: list[tuple[Parser, str, str]]) -> None:
    for side, shares in (("subject_modifier", (0.25, 0.5, 0.25)), ("object_modifier", (0.5, 0.25, 0.25))):
        counts = Counter(getattr(statement, side) for statement, _, _ in parsed)
        relative = [counts[f"relative, {kind}"] for kind in ("intransitive", "object", "subject")]
        assert [count / sum(relative) for count in relative] == pytest.approx(shares, abs=0.04)


def test_short_sentences_run_out_without_replacement() -> None:
    short = [len(line.split()) == 11 for line in draw_lines(100_000, seed=2)]
    first, last = np.mean(short[:5_000]), np.mean(short[-5_000:])
    assert first > 0.1
    assert last < 0.03  # of the original's 1,000 dev lines, drawn after its 100,000, 5 are as short


def test_seed_decides_the_lines() -> None:
    lines = draw_lines(300, seed=5)
    assert lines == draw_lines(300, seed=5) == draw_lines(900, seed=5)[:300]
    assert lines == draw_lines(300, np.random.default_rng(5))
    assert lines != draw_lines(300, seed=6)


def test_without_replacement_no_line_comes_twice(lines: list[str]) -> None:
    assert len(set(lines)) == SAMPLE
    assert len(set(draw_lines(SAMPLE, seed=1, distinct=False))) < SAMPLE


def test_a_language_that_is_used_up_says_so() -> None:
    only_short = Shares(subject_modifier=(1.0, 0.0, 0.0), intransitive=1.0, question=0.0)
    with pytest.raises(ValueError, match=r"3000 distinct lines asked for, but after 28\d\d .* ask for fewer"):
        draw_lines(3000, seed=0, shares=only_short)


@pytest.mark.parametrize(
    "wrong", [{"intransitive": 1.5}, {"subject_modifier": (0.5, 0.5, 0.5)}, {"object_relative": (1.5, -0.5, 0.0)}]
)
def test_shares_must_be_probabilities(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Shares(**wrong)


def test_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="count = -1"):
        draw_lines(-1, seed=0)


def test_decoding_undoes_encoding(lines: list[str]) -> None:
    for line in lines[:500]:
        ids = encode(line)
        assert ids[-1] == END
        assert END not in ids[:-1]
        assert decode(ids) == line


def test_unknown_words_and_ids_are_named() -> None:
    with pytest.raises(ValueError, match="zebu"):
        encode("the zebu does sleep . decl")
    with pytest.raises(ValueError, match="id 69"):
        decode([0, 69])
