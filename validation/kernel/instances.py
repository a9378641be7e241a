"""Rules that turn one theorem into another: at values of its variables, or as it was claimed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from validation.kernel.context import Context, Hyp
from validation.kernel.fact import _TOKEN, Fact
from validation.kernel.normal import Function, Value, substitute
from validation.kernel.premises import _require, generic, gives, rule, spans
from validation.kernel.terms import Poly, Refused, fresh, rename, var


@rule
def instance(
    theorem: Fact, env: Mapping[str, Value], ctx: Context, given: Sequence[tuple[Fact, tuple[str, ...]]] = ()
) -> Fact:
    """A fact holds for all values of its free variables, so for these; its hypotheses, instantiated, must be proved.

    Integer variables take integer terms.
    """
    typed(env, theorem.gap.key + "".join(h.key for h in theorem.hyps))
    hyps = ctx.hyps.union(*(discharged(hyp, env, ctx, given) for hyp in theorem.hyps))
    return Fact(substitute(theorem.gap, env, ctx), theorem.relation, hyps, _TOKEN)


@rule
def typed(env: Mapping[str, Value], wanted: str) -> None:
    """Refuse values of the wrong type for the variables of terms with the keys ``wanted``."""
    for name, value in env.items():
        params, body = (value.params, value.body) if isinstance(value, Function) else ((), value)
        counts = any(f"{head}{name!r}Z" in wanted for head in ("var", "elem"))
        _require(body.integer or not counts, f"{name} is an integer and can only become one")
        kept = any(word.startswith("#") for word in (name, *params, *body.free))
        _require(not kept, "a name that is kept for bound variables")


@rule
def discharged(
    hyp: Hyp, env: Mapping[str, Value], ctx: Context, given: Sequence[tuple[Fact, tuple[str, ...]]]
) -> frozenset[Hyp]:
    """The hypotheses that a proof of an instantiated hypothesis rests on; refused if there is none.

    The context may hold it or show it at sight.  Else a given fact must say it; an indexed one is said by a fact about
    indices that nothing else speaks of, which then holds for every index in range.
    """
    wanted = instantiated(hyp, env, ctx)
    if wanted in ctx.hyps or _seen(wanted, ctx):
        return frozenset()
    for fact, names in given:
        if len(names) == len(hyp.indices) and generic(names, wanted.free, *(h.free for h in ctx.hyps)):
            at, ranges = _opened(wanted, names, ctx)
            rest = fact.hyps - ranges
            if gives(fact, at, wanted.relation) and generic(names, *(h.free for h in rest)):
                return rest
    raise Refused(f"a hypothesis of the lemma is not discharged: {wanted.key}")


def _seen(hyp: Hyp, ctx: Context) -> bool:
    at, ranges = _opened(hyp, tuple(fresh("h") for _ in hyp.indices), ctx)
    sign = ctx.extended(*ranges).sign(at)
    return not at.terms if hyp.relation == "==" else sign is not None and sign >= (hyp.relation == ">")


def _opened(hyp: Hyp, names: tuple[str, ...], ctx: Context) -> tuple[Poly, frozenset[Hyp]]:
    """The gap of a hypothesis at indices with these names, and that they lie in their ranges."""
    values = tuple(var(name, integer=True) for name in names)
    ranges = zip(names, hyp.ends(values, ctx), strict=hyp.ranges is not None)
    return hyp.at(values, ctx).gap, frozenset(h for name, ends in ranges for h in spans(name, *ends))


def instantiated(hyp: Hyp, env: Mapping[str, Value], ctx: Context) -> Hyp:
    """The hypothesis at values of its variables."""
    names = tuple(fresh("q") for _ in hyp.indices)
    opened = dict(zip(hyp.indices, names, strict=True))

    def put(term: Poly) -> Poly:
        return substitute(rename(term, opened), env, ctx)

    ranges = hyp.ranges and tuple((put(a), put(b)) for a, b in hyp.ranges)
    return Hyp(put(hyp.gap), hyp.relation, names, ranges)


@rule
def conclude(fact: Fact, gap: Poly, relation: str, ctx: Context) -> Fact:
    """The fact as a theorem: the wanted gap in a relation at least as strong, under no hypothesis but those wanted."""
    _require(gives(fact, gap, relation), f"the fact says something else: {fact.relation}")
    _require(fact.hyps <= ctx.hyps, f"{len(fact.hyps - ctx.hyps)} hypotheses of the fact are not in the domain")
    return Fact(gap, relation, ctx.hyps, _TOKEN)
