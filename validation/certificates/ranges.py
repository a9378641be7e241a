"""What a region shows of an expression at sight: that it is defined, and a span around its values.

One pass over the tree, no search.  Constraints and irrational ends of intervals count where they match a
subexpression up to a rational factor and a rational summand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce

import sympy as sp
from flint import arb, ctx

from numerics.backends import as_ball
from numerics.backends.frame import UnsupportedExpression
from validation.certificates import span_functions
from validation.certificates.goals import Constraint, Goal, Interval, Rejected
from validation.certificates.spans import (
    INF,
    NONNEGATIVE,
    POSITIVE,
    PRECISION,
    REALS,
    Span,
    Undefined,
    enclosing,
    inverse,
    lower_end,
    magnitude,
    point,
    rising,
    whole_power,
)

Matched = tuple[Fraction, Fraction, sp.Expr]


def fraction(value: sp.Rational) -> Fraction:
    """A SymPy rational as a fraction."""
    return Fraction(int(value.p), int(value.q))


def constant_ball(expr: sp.Expr, precision: int = PRECISION) -> arb:
    """An expression without variables as a ball; not finite where it is undefined or the precision is too low.

    Raises ``Rejected`` for functions that balls do not know.
    """
    try:
        routine, arguments = as_ball.build(expr)
    except UnsupportedExpression as error:
        raise Rejected(str(error)) from None
    if arguments:
        raise Rejected(f"{expr} is no constant")
    return routine({}, precision)


def matched(expr: sp.Expr) -> Matched:
    """``(r, k, core)`` with ``expr = r + k * core`` and rational r, k; the same core for all expressions so related."""
    summand, rest = expr.as_coeff_Add()
    factor, core = rest.primitive()
    if core.could_extract_minus_sign():
        factor, core = -factor, -core
    return fraction(summand), fraction(factor), core


def integral(expr: sp.Expr) -> bool:
    """Whether the form shows that all values are integers."""
    if isinstance(expr, (sp.Integer, sp.Symbol)):
        return isinstance(expr, sp.Integer) or bool(expr.is_integer)
    if isinstance(expr, sp.Pow):
        return integral(expr.base) and isinstance(expr.exp, sp.Integer) and expr.exp > 0
    return isinstance(expr, (sp.Add, sp.Mul, sp.Max, sp.Min, sp.Abs)) and all(map(integral, expr.args))


def interval_span(interval: Interval) -> Span:
    """The span of an interval; an irrational end is rounded outwards."""
    low = -INF if interval.lower == -sp.oo else _end(interval.lower)
    high = INF if interval.upper == sp.oo else -_end(-interval.upper)
    if not interval.integer:
        return Span(low, high, interval.open_lower, interval.open_upper)
    least, most = low, high
    if isinstance(low, Fraction):
        least = Fraction(low.__floor__() + 1 if interval.open_lower and low.denominator == 1 else low.__ceil__())
    if isinstance(high, Fraction):
        most = Fraction(high.__ceil__() - 1 if interval.open_upper and high.denominator == 1 else high.__floor__())
    return Span(least, most, low == -INF, high == INF)


def _end(value: sp.Expr) -> Fraction | float:
    if isinstance(value, sp.Rational):
        return fraction(value)
    found = constant_ball(value)
    if not found.is_finite():
        raise Rejected(f"the end {value} is not seen to be a real number")
    return lower_end(found)


@dataclass
class Ranges:
    """Spans over one region.  ``facts`` bound cores of expressions, ``holes`` are values they do not take."""

    spans: Mapping[sp.Symbol, Span]
    intervals: Mapping[sp.Symbol, Interval] = field(default_factory=dict)
    facts: dict[sp.Expr, Span] = field(default_factory=dict)
    holes: set[tuple[sp.Expr, Fraction]] = field(default_factory=set)
    known: dict[sp.Expr, Span] = field(default_factory=dict)

    @classmethod
    def of(cls, goal: Goal) -> Ranges:
        """The spans over the region of a goal."""
        found = cls({s: interval_span(i) for s, i in goal.box}, goal.intervals)
        for symbol, interval in goal.box:
            for end, sign, is_open in (
                (interval.lower, 1, interval.open_lower),
                (interval.upper, -1, interval.open_upper),
            ):
                if end.is_finite and not isinstance(end, sp.Rational):
                    found.learn(Constraint(sign * (symbol - end), ">" if is_open else ">="))
        for constraint in goal.given:
            found.learn(constraint)
        return found

    def learn(self, constraint: Constraint) -> None:
        """Adds a constraint to the facts."""
        if not constraint.gap.free_symbols:
            return
        summand, factor, core = matched(constraint.gap)
        place = -summand / factor
        if constraint.relation == "!=":
            self.holes.add((core, place))
            return
        if constraint.relation == "==":
            new = point(place)
        else:
            new = Span(place, INF, constraint.relation == ">")
            if factor < 0:
                new = Span(-INF, place, True, constraint.relation == ">")
        self.facts[core] = self.facts.get(core, REALS) & new

    @property
    def empty(self) -> bool:
        """Whether the box or the constraints leave no point at sight."""
        if any(span.empty for span in self.spans.values()):
            return True
        return any((fact & self._computed_or_reals(core)).empty for core, fact in self.facts.items())

    def _computed_or_reals(self, core: sp.Expr) -> Span:
        try:
            return self._computed(core)
        except Rejected:
            return REALS

    def span(self, expr: sp.Expr) -> Span:
        """A span around the values; raises ``Rejected`` where the expression is not seen to be defined."""
        if expr not in self.known:
            self.known[expr] = self._found(expr)
        return self.known[expr]

    def holds(self, expr: sp.Expr, relation: str) -> bool:
        """Whether the relation to 0 is seen; the expression must be seen to be defined."""
        return self.span(expr).holds(relation) or (relation == "!=" and self.nonzero(expr))

    def nonzero(self, expr: sp.Expr) -> bool:
        """Whether the expression is seen to be defined and never 0."""
        return self.span(expr).nonzero or self._excepts_zero(expr)

    def _excepts_zero(self, expr: sp.Expr) -> bool:
        if self.holes and expr.free_symbols:
            summand, factor, core = matched(expr)
            if (core, -summand / factor) in self.holes:
                return True
        if isinstance(expr, sp.Mul):
            return bool(self.holes) and all(map(self.nonzero, expr.args))
        return isinstance(expr, (sp.Pow, sp.Abs, sp.sign)) and bool(self.holes) and self.nonzero(expr.args[0])

    def _found(self, expr: sp.Expr) -> Span:
        fact = self._fact(expr)
        try:
            span = self._computed(expr)
        except Rejected:
            if fact is None:
                raise
            span = REALS
        if fact is not None and not (span & fact).empty:
            span = span & fact
        if self.holes and span.nonnegative and self._excepts_zero(expr):
            return span & POSITIVE
        return span

    def _fact(self, expr: sp.Expr) -> Span | None:
        if not self.facts or not expr.free_symbols:
            return None
        summand, factor, core = matched(expr)
        fact = self.facts.get(core)
        return None if fact is None else point(summand) + point(factor) * fact

    def _computed(self, expr: sp.Expr) -> Span:
        if isinstance(expr, sp.Rational):
            return point(fraction(expr))
        if isinstance(expr, sp.Symbol):
            if expr not in self.spans:
                raise Rejected(f"no interval for {expr}")
            return self.spans[expr]
        if expr in (sp.pi, sp.E, sp.EulerGamma):
            return enclosing(constant_ball(expr))
        if isinstance(expr, sp.Add):
            return self._sum(expr)
        if isinstance(expr, sp.Mul):
            return reduce(Span.__mul__, map(self.span, expr.args))
        if isinstance(expr, sp.Pow):
            return self._power(expr)
        if isinstance(expr, sp.LambertW):
            return self._lambert(expr)
        spans = [self.span(arg) for arg in expr.args]
        try:
            if isinstance(expr, (sp.sin, sp.cos, sp.tan)):
                return span_functions.wave(type(expr).__name__, self.turns(expr.args[0]))
            return span_functions.RULES[type(expr)](*spans)
        except KeyError:
            raise Rejected(f"nothing is known of {type(expr).__name__}: {expr}") from None
        except Undefined:
            return self._excepted(expr)

    def _excepted(self, expr: sp.Expr) -> Span:
        """A tangent whose cosine does not vanish by a constraint."""
        if isinstance(expr, sp.tan) and self.nonzero(sp.cos(expr.args[0])):
            return REALS
        raise Rejected(f"{expr} is not seen to be defined")

    def _sum(self, expr: sp.Add) -> Span:
        """The sum of the spans, and for facts whose terms it contains the fact plus the rest."""
        total = reduce(Span.__add__, map(self.span, expr.args))
        for core, fact in self.facts.items():
            if isinstance(core, sp.Add) and len(core.args) < len(expr.args):
                factor = self._multiple(core, expr)
                if factor is not None:
                    better = point(fraction(factor)) * fact + self.span(expr - factor * core)
                    total = total if (total & better).empty else total & better
        return total

    def _multiple(self, core: sp.Add, expr: sp.Add) -> sp.Rational | None:
        """The rational multiple of ``core`` whose terms are all among those of ``expr``."""
        (number, head), terms = core.args[0].as_coeff_Mul(), dict(t.as_coeff_Mul()[::-1] for t in expr.args)
        factor = terms.get(head, sp.S.Zero) / number
        fits = factor != 0 and all(terms.get(t) == factor * c for c, t in (a.as_coeff_Mul() for a in core.args))
        return factor if fits and isinstance(factor, sp.Rational) else None

    def _power(self, expr: sp.Pow) -> Span:
        base, exponent = self.span(expr.base), expr.exp
        if isinstance(exponent, sp.Integer):
            if exponent < 0 and not base.nonzero:
                if not self.nonzero(expr.base):
                    raise Rejected(f"{expr.base} is not seen to differ from 0")
                return POSITIVE if exponent % 2 == 0 else REALS
            return whole_power(base, int(exponent))
        if isinstance(exponent, sp.Rational):
            if not (base.positive or (base.nonnegative and exponent > 0)):
                raise Rejected(f"{expr.base} is not seen to have the power {exponent}")
            root = span_functions.fractional_power(base, abs(fraction(exponent)))
            return root if exponent > 0 else inverse(root & POSITIVE)
        above = self.span(exponent)
        if base.positive:
            return span_functions.exp(above * span_functions.log(base))
        if base.nonnegative and above.positive:
            high = (
                span_functions.exp(above * span_functions.log(base & POSITIVE)) if base.upper > 0 else point(base.upper)
            )
            return Span(Fraction(0), high.upper, False, high.open_upper)
        if integral(exponent) and (above.nonnegative or self.nonzero(expr.base)):
            small = magnitude(base).upper <= 1 and above.nonnegative
            found = Span(Fraction(-1), Fraction(1), False, False) if small else REALS
            return found & NONNEGATIVE if base.nonnegative else found
        raise Rejected(f"{expr} is not seen to be defined")

    def turns(self, angle: sp.Expr) -> Span:
        """The span of ``angle / pi``, exact where the ends are rational multiples of pi."""
        scaled: dict[sp.Symbol, Span] = {}
        for symbol in angle.free_symbols:
            interval = self.intervals.get(symbol)
            if interval is None or symbol.is_integer:
                continue
            low, high = (end / sp.pi for end in (interval.lower, interval.upper))
            if all(isinstance(end, sp.Rational) or end in (sp.oo, -sp.oo) for end in (low, high)):
                scaled[symbol] = interval_span(Interval(low, high, interval.open_lower, interval.open_upper))
        changed = angle.xreplace({symbol: sp.pi * symbol for symbol in scaled})
        quotient = sp.Add(*(term / sp.pi for term in sp.Add.make_args(changed)))
        try:
            exact = Ranges({**self.spans, **scaled}).span(quotient)
        except Rejected:
            exact = REALS
        with ctx.workprec(PRECISION):
            rough = self.span(angle) * enclosing(1 / arb.pi())
        return rough if (exact & rough).empty else exact & rough

    def _lambert(self, expr: sp.Expr) -> Span:
        if len(expr.args) != 1:
            raise Rejected("only the principal branch of LambertW is known")
        argument = self.span(expr.args[0])
        with ctx.workprec(PRECISION):
            edge = -arb(-1).exp()
            inside = argument.lower > -INF and bool(arb(0) + span_functions.ball(argument.lower) > edge)
            if not inside and not self.span(expr.args[0] + sp.exp(-1)).nonnegative:
                raise Rejected(f"{expr.args[0]} is not seen to be at least -1/E")
        found = rising(arb.lambertw, argument) if inside else Span(Fraction(-1), INF, False)
        if not inside and argument.upper < INF:
            high = rising(arb.lambertw, point(argument.upper))
            found = Span(Fraction(-1), high.upper, False, high.open_upper)
        return found & Span(Fraction(-1), INF, False)
