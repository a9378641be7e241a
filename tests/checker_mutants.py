"""Mutants of the checker: ``python -m tests.checker_mutants [COUNT] [SEED]`` says which ones the tests do not notice.

A mutant changes one place of one function that acceptance can reach: a comparison flipped, a condition dropped or
negated, a sign or a number changed.  Each runs the tests of the certificates in a process of its own.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import importlib
import os
import random
import signal
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

MODULES = (
    "atoms", "calculus", "certificate", "checker", "cover", "encoding", "fractions_of_atoms", "germs", "goals",
    "limits", "normal", "ranges", "regions", "rules_calculus", "rules_gap", "rules_leaves", "rules_region",
    "rules_variables", "shifts", "span_functions", "spans", "sturm",
)  # fmt: skip
TESTS = sorted(str(path) for path in Path(__file__).parent.glob("test_certificates_*.py"))
SECONDS = 90
FIRST = {
    "limits": "limits", "germs": "limits", "rules_calculus": "calculus", "calculus": "calculus", "regions": "calculus",
    "encoding": "json", "certificate": "json", "rules_gap": "gap", "rules_variables": "gap", "rules_region": "region",
}  # fmt: skip
FLIPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
SWAPS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult}
TEXTS = {">": ">=", ">=": ">", "==": ">=", "!=": ">"}


def changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """What may be done to one node: a name, and the change of a copy."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in FLIPS:
        yield "comparison flipped", lambda n: ast.Compare(n.left, [FLIPS[type(n.ops[0])](), *n.ops[1:]], n.comparators)
    if isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield "and/or swapped", lambda n: ast.BoolOp(other(), n.values)
        for place in range(len(node.values)):
            yield f"operand {place} dropped", lambda n, p=place: ast.BoolOp(n.op, n.values[:p] + n.values[p + 1 :])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield "not or minus dropped", lambda n: n.operand
    if isinstance(node, ast.If) and isinstance(node.body[0], ast.Raise) and not node.orelse:
        yield "check dropped", lambda n: ast.Pass()
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPS:
        yield "operator changed", lambda n: ast.BinOp(n.left, SWAPS[type(n.op)](), n.right)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "truth value changed", lambda n: ast.Constant(not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "number changed", lambda n: ast.Constant(n.value + 1)
    elif isinstance(node, ast.Constant) and node.value in TEXTS:
        yield "relation changed", lambda n: ast.Constant(TEXTS[n.value])
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "call dropped", lambda n: ast.Pass()


def functions(tree: ast.Module) -> Iterator[tuple[tuple[str, ...], ast.FunctionDef]]:
    """The functions and methods of a module with their names."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield (node.name,), node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield (node.name, inner.name), inner


class Replacement(ast.NodeTransformer):
    """Puts a changed copy in the place of one node, found by its number in the walk."""

    def __init__(self, target: ast.AST, change: Callable[[Any], Any]) -> None:
        self.target, self.change = target, change

    def visit(self, node: ast.AST) -> Any:
        if node is self.target:
            return ast.copy_location(self.change(copy.deepcopy(node)), node)
        return self.generic_visit(node)


def mutants() -> list[tuple[str, tuple[str, ...], int, str, int]]:
    """Every mutant as module, function, number of the node in the walk, change and line."""
    found = []
    for name in MODULES:
        for where, function in functions(_tree(name)):
            for number, node in enumerate(ast.walk(function)):
                if isinstance(node, ast.Raise) or _inside_raise(function, node):
                    continue
                for label, _ in changes(node):
                    found.append((name, where, number, label, getattr(node, "lineno", 0)))
    return found


def _inside_raise(function: ast.FunctionDef, node: ast.AST) -> bool:
    raises = [n for n in ast.walk(function) if isinstance(n, ast.Raise)]
    texts = [n for n in ast.walk(function) if isinstance(n, ast.JoinedStr)]
    return any(node is inner for outer in raises + texts for inner in ast.walk(outer))


def _tree(name: str) -> ast.Module:
    return ast.parse(Path(_module(name).__file__ or "").read_text(encoding="utf-8"))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"validation.certificates.{name}")


def install(name: str, where: tuple[str, ...], number: int, label: str) -> None:
    """Gives the function in this process the code of the mutant."""
    tree = _tree(name)
    function = next(node for names, node in functions(tree) if names == where)
    target = list(ast.walk(function))[number]
    change = next(found for text, found in changes(target) if text == label)
    mutated = ast.fix_missing_locations(Replacement(target, change).visit(tree))
    code = compile(mutated, f"<{name}>", "exec")
    for part in where:
        code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == part)
    owner: Any = _module(name)
    for part in where[:-1]:
        owner = getattr(owner, part)
    held = vars(owner)[where[-1]]
    plain: FunctionType = getattr(held, "fget", None) or getattr(held, "__func__", held)
    plain.__code__ = code


def survives(mutant: tuple[str, tuple[str, ...], int, str, int]) -> bool:
    """Whether the tests pass in a process with the mutant."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        try:
            with open(os.devnull, "w") as sink, contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
                install(*mutant[:4])
                first = FIRST.get(mutant[0], "leaves")
                files = sorted(TESTS, key=lambda path: not path.endswith(f"_{first}.py"))
                arguments = ["-x", "-q", "-p", "no:cacheprovider", "--no-header", "-k", "not false_one", *files]
                os._exit(int(pytest.main(arguments) != 0))
        except BaseException:
            os._exit(2)
    _, status = os.waitpid(child, 0)
    return status == 0


def known() -> dict[tuple[str, str, str], str]:
    """The reasons why mutants survive, by function, change and line of source."""
    listed = tomllib.loads(Path(__file__).with_name("checker_survivors.toml").read_text(encoding="utf-8"))["mutant"]
    return {(entry["function"], entry["change"], entry["line"]): entry["reason"] for entry in listed}


def main(count: int, seed: int) -> int:
    """Runs a sample; prints the survivors and returns how many of them ``checker_survivors.toml`` does not explain."""
    for path in TESTS:
        importlib.import_module(f"tests.{Path(path).stem}")
    everything = mutants()
    chosen = random.Random(seed).sample(everything, min(count, len(everything)))
    reasons, alive, explained = known(), 0, 0
    for tried, mutant in enumerate(chosen):
        print(f"\r{tried} of {len(chosen)}", end="", file=sys.stderr, flush=True)
        if survives(mutant):
            name, where, number, label, line = mutant
            text = Path(_module(name).__file__ or "").read_text(encoding="utf-8").splitlines()[line - 1].strip()
            key = (".".join((name, *where)), label, text)
            explained += key in reasons
            alive += 1
            print(
                f"{name}.py:{line} {key[0]}: {label} (node {number}): {reasons.get(key, 'NOT EXPLAINED')}", flush=True
            )
    print(f"{alive} of {len(chosen)} mutants survive, {explained} of them for a known reason; {len(everything)} in all")
    return alive - explained


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*(numbers + [200, 0][len(numbers) :])) > 0)
