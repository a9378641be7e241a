"""Refutation by proof: whether a proved claim says that another one fails.

No proof rests on this file, but a refutation does: what it takes for a negation must be one.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

import sympy as sp

from theory.claim import NOTHING, Claim
from theory.domain import Range
from validation.kernel.context import Context, Hyp
from validation.kernel.instances import instantiated, typed
from validation.kernel.normal import Value, substitute
from validation.kernel.reading import Reader
from validation.kernel.statement import free_names, gap_of, name_of, names_of, stages
from validation.kernel.terms import fresh, var


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
    sense = set(denial.obligations)  # shown where the negation was accepted
    typed(env, said.key + "".join(h.key for h in (*chosen.ctx.hyps, *chain(*reader.obligations))))
    decided = {h for h in chosen.ctx.hyps if h.free & fixed}
    allowed = Context(chosen.ctx.hyps - decided)
    parts = (original.forall, negation.exists)
    last, found = ({(name_of(v), v.is_integer) for v in part.variables()} for part in parts)
    return (
        opposite is not None
        and negation.relation.strict == opposite.strict
        and negation.forall == NOTHING
        and last == found
        and not (original.domain.given or original.exists.given)
        and all(_inhabited(r) for r in original.domain.ranges)
        and fixed <= names_of(original.domain)
        and not any(free_names(value) for value in env.values())
        and all(_holds(hyp, env) for hyp in decided)
        and not (scene.obligations or chosen.obligations or inner.obligations)
        and all(tuple(instantiated(h, env, allowed) for h in asked) in sense for asked in reader.obligations)
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
