"""Calls with symbols: substitution into a formula whose sums and extrema bind an index.

A family may be given as another ``IndexedBase``, which is renamed, or by its entries, which unrolls every sum, LSE and
extremum over it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sympy as sp

from theory.atoms import LSE, IndexBinder, IndexMax, IndexMin, RadialIntegral, peeled
from theory.bounds.arguments import DomainError, allowed, keyword, outside
from theory.domain import Condition, Range

if TYPE_CHECKING:
    from theory.bounds.bound import Bound
_OPERATIONS: dict[type, Callable[[list[sp.Expr]], sp.Expr]] = {
    sp.Sum: lambda terms: sp.Add(*terms),
    LSE: lambda terms: sp.log(sp.Add(*map(sp.exp, terms))),
    IndexMin: lambda terms: sp.Min(*terms),
    IndexMax: lambda terms: sp.Max(*terms),
}


def is_symbolic(value: Any) -> bool:
    """Whether a value is SymPy's, or holds something that is."""
    if isinstance(value, (sp.Basic, sp.MatrixBase)):
        return True
    if isinstance(value, (list, tuple)) or str(getattr(value, "dtype", "")) == "object":
        return any(is_symbolic(part) for part in (value.flat if hasattr(value, "flat") else value))
    return False


def substituted(bound: Bound, values: Mapping[sp.Basic, Any]) -> sp.Expr:
    """The formula at the values.

    Raises ``DomainError`` where a value is known to lie outside the domain, ``ValueError`` for entries of a wrong
    shape and ``TypeError`` for what is neither a number, an expression, a family nor its entries.
    """
    scalars: dict[sp.Basic, Any] = {}
    families: dict[sp.Basic, Any] = {}
    for variable, value in values.items():
        if isinstance(variable, sp.IndexedBase):
            families[variable] = _family(bound, variable, value)
        else:
            scalars[variable] = _scalar(bound, variable, value)
    for size, (base, axis) in bound.sizes.items():
        length = _length(families[base], axis)
        if length is None:
            continue
        if scalars.setdefault(size, length) != length:
            raise ValueError(f"{bound.signature}: {size} = {scalars[size]}, but {base} has {length} along axis {axis}")
    at = _Substitution(scalars | families)
    for r in bound.required.ranges:
        if r.symbol in scalars:
            _check_range(bound, r, scalars[r.symbol], at)
    for condition in bound.required.given:
        _check_condition(bound, condition, at)
    return at.visit(bound.expr)


def _scalar(bound: Bound, variable: sp.Basic, value: Any) -> sp.Expr:
    if isinstance(value, sp.IndexedBase):
        raise TypeError(f"{bound.signature}: {keyword(variable)} is a scalar, received the family {value}")
    try:
        known = sp.sympify(value, strict=not hasattr(value, "_mpf_"))
    except sp.SympifyError:
        known = None
    if not isinstance(known, sp.Expr):
        kind = type(value).__name__
        raise TypeError(
            f"{bound.signature}: {keyword(variable)} = {value!r} ({kind}) cannot be mixed with symbols: "
            "give a number or an expression, or give numbers for all arguments"
        )
    return known


def _family(bound: Bound, base: sp.IndexedBase, value: Any) -> Any:
    """An ``IndexedBase``, or nested tuples of expressions."""
    if isinstance(value, sp.IndexedBase):
        return value
    family = bound.family(base)
    entries = _nested(bound, base, value)
    depth = len(family.shape) if family else 0
    shape, level = [], entries
    while isinstance(level, tuple):
        shape.append(len(level))
        level = level[0] if level else None
    column = isinstance(value, sp.MatrixBase) and depth == 1 and 1 in value.shape
    if column:
        return tuple(entry for row in entries for entry in row)
    if len(shape) != depth or not _regular(entries, shape):
        axes = ", ".join(map(str, family.shape)) if family else ""
        raise ValueError(f"{bound.signature}: {keyword(base)} has shape ({axes}), received {value!r}")
    return entries


