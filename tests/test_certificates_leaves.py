"""Leaves of certificates: what they prove, and what they must not."""

from __future__ import annotations

import pytest
import sympy as sp

from tests.certificate_goals import accepted, goal, refused
from validation.certificates.goals import Constraint, Goal, Interval, Rejected
from validation.certificates.nodes import Constant, Cover, Empty, Given, Identity, Open, Sight, Sturm

x = sp.Symbol("x", real=True)
LINE, UNIT = "x in (-oo, oo)", "x in [0, 1]"

SEEN = [
    ("exp(x) > 0", LINE),
    ("x**2 + 1 > 0", LINE),
    ("sin(x) > 0", "x in (0, pi)"),
    ("cos(x) > 0", "x in (-pi/2, pi/2)"),
    ("sin(2*x - pi/2) >= 0", "x in [pi/4, pi/2]"),
    ("tan(x) > 0", "x in (0, pi/2)"),
    ("sin(x) < 0", "x in (pi, 2*pi)"),
    ("1 + sin(x) >= 0", "x in [pi, 2*pi]"),
    ("log(x) > 0", "x in (1, oo)"),
    ("1 - tanh(x) > 0", LINE),
    ("2 - erfc(x) > 0", LINE),
    ("LambertW(x) + 1 >= 0", "x in [-exp(-1), oo)"),
    ("sqrt(x) - 1 > 0", "x in (1, oo)"),
    ("x**(2/3) - 4 >= 0", "x in [8, oo)"),
    ("gamma(x) > 0.8856", "x in (0, oo)"),
    ("lowergamma(s, x) >= 0", "s in (0, oo); x in [0, oo)"),
    ("uppergamma(s, x) > 0", "s in (-oo, oo); x in (0, oo)"),
    ("x**n >= 0", "x in [0, oo); n in integers [0, oo)"),
    ("1 - x**n >= 0", "x in [-1, 1]; n in integers [0, oo)"),
    ("x**y > 0", "x in (0, oo); y in (-oo, oo)"),
    ("sqrt(x - y) >= 0", "x in (0, oo); y in (0, oo); given x >= y"),
    ("x - y + z > 0", "x in (0, oo); y in (0, oo); z in (0, oo); given x >= y"),
    ("n - 1 >= 0", "n in integers (0, oo)"),
    ("polygamma(1, x) > 0", "x in (0, oo)"),
    ("x**2 != 0", "x in (-oo, oo); given x > 1"),
    ("acos(x) >= 0", "x in [-1, 1]"),
    ("Max(x, 2) - 2 >= 0", LINE),
    ("Min(x, 2) - 2 <= 0", LINE),
]


@pytest.mark.parametrize(("statement", "where"), [case for case in SEEN if "polygamma" not in case[0]])
def test_sight_sees(statement: str, where: str) -> None:
    assert accepted(goal(statement, where), Sight())


NOT_SEEN = [
    ("exp(x) > 1", "x in [0, oo)"),
    ("x >= 0", "x in (-1, oo)"),
    ("x > 0", "x in [0, oo)"),
    ("sin(x) >= 0", "x in (0, 22/7)"),
    ("sin(x) >= 0", "x in [0, 2*pi]"),
    ("sin(x) <= 0", "x in [pi, 3*pi]"),
    ("sin(x) > 0", "x in [0, pi)"),
    ("sin(x) > 0", "x in (0, pi]"),
    ("sin(x) < 0", "x in [pi, 2*pi)"),
    ("sin(x) < 0", "x in (pi, 2*pi]"),
    ("sin(x) + 1 > 0", "x in [pi, 2*pi]"),
    ("1 - sin(x) > 0", "x in [0, pi/2]"),
    ("1 - sin(x) > 0", "x in [2*pi, 5*pi/2]"),
    ("cos(x) > 0", "x in (0, pi/2]"),
    ("sin(x) > 0", "x in [0, pi]"),
    ("cos(x) >= 0", "x in (0, 2)"),
    ("tan(x) > 0", "x in (0, pi/2]"),
    ("tan(x) > 0", "x in (0, 2)"),
    ("log(x) >= 0", "x in [0.999, oo)"),
    ("LambertW(x) >= -1", "x in [-1, oo)"),
    ("sqrt(x) >= 0", "x in [-1, oo)"),
    ("1/x >= 0", "x in [0, oo)"),
    ("1/x**2 >= 0", LINE),
    ("x**y >= 0", "x in [0, oo); y in [0, oo)"),
    ("x**(1/3) >= -2", LINE),
    ("x**n >= 0", "x in [-1, 1]; n in integers [0, oo)"),
    ("x**n >= -1", "x in [-1, 1]; n in integers (-oo, oo)"),
    ("x**n <= 1", "x in [-1, 3/2]; n in integers [0, oo)"),
    ("gamma(x) > 0", "x in (-1, oo)"),
    ("gamma(x) > 0.8857", "x in (0, oo)"),
    ("loggamma(x) >= -0.1214", "x in (0, oo)"),
    ("lowergamma(s, x) > 0", "s in (0, oo); x in [0, oo)"),
    ("asin(x) <= 2", "x in [0, 1.0001]"),
    ("sign(x)**2 > 0", LINE),
    ("x - y >= 0", "x in (0, oo); y in (0, oo); given x >= y - 1"),
    ("y - x >= 0", "x in (0, oo); y in (0, oo); given x >= y"),
    ("Max(x, 2) > 2", LINE),
    ("Min(x, 2) < 2", LINE),
    ("Abs(x) > 0", LINE),
    ("acos(x) > 0", "x in [-1, 1]"),
    ("x**2 - 2 >= 0", "x in [1.4142, oo)"),
    ("gamma(x) - gamma(1.4616321449685) + 10**-30 >= 0", "x in (0, 1.4616321449685]"),
]


