"""Data flows one way, and importing the theory costs little more than importing SymPy."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Set
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "theory": {"theory", "sympy"},
    "numerics": {"theory", "numerics"},
    "validation": {"theory", "numerics", "validation", "docs"},
}


# The documented exception: a bound that is called with numbers loads what computes it, one that is asked for its
# verdict the ledger.
LAZY = {"theory/bounds/bound.py": {"numerics.evaluation", "validation.ledger"}}


def at_import(path: Path) -> set[str]:
    """The packages that are imported outside of functions."""
    body = [n for n in ast.parse(path.read_text(encoding="utf-8")).body if not isinstance(n, ast.FunctionDef)]
    nodes = [inner for node in body for inner in walked(node)]
    return names_of(nodes, frozenset())


def walked(node: ast.AST) -> list[ast.AST]:
    inner = [c for c in ast.iter_child_nodes(node) if not isinstance(c, ast.FunctionDef)]
    return [node, *(found for child in inner for found in walked(child))]


def imported(path: Path, excepted: Set[str] = frozenset()) -> set[str]:
    return names_of(ast.walk(ast.parse(path.read_text(encoding="utf-8"))), excepted)


def names_of(nodes: Iterable[ast.AST], excepted: Set[str]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module and node.module not in excepted:
            found.add(node.module.split(".")[0])
    return found


def lazily_imported(path: Path) -> set[str]:
    """The modules that are imported inside functions, by their whole names."""
    functions = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef)]
    nodes = [inner for function in functions for inner in ast.walk(function)]
    found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return found | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", sources("theory"), ids=str)
def test_theory_imports_sympy_and_the_standard_library_only(path: Path) -> None:
    lazy = LAZY.get(path.relative_to(ROOT).as_posix(), set())
    foreign = imported(path, lazy) - ALLOWED["theory"] - set(sys.stdlib_module_names)
    assert not foreign


def test_only_the_call_of_a_bound_reaches_forward_and_only_inside_functions() -> None:
    for name, modules in LAZY.items():
        assert modules <= lazily_imported(ROOT / name)
        assert not (at_import(ROOT / name) & {module.split(".")[0] for module in modules})
    for path in sources("theory"):
        named = [n.value for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Constant)]
        assert not [
            v for v in named if isinstance(v, str) and v.startswith(("numerics.", "validation.")) and " " not in v
        ]


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
