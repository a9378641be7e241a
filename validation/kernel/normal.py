"""The builders of normal forms: each returns the one ``Poly`` that all equal forms share.

A builder that needs to know a sign or a nonempty range asks the ``Context`` it is given; what it returns is equal to
what it was asked to build wherever the hypotheses of that context hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor, gcd, lcm, prod
from typing import TYPE_CHECKING

from validation.kernel.terms import COUNTED, ONE, ZERO, Atom, Monomial, Poly, Refused, const, fresh, of, rename, total

if TYPE_CHECKING:
    from validation.kernel.context import Context

UNROLL = 12


def content(terms: Iterable[tuple[Monomial, Fraction]]) -> Fraction:
    """The positive rational that makes the coefficients coprime integers."""
    coefficients = [c for _, c in terms]
    return Fraction(gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients)))


def shape(term: Poly) -> str:
    """The key without the names of bound and fresh variables: what a choice between equal forms may look at."""
    return re.sub(r"'[%#][^']*'", "'#'", term.key)


def exp(exponent: Poly, ctx: Context) -> Poly:
    """``exp(exponent)``; the integer part of a multiple of the logarithm of a positive term comes out as a power."""
    exponent = settled(exponent, ctx)
    rest, outside = exponent, ONE
    for monomial, c in exponent.terms:
        if [(a.head, p) for a, p in monomial] == [("log", 1)] and ctx.positive(monomial[0][0].args[0]):
            argument, whole = monomial[0][0].args[0], floor(c)
            rest = rest - Poly({monomial: Fraction(whole)})
            outside = outside * (argument if whole > 0 else inv(argument)) ** abs(whole)
    return outside * _exp(rest)


def _exp(exponent: Poly) -> Poly:
    return of(Atom("exp", "", (exponent,))) if exponent.terms else ONE


def log(argument: Poly, ctx: Context) -> Poly:
    """``log(argument)``, split into a sum where the factors are positive at sight."""
    number = argument.constant
    if number == 1:
        return ZERO
    if number is not None and number > 0 and number.denominator != 1:
        return log(const(number.numerator), ctx) - log(const(number.denominator), ctx)
    if len(argument.terms) == 1:
        (monomial, c) = argument.terms[0]
        opaque = [(a, p) for a, p in monomial if a.head != "exp"]
        if c > 0 and all(ctx.positive(of(a)) for a, _ in opaque) and (opaque or monomial):
            total = log(const(c), ctx)
            for a, p in monomial:
                total = total + _log_atom(a, ctx).scaled(Fraction(p))
            return total
    elif ctx.positive(argument):
        pivots = [next((a.args[0] for a, _ in m if a.head == "exp"), ZERO) for m, _ in argument.terms]
        shifted = [(argument * of(Atom("exp", "", (-p,))) if p.terms else argument, p) for p in pivots]
        rest, pivot = min(shifted, key=lambda pair: (shape(pair[0]), pair[0].key))
        return pivot + of(Atom("log", "", (rest,)))
    return of(Atom("log", "", (argument,)))


def _log_atom(a: Atom, ctx: Context) -> Poly:
    if a.head in ("exp", "inv"):
        return a.args[0] if a.head == "exp" else -log(a.args[0], ctx)
    return of(Atom("log", "", (of(a),)))


def inv(argument: Poly) -> Poly:
    """``1/argument`` with 1/0 = 0, multiplicative over monomials."""
    if argument.constant is not None:
        return const(1 / argument.constant) if argument.constant else ZERO
    if len(argument.terms) > 1:
        scale = content(argument.terms)
        return of(Atom("inv", "", (argument.scaled(1 / scale),))).scaled(1 / scale)
    (monomial, c) = argument.terms[0]
    return prod((_inverse(a) ** p for a, p in monomial), start=const(1 / c))


def _inverse(a: Atom) -> Poly:
    if a.head in ("exp", "inv"):
        return _exp(-a.args[0]) if a.head == "exp" else a.args[0]
    return of(Atom("inv", "", (of(a),)))


def power(base: Poly, exponent: Poly, ctx: Context) -> Poly:
    """``base**exponent``: multiplied out for integers, ``exp(exponent * log(base))`` for positive bases.

    What remains is a constant power, that of ``max(base, 0)``.
    """
    n = exponent.constant
    if n is not None and n.denominator == 1 and abs(n) <= UNROLL:
        return settled((base if n >= 0 else inv(base)) ** abs(int(n)), ctx)
    if n is None or ctx.positive(base):
        return exp(exponent * log(base, ctx), ctx)
    return of(Atom("pow", "", (base, exponent)))


def root(radicand: Poly, ctx: Context) -> Poly:
    """The square root."""
    return power(radicand, const(Fraction(1, 2)), ctx)


def gamma(argument: Poly, ctx: Context) -> Poly:
    """Euler's gamma function, brought down by ``Gamma(u + 1) = u Gamma(u)`` as long as u is positive at sight."""
    shift, below = dict(argument.terms).get((), Fraction(0)), argument - ONE
    if argument == ONE:
        return ONE
    if 1 <= shift <= UNROLL and ctx.positive(below):
        return below * gamma(below, ctx)
    return of(Atom("gamma", "", (argument,)))


