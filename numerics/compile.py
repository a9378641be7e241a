"""From an expression to a routine that computes it, with a named guarantee.

>>> import sympy as sp
>>> from theory.notation import beta, k, n, x
>>> routine = compile_expression(beta * sp.Sum(x[k] ** 2, (k, 1, n)), "numpy")
>>> routine({n: 2, x: [3.0, 4.0], beta: 0.5})
12.5
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal

import sympy as sp

from numerics.backends.frame import UnsupportedExpression

__all__ = ["Guarantee", "Routine", "UnsupportedExpression", "compile_expression"]

Backend = Literal["numpy", "torch", "mpmath", "ball"]


class Guarantee(Enum):
    """How far a routine's numbers can be trusted."""

    FLOAT = "double precision, no error bound"
    REFERENCE = "many digits, no error bound"
    BALL = "a ball that contains the exact value"


_GUARANTEES = {
    "numpy": Guarantee.FLOAT,
    "torch": Guarantee.FLOAT,
    "mpmath": Guarantee.REFERENCE,
    "ball": Guarantee.BALL,
}


@dataclass(frozen=True)
class Routine:
    """A compiled expression.  ``arguments`` are the symbols and families that a call must give values for."""

    callable: Callable[..., Any] = field(repr=False)
    backend: Backend
    arguments: tuple[sp.Basic, ...]

    @property
    def guarantee(self) -> Guarantee:
        """The guarantee of the backend."""
        return _GUARANTEES[self.backend]

    def __call__(self, values: Mapping[Any, Any], precision: int = 128) -> Any:
        """The value of the expression: a float, a tensor, an ``mpf`` or a ball.

        ``values`` maps symbols and ``IndexedBase`` (or their names) to integers, fractions, floats, and nested
        sequences or arrays of these; the ball backend also takes ``flint.arb``, which may be wide,
        the torch backend tensors, which may require gradients.  Entries that the
        expression does not use are ignored.  ``precision`` is in bits; numpy and torch have 53 whatever it says.
        Raises ``KeyError`` for a missing argument, ``IndexError`` for an index outside a family, ``ValueError`` for a
        size that is not an integer or an empty range, ``TypeError`` for a value of a wrong type.
        """
        named = {name_of(key): value for key, value in values.items()}
        missing = [str(argument) for argument in self.arguments if name_of(argument) not in named]
        if missing:
            raise KeyError(f"no value for {', '.join(missing)}")
        return self.callable(named, precision)


def name_of(key: Any) -> str:
    """The name under which a symbol, a family or a string is looked up."""
    return str(key.label) if isinstance(key, sp.IndexedBase) else str(key)


def compile_expression(expr: sp.Expr, backend: Backend) -> Routine:
    """Compiles ``expr`` for one backend, at one point; ``array_routine`` has routines for many points at once.

    Raises ``UnsupportedExpression``, naming the node, where the backend has no rule with its guarantee for it, and
    ``ValueError`` for an unknown backend.
    """
    if backend not in _GUARANTEES:
        raise ValueError(f"no backend {backend!r}: choose one of {', '.join(_GUARANTEES)}")
    if not isinstance(expr, sp.Expr):
        raise UnsupportedExpression(f"expected an expression, received {type(expr).__name__}: {expr}")
    return _compiled(expr, backend)


@lru_cache(maxsize=1024)
def _compiled(expr: sp.Expr, backend: Backend) -> Routine:
    """A routine holds no state of its calls, so the searches share those of a claim."""
    builder = import_module(f"numerics.backends.as_{backend}").build
    function, arguments = builder(expr)
    return Routine(function, backend, arguments)
