"""Derivatives of terms in normal form, refused wherever differentiability is not plain to see."""

from __future__ import annotations

from fractions import Fraction

from validation.kernel.context import Context
from validation.kernel.normal import bind, inv
from validation.kernel.terms import ZERO, Atom, Poly, Refused, fresh, of, rename


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
                rest = Poly({(): c * Fraction(p)})
                for factor, q in others:
                    for _ in range(q):
                        rest = rest * of(factor)
                total = total + rest * _slope(atom, name, ctx)
    return total


def _slope(atom: Atom, name: str, ctx: Context) -> Poly:
    if atom.head == "var":
        return Poly({(): Fraction(1)})
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
    raise Refused(f"a term with {atom.head} is not seen to be differentiable in {name}")
