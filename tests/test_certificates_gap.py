"""Rules that replace the gap or the variables: what they leave, and where they refuse."""

from __future__ import annotations

import pytest
import sympy as sp

from tests.certificate_goals import accepted, goal, left, read, refused
from validation.certificates import checker
from validation.certificates.goals import Constraint, Goal, Interval
from validation.certificates.nodes import (
    Both,
    Compose,
    Empty,
    Exchange,
    Given,
    Identity,
    Node,
    Period,
    Product,
    Reflect,
    Rewrite,
    Sight,
    Squares,
    Substitute,
    Sum,
)

x, y, t = sp.symbols("x y t", real=True)
ZERO, ONE = sp.S.Zero, sp.S.One
LINE, BEYOND, PLANE = "x in (-oo, oo)", "x in (0, oo)", "x in (-oo, oo); y in (-oo, oo)"
POSITIVE = Interval(ZERO, sp.oo, True)


def test_rewrite() -> None:
    place = goal("x**2 - 2*x + 1 >= 0", LINE)
    assert accepted(place, Rewrite((x - 1) ** 2).following(Sight()))
    refused(place, Rewrite(x**2), "equal")
    refused(place, Rewrite((x - 1) ** 2 + sp.Rational(1, 10**30)), "equal")


def test_a_gap_that_may_be_undefined_is_not_rewritten() -> None:
    bare = Goal(sp.log(x) - sp.log(x / 2), ">=", ((x, Interval()),))
    refused(bare, Rewrite(sp.log(2)), "defined")
    assert accepted(goal("log(x) - log(x/2) >= 0", BEYOND), Rewrite(sp.log(2)).following(Sight()))


def test_sum() -> None:
    place = goal("x**2 + 3*y**2 + 1 > 0", PLANE)
    node = Sum((ONE, sp.Integer(3), ONE), (x**2, y**2, ONE), strict=2)
    assert accepted(place, node.following(Sight(), Sight(), Sight()))
    for wrong in (
        Sum((ONE, sp.Integer(3), ONE), (x**2, y**2, ONE)),
        Sum((ONE, sp.Integer(3), ONE), (x**2, y**2, ONE), strict=3),
        Sum((ONE, sp.Integer(3)), (x**2, y**2, ONE), strict=0),
        Sum((ONE, sp.Integer(3), ONE), (x**2, y**2, 2 * ONE), strict=2),
        Sum((), (), strict=0),
    ):
        refused(place, wrong)
    refused(goal("x**2 - y**2 >= 0", PLANE), Sum((ONE, -ONE), (x**2, y**2)), "coefficient")
    refused(goal("x**2 > 0", LINE), Sum((ZERO, ONE), (ONE, x**2), strict=0), "coefficient")
    refused(goal("x**2 + 1 != 0", LINE), Sum((ONE, ONE), (x**2, ONE)), "no !=")


def test_the_coefficients_of_a_sum_are_goals() -> None:
    place = goal("x*y**2 >= 0", PLANE)
    assert left(place, Sum((x,), (y**2,)))[0].startswith("x >= 0")
    assert not accepted(place, Sum((x,), (y**2,)).following(Sight(), Sight()))


def test_an_equality_as_a_sum_of_multiples_of_zero() -> None:
    place = goal("x - y == 0", PLANE + "; given x == y")
    assert accepted(place, Sum((ONE,), (x - y,)).following(Given()))
    undefined = Goal(ZERO, "==", ((x, Interval()), (y, Interval())), (Constraint(x - y, "=="),))
    refused(undefined, Sum((sp.log(x), -sp.log(x)), (x - y, x - y)), "defined")


def test_product() -> None:
    place = goal("x*(x - 1)*exp(x) > 0", "x in (-1, 0)")
    factors = (x, x - 1, sp.exp(x))
    assert accepted(place, Product(factors, (-1, -1, 1)).following(Sight(), Sight(), Sight()))
    assert not accepted(place, Product(factors, (1, 1, 1)).following(Sight(), Sight(), Sight()))
    for wrong in (
        Product(factors, (-1, 1, 1)),
        Product(factors, (-1, -1)),
        Product(factors, (-1, -1, 2)),
        Product((x, x - 1), (-1, -1)),
        Product((), ()),
    ):
        refused(place, wrong)
    assert accepted(goal("x*(x - 1) != 0", "x in (0, 1)"), Product((x, x - 1), (1, -1)).following(Sight(), Sight()))
    zero = goal("(x - y)*exp(x) == 0", PLANE + "; given x == y")
    assert accepted(zero, Product((sp.exp(x), x - y), (1, 1)).following(Given()))


