"""From a claim to what the kernel must prove: the hypotheses of its domain and the gap between its sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from theory.claim import NOTHING, Claim
from theory.domain import Condition, Domain, Range, Relation
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import Fact
from validation.kernel.instances import conclude, discharged, instantiated, typed
from validation.kernel.normal import Value, substitute
from validation.kernel.premises import generic, gives, spans
from validation.kernel.reading import Obligation, Reader, family_name
from validation.kernel.terms import Poly, Refused, fresh, rename, var

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
    first, second, third = (_names(part) for part in (claim.domain, claim.exists, claim.forall))
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
    said = gap.key + "".join(h.key for h in inner.ctx.hyps)
    typed(env, said)
    types = {_name(v): bool(v.is_integer) for v in claim.exists.variables()}
    if not env.keys() <= types.keys() or any(_free(value) & _names(claim.forall) for value in env.values()):
        raise Refused("a witness gives values to the variables of exists, and these do not depend on what comes after")
    if any(f"{name!r}{'' if integer else 'Z'}''" in said for name, integer in types.items()):
        raise Refused("a variable of exists shares its name with one of another type")
    if not all(discharged(h, env, scene.ctx, given) <= scene.ctx.hyps for h in chosen.ctx.hyps - scene.ctx.hyps):
        raise Refused("the witness rests on hypotheses that are not in the domain")
    held = scene.ctx.extended(*(instantiated(h, env, scene.ctx) for h in inner.ctx.hyps - chosen.ctx.hyps))
    early, late = (*scene.obligations, *chosen.obligations), (*inner.obligations, *whole.obligations)
    for asked, ctx in (*((a.at(env, scene.ctx), scene.ctx) for a in early), *((a.at(env, held), held) for a in late)):
        if not any(_meets(asked, shown, names, ctx) for shown, names in given):
            raise Refused(f"not shown to make sense: {asked.term.key} is {asked.what}")
    return conclude(fact, substitute(gap, env, held), relation, held)


def _free(value: Value) -> frozenset[str]:
    """The variables that a value depends on."""
    return value.free if isinstance(value, Poly) else value.body.free - set(value.params)


def _names(domain: Domain) -> frozenset[str]:
    """The names of the variables that a domain declares."""
    return frozenset(map(_name, domain.variables()))


def _name(variable: sp.Basic) -> str:
    return family_name(variable) if isinstance(variable, sp.IndexedBase) else str(variable)


def _meets(asked: Obligation, fact: Fact, names: tuple[str, ...], ctx: Context) -> bool:
    spoken = (asked.term.free, *(a.free | b.free for _, a, b in asked.within), *(h.free for h in ctx.hyps))
    if type(fact) is not Fact or len(names) != len(asked.within) or not generic(names, *spoken):
        return False
    local = {old: new for (old, _, _), new in zip(asked.within, names, strict=True)}
    ends = [(new, rename(a, local), rename(b, local)) for new, (_, a, b) in zip(names, asked.within, strict=True)]
    term = rename(asked.term, local)
    wanted = ">=" if asked.what == "nonnegative" else ">"
    said = gives(fact, term, wanted) or (asked.what == "nonzero" and gives(fact, -term, wanted))
    return said and fact.hyps <= ctx.hyps.union(*(spans(*end) for end in ends))


def denies(negation: Claim, original: Claim, env: Mapping[str, Value]) -> bool:
    """Whether ``negation`` says that ``original`` fails where the variables of ``env`` take these values.

    The original claims, for all of its domain, some ``exists`` that serves all of ``forall``; its negation claims, at
    one point of the domain and for every value of ``exists``, the opposite relation for some value of ``forall``.  It
    may assume no more than what the original says of the first two, which must be seen not to be about nothing.
    What the original divides by, roots or logs must be what the negation does.  Raises ``Refused`` for values of the
    wrong type.
    """
    scene, chosen, inner = stages(original)
    assumed, offered, _ = stages(negation)
    opposite, after = original.relation.negation, inner.ctx.hyps - chosen.ctx.hyps
    fixed, reader, denial = set(env), Reader(inner.ctx), Reader(offered.ctx)
    said, denied = gap_of(original, reader), gap_of(negation, denial)
    sense = {(asked.what, asked.term) for asked in denial.obligations}  # shown where the negation was accepted
    typed(env, said.key + "".join(h.key for h in chosen.ctx.hyps))
    decided = {h for h in chosen.ctx.hyps if h.free & fixed}
    allowed = Context(chosen.ctx.hyps - decided)
    last, found = ({(_name(v), v.is_integer) for v in part.variables()} for part in (original.forall, negation.exists))
    return (
        opposite is not None
        and negation.relation.strict == opposite.strict
        and negation.forall == NOTHING
        and last == found
        and not (original.domain.given or original.exists.given)
        and all(_inhabited(r) for r in original.domain.ranges)
        and fixed <= _names(original.domain)
        and not any(_free(value) for value in env.values())
        and all(_holds(hyp, env) for hyp in decided)
        and not (scene.obligations or chosen.obligations or inner.obligations)
        and all((a.what, a.at(env, allowed).term) in sense for a in reader.obligations)
        and assumed.ctx.hyps <= allowed.hyps
        and after <= offered.ctx.hyps
        and -denied == substitute(said, env, allowed.extended(*after))
    )


def _inhabited(span: Range) -> bool:
    """Whether a range with constant ends is seen to have a member."""
    room = span.upper - span.lower - int(span.integer)  # beyond length 1 there is an integer
    wide = span.lower == -sp.oo or span.upper == sp.oo or room.is_positive
    return bool(wide and not span.lower.free_symbols | span.upper.free_symbols)


def _holds(hyp: Hyp, env: Mapping[str, Value]) -> bool:
    """Whether a hypothesis holds at values that leave nothing open; one that speaks of more is not decided."""
    names = tuple(var(fresh("q"), integer=True) for _ in hyp.indices)
    value = substitute(hyp.at(names, Context()).gap, env, Context()).constant
    return value is not None and {">": value > 0, ">=": value >= 0, "==": value == 0}[hyp.relation]
