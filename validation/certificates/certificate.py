"""Certificates as JSON data: written from nodes or a witness, checked again from the data alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import arb

from numerics.backends import as_ball
from numerics.backends.frame import UnsupportedExpression
from validation.certificates.checker import check
from validation.certificates.encoding import from_json, to_json, witness_from, witness_json
from validation.certificates.goals import Goal, Interval, Rejected, goals_of, names_of, substituted
from validation.certificates.nodes import Node, Witness
from validation.certificates.normal import equal
from validation.certificates.ranges import constant_ball, fraction

if TYPE_CHECKING:
    from theory.language import Statement

MOST_BITS = 60_000
EXACT_UP_TO = 10**6  # values at which SymPy may evaluate functions by itself


def certify(nodes: Sequence[Node]) -> dict[str, Any]:
    """The certificate of a proof: one node for each of the statement's goals, in their order."""
    return {"proofs": [to_json(node) for node in nodes]}


def certify_witness(witness: Witness) -> dict[str, Any]:
    """The certificate of a refutation."""
    return {"witness": witness_json(witness)}


def recheck(data: Any) -> str:
    """The verdict that the data prove: ``proved``, ``refuted``, or ``undecided`` where they claim nothing.

    ``data`` has the members ``statement``, ``where``, ``verdict`` and ``certificate``.  Raises ``Rejected`` where the
    certificate does not prove the verdict.
    """
    from theory.language import LanguageError, parse

    if not isinstance(data, dict):
        raise Rejected(f"expected a JSON object, received {type(data).__name__}")
    verdict, text, where = (data.get(key) for key in ("verdict", "statement", "where"))
    if verdict == "undecided":
        return "undecided"
    if verdict not in ("proved", "refuted") or not isinstance(text, str) or not isinstance(where, str):
        raise Rejected("expected a verdict (proved, refuted or undecided), a statement and its domain (where)")
    try:
        statement = parse(text, where)
    except LanguageError as error:
        raise Rejected(f"the statement cannot be read: {error}") from None
    certificate = data.get("certificate")
    if not isinstance(certificate, dict):
        raise Rejected(f"a {verdict} statement needs a certificate")
    if verdict == "refuted":
        check_witness(statement, witness_from(certificate.get("witness")))
        return "refuted"
    proofs = certificate.get("proofs")
    goals = goals_of(statement)
    if not isinstance(proofs, list) or len(proofs) != len(goals):
        raise Rejected(f"the statement has {len(goals)} goals, each needs a proof")
    for goal, proof in zip(goals, proofs, strict=True):
        try:
            node = from_json(proof, names_of(goal.intervals))
        except RecursionError:
            raise Rejected("the certificate is nested too deeply to be read") from None
        check(goal, node)
    return "proved"


def check_witness(statement: Statement, witness: Witness) -> None:
    """Raises ``Rejected`` unless the point lies in the domain, both sides are real there and the relation fails."""
    if not 16 <= witness.precision <= MOST_BITS:
        raise Rejected(f"the precision of a witness is 16 to {MOST_BITS} bits, received {witness.precision}")
    goals = goals_of(statement)
    main, names = goals[-1], names_of(goals[-1].intervals)
    named = dict(witness.point)
    if set(named) != set(names) or len(named) != len(witness.point):
        raise Rejected(f"a witness gives {', '.join(names) or 'nothing'}, received {', '.join(named) or 'nothing'}")
    point = {names[name]: value for name, value in named.items()}
    for symbol, interval in main.box:
        _require_inside(symbol, interval, point[symbol], witness.precision)
    for constraint in main.given:  # what the domain says, and that both sides are real
        if not _stands(main.claiming(constraint.gap), point, constraint.relation, witness.precision):
            raise Rejected(f"{constraint} is not seen to hold at the witness")
    failing = {">=": ("<",), ">": ("<", "=="), "==": ("<", ">")}[main.relation]
    if not any(_stands(main, point, relation, witness.precision) for relation in failing):
        raise Rejected(f"{main.gap} {main.relation} 0 is not seen to fail at the witness")


def _require_inside(symbol: sp.Symbol, interval: Interval, value: sp.Expr, precision: int) -> None:
    """Raises ``Rejected`` unless the value is seen to be in the interval."""
    if value.free_symbols or (interval.integer and not isinstance(value, sp.Integer)):
        raise Rejected(f"{symbol} = {value} is no {'integer' if interval.integer else 'constant'}")
    if not constant_ball(value, precision).is_finite():
        raise Rejected(f"{symbol} = {value} is not seen to be a real number")
    for distance, is_open, infinite in (
        (value - interval.lower, interval.open_lower, interval.lower == -sp.oo),
        (interval.upper - value, interval.open_upper, interval.upper == sp.oo),
    ):
        if not infinite and not _stands(Goal(distance, ">="), {}, ">" if is_open else ">=", precision):
            raise Rejected(f"{symbol} = {value} is not seen to lie in {interval}")


def _stands(goal: Goal, point: Mapping[sp.Symbol, sp.Expr], relation: str, precision: int) -> bool:
    """Whether the gap of the goal certainly stands in the relation to 0 at a point."""
    value = _ball_at(goal.gap, point, precision)
    if not value.is_finite():
        return False
    seen = {">": value > 0, "<": value < 0, ">=": value >= 0, "!=": value > 0 or value < 0, "==": value.is_zero()}
    if seen[relation]:
        return True
    return relation in (">=", "==") and bool(value.contains(0)) and _is_zero(goal, point)


def _ball_at(gap: sp.Expr, point: Mapping[sp.Symbol, sp.Expr], precision: int) -> arb:
    try:
        routine, arguments = as_ball.build(gap)
    except UnsupportedExpression as error:
        raise Rejected(str(error)) from None
    return routine({s.name: _number(s, point[s], precision) for s in arguments}, precision)


def _number(symbol: sp.Symbol, value: sp.Expr, precision: int) -> int | Fraction | arb:
    if symbol.is_integer:
        return int(value)
    return fraction(value) if isinstance(value, sp.Rational) else constant_ball(value, precision)


def _is_zero(goal: Goal, point: Mapping[sp.Symbol, sp.Expr]) -> bool:
    """Whether the gap is exactly 0 at the point, by the normal form; it is defined there."""
    large = any(isinstance(v, sp.Rational) and abs(v.p) + v.q > EXACT_UP_TO for v in point.values())
    if large and goal.gap.atoms(sp.Function) - goal.gap.atoms(sp.exp, sp.log, sp.Abs, sp.Max, sp.Min):
        return False
    return equal(Goal(sp.S.Zero, "=="), substituted(goal.gap, point))
