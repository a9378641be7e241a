"""The tools that the prover is compared with, each as a function from a statement to a verdict.

None of them writes a certificate.  A verdict is ``proved``, ``refuted``, ``undecided`` or ``not accepted`` (the tool
cannot read the statement).
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from typing import Any

import sympy as sp

from theory.domain import Relation
from theory.language import Statement

FAR = 10**6


def gap_of(statement: Statement) -> sp.Expr:
    """The larger side minus the smaller one."""
    if statement.relation in (Relation.GE, Relation.GT):
        return statement.lhs - statement.rhs
    return statement.rhs - statement.lhs


def by_majorant(statement: Statement, budget: float) -> str:
    """This project's prover."""
    from validation.prover import prove

    return prove(statement, budget=budget).verdict


def by_sympy(statement: Statement, budget: float) -> str:
    """``simplify`` for identities, ``solve_univariate_inequality`` in one real variable, ``ask`` in several."""
    gap = gap_of(statement)
    if statement.relation is Relation.EQ:
        return "proved" if sp.simplify(gap) == 0 else "undecided"
    ranges = statement.domain.ranges
    if len(ranges) == 1 and not statement.domain.given and not ranges[0].integer:
        (r,) = ranges
        holds = gap > 0 if statement.relation.strict else gap >= 0
        region = sp.Interval(r.lower, r.upper, r.open_lower, r.open_upper)
        if holds in (sp.true, sp.false):
            return "proved" if holds == sp.true else "refuted"
        found = sp.solve_univariate_inequality(holds, r.symbol, relational=False, domain=region)
        return "proved" if found == region else "refuted" if region.is_subset(found) is False else "undecided"
    facts = [sp.Q.positive(r.symbol) for r in ranges if r.lower == 0 and r.open_lower]
    facts += [sp.Q.real(r.symbol) for r in ranges]
    wanted = sp.Q.positive(gap) if statement.relation.strict else sp.Q.nonnegative(gap)
    answer = sp.ask(wanted, sp.And(*facts))
    return "proved" if answer else "refuted" if answer is False else "undecided"


def by_intervals(statement: Statement, budget: float) -> str:
    """Bisection in mpmath's interval arithmetic; an unbounded range is searched up to 10^6 and never proved."""
    from mpmath import iv

    deadline = time.monotonic() + budget
    ranges = statement.domain.ranges
    if statement.domain.given or statement.relation is Relation.EQ or any(r.integer for r in ranges):
        return "not accepted"
    try:
        gap = sp.lambdify([r.symbol for r in ranges], gap_of(statement), [{"Max": max, "Min": min}, _interval_names()])
        box = [_interval(r.lower, r.upper) for r in ranges]
    except (TypeError, ValueError, KeyError):
        return "not accepted"
    bounded = all(r.lower.is_finite and r.upper.is_finite for r in ranges)
    order = itertools.count()
    heap: list[tuple[float, int, list[Any]]] = [(0.0, next(order), box)]
    while heap and time.monotonic() < deadline:
        _, _, box = heapq.heappop(heap)
        lower, upper = _ends(gap, box)
        if upper < 0:
            return "refuted"
        if lower > 0 or (lower == 0 and not statement.relation.strict):
            continue
        if _ends(gap, [iv.mpf(side.mid.a) for side in box])[1] < 0:
            return "refuted"
        widest = max(range(len(box)), key=lambda i: box[i].delta.b)
        for half in (iv.mpf([box[widest].a, box[widest].mid.a]), iv.mpf([box[widest].mid.a, box[widest].b])):
            heapq.heappush(heap, (lower, next(order), [*box[:widest], half, *box[widest + 1 :]]))
    return "proved" if bounded and not heap else "undecided"


def _interval_names() -> dict[str, Any]:
    from mpmath import iv

    names = ("exp", "log", "sqrt", "sin", "cos", "tan", "gamma", "loggamma", "pi")
    return {name: getattr(iv, name) for name in names} | {"E": iv.e, "Abs": abs, "mpf": iv.mpf}


