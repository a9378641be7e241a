"""Elaboration: justifications become calls of the kernel's rules.

Nothing here is trusted.  A justification names a rule with all its arguments; the prover reads these in the local
names, proves the premises and calls the rule, which refuses whatever does not follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy as sp

from theory import rules as by
from theory.atoms import IndexMin, peeled
from validation.kernel import rules as kernel
from validation.kernel.context import Context, Hyp
from validation.kernel.fact import Fact
from validation.kernel.instances import instantiated
from validation.kernel.normal import Function, Value, substitute
from validation.kernel.reading import Reader, family_name
from validation.kernel.terms import ONE, ZERO, Poly, Refused, fresh, var


@dataclass
class Prover:
    """Elaborates justifications in a context, with local names for indices and points."""

    theorems: Mapping[str, Fact]
    ctx: Context
    given: tuple[Hyp, ...] = ()
    names: Mapping[sp.Basic, str] = field(default_factory=dict)

    def read(self, expr: sp.Expr) -> Poly:
        """An expression in the local names."""
        return self.reader().read(expr)

    def reader(self) -> Reader:
        """A reader in the local context."""
        return Reader(self.ctx, self.names)

    def local(self, symbol: sp.Basic, name: str, *hyps: Hyp) -> Prover:
        """The prover under a binder of ``symbol``."""
        return Prover(self.theorems, self.ctx.extended(*hyps), self.given, {**self.names, symbol: name})

    def after(self, env: Mapping[str, Value], hyps: Iterable[Hyp], given: tuple[Hyp, ...]) -> Prover:
        """The prover for what comes after a witness ``env``, with the hypotheses on it."""
        ctx = self.ctx.extended(*(instantiated(h, env, self.ctx) for h in hyps))
        return Prover(self.theorems, ctx, (*self.given, *(instantiated(h, env, self.ctx) for h in given)), self.names)

    def indexed(self, symbol: sp.Symbol, lower: Poly, upper: Poly) -> tuple[str, Prover]:
        """The prover for a fresh index between two ends."""
        name = fresh("i")
        return name, self.local(symbol, name, *kernel.spans(name, lower, upper))

    def prove(self, why: by.Justification) -> Fact:
        """The fact that a justification yields.  Raises ``Refused`` if the kernel does not accept it."""
        return RULES[type(why)](self, why)

    def prove_all(self, *whys: by.Justification) -> list[Fact]:
        """The facts of several justifications."""
        return [self.prove(why) for why in whys]

    def within(self, value: Poly, lower: Poly, upper: Poly) -> tuple[Fact, Fact]:
        """That a value lies in a range, as the context shows at sight."""
        return kernel.sight(value - lower, self.ctx), kernel.sight(upper - value, self.ctx)

    def pairs(self, given: tuple[by.Justification, ...]) -> list[tuple[Fact, tuple[str, ...]]]:
        """Facts for the side conditions of a lemma, with the fresh indices that they are generic in."""
        return [self.generic(why) if isinstance(why, by.Generic) else (self.prove(why), ()) for why in given]

    def generic(self, why: by.Generic) -> tuple[Fact, tuple[str, ...]]:
        """A fact for every value of fresh indices."""
        prover, names = self, []
        for symbol, lower, upper in why.ranges:
            name, prover = prover.indexed(symbol, prover.read(lower), prover.read(upper))
            names.append(name)
        return prover.prove(why.each), tuple(names)

    def values(self, at: tuple[tuple[sp.Basic, Any], ...]) -> dict[str, Value]:
        """Replacements for scalars and families as the kernel wants them."""
        env: dict[str, Value] = {}
        for symbol, value in at:
            if isinstance(symbol, sp.IndexedBase):
                indices, body = value
                params = tuple(fresh("p") for _ in indices)
                prover = self
                for index, param in zip(indices, params, strict=True):
                    prover = prover.local(index, param)
                env[family_name(symbol)] = Function(params, prover.read(body))
            else:
                env[str(symbol)] = self.read(value)
        return env


RULES: dict[type, Callable[[Prover, Any], Fact]] = {}


def _rule(kind: type) -> Callable[[Callable[[Prover, Any], Fact]], Callable[[Prover, Any], Fact]]:
    def register(function: Callable[[Prover, Any], Fact]) -> Callable[[Prover, Any], Fact]:
        RULES[kind] = function
        return function

    return register


@_rule(by.Assume)
def _assume(p: Prover, why: by.Assume) -> Fact:
    hyp = p.given[why.number]
    at = tuple(p.read(e) for e in why.at)
    ends = hyp.ends(at, p.ctx)
    return kernel.assume(hyp, p.ctx, at, [p.within(v, *pair) for v, pair in zip(at, ends, strict=bool(ends))])


@_rule(by.Sight)
def _sight(p: Prover, why: by.Sight) -> Fact:
    return kernel.sight(p.read(why.expr), p.ctx)


@_rule(by.Identity)
def _identity(p: Prover, why: by.Identity) -> Fact:
    return kernel.identity(p.read(why.lhs), p.read(why.rhs), p.ctx)


@_rule(by.Combine)
def _combine(p: Prover, why: by.Combine) -> Fact:
    terms = [(sp.Rational(c), p.prove(each)) for c, each in why.terms]
    return kernel.combine([(Fraction(int(c.p), int(c.q)), fact) for c, fact in terms], p.ctx)


@_rule(by.Product)
def _product(p: Prover, why: by.Product) -> Fact:
    return kernel.product(p.prove(why.left), p.prove(why.right), p.ctx)


@_rule(by.Scale)
def _scale(p: Prover, why: by.Scale) -> Fact:
    return kernel.scale(p.read(why.factor), p.prove(why.equality), p.ctx)


@_rule(by.Square)
def _square(p: Prover, why: by.Square) -> Fact:
    return kernel.square(p.read(why.expr), p.ctx)


@_rule(by.CircleConstant)
def _circle_constant(p: Prover, why: by.CircleConstant) -> Fact:
    return kernel.circle_constant(why.below, p.ctx)


@_rule(by.RoundedUp)
def _rounded_up(p: Prover, why: by.RoundedUp) -> Fact:
    return kernel.rounded_up(p.read(why.expr), p.ctx)


@_rule(by.ExpPositive)
def _exp_positive(p: Prover, why: by.ExpPositive) -> Fact:
    return kernel.exp_positive(p.read(why.expr), p.ctx)


@_rule(by.ExpTangent)
def _exp_tangent(p: Prover, why: by.ExpTangent) -> Fact:
    return kernel.exp_tangent(p.read(why.expr), p.prove(why.nonzero) if why.nonzero else None, p.ctx)


@_rule(by.Cancel)
def _cancel(p: Prover, why: by.Cancel) -> Fact:
    return kernel.cancel(p.prove(why.positive), p.ctx)


@_rule(by.InversePositive)
def _inverse_positive(p: Prover, why: by.InversePositive) -> Fact:
    return kernel.inverse_positive(p.prove(why.positive), p.ctx)


@_rule(by.RootSquare)
def _root_square(p: Prover, why: by.RootSquare) -> Fact:
    return kernel.root_square(p.prove(why.nonnegative), p.ctx)


@_rule(by.RootNonnegative)
def _root_nonnegative(p: Prover, why: by.RootNonnegative) -> Fact:
    return kernel.root_floor(ZERO, p.prove(why.nonnegative), p.ctx)


@_rule(by.RootFloor)
def _root_floor(p: Prover, why: by.RootFloor) -> Fact:
    return kernel.root_floor(p.read(why.bound), p.prove(why.below), p.ctx)


@_rule(by.RootCeiling)
def _root_ceiling(p: Prover, why: by.RootCeiling) -> Fact:
    nonnegative, above = p.prove_all(why.nonnegative, why.above)
    return kernel.root_ceiling(nonnegative, above, p.ctx)


@_rule(by.SumMember)
def _sum_member(p: Prover, why: by.SumMember) -> Fact:
    _, symbol, low, high = peeled(why.total)
    lower, upper, at = p.read(low), p.read(high), p.read(why.at)
    name, inner = p.indexed(symbol, lower, upper)
    return kernel.sum_member(name, lower, upper, inner.prove(why.nonnegative), at, *p.within(at, lower, upper), p.ctx)


@_rule(by.SumMonotone)
def _sum_monotone(p: Prover, why: by.SumMonotone) -> Fact:
    lower, upper = p.read(why.lower), p.read(why.upper)
    name, inner = p.indexed(why.index, lower, upper)
    return kernel.sum_monotone(name, lower, upper, inner.prove(why.each), p.ctx)


@_rule(by.SumExchange)
def _sum_exchange(p: Prover, why: by.SumExchange) -> Fact:
    inner, a, *first = peeled(why.total)
    body, b, *second = peeled(inner)
    outer_name, inner_name = fresh("i"), fresh("i")
    local = p.local(a, outer_name).local(b, inner_name)
    outer = (outer_name, p.read(first[0]), p.read(first[1]))
    return kernel.sum_exchange(outer, (inner_name, p.read(second[0]), p.read(second[1])), local.read(body), p.ctx)


@_rule(by.ExtremumMember)
def _extremum_member(p: Prover, why: by.ExtremumMember) -> Fact:
    expr, at = why.extremum, p.read(why.at)
    if not isinstance(expr, (sp.Max, sp.Min, sp.Abs)):
        inside, symbol, low, high = peeled(expr)
        lower, upper, name = p.read(low), p.read(high), fresh("i")
        body = p.local(symbol, name).read(inside)
        body = -body if isinstance(expr, IndexMin) else body
        return kernel.max_member(name, lower, upper, body, at, *p.within(at, lower, upper), p.ctx)
    members = _members(p, expr)
    sought = -at if isinstance(expr, sp.Min) else at
    if sought not in members:
        raise Refused(f"{why.at} is not a member of {expr}")
    return kernel.greatest_member(members, members.index(sought), p.ctx)


def _members(p: Prover, expr: sp.Expr) -> list[Poly]:
    if isinstance(expr, sp.Abs):
        inner = p.read(expr.args[0])
        return [inner, -inner]
    return [-p.read(arg) if isinstance(expr, sp.Min) else p.read(arg) for arg in expr.args]


@_rule(by.ExtremumIntro)
def _extremum_intro(p: Prover, why: by.ExtremumIntro) -> Fact:
    expr, bound = why.extremum, p.read(why.bound)
    if isinstance(expr, (IndexMin, sp.Min)):
        bound = -bound
    if isinstance(expr, (sp.Max, sp.Min, sp.Abs)):
        return kernel.greatest_intro(bound, p.prove_all(*why.each), p.ctx)
    _, symbol, low, high = peeled(expr)
    lower, upper = p.read(low), p.read(high)
    name, inner = p.indexed(symbol, lower, upper)
    (each,) = why.each
    return kernel.max_intro(name, lower, upper, bound, inner.prove(each), p.ctx)


@_rule(by.ExtremumAttained)
def _extremum_attained(p: Prover, why: by.ExtremumAttained) -> Fact:
    inside, symbol, low, high = peeled(why.extremum)
    lower, upper, value = p.read(low), p.read(high), fresh("v")
    name, inner = p.indexed(symbol, lower, upper)
    body, term = p.local(symbol, name).read(inside), p.local(why.value, value).read(why.expr)
    if isinstance(why.extremum, IndexMin):  # a minimum is minus the maximum of minus the body
        body, term = -body, substitute(term, {value: -var(value)}, p.ctx)
    return kernel.max_attained(name, lower, upper, body, value, term, inner.prove(why.each), p.ctx)


@_rule(by.Antisymmetry)
def _antisymmetry(p: Prover, why: by.Antisymmetry) -> Fact:
    return kernel.antisymmetry(p.prove(why.above), p.prove(why.below), p.ctx)


@_rule(by.DerivativeSign)
def _derivative_sign(p: Prover, why: by.DerivativeSign) -> Fact:
    name, start = fresh("s"), p.read(why.start)
    beyond = Hyp(var(name) - start, ">" if why.strictly or why.at_start is None else ">=")
    inner = p.local(why.variable, name, beyond)
    term = p.local(why.variable, name).read(why.expr)
    at_start = None if why.at_start is None else p.prove(why.at_start)
    slope = inner.prove(why.slope)
    fact = kernel.derivative_sign(name, start, term, at_start, slope, why.strictly, p.ctx)
    return kernel.instance(fact, {name: p.read(why.at)}, p.ctx, [(p.prove(why.beyond), ())])


@_rule(by.RegionMonotone)
def _region_monotone(p: Prover, why: by.RegionMonotone) -> Fact:
    name = fresh("x")
    shape = p.reader().shape(why.region)
    return kernel.region_monotone(name, shape, p.local(why.point, name).prove(why.each), p.ctx)


@_rule(by.RegionSum)
def _region_sum(p: Prover, why: by.RegionSum) -> Fact:
    inside, symbol, low, high = peeled(why.total)
    point, name = fresh("x"), fresh("i")
    body = p.local(why.point, point).local(symbol, name).read(inside)
    shape = p.reader().shape(why.region)
    return kernel.region_sum(point, shape, name, p.read(low), p.read(high), body, p.ctx)


@_rule(by.PolarCoordinates)
def _polar_coordinates(p: Prover, why: by.PolarCoordinates) -> Fact:
    expr, name = why.integral, fresh("q")
    body = p.local(expr.variable, name, Hyp(var(name), ">")).read(expr.body)
    return kernel.polar_coordinates(name, p.read(expr.dimension), body, p.prove(why.positive), p.ctx)


@_rule(by.DisjointBalls)
def _disjoint_balls(p: Prover, why: by.DisjointBalls) -> Fact:
    region, point, far = why.integral.region, fresh("x"), fresh("q")
    shape = p.reader().shape(region)
    rows = (fresh("i"), fresh("i"))
    first = var(rows[0], integer=True)
    ends = (kernel.spans(rows[0], ONE, shape[2]), kernel.spans(rows[1], first + ONE, shape[2]))
    pair = p.local(why.rows[0], rows[0], *ends[0]).local(why.rows[1], rows[1], *ends[1])
    ball = p.local(why.rows[0], rows[0], *ends[0]).local(why.distance, far).local(why.integral.point, point)
    centre = region.patterns
    axis = region.indices[-1]
    away = ball.read(sp.Sum((why.integral.point[axis] - centre[why.rows[0], axis]) ** 2, (axis, 1, region.shape[-1])))
    reach = ball.read(region.radius.xreplace({region.indices[0]: why.rows[0]}))
    near = (Hyp(var(far), ">="), Hyp(away - var(far) * var(far), "=="), Hyp(reach - var(far), ">="))
    inside = Prover(p.theorems, ball.ctx.extended(*near), p.given, ball.names)
    body = p.local(why.integral.point, point).read(why.integral.body)
    profile = ball.read(why.profile)
    apart, same = pair.prove(why.apart), inside.prove(why.same)
    return kernel.disjoint_balls(point, shape, rows, far, body, profile, apart, same, p.ctx)


@_rule(by.Stirling)
def _stirling(p: Prover, why: by.Stirling) -> Fact:
    name = fresh("x")
    step = p.local(why.variable, name, Hyp(var(name), ">")).prove(why.step)
    error = Fraction(int(sp.Rational(why.error).p), int(sp.Rational(why.error).q))
    fact = kernel.stirling(name, error, why.sign, step, p.ctx)
    return kernel.instance(fact, {name: p.read(why.at)}, p.ctx, [(p.prove(why.positive), ())])


@_rule(by.IntegerCases)
def _integer_cases(p: Prover, why: by.IntegerCases) -> Fact:
    value, left, right = fresh("v"), p.read(why.left), p.read(why.right)
    term = p.local(why.value, value).read(why.expr)
    cases = (Hyp(left - right - ONE, ">="), Hyp(right - left - ONE, ">="))
    above, below = (
        Prover(p.theorems, p.ctx.extended(case), p.given, p.names).prove(each)
        for case, each in zip(cases, (why.above, why.below), strict=True)
    )
    return kernel.integer_cases(value, left, right, term, above, below, p.prove(why.equal), p.ctx)


@_rule(by.Hypothesis)
def _hypothesis(p: Prover, why: by.Hypothesis) -> Fact:
    return kernel.assume(Hyp(p.read(why.expr), why.relation), p.ctx)


@_rule(by.Lemma)
def _lemma(p: Prover, why: by.Lemma) -> Fact:
    if why.claim not in p.theorems:
        raise Refused(f"the lemma {why.claim} is not proved")
    return kernel.instance(p.theorems[why.claim], p.values(why.at), p.ctx, p.pairs(why.given))
