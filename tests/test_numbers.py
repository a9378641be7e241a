"""Claims about numbers: one point, no variables; their proofs, their refutations and what is no proof."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from scipy.optimize import linprog

from docs.build import build_docs
from theory.atoms import Quotient
from theory.claim import Claim, Kind, Relation, Source
from theory.domain import Condition, Domain, Family, Range
from theory.notation import irreducible, l, loss, n, parameters, tokens, u, width, x
from theory.registry import claims, registry
from theory.reported import data_sizes, losses
from validation.evidence import Evidence, Outcome
from validation.methods.enclosure import enclose
from validation.methods.refutation import refute
from validation.methods.sampling import sample
from validation.mutants import mutations
from validation.report import as_rows, strongest, verdict_table
from validation.trial import run_trial
from validation.verdict import Ledger, Status, verdict

LE, LT, GE, EQ = Relation.LE, Relation.LT, Relation.GE, Relation.EQ
HOLDS, FAILS, UNDECIDED = Outcome.HOLDS, Outcome.FAILS, Outcome.UNDECIDED
NUMBERS = [claim for claim in claims() if claim.kind is Kind.NUMBER and not claim.domain.given]


def number(lhs: Any, relation: Relation, rhs: Any, domain: Domain | None = None) -> Claim:
    return Claim("toy.number.value", lhs, relation, rhs, domain or Domain(), Source("Table 2"), kind=Kind.NUMBER)


def status(claim: Claim, *evidence: Evidence) -> Status:
    return verdict(claim, Ledger({claim.id: claim}, evidence)).status


at_24 = Domain.of(Range(l, 24, 24), Range(width, 1024, 1024))


@pytest.mark.parametrize(
    "claim",
    [
        number(sp.Integer(1), LT, sp.Rational(5, 2)),
        number(sp.Rational(1, 3), EQ, sp.Rational(2, 6)),
        number(sp.log(2), LT, sp.Rational(7, 10)),
        number(sp.sqrt(2) ** sp.sqrt(2), GE, sp.Rational(1632, 1000)),
        number(3 * l * width**2, EQ, sp.Integer(75_497_472), at_24),
        number(sp.exp(u), LE, sp.Rational(2719, 1000), Domain.of(Range(u, 1, 1))),
    ],
    ids=str,
)
def test_what_holds_at_the_only_point_is_proved(claim: Claim) -> None:
    found = enclose(claim)
    assert found.outcome is HOLDS
    assert found.whole_domain
    assert refute(claim, budget_seconds=0.5).outcome is UNDECIDED
    assert sample(claim).covered.startswith("1 point of")
    assert status(claim, found) is Status.PROVED


@pytest.mark.parametrize(
    ("claim", "gap"),
    [
        (number(sp.Integer(1), LT, sp.Integer(1)), "gap 0 (exact)"),
        (number(sp.Rational(1, 3), EQ, sp.Rational(333, 1000)), "gap -1/3000 (exact)"),
        (number(sp.log(2), LE, sp.Rational(69, 100)), "gap [-0.003147"),
        (number(3 * l * width**2, EQ, sp.Integer(75_497_473), at_24), "l = 24, d_emb = 1024: gap 1 (exact)"),
        (number(sp.log(u), LT, 0, Domain.of(Range(u, 1, 1))), "u = 1: gap 0 (exact)"),
    ],
    ids=str,
)
def test_what_fails_at_the_only_point_is_refuted(claim: Claim, gap: str) -> None:
    for method in (enclose, refute, sample):
        assert method(claim).outcome is FAILS
    found = refute(claim)
    assert str(found.witness).startswith(gap)
    assert status(claim, found) is Status.REFUTED


@pytest.mark.parametrize(
    "domain",
    [
        Domain.of(Range(l, 1, 2)),
        Domain.of(Range(l, 1)),
        Domain.of(Range(u, 0, 1, open_upper=True)),
        Domain.of(Range(u, 1, 1), Condition(u, LE, 1)),
        Domain.of(Family(x, (1,))),
    ],
    ids=str,
)
def test_more_than_one_point_is_never_a_whole_domain(domain: Domain) -> None:
    found = enclose(number(sp.Integer(0), LT, 1 + 0 * u, domain))
    assert not found.whole_domain


@pytest.mark.parametrize(
    "domain",
    [
        Domain.of(Range(u, 1, 1, open_upper=True)),
        Domain.of(Range(u, 2, 1)),
        Domain.of(Range(n, 2, 1)),
        Domain.of(Range(n, 1, 1, open_lower=True)),
        Domain.of(Range(n, sp.Rational(1, 2), sp.Rational(1, 2))),
    ],
    ids=str,
)
def test_a_domain_without_points_proves_nothing_and_refutes_nothing(domain: Domain) -> None:
    for claim in (number(sp.Integer(1), LT, 0, domain), number(sp.Integer(0), LT, 1, domain)):
        assert not enclose(claim).whole_domain
        assert {enclose(claim).outcome, refute(claim, budget_seconds=0.2).outcome} == {UNDECIDED}


def test_an_undefined_side_is_neither_proved_nor_refuted() -> None:
    for lhs in (sp.log(u), 1 / u, u**u):
        claim = number(lhs, EQ, lhs + u, Domain.of(Range(u, 0, 0)))
        assert {enclose(claim).outcome, refute(claim, budget_seconds=0.2).outcome} == {UNDECIDED}


def signed_gap(claim: Claim) -> sp.Expr:
    """The gap at the only point by SymPy's own arithmetic: exact where rational, else to 40 digits."""
    written = claim.gap.replace(lambda e: isinstance(e, Quotient), lambda e: e.args[0] / e.args[1])
    gap = written.subs({r.symbol: r.lower for r in claim.domain.ranges})
    return gap if gap.is_Rational else gap.evalf(40)


