"""Limits by leading terms: the known ones, and refusals where terms cancel or nothing tends anywhere."""

from __future__ import annotations

import pytest

from tests.certificate_goals import goal, read
from validation.certificates.goals import Rejected
from validation.certificates.limits import limit

REST = "; y in (0, oo); s in [1, oo)"
POSITIVE, UNIT = "x in (0, oo)", "x in (0, 1)"

LIMITS = [
    ("log(x) + 1/x", POSITIVE, 0, "oo"),
    ("log(x) + 1/x", POSITIVE, 1, "oo"),
    ("log(x) - 1/x", POSITIVE, 0, "-oo"),
    ("x*log(x) + (1 - x)*log(1 - x)", UNIT, 0, "0"),
    ("x*log(x) + (1 - x)*log(1 - x)", UNIT, 1, "0"),
    ("(1 + 1/x)**x", POSITIVE, 1, "E"),
    ("(1 + 1/x)**x", POSITIVE, 0, "1"),
    ("x*(loggamma(x) - (x - 1/2)*log(x) + x - log(2*pi)/2)", POSITIVE, 1, "1/12"),
    ("x*(digamma(x) - log(x))", POSITIVE, 1, "-1/2"),
    ("x**2*(polygamma(1, x) - 1/x)", POSITIVE, 1, "1/2"),
    ("x**3*(polygamma(2, x) + 1/x**2)", POSITIVE, 1, "-1"),
    ("x**2*polygamma(1, x)", POSITIVE, 0, "1"),
    ("x**3*polygamma(2, x)", POSITIVE, 0, "-2"),
    ("x*digamma(x)", POSITIVE, 0, "-1"),
    ("erfc(x)*exp(x**2)*x", POSITIVE, 1, "1/sqrt(pi)"),
    ("x**2*(1 - sqrt(pi)*x*exp(x**2)*erfc(x))", POSITIVE, 1, "1/2"),
    ("erfc(x)", "x in (-oo, 0)", 0, "2"),
    ("erf(x)", POSITIVE, 1, "1"),
    ("lowergamma(s, x)/x**s", POSITIVE, 0, "1/s"),
    ("lowergamma(s, x)", POSITIVE, 1, "gamma(s)"),
    ("(lowergamma(s, x)/x**s - 1/s)/x", POSITIVE, 0, "-1/(s + 1)"),
    ("(uppergamma(s, x)*exp(x)*x**(1 - s) - 1)*x", POSITIVE, 1, "s - 1"),
    ("x**3*(loggamma(x) - (x - 1/2)*log(x) + x - log(2*pi)/2 - 1/(12*x))", POSITIVE, 1, "-1/360"),
    ("x**2*(digamma(x) - log(x) + 1/(2*x))", POSITIVE, 1, "-1/12"),
    ("x**3*(polygamma(1, x) - 1/x - 1/(2*x**2))", POSITIVE, 1, "1/6"),
    ("uppergamma(s, x)*exp(x)*x**(1 - s)", POSITIVE, 1, "1"),
    ("uppergamma(s, x)", POSITIVE, 0, "gamma(s)"),
    ("x**y*exp(-x)", POSITIVE, 1, "0"),
    ("x**y*log(x)", POSITIVE, 0, "0"),
    ("(exp(x) - 1)/x", POSITIVE, 0, "1"),
    ("(sin(x) - x)/x**3", UNIT, 0, "-1/6"),
    ("(1 - cos(x))/x**2", UNIT, 0, "1/2"),
    ("tan(x)*(pi/2 - x)", "x in (0, pi/2)", 1, "1"),
    ("tanh(x)", POSITIVE, 1, "1"),
    ("tanh(x)", "x in (-oo, 0)", 0, "-1"),
    ("sin(x)/x", POSITIVE, 1, "0"),
    ("x*(pi/2 - atan(x))", POSITIVE, 1, "1"),
    ("atan(x)", "x in (-oo, 0)", 0, "-pi/2"),
    ("sqrt(x**2 + x) - x", POSITIVE, 1, "1/2"),
    ("log(exp(x) + exp(y)) - x", POSITIVE, 1, "0"),
    ("x*log(1 + y/x)", POSITIVE, 1, "y"),
    ("gamma(x)*x", UNIT, 0, "1"),
    ("gamma(x + 1/2)/gamma(x)/sqrt(x)", POSITIVE, 1, "1"),
    ("x**x", UNIT, 0, "1"),
    ("exp(x) - x**y", POSITIVE, 1, "oo"),
    ("exp(-1/x)/x**5", UNIT, 0, "0"),
    ("log(x)**3/x", POSITIVE, 1, "0"),
    ("cosh(x)*exp(-x)", POSITIVE, 1, "1/2"),
    ("cosh(x)", UNIT, 0, "1"),
    ("sinh(x)/x", UNIT, 0, "1"),
    ("sinh(x)*exp(-x)", POSITIVE, 1, "1/2"),
    ("Abs(x - 1)/(x - 1)", "x in (1, 2)", 0, "1"),
    ("Abs(x - 1)/(x - 1)", UNIT, 1, "-1"),
    ("Max(x, 1/x)", UNIT, 0, "oo"),
    ("Min(x, 1/x)", UNIT, 0, "0"),
    ("Max(x, y)", POSITIVE, 0, "y"),
    ("(exp(1/x) - exp(1/x)*cos(x**2))*exp(-1/x)/x**4", UNIT, 0, "1/2"),
    ("LambertW(x)/x", UNIT, 0, "1"),
    ("asin(x)/x", UNIT, 0, "1"),
    ("acos(x)", UNIT, 0, "pi/2"),
]


