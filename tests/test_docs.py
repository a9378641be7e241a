"""The site from toy rows, MathML for every claim there is, and the figure."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.dom import minidom

import numpy as np
import pytest
import sympy as sp

from docs.build import build_docs
from docs.figures import landscapes as figures
from docs.mathml import domain_to_mathml, show, to_mathml
from theory.atoms import LSE, IndexMin, Quotient
from theory.claim import Claim, Source, Step
from theory.domain import Condition, Domain, Family, Range, Relation, size
from theory.energies.layer import energy
from theory.notation import beta, i, k, n, rho_t, sizes, u, v, weight, x
from theory.registry import entries_of, modules
from theory.rules import Assume

VOID = {"meta", "link", "br", "mspace"}
EVERY_CLAIM = {e.claim.id: e.claim for module in modules() for e in entries_of(module)}


class Page(HTMLParser):
    """Ids, links and headings of a page; fails on tags that do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.outside: list[str] = []
        self.levels: list[int] = []
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.add(tag)
        self.ids += [named["id"] or ""] if "id" in named else []
        self.links += [named["href"] or ""] if tag == "a" else []
        self.outside += [value or "" for key, value in attrs if key in ("src", "href")]
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


CLAIM = Claim(
    "toy.low.floor", u, Relation.LE, v, Domain.of(Range(u), Range(v), Condition(u, Relation.LE, v)), Source("Lemma 9"),
    steps=(Step(Relation.LE, v, Assume(0), "as <assumed>"),), exists=Domain.of(size(n)),
)  # fmt: skip


def row(claim_id: str, **more: Any) -> dict[str, Any]:
    known = {
        "id": claim_id, "kind": "statement", "version": "v2", "place": "Lemma 9", "reading": "", "statement": "u <= v",
        "latex": r"u \le v", "verdict": "proved", "conditions": [], "axioms": [], "amends": [], "amended_by": [],
        "uses": [], "evidence": [], "module": "theory.toy", "title": "", "steps": [],
        "domain": "u in (-oo, oo); u <= v",
    }  # fmt: skip
    return known | more


ROWS = [
    row(
        "toy.low.floor",
        title="low & <b>high</b>",
        uses=["toy.other.floor", "nowhere.to.be.found"],
        conditions=["conditional on toy.other.floor"],
        axioms=["polar <coordinates>"],
        steps=[{"relation": "<=", "latex": "v", "expr": "v", "rule": "Assume", "note": "as <assumed>"}],
    ),
    row(
        "toy.printed.floor",
        verdict="refuted",
        amended_by=["toy.other.floor"],
        reading="<script>alert(1)</script>",
        evidence=[
            {"method": "refutation", "outcome": "fails", "domain": "u < 3", "margin": "-0.5", "witness": "u = 1 & 2",
             "seconds": 0.125},
            {"method": "enclosure", "outcome": "undecided", "domain": "", "reason": "the time was over"},
        ],
    ),
    row("toy.other.floor", module="theory.deep.other", amends="toy.printed.floor", verdict="supported"),
    row("toy.defined", verdict="definition", latex="a < b", steps=[{"relation": "=", "latex": "<c>"}]),
]  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> dict[str, Page]:
    index = build_docs(tmp_path / "site", ROWS, [CLAIM])
    assert index == tmp_path / "site" / "index.html"
    return {path.name: Page(path.read_text(encoding="utf-8")) for path in index.parent.glob("*.html")}


def test_pages(site: dict[str, Page]) -> None:
    assert set(site) == {"index.html", "theory.toy.html", "theory.deep.other.html"}


def test_every_claim_is_on_its_page_and_in_the_table(site: dict[str, Page]) -> None:
    for entry in ROWS:
        page = f"{entry['module']}.html"
        assert entry["id"] in site[page].ids
        assert f"{page}#{entry['id']}" in site["index.html"].links


def test_links_resolve(site: dict[str, Page]) -> None:
    for name, page in site.items():
        assert len(page.ids) == len(set(page.ids))
        for link in page.links:
            target, _, anchor = link.partition("#")
            assert (target or name) in site
            assert not anchor or anchor in site[target or name].ids


def test_nothing_comes_from_elsewhere(site: dict[str, Page]) -> None:
    for page in site.values():
        assert not any(re.match(r"[a-z]+:|//", link) for link in page.outside)
        assert not page.tags & {"script", "img", "iframe", "object"}


def test_text_is_escaped(site: dict[str, Page]) -> None:
    toy = site["theory.toy.html"]
    for text in ("<script>alert(1)</script>", "<b>high</b>", "as <assumed>", "polar <coordinates>", "u = 1 & 2", "<c>"):
        assert text in toy.text
    assert "b" not in toy.tags


def test_headings_are_in_order(site: dict[str, Page]) -> None:
    for page in site.values():
        assert page.levels[0] == 1
        assert page.levels.count(1) == 1
        assert all(later <= earlier + 1 for earlier, later in zip(page.levels, page.levels[1:], strict=False))


def test_links_run_both_ways(site: dict[str, Page]) -> None:
    toy, other = site["theory.toy.html"], site["theory.deep.other.html"]
    assert "theory.toy.html#toy.low.floor" in other.links  # used by
    assert "theory.toy.html#toy.printed.floor" in other.links  # amends
    assert toy.links.count("theory.deep.other.html#toy.other.floor") == 2  # uses, amended by
    assert "nowhere.to.be.found" in toy.text


