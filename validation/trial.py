"""The trial: every method on every claim, and the ledger that comes out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from theory.claim import NOTHING, Claim, Kind
from theory.registry import claims as all_claims
from validation.evidence import Evidence, Outcome, versions
from validation.kernel.context import Context
from validation.kernel.statement import denies
from validation.methods.derivation import Derivation, Prover, derivation_evidence, derive_all
from validation.verdict import Ledger

JUDGED = (Kind.STATEMENT, Kind.NUMBER)


@dataclass(frozen=True)
class Budget:
    """Seconds for the methods that search, per claim; cases for sampling."""

    sampling: float = 0.15
    refutation: float = 3.0
    enclosure: float = 0.3
    cases: int = 60


@dataclass(frozen=True)
class Trial:
    """A ledger with the derivations that were run for it."""

    ledger: Ledger
    derivations: dict[str, Derivation]
    seconds: dict[str, float]


def closure(wanted: Iterable[Claim]) -> list[Claim]:
    """The claims with everything that their proofs rest on and everything that negates them."""
    known = {claim.id: claim for claim in all_claims()}
    found: dict[str, Claim] = {}

    def add(claim: Claim) -> None:
        if claim.id not in found:
            found[claim.id] = claim
            for used in claim.uses:
                add(known[used])

    for claim in wanted:
        add(claim)
    for claim in known.values():
        if claim.negates and claim.negates.claim in found:
            add(claim)
    return list(found.values())


def negation_evidence(claims: Sequence[Claim], derivations: dict[str, Derivation]) -> list[Evidence]:
    """Refutations by proof: a proved claim that denies another at a point of its domain."""
    by_id = {claim.id: claim for claim in claims}
    found = []
    for claim in claims:
        if claim.negates is None or claim.negates.claim not in by_id:
            continue
        original, result = by_id[claim.negates.claim], derivations[claim.id]
        env = Prover({}, Context()).values(claim.negates.at)
        proved = result.fact is not None and claim.exists == NOTHING and denies(claim, original, env)
        values = ", ".join(
            f"{symbol} = {value[1] if isinstance(value, tuple) else value}" for symbol, value in claim.negates.at
        )
        found.append(
            Evidence(
                claim=original.id,
                digest=original.digest,
                method="negation",
                outcome=Outcome.FAILS if proved else Outcome.UNDECIDED,
                covered=f"at {values}",
                reason=f"{claim.id} is {'proved' if proved else 'not proved, or no negation'}: {claim.title}",
                uses=(claim.id,),
                seconds=result.seconds,
                provenance={"versions": versions()},
            )
        )
    return found


def search_evidence(claim: Claim, budget: Budget, seed: int, proved: bool) -> list[Evidence]:
    """What sampling, refutation and enclosure find on one claim."""
    from validation.methods.enclosure import enclose
    from validation.methods.refutation import refute
    from validation.methods.sampling import sample

    found = [sample(claim, seed=seed, cases=budget.cases, budget_seconds=budget.sampling)]
    if found[0].outcome is not Outcome.HOLDS and not proved and claim.exists == NOTHING:
        found.append(refute(claim, seed=seed, budget_seconds=budget.refutation))
    if claim.exists == NOTHING:
        found.append(enclose(claim, budget_seconds=budget.enclosure))
    return found


def run_trial(
    wanted: Sequence[Claim] | None = None,
    budget: Budget | None = None,
    seed: int = 0,
    progress: Callable[[str, int, int], None] | None = None,
) -> Trial:
    """Put claims on trial: derive all, look for negations, then sample, refute and enclose each.

    ``progress`` is called with an id, the number of claims done and their total.
    """
    listed = list(all_claims()) if wanted is None else closure(wanted)
    derivations = derive_all(listed)
    evidence = [derivation_evidence(d) for d in derivations.values() if d.claim.steps and d.claim.kind in JUDGED]
    evidence += negation_evidence(listed, derivations)
    seconds: dict[str, float] = {}
    judged = [claim for claim in listed if claim.kind in JUDGED]
    for number, claim in enumerate(judged):
        started = time.perf_counter()
        if progress:
            progress(claim.id, number, len(judged))
        evidence += search_evidence(claim, budget or Budget(), seed, derivations[claim.id].fact is not None)
        seconds[claim.id] = time.perf_counter() - started + derivations[claim.id].seconds
    return Trial(Ledger({claim.id: claim for claim in listed}, tuple(evidence)), derivations, seconds)
