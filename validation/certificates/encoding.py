"""Nodes and witnesses as JSON data: an object with the rule, its data and its children.

Numbers and expressions are text of the language; nothing is evaluated as Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

import sympy as sp

from validation.certificates.goals import Interval, Rejected
from validation.certificates.nodes import KINDS, Names, Node, Substitute, Witness


def to_json(node: Node) -> dict[str, Any]:
    """A JSON object; ``from_json`` reads it back."""
    data = {f.name: _WRITE[f.type](getattr(node, f.name)) for f in fields(node) if f.name != "children"}
    below = {"children": [to_json(child) for child in node.children]} if node.children else {}
    return {"rule": type(node).__name__.lower(), **data, **below}


def witness_json(witness: Witness) -> dict[str, Any]:
    """A JSON object; ``witness_from`` reads it back."""
    return {"point": {name: _show(value) for name, value in witness.point}, "precision": witness.precision}


def witness_from(data: Any) -> Witness:
    """The witness of a JSON object; raises ``Rejected`` where it is malformed."""
    point, precision = _member(data, "point", dict), _member(data, "precision", int)
    return Witness(tuple((name, _read(text, {})) for name, text in point.items()), precision)


def from_json(data: Any, names: Names) -> Node:
    """The node of a JSON object over the variables ``names``; raises ``Rejected`` where it is malformed."""
    kind = KINDS.get(_member(data, "rule", str))
    if kind is None:
        raise Rejected(f"no rule is called {data['rule']!r}")
    known = {f.name for f in fields(kind)} | {"rule"}
    if not set(data) <= known:
        raise Rejected(f"{data['rule']} has no {', '.join(sorted(set(data) - known))}")
    simple = {
        f.name: _READ[f.type](data.get(f.name), names)
        for f in fields(kind)
        if f.name != "children" and f.type != "sp.Expr" and f.type != "Exprs"
    }
    if issubclass(kind, Substitute):
        inner: Names = Substitute(by=sp.S.Zero, **simple).scope(names)
    else:
        inner = names
    exprs = {
        f.name: _READ[f.type](data.get(f.name), inner)
        for f in fields(kind)
        if f.name not in simple and f.name != "children"
    }
    node = kind(**simple, **exprs)
    below = _member(data, "children", list) if "children" in data else []
    return replace(node, children=tuple(from_json(child, node.scope(names)) for child in below))


def _member(data: Any, key: str, kind: type) -> Any:
    if not isinstance(data, dict) or key not in data:
        raise Rejected(f"a certificate lacks {key!r}")
    return _typed(data[key], kind)


def _typed(value: Any, kind: type) -> Any:
    if type(value) is not kind:  # True is no number here
        raise Rejected(f"expected {kind.__name__} in a certificate, received {value!r}")
    return value


def _show(expr: sp.Expr) -> str:
    from theory.language import show

    return str(expr) if expr in (sp.oo, -sp.oo) else show(expr)


def _read(text: Any, names: Names) -> sp.Expr:
    from theory.language import LanguageError, expression

    text = _typed(text, str)
    if text in ("oo", "-oo"):
        return sp.oo if text == "oo" else -sp.oo
    try:
        return expression(text, dict(names))
    except LanguageError as error:
        raise Rejected(f"{text!r} in a certificate: {error}") from None


def _write_interval(interval: Interval) -> list[Any]:
    ends = [_show(interval.lower), _show(interval.upper)]
    return [*ends, interval.open_lower, interval.open_upper, interval.integer]


def _read_interval(data: Any, names: Names) -> Interval:
    if len(_typed(data, list)) != 5:
        raise Rejected(f"an interval has five parts, received {data!r}")
    return Interval(_read(data[0], {}), _read(data[1], {}), *(_typed(flag, bool) for flag in data[2:]))


def _members(kind: type) -> Callable[[Any, Names], tuple[Any, ...]]:
    return lambda data, names: tuple(_typed(item, kind) for item in _typed(data, list))


_WRITE: Mapping[Any, Callable[[Any], Any]] = {
    "sp.Expr": _show,
    "Exprs": lambda value: [_show(expr) for expr in value],
    "str": str,
    "int": int,
    "bool": bool,
    "Words": list,
    "tuple[int, ...]": list,
    "Interval": _write_interval,
}
_READ: Mapping[Any, Callable[[Any, Names], Any]] = {
    "sp.Expr": _read,
    "Exprs": lambda data, names: tuple(_read(text, names) for text in _typed(data, list)),
    "str": lambda data, names: _typed(data, str),
    "int": lambda data, names: _typed(data, int),
    "bool": lambda data, names: _typed(data, bool),
    "Words": _members(str),
    "tuple[int, ...]": _members(int),
    "Interval": _read_interval,
}
