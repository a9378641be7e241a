"""Atoms that SymPy lacks: binders over an index, integrals over a region, a quotient that stays.

SymPy's ``Min`` and ``Max`` cannot range over a symbolic index and ``a/a`` is 1 before anyone has asked whether
``a`` may vanish.  The classes here are inert: they hold structure, they never evaluate and never simplify.
"""

from __future__ import annotations

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits


class Inert:
    """What is real by construction, and written as ``theory.printing`` says."""

    __slots__ = ()

    def _eval_is_real(self) -> bool:
        return True

    def _latex(self, printer: object) -> str:
        from theory.printing import latex

        return latex(self, printer)


class IndexBinder(Inert, ExprWithLimits):
    """A reduction of ``body`` over an integer index: ``Binder(body, (i, lower, upper))``, both ends included.

    ``body``, ``index`` and ``bounds`` are those of the outermost index.
    """

    body = property(lambda self: peeled(self)[0])
    index = property(lambda self: peeled(self)[1])
    bounds = property(lambda self: peeled(self)[2:])


def peeled(binder: sp.Expr) -> tuple[sp.Expr, sp.Symbol, sp.Expr, sp.Expr]:
    """Body, index, first and last value of the outermost index of a binder or sum.

    SymPy flattens a sum of sums into one node with several limits, the innermost first; this takes the last one off.
    """
    *inner, outer = binder.args[1:]
    body = binder.func(binder.args[0], *inner) if inner else binder.args[0]
    return body, outer[0], outer[1], outer[2]


class LSE(IndexBinder):
    """``log(sum_i exp(body_i))``, the LogSumExp of the body over the index."""

    def _eval_derivative(self, symbol: sp.Symbol) -> sp.Expr:
        body, *limits = peeled(self)
        return sp.Sum(sp.exp(body - self) * sp.diff(body, symbol), tuple(limits))


class IndexMin(IndexBinder):
    """The least value of the body over a nonempty index range."""


class IndexMax(IndexBinder):
    """The greatest value of the body over a nonempty index range."""


class BallUnion(Inert, sp.Basic):
    """The union of closed balls around a family of patterns.

    ``BallUnion(patterns, radius, shape, indices)``: ``patterns`` is an ``IndexedBase`` with the given shape, whose last
    axis is the coordinate; a size may depend on earlier ``indices``, which are bound.  The radius is in the unit of
    the patterns; it may depend on the indices, all but the last, where every ball has its own.
    """

    def __new__(
        cls, patterns: sp.IndexedBase, radius: sp.Expr, shape: tuple[sp.Expr, ...], indices: tuple[sp.Symbol, ...]
    ) -> BallUnion:
        return super().__new__(cls, patterns, sp.sympify(radius), sp.Tuple(*shape), sp.Tuple(*indices))

    patterns = property(lambda self: self.args[0])
    radius = property(lambda self: self.args[1])
    shape = property(lambda self: self.args[2])
    indices = property(lambda self: self.args[3])

    @property
    def free_symbols(self) -> set[sp.Basic]:
        """Patterns, radius and sizes, without the bound indices."""
        inner = self.patterns.free_symbols | self.radius.free_symbols | self.shape.free_symbols
        return {s for s in inner if not s.free_symbols & set(self.indices) or isinstance(s, sp.IndexedBase)}

    def _sympystr(self, printer: object) -> str:
        return "Omega"


class RegionIntegral(Inert, sp.Expr):
    """The integral of ``body`` over a region of R^n: ``RegionIntegral(body, point, region)``.

    ``point`` is the ``IndexedBase`` whose entries ``point[k]`` are the coordinates of integration; it is bound.
    """

    def __new__(cls, body: sp.Expr, point: sp.IndexedBase, region: BallUnion) -> RegionIntegral:
        return super().__new__(cls, sp.sympify(body), point, region)

    body = property(lambda self: self.args[0])
    point = property(lambda self: self.args[1])
    region = property(lambda self: self.args[2])

    @property
    def free_symbols(self) -> set[sp.Basic]:
        """Free symbols of body and region without the point of integration."""
        inner = self.body.free_symbols | self.region.free_symbols
        return {s for s in inner if s not in (self.point, self.point.label) and not self._of_point(s)}

    def _of_point(self, symbol: sp.Basic) -> bool:
        return isinstance(symbol, sp.Indexed) and symbol.base == self.point


class RadialIntegral(Inert, sp.Expr):
    """The integral of ``f(||x||)`` over the ball of a radius around 0 in R^n: ``RadialIntegral(f(q), q, n, radius)``.

    ``variable`` stands for the distance from the centre; it is bound in the body.
    """

    def __new__(cls, body: sp.Expr, variable: sp.Symbol, dimension: sp.Expr, radius: sp.Expr) -> RadialIntegral:
        return super().__new__(cls, sp.sympify(body), variable, sp.sympify(dimension), sp.sympify(radius))

    body = property(lambda self: self.args[0])
    variable = property(lambda self: self.args[1])
    dimension = property(lambda self: self.args[2])
    radius = property(lambda self: self.args[3])

    @property
    def free_symbols(self) -> set[sp.Basic]:
        """Free symbols of dimension, radius and body without the variable of integration."""
        outside: set[sp.Basic] = self.dimension.free_symbols | self.radius.free_symbols
        return outside | (self.body.free_symbols - {self.variable})


class Quotient(Inert, sp.Expr):
    """``numerator / denominator`` as printed: nothing cancels, so the denominator stays on record."""

    def __new__(cls, numerator: sp.Expr, denominator: sp.Expr) -> Quotient:
        return super().__new__(cls, sp.sympify(numerator), sp.sympify(denominator))

    numerator = property(lambda self: self.args[0])
    denominator = property(lambda self: self.args[1])

    def _sympystr(self, printer: object) -> str:
        return f"({self.numerator})/({self.denominator})"