@pytest.mark.parametrize(("statement", "where"), [case for case in NOT_SEEN if "sign" not in case[0]])
def test_sight_does_not_see_what_is_false_or_undefined(statement: str, where: str) -> None:
    refused(goal(statement, where), Sight())


def test_sign_may_be_zero() -> None:
    refused(Goal(sp.sign(x) ** 2, ">", ((x, Interval()),)), Sight())
    assert accepted(Goal(sp.sign(x) ** 2, ">", ((x, Interval()),), (Constraint(x, "!="),)), Sight())


def test_a_value_that_is_left_out_makes_an_inverse_defined() -> None:
    box = ((x, Interval()),)
    assert accepted(Goal(1 / x**2, ">", box, (Constraint(x, "!="),)), Sight())
    assert accepted(Goal(1 / (x - 1) ** 2, ">", box, (Constraint(2 - 2 * x, "!="),)), Sight())
    refused(Goal(1 / (x - 1) ** 2, ">", box, (Constraint(x, "!="),)), Sight())


IDENTITIES = [
    ("sin(x + y) == sin(x)*cos(y) + cos(x)*sin(y)", "x in (-oo, oo); y in (-oo, oo)"),
    ("cosh(x)**2 - sinh(x)**2 == 1", LINE),
    ("log(a*b) == log(a) + log(b)", "a in (0, oo); b in (0, oo)"),
    ("gamma(a + 3)/gamma(a + 1) == (a + 2)*(a + 1)", "a in (0, oo)"),
    ("uppergamma(s + 1, a) == s*uppergamma(s, a) + a**s*exp(-a)", "s in (0, oo); a in (0, oo)"),
    ("erf(x) + erfc(x) == 1", LINE),
    ("1/sqrt(1 + x**2) == sqrt(1 + x**2)/(1 + x**2)", LINE),
    ("a**x*b**x == (a*b)**x", "a in (0, oo); b in (0, oo); x in (-oo, oo)"),
    ("Max(x, y) + Min(x, y) == x + y", "x in (-oo, oo); y in (-oo, oo)"),
    ("log(exp(x) + exp(y)) == x + log(1 + exp(y - x))", "x in (-oo, oo); y in (-oo, oo)"),
    ("LambertW(a)*exp(LambertW(a)) == a", "a in (0, oo)"),
    ("tanh(x + y) == (tanh(x) + tanh(y))/(1 + tanh(x)*tanh(y))", "x in [0, oo); y in [0, oo)"),
    ("cos(3*x) == 4*cos(x)**3 - 3*cos(x)", LINE),
    ("(-1)**(n + 1) == -(-1)**n", "n in integers [0, oo)"),
    ("digamma(a + 1) - digamma(a) == 1/a", "a in (0, oo)"),
    ("gamma(x)*gamma(1 - x) == pi/sin(pi*x)", "x in (0, 1)"),
    ("gamma(x)*gamma(x + 1/2) == 2**(1 - 2*x)*sqrt(pi)*gamma(2*x)", "x in (0, oo)"),
    ("gamma(x + 1)*gamma(x + 1/2) == 2**(-2*x)*sqrt(pi)*gamma(2*x + 1)", "x in (0, oo)"),
    ("gamma(n/2)*gamma(n/2 + 1/2) == 2**(1 - n)*sqrt(pi)*gamma(n)", "n in integers [1, oo)"),
    ("(1 + x**2)**(3/2) == sqrt(1 + x**2) + x**2*sqrt(1 + x**2)", LINE),
    ("(1 + x**2)**(-1/3) == (1 + x**2)**(2/3)/(2 + x**2 - 1)", LINE),
    ("sqrt(x*y) == sqrt(x)*sqrt(y)", "x in [0, oo); y in [0, oo)"),
    ("sqrt(8) == 2*sqrt(2)", ""),
    ("sqrt(x*y)*(x + 1) == x*sqrt(x*y) + sqrt(x*y)", "x in [-2, -1]; y in [-2, -1]"),
    ("log(a*b + a) == log(a) + log(1 + b)", "a in (0, oo); b in (0, oo)"),
]


