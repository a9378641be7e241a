"""A formula over a batch: points (..., n) and scalars of any shape, one value each.

The batch runs along the last axis, so the index of a binder takes the axes before it.  A squared distance between
points and patterns goes through SciPy, factor by factor huge and tiny numbers through their logarithms, and what does
not depend on the batch is computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp
from scipy.spatial.distance import cdist
from sympy.core.function import AppliedUndef

from numerics.backends.as_numpy import ArrayFrame, ArrayWalker
from numerics.backends.floats import Floats
from numerics.backends.frame import Node
from numerics.logarithms import Logarithms, is_extreme, stable_routine
from theory.atoms import IndexBinder, Quotient

Array = np.ndarray[Any, Any]
member = sp.Symbol("member of the batch", integer=True)
Batch = Callable[[Mapping[str, Any], int, dict[Any, Any]], Any]


@dataclass
class BatchFrame(ArrayFrame):
    """A frame of one block: ``memo`` holds logarithms and distances that several parts of a formula share."""

    memo: dict[Any, Any] = field(default_factory=dict)


class BatchWalker(ArrayWalker):
    """The walk with the batch as an open index at depth 0; families in ``batched`` have one entry per member."""

    def __init__(self, batched: frozenset[sp.IndexedBase], least: dict[sp.Basic, sp.Expr]) -> None:
        super().__init__()
        self.batched = batched
        self.open.append(member)
        self.depth = 1
        self.logarithms = Logarithms(self.visit, least, self.open)

    def visit(self, node: sp.Expr) -> Node:
        """The closure of the node; a function without a definition is a routine of ``numerics.stable``."""
        if isinstance(node, AppliedUndef):
            return self.logarithms.kept(node, stable_routine(node.func.__name__))
        return super().visit(node)

    # Products, quotients and logarithms.

    def _multiply(self, node: sp.Mul) -> Node:
        known = [factor for factor in node.args if self.logarithms.is_positive(factor)]
        if sum(map(is_extreme, known)) < 2:
            return super()._multiply(node)
        rest = [factor for factor in node.args if factor not in known]
        exponent, others = self.logarithms.of(sp.Mul(*known, evaluate=False)), self.visit_all(rest)

        def product(f: Any) -> Any:
            result = np.exp(exponent(f))
            for other in others:
                result = result * other(f)
            return result

        return product

    def _quotient(self, node: Quotient) -> Node:
        if self.logarithms.is_positive(node) and any(map(is_extreme, node.args)):
            exponent = self.logarithms.of(node)
            return lambda f: np.exp(exponent(f))
        return super()._quotient(node)

    def _unary(self, node: sp.Expr) -> Node:
        inner = node.args[0]
        extreme = is_extreme(inner) or (isinstance(inner, sp.Add) and any(map(is_extreme, inner.args)))
        if isinstance(node, sp.log) and extreme and self.logarithms.is_positive(inner):
            return self.logarithms.of(inner)
        if isinstance(node, sp.log) and isinstance(inner, sp.Mul) and any(map(self._known_extreme, inner.args)):
            return self.logarithms.split(inner)
        return super()._unary(node)

    def _known_extreme(self, node: sp.Expr) -> bool:
        return is_extreme(node) and self.logarithms.is_positive(node)

    def _lower_gamma(self, node: sp.Expr) -> Node:
        exponent = self.logarithms.of(node)
        return lambda f: np.exp(exponent(f))

    def _power(self, node: sp.Pow) -> Node:
        if node.exp == -1:
            divisor = self.visit(node.base)
            return lambda f: 1 / np.asarray(divisor(f))  # a zero gives inf, not an error
        if not isinstance(node.exp, sp.Integer) and node.exp.is_integer:
            base, exponent = self.visit(node.base), self.visit(node.exp)
            return lambda f: np.power(base(f), exponent(f))
        if is_extreme(node.base) and self.logarithms.is_positive(node.base):
            power = self.logarithms.of(node)
            return lambda f: np.exp(power(f))
        return super()._power(node)

    # Families and binders.

    def _binder(self, node: sp.Expr) -> Node:
        between = self._between(node)
        if between is not None:
            return between
        compiled = super()._binder(node)
        free = node.free_symbols
        alone = not any(index in free for index in self.open[1:]) and not self._varies(node)
        if not alone:
            return compiled

        def once(f: Any) -> Any:
            if node not in f.kept:
                f.kept[node] = compiled(f)
            return f.kept[node]

        return once

    def _varies(self, node: sp.Expr) -> bool:
        """Whether a binder may depend on the batch: on a batched family or on any scalar but a size."""
        sizes = {symbol for part in node.atoms(sp.Sum, IndexBinder) for _, *ends in part.limits for end in ends
                 for symbol in end.free_symbols}  # fmt: skip
        bases = {base.label for base in node.atoms(sp.IndexedBase)}
        scalars = {s for s in node.free_symbols if s.is_Symbol} - sizes - bases
        return bool(scalars) or any(base in self.batched for base in node.atoms(sp.IndexedBase))

    def _between(self, node: sp.Expr) -> Node | None:
        """The squared distances between the batch and the patterns of an open index, where the sum is one."""
        if not isinstance(node, sp.Sum) or len(node.limits) != 1:
            return None
        index, first, last = node.limits[0]
        body = node.args[0]
        if first != 1 or not isinstance(body, sp.Pow) or body.exp != 2 or not isinstance(body.base, sp.Add):
            return None
        point, pattern = _difference(body.base, index, self.batched)
        if point is None or pattern is None or pattern.indices[0] not in self.open[1:]:
            return None
        which, points, patterns = pattern.indices[0], self._family(point.base), self._family(pattern.base)
        dimension = self.integer(last)

        def distances(f: Any) -> Any:
            place, size = f.index[which], dimension(f)
            chosen = np.ravel(place)
            key = (points, patterns, size, chosen.tobytes())
            if key not in f.memo:
                f.memo[key] = cdist(f.number(patterns)[chosen - 1, :size], f.number(points)[:size].T, "sqeuclidean")
            found = f.memo[key]
            return found.reshape((*np.shape(place)[:-1], found.shape[-1])) if np.ndim(place) else found[0]

        return distances


def _difference(
    body: sp.Add, index: sp.Symbol, batched: frozenset[sp.IndexedBase]
) -> tuple[sp.Indexed | None, sp.Indexed | None]:
    """The point ``x[k]`` of the batch and the pattern ``rho[i, k]`` if ``body`` is their difference."""
    signs = {term.as_coeff_Mul()[1]: term.as_coeff_Mul()[0] for term in body.args}
    if sorted(signs.values()) != [-1, 1] or not all(isinstance(term, sp.Indexed) for term in signs):
        return None, None
    points = [e for e in signs if e.base in batched and e.indices == (index, member)]
    patterns = [e for e in signs if e.base not in batched and len(e.indices) == 2 and e.indices[1] == index]
    return (points[0], patterns[0]) if len(points) == len(patterns) == 1 else (None, None)


_counted = np.arange(1, 2)


def _places(length: int) -> Array:
    """The numbers from 1 to the length, as a part of the longest such array so far."""
    global _counted
    if len(_counted) < length:
        _counted = np.arange(1, length + 1)
    return _counted[:length]


def compile_batch(expr: sp.Expr, batched: frozenset[sp.IndexedBase], least: dict[sp.Basic, sp.Expr]) -> Batch:
    """The function of numbers by name, the length of the batch and a dictionary that blocks of one call share.

    Scalars are floats, or arrays with one entry per member; batched families have shape (n, members).  Raises
    ``UnsupportedExpression``.
    """
    walker = BatchWalker(batched, least)
    entries = {e: sp.Indexed(e.base, *e.indices, member) for e in expr.atoms(sp.Indexed) if e.base in batched}
    node = walker.visit(expr.xreplace(entries))

    def call(numbers: Mapping[str, Any], length: int, kept: dict[Any, Any]) -> Any:
        frame = BatchFrame(Floats(), numbers, dict(numbers), {}, kept)
        frame.index[member] = _places(length)
        return node(frame)

    return call
