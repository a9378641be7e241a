"""The walk from an expression to nested closures, one method per kind of node.

Nothing is printed, parsed or evaluated as text: every node that is not listed here is refused by name.  The walk is
shared by all backends; what a number is and how it is added or exponentiated is the business of an ``Arithmetic``.
Binders are python loops here; the array backend overrides them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from numbers import Integral
from typing import Any, Protocol

import sympy as sp
from sympy.core.function import Subs

from theory.atoms import LSE, IndexBinder, IndexMax, IndexMin, Quotient, RegionIntegral

Number = Any  # a number of the arithmetic at hand: float, array, mpf, ball, power series or jet
Limits = tuple[sp.Symbol, sp.Expr, sp.Expr]


class UnsupportedExpression(TypeError):  # noqa: N818 - it names the expression, not the accident
    """The expression holds something that the backend cannot compute with its guarantee."""


class Arithmetic(Protocol):
    """The operations that the walk needs.  ``nonnegative`` promises that the true base is at least 0."""

    def number(self, value: Any) -> Number: ...
    def pi(self) -> Number: ...
    def add(self, terms: Sequence[Number]) -> Number: ...
    def multiply(self, factors: Sequence[Number]) -> Number: ...
    def divide(self, numerator: Number, denominator: Number) -> Number: ...
    def integer_power(self, base: Number, exponent: int) -> Number: ...
    def power(self, base: Number, exponent: Number, nonnegative: bool) -> Number: ...
    def exp(self, value: Number) -> Number: ...
    def log(self, value: Number) -> Number: ...
    def absolute(self, value: Number) -> Number: ...
    def sign(self, value: Number) -> Number: ...
    def minimum(self, values: Sequence[Number]) -> Number: ...
    def maximum(self, values: Sequence[Number]) -> Number: ...
    def lse(self, values: Sequence[Number]) -> Number: ...
    def lower_gamma(self, order: Number, cutoff: Number) -> Number: ...
    def gamma(self, value: Number) -> Number: ...
    def log_gamma(self, value: Number) -> Number: ...
    def integral(self, body: Callable[[Arithmetic, Number], Number], patterns: list[Number], radius: Number) -> Number:
        """The integral of ``body(arithmetic, x)`` over the union of the intervals around the patterns."""


def exact(value: Any) -> Fraction:
    """An int, float, fraction or SymPy number as the fraction that it is; raises ``TypeError`` for anything else."""
    if isinstance(value, (sp.Rational, sp.Float)):
        rational = sp.Rational(value)
        return Fraction(int(rational.p), int(rational.q))
    if isinstance(value, Integral):
        return Fraction(int(value))
    if isinstance(value, (float, Fraction)):  # numpy's float64 is a float
        return Fraction(value)
    if hasattr(value, "dtype") and getattr(value, "ndim", 1) == 0:
        return exact(value.item())
    raise TypeError(f"expected an int, a Fraction or a float, received {type(value).__name__}: {value!r}")


@dataclass
class Frame:
    """The state of one call: the caller's values by name, their numbers, the open indices, what is worth keeping."""

    arithmetic: Arithmetic
    values: Mapping[str, Any]
    numbers: dict[str, Number] = field(default_factory=dict)
    index: dict[sp.Symbol, Any] = field(default_factory=dict)
    kept: dict[Any, Number] = field(default_factory=dict)
    points: dict[str, Number] = field(default_factory=dict)

    def number(self, name: str) -> Number:
        """The scalar or the nested lists of a family, in the numbers of the arithmetic."""
        if name in self.points:
            return self.points[name]
        if name not in self.numbers:
            self.numbers[name] = self._convert(self.values[name])
        return self.numbers[name]

    def _convert(self, value: Any) -> Number:
        if isinstance(value, (tuple, list)) or getattr(value, "ndim", 0) > 0:
            return [self._convert(entry) for entry in value]
        return self.arithmetic.number(value)

    def at_point(self, arithmetic: Arithmetic, name: str, value: Number) -> Frame:
        """The same call inside an integral whose point has the one coordinate ``value``."""
        points = self.points | {name: [value]}
        return Frame(arithmetic, self.values, self.numbers, dict(self.index), self.kept, points)


