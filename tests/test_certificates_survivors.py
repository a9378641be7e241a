"""Small statements and steps, each of which tells the checker from one changed in a single place."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

from tests.certificate_goals import accepted, goal, left, read, refused
from validation.certificates import checker
from validation.certificates.calculus import require_differentiable
from validation.certificates.goals import Goal, Interval, Rejected
from validation.certificates.limits import limit
from validation.certificates.nodes import Cover, Identity, Induction, Relax, Sight, Substitute, Tangency
from validation.certificates.normal import Form
from validation.certificates.ranges import Ranges
from validation.certificates.spans import INF, POSITIVE, point

x, t = sp.symbols("x t", real=True)
BOTH = "x in (0, oo); y in (0, oo)"
LINE, TIMES = "x in (-oo, oo)", "x in [-1, 1]; n in integers [0, oo)"


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("sqrt(1 + x**2) == 1", LINE),
        ("(y/(2 + x)**3)**(1/3) == 2*y**(1/3)/(2 + x)", BOTH),
        ("log(y/(2 + x)) == log(y) + log(2 + x)", BOTH),
        ("exp(2) == exp(1)", ""),
        ("digamma(1 - x) == loggamma(1 - x)", "x in (0, 1)"),
    ],
)
def test_what_is_no_identity(statement: str, where: str) -> None:
    refused(goal(statement, where), Identity(), "not seen to be 0")


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("(y/(2 + x)**3)**(1/3) == y**(1/3)/(2 + x)", BOTH),
        ("log(y/(2 + x)) == log(y) - log(2 + x)", BOTH),
        ("(x*y)**(3/2) == x*y*sqrt(x*y)", "x in [-2, -1]; y in [-2, -1]"),
    ],
)
def test_identities(statement: str, where: str) -> None:
    assert accepted(goal(statement, where), Identity())


def test_zero_has_no_factors() -> None:
    zero = (x + 1) ** 2 - x**2 - 2 * x - 1
    with pytest.raises(Rejected, match="no factors"):
        Form(Ranges.of(Goal(x, ">=", ((x, Interval()),)))).of(sp.log(zero))


@pytest.mark.parametrize("statement", ["1 - x**n > 0", "1 + x**n > 0"])
def test_a_power_reaches_one_and_minus_one(statement: str) -> None:
    refused(goal(statement, TIMES), Sight())
    assert accepted(goal(statement.replace(" > ", " >= "), TIMES), Sight())


@pytest.mark.parametrize(
    ("statement", "where"),
    [("1 - sin(x) > 0", "x in (pi/2, pi]"), ("1 + sin(x) > 0", "x in (-pi/2, 0]")],
)
def test_a_crest_that_is_missed(statement: str, where: str) -> None:
    assert accepted(goal(statement, where), Sight())


def test_a_tiny_number_times_infinity_is_infinity() -> None:
    span = point(Fraction(1, 10**400)) * POSITIVE
    assert (span.lower, span.upper, span.open_lower, span.open_upper) == (0, INF, True, True)


@pytest.mark.parametrize(
    "where",
    [
        "x in [1/4, 1/2]; given x >= 0",
        "x in [1/4, 1/2]; given x > 0",
        "x in [-1/2, 1/2]; given x == 0",
        "x in [0, 1/2]; given x >= 0",
    ],
)
def test_a_leaf_outside_breaks_a_constraint(where: str) -> None:
    refused(goal("x >= 2", where), Cover("x"), "does not show")


@pytest.mark.parametrize(
    "where",
    [
        "x in [-1, -1/2]; given x >= 0",
        "x in [0, 0]; given x > 0",
        "x in [1/2, 3/4]; given x == 0",
        "x in [-3/4, -1/2]; given x == 0",
    ],
)
def test_a_leaf_without_points(where: str) -> None:
    assert accepted(goal("x >= 2", where), Cover("x"))


@pytest.mark.parametrize(("lower", "upper"), [(-1, 0), (0, 1)])
def test_the_slope_of_an_arc_sine_is_infinite_at_either_end(lower: int, upper: int) -> None:
    ranges = Ranges.of(Goal(x, ">=", ((x, Interval(sp.Integer(lower), sp.Integer(upper))),)))
    with pytest.raises(Rejected, match="differentiable"):
        require_differentiable(sp.asin(x), x, ranges)
    require_differentiable(sp.asin(x / 2), x, ranges)


def test_induction_climbs() -> None:
    falling = goal("-n >= 0", "n in integers [0, oo)")
    assert not accepted(falling, Induction("n").following(Identity(), Sight()))
    assert accepted(goal("n >= 0", "n in integers [0, oo)"), Induction("n").following(Identity(), Sight()))
    place = goal("2**n - n >= 0", "n in integers [0, oo)")
    growth = checker.subgoals(place, Induction("n"))[1]
    assert growth.gap == read("2**(n + 1) - (n + 1) - 2**n + n", place)


def test_tangency_asks_for_a_convex_gap_only() -> None:
    place = goal("x**4 >= 0", LINE)
    assert [g.relation for g in checker.subgoals(place, Tangency("x", sp.S.Zero))] == [">=", "==", ">="]


def test_relaxing_needs_a_defined_goal() -> None:
    refused(goal("1/n >= 0", "n in integers [0, 3]"), Relax("n"), "not seen")


def test_a_substitution_keeps_the_constraints() -> None:
    place = goal("x + y >= 0", "x in (0, oo); y in (0, oo); given x >= y")
    assert left(place, Substitute("x", sp.exp(t), "t", Interval())) == [
        "y + exp(t) >= 0 for t in (-oo, oo); y in (0, oo); given -y + exp(t) >= 0"
    ]


def test_a_negative_number_has_an_inverse() -> None:
    below = Interval(-sp.oo, sp.S.Zero, True, True)
    place = goal("x <= 0", "x in (-oo, 0)")
    assert left(place, Substitute("x", 1 / t, "t", below)) == ["-1/t >= 0 for t in (-oo, 0)"]


def test_terms_of_one_scale_are_added() -> None:
    place = goal("x + y >= 0", BOTH)
    gap = read("(x**(y*(y + 1)) + x**(y**2 + y))/x**(y**2 + y)", place)
    assert limit(place.claiming(gap), place.variable("x"), lower=False) == 2


def test_an_incomplete_gamma_function_of_negative_order_is_not_expanded_at_zero() -> None:
    place = goal("x >= 0", "x in (0, oo)")
    with pytest.raises(Rejected, match="order"):
        limit(place.claiming(read("uppergamma(-1/2, x)*sqrt(x)", place)), place.variable("x"), lower=True)
