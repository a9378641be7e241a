"""The log-domain functions of ``numerics.stable`` as Torch operations that differentiate as often as one likes.

Tensors and numbers broadcast; the result has the float type and the device of the tensors.  Values and first
derivatives are those of ``numerics.stable``, to its accuracy: they are computed in float64 on the host, whatever the
device.  Second derivatives come from the excess e of the slope s over its bound in ``lower_gamma.bracket.ceiling``:

    s(a, x) = d log gamma(a, x)/dx = (a - x + e(a, x))/x,   s' = -s/x (1 + e),
    m(n, r) = d log mass(n, r)/dr,   m' = -m/r (1 + p e)  at a = n/p, x = r**p,
    e(a, x) = x (1 + e(a + 1, x))/(a + 1 + e(a + 1, x)),  in which nothing cancels.

They are within 1e-13 * max(1, |result|) for orders to 1e5, and 1e-12 for orders to 1e7.

They work under autograd, forward mode, ``torch.func`` and ``vmap``.  Order, dimension and exponent are constants: one
that requires a gradient is refused.  Bad arguments raise ``ValueError``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from numerics import stable

__all__ = [
    "log_ball_mass",
    "log_ball_mass_slope",
    "log_ball_volume",
    "log_critical_patterns",
    "log_lower_gamma",
    "log_lower_gamma_slope",
    "log_upper_gamma",
    "log_upper_gamma_slope",
]

Number = Any  # a tensor or a number
Slope = Callable[..., Any]
LEVELS = 16  # orders that the excess comes down; each divides its error by a/x


def log_lower_gamma(order: Number, cutoff: Number) -> torch.Tensor:
    """Log of gamma(order, cutoff), not regularised; differentiable in the cutoff."""
    return _apply(stable.log_lower_gamma, log_lower_gamma_slope, cutoff, order=order)


def log_lower_gamma_slope(order: Number, cutoff: Number) -> torch.Tensor:
    """Derivative of ``log_lower_gamma`` with respect to the cutoff."""

    def slope(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        return -log_lower_gamma_slope(a, x) / x * (1 + _excess(a, x))

    return _apply(stable.log_lower_gamma_slope, slope, cutoff, order=order)


def log_upper_gamma(order: Number, cutoff: Number) -> torch.Tensor:
    """Log of Gamma(order, cutoff), not regularised; differentiable in the cutoff."""
    return _apply(stable.log_upper_gamma, log_upper_gamma_slope, cutoff, order=order)


def log_upper_gamma_slope(order: Number, cutoff: Number) -> torch.Tensor:
    """Derivative of ``log_upper_gamma`` with respect to the cutoff."""

    def slope(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        own = log_upper_gamma_slope(a, x)
        return own * ((a - 1) / x - 1 - own)

    return _apply(stable.log_upper_gamma_slope, slope, cutoff, order=order)


def log_ball_volume(dimension: Number, radius: Number) -> torch.Tensor:
    """Log of the volume of a ball in R**dimension; differentiable in the radius."""
    return _apply(stable.log_ball_volume, torch.divide, radius, dimension=dimension)


def log_ball_mass(dimension: Number, radius: Number, exponent: Number = 2.0) -> torch.Tensor:
    """Log of the integral of exp(-||x||**exponent) over a ball in R**dimension; differentiable in the radius."""

    def value(n: Any, p: Any, r: Any) -> Any:
        return stable.log_ball_mass(n, r, p)

    def slope(n: torch.Tensor, p: torch.Tensor, r: torch.Tensor) -> torch.Tensor:
        return log_ball_mass_slope(n, r, p)

    return _apply(value, slope, radius, dimension=dimension, exponent=exponent)


def log_ball_mass_slope(dimension: Number, radius: Number, exponent: Number = 2.0) -> torch.Tensor:
    """Derivative of ``log_ball_mass`` with respect to the radius."""

    def value(n: Any, p: Any, r: Any) -> Any:
        return stable.log_ball_mass_slope(n, r, p)

    def slope(n: torch.Tensor, p: torch.Tensor, r: torch.Tensor) -> torch.Tensor:
        own = log_ball_mass_slope(n, r, p)
        bend = own / r * (1 + p * _excess(n / p, r**p))
        return -torch.where(own == 0, own, bend)  # past the largest power nothing is added any more

    return _apply(value, slope, radius, dimension=dimension, exponent=exponent)


def log_critical_patterns(dimension: Number, exponent: Number = 2.0, radius: Number | None = None) -> torch.Tensor:
    """Log of the number of patterns at which the partition function is 1; differentiable in the radius.

    Without a radius that is the exact sqrt(dimension/(2 pi e)), and the result a constant.
    """
    if radius is not None:
        return -log_ball_mass(dimension, radius, exponent)

    def no_slope(n: torch.Tensor, p: torch.Tensor) -> torch.Tensor:
        return torch.zeros_like(p)

    _constant(exponent=exponent)
    return _apply(stable.log_critical_patterns, no_slope, exponent, dimension=dimension)


def _excess(order: torch.Tensor, cutoff: torch.Tensor) -> torch.Tensor:
    """e(a, x), down from a higher order, whose slope knows its own e to the rounding of x only."""
    top = order + LEVELS
    above = cutoff - (top - 1) / (1 + log_lower_gamma_slope(top, cutoff))
    for level in range(LEVELS - 2, -1, -1):
        above = cutoff * (1 + above) / (order + level + 1 + above)
    return above


def _constant(**arguments: Number) -> None:
    for name, value in arguments.items():
        if isinstance(value, torch.Tensor) and value.requires_grad:
            raise ValueError(f"{name} requires a gradient; it is a constant here: detach it")


def _apply(value: Callable[..., Any], slope: Slope, variable: Number, **constants: Number) -> torch.Tensor:
    """``value`` at the broadcast arguments, with ``slope`` as its derivative with respect to the last one."""
    _constant(**constants)
    given = [*constants.values(), variable]
    tensors = [argument for argument in given if isinstance(argument, torch.Tensor)]
    device = tensors[0].device if tensors else torch.device("cpu")
    kind = torch.float64
    floats = [tensor.dtype for tensor in tensors if tensor.is_floating_point()]
    for place, dtype in enumerate(floats):
        kind = torch.promote_types(kind, dtype) if place else dtype
    made = [torch.as_tensor(argument, device=device).to(kind) for argument in given]
    result: torch.Tensor = _Elementwise.apply(value, slope, *torch.broadcast_tensors(*made))
    return result


class _Elementwise(torch.autograd.Function):
    """A function of NumPy arrays of one shape, entry by entry, differentiable in the last of them."""

    @staticmethod
    def forward(value: Callable[..., Any], slope: Slope, *inputs: torch.Tensor) -> torch.Tensor:
        arrays = [tensor.detach().cpu().to(torch.float64).numpy() for tensor in inputs]
        return torch.as_tensor(value(*arrays)).to(dtype=inputs[-1].dtype, device=inputs[-1].device)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
        ctx.slope, ctx.count = inputs[1], len(inputs)
        ctx.save_for_backward(*inputs[2:])
        ctx.save_for_forward(*inputs[2:])

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        return *[None] * (ctx.count - 1), grad * ctx.slope(*ctx.saved_tensors)

    @staticmethod
    def jvp(ctx: Any, *tangents: torch.Tensor | None) -> torch.Tensor:
        moved = tangents[-1]
        return torch.zeros_like(ctx.saved_tensors[-1]) if moved is None else moved * ctx.slope(*ctx.saved_tensors)

    @staticmethod
    def vmap(
        info: Any, in_dims: tuple[int | None, ...], value: Callable[..., Any], slope: Slope, *inputs: torch.Tensor
    ) -> tuple[torch.Tensor, int]:
        front = [
            tensor.unsqueeze(0) if axis is None else tensor.movedim(axis, 0)
            for tensor, axis in zip(inputs, in_dims[2:], strict=True)
        ]
        return _Elementwise.apply(value, slope, *torch.broadcast_tensors(*front)), 0