def test_both_sides() -> None:
    assert left(goal("x == 0", LINE), Both()) == ["x >= 0 for x in (-oo, oo)", "-x >= 0 for x in (-oo, oo)"]
    refused(goal("x >= 0", LINE), Both(), "equality")


def test_compose() -> None:
    place = goal("x**y >= 1 + 0*x", "x in [1, oo); y in (0, oo)")
    node = Compose("log", x**y, ONE)
    assert [g.split(" for")[0] for g in left(place, node)] == ["x**y > 0", "1 > 0", "log(x**y) >= 0"]
    negative = goal("x >= y", PLANE)
    assert left(negative, Compose("log", x, y))[1].startswith("y > 0")
    assert left(negative, Compose("power", x, y, sp.Integer(2)))[1].startswith("y >= 0")
    place = goal("LambertW(x) <= x", "x in [0, oo)")
    lambert = Compose("lambert", x, sp.LambertW(x))
    assert accepted(place, lambert.following(Sight(), Sight(), Rewrite(x * (sp.exp(x) - 1)).following(Sight())))
    nested = goal("exp(x) >= x", LINE)
    assert (
        sp.exp(x) * sp.exp(sp.exp(x)) - x * sp.exp(x)
        == checker.subgoals(nested, Compose("lambert", sp.exp(x), x))[2].gap
    )
    assert left(negative, Compose("lambert", x, y))[1].startswith("y + 1 >= 0")
    refused(negative, Compose("exp", sp.log(x), sp.log(y)), "equal")
    refused(negative, Compose("sin", x, y), "no rising function")
    refused(negative, Compose("power", x, y, -ONE), "no rising function")
    refused(negative, Compose("power", x, y, ZERO), "no rising function")
    refused(negative, Compose("log", y, x), "equal")
    refused(Goal(ZERO, ">=", ((x, Interval()),)), Compose("exp", sp.log(x), sp.log(x)), "defined")


def test_squares_keep_the_order_only_of_nonnegative_numbers() -> None:
    false = goal("x >= y", "x in [-1, 1]; y in [-3, -2]")
    flipped = goal("y >= x", "x in [-1, 1]; y in [-3, -2]")
    node = Compose("power", y, x, sp.Integer(2)).following(Sight(), Sight(), Sight())
    assert not accepted(flipped, node)
    assert accepted(false, Sight())


def test_sums_of_squares() -> None:
    place = goal("x**2 + x*y + y**2 >= 0", PLANE)
    roots = (x + y / 2, y)
    node = Squares(ONE, (ONE, sp.Rational(3, 4)), roots, (ONE, ONE))
    assert accepted(place, node.following(Sight()))
    for wrong in (
        Squares(ONE, (ONE, sp.Rational(1, 2)), roots, (ONE, ONE)),
        Squares(ONE, (ONE, -sp.Rational(3, 4)), roots, (ONE, -ONE)),
        Squares(ONE, (ONE,), roots, (ONE, ONE)),
        Squares(ONE, (x, ONE), roots, (ONE, ONE)),
    ):
        refused(place, wrong)
    refused(goal("x**2 > 0", LINE), Squares(ONE, (ONE,), (x,), (ONE,)), "proves >=")
    factor = Squares(ONE, (ONE,), (x,), (y,))
    assert left(goal("x**2*y >= 0", PLANE), factor)[1].startswith("y >= 0")
    divided = goal("x**2/y >= 0", "x in (-oo, oo); y in (0, oo)")
    assert left(divided, Squares(y, (ONE,), (x,), (ONE,)))[0].startswith("y > 0")
    refused(goal("x >= 0", LINE), Squares(ONE, (ONE,), (sp.sqrt(x),), (ONE,)), "not seen")