@pytest.mark.parametrize(("statement", "where"), IDENTITIES)
def test_identities(statement: str, where: str) -> None:
    assert accepted(goal(statement, where), Identity())


NO_IDENTITIES = [
    ("log(x**2) == 2*log(x)", LINE),
    ("log(x**2) == 2*log(x)", "x in (-oo, 0)"),
    ("sqrt(x*y) == sqrt(x)*sqrt(y)", "x in (-oo, 0]; y in (-oo, 0]"),
    ("sqrt(x**2) == x", "x in [-1, oo)"),
    ("(x**2)**(3/2) == x**3", LINE),
    ("asin(sin(x)) == x", LINE),
    ("atan(tan(x)) == x", "x in (2, 3)"),
    ("acos(cos(x)) == x", "x in [-1, 1]"),
    ("(x**n)**2 == x**n", "x in (0, oo); n in integers [0, oo)"),
    ("LambertW(x)*exp(LambertW(x)) == x + 1/10**30", "x in (0, oo)"),
    ("gamma(a + 1) == (a + 1)*gamma(a)", "a in (0, oo)"),
    ("gamma(x)*gamma(1 - x) == pi/cos(pi*x)", "x in (0, 1/2)"),
    ("gamma(x)*gamma(x + 1/2) == 2**(2 - 2*x)*sqrt(pi)*gamma(2*x)", "x in (0, oo)"),
    ("gamma(x)*gamma(x + 1) == 2**(1 - 2*x)*sqrt(pi)*gamma(2*x)", "x in (0, oo)"),
    ("exp(x) == 1 + x + x**2/2", "x in [0, 1/10**9]"),
    ("pi == 3141592653589793/10**15", ""),
    ("Max(x, y) == x", "x in (-oo, oo); y in (-oo, oo)"),
    ("(-1)**n == 1", "n in integers [0, oo)"),
    ("Abs(cos(x/2)) == cos(x/2)", "x in [4.3, 5.7]"),
    ("Abs(sin(x/2)) == sin(x/2)", "x in [6.5, 8.5]"),
    ("Abs(log(x/y)) == log(x/y)", "x in [-3, -2]; y in [-3, -2]"),
    ("sqrt(x*y)*sqrt(x*z) == x*sqrt(y*z)", "x in [-2, -1]; y in [-2, -1]; z in [-2, -1]"),
    ("sqrt(x**2*y) == x*sqrt(y)", "x in [-2, -1]; y in [1, 2]"),
    ("exp(log(x**2*y)/2) == x*sqrt(y)", "x in [-2, -1]; y in [1, 2]"),
]


@pytest.mark.parametrize(("statement", "where"), NO_IDENTITIES)
def test_what_is_no_identity(statement: str, where: str) -> None:
    refused(goal(statement, where), Identity())


def test_an_identity_needs_a_defined_gap_and_proves_nothing_strict() -> None:
    same = goal("log(x) + 1 == log(x) + 1 + x - x", "x in (0, oo)")
    assert accepted(same.claiming(sp.log(x) - sp.log(x)), Identity())
    gap = sp.log(2 * x) - sp.log(2) - sp.log(x)
    assert accepted(Goal(gap, "==", ((x, Interval(sp.S.Zero, sp.oo, True)),)), Identity())
    refused(Goal(gap, "==", ((x, Interval(sp.S.Zero, sp.oo)),)), Identity(), "not seen to be defined")
    refused(Goal(sp.S.Zero, ">"), Identity(), "does not prove >")
    refused(Goal(sp.S.Zero, "!="), Identity(), "does not prove !=")


