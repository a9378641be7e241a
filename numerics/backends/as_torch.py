"""Double precision on Torch tensors, differentiable: the walk of NumPy, with Torch doing the arithmetic.

Integrals are computed by NumPy and have no derivative.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp
import torch

from numerics.backends.as_numpy import ArrayFrame, ArrayWalker, as_array
from numerics.backends.floats import Floats
from numerics.backends.frame import Arithmetic, Body, Frame, UnsupportedExpression, exact
from numerics.stable_torch import log_lower_gamma

SHIFT = 16
NO_DERIVATIVE = "integrals have no derivative in Torch: detach the arguments"


class Tensors(Floats):
    """Arithmetic of float64 tensors on one device."""

    def __init__(self, device: torch.device) -> None:
        self.device = device

    def number(self, value: Any) -> torch.Tensor:
        if isinstance(value, torch.Tensor):
            return value.to(self.device, torch.float64)
        plain = value if isinstance(value, np.ndarray) else float(exact(value))
        return torch.as_tensor(plain, dtype=torch.float64, device=self.device)

    def pi(self) -> torch.Tensor:
        return self.number(float(np.pi))

    def divide(self, numerator: Any, denominator: Any) -> torch.Tensor:
        return torch.divide(numerator, denominator)

    def integer_power(self, base: Any, exponent: Any) -> torch.Tensor:
        return torch.pow(base, exponent if isinstance(exponent, int) else self.array(exponent))

    def power(self, base: Any, exponent: Any, nonnegative: bool) -> torch.Tensor:
        return torch.sqrt(base) if exponent.ndim == 0 and float(exponent) == 0.5 else torch.pow(base, exponent)

    def exp(self, value: Any) -> torch.Tensor:
        return torch.exp(value)

    def log(self, value: Any) -> torch.Tensor:
        return torch.log(value)

    def absolute(self, value: Any) -> torch.Tensor:
        return torch.abs(value)

    def sign(self, value: Any) -> torch.Tensor:
        return torch.sign(value)

    def minimum(self, values: Sequence[Any]) -> torch.Tensor:
        return self.reduce("minimum", self.stack(values))

    def maximum(self, values: Sequence[Any]) -> torch.Tensor:
        return self.reduce("maximum", self.stack(values))

    def lse(self, values: Sequence[Any]) -> torch.Tensor:
        return torch.logsumexp(self.stack(values), 0)

    def lower_gamma(self, order: Any, cutoff: Any) -> torch.Tensor:
        order, cutoff = torch.broadcast_tensors(order, cutoff)
        inside = (order > 0) & torch.isfinite(order) & (cutoff >= 0)
        logarithm = log_lower_gamma(*(torch.where(inside, part, torch.ones_like(part)) for part in (order, cutoff)))
        return torch.where(inside, torch.exp(logarithm), torch.nan)

    def gamma(self, value: Any) -> torch.Tensor:
        """Stirling's formula from SHIFT on, the recurrence below it, the logarithm far below 0."""
        low = value < SHIFT
        y = torch.where(low, value + SHIFT, value).clamp(min=1.0)
        root, w = y ** (y / 2 - 0.25), y**-2
        rest = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w / 1188)))) / y
        high = math.sqrt(2 * math.pi) * root * torch.exp(-y) * root * torch.exp(rest)
        steps = math.prod(torch.where(low, value + step, 1.0) for step in range(SHIFT))
        odd = (value < 0) & (torch.remainder(torch.floor(value), 2) == 1)
        far = torch.exp(torch.lgamma(value)) * torch.where(odd, -1.0, 1.0)
        return torch.where(value > 1 - SHIFT, high / steps, far)

    def log_gamma(self, value: Any) -> torch.Tensor:
        return torch.lgamma(value)

    def array(self, value: Any) -> torch.Tensor:
        return torch.as_tensor(value, dtype=torch.float64, device=self.device)

    def to_numpy(self, value: Any) -> Any:
        if value.requires_grad:
            raise UnsupportedExpression(NO_DERIVATIVE)
        return value.cpu().numpy()

    def from_numpy(self, value: Any) -> torch.Tensor:
        return self.array(value)

    def stack(self, values: Sequence[Any]) -> torch.Tensor:
        return torch.stack(torch.broadcast_tensors(*map(self.array, values)))

    def einsum(self, operands: Sequence[Any], labels: Sequence[int]) -> torch.Tensor:
        return torch.einsum(*operands, list(labels))

    def reduce(self, kind: str, values: Any) -> torch.Tensor:
        if kind == "lse":
            return torch.logsumexp(values, 0)
        if kind == "add":
            return values.sum(0)
        return torch.amin(values, 0) if kind == "minimum" else torch.amax(values, 0)

    def integral(self, body: Body, patterns: list[Any], radii: list[Any]) -> Any:
        return self.array(
            Floats().integral(body, *([float(self.to_numpy(end)) for end in ends] for ends in (patterns, radii)))
        )


class TensorFrame(ArrayFrame):
    """A frame whose families are tensors; integrands see NumPy arrays."""

    def _convert(self, value: Any) -> Any:
        if isinstance(value, (tuple, list)):
            return self.arithmetic.number(as_array(value).astype(float))
        return self.arithmetic.number(value)

    def at_distance(self, arithmetic: Arithmetic, name: str, value: Any) -> Frame:
        if any(isinstance(given, torch.Tensor) and given.requires_grad for given in self.values.values()):
            raise UnsupportedExpression(NO_DERIVATIVE)
        return ArrayFrame(Floats(), plain_values(self.values), {}, dict(self.index), {}, {name: value})


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with NumPy arrays for tensors."""
    return {
        name: value.detach().cpu().numpy() if isinstance(value, torch.Tensor) else value
        for name, value in values.items()
    }


class TensorWalker(ArrayWalker):
    """The walk for tensors: indices and sizes are read as plain numbers."""

    def integer(self, node: sp.Expr) -> Callable[[Frame], Any]:
        inner = super().integer(node)
        return inner if not isinstance(node, (sp.Symbol, sp.Indexed)) or node in self.open else _plain(inner)


def _plain(inner: Callable[[Frame], Any]) -> Callable[[Frame], Any]:
    def read(f: Frame) -> Any:
        if not any(isinstance(value, torch.Tensor) for value in f.values.values()):
            return inner(f)
        return inner(ArrayFrame(Floats(), plain_values(f.values), {}, f.index, f.kept, f.points))

    return read


def build(expr: sp.Expr) -> tuple[Callable[[Mapping[str, Any], int], Any], tuple[sp.Basic, ...]]:
    """The function of named values, and the arguments that it needs; the result is a float64 tensor without axes."""
    walker = TensorWalker()
    node = walker.visit(expr)

    def call(values: Mapping[str, Any], precision: int) -> torch.Tensor:
        devices = [value.device for value in values.values() if isinstance(value, torch.Tensor)]
        arithmetic = Tensors(devices[0] if devices else torch.device("cpu"))
        with np.errstate(all="ignore"):
            return arithmetic.array(node(TensorFrame(arithmetic, values)))

    return call, (*walker.scalars.values(), *walker.families.values())
