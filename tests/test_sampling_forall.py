"""Claims that go on after their existential block: many inner points support them, none confirms, none refutes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from docs.build import build_docs
from theory.claim import Claim, Source
from theory.domain import Condition, Domain, Family, Range, Relation, positive, size
from theory.notation import bound, constant, epsilon, k, n, u, x
from validation.evidence import Outcome
from validation.methods.decision import examine, point_of, probe
from validation.methods.enclosure import enclose
from validation.methods.existential import instance
from validation.methods.refutation import refute
from validation.methods.sampling import sample
from validation.narration import _text

LE, LT, GE = Relation.LE, Relation.LT, Relation.GE
HOLDS, FAILS, UNDECIDED = Outcome.HOLDS, Outcome.FAILS, Outcome.UNDECIDED
CONSTANT = Domain.of(positive(constant))


def toy(lhs: Any, relation: Relation, rhs: Any, *parts: Any, **more: Any) -> Claim:
    return Claim("toy", lhs, relation, rhs, Domain.of(*parts), Source("toy"), **more)


def bounded(lhs: Any, *witness: Any) -> Claim:
    """There is a constant above ``lhs`` for every n."""
    return toy(lhs, LE, constant, exists=CONSTANT, forall=Domain.of(size(n)), witness=witness)


def eventually(start: Any, *parts: Any) -> Claim:
    """For every epsilon there is a start from which on 1/n is at most epsilon."""
    forall = Domain.of(size(n), Condition(bound, LE, n))
    return toy(1 / n, LE, epsilon, *parts, exists=Domain.of(Range(bound)), forall=forall, witness=((bound, start),))


TRUE = {
    "named constant": bounded(n / (n + 1), (constant, 1)),
    "from a named start on": eventually(1 / epsilon, positive(epsilon)),
    "integer start": toy(
        sp.log(n), GE, 5, exists=Domain.of(size(k)), forall=Domain.of(size(n), Condition(k, LE, n)), witness=((k, 149),)
    ),
    "range from the start on": toy(
        1 / n, LE, sp.Rational(1, 40), exists=Domain.of(size(k)), forall=Domain.of(size(n, k)), witness=((k, 40),)
    ),
    "large gamma functions": bounded(sp.gamma(n) / sp.gamma(n + 1), (constant, 1)),
    "irrational constant": bounded(sp.exp(1 / n), (constant, sp.E)),
    "families after the constant": toy(
        sp.Sum(x[k] ** 2, (k, 1, n)),
        GE,
        -constant,
        exists=CONSTANT,
        forall=Domain.of(size(n), Family(x, (n,))),
        witness=((constant, 1),),
    ),
    "reals after the constant": toy(
        u * sp.exp(-u), LE, constant, exists=CONSTANT, forall=Domain.of(Range(u)), witness=((constant, 1),)
    ),
}

FALSE = {
    "no constant": bounded(sp.log(n)),
    "no constant is named": bounded(n / (n + 1)),
    "start one too early": replace(TRUE["integer start"], witness=((k, 148),)),
    "too small from n = 1000 on": bounded(n / (n + 1), (constant, sp.Rational(999, 1000))),
    "start that comes too early": eventually(1 / epsilon - 1, positive(epsilon)),
    "one start for every epsilon": toy(
        1 / n,
        LE,
        epsilon,
        exists=Domain.of(Range(bound)),
        forall=Domain.of(size(n), positive(epsilon), Condition(bound, LE, n)),
    ),
    "a real far out": toy(
        u, LE, constant, exists=CONSTANT, forall=Domain.of(positive(u)), witness=((constant, 10**6),)
    ),
    "nothing to hold it against": toy(
        n, LE, constant, exists=CONSTANT, forall=Domain.of(size(n), Condition(n, LT, 1)), witness=((constant, 1),)
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_claims_are_supported(name: str) -> None:
    evidence = sample(TRUE[name], cases=30, budget_seconds=3.0)
    assert evidence.outcome is HOLDS, evidence.reason
    assert "held against" in evidence.covered
    assert not evidence.whole_domain


@pytest.mark.parametrize("name", FALSE)
def test_false_claims_are_not_supported_and_never_refuted_by_points(name: str) -> None:
    evidence = sample(FALSE[name], cases=30, budget_seconds=2.0)
    assert evidence.outcome is UNDECIDED
    assert evidence.reason
    assert evidence.witness is None
    assert refute(FALSE[name], budget_seconds=0.2).outcome is UNDECIDED
    assert enclose(FALSE[name], budget_seconds=0.2).outcome is UNDECIDED


def test_the_reason_names_the_values_and_the_point_that_fells_them() -> None:
    assert "C = 999/1000, n = " in sample(FALSE["too small from n = 1000 on"], cases=10).reason
    assert "fail at b = " in sample(FALSE["start that comes too early"], cases=10).reason


def test_values_that_were_only_found_support_nothing() -> None:
    for name in ("no constant", "no constant is named", "one start for every epsilon"):
        assert "no values are named" in sample(FALSE[name], cases=10).reason


def test_one_inner_point_decides_nothing() -> None:
    for claim in (TRUE["named constant"], FALSE["too small from n = 1000 on"]):
        for values in ({"C": 1, "n": 1}, {"C": sp.Rational(1, 3), "n": 2000}):
            found = examine(claim, point_of(claim, values))
            assert found.outcome is UNDECIDED
            assert "all that come after" in found.reason
            assert probe(claim, values) is UNDECIDED


def test_the_instance_at_a_point_is_a_universal_claim() -> None:
    one = instance(FALSE["too small from n = 1000 on"])
    assert one.exists == one.forall == Domain()
    assert probe(one, {"C": sp.Rational(999, 1000), "n": 998}) is HOLDS
    assert probe(one, {"C": sp.Rational(999, 1000), "n": 1000}) is FAILS


def test_every_page_tells_the_order_of_the_quantifiers(tmp_path: Any) -> None:
    claim = replace(TRUE["from a named start on"], title="toy")
    assert "such that for all" in claim.statement
    told = _text(claim, None)
    assert told.index("for epsilon") < told.index("there are b") < told.index("such that for all n")
    row = {
        "id": "toy", "module": "theory.toy", "verdict": "supported", "statement": claim.statement, "latex": claim.latex,
        "domain": str(claim.domain), "exists": str(claim.exists), "forall": str(claim.forall), "evidence": [],
        "steps": [],
    }  # fmt: skip
    for claims in ((claim,), ()):
        folder = tmp_path / str(len(claims))
        build_docs(folder, [row], claims)
        page = (folder / "theory.toy.html").read_text(encoding="utf-8")
        assert page.index("There are") < page.index("such that for all")
