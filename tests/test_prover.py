"""The search for proofs: what it proves is accepted by the checker, what is false or undefined it never proves."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from theory.claim import Claim, Relation, Source
from theory.domain import Domain, Range
from theory.language import parse
from validation import prove
from validation.certificates import recheck
from validation.prover import portfolio
from validation.prover.constants import names_of, root, simplest
from validation.prover.forms import factors, multipliers
from validation.prover.gram import decompose

X, Y, Z = sp.symbols("x y z", real=True)

TRUE = [
    ("log(z) + 1/z >= 1", "z in (0, oo)"),
    ("exp(x) >= E*x", "x in (-oo, oo)"),
    ("log(1 + x) >= 2*x/(2 + x)", "x in [0, oo)"),
    ("erfc(x) <= exp(-x**2)", "x in [0, oo)"),
    ("(1 + 1/x)**x < E", "x in (0, oo)"),
    ("sin(x) >= 2*x/pi", "x in [0, pi/2]"),
    ("cosh(x) <= exp(x**2/2)", "x in (-oo, oo)"),
    ("x**6 - 6*x + 5 >= 0", "x in (-oo, oo)"),
    ("exp(x)*sin(x) + 50 > 0", "x in [0, 4]"),
    ("cosh(x)**2 - sinh(x)**2 == 1", "x in (-oo, oo)"),
    ("(1 + x)**r >= 1 + r*x", "x in (-1, oo); r in [1, oo)"),
    ("(1 + x)**n >= 1 + n*x", "x in [-1, oo); n in integers [1, oo)"),
    ("p*log(p/q) + (1 - p)*log((1 - p)/(1 - q)) >= 2*(p - q)**2", "p in (0, 1); q in (0, 1)"),
    ("x*y <= exp(x) + y*log(y) - y", "x in (-oo, oo); y in (0, oo)"),
    ("x**2 + y**2 + z**2 >= x*y + y*z + z*x", "x in (-oo, oo); y in (-oo, oo); z in (-oo, oo)"),
    ("x*y - x - y + 2 > 0", "x in [0, 1]; y in [0, 1]"),
    ("2**n >= n**2", "n in integers [4, oo)"),
]
FALSE = [
    ("log(z) + 1/z > 1", "z in (0, oo)"),
    ("log(z) + 1/z >= 1 + 1e-9", "z in (0, oo)"),
    ("(1 + 1/x)**x < E - 1e-9", "x in (0, oo)"),
    ("x**2 + y**2 > 2*x*y", "x in [0, 1]; y in [0, 1]"),
    ("2**n >= n**2", "n in integers [1, oo)"),
]


@pytest.mark.parametrize(("statement", "where"), TRUE)
def test_true_statements_are_proved_and_rechecked(statement: str, where: str) -> None:
    answer = prove(parse(statement, where), budget=60)
    assert answer.verdict == "proved"
    data = {"verdict": "proved", "statement": statement, "where": where, "certificate": answer.certificate}
    assert recheck(data) == "proved"
    assert any(attempt.outcome == "led on" for attempt in answer.tried)


@pytest.mark.parametrize(("statement", "where"), FALSE)
def test_false_statements_are_refuted(statement: str, where: str) -> None:
    answer = prove(parse(statement, where), budget=60)
    assert answer.verdict == "refuted"
    data = {"verdict": "refuted", "statement": statement, "where": where, "certificate": answer.certificate}
    assert recheck(data) == "refuted"


def test_an_undefined_point_is_reported_and_nothing_is_proved() -> None:
    answer = prove(parse("x/x == 1", "x in [-1, 1]"), budget=3)
    assert answer.verdict == "undecided"
    assert answer.undefined is not None


def test_a_claim_is_judged_like_a_statement() -> None:
    claim = Claim("square.floor", X**2, Relation.GE, 2 * X - 1, Domain.of(Range(X)), Source("", "", "Majorant"))
    assert prove(claim, budget=30).verdict == "proved"


def test_the_budget_is_honoured_and_progress_is_told() -> None:
    told: list[float] = []
    hard = parse("gamma(x)*gamma(1 - x)*sin(pi*x) + sin(exp(x)) >= 2", "x in (0, 1/1000)")
    start = time.monotonic()
    answer = prove(hard, budget=1.5, progress=lambda text, seconds: told.append(seconds))
    assert time.monotonic() - start < 1.5 * 1.1 + 1.0  # a second for a busy machine
    assert answer.verdict != "proved"
    assert told == sorted(told)


HARD = parse("gamma(x)*gamma(1 - x)*sin(pi*x) + sin(exp(x)) >= 2", "x in (0, 1/1000)")


@pytest.fixture
def handler() -> Iterator[Any]:
    """A handler of the caller's own, and no timer; what was there before comes back."""

    def ring(number: int, frame: Any) -> None:
        raise AssertionError("the caller's alarm rang")

    before = signal.signal(signal.SIGALRM, ring)
    yield ring
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("error", [ValueError, RuntimeError, SystemExit])
def test_a_callback_that_raises_leaves_no_timer_and_no_handler(handler: Any, error: type[BaseException]) -> None:
    def stop(text: str, seconds: float) -> None:
        raise error("enough")

    with pytest.raises(error, match="enough"):
        prove(HARD, budget=20, progress=stop)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is handler


