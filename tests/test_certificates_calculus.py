"""Rules of calculus: true arguments pass, and none of the classical false ones does."""

from __future__ import annotations

import pytest
import sympy as sp
from flint import ctx

from numerics.backends.as_ball import build
from tests.certificate_goals import accepted, goal, left, read, refused
from validation.certificates import checker
from validation.certificates.calculus import derivative
from validation.certificates.goals import Constraint, Goal, Interval, Rejected
from validation.certificates.nodes import (
    Concave,
    Empty,
    Foot,
    Given,
    Have,
    Identity,
    Induction,
    Monotone,
    Node,
    Rewrite,
    Sight,
    Strengthen,
    Tangency,
    Telescope,
)

x, y = sp.symbols("x y", real=True)
ZERO, ONE = sp.S.Zero, sp.S.One
UNIT, LINE, BEYOND = "x in [0, 1]", "x in (-oo, oo)", "x in [0, oo)"


def test_monotone_from_an_end() -> None:
    place = goal("exp(x) - 1 - x >= 0", BEYOND)
    assert left(place, Monotone("x", ZERO)) == ["0 >= 0", "exp(x) - 1 >= 0 for x in (0, oo)"]
    assert accepted(place, Monotone("x", ZERO).following(Identity(), Sight()))


def test_a_strict_slope_makes_a_strict_inequality_where_the_end_is_missed() -> None:
    node = Monotone("x", ZERO, strict=True).following(Identity(), Sight())
    assert accepted(goal("exp(x) - 1 - x > 0", "x in (0, oo)"), node)
    refused(goal("exp(x) - 1 - x > 0", BEYOND), node, "strict")
    refused(goal("exp(x) - 1 - x >= 0", "x in (0, oo)"), node, "strict")
    weak = Monotone("x", ZERO).following(Identity(), Sight())
    assert not accepted(goal("exp(x) - 1 - x > 0", "x in (0, oo)"), weak)


def test_the_slope_of_a_strict_step_is_strict() -> None:
    flat = goal("x - x + y > 0", "x in (0, 1); y in [0, 1]")
    assert "0 > 0" in left(flat, Monotone("x", ZERO, strict=True))[1]


def test_monotone_to_a_limit() -> None:
    place = goal("log(x) - digamma(x) > 0", "x in (0, oo)")
    goals = checker.subgoals(place, Monotone("x", sp.oo, limit=True, strict=True))
    assert [g.gap for g in goals] == [0, sp.polygamma(1, x) - 1 / x]
    refused(goal("x >= 0", "x in (-oo, 0]"), Monotone("x", -sp.oo, limit=True), "tends to -oo")
    refused(goal("x >= 0", LINE), Monotone("x", sp.oo), "no value at oo")


@pytest.mark.parametrize(
    ("gap", "where", "node"),
    [
        (-sp.sign(x), UNIT, Monotone("x", ZERO)),  # jumps at the end
        (-sp.sign(x), UNIT, Foot("x", sp.Rational(1, 2))),
        (1 / x, "x in [-1, 1]", Monotone("x", -ONE)),
        (sp.tan(x), "x in [1, 2]", Monotone("x", ONE)),
        (sp.gamma(x), "x in [-1/2, 1]", Monotone("x", ONE)),
        (sp.sqrt(x), "x in [-1, 1]", Monotone("x", ONE)),
        (sp.log(x), UNIT, Monotone("x", ONE)),
        (1 - 2 * sp.Abs(x), "x in [-1, 1]", Monotone("x", -ONE)),  # a kink inside
        (sp.Max(x, -x), "x in [-1, 1]", Monotone("x", -ONE)),
        (sp.sqrt(sp.Abs(x)), "x in [-1, 1]", Foot("x", ZERO)),
        ((x**2) ** sp.Rational(1, 3), "x in [-1, 1]", Foot("x", ZERO)),
        (sp.Abs(x), "x in [-1, 1]", Tangency("x", ZERO)),
        (sp.asin(x), "x in [0, 2]", Monotone("x", ZERO)),
        (sp.asin(1 - x**2), "x in [-1, 1]", Foot("x", ZERO)),
        (sp.asin(x**2 - 1), "x in [-1, 1]", Foot("x", ZERO)),
        (sp.LambertW(x**2 - sp.exp(-1)), "x in [-1, 1]", Foot("x", ZERO)),
        (sp.LambertW(x), "x in [-1, 1]", Monotone("x", ONE)),
    ],
)
def test_calculus_needs_what_it_differentiates(gap: sp.Expr, where: str, node: Node) -> None:
    refused(goal("x >= x + 1", where).claiming(gap), node, "not seen|may jump|no derivative|least")


