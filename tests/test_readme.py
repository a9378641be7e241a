"""The README shows what the ledger holds, and its snippets run."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from docs.places import ROWS, row_of
from docs.readme import README, VERDICTS, renewed, slug, verdict_table, verdicts_page
from theory.claim import Kind
from theory.registry import registry
from validation.expected import reviewed
from validation.ledger import read_ledger, write_ledger

TEXT = README.read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_the_generated_parts_are_current() -> None:
    assert renewed(TEXT, read_ledger()) == TEXT, "run `python -m docs.readme`"


def test_the_page_of_all_verdicts_is_current() -> None:
    assert verdicts_page(read_ledger()) == VERDICTS.read_text(encoding="utf-8"), "run `python -m docs.readme`"


def test_every_judged_claim_has_one_row_and_the_table_fits_a_screen() -> None:
    judged = [e.claim for e in registry().values() if e.claim.kind not in (Kind.DEFINITION, Kind.ASSUMPTION)]
    assert all(row_of(claim.source.place) in ROWS for claim in judged)
    assert len(verdict_table(read_ledger()).splitlines()) <= 2 + 32
    with pytest.raises(ValueError, match="belongs to 0 rows"):
        row_of("Proposition 6")


def test_what_stands_instead_names_claims() -> None:
    named = {claim_id for row in ROWS for _, ids in row.instead for claim_id in ids.split()}
    assert named <= registry().keys()


def test_the_links_of_the_table_lead_to_headings() -> None:
    page = verdicts_page(read_ledger())
    anchors = {slug(heading) for heading in re.findall(r"^## (.*)$", page, re.MULTILINE)}
    assert set(re.findall(r"verdicts\.md#([^)]*)\)", verdict_table(read_ledger()))) <= anchors


def table_line(heading: str, **verdicts: str) -> list[str]:
    """The cells of one row, with some verdicts of the ledger replaced."""
    rows = [{**row, "verdict": verdicts.get(row["id"].replace(".", "_"), row["verdict"])} for row in read_ledger()]
    lines = [line for line in verdict_table(rows).splitlines() if line.startswith(f"| [{heading}]")]
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", lines[0])[1:-1]]


def test_a_row_says_which_part_is_refuted_and_what_stands_instead() -> None:
    assert table_line("Lemma 1")[2:] == ["proved", ""]
    assert table_line("Lemma 2")[2:] == [
        "upper half: proved; lower half: **refuted**",
        "≤ for every n, < from n = 2 on",
    ]
    assert table_line("Proposition 2")[2] == "proved; v1: **refuted**"


def test_a_row_takes_its_verdicts_from_the_ledger_alone() -> None:
    assert table_line("Lemma 1", lse_convexity_ceiling="undecided")[2] == "undecided"
    assert table_line("Lemma 2", lse_maximum_strict_floor="proved")[2:] == ["proved", ""]
    assert table_line("Lemma 2", lse_maximum_floor="undecided")[3].endswith("(**undecided**)")


def test_the_ledger_is_about_the_claims_as_they_stand() -> None:
    digests = {row["id"]: row["digest"] for row in read_ledger()}
    assert digests == {k: e.claim.digest for k, e in registry().items()}, "run `majorant verify --record`"


def test_the_ledger_holds_the_reviewed_verdicts() -> None:
    unjudged = ("definition", "assumption")
    assert {r["id"]: r["verdict"] for r in read_ledger() if r["verdict"] not in unjudged} == reviewed()


def test_a_missing_block_is_named() -> None:
    with pytest.raises(ValueError, match="no block <!-- verdicts -->"):
        renewed("nothing", read_ledger())


def test_a_file_that_is_no_ledger_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "rows.json"
    path.write_text('[{"id": "a"}]', encoding="utf-8")
    with pytest.raises(ValueError, match="is no ledger"):
        read_ledger(path)
    rows = read_ledger()
    assert read_ledger(write_ledger(rows, tmp_path / "copy.json")) == rows


@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_snippets_run(snippet: str) -> None:
    done = subprocess.run([sys.executable, "-c", snippet], capture_output=True, text=True, cwd=README.parent)
    assert done.returncode == 0, done.stderr
    if "result.fact" in snippet:
        assert "True ('layer.energy.ceiling', 'mchn.layer_energy.one_sided_ceiling')" in done.stdout
