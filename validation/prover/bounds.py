"""Logarithms and exponentials replaced by bounds from tangents: ``log u <= u - 1``, ``exp u >= 1 + u``."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from validation.certificates.nodes import Instance, Node, Open, Sum
from validation.prover.engine import View

OPEN = Open()


def bounded(view: View) -> Iterator[Node]:
    """The gap as multiples of what a tangent leaves, plus what remains with the bounds in place."""
    if view.goal.relation not in (">=", ">"):
        return
    for kinds in ((sp.log,), (sp.exp,), (sp.log, sp.exp)):
        yield from _replaced(view, kinds)


def _replaced(view: View, kinds: tuple[type[sp.Function], ...]) -> Iterator[Node]:
    rest, coefficients, terms = sp.expand(view.gap), [], []
    below: list[Node] = []
    for part in sorted(rest.atoms(*kinds), key=str):
        if not part.free_symbols:
            continue
        coefficient = rest.coeff(part)
        if coefficient == 0 or (rest - coefficient * part).has(part):
            return
        bound = _bound(view, part, coefficient)
        if bound is None:
            return
        sign = 1 if view.signs(coefficient) <= {0, 1} else -1
        coefficients.append(sp.factor(sign * coefficient))
        terms.append(sign * (part - bound))
        below += [] if isinstance(coefficients[-1], sp.Rational) else [OPEN]
        below.append(Instance(_lemma(part, sign), (part.args[0],)))
        rest = sp.expand(rest - coefficient * part + coefficient * bound)
    rest = sp.factor(rest)
    if not terms or -1 in view.signs(rest):
        return
    place = -1
    if view.goal.strict:
        place = len(terms)
        if not view.believed(rest, ">"):
            return
    yield Sum((*coefficients, sp.Integer(1)), (*terms, rest), place).following(*below, OPEN)


def _lemma(part: sp.Expr, sign: int) -> str:
    """The listed lemma that bounds the part from below (sign 1) or above."""
    return "exp_floor" if isinstance(part, sp.exp) else "log_floor" if sign > 0 else "log_ceiling"


def _bound(view: View, part: sp.Expr, coefficient: sp.Expr) -> sp.Expr | None:
    """A bound of the part from the side that the sign of its coefficient asks for."""
    inner, signs = part.args[0], view.signs(coefficient)
    if signs <= {0, -1} and isinstance(part, sp.log):
        return inner - 1
    if signs <= {0, 1}:
        return 1 - 1 / inner if isinstance(part, sp.log) else 1 + inner
    return None
