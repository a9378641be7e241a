"""Double precision on arrays: a bound index becomes an axis.

The index of the binder at nesting depth p varies along axis ``-(p + 1)``, so that NumPy's broadcasting aligns values of
different depths.  A binder whose index appears in the bounds of an inner binder (a ragged family) is a python loop;
one that would need too much memory at once is evaluated in blocks; a sum of products is contracted by ``einsum``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np
import sympy as sp

from numerics.backends.floats import Array, Floats
from numerics.backends.frame import Arithmetic, EmptyRangeError, Frame, Node, UnsupportedExpression, bounds, exact
from numerics.backends.radial_floats import integral_over_radii
from numerics.backends.walk import REDUCTIONS, Walker
from theory.atoms import RadialIntegral, RegionIntegral

Footprint = tuple[set[Any], list[sp.Tuple]]  # free symbols, and limits of binders met on the way, of one array
Need = tuple[list[sp.Symbol], list[tuple[Node, Node]]]  # open indices, and bounds of inner ones, of one array

BLOCK = 1 << 23  # entries of the largest array that one block may need: 64 MiB


def as_array(value: Any) -> Array:
    """Nested sequences as an array; ragged ones are filled up with nan, which no index in range reaches."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        return value
    if not any(np.ndim(part) or isinstance(part, (list, tuple)) for part in value):
        return np.array([float(exact(part)) for part in value])
    parts = [as_array(part) for part in value]
    if len({part.ndim for part in parts}) > 1:
        raise ValueError("a family must have the same number of axes everywhere")
    filled = np.full((len(parts), *np.max([part.shape for part in parts], axis=0)), np.nan)
    for row, part in enumerate(parts):
        window: tuple[Any, ...] = (row, *(slice(0, length) for length in part.shape))
        filled[window] = part
    return filled


class ArrayFrame(Frame):
    """A frame whose families are arrays."""

    def _convert(self, value: Any) -> Any:
        if isinstance(value, (tuple, list)) or getattr(value, "ndim", 0) > 0:
            return as_array(value).astype(float, copy=False)
        return self.arithmetic.number(value)

    def at_point(self, arithmetic: Arithmetic, name: str, value: Any) -> Frame:
        return self.at_distance(arithmetic, name, value)


def arithmetic_of(f: Frame) -> Floats:
    """The arithmetic of a frame of arrays."""
    return cast(Floats, f.arithmetic)


