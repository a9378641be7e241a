"""Data flows one way, and importing the theory costs little more than importing SymPy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "theory": {"theory", "sympy"},
    "numerics": {"theory", "numerics"},
    "validation": {"theory", "numerics", "validation", "docs"},
}


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", sources("theory"), ids=str)
def test_theory_imports_sympy_and_the_standard_library_only(path: Path) -> None:
    foreign = imported(path) - ALLOWED["theory"] - set(sys.stdlib_module_names)
    assert not foreign


@pytest.mark.parametrize("package", ["numerics", "validation"])
def test_nothing_points_back(package: str) -> None:
    houses = {"theory", "numerics", "validation", "docs"}
    only_the_command_line = ROOT / "validation" / "cli.py"
    for path in sources(package):
        found = imported(path) & houses
        allowed = ALLOWED[package] if path == only_the_command_line else ALLOWED[package] - {"docs"}
        assert found <= allowed, f"{path} imports {found - allowed}"


@pytest.mark.parametrize("statement", ["import theory.registry as r; r.registry()", "import theory.bounds"])
def test_theory_loads_neither_torch_nor_scipy(statement: str) -> None:
    script = f"import sys; {statement}; print([m for m in ('torch', 'scipy', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_no_source_file_is_longer_than_400_lines() -> None:
    folders = ("theory", "numerics", "validation", "docs", "tests")
    long = [p.name for f in folders for p in sources(f) if len(p.read_text(encoding="utf-8").splitlines()) > 400]
    assert long == []
