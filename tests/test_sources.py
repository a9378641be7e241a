"""Sources of known entropy: each entropy against a computation of its own, draws, dials and finite sets."""

import itertools
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from validation.experiments.sources.catalogue import source_of
from validation.experiments.sources.grammar import FORMULAS, TemperatureGrammar
from validation.experiments.sources.markov import MarkovChain
from validation.experiments.sources.question_formation import END, Shares, decode, draw_lines, encode
from validation.experiments.sources.question_source import CLASSES, QuestionFormation, fit_shares
from validation.experiments.sources.source import Source, digest, empirical_entropy, ideal_entropy

ODD = Shares((0.5, 0.2, 0.3), (0.2, 0.3, 0.5), 0.35, (0.6, 0.3, 0.1), (0.7, 0.1, 0.2), 0.3)
SOURCES: dict[str, Source] = {
    "question": QuestionFormation(),
    "odd shares": QuestionFormation(ODD),
    "markov": MarkovChain(0.7, states=5, length=9, seed=3),
    "cold markov": MarkovChain(0.15),
    "grammar": TemperatureGrammar(1.3),
    "cool grammar": TemperatureGrammar(0.5),
}
every_source = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)


# --- entropies, each computed a second time in another way


@every_source
def test_entropy_is_the_mean_of_minus_log_p(source: Source) -> None:
    lines, exact = source.draw(4_000, seed=11), source.entropy()
    nats = np.array([sum(source.nats(line)) for line in lines])
    tokens = np.array([len(line) for line in lines])
    slack = 4.5 * float(np.std(nats - exact.per_token() * tokens)) / math.sqrt(len(lines))
    assert abs(float(np.mean(nats - exact.per_token() * tokens))) <= slack + 1e-9
    assert 0 < slack < 0.2 * float(np.mean(nats))
    found = ideal_entropy(source, lines)
    assert found.per_token() == pytest.approx(nats.sum() / tokens.sum())
    for name in source.classes:
        assert found.tokens[name] == pytest.approx(exact.tokens[name], rel=0.1)
        assert found.nats[name] == pytest.approx(exact.nats[name], rel=0.1, abs=1e-12)


Piece = list[tuple[float, float, int]]  # probability of a structure, number of its wordings, its length


def joined(*pieces: Piece) -> Piece:
    whole: Piece = [(1.0, 1, 0)]
    for piece in pieces:
        whole = [(p * q, m * k, n + j) for p, m, n in whole for q, k, j in piece]
    return whole


def either(shares: Sequence[float], *pieces: Piece) -> Piece:
    return [(share * p, m, n) for share, piece in zip(shares, pieces, strict=True) for p, m, n in piece]


def structures(shares: Shares) -> Piece:
    """Every structure of a statement of Question-Formation with its marker."""
    phrase, auxiliary, verb, nothing = [(1.0, 6 * 26, 2)], [(1.0, 2, 1)], [(1.0, 9, 1)], [(1.0, 1, 0)]
    preposition, relativiser = [(1.0, 8, 1)], [(1.0, 2, 1)]

    def modifier(kinds: Sequence[float], relative: Sequence[float]) -> tuple[Piece, Piece]:
        clauses = either(
            relative,
            joined(auxiliary, verb),
            joined(phrase, auxiliary, verb),
            joined(auxiliary, verb, phrase),
        )
        plain = either(kinds[:2], nothing, joined(preposition, phrase))
        return plain, either(kinds[2:], joined(relativiser, clauses))

    free, tied = modifier(shares.subject_modifier, shares.subject_relative)
    objects = list(itertools.chain(*modifier(shares.object_modifier, shares.object_relative)))
    predicate = either((shares.intransitive, 1 - shares.intransitive), verb, joined(verb, phrase, objects))
    marker = either((shares.question, 1 - shares.question), [(1.0, 1, 1)], [(1.0, 1, 1)])
    stop: Piece = [(1.0, 1, 1)]
    rest = (auxiliary, predicate, stop)
    return joined(phrase, free, *rest, marker) + joined(phrase, tied, *rest, [(1.0, 1, 1)])


