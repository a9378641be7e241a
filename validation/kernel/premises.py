"""What every rule asks of its premises, and how it makes its result.

Every rule works in a ``Context``.  Its result carries the hypotheses of that context and of every premise, less those
that the rule itself discharges, so that weakening is built in and nothing is ever forgotten.  A variable that a rule
generalises over (an index, a variable of integration) must be free in no hypothesis that remains.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import wraps
from typing import ParamSpec

from validation.kernel.context import Context, Hyp
from validation.kernel.fact import _TOKEN, Fact
from validation.kernel.normal import Function
from validation.kernel.terms import Poly, Refused, var

P = ParamSpec("P")

STRENGTH = {">=": (">=", ">", "=="), ">": (">",), "==": ("==",)}


def _fact(gap: Poly, relation: str, ctx: Context, *premises: Fact) -> Fact:
    return Fact(gap, relation, ctx.hyps.union(*(p.hyps for p in premises)), _TOKEN)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise Refused(message)


def _genuine(value: object) -> bool:
    """Whether a value is built from what the kernel knows, and from nothing that only looks like it."""
    if type(value) in (tuple, list):
        return all(map(_genuine, value))
    if type(value) is dict:
        return all(type(name) is str and _genuine(v) for name, v in value.items())
    if type(value) is Function:
        return _genuine((value.params, value.body))
    return type(value) in (Fact, Context, Hyp, Poly, Fraction, int, str, bool, type(None))


def rule(make: Callable[P, Fact]) -> Callable[P, Fact]:
    """Marks a function that makes facts, and keeps impostors from it."""

    @wraps(make)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Fact:
        _require(_genuine((args, kwargs)), f"{make.__name__} takes facts, contexts and terms of the kernel only")
        return make(*args, **kwargs)

    return guarded


def _positive(fact: Fact, term: Poly, what: str) -> None:
    _require(fact.relation == ">" and fact.gap == term, f"{what} must be proved positive")


def _without(fact: Fact, name: str, allowed: Sequence[Hyp], ctx: Context) -> frozenset[Hyp]:
    """The hypotheses of ``fact`` after generalising over ``name``, whose own ranges are ``allowed``."""
    rest = fact.hyps - set(allowed)
    _require(all(name not in h.free for h in rest | ctx.hyps), f"a hypothesis other than its range speaks of {name}")
    return rest | ctx.hyps


def spans(name: str, lower: Poly, upper: Poly) -> tuple[Hyp, Hyp]:
    """The hypotheses that an integer index lies between two ends."""
    index = var(name, integer=True)
    return Hyp(index - lower, ">="), Hyp(upper - index, ">=")


def _in_range(value: Poly, lower: Poly, upper: Poly, above: Fact, below: Fact) -> None:
    ordered = above.relation in STRENGTH[">="] and below.relation in STRENGTH[">="]
    _require(ordered and above.gap == value - lower and below.gap == upper - value, "the index must lie in its range")