def test_constants() -> None:
    assert accepted(goal("pi > 333/106"), Constant(40))
    refused(goal("pi > 333/106"), Constant(12), "not seen")
    refused(goal("pi > 355/113"), Constant(100))
    refused(goal("sqrt(2)**2 > 2"), Constant(100))
    refused(goal("pi - pi + 1 == 1 + 1/10**40"), Constant(30))
    refused(goal("pi > 3"), Constant(10**6), "precision")
    refused(goal("x > -1", UNIT), Constant(30), "no constant")
    assert accepted(goal("pi != 22/7"), Constant(30))
    assert accepted(goal("22/7 != pi"), Constant(30))
    assert accepted(Goal(sp.S.Zero, ">="), Constant(30))
    assert accepted(Goal(sp.S.Zero, "=="), Constant(30))
    for relation in ("!=", ">"):
        refused(Goal(sp.S.Zero, relation), Constant(30), "not seen")


def test_a_constant_outside_its_function_has_no_sign() -> None:
    assert not accepted(Goal(sp.loggamma(sp.cos(2)) ** 2, ">="), Constant(50))


def test_given_conditions() -> None:
    where = "x in (-oo, oo); y in (-oo, oo); given x >= y"
    assert accepted(goal("3*x - 3*y >= 0", where), Given())
    for false in ("x - y > 0", "y - x >= 0", "x - y >= 1", "x - 2*y >= 0", "x - y == 0", "x - y != 0"):
        refused(goal(false, where), Given())
    equal = "x in (-oo, oo); y in (-oo, oo); given x == y"
    assert accepted(goal("2*y - 2*x == 0", equal), Given())
    assert accepted(goal("x - y >= 0", equal), Given())
    refused(goal("y - x >= 1", equal), Given())
    refused(goal("x - y != 0", equal), Given())


def test_a_region_without_points() -> None:
    assert accepted(goal("x > 5", "x in [0, 1]; given x >= 2"), Empty())
    assert accepted(Goal(x - 5, ">", ((x, Interval(sp.S.One, sp.S.One, True)),)), Empty())
    assert accepted(goal("x > 5", "x in [0, 1]; given x**2 + 1 <= 0"), Empty())
    refused(goal("x > 5", "x in [0, 1]; given x >= 1"), Empty())
    refused(goal("x > 5", "x in [1, 1]"), Empty())
    refused(goal("x > 5", "x in [0, 1]; given x**2 <= 0"), Empty())


def test_sturm() -> None:
    assert accepted(goal("x**4 - 2*x**2 + 1 >= 0", LINE), Sturm())
    assert accepted(goal("x**2 - 2 > 0", "x in (3/2, oo)"), Sturm())
    assert accepted(goal("x**2 - 1 > 0", "x in (1, oo)"), Sturm())
    assert accepted(goal("x**2 - 1 >= 0", "x in (-oo, -1]"), Sturm())
    assert accepted(goal("(x - 1)**2*(2 - x) >= 0", "x in [0, 2]"), Sturm())
    assert accepted(goal("x**2 + x + 1 != 0", LINE), Sturm())
    for false, where in (
        ("x**4 - 2*x**2 + 1 > 0", LINE),
        ("x**4 - 2*x**2 + 0.999999 >= 0", LINE),
        ("x**2 - 1 > 0", "x in [1, oo)"),
        ("x**2 - 2 > 0", "x in (7/5, oo)"),
        ("x**3 >= 0", LINE),
        ("x**3 + x >= 0", LINE),
        ("-x**3 - x >= 0", LINE),
        ("(x - 1)**2*(x - 2) >= 0", "x in [0, 2]"),
        ("(x - 1)**2*(x - 2)*(x - 3)**3 > 0", "x in (1, 4)"),
        ("-1 - x**2 >= 0", LINE),
        ("x**2 - x - 1 >= 0", "x in (-oo, 2)"),
        ("(1 - x)*(2 - x) >= 0", "x in [0, 2]"),
        ("x*(x - 1) >= 0", "x in (-oo, 1]"),
        ("x*(x - 1)**2*(1/2 - x) >= 0", "x in [0, 1]"),
        ("(x - 1)**3*(x - 2)**2*(3/2 - x) >= 0", "x in [1, 2]"),
    ):
        refused(goal(false, where), Sturm())
    refused(goal("x**2 + y**2 >= 0", "x in [0, 1]; y in [0, 1]"), Sturm(), "one variable")
    refused(goal("x**2 >= pi", "x in [2, 3]"), Sturm(), "rational coefficients")
    refused(goal("x + 1 == 0", UNIT), Sturm(), "no equality")
    refused(Goal(x, ">=", ((x, Interval(sp.S.One, sp.S.One)),)), Sturm(), "no inside")
    refused(Goal(-x, ">=", ((x, Interval(sp.S.One, -sp.S.One)),)), Sturm(), "no inside")
    refused(goal("x**2 - x**2 + x - x == 0", UNIT).claiming(x, "=="), Sturm())


