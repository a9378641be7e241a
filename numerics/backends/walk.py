"""The walk from an expression to nested closures, one method per kind of node.

Nothing is printed, parsed or evaluated as text: every node that is not listed here is refused by name.  The walk is
shared by all backends; what a number is and how it is added or exponentiated is the business of an ``Arithmetic``.
Binders are python loops here; the array backend overrides them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sympy as sp
from sympy.core.function import Subs

from numerics.backends.frame import (
    Arithmetic,
    EmptyRangeError,
    Frame,
    Node,
    Number,
    UnsupportedExpression,
    bounds,
    entry,
    exact,
    integral_value,
)
from numerics.backends.operations import BEYOND, BINARY, EULER, UNARY
from theory.atoms import LSE, IndexBinder, IndexMax, IndexMin, Quotient, RadialIntegral, RegionIntegral


class Walker:
    """Compiles one expression; afterwards ``scalars`` and ``families`` hold what the routine must be given."""

    def __init__(self, floats: bool, special: bool = False) -> None:
        self.floats, self.special = floats, special
        self.scalars: dict[str, sp.Symbol] = {}
        self.families: dict[str, sp.IndexedBase] = {}
        self.open: list[sp.Symbol] = []
        self.points: list[sp.IndexedBase] = []
        self.distances: list[sp.Symbol] = []

    def visit(self, node: sp.Expr) -> Node:
        """The closure of the node; raises ``UnsupportedExpression`` for a node without a method."""
        if isinstance(node, BEYOND) and not self.special:
            raise UnsupportedExpression(f"no rule for {type(node).__name__} here: {node}")
        for kind, method in _METHODS:
            if isinstance(node, kind):
                compiled: Node = getattr(self, method)(node)
                return compiled
        raise UnsupportedExpression(f"no rule for {type(node).__name__}: {node}")

    def visit_all(self, nodes: Iterable[sp.Expr]) -> list[Node]:
        """The closures of the nodes."""
        return [self.visit(node) for node in nodes]

    # Leaves.

    def _rational(self, node: sp.Rational) -> Node:
        fraction = exact(node)
        value = int(fraction) if fraction.denominator == 1 else fraction
        return lambda f: f.arithmetic.number(value)

    def _float(self, node: sp.Float) -> Node:
        if not self.floats:
            raise UnsupportedExpression(f"{node} is a rounded decimal: write an exact rational")
        return self._rational(node)

    def _pi(self, node: sp.Expr) -> Node:
        return lambda f: f.arithmetic.pi()

    def _euler(self, node: sp.Expr) -> Node:
        return lambda f: getattr(f.arithmetic, EULER)()

    def _e(self, node: sp.Expr) -> Node:
        return lambda f: f.arithmetic.exp(f.arithmetic.number(1))

    def _symbol(self, node: sp.Symbol) -> Node:
        if node in self.open:
            return lambda f: f.arithmetic.number(f.index[node])
        name = str(node.name) if node in self.distances else self._scalar(node)
        return lambda f: f.number(name)

    def _scalar(self, node: sp.Symbol) -> str:
        if node.name in self.families:
            raise UnsupportedExpression(f"{node.name} names both a scalar and a family")
        self.scalars.setdefault(node.name, node)
        return str(node.name)

    def _family(self, base: sp.IndexedBase) -> str:
        name = str(base.label)
        if base in self.points:
            return name
        if name in self.scalars:
            raise UnsupportedExpression(f"{name} names both a scalar and a family")
        self.families.setdefault(name, base)
        return name

    def _indexed(self, node: sp.Indexed) -> Node:
        name, places = self._family(node.base), [self.integer(index) for index in node.indices]

        def read(f: Frame) -> Number:
            return entry(f.number(name), [place(f) for place in places], node)

        return read

    # Indices and sizes.

    def integer(self, node: sp.Expr) -> Node:
        """The closure of an index or a bound of one; its values are python integers."""
        if isinstance(node, sp.Integer):
            constant = int(node)
            return lambda f: constant
        if isinstance(node, sp.Symbol):
            if node in self.open:
                return lambda f: f.index[node]
            name = self._scalar(node)
            return lambda f: integral_value(f.values[name], name)
        if isinstance(node, sp.Indexed):
            return self._indexed_integer(node)
        if isinstance(node, (sp.Add, sp.Mul)):
            parts, plus = [self.integer(arg) for arg in node.args], isinstance(node, sp.Add)

            def fold(f: Frame) -> Any:
                total = parts[0](f)
                for part in parts[1:]:
                    total = total + part(f) if plus else total * part(f)
                return total

            return fold
        raise UnsupportedExpression(f"no rule for {type(node).__name__} as an index or a size: {node}")

    def _indexed_integer(self, node: sp.Indexed) -> Node:
        name, places = self._family(node.base), [self.integer(index) for index in node.indices]
        return lambda f: integral_value(entry(f.values[name], [place(f) for place in places], node), node)

    # Arithmetic.

    def _add(self, node: sp.Add) -> Node:
        parts = self.visit_all(node.args)
        return lambda f: f.arithmetic.add([part(f) for part in parts])

    def _multiply(self, node: sp.Mul) -> Node:
        parts = self.visit_all(node.args)
        return lambda f: f.arithmetic.multiply([part(f) for part in parts])

    def _quotient(self, node: Quotient) -> Node:
        above, below = self.visit(node.numerator), self.visit(node.denominator)
        return lambda f: f.arithmetic.divide(above(f), below(f))

    def _power(self, node: sp.Pow) -> Node:
        base, sure = self.visit(node.base), nonnegative(node.base, self.distances)
        if isinstance(node.exp, sp.Integer):
            constant = int(node.exp)
            return lambda f: f.arithmetic.integer_power(base(f), constant)
        if node.exp.is_integer and not node.exp.has(*_CONTINUOUS):
            power = self.integer(node.exp)
            return lambda f: f.arithmetic.integer_power(base(f), power(f))
        exponent = self.visit(node.exp)

        def general(f: Frame) -> Number:
            return f.arithmetic.power(base(f), exponent(f), sure)

        lone = self._lone_square(node.base) if node.exp == sp.Rational(1, 2) else None
        return general if lone is None else self._root(general, *lone)

    def _lone_square(self, base: sp.Expr) -> tuple[sp.Symbol, Node, Node, Node] | None:
        """Index, ends and root of the terms of a sum of squares over one index."""
        if not (isinstance(base, sp.Sum) and len(base.args) == 2 and isinstance(base.args[0], sp.Pow)):
            return None
        (power, (index, lower, upper)) = base.args
        if power.exp != 2:
            return None
        ends = self.integer(lower), self.integer(upper)
        self.open.append(index)
        term = self.visit(power.base)
        self.open.pop()
        return index, *ends, term

    def _root(self, general: Node, index: sp.Symbol, lower: Node, upper: Node, term: Node) -> Node:
        """The root of a sum of squares; of a sum of one square it is an absolute value, which keeps its smoothness."""

        def run(f: Frame) -> Number:
            first, last = bounds(lower(f), upper(f), index)
            if first != last:
                return general(f)
            outer, f.index[index] = f.index.get(index), first
            size = f.arithmetic.absolute(term(f))
            f.index[index] = outer
            return size

        return run

    def _unary(self, node: sp.Expr) -> Node:
        if len(node.args) != 1:
            raise UnsupportedExpression(f"no rule for {node}, only for {type(node).__name__} of one argument")
        operation, part = UNARY[type(node)], self.visit(node.args[0])
        return lambda f: getattr(f.arithmetic, operation)(part(f))

    def _binary(self, node: sp.Expr) -> Node:
        operation, (first, second) = BINARY[type(node)], self.visit_all(node.args)
        return lambda f: getattr(f.arithmetic, operation)(first(f), second(f))

    def _extremum(self, node: sp.Expr) -> Node:
        parts, least = self.visit_all(node.args), isinstance(node, sp.Min)

        def pick(f: Frame) -> Number:
            values = [part(f) for part in parts]
            return f.arithmetic.minimum(values) if least else f.arithmetic.maximum(values)

        return pick

    def _lower_gamma(self, node: sp.Expr) -> Node:
        order, cutoff = self.visit_all(node.args)
        return lambda f: f.arithmetic.lower_gamma(order(f), cutoff(f))

    def _delta(self, node: sp.KroneckerDelta) -> Node:
        left, right = self.integer(node.args[0]), self.integer(node.args[1])
        return lambda f: f.arithmetic.number(int(left(f) == right(f)))

    def _calculus(self, node: sp.Expr) -> Node:
        done = node.doit()
        if done.has(sp.Derivative, Subs):
            raise UnsupportedExpression(f"no derivative is known for {node}")
        return self.visit(done)

    # Binders and integrals.

    def _binder(self, node: sp.Expr) -> Node:
        """A Sum, LSE, IndexMin or IndexMax as a loop; values that some open index does not touch are kept."""
        inherited, keep = self._inherited(node)
        limits, closures = list(reversed(node.args[1:])), []
        for limit in limits:
            if len(limit) != 3:
                raise UnsupportedExpression(f"no bounds for the index of {node}")
            index, lower, upper = limit
            closures.append((index, self.integer(lower), self.integer(upper)))
            self.open.append(index)
        body = self.visit(node.args[0])
        del self.open[len(self.open) - len(limits) :]
        reduce_ = REDUCTIONS[type(node)]

        def terms(f: Frame, depth: int) -> list[Number]:
            index, lower, upper = closures[depth]
            first, last = bounds(lower(f), upper(f), node)
            outer, values = f.index.get(index), []
            for f.index[index] in range(first, last + 1):
                if depth + 1 == len(closures):
                    values.append(body(f))
                else:
                    values += terms(f, depth + 1)
            f.index[index] = outer
            return values

        def run(f: Frame) -> Number:
            key = (id(node), type(f.arithmetic), tuple(f.index[index] for index in inherited))
            if keep and key in f.kept:
                return f.kept[key]
            values = terms(f, 0)
            if not values and reduce_ != "add":
                raise EmptyRangeError(node)
            result = getattr(f.arithmetic, reduce_)(values) if values else f.arithmetic.number(0)
            if keep:
                f.kept[key] = result
            return result

        return run

    def _inherited(self, node: sp.Expr) -> tuple[list[sp.Symbol], bool]:
        """The open indices that a node depends on, and whether its value is worth keeping for other indices."""
        used = node.free_symbols
        inherited = [index for index in dict.fromkeys(self.open) if index in used]
        again = len(inherited) < len(set(self.open)) or bool(self.points or self.distances)
        return inherited, again and self._still(used)

    def _still(self, used: set[sp.Basic]) -> bool:
        """Whether nothing of what is used is integrated over."""
        return not any(place in used for place in (*(point.label for point in self.points), *self.distances))

    def _region(self, node: RegionIntegral) -> Node:
        inherited, _ = self._inherited(node)
        constant = self._still(node.free_symbols)
        name, region = str(node.point.label), node.region
        patterns, sizes = self._family(region.patterns), []
        own = bool(region.radius.free_symbols & set(region.indices))
        for place, size in enumerate(region.shape):
            sizes.append(self.integer(size))
            if place + 1 == len(region.shape):
                radius = self.visit(region.radius)  # it may depend on the indices opened so far
            self.open += region.indices[place : place + 1]
        del self.open[len(self.open) - len(region.indices) :]
        self.points.append(node.point)
        body = self.visit(node.body)
        self.points.pop()

        def balls(f: Frame, place: tuple[int, ...]) -> Iterator[tuple[Any, Number]]:
            """Patterns, and radii of their own, whose first indices are ``place``; the last axis is the coordinate."""
            size = sizes[len(place)](f)
            if len(place) + 1 == len(sizes):
                if size != 1:
                    raise UnsupportedExpression(
                        f"integrals over a union of balls are computed in dimension 1, not {size}; "
                        "around one centre RadialIntegral serves every dimension"
                    )
                yield entry(f.values[patterns], [*place, 1], region.patterns), radius(f) if own else None
                return
            for f.index[region.indices[len(place)]] in range(1, size + 1):
                yield from balls(f, (*place, f.index[region.indices[len(place)]]))

        labels = {base.label for base in node.atoms(sp.IndexedBase)}
        numbered = sorted((s for s in node.free_symbols - labels if s.is_Symbol and s.is_integer), key=str)

        def run(f: Frame) -> Number:
            # The same integral is met again at every point and layer of a statement: one value serves them all.
            at_indices = tuple(f.index[s] if s in inherited else f.values.get(s.name) for s in numbered)
            key = (node, type(f.arithmetic), at_indices)
            keep = constant and all(isinstance(value, (int, type(None))) for value in at_indices)
            if keep and key in f.kept:
                return f.kept[key]
            outer = dict(f.index)
            family = [(f.arithmetic.number(centre), reach) for centre, reach in balls(f, ())]
            f.index.clear()
            f.index.update(outer)

            def at(arithmetic: Arithmetic, point: Number) -> Number:
                return body(f.at_point(arithmetic, name, point))

            radii = [reach for _, reach in family] if own else [radius(f)] * len(family)
            result = f.arithmetic.integral(at, [centre for centre, _ in family], radii)
            if keep:
                f.kept[key] = result
            return result

        return run

    def _radial(self, node: RadialIntegral) -> Node:
        inherited, _ = self._inherited(node)
        keep, name = self._still(node.free_symbols), str(node.variable)
        dimension, radius = self.visit(node.dimension), self.visit(node.radius)
        self.distances.append(node.variable)
        body = self.visit(node.body)
        self.distances.pop()

        def run(f: Frame) -> Number:
            key = (node, type(f.arithmetic), tuple(f.index[index] for index in inherited))
            if keep and key in f.kept:
                return f.kept[key]

            def at(arithmetic: Arithmetic, distance: Number) -> Number:
                return body(f.at_distance(arithmetic, name, distance))

            result = f.arithmetic.radial(at, dimension(f), radius(f))
            if keep:
                f.kept[key] = result
            return result

        return run


def nonnegative(node: sp.Expr, known: Sequence[sp.Symbol] = ()) -> bool:
    """Whether the form of a real expression shows that it is at least 0 where it is defined, as ``known`` ones are."""
    if isinstance(node, sp.Rational):
        return bool(node.p >= 0)
    if isinstance(node, sp.Pow):
        even = isinstance(node.exp, sp.Integer) and int(node.exp) % 2 == 0
        return even or (isinstance(node.exp, sp.Rational) and not node.exp.is_integer) or nonnegative(node.base, known)
    if isinstance(node, (sp.Sum, IndexMin, IndexMax)):
        return nonnegative(node.args[0], known)
    if isinstance(node, (sp.Add, sp.Mul, sp.Min, sp.Max)):
        return all(nonnegative(arg, known) for arg in node.args)
    return isinstance(node, (sp.exp, sp.Abs)) or node in (sp.pi, sp.E) or node in known


_CONTINUOUS = (sp.Function, sp.Pow, sp.Sum, IndexBinder)  # parts that an integer exponent may have elsewhere
REDUCTIONS = {sp.Sum: "add", LSE: "lse", IndexMin: "minimum", IndexMax: "maximum"}
_METHODS: tuple[tuple[Any, str], ...] = (
    (sp.Rational, "_rational"),
    (sp.Float, "_float"),
    (type(sp.pi), "_pi"),
    (type(sp.E), "_e"),
    (sp.Indexed, "_indexed"),
    (sp.Symbol, "_symbol"),
    (sp.Add, "_add"),
    (sp.Mul, "_multiply"),
    (sp.Pow, "_power"),
    (tuple(UNARY), "_unary"),
    ((sp.Min, sp.Max), "_extremum"),
    (sp.lowergamma, "_lower_gamma"),
    (tuple(BINARY), "_binary"),
    (type(sp.EulerGamma), "_euler"),
    (sp.KroneckerDelta, "_delta"),
    (Quotient, "_quotient"),
    ((sp.Derivative, Subs), "_calculus"),
    ((sp.Sum, IndexBinder), "_binder"),
    (RegionIntegral, "_region"),
    (RadialIntegral, "_radial"),
)
