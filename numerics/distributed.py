"""One pass over patterns that are split over processes: ``torch.distributed``, by Gloo or NCCL.

Every process sums its own shard; then the largest shifts are reduced, every process moves its sums to them, and the
sums are added, each once.  The nearest patterns of all shards are gathered and merged.  For shards of one file:

    torchrun --nproc-per-node 2 -m numerics.distributed queries.npy patterns.npy result.npz --gradient --neighbours 3
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, NoReturn

import numpy as np
import torch
import torch.distributed as dist

from numerics.streaming import Scan, check_neighbours, plan_scan, read_scan, sum_patterns
from numerics.streaming_files import StreamError
from numerics.streaming_sources import dtype_of, open_patterns, take_shard
from numerics.streaming_state import State, empty_state, nearest_of, shift_indices


def scan_shards(
    x: Any,
    shard: Any,
    *,
    p: float = 2,
    beta: float = 1.0,
    energy: bool = True,
    gradient: bool = False,
    neighbours: int = 0,
    dtype: Any = None,
    threads: int | None = None,
    group: dist.ProcessGroup | None = None,
) -> Scan:
    """What ``streaming.scan_patterns`` finds over the shards of all processes of a group, in every process.

    Every process gives the same queries and options, and its own patterns, None if it has none; rows are numbered
    through in the order of the ranks.  All processes must call it.

    Raises:
        StreamError: in every process, if one of them cannot use its input or was asked something else.
    """
    if not dist.is_initialized():
        raise StreamError(
            "there is no group of processes: start with torchrun, call torch.distributed.init_process_group"
        )
    source, plan, problem = None, None, ""
    try:
        source = open_patterns(shard if shard is not None else np.zeros((1, *np.shape(x)[-1:]), np.float32))
        if dtype is None:
            dtype = np.result_type(np.asarray(x).dtype, dtype_of(source), np.float32)
    except (StreamError, TypeError) as error:
        problem = str(error)
    kinds = _exchange([int(dtype == np.float64)], problem, group)
    try:
        if source is not None:
            kind = np.float64 if [1] in kinds else dtype
            plan = plan_scan(x, source, p, beta, energy, gradient, neighbours, kind)
    except StreamError as error:
        problem = str(error)
    digests = _exchange([int(plan.digest()[:15], 16) if plan is not None else 0], problem, group)
    if plan is None or source is None or any(digest != digests[0] for digest in digests):
        raise StreamError("the processes were given different queries or options: all must be given the same")
    state = empty_state(len(plan.points), source.width, gradient, neighbours)
    try:
        if shard is not None:
            state = sum_patterns(plan, source, threads, progress=False)
    except StreamError as error:
        problem = str(error)
    counts = [count for (count,) in _exchange([state.count], problem, group)]
    if not sum(counts):
        raise StreamError("the shards of all processes hold no patterns: give at least one")
    check_neighbours(neighbours, sum(counts))
    return read_scan(plan, reduce_states(state, counts, group))


def reduce_states(state: State, counts: list[int], group: dist.ProcessGroup | None = None) -> State:
    """The joined state of all processes, in every process; ``counts`` are the numbers of patterns by rank."""
    device = _device(group)
    shift = torch.from_numpy(state.shift).to(device, copy=True)
    dist.all_reduce(shift, dist.ReduceOp.MAX, group)
    largest = shift.cpu().numpy()
    kept = np.exp(state.shift - np.where(np.isfinite(largest), largest, 0.0))
    sums = kept[:, None] * np.concatenate([state.total[:, None], state.weight[:, None], state.pull], axis=1)
    added = torch.from_numpy(sums).to(device)
    dist.all_reduce(added, dist.ReduceOp.SUM, group)
    whole = added.cpu().numpy()
    squared, indices = state.squared, state.indices
    if squared.shape[1]:
        moved = shift_indices(state, sum(counts[: dist.get_rank(group)]))
        near, rows = (_gather(torch.from_numpy(array).to(device), group) for array in (squared, moved.indices))
        squared, indices = nearest_of(near, rows)
    return State(sum(counts), largest, whole[:, 0], whole[:, 1], whole[:, 2:], squared, indices)


def _exchange(own: list[int], problem: str, group: dist.ProcessGroup | None) -> list[list[int]]:
    """The numbers of every process, by rank; every process raises if one had a problem."""
    flagged = torch.tensor([int(bool(problem)), *own], dtype=torch.int64, device=_device(group))
    every = [each.tolist() for each in _gather(flagged, group)]
    failed = [rank for rank, (bad, *_) in enumerate(every) if bad]
    if failed:
        raise StreamError(problem or f"process {failed[0]} cannot use its input: see its message")
    return [numbers for _, *numbers in every]


def _gather(own: torch.Tensor, group: dist.ProcessGroup | None) -> list[Any]:
    every = [torch.empty_like(own) for _ in range(dist.get_world_size(group))]
    dist.all_gather(every, own.contiguous(), group)
    return [each.cpu().numpy() for each in every]


def _device(group: dist.ProcessGroup | None) -> torch.device:
    """Where the group exchanges tensors: NCCL needs its own device."""
    if dist.get_backend(group) == "nccl":
        return torch.device("cuda", torch.cuda.current_device())
    return torch.device("cpu")


def end_together() -> NoReturn:
    """Leave the group of all processes and end this process at once, as done.

    They wait for each other first.  Python's own clean-up is left out: a Gloo thread may still let go of a tensor of
    the last exchange, and a process that is cleaning up then is aborted, about once in thirty times with torch 2.13.
    """
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def main(arguments: list[str] | None = None) -> None:
    """Scan the shards of one file in the processes that torchrun has started; the first one writes the result."""
    reader = argparse.ArgumentParser(prog="numerics.distributed", description=(__doc__ or "").split("\n")[0])
    reader.add_argument("queries", help="a .npy file, shape (queries, width)")
    reader.add_argument("patterns", help="a .npy or .safetensors file that every process can read")
    reader.add_argument("out", help="the .npz file to write: energy, gradient, distances, indices")
    reader.add_argument("--p", type=float, default=2.0)
    reader.add_argument("--beta", type=float, default=1.0)
    reader.add_argument("--gradient", action="store_true")
    reader.add_argument("--neighbours", type=int, default=0)
    asked = reader.parse_args(arguments)
    if "RANK" not in os.environ:
        raise SystemExit("start this with torchrun: torchrun --nproc-per-node 2 -m numerics.distributed ...")
    local = int(os.environ.get("LOCAL_RANK", "0"))
    if torch.cuda.is_available():
        torch.cuda.set_device(local)
    dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    try:
        rank, size = dist.get_rank(), dist.get_world_size()
        x = np.load(asked.queries, allow_pickle=False)
        found = scan_shards(
            x, take_shard(asked.patterns, rank, size), p=asked.p, beta=asked.beta, gradient=asked.gradient,
            neighbours=asked.neighbours, dtype=None, threads=1,
        )  # fmt: skip
        if rank == 0:
            np.savez(asked.out, **{name: value for name, value in vars(found).items() if value is not None})
    except BaseException:
        dist.destroy_process_group()  # the others may be waiting elsewhere: no meeting at the end
        raise


if __name__ == "__main__":
    main()
    end_together()