Node = Callable[[Frame], Number]


def integral_value(value: Any, what: object) -> int:
    """The value as an ``int``; raises ``ValueError`` unless it is an integer."""
    number = exact(value)
    if number.denominator != 1:
        raise ValueError(f"{what} must be an integer, received {value!r}")
    return int(number)


def entry(family: Any, place: Sequence[int], what: object) -> Any:
    """``family[place]`` with indices from 1; raises ``IndexError`` outside the family."""
    for index in place:
        if not isinstance(index, int) or not 1 <= index <= len(family):
            raise IndexError(f"{what} at index {tuple(place)}: an axis runs from 1 to {len(family)}")
        family = family[index - 1]
    return family


class Walker:
    """Compiles one expression; afterwards ``scalars`` and ``families`` hold what the routine must be given."""

    def __init__(self, floats: bool) -> None:
        self.floats = floats
        self.scalars: dict[str, sp.Symbol] = {}
        self.families: dict[str, sp.IndexedBase] = {}
        self.open: list[sp.Symbol] = []
        self.points: list[sp.IndexedBase] = []

    def visit(self, node: sp.Expr) -> Node:
        """The closure of the node; raises ``UnsupportedExpression`` for a node without a method."""
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
        value = exact(node)
        return lambda f: f.arithmetic.number(value)

    def _float(self, node: sp.Float) -> Node:
        if not self.floats:
            raise UnsupportedExpression(f"{node} is a rounded decimal: write an exact rational")
        return self._rational(node)

    def _pi(self, node: sp.Expr) -> Node:
        return lambda f: f.arithmetic.pi()

    def _e(self, node: sp.Expr) -> Node:
        return lambda f: f.arithmetic.exp(f.arithmetic.number(1))

    def _symbol(self, node: sp.Symbol) -> Node:
        if node in self.open:
            return lambda f: f.arithmetic.number(f.index[node])
        name = self._scalar(node)
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
        base, sure = self.visit(node.base), nonnegative(node.base)
        if isinstance(node.exp, sp.Integer):
            constant = int(node.exp)
            return lambda f: f.arithmetic.integer_power(base(f), constant)
        if node.exp.is_integer and not node.exp.has(*_CONTINUOUS):
            power = self.integer(node.exp)
            return lambda f: f.arithmetic.integer_power(base(f), power(f))
        exponent = self.visit(node.exp)
        return lambda f: f.arithmetic.power(base(f), exponent(f), sure)

    def _unary(self, node: sp.Expr) -> Node:
        operation, part = _UNARY[type(node)], self.visit(node.args[0])
        return lambda f: getattr(f.arithmetic, operation)(part(f))

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
            if depth == len(closures):
                return [body(f)]
            index, lower, upper = closures[depth]
            first, last = bounds(lower(f), upper(f), node)
            outer, values = f.index.get(index), []
            for f.index[index] in range(first, last + 1):
                values.extend(terms(f, depth + 1))
            f.index[index] = outer
            return values

        def run(f: Frame) -> Number:
            key = (id(node), tuple(f.index[index] for index in inherited))
            if keep and key in f.kept:
                return f.kept[key]
            values = terms(f, 0)
            if not values and reduce_ != "add":
                raise ValueError(f"empty index range in {node}")
            result = getattr(f.arithmetic, reduce_)(values) if values else f.arithmetic.number(0)
            if keep:
                f.kept[key] = result
            return result

        return run

    def _inherited(self, node: sp.Expr) -> tuple[list[sp.Symbol], bool]:
        """The open indices that a node depends on, and whether its value is worth keeping for other indices."""
        used = node.free_symbols
        inherited = [index for index in dict.fromkeys(self.open) if index in used]
        again = len(inherited) < len(set(self.open)) or bool(self.points)
        return inherited, again and not any(point.label in used for point in self.points)

    def _region(self, node: RegionIntegral) -> Node:
        inherited, keep = self._inherited(node)
        name, region = str(node.point.label), node.region
        patterns, radius = self._family(region.patterns), self.visit(region.radius)
        dimension, count = self.integer(region.shape[-1]), self.integer(region.shape[0])
        self.points.append(node.point)
        body = self.visit(node.body)
        self.points.pop()

        def run(f: Frame) -> Number:
            key = (id(node), tuple(f.index[index] for index in inherited))
            if keep and key in f.kept:
                return f.kept[key]
            result = integrate(f)
            if keep:
                f.kept[key] = result
            return result

        def integrate(f: Frame) -> Number:
            if dimension(f) != 1:
                raise UnsupportedExpression(f"integrals over balls are computed in dimension 1, not {dimension(f)}")
            family = f.values[patterns]
            if len(family) != count(f):
                raise ValueError(f"{patterns} has {len(family)} entries on its first axis, expected {count(f)}")

            def at(arithmetic: Arithmetic, point: Number) -> Number:
                return body(f.at_point(arithmetic, name, point))

            centres = [f.arithmetic.number(centre) for centre in flattened(family, len(region.shape))]
            return f.arithmetic.integral(at, centres, radius(f))

        return run


