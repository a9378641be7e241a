"""The parts of the search for counterexamples: exact comparison, candidates, faces, short numbers."""

from __future__ import annotations

import pytest
import sympy as sp
from flint import arb, ctx, fmpq

from theory.language import parse
from validation.certificates.goals import Interval, goals_of
from validation.prover.candidates import simple, stations
from validation.prover.refuting import one_by_one, together
from validation.prover.refuting_faces import boundaries, convergents, reduced, solutions
from validation.prover.refuting_lines import Search
from validation.prover.refuting_points import Gauge, compare, inside, number
from validation.prover.refuting_simpler import shorter

x, y = sp.symbols("x y", real=True)


def gauge(statement: str, where: str) -> Gauge:
    return Gauge(goals_of(parse(statement, where))[-1])


def test_numbers_are_compared_beyond_double_precision() -> None:
    with ctx.workprec(400):
        near = arb.pi().mid().fmpq()
    below, above = near - fmpq(1, 10**100), near + fmpq(1, 10**100)
    assert compare(below, sp.pi) == -1
    assert compare(above, sp.pi) == 1
    assert compare(sp.exp(1), sp.E) == 0
    half_open = Interval(sp.Integer(0), sp.pi, open_upper=True)
    assert inside(half_open, below)
    assert not inside(half_open, above)
    assert not inside(half_open, sp.pi)


def test_an_integer_variable_has_integers_only() -> None:
    whole = Interval(sp.Rational(1, 2), sp.Rational(7, 2), integer=True)
    assert [v for v in range(-1, 6) if inside(whole, v)] == [1, 2, 3]
    assert not inside(whole, fmpq(3, 2))
    assert simple(whole) == [1, 2, 3]
    assert stations(whole, 1) == [1, 2, 3]


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "interval",
    [
        Interval(sp.Integer(0), sp.oo, open_lower=True),
        Interval(),
        Interval(sp.Integer(0), sp.pi / 2, open_upper=True),
        Interval(-sp.oo, sp.E),
        Interval(sp.Rational(1, 10**20), sp.Rational(2, 10**20)),
    ],
)
def test_stations_rise_and_lie_in_the_interval(interval: Interval, level: int) -> None:
    found = stations(interval, level)
    assert len(found) > 15
    assert all(inside(interval, t) for t in found)
    rationals = [t for t in found if isinstance(t, fmpq)]
    assert rationals == sorted(set(rationals))


def test_stations_come_near_open_ends_and_go_far_out() -> None:
    found = [t for t in stations(Interval(sp.Integer(0), sp.oo, open_lower=True), 2) if isinstance(t, fmpq)]
    assert min(found) < fmpq(1, 10**300)
    assert max(found) > fmpq(10) ** 300
    close = [t for t in stations(Interval(sp.Integer(0), sp.pi / 2, open_upper=True), 1) if isinstance(t, fmpq)]
    assert compare(max(close) + fmpq(1, 10**20), sp.pi / 2) == 1


@pytest.mark.parametrize(
    ("low", "high", "short"),
    [
        (fmpq(31, 100), fmpq(36, 100), fmpq(1, 3)),
        (fmpq(1234567), fmpq(9876543), fmpq(2000000)),
        (fmpq(1, 10**21), fmpq(1, 10**20), fmpq(1, 10**20)),
    ],
)
def test_short_numbers_lie_in_the_interval(low: fmpq, high: fmpq, short: fmpq) -> None:
    found = list(shorter(low, high))
    assert short in found
    assert all(low <= value <= high or abs(value) < fmpq(1, 1000) for value in found)


def test_equations_are_solved_for_a_variable() -> None:
    assert solutions(x + y - 1, x) == [1 - y]
    assert solutions(x**2 + y**2 - 1, x) == [sp.sqrt(1 - y**2), -sp.sqrt(1 - y**2)]
    assert solutions(sp.exp(x) + y - 2, x) == [sp.log(2 - y)]
    assert solutions(x * sp.exp(x) - y, x) == []


def test_an_equality_among_the_conditions_removes_a_variable_and_points_are_lifted_back() -> None:
    whole = gauge("x + y <= 1", "x in [0, 1]; y in [0, 1]; given x**2 + y**2 == 1")
    parts = reduced(whole)
    assert [len(part.intervals) for part in parts] == [1, 1]
    lifted = [part.lifted((fmpq(3, 5),)) for part in parts]
    assert {tuple(map(number, point)) for point in lifted if point is not None} == {
        (sp.Rational(s, 5), sp.Rational(3, 5)) for s in (4, -4)
    } or {tuple(map(number, point)) for point in lifted if point is not None} == {
        (sp.Rational(3, 5), sp.Rational(s, 5)) for s in (4, -4)
    }
    assert [part.confirms((fmpq(3, 5),)) for part in parts].count(True) == 1


def test_faces_are_where_a_condition_is_an_equality() -> None:
    whole = gauge("x + y <= 1", "x in [0, 1]; y in [0, 1]; given x*y <= 1/8")
    (face,) = boundaries(whole)
    point = face.lifted((fmpq(1, 4),))
    assert point is not None
    assert sorted(map(number, point)) == [sp.Rational(1, 4), sp.Rational(1, 2)]


def test_a_point_is_confirmed_only_where_everything_is_certain() -> None:
    tie = gauge("x**2 > 0", "x in [0, 1]")
    assert tie.confirms((fmpq(0),))
    assert not tie.confirms((fmpq(1),))
    assert not tie.confirms((fmpq(-1),))
    assert not tie.confirms((arb(0),))
    given = gauge("x >= 1", "x in [0, 1]; given x >= 1/2")
    assert given.confirms((fmpq(1, 2),))
    assert not given.confirms((fmpq(1, 4),))
    side = gauge("sqrt(x) >= 1", "x in [-1, 1]")
    assert not side.confirms((fmpq(-1, 2),))
    assert side.confirms((fmpq(1, 2),))


def test_ties_at_irrational_points_are_decided_by_normal_forms() -> None:
    assert gauge("Abs(16*x**5 - 20*x**3 + 5*x) < 1", "x in (-1, 1)").confirms(((1 + sp.sqrt(5)) / 4,))
    assert not gauge("Abs(16*x**5 - 20*x**3 + 5*x) < 1", "x in (-1, 1)").confirms(((2 + sp.sqrt(5)) / 6,))


def test_convergents_of_pi() -> None:
    assert {3, 22, 7, 333, 106, 355, 113, 103993} <= set(convergents(sp.pi))


def test_searches_in_turns_return_the_first_point_that_is_accepted() -> None:
    def after(steps: int, found: int) -> Search:
        for _ in range(steps):
            yield
        return (found,)

    def result(search: Search) -> object:
        while True:
            try:
                next(search)
            except StopIteration as end:
                return end.value

    assert result(together([after(5, 1), after(3, 2)])) == (2,)
    assert result(together([after(5, 1), after(3, 2)], lambda point: point == (1,))) == (1,)
    assert result(one_by_one([after(5, 1), after(3, 2)])) == (1,)
    assert result(together([])) is None
