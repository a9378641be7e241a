"""The README shows what the ledger holds, and its snippets run."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from docs.readme import README, renewed
from theory.registry import registry
from validation.expected import reviewed
from validation.ledger import read_ledger, write_ledger

TEXT = README.read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_the_generated_parts_are_current() -> None:
    assert renewed(TEXT, read_ledger()) == TEXT, "run `python -m docs.readme`"


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