def bounds(first: Any, last: Any, node: object) -> tuple[int, int]:
    """The bounds of a range that may be empty; raises ``ValueError`` where SymPy would count backwards."""
    if last < first - 1:
        raise ValueError(f"the index of {node} runs from {first} to {last}")
    return int(first), int(last)


def flattened(family: Any, depth: int) -> list[Any]:
    """The patterns of dimension 1 of a family with ``depth`` axes; raises ``ValueError`` if the last axis is longer."""
    if depth > 1:
        return list(chain.from_iterable(flattened(part, depth - 1) for part in family))
    if len(family) != 1:
        raise ValueError(f"expected patterns with one coordinate, received {len(family)}")
    return [family[0]]


def nonnegative(node: sp.Expr) -> bool:
    """Whether the form of a real expression shows that it is at least 0 wherever it is defined."""
    if isinstance(node, sp.Rational):
        return bool(node.p >= 0)
    if isinstance(node, sp.Pow):
        even = isinstance(node.exp, sp.Integer) and int(node.exp) % 2 == 0
        return even or (isinstance(node.exp, sp.Rational) and not node.exp.is_integer) or nonnegative(node.base)
    if isinstance(node, (sp.Sum, IndexMin, IndexMax)):
        return nonnegative(node.args[0])
    if isinstance(node, (sp.Add, sp.Mul, sp.Min, sp.Max)):
        return all(nonnegative(arg) for arg in node.args)
    return isinstance(node, (sp.exp, sp.Abs)) or node in (sp.pi, sp.E)


_CONTINUOUS = (sp.Function, sp.Pow, sp.Sum, IndexBinder)  # parts that an integer exponent may have elsewhere
REDUCTIONS = {sp.Sum: "add", LSE: "lse", IndexMin: "minimum", IndexMax: "maximum"}
_UNARY = {
    sp.exp: "exp",
    sp.log: "log",
    sp.Abs: "absolute",
    sp.sign: "sign",
    sp.gamma: "gamma",
    sp.loggamma: "log_gamma",
}
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
    (tuple(_UNARY), "_unary"),
    ((sp.Min, sp.Max), "_extremum"),
    (sp.lowergamma, "_lower_gamma"),
    (sp.KroneckerDelta, "_delta"),
    (Quotient, "_quotient"),
    ((sp.Derivative, Subs), "_calculus"),
    ((sp.Sum, IndexBinder), "_binder"),
    (RegionIntegral, "_region"),
)