def test_evidence_and_derivation_are_shown(site: dict[str, Page]) -> None:
    toy = site["theory.toy.html"].text
    for text in ("refutation", "fails", "u < 3", "-0.5", "0.12", "the time was over", "Assume", "There are", "Lemma 9"):
        assert text in toy
    assert "Refuted as stated" in site["index.html"].text


def test_rows_without_a_claim_show_latex(site: dict[str, Page]) -> None:
    assert "a < b" in site["theory.toy.html"].text
    assert "math" not in site["theory.deep.other.html"].tags
    assert "math" in site["theory.toy.html"].tags


def test_no_refutations_no_section(tmp_path: Path) -> None:
    assert "Refuted as stated" not in build_docs(tmp_path, ROWS[:1]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("rows", "said"),
    [([{"id": "a"}], "needs an id and a module"), ([{"module": "a"}], "needs an id"), (ROWS + ROWS[:1], "two rows")],
)
def test_rows_that_are_refused(tmp_path: Path, rows: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build_docs(tmp_path, rows)


# MathML


@pytest.mark.parametrize("claim", EVERY_CLAIM.values(), ids=EVERY_CLAIM.keys())
def test_every_claim_has_mathml(claim: Claim) -> None:
    shown = [to_mathml(expr) for expr in (claim.lhs, claim.rhs, *(step.expr for step in claim.steps))]
    lines = [f"<p>{line}</p>" for line in domain_to_mathml(claim.domain)]
    for text in shown + lines:
        minidom.parseString(text)
    fallbacks = re.findall("<mtext>(.*?)</mtext>", "".join(shown))
    assert all(re.fullmatch(r"\w+", word) for word in fallbacks)  # subscripts alone


def plain(expr: sp.Basic) -> str:
    spaced = re.sub(r"<mfrac>(.*?)</mfrac>", r"{\1}", show(expr))
    return re.sub(r"<[^>]*>|&#x2062;", "", spaced)


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (u - v, "u−v"),
        (-u + v, "v−u"),
        (u * (v + 1), "u(v+1)"),
        (-(u + 1) * v, "v(−u−1)"),
        ((u + 1) ** 2, "(u+1)2"),
        (sp.Pow(-2, u, evaluate=False), "(−2)u"),
        (sp.exp(u) ** 2, "e2u"),
        (sp.log(u) * v, "vlog(u)"),
        (sp.Sum(x[k] + 1, (k, 1, n)), "∑k=1n(xk+1)"),
        (sp.Sum(x[k], (k, 1, n)) * sp.Sum(x[i], (i, 1, n)), "(∑i=1nxi)∑k=1nxk"),
        (LSE(beta * x[i], (i, 1, n)), "LSE1≤i≤n(βxi)"),
        (IndexMin(x[i], (i, 2, n)), "min2≤i≤n(xi)"),
        (weight * u, "uλ"),
        (sp.Abs(u - v), "|u−v|"),
        (sp.lowergamma(u, v), "γ(u,v)"),
        (sp.oo, "∞"),
        (sp.pi, "π"),
        (sp.Symbol("E_MCHN"), "EMCHN"),
        (rho_t[i, k, n], "ρi,k,n"),
        (x[k] ** 2, "xk2"),
        (sp.exp(-sp.Sum(x[k], (k, 1, n))), "exp(−∑k=1nxk)"),
        (sp.Integer(-3), "−3"),
        (sp.sin(u), "sin(u)"),
    ],
)
def test_expressions_read_right(expr: sp.Basic, text: str) -> None:
    assert plain(expr) == text


def test_fractions() -> None:
    assert show(sp.Rational(2, 3)) == "<mfrac><mn>2</mn><mn>3</mn></mfrac>"
    for expr in (2 * u / (3 * v), Quotient(2 * u, 3 * v)):
        assert [
            len(part.childNodes) for part in minidom.parseString(to_mathml(expr)).getElementsByTagName("mfrac")
        ] == [2]
    assert "<mn>1</mn>" in show(1 / u)
    assert show(sp.sqrt(u)) == "<msqrt><mi>u</mi></msqrt>"


def test_what_has_no_rule_is_escaped_text() -> None:
    assert show(sp.StrictLessThan(u, v)) == "<mtext>u &lt; v</mtext>"


def test_domains() -> None:
    domain = Domain.of(size(n), Range(weight, 0, 1, open_lower=True), Family(sizes, (n,), lower=sp.Integer(1)))
    lines = [re.sub(r"<[^>]*>", "", line) for line in domain_to_mathml(domain)]
    assert lines == ["n∈ℤ∩[1,∞)", "λ∈(0,1] (w)", "d: n integers, entries at least 1 (d_t)"]


# The figure


def test_landscapes_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "STEPS", 24)
    (path,) = figures.draw(tmp_path / "images")
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path.stat().st_size < 300_000


def test_evaluation_is_that_of_the_energy() -> None:
    point = np.array([[0.1, -0.4]])
    squares = ((point - figures.PLANE) ** 2).sum(axis=1)
    found = figures.evaluate(energy(x), figures.PLANE, point)
    assert found == pytest.approx([-np.log(np.exp(-squares).sum())], rel=1e-13)


def test_lowest_points() -> None:
    across = np.arange(7.0)
    heights = (across[:, None] - 2) ** 2 + (across[None, :] - 4) ** 2
    assert figures.lowest_points(heights) == [(2, 4)]
    assert figures.lowest_points(np.tile(across, (7, 1))) == []