def test_the_timer_of_the_caller_comes_back(handler: Any) -> None:
    signal.setitimer(signal.ITIMER_REAL, 500, 7)
    assert prove(parse("exp(x) >= 1 + x", "x in [0, 1]"), budget=20).verdict == "proved"
    delay, interval = signal.getitimer(signal.ITIMER_REAL)
    assert 400 < delay < 500
    assert interval == 7
    assert signal.getsignal(signal.SIGALRM) is handler


@pytest.mark.parametrize("budget", [-5, 0, float("nan"), float("inf"), 10**400])
def test_a_budget_out_of_range_is_refused(handler: Any, budget: float) -> None:
    with pytest.raises(ValueError, match="out of range: a number of seconds above 0"):
        prove(HARD, budget=budget)
    assert signal.getsignal(signal.SIGALRM) is handler


@pytest.mark.parametrize("budget", ["a", None, True, 1j])
def test_a_budget_that_is_no_number_is_refused(budget: Any) -> None:
    with pytest.raises(TypeError, match="budget is a number of seconds, not"):
        prove(HARD, budget=budget)


def test_a_text_is_no_claim() -> None:
    text: Any = "exp(x) >= 1 + x"
    with pytest.raises(TypeError, match=r"not str: Claim\.parse"):
        prove(text)


def test_another_thread_proves_without_signals() -> None:
    found: list[str] = []
    worker = threading.Thread(target=lambda: found.append(prove(parse("exp(x) >= x", "x in [0, 1]")).verdict))
    worker.start()
    worker.join(60)
    assert found == ["proved"]


def test_an_empty_domain_is_said() -> None:
    answer = prove(parse("exp(x) <= 0", "x in (0, 1); given x > 2"), budget=20)
    assert answer.vacuous
    assert str(answer).endswith("(vacuously: no point satisfies the domain)")
    other = prove(parse("exp(x) >= 0", "x in (0, 1)"), budget=20)
    assert not other.vacuous
    assert str(other) == "proved: exp(x) >= 0  where x in (0, 1)"
    assert (
        str(prove(parse("x >= 1", "x in [0, 0]"), budget=20)) == "refuted: x >= 1  where x in [0, 0] (fails at x = 0)"
    )


@pytest.mark.parametrize(
    ("poly", "bounds", "level"),
    [
        (X**2 + Y**2 + Z**2 - X * Y - Y * Z - Z * X, [], 0),
        ((X**4 * Y**2 + X**2 * Y**4 + 1 - 3 * X**2 * Y**2) * (1 + X**2 + Y**2), [], 0),
        (X**3 + Y**3 + Z**3 - 3 * X * Y * Z, [X, Y, Z], 1),
        (X * (1 - X), [X, 1 - X], 2),
    ],
)
def test_sums_of_squares_are_exact(poly: sp.Expr, bounds: list[sp.Expr], level: int) -> None:
    symbols = sorted(poly.free_symbols, key=str)
    found = decompose(sp.Poly(sp.expand(poly), *symbols), bounds, level)
    assert found is not None
    weights, roots, parts = found
    assert min(weights) >= 0
    assert sp.expand(sum(w * q**2 * f for w, q, f in zip(weights, roots, parts, strict=True)) - poly) == 0


def test_no_squares_for_a_polynomial_that_is_negative_somewhere() -> None:
    assert decompose(sp.Poly(X**4 - 3 * X**2 + 1, X), [], 0) is None


@pytest.mark.parametrize("value", [sp.Rational(2, 3), sp.pi / 3, sp.sqrt(2), sp.exp(-1), sp.log(3), 1 + sp.sqrt(5)])
def test_decimals_are_named(value: sp.Expr) -> None:
    digits = Fraction(str(value.evalf(70)))
    assert next(names_of(digits)) == value


def test_roots_and_simplest_fractions() -> None:
    found = root(X**2 - 2, X, Fraction(1), Fraction(2))
    assert found is not None
    assert abs(found**2 - 2) < Fraction(1, 10**50)
    assert root(X**2 + 1, X, Fraction(1), Fraction(2)) is None
    assert simplest(Fraction(31, 100), Fraction(34, 100)) == Fraction(1, 3)
    assert simplest(Fraction(-34, 100), Fraction(-31, 100)) == Fraction(-1, 3)


def test_factors_and_multipliers() -> None:
    gap = X * sp.exp(X) - sp.exp(X)
    assert sp.Mul(*(base**power for base, power in factors(gap))).expand() == gap
    assert X in list(multipliers(1 + X * sp.log(X), X))


@pytest.mark.parametrize("end", ["sin(1)**2 + cos(1)**2", "exp(exp(exp(10)))"])
def test_a_search_that_breaks_down_is_told_of_and_decides_nothing_false(end: str) -> None:
    answer = prove(parse("x >= 1", f"x in [1, {end}]"), budget=2.0)
    assert answer.verdict in ("proved", "undecided")
    assert answer.verdict == "proved" or answer.tried


def test_a_search_that_raises_leaves_the_other_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(portfolio._Trial, "proof", lambda self: iter(broken, None))
    refuted = prove(parse("x >= 1", "x in [0, 1]"), budget=2.0)
    assert refuted.verdict == "refuted"
    assert any("on purpose" in attempt.outcome for attempt in refuted.tried)
