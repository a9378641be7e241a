"""Energies and nearest patterns over more patterns than fit into memory, in one pass.

Patterns come as an array, a ``numpy.memmap``, the path of a ``.npy`` or ``.safetensors`` file, or an iterator of 2-d
blocks.  The memory in use is a few pieces of ``streaming_blocks.PIECE_BYTES`` for each thread; sums follow a running
maximum, so they are as good as with all patterns at hand.  The layer energy is equation (4),
``theory.energies.layer``, with an inverse temperature: ``E(x) = -log sum_i exp(-beta ||x - rho_i||^p)``, in nats.

Numbers are computed in the dtype that NumPy gives queries and patterns together, float32 at least, unless ``dtype``
says otherwise (to which the queries are rounded); results are in double precision.  The squared distances in the sums
are off by at most ``neighbours_bounds.product_error``; those of nearest patterns are taken from differences in double
precision.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np

from numerics.array_arguments import check_beta, check_count, check_power, has_tensor
from numerics.streaming_blocks import Plan, make_plan, scan_task
from numerics.streaming_files import Array, StreamError
from numerics.streaming_jobs import Job, open_job
from numerics.streaming_progress import progress_bar
from numerics.streaming_sources import Source, as_rows, chain_patterns, dtype_of, open_patterns
from numerics.streaming_state import State, empty_state, join_states

T = TypeVar("T")

TASK_BYTES = 32 << 20  # of patterns that one thread works through before its sums are joined


@dataclass(frozen=True)
class Scan:
    """What one pass found, for (queries,) queries.

    ``energy`` (queries,) in nats; ``gradient`` (queries, width); ``distances`` (queries, k) to the nearest patterns,
    nearest first, in the unit of the patterns, with their rows ``indices``.  What was not asked for is None.
    ``count`` is the number of patterns.
    """

    count: int
    energy: Array | None = None
    gradient: Array | None = None
    distances: Array | None = None
    indices: Array | None = None


def scan_patterns(
    x: Any,
    patterns: Any,
    *,
    p: float = 2,
    beta: float = 1.0,
    energy: bool = True,
    gradient: bool = False,
    neighbours: int = 0,
    dtype: Any = None,
    name: str | None = None,
    threads: int | None = None,
    job: str | os.PathLike[str] | None = None,
    progress: bool | None = None,
) -> Scan:
    """Everything that is asked about queries ``x``, shape (queries, width), in one pass over the patterns.

    ``neighbours`` is the number of nearest patterns wanted, ``name`` the tensor of a safetensors file, ``threads`` the
    number of threads (the processors, 8 at most).  ``job`` is a path without suffix: the pass leaves its sums there
    every few seconds, when it is interrupted and when it is done, and a later call goes on from them; inputs that have
    changed are refused.  ``progress`` shows a bar on the terminal, by default if there is one.

    Raises:
        StreamError: queries, patterns, options or a job that cannot be used.
    """
    source = open_patterns(patterns, name)
    plan = plan_scan(x, source, p, beta, energy, gradient, neighbours, dtype)
    check_neighbours(neighbours, source.count)
    state = sum_patterns(plan, source, threads, open_job(job, plan, source) if job is not None else None, progress)
    check_neighbours(neighbours, state.count)
    return read_scan(plan, state)


def layer_energy(x: Any, patterns: Any, p: float = 2, beta: float = 1.0, **options: Any) -> Any:
    """The layer energy (4) at queries (queries, width), shape (queries,), in nats; options of ``scan_patterns``.

    For a Torch tensor this is ``streaming_torch.layer_energy``, which differentiates.
    """
    if has_tensor(x):
        from numerics import streaming_torch

        return streaming_torch.layer_energy(x, patterns, p, beta, **options)
    return scan_patterns(x, patterns, p=p, beta=beta, **options).energy


def layer_energy_gradient(x: Any, patterns: Any, p: float = 2, beta: float = 1.0, **options: Any) -> Any:
    """The gradient of the layer energy in x, shape (queries, width); options of ``scan_patterns``.

    A pattern at the query itself adds 0 (for p = 1, where the energy has a kink there, one of its subgradients).  With
    p < 1, where the slope grows without bound near a pattern, gradients are refused; for patterns in memory
    ``numerics.energies`` gives them away from the patterns, and 0 at one by convention.
    """
    if has_tensor(x):
        from numerics import streaming_torch

        return streaming_torch.layer_energy_gradient(x, patterns, p, beta, **options)
    return scan_patterns(x, patterns, p=p, beta=beta, gradient=True, **options).gradient


def nearest_patterns(x: Any, patterns: Any, k: int = 1, **options: Any) -> tuple[Array, Array]:
    """Distances to the k nearest patterns and their rows, both (queries, k), nearest first.

    Exact up to double precision: the lower row comes first where two distances round to the same number.
    """
    found = scan_patterns(x, patterns, energy=False, neighbours=k, **options)
    return cast(Array, found.distances), cast(Array, found.indices)


def nearest_distance(x: Any, patterns: Any, p: float = 2, **options: Any) -> Array:
    """``g(x) = min_i ||x - rho_i||^p``, equation (3), shape (queries,)."""
    exponent = float(_checked(check_power, p))
    distances: Array = nearest_patterns(x, patterns, 1, **options)[0][:, 0]
    return distances**exponent


def global_energy(x: Any, layers: Sequence[Any], p: float = 2, beta: float = 1.0, **options: Any) -> Any:
    """The global energy (7), ``-log sum_t exp(-E_t)``, shape (queries,), in nats; options of ``scan_patterns``.

    Each of ``layers`` is an array, a memory map or a path with the patterns of one layer, and ``E_t`` is the layer
    energy over them.  By ``global.energy.flattening`` (10.1) this is the layer energy over all patterns, so the layers
    share one pass.
    """
    return layer_energy(x, layers if has_tensor(x) else chain_patterns(layers), p, beta, **options)


def global_energy_gradient(x: Any, layers: Sequence[Any], p: float = 2, beta: float = 1.0, **options: Any) -> Any:
    """The gradient of the global energy in x, shape (queries, width); see ``global_energy``."""
    return layer_energy_gradient(x, layers if has_tensor(x) else chain_patterns(layers), p, beta, **options)


def plan_scan(
    x: Any, source: Source, p: float, beta: float, energy: bool, gradient: bool, neighbours: int, dtype: Any
) -> Plan:
    """The plan of a pass, from checked arguments; as ``scan_patterns``."""
    queries = as_rows(x, "the queries", source.width)
    kind = np.dtype(dtype) if dtype is not None else np.result_type(queries.dtype, dtype_of(source), np.float32)
    if kind not in (np.float32, np.float64):
        raise StreamError(f"dtype {kind}: computed is in float32 or float64")
    if not np.isfinite(queries).all():
        row, column = (int(place) for place in np.argwhere(~np.isfinite(queries))[0])
        raise StreamError(f"the queries, row {row + 1}, column {column + 1}: {queries[row, column]} is not finite")
    _checked(check_power, p)
    _checked(check_beta, beta)
    wanted = _checked(check_count, neighbours, "neighbours", 0)
    if gradient and p < 1:
        raise StreamError(f"the gradient with p = {p} is infinite at a pattern: it takes p of 1 at least")
    if not (energy or gradient or wanted):
        raise StreamError("nothing is asked for: set energy, gradient or neighbours")
    return make_plan(queries, kind, float(p), float(beta), energy or gradient, gradient, wanted)


def _checked(check: Callable[..., T], *given: Any) -> T:
    """What the check of an argument gives; what it refuses is a ``StreamError``."""
    try:
        return check(*given)
    except ValueError as error:
        raise StreamError(str(error)) from None


def check_neighbours(neighbours: int, count: int | None) -> None:
    """Raise ``StreamError`` if more nearest patterns are wanted than there are."""
    if count is not None and neighbours > count:
        raise StreamError(f"{neighbours} nearest patterns of {count}: ask for fewer")


def sum_patterns(
    plan: Plan, source: Source, threads: int | None = None, job: Job | None = None, progress: bool | None = None
) -> State:
    """The state of all patterns of a source: tasks run in threads, and are joined in the order of the rows.

    So the result does not depend on the number of threads, nor on interruptions.
    """
    width = plan.points.shape[1]
    rows = max(plan.rows, TASK_BYTES // (plan.dtype.itemsize * width) // plan.rows * plan.rows)
    state = empty_state(len(plan.points), width, plan.gradient, plan.neighbours)
    state = (job.load() if job is not None else None) or state
    several = _checked(check_count, threads, "threads", 1) if threads is not None else processors()
    pending: deque[Future[State]] = deque()
    with (
        progress_bar("patterns", source.count, progress) as show,
        one_thread_products(several),
        ThreadPoolExecutor(several) as pool,
    ):
        try:
            for task in source.tasks(rows, state.count):
                pending.append(pool.submit(scan_task, plan, task, source.what))
                while len(pending) > several:
                    state = join_states(state, pending.popleft().result())
                    show(state.count)
                    if job is not None:
                        job.save_now_and_then(state)
            while pending:
                state = join_states(state, pending.popleft().result())
                show(state.count)
        finally:
            for future in pending:
                future.cancel()
            if job is not None:
                job.save(state)
    if not state.count:
        raise StreamError(f"{source.what} are empty: give at least one pattern")
    return state


def read_scan(plan: Plan, state: State) -> Scan:
    """What a state says of the queries."""
    energy = gradient = None
    if plan.energy:
        energy = -state.shift - np.log(state.total)
    if plan.gradient:
        centred = plan.points - plan.origin
        pulled = state.weight[:, None] * centred - state.pull
        gradient = plan.beta * plan.p * pulled / state.total[:, None]
    if not plan.neighbours:
        return Scan(state.count, energy, gradient)
    return Scan(state.count, energy, gradient, np.sqrt(state.squared), state.indices)


def processors() -> int:
    """The number of threads of a pass unless another is given: one for each processor, 8 at most."""
    affinity = getattr(os, "sched_getaffinity", None)
    return min(8, len(affinity(0)) if affinity else os.cpu_count() or 1)


def one_thread_products(threads: int) -> contextlib.AbstractContextManager[Any]:
    """Within it a product takes one thread, where ``threads`` of ours take products and threadpoolctl is installed.

    Else each of them waits for the threads of the BLAS, ten times as long where other work wants the processors.
    """
    if threads == 1 or importlib.util.find_spec("threadpoolctl") is None:
        return contextlib.nullcontext()
    limits: Any = importlib.import_module("threadpoolctl").threadpool_limits
    return cast(contextlib.AbstractContextManager[Any], limits(limits=1, user_api="blas"))
