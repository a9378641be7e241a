"""Arguments that functions of arrays share: exponents, inverse temperatures, counts, tensors among others."""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from numbers import Integral, Real
from typing import Any

import numpy as np


def has_tensor(*values: Any) -> bool:
    """Whether one of the values is a Torch tensor; Torch is not imported to find out."""
    torch = sys.modules.get("torch")
    return torch is not None and any(isinstance(value, torch.Tensor) for value in values)


def plain_number(value: Any) -> bool:
    """Whether a value is a real number of Python or NumPy, and no truth value."""
    return isinstance(value, Real) and not isinstance(value, (bool, np.bool_))


def check_power(p: Any) -> Fraction:
    """The exponent of the distance, exactly; raises ``ValueError`` unless it is a positive finite number."""
    if not plain_number(p) or not 0 < float(p) < math.inf:
        raise ValueError(f"p is {p!r}; allowed is a positive finite number, such as 1 or 2")
    return Fraction(p) if isinstance(p, (int, Fraction)) else Fraction(float(p))


def check_beta(beta: Any) -> None:
    """Raises ``ValueError`` unless beta is one positive finite number, or an array or tensor without axes of one.

    Under ``torch.func`` and ``torch.compile`` the value of a tensor may not be looked at, and is not.
    """
    if has_tensor(beta):
        from numerics.backends.torch_engine import transformed

        real = not beta.ndim and not beta.is_complex() and "bool" not in str(beta.dtype)
        allowed = real and (transformed() or 0 < float(beta.detach()) < math.inf)
    elif isinstance(beta, (np.ndarray, np.generic)):
        allowed = not beta.ndim and beta.dtype.kind in "iuf" and 0 < float(beta) < math.inf
    else:
        allowed = plain_number(beta) and 0 < float(beta) < math.inf
    if not allowed:
        raise ValueError(f"beta is {beta!r}; allowed is one positive finite number, the inverse temperature")


def check_count(count: Any, name: str, least: int) -> int:
    """The count as an int; raises ``ValueError`` unless it is a whole number, ``least`` or more."""
    if not isinstance(count, Integral) or isinstance(count, bool) or count < least:
        raise ValueError(f"{name} is {count!r}; allowed is a whole number from {least} on")
    return int(count)
