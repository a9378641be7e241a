"""Logarithms and exponentials replaced by bounds from tangents: ``log u <= u - 1``, ``exp u >= 1 + u``."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from validation.certificates.nodes import Instance, Node, Open, Sum
from validation.prover.engine import View
from validation.prover.forms import tame

OPEN = Open()
SCALES = (1, 2, 3, sp.Rational(1, 2), sp.Rational(1, 3))


def bounded(view: View) -> Iterator[Node]:
    """The gap as multiples of what a tangent leaves, plus what remains with the bounds in place."""
    if view.goal.relation not in (">=", ">") or not view.gap.has(sp.log, sp.exp) or not tame(view.gap):
        return
    gap = view.gap
    logs = [part for part in sorted(gap.atoms(sp.log), key=str) if part.free_symbols]
    exponentials = [part for part in sorted(gap.atoms(sp.exp), key=str) if part.free_symbols]
    for scale in SCALES:
        yield from _replaced(view, gap, logs, sp.Integer(1), sp.sympify(scale))
    yield from _replaced(view, gap, exponentials, sp.Integer(1), sp.Integer(1))
    if gap.atoms(sp.Pow):
        yield from _replaced(view, gap, logs, sp.Integer(2), sp.Integer(1))


def _replaced(view: View, gap: sp.Expr, parts: list[sp.Expr], root: sp.Expr, scale: sp.Expr) -> Iterator[Node]:
    """The tangents at 1 of ``scale * u**(1/root)`` in logarithms of u, at 0 in exponentials."""
    marks = {part: sp.Dummy() for part in parts}
    rest, coefficients, terms = _flat(gap.xreplace(marks)), [], []
    below: list[Node] = []
    for part, mark in marks.items():
        coefficient = rest.coeff(mark)
        if coefficient == 0 or coefficient.has(*marks.values()) or _flat(rest - coefficient * mark).has(mark):
            return
        signs = view.signs(coefficient)
        sign = 1 if signs <= {0, 1} else -1
        if signs >= {1, -1} or (sign < 0 and isinstance(part, sp.exp)):
            return
        inner = part.args[0] if isinstance(part, sp.exp) else scale * part.args[0] ** (1 / root)
        lemma, bound = _tangent(part, inner, sign)
        if isinstance(part, sp.log):
            bound = root * (bound - sp.log(scale))
        coefficients.append(sp.factor(sign * coefficient * root))
        terms.append(_flat(sign * (part - bound) / root))
        below += [] if isinstance(coefficients[-1], sp.Rational) else [OPEN]
        below.append(Instance(lemma, (inner,)))
        rest = _flat(rest - coefficient * mark) + coefficient * bound
    rest = sp.factor(sp.powsimp(sp.expand(rest))) if root == 1 else rest
    if not terms or view.samples.meets(rest, {-1, 0} if view.goal.strict else {-1}):
        return
    place = len(terms) if view.goal.strict else -1
    yield Sum((*coefficients, sp.Integer(1)), (*terms, rest), place).following(*below, OPEN)


def _flat(expr: sp.Expr) -> sp.Expr:
    """A sum with the products in it multiplied out, the arguments of functions and powers left alone."""
    return sp.Add(*(sp.expand(sp.expand(term, deep=False), deep=False) for term in sp.Add.make_args(expr)))


def _tangent(part: sp.Expr, inner: sp.Expr, sign: int) -> tuple[str, sp.Expr]:
    """The lemma that bounds the part from below (sign 1) or above, and the bound."""
    if isinstance(part, sp.exp):
        return "exp_floor", 1 + inner
    return ("log_floor", 1 - 1 / inner) if sign > 0 else ("log_ceiling", inner - 1)