@pytest.mark.parametrize("shares", [Shares(), ODD])
def test_entropy_of_question_formation_is_that_of_its_structures_and_wordings(shares: Shares) -> None:
    found, exact = structures(shares), QuestionFormation(shares).entropy()
    assert sum(p for p, _, _ in found) == pytest.approx(1)
    nats = -sum(p * math.log(p / wordings) for p, wordings, _ in found)
    words = sum(p * length for p, _, length in found) - 1  # without the marker
    assert sum(exact.nats.values()) == pytest.approx(nats, rel=1e-12)
    assert exact.per_token() == pytest.approx(nats / (2 * words + 2), rel=1e-12)
    assert exact.per_token(end=False) == pytest.approx(nats / (2 * words + 1), rel=1e-12)
    assert exact.tokens == pytest.approx({"declarative": words, "marker": 1, "question": words, "end": 1})


def test_a_token_of_question_formation_costs_about_one_nat() -> None:
    exact = QuestionFormation().entropy()
    assert exact.per_token() == pytest.approx(0.992, abs=5e-4)
    assert exact.by_class() == pytest.approx({"declarative": 2.126, "marker": 0.577, "question": 0, "end": 0}, abs=5e-4)


def test_entropy_of_a_chain_is_that_of_all_its_lines() -> None:
    chain = MarkovChain(0.6, states=3, length=5, seed=1)
    lines = [[*states, 3] for states in itertools.product(range(3), repeat=5)]
    logs = np.array([sum(chain.nats(line)) for line in lines])
    assert np.exp(-logs).sum() == pytest.approx(1)
    assert (np.exp(-logs) * logs).sum() / 6 == pytest.approx(chain.entropy().per_token(), rel=1e-10)


def test_entropy_of_a_grammar_is_that_of_its_stacks() -> None:
    grammar = TemperatureGrammar(0.25)
    stacks, nats, tokens = {("term",): 1.0}, 0.0, 1.0
    for _ in range(60):  # from left to right over the distribution of what is still open; the rest weighs nothing
        following = Counter[tuple[str, ...]]()
        for stack, mass in stacks.items():
            shares = grammar.probabilities[stack[0]]
            nats -= mass * sum(share * math.log(share) for share in shares)
            tokens += mass
            for share, (_, inner, _) in zip(shares, FORMULAS[stack[0]], strict=True):
                if mass * share > 1e-13:
                    following[inner + stack[1:]] += mass * share
        stacks = {stack: mass for stack, mass in following.items() if stack}
    assert nats / tokens == pytest.approx(grammar.entropy().per_token(), rel=1e-6)


# --- the dial


@pytest.mark.parametrize("target", [0.3, 1.0, 2.0])
@pytest.mark.parametrize("family", [MarkovChain.with_entropy, TemperatureGrammar.with_entropy])
def test_the_dial_meets_its_target(family: Callable[[float], Source], target: float) -> None:
    reachable = family == MarkovChain.with_entropy or target < 1.7
    if reachable:
        assert family(target).entropy().per_token() == pytest.approx(target, abs=1e-9)
    else:
        with pytest.raises(ValueError, match=r"2.0 nats per token asked for: choose between 0.\d+ and 1.7"):
            family(target)


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.inf])
def test_a_temperature_is_positive(wrong: float) -> None:
    for family in (MarkovChain, TemperatureGrammar):
        with pytest.raises(ValueError, match="positive"):
            family(wrong)


# --- finite sets


@every_source
def test_entropy_of_a_set_is_that_of_a_uniform_draw(source: Source) -> None:
    lines = source.draw(50, seed=2) * 2 + source.draw(30, seed=3)
    counts = Counter(map(tuple, lines))
    total = sum(count * math.log(len(lines) / count) for count in counts.values())
    found = empirical_entropy(source, lines)
    assert found.per_token() == pytest.approx(total / sum(map(len, lines)), rel=1e-10)
    assert found.nats[source.classes[-1]] == pytest.approx(0, abs=1e-12)


def test_distinct_lines_learnt_by_heart_cost_the_logarithm_of_their_number() -> None:
    source = QuestionFormation()
    lines = source.draw(64, seed=0, distinct=True)
    found = empirical_entropy(source, lines)
    assert found.per_token() == pytest.approx(64 * math.log(64) / sum(map(len, lines)), rel=1e-12)
    assert found.per_token() < 0.25 * source.entropy().per_token()
    with pytest.raises(ValueError, match="no lines to take the entropy of"):
        empirical_entropy(source, [])


# --- draws


@every_source
def test_a_seed_decides_the_lines(source: Source) -> None:
    lines = source.draw(200, seed=5)
    assert lines == source.draw(200, seed=5)
    assert lines != source.draw(200, seed=6)
    assert all(len(source.classify(line)) == len(line) == len(source.nats(line)) for line in lines)
    assert all(line[-1] == source.symbols - 1 and max(line) < source.symbols for line in lines)


