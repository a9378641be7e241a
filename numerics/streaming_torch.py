"""The layer energy over streamed patterns as a Torch operation that differentiates, also twice.

Each block of patterns is a checkpoint: what lies inside it is computed (and read from disk) again on the way back, so
that a graph holds the energies of the blocks and nothing of their size.  Patterns may be a tensor, whose gradient then
flows too, a sequence of tensors, or whatever ``streaming_sources`` reads a second time; device and dtype are those of
the queries, with half precisions computed in float32.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from numerics.array_arguments import check_beta, check_power
from numerics.streaming_files import StreamError
from numerics.streaming_sources import IteratorSource, Task, chain_patterns, open_patterns

BLOCK_BYTES = 32 << 20  # of scores, and of patterns, in a block
Block: TypeAlias = Tensor | Task


def layer_energy(x: Tensor, patterns: Any, p: float = 2, beta: float = 1.0, rows: int | None = None) -> Tensor:
    """The layer energy (4) at queries (queries, width), shape (queries,), in nats; ``rows`` is the size of a block.

    A pattern at a query has distance 0, and its gradient there is 0.

    Raises:
        StreamError: shapes, dtypes or values that cannot be used, or an iterator of blocks under autograd.
    """
    if x.ndim != 2 or not x.is_floating_point() or 0 in x.shape:
        raise StreamError(f"the queries have shape {tuple(x.shape)}, {x.dtype}: give a nonempty 2-d tensor of floats")
    try:
        check_power(p)
        check_beta(beta)
    except ValueError as error:
        raise StreamError(str(error)) from None
    if p < 1:
        raise StreamError(f"p is {p}: under autograd p is 1 at least")
    if not bool(torch.isfinite(x).all()):
        raise StreamError("the queries hold values that are not finite: remove or replace them")
    kind = x.dtype if x.dtype in (torch.float32, torch.float64) else torch.float32
    points = x.to(kind)
    origin = points.detach().mean(dim=0)
    size = rows or max(1, BLOCK_BYTES // (kind.itemsize * max(x.shape)))
    graph = torch.is_grad_enabled() and (x.requires_grad or any(t.requires_grad for t in _tensors(patterns)))

    def energy(at: Tensor, block: Block) -> Tensor:
        return _block_energy(at, origin, block, p, beta)

    found = [
        checkpoint(energy, points, block, use_reentrant=False, preserve_rng_state=False) if graph
        else energy(points, block)
        for block in _blocks(patterns, x.shape[1], size, graph)
    ]  # fmt: skip
    if not found:
        raise StreamError("there are no patterns: give at least one")
    return -torch.logsumexp(-torch.stack(found), dim=0).to(x.dtype)


def layer_energy_gradient(x: Tensor, patterns: Any, p: float = 2, beta: float = 1.0, rows: int | None = None) -> Tensor:
    """The gradient of the layer energy in x, shape (queries, width), itself with a graph where x wants one."""
    with torch.enable_grad():
        at = x if x.requires_grad else x.detach().requires_grad_()
        total = layer_energy(at, patterns, p, beta, rows).sum()
        (found,) = torch.autograd.grad(total, at, create_graph=x.requires_grad)
    return found


def _tensors(patterns: Any) -> list[Tensor]:
    several = patterns if isinstance(patterns, (list, tuple)) else [patterns]
    return [each for each in several if isinstance(each, Tensor)]


def _blocks(patterns: Any, width: int, rows: int, graph: bool) -> Iterator[Block]:
    tensors = _tensors(patterns)
    if tensors and (isinstance(patterns, Tensor) or len(tensors) == len(patterns)):
        for tensor in tensors:
            if tensor.ndim != 2 or tensor.shape[1] != width or tensor.is_complex():
                raise StreamError(f"patterns of shape {tuple(tensor.shape)}, {tensor.dtype}: give real (rows, {width})")
            if len(tensor):
                yield from tensor.split(rows)  # one operation, whose gradient is put together once
        return
    source = chain_patterns(patterns) if isinstance(patterns, (list, tuple)) else open_patterns(patterns)
    if source.width != width:
        raise StreamError(f"{source.what} are {source.width} wide, the queries {width}: both must have one width")
    if graph and isinstance(source, IteratorSource):
        raise StreamError("an iterator of blocks is read once, gradients need them twice: give a tensor or a file")
    yield from source.tasks(rows)


def _block_energy(x: Tensor, origin: Tensor, block: Block, p: float, beta: float) -> Tensor:
    """The energy over one block; products are taken about the origin."""
    rho = (block if isinstance(block, Tensor) else _read(block)).to(device=x.device)
    rho = rho.to(torch.promote_types(rho.dtype, x.dtype))
    centred, around = x - origin, (rho - origin).to(x.dtype)
    norms = (around * around).sum(dim=1)
    if not bool(torch.isfinite(norms).all()):
        row = int(torch.isfinite(norms).logical_not().nonzero()[0])
        place = f"row {row + 1} of a block" if isinstance(block, Tensor) else f"row {block.start + row + 1}"
        raise StreamError(f"the patterns, {place}: not finite, or too long for {x.dtype}: remove or replace it")
    squares = (centred * centred).sum(dim=1, keepdim=True)
    squared = torch.addmm(norms, centred, around.T, alpha=-2) + squares
    near = (squared.detach() < torch.finfo(x.dtype).eps ** (1 / 3) * squares.detach()).nonzero(as_tuple=True)
    if near[0].numel():  # where norms hide the distance it is taken from the difference
        away = (x[near[0]] - rho[near[1]]).to(x.dtype)
        squared = squared.index_put(near, (away * away).sum(dim=1))
    if p != 2:
        away = squared > 0
        squared = torch.where(away, torch.where(away, squared, 1.0) ** (p / 2), 0.0)
    return -torch.logsumexp(-beta * squared, dim=1)


def _read(task: Task) -> Tensor:
    pieces = [piece.copy() for _, piece in task.pieces(task.rows, np.empty(0, np.uint8))]
    return torch.from_numpy(np.concatenate(pieces))
