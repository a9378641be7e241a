"""Expansions as t tends to 0 from above: finitely many terms in falling order, and the order of what is left.

A term is a coefficient free of t times a scale ``exp(phi) * t**alpha * L**beta`` with ``L = log(1/t)`` and ``phi`` a
combination of ``t**-p * L**q``.  Everything is meant for fixed values of the other variables; signs are asked of a
``Judge``, which refuses to guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key

import sympy as sp

from validation.certificates.goals import Goal, Rejected
from validation.certificates.normal import equal
from validation.certificates.ranges import Ranges, constant_ball

TERMS = 10
ORDER = 5
Growth = tuple[Fraction, Fraction]  # p and q of t**-p * L**q


@dataclass(frozen=True)
class Scale:
    """``exp(sum of c * t**-p * L**q) * t**alpha * L**beta``."""

    phi: tuple[tuple[Growth, sp.Expr], ...] = ()
    alpha: sp.Expr = sp.S.Zero
    beta: sp.Expr = sp.S.Zero

    def __mul__(self, other: Scale) -> Scale:
        return Scale(_merged(self.phi, other.phi), self.alpha + other.alpha, self.beta + other.beta)

    def __pow__(self, exponent: sp.Expr) -> Scale:
        phi = tuple((growth, c * exponent) for growth, c in self.phi)
        return Scale(phi, self.alpha * exponent, self.beta * exponent)


def _merged(
    left: tuple[tuple[Growth, sp.Expr], ...], right: tuple[tuple[Growth, sp.Expr], ...]
) -> tuple[tuple[Growth, sp.Expr], ...]:
    summed = dict(left)
    for growth, c in right:
        summed[growth] = summed.get(growth, sp.S.Zero) + c
    return tuple(sorted(((growth, c) for growth, c in summed.items() if c != 0), reverse=True))


UNIT = Scale()
LOG = Scale(beta=sp.S.One)
Term = tuple[Scale, sp.Expr]


@dataclass(frozen=True)
class Germ:
    """Terms in falling order plus a remainder that is O of ``error``, exactly 0 for ``None``."""

    terms: tuple[Term, ...] = ()
    error: Scale | None = None


@dataclass(frozen=True)
class Judge:
    """Signs of expressions without t, over a region of the other variables."""

    goal: Goal

    def sign(self, expr: sp.Expr) -> int:
        """1, 0 or -1 all over the region; raises ``Rejected`` where that is not seen."""
        if isinstance(expr, sp.Rational):
            return int(sp.sign(expr))
        if not expr.free_symbols:
            value = constant_ball(expr)
            if value > 0 or value < 0:
                return 1 if value > 0 else -1
        else:
            ranges = Ranges.of(self.goal)
            for sign, signed in ((1, expr), (-1, -expr)):
                if ranges.holds(signed, ">"):
                    return sign
        if equal(self.goal, expr):
            return 0
        raise Rejected(f"the sign of {expr} is not seen")

    def compare(self, left: Scale, right: Scale) -> int:
        """1 where the left scale dominates, -1 where the right one does, 0 where they are one."""
        ratio = left * right**sp.S.NegativeOne
        for _, c in ratio.phi:
            if sign := self.sign(c):
                return sign
        return -self.sign(ratio.alpha) or self.sign(ratio.beta)

    # Sums and products.

    def total(self, germs: Sequence[Germ]) -> Germ:
        """The sum."""
        return self._gathered(
            [term for g in germs for term in g.terms], [g.error for g in germs if g.error is not None]
        )

    def _gathered(self, terms: Iterable[Term], errors: Iterable[Scale]) -> Germ:
        """Equal scales merged, what the worst error swallows left out, at most ``TERMS`` terms."""
        summed: dict[Scale, sp.Expr] = {}
        for scale, c in terms:
            summed[scale] = summed.get(scale, sp.S.Zero) + c
        ordered = sorted((item for item in summed.items() if item[1] != 0), key=cmp_to_key(self._order))
        merged: list[Term] = []
        for scale, c in ordered:
            if merged and self.compare(merged[-1][0], scale) == 0:
                merged[-1] = (merged[-1][0], merged[-1][1] + c)
            else:
                merged.append((scale, c))
        kept, dropped = merged[:TERMS], merged[TERMS:]
        error = self.worst([*errors, *(scale for scale, _ in dropped[:1])])
        return Germ(tuple(t for t in kept if t[1] != 0 and (error is None or self.compare(t[0], error) > 0)), error)

    def _order(self, left: Term, right: Term) -> int:
        return -self.compare(left[0], right[0])

    def worst(self, errors: Iterable[Scale]) -> Scale | None:
        """The one that dominates all others."""
        worst: Scale | None = None
        for error in errors:
            if worst is None or self.compare(error, worst) > 0:
                worst = error
        return worst

    def product(self, left: Germ, right: Germ) -> Germ:
        """The product; each remainder meets the largest term of the other."""
        terms = [(a * b, c * d) for a, c in left.terms for b, d in right.terms]
        errors = []
        for one, other in ((left, right), (right, left)):
            if one.error is not None:
                bound = [scale for scale, _ in other.terms[:1]] + ([other.error] if other.error is not None else [])
                errors += [one.error * scale for scale in bound]
        return self._gathered(terms, errors)

    def scaled(self, germ: Germ, scale: Scale, c: sp.Expr = sp.S.One) -> Germ:
        """The germ times one term."""
        return self.product(germ, Germ(((scale, c),)))

    # Leading terms and series.

    def lead(self, germ: Germ) -> tuple[Scale, sp.Expr, int, Germ]:
        """The leading term with its sign, and the rest; raises ``Rejected`` where the remainder hides it."""
        terms = germ.terms
        while terms:
            sign = self.sign(terms[0][1])
            if sign:
                return (*terms[0], sign, Germ(terms[1:], germ.error))
            terms = terms[1:]
        raise Rejected(
            "the terms of an expansion cancel beyond what is known" if germ.error else "0 has no leading term"
        )

    def relative(self, germ: Germ) -> tuple[Scale, sp.Expr, int, Germ]:
        """``scale * c * (1 + rest)``: the leading term, its sign, and a rest that tends to 0."""
        scale, c, sign, rest = self.lead(germ)
        return scale, c, sign, self.scaled(rest, scale**sp.S.NegativeOne, 1 / c)

    def series(self, small: Germ, coefficient: Callable[[int], sp.Expr]) -> Germ:
        """``sum of a(k) * small**k``, an analytic function of what tends to 0."""
        if not small.terms and small.error is None:
            return Germ(((UNIT, coefficient(0)),))
        size = self.worst([s for s, _ in small.terms[:1]] + ([small.error] if small.error is not None else []))
        if size is None or self.compare(size, UNIT) >= 0:
            raise Rejected("a series in something that is not seen to tend to 0")
        power, parts = Germ(((UNIT, sp.S.One),)), []
        for k in range(ORDER + 1):
            parts.append(self.scaled(power, UNIT, coefficient(k)))
            power = self.product(power, small)
        parts.append(Germ((), size ** sp.Integer(ORDER + 1)))
        return self.total(parts)

    def power(self, base: Germ, exponent: sp.Expr) -> Germ:
        """A power with an exponent free of t; of something positive unless the exponent is an integer."""
        if isinstance(exponent, sp.Integer) and exponent >= 0:
            result = Germ(((UNIT, sp.S.One),))
            for _ in range(int(exponent)):
                result = self.product(result, base)
            return result
        scale, c, sign, rest = self.relative(base)
        if sign < 0 and not isinstance(exponent, sp.Integer):
            raise Rejected("a power of something negative")
        coefficients = [sp.S.One]
        for k in range(ORDER):
            coefficients.append(coefficients[-1] * (exponent - k) / (k + 1))
        return self.scaled(self.series(rest, coefficients.__getitem__), scale**exponent, c**exponent)

    def exp(self, germ: Germ) -> Germ:
        """Large terms go into the scale, the constant into the coefficient, the rest into a series."""
        if germ.error is not None and self.compare(germ.error, UNIT) >= 0:
            raise Rejected("the exponential of something not known up to what tends to 0")
        scale, constant, small = UNIT, sp.S.Zero, []
        for term, c in germ.terms:
            against = self.compare(term, UNIT)
            if against == 0:
                constant += c
            elif against < 0:
                small.append((term, c))
            else:
                scale = scale * _raised(term, c)
        tail = self.series(Germ(tuple(small), germ.error), lambda k: 1 / sp.factorial(k))
        return self.scaled(tail, scale, sp.exp(constant))

    def log(self, germ: Germ) -> Germ:
        """The logarithm of something positive."""
        scale, c, sign, rest = self.relative(germ)
        if sign < 0 or scale.beta != 0:
            raise Rejected("the logarithm of something negative, or of a logarithm")
        terms = [(Scale(alpha=-sp.Rational(p), beta=sp.Rational(q)), k) for (p, q), k in scale.phi]
        terms += [(LOG, -scale.alpha), (UNIT, sp.log(c))]
        tail = self.series(rest, lambda k: sp.Rational((-1) ** (k + 1), k) if k else sp.S.Zero)
        return self.total([self._gathered(terms, ()), tail])


def _raised(term: Scale, c: sp.Expr) -> Scale:
    """``exp(c * term)`` for a term that tends to infinity."""
    if term.phi or not (isinstance(term.alpha, sp.Rational) and isinstance(term.beta, sp.Rational)):
        raise Rejected("the exponential of an exponential")
    p, q = Fraction(-term.alpha.p, term.alpha.q), Fraction(term.beta.p, term.beta.q)
    if p == 0 and q == 1:
        return Scale(alpha=-c)
    if p == 0 and q < 1:
        raise Rejected("the exponential of a root of a logarithm")
    return Scale(phi=(((p, q), c),))