class ArrayWalker(Walker):
    """The walk with binders as axes."""

    def __init__(self) -> None:
        super().__init__(floats=True)
        self.depth = 0
        self.point_depth: dict[sp.IndexedBase, int] = {}

    def _indexed(self, node: sp.Indexed) -> Node:
        name, places = self._family(node.base), [self.integer(index) for index in node.indices]
        simple = [isinstance(index, sp.Symbol) for index in node.indices]
        if node.base in self.points:
            depth = self.point_depth[node.base]
            return lambda f: f.number(name).reshape((-1,) + (1,) * depth)

        def read(f: Frame) -> Any:
            return gather(f.number(name), [place(f) for place in places], simple, node)

        return read

    def _indexed_integer(self, node: sp.Indexed) -> Node:
        name, places = self._family(node.base), [self.integer(index) for index in node.indices]

        def read(f: Frame) -> Any:
            found = gather(np.asarray(as_array(f.values[name])), [place(f) for place in places], [False], node)
            whole = np.rint(found).astype(int)
            if not np.array_equal(whole, found):
                raise ValueError(f"{node} must be an integer, received {found}")
            return int(whole) if whole.ndim == 0 else whole

        return read

    def _lone_square(self, base: sp.Expr) -> None:
        """Doubles have no smoothness to keep."""

    def _delta(self, node: sp.KroneckerDelta) -> Node:
        left, right = self.integer(node.args[0]), self.integer(node.args[1])
        return lambda f: f.arithmetic.number(np.equal(left(f), right(f)).astype(float))

    def _region(self, node: Any) -> Node:
        outer = self.point_depth.get(node.point)  # an integral inside another may bind the same point
        self.point_depth[node.point] = self.depth
        self.depth += 1
        compiled = super()._region(node)
        self.depth -= 1
        if outer is not None:
            self.point_depth[node.point] = outer
        return compiled

    def _radial(self, node: RadialIntegral) -> Node:
        """The nodes of the integral take the axis before those of the open indices."""
        depth, name = self.depth, str(node.variable)
        dimension, radius = self.visit(node.dimension), self.visit(node.radius)
        exponential = isinstance(node.body, sp.exp)  # its logarithm does not underflow
        self.distances.append(node.variable)
        self.depth += 1
        body = self.visit(node.body.args[0] if exponential else node.body)
        self.depth -= 1
        self.distances.pop()

        def run(f: Frame) -> Any:
            def density(distances: Array) -> tuple[Any, Any]:
                value = np.asarray(body(f.at_distance(f.arithmetic, name, distances)))
                return (1.0, value) if exponential else (np.sign(value), np.log(np.abs(value)))

            ends = (spread(arithmetic_of(f).to_numpy(part(f)), depth) for part in (dimension, radius))
            result = integral_over_radii(density, *ends)
            return arithmetic_of(f).from_numpy(result if depth else float(result))

        return run

    def _need(self, arrays: list[Footprint], index: sp.Symbol) -> list[Need]:
        """Per array the open indices that it runs along and the closures of the bounds of the others."""
        need = []
        for free, limits in arrays:
            own = {limit[0] for limit in limits}
            outer = [symbol for symbol in set(self.open) if symbol in free and symbol != index and symbol not in own]
            known = [(a, b) for _, a, b in limits if not (a + b).free_symbols & (own | {index})]
            need.append((outer, [(self.integer(a), self.integer(b)) for a, b in known]))
        return need

    def _binder(self, node: sp.Expr) -> Node:
        return self._bind(node, len(node.args) - 1)

    def _bind(self, node: sp.Expr, limits: int) -> Node:
        """The reduction over the ``limits`` innermost indices; the last of them is the outermost."""
        body, outermost = node.args[0], node.args[limits]
        if len(outermost) != 3:
            raise UnsupportedExpression(f"no bounds for the index of {node}")
        index, lower, upper = outermost
        inside = node.args[1:limits]
        first, last, depth = self.integer(lower), self.integer(upper), self.depth
        ragged = needs_loop(body, index) or any(index in limit.free_symbols for limit in inside)
        product = isinstance(node, sp.Sum) and isinstance(body, sp.Mul) and not ragged and not inside
        factors = body.args if product else (body,)
        within = {limit[0]: limit for limit in inside}
        arrays = [] if ragged else [array for factor in factors for array in footprints(factor, index, within)]
        need = self._need(arrays, index)
        self.open.append(index)
        self.depth += not ragged
        closures = [self._bind(node, limits - 1)] if inside else self.visit_all(factors)
        self.depth -= not ragged
        self.open.pop()
        kind = REDUCTIONS[type(node)]

        def values_on(f: Frame, place: Any) -> Any:
            f.index[index] = place
            return [closure(f) for closure in closures]

        def run(f: Frame) -> Any:
            start, stop = bounds(first(f), last(f), node)
            count, outer = stop - start + 1, f.index.get(index)
            if count == 0:
                if kind == "add":
                    return 0.0
                raise EmptyRangeError(node)
            if ragged:
                found = [values_on(f, place)[0] for place in range(start, stop + 1)]
                result = collapse(
                    kind, [arithmetic_of(f).stack(found)], count, arithmetic_of(f).array(found[0]).ndim, f
                )
            else:
                width = block(f, need, count)
                partial = []
                for begin in range(start, stop + 1, width):
                    end = min(begin + width, stop + 1)
                    place = np.arange(begin, end).reshape((-1,) + (1,) * depth)
                    partial.append(collapse(kind, values_on(f, place), end - begin, depth, f))
                result = partial[0] if len(partial) == 1 else getattr(f.arithmetic, kind)(partial)
            f.index[index] = outer
            return result

        return run


def spread(value: Any, depth: int) -> Array:
    """A value with one axis for each of ``depth`` open indices."""
    array = np.asarray(value, dtype=float)
    return array.reshape((1,) * (depth - array.ndim) + array.shape)


def footprints(node: sp.Expr, index: sp.Symbol, inner: dict[sp.Symbol, sp.Tuple]) -> list[Footprint]:
    """The arrays along ``index`` that evaluating ``node`` makes."""
    free = node.free_symbols
    if index not in free:
        return []
    found = [(free, [limit for symbol, limit in inner.items() if symbol in free])]
    if isinstance(node, sp.Indexed):
        return found
    parts: tuple[Any, ...] = node.args
    if isinstance(node, tuple(REDUCTIONS)):
        inner = inner | {limit[0]: limit for limit in parts[1:]}
        parts = parts[0].args if isinstance(node, sp.Sum) and isinstance(parts[0], sp.Mul) else parts[:1]
    return found + [array for part in parts if isinstance(part, sp.Expr) for array in footprints(part, index, inner)]


