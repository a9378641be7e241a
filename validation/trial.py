"""The trial: every method on every claim, and the ledger that comes out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context

from theory.atoms import RegionIntegral
from theory.claim import NOTHING, Claim, Kind
from theory.registry import claims as all_claims
from theory.registry import registry
from validation.evidence import Evidence, Outcome, versions
from validation.kernel.context import Context
from validation.kernel.terms import Refused
from validation.methods.denial import denies
from validation.methods.derivation import Derivation, derivation_evidence, derive_all
from validation.methods.elaboration import Prover
from validation.methods.measurement import measurement_evidence
from validation.verdict import Ledger

JUDGED = (Kind.STATEMENT, Kind.NUMBER)


@dataclass(frozen=True)
class Budget:
    """Seconds and cases for the methods that search, per claim: few where a proof is at hand, more where none is."""

    sampling: float
    refutation: float
    enclosure: float
    cases: int

    def scaled(self, effort: float) -> Budget:
        """The budget with its seconds times ``effort``."""
        return Budget(self.sampling * effort, self.refutation * effort, self.enclosure * effort, self.cases)


DECIDED = Budget(sampling=0.03, refutation=0.0, enclosure=0.03, cases=30)
INTEGRALS = 8  # cases where a proof is at hand and every case costs an integral over a region in balls
PATIENCE = (1.0, 3.0)
OPEN = Budget(sampling=0.5, refutation=8.0, enclosure=0.5, cases=200)


@dataclass(frozen=True)
class Trial:
    """A ledger with the derivations that were run for it."""

    ledger: Ledger
    derivations: dict[str, Derivation]
    seconds: dict[str, float]


def closure(wanted: Iterable[Claim]) -> list[Claim]:
    """The claims with all that their proofs rest on, all that negates them and all that measures them better."""
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
        if claim.kind is Kind.MEASURED and found.keys() & {*claim.amends}:  # it may explain what it amends
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
        try:
            proved = result.fact is not None and denies(claim, original, env)
        except Refused:  # what denies() cannot read is no negation
            proved = False
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


def search_evidence(claim: Claim, budget: Budget, seed: int) -> list[Evidence]:
    """What refutation, sampling and enclosure find on one claim; a refuted one needs no more samples."""
    from validation.methods.enclosure import enclose
    from validation.methods.refutation import refute
    from validation.methods.sampling import sample

    searched = claim.exists == NOTHING and budget.refutation > 0
    if searched:
        for patience in PATIENCE:  # on a busy machine the first search may end before it has looked around
            refuting = refute(claim, seed=seed, budget_seconds=budget.refutation * patience)
            if refuting.outcome is Outcome.FAILS:
                return [refuting]
    integrals = any(side.has(RegionIntegral) for side in (claim.lhs, claim.rhs))
    cases = min(budget.cases, INTEGRALS) if integrals and not searched else budget.cases
    found = [sample(claim, seed=seed, cases=cases, budget_seconds=budget.sampling)]
    if claim.exists == NOTHING:
        found.append(enclose(claim, budget_seconds=budget.enclosure))
        if searched:
            found.append(refuting)
    return found


def _searched(claim_id: str, budget: Budget, seed: int) -> tuple[str, list[Evidence], float]:
    started = time.perf_counter()
    found = search_evidence(registry()[claim_id].claim, budget, seed)
    return claim_id, found, time.perf_counter() - started


Search = tuple[str, Budget, int]
Searched = tuple[str, list[Evidence], float]


class Searches:
    """Searches in ``jobs`` processes, which begin as soon as they are asked for; in this process for one job."""

    def __init__(self, jobs: int) -> None:
        self.pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) if jobs > 1 else None
        self.asked: list[Search] = []
        self.begun: list[Future[Searched]] = []

    def __enter__(self) -> Searches:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pool:
            self.pool.shutdown(cancel_futures=True)

    def begin(self, work: Iterable[Search]) -> None:
        """Ask for searches, those with the largest budgets first."""
        ordered = sorted(work, key=lambda item: -item[1].refutation)
        self.asked += ordered
        if self.pool:
            self.begun += [self.pool.submit(_searched, *item) for item in ordered]

    def results(self) -> Iterator[Searched]:
        """What was found, in the order in which the searches end."""
        if self.pool:
            yield from (done.result() for done in as_completed(self.begun))
        else:
            yield from (_searched(*item) for item in self.asked)


def run_trial(
    wanted: Sequence[Claim] | None = None,
    seed: int = 0,
    progress: Callable[[str, int, int], None] | None = None,
    jobs: int = 2,
    effort: float = 1.0,
) -> Trial:
    """Put claims on trial: derive all, look for negations, and sample, refute and enclose each in ``jobs`` processes.

    What has no derivation and no negation is searched while the others are derived.  ``progress`` is called with an
    id, the number of claims done and their total; ``effort`` scales the seconds that the searches may take.
    """
    listed = list(all_claims()) if wanted is None else closure(wanted)
    judged = [claim for claim in listed if claim.kind in JUDGED]
    denied = {claim.negates.claim for claim in listed if claim.negates}
    bare = {claim.id for claim in judged if not claim.steps} - denied
    budgets = {True: DECIDED.scaled(effort), False: OPEN.scaled(effort)}
    searched: dict[str, list[Evidence]] = {}
    seconds: dict[str, float] = {}
    with Searches(jobs if len(judged) >= 2 * jobs else 1) as searches:
        searches.begin((claim_id, budgets[False], seed) for claim_id in bare)
        derivations = derive_all(listed)
        evidence = [derivation_evidence(d) for d in derivations.values() if d.claim.steps and d.claim.kind in JUDGED]
        denials = negation_evidence(listed, derivations)
        evidence += denials
        decided = {name for name, result in derivations.items() if result.fact is not None}
        decided |= {denial.claim for denial in denials if denial.outcome is Outcome.FAILS}
        searches.begin((c.id, budgets[c.id in decided], seed) for c in judged if c.id not in bare)
        for claim_id, found, spent in searches.results():
            searched[claim_id] = found
            seconds[claim_id] = spent + derivations[claim_id].seconds
            if progress:
                progress(claim_id, len(searched), len(judged))
    for claim in judged:
        evidence += searched[claim.id]
    evidence += measurement_evidence(listed)
    return Trial(Ledger({claim.id: claim for claim in listed}, tuple(evidence)), derivations, seconds)
