"""What arrays can do: the operations of the array compiler, for NumPy; Torch overrides a few.

An operation that is told that it owns its first operand may write over it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

Array = Any  # a NumPy array or a Torch tensor
HALVES = {"float16", "bfloat16"}
FLOATS = {"float32", "float64"} | HALVES


PLAIN: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "abs": abs,
    "sign": lambda value: float(value > 0) - float(value < 0),
}


def scalar(value: Any) -> bool:
    """Whether a value is a python number."""
    return isinstance(value, (int, float))


class NumpyEngine:
    """NumPy arrays of one float type, written in place."""

    module: Any = np
    in_place = True
    eager = True  # values may be looked at

    def dtype(self, arrays: dict[str, Array]) -> Any:
        """The float type of the result; integers and nested lists count as float64."""
        kinds = []
        for name, array in arrays.items():
            kind = np.asarray(array).dtype
            if kind.kind not in "iuf" or kind.itemsize > 8:
                raise TypeError(
                    f"{name} is of type {kind}; allowed are {', '.join(sorted(FLOATS))} and integers: convert it first"
                )
            kinds.append(kind if kind.kind == "f" else np.dtype(np.float64))
        return np.result_type(*kinds) if kinds else np.dtype(np.float64)

    def given(self, value: Any) -> Array:
        """An argument as an array, of whatever type."""
        return value if isinstance(value, np.ndarray) else np.asarray(value)

    def as_array(self, value: Any, like: Array) -> Array:
        return np.asarray(value, dtype=like.dtype)

    def broadcast(self, array: Array, shape: Sequence[int]) -> Array:
        return array if array.shape == tuple(shape) else np.broadcast_to(array, shape)

    def working(self, dtype: Any) -> Any:
        """The type to compute in: halves are computed in single precision."""
        return np.dtype(np.float32) if dtype == np.float16 else dtype

    def convert(self, array: Array, dtype: Any) -> Array:
        return np.asarray(array).astype(dtype, copy=False)

    def number(self, value: Any, dtype: Any) -> Any:
        """A scalar argument; plain numbers take part in every type without changing it."""
        return float(value)

    def square(self, array: Array) -> float:
        """The sum of the squares of the entries: not finite where one of them is not, or where it overflows."""
        flat = array.reshape(-1)
        with np.errstate(all="ignore"):
            return float(flat @ flat)

    def finite(self, array: Array) -> bool:
        """Whether all entries are finite."""
        return bool(self.module.isfinite(array).all())

    def empty(self, shape: Sequence[int], like: Array) -> Array:
        return np.empty(shape, dtype=like.dtype)

    def eye(self, length: int, like: Array) -> Array:
        return np.eye(length, dtype=like.dtype)

    def finish(self, array: Array, dtype: Any) -> Array:
        return np.asarray(array, dtype=dtype)

    def quiet(self) -> AbstractContextManager[Any]:
        """Overflow and invalid operations without warnings."""
        return np.errstate(all="ignore")

    def joint_shape(self, first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
        """The shape that both broadcast to."""
        return np.broadcast_shapes(first, second)

    # Arithmetic.

    def _binary(
        self, operation: Callable[..., Any], plain: Callable[[Any, Any], Any], a: Any, b: Any, own: bool
    ) -> Any:
        if scalar(a) and scalar(b):
            return plain(a, b)
        if scalar(a):
            return operation(b, a)
        return operation(a, b, out=a) if own and self.in_place else operation(a, b)

    def add(self, a: Any, b: Any, own: bool = False) -> Any:
        return self._binary(self.module.add, lambda p, q: p + q, a, b, own)

    def multiply(self, a: Any, b: Any, own: bool = False) -> Any:
        return self._binary(self.module.multiply, lambda p, q: p * q, a, b, own)

    def scaled(self, a: Array, factor: Any, out: Array | None) -> Array:
        """The array times a scalar, written to ``out`` where there is one."""
        return self.module.multiply(a, factor) if out is None else self.module.multiply(a, factor, out=out)

    def subtract(self, a: Array, b: Array, own: bool = False) -> Array:
        return self.module.subtract(a, b, out=a) if own and self.in_place else self.module.subtract(a, b)

    def apply(self, function: str, a: Any, own: bool = False) -> Any:
        if scalar(a):
            return PLAIN[function](a)
        operation = getattr(self.module, function)
        return operation(a, out=a) if own and self.in_place else operation(a)

    def power(self, base: Any, exponent: Any) -> Any:
        if scalar(base) and scalar(exponent):
            return base**exponent
        if scalar(exponent):
            if exponent == 2:
                return base * base
            if exponent == -1:
                return 1 / base
            if exponent in (0.5, -0.5):
                root = self.module.sqrt(base)
                return root if exponent > 0 else 1 / root
        return base**exponent

    def guarded_power(self, base: Array, exponent: Any) -> Array:
        """The power of a nonnegative base, and 0 where the base is 0."""
        apart = base > 0
        safe = self.module.where(apart, base, self.module.ones_like(base))
        return self.module.where(apart, self.power(safe, exponent), self.module.zeros_like(base))

    def exp_of_drop(self, a: Array) -> Array:
        """exp of numbers at most 0, in place."""
        return self.apply("exp", a, own=True)

    # Products and reductions.

    def scales_product(self, factor: Any, bias: Array | None) -> bool:
        """Whether ``matmul`` takes the factor at no cost."""
        return False

    def matmul(self, a: Array, b: Array, factor: Any, bias: Array | None, out: Array | None) -> Array:
        """``factor * a @ b.T``, plus the bias in every row; a factor only where ``scales_product`` says so."""
        product = np.matmul(a, b.T, out=out)
        return product if bias is None else np.add(product, bias, out=product)

    def einsum(self, operands: Sequence[Array], labels: Sequence[Sequence[int]], out: Sequence[int]) -> Array:
        pairs = [part for pair in zip(operands, labels, strict=True) for part in pair]
        return np.einsum(*pairs, list(out), optimize=len(operands) > 2)

    def plain(self, value: Array) -> Any:
        """A result without axes: a python number, which changes no type."""
        return float(value)

    def reduce(self, kind: str, a: Array, axis: int) -> Array:
        return getattr(a, kind)(axis=axis)

    def total(self, a: Array) -> Array:
        """The sum over the last axis."""
        return a.sum(axis=-1)

    def maximum(self, a: Array, b: Array) -> Array:
        return self.module.maximum(a, b)

    def copy(self, a: Array) -> Array:
        return a.copy()

    def joined(self, parts: Sequence[Array]) -> Array:
        """One vector from several."""
        return np.concatenate(parts)

    def bounded(self, a: Array) -> Array:
        """Infinities replaced by the largest numbers."""
        limit = np.finfo(a.dtype).max
        return np.clip(a, -limit, limit)

    def argument(self, kind: str, a: Array, axis: int) -> Array:
        """The first extreme place."""
        return getattr(a, f"arg{kind}")(axis=axis)

    def pick(self, a: Array, places: Array) -> Array:
        """``a[row, ..., places[row]]``: one entry of the last axis each."""
        return np.take_along_axis(a, places[..., None], axis=-1)[..., 0]

    def nonzero(self, mask: Array) -> tuple[Array, ...]:
        return np.nonzero(mask)

    def assign(self, target: Array, rows: Array, columns: Array, values: Array) -> Array:
        """``target`` with new entries."""
        target[rows, columns] = values
        return target

    def clamp(self, a: Array) -> Array:
        """The positive part, in place."""
        return np.maximum(a, 0, out=a)

    def mean(self, a: Array) -> Array:
        """The mean over the first axis, of which no gradient is taken."""
        return a.mean(axis=0)