GOOD = [
    ("x**2 >= 0", BEYOND, sp.exp(t), Interval()),
    ("x**2 >= 0", BEYOND, 1 / t, POSITIVE),
    ("x**2 >= 0", "x in [1, oo)", 1 / t, Interval(ZERO, ONE, True)),
    ("x**2 >= 0", LINE, sp.log(t), POSITIVE),
    ("x**2 >= 0", LINE, sp.tan(t), Interval(-sp.pi / 2, sp.pi / 2, True, True)),
    ("x**2 >= 0", "x in [2, oo)", 2 + t / (1 - t), Interval(ZERO, ONE, False, True)),
    ("x**2 >= 0", "x in [0, oo)", t**2, Interval(ZERO)),
    ("x**2 >= 0", "x in [0, oo)", sp.sqrt(t), Interval(ZERO)),
    ("x**2 >= 0", "x in [0, 2]", 2 - t, Interval(ZERO, sp.Integer(2))),
    ("x**2 >= y", "x in (0, oo); y in (0, oo); given x >= y", y + t, Interval(ZERO)),
    ("x**2 >= y", "x in (0, oo); y in (0, oo)", y * t, POSITIVE),
    ("x**2 >= y", "x in (0, oo); y in (0, oo)", y + t, Interval()),
    ("x**2 >= 0", "x in [0, oo)", t * sp.exp(t), Interval(ZERO)),
    ("x**2 >= 0", "x in [-exp(-1), oo)", t * sp.exp(t), Interval(-ONE)),
]


@pytest.mark.parametrize(("statement", "where", "by", "interval"), GOOD)
def test_substitutions(statement: str, where: str, by: sp.Expr, interval: Interval) -> None:
    place = goal(statement, where)
    (found,) = checker.subgoals(place, Substitute("x", by, "t", interval))
    assert found.gap == place.gap.xreplace({x: by})
    assert (t, interval) in found.box
    assert x not in found.gap.free_symbols | {s for s, _ in found.box}


BAD = [
    (BEYOND, sp.exp(t), POSITIVE, "not seen to lie"),
    ("x in [0, oo)", sp.exp(t), Interval(), "not seen"),
    (LINE, t**2, Interval(), "not seen"),
    (LINE, 1 / t, Interval(), "not seen"),
    ("x in [1, oo)", 1 / t, Interval(ZERO, sp.Rational(1, 2), True), "not seen to lie"),
    ("x in [0, 2]", 2 - t, Interval(ZERO, ONE), "not seen to lie"),
    ("x in [0, 2]", 2 - t, Interval(ZERO, sp.Integer(2), True), "not seen to lie"),
    (LINE, sp.sin(t), Interval(), "not seen to take"),
    ("x in [-1, oo)", t * sp.exp(t), Interval(-ONE), "not seen"),
    ("x in [-exp(-1), oo)", t * sp.exp(t), Interval(-ONE, sp.oo, True), "not seen to lie"),
    (LINE, t**3 + t, Interval(), "not seen as|not seen to take"),
    (LINE, x + t, Interval(), "still holds"),
    (LINE, sp.Integer(3), Interval(), "not seen as"),
    ("x in (-oo, oo); y in (-oo, oo)", y * t, Interval(), "differ from 0"),
    ("x in (0, oo); y in (0, oo)", y + t, Interval(ZERO), "not seen to lie"),
    ("x in (-oo, oo); y in (-oo, oo)", sp.log(y) + t, Interval(), "defined"),
    (LINE, sp.log(t), Interval(-ONE), "defined"),
    (LINE, sp.tan(t), Interval(-ONE, ONE), "not seen"),
    (LINE, sp.Symbol("t", integer=True) + 1, Interval(integer=True), "both integers"),
    ("x in [0, oo)", t / (1 - t), Interval(ZERO, ONE, True, True), "not seen to lie"),
    ("x in [0, oo)", t**2, Interval(ONE), "not seen to lie"),
    ("x in (0, 1/4]", t**2, Interval(sp.Integer(4)), "not seen to lie"),
    ("x in [4, oo)", t**2, Interval(ZERO, sp.Rational(1, 4), True), "not seen to lie"),
]


@pytest.mark.parametrize(("where", "by", "interval", "why"), BAD)
def test_substitutions_that_lose_points(where: str, by: sp.Expr, interval: Interval, why: str) -> None:
    refused(goal("x**2 >= 0", where), Substitute("x", by, "t", interval), why)


