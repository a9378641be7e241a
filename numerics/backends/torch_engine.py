"""The operations of the array compiler for Torch tensors.

Without gradients the work is done in place; with gradients, under ``torch.func`` or while compiling, every operation
makes a new tensor and no value is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch

from numerics.backends.array_engine import FLOATS, Array, NumpyEngine, scalar

HALF_TYPES = (torch.float16, torch.bfloat16)
DEEPEST = {torch.float32: -87.0, torch.float64: -708.0}  # exp is slow where it underflows


def transformed() -> bool:
    """Whether torch.func or torch.compile is at work, under which no value may be looked at."""
    if torch.compiler.is_compiling():
        return True
    functorch = getattr(torch._C, "_functorch", None)
    peek = getattr(functorch, "peek_interpreter_stack", None)
    return peek is not None and peek() is not None


class TorchEngine(NumpyEngine):
    """Tensors of one float type on one device."""

    module = torch

    def __init__(self, values: Sequence[Any]) -> None:
        tensors = [value for value in values if isinstance(value, torch.Tensor)]
        if not tensors:
            raise TypeError("no tensor was given to a routine for Torch: convert the arguments, with torch.as_tensor")
        self.device = tensors[0].device
        self.eager = not transformed()
        tracked = torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors)
        self.in_place = self.eager and not tracked

    def dtype(self, arrays: dict[str, Array]) -> Any:
        found = None
        for name, array in arrays.items():
            if not isinstance(array, torch.Tensor):
                raise TypeError(
                    f"{name} is of type {type(array).__name__} beside tensors: pass a tensor, with torch.as_tensor"
                )
            if array.device != self.device:
                raise ValueError(f"{name} is on {array.device}, others on {self.device}: move all to one device")
            if array.is_complex() or array.dtype == torch.bool:
                raise TypeError(
                    f"{name} is of type {array.dtype}; allowed are {', '.join(sorted(FLOATS))} and integers: convert it"
                )
            kind = array.dtype if array.is_floating_point() else torch.float64
            found = kind if found is None else torch.promote_types(found, kind)
        return found or torch.get_default_dtype()

    def given(self, value: Any) -> Array:
        return value

    def as_array(self, value: Any, like: Array) -> Array:
        return torch.as_tensor(value, dtype=like.dtype, device=like.device)

    def broadcast(self, array: Array, shape: Sequence[int]) -> Array:
        return array.expand(tuple(shape))

    def working(self, dtype: Any) -> Any:
        return torch.float32 if dtype in HALF_TYPES else dtype

    def convert(self, array: Array, dtype: Any) -> Array:
        return array.to(dtype)

    def number(self, value: Any, dtype: Any) -> Any:
        return value.to(dtype) if isinstance(value, torch.Tensor) else float(value)

    def square(self, array: Array) -> float:
        if not self.eager:
            return 1.0
        flat = array.detach().reshape(-1)
        return float(flat @ flat)

    def empty(self, shape: Sequence[int], like: Array) -> Array:
        return torch.empty(shape, dtype=like.dtype, device=like.device)

    def eye(self, length: int, like: Array) -> Array:
        return torch.eye(length, dtype=like.dtype, device=like.device)

    def finish(self, array: Array, dtype: Any) -> Array:
        return torch.as_tensor(array, device=self.device).to(dtype)

    def quiet(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def joint_shape(self, first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(torch.broadcast_shapes(first, second))

    def exp_of_drop(self, a: Array) -> Array:
        if not self.in_place:
            return torch.exp(a)
        return a.clamp_(min=DEEPEST.get(a.dtype, -87.0)).exp_()

    def scales_product(self, factor: Any, bias: Array | None) -> bool:
        return bias is not None and scalar(factor)

    def matmul(self, a: Array, b: Array, factor: Any, bias: Array | None, out: Array | None) -> Array:
        if bias is None:
            return torch.mm(a, b.T, out=out)
        return torch.addmm(bias, a, b.T, alpha=1.0 if factor is None else factor, out=out)

    def einsum(self, operands: Sequence[Array], labels: Sequence[Sequence[int]], out: Sequence[int]) -> Array:
        if len(operands) == 1 and len(labels[0]) == len(out) + 1:
            (gone,) = set(labels[0]) - set(out)
            return operands[0].sum(labels[0].index(gone))
        if len(operands) == 2 and list(labels[0]) == list(labels[1]) == [*out, labels[0][-1]]:
            return torch.linalg.vecdot(*operands)
        pairs: list[Any] = [part for pair in zip(operands, map(list, labels), strict=True) for part in pair]
        return torch.einsum(*pairs, list(out))

    def plain(self, value: Array) -> Any:
        """A result without axes: a tensor, which may carry gradients."""
        return value

    def reduce(self, kind: str, a: Array, axis: int) -> Array:
        return getattr(a, f"a{kind}")(dim=axis)

    def total(self, a: Array) -> Array:
        return a.sum(-1)

    def copy(self, a: Array) -> Array:
        return a.clone(memory_format=torch.contiguous_format)

    def joined(self, parts: Sequence[Array]) -> Array:
        return torch.cat(list(parts))

    def argument(self, kind: str, a: Array, axis: int) -> Array:
        return getattr(torch, f"arg{kind}")(a, dim=axis)

    def bounded(self, a: Array) -> Array:
        limit = torch.finfo(a.dtype).max
        return a.clamp(-limit, limit)

    def pick(self, a: Array, places: Array) -> Array:
        return torch.take_along_dim(a, places.unsqueeze(-1), -1).squeeze(-1)

    def nonzero(self, mask: Array) -> tuple[Array, ...]:
        return torch.nonzero(mask, as_tuple=True)

    def assign(self, target: Array, rows: Array, columns: Array, values: Array) -> Array:
        if self.in_place:
            target[rows, columns] = values
            return target
        return target.index_put((rows, columns), values)

    def clamp(self, a: Array) -> Array:
        return a.clamp_(min=0) if self.in_place else a.clamp(min=0)

    def mean(self, a: Array) -> Array:
        return a.detach().mean(0)
