"""Rules that split or widen a region: what they leave, and where they refuse."""

from __future__ import annotations

import pytest
import sympy as sp

from tests.certificate_goals import accepted, goal, left, read, refused
from validation.certificates import checker
from validation.certificates.goals import Constraint, Goal, Interval
from validation.certificates.nodes import Cases, Empty, Forget, Given, Have, Points, Relax, Sight, Split, Strengthen
from validation.certificates.rules_region import resolved

x, y, z = sp.symbols("x y z", real=True)
LINE = "x in (-oo, oo)"


def test_split() -> None:
    assert left(goal("x >= 0", "x in (0, pi)"), Split("x", sp.pi / 2)) == [
        "x >= 0 for x in (0, pi/2]",
        "x >= 0 for x in [pi/2, pi)",
    ]
    assert left(goal("n >= 0", "n in integers [0, oo)"), Split("n", sp.Integer(3))) == [
        "n >= 0 for n in integers [0, 3]",
        "n >= 0 for n in integers [4, oo)",
    ]


@pytest.mark.parametrize("at", ["0", "4", "-1", "5", "22/7", "2*exp(1)", "y"])
def test_split_only_inside(at: str) -> None:
    where = "x in (0, pi]; y in [0, 1]" if at == "22/7" else "x in [0, 4]; y in [0, 1]"
    place = goal("x >= y", where)
    refused(place, Split("x", read(at, place)), "between the ends|constant")


def test_split_at_no_infinity() -> None:
    for end in (sp.oo, -sp.oo):
        refused(goal("x >= 0", "x in [0, 4]"), Split("x", end), "between the ends")
        refused(goal("x >= 0", LINE), Split("x", end), "between the ends")


def test_integers_are_split_at_integers() -> None:
    refused(goal("n >= 0", "n in integers [0, 9]"), Split("n", sp.Rational(7, 2)), "at an integer")
    refused(goal("n >= 0", "n in integers [0, 9]"), Split("m", sp.Integer(3)), "no variable")


def test_points() -> None:
    assert left(goal("x**n >= 0", "x in [0, 1]; n in integers [1, 3]"), Points("n")) == [
        "x >= 0 for x in [0, 1]",
        "x**2 >= 0 for x in [0, 1]",
        "x**3 >= 0 for x in [0, 1]",
    ]
    refused(goal("n >= 0", "n in integers [0, oo)"), Points("n"), "finitely many")
    refused(goal("n <= 0", "n in integers (-oo, 0]"), Points("n"), "finitely many")
    refused(goal("x >= 0", "x in [0, 3]"), Points("x"), "finitely many")
    refused(goal("n >= 0", "n in integers [0, 100000]"), Points("n"), "at most")
    refused(goal("1/n >= 0", "n in integers [0, 3]"), Points("n"), "not seen")


def test_cases() -> None:
    first, second = checker.subgoals(goal("Abs(x) + Max(x, 0) >= 0", LINE), Cases(x))
    assert (first.gap, second.gap) == (2 * x, -x)
    assert [str(c) for c in first.given + second.given] == ["x >= 0", "-x >= 0"]


def test_cases_need_a_defined_expression() -> None:
    refused(goal("x**2 >= 0", LINE), Cases(sp.log(x)), "not seen")
    refused(goal("x**2 >= 0", LINE), Cases(1 / x), "not seen")
    assert accepted(
        goal("x**2 >= 0", "x in (0, oo)"),
        Cases(sp.log(x)).following(Sight(), Sight()),
    )


