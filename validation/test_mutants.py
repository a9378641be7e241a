"""No mutant is proved, every mutant is false, and the searches find most of them without being told where.

The tests attack and search a fixed part of the mutants; ``python -m validation.test_mutants`` takes them all.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache

from theory.claim import NOTHING
from theory.registry import claims
from validation.evidence import Evidence, Outcome
from validation.kernel.fact import Fact
from validation.methods.decision import probe
from validation.methods.derivation import derive, derive_all
from validation.methods.enclosure import enclose
from validation.methods.refutation import refute
from validation.methods.sampling import sample
from validation.mutants import Mutant, attacks, existential_mutants, mutants

ATTACKED, SEARCHED = 5, 29
WANTED = 0.9
QUICK, THOROUGH = (0.3, 0.4, 0.3), (1.0, 4.0, 0.6)


@cache
def theorems() -> dict[str, Fact]:
    """What is proved about all values of its variables."""
    universal = [claim for claim in claims() if claim.exists == NOTHING]
    return {name: result.fact for name, result in derive_all(universal).items() if result.fact is not None}


def search(mutant: Mutant, budgets: tuple[float, float, float]) -> Evidence | None:
    """Evidence against a mutant from one of the three searches, which see the statement and nothing else."""
    sampling, refutation, enclosure = budgets
    searches = (
        lambda: enclose(mutant.claim, budget_seconds=enclosure),
        lambda: sample(mutant.claim, cases=60, budget_seconds=sampling),
        lambda: refute(mutant.claim, budget_seconds=refutation),
    )
    return next((found for run in searches if (found := run()).outcome is Outcome.FAILS), None)


def test_every_proved_universal_claim_has_three_mutants_or_more() -> None:
    count = Counter(mutant.original.id for mutant in mutants())
    wanting = [name for name in theorems() if count[name] < 3]
    assert not wanting


def test_the_kinds_are_all_there() -> None:
    kinds = Counter(mutant.operator.partition("_")[0] for mutant in mutants())
    wanted = {"flip", "strict", "tighten", "lhs", "rhs", "log", "extremum", "sign", "hard", "exponent", "cut", "swap"}
    assert wanted | {"without", "loosened", "below", "above"} <= set(kinds)


def test_every_mutant_is_false_where_the_record_says() -> None:
    wrong = [m.claim.id for m in mutants() if probe(m.claim, m.point) is not Outcome.FAILS]
    assert not wrong


def accepted(chosen: Iterable[Mutant]) -> list[str]:
    """Ids of the mutants for which the kernel accepts one of the attacker's proofs."""
    known = theorems()
    return [
        attack.id
        for mutant in chosen
        for attack in attacks(mutant.original, mutant.claim, mutant.change)
        if derive(attack, known).fact is not None
    ]


def test_no_mutant_is_proved() -> None:
    chosen = mutants()[::ATTACKED]
    assert not accepted(chosen)
    assert len(chosen) >= 70


def test_no_existential_mutant_is_proved() -> None:
    known = theorems()
    by_id = {claim.id: claim for claim in claims()}
    found = existential_mutants()
    proved = [
        attack.id
        for mutation, _ in found
        for attack in attacks(by_id[mutation.claim.id.partition("~")[0]], mutation.claim, mutation.change)
        if derive(attack, known).fact is not None
    ]
    assert found
    assert not proved


def test_every_existential_claim_that_is_proved_has_a_mutant() -> None:
    covered = {mutation.claim.id.partition("~")[0] for mutation, _ in existential_mutants()}
    assert covered == {claim.id for claim in claims() if claim.exists != NOTHING and claim.steps}


def test_the_search_refutes_nine_in_ten(record_property: Callable[[str, object], None]) -> None:
    chosen = mutants()[::SEARCHED]
    survivors = [mutant.claim.id for mutant in chosen if search(mutant, QUICK) is None]
    fraction = 1 - len(survivors) / len(chosen)
    record_property("refuted", fraction)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutants refuted; survivors: {survivors}")
    assert fraction >= WANTED


def run_all(budgets: tuple[float, float, float] = THOROUGH, part: int = 1, first: int = 0) -> None:
    """Attack and search every ``part``-th mutant from ``first`` on; print the survivors and what found the others."""
    chosen, by_method, survivors = mutants()[first::part], Counter[str](), []
    for mutant in chosen:
        started = time.perf_counter()
        found = search(mutant, budgets)
        by_method[found.method if found else "survives"] += 1
        if found is None:
            survivors.append(mutant.claim.id)
            print(f"survives after {time.perf_counter() - started:.1f} s: {mutant.claim.id}", flush=True)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} refuted: {dict(by_method)}")
    print(f"accepted by the kernel: {accepted(chosen) or 'none'}")


if __name__ == "__main__":
    run_all(part=int(sys.argv[1]) if len(sys.argv) > 1 else 1, first=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