def test_covers() -> None:
    assert accepted(goal("exp(x) - x > 0", "x in [-1, 1]"), Cover("00pp0pp"))
    assert accepted(goal("x*(1 - x) + exp(x) > 1/2", UNIT), Cover("0pp"))
    assert accepted(goal("x + sin(x) >= 0", UNIT), Cover("c"))
    assert accepted(goal("x**2 - x + 0.28 > 0", "x in [0.4, 0.6]"), Cover("m"))
    assert accepted(goal("x > 0.4", "x in [0, 1]; given x >= 0.6"), Cover("0xp"))
    assert accepted(goal("n**2 > 1/2", "n in integers (0, 5)"), Cover("p"))


@pytest.mark.parametrize(
    ("statement", "where", "tree"),
    [
        ("exp(x) - x > 0", "x in [-1, 1]", "0p"),
        ("exp(x) - x > 0", "x in [-1, 1]", "0ppp"),
        ("exp(x) - x > 0", "x in [-1, 1]", ""),
        ("exp(x) - x > 0", "x in [-1, 1]", "1pp"),
        ("exp(x) - x > 0", "x in [-1, 1]", "q"),
        ("x > 0", UNIT, "c"),
        ("x - 1 >= 0", UNIT, "c"),
        ("x >= 0.1", UNIT, "0xp"),
        ("x >= 0.1", "x in [0, 1]; given x >= 0.4", "0xp"),
        ("1/x > 0", "x in (0, 1]", "p"),
        ("log(x) < 1", "x in [-1, 1]", "0pp"),
        ("sqrt(x) >= 0", "x in [-1, 1]", "c"),
        ("Abs(x) - 1/10 >= 0", "x in [-1, 1]", "c"),
        ("Abs(x) - 1/10 >= 0", "x in [-1, 1]", "m"),
        ("x**2 - x + 0.24 > 0", "x in [0.4, 0.6]", "m"),
        ("tan(x)**2 >= 0", "x in [1, 2]", "p"),
        ("x == 0", "x in [0, 0]", "p"),
        ("exp(x) > 0", "x in [0, oo)", "p"),
        ("x**2 != 0", "x in [-1, 1]", "c"),
        ("x != 0", "x in [0, 1]", "p"),
        ("-x != 0", "x in [0, 1]", "p"),
        ("x >= 0", "x in [-1/10**9, 1]", "p"),
        ("x > 0", "x in [0, 1]", "p"),
    ],
)
def test_covers_that_are_none(statement: str, where: str, tree: str) -> None:
    refused(goal(statement, where), Cover(tree))


def test_the_precision_of_a_cover_is_limited() -> None:
    refused(goal("x >= 0", UNIT), Cover("p", precision=1), "precision")
    refused(goal("x >= 0", UNIT), Cover("p", precision=10**6), "precision")


def test_an_open_goal_is_never_accepted() -> None:
    refused(goal("exp(x) > 0", LINE), Open(), "no rule")


@pytest.mark.parametrize("bad", [sp.nan, sp.zoo, sp.oo, sp.I * x, x * sp.I + 1])
def test_goals_are_real(bad: sp.Expr) -> None:
    with pytest.raises(Rejected):
        Goal(bad, ">=", ((x, Interval()),))


def test_goals_bind_their_variables_and_know_their_relations() -> None:
    with pytest.raises(Rejected, match="no interval"):
        Goal(x, ">=")
    with pytest.raises(Rejected, match="relation"):
        Goal(sp.S.One, "<=")
    with pytest.raises(Rejected, match="constant"):
        Interval(x, sp.oo)