def _nested(bound: Bound, base: sp.IndexedBase, value: Any) -> Any:
    if isinstance(value, sp.MatrixBase) or hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple, sp.Tuple)):
        return tuple(_nested(bound, base, part) for part in value)
    return _scalar(bound, base, value)


def _regular(entries: Any, shape: Sequence[int]) -> bool:
    if not shape:
        return not isinstance(entries, tuple)
    return isinstance(entries, tuple) and len(entries) == shape[0] and all(_regular(e, shape[1:]) for e in entries)


def _length(value: Any, axis: int) -> sp.Expr | None:
    if isinstance(value, sp.IndexedBase):
        return value.shape[axis] if value.shape else None
    for _ in range(axis):
        value = value[0]
    return sp.Integer(len(value))


class _Substitution:
    """Replaces free variables; an index that would capture a symbol of a value is renamed first."""

    def __init__(self, values: Mapping[sp.Basic, Any]) -> None:
        self.values = dict(values)
        self.taken = {s for value in values.values() for s in _free(value)}

    def visit(self, node: sp.Basic) -> Any:
        if isinstance(node, sp.Indexed):
            return self._entry(node)
        if node in self.values:
            return self.values[node]
        if isinstance(node, (sp.Sum, IndexBinder)):
            return self._binder(node)
        if isinstance(node, RadialIntegral):
            inner = self._without(node.variable)
            return RadialIntegral(
                inner.visit(node.body), node.variable, self.visit(node.dimension), self.visit(node.radius)
            )
        return node.func(*map(self.visit, node.args)) if node.args else node

    def _without(self, variable: sp.Symbol) -> _Substitution:
        return _Substitution({known: value for known, value in self.values.items() if known != variable})

    def _entry(self, node: sp.Indexed) -> sp.Expr:
        family = self.values.get(node.base, node.base)
        places = [self.visit(place) for place in node.indices]
        if isinstance(family, sp.IndexedBase):
            return sp.Indexed(family, *places)
        for place in places:
            family = family[int(place) - 1]
        return family

    def _binder(self, node: sp.Expr) -> sp.Expr:
        body, index, lower, upper = peeled(node)
        first, last = self.visit(lower), self.visit(upper)
        listed = {base for base, value in self.values.items() if isinstance(value, tuple)}
        if any(entry.base in listed and entry.has(index) for entry in body.atoms(sp.Indexed)):
            inner = self._without(index)
            terms = []
            for place in range(int(first), int(last) + 1):
                inner.values[index] = sp.Integer(place)
                terms.append(inner.visit(body))
            return _OPERATIONS[type(node)](terms)
        fresh = index
        while fresh in self.taken:
            fresh = sp.Symbol(f"{fresh.name}_", integer=True)
        inner = self._without(index)
        inner.values[index] = fresh
        return node.func(inner.visit(body), (fresh, first, last))


def _free(value: Any) -> set[sp.Basic]:
    if isinstance(value, tuple):
        return {s for part in value for s in _free(part)}
    return set(value.free_symbols)


def _check_range(bound: Bound, r: Range, value: sp.Expr, at: _Substitution) -> None:
    if r.integer and value.is_integer is False:
        raise DomainError(f"{bound.signature}: {keyword(r.symbol)} = {value} must be an integer, as in {allowed(r)}")
    lower, upper = at.visit(r.lower), at.visit(r.upper)
    low = value > lower if r.open_lower else value >= lower
    high = value < upper if r.open_upper or upper is sp.oo else value <= upper
    if sp.false in (low, high) or value.is_real is False:
        raise outside(bound.signature, r, value)


def _check_condition(bound: Bound, condition: Condition, at: _Substitution) -> None:
    if condition.forall:
        return  # a condition on entries that are symbols is the caller's to keep
    lhs, rhs = at.visit(condition.lhs), at.visit(condition.rhs)
    relations = {"<=": sp.Le, "<": sp.Lt, ">=": sp.Ge, ">": sp.Gt, "=": sp.Eq}
    known = relations[condition.relation.value](lhs, rhs)
    if known == sp.false:
        raise DomainError(f"{bound.signature} needs {condition}: here {lhs} {condition.relation.value} {rhs} fails")
