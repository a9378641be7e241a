"""One pass over patterns that are split over a Ray cluster, for those who do not start processes with torchrun.

Every shard is a task of the cluster, which sends back its sums; they are joined here.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from numerics.streaming import Scan, check_neighbours, plan_scan, read_scan, sum_patterns
from numerics.streaming_blocks import Plan
from numerics.streaming_files import StreamError
from numerics.streaming_sources import chain_patterns, dtype_of, open_patterns
from numerics.streaming_state import State, empty_state, join_states, shift_indices

INSTALL = "pip install 'majorant[ray]'"


def scan_shards(
    x: Any,
    shards: Sequence[Any],
    *,
    p: float = 2,
    beta: float = 1.0,
    energy: bool = True,
    gradient: bool = False,
    neighbours: int = 0,
    dtype: Any = None,
    threads: int = 1,
) -> Scan:
    """What ``streaming.scan_patterns`` finds over all shards: arrays, or paths that every node and this one can read.

    Rows are numbered through in the order of the shards; each task takes ``threads`` processors.  Ray is started on
    this machine unless it runs already.

    Raises:
        StreamError: Ray is not installed, no shards, or what ``scan_patterns`` refuses.
    """
    try:
        ray = importlib.import_module("ray")
    except ModuleNotFoundError as error:
        raise StreamError(f"shards over a cluster need Ray: {INSTALL}") from error
    whole = chain_patterns(shards)
    kind = np.result_type(np.asarray(x).dtype, dtype_of(whole), np.float32) if dtype is None else dtype
    plan = plan_scan(x, whole, p, beta, energy, gradient, neighbours, kind)
    check_neighbours(neighbours, whole.count)
    if not ray.is_initialized():
        ray.init(include_dashboard=False)
    task = ray.remote(num_cpus=threads)(_sum_shard)
    shared = ray.put(plan)
    state = empty_state(len(plan.points), whole.width, gradient, neighbours)
    for part in ray.get([task.remote(shared, shard, threads) for shard in shards]):
        state = join_states(state, shift_indices(part, state.count))
    return read_scan(plan, state)


def _sum_shard(plan: Plan, shard: Any, threads: int) -> State:
    return sum_patterns(plan, open_patterns(shard), threads, progress=False)
