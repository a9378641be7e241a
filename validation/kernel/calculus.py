"""Derivatives of terms in normal form and their limits at 0, refused wherever they are not plain to see."""

from __future__ import annotations

from validation.kernel.context import Context
from validation.kernel.normal import bind, exp, inv, log, settled, substitute
from validation.kernel.terms import ONE, ZERO, Atom, Poly, Refused, fresh, of, rename, var


def differentiate(term: Poly, name: str, ctx: Context) -> Poly:
    """The derivative with respect to the real variable ``name``, at every point that the context allows.

    Raises ``Refused`` for a maximum, an integral, a power or the argument of a logarithm or quotient that is not
    positive at sight, when they depend on the variable.
    """
    total = ZERO
    for monomial, c in term.terms:
        for position, (atom, p) in enumerate(monomial):
            if name in atom.free:
                others = (*monomial[:position], *(((atom, p - 1),) if p > 1 else ()), *monomial[position + 1 :])
                total = total + Poly({others: c * p}) * _slope(atom, name, ctx)
    return settled(total, ctx)


def _slope(atom: Atom, name: str, ctx: Context) -> Poly:
    if atom.head == "var" and not atom.integer:
        return ONE
    inner = atom.args[-1] if atom.args else ZERO
    if atom.head == "exp":
        return of(atom) * differentiate(inner, name, ctx)
    if atom.head == "log" and ctx.positive(inner):
        return inv(inner) * differentiate(inner, name, ctx)
    if atom.head == "inv" and ctx.positive(inner):
        return -(of(atom) * of(atom)) * differentiate(inner, name, ctx)
    if atom.head in ("sum", "lse") and not any(name in end.free for end in atom.args[:2]):
        index = fresh("i")
        body = rename(inner, {atom.bound: index})
        slope = differentiate(body, name, ctx)
        if atom.head == "lse":  # the softmax: d LSE = sum_i exp(u_i - LSE u) d u_i
            slope = of(Atom("exp", "", (body - of(atom),))) * slope
        return bind("sum", index, atom.args[0], atom.args[1], slope, ctx)
    if atom.head == "moment" and name not in atom.args[0].free | (inner.free - {atom.bound}):
        order, cutoff = atom.args[:2]
        variable = fresh("s")
        body = rename(inner, {atom.bound: variable})
        if ctx.positive(order) and ctx.positive(cutoff) and tame(body, variable, ctx):
            density = exp((order - ONE) * log(cutoff, ctx), ctx) * substitute(body, {variable: cutoff}, ctx)
            return density * differentiate(cutoff, name, ctx)
    raise Refused(f"a term with {atom.head} is not seen to be differentiable in {name}")


def tame(term: Poly, name: str, ctx: Context) -> bool:
    """Whether a function of ``name > 0`` is seen to be continuous, and bounded near 0: its moments then converge.

    It is made of what tends to 0 there, of exponentials of such functions and of what does not depend on ``name``.
    """
    inside = ctx.beyond(name)
    return all(_bounded(a, name, inside) for m, _ in term.terms for a, _ in m)


def vanishes_at_zero(term: Poly, name: str, ctx: Context) -> bool:
    """Whether the term is seen to tend to 0 as ``name`` falls to 0, in a context that knows ``name > 0``."""
    return tame(term, name, ctx) and all(any(_vanishing(a, name, ctx) for a, _ in m) for m, _ in term.terms)


def _vanishing(a: Atom, name: str, ctx: Context) -> bool:
    if a.head == "exp":
        return _sinks(a.args[0], name, ctx)
    if a.head == "moment" and name not in a.args[0].free | (a.args[-1].free - {a.bound}):
        variable = fresh("s")
        held = tame(rename(a.args[-1], {a.bound: variable}), variable, ctx)
        return held and ctx.positive(a.args[0]) and _falls(a.args[1], name, ctx)
    return of(a) == var(name)


def _falls(term: Poly, name: str, ctx: Context) -> bool:
    """Whether the term is positive and tends to 0."""
    return ctx.positive(term) and vanishes_at_zero(term, name, ctx)


def _bounded(a: Atom, name: str, ctx: Context) -> bool:
    return name not in a.free or _vanishing(a, name, ctx) or (a.head == "exp" and tame(a.args[0], name, ctx))


def _sinks(exponent: Poly, name: str, ctx: Context) -> bool:
    """Whether the exponent tends to minus infinity: a term is a positive multiple of the logarithm of what vanishes."""
    sinking = 0
    for monomial, c in exponent.terms:
        logs = [a for a, p in monomial if a.head == "log" and p == 1 and _falls(a.args[0], name, ctx)]
        rest = Poly({tuple((a, p) for a, p in monomial if a not in logs): c})
        if len(logs) == 1 and name not in rest.free and ctx.positive(rest):
            sinking += 1
        elif not all(_bounded(a, name, ctx) for a, _ in monomial):
            return False
    return sinking > 0
