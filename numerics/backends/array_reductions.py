"""Reductions of the array compiler: softmax averages with a running maximum, squared distances, extrema."""

from __future__ import annotations

from typing import Any

from numerics.backends import index_nodes as nodes
from numerics.backends.array_engine import Array, NumpyEngine
from numerics.backends.array_program import BLOCK, NEAR, Lowered, Lowering, Window, spread, transposed
from numerics.backends.frame import UnsupportedExpression
from numerics.backends.index_nodes import Node


class Softmax:
    """The LSE of scores and all averages with their softmax, in one pass."""

    def __init__(self, lowering: Lowering, label: str, scores: Node) -> None:
        self.lowering, self.label = lowering, label
        self.scores = lowering.last(scores, label)
        self.rest = self.scores.labels[:-1]
        self.loose = Loose.of(lowering, label, scores)
        self.values: list[Lowered] = []
        self.before: list[Lowered] = []

    def result(self, node: nodes.LogSum | nodes.Average, before: list[Lowered]) -> Lowered:
        """The LSE, or one more average; ``before`` are averages of the same scores that it needs."""
        self.before += before
        if isinstance(node, nodes.LogSum):
            return Lowered(self.rest, lambda w: self._all(w)[0], False)
        place = len(self.values)
        labels = self.lowering.ordered(self.scores.labels)
        order = tuple(self.scores.labels.index(name) for name in labels)
        weights = Lowered(labels, lambda w: transposed(w.memo[self], order), False)
        factors = [self.lowering.lower(factor) for factor in node.factors]
        self.values.append(self.lowering.contraction(self.label, [weights, *factors]))
        return Lowered(self.values[place].labels, lambda w: self._all(w)[1][place], False)

    def _all(self, w: Window) -> tuple[Array, list[Array]]:
        key = (self, "done")
        if key not in w.memo:
            for part in self.before:
                part.run(w)
            w.memo[key] = self._in_place(w) if w.call.engine.in_place else self._at_once(w)
        found: tuple[Array, list[Array]] = w.memo[key]
        return found

    def _at_once(self, w: Window) -> tuple[Array, list[Array]]:
        """All scores at once, by operations that know their derivatives."""
        engine = w.call.engine
        scores = self.scores.run(w)
        lse = engine.module.logsumexp(scores, -1)  # only Torch works with derivatives
        w.memo[self] = engine.module.exp(scores - lse[..., None])
        return lse, [value.run(w) for value in self.values]

    def _in_place(self, w: Window) -> tuple[Array, list[Array]]:
        engine, sums = w.call.engine, list[Array]()
        top: Any = None
        total: Any = None
        shift: Any = None
        loose = self.loose.start(w) if self.loose is not None else None
        for part in w.through(self.label):
            work = self._scores(part) if loose is None else loose.partial.run(part)
            peak = engine.reduce("max", work, -1)
            if loose is not None:
                peak = loose.mend(part, work, peak, (top, shift))
            before, top = shift, peak if top is None else engine.maximum(top, peak)
            shift = engine.bounded(top)
            part.memo[self] = weights = engine.exp_of_drop(engine.subtract(work, shift[..., None], own=True))
            mass, found = engine.total(weights), [value.run(part) for value in self.values]
            if total is None:
                total, sums = mass, found if part is w else [engine.copy(s) for s in found]  # before buffers are reused
                continue
            decay = engine.apply("exp", engine.subtract(before, shift))
            total = engine.add(engine.multiply(total, decay), mass)
            kept = [engine.multiply(s, self._beside(decay, v)) for s, v in zip(sums, self.values, strict=True)]
            sums = [engine.add(s, f) for s, f in zip(kept, found, strict=True)]
        lse = engine.add(engine.apply("log", total), shift)
        if loose is not None:
            lse = engine.add(lse, loose.offset)
        inverse = engine.power(total, -1) if sums else None
        return lse, [
            engine.multiply(s, self._beside(inverse, v), own=True) for s, v in zip(sums, self.values, strict=True)
        ]

    def _scores(self, w: Window) -> Array:
        """Scores that may be written over."""
        found = self.scores.run(w)
        return found if self.scores.owned else w.call.engine.copy(found)

    def _beside(self, value: Array, of: Lowered) -> Any:
        return spread(value, self.rest, of.labels)


