"""From SymPy to the nodes of the array compiler.

Indices that are summed, minimised or averaged run over whole axes, from 1 to a symbolic size; anything else is refused
by name and left to the routine without batch axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import count
from typing import Any

import sympy as sp

from numerics.backends import index_nodes as nodes
from numerics.backends.frame import UnsupportedExpression, exact
from numerics.backends.index_nodes import Node
from theory.atoms import LSE, IndexMax, IndexMin, Quotient

_UNARY = {sp.exp: "exp", sp.log: "log", sp.Abs: "abs", sp.sign: "sign"}
_BINDERS = (sp.Sum, LSE, IndexMin, IndexMax)


class Reading:
    """Reads one expression; afterwards ``shapes`` and ``scalars`` are what the routine must be given.

    ``points`` are the families whose leading axes are batch axes; ``outputs`` are the free indices of the result with
    the sizes that they run to.
    """

    def __init__(self, points: Sequence[sp.IndexedBase], outputs: Sequence[tuple[sp.Symbol, sp.Symbol]]) -> None:
        self.points = {str(point.label) for point in points}
        self.shapes: dict[str, tuple[str, ...]] = {}
        self.scalars: dict[str, sp.Symbol] = {}
        self.sizes: dict[str, str] = {}
        self.open: dict[sp.Symbol, str] = {}
        self.numbers = count()
        self.outputs = tuple(self._opened(index, size) for index, size in outputs)

    def _opened(self, index: sp.Symbol, size: sp.Expr) -> str:
        if not isinstance(size, sp.Symbol):
            raise UnsupportedExpression(
                f"the index {index} runs to {size}: with batch axes an index runs from 1 to a size, such as n"
            )
        label = f"{index}{next(self.numbers)}"
        self.open[index], self.sizes[label] = label, str(size)
        return label

    def fresh(self, name: str, size: str) -> str:
        """A new label of an axis of a size."""
        label = f"{name}{next(self.numbers)}"
        self.sizes[label] = size
        return label

    def read(self, node: Any) -> Node:
        """The node; raises ``UnsupportedExpression``, naming what has no rule."""
        if isinstance(node, (sp.Rational, sp.Float)):
            return nodes.number(exact(node))
        if node in (sp.pi, sp.E):
            return nodes.number(float(node))
        if isinstance(node, sp.Indexed):
            return self._entry(node)
        if isinstance(node, sp.Symbol):
            return self._symbol(node)
        if isinstance(node, sp.Add):
            return nodes.add(*map(self.read, node.args))
        if isinstance(node, sp.Mul):
            return nodes.mul(*map(self.read, node.args))
        if isinstance(node, Quotient):
            below = nodes.power(self.read(node.denominator), nodes.number(-1))
            return nodes.mul(self.read(node.numerator), below)
        if isinstance(node, sp.Pow):
            return nodes.power(self.read(node.base), self.read(node.exp))
        if type(node) in _UNARY:
            return nodes.Apply(_UNARY[type(node)], self.read(node.args[0]))
        if isinstance(node, _BINDERS):
            return self._binder(node, len(node.args) - 1)
        raise UnsupportedExpression(f"no rule with batch axes for {type(node).__name__}: {node}")

    def _symbol(self, node: sp.Symbol) -> Node:
        if node in self.open:
            raise UnsupportedExpression(f"the index {node} is used as a number: no rule for it with batch axes")
        if node.is_integer:
            return nodes.Size(str(node))
        self.scalars[str(node)] = node
        return nodes.Scalar(str(node))

    def _entry(self, node: sp.Indexed) -> nodes.Entry:
        name = str(node.base.label)
        if not all(index in self.open for index in node.indices):
            raise UnsupportedExpression(f"{node}: with batch axes every index is bound or an index of the result")
        places = tuple(self.open[index] for index in node.indices)
        if len(set(places)) < len(places):
            raise UnsupportedExpression(f"{node} runs along a diagonal: no rule for it with batch axes")
        shape = tuple(self.sizes[place] for place in places)
        if self.shapes.setdefault(name, shape) != shape:
            raise UnsupportedExpression(f"{name} is used with the shapes {self.shapes[name]} and {shape}")
        return nodes.Entry(name, places, name in self.points)

    def _binder(self, node: Any, limits: int) -> Node:
        """The reduction over the ``limits`` innermost indices, the last of which is the outermost."""
        if not limits:
            return self.read(node.args[0])
        index, lower, upper = node.args[limits]
        if lower != 1:
            raise UnsupportedExpression(f"the index {index} starts at {lower}: with batch axes it starts at 1")
        outer = self.open.get(index)
        label = self._opened(index, upper)
        size = self.sizes[label]
        if isinstance(node, sp.Sum) and limits == 1:
            body = self._squared(node.args[0], label)
            result = body if isinstance(body, nodes.Distance) else nodes.total(label, size, body)
        else:
            body = self._binder(node, limits - 1)
            if isinstance(node, sp.Sum):
                result = nodes.total(label, size, body)
            elif isinstance(node, LSE):
                result = nodes.log_sum(label, size, body)
            else:
                kind = "min" if isinstance(node, IndexMin) else "max"
                inside, shift = nodes.hoisted(label, body)
                result = shift if inside == nodes.ZERO else nodes.add(shift, nodes.Extremum(kind, label, inside))
        if outer is None:
            del self.open[index]
        else:
            self.open[index] = outer
        return result

    def _squared(self, body: sp.Expr, label: str) -> Node:
        """A squared distance where the body is the square of a difference of entries that live on different axes."""
        read = self.read(body)
        if not (isinstance(read, nodes.Power) and read.exponent == nodes.number(2)):
            return read
        terms = nodes.terms_of(read.base)
        pair = [factor for term in terms for factor in nodes.factors_of(term) if isinstance(factor, nodes.Entry)]
        minus = [term for term in terms if isinstance(term, nodes.Mul)]
        signed = len(minus) == 1 and nodes.factors_of(minus[0])[0] == nodes.Number(Fraction(-1))
        if not (len(terms) == len(pair) == 2 and signed and len(nodes.factors_of(minus[0])) == 2):
            return read
        first, second = sorted(pair, key=lambda entry: not entry.batched)
        if first.labels == second.labels or not (label in first.labels and label in second.labels):
            return read
        if second.batched or first.places != (label,) or len(second.places) != 2 or second.places[1] != label:
            return read
        centre = second.name
        return nodes.Distance(
            label,
            nodes.Entry(first.name, first.places, first.batched, centre),
            nodes.Entry(second.name, second.places, second.batched, centre),
        )
