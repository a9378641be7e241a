"""What every rule asks of its premises, and how it makes its result.

Every rule works in a ``Context``.  Its result carries the hypotheses of that context and of every premise, less those
that the rule itself discharges, so that weakening is built in and nothing is ever forgotten.  A variable that a rule
generalises over (an index, a variable of integration) must be free in no hypothesis that remains.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from fractions import Fraction
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from validation.kernel.context import Context, Hyp
from validation.kernel.fact import _TOKEN, Fact
from validation.kernel.normal import Function
from validation.kernel.terms import Poly, Refused, var

P = ParamSpec("P")
T = TypeVar("T")

STRENGTH = {">=": (">=", ">", "=="), ">": (">",), "==": ("==",)}


def _fact(gap: Poly, relation: str, ctx: Context, *premises: Fact) -> Fact:
    return Fact(gap, relation, ctx.hyps.union(*(p.hyps for p in premises)), _TOKEN)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise Refused(message)


def _genuine(value: Any) -> bool:
    """Whether a value is built from what the kernel knows, and from nothing that only looks like it."""
    if type(value) in (tuple, list):
        return all(map(_genuine, value))
    if type(value) is dict:
        return all(type(name) is str and _genuine(v) for name, v in value.items())
    if type(value) is Function:
        return _genuine((value.params, value.body))
    return type(value) in (Fact, Context, Hyp, Poly, Fraction, int, str, bool, type(None))


def rule(make: Callable[P, T]) -> Callable[P, T]:
    """Marks a function that makes facts or judges them, and keeps impostors from it."""

    @wraps(make)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        _require(_genuine((args, kwargs)), f"{make.__name__} takes facts, contexts and terms of the kernel only")
        return make(*args, **kwargs)

    return guarded


def gives(fact: Fact, gap: Poly, relation: str) -> bool:
    """Whether a fact says that ``gap relation 0``, or more; an equation may be turned round."""
    same = fact.gap == gap or (fact.relation == "==" and fact.gap == -gap)
    return same and fact.relation in STRENGTH[relation]


def _order(*facts: Fact) -> str:
    return ">" if all(f.relation == ">" for f in facts) else ">="


def _positive(fact: Fact, what: str) -> Poly:
    _require(fact.relation == ">", f"{what} must be proved positive")
    return fact.gap


def generic(names: Collection[str], *free: frozenset[str]) -> bool:
    """Whether what is proved for these names is proved for all: they are distinct and nothing else speaks of them."""
    taken = frozenset().union(*free)
    return len(set(names)) == len(names) and not any(name in taken or name.startswith("#") for name in names)


def _local(names: Collection[str], terms: Iterable[Poly], hyps: Iterable[Hyp]) -> None:
    spoken = (*(t.free for t in terms), *(h.free for h in hyps))
    _require(generic(names, *spoken), f"something outside speaks of one of {names}")


def spans(name: str, lower: Poly, upper: Poly) -> tuple[Hyp, Hyp]:
    """The hypotheses that an integer index lies between two ends."""
    index = var(name, integer=True)
    return Hyp(index - lower, ">="), Hyp(upper - index, ">=")


def _over(each: Fact, name: str, lower: Poly, upper: Poly, ctx: Context, *others: Poly) -> frozenset[Hyp]:
    """The hypotheses that remain of a fact for every index of a range, which ``others`` do not speak of."""
    rest = each.hyps.difference(spans(name, lower, upper)) | ctx.hyps
    _local((name,), (lower, upper, *others), rest)
    return rest


def _in_range(value: Poly, lower: Poly, upper: Poly, above: Fact, below: Fact) -> None:
    within = above.gap == value - lower and below.gap == upper - value
    _require(value.integer and within, "an index is an integer and must be proved to lie in its range")
