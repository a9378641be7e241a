"""Derivatives of index notation: the derivative of an LSE is the average with its softmax."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from numerics.backends.frame import UnsupportedExpression
from numerics.backends.index_nodes import (
    ZERO,
    Add,
    Apply,
    Average,
    Contract,
    Distance,
    Entry,
    Extremum,
    Kept,
    LogSum,
    Mul,
    Node,
    Number,
    Power,
    Select,
    add,
    average,
    mul,
    negative,
    number,
    power,
    select,
    total,
)

Seed = Callable[[Entry], Node]
"""The derivative of an entry of the variable; 0 for one of another family."""


class Derivative:
    """The derivative along a seed; ``sizes`` are those of the labels."""

    def __init__(self, seed: Seed, sizes: dict[str, str]) -> None:
        self.seed, self.sizes = seed, sizes
        self.known: dict[Node, Node] = {}

    def __call__(self, node: Node) -> Node:
        """The derivative of the node; raises ``UnsupportedExpression`` where there is no rule."""
        if node not in self.known:
            self.known[node] = self._of(node)
        return self.known[node]

    def _of(self, node: Node) -> Node:
        if isinstance(node, Entry):
            return self.seed(node)
        if not node.parts:
            return ZERO
        if isinstance(node, Add):
            return add(*map(self, node.terms))
        if isinstance(node, Mul):
            return self._product(node.factors)
        if isinstance(node, Power):
            return self._power(node)
        if isinstance(node, Kept):
            return self(node.body)
        if isinstance(node, Apply):
            return self._function(node)
        if isinstance(node, Contract):
            return total(node.label, self.sizes[node.label], self._product(node.factors))
        if isinstance(node, Distance):
            return self._distance(node)
        if isinstance(node, LogSum):
            return average(node.label, node.scores, self(node.scores))
        if isinstance(node, Average):
            return self._average(node)
        if isinstance(node, Extremum):
            return select(node.kind, node.label, node.body, self(node.body))
        if isinstance(node, Select):
            return select(node.kind, node.label, node.body, self(node.value))
        raise UnsupportedExpression(f"no derivative is known for {type(node).__name__}")

    def _product(self, factors: tuple[Node, ...]) -> Node:
        terms = []
        for place, factor in enumerate(factors):
            slope = self(factor)
            if slope != ZERO:
                terms.append(mul(slope, *factors[:place], *factors[place + 1 :]))
        return add(*terms)

    def _power(self, node: Power) -> Node:
        slope = self(node.base)
        if slope == ZERO:
            return ZERO
        if self(node.exponent) != ZERO:
            raise UnsupportedExpression("no derivative is known for a power whose exponent depends on the variable")
        lowered = add(node.exponent, number(-1))
        return mul(node.exponent, power(node.base, lowered, isinstance(node.base, Distance)), slope)

    def _function(self, node: Apply) -> Node:
        slope = self(node.argument)
        if slope == ZERO:
            return ZERO
        outer: dict[str, Node] = {
            "exp": node,
            "log": power(node.argument, Number(Fraction(-1))),
            "abs": Apply("sign", node.argument),
            "sign": ZERO,
        }
        return mul(outer[node.function], slope)

    def _distance(self, node: Distance) -> Node:
        moved = add(self(node.point), negative(self(node.pattern)))
        if moved == ZERO:
            return ZERO
        size = self.sizes[node.label]
        difference = add(node.point, negative(node.pattern))
        return total(node.label, size, mul(number(2), difference, moved))

    def _average(self, node: Average) -> Node:
        """The average of the slope, and the covariance of value and scores, centred so that nothing cancels."""
        value, slope = mul(*node.factors), self(node.scores)
        inner = average(node.label, node.scores, self(value))
        if slope == ZERO:
            return inner
        excess = Kept(add(slope, negative(average(node.label, node.scores, slope))))
        return add(inner, average(node.label, node.scores, mul(excess, value)))