def test_a_hole_in_the_region_stops_the_way() -> None:
    box = ((x, Interval(-ONE, ONE)),)
    plain = Goal(1 / x + 1, ">=", box, (Constraint(x, "!="),))
    refused(plain, Monotone("x", -ONE), "need not hold")
    refused(plain, Foot("x", -ONE), "need not hold")
    refused(plain, Concave("x"), "cuts")
    refused(plain, Tangency("x", sp.Rational(1, 2)), "cuts")


def test_a_constraint_must_hold_on_the_way() -> None:
    where = "x in [0, oo); y in [0, oo); given x + y >= 1"
    refused(goal("x**2 >= 0", where), Monotone("x", ZERO), "need not hold")
    below = goal("y**2 - x**2 >= 0", "x in [0, oo); y in [0, oo); given x <= y")
    refused(below, Monotone("x", sp.oo, limit=True), "need not hold")
    assert left(below, Monotone("y", x))[0].startswith("0 >= 0 for x in [0, oo); given 0 >= 0")
    circle = goal("x >= 0", "x in [-2, 2]; given x**2 >= 1")
    refused(circle, Monotone("x", sp.Integer(-2)), "need not hold")
    refused(circle, Foot("x", ONE), "need not hold")


def test_monotone_to_a_moving_end() -> None:
    place = goal("x*log(x) - y*log(y) >= 0", "x in [1, oo); y in [1, oo); given x >= y")
    node = Monotone("x", y).following(Identity(), Sight())
    assert accepted(place, node)
    refused(goal("x >= y", "x in [1, oo); y in [1, oo)"), Monotone("x", y), "one side")
    refused(goal("x >= y", "x in [1, oo); y in [0, oo); given x >= y"), Monotone("x", y), "value of x in its interval")
    refused(place, Monotone("x", x - 1), "value of x")
    meeting = "x in [1, oo); y in [1, oo); given x {} y"
    for relation, sign in (("<=", 1), (">=", -1)):
        apart = goal("y - x > 0", meeting.format(relation)).claiming(sign * (y - x))
        refused(apart, Monotone("x", y, strict=True), "strict")


def test_a_strict_constraint_is_no_longer_strict_at_the_end_of_the_way() -> None:
    place = goal("x - y > 0", "x in [0, oo); y in [0, oo); given x > y")
    start = checker.subgoals(place, Monotone("x", y))[0]
    assert not accepted(start, Empty())
    assert not accepted(start, Given())
    assert not accepted(
        goal("y - x > 0", "x in [0, oo); y in [0, oo); given x > y"), Monotone("x", y).following(Empty(), Sight())
    )


def test_facts_that_fail_at_a_moving_end_are_dropped() -> None:
    given = (
        Constraint(x - y, ">"),
        Constraint(1 / (x - y), ">", everywhere=True),
        Constraint(y, ">=", everywhere=True),
    )
    place = Goal(x, ">=", ((x, Interval(ZERO)), (y, Interval(ZERO))), given)
    start = checker.subgoals(place, Monotone("x", y))[0]
    assert start.given == (Constraint(ZERO, ">="), Constraint(y, ">="))


def test_integers_have_no_slopes() -> None:
    place = goal("n*(n - 1) >= 0", "n in integers [0, oo)")
    for node in (Monotone("n", ZERO), Foot("n", ZERO), Concave("n"), Tangency("n", ONE)):
        refused(place, node, "relax")


