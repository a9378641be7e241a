"""Elementary inequalities that certificates may cite; the tests hold a certificate for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from validation.certificates.goals import Goal, Rejected, substituted
from validation.certificates.nodes import Instance, Node
from validation.certificates.normal import require_equal
from validation.certificates.regions import require_defined

u, v, a = sp.symbols("u v a", real=True)
ONE, HALF = sp.S.One, sp.Rational(1, 2)


@dataclass(frozen=True)
class Lemma:
    """``gap relation 0`` for all values of the parameters that satisfy the conditions, in which the gap is defined."""

    parameters: tuple[sp.Symbol, ...]
    gap: sp.Expr
    conditions: tuple[tuple[sp.Expr, str], ...] = ()
    relation: str = ">="


_STIRLING = sp.loggamma(u) - (u - HALF) * sp.log(u) + u - sp.log(2 * sp.pi) / 2
_MEAN = a * u + (1 - a) * v
_POSITIVE = ((u, ">"),)
_WEIGHTED = ((u, ">"), (v, ">"), (a, ">="), (1 - a, ">="))

LEMMAS: Mapping[str, Lemma] = {
    "exp_floor": Lemma((u,), sp.exp(u) - 1 - u),
    "exp_strict_floor": Lemma((u,), sp.exp(u) - 1 - u, ((u, "!="),), ">"),
    "log_ceiling": Lemma((u,), u - 1 - sp.log(u), _POSITIVE),
    "log_strict_ceiling": Lemma((u,), u - 1 - sp.log(u), (*_POSITIVE, (u - 1, "!=")), ">"),
    "log_floor": Lemma((u,), sp.log(u) - 1 + 1 / u, _POSITIVE),
    "sin_ceiling": Lemma((u,), u - sp.sin(u), ((u, ">="),)),
    "cos_floor": Lemma((u,), sp.cos(u) - 1 + u**2 / 2),
    "sin_floor": Lemma((u,), sp.sin(u) - u + u**3 / 6, ((u, ">="),)),
    "tanh_ceiling": Lemma((u,), u - sp.tanh(u), ((u, ">="),)),
    "atan_ceiling": Lemma((u,), u - sp.atan(u), ((u, ">="),)),
    "weighted_means": Lemma((u, v, a), _MEAN - u**a * v ** (1 - a), _WEIGHTED),
    "bernoulli": Lemma((u, a), (1 + u) ** a - 1 - a * u, ((1 + u, ">"), (a - 1, ">="))),
    "bernoulli_ceiling": Lemma((u, a), 1 + a * u - (1 + u) ** a, ((1 + u, ">"), (a, ">="), (1 - a, ">="))),
    "digamma_ceiling": Lemma((u,), sp.log(u) - sp.digamma(u) - 1 / (2 * u), _POSITIVE, ">"),
    "digamma_floor": Lemma((u,), sp.digamma(u) - sp.log(u) + 1 / u, _POSITIVE, ">"),
    "trigamma_floor": Lemma((u,), sp.polygamma(1, u) - 1 / u - 1 / (2 * u**2), _POSITIVE, ">"),
    "loggamma_floor": Lemma((u,), _STIRLING, _POSITIVE, ">"),
    "loggamma_ceiling": Lemma((u,), 1 / (12 * u) - _STIRLING, _POSITIVE, ">"),
    "loggamma_convex": Lemma((u, v, a), a * sp.loggamma(u) + (1 - a) * sp.loggamma(v) - sp.loggamma(_MEAN), _WEIGHTED),
}


def instance(goal: Goal, node: Instance) -> list[Goal]:
    """A lemma with its parameters replaced, where its side conditions hold; its gap is that of the goal."""
    lemma = LEMMAS.get(node.lemma)
    if lemma is None or len(lemma.parameters) != len(node.at):
        raise Rejected(f"no lemma {node.lemma} with {len(node.at)} parameters: there are {', '.join(LEMMAS)}")
    if goal.relation not in (">=", lemma.relation) and (goal.relation, lemma.relation) != ("!=", ">"):
        raise Rejected(f"{node.lemma} proves {lemma.relation}, not {goal.relation}")
    ranges = require_defined(goal)
    for value in node.at:
        ranges.span(value)
    values = dict(zip(lemma.parameters, node.at, strict=True))
    require_equal(goal, goal.gap, substituted(lemma.gap, values))
    return [goal.claiming(substituted(condition, values), relation) for condition, relation in lemma.conditions]


CITED: Mapping[type[Node], Callable[[Goal, Any], list[Goal]]] = {Instance: instance}
