"""The suite of statements: its own truths are checked in many digits, and the prover decides none of them wrongly."""

from __future__ import annotations

import json
import random
from typing import Any

import mpmath as mp
import pytest
import sympy as sp

from theory.domain import Range, Relation
from theory.language import Statement, expression, parse
from validation.certificates import recheck
from validation.prover import prove
from validation.suite import Item, read_suite

SUITE = read_suite()
DIGITS = 60
POINTS = 12


def gap_of(statement: Statement) -> sp.Expr:
    """The larger side minus the smaller one."""
    falls = statement.relation in (Relation.GE, Relation.GT, Relation.EQ)
    return statement.lhs - statement.rhs if falls else statement.rhs - statement.lhs


def value(expr: sp.Expr, point: dict[sp.Symbol, Any]) -> Any:
    return sp.lambdify(list(point), expr, "mpmath")(*point.values())


def real(constant: sp.Expr) -> Any:
    return mp.mpf(constant.p) / constant.q if constant.is_Rational else mp.mpf(sp.N(constant, 2 * DIGITS)._mpf_)


def inside(r: Range, x: sp.Expr) -> bool:
    low = x > r.lower if r.open_lower else x >= r.lower
    high = x < r.upper if r.open_upper else x <= r.upper
    return bool(low) and bool(high) and (not r.integer or bool(x.is_integer))


def drawn(r: Range, rng: random.Random, largest: float) -> Any:
    """A number of a range: near its ends, in its middle, far out."""
    step = mp.mpf(10) ** rng.uniform(-9, largest)
    if r.integer:
        return int(r.lower) + rng.randint(0, 40) if r.lower.is_finite else rng.randint(-40, 40)
    if r.lower.is_finite and r.upper.is_finite:
        lower, upper = real(r.lower), real(r.upper)
        part = mp.mpf(10) ** rng.uniform(-9, -0.01)
        return lower + (upper - lower) * rng.choice([part, 1 - part, mp.mpf(rng.uniform(0.01, 0.99))])
    if r.lower.is_finite:
        return real(r.lower) + step
    return real(r.upper) - step if r.upper.is_finite else rng.choice([-1, 1]) * step


def test_the_suite_is_large_and_balanced() -> None:
    true = [item for item in SUITE if item.truth]
    assert len(SUITE) >= 150
    assert len({item.name for item in SUITE}) == len({(item.statement, item.where) for item in SUITE}) == len(SUITE)
    assert abs(2 * len(true) - len(SUITE)) <= len(SUITE) / 10
    assert sum(item.unbounded for item in true) >= 0.6 * len(true)
    assert {len(parse(item.statement, item.where).domain.ranges) for item in SUITE} == {1, 2, 3}
    assert all(bool(item.witness) is not item.truth and item.note for item in SUITE)


@pytest.mark.parametrize("item", [i for i in SUITE if not i.truth], ids=lambda i: i.name)
def test_a_false_statement_fails_at_its_point(item: Item) -> None:
    statement = parse(item.statement, item.where)
    point = {r.symbol: expression(item.witness[r.symbol.name]) for r in statement.domain.ranges}
    assert all(inside(r, point[r.symbol]) for r in statement.domain.ranges)
    assert all(bool(c.lhs.subs(point) - c.rhs.subs(point) != 0) for c in statement.domain.given if c.relation.strict)
    with mp.workdps(2 * DIGITS):
        gap = value(gap_of(statement), {s: real(v) for s, v in point.items()})
        size = abs(value(statement.lhs, {s: real(v) for s, v in point.items()}))
        noise = mp.mpf(10) ** -DIGITS * size
        if statement.relation is Relation.EQ:
            assert abs(gap) > noise
        elif statement.relation.strict and abs(gap) <= mp.mpf(10) ** -DIGITS:
            assert gap_of(statement).subs(point).equals(0)
        else:
            assert gap < -noise


@pytest.mark.parametrize("item", [i for i in SUITE if i.truth], ids=lambda i: i.name)
def test_a_true_statement_holds_at_drawn_points(item: Item) -> None:
    statement = parse(item.statement, item.where)
    rng = random.Random(item.name)
    gap = sp.lambdify([r.symbol for r in statement.domain.ranges], gap_of(statement), "mpmath")
    terms = [abs(t) for side in (statement.lhs, statement.rhs) for t in sp.Add.make_args(side)]
    largest = 1.5 if "gamma" in item.statement else 2.0
    met = 0
    with mp.workdps(DIGITS):
        for _ in range(20 * POINTS):
            point = {r.symbol: drawn(r, rng, largest) for r in statement.domain.ranges}
            if not all(condition_holds(c, point) for c in statement.domain.given):
                continue
            met += 1
            found = gap(*point.values())
            noise = mp.mpf(10) ** (15 - DIGITS) * sum(value(t, point) for t in terms)
            assert abs(found) <= noise if statement.relation is Relation.EQ else found >= -noise, point
            if met == POINTS:
                break
    assert met >= POINTS / 2


def condition_holds(condition: Any, point: dict[sp.Symbol, Any]) -> bool:
    low, high = value(condition.lhs, point), value(condition.rhs, point)
    if condition.relation in (Relation.GE, Relation.GT):
        low, high = high, low
    return bool(low < high) if condition.relation.strict else bool(low <= high)


@pytest.mark.parametrize("item", SUITE[::7], ids=lambda i: i.name)
def test_none_is_wrongly_decided(item: Item) -> None:
    answer = prove(parse(item.statement, item.where), budget=1.0)
    assert answer.verdict != ("refuted" if item.truth else "proved")
    if answer.verdict != "undecided":
        data = {"verdict": answer.verdict, "statement": item.statement, "where": item.where}
        assert recheck(json.loads(json.dumps({**data, "certificate": answer.certificate}))) == answer.verdict


def test_most_of_a_sample_is_decided() -> None:
    sample = SUITE[3::17]
    found = [prove(parse(item.statement, item.where), budget=2.0).verdict for item in sample]
    decided = [v != "undecided" for v in found]
    assert sum(decided) >= 0.6 * len(sample)
