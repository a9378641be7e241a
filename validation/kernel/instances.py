"""Rules that turn one theorem into another: at values of its variables, at a witness, or as it was claimed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from validation.kernel.context import Context, Hyp
from validation.kernel.fact import _TOKEN, Fact
from validation.kernel.normal import Value, substitute
from validation.kernel.premises import STRENGTH, _require, rule
from validation.kernel.terms import Poly, Refused, fresh, rename, var


@rule
def instance(
    theorem: Fact, env: Mapping[str, Value], ctx: Context, given: Sequence[tuple[Fact, tuple[str, ...]]] = ()
) -> Fact:
    """A fact holds for all values of its free variables, so for these; its hypotheses, instantiated, must be proved.

    A hypothesis is discharged by the context at sight, or by a given fact; an indexed one by a fact about fresh
    indices, which then holds for every index in range.  Integer variables take integer terms.
    """
    typed(env, theorem.gap.key + "".join(h.key for h in theorem.hyps))
    hyps = ctx.hyps
    for hyp in theorem.hyps:
        hyps = hyps | _discharged(hyp, env, ctx, given)
    return Fact(substitute(theorem.gap, env, ctx), theorem.relation, hyps, _TOKEN)


def typed(env: Mapping[str, Value], wanted: str) -> None:
    """Refuse values of the wrong type for the variables of terms with the keys ``wanted``."""
    for name, value in env.items():
        body = value if isinstance(value, Poly) else value.body
        counts = any(f"{head}{name!r}Z" in wanted for head in ("var", "elem"))
        _require(body.integer or not counts, f"{name} is an integer and can only become one")
        said = body.free.union((name,), () if isinstance(value, Poly) else value.params)
        _require(not any(word.startswith("#") for word in said), "a name that is kept for bound variables")


def generic(names: Sequence[str], *free: frozenset[str]) -> bool:
    """Whether what is proved for these indices is proved for all: they are distinct and nothing else speaks of them."""
    taken = frozenset().union(*free)
    return len(set(names)) == len(names) and not any(name in taken or name.startswith("#") for name in names)


@rule
def exhibit(
    fact: Fact,
    gap: Poly,
    relation: str,
    exists: Context,
    forall: Context,
    env: Mapping[str, Value],
    ctx: Context,
    given: Sequence[tuple[Fact, tuple[str, ...]]],
) -> Fact:
    """An existential statement holds if it holds for a witness that satisfies what is asked of witnesses.

    ``exists`` are the hypotheses on the witness, ``forall`` those on the variables that come after it, and ``gap`` the
    statement, all with the witness as variables.  The result is about the witness and says nothing of other values.
    """
    typed(env, gap.key + "".join(h.key for h in exists.hyps | forall.hyps))
    hyps = ctx.hyps
    for hyp in exists.hyps:
        hyps = hyps | _discharged(hyp, env, ctx, given)
    _require(hyps <= ctx.hyps, "the witness rests on hypotheses that are not in the domain")
    inner = ctx.extended(*(instantiated(hyp, env, ctx) for hyp in forall.hyps))
    return conclude(fact, substitute(gap, env, inner), relation, inner)


def _discharged(
    hyp: Hyp, env: Mapping[str, Value], ctx: Context, given: Sequence[tuple[Fact, tuple[str, ...]]]
) -> frozenset[Hyp]:
    """The hypotheses that a proof of the instantiated hypothesis rests on; refused if there is none."""
    wanted = instantiated(hyp, env, ctx)
    if wanted in ctx.hyps:
        return frozenset()
    names = tuple(fresh("h") for _ in hyp.indices)
    at = wanted.at(tuple(var(name, integer=True) for name in names), ctx)
    if (hyp.ranges is None or not hyp.indices) and at.relation != "==":
        sign = ctx.sign(at.gap)
        if sign is not None and (sign == 1 or at.relation == ">="):
            return frozenset()
    if at.relation == "==" and not at.gap.terms:
        return frozenset()
    for fact, indices in given:
        fits = len(indices) == len(hyp.indices) and generic(indices, wanted.free, *(h.free for h in ctx.hyps))
        if fits and fact.relation in STRENGTH[hyp.relation]:
            values = tuple(var(name, integer=True) for name in indices)
            local = wanted.at(values, ctx)
            if local.gap == fact.gap or (fact.relation == "==" and local.gap == -fact.gap):
                spans_of = [
                    Hyp(side, ">=")
                    for v, (a, b) in zip(values, _ranges(wanted, values, ctx), strict=wanted.ranges is not None)
                    for side in (v - a, b - v)
                ]
                rest = fact.hyps - set(spans_of)
                if generic(indices, *(h.free for h in rest)):
                    return rest
    raise Refused(f"a hypothesis of the lemma is not discharged: {at.gap.key} {at.relation} 0")


def instantiated(hyp: Hyp, env: Mapping[str, Value], ctx: Context) -> Hyp:
    """The hypothesis at values of its variables."""
    names = tuple(fresh("q") for _ in hyp.indices)
    opened = dict(zip(hyp.indices, names, strict=True))

    def put(term: Poly) -> Poly:
        return substitute(rename(term, opened), env, ctx)

    ranges = hyp.ranges and tuple((put(a), put(b)) for a, b in hyp.ranges)
    return Hyp(put(hyp.gap), hyp.relation, names, ranges)


def _ranges(hyp: Hyp, values: tuple[Poly, ...], ctx: Context) -> list[tuple[Poly, Poly]]:
    if hyp.ranges is None:
        return []
    env = dict(zip(hyp.indices, values, strict=True))
    return [(substitute(a, env, ctx), substitute(b, env, ctx)) for a, b in hyp.ranges]


@rule
def conclude(fact: Fact, gap: Poly, relation: str, ctx: Context) -> Fact:
    """The fact as a theorem: the wanted gap in a relation at least as strong, under no hypothesis but those wanted."""
    _require(fact.relation in STRENGTH[relation], f"the relation {fact.relation} does not give {relation}")
    _require(fact.gap == gap or (fact.relation == "==" and fact.gap == -gap), "the fact is about another gap")
    _require(fact.hyps <= ctx.hyps, f"{len(fact.hyps - ctx.hyps)} hypotheses of the fact are not in the domain")
    return Fact(gap, relation, ctx.hyps, _TOKEN)
