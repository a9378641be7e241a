"""The command line of Majorant."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docs.figures import FIGURES, draw
from validation.proving import Commands, bench, prove, recheck
from validation.terminal import err, fail, out

if TYPE_CHECKING:
    from theory.claim import Claim
    from theory.registry import Entry

app = typer.Typer(
    help="Puts the theorems of a paper on trial, and proves or refutes what is typed.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    cls=Commands,
)
app.command(context_settings={"ignore_unknown_options": True})(prove)  # a statement may begin with a minus sign
app.command()(recheck)
app.add_typer(bench, name="bench")


def chosen(ids: list[str] | None) -> list[Claim] | None:
    """The claims with these ids; everything for none.  A prefix ending in a dot names a whole group."""
    from theory.registry import registry

    if not ids:
        return None
    found: list[Claim] = []
    for wanted in ids:
        entries = registry()
        matches = [
            e.claim for k, e in entries.items() if k == wanted or (wanted.endswith(".") and k.startswith(wanted))
        ]
        if not matches:
            raise fail(f"no claim has the id {wanted!r}. {_suggestion(wanted)}`majorant list` shows all ids.")
        found += matches
    return found


def _suggestion(wanted: str) -> str:
    from difflib import get_close_matches

    from theory.registry import registry

    close = get_close_matches(wanted, list(registry()), n=3, cutoff=0.4)
    return f"Close to it: {', '.join(close)}. " if close else ""


@app.command()
def verify(
    ids: Annotated[list[str] | None, typer.Argument(help="Claims to verify; all of them if none is named.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the verdicts with their evidence here.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    everything: Annotated[bool, typer.Option("--all", help="Show lemmas, amendments and definitions too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that search.")] = 2,
    record: Annotated[bool, typer.Option("--record", help="Write the verdicts to the ledger and the README.")] = False,
) -> None:
    """Recompute the verdicts; exit code 1 when one differs from the reviewed verdicts."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from validation.expected import differences, reviewed
    from validation.report import as_rows, counts, judged, verdict_table
    from validation.trial import run_trial

    wanted = chosen(ids)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err.console,
        disable=quiet,
        transient=True,
    )
    with bar:
        task = bar.add_task("claims", total=None)
        trial = run_trial(
            wanted,
            seed=seed,
            jobs=jobs,
            progress=lambda name, done, total: bar.update(task, completed=done, total=total, description=name),
        )
    rows = as_rows(trial)
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(rows, indent=1, default=str) + "\n", encoding="utf-8")
    if record:
        if wanted is not None:
            raise fail("--record writes the whole ledger; verify everything, without naming claims")
        from validation.ledger import write_ledger

        out.print(f"ledger: {write_ledger(rows)}", highlight=False, soft_wrap=True)
    shown = rows if wanted is None else [row for row in rows if row["id"] in {c.id for c in wanted}]
    out.print(verdict_table(shown, everything or wanted is not None, out.width))
    out.print(counts(judged(shown)))
    changed = differences({row["id"]: row["verdict"] for row in judged(rows)}, reviewed(), wanted is None)
    if changed:
        out.print("\nVerdicts that differ from expected.toml:", style="bold red")
        for difference in changed:
            out.print(str(difference), markup=False, highlight=False)
        raise typer.Exit(1)


@app.command()
def derive(
    claim_id: Annotated[str, typer.Argument(metavar="ID")],
    latex: Annotated[bool, typer.Option("--latex", help="As LaTeX.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown.")] = False,
) -> None:
    """Print the derivation of a claim step by step, each with its rule, and check it on the way."""
    from validation.narration import narrate

    (claim,) = chosen([claim_id]) or []
    out.print(
        narrate(claim, "latex" if latex else "markdown" if markdown else "text"),
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


@app.command(name="list")
def list_claims(
    place: Annotated[str, typer.Option(help="Only this paper number, such as 'Proposition 3'.")] = "",
    verdict: Annotated[str, typer.Option(help="Only this reviewed verdict, such as refuted.")] = "",
    module: Annotated[str, typer.Option(help="Only claims of modules whose name contains this.")] = "",
) -> None:
    """List the claims: id, place in the paper, reviewed verdict, where it is in the code."""
    from rich.table import Table

    from theory.registry import registry
    from validation.expected import reviewed

    verdicts = reviewed()
    allowed = sorted({_shown_verdict(e, verdicts) for e in registry().values()})
    if verdict and verdict not in allowed:
        raise fail(f"no claim has the verdict {verdict!r}; allowed: {', '.join(allowed)}")
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "paper", "verdict", "module"):
        table.add_column(heading, no_wrap=heading == "id")
    matching = [
        e
        for e in registry().values()
        if place.lower() in e.claim.source.place.lower()
        and module in e.module
        and verdict in ("", _shown_verdict(e, verdicts))
    ]
    if not matching:
        raise fail("no claim matches these filters; `majorant list` without filters shows all")
    for e in matching:
        table.add_row(e.claim.id, e.claim.source.place, _shown_verdict(e, verdicts), e.module)
    out.print(table)