@every_source
def test_distinct_lines_do_not_come_twice(source: Source) -> None:
    lines = source.draw(40, seed=5, distinct=True)
    assert len(set(map(tuple, lines))) == 40


def test_a_source_that_is_used_up_says_so() -> None:
    with pytest.raises(ValueError, match="300 distinct lines asked for, but 76500 draws held"):
        MarkovChain(1.0, states=2, length=6).draw(300, seed=0, distinct=True)


@pytest.mark.parametrize("name", ["question", "markov", "grammar"])
def test_a_hundred_thousand_lines_take_seconds(name: str) -> None:
    start = time.process_time()
    assert len(SOURCES[name].draw(100_000, seed=0)) == 100_000
    assert time.process_time() - start < 8


@every_source
def test_a_description_is_enough_to_make_the_source_again(source: Source) -> None:
    again = source_of(source.describe())
    assert again == source
    assert digest(again) == digest(source)
    assert len({digest(other) for other in SOURCES.values()}) == len(SOURCES)


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(ValueError, match="family 'English' is unknown: known are Question-Formation"):
        source_of({"family": "English"})


# --- Question-Formation read and fitted


@pytest.mark.parametrize("shares", [Shares(), ODD])
def test_shares_are_fitted_from_lines(shares: Shares) -> None:
    lines = draw_lines(8_000, seed=4, shares=shares, distinct=False)
    fitted = fit_shares(lines)
    for name, share in vars(shares).items():
        assert getattr(fitted, name) == pytest.approx(share, abs=0.04)
    # Under the most likely shares the mean loss of the ideal predictor on the lines is the entropy itself.
    source = QuestionFormation(fitted)
    assert ideal_entropy(source, list(map(encode, lines))).per_token() == pytest.approx(
        source.entropy().per_token(), rel=1e-9
    )


def test_position_classes_of_both_kinds_of_line() -> None:
    source = QuestionFormation()
    for line in ("my yak does sleep . decl\tmy yak does sleep .", "my yak does sleep . quest\tdoes my yak sleep ?"):
        classes = [CLASSES[place] for place in source.classify(encode(line))]
        assert classes == ["declarative"] * 5 + ["marker"] + ["question"] * 5 + ["end"]


def test_tokens_cost_what_the_grammar_leaves_open() -> None:
    shares = Shares()
    line = encode("my yak does sleep . quest\tdoes my yak sleep ?")
    expected = [6, 26, 2 / shares.subject_modifier[0], 9 / shares.intransitive, 1, 2, 1, 1, 1, 1, 1, 1]
    assert QuestionFormation().nats(line) == pytest.approx([math.log(value) for value in expected])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("my yak do sleep . decl my yak do sleep .", "after 'my yak' comes 'do', where does or doesn't is allowed"),
        ("my yak does sleep . quest my yak does sleep .", "comes 'my', where does is allowed"),
        ("my yak who does sleep does sleep . quest does my yak who does sleep sleep ?", "where decl is allowed"),
        ("my yak does sleep . decl my yak does sleep . the", "where the end symbol is allowed"),
        ("my yak does sleep . decl my yak", "comes 'the end', where does is allowed"),
    ],
)
def test_lines_outside_the_grammar_are_refused(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        QuestionFormation().nats(encode(line))


def test_what_cannot_be_fitted_or_read_is_named() -> None:
    with pytest.raises(ValueError, match="no lines to fit shares from"):
        fit_shares([])
    only_short = fit_shares(["my yak does sleep . decl\tmy yak does sleep ."])
    assert only_short.object_modifier == Shares().object_modifier
    longer = encode("my yak does admire the newt . decl my yak does admire the newt .")
    with pytest.raises(ValueError, match="a choice of intransitive whose share is 0"):
        QuestionFormation(only_short).nats(longer)
    with pytest.raises(ValueError, match="no rule of nothing"):
        TemperatureGrammar(1.0).nats([*TemperatureGrammar(1.0).draw(1, 0)[0][:-1], 0, 17])
    with pytest.raises(ValueError, match="parts missing before the end symbol"):
        TemperatureGrammar(1.0).nats([0, TemperatureGrammar(1.0).symbols - 1])
    assert decode([0, END]) == "her"
