"""The site: every claim with its verdict, its derivation and its evidence, as plain HTML that needs no network.

It renders the rows of ``majorant verify --json`` and computes nothing; the formulas are those of the claims.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from docs.mathml import RELATIONS, domain_to_mathml, relation_to_mathml, to_mathml
from theory.claim import Claim

TEMPLATES = Path(__file__).parent / "templates"
TONES = {
    "proved": "good", "reproduced": "good", "enclosed": "good", "supported": "open", "undecided": "open",
    "refuted": "bad", "not_reproduced": "bad", "not reproduced": "bad",
}  # fmt: skip
SIGNS = {html.escape(relation.value): sign for relation, sign in RELATIONS.items()}
Row = Mapping[str, Any]


def build_docs(out: str | Path, rows: Sequence[Row], claims: Iterable[Claim] = ()) -> Path:
    """Writes the site into the folder ``out`` and gives back the path of its index.

    A row has the keys id, kind, work, version, place, reading, statement, latex, verdict, conditions, axioms, amends,
    amended_by, uses, evidence, module, title, domain, exists, forall and steps.  A row without its claim shows
    LaTeX for formulas.

    Raises:
        ValueError: a row without id or module, or two rows with one id.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    site = Site(rows, {claim.id: claim for claim in claims})
    for module in site.modules:
        (folder / site.page_of(module)).write_text(site.module_page(module), encoding="utf-8")
    index = folder / "index.html"
    index.write_text(site.index_page(), encoding="utf-8")
    (folder / "style.css").write_text(_read("style.css"), encoding="utf-8")
    return index


class Site:
    """Rows in the order given, grouped by module, with their links in both directions."""

    def __init__(self, rows: Sequence[Row], claims: Mapping[str, Claim]) -> None:
        for row in rows:
            if not row.get("id") or not row.get("module"):
                raise ValueError(f"a row needs an id and a module, received {dict(row)!r:.200}")
        ids = Counter(str(row["id"]) for row in rows)
        twice = [claim_id for claim_id, count in ids.items() if count > 1]
        if twice:
            raise ValueError(f"two rows have the id {twice[0]!r}: give every claim once")
        self.rows = {str(row["id"]): row for row in rows}
        self.claims = claims
        self.modules: dict[str, list[Row]] = {}
        self.users: dict[str, list[str]] = {}
        for row in rows:
            self.modules.setdefault(str(row["module"]), []).append(row)
            for used in _list(row.get("uses")):
                self.users.setdefault(used, []).append(str(row["id"]))

    def page_of(self, module: str) -> str:
        """The file name of a module's page."""
        return f"{module}.html"

    def link(self, claim_id: str) -> str:
        """A link to a claim, or its bare id where this site does not have it."""
        code = f"<code>{html.escape(claim_id)}</code>"
        if claim_id not in self.rows:
            return code
        page = self.page_of(str(self.rows[claim_id]["module"]))
        return f'<a href="{html.escape(page)}#{html.escape(claim_id)}">{code}</a>'

    def index_page(self) -> str:
        """The page with the table of verdicts."""
        counts = Counter(_verdict(row) for row in self.rows.values())
        refuted = [row for row in self.rows.values() if _tone(_verdict(row)) == "bad"]
        content = _fill(
            "index.html",
            counts=_items(f"{count} {badge(verdict)}" for verdict, count in counts.most_common()),
            refuted=_fill("refuted.html", items=_items(map(self._refuted_item, refuted))) if refuted else "",
            rows="\n".join(map(self._index_row, self.rows.values())),
        )
        return self._page("Majorant: the verdicts", content, "")

    def module_page(self, module: str) -> str:
        """The page with the claims of one module."""
        rows = self.modules[module]
        content = _fill(
            "module.html",
            module=html.escape(module),
            contents=_items(
                f'<a href="#{html.escape(str(row["id"]))}">{_heading(row)}</a> {badge(_verdict(row))}' for row in rows
            ),
            claims="\n".join(map(self._claim, rows)),
        )
        return self._page(f"Majorant: {module}", content, module)

    def _page(self, title: str, content: str, current: str) -> str:
        entries = [("", "index.html", "Verdicts")]
        entries += [(module, self.page_of(module), module.removeprefix("theory.")) for module in self.modules]
        here = ' aria-current="page"'
        links = _items(
            f'<a href="{html.escape(page)}"{here if module == current else ""}>{html.escape(name)}</a>'
            for module, page, name in entries
        )
        return _fill("page.html", title=html.escape(title), navigation=f"<ul>{links}</ul>", content=content)

    def _refuted_item(self, row: Row) -> str:
        repairs = ", ".join(map(self.link, _list(row.get("amended_by"))))
        return f"{_source(row)}: {self.link(str(row['id']))}" + (f", amended by {repairs}" if repairs else "")

    def _index_row(self, row: Row) -> str:
        title = f"<br>{_heading(row)}" if row.get("title") else ""
        claim = f"<td>{self.link(str(row['id']))}{title}</td>"
        return f"<tr><td>{_source(row)}</td>{claim}<td>{badge(_verdict(row))}</td></tr>"

    def _claim(self, row: Row) -> str:
        claim_id = str(row["id"])
        claim = self.claims.get(claim_id)
        latex = html.escape(str(row.get("latex", "")))
        return _fill(
            "claim.html",
            id=html.escape(claim_id),
            heading=_heading(row),
            badge=badge(_verdict(row)),
            quantifier=_quantifier(row, claim),
            formula=relation_to_mathml(claim.lhs, claim.relation, claim.rhs) if claim else f"<code>{latex}</code>",
            statement=html.escape(str(row.get("statement", ""))),
            latex=latex,
            facts="\n".join(self._facts(row)),
            derivation=self._derivation(row, claim),
            evidence=self._evidence(row),
        )

    def _facts(self, row: Row) -> Iterable[str]:
        yield _fact("Source", ", ".join(filter(None, (_source(row), _text(row.get("work"))))))
        for name, key in (("Kind", "kind"), ("Reading", "reading")):
            if row.get(key):
                yield _fact(name, html.escape(str(row[key])))
        claim = self.claims.get(str(row["id"]))
        written = [html.escape(part) for part in str(row.get("domain") or "").split("; ") if part]
        domain = domain_to_mathml(claim.domain) if claim else written
        if domain:
            yield _fact("For all", "<br>".join(domain))
        for name, key in (("Conditions", "conditions"), ("Rests on axioms", "axioms")):
            if _list(row.get(key)):
                yield _fact(name, "<br>".join(map(html.escape, _list(row[key]))))
        used_by = self.users.get(str(row["id"]), [])
        for name, ids in (
            ("Amends", _list(row.get("amends"))), ("Amended by", _list(row.get("amended_by"))),
            ("Uses", _list(row.get("uses"))), ("Used by", used_by),
        ):  # fmt: skip
            if ids:
                yield _fact(name, ", ".join(map(self.link, ids)))

    def _derivation(self, row: Row, claim: Claim | None) -> str:
        steps: Sequence[Row] = row.get("steps") or ()
        if not steps:
            return ""
        matched = claim is not None and len(claim.steps) == len(steps)
        start = to_mathml(claim.lhs) if claim is not None and matched else ""
        lines = [f"<tr><td></td><td>{start}</td><td></td><td></td></tr>"] if start else []
        for place, step in enumerate(steps):
            shown = f"<code>{html.escape(str(step.get('latex') or step.get('expr') or ''))}</code>"
            if claim is not None and matched:
                shown = to_mathml(claim.steps[place].expr)
            relation, rule, note = (html.escape(str(step.get(key, ""))) for key in ("relation", "rule", "note"))
            lines.append(
                f"<tr><td>{SIGNS.get(relation, relation)}</td><td>{shown}</td>"
                f'<td class="rule"><code>{rule}</code></td>'
                f'<td class="wide">{note}</td></tr>'
            )
        return _fill("derivation.html", steps="\n".join(lines))

    def _evidence(self, row: Row) -> str:
        lines = []
        for found in row.get("evidence") or ():
            method, margin, witness = (_text(found.get(key)) for key in ("method", "margin", "witness"))
            domain = _text(found.get("domain") or found.get("reason"))
            seconds = found.get("seconds")
            spent = f"{seconds:.2f}" if isinstance(seconds, (int, float)) else _text(seconds)
            outcome = str(found.get("outcome", ""))
            tone = {"holds": "good", "fails": "bad"}.get(outcome, "open")
            lines.append(
                f'<tr><td>{method}</td><td>{_badge(outcome, tone)}</td><td class="wide">{domain}</td>'
                f'<td>{margin}</td><td class="wide">{witness}</td><td class="number">{spent}</td></tr>'
            )
        return _fill("evidence.html", rows="\n".join(lines)) if lines else ""


