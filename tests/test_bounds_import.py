"""What ``import theory.bounds`` loads, and what it costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = ("torch", "scipy", "numpy", "matplotlib", "numerics", "validation")


def run(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "statements",
    [
        "import theory.bounds",
        "from theory.bounds import catalogue, layer_energy_floor as b; catalogue(); b(*b.arguments)",
        "from theory.bounds import ball_volume_identity as b; import sympy as sp; b(2, sp.Symbol('s')); b.latex",
    ],
)
def test_neither_import_nor_symbols_load_the_numerics(statements: str) -> None:
    assert run(f"import sys; {statements}; print([m for m in {HEAVY} if m in sys.modules])") == "[]"


def test_the_import_loads_no_claim() -> None:
    loaded = "[m for m in sys.modules if m.startswith('theory.')]"
    names = run(f"import sys, theory.bounds; print(sorted({loaded}))")
    assert "lower_gamma" not in names
    assert "energies" not in names
    names = run(f"import sys; from theory.bounds import lower_gamma; print(lower_gamma.__name__, sorted({loaded}))")
    assert names.startswith("theory.bounds.lower_gamma ")
    assert "_balls" not in names


def test_numbers_load_what_computes_them_at_the_first_call() -> None:
    found = run(
        "import sys; from theory.bounds import ball_volume_identity as b; before = 'numerics' in sys.modules;"
        " b(2, 1.0); print(before, *(m in sys.modules for m in ('numerics.evaluation', 'torch', 'validation')))"
    )
    assert found == "False True False False"


def test_a_star_import_brings_every_bound() -> None:
    assert run("from theory.bounds import *; print(layer_energy_floor.name, callable(catalogue))") == (
        "layer_energy_floor True"
    )


def test_the_import_costs_little_more_than_sympy() -> None:
    timed = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
    least = {"sympy": float("inf"), "theory.bounds": float("inf")}
    for _ in range(12):  # in turns, as another process may take the core for a while
        for name in least:
            least[name] = min(least[name], float(run(timed.format(name))))
        if least["theory.bounds"] <= 1.5 * least["sympy"]:
            break
    assert least["theory.bounds"] <= 1.5 * least["sympy"]
