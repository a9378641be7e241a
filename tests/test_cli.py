"""The command line, as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import validation.expected
from validation.cli import app
from validation.expected import Difference, differences, reviewed

RUN = CliRunner()


def invoke(*arguments: str) -> tuple[int, str]:
    done = RUN.invoke(app, list(arguments))
    return done.exit_code, " ".join((done.stdout + done.stderr).split())


def test_verify_one_claim_and_write_json(tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    code, text = invoke("verify", "mchn.nearest.printed_floor", "--quiet", "--jobs", "1", "--json", str(file))
    assert code == 0
    assert "refuted" in text
    (row,) = json.loads(file.read_text(encoding="utf-8"))
    assert row["verdict"] == "refuted"
    assert row["place"] == "Proposition 3, lower half"
    assert row["latex"]
    wanted = {
        "id", "kind", "version", "place", "reading", "statement", "latex", "verdict", "conditions", "axioms",
        "amends", "amended_by", "uses", "evidence",
    }  # fmt: skip
    assert wanted <= set(row)
    confirmed = [e for e in row["evidence"] if e["outcome"] == "fails"]
    assert confirmed
    assert all({"method", "outcome", "domain", "margin", "witness", "seconds"} <= set(e) for e in confirmed)
    assert all(e["witness"].startswith("d = 2, n = 1") for e in confirmed)


def test_verify_says_what_differs_and_exits_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "expected.toml"
    other.write_text('["exponential.order.kept"]\nverdict = "refuted"\nreason = "to see the difference"\n')
    monkeypatch.setattr(validation.expected.reviewed, "__defaults__", (other,))
    code, text = invoke("verify", "exponential.order.kept", "--quiet", "--jobs", "1")
    assert code == 1
    assert "- exponential.order.kept: refuted + exponential.order.kept: proved" in text


def test_an_unknown_id_is_answered_with_close_ones() -> None:
    code, text = invoke("verify", "mchn.nearest.flor")
    assert code == 3
    assert "no claim has the id 'mchn.nearest.flor'" in text
    assert "mchn.nearest.floor" in text


def test_record_needs_the_whole_trial() -> None:
    code, text = invoke("verify", "exponential.order.kept", "--quiet", "--jobs", "1", "--record")
    assert code == 3
    assert "without naming claims" in text


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ([], "[1] Lemma lse.minimum.floor: Lemma 3 at the distances"),
        (["--markdown"], "## `layer.energy.floor`"),
        (["--latex"], r"\begin{align*}"),
    ],
)
def test_derive(form: list[str], expected: str) -> None:
    code, text = invoke("derive", "layer.energy.floor", *form)
    assert code == 0
    assert expected in text
    assert "every step discharged by the kernel" in text


def test_derive_of_a_refuted_claim_names_its_amendment() -> None:
    code, text = invoke("derive", "mchn.nearest.printed_floor")
    assert code == 0
    assert "no derivation is given; refuted: d = 2, n = 1" in text
    assert "amended by mchn.nearest.floor" in text


def test_derive_tells_the_witness_of_an_existential_claim() -> None:
    assert "take w = 1/2" in invoke("derive", "lse.negative.nonconvexity_from_two")[1]


def test_list_filters() -> None:
    assert "mchn.nearest.printed_floor" in invoke("list", "--place", "Proposition 3", "--verdict", "refuted")[1]
    assert "mchn.nearest.floor " not in invoke("list", "--verdict", "refuted")[1]
    assert "theory.flattening" in invoke("list", "--module", "flattening")[1]
    code, text = invoke("list", "--place", "Theorem 99")
    assert code == 3
    assert "no claim matches" in text


def test_impact() -> None:
    assert "surrogate.update.descent" in invoke("impact", "lse.tangent.floor")[1]
    assert (
        "the refutation of lse.negative.nonconvexity" in invoke("impact", "lse.negative.convexity_in_dimension_one")[1]
    )
    assert "Nothing else rests on surrogate.update.descent" in invoke("impact", "surrogate.update.descent")[1]


def test_check_reads_patterns_and_draws(tmp_path: Path) -> None:
    file, figure = tmp_path / "patterns.npy", tmp_path / "gaps.png"
    np.save(file, np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 2.0]]))
    code, text = invoke("check", str(file), "--figure", str(figure))
    assert code == 0
    assert "mchn.nearest.printed_floor" in text
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_check_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    code, text = invoke("check", str(tmp_path / "patterns.pickle"))
    assert code == 3
    assert ".npy" in text


def test_measure_and_plot_name_what_they_know(tmp_path: Path) -> None:
    assert invoke("measure", "temperature") == (3, "cannot measure 'temperature'; allowed: activations, plateau")
    assert invoke("plot", "moon") == (
        3,
        "no figure is called 'moon'; allowed: landscapes, loss, ball-mass, critical-patterns, exponents",
    )
    code, text = invoke("measure", "activations", "--preset", "huge", "--out", str(tmp_path))
    assert code == 3
    assert "huge" in text
    assert "quick" in text


def test_plot_without_matplotlib_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def missing(_: Path) -> list[Path]:
        raise ModuleNotFoundError("figures need Matplotlib: pip install 'majorant[plot]'")

    monkeypatch.setattr("docs.figures.landscapes.draw", missing)
    assert invoke("plot", "landscapes", "--out", str(tmp_path)) == (
        3,
        "figures need Matplotlib: pip install 'majorant[plot]'",
    )


def test_docs_from_recorded_rows(tmp_path: Path) -> None:
    rows = tmp_path / "rows.json"
    assert invoke("verify", "exponential.order.kept", "--quiet", "--jobs", "1", "--json", str(rows))[0] == 0
    code, text = invoke("docs", "--out", str(tmp_path / "site"), "--from", str(rows))
    assert code == 0
    assert (tmp_path / "site" / "index.html").exists()
    assert "index.html" in text


def test_differences_are_found_both_ways() -> None:
    found = differences({"a": "proved", "b": "refuted"}, {"a": "proved", "c": "proved"}, whole=True)
    assert found == [Difference("b", "(not reviewed)", "refuted"), Difference("c", "proved", "(gone)")]
    assert differences({"a": "proved"}, {"a": "proved", "c": "proved"}, whole=False) == []


def test_a_verdict_that_is_not_proved_needs_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "expected.toml"
    path.write_text('["a.b.c"]\nverdict = "refuted"\n')
    with pytest.raises(ValueError, match=r"a\.b\.c is refuted and gives no reason"):
        reviewed(path)
