"""From a claim to what the kernel must prove: the hypotheses of its domain and the gap between its sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import sympy as sp

from theory.claim import Claim
from theory.domain import Condition, Domain, Range, Relation
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import Fact
from validation.kernel.instances import conclude, discharged, instantiated, typed
from validation.kernel.normal import Value, substitute
from validation.kernel.reading import Obligation, Reader, family_name
from validation.kernel.terms import Poly, Refused, fresh

KERNEL_RELATION = {r: "==" if r is Relation.EQ else ">" if r.strict else ">=" for r in Relation}


@dataclass(frozen=True)
class Setting:
    """A domain as hypotheses; ``given`` keeps the side conditions in the order of the domain."""

    ctx: Context
    given: tuple[Hyp, ...]
    obligations: tuple[Obligation, ...]


def setting(domain: Domain, base: Context | None = None) -> Setting:
    """The hypotheses of a domain: ends of ranges, bounds on the entries of families, side conditions."""
    start = base or Context()
    obligations: list[Obligation] = []
    reader = Reader(start, {}, obligations)
    ctx = start.extended(*(h for r in domain.ranges for h in _ends(r, reader)))
    for family in domain.families:
        if family.lower != -sp.oo:
            names = {sp.Symbol(f"#f{axis}", integer=True): fresh("f") for axis in range(len(family.shape))}
            entry = Reader(ctx, names, obligations).read(family.base[tuple(names)] - family.lower)
            ctx = ctx.extended(Hyp(entry, ">=", tuple(names.values())))
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
        if not isinstance(index, sp.Symbol) or not index.is_integer or not all(end.integer for end in ranges[-1]):
            raise Refused(f"a condition holds for all integers between two: {condition}")
        names.append(fresh("c"))
        reader = reader.inside({index: names[-1]}, None, (names[-1], *ranges[-1]))
    relation = KERNEL_RELATION[condition.relation]
    return Hyp(gap_of(condition, reader), relation, tuple(names), tuple(ranges) if names else None)


def gap_of(sides: Claim | Condition, reader: Reader) -> Poly:
    """Right side less left side for ``<= < =``, left less right for ``>= >``."""
    left, right = reader.read(sides.lhs), reader.read(sides.rhs)
    return left - right if sides.relation in (Relation.GE, Relation.GT) else right - left


def stages(claim: Claim) -> tuple[Setting, Setting, Setting]:
    """What is assumed before the witness, asked of it, and assumed after it; no variable is in two of these blocks."""
    scene = setting(claim.domain)
    chosen = setting(claim.exists, scene.ctx)
    inner = setting(claim.forall, chosen.ctx)
    first, second, third = (names_of(part) for part in (claim.domain, claim.exists, claim.forall))
    outer = first.union(*(h.free for h in scene.ctx.hyps))
    asked = (outer | second).union(*(h.free for h in chosen.ctx.hyps))
    after = frozenset().union(*(h.free for h in inner.ctx.hyps - chosen.ctx.hyps))
    if outer & second or asked & third or not after <= outer | second | third:
        raise Refused("every variable belongs to one block, and no block speaks of those after it")
    return scene, chosen, inner


def accept(claim: Claim, fact: Fact, env: Mapping[str, Value], given: Sequence[tuple[Fact, tuple[str, ...]]]) -> Fact:
    """The claim as a theorem, if ``fact`` is what it says and everything it divides by, roots or logs may be.

    ``env`` is the witness of an existential claim, which must be proved to be what is asked of it, from the domain
    alone; what is said of it is said for all that comes after it.  ``given`` discharges what is asked of the witness
    and what must be shown for the statement to make sense.  Raises ``Refused`` otherwise.
    """
    scene, chosen, inner = stages(claim)
    whole = Reader(inner.ctx, {}, [])
    gap, relation = gap_of(claim, whole), KERNEL_RELATION[claim.relation]
    early, late = (*scene.obligations, *chosen.obligations), (*inner.obligations, *whole.obligations)
    said = gap.key + "".join(h.key for h in (*inner.ctx.hyps, *chain(*early, *late)))
    typed(env, said)
    types = {name_of(v): bool(v.is_integer) for v in claim.exists.variables()}
    if not env.keys() <= types.keys() or any(free_names(value) & names_of(claim.forall) for value in env.values()):
        raise Refused("a witness gives values to the variables of exists, and these do not depend on what comes after")
    if any(f"{name!r}{'' if integer else 'Z'}''" in said for name, integer in types.items()):
        raise Refused("a variable of exists shares its name with one of another type")
    for asked in chosen.ctx.hyps - scene.ctx.hyps:
        if not discharged(asked, env, scene.ctx, given) <= scene.ctx.hyps:
            raise Refused("the witness rests on hypotheses that are not in the domain")
    held = scene.ctx.extended(*(instantiated(h, env, scene.ctx) for h in inner.ctx.hyps - chosen.ctx.hyps))
    for choices, ctx in (*((choices, scene.ctx) for choices in early), *((choices, held) for choices in late)):
        if not any(_shown(hyp, env, ctx, given) for hyp in choices):
            raise Refused(f"not shown to make sense: {choices[0].gap.key} {choices[0].relation} 0")
    return conclude(fact, substitute(gap, env, held), relation, held)


def free_names(value: Value) -> frozenset[str]:
    """The variables that a value depends on."""
    return value.free if isinstance(value, Poly) else value.body.free - set(value.params)


def names_of(domain: Domain) -> frozenset[str]:
    """The names of the variables that a domain declares."""
    return frozenset(map(name_of, domain.variables()))


def name_of(variable: sp.Basic) -> str:
    """The name of the variable that a scalar or a family is read as."""
    return family_name(variable) if isinstance(variable, sp.IndexedBase) else str(variable)


def _shown(hyp: Hyp, env: Mapping[str, Value], ctx: Context, given: Sequence[tuple[Fact, tuple[str, ...]]]) -> bool:
    """Whether what must make sense does, at these values, wherever the hypotheses of the context hold."""
    try:
        return discharged(hyp, env, ctx, given) <= ctx.hyps
    except Refused:
        return False