def ceil(argument: Poly) -> Poly:
    """The least integer that is not below the argument."""
    return argument if argument.integer else of(Atom("ceil", "", (argument,), integer=True))


def settled(term: Poly, ctx: Context) -> Poly:
    """A product brought to normal form: merged exponentials are built anew, ``u (1/u)`` is 1 where u is positive."""
    parts = []
    for monomial, c in term.terms:
        powers, exponents = dict(monomial), [a.args[0] for a, _ in monomial if a.head == "exp"]
        for a, p in monomial if any(a.head == "inv" for a in powers) else ():
            inverse = Atom("inv", "", (of(a),)) if a.head != "exp" else a
            if inverse != a and inverse in powers and ctx.positive(of(a)):
                both = min(p, powers[inverse])
                powers[a], powers[inverse] = p - both, powers[inverse] - both
        rest = Poly({tuple([(a, p) for a, p in powers.items() if p and a.head != "exp"]): c})
        parts.append(prod([exp(exponent, ctx) for exponent in exponents], start=rest))
    done = total(parts)
    return done if done == term else settled(done, ctx)


def maximum(members: Iterable[Poly]) -> Poly:
    """The greatest of finitely many terms: common parts and positive content leave it."""
    listed = {p.key: p for p in members}
    numbers = [p.constant for p in listed.values()]
    if len(listed) == 1 or None not in numbers:  # of rational numbers the greatest is known
        return max(listed.values(), key=lambda p: p.constant or 0)
    first, *others = (dict(p.terms) for p in listed.values())
    common = Poly({m: c for m, c in first.items() if all(o.get(m) == c for o in others)})
    inner = sorted((p - common for p in listed.values()), key=lambda p: p.key)
    scale = content([term for p in inner for term in p.terms])
    return common + of(Atom("max", "", tuple(p.scaled(1 / scale) for p in inner))).scaled(scale)


def bind(head: str, name: str, lower: Poly, upper: Poly, body: Poly, ctx: Context) -> Poly:
    """``sum``, ``lse`` or ``imax`` of ``body`` for ``name`` from ``lower`` to ``upper``.

    For a ``moment`` the two are its order and its cutoff, for a ``radial`` integral the dimension and the radius.
    """
    if head not in COUNTED:
        return _closed(head, name, (lower, upper), body)
    width = (upper - lower).constant
    if lower.integer and width is not None and width.denominator == 1 and 0 <= width < UNROLL:
        members = [substitute(body, {name: lower + const(step)}, ctx) for step in range(int(width) + 1)]
        return _reduce(head, members, ctx)
    if head == "sum":
        return _spread(body, name, lambda inner: _sum(name, lower, upper, inner, ctx))
    if not ctx.nonempty(lower, upper):
        return _closed(head, name, (lower, upper), body)
    fixed, moving = _parted(body, name)
    if not moving.terms:
        return fixed + (log(upper - lower + ONE, ctx) if head == "lse" else ZERO)
    scale = content(moving.terms) if head == "imax" else Fraction(1)
    return fixed + _closed(head, name, (lower, upper), moving.scaled(1 / scale)).scaled(scale)


def _reduce(head: str, members: list[Poly], ctx: Context) -> Poly:
    if head == "imax":
        return maximum(members)
    return total(members) if head == "sum" else log(total(exp(member, ctx) for member in members), ctx)


def _sum(name: str, lower: Poly, upper: Poly, inner: Monomial, ctx: Context) -> Poly:
    known = ctx.nonempty(lower, upper)
    if known and not inner:
        return upper - lower + ONE
    if known and len(inner) == 1 and inner[0][0].head == "exp":
        return exp(bind("lse", name, lower, upper, inner[0][0].args[0], ctx), ctx)
    return _closed("sum", name, (lower, upper), Poly({inner: Fraction(1)}))


