"""The record of mutants: enough for every claim, of every kind, and each false at the point that it names."""

from __future__ import annotations

from collections import Counter

from theory.claim import NOTHING
from theory.registry import claims
from validation.evidence import Outcome
from validation.methods.decision import probe
from validation.mutants import existential_mutants, mutants


def test_every_proved_universal_claim_has_three_mutants_or_more() -> None:
    count = Counter(mutant.original.id for mutant in mutants())
    wanting = [claim.id for claim in claims() if claim.steps and claim.exists == NOTHING and count[claim.id] < 3]
    assert not wanting


def test_the_kinds_are_all_there() -> None:
    kinds = Counter(mutant.operator.partition("_")[0] for mutant in mutants())
    wanted = {"flip", "strict", "tighten", "lhs", "rhs", "log", "extremum", "sign", "hard", "exponent", "cut", "swap"}
    assert wanted | {"without", "loosened", "below", "above"} <= set(kinds)


def test_every_mutant_is_false_where_the_record_says() -> None:
    wrong = [m.claim.id for m in mutants() if probe(m.claim, m.point) is not Outcome.FAILS]
    assert not wrong


def test_every_existential_claim_that_is_proved_has_a_mutant() -> None:
    covered = {mutation.claim.id.partition("~")[0] for mutation, _ in existential_mutants()}
    assert covered == {claim.id for claim in claims() if claim.exists != NOTHING and claim.steps}
