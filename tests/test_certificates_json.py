"""Certificates as data: read back as written, checked again, and rejected when something in them is changed."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from theory.language import parse
from validation.certificates import Rejected, certify, certify_witness, checker, recheck
from validation.certificates.encoding import from_json, to_json
from validation.certificates.goals import Interval, goals_of, names_of
from validation.certificates.nodes import (
    KINDS,
    Compose,
    Concave,
    Constant,
    Cover,
    Foot,
    Forget,
    Identity,
    Monotone,
    Node,
    Product,
    Rewrite,
    Sight,
    Split,
    Squares,
    Sturm,
    Substitute,
    Sum,
    Witness,
)

x, y, t = sp.symbols("x y t", real=True)
ONE = sp.S.One


def proof(statement: str, where: str, node: Node) -> dict[str, Any]:
    """A proved statement whose requirements are seen at sight."""
    goals = goals_of(parse(statement, where))
    nodes = [Sight() for _ in goals[:-1]] + [node]
    return {"verdict": "proved", "statement": statement, "where": where, "certificate": certify(nodes)}


def refutation(statement: str, where: str, precision: int = 64, **point: sp.Expr) -> dict[str, Any]:
    """A refuted statement."""
    witness = Witness(tuple((name, sp.sympify(value)) for name, value in point.items()), precision)
    return {
        "verdict": "refuted",
        "statement": statement,
        "where": where,
        "certificate": certify_witness(witness),
    }


PROOFS = [
    proof(
        "log(x) + 1/x >= 1",
        "x in (0, oo)",
        Foot("x", ONE).following(Identity(), Rewrite((x - 1) ** 2 / x**2).following(Sight())),
    ),
    proof("exp(x) - 1 - x > 0", "x in (0, oo)", Monotone("x", sp.S.Zero, strict=True).following(Identity(), Sight())),
    proof(
        "sin(x) > 2*x/pi",
        "x in (0, pi/2)",
        Concave("x", strict=True).following(Identity(), Identity(), Sight()),
    ),
    proof("exp(x) - x > 0", "x in [-1, 1]", Cover("00pp0pp")),
    proof(
        "x**2 + x*y + y**2 >= 0",
        "x in (-oo, oo); y in (-oo, oo)",
        Squares(ONE, (ONE, sp.Rational(3, 4)), (x + y / 2, y), (ONE, ONE)).following(Sight()),
    ),
    proof(
        "x**2 + 3*y**2 + 1 > 0",
        "x in (-oo, oo); y in (-oo, oo)",
        Sum((ONE, sp.Integer(3), ONE), (x**2, y**2, ONE), strict=2).following(Sight(), Sight(), Sight()),
    ),
    proof(
        "x**2 + 1/x > 3/2",
        "x in (0, oo)",
        Product((1 / x, x**3 - sp.Rational(3, 2) * x + 1), (1, 1)).following(Sight(), Sturm()),
    ),
    proof(
        "x*log(x) - y*log(y) >= 0",
        "x in [1, oo); y in [1, oo); given x >= y",
        Substitute("x", y + t, "t", Interval(sp.S.Zero)).following(
            Monotone("t", sp.S.Zero).following(Identity(), Sight())
        ),
    ),
    proof("pi > 333/106", "", Constant(40)),
    proof("x**3 >= 1", "x in [1, 5]", Split("x", sp.Integer(2)).following(Sight(), Sight())),
    proof(
        "exp(2*x) >= exp(x)",
        "x in [0, oo)",
        Compose("log", sp.exp(2 * x), sp.exp(x)).following(Sight(), Sight(), Sight()),
    ),
    proof("x >= 0", "x in [0, 1]; y in [0, 1]; given y >= 1/2", Forget(("y",), (0,)).following(Sight())),
]


@pytest.mark.parametrize("data", PROOFS, ids=lambda data: data["statement"])
def test_a_proof_is_accepted_again_from_its_text(data: dict[str, Any]) -> None:
    assert recheck(json.loads(json.dumps(data))) == "proved"


def test_every_kind_of_node_comes_back() -> None:
    samples = {
        "sp.Expr": sp.Rational(3, 7),
        "Exprs": (sp.Rational(1, 3), sp.pi),
        "str": "x",
        "int": 3,
        "bool": True,
        "Words": ("x",),
        "tuple[int, ...]": (1, -1),
        "Interval": Interval(sp.S.Zero, sp.oo, True),
    }
    names = {"x": x, "y": y}
    for kind in KINDS.values():
        data = {field: samples[spec.type] for field, spec in kind.__dataclass_fields__.items() if field != "children"}
        node = kind(**data)
        assert from_json(json.loads(json.dumps(to_json(node))), names) == node


def test_infinite_ends_come_back() -> None:
    for end in (sp.oo, -sp.oo):
        node = Monotone("x", end, limit=True)
        assert from_json(to_json(node), {"x": x}) == node


def numbers(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything in a certificate that holds a number; precisions only say how hard to look."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key != "precision":
                yield from numbers(value, (*path, key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from numbers(value, (*path, place))
    elif type(data) is int or (isinstance(data, str) and re.search(r"\d", data)):
        yield path


def changed(data: Any, path: tuple[Any, ...], step: int) -> dict[str, Any]:
    """The data with the number at the path changed: another integer, the first number of a text moved."""
    copied = copy.deepcopy(data)
    place = copied
    for key in path[:-1]:
        place = place[key]
    old = place[path[-1]]
    if isinstance(old, int):
        place[path[-1]] = old + step
    else:
        place[path[-1]] = re.sub(r"\d+", lambda found: str(int(found[0]) + step), old, count=1)
    return copied


def test_a_proof_with_another_number_is_rejected() -> None:
    survivors = []
    for data in PROOFS:
        for path in numbers(data["certificate"]):
            for step in (1, 7):
                other = changed(data, ("certificate", *path), step)
                try:
                    recheck(other)
                except Rejected:
                    continue
                survivors.append((data["statement"], path, step))
    # a split elsewhere is another proof of the same statement
    assert {statement for statement, *_ in survivors} <= {"x**3 >= 1"}


def test_a_proof_of_one_statement_does_not_prove_a_false_one() -> None:
    tried = 0
    for data in PROOFS:
        for digits in re.finditer(r"\d+(\.\d+)?", data["statement"]):
            for factor in (Fraction(1001, 1000), Fraction(999, 1000)):
                value = Fraction(digits[0]) * factor
                text = data["statement"][: digits.start()] + f"({value})" + data["statement"][digits.end() :]
                tried += 1
                try:
                    verdict = recheck({**data, "statement": text})
                except Rejected:
                    continue
                assert verdict == "proved"
                assert _holds_on_samples(text, data["where"]), text
    assert tried > 20


def _holds_on_samples(statement: str, where: str) -> bool:
    from numerics.backends.as_ball import build

    goal = goals_of(parse(statement, where))[-1]
    routine, arguments = build(goal.gap)
    for k in range(1, 40):
        point = {}
        for place, symbol in enumerate(arguments):
            interval = goal.intervals[symbol]
            low = interval.lower if interval.lower != -sp.oo else sp.Integer(-5)
            high = interval.upper if interval.upper != sp.oo else low + 5
            share = Fraction(k, 40) if place == 0 else Fraction(7 * k % 40, 40)
            number = sp.nsimplify(sp.N(low + (high - low) * sp.Rational(share), 12), rational=True)
            point[symbol.name] = Fraction(int(number.p), int(number.q))
        value = routine(point, 200)
        if not goal.given and (value < 0 or (goal.relation == ">" and value <= 0)):
            return False
    return True


MALFORMED: list[Any] = [
    None,
    [],
    {},
    {"verdict": "proved"},
    {"verdict": "proved", "statement": "x >= 0", "where": "x in [0, 1]"},
    {"verdict": "proved", "statement": "x >= 0", "where": "x in [0, 1]", "certificate": {}},
    {"verdict": "proved", "statement": "x >= 0", "where": "x in [0, 1]", "certificate": {"proofs": []}},
    {"verdict": "proved", "statement": "x >=", "where": "x in [0, 1]", "certificate": {"proofs": [{"rule": "sight"}]}},
    {"verdict": "certain", "statement": "x >= 0", "where": "x in [0, 1]", "certificate": {"proofs": []}},
    {"verdict": "refuted", "statement": "x >= 0", "where": "x in [0, 1]", "certificate": {"proofs": []}},
]


@pytest.mark.parametrize("data", MALFORMED, ids=str)
def test_malformed_files_are_rejected(data: Any) -> None:
    with pytest.raises(Rejected):
        recheck(data)


NODES: list[Any] = [
    {"rule": "open"},
    {"rule": "trust"},
    {"rule": 3},
    {"rule": "sight", "because": 1},
    {"rule": "cover"},
    {"rule": "cover", "tree": 3, "precision": 64},
    {"rule": "cover", "tree": "p", "precision": True},
    {"rule": "split", "variable": "x", "at": 1},
    {"rule": "split", "variable": "x", "at": "__import__('os')"},
    {"rule": "split", "variable": "x", "at": "1)+(x"},
    {"rule": "points", "variable": ["x"]},
    {"rule": "forget", "variables": ["x"], "constraints": [True]},
    {"rule": "substitute", "variable": "x", "by": "t", "new": "t", "interval": ["0", "1"]},
    {"rule": "substitute", "variable": "x", "by": "t", "new": "t", "interval": ["0", "1", 0, 1, 0]},
    {"rule": "sight", "children": {}},
    "sight",
]


@pytest.mark.parametrize("data", NODES, ids=str)
def test_malformed_nodes_are_rejected(data: Any) -> None:
    goal = goals_of(parse("x >= 0", "x in [0, 1]"))[-1]
    with pytest.raises(Rejected):
        checker.check(goal, from_json(data, {"x": x}))


def test_requirements_are_goals_of_their_own() -> None:
    data = proof("x/x == 1", "x in [-1, 1]", Identity())
    with pytest.raises(Rejected):
        recheck(data)
    assert recheck(proof("x/x == 1", "x in (0, 1]", Identity())) == "proved"
    undefined = proof("log(x) - log(x) == 0", "x in [0, 1]", Identity())
    with pytest.raises(Rejected):
        recheck(undefined)


def test_undecided_is_nothing_to_check() -> None:
    assert recheck({"verdict": "undecided", "statement": "x >= 0", "where": "x in [0, 1]"}) == "undecided"


REFUTED = [
    refutation("log(x) + 1/x > 1", "x in (0, oo)", x=1),
    refutation("x**2 >= 10**-15", "x in [-1, 1]", x=0),
    refutation("sin(x) < 1", "x in (0, pi)", x=sp.pi / 2),
    refutation("n**2 - n + 41 < 1600", "n in integers [0, 41]", n=41),
    refutation("sqrt(x)*sqrt(y) >= 1", "x in [0, 1]; y in [0, 1]; given x + y <= 1", x=sp.Rational(1, 2), y=0),
    refutation("exp(-x) > 10**-1000", "x in [0, oo)", x=10**4),
    refutation("cos(x) == 1", "x in [0, 1]", x=ONE),
    refutation("log(log(x)) < 20", "x in [3, oo)", 400, x=sp.exp(10**9)),
]


@pytest.mark.parametrize("data", REFUTED, ids=lambda data: data["statement"])
def test_witnesses(data: dict[str, Any]) -> None:
    assert recheck(json.loads(json.dumps(data))) == "refuted"


NOT_REFUTED = [
    refutation("log(x) + 1/x >= 1", "x in (0, oo)", x=1),
    refutation("log(x) + 1/x > 1", "x in (0, 1)", x=1),
    refutation("x**2 >= 1", "x in [1, 2]", x=0),
    refutation("x**2 >= 1", "x in (1, 2]", x=1),
    refutation("x**2 >= 1", "x in [-1, 1]", y=0),
    refutation("x**2 >= 1", "x in [-1, 1]", x=0, y=0),
    refutation("x**2 >= 1", "x in [-1, 1]"),
    refutation("n*(n - 1) >= 0", "n in integers [0, 5]", n=sp.Rational(1, 2)),
    refutation("x >= 1", "x in [0, 1]; given x >= 1/2", x=0),
    refutation("x >= 1", "x in [0, 1]; given x > 1/2", x=sp.Rational(1, 2)),
    refutation("1/x > 1", "x in [-1, 1]", x=0),
    refutation("sqrt(x) + 1 - sqrt(x) < 0", "x in [-1, 1]", x=-1),
    refutation("x/x == 2", "x in [-1, 1]", x=0),
    refutation("sin(x) < 1", "x in (0, pi/2)", x=sp.pi / 2),
    refutation("pi >= 3.14159265358979", "", 64),
    refutation("x == pi", "x in [3, 4]", x=sp.pi),
    refutation("exp(-x) > 0", "x in [0, oo)", x=10**4),
    refutation("x >= 1", "x in [0, 1]", 8, x=0),
]


@pytest.mark.parametrize("data", NOT_REFUTED, ids=lambda data: f"{data['statement']} {data['certificate']['witness']}")
def test_points_that_are_no_witnesses(data: dict[str, Any]) -> None:
    with pytest.raises(Rejected):
        recheck(data)


def test_names_of_a_goal() -> None:
    goal = goals_of(parse("x >= y", "x in [0, 1]; y in [0, 1]"))[-1]
    assert names_of(goal.intervals) == {"x": x, "y": y}
