"""The named bounds of ``theory.bounds`` at numbers: which arithmetic, which shapes, and the blocks of a large array.

Balls give balls and mpmath numbers give mpmath numbers, in the precision that ``flint.ctx`` or ``mpmath.mp`` has at
the call; everything else is computed in double precision, huge and tiny factors through their logarithms.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from math import prod
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from flint import acb, arb, ctx, fmpq, fmpz

from numerics import domains
from numerics.batches import compile_batch
from numerics.compile import Backend, Routine, compile_expression
from numerics.domains import Array, Gate, is_mpf
from numerics.logarithms import least_values
from theory.bounds.arguments import DomainError, keyword, label
from theory.bounds.bound import Bound
from theory.domain import Condition, Relation

BLOCK = 1 << 16  # scalars of one block: its arrays stay in the cache
ENTRIES = 1 << 18  # entries of an array with one axis for patterns or coordinates in one block
MORE_BITS = (4, 16, 64)
LARGEST_EXACT = 1 << 53  # whole numbers up to here are doubles
Values = dict[sp.Basic, Any]


def evaluate(bound: Bound, values: Values) -> Any:
    """The bound at numbers: a float, ``mpf`` or ball, or an array of them.

    Scalars and leading axes of points are broadcast against each other.  Raises ``TypeError`` for what is not a real
    number, ``DomainError`` outside the domain, and ``ValueError`` where shapes do not fit.
    """
    arrays = {variable: _array(bound, variable, value) for variable, value in values.items()}
    sizes, given = _sizes(bound, arrays)
    domains.check_sizes(bound, sizes)
    arguments = {v: a for v, a in arrays.items() if v not in sizes}
    kind = _kind(bound, arguments)
    shape = _batch_shape(bound, arguments)
    if kind == "numpy":
        return _in_doubles(bound, arguments, sizes | given, shape)
    return _one_by_one(bound, arguments, sizes | given, shape, kind)


# What was given.


def _array(bound: Bound, variable: sp.Basic, value: Any) -> Array:
    """The value as an array of doubles, integers or objects; ragged lists and other types are refused."""
    if isinstance(value, (str, bytes, dict, set)) or value is None:
        raise _not_real(bound, variable, value)
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{bound.signature}: {keyword(variable)} is ragged: give all rows the same length") from None
    if array.dtype == np.longdouble and array.dtype.itemsize > 8:
        raise TypeError(f"{bound.signature}: {keyword(variable)} is long double: give float64 or mpmath numbers")
    if array.dtype.kind in "iuf":
        return array
    if array.dtype.kind == "O":
        exact = (arb, mpmath.mpf, fmpz, fmpq)
        if any(isinstance(entry, (acb, mpmath.mpc, complex, str, bool, Decimal)) for entry in array.flat):
            raise _not_real(bound, variable, value)
        if any(isinstance(entry, exact) for entry in array.flat):
            return array
        try:
            return array.astype(float)
        except (TypeError, ValueError, OverflowError):
            pass
    raise _not_real(bound, variable, value)


def _not_real(bound: Bound, variable: sp.Basic, value: Any) -> TypeError:
    shown = repr(value) if len(repr(value)) < 60 else f"{repr(value)[:57]}..."
    return TypeError(
        f"{bound.signature}: {keyword(variable)} = {shown} ({type(value).__name__}) is not real: "
        "give numbers, arrays of numbers, mpmath numbers, balls (flint.arb) or SymPy expressions"
    )


def _kind(bound: Bound, arrays: dict[sp.Basic, Array]) -> Backend:
    entries = [entry for array in arrays.values() if array.dtype == object for entry in array.flat]
    balls, references = any(isinstance(e, (arb, fmpq, fmpz)) for e in entries), any(map(is_mpf, entries))
    if balls and references:
        raise TypeError(f"{bound.signature} received balls and mpmath numbers: give one kind")
    return "ball" if balls else "mpmath" if references else "numpy"


def _sizes(bound: Bound, arrays: dict[sp.Basic, Array]) -> tuple[dict[sp.Symbol, int], dict[sp.Symbol, int]]:
    """Sizes read off the families; they must agree with each other and with those given."""
    found: dict[sp.Symbol, int] = {}
    for family in bound.required.families:
        if family.base not in arrays:
            continue
        shape = arrays[family.base].shape
        axes = len(family.shape)
        if len(shape) < axes or (axes > 1 and len(shape) > axes):
            expected = "(..., " * (axes == 1) + "(" * (axes > 1) + ", ".join(map(str, family.shape)) + ")"
            raise ValueError(
                f"{bound.signature}: {keyword(family.base)} has shape {expected}, received an array of shape {shape}"
            )
        for size, length in zip(family.shape, shape[len(shape) - axes :], strict=True):
            known = found.setdefault(size, length) if size.is_Symbol else int(size)
            if known != length:
                raise ValueError(
                    f"{bound.signature}: {size} is {known} elsewhere, but {keyword(family.base)} has {length} entries "
                    "along that axis: give families whose sizes agree"
                )
    given: dict[sp.Symbol, int] = {}
    for size in [v for v in arrays if v in bound.sizes]:
        whole = domains.whole_number(arrays[size].item()) if arrays[size].ndim == 0 else None
        if whole != found.get(size):
            raise ValueError(f"{bound.signature}: {size} = {arrays[size]}, but the families have {found.get(size)}")
    return found, given


def _batch_shape(bound: Bound, arrays: dict[sp.Basic, Array]) -> tuple[int, ...]:
    shapes = {}
    for variable, array in arrays.items():
        family = bound.family(variable)
        shapes[keyword(variable)] = array.shape if family is None else array.shape[: -len(family.shape)]
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(
            f"{bound.signature}: leading shapes do not broadcast: {listed}: give equal shapes or scalars"
        ) from None


# Doubles.


class Compiled:
    """A bound compiled for arrays: its formula, its conditions, and the ranges of its arguments."""

    def __init__(self, bound: Bound) -> None:
        least, ranges = least_values(bound.domain), {r.symbol: r for r in bound.required.ranges}
        self.bound = bound
        self.batched = frozenset(f.base for f in bound.required.families if len(f.shape) == 1)
        self.formula = compile_batch(bound.computed or bound.expr, self.batched, least)
        self.gaps = [(condition, *domains.excess(condition)) for condition in _conditions(bound)]
        self.conditions = [(c, compile_batch(gap, self.batched, least), strict) for c, gap, strict in self.gaps]
        entries = {v: bound.family(v) or ranges[v] for v in bound.arguments}
        self.gates = {variable: Gate(bound, entry) for variable, entry in entries.items()}
        forms = [bound.computed or bound.expr, *(gap for _, gap, _ in self.gaps)]
        self.used = {v for form in forms for v in bound.arguments if form.has(v)}
        self.counts = isinstance(bound.expr, sp.Mul) and all(f.is_Symbol and f.is_integer for f in bound.expr.args)

    def dtype(self, moving: list[tuple[str, Array, Gate]]) -> type:
        """What the entries of a block become: integers in a product of counts that is exact, doubles otherwise."""
        exact = self.counts and all(array.dtype.kind in "iu" and array.size for _, array, _ in moving)
        return np.int64 if exact and prod(int(array.max()) for _, array, _ in moving) < LARGEST_EXACT else float

    def check(self, numbers: dict[str, Any], length: int, kept: dict[Any, Any], start: int) -> None:
        """Raise ``DomainError`` where a side condition fails in the block."""
        for condition, gap, strict in self.conditions:
            value = np.asarray(gap(numbers, length, kept))
            holds = np.less(value, 0) if strict else np.less_equal(value, 0)
            if not holds.all():
                first = int(np.argmin(np.broadcast_to(holds, length)))
                place = f" at index {start + first}" if length > 1 else ""
                raise DomainError(f"{self.bound.signature} needs {condition}, which fails{place}: see .conditions")


def _conditions(bound: Bound) -> list[Condition]:
    """The side conditions, and ranges whose ends depend on other arguments."""
    found = list(bound.required.given)
    for r in bound.required.ranges:
        for end, open_end, weak, strict in (
            (r.lower, r.open_lower, Relation.GE, Relation.GT),
            (r.upper, r.open_upper, Relation.LE, Relation.LT),
        ):
            if end.free_symbols:
                found.append(Condition(r.symbol, strict if open_end else weak, end))
    return found


@cache
def compiled(bound: Bound) -> Compiled:
    """The compiled bound; bounds are compared by identity."""
    return Compiled(bound)


def _in_doubles(
    bound: Bound, arrays: dict[sp.Basic, Array], sizes: dict[sp.Symbol, int], shape: tuple[int, ...]
) -> Any:
    program, total = compiled(bound), int(np.prod(shape, dtype=int))
    fixed: dict[str, Any] = {str(size): value for size, value in sizes.items()}
    moving: list[tuple[str, Array, Gate]] = []
    for variable, array in arrays.items():
        name, gate = label(variable), program.gates[variable]
        if variable in program.used and gate.scalar and array.size > 1:
            moving.append((name, np.broadcast_to(array, shape).reshape(-1), gate))
        elif variable in program.used and variable in program.batched:
            moving.append(
                (name, np.broadcast_to(array, (*shape, array.shape[-1])).reshape(total, array.shape[-1]), gate)
            )
        else:
            gate.check(array)
            if not gate.scalar:
                fixed[name] = np.ascontiguousarray(array, dtype=float)
            elif array.size == 1:
                fixed[name] = int(array.item()) if gate.entry.integer else float(array.item())
    for _, array, gate in moving:
        gate.check(array)
    result, kept, dtype = np.empty(total), dict[Any, Any](), program.dtype(moving)
    largest = max([*sizes.values(), 1])
    width = max(1, min(BLOCK, ENTRIES // largest)) if moving else max(1, total)
    with np.errstate(all="ignore"):
        for start in range(0, total, width):
            stop, numbers = min(start + width, total), dict(fixed)
            for name, array, _ in moving:
                numbers[name] = np.ascontiguousarray(array[start:stop].T, dtype=dtype)
            program.check(numbers, stop - start, kept, start)
            result[start:stop] = program.formula(numbers, stop - start, kept)
    return float(result[0]) if shape == () else result.reshape(shape)


# Other arithmetics.


@cache
def routine(expr: sp.Expr, backend: Backend) -> Routine:
    """The compiled formula."""
    return compile_expression(expr, backend)


def _one_by_one(
    bound: Bound, arrays: dict[sp.Basic, Array], sizes: dict[sp.Symbol, int], shape: tuple[int, ...], kind: Backend
) -> Any:
    ranges = {r.symbol: r for r in bound.required.ranges}
    formula, precision = routine(bound.expr, kind), ctx.prec if kind == "ball" else mpmath.mp.prec
    spread = {}
    for variable, array in arrays.items():
        family = bound.family(variable)
        inner = () if family is None else array.shape[-len(family.shape) :]
        spread[variable] = np.broadcast_to(array, (*shape, *inner))
    conditions = [(c, *domains.excess(c)) for c in _conditions(bound)]
    result = np.empty(shape, dtype=object)
    for place in np.ndindex(*shape):
        at: Values = dict(sizes)
        for variable, array in spread.items():
            here = array[place]
            if bound.family(variable) is None:
                at[variable] = domains.check_number(bound, ranges[variable], _plain(here))
            else:
                at[variable] = _entries(bound, variable, here)
        for condition, gap, strict in conditions:
            value = routine(gap, kind)(at, precision)
            if not (value < 0 if strict else value <= 0):
                raise DomainError(f"{bound.signature} needs {condition}, which is not certain here: see .conditions")
        result[place] = _settled(formula, at, precision)
    return result[()] if shape == () else result


def _settled(formula: Routine, at: Values, precision: int) -> Any:
    """The value, in more bits where cancellation leaves half of them or less, or a ball that is not finite."""
    value = formula(at, precision)
    if not isinstance(value, arb):
        return value
    exact = all(entry.is_exact() for given in at.values() for entry in _balls(given))
    fine = arb(2) ** (-(precision // 2))
    for factor in MORE_BITS:
        if value.is_finite() and (not exact or value.rad() < fine * (1 + abs(value.mid()))):
            break
        value = formula(at, factor * precision)
    return value


def _balls(value: Any) -> list[arb]:
    if isinstance(value, list):
        return [ball for part in value for ball in _balls(part)]
    return [value] if isinstance(value, arb) else []


def _plain(entry: Any) -> Any:
    """An array entry as a number that every backend reads."""
    entry = entry.item() if isinstance(entry, (np.ndarray, np.generic)) else entry
    return int(entry) if isinstance(entry, fmpz) else arb(entry) if isinstance(entry, fmpq) else entry


def _entries(bound: Bound, variable: sp.Basic, array: Any) -> Any:
    if isinstance(array, np.ndarray) and array.ndim:
        return [_entries(bound, variable, part) for part in array]
    entry = _plain(array)
    finite = entry.is_finite() if isinstance(entry, arb) else bool(mpmath.isfinite(entry))
    if not finite:
        raise DomainError(f"{bound.signature}: {keyword(variable)} holds {entry}: give finite entries")
    return entry