def _spread(body: Poly, name: str, close: Callable[[Monomial], Poly]) -> Poly:
    """A linear operation on functions of ``name``: factors that do not depend on it leave, ``close`` takes the rest."""
    parts = ((c, split(monomial, name)) for monomial, c in body.terms)
    return total((outer * close(inner)).scaled(c) for c, (outer, inner) in parts)


def split(monomial: Monomial, name: str) -> tuple[Poly, Monomial]:
    """The factors that do not depend on ``name``, and those that do; an exponential is split at its exponent."""
    outer = Poly({tuple([(a, p) for a, p in monomial if name not in a.free]): Fraction(1)})
    inner = Poly({tuple([(a, p) for a, p in monomial if name in a.free and a.head != "exp"]): Fraction(1)})
    for a, _ in monomial:
        if a.head == "exp" and name in a.free:
            fixed, moving = _parted(a.args[0], name)
            outer, inner = outer * _exp(fixed), inner * _exp(moving)
    return outer, inner.terms[0][0]


def _parted(term: Poly, name: str) -> tuple[Poly, Poly]:
    """The part of a sum that does not depend on ``name``, and the part that does."""
    moving = {m: c for m, c in term.terms if any(name in a.free for a, _ in m)}
    return Poly({m: c for m, c in term.terms if m not in moving}), Poly(moving)


def _closed(head: str, name: str, outside: tuple[Poly, ...], body: Poly) -> Poly:
    bound = f"#{body.height}"
    if bound in body.free:
        raise Refused(f"the name {bound} is kept for bound variables")
    return of(Atom(head, "", (*outside, rename(body, {name: bound})), bound=bound))


def region(point: str, shape_of: tuple[Poly, ...], body: Poly) -> Poly:
    """The integral of ``body`` over the region described by ``shape_of``; linear where every part is continuous."""
    if not continuous(body, point):
        return _closed("region", point, shape_of, body)
    return _spread(body, point, lambda inner: _closed("region", point, shape_of, Poly({inner: Fraction(1)})))


def continuous(term: Poly, point: str) -> bool:
    """Whether the term is a continuous function of the point by construction."""

    def smooth(a: Atom) -> bool:
        if a.head in ("sum", "lse", "imax"):
            return not any(point in bound.free for bound in a.args[:-1]) and continuous(a.args[-1], point)
        if a.head == "elem":
            return not any(point in index.free for index in a.args)
        if a.head == "pow" and (a.args[1].constant or -1) < 0:
            return False
        return a.head in ("exp", "max", "pow") and all(continuous(arg, point) for arg in a.args)

    return all(smooth(a) for m, _ in term.terms for a, _ in m if point in a.free)


@dataclass(frozen=True)
class Function:
    """What a family becomes: ``body`` as a function of the fresh integer variables ``params``."""

    params: tuple[str, ...]
    body: Poly

    def at(self, indices: tuple[Poly, ...], ctx: Context) -> Poly:
        """The value at indices."""
        if len(indices) != len(self.params):
            raise Refused(f"a family with {len(self.params)} indices was used with {len(indices)}")
        return substitute(self.body, dict(zip(self.params, indices, strict=True)), ctx)


Value = Poly | Function


def substitute(term: Poly, env: Mapping[str, Value], ctx: Context) -> Poly:
    """Variables replaced by terms and families by functions of their indices, brought to normal form again."""
    if not env or not term.free & env.keys():
        return term
    return settled(term.mapped(env.keys(), lambda a: _atom(a, env, ctx)), ctx)


def _atom(a: Atom, env: Mapping[str, Value], ctx: Context) -> Poly:
    if a.bound:
        name = fresh("b")
        args = tuple(substitute(arg, env, ctx) for arg in a.args[:-1])
        inside = ctx.beyond(name) if a.head in ("moment", "radial") else ctx  # these run over positive numbers
        body = substitute(rename(a.args[-1], {a.bound: name}), env, inside)
        return region(name, args, body) if a.head == "region" else bind(a.head, name, args[0], args[1], body, ctx)
    args = tuple(substitute(arg, env, ctx) for arg in a.args)
    value = env.get(a.name) if a.head in ("var", "elem") else None
    if value is not None:
        return value if isinstance(value, Poly) else value.at(args, ctx)
    if a.head == "max":
        return maximum(args)
    build: dict[str, Callable[..., Poly]] = {"exp": exp, "log": log, "pow": power, "gamma": gamma}
    if a.head in build:
        return build[a.head](*args, ctx)
    if a.head in ("inv", "ceil"):
        return inv(args[0]) if a.head == "inv" else ceil(args[0])
    return of(Atom(a.head, a.name, args, a.integer))