def _quantifier(row: Row, claim: Claim | None) -> str:
    """The blocks of variables between the domain and the formula."""
    if claim is None:
        exists, forall = (html.escape(str(row.get(key) or "")) for key in ("exists", "forall"))
    else:
        exists, forall = (", ".join(domain_to_mathml(block)) for block in (claim.exists, claim.forall))
    if not exists:
        return ""
    return f"<p>There are {exists} such that for all {forall}</p>" if forall else f"<p>There are {exists} with</p>"


def badge(verdict: str) -> str:
    """A verdict in its colour; the word and the border carry it without the colour."""
    return _badge(verdict, _tone(verdict))


def _tone(verdict: str) -> str:
    """The tone of the longest verdict that this one starts with: ``enclosed(n <= 8)`` is that of ``enclosed``."""
    known = [name for name in TONES if verdict.lower().startswith(name)]
    return TONES[max(known, key=len)] if known else "plain"


def _badge(text: str, tone: str) -> str:
    return f'<span class="badge {tone}">{html.escape(text)}</span>'


def _verdict(row: Row) -> str:
    return str(row.get("verdict") or "no verdict")


def _heading(row: Row) -> str:
    title = str(row.get("title") or row["id"])
    return html.escape(title[:1].upper() + title[1:] if row.get("title") else title)


def _source(row: Row) -> str:
    parts = [str(row[key]) for key in ("version", "place") if row.get(key)]
    return html.escape(", ".join(parts))


def _fact(name: str, value: str) -> str:
    return f"<dt>{name}</dt><dd>{value}</dd>"


def _items(items: Iterable[str]) -> str:
    return "\n".join(f"<li>{item}</li>" for item in items)


def _text(value: Any) -> str:
    return "" if value is None else html.escape(str(value))


def _list(value: Any) -> list[str]:
    """One string, several or nothing, as a list."""
    if not value:
        return []
    return [value] if isinstance(value, str) else [str(part) for part in value]


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _fill(name: str, **values: str) -> str:
    """A template with its places filled; every value is HTML already, escaped where it was text."""
    return Template(_read(name)).substitute(values)