def neighbours(claim: Claim) -> Iterator[Claim]:
    """The claim with another relation, scaled or shifted: by a tenth, and to either side of where it turns."""
    for name, made in mutations(claim).items():
        if name in ("flip", "strict", "tighten") or name.startswith(("lhs_", "rhs_")):
            yield made.claim
    gap = sp.Rational(str(signed_gap(claim)))
    for part in (-1, 1):
        nearly = gap * (1 + part * sp.Rational(1, 10**9)) if gap else part * sp.Rational(1, 10**9)
        yield replace(claim, id=f"{claim.id}~shifted", rhs=claim.rhs - nearly)


def holds(claim: Claim) -> bool:
    gap = signed_gap(claim)
    return bool(gap == 0 if claim.relation is EQ else gap > 0 if claim.relation.strict else gap >= 0)


@pytest.mark.parametrize("claim", NUMBERS, ids=[claim.id for claim in NUMBERS])
def test_every_number_has_false_neighbours_and_each_gets_its_own_verdict(claim: Claim) -> None:
    false = 0
    for neighbour in neighbours(claim):
        true = holds(neighbour)
        found = enclose(neighbour, budget_seconds=0.5)
        assert found.outcome is (HOLDS if true else FAILS), neighbour.id
        assert found.whole_domain == true
        false += not true
    assert false >= 3


# The tables once more, in plain floats


def test_the_rows_of_table_2_disagree_with_the_fit_where_floats_say_so() -> None:
    for row in losses.TABLE:
        for name, constant in (("quoted", 1.61), ("published", 1.69)):
            fit = constant + 406.4 / float(row.parameters) ** 0.34 + 410.7 / float(row.tokens) ** 0.28
            above = dict(row.above).get(name)
            assert (abs(float(row.loss) - fit) > 0.05) == (above is not None)
            assert above is None or math.isclose(float(row.loss) - fit, float(above), abs_tol=0.005)


def test_neither_rule_picks_every_data_size_of_table_3() -> None:
    def picked(model: data_sizes.Model, strict: bool) -> int | None:
        errors = zip(model.grid, map(Fraction, model.errors), strict=True)
        return next(
            (data for data, error in errors if error < Fraction("0.04") or (not strict and error == Fraction("0.04"))),
            None,
        )

    assert [picked(m, strict=True) == m.least for m in data_sizes.MODELS] == [False, True, True]
    assert [picked(m, strict=False) == m.least for m in data_sizes.MODELS] == [True, False, False]


def test_a_linear_program_finds_the_same_interval_of_exponents() -> None:
    rows, bounds = [], []
    for model in data_sizes.MODELS:
        for data, sign in ((model.before, 1), (model.least, -1)):
            rows.append([sign * math.log(data), sign])
            bounds.append(sign * math.log(model.parameters))
    ends = [linprog([sign, 0], rows, bounds, bounds=[(None, None)] * 2).x[0] for sign in (1, -1)]
    assert ends == pytest.approx([1.4353698, 2.4225462], abs=1e-6)


# From end to end


def test_a_number_reaches_every_report(tmp_path) -> None:  # type: ignore[no-untyped-def]
    ids = ("fitted.irreducible.quoted", "fitted.irreducible.published", "models.ratio.constant")
    trial = run_trial([registry()[claim_id].claim for claim_id in ids], jobs=1)
    rows = json.loads(json.dumps(as_rows(trial), default=str))
    by_id = {row["id"]: row for row in rows}
    assert [by_id[claim_id]["verdict"] for claim_id in ids] == ["refuted", "proved", "proved"]
    assert strongest(by_id[ids[0]]) == "E_0 = 169/100: gap -3/40 (exact)"
    assert strongest(by_id[ids[1]]) == "enclosure of the whole domain: E_0 = 169/100"
    assert strongest(by_id[ids[2]]) == "enclosure of the whole domain: no variables"
    assert verdict_table(rows).row_count == 2
    page = build_docs(tmp_path, rows, claims()).with_name("theory.scaling.html").read_text(encoding="utf-8")
    assert "E_0 = 169/100: gap -3/40 (exact)" in page


def test_a_range_of_one_value_reads_as_an_equation() -> None:
    assert str(at_24) == "l = 24; d_emb = 1024"
    assert str(Range(loss, 0, 1)) == "L in [0, 1]"
    point = Domain.of(Range(irreducible, 1, 1), Range(parameters, 1, 1), Range(tokens, 1, 1))
    assert all(r.fixed for r in point.ranges)
    assert not replace(point.ranges[0], open_lower=True).fixed
