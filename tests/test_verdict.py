"""The verdict is a pure function of claim and ledger, and each of its rules can fail."""

from __future__ import annotations

import dataclasses

import pytest

from theory.claim import Claim, Kind, Negation, Relation, Source, Step
from theory.domain import Domain, Range
from theory.notation import u
from theory.rules import Lemma, Square
from validation.evidence import Evidence, Outcome, Witness
from validation.verdict import ContradictionError, Ledger, Status, resting_on, verdict


def toy(claim_id: str, *uses: str) -> Claim:
    steps = tuple(Step(Relation.LE, u, Lemma(other)) for other in uses) or (Step(Relation.LE, u, Square(u)),)
    return Claim(claim_id, u, Relation.LE, u**2, Domain.of(Range(u, 1)), Source("lemma"), steps=steps)


def evidence(claim: Claim, method: str, outcome: Outcome, **changes: object) -> Evidence:
    made = Evidence(claim.id, claim.digest, method, outcome, "covered", uses=claim.uses)
    return dataclasses.replace(made, **changes)


def ledger(*items: Evidence, claims: tuple[Claim, ...]) -> Ledger:
    return Ledger({c.id: c for c in claims}, items)


WITNESS = Witness((("u", 2),), "-1", "exact")


def test_a_whole_derivation_proves() -> None:
    claim = toy("a")
    found = verdict(claim, ledger(evidence(claim, "derivation", Outcome.HOLDS, whole_domain=True), claims=(claim,)))
    assert found.status is Status.PROVED


def test_a_proof_that_rests_on_something_open_is_conditional() -> None:
    base, top = toy("a"), toy("b", "a")
    found = verdict(top, ledger(evidence(top, "derivation", Outcome.HOLDS, whole_domain=True), claims=(base, top)))
    assert found.status is Status.UNDECIDED
    assert found.conditions == ("conditional on a",)


def test_axioms_are_inherited() -> None:
    base, top = toy("a"), toy("b", "a")
    items = (
        evidence(base, "derivation", Outcome.HOLDS, whole_domain=True, axioms=("polar coordinates",)),
        evidence(top, "derivation", Outcome.HOLDS, whole_domain=True),
    )
    assert verdict(top, ledger(*items, claims=(base, top))).axioms == ("polar coordinates",)


def test_an_enclosure_proves_its_box_and_no_more() -> None:
    claim = toy("a")
    box = evidence(claim, "enclosure", Outcome.HOLDS)
    assert verdict(claim, ledger(box, claims=(claim,))).status is Status.ENCLOSED
    whole = evidence(claim, "enclosure", Outcome.HOLDS, whole_domain=True)
    assert verdict(claim, ledger(whole, claims=(claim,))).status is Status.PROVED


@pytest.mark.parametrize("whole_domain", [False, True])
def test_sampling_never_goes_above_supported(whole_domain: bool) -> None:
    claim = toy("a")
    item = evidence(claim, "sampling", Outcome.HOLDS, whole_domain=whole_domain)
    assert verdict(claim, ledger(item, claims=(claim,))).status is Status.SUPPORTED


@pytest.mark.parametrize("method", ["derivation", "enclosure", "sampling"])
def test_undecided_is_never_a_pass(method: str) -> None:
    claim = toy("a")
    item = evidence(claim, method, Outcome.UNDECIDED, whole_domain=True)
    assert verdict(claim, ledger(item, claims=(claim,))).status is Status.UNDECIDED


def test_a_witness_refutes_and_a_failure_without_one_does_not() -> None:
    claim = toy("a")
    without = evidence(claim, "sampling", Outcome.FAILS)
    assert verdict(claim, ledger(without, claims=(claim,))).status is Status.UNDECIDED
    found = verdict(claim, ledger(evidence(claim, "refutation", Outcome.FAILS, witness=WITNESS), claims=(claim,)))
    assert (found.status, found.witness) == (Status.REFUTED, WITNESS)


def test_a_refutation_outweighs_samples_that_hold() -> None:
    claim = toy("a")
    items = (
        evidence(claim, "sampling", Outcome.HOLDS),
        evidence(claim, "refutation", Outcome.FAILS, witness=WITNESS),
    )
    assert verdict(claim, ledger(*items, claims=(claim,))).status is Status.REFUTED


def test_proof_and_refutation_together_stop_everything() -> None:
    claim = toy("a")
    items = (
        evidence(claim, "derivation", Outcome.HOLDS, whole_domain=True),
        evidence(claim, "refutation", Outcome.FAILS, witness=WITNESS),
    )
    with pytest.raises(ContradictionError, match="proved by derivation and refuted by refutation"):
        verdict(claim, ledger(*items, claims=(claim,)))


def test_evidence_for_an_older_wording_is_ignored() -> None:
    claim = toy("a")
    stale = evidence(claim, "derivation", Outcome.HOLDS, whole_domain=True, digest="0" * 16)
    assert verdict(claim, ledger(stale, claims=(claim,))).status is Status.UNDECIDED


def test_definitions_and_assumptions_get_no_verdict() -> None:
    claim = dataclasses.replace(toy("a"), kind=Kind.DEFINITION)
    assert verdict(claim, ledger(claims=(claim,))).status is Status.DEFINITION


def test_what_falls_with_a_claim() -> None:
    base, top, other = toy("a"), toy("b", "a"), dataclasses.replace(toy("c", "b"), negates=Negation("d"))
    items = tuple(evidence(c, "derivation", Outcome.HOLDS, whole_domain=True) for c in (base, top, other))
    assert resting_on("a", ledger(*items, claims=(base, top, other))) == ("b", "c", "d")