def test_foot() -> None:
    place = goal("log(x) <= x - 1", "x in (0, oo)")
    slope = Rewrite(read("(x - 1)**2/x", place)).following(Sight())
    assert accepted(place, Foot("x", ONE).following(Identity(), slope))
    refused(place, Foot("x", ZERO), "in its interval")
    for at in (ZERO, ONE):
        assert left(goal("x**2 >= 0", UNIT), Foot("x", at))
        refused(goal("x**2 >= 0", "x in (0, 1)"), Foot("x", at), "in its interval")
        refused(goal("x**2 >= 0", UNIT), Tangency("x", at), "inside its interval")
    refused(place, Foot("x", x), "in its interval")
    two = goal("exp(x) >= exp(y)*(1 + x - y)", "x in (-oo, oo); y in (-oo, oo)")
    assert left(two, Foot("x", y))[0].startswith("0 >= 0")


def test_a_foot_that_satisfies_affine_constraints() -> None:
    where = "x in (0, 1); y in (0, 1); given x + y < 1"
    place = goal("(x - (1 - y)/2)**2 >= 0", where)
    assert left(place, Foot("x", (1 - y) / 2))[0].startswith("0 >= 0 for y in (0, 1); given ")
    refused(place, Foot("x", 1 - y / 2), "need not hold")
    refused(place, Foot("x", sp.Rational(1, 2)), "need not hold")
    parabola = goal("x**2 >= 0", "x in (-2, 2); y in (0, 1); given x**2 + y < 1")
    refused(parabola, Foot("x", ZERO), "need not hold")
    touching = goal("x - y > 0", "x in (0, 1); y in (0, 1); given x > y")
    start = checker.subgoals(touching, Foot("x", y))[0]
    assert not accepted(start, Empty())
    assert not accepted(start, Given())


def test_concave() -> None:
    place = goal("sin(x) > 2*x/pi", "x in (0, pi/2)")
    assert accepted(place, Concave("x", strict=True).following(Identity(), Identity(), Sight()))
    refused(goal("sin(x) - 2*x/pi == 0", "x in [0, pi/2]"), Concave("x"), "no equality")
    closed = goal("sin(x) > 2*x/pi", "x in [0, pi/2]")
    assert not accepted(closed, Concave("x", strict=True).following(Identity(), Identity(), Sight()))
    convex = goal("x**2 - x >= 0", UNIT)
    assert left(convex, Concave("x"))[2] == "-2 >= 0 for x in (0, 1)"
    assert left(goal("log(x) >= 0", "x in [1, oo)"), Concave("x", upper_limit=True))[0] == "0 >= 0"
    refused(goal("-x >= 0", BEYOND), Concave("x", upper_limit=True), "tends to -oo")
    refused(goal("x >= 0", BEYOND), Concave("x"), "no value at oo")


def test_tangency() -> None:
    place = goal("x**2 - 2*x*y + y**2 >= 0", "x in (-oo, oo); y in (-oo, oo)")
    assert accepted(place, Tangency("x", y).following(Identity(), Identity(), Sight()))
    refused(goal("x**2 >= 0", BEYOND), Tangency("x", ZERO), "inside its interval")
    refused(goal("x**2 >= y", "x in (-1, 1); y in (-oo, 0)"), Tangency("x", y), "inside its interval")
    refused(goal("x**2 == 0", LINE), Tangency("x", ZERO), "inside")
    concave = goal("-x**2 >= 0", LINE)
    assert not accepted(concave, Tangency("x", ZERO).following(Identity(), Identity(), Sight()))
    assert not accepted(goal("x**2 > 0", LINE), Tangency("x", ZERO).following(Sight(), Identity(), Sight()))


