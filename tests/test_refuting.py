"""The search for counterexamples finds what is false, in exact numbers, and refutes nothing true."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Generator

import pytest
import sympy as sp
from refuting_statements import CONDITIONS, INTEGERS, MISSES, THREE, TIES, TWO
from refuting_true_statements import TRUE

from theory.language import parse
from validation.certificates.certificate import check_witness
from validation.certificates.goals import Rejected, goals_of
from validation.certificates.nodes import Witness
from validation.prover.refuting import Undefined, refute, search
from validation.prover.refuting_points import Point, number

PATIENCE = 60.0
TURNS = 2500


def hunted(statement: str, where: str, late: Callable[[], bool]) -> tuple[Witness | None, list[Undefined]]:
    """What the search returns, and the undefined points that it reports on the way."""
    steps, undefined = refute(parse(statement, where), late), []
    while True:
        try:
            met = next(steps)
        except StopIteration as end:
            return end.value, undefined
        if met is not None:
            undefined.append(met)


def turns(count: int) -> Callable[[], bool]:
    """Late after so many questions."""
    left = iter(range(count))
    return lambda: next(left, None) is None


def seconds(budget: float) -> Callable[[], bool]:
    """Late after so many seconds of this process."""
    end = time.process_time() + budget
    return lambda: time.process_time() > end


def witness_of(statement: str, where: str) -> dict[str, sp.Expr]:
    """The point of the witness that is found."""
    witness, _ = hunted(statement, where, seconds(PATIENCE))
    assert witness is not None, "no counterexample found"
    return dict(witness.point)


@pytest.mark.parametrize(("statement", "where"), MISSES + TIES + TWO + THREE + INTEGERS + CONDITIONS)
def test_false_statements_are_refuted_by_a_point_that_the_checker_accepts(statement: str, where: str) -> None:
    witness, _ = hunted(statement, where, seconds(PATIENCE))
    assert witness is not None
    check_witness(parse(statement, where), witness)
    check_witness(parse(statement, where), Witness(witness.point, 4 * witness.precision))


@pytest.mark.parametrize(("statement", "where"), TRUE)
def test_true_statements_are_not_refuted_and_called_undefined_nowhere(statement: str, where: str) -> None:
    assert hunted(statement, where, turns(TURNS)) == (None, [])


@pytest.mark.parametrize(
    ("statement", "where", "point"),
    [
        ("log(z) + 1/z >= 1 + 1e-15", "z in (0, oo)", {"z": "1"}),
        ("sin(x) < 1", "x in [0, 3]", {"x": "pi/2"}),
        ("x*log(x) > -1/E", "x in (0, oo)", {"x": "exp(-1)"}),
        ("x**2 < 1", "x in [0, 1]", {"x": "1"}),
        ("(x - y**2)**2 + (y - exp(-1))**2 > 0", "x in (0, oo); y in (0, oo)", {"x": "exp(-2)", "y": "exp(-1)"}),
        ("x*y*z < 1/27", "x in (0, 1); y in (0, 1); z in (0, 1); given x + y + z == 1", dict.fromkeys("xyz", "1/3")),
        ("n*m <= 24", "n in integers [1, oo); m in integers [1, oo); given n + m == 10", {"n": "5", "m": "5"}),
        ("1/(1 + 1e40*(x - 1/7)**2) <= 1/2", "x in [0, 1]", {"x": "1/7"}),
        ("Abs(sin(n)) >= 1/10000", "n in integers [1, oo)", {"n": "355"}),
        ("(n - 1000003)**2 > 0", "n in integers [1, oo)", {"n": "1000003"}),
        ("E**pi < pi**E", "", {}),
    ],
)
def test_the_witness_is_the_simple_one(statement: str, where: str, point: dict[str, str]) -> None:
    assert {name: str(value) for name, value in witness_of(statement, where).items()} == point


def test_far_out_powers_of_e_are_brought_close_to_where_the_statement_begins_to_fail() -> None:
    exponent = sp.log(witness_of("log(log(x)) < 10", "x in [3, oo)")["x"])
    assert sp.exp(10) <= exponent <= sp.exp(10) * sp.Rational(102, 100)


def test_numbers_close_to_an_end_are_no_closer_than_needed() -> None:
    x = witness_of("1/x <= 10**30", "x in (0, 1]")["x"]
    assert sp.Rational(1, 10**33) < x < sp.Rational(1, 10**30)


@pytest.mark.parametrize(
    ("statement", "where", "point", "side"),
    [
        ("log(x) <= x", "x in [0, 1]", {"x": 0}, "x > 0"),
        ("x/x == 1", "x in [-1, 1]", {"x": 0}, "x != 0"),
        ("1/(exp(x) - 2)**2 >= 0", "x in [0, 2]", {"x": sp.log(2)}, "(exp(x) - 2)**2 != 0"),
        ("log(sin(x)) <= 0", "x in (0, pi]", {"x": sp.pi}, "sin(x) > 0"),
        ("1/(n - 1000003) <= 1", "n in integers [0, oo)", {"n": 1000003}, "n - 1000003 != 0"),
        ("sqrt(n - 5) >= 0", "n in integers [0, oo)", {"n": 0}, "n - 5 >= 0"),
        ("x**y >= 0", "x in [0, 1]; y in [-1, 1]", {"x": 0, "y": 0}, "Max(x, y) > 0"),
        ("sqrt((x - 1/3)**2 - 1e-30) >= 0", "x in [0, 1]", {"x": sp.Rational(1, 3)}, "(x - 1/3)**2 - 1"),
    ],
)
def test_points_at_which_a_side_is_not_real_are_reported(
    statement: str, where: str, point: dict[str, sp.Expr], side: str
) -> None:
    witness, undefined = hunted(statement, where, seconds(0.7))
    assert witness is None
    assert [dict(met.point) for met in undefined] == [point]
    assert undefined[0].side.startswith(side)


def test_a_zero_without_a_name_is_enclosed_by_a_change_of_sign() -> None:
    _, undefined = hunted("1/(x**3 - x - 1)**2 >= 0", "x in [0, 2]", seconds(0.7))
    low = dict(undefined[0].point)["x"]
    assert (low**3 - low - 1) * ((low + 10**-9) ** 3 - (low + 10**-9) - 1) < 0
    assert "it is 0 between" in undefined[0].side


def test_an_undefined_point_is_no_refutation_but_another_point_may_be() -> None:
    witness, _ = hunted("tan(x) >= x", "x in [0, 2]", seconds(PATIENCE))
    assert witness is not None
    assert dict(witness.point)["x"] > sp.pi / 2


def test_one_goal_alone_can_be_searched() -> None:
    goal = goals_of(parse("x**2 - 2*x + 2 > 1", "x in (0, oo)"))[-1]
    found: list[Point | None] = []

    def run() -> Generator[None, None, None]:
        found.append((yield from search(goal, lambda: False)))

    assert not any(run())
    assert [number(value) for value in found[0] or ()] == [1]


def test_an_altered_witness_is_rejected() -> None:
    statement = parse("x*log(x) > -1/E", "x in (0, oo)")
    check_witness(statement, Witness((("x", sp.exp(-1)),), 64))
    with pytest.raises(Rejected):
        check_witness(statement, Witness((("x", sp.exp(-1) + sp.Rational(1, 10**12)),), 4096))


def test_the_search_stops_when_it_is_late_and_yields_often() -> None:
    steps = refute(parse("log(exp(x) + exp(y)) <= Max(x, y) + log(2)", "x in (-oo, oo); y in (-oo, oo)"), turns(4000))
    longest, began = 0.0, time.process_time()
    for met in steps:
        now = time.process_time()
        longest, began = max(longest, now - began), now
        assert met is None
    assert longest < 0.5


def test_the_search_loads_neither_scipy_nor_hypothesis() -> None:
    code = "import sys, validation.prover.refuting; print([m for m in ('scipy', 'hypothesis') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