class Loose:
    """Scores that are a negative multiple c of a squared distance: without c ||x||^2, which no softmax sees."""

    def __init__(self, factor: Lowered, partial: Lowered, distance: Parts) -> None:
        self.factor, self.partial, self.distance = factor, partial, distance
        self.squares: Array = None
        self.threshold: Array = None
        self.offset: Array = None
        self.near: Array = None

    @classmethod
    def of(cls, lowering: Lowering, label: str, scores: Node) -> Loose | None:
        """The loose form, where the scores have one."""
        factors = nodes.factors_of(scores)
        found = [factor for factor in factors if isinstance(factor, nodes.Distance)]
        rest = [factor for factor in factors if not isinstance(factor, nodes.Distance)]
        if len(found) != 1 or not found[0].point.batched or any(factor.labels for factor in rest):
            return None
        distance = found[0]
        factor = nodes.mul(*rest)
        squares = nodes.Contract(distance.label, (distance.pattern, distance.pattern))
        cross = nodes.Contract(distance.label, (distance.point, distance.pattern))
        partial = nodes.add(nodes.mul(factor, squares), nodes.mul(nodes.number(-2), factor, cross))
        return cls(lowering.lower(factor), lowering.last(partial, label), Parts(lowering, distance))

    def start(self, w: Window) -> Loose | None:
        """A fresh state for a block of rows; none where the factor is not negative."""
        factor = self.factor.run(w)
        if not factor < 0:
            return None
        state = Loose(self.factor, self.partial, self.distance)
        state.squares = self.distance.squares.run(w)
        state.offset = state.squares * factor
        state.threshold = state.offset * (NEAR - 1)
        return state

    def mend(self, w: Window, work: Array, peak: Array, running: tuple[Array, Array]) -> Array:
        """Writes exact scores into rows of points close to a pattern; the new peaks of the tile.

        From then on such a row holds whole scores: its offset is 0, and its running maximum and shift are moved.
        """
        engine, factor = w.call.engine, self.factor.run(w)
        squares = self.squares
        near = peak >= self.threshold
        if self.near is not None:
            near = near | self.near
        if not near.any():
            return peak
        rows = engine.nonzero(near)[0]
        fresh = near if self.near is None else near & ~self.near
        for held in running:
            if held is not None:
                held[fresh] += self.offset[fresh]
        exact = engine.clamp(work[rows] / factor + squares[rows][:, None])
        work[rows] = factor * self.distance.mended(w, exact, rows, squares[rows])
        self.offset[rows], self.near = 0, near
        peak[rows] = engine.reduce("max", work[rows], -1)
        return peak


class Parts:
    """A squared distance by its parts, and again from the differences where it is small."""

    def __init__(self, lowering: Lowering, node: nodes.Distance) -> None:
        self.point, self.pattern = lowering.lower(node.point), lowering.lower(node.pattern)
        self.squares = lowering.lower(nodes.Contract(node.label, (node.point, node.point)))
        norms = nodes.Contract(node.label, (node.pattern, node.pattern))
        cross = nodes.Contract(node.label, (node.point, node.pattern))
        self.partial = lowering.lower(nodes.add(norms, nodes.mul(nodes.number(-2), cross)))
        self.labels = lowering.ordered(node.labels)
        self.batched = node.point.batched

    def run(self, w: Window) -> Array:
        """The squared distances, at least 0."""
        engine = w.call.engine
        squares, total = self.squares.run(w), self.partial.run(w)
        total = engine.clamp(engine.add(total, spread(squares, self.squares.labels, self.labels), own=True))
        if not (self.batched and engine.eager):
            return total
        near = engine.reduce("min", total, -1) <= NEAR * squares
        if not near.any():
            return total
        rows = engine.nonzero(near)[0]
        return self._put(w, total, rows, squares[rows])

    def _put(self, w: Window, total: Array, rows: Array, squares: Array) -> Array:
        at, columns = self._close(w.call.engine, total[rows], squares)
        return w.call.engine.assign(total, rows[at], columns, self._exact(w, rows[at], columns))

    def mended(self, w: Window, total: Array, rows: Array, squares: Array) -> Array:
        """Squared distances of some rows, small ones from the differences."""
        at, columns = self._close(w.call.engine, total, squares)
        return w.call.engine.assign(total, at, columns, self._exact(w, rows[at], columns))

    def _close(self, engine: NumpyEngine, total: Array, squares: Array) -> tuple[Array, ...]:
        return engine.nonzero(total <= NEAR * squares[:, None])

    def _exact(self, w: Window, rows: Array, columns: Array) -> Array:
        point, pattern = self.point.run(w), self.pattern.run(w)
        step = max(1, BLOCK // point.shape[-1])
        found = []
        for start in range(0, len(rows), step):
            piece = slice(start, start + step)
            difference = point[rows[piece]] - pattern[columns[piece]]
            found.append((difference * difference).sum(-1))
        return w.call.engine.joined(found) if found else point[:0, 0]


def lower_distance(lowering: Lowering, node: nodes.Distance) -> Lowered:
    """The lowered squared distance."""
    parts = Parts(lowering, node)
    return Lowered(parts.labels, parts.run)


def lower_extremum(lowering: Lowering, node: nodes.Extremum) -> Lowered:
    """The least or greatest value over the index, tile by tile."""
    body = lowering.last(node.body, node.label)

    def run(w: Window) -> Any:
        engine, best = w.call.engine, None
        for part in w.through(node.label):
            found = engine.reduce(node.kind, body.run(part), -1)
            best = found if best is None else getattr(engine.module, f"{node.kind}imum")(best, found)
        return best if body.labels[:-1] else engine.plain(best)

    return Lowered(body.labels[:-1], run)


def lower_select(lowering: Lowering, node: nodes.Select) -> Lowered:
    """The value at the extreme index: rows of what has no batch axis, entries of what has one."""
    body, value = lowering.last(node.body, node.label), lowering.last(node.value, node.label)
    rest, others = body.labels[:-1], value.labels[:-1]
    key = (node.kind, node.label, node.body)
    along = set(rest) <= set(others)
    if not along and set(others) & set(rest):
        raise UnsupportedExpression("no rule for this derivative of a minimum or maximum with batch axes")
    labels = others if along else (*rest, *others)
    order = tuple(labels.index(name) for name in lowering.ordered(labels))

    def run(w: Window) -> Array:
        engine = w.call.engine
        if key not in w.memo:
            w.memo[key] = engine.argument(node.kind, body.run(w), -1)
        places, found = w.memo[key], value.run(w)
        if along:
            return engine.pick(found, spread(places, rest, others))
        moved = transposed(found, (found.ndim - 1, *range(found.ndim - 1)))
        return transposed(moved[places], order)

    return Lowered(lowering.ordered(labels), run)
