"""Limits of a gap at an end of the interval of one variable, from expansions with known remainders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import sympy as sp

from validation.certificates.calculus import derivative
from validation.certificates.germs import ORDER, UNIT, Germ, Judge, Scale
from validation.certificates.goals import Goal, Rejected, substituted
from validation.certificates.regions import in_limit

T = Scale(alpha=sp.S.One)
MINUS = sp.S.NegativeOne


def limit(goal: Goal, x: sp.Symbol, lower: bool) -> sp.Expr:
    """The limit of the gap, an expression in the other variables or an infinity, for fixed values of those.

    Raises ``Rejected`` where it does not exist or is not found.
    """
    interval = goal.intervals[x]
    judge = Judge(in_limit(goal, sp.S.Zero, x, ">="))
    return value(judge, expansion(judge, goal.gap, x, interval.lower if lower else interval.upper, lower))


def expansion(judge: Judge, expr: sp.Expr, x: sp.Symbol, end: sp.Expr, lower: bool) -> Germ:
    """The expansion where x is ``end + t``, ``end - t``, ``-1/t`` or ``1/t``."""
    sign = sp.S.One if lower else MINUS
    if end in (sp.oo, -sp.oo):
        start = Germ(((T**MINUS, -sign),))
    else:
        start = judge.total([Germ(((UNIT, end),)), Germ(((T, sign),))])
    return Expander(judge, x, start).of(expr)


def value(judge: Judge, germ: Germ) -> sp.Expr:
    """The limit that an expansion shows."""
    if germ.error is not None and judge.compare(germ.error, UNIT) >= 0 and not germ.terms:
        raise Rejected("the limit is not seen: the remainder does not tend to 0")
    for scale, c in germ.terms:
        against = judge.compare(scale, UNIT)
        if against > 0:
            if sign := judge.sign(c):
                return sp.oo if sign > 0 else -sp.oo
            continue
        _require_small(judge, germ)
        return c if against == 0 else sp.S.Zero
    _require_small(judge, germ)
    return sp.S.Zero


def _require_small(judge: Judge, germ: Germ) -> None:
    if germ.error is not None and judge.compare(germ.error, UNIT) >= 0:
        raise Rejected("the limit is not seen: the remainder does not tend to 0")


@dataclass(frozen=True)
class Expander:
    """Expansions of expressions in x, given that of x."""

    judge: Judge
    x: sp.Symbol
    start: Germ

    def of(self, expr: sp.Expr) -> Germ:
        """The expansion of an expression; raises ``Rejected`` where there is no rule."""
        judge = self.judge
        if self.x not in expr.free_symbols:
            return Germ(((UNIT, expr),)) if expr != 0 else Germ()
        if expr == self.x:
            return self.start
        if isinstance(expr, sp.Add):
            return judge.total([self.of(arg) for arg in expr.args])
        if isinstance(expr, sp.Mul):
            return reduce(judge.product, map(self.of, expr.args))
        if isinstance(expr, sp.Pow):
            base, exponent = expr.args
            if self.x in exponent.free_symbols:
                return judge.exp(judge.product(self.of(exponent), judge.log(self.of(base))))
            return judge.power(self.of(base), exponent)
        if isinstance(expr, (sp.Max, sp.Min)):
            return self._extreme(expr)
        if isinstance(expr, (sp.lowergamma, sp.uppergamma)):
            return self._incomplete(expr)
        if isinstance(expr, sp.polygamma):
            return self._polygamma(expr)
        rule = RULES.get(type(expr))
        if rule is None or len(expr.args) != 1:
            raise Rejected(f"no expansion of {type(expr).__name__}: {expr}")
        return rule(self, self.of(expr.args[0]))

    # Where the argument goes.

    def direction(self, germ: Germ) -> int:
        """1 or -1 where the germ tends to that infinity, 0 where it stays bounded."""
        if germ.error is not None and self.judge.compare(germ.error, UNIT) > 0:
            raise Rejected("an argument whose remainder may be unbounded")
        for scale, c in germ.terms:
            if self.judge.compare(scale, UNIT) <= 0:
                return 0
            if sign := self.judge.sign(c):
                return sign
        return 0

    def settled(self, germ: Germ) -> tuple[sp.Expr, Germ]:
        """The limit of a bounded germ and what is left, which tends to 0."""
        constant, small = sp.S.Zero, []
        for scale, c in germ.terms:
            against = self.judge.compare(scale, UNIT)
            if against == 0:
                constant += c
            elif against < 0:
                small.append((scale, c))
            elif self.judge.sign(c):
                raise Rejected("an argument that is not bounded")
        return constant, Germ(tuple(small), germ.error)

    def taylor(self, function: Callable[[sp.Expr], sp.Expr], germ: Germ, domain: str = "") -> Germ:
        """The Taylor series at the limit of the argument, an inner point of the function's domain.

        ``domain`` is empty for all reals, ``>0`` for the positive ones, ``>-1/E`` for those above that, ``<1`` for
        sizes below 1.
        """
        centre, small = self.settled(germ)
        if domain == ">-1/E" and self.judge.sign(centre + sp.exp(-1)) <= 0:
            raise Rejected(f"a series at {centre}, which is not above -1/E")
        if domain == ">0" and self.judge.sign(centre) <= 0:
            raise Rejected(f"a series at {centre}, which is not positive")
        if domain == "<1" and not (self.judge.sign(1 - centre) > 0 and self.judge.sign(1 + centre) > 0):
            raise Rejected(f"a series at {centre}, which is not between -1 and 1")
        w = sp.Dummy("w", real=True)
        slopes = [function(w)]
        for _ in range(ORDER):
            slopes.append(derivative(slopes[-1], w))
        return self.judge.series(small, lambda k: substituted(slopes[k], {w: centre}) / sp.factorial(k))

    def towards_zero(self, germ: Germ) -> bool:
        """Whether a bounded germ tends to 0, through positive values."""
        centre, small = self.settled(germ)
        return self.judge.sign(centre) == 0 and self.judge.lead(small)[2] > 0

    # Functions.

    def wave(self, germ: Germ, function: Callable[[sp.Expr], sp.Expr]) -> Germ:
        """Sine and cosine: bounded at infinity."""
        return Germ((), UNIT) if self.direction(germ) else self.taylor(function, germ)

    def tangent(self, germ: Germ) -> Germ:
        """Sine over cosine."""
        sine, cosine = self.wave(germ, sp.sin), self.wave(germ, sp.cos)
        return self.judge.product(sine, self.judge.power(cosine, MINUS))

    def exponentials(self, germ: Germ, sign: int) -> Germ:
        """``(exp(u) + sign * exp(-u))/2``."""
        up, down = self.judge.exp(germ), self.judge.exp(self.judge.scaled(germ, UNIT, MINUS))
        half = sp.Rational(1, 2)
        return self.judge.total([self.judge.scaled(up, UNIT, half), self.judge.scaled(down, UNIT, sign * half)])

    def tanh(self, germ: Germ) -> Germ:
        """``1 - 2/(exp(2 u) + 1)``."""
        double = self.judge.exp(self.judge.scaled(germ, UNIT, sp.Integer(2)))
        below = self.judge.power(self.judge.total([double, ONE]), MINUS)
        return self.judge.total([ONE, self.judge.scaled(below, UNIT, sp.Integer(-2))])

    def atan(self, germ: Germ) -> Germ:
        """At infinity a quarter turn less the arc of the inverse."""
        side = self.direction(germ)
        if not side:
            return self.taylor(sp.atan, germ)
        arc = self.taylor(sp.atan, self.judge.power(germ, MINUS))
        return self.judge.total([Germ(((UNIT, side * sp.pi / 2),)), self.judge.scaled(arc, UNIT, MINUS)])

    def erfc(self, germ: Germ) -> Germ:
        """At infinity ``exp(-u**2)/(u sqrt(pi))`` times a series in ``1/u**2``; ``2 - erfc(-u)`` at minus infinity."""
        side, judge = self.direction(germ), self.judge
        if side == 0:
            return self.taylor(sp.erfc, germ)
        if side < 0:
            other = self.erfc(judge.scaled(germ, UNIT, MINUS))
            return judge.total([Germ(((UNIT, sp.Integer(2)),)), judge.scaled(other, UNIT, MINUS)])
        square = judge.product(germ, germ)
        inverse = judge.power(square, MINUS)
        tail = judge.series(inverse, lambda k: (-1) ** k * sp.factorial2(2 * k - 1) / sp.Integer(2) ** k)
        head = judge.product(judge.exp(judge.scaled(square, UNIT, MINUS)), judge.power(germ, MINUS))
        return judge.scaled(judge.product(head, tail), UNIT, 1 / sp.sqrt(sp.pi))

    def erf(self, germ: Germ) -> Germ:
        """``1 - erfc(u)`` at infinity."""
        if not self.direction(germ):
            return self.taylor(sp.erf, germ)
        return self.judge.total([ONE, self.judge.scaled(self.erfc(germ), UNIT, MINUS)])

    def loggamma(self, germ: Germ) -> Germ:
        """Stirling's series at infinity; ``loggamma(1 + u) - log(u)`` at 0."""
        judge, side = self.judge, self.direction(germ)
        if side > 0:
            log = judge.log(germ)
            head = judge.product(judge.total([germ, Germ(((UNIT, -sp.Rational(1, 2)),))]), log)
            constant = Germ(((UNIT, sp.log(2 * sp.pi) / 2),))
            tail = judge.series(
                judge.power(germ, MINUS),
                lambda k: sp.bernoulli(k + 1) / (k * (k + 1)) if k % 2 else sp.S.Zero,
            )
            return judge.total([head, judge.scaled(germ, UNIT, MINUS), constant, tail])
        if side == 0 and self.towards_zero(germ):
            next_ = self.taylor(sp.loggamma, judge.total([germ, ONE]), ">0")
            return judge.total([next_, judge.scaled(judge.log(germ), UNIT, MINUS)])
        return self.taylor(sp.loggamma, germ, ">0")

    def _polygamma(self, expr: sp.Expr) -> Germ:
        """Asymptotic series at infinity, the recurrence at 0."""
        order, germ, judge = expr.args[0], self.of(expr.args[1]), self.judge
        if not isinstance(order, sp.Integer) or order < 0:
            raise Rejected(f"no expansion of {expr}")
        n, side = int(order), self.direction(germ)
        inverse = judge.power(germ, MINUS)
        sign = (-1) ** (n + 1)
        if side > 0:

            def coefficient(k: int) -> sp.Expr:
                """Of ``u**-k``: that of the digamma function, or up to the sign those of its derivatives."""
                if n == 0:
                    return -sp.Rational(1, 2) if k == 1 else (-sp.bernoulli(k) / k if k and k % 2 == 0 else sp.S.Zero)
                if k < n:
                    return sp.S.Zero
                if k - n == 1:
                    return sign * sp.factorial(n) / 2
                return sign * sp.bernoulli(k - n) * sp.factorial(k - 1) / sp.factorial(k - n)

            if n > ORDER - 2:
                raise Rejected(f"no expansion of {expr}: its order is too high")
            tail = judge.series(inverse, coefficient)
            return tail if n else judge.total([judge.log(germ), tail])
        if side == 0 and self.towards_zero(germ):
            next_ = self.taylor(lambda w: sp.polygamma(n, w), judge.total([germ, ONE]), ">0")
            pole = judge.scaled(judge.power(inverse, sp.Integer(n + 1)), UNIT, sign * sp.factorial(n))
            return judge.total([next_, pole])
        return self.taylor(lambda w: sp.polygamma(n, w), germ, ">0")

    def _incomplete(self, expr: sp.Expr) -> Germ:
        """Series at 0 and at infinity, of one of the two functions; the other is the rest of the whole."""
        order, judge = expr.args[0], self.judge
        if self.x in order.free_symbols:
            raise Rejected(f"no expansion of {expr}: its order moves")
        germ = self.of(expr.args[1])
        side = self.direction(germ)
        kind = sp.lowergamma if isinstance(expr, sp.lowergamma) else sp.uppergamma
        if side < 0:
            raise Rejected(f"{expr} is not real")
        at_zero = side == 0 and self.towards_zero(germ)
        if side == 0 and not at_zero:
            return self.taylor(lambda w: kind(order, w), germ, ">0")
        if not (side > 0 and kind is sp.uppergamma) and judge.sign(order) <= 0:
            raise Rejected(f"{expr}: its order is not seen to be positive")
        found, other = self._lower(order, germ) if at_zero else self._upper(order, germ), sp.lowergamma
        if (kind is other) == at_zero:
            return found
        return judge.total([Germ(((UNIT, sp.gamma(order)),)), judge.scaled(found, UNIT, MINUS)])

    def _lower(self, order: sp.Expr, germ: Germ) -> Germ:
        """``u**s * sum of (-u)**k / (k! (s + k))``."""
        tail = self.judge.series(germ, lambda k: (-1) ** k / (sp.factorial(k) * (order + k)))
        return self.judge.product(self.judge.power(germ, order), tail)

    def _upper(self, order: sp.Expr, germ: Germ) -> Germ:
        """``u**(s-1) exp(-u) * sum of (s-1)...(s-k) u**-k``."""
        judge = self.judge
        tail = judge.series(judge.power(germ, MINUS), lambda k: sp.Mul(*(order - j for j in range(1, k + 1))))
        head = judge.product(judge.power(germ, order - 1), judge.exp(judge.scaled(germ, UNIT, MINUS)))
        return judge.product(head, tail)

    def _extreme(self, expr: sp.Expr) -> Germ:
        """The member that is the extremum near the end."""
        best = expr.args[0]
        for member in expr.args[1:]:
            ahead = self.judge.lead(self.of(member - best))[2] > 0
            best = member if ahead == isinstance(expr, sp.Max) else best
        return self.of(best)

    def magnitude(self, germ: Germ) -> Germ:
        """The germ or minus it, by the sign of its leading term."""
        return self.judge.scaled(germ, UNIT, sp.Integer(self.judge.lead(germ)[2]))


