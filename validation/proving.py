"""The commands ``prove``, ``recheck`` and ``bench prove``: what a theorist types, and what comes back.

Exit codes: 0 proved, 1 refuted, 2 undecided, 3 bad input.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from validation.terminal import fail

if TYPE_CHECKING:
    from validation.prover.answer import Answer

EXIT = {"proved": 0, "refuted": 1, "undecided": 2}
BAD_INPUT = 3
LONGEST = 3600.0
bench = typer.Typer(
    help="Compare with other tools in one run: the prover on a suite of statements, the routines on arrays.",
    no_args_is_help=True,
)


class Commands(TyperGroup):
    """The commands, with exit code 3 for a command line that cannot be read: 2 means undecided."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; usage errors leave with code 3."""
        usage_error: Any = typer.BadParameter.__base__
        usage_error.exit_code = BAD_INPUT
        return super().main(*args, **kwargs)


def prove(
    statement: Annotated[str, typer.Argument(help="Two sides and one of <= >= < > ==, such as 'exp(x) >= 1 + x'.")],
    where: Annotated[str, typer.Option(help="The domain, such as 'x in (0, oo); n in integers [1, oo)'.")] = "",
    json_file: Annotated[
        str, typer.Option("--json", metavar="FILE", help="Write verdict, witness and certificate here; - is stdout.")
    ] = "",
    budget: Annotated[float, typer.Option(help="Seconds to spend.")] = 20.0,
    explain: Annotated[bool, typer.Option("--explain", help="Print the proof as a person would read it.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print the proof as LaTeX.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress line.")] = False,
) -> None:
    """Prove or refute an inequality or identity; 0 proved, 1 refuted, 2 undecided, 3 bad input."""
    from theory.language import LanguageError, parse

    if not 0 < budget <= LONGEST:
        raise fail(f"--budget {budget:g} is out of range: a number of seconds above 0 and at most {LONGEST:g}")
    try:
        parsed = parse(statement, where)
    except (LanguageError, ValueError) as error:
        raise fail(str(error)) from None
    from validation.prover import prove as search

    line = StatusLine(sys.stderr.isatty() and not quiet)
    answer = search(parsed, budget=budget, progress=line.update)
    line.clear()
    if json_file:
        _write_json(as_json(answer), json_file)
    if json_file != "-":
        typer.echo(_report(answer, explain, latex))
    raise typer.Exit(EXIT[answer.verdict])


def recheck(
    file: Annotated[Path, typer.Argument(help="A file that `majorant prove --json FILE` wrote; - is stdin.")],
) -> None:
    """Check a certificate again without any search; 0 proved, 1 refuted, 2 undecided, 3 rejected or bad input."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        data = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise fail(f"cannot read a certificate from {file}: {error}; write one with `majorant prove --json`") from None
    from validation.certificates import Rejected
    from validation.certificates import recheck as check
    from validation.prover.answer import VACUOUSLY, is_vacuous

    try:
        verdict = check(data)
    except Rejected as error:
        raise fail(f"rejected: {error}") from None
    typer.echo(f"{verdict}: {data.get('statement', '')}" + (f"  where {data['where']}" if data.get("where") else ""))
    if verdict == "proved" and is_vacuous(data["certificate"]):
        typer.echo(VACUOUSLY)
    raise typer.Exit(EXIT[verdict])


@bench.command(name="prove")
def bench_prove(
    budget: Annotated[float, typer.Option(help="Seconds for each tool and statement.")] = 20.0,
    only: Annotated[str, typer.Option(help="Only statements whose name contains this.")] = "",
    tool: Annotated[list[str] | None, typer.Option(help="Only these tools.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the rows here.")] = None,
    record: Annotated[bool, typer.Option("--record", help="Write the rows to the ledger.")] = False,
) -> None:
    """Majorant, SymPy, mpmath intervals and z3 on the suite of the tests."""
    from validation.bench_prove import compare, table

    if record and only:
        raise fail("--record is about the whole suite; leave out --only")
    line = StatusLine(sys.stderr.isatty())
    try:
        rows = compare(budget, only, tool or (), progress=line.update)
    except (OSError, ValueError) as error:
        raise fail(str(error)) from None
    line.clear()
    if json_file is not None:
        _write_json({"budget": budget, "rows": rows}, str(json_file))
    if record:
        from validation.ledger import write_benchmark

        typer.echo(f"ledger: {write_benchmark(budget, rows)}; `python -m docs.proving` renews the page")
    typer.echo(table(rows))


@bench.command(name="routines")
def bench_routines(
    points: Annotated[int, typer.Option(help="Query points, B.")] = 1024,
    patterns: Annotated[int, typer.Option(help="Patterns, d.")] = 4096,
    width: Annotated[int, typer.Option(help="Coordinates of a point, n.")] = 256,
    rounds: Annotated[int, typer.Option(help="Rounds; every routine runs once in each.")] = 25,
    folder: Annotated[Path, typer.Option(help="Where the numbers and the plot go.")] = Path("majorant-out/bench"),
) -> None:
    """Compiled routines, code by hand, libraries and the floor, on the same arrays in one run."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read when torch is loaded: threads that spin starve others
    from numerics.bench_routines import bench as measure

    try:
        measure(points, patterns, width, rounds, folder)
    except (OSError, ValueError) as error:
        raise fail(str(error)) from None


class StatusLine:
    """One line on a terminal that says what is being tried; silent elsewhere."""

    def __init__(self, shown: bool) -> None:
        self.shown = shown

    def update(self, text: str, seconds: float) -> None:
        """Replace the line."""
        if self.shown:
            sys.stderr.write(f"\r\x1b[K{seconds:5.1f} s  {text[:100]}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Remove the line."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer as JSON data, complete for ``recheck``."""
    from validation.prover.answer import VACUOUSLY

    witness = answer.witness
    return {
        "verdict": answer.verdict,
        "statement": answer.statement.text,
        "where": answer.statement.where,
        "witness": None if witness is None else witness_json(answer),
        "certificate": answer.certificate,
        "vacuous": VACUOUSLY if answer.vacuous else None,
        "undefined": None if answer.undefined is None else str(answer.undefined),
        "tried": [[a.method, round(a.seconds, 3), a.outcome, a.count] for a in answer.tried],
        "seconds": round(answer.seconds, 3),
    }


def witness_json(answer: Answer) -> dict[str, Any]:
    """The point of a witness and the gap there, exact and as a decimal."""
    from validation.prover.explain import gap_at

    return {"point": {name: str(value) for name, value in answer.witness.point}, **gap_at(answer)}


def _write_json(data: dict[str, Any], file: str) -> None:
    text = json.dumps(data, indent=1) + "\n"
    if file == "-":
        typer.echo(text, nl=False)
        return
    try:
        path = Path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise fail(f"cannot write {file}: {error}") from None


def _report(answer: Answer, explain: bool, latex: bool) -> str:
    """What a person reads: the verdict, and the proof if wanted."""
    from validation.prover.explain import explained, summary

    if latex:
        return explained(answer, "latex")
    return explained(answer, "text") if explain else summary(answer)