def _shown_verdict(entry: Entry, verdicts: dict[str, str]) -> str:
    return verdicts.get(entry.claim.id, entry.claim.kind.value)


@app.command()
def impact(claim_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Say what falls if this claim falls."""
    from theory.registry import registry, users

    (claim,) = chosen([claim_id]) or []
    fallen = users(claim.id)
    negated = [e.claim for e in registry().values() if e.claim.id in fallen | {claim.id} and e.claim.negates]
    if not fallen and not negated:
        out.print(f"Nothing else rests on {claim.id}.", highlight=False)
    else:
        out.print(f"With {claim.id} falls:", highlight=False)
    for entry in registry().values():
        if entry.claim.id in fallen:
            out.print(f"{entry.claim.id}  ({entry.claim.source.place})", highlight=False, markup=False)
    for other in negated:
        out.print(f"the refutation of {other.negates.claim if other.negates else ''}", highlight=False, markup=False)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="Patterns as npy, safetensors or csv.")],
    queries: Annotated[
        Path | None, typer.Option(help="Points at which to evaluate; in the file or drawn if not given.")
    ] = None,
    radius: Annotated[float | None, typer.Option(help="Radius of the balls of Assumption 3.")] = None,
    beta: Annotated[list[float] | None, typer.Option(help="Inverse temperatures; 2 if not given.")] = None,
    figure: Annotated[Path | None, typer.Option(help="Draw the gaps into this file.")] = None,
) -> None:
    """Which assumptions and bounds hold on your own patterns, and which bound is tightest."""
    from validation.patterns import check_patterns, read_patterns
    from validation.patterns_report import render_report

    if figure is not None and figure.suffix not in (".png", ".svg", ".pdf"):
        raise fail(f"cannot draw {figure.name}: allowed are .png, .svg and .pdf")
    try:
        report = check_patterns(read_patterns(file, queries), betas=tuple(beta or (2.0,)), radius=radius)
        for part in render_report(report):
            out.print(part)
        if figure is not None:
            from validation.patterns_figure import draw_check

            out.print(f"figure: {draw_check(report, figure)}", highlight=False, soft_wrap=True)
    except (ValueError, OSError, ModuleNotFoundError) as error:
        raise fail(str(error)) from None


@app.command()
def measure(
    name: Annotated[str, typer.Argument(help="What to measure: activations, plateau.")],
    preset: Annotated[str, typer.Option(help="quick, small or paper.")] = "quick",
    seed: Annotated[int, typer.Option(help="The first seed; a measurement with several takes the next ones too.")] = 0,
    device: Annotated[str, typer.Option(help="A torch device, such as cpu or cuda.")] = "cpu",
    folder: Annotated[Path | None, typer.Option("--out", help="Where record and patterns go.")] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace what the folder holds.")] = False,
) -> None:
    """Train the project's own small Transformers: on sources of known entropy, or to collect what they hold."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from validation.experiments.measurements import MEASUREMENTS

    if name not in MEASUREMENTS:
        raise fail(f"cannot measure {name!r}; allowed: {', '.join(MEASUREMENTS)}")
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err.console, transient=True
    )
    try:
        with bar:
            task = bar.add_task(name, total=1.0)
            told = MEASUREMENTS[name](
                preset,
                folder,
                seed,
                device,
                lambda phase, done: bar.update(task, completed=done, description=phase),
                overwrite,
            )
    except (ValueError, OSError, ModuleNotFoundError, FloatingPointError) as error:
        raise fail(str(error)) from None
    out.print("\n".join(told), highlight=False, soft_wrap=True, markup=False)


@app.command()
def docs(
    folder: Annotated[Path, typer.Option("--out", help="Where the site goes.")] = Path("majorant-out/docs"),
    rows_file: Annotated[Path | None, typer.Option("--from", help="Verdicts written by `verify --json`.")] = None,
) -> None:
    """Render the derivations and verdicts as a plain site that needs no network."""
    from docs.build import build_docs
    from theory.registry import claims

    rows: list[dict[str, Any]]
    if rows_file is None:
        from validation.report import as_rows
        from validation.trial import run_trial

        rows = json.loads(json.dumps(as_rows(run_trial()), default=str))
    else:
        try:
            rows = json.loads(rows_file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            message = f"cannot read verdicts from {rows_file}: {error}; write them with `majorant verify --json FILE`"
            raise fail(message) from None
    out.print(f"site: {build_docs(folder, rows, claims())}", highlight=False, soft_wrap=True)


@app.command()
def plot(
    name: Annotated[str, typer.Argument(help=f"The figure: {', '.join(FIGURES)}.")],
    folder: Annotated[Path, typer.Option("--out", help="Where the figure goes.")] = Path("majorant-out/figures"),
) -> None:
    """Draw a figure of the project."""
    if name not in FIGURES:
        raise fail(f"no figure is called {name!r}; allowed: {', '.join(FIGURES)}")
    try:
        files = draw(name, folder)
    except (ModuleNotFoundError, OSError) as error:
        raise fail(str(error)) from None
    for file in files:
        out.print(f"figure: {file}", highlight=False, soft_wrap=True)


def main() -> None:
    """Entry point; a reader that stops early is no error."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