@pytest.mark.parametrize(
    ("expr", "by", "found"),
    [
        (sp.Abs(x - y), x - y, x - y),
        (sp.Abs(x - y), y - x, y - x),
        (sp.Abs(2 * x - 2 * y), x - y, 2 * x - 2 * y),
        (sp.Abs(x - y), x + y, sp.Abs(x - y)),
        (sp.Abs(x), x + 1, sp.Abs(x)),
        (sp.Max(x, y), x - y, x),
        (sp.Max(x, y), y - x, y),
        (sp.Min(x, y), x - y, y),
        (sp.Min(x, y), 3 * y - 3 * x, x),
        (sp.Max(x, y, z), x - y, sp.Max(x, z)),
        (sp.Max(x, y + 1), x - y, sp.Max(x, y + 1)),
        (sp.Max(x, y), x**2, sp.Max(x, y)),
        (sp.exp(sp.Abs(x)), x, sp.exp(x)),
    ],
)
def test_what_a_case_resolves(expr: sp.Expr, by: sp.Expr, found: sp.Expr) -> None:
    assert resolved(expr, by) == found


def test_have() -> None:
    place = goal("x**2*exp(x) >= 0", "x in [1, oo)")
    assert left(place, Have(sp.log(x), ">="))[0] == "log(x) >= 0 for x in [1, oo)"
    assert checker.subgoals(place, Have(sp.log(x), ">="))[1].given == (Constraint(sp.log(x), ">=", everywhere=True),)
    assert not accepted(goal("x >= 1", LINE), Have(x - 1, ">=").following(Sight(), Given()))
    assert accepted(goal("x + 1 > 0", "x in [0, oo)"), Have(x + 1, ">").following(Sight(), Given()))


def test_forget() -> None:
    place = goal("x >= 0", "x in [0, 1]; y in [0, 1]; given y >= x; given y >= 1/2")
    assert left(place, Forget(("y",), (0, 1))) == ["x >= 0 for x in [0, 1]"]
    for wrong in (Forget(("x",), (0,)), Forget(("y",), (0,)), Forget((), (2,)), Forget((), (-1,)), Forget(("t",))):
        refused(place, wrong)


def test_what_was_known_everywhere_is_plain_once_a_constraint_is_forgotten() -> None:
    known = (Constraint(x - y, ">="), Constraint(x - 1, ">=", everywhere=True))
    box = ((x, Interval()), (y, Interval(sp.S.One)))
    (kept,) = checker.subgoals(Goal(x, ">=", box, known), Forget((), (0,)))
    assert kept.given == (Constraint(x - 1, ">="),)
    (kept,) = checker.subgoals(Goal(x, ">=", box, known), Forget((), (1,)))
    assert kept.given == (Constraint(x - y, ">="),)


def test_relax() -> None:
    place = goal("2**n >= n", "n in integers (0, 7)")
    (real,) = checker.subgoals(place, Relax("n"))
    assert real.box == ((sp.Symbol("n", real=True), Interval(sp.S.One, sp.Integer(6))),)
    refused(goal("x >= 0", "x in [0, 1]"), Relax("x"), "no integer")


def test_a_power_of_minus_one_does_not_survive_relaxing() -> None:
    (real,) = checker.subgoals(goal("(-1)**n + 1 >= 0", "n in integers [0, 9]"), Relax("n"))
    refused(real, Sight(), "not seen to be defined")


def test_what_holds_of_integers_is_not_known_of_reals() -> None:
    n = sp.Symbol("n", integer=True)
    place = Goal(n, ">=", ((n, Interval(sp.S.Zero, integer=True)),), (Constraint(n * (n - 1), ">=", everywhere=True),))
    (real,) = checker.subgoals(place, Relax("n"))
    assert not real.given[0].everywhere


def test_strengthen() -> None:
    assert left(goal("x != 0", "x in (-3, -1)"), Strengthen("<")) == ["-x > 0 for x in (-3, -1)"]
    assert left(goal("x >= 0", "x in (0, 1)"), Strengthen(">")) == ["x > 0 for x in (0, 1)"]
    for statement, relation in (("x > 0", ">="), ("x == 0", ">="), ("x >= 0", "<"), ("x != 0", ">="), ("x > 0", "==")):
        refused(goal(statement, LINE), Strengthen(relation), "no stronger")


def test_a_case_without_points() -> None:
    place = goal("x >= 0", "x in [1, 2]")
    assert accepted(place, Cases(x).following(Sight(), Empty()))
    assert not accepted(goal("x >= 0", "x in [-1, 2]"), Cases(x).following(Sight(), Empty()))