def test_the_new_variable_is_new_and_integers_stay_integers() -> None:
    refused(goal("x >= y", PLANE), Substitute("x", y + 1, "y", Interval()), "already")
    place = goal("n >= 1", "n in integers [1, oo)")
    k = sp.Symbol("k", integer=True)
    (found,) = checker.subgoals(place, Substitute("n", k + 1, "k", Interval(ZERO, integer=True)))
    assert str(found) == "k >= 0 for k in integers [0, oo)"
    for by in (2 * k, k**2, k + sp.Rational(1, 2)):
        refused(place, Substitute("n", by, "k", Interval(integer=True)), "integer")


def test_what_is_known_of_the_old_variable_stays_known() -> None:
    place = goal("x**2 >= 0", "x in [0, 1]; y in [0, 1]")
    (found,) = checker.subgoals(place, Substitute("x", y + t, "t", Interval()))
    assert [str(c) for c in found.given] == ["t + y >= 0", "-t - y + 1 >= 0"]
    assert accepted(found, Rewrite((y + t) ** 2).following(Sight()))


def test_exchange() -> None:
    place = goal("x**2 + y**2 - 2*x*y >= 0", PLANE)
    assert left(place, Exchange("x", "y"))[0].endswith("given x - y >= 0")
    refused(goal("x**2 - y >= 0", PLANE), Exchange("x", "y"), "equal")
    refused(goal("x*y >= 0", "x in [0, 1]; y in [0, 2]"), Exchange("x", "y"), "one interval")
    refused(goal("x*y >= 0", "x in [0, 1]; y in [0, 1); given x >= 0"), Exchange("x", "y"), "one interval")
    refused(goal("x*y >= 0", PLANE + "; given x >= 1"), Exchange("x", "y"), "constraints change")
    refused(goal("x*y >= 0", PLANE + "; given x >= y"), Exchange("x", "y"), "constraints change")
    refused(place, Exchange("x", "x"), "one interval")
    assert left(goal("x*y >= 0", PLANE + "; given x + y >= 1"), Exchange("x", "y"))


def test_reflect() -> None:
    assert left(goal("cosh(x) >= 1", "x in [-2, 2]"), Reflect("x")) == ["cosh(x) - 1 >= 0 for x in [0, 2]"]
    refused(goal("sinh(x) >= x", "x in [-2, 2]"), Reflect("x"), "equal")
    refused(goal("x**2 >= 0", "x in [-2, 3]"), Reflect("x"), "symmetric")
    refused(goal("x**2 >= 0", "x in [-2, 2)"), Reflect("x"), "symmetric")
    refused(goal("x**2 >= 0", "x in [-2, 2]; given x >= 1"), Reflect("x"), "constraints change")


def test_period() -> None:
    place = goal("sin(x)**2 <= 1", LINE)
    assert left(place, Period("x", sp.pi, ZERO)) == ["1 - sin(x)**2 >= 0 for x in [0, pi]"]
    refused(place, Period("x", sp.pi / 2, ZERO), "period")
    refused(place, Period("x", -sp.pi, ZERO), "positive")
    refused(place, Period("x", ZERO, ZERO), "positive")
    refused(place, Period("x", sp.pi, x), "constants")
    refused(goal("tan(x)**2 >= 0", "x in (-1, 1)"), Period("x", sp.pi, ZERO), "defined")
    refused(goal("x**2 >= 0", LINE), Period("x", ONE, ZERO), "period")
    refused(goal("cos(2*pi*n) >= 0 - n**2", "n in integers (-oo, oo)"), Period("n", ONE, ZERO), "real")


def test_a_period_forgets_what_is_known_of_its_variable() -> None:
    place = goal("sin(x) > 0", "x in (0, oo); given sin(x) >= 1/2")
    (found,) = checker.subgoals(place, Period("x", 2 * sp.pi, ZERO))
    assert found.given == ()


@pytest.mark.parametrize(
    ("statement", "where", "node"),
    [
        ("x >= 0", LINE, Rewrite(x).following(Empty())),
        ("x >= 0", LINE, Rewrite(x)),
        ("x**2 >= 0", LINE, Sight().following(Sight())),
        ("x**2 - 1 == 0", LINE, Identity()),
    ],
)
def test_a_node_has_as_many_children_as_it_leaves_goals(statement: str, where: str, node: Node) -> None:
    assert not accepted(goal(statement, where), node)


def test_round_trips_of_texts() -> None:
    place = goal("log(x) <= x - 1", BEYOND)
    assert read("(x - 1)**2/x", place) == (x - 1) ** 2 / x