def test_induction() -> None:
    place = goal("2**n >= n + 1", "n in integers [0, oo)")
    step = Rewrite(read("2**n - 1", place)).following(Sight())
    start, growth = checker.subgoals(place, Induction("n"))
    assert (str(start), growth.relation) == ("0 >= 0", ">=")
    assert not accepted(goal("n - 1 >= 0", "n in integers [0, oo)"), Induction("n").following(Sight(), Sight()))
    refused(goal("x >= 0", BEYOND), Induction("x"), "least integer")
    refused(goal("n >= 0", "n in integers (-oo, 3]"), Induction("n"), "least integer")
    bounded = checker.subgoals(goal("n >= 0", "n in integers [0, 5]"), Induction("n"))[1]
    assert str(bounded.box[0][1]) == "integers [0, 4]"
    assert step.to == 2 ** sp.Symbol("n", integer=True) - 1


def test_telescope() -> None:
    place = goal("1/x - 1/(x + 1) >= 0", "x in (0, oo)")
    assert [g.relation for g in checker.subgoals(place, Telescope("x"))] == [">=", ">="]
    assert [g.relation for g in checker.subgoals(goal("1/x > 0", "x in (0, oo)"), Telescope("x"))] == [">=", ">"]
    refused(goal("x >= 0", UNIT), Telescope("x"), "runs to oo")
    refused(goal("-x >= 0", BEYOND), Telescope("x"), "tends to -oo")
    refused(goal("sin(x) >= 0", BEYOND), Telescope("x"), "not seen")
    falling = goal("-1/x >= 0", "x in (0, oo)")
    assert not accepted(falling, Telescope("x").following(Sight(), Sight()))


def test_an_open_end_takes_the_value_only_of_a_continuous_gap() -> None:
    refused(goal("x*log(x) + 1 >= 0", "x in (0, 1]"), Monotone("x", ZERO), "not seen")
    assert left(goal("x*log(x) + 1 >= 0", "x in (0, 1]"), Monotone("x", ZERO, limit=True))[0] == "1 >= 0"


def test_what_is_known_inside_is_not_used_at_an_open_end() -> None:
    place = Goal(sp.log(x), "==", ((x, Interval(ZERO, ONE, True)),), (Constraint(x, ">", everywhere=True),))
    refused(place, Monotone("x", ZERO), "not seen")


SLOPES = [
    "exp(x)", "log(x)", "sin(x)", "cos(x)", "tan(x)", "asin(x)", "acos(x)", "atan(x)", "sinh(x)", "cosh(x)", "tanh(x)",
    "erf(x)", "erfc(x)", "gamma(x)", "loggamma(x)", "digamma(x)", "LambertW(x)", "x**3", "x**(5/3)", "3**x", "x**x",
    "sqrt(1 + x**2)", "lowergamma(7/3, x)", "uppergamma(7/3, x**2)", "x*exp(x)*sin(x)", "1/(1 + x)",
]  # fmt: skip


@pytest.mark.parametrize("text", SLOPES)
def test_derivatives_against_difference_quotients(text: str) -> None:
    place = goal("x >= 0", UNIT)
    expr = read(text, place)
    at, step = sp.Rational(37, 100), sp.Rational(1, 10**30)
    values = [build(expr.xreplace({x: at + k * step}))[0]({}, 400) for k in (-1, 1)]
    slope = build(derivative(expr, x).xreplace({x: at}))[0]({}, 400)
    with ctx.workprec(400):
        quotient = (values[1] - values[0]) * 10**30 / 2
        assert abs(quotient - slope) < 1e-40 * (1 + abs(slope))


def test_no_derivative_is_made_up() -> None:
    for expr in (sp.Max(x, y), sp.lowergamma(x, y), sp.zeta(x), sp.besselj(x, y), sp.LambertW(x, -1)):
        with pytest.raises(Rejected, match="no derivative"):
            derivative(expr, x)


def test_strict_and_weak_steps_together() -> None:
    place = goal("x**3 + x > 0", "x in (0, oo)")
    node = Have(x, ">").following(Sight(), Strengthen(">").following(Sight()))
    assert not accepted(place, node)
