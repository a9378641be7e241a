"""The generated parts of the README, and the page with every verdict.

The README shows one row for each place of the paper; ``docs/verdicts.md`` shows every claim with its evidence.  Both
take their verdicts from the ledger and from nowhere else.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from docs.places import ROWS, Place, row_of
from theory.claim import Claim, Kind
from theory.registry import registry
from validation.ledger import read_ledger
from validation.report import is_printed_statement, proving, told_apart

README = Path(__file__).parent.parent / "README.md"
VERDICTS = Path(__file__).parent / "verdicts.md"
PARTS_SHOWN, REPAIRS_SHOWN = 3, 2
Row = Mapping[str, Any]
Rows = Mapping[str, Row]


def _claims(place: Place, rows: Rows) -> list[Claim]:
    """The judged claims of a row that the ledger knows, in the order of the registry."""
    judged = (e.claim for e in registry().values() if e.claim.kind not in (Kind.DEFINITION, Kind.ASSUMPTION))
    return [claim for claim in judged if claim.id in rows and row_of(claim.source.place) is place]


# The table of the README


def _tally(verdicts: Sequence[str]) -> str:
    """``proved`` where all agree, else how many of each; refutations in bold."""
    counts = dict(sorted(Counter(verdicts).items(), key=lambda item: (item[0] != "proved", item[0])))
    parts = [v if len(counts) == 1 else f"{number} {v}" for v, number in counts.items()]
    return ", ".join(f"**{part}**" if part.endswith(("refuted", "not reproduced")) else part for part in parts)


def _parts(place: Place, claims: Sequence[Claim], rows: Rows) -> str:
    """The verdicts of the printed statements, by part of the place where there are few parts."""
    groups: dict[str, list[str]] = {}
    for claim in claims:
        name = re.sub(rf"^({'|'.join(map(re.escape, place.places or (place.heading,)))}),? ?", "", claim.source.place)
        groups.setdefault(name or claim.source.place, []).append(rows[claim.id]["verdict"])
    everything = [verdict for verdicts in groups.values() for verdict in verdicts]
    if len(set(everything)) == 1 or not 1 < len(groups) <= PARTS_SHOWN:
        return _tally(everything)
    return "; ".join(f"{name}: {_tally(verdicts)}" for name, verdicts in groups.items())


def _as_printed(place: Place, claims: Sequence[Claim], rows: Rows) -> str:
    by_version = {
        version: _parts(place, found, rows)
        for version, first in (("", False), ("v1", True))
        if (found := [claim for claim in claims if (claim.source.version == "v1") is first])
    }
    if len(set(by_version.values())) == 1:
        return next(iter(by_version.values()))
    return "; ".join(f"{version}: {text}" if version else text for version, text in by_version.items())


def _instead(place: Place, claims: Sequence[Claim], rows: Rows) -> str:
    """What is proved in place of what is refuted, in the words of the row or by the titles of the amendments."""
    if all(rows[claim.id]["verdict"] == "proved" for claim in claims):
        return ""
    told = [(text, ids.split()) for text, ids in place.instead]
    known = [(text, ids) for text, ids in told if all(claim_id in rows for claim_id in ids)]
    if not known:
        refuted = {claim.id for claim in claims if rows[claim.id]["verdict"] == "refuted"}
        amending = [e.claim for e in registry().values() if refuted & {*e.claim.amends} and e.claim.id in rows]
        titles = list(dict.fromkeys(claim.title for claim in amending))
        known = [(title, [c.id for c in amending if c.title == title]) for title in titles[:REPAIRS_SHOWN]]
        known += [(f"and {len(titles) - REPAIRS_SHOWN} more", [])] if len(titles) > REPAIRS_SHOWN else []
    return "; ".join(text + _unless_proved([rows[claim_id]["verdict"] for claim_id in ids]) for text, ids in known)


def _unless_proved(verdicts: Sequence[str]) -> str:
    other = [verdict for verdict in verdicts if verdict != "proved"]
    return f" (**{', '.join(other)}**)" if other else ""


def slug(heading: str) -> str:
    """The anchor of a heading in rendered Markdown."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def verdict_table(rows: Sequence[Row]) -> str:
    """The verdicts as Markdown, one row for each place of the paper, from recorded rows."""
    by_id = {row["id"]: row for row in rows}
    lines = ["| paper | what it says | as printed | what stands instead |", "| --- | --- | --- | --- |"]
    for place in ROWS:
        printed = [claim for claim in _claims(place, by_id) if is_printed_statement(claim)]
        if printed:
            heading = f"[{place.heading}](docs/verdicts.md#{slug(place.heading)})"
            cells = (heading, place.says, _as_printed(place, printed, by_id), _instead(place, printed, by_id))
            lines.append(_line(cells))
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


