"""From a claim to what the kernel must prove: the hypotheses of its domain and the gap between its sides."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from theory.claim import Claim
from theory.domain import Condition, Domain, Range, Relation
from validation.kernel.context import Context, Hyp
from validation.kernel.reading import Reader
from validation.kernel.terms import Poly, fresh

KERNEL_RELATION = {
    Relation.LE: ">=",
    Relation.GE: ">=",
    Relation.LT: ">",
    Relation.GT: ">",
    Relation.EQ: "==",
}


@dataclass(frozen=True)
class Setting:
    """A domain as hypotheses; ``given`` keeps the side conditions in the order of the domain."""

    ctx: Context
    given: tuple[Hyp, ...]
    obligations: tuple[tuple[str, Poly], ...]


def setting(domain: Domain, base: Context | None = None) -> Setting:
    """The hypotheses of a domain: ends of ranges, bounds on the entries of families, side conditions."""
    start = base or Context()
    obligations: list[tuple[str, Poly]] = []
    reader = Reader(start, {}, obligations)
    ctx = start.extended(*(h for r in domain.ranges for h in _ends(r, reader)))
    for family in domain.families:
        if family.lower != -sp.oo:
            names = tuple(sp.Symbol(f"#f{axis}", integer=True) for axis in range(len(family.shape)))
            entry = Reader(ctx, {}, obligations).read(family.base[names] - family.lower)
            ctx = ctx.extended(Hyp(entry, ">=", tuple(name.name for name in names)))
    given = tuple(_condition(c, Reader(ctx, {}, obligations)) for c in domain.given)
    return Setting(ctx.extended(*given), given, tuple(obligations))


def _ends(span: Range, reader: Reader) -> list[Hyp]:
    value = reader.read(span.symbol)
    found = []
    if span.lower != -sp.oo:
        found.append(Hyp(value - reader.read(span.lower), ">" if span.open_lower else ">="))
    if span.upper != sp.oo:
        found.append(Hyp(reader.read(span.upper) - value, ">" if span.open_upper else ">="))
    return found


def _condition(condition: Condition, reader: Reader) -> Hyp:
    names: list[str] = []
    ranges: list[tuple[Poly, Poly]] = []
    for index, lower, upper in condition.forall:
        ranges.append((reader.read(lower), reader.read(upper)))
        names.append(fresh("c"))
        reader = reader.inside(index, names[-1])
    relation = KERNEL_RELATION[condition.relation]
    return Hyp(gap_of(condition, reader), relation, tuple(names), tuple(ranges) if names else None)


def gap_of(sides: Claim | Condition, reader: Reader) -> Poly:
    """Right side less left side for ``<= < =``, left less right for ``>= >``."""
    left, right = reader.read(sides.lhs), reader.read(sides.rhs)
    return left - right if sides.relation in (Relation.GE, Relation.GT) else right - left

