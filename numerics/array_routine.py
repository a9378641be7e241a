"""Routines with batch axes: one expression for any number of points, in NumPy or Torch, with its derivatives.

>>> from theory.energies.layer import energy
>>> from theory.notation import x
>>> routine = compile_arrays(energy(x), "numpy", points=(x,), compute=("value", "gradient"))
>>> print(routine.signature)
rho (d, n), x (..., n) -> value (...), gradient (..., n)
>>> value, gradient = routine({"x": [[3.0, 4.0], [1.0, 1.0]], "rho": [[0.0, 0.0]]})
>>> value.tolist(), gradient.tolist()
([25.0, 2.0], [[6.0, 8.0], [2.0, 2.0]])
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sympy as sp

from numerics.array_arguments import has_tensor
from numerics.backends.array_engine import Array, NumpyEngine
from numerics.backends.array_program import BLOCK, ROWS, TILE, Call, Labels, Lowered, Lowering, Window, spread, walk
from numerics.backends.frame import UnsupportedExpression, integral_value
from numerics.backends.index_calculus import Derivative
from numerics.backends.index_nodes import BATCH, ZERO, Average, Delta, Entry, Extremum, LogSum, Node, Size
from numerics.backends.index_reading import Reading

Quantity = Literal["value", "gradient", "hessian_product"]
QUANTITIES = ("value", "gradient", "hessian_product")
DIRECTION = "direction"


@dataclass(frozen=True)
class ArrayRoutine:
    """A compiled expression with batch axes; ``signature`` says what goes in and what comes out.

    Points share leading batch axes of any number, which may broadcast.  A result has the float type of the arguments,
    the wider one where they differ; integers count as float64, and halves are computed in single precision.
    """

    backend: Literal["numpy", "torch"]
    shapes: dict[str, tuple[str, ...]]
    points: frozenset[str]
    scalars: tuple[str, ...]
    counts: tuple[str, ...]
    compute: tuple[Quantity, ...]
    outputs: tuple[tuple[str, ...], ...]
    sizes: dict[str, str] = field(repr=False)
    results: tuple[tuple[Lowered, Labels], ...] = field(repr=False)
    widest: tuple[tuple[str, ...], ...] = field(repr=False)
    tiled: frozenset[str] = field(repr=False)

    @property
    def signature(self) -> str:
        """Names and shapes of arguments and results."""

        def shape(axes: tuple[str, ...], batched: bool) -> str:
            inner = ", ".join((("...",) if batched else ()) + axes)
            return f"({inner},)" if len(axes) == 1 and not batched else f"({inner})"

        given = [f"{name} {shape(axes, name in self.points)}" for name, axes in self.shapes.items()]
        given += [f"{name} ()" for name in (*self.scalars, *self.counts)]
        batched = bool(self.points)
        found = [f"{what} {shape(out, batched)}" for what, out in zip(self.compute, self.outputs, strict=True)]
        return f"{', '.join(given)} -> {', '.join(found)}"

    def __call__(self, values: Mapping[Any, Any]) -> Any:
        """The quantities, a tuple where there are several.

        Raises ``KeyError`` for a missing argument, ``TypeError`` for a type that is no real number, ``ValueError`` for
        a shape that does not fit, an empty axis, an entry that is not finite or whose square overflows.
        """
        named = {str(getattr(key, "label", key)): value for key, value in values.items()}
        missing = [name for name in (*self.shapes, *self.scalars, *self.counts) if name not in named]
        if missing:
            raise KeyError(f"no value for {', '.join(missing)}: the routine takes {self.signature}")
        engine = self._engine([named[name] for name in (*self.shapes, *self.scalars)])
        given = {name: engine.given(named[name]) for name in self.shapes}
        dtype = engine.dtype(given)
        working = engine.working(dtype)
        arrays = {name: engine.convert(array, working) for name, array in given.items()}
        sizes, batch = self._fitting(engine, arrays, named)
        squares = {name: engine.square(array) for name, array in arrays.items()}
        for name, square in squares.items():
            if not math.isfinite(square):
                fine = engine.finite(arrays[name])
                what = f"entries whose squares overflow {working}" if fine else "entries that are not finite"
                advice = "rescale it or pass a wider type" if fine else "remove or mask them first"
                raise ValueError(f"{name} has {what}: {advice}")
        for name in self.points & arrays.keys():
            arrays[name] = engine.broadcast(arrays[name], (*batch, *arrays[name].shape[-len(self.shapes[name]) :]))
            arrays[name] = arrays[name].reshape(-1, *arrays[name].shape[len(batch) :])
        rows = math.prod(batch) if self.points else 1
        lengths = {label: sizes[size] for label, size in self.sizes.items()}
        scalars = {name: engine.number(named[name], working) for name in self.scalars}
        call = Call(engine, arrays, scalars, sizes, lengths, rows, squares)
        self._cut(call)
        with engine.quiet():
            found = self._run(call)
        shaped = [
            engine.finish(array.reshape((*batch, *(sizes[axis] for axis in axes))), dtype)
            for array, axes in zip(found, self.outputs, strict=True)
        ]
        return shaped[0] if len(shaped) == 1 else tuple(shaped)

    def _engine(self, values: list[Any]) -> NumpyEngine:
        if self.backend == "numpy":
            if has_tensor(*values):
                raise TypeError("a tensor was given to a routine for NumPy: compile it for torch")
            return NumpyEngine()
        from numerics.backends.torch_engine import TorchEngine

        return TorchEngine(values)

    def _fitting(
        self, engine: NumpyEngine, arrays: dict[str, Array], named: Mapping[str, Any]
    ) -> tuple[dict[str, int], tuple[int, ...]]:
        """Sizes by name, and the batch shape; raises ``ValueError`` where shapes do not fit together."""
        sizes: dict[str, int] = {}
        origin: dict[str, str] = {}
        batch: tuple[int, ...] = ()
        for name, axes in self.shapes.items():
            shape, batched = tuple(arrays[name].shape), name in self.points
            if len(shape) < len(axes) or (len(shape) > len(axes) and not batched):
                raise ValueError(f"{name} has shape {shape}: the routine takes {self.signature}")
            lead, own = shape[: len(shape) - len(axes)], shape[len(shape) - len(axes) :]
            for axis, length in zip(axes, own, strict=True):
                if not length:
                    raise ValueError(
                        f"{name} has shape {shape}: its axis {axis} is empty; at least one entry is needed"
                    )
                if sizes.setdefault(axis, length) != length:
                    raise ValueError(
                        f"{name} has {length} entries along {axis}, {origin[axis]} has {sizes[axis]}: "
                        f"the routine takes {self.signature}"
                    )
                origin.setdefault(axis, name)
            try:
                batch = engine.joint_shape(batch, lead)
            except (ValueError, RuntimeError):
                raise ValueError(f"{name} has batch axes {lead}, other points have {batch}: they must agree") from None
        for axis in self.counts:
            sizes[axis] = integral_value(named[axis], axis)
        for axis, length in sizes.items():
            if axis in named and int(named[axis]) != length:
                raise ValueError(f"{axis} is given as {named[axis]}, {origin[axis]} has {length} entries along it")
        return sizes, batch

    def _cut(self, call: Call) -> None:
        """Rows and tiles such that no array is larger than BLOCK."""
        if not call.engine.in_place:
            call.block, call.tile = max(1, call.rows), max([1, *call.lengths.values()])
            return
        widest = max((math.prod(call.lengths[x] for x in labels) for labels in self.widest), default=1)
        call.block = max(1, min(call.rows, max(BLOCK // widest, ROWS)))
        others = [
            [call.lengths[x] for x in labels if x not in self.tiled] for labels in self.widest if self.tiled & {*labels}
        ]
        beside = max((math.prod(lengths) for lengths in others), default=1)
        call.tile = max(TILE, BLOCK // (call.block * beside))

    def _run(self, call: Call) -> list[Array]:
        engine = call.engine
        shapes = [tuple(call.lengths[label] for label in labels if label != BATCH) for _, labels in self.results]
        like = next(iter(call.arrays.values()))
        if call.rows <= call.block:
            w = Window(call)
            values = [engine.as_array(lowered.run(w), like) for lowered, _ in self.results]
            placed = [spread(v, part.labels, labels) for v, (part, labels) in zip(values, self.results, strict=True)]
            return [engine.broadcast(v, (call.rows, *shape)) for v, shape in zip(placed, shapes, strict=True)]
        found = [engine.empty((call.rows, *shape), like) for shape in shapes]
        for start in range(0, call.rows, call.block):
            w = Window(call, slice(start, start + call.block))
            for result, (lowered, labels) in zip(found, self.results, strict=True):
                result[w.rows] = spread(lowered.run(w), lowered.labels, labels)
        return found


def compile_arrays(
    expr: sp.Expr,
    backend: Literal["numpy", "torch"],
    points: Sequence[sp.IndexedBase] = (),
    outputs: Sequence[tuple[sp.Symbol, sp.Symbol]] = (),
    compute: Sequence[Quantity] = ("value",),
) -> ArrayRoutine:
    """Compiles ``expr`` with batch axes for the points.

    Parameters
    ----------
    backend
        ``numpy`` or ``torch``.
    points
        Families with leading batch axes; derivatives are those with respect to the first.
    outputs
        Free indices of ``expr`` with the sizes that they run to: the last axes of the result.
    compute
        ``value``; ``gradient``, with one more axis; ``hessian_product``, the derivative of the gradient along the
        points given as ``direction``.

    Raises ``UnsupportedExpression``, naming the node, where there is no rule, and ``ValueError`` for an unknown name.
    """
    unknown = sorted(set(compute) - set(QUANTITIES)) + ([] if backend in ("numpy", "torch") else [backend])
    if unknown or not compute:
        raise ValueError(f"unknown: {unknown}; allowed are numpy and torch, and the quantities {', '.join(QUANTITIES)}")
    if not isinstance(expr, sp.Expr):
        raise UnsupportedExpression(f"expected an expression, received {type(expr).__name__}: {expr}")
    reading = Reading(points, outputs)
    root = reading.read(expr)
    quantities = _quantities(reading, root, compute, str(points[0].label) if points else "")
    lowering = Lowering(reading.sizes, tuple(node for node, _ in quantities))
    results = tuple(
        (lowering.lower(node), lowering.ordered(((BATCH,) if points else ()) + out)) for node, out in quantities
    )
    inner = [part for node, _ in quantities for part in walk(node)]
    return ArrayRoutine(
        backend=backend,
        shapes=reading.shapes,
        points=frozenset(reading.points),
        scalars=tuple(reading.scalars),
        counts=tuple(
            sorted({p.name for p in inner if isinstance(p, Size)} - {a for s in reading.shapes.values() for a in s})
        ),
        compute=tuple(compute),
        outputs=tuple(tuple(reading.sizes[label] for label in out) for _, out in quantities),
        sizes=reading.sizes,
        results=results,
        widest=tuple({tuple(sorted(part.labels - {BATCH})) for part in inner if part.labels and BATCH in part.labels}),
        tiled=frozenset(part.label for part in inner if isinstance(part, (LogSum, Average, Extremum))),
    )


def _quantities(reading: Reading, root: Node, compute: Sequence[str], variable: str) -> list[tuple[Node, Labels]]:
    """The nodes to compute, each with its output labels."""
    found: list[tuple[Node, Labels]] = []
    if set(compute) == {"value"}:
        return [(root, reading.outputs)]
    if variable not in reading.shapes or len(reading.shapes[variable]) != 1:
        raise UnsupportedExpression(
            f"derivatives are with respect to the first of the points, an argument x[k]: {variable!r}"
        )
    size = reading.shapes[variable][0]
    axis = reading.fresh("s", size)

    def toward(entry: Entry) -> Node:
        return Delta(*sorted((entry.places[0], axis))) if entry.name == variable else ZERO

    def along(entry: Entry) -> Node:
        return Entry(DIRECTION, entry.places, True) if entry.name == variable else ZERO

    gradient = Derivative(toward, reading.sizes)(root)
    for what in compute:
        if what == "value":
            found.append((root, reading.outputs))
        elif what == "gradient":
            found.append((gradient, (*reading.outputs, axis)))
        else:
            reading.points.add(DIRECTION)
            reading.shapes[DIRECTION] = (size,)
            found.append((Derivative(along, reading.sizes)(gradient), (*reading.outputs, axis)))
    return found