# The page of all verdicts


def _because(row: Row) -> str:
    """What a verdict rests on, in a few words."""
    if row["verdict"] == "proved":
        return proving(row)
    failing = [e for e in row["evidence"] if e["outcome"] == "fails"]
    witnessed = [e for e in failing if e["witness"]] or failing
    if witnessed:
        return f"`{witnessed[0]['witness']}`" if witnessed[0]["witness"] else str(witnessed[0]["reason"])
    return "; ".join(filter(None, (*row["conditions"], *(f"{e['method']}: {e['outcome']}" for e in row["evidence"]))))


def _role(claim: Claim) -> str:
    if claim.amends:
        return "amends " + ", ".join(f"`{other}`" for other in claim.amends)
    if claim.negates:
        return f"denies `{claim.negates.claim}`"
    if claim.about:
        return f"about `{claim.about}`"
    place = claim.source.place + (" (v1)" if claim.source.version == "v1" else "")
    return place if is_printed_statement(claim) else "lemma" if claim.source.place == "lemma" else "beyond the paper"


def _sections(rows: Rows) -> Iterator[str]:
    for place in ROWS:
        claims = _claims(place, rows)
        if claims:
            yield f"## {place.heading}\n\n{place.says}\n"
            yield "| claim | what it is | verdict | because |\n| --- | --- | --- | --- |"
            for claim in claims:
                verdict = rows[claim.id]["verdict"]
                shown = f"**{verdict}**" if verdict == "refuted" else verdict
                yield _line((f"{told_apart(claim)}<br>`{claim.id}`", _role(claim), shown, _because(rows[claim.id])))
            yield ""


def verdicts_page(rows: Sequence[Row]) -> str:
    """Every judged claim with its verdict and what that rests on, as Markdown, from recorded rows."""
    counts = Counter(row["verdict"] for row in rows if row["verdict"] not in ("definition", "assumption"))
    total = ", ".join(f"{number} {verdict}" for verdict, number in counts.most_common())
    head = (
        "# Every verdict\n\n"
        "Written by `python -m docs.readme` from the recorded ledger; `majorant verify` recomputes it.  A statement\n"
        "of the paper stands here as it is printed; what amends it has a row of its own.\n\n"
        f"{total[:1].upper()}{total[1:]}.\n"
    )
    return "\n".join([head, *_sections({row["id"]: row for row in rows})])


# The table from paper number to claim id


def place_table() -> str:
    """From paper number to claim ids and the module that defines them, as Markdown."""
    lines = ["| paper | claims | module |", "| --- | --- | --- |"]
    groups: dict[tuple[str, str], list[str]] = {}
    for claim_id, entry in registry().items():
        place = entry.claim.source.place.split(",")[0]
        groups.setdefault((place, entry.module), []).append(claim_id)
    for (place, module), ids in groups.items():
        path = module.replace(".", "/") + ".py"
        lines.append(f"| {place} | {', '.join(f'`{claim_id}`' for claim_id in ids)} | [{path}]({path}) |")
    return "\n".join(lines)


def renewed(text: str, rows: Sequence[Row]) -> str:
    """The README with its generated parts renewed."""
    for name, part in (("verdicts", verdict_table(rows)), ("places", place_table())):
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end {name} -->)", re.DOTALL)
        found = pattern.search(text)
        if not found:
            raise ValueError(f"README.md has no block <!-- {name} --> ... <!-- end {name} -->")
        text = text[: found.end(1)] + part + text[found.start(2) :]
    return text


if __name__ == "__main__":
    recorded = read_ledger()
    README.write_text(renewed(README.read_text(encoding="utf-8"), recorded), encoding="utf-8")
    VERDICTS.write_text(verdicts_page(recorded), encoding="utf-8")
    sys.stdout.write(f"renewed {README.name} and {VERDICTS.name}\n")
