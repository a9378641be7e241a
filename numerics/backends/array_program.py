"""From index notation to array operations: indices become axes, contractions become matrix products.

Points are taken in blocks of rows and long indices in tiles, so that no array is larger than ``BLOCK`` entries, unless
one row of 32 points and 1024 entries of an index is; an LSE over tiles keeps a running maximum.

A squared distance is computed as ||x||^2 - 2 x.rho + ||rho||^2 around the mean of some patterns, with an error of a few
units of rounding of ||x||^2 + ||rho||^2.  Where the distance is less than ``NEAR`` times ||x||^2, and the values may be
looked at, it is computed again from the differences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from numerics.backends import index_nodes as nodes
from numerics.backends.array_engine import Array, NumpyEngine, scalar
from numerics.backends.index_nodes import BATCH, Node

BLOCK = 1 << 21
ROWS, TILE = 32, 1024
NEAR = 2.0**-8
OFF_CENTRE = 0.75  # share of the mean in the squared norms from which on it is taken off
SAMPLE = 64  # patterns in the mean
WHOLE = slice(None)

Labels = tuple[str, ...]


@dataclass
class Call:
    """One call: families as arrays (rows first where they have a batch axis), scalars, sizes, and work space."""

    engine: NumpyEngine
    arrays: dict[str, Array]
    scalars: dict[str, Any]
    sizes: dict[str, int]
    lengths: dict[str, int]
    rows: int
    squares: dict[str, float]
    block: int = 1
    tile: int = TILE
    constants: dict[Node, Any] = field(default_factory=dict)
    buffers: dict[object, Array] = field(default_factory=dict)
    centred: dict[tuple[str, str], Array] = field(default_factory=dict)

    def centre(self, name: str, patterns: str) -> Array:
        """The family less the mean of some patterns, where that makes the squared norms much smaller."""
        if (name, patterns) not in self.centred:
            family, sampled = self.arrays[name], self.arrays[patterns]
            mean = self.engine.mean(sampled[:: max(1, sampled.shape[0] // SAMPLE)])
            self.centred[name, patterns] = family - mean if self._off_centre(patterns, mean) else family
        return self.centred[name, patterns]

    def _off_centre(self, patterns: str, mean: Array) -> bool:
        if not self.engine.eager:
            return True
        return float(mean @ mean) * self.arrays[patterns].shape[0] > OFF_CENTRE * self.squares[patterns]

    def buffer(self, slot: object, shape: tuple[int, ...], like: Array) -> Array | None:
        """Work space that the next block writes over; none where every operation makes a new array."""
        if not self.engine.in_place:
            return None
        held = self.buffers.get(slot)
        if held is None or held.shape[1:] != shape[1:] or held.shape[0] < shape[0]:
            held = self.buffers[slot] = self.engine.empty(shape, like)
        return held[: shape[0]]


@dataclass
class Window:
    """The rows and the tiles at work, and values that later nodes want again."""

    call: Call
    rows: slice = field(default_factory=lambda: WHOLE)
    tiles: dict[str, slice] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict)

    def through(self, label: str) -> Iterator[Window]:
        """Windows that together cover the index; what one of them remembers is forgotten after it."""
        length, step = self.call.lengths[label], self.call.tile
        if length <= step:
            yield self
            return
        for start in range(0, length, step):
            yield Window(self.call, self.rows, self.tiles | {label: slice(start, start + step)}, dict(self.memo))


@dataclass(frozen=True)
class Lowered:
    """The labels of the axes, how to get the array, and whether it may be written over.

    ``with_bias`` gets the array plus a vector along its last axis, where that costs nothing more.
    """

    labels: Labels
    run: Callable[[Window], Any]
    owned: bool = True
    with_bias: Callable[[Window, Any], Any] | None = None


class Lowering:
    """Lowers nodes whose labels are in ``sizes``, in the order of the axes."""

    def __init__(self, sizes: dict[str, str], roots: tuple[Node, ...]) -> None:
        self.rank = {BATCH: -1} | {label: place for place, label in enumerate(sizes)}
        self.sizes = sizes
        self.uses = Counter(part for root in roots for part in walk(root))
        self.groups: dict[tuple[str, Node, bool], Any] = {}
        self.bound = {node.label for root in roots for node in walk(root) if hasattr(node, "label")}

    def ordered(self, labels: Any) -> Labels:
        """The labels in the order of the axes."""
        return tuple(sorted(labels, key=self.rank.__getitem__))

    def lower(self, node: Node) -> Lowered:
        """The lowered node; a part without batch axis is computed once per call, a shared result once per block."""
        return self._remembered(node, getattr(self, f"_{type(node).__name__.lower()}")(node))

    def _remembered(self, node: Node, lowered: Lowered) -> Lowered:
        if not node.parts or (isinstance(node, (nodes.Entry, nodes.LogSum, nodes.Average)) and BATCH in node.labels):
            return lowered
        labels, run = lowered.labels, lowered.run
        if BATCH not in labels and len(labels) <= 1 and not isinstance(node, nodes.Entry):

            def constant(w: Window) -> Any:
                call = w.call
                if node not in call.constants:
                    call.constants[node] = run(Window(call))
                value = call.constants[node]
                return value[w.tiles[labels[0]]] if labels and labels[0] in w.tiles else value

            return Lowered(labels, constant, False)
        if self.uses[node] > 1 and not self.bound & set(labels):

            def shared(w: Window) -> Any:
                if node not in w.memo:
                    w.memo[node] = run(w)
                return w.memo[node]

            return Lowered(labels, shared, False)
        return lowered

    # Leaves.

    def _number(self, node: nodes.Number) -> Lowered:
        value = float(node.value)
        return Lowered((), lambda w: value, False)

    def _scalar(self, node: nodes.Scalar) -> Lowered:
        return Lowered((), lambda w: w.call.scalars[node.name], False)

    def _size(self, node: nodes.Size) -> Lowered:
        return Lowered((), lambda w: float(w.call.sizes[node.name]), False)

    def _entry(self, node: nodes.Entry) -> Lowered:
        axes = ((BATCH,) if node.batched else ()) + node.places
        labels = self.ordered(axes)
        order = tuple(axes.index(label) for label in labels)
        moved = order != tuple(range(len(order)))

        def read(w: Window) -> Array:
            array = w.call.centre(node.name, node.centre) if node.centre else w.call.arrays[node.name]
            if w.rows is not WHOLE or w.tiles:
                array = array[tuple(w.rows if label == BATCH else w.tiles.get(label, WHOLE) for label in axes)]
            return transposed(array, order) if moved else array

        return Lowered(labels, read, False)

    def _delta(self, node: nodes.Delta) -> Lowered:
        labels = self.ordered(node.labels)

        def identity(w: Window) -> Array:
            like = next(iter(w.call.arrays.values()))
            eye = w.call.engine.eye(w.call.lengths[labels[0]], like)
            return eye[tuple(w.tiles.get(label, WHOLE) for label in labels)]

        return Lowered(labels, identity)

    # Elementwise.

    def _kept(self, node: nodes.Kept) -> Lowered:
        return self.lower(node.body)

    def _add(self, node: nodes.Add) -> Lowered:
        labels = self.ordered(node.labels)
        parts = sorted(map(self.lower, node.terms), key=lambda part: (-len(part.labels), not part.owned))
        return self._fold(labels, parts, "add")

    def _mul(self, node: nodes.Mul) -> Lowered:
        scale = [factor for factor in node.factors if not factor.labels]
        arrays = [factor for factor in node.factors if factor.labels]
        products = [factor for factor in arrays if isinstance(factor, nodes.Contract) and self.uses[factor] <= 1]
        if scale and products:
            first = self._remembered(products[0], self._contraction(products[0], self._scale(scale)))
            if BATCH in first.labels or len(first.labels) > 1:
                parts = [first, *(self.lower(factor) for factor in arrays if factor is not products[0])]
                return self._fold(self.ordered(node.labels), parts, "multiply")
        parts = [self.lower(factor) for factor in arrays]
        if scale:
            parts.append(self._scale(scale))
        parts.sort(key=lambda part: (-len(part.labels), not part.owned))
        return self._fold(self.ordered(node.labels), parts, "multiply")

    def _scale(self, factors: list[Node]) -> Lowered:
        return self._fold((), [self.lower(factor) for factor in factors], "multiply")

    def _fold(self, labels: Labels, parts: list[Lowered], operation: str) -> Lowered:
        """The sum or product of the parts, the first of which is written over where it may be."""
        if len(parts) == 1:
            return parts[0]
        first, *rest = parts
        start: Callable[[Window], Any] = partial(_spread_out, first, labels)
        if operation == "add" and first.with_bias is not None and first.labels == labels:
            bias = next((part for part in rest if part.labels == labels[-1:]), None)
            if bias is not None:
                rest = [part for part in rest if part is not bias]
                start = partial(_biased, first.with_bias, bias)

        def run(w: Window) -> Any:
            combine = getattr(w.call.engine, operation)
            total, fresh, covered = start(w), first.owned, set(first.labels)
            for part in rest:
                own = fresh and covered.issuperset(part.labels)
                total = combine(total, spread(part.run(w), part.labels, labels), own)
                fresh, covered = True, covered.union(part.labels)
            return total

        return Lowered(labels, run)

    def _power(self, node: nodes.Power) -> Lowered:
        base, exponent = self.lower(node.base), self.lower(node.exponent)
        distance = isinstance(node.base, nodes.Distance)

        def run(w: Window) -> Any:
            value, by = base.run(w), exponent.run(w)
            engine = w.call.engine
            if node.guarded or (distance and not engine.in_place and scalar(by) and by < 1):
                return engine.guarded_power(value, by)
            return engine.power(value, by)

        return Lowered(base.labels, run)

    def _apply(self, node: nodes.Apply) -> Lowered:
        part = self.lower(node.argument)
        return Lowered(part.labels, lambda w: w.call.engine.apply(node.function, part.run(w), part.owned))

    # Products.

    def _contract(self, node: nodes.Contract) -> Lowered:
        return self._contraction(node, None)

    def _contraction(self, node: nodes.Contract, scale: Lowered | None) -> Lowered:
        return self.contraction(node.label, [self.lower(factor) for factor in node.factors], scale)

    def contraction(self, label: str, parts: list[Lowered], scale: Lowered | None = None) -> Lowered:
        """The sum of the product of the parts over the label, times a scalar that goes into the smaller operand."""
        left = [part for part in parts if BATCH in part.labels]
        right = [part for part in parts if BATCH not in part.labels]
        rows = {name for part in left for name in part.labels} - {label}
        columns = {name for part in right for name in part.labels} - {label}
        if left and right and columns and not rows & columns:
            return self._matmul(label, left, right, scale)
        labels = self.ordered(rows | columns)
        place = {name: number for number, name in enumerate((*labels, label))}
        axes, out = [[place[name] for name in part.labels] for part in parts], [place[name] for name in labels]

        def run(w: Window) -> Any:
            value = w.call.engine.einsum([part.run(w) for part in parts], axes, out)
            value = value if labels else w.call.engine.plain(value)
            return value if scale is None else w.call.engine.multiply(value, scale.run(w), bool(labels))

        return Lowered(labels, run)

    def _matmul(self, label: str, left: list[Lowered], right: list[Lowered], scale: Any) -> Lowered:
        sides: list[Lowered] = []
        for parts in (left, right):
            names = self.ordered({name for part in parts for name in part.labels})
            sides.append(self._last(self._fold(names, parts, "multiply"), label))
        (first, second), labels = sides, sides[0].labels[:-1] + sides[1].labels[:-1]
        final = self.ordered(labels)
        order, slots = tuple(labels.index(name) for name in final), (object(), object())

        def run(w: Window, bias: Array | None = None) -> Array:
            a, b = first.run(w), second.run(w)
            factor = None if scale is None else scale.run(w)
            if factor is not None and not w.call.engine.scales_product(factor, bias):
                a, factor = w.call.engine.scaled(a, factor, w.call.buffer(slots[1], a.shape, a)), None
            shape = (*a.shape[:-1], *b.shape[:-1])
            a, b = a.reshape(-1, a.shape[-1]), b.reshape(-1, b.shape[-1])
            out = w.call.buffer(slots[0], (a.shape[0], b.shape[0]), a)
            product = w.call.engine.matmul(a, b, factor, bias, out).reshape(shape)
            return product if final == labels else transposed(product, order)

        return Lowered(final, run, with_bias=run if final == labels and len(labels) == 2 else None)

    def _last(self, part: Lowered, label: str) -> Lowered:
        """The same array with the axis of the label at the end."""
        labels = (*(name for name in part.labels if name != label), label)
        order = tuple(part.labels.index(name) for name in labels)
        if labels == part.labels:
            return part
        return Lowered(labels, lambda w: transposed(part.run(w), order), part.owned)

    def last(self, node: Node, label: str) -> Lowered:
        """The lowered node with the axis of the label at the end."""
        return self._last(self.lower(node), label)

    # Reductions: in array_reductions.

    def _distance(self, node: nodes.Distance) -> Lowered:
        from numerics.backends.array_reductions import lower_distance

        return lower_distance(self, node)

    def _logsum(self, node: nodes.LogSum) -> Lowered:
        return self._group(node)

    def _average(self, node: nodes.Average) -> Lowered:
        return self._group(node)

    def _group(self, node: nodes.LogSum | nodes.Average) -> Lowered:
        from numerics.backends.array_reductions import Softmax

        inside = [part for factor in getattr(node, "factors", ()) for part in walk(factor)]
        same = [part for part in inside if isinstance(part, nodes.Average) and part.scores == node.scores]
        key = (node.label, node.scores, bool(same))
        if key not in self.groups:
            self.groups[key] = Softmax(self, node.label, node.scores)
        return self.groups[key].result(node, [self.lower(part) for part in same])

    def _extremum(self, node: nodes.Extremum) -> Lowered:
        from numerics.backends.array_reductions import lower_extremum

        return lower_extremum(self, node)

    def _select(self, node: nodes.Select) -> Lowered:
        from numerics.backends.array_reductions import lower_select

        return lower_select(self, node)


def walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from walk(part)


def _spread_out(part: Lowered, labels: Labels, w: Window) -> Any:
    return spread(part.run(w), part.labels, labels)


def _biased(product: Callable[[Window, Any], Any], bias: Lowered, w: Window) -> Any:
    return product(w, bias.run(w))


def transposed(array: Array, order: tuple[int, ...]) -> Array:
    permute = getattr(array, "permute", None)
    return permute(order) if permute is not None else array.transpose(order)


def spread(value: Any, have: Labels, want: Labels) -> Any:
    """The array with an axis of length 1 for every label that it lacks."""
    if have == want or scalar(value) or not have:
        return value
    return value[tuple(WHOLE if label in have else None for label in want)]
