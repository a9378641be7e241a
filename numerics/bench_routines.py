"""How fast compiled routines are: ``python -m numerics.bench_routines [--points B] [--patterns d] [--width n]``.

Routine, code by hand, libraries and floor run in turn on the same arrays, the order turned by one in every round; a
ratio is the median over the rounds of the ratios within one round.  Before anything is timed, all results are compared.
The floor is the time of the bare matrix product and of the exponentials; that of a gradient or a step is that of the
energy, plus a second product of the same size.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any, Literal

import numpy as np
import sympy as sp

from numerics.array_routine import compile_arrays
from numerics.bench_routines_peers import HAND, LIBRARIES, floor
from theory.energies.layer import energy
from theory.energies.nearest import over_d
from theory.notation import beta, i, k, n, rho, x, y
from theory.retrieval import mchn_weight, update

BARS = {"by hand": 1.05, "floor": 1.6}
AGREEMENT = 1e-3
Run = Callable[[], Any]


@dataclass(frozen=True)
class Row:
    """One peer: median seconds, and the median of the ratios of the routine's time to its time."""

    backend: str
    quantity: str
    peer: str
    seconds: float
    routine_seconds: float
    ratio: float


def routines(backend: Literal["numpy", "torch"]) -> dict[str, Callable[[Any, Any], Any]]:
    """The compiled routines at inverse temperature 1, as functions of points and patterns."""
    value = compile_arrays(energy(x), backend, (x,))
    gradient = compile_arrays(energy(x), backend, (x,), compute=("gradient",))
    step = compile_arrays(update, backend, (y,), outputs=((k, n),))
    attention = sp.Sum(mchn_weight.subs(beta, 1) * rho[i, k], over_d)
    network = compile_arrays(attention, backend, (y,), outputs=((k, n),))
    return {
        "energy": lambda points, patterns: value({"x": points, "rho": patterns}),
        "gradient": lambda points, patterns: gradient({"x": points, "rho": patterns}),
        "step": lambda points, patterns: step({"y": points, "rho": patterns}),
        "network step": lambda points, patterns: network({"y": points, "rho": patterns}),
    }