@pytest.mark.parametrize(("text", "where", "upper", "found"), LIMITS)
def test_limits(text: str, where: str, upper: int, found: str) -> None:
    place = goal("x + y + s >= 0", where + REST)
    value = limit(place.claiming(read(text, place)), place.variable("x"), lower=not upper)
    assert str(value) == found if "oo" in found else value == read(found, place)


REFUSED = [
    ("sin(x)", POSITIVE, 1),
    ("x*sin(x)", POSITIVE, 1),
    ("exp(sin(x))", POSITIVE, 1),
    ("cos(1/x)", UNIT, 0),
    ("exp(x) - y*exp(x)", POSITIVE, 1),
    ("(y - 1)/x", UNIT, 0),
    ("x**(y - 1)", UNIT, 0),
    ("log(x - 1/2)", UNIT, 0),
    ("sqrt(x - 1/2)", UNIT, 0),
    ("asin(1 + x)", UNIT, 0),
    ("LambertW(x - 1)", UNIT, 0),
    ("log(log(x))", "x in (1, oo)", 1),
    ("exp(-exp(x))", POSITIVE, 1),
    ("(cos(x) - 1 + x**2/2 - x**4/24)/x**6", UNIT, 0),
    ("(exp(x) - 1 - x - x**2/2 - x**3/6 - x**4/24 - x**5/120)/x**6", UNIT, 0),
    ("exp(2*x)*exp(-x*exp(x))", POSITIVE, 1),
    ("exp(sqrt(log(x)))", POSITIVE, 1),
    ("(sin(x) - x + x**3/6 - x**5/120 + x**7/5040)/x**8", UNIT, 0),
    ("lowergamma(x, y)", POSITIVE, 0),
    ("uppergamma(y - 1, x)", POSITIVE, 0),
    ("tan(x)", POSITIVE, 1),
    ("gamma(x - 1)", UNIT, 0),
    ("loggamma(x - 1/2)", UNIT, 0),
    ("zeta(x)", POSITIVE, 1),
]


@pytest.mark.parametrize(("text", "where", "upper"), REFUSED)
def test_what_is_not_known_is_refused(text: str, where: str, upper: int) -> None:
    place = goal("x + y + s >= 0", where + REST)
    with pytest.raises(Rejected):
        limit(place.claiming(read(text, place)), place.variable("x"), lower=not upper)


def test_cancellation_is_exact() -> None:
    place = goal("x + y + s >= 0", UNIT + REST)
    gap = read("(sin(x)**2 + cos(x)**2 - 1)/x**2 + (exp(x + y) - exp(x)*exp(y))/x + 3", place)
    assert limit(place.claiming(gap), place.variable("x"), lower=True) == 3
