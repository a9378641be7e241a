"""The comparison with other tools: what each accepts, that a slow one is stopped, and what the table and page say."""

from __future__ import annotations

import time
from typing import Any

import pytest

from docs.proving import page
from theory.language import parse
from validation import bench_tools
from validation.bench_prove import Worker, compare, is_wrong, table
from validation.bench_tools import by_intervals, by_sympy, by_z3
from validation.ledger import BENCHMARK, read_benchmark, write_benchmark
from validation.suite import Item, read_suite


@pytest.mark.parametrize(
    ("statement", "where", "verdict"),
    [
        ("x**2 - 2*x + 2 >= 0", "x in (-oo, oo)", "proved"),
        ("x**2 >= 1", "x in [0, 2]", "refuted"),
        ("sin(x)**2 + cos(x)**2 == 1", "x in (-oo, oo)", "proved"),
        ("x*y > 0", "x, y in (0, oo)", "proved"),
    ],
)
def test_sympy(statement: str, where: str, verdict: str) -> None:
    assert by_sympy(parse(statement, where), 5.0) == verdict


@pytest.mark.parametrize(
    ("statement", "where", "verdict"),
    [
        ("exp(x) >= 1/2 + x", "x in [-1, 1]", "proved"),
        ("exp(x) >= 2 + x", "x in [-1, 1]", "refuted"),
        ("exp(x) >= 2 + x", "x in (-oo, oo)", "refuted"),
        ("exp(x) >= x", "x in [0, oo)", "undecided"),
        ("n*(n - 1) >= -1/8", "n in integers [0, 1]", "not accepted"),
        ("erf(x) <= 2", "x in [0, 1]", "undecided"),
        ("x == x", "x in [0, 1]", "not accepted"),
        ("x <= y", "x, y in [0, 1]; given x <= y", "not accepted"),
    ],
)
def test_intervals(statement: str, where: str, verdict: str) -> None:
    assert by_intervals(parse(statement, where), 1.0) == verdict


@pytest.mark.parametrize(
    ("statement", "where", "verdict"),
    [
        ("x**2 + y**2 >= 2*x*y", "x, y in (-oo, oo)", "proved"),
        ("x**2 + y**2 > 2*x*y", "x, y in (-oo, oo)", "refuted"),
        ("sqrt(x*y) <= (x + y)/2", "x, y in [0, oo)", "proved"),
        ("Abs(x - y) == Max(x, y) - Min(x, y)", "x, y in (-oo, oo)", "proved"),
        ("1/x <= 1", "x in [1/2, oo); given x >= 1", "proved"),
        ("n**2 >= n", "n in integers (-oo, oo)", "proved"),
        ("exp(x) >= 0", "x in [0, 1]", "not accepted"),
    ],
)
def test_z3(statement: str, where: str, verdict: str) -> None:
    pytest.importorskip("z3")
    assert by_z3(parse(statement, where), 5.0) == verdict


def test_a_tool_that_takes_too_long_is_stopped_and_started_again() -> None:
    worker = Worker("sympy")
    slow = Item("slow", "(x**40 + x + 1)**40 - exp(sin(x)) >= 0", "x in (0, oo)", True, "")
    quick = Item("quick", "x**2 >= 1", "x in [0, 2]", False, "")
    begun = time.monotonic()
    assert worker.judge(slow, 0.2)[0] in ("undecided", "error: NotImplementedError")
    assert time.monotonic() - begun < 60
    assert worker.judge(quick, 10.0)[0] == "refuted"
    worker.stop()


def test_one_row_for_each_tool_and_statement() -> None:
    rows = compare(5.0, "square.completed", ["majorant"])
    assert [(row["name"], row["verdict"]) for row in rows] == [
        ("square.completed", "proved"),
        ("square.completed.strict", "refuted"),
    ]
    with pytest.raises(ValueError, match="no tool is called maple: allowed are majorant"):
        compare(5.0, "", ["maple"])


def row(tool: str, name: str, truth: bool, verdict: str) -> dict[str, Any]:
    return {"tool": tool, "name": name, "truth": truth, "verdict": verdict, "seconds": 0.25}


ROWS = [row("majorant", "a", True, "proved"), row("majorant", "b", True, "undecided"), row("z3", "a", True, "refuted")]


def test_wrong_verdicts_are_counted() -> None:
    assert [is_wrong(r) for r in ROWS] == [False, False, True]
    lines = table([*ROWS, row("sympy", "", True, "not installed")]).splitlines()
    assert lines[1].split() == ["majorant", "1", "of", "2", "0", "of", "0", "0", "0.250", "0.5"]
    assert lines[2].split()[-3] == "1"
    assert lines[3] == "sympy      not installed"


def test_the_page_names_what_is_undecided_and_why() -> None:
    items = [
        Item("a", "x >= 0", "x in [0, oo)", True, "n"),
        Item("b", "Abs(x) >= 0", "x in [0, 1]", True, "n", why="no rule"),
    ]
    text = page(20, ROWS, items)
    assert "| `Abs(x) >= 0` | `x in [0, 1]` | true | no rule |" in text
    assert "Proved on the whole of an unbounded domain: 1 of the 1" in text


def test_records_are_read_back(tmp_path: Any) -> None:
    file = tmp_path / "rows.json"
    write_benchmark(3.0, ROWS, file)
    assert read_benchmark(file) == (3.0, ROWS)


@pytest.mark.skipif(not BENCHMARK.exists(), reason="no run is recorded")
def test_the_recorded_run_is_about_the_suite_and_nothing_is_wrong() -> None:
    from docs.proving import PAGE

    budget, rows = read_benchmark()
    mine = [r for r in rows if r["tool"] == "majorant"]
    assert [r["name"] for r in mine] == [item.name for item in read_suite()]
    assert not any(map(is_wrong, mine))
    assert page(budget, rows, read_suite()) == PAGE.read_text(encoding="utf-8")


def test_every_tool_is_described_by_its_name() -> None:
    assert list(bench_tools.TOOLS) == ["majorant", "sympy", "mpmath iv", "z3"]
