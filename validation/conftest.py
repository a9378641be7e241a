"""``pytest validation/``: one trial for the whole session, its verdicts as the summary."""

from __future__ import annotations

import pytest

from theory.registry import registry
from validation.trial import Trial, run_trial


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("majorant")
    group.addoption("--claim", action="append", default=[], help="put only this claim on trial; may be repeated")
    group.addoption("--budget", type=float, default=1.0, help="factor on the seconds that the searches may take")
    group.addoption("--retrain", action="store_true", help="train again, with the quick presets")
    group.addoption("--seed", type=int, default=0, help="seed of everything random")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "judged_claim" in metafunc.fixturenames:
        from theory.claim import Kind
        from validation.trial import JUDGED

        only = metafunc.config.getoption("--claim")
        ids = [k for k, e in registry().items() if e.claim.kind in (*JUDGED, Kind.MEASURED) and (not only or k in only)]
        metafunc.parametrize("judged_claim", ids)


@pytest.fixture(scope="session")
def trial(request: pytest.FixtureRequest) -> Trial:
    """Every method on every claim that is asked for, recomputed; nothing is read from the ledger."""
    config = request.config
    only = config.getoption("--claim")
    wanted = [registry()[claim_id].claim for claim_id in only] or None
    result = run_trial(wanted, seed=config.getoption("--seed"), effort=config.getoption("--budget"))
    config.stash[TRIAL] = result
    return result


TRIAL: pytest.StashKey[Trial] = pytest.StashKey()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    result = config.stash.get(TRIAL, None)
    if result is None:
        return
    from rich.console import Console

    from validation.report import as_rows, counts, judged, verdict_table

    rows = as_rows(result)
    console = Console(file=terminalreporter._tw._file, width=140)
    console.print(verdict_table(rows))
    console.print(counts(judged(rows)))
