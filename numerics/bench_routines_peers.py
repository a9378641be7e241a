"""What the compiled routines are measured against: careful code by hand, libraries, and the floor of the machine.

Every peer takes points (B, n) and patterns (d, n), NumPy arrays or Torch tensors of one type; the inverse temperature
is 1.  The hand-written ones work in place on blocks of rows.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from scipy.special import logsumexp

Array = Any
Peer = Callable[[Array, Array], Array]
ROWS = 512
LOWEST = -87.0  # exp is slow where a float32 underflows


def _numpy_weights(x: Array, patterns: Array, bias: Array, factor: float, work: Array) -> tuple[Array, Array, Array]:
    """Shifted exponentials of factor x.rho + bias, their sums and the shifts."""
    scores = np.matmul(factor * x, patterns.T, out=work[: len(x)])
    scores += bias
    top = scores.max(axis=1)
    scores -= top[:, None]
    np.exp(scores, out=scores)
    return scores, scores.sum(axis=1), top


def _numpy(quantity: str) -> Peer:
    def run(x: Array, patterns: Array) -> Array:
        rows, network = min(ROWS, len(x)), quantity == "network step"
        work = np.empty((rows, len(patterns)), x.dtype)
        bias = np.zeros(1, x.dtype) if network else -np.einsum("ij,ij->i", patterns, patterns)
        found = np.empty(len(x) if quantity == "energy" else x.shape, x.dtype)
        for start in range(0, len(x), rows):
            block = slice(start, start + rows)
            weights, total, top = _numpy_weights(x[block], patterns, bias, 1.0 if network else 2.0, work)
            if quantity == "energy":
                found[block] = np.einsum("ij,ij->i", x[block], x[block]) - top - np.log(total)
                continue
            mean = np.matmul(weights, patterns, out=found[block])
            mean /= total[:, None]
            if quantity == "gradient":
                np.subtract(x[block], mean, out=mean)
                mean *= 2
        return found

    return run


def _torch(quantity: str) -> Peer:
    def run(x: Array, patterns: Array) -> Array:
        torch = import_module("torch")
        rows, network = min(ROWS, len(x)), quantity == "network step"
        work = torch.empty((rows, len(patterns)), dtype=x.dtype, device=x.device)
        bias = torch.linalg.vecdot(patterns, patterns)
        found = torch.empty(len(x) if quantity == "energy" else x.shape, dtype=x.dtype, device=x.device)
        for start in range(0, len(x), rows):
            block = x[start : start + rows]
            scores = work[: len(block)]
            if network:
                torch.mm(block, patterns.T, out=scores)
            else:
                torch.addmm(bias, block, patterns.T, alpha=2, beta=-1, out=scores)
            top = scores.amax(1)
            total = scores.sub_(top[:, None]).clamp_(min=LOWEST).exp_().sum(1)
            if quantity == "energy":
                found[start : start + rows] = torch.linalg.vecdot(block, block) - top - total.log_()
                continue
            mean = torch.mm(scores, patterns, out=found[start : start + rows])
            mean /= total[:, None]
            if quantity == "gradient":
                torch.sub(block, mean, out=mean)
                mean *= 2
        return found

    return run


def _torch_cdist(x: Array, patterns: Array) -> Array:
    """The line that one would write first."""
    torch = import_module("torch")
    return -torch.logsumexp(-(torch.cdist(x, patterns) ** 2), 1)


def _scipy(x: Array, patterns: Array) -> Array:
    squares = (x * x).sum(1)[:, None] - 2 * x @ patterns.T + (patterns * patterns).sum(1)
    return -logsumexp(-squares, axis=1)


def _keops(x: Array, patterns: Array) -> Array:
    lazy = import_module("pykeops.torch").LazyTensor
    squares = ((lazy(x[:, None].contiguous()) - lazy(patterns[None].contiguous())) ** 2).sum(-1)
    return -(-squares).logsumexp(1).squeeze(-1)


def _hflayers(x: Array, patterns: Array) -> Array:
    """One association of the Hopfield module without projections and normalisations."""
    names = ("stored_pattern", "state_pattern", "pattern_projection")
    plain = {f"normalize_{name}{end}": False for name in names for end in ("", "_affine")}
    static = {f"{name}_as_static": True for name in names}
    layer = import_module("hflayers").Hopfield(scaling=1.0, disable_out_projection=True, **plain, **static)
    return layer((patterns[None], x[None], patterns[None]))[0]


HAND: dict[str, Callable[[str], Peer]] = {"numpy": _numpy, "torch": _torch}
LIBRARIES: dict[str, tuple[str, str, str, Peer]] = {  # backend, quantity, package
    "scipy logsumexp": ("numpy", "energy", "scipy", _scipy),
    "torch cdist + logsumexp": ("torch", "energy", "torch", _torch_cdist),
    "keops": ("torch", "energy", "pykeops", _keops),
    "hflayers": ("torch", "network step", "hflayers", _hflayers),
}


def floor(backend: str, x: Array, patterns: Array) -> Callable[[], None]:
    """The bare matrix products of the energy, and the exponentials of scores as they come."""
    if backend == "numpy":
        out = np.empty((len(x), len(patterns)), x.dtype)
        scores = 2 * x @ patterns.T - (patterns * patterns).sum(1)
        scores -= scores.max(1, keepdims=True)
        weights = np.empty_like(scores)

        def run() -> None:
            np.matmul(x, patterns.T, out=out)
            np.exp(scores, out=weights)

        return run
    torch = import_module("torch")
    product = torch.empty((len(x), len(patterns)), dtype=x.dtype, device=x.device)
    drops = 2 * x @ patterns.T - (patterns * patterns).sum(1)
    drops = (drops - drops.amax(1, keepdim=True)).clamp(min=LOWEST)
    exponentials = torch.empty_like(drops)

    def run_torch() -> None:
        torch.mm(x, patterns.T, out=product)
        torch.exp(drops, out=exponentials)

    return run_torch
