"""The committed record of the plateau, judged again; ``--retrain`` trains again with the quick preset."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from theory.registry import registry
from validation.evidence import Outcome
from validation.expected import reviewed
from validation.experiments import plateau
from validation.experiments.plateau_judgement import HYPOTHESES, RULES, groups, judge
from validation.methods.measurement import RECORDS

WORDS = {
    Outcome.HOLDS: {"reproduced", "explained", "supported"},
    Outcome.FAILS: {"not reproduced"},
    Outcome.UNDECIDED: {"undecided"},
}


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return json.loads((RECORDS / "plateau.json").read_text(encoding="utf-8"))


def test_record_was_made_under_the_rules_that_stand(record: dict[str, Any]) -> None:
    assert record["rules"] == RULES
    assert record["hypotheses"] == HYPOTHESES
    assert all(group.complete for group in groups(record))


def test_record_was_made_by_the_code_that_stands(record: dict[str, Any]) -> None:
    assert record["digests"]["code"] == plateau._digest_code(), (
        "run `majorant measure plateau --preset small`, copy the record"
    )


def test_record_bears_out_the_reviewed_verdicts(record: dict[str, Any]) -> None:
    for name, finding in judge(record).items():
        assert reviewed()[name] in WORDS[finding.outcome], finding
        assert registry()[name].claim.kind.value == "measured"


def test_losses_by_position_class_are_the_exact_entropies(record: dict[str, Any]) -> None:
    exact = record["arms"][0]["entropy"]["by_class"]
    for run in record["arms"][0]["runs"]:
        found = run["evaluations"][-1]["held_out"]["by_class"]
        ideal = run["ideal_on_held_out"]["by_class"]
        assert found == pytest.approx(ideal, abs=0.05)
        assert ideal == pytest.approx(exact, abs=0.05)


def test_trained_again_the_quick_preset_says_the_same(
    pytestconfig: pytest.Config,
    record: dict[str, Any],
    tmp_path: Path,
) -> None:
    if not pytestconfig.getoption("--retrain"):
        pytest.skip("trains for minutes: pass --retrain")
    from validation.experiments.plateau import measure_plateau

    again = judge(json.loads(measure_plateau("quick", tmp_path).read_text(encoding="utf-8")))
    assert {k: f.outcome for k, f in again.items()} == {k: f.outcome for k, f in judge(record).items()}