def _interval(lower: sp.Expr, upper: sp.Expr) -> Any:
    from mpmath import iv

    ends = [max(lower, -FAR) if lower.is_infinite else lower, min(upper, FAR) if upper.is_infinite else upper]
    return iv.mpf([iv.mpf(str(sp.N(end, 20))).a for end in ends])


def _ends(gap: Callable[..., Any], box: list[Any]) -> tuple[Any, Any]:
    """The enclosure of the gap; everything where it is not defined."""
    try:
        value = gap(*box)
        return value.a, value.b
    except (ValueError, ZeroDivisionError, TypeError, AttributeError, NotImplementedError, OverflowError):
        return -sp.oo, sp.oo


def by_z3(statement: Statement, budget: float) -> str:
    """z3 on the negation, for polynomials, quotients, roots, absolute values and extrema."""
    try:
        import z3
    except ModuleNotFoundError:
        raise ModuleNotFoundError("z3 is not installed: pip install 'majorant[bench]'") from None
    solver = z3.Solver()
    solver.set("timeout", int(budget * 1000))
    variables = {
        r.symbol: z3.Int(r.symbol.name) if r.integer else z3.Real(r.symbol.name) for r in statement.domain.ranges
    }
    reader = _Z3(z3, variables)
    try:
        for r in statement.domain.ranges:
            value = variables[r.symbol]
            if r.lower.is_finite:
                end = reader.term(r.lower)
                solver.add(value > end if r.open_lower else value >= end)
            if r.upper.is_finite:
                end = reader.term(r.upper)
                solver.add(value < end if r.open_upper else value <= end)
        conditions = [(c.lhs, c.relation, c.rhs) for c in statement.domain.given]
        for lhs, relation, rhs in conditions:
            solver.add(reader.formula(lhs, relation, rhs))
        claim = reader.formula(statement.lhs, statement.relation, statement.rhs)
    except KeyError:
        return "not accepted"
    solver.add(*reader.sides, z3.Not(claim))
    return {"unsat": "proved", "sat": "refuted"}.get(str(solver.check()), "undecided")


class _Z3:
    """SymPy to z3; roots become fresh variables with side conditions.  Raises ``KeyError`` for anything else."""

    def __init__(self, z3: Any, variables: dict[sp.Symbol, Any]) -> None:
        self.z3, self.variables, self.sides = z3, variables, []  # type: tuple[Any, dict[sp.Symbol, Any], list[Any]]

    def formula(self, lhs: sp.Expr, relation: Relation, rhs: sp.Expr) -> Any:
        a, b = self.term(lhs), self.term(rhs)
        return {"<=": a <= b, "<": a < b, ">=": a >= b, ">": a > b, "=": a == b}[relation.value]

    def term(self, expr: sp.Expr) -> Any:
        if expr in self.variables:
            return self.variables[expr]
        if expr.is_Rational:
            return self.z3.Q(expr.p, expr.q)
        if expr.is_Pow and expr.exp.is_Rational:
            return self.power(self.term(expr.base), expr.exp)
        arguments = [self.term(arg) for arg in expr.args]
        if expr.is_Add:
            return self.z3.Sum(arguments)
        if expr.is_Mul:
            return self.z3.Product(arguments)
        if isinstance(expr, sp.Abs):
            return self.z3.If(arguments[0] >= 0, arguments[0], -arguments[0])
        if isinstance(expr, (sp.Max, sp.Min)):
            best = arguments[0]
            for other in arguments[1:]:
                larger = other > best if isinstance(expr, sp.Max) else other < best
                best = self.z3.If(larger, other, best)
            return best
        raise KeyError(type(expr).__name__)

    def power(self, base: Any, exponent: sp.Rational) -> Any:
        if exponent.q != 1:
            root = self.z3.FreshReal("root")
            self.sides += [root >= 0, self.z3.Product([root] * int(exponent.q)) == base]
            base = root
        product = self.z3.Product([base] * abs(int(exponent.p)))
        return 1 / product if exponent.p < 0 else product


TOOLS: dict[str, Callable[[Statement, float], str]] = {
    "majorant": by_majorant,
    "sympy": by_sympy,
    "mpmath iv": by_intervals,
    "z3": by_z3,
}