ONE = Germ(((UNIT, sp.S.One),))
RULES: dict[type, Callable[[Expander, Germ], Germ]] = {
    sp.exp: lambda e, u: e.judge.exp(u),
    sp.log: lambda e, u: e.judge.log(u),
    sp.sin: lambda e, u: e.wave(u, sp.sin),
    sp.cos: lambda e, u: e.wave(u, sp.cos),
    sp.tan: Expander.tangent,
    sp.asin: lambda e, u: e.taylor(sp.asin, u, "<1"),
    sp.acos: lambda e, u: e.taylor(sp.acos, u, "<1"),
    sp.atan: Expander.atan,
    sp.sinh: lambda e, u: e.exponentials(u, -1),
    sp.cosh: lambda e, u: e.exponentials(u, 1),
    sp.tanh: Expander.tanh,
    sp.erf: Expander.erf,
    sp.erfc: Expander.erfc,
    sp.loggamma: Expander.loggamma,
    sp.gamma: lambda e, u: e.judge.exp(e.loggamma(u)),
    sp.LambertW: lambda e, u: e.taylor(sp.LambertW, u, ">-1/E"),
    sp.Abs: Expander.magnitude,
    sp.sign: lambda e, u: Germ(((UNIT, sp.Integer(e.judge.lead(u)[2])),)),
}
