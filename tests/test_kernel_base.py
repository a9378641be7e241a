"""The kernel as a whole: small, closed, and the only place where facts are made."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

from kernel_facts import (
    RULES,
)

from validation.kernel import analysis, instances
from validation.kernel import rules as K  # noqa: N812 - short for the many calls below

ROOT = Path(__file__).parent.parent
MODULES = (K, analysis, instances)
KERNEL = sorted((ROOT / "validation" / "kernel").glob("*.py"))
TRUSTED = (*KERNEL, ROOT / "theory" / "atoms.py")
RULE_FILES = tuple(ROOT / "validation" / "kernel" / f"{m.__name__.split('.')[-1]}.py" for m in MODULES)
RULES_AND_FACTS = (*RULE_FILES, *(ROOT / "validation" / "kernel" / name for name in ("premises.py", "fact.py")))


def code_lines(path: Path) -> int:
    """Lines with code: no docstrings, no comments, no blank lines."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            skipped |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    ignored = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in ignored:
            code |= set(range(token.start[0], token.end[0] + 1))
    return len(code - skipped)


def test_the_trusted_base_stays_small_enough_to_read() -> None:
    assert sum(map(code_lines, RULES_AND_FACTS)) <= 400
    assert sum(map(code_lines, TRUSTED)) <= TRUSTED_LINES


TRUSTED_LINES = 1251


def test_a_rule_knows_no_energy_and_simplifies_nothing() -> None:
    forbidden = {"simplify", "limit", "equals", "Float", "evalf", "nsimplify", "doit", "is_positive", "is_nonnegative"}
    for path in KERNEL:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        found = names & forbidden
        assert not found, path
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert imported <= {
            "__future__", "collections.abc", "dataclasses", "fractions", "functools", "itertools", "math", "typing",
            "validation.kernel", *(f"validation.kernel.{module.stem}" for module in KERNEL),
            "theory.atoms", "theory.claim", "theory.domain",
        }  # fmt: skip


def makers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fact":
            yield "Fact("
        if isinstance(node, (ast.Name, ast.alias)) and getattr(node, "id", getattr(node, "name", "")) == "_TOKEN":
            yield "_TOKEN"
        if isinstance(node, (ast.Name, ast.alias)) and getattr(node, "id", getattr(node, "name", "")) == "frozen":
            yield "frozen"
        if isinstance(node, ast.Attribute) and node.attr in ("_TOKEN", "__setattr__", "__new__"):
            yield node.attr


def test_only_the_rules_make_facts_and_nobody_goes_round_the_lock() -> None:
    allowed = {"fact.py": {"_TOKEN", "frozen"}, "context.py": {"frozen"}}
    allowed["terms.py"] = {"__new__", "__setattr__", "frozen"}
    allowed |= {path.name: {"Fact(", "_TOKEN"} for path in RULES_AND_FACTS if path.name != "fact.py"}
    for package in ("theory", "numerics", "validation", "docs"):
        for path in (ROOT / package).rglob("*.py"):
            found = set(makers(ast.parse(path.read_text(encoding="utf-8"))))
            if path.parent.name == "kernel":
                assert found <= allowed.get(path.name, set()), path
            else:
                assert not found & {"Fact(", "_TOKEN", "frozen"}, path


def test_each_function_that_makes_facts_checks_its_arguments() -> None:
    public = {
        node.name
        for path in RULE_FILES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or node) == "Fact"
    }
    assert public == RULES.keys()
