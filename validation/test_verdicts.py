"""Every verdict, recomputed and compared with the reviewed one."""

from __future__ import annotations

from theory.claim import NOTHING
from theory.registry import registry
from validation.evidence import Outcome
from validation.expected import reviewed
from validation.trial import Trial
from validation.verdict import Status, verdict


def test_verdict_is_the_reviewed_one(judged_claim: str, trial: Trial) -> None:
    claim = trial.ledger.claims[judged_claim]
    found = verdict(claim, trial.ledger)
    reasons = [e.reason for e in trial.ledger.about(claim) if e.reason]
    assert found.status.value == reviewed()[judged_claim], f"{judged_claim} is {found.status.value}: {reasons}"


def test_refuted_claims_have_a_witness_or_a_proved_negation(trial: Trial) -> None:
    for claim in trial.ledger.claims.values():
        found = verdict(claim, trial.ledger)
        if found.status is Status.REFUTED:
            assert found.evidence is not None
            assert found.witness is not None or found.evidence.method == "negation"
            if found.witness is not None:
                assert found.witness.confirmed in ("ball", "exact")


def test_refuted_claims_are_amended_by_proved_ones(trial: Trial) -> None:
    for claim in trial.ledger.claims.values():
        if verdict(claim, trial.ledger).status is Status.REFUTED:
            repairs = [e.claim for e in registry().values() if claim.id in e.claim.amends]
            assert repairs, f"{claim.id} is refuted and nothing amends it"
            for repair in repairs:
                if repair.id in trial.ledger.claims:
                    assert verdict(repair, trial.ledger).status is Status.PROVED


def test_no_method_contradicts_a_proof(trial: Trial) -> None:
    proved = [c for c in trial.ledger.claims.values() if verdict(c, trial.ledger).status is Status.PROVED]
    for claim in proved:
        outcomes = {e.method: e.outcome for e in trial.ledger.about(claim)}
        assert Outcome.FAILS not in outcomes.values()
        assert outcomes.get("derivation", outcomes.get("enclosure")) is Outcome.HOLDS


def test_sampling_met_the_side_conditions_of_every_universal_claim(trial: Trial) -> None:
    for claim in trial.ledger.claims.values():
        for evidence in trial.ledger.about(claim):
            if evidence.method == "sampling" and claim.exists == NOTHING and evidence.outcome is Outcome.HOLDS:
                assert evidence.provenance["kept"] > 0
