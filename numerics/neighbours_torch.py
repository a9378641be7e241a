"""Blocks of products on a device of Torch, for ``neighbours``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from numerics.neighbours_bounds import Array

PROBE = 256


class DeviceProducts:
    """Products on a device, in float32 with all its digits: shortened formats would break the bound.

    Raises:
        RuntimeError: the device multiplies with fewer digits all the same.
    """

    def __init__(self, points: Array, device: Any) -> None:
        self.device = torch.device(device)
        self.points = torch.from_numpy(points).to(self.device)
        fine = torch.full((PROBE, PROBE), 1 + 2.0**-20, device=self.device)
        with _all_digits():
            whole = bool((fine @ torch.eye(PROBE, device=self.device) == fine).all())
        if not whole:
            raise RuntimeError(f"{self.device} shortens float32 in products, so nothing can be certified: use the CPU")

    def multiply(self, rows: slice, columns: slice) -> Tensor:
        others = -2 * self.points[columns]
        others[:, -2] = 1
        others[:, -1] = self.points[columns, -2]
        with _all_digits():
            block = self.points[rows] @ others.T
        if rows == columns:
            block.fill_diagonal_(torch.inf)
        return block

    def minima(self, block: Tensor) -> tuple[Array, Array]:
        return block.amin(dim=1).cpu().numpy(), block.amin(dim=0).cpu().numpy()

    def lines(self, block: Tensor, which: Array, axis: int) -> Array:
        chosen = torch.from_numpy(which.astype(np.int64)).to(self.device)
        found = block.index_select(axis, chosen)
        return np.asarray((found if axis == 0 else found.T).contiguous().cpu())


@contextlib.contextmanager
def _all_digits() -> Iterator[None]:
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)
