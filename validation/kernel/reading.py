"""From SymPy to terms: the statement that is proved is the statement that was written.

Reading never simplifies.  On the way it notes what must be true for the expression to make sense (a denominator is
not 0, a logarithm has a positive argument, an extremum ranges over something, an integral runs upwards):
``obligations`` holds what the context did not show at sight, and a claim is not proved before they are discharged.
A sum over an empty range is 0, also where SymPy's ``doit`` would continue it below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

import sympy as sp

from theory.atoms import LSE, BallUnion, IndexMax, IndexMin, Quotient, RadialIntegral, RegionIntegral, peeled
from validation.kernel import normal
from validation.kernel.calculus import differentiate, tame
from validation.kernel.context import Context, Hyp
from validation.kernel.normal import bind, continuous, settled, substitute
from validation.kernel.terms import ONE, ZERO, Atom, Poly, Refused, const, elem, fresh, of, total, var

Span = tuple[str, Poly, Poly]  # an index with its ends
HEADS = {sp.Sum: "sum", LSE: "lse", IndexMax: "imax", IndexMin: "imax"}


def family_name(base: sp.IndexedBase) -> str:
    """The name of a family: scalars and families of one name stay apart."""
    return f"{base.label}[]"


def plain(symbol: sp.Basic) -> str:
    """The name of a real or integer symbol: two symbols that SymPy tells apart must not be read as one variable."""
    name = str(symbol)
    if symbol not in (sp.Symbol(name, real=True), sp.Symbol(name, integer=True)):
        raise Refused(f"only symbols that are real or integer and nothing more are read: {sp.srepr(symbol)}")
    if name[:1] in ("", "#", "%") or name.endswith("[]"):
        raise Refused(f"the kernel keeps names like {name} for itself")
    return name


Obligation = tuple[Hyp, ...]  # one of these must be shown


@dataclass
class Reader:
    """Reads expressions in a context; ``names`` says what local symbols and families are called.

    ``within`` lists the indices that the expression stands under, with their ends.
    """

    ctx: Context
    names: Mapping[sp.Basic, str] = field(default_factory=dict)
    obligations: list[Obligation] = field(default_factory=list)
    within: tuple[Span, ...] = ()

    def read(self, expr: sp.Expr) -> Poly:
        """The term of an expression.  Raises ``Refused`` for a node that the kernel does not know."""
        if isinstance(expr, (int, sp.Rational)):
            return const(Fraction(int(expr.numerator), int(expr.denominator)))
        if isinstance(expr, sp.Symbol):
            return var(self.names.get(expr) or plain(expr), bool(expr.is_integer))
        if isinstance(expr, sp.Indexed):
            indices = tuple(self.read(i) for i in expr.indices)
            return elem(self.family(expr.base), indices, bool(expr.base.is_integer))
        if isinstance(expr, sp.Add):
            return total(self.read(arg) for arg in expr.args)
        if isinstance(expr, sp.Mul):
            return self._product([self.read(arg) for arg in expr.args])
        if isinstance(expr, sp.Pow):
            return self._power(*expr.args)
        if isinstance(expr, (sp.Sum, LSE, IndexMax, IndexMin)):
            return self._binder(expr)
        if isinstance(expr, (sp.Subs, sp.Derivative)):
            return self._derivative(expr)
        return self._function(expr)

    def family(self, base: sp.IndexedBase) -> str:
        """What a family is called here."""
        if base not in self.names and base.args != (base.label,):
            raise Refused(f"a family is a name and nothing more: {sp.srepr(base)}")
        return self.names.get(base) or f"{plain(base.label)}[]"

    def inside(self, names: Mapping[sp.Basic, str], ctx: Context | None = None, *spans: Span) -> Reader:
        """A reader under binders of the symbols in ``names``, which shares the obligations."""
        return Reader(ctx or self.ctx, {**self.names, **names}, self.obligations, (*self.within, *spans))

    def shape(self, balls: BallUnion) -> tuple[Poly, ...]:
        """A union of balls as terms: radius, generic coordinate of a centre, sizes."""
        names = {index: f"#r{axis}" for axis, index in enumerate(balls.indices)}
        if not names or len(names) != len(balls.indices) or len(names) != len(balls.shape):
            raise Refused(f"the patterns of balls need one distinct index for each of their axes: {balls.args}")
        generic = self.inside(names)
        centre = generic.read(balls.patterns[tuple(balls.indices)])
        sizes = tuple(generic.read(size) for size in balls.shape)
        if not all(size.integer for size in sizes):
            raise Refused(f"the sizes of a family are integers: {balls.shape}")
        radius = generic.read(balls.radius)
        if f"#r{len(sizes) - 1}" in radius.free:
            raise Refused(f"the radius of a ball does not depend on a coordinate: {balls.radius}")
        return (radius, centre, *sizes)

    def _function(self, expr: sp.Expr) -> Poly:
        if isinstance(expr, sp.exp):
            return normal.exp(self.read(expr.exp), self.ctx)
        if expr is sp.E:
            return normal.exp(ONE, self.ctx)
        if expr is sp.pi:
            return of(Atom("const", "pi"))
        if isinstance(expr, sp.log) and len(expr.args) == 1:
            return normal.log(self._needs(">", self.read(expr.args[0])), self.ctx)
        if isinstance(expr, Quotient):
            inverse = normal.inv(self._needs("!=", self.read(expr.denominator)))
            return self._product([self.read(expr.numerator), inverse])
        if isinstance(expr, sp.Abs):
            inner = self.read(expr.args[0])
            return normal.maximum([inner, -inner])
        if isinstance(expr, sp.Max):
            return normal.maximum([self.read(arg) for arg in expr.args])
        if isinstance(expr, sp.Min):
            return -normal.maximum([-self.read(arg) for arg in expr.args])
        if isinstance(expr, (sp.gamma, sp.loggamma)):
            value = normal.gamma(self._needs(">", self.read(expr.args[0])), self.ctx)
            return value if isinstance(expr, sp.gamma) else normal.log(value, self.ctx)
        if isinstance(expr, sp.ceiling):
            return normal.ceil(self.read(expr.args[0]))
        if isinstance(expr, sp.lowergamma):
            order, cutoff = (self._needs(">", self.read(arg)) for arg in expr.args)
            name = fresh("s")
            return bind("moment", name, order, cutoff, normal.exp(-var(name), self.ctx), self.ctx)
        if isinstance(expr, RadialIntegral):
            return self._radial(expr)
        if isinstance(expr, sp.Integral):
            return self._moment(expr)
        if isinstance(expr, RegionIntegral):
            point = fresh("x")
            body = self.inside({expr.point: point}).read(expr.body)
            if not continuous(body, point):
                raise Refused(f"an integral is taken over what is seen to be continuous: {expr}")
            return normal.region(point, self.shape(expr.region), body)
        raise Refused(f"the kernel does not know {type(expr).__name__}: {expr}")

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> Poly:
        inner, n = self.read(base), self.read(exponent)
        if n.constant == Fraction(1, 2) and _squares(base):
            pass
        elif not n.integer or n.constant is None:
            self._needs(">=" if n.constant == Fraction(1, 2) else ">", inner)
        elif n.constant < 0:
            self._needs("!=", inner)
        return normal.power(inner, n, self.ctx)

    def _binder(self, expr: sp.Expr) -> Poly:
        inside, symbol, low, high = peeled(expr)
        if not isinstance(symbol, sp.Symbol) or not symbol.is_integer:
            raise Refused(f"the index {symbol} of a binder must be an integer symbol")
        lower, upper, name = self.read(low), self.read(high), fresh("i")
        if not isinstance(expr, sp.Sum):
            self._needs(">=", upper - lower)
        body = self.inside({symbol: name}, None, (name, lower, upper)).read(inside)
        sign = Fraction(-1 if isinstance(expr, IndexMin) else 1)
        return bind(HEADS[type(expr)], name, lower, upper, body.scaled(sign), self.ctx).scaled(sign)

    def _radial(self, expr: RadialIntegral) -> Poly:
        dimension = self.read(expr.dimension)
        if not dimension.integer:
            raise Refused(f"a dimension is an integer: {expr}")
        return self._integral("radial", dimension, expr.radius, expr.variable, [expr.body])

    def _moment(self, expr: sp.Integral) -> Poly:
        """An integral of ``s**(a-1) f(s)`` over (0, c), the power standing first or missing (a = 1)."""
        if len(expr.args) != 2 or len(expr.args[1]) != 3 or expr.args[1][1] != 0:
            raise Refused(f"an integral runs from 0 over one real variable: {expr}")
        symbol, _, high = expr.args[1]
        factors = list(sp.Mul.make_args(expr.args[0]))
        powers = [f for f in factors if isinstance(f, sp.Pow) and f.base == symbol and not f.exp.has(symbol)][:1]
        order = ONE + (self.read(powers[0].exp) if powers else ZERO)
        for power_ in powers:
            factors.remove(power_)
        return self._integral("moment", order, high, symbol, factors)

    def _integral(self, head: str, order: Poly, end: sp.Expr, symbol: sp.Basic, factors: list[sp.Expr]) -> Poly:
        """An integral up to ``end`` of a product that is seen to be continuous beyond 0 and bounded near it."""
        if not isinstance(symbol, sp.Symbol) or symbol.is_integer:
            raise Refused(f"an integral runs over a real variable: {symbol}")
        name, upper = fresh("s"), self._needs(">", self.read(end))
        local = self.inside({symbol: name}, self.ctx.beyond(name))
        body = self._product([local.read(factor) for factor in factors])
        if not tame(body, name, self.ctx):
            raise Refused(f"an integral is not seen to converge: that of {factors}")
        return bind(head, name, self._needs(">", order), upper, body, self.ctx)

    def _derivative(self, expr: sp.Expr) -> Poly:
        derivative, symbol, at = expr, None, None
        if isinstance(expr, sp.Subs) and len(expr.args[1]) == 1:
            derivative, symbol, at = expr.args[0], *(v[0] for v in expr.args[1:])
        if not isinstance(derivative, sp.Derivative) or len(derivative.variable_count) != 1:
            raise Refused(f"only a first derivative, or one at a point, is read: {expr}")
        variable, order = derivative.variable_count[0]
        if order != 1 or not isinstance(variable, sp.Symbol) or variable.is_integer or symbol not in (None, variable):
            raise Refused(f"a derivative is taken once, by a real symbol: {expr}")
        name = fresh("s")
        slope = differentiate(self.inside({variable: name}).read(derivative.expr), name, self.ctx)
        return substitute(slope, {name: self.read(variable if at is None else at)}, self.ctx)

    def _needs(self, relation: str, term: Poly) -> Poly:
        """The term, of which ``term relation 0`` is asked; ``!=`` asks that it or its negative be positive."""
        order, terms = (">", (term, -term)) if relation == "!=" else (relation, (term,))
        if not any(sign is not None and sign >= (order == ">") for sign in map(self.ctx.sign, terms)):
            spans = [span for span in self.within if span[0] in term.free]
            names, ranges = tuple(name for name, *_ in spans), tuple((a, b) for _, a, b in spans)
            self.obligations.append(tuple(Hyp(t, order, names, ranges if names else None) for t in terms))
        return term

    def _product(self, factors: list[Poly]) -> Poly:
        return settled(prod(factors, start=ONE), self.ctx)


def _squares(expr: sp.Expr) -> bool:
    """Whether an expression is an even power, or a sum of such: never negative, whatever its variables are."""
    if isinstance(expr, (sp.Add, sp.Sum)):
        return all(map(_squares, expr.args if isinstance(expr, sp.Add) else expr.args[:1]))
    return isinstance(expr, sp.Pow) and isinstance(expr.exp, sp.Integer) and int(expr.exp) % 2 == 0 and expr.exp > 0
