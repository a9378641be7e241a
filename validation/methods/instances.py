"""Finite instances of a domain: sizes as numbers, families as lists of variables, every variable with a box.

A statement about all sizes and all reals becomes statements about a handful of real variables, each in a compact
interval inside its range.  What an instance cannot express (a side condition, an end that is not rational) stays a
condition, to be decided with balls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Any

import sympy as sp
from flint import arb

from numerics.backends.as_ball import Ball
from numerics.backends.frame import Frame, UnsupportedExpression
from numerics.backends.walk import Walker
from numerics.compile import compile_expression
from theory.domain import Condition, Domain, Family, Range, Relation
from validation.evidence import show

Values = dict[str, Any]


@dataclass(frozen=True)
class Variable:
    """One real variable: the entry of ``name`` at ``place`` (empty for a scalar), its box and its range.

    ``floor`` and ``ceiling`` are the rational ends of the range where it has them; ``open_floor`` and
    ``open_ceiling`` say whether the range lacks them.
    """

    name: str
    place: tuple[int, ...]
    lower: Fraction
    upper: Fraction
    floor: Fraction | None = None
    ceiling: Fraction | None = None
    open_floor: bool = False
    open_ceiling: bool = False

    def admits(self, value: Fraction) -> bool:
        """Whether the value lies in the range."""
        if self.floor is not None and not (value > self.floor or (value == self.floor and not self.open_floor)):
            return False
        return self.ceiling is None or value < self.ceiling or (value == self.ceiling and not self.open_ceiling)

    @property
    def label(self) -> str:
        """The variable in plain text."""
        return f"{self.name}[{', '.join(map(str, self.place))}]" if self.place else self.name

    @property
    def whole(self) -> bool:
        """Whether the box is the range."""
        closed = not self.open_floor and not self.open_ceiling
        return closed and self.lower == self.floor and self.upper == self.ceiling


@dataclass(frozen=True)
class Instance:
    """Sizes by name, the real variables, and the conditions on them."""

    sizes: Values
    shapes: dict[str, tuple[Any, ...]]
    variables: tuple[Variable, ...]
    conditions: tuple[Condition, ...]

    def assemble(self, entries: Sequence[Any]) -> Values:
        """Named values for a routine from one entry per variable."""
        values = dict(self.sizes)
        cells: dict[str, dict[tuple[int, ...], Any]] = {name: {} for name in self.shapes}
        for variable, item in zip(self.variables, entries, strict=True):
            if variable.place:
                cells[variable.name][variable.place] = item
            else:
                values[variable.name] = item
        return values | {name: _nested(shape, cells[name], ()) for name, shape in self.shapes.items()}

    def around(self, point: Sequence[Fraction], reach: Fraction) -> Instance:
        """The same instance with boxes around a point of the domain, cut at the ends of the ranges."""
        moved = []
        for v, value in zip(self.variables, point, strict=True):
            low = value - reach if v.admits(value - reach) else value
            high = value + reach if v.admits(value + reach) else value
            moved.append(replace(v, lower=low, upper=high))
        return replace(self, variables=tuple(moved))

    @property
    def fixed(self) -> str:
        """The sizes in plain text."""
        return ", ".join(f"{name} = {show(value)}" for name, value in self.sizes.items()) or "no sizes"

    def __str__(self) -> str:
        sizes = [self.fixed] if self.sizes else []
        boxes: dict[str, None] = {}
        for v in self.variables:
            same = all((v.lower, v.upper) == (w.lower, w.upper) for w in self.variables if w.name == v.name)
            span = f"in [{v.lower}, {v.upper}]" if v.lower < v.upper else f"= {v.lower}"
            boxes[f"{v.name if same else v.label} {span}"] = None
        return ", ".join(sizes + list(boxes)) or "no variables"


def _nested(shape: tuple[Any, ...], cells: Mapping[tuple[int, ...], Any], place: tuple[int, ...]) -> Any:
    """The entries below ``place``; a shape is nested lists of ``None``."""
    return tuple(
        cells[(*place, i)] if inner is None else _nested(inner, cells, (*place, i)) for i, inner in enumerate(shape, 1)
    )


def integer_at(expr: sp.Expr, values: Mapping[str, Any]) -> int:
    """The value of an expression in sizes; raises ``KeyError`` where a value is missing."""
    return int(Walker(floats=False).integer(expr)(Frame(Ball(), values)))


def instances(domain: Domain, most: int = 6, count: int = 4) -> list[Instance]:
    """At most ``count`` instances with the least sizes first; those with more than ``most`` variables only if alone.

    Raises ``UnsupportedExpression`` where a size or a bound cannot be computed.
    """
    found: list[Instance] = []
    for sizes in _sizes(domain):
        instance = _instance(domain, sizes)
        if instance is not None and (not found or len(instance.variables) <= most):
            found.append(instance)
        if len(found) == count:
            break
    return found


def _sizes(domain: Domain) -> list[Values]:
    """Assignments of the integer scalars and families, near their least values, in order of their sum."""
    scalars = [r for r in domain.ranges if r.integer]
    families = [f.base for f in domain.families if f.integer]
    found = []
    for steps in product(range(2), repeat=len(scalars) + len(families)):
        values = _assign(scalars, steps)
        if values is None:
            continue
        for base, step in zip(families, steps[len(scalars) :], strict=True):
            family = next(f for f in domain.families if f.base == base)
            least = integer_at(family.lower, values) if family.lower != -sp.oo else 0
            if len(family.shape) != 1:
                raise UnsupportedExpression(f"integer family {family}")
            values[str(base.label)] = (least + step,) * integer_at(family.shape[0], values)
        found.append((sum(steps), values))
    return [values for _, values in sorted(found, key=lambda pair: pair[0])]


def _assign(ranges: Sequence[Range], steps: Sequence[int]) -> Values | None:
    values: Values = {}
    waiting = list(zip(ranges, steps, strict=False))
    while waiting:
        for item in waiting:
            r, step = item
            try:
                low = None if r.lower == -sp.oo else integer_at(r.lower, values)
                high = None if r.upper == sp.oo else integer_at(r.upper, values)
            except KeyError:
                continue
            low = None if low is None else low + int(r.open_lower)
            high = None if high is None else high - int(r.open_upper)
            start = low if low is not None else (min(high - 1, 0) if high is not None else 0)
            if high is not None and start + step > high:
                return None
            values[str(r.symbol)] = start + step
            waiting.remove(item)
            break
        else:
            raise UnsupportedExpression(f"the bounds of {waiting[0][0]} cannot be computed")
    return values


def _instance(domain: Domain, sizes: Values) -> Instance | None:
    """The instance at the sizes, ``None`` if they break a condition on sizes alone."""
    variables, conditions = [], list(domain.given)
    for r in domain.ranges:
        if not r.integer:
            low, high = _end(r.lower, sizes), _end(r.upper, sizes)
            if low is None and r.lower != -sp.oo:
                conditions.append(Condition(r.symbol, Relation.GT if r.open_lower else Relation.GE, r.lower))
            if high is None and r.upper != sp.oo:
                conditions.append(Condition(r.symbol, Relation.LT if r.open_upper else Relation.LE, r.upper))
            empty = low is not None and high is not None and (low > high or (low == high and _open(r)))
            if empty:
                return None
            box = _box(low, high, r.open_lower, r.open_upper)
            variables.append(Variable(str(r.symbol), (), *box, low, high, r.open_lower, r.open_upper))
    shapes = {}
    for family in domain.families:
        if family.integer:
            continue
        name, low = str(family.base.label), _end(family.lower, sizes)
        if low is None and family.lower != -sp.oo:
            raise UnsupportedExpression(f"the bound of {family} is not a rational number")
        shapes[name] = _shape(family, 0, dict(sizes))
        box = (Fraction(-1), Fraction(1)) if low is None else (low, low + 1)
        variables += [Variable(name, place, *box, low) for place in _places(shapes[name], ())]
    instance = Instance(sizes, shapes, tuple(variables), tuple(conditions))
    names = {v.name for v in variables}
    for condition in conditions:
        used = compile_expression(condition.lhs - condition.rhs, "ball").arguments
        real = names & {str(a.label if isinstance(a, sp.IndexedBase) else a) for a in used}
        if not real and not all(_on_sizes(condition, sizes)):
            return None
    return instance


def _open(r: Range) -> bool:
    return r.open_lower or r.open_upper


def _on_sizes(condition: Condition, sizes: Values) -> Iterator[bool]:
    routine = compile_expression(condition.lhs - condition.rhs, "ball")
    for values in over(condition, sizes):
        gap = routine(values)
        yield certainly(gap if condition.relation in (Relation.GE, Relation.GT) else -gap, condition.relation)


def over(condition: Condition, values: Values) -> Iterator[Values]:
    """The values, with every value of the ``forall`` indices."""

    def descend(place: int, current: Values) -> Iterator[Values]:
        if place == len(condition.forall):
            yield current
            return
        index, lower, upper = condition.forall[place]
        for number in range(integer_at(lower, current), integer_at(upper, current) + 1):
            yield from descend(place + 1, current | {str(index): number})

    return descend(0, values)


def certainly(gap: arb, relation: Relation) -> bool:
    """Whether the signed gap certainly satisfies the relation."""
    if relation is Relation.EQ:
        return bool(gap.is_zero())
    return bool(gap > 0) if relation.strict else bool(gap >= 0)


def _shape(family: Family, axis: int, values: Values) -> tuple[Any, ...]:
    length = integer_at(family.shape[axis], values)
    if axis + 1 == len(family.shape):
        return (None,) * length
    named = str(family.indices[axis]) if family.indices else ""
    return tuple(_shape(family, axis + 1, values | {named: i}) for i in range(1, length + 1))


def _places(shape: tuple[Any, ...], place: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    for i, inner in enumerate(shape, 1):
        if inner is None:
            yield (*place, i)
        else:
            yield from _places(inner, (*place, i))


def _end(expr: sp.Expr, sizes: Values) -> Fraction | None:
    """The exact end of a range, if it is a rational number at these sizes."""
    known = {symbol: sp.Integer(sizes[symbol.name]) for symbol in expr.atoms(sp.Symbol) if symbol.name in sizes}
    value = expr.xreplace(known) if not expr.has(sp.Indexed) else expr
    return Fraction(int(value.p), int(value.q)) if isinstance(value, sp.Rational) else None


def _box(low: Fraction | None, high: Fraction | None, open_low: bool, open_high: bool) -> tuple[Fraction, Fraction]:
    if low is not None and high is not None:
        edge = (high - low) / 8
        return low + edge * open_low, high - edge * open_high
    if low is not None:
        start = low + Fraction(1, 4) * open_low
        return start, start + 1
    if high is not None:
        stop = high - Fraction(1, 4) * open_high
        return stop - 1, stop
    return Fraction(-1), Fraction(1)


def lattice(instance: Instance, variable: Variable) -> list[Fraction]:
    """Simple values of a variable inside its range: ends and middle of the box, small numbers, magnitudes."""
    simple = [variable.lower, variable.upper, (variable.lower + variable.upper) / 2]
    simple += [Fraction(v) for v in (0, 1, -1, 2, Fraction(1, 2), Fraction(1, 100), 10, -3)]
    simple += [Fraction(floor(variable.lower)), Fraction(ceil(variable.upper))]
    return list(dict.fromkeys(value for value in simple if variable.admits(value)))