def interleaved(runs: dict[str, Run], rounds: int) -> dict[str, list[float]]:
    """Seconds of every run in every round, the order turned by one from round to round."""
    names, seconds = list(runs), {name: list[float]() for name in runs}
    for name in names:
        runs[name]()
    for turn in range(rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            started = time.perf_counter()
            runs[name]()
            seconds[name].append(time.perf_counter() - started)
    return seconds


def measure(
    backend: Literal["numpy", "torch"], arrays: Sequence[Any], rounds: int, say: Callable[[str], None]
) -> list[Row]:
    """All rows of one backend; raises ``ArithmeticError`` where a peer disagrees."""
    found: list[Row] = []
    points, patterns = arrays
    product = import_module(backend).matmul
    for quantity, routine in routines(backend).items():
        expected = np.asarray(routine(points, patterns))
        runs: dict[str, Run] = {"routine": lambda routine=routine: routine(points, patterns)}  # type: ignore[misc]
        hand = HAND[backend](quantity)
        runs["by hand"] = lambda hand=hand: hand(points, patterns)  # type: ignore[misc]
        for name, (home, what, package, peer) in LIBRARIES.items():
            if (home, what) == (backend, quantity):
                if find_spec(package) is None:
                    say(f"{backend:6} {quantity:13} {name:24} not installed")
                    continue
                runs[name] = lambda peer=peer: peer(points, patterns)  # type: ignore[misc]
        for name, run in runs.items():
            off = float(np.abs(np.asarray(run()) - expected).max())
            if not off <= AGREEMENT * max(1.0, float(np.abs(expected).max())):
                raise ArithmeticError(f"{name} differs from the routine by {off:.3g} in the {quantity} of {backend}")
        least, weights = floor(backend, points, patterns), product(points, patterns.T)
        second = quantity != "energy"
        runs["floor"] = lambda least=least, second=second, weights=weights: (  # type: ignore[misc]
            least(),
            product(weights, patterns) if second else None,
        )
        seconds = interleaved(runs, rounds)
        for name in list(runs)[1:]:
            ratios = [own / other for own, other in zip(seconds["routine"], seconds[name], strict=True)]
            own = median(seconds["routine"])
            row = Row(backend, quantity, name, median(seconds[name]), own, median(ratios))
            mark = "  too slow" if row.ratio > BARS.get(name, np.inf) and (name != "floor" or not second) else ""
            say(f"{backend:6} {quantity:13} {name:24} {row.seconds * 1e3:9.2f} ms {row.ratio:7.3f}x{mark}")
            found.append(row)
    return found


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    names = [name for name in ("numpy", "scipy", "torch", "pykeops") if find_spec(name)]
    versions = {name: import_module(name).__version__ for name in names if name != "pykeops"}
    threads = import_module("torch").get_num_threads() if "torch" in names else None
    return {
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "torch_threads": threads,
        "load": os.getloadavg()[0],
        "versions": versions,
    }


def draw(rows: list[Row], file: Path) -> Path:
    """Bars of the ratios to code by hand, libraries and floor, on a logarithmic axis."""
    pyplot = import_module("matplotlib.figure")
    figure = pyplot.Figure(figsize=(8, 0.32 * len(rows) + 1.2), layout="constrained")
    axes = figure.add_subplot()
    labels = [f"{row.backend}, {row.quantity}: {row.peer}" for row in rows][::-1]
    colours = ["#4477aa" if row.peer != "floor" else "#bbbbbb" for row in rows][::-1]
    bars = axes.barh(labels, [row.ratio for row in rows][::-1], color=colours)
    axes.bar_label(bars, fmt="%.2f", padding=2)
    axes.axvline(1.0, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.margins(x=0.15)
    axes.set_xlabel("time of the compiled routine over time of the peer (median of paired runs)")
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file)
    return file


def bench(
    points: int = 1024,
    patterns: int = 4096,
    width: int = 256,
    rounds: int = 25,
    folder: Path = Path("majorant-out/bench"),
    say: Callable[[str], None] = print,
) -> list[Path]:
    """Measures all routines in float32, says every row, and writes ``routines.json`` and, with matplotlib, a plot.

    Raises ``ValueError`` unless all numbers are at least 1.
    """
    for name, value in (("points", points), ("patterns", patterns), ("width", width), ("rounds", rounds)):
        if value < 1:
            raise ValueError(f"{name} is {value}; allowed is a whole number from 1 on")
    generator = np.random.default_rng(20240513)
    arrays = [generator.normal(size=(count, width)).astype(np.float32) for count in (points, patterns)]
    say(f"{points} points, {patterns} patterns, width {width}, float32, {rounds} rounds")
    say(f"{'':6} {'quantity':13} {'peer':24} {'median':>12} {'routine/peer':>8}")
    rows = measure("numpy", arrays, rounds, say)
    if find_spec("torch") is None:
        say("torch  not installed")
    else:
        from_numpy = import_module("torch").from_numpy
        rows += measure("torch", [from_numpy(array) for array in arrays], rounds, say)
    folder.mkdir(parents=True, exist_ok=True)
    record = {"points": points, "patterns": patterns, "width": width, "rounds": rounds, **machine()}
    file = folder / "routines.json"
    file.write_text(json.dumps(record | {"rows": [asdict(row) for row in rows]}, indent=1) + "\n", encoding="utf-8")
    files = [file]
    if find_spec("matplotlib") is not None:
        files.append(draw(rows, folder / "routines.png"))
    for written in files:
        say(f"written: {written}")
    return files


def main(arguments: list[str] | None = None) -> None:
    """The command line of the benchmark."""
    parser = argparse.ArgumentParser(prog="bench_routines", description=__doc__.splitlines()[0] if __doc__ else None)
    for name, default in (("points", 1024), ("patterns", 4096), ("width", 256), ("rounds", 25)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--out", type=Path, default=Path("majorant-out/bench"))
    given = parser.parse_args(arguments)
    bench(given.points, given.patterns, given.width, given.rounds, given.out)


if __name__ == "__main__":
    main()
