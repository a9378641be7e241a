"""No mutant is proved, and the searches find most of them without being told where.

The tests attack and search a fixed part of the mutants; ``python -m validation.test_mutants`` takes them all.  Whether
each is false where its record says is asked in ``tests/test_mutants_record.py``.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from theory.claim import NOTHING
from theory.registry import claims
from validation.evidence import Evidence, Outcome
from validation.kernel.fact import Fact
from validation.methods.derivation import Derivation, derive, derive_all
from validation.methods.enclosure import enclose
from validation.methods.refutation import refute
from validation.methods.sampling import sample
from validation.mutants import Mutant, attacks, existential_mutants, mutants
from validation.trial import Trial

ATTACKED, SEARCHED = 7, 37
WANTED = 0.9
QUICK, THOROUGH = (0.3, 0.4, 0.3), (1.0, 4.0, 0.6)


Theorems = Mapping[str, Fact]


def theorems(derivations: Mapping[str, Derivation]) -> Theorems:
    """What is proved about all values of its variables."""
    return {k: d.fact for k, d in derivations.items() if d.fact is not None and d.claim.exists == NOTHING}


def search(mutant: Mutant, budgets: tuple[float, float, float]) -> Evidence | None:
    """Evidence against a mutant from one of the three searches, which see the statement and nothing else."""
    sampling, refutation, enclosure = budgets
    searches = (
        lambda: enclose(mutant.claim, budget_seconds=enclosure),
        lambda: sample(mutant.claim, cases=60, budget_seconds=sampling),
        lambda: refute(mutant.claim, budget_seconds=refutation),
    )
    return next((found for run in searches if (found := run()).outcome is Outcome.FAILS), None)


def accepted(chosen: Iterable[Mutant], known: Theorems) -> list[str]:
    """Ids of the mutants for which the kernel accepts one of the attacker's proofs from what is known."""
    return [
        attack.id
        for mutant in chosen
        for attack in attacks(mutant.original, mutant.claim, mutant.change)
        if derive(attack, known).fact is not None
    ]


def test_no_mutant_is_proved(trial: Trial) -> None:
    chosen = mutants()[::ATTACKED]
    assert not accepted(chosen, theorems(trial.derivations))
    assert len(chosen) >= 70


def test_no_existential_mutant_is_proved(trial: Trial) -> None:
    known = theorems(trial.derivations)
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


def survives(place: int) -> str:
    """The id of the mutant at a place of the list if no search finds where it fails, else nothing."""
    mutant = mutants()[place]
    return "" if search(mutant, QUICK) else mutant.claim.id


def test_the_search_refutes_nine_in_ten(record_property: Callable[[str, object], None]) -> None:
    chosen = range(0, len(mutants()), SEARCHED)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        survivors = [name for name in pool.map(survives, chosen) if name]
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
    print(f"accepted by the kernel: {accepted(chosen, theorems(derive_all(list(claims())))) or 'none'}")


if __name__ == "__main__":
    run_all(part=int(sys.argv[1]) if len(sys.argv) > 1 else 1, first=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
