"""The plateau: each rule of judgement on records made up for it, the measurement itself, its evidence and verdicts."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from theory.registry import registry
from validation.evidence import Outcome
from validation.experiments import plateau
from validation.experiments.measurements import MEASUREMENTS
from validation.experiments.plateau import PRESETS, Preset, measure_plateau
from validation.experiments.plateau_judgement import (
    ALWAYS_NEAR_ONE,
    AT_ENTROPY,
    AT_SET_ENTROPY,
    HYPOTHESES,
    MEMORISED,
    NEAR_ONE,
    ONCE,
    drift,
    groups,
    judge,
    settled_loss,
)
from validation.experiments.record import as_json, own_device
from validation.experiments.sources.markov import MarkovChain
from validation.experiments.sources.question_source import QuestionFormation
from validation.experiments.sources.source import Source, digest_lines, empirical_entropy
from validation.methods.measurement import measurement_evidence
from validation.trial import closure, run_trial
from validation.verdict import Ledger, Status, verdict

HOLDS, FAILS, UNDECIDED = Outcome.HOLDS, Outcome.FAILS, Outcome.UNDECIDED
SPREAD = (-0.002, 0.0, 0.002)
QUESTION = QuestionFormation()
LOW, HIGH = MarkovChain.with_entropy(0.3), MarkovChain.with_entropy(2.0)
TINY = Preset(
    {"question": 10, "markov": 10, "grammar": 10, "memorised": 20},
    few_lines=8, layers=(1,), width=8, heads=1, feed_forward=8, batch=4,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Preset:
    monkeypatch.setitem(PRESETS, "tiny", TINY)
    monkeypatch.setattr(plateau, "HELD_OUT", 20)
    return TINY


# --- the rules


def run(seed: int, losses: float | list[float], digest: str = "") -> dict[str, Any]:
    curve = [(step + 1, losses if isinstance(losses, float) else losses[step]) for step in range(10)]
    return {"layers": 2, "seed": seed, "failure": None, "curve": curve, "lines_digest": digest}


def arm(key: str, source: Source, settled: float, regime: str = ONCE, lines: int | None = None) -> dict[str, Any]:
    digests = [digest_lines(source.draw(lines, seed, distinct=True)) if lines is not None else "" for seed in range(3)]
    runs = [run(seed, settled + SPREAD[seed], digests[seed]) for seed in range(3)]
    described = {"key": key, "title": key, "regime": regime, "lines": lines, "source": source.describe()}
    return {**described, "runs": runs}


def record(question: float = 0.99, low: float = 0.3, high: float = 2.0, memorised: float = 0.19) -> dict[str, Any]:
    return {
        "arms": [
            arm("question_formation", QUESTION, question),
            arm("markov_low", LOW, low),
            arm("markov_high", HIGH, high),
            arm("question_memorised", QUESTION, memorised, MEMORISED, lines=64),
        ]
    }


def outcomes(made: dict[str, Any]) -> list[Outcome]:
    found = judge(made)
    return [found[name].outcome for name in (NEAR_ONE, ALWAYS_NEAR_ONE, AT_ENTROPY, AT_SET_ENTROPY)]


def test_losses_at_the_entropies_refute_the_constant_and_explain_the_paper() -> None:
    found = judge(record())
    assert outcomes(record()) == [HOLDS, FAILS, HOLDS, HOLDS]
    assert found[NEAR_ONE].explained_by == (AT_ENTROPY,)
    assert "markov_low, 2 layers: settled in [0.295, 0.305], entropy 0.300" in found[ALWAYS_NEAR_ONE].reason
    assert found[AT_ENTROPY].covered == "3 groups of 3 seeds"
    assert found.keys() == HYPOTHESES.keys()


def test_losses_at_one_refute_the_entropy() -> None:
    assert outcomes(record(1.0, 1.0, 1.0, 1.0)) == [HOLDS, HOLDS, FAILS, FAILS]
    assert judge(record(1.0, 1.0, 1.0, 1.0))[NEAR_ONE].explained_by == ()


def test_a_source_that_stays_above_one_refutes_no_minimum() -> None:
    assert outcomes(record(low=1.0))[1] is UNDECIDED
    assert outcomes(record(low=0.89))[1] is FAILS
    assert outcomes(record(low=0.899))[1] is UNDECIDED  # the interval reaches 0.9


def test_what_is_not_near_one_is_not_reproduced() -> None:
    assert outcomes(record(question=1.2))[:3] == [FAILS, FAILS, FAILS]
    assert outcomes(record(question=1.1))[0] is UNDECIDED


def test_a_constant_cannot_pass_for_the_entropy() -> None:
    made = record()
    made["arms"] = made["arms"][:1]
    assert outcomes(made) == [HOLDS, HOLDS, UNDECIDED, UNDECIDED]


@pytest.mark.parametrize(
    "flaw", ["two seeds", "one seed", "a failed run", "failed runs alone", "the same seed", "a falling loss"]
)
def test_incomplete_groups_decide_nothing(flaw: str) -> None:
    made = record()
    for each in made["arms"]:
        runs = each["runs"]
        if flaw == "two seeds":
            del runs[2]
        elif flaw == "one seed":
            del runs[1:]
        elif flaw == "a failed run":
            runs[0] = {"layers": 2, "seed": 0, "failure": {"kind": "FloatingPointError"}}
        elif flaw == "failed runs alone":
            runs[:] = [{"layers": 2, "seed": seed, "failure": {"kind": "FloatingPointError"}} for seed in range(3)]
        elif flaw == "the same seed":
            runs[2] = runs[1]
        else:
            settled = runs[0]["curve"][-1][1]
            runs[0] = run(0, [9.0] * 8 + [1.06 * settled, settled], runs[0]["lines_digest"])
    assert outcomes(made) == [UNDECIDED] * 4


def test_one_group_of_failed_runs_keeps_the_rest_from_deciding_for_all() -> None:
    made = record()
    made["arms"][1]["runs"] = [{"layers": 2, "seed": s, "failure": {"kind": "FloatingPointError"}} for s in range(3)]
    assert outcomes(made)[2] is UNDECIDED


def test_a_curve_settles_where_its_last_tenth_is() -> None:
    curve = [(10 * (place + 1), float(place)) for place in range(20)]
    assert settled_loss(curve) == 18.5
    assert drift(curve) == pytest.approx(1 - 16.5 / 18.5)
    with pytest.raises(ValueError, match="a curve of 11 points: give a multiple of 10"):
        settled_loss(curve[:11])


def test_a_record_is_judged_from_entropies_computed_again() -> None:
    made = record()
    for each in made["arms"]:
        each["entropy"] = {"per_token": 1.0}  # what a record claims is not believed
    assert [group.entropy for group in groups(made)][:3] == pytest.approx([0.992, 0.3, 2.0], abs=1e-3)
    made["arms"][3]["runs"][1]["lines_digest"] = "0" * 64
    with pytest.raises(ValueError, match="question_memorised, seed 1: the lines drawn again are not those"):
        judge(made)


# --- the measurement


def test_a_measurement_writes_a_record_that_can_be_judged(tiny: Preset, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    path = measure_plateau("tiny", tmp_path, seed=4, progress=lambda *args: told.append(args))
    made = json.loads(path.read_text())
    assert [each["key"] for each in made["arms"]] == [each.key for each in tiny.arms()]
    assert (made["preset"], made["unit"], made["hardware"]["device"]) == ("tiny", "nats per token", "cpu")
    assert made["hypotheses"].keys() == HYPOTHESES.keys()
    for each in made["arms"]:
        assert [found["seed"] for found in each["runs"]] == [4, 5, 6]
        first = each["runs"][0]
        assert len(first["curve"]) == each["steps"]
        assert first["evaluations"][-1]["step"] == each["steps"]
        last = first["evaluations"][-1]["held_out"]
        assert last["by_class"].keys() <= each["entropy"]["by_class"].keys()
        assert last["per_token"] > first["ideal_on_held_out"]["per_token"]
    low = next(each for each in made["arms"] if each["key"] == "markov_low")
    assert low["entropy"]["per_token"] == pytest.approx(0.3)
    few = made["arms"][-1]
    lines = QUESTION.draw(8, 4, distinct=True)
    assert few["runs"][0]["lines_digest"] == digest_lines(lines)
    assert few["runs"][0]["entropy_of_lines"]["per_token"] == empirical_entropy(QUESTION, lines).per_token()
    assert "left" in told[-1][0]
    assert told[-1][1] == 1.0


def test_a_stopped_measurement_goes_on_and_ends_with_the_same_curves(tiny: Preset, tmp_path: Path) -> None:
    def stop(message: str, share: float) -> None:
        if message.startswith("Markov chain, 1 nat, seed 1, step 10 "):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="run it again to go on"):
        measure_plateau("tiny", tmp_path / "cut", progress=stop)
    finished = {path.parent.name: path.read_bytes() for path in (tmp_path / "cut").glob("runs/*/run.json")}
    assert len(finished) == 7
    cut, whole = (json.loads(measure_plateau("tiny", tmp_path / name).read_text()) for name in ("cut", "whole"))
    for one, other in zip(cut["arms"], whole["arms"], strict=True):
        assert [found["curve"] for found in one["runs"]] == [found["curve"] for found in other["runs"]]
    assert cut["arms"][2]["runs"][1]["resumed_at"] > 0
    assert all((tmp_path / "cut" / "runs" / name / "run.json").read_bytes() == old for name, old in finished.items())
    assert not list(tmp_path.glob("*/runs/*/checkpoints"))


def test_a_directory_of_another_measurement_is_refused(
    tiny: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRESETS, "tiny", replace(TINY, seeds=1))
    measure_plateau("tiny", tmp_path)
    monkeypatch.setitem(PRESETS, "tiny", replace(TINY, seeds=1, rate=1e-3))
    with pytest.raises(ValueError, match="holds another measurement: name another directory"):
        measure_plateau("tiny", tmp_path)
    measure_plateau("tiny", tmp_path, overwrite=True)
    assert json.loads((tmp_path / "record.json").read_text())["config"]["rate"] == 1e-3


def test_a_training_that_fails_is_told_of(tiny: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRESETS, "tiny", replace(TINY, seeds=1, rate=1e30))
    made = json.loads(measure_plateau("tiny", tmp_path).read_text())
    assert made["arms"][0]["runs"][0]["failure"]["kind"] == "FloatingPointError"
    assert outcomes(made) == [UNDECIDED] * 4


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"preset": "huge"}, "preset 'huge' is unknown: choose one of quick, small, paper"),
        ({"seed": -1}, "seed -1"),
        ({"device": "abacus"}, "device 'abacus' is unknown: allowed are cpu, cuda and cuda:N"),
    ],
)
def test_errors_say_what_was_received_and_what_is_allowed(wrong: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=message):
        measure_plateau(**({"out": tmp_path / "out"} | wrong))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("wrong", [{"seeds": 0}, {"steps": {"question": 25}}])
def test_impossible_presets_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="at least one seed, and steps in multiples of 10"):
        replace(TINY, **wrong)


def test_the_papers_own_sizes_are_a_preset() -> None:
    paper = PRESETS["paper"]
    assert (paper.layers, paper.width, paper.heads, paper.feed_forward) == ((6, 10), 512, 8, 2048)
    first = paper.arms()[0]
    assert (first.lines, first.distinct, first.regime) == (100_000, True, "lines repeated")
    assert PRESETS["small"].arms()[0].regime == ONCE
    assert PRESETS["small"].arms()[-1].regime == MEMORISED


def test_the_command_tells_the_findings_and_draws_them(tiny: Preset, tmp_path: Path) -> None:
    told = MEASUREMENTS["plateau"]("tiny", tmp_path, 0, "cpu", lambda phase, share: None, False)
    assert told[0] == f"record: {tmp_path / 'record.json'}"
    assert sum(line.startswith(("holds: ", "fails: ", "undecided: ")) for line in told) == 4
    assert told[-1] == f"figure: {tmp_path / 'plateau.png'}"
    assert (tmp_path / "plateau.png").stat().st_size > 20_000


def test_importing_the_measurements_imports_no_torch() -> None:
    code = "import sys, validation.experiments.measurements; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False).returncode == 0


def test_a_record_is_one_line_for_each_innermost_list() -> None:
    made = {"curve": [(1, 2.5), (2, 1.5)], "words": ["a\nb", "c"], "empty": [], "inner": {"x": [1, 2]}}
    text = as_json(made).decode()
    assert json.loads(text) == json.loads(json.dumps(made))
    assert "\n  [ 1, 2.5 ],\n" in text


def test_under_torchrun_each_process_has_its_own_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCAL_RANK", raising=False)
    assert own_device("cuda") == "cuda"
    monkeypatch.setenv("LOCAL_RANK", "3")
    assert [own_device(device) for device in ("cuda", "cuda:1", "cpu")] == ["cuda:3", "cuda:1", "cpu"]


# --- evidence and verdicts


def statuses(tmp_path: Path, made: dict[str, Any] | None) -> dict[str, str]:
    if made is not None:
        described = {"experiment": "plateau", "preset": "", "started": "", "versions": {}, "hardware": {}}
        (tmp_path / "plateau.json").write_text(json.dumps(described | made))
    claims = {name: registry()[name].claim for name in HYPOTHESES}
    ledger = Ledger(claims, tuple(measurement_evidence(claims.values(), tmp_path)))
    return {name: verdict(claim, ledger).status.value for name, claim in claims.items()}


def test_findings_become_verdicts(tmp_path: Path) -> None:
    found = statuses(tmp_path, record())
    assert list(found.values()) == ["explained", "not reproduced", "supported", "supported"]
    found = statuses(tmp_path, record(1.0, 1.0, 1.0, 1.0))
    assert list(found.values()) == ["reproduced", "reproduced", "not reproduced", "not reproduced"]


def test_without_a_record_nothing_is_decided(tmp_path: Path) -> None:
    assert set(statuses(tmp_path, None).values()) == {"undecided"}
    (evidence,) = measurement_evidence([registry()[NEAR_ONE].claim], tmp_path)
    assert "run `majorant measure`" in evidence.reason
    assert measurement_evidence([registry()["lse.convexity.ceiling"].claim], tmp_path) == []


def test_evidence_for_an_older_wording_is_ignored(tmp_path: Path) -> None:
    statuses(tmp_path, record())
    claim = registry()[AT_ENTROPY].claim
    evidence = measurement_evidence([claim], tmp_path)
    assert verdict(claim, Ledger({claim.id: claim}, tuple(evidence))).status is Status.SUPPORTED
    stale = tuple(replace(e, digest="0" * 16) for e in evidence)
    assert verdict(claim, Ledger({claim.id: claim}, stale)).status is Status.UNDECIDED


def test_what_explains_a_claim_is_on_trial_with_it() -> None:
    assert {claim.id for claim in closure([registry()[NEAR_ONE].claim])} == {NEAR_ONE, AT_ENTROPY}
    trial = run_trial([registry()[NEAR_ONE].claim], jobs=1)
    assert [e.method for e in trial.ledger.evidence] == ["measurement"] * 2
    assert len({registry()[name].claim.digest for name in HYPOTHESES}) == 4


def test_presets_name_every_source_once() -> None:
    for preset in plateau.PRESETS.values():
        keys = [each.key for each in preset.arms()]
        assert len(set(keys)) == len(keys)