def needs_loop(body: sp.Expr, index: sp.Symbol) -> bool:
    """Whether the size of an array inside ``body`` depends on ``index``: bounds of a binder, nodes of an integral."""
    sized = [end for node in body.atoms(*REDUCTIONS) for _, *pair in node.args[1:] for end in pair]
    return any(index in part.free_symbols for part in (*sized, *body.atoms(RegionIntegral, RadialIntegral)))


def block(f: Frame, need: list[Need], count: int) -> int:
    """How many values of the index to take at once."""
    largest = 1
    for outer, pairs in need:
        entries = 1
        for symbol in outer:
            entries *= int(np.size(f.index[symbol]))
        for lower, upper in pairs:
            entries *= max(1, int(np.max(np.asarray(upper(f)) - np.asarray(lower(f)))) + 1)
        largest = max(largest, entries)
    return max(1, min(count, BLOCK // largest))


def gather(family: Array, places: list[Any], simple: list[bool], node: object) -> Any:
    """``family[places]`` with indices from 1, as a view where every index is a plain axis or an integer."""
    if family.ndim != len(places):
        raise ValueError(f"{node} has {len(places)} indices but the family given has {family.ndim} axes")
    for place, length in zip(places, family.shape, strict=True):
        if np.min(place) < 1 or np.max(place) > length:
            raise IndexError(f"{node} at index {np.min(place)}..{np.max(place)}: an axis runs from 1 to {length}")
    axes = [np.ndim(place) for place in places if np.ndim(place)]
    if not all(simple) or len(set(axes)) < len(axes):
        return family[tuple(np.asarray(place) - 1 for place in places)]
    cut = tuple(slice(p.flat[0] - 1, p.flat[-1]) if isinstance(p, np.ndarray) else p - 1 for p in places)
    view = family[cut]
    if not axes:
        return view
    order = sorted(range(len(axes)), key=lambda axis: -axes[axis])
    spread = tuple(slice(None) if depth in axes else None for depth in range(max(axes), 0, -1))
    return (view.permute(order) if hasattr(view, "permute") else view.transpose(order))[spread]


def collapse(kind: str, factors: list[Any], count: int, depth: int, f: Frame) -> Any:
    """Reduces the axis of the binder at ``depth``; several factors are those of a sum of products."""
    if len(factors) > 1:
        return contract(factors, count, depth, f)
    values = arithmetic_of(f).array(factors[0])
    if values.ndim <= depth or (values.shape[0] == 1 and count > 1):  # the body does not depend on the index
        values = values[0] if values.ndim > depth else values
        return values * count if kind == "add" else values + np.log(count) if kind == "lse" else values
    return arithmetic_of(f).reduce(kind, values)


def contract(factors: list[Any], count: int, depth: int, f: Frame) -> Any:
    """The sum of a product over the axis of the binder at ``depth``, by matrix products where they apply."""
    scale: Any = 1.0
    operands, alive = list[Any](), set[int]()
    for factor in map(arithmetic_of(f).array, factors):
        labels = [label for label, length in zip(reversed(range(factor.ndim)), factor.shape, strict=True) if length > 1]
        if labels:
            operands += [factor.reshape([length for length in factor.shape if length > 1]), labels]
            alive |= set(labels)
        else:
            scale = scale * factor.reshape(())
    if depth not in alive:
        scale = scale * count
    kept = sorted(alive - {depth}, reverse=True)
    if not operands:
        return scale
    result = arithmetic_of(f).einsum(operands, kept)
    spread = tuple(slice(None) if label in kept else None for label in range(max(kept, default=-1), -1, -1))
    return scale * (result[spread] if kept else result)


def build(expr: sp.Expr) -> tuple[Callable[[Mapping[str, Any], int], Any], tuple[sp.Basic, ...]]:
    """The function of named values, and the arguments that it needs; the precision is 53 bits."""
    walker = ArrayWalker()
    node = walker.visit(expr)

    def call(values: Mapping[str, Any], precision: int) -> float:
        with np.errstate(all="ignore"):
            return float(node(ArrayFrame(Floats(), values)))

    return call, (*walker.scalars.values(), *walker.families.values())
