"""Verdicts: a pure function of a claim and the ledger.

Nothing here reads ``expected.toml``; nothing here is typed in by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from theory.claim import Claim, Kind
from validation.evidence import Evidence, Outcome, Witness

PROOFS = ("derivation", "enclosure")


class Status(Enum):
    """How strong a verdict is."""

    PROVED = "proved"
    ENCLOSED = "enclosed"
    SUPPORTED = "supported"
    UNDECIDED = "undecided"
    REFUTED = "refuted"
    DEFINITION = "definition"
    ASSUMPTION = "assumption"
    REPRODUCED = "reproduced"
    NOT_REPRODUCED = "not reproduced"
    EXPLAINED = "explained"


class ContradictionError(Exception):
    """The ledger proves and refutes one claim: something trusted is wrong, and no verdict of this run counts."""


@dataclass(frozen=True)
class Verdict:
    """A status with what it rests on: the covered box, the conditions, the axioms, the witness."""

    status: Status
    covered: str = ""
    conditions: tuple[str, ...] = ()
    axioms: tuple[str, ...] = ()
    witness: Witness | None = None
    evidence: Evidence | None = None

    def __str__(self) -> str:
        return self.status.value


@dataclass(frozen=True)
class Ledger:
    """All evidence of a run, and the claims that it is about."""

    claims: Mapping[str, Claim]
    evidence: tuple[Evidence, ...]

    def about(self, claim: Claim) -> tuple[Evidence, ...]:
        """The evidence on a claim as it stands now; what is about an older wording is ignored."""
        known = self._by_claim.get(claim.id, ())
        digest = claim.digest if known else ""
        return tuple(e for e in known if e.digest == digest)

    @cached_property
    def _by_claim(self) -> Mapping[str, Sequence[Evidence]]:
        found: dict[str, list[Evidence]] = {}
        for evidence in self.evidence:
            found.setdefault(evidence.claim, []).append(evidence)
        return found

    @cached_property
    def _verdicts(self) -> dict[str, Verdict]:
        return {}


def verdict(claim: Claim, ledger: Ledger) -> Verdict:
    """What the evidence says of a claim.  Raises ``ContradictionError`` if it proves and refutes it."""
    if ledger.claims.get(claim.id) is not claim:
        return _judged(claim, ledger)
    if claim.id not in ledger._verdicts:  # the ledger does not change, and a verdict asks for those of all it uses
        ledger._verdicts[claim.id] = _judged(claim, ledger)
    return ledger._verdicts[claim.id]


def _judged(claim: Claim, ledger: Ledger) -> Verdict:
    if claim.kind in (Kind.DEFINITION, Kind.ASSUMPTION):
        return Verdict(Status(claim.kind.value))
    if claim.kind is Kind.MEASURED:
        return _measured(claim, ledger)
    found = ledger.about(claim)
    refuting = [e for e in found if e.outcome is Outcome.FAILS and (e.witness or e.method == "negation")]
    proving = [e for e in found if e.outcome is Outcome.HOLDS and e.whole_domain and e.method in PROOFS]
    if refuting and proving:
        raise ContradictionError(f"{claim.id} is proved by {proving[0].method} and refuted by {refuting[0].method}")
    if refuting:
        best = min(refuting, key=lambda e: e.witness is None)
        return Verdict(Status.REFUTED, witness=best.witness, evidence=best)
    for evidence in proving:
        rest = tuple(used for used in evidence.uses if verdict(ledger.claims[used], ledger).status is not Status.PROVED)
        if not rest:
            axioms = {a for used in evidence.uses for a in verdict(ledger.claims[used], ledger).axioms}
            return Verdict(
                Status.PROVED, evidence.covered, axioms=tuple(sorted(axioms.union(evidence.axioms))), evidence=evidence
            )
        return Verdict(Status.UNDECIDED, conditions=tuple(f"conditional on {used}" for used in rest), evidence=evidence)
    for method, status in (("enclosure", Status.ENCLOSED), ("sampling", Status.SUPPORTED)):
        holds = [e for e in found if e.method == method and e.outcome is Outcome.HOLDS]
        if holds:
            return Verdict(status, holds[0].covered, evidence=holds[0])
    return Verdict(Status.UNDECIDED, evidence=found[0] if found else None)


def _measured(claim: Claim, ledger: Ledger) -> Verdict:
    """What measurements say: whether a sentence of the paper was reproduced; a claim of the library is supported.

    What was reproduced is explained where a supported claim accounts for it.
    """
    found = [e for e in ledger.about(claim) if e.method == "measurement"]
    evidence = found[0] if found else None
    outcomes = {e.outcome for e in found}
    if evidence is None or len(outcomes) > 1 or Outcome.UNDECIDED in outcomes:
        return Verdict(Status.UNDECIDED, evidence=evidence)
    if evidence.outcome is Outcome.FAILS:
        return Verdict(Status.NOT_REPRODUCED, evidence.covered, evidence=evidence)
    if claim.source.work == "Majorant":
        return Verdict(Status.SUPPORTED, evidence.covered, evidence=evidence)
    causes = {used for e in found for used in e.uses}
    known = (ledger.claims.get(used) for used in causes)
    if causes and all(cause and verdict(cause, ledger).status is Status.SUPPORTED for cause in known):
        by = tuple(f"by {used}" for used in sorted(causes))
        return Verdict(Status.EXPLAINED, evidence.covered, by, evidence=evidence)
    return Verdict(Status.REPRODUCED, evidence.covered, evidence=evidence)


def resting_on(claim_id: str, ledger: Ledger) -> tuple[str, ...]:
    """Ids of the claims that are proved now and would not be if this one were not."""

    def rests(claim: Claim) -> bool:
        return claim.id == claim_id or any(rests(ledger.claims[used]) for used in claim.uses)

    proved = (c for c in ledger.claims.values() if verdict(c, ledger).status is Status.PROVED)
    negated = {c.negates.claim for c in ledger.claims.values() if c.negates and rests(c)}
    return tuple(c.id for c in proved if c.id != claim_id and rests(c)) + tuple(sorted(negated))
