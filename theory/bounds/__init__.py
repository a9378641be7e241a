"""The bounds that theorists import: named, documented, callable, each with its claim and its verdict.

>>> from theory import bounds
>>> bounds.lse_maximum_ceiling([1.0, 2.0])
2.6931471805599454
>>> bounds.lse_maximum_ceiling.verdict
'proved'

``catalogue()`` lists them with one line each, ``help(bounds.lse_maximum_ceiling)`` says what goes in and comes out.
A name is the id of its claim with underscores.  The claims are loaded with the first bound that is asked for, so that
importing this package costs what importing SymPy costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from theory.bounds.arguments import DomainError as DomainError
from theory.bounds.bound import Bound as Bound

_PUBLIC = ("Bound", "Catalogue", "DomainError", "catalogue")
_GROUPS = ("_logsumexp", "_energies", "_gamma", "_balls", "_patterns", "_losses", "_sizes")


class Catalogue(Mapping[str, Bound]):
    """The bounds by name; it prints one line for each."""

    def __init__(self, bounds: tuple[Bound, ...]) -> None:
        self._bounds = {bound.name: bound for bound in bounds}
        if len(self._bounds) < len(bounds):
            raise ValueError("two bounds share a name")

    def __getitem__(self, name: str) -> Bound:
        return self._bounds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._bounds)

    def __len__(self) -> int:
        return len(self._bounds)

    def __repr__(self) -> str:
        return "\n".join(bound.line for bound in self._bounds.values())


@cache
def catalogue() -> Catalogue:
    """All bounds by name, in the order of the paper; its ``repr`` has one line for each."""
    return Catalogue(tuple(b for group in _GROUPS for b in import_module(f"{__name__}.{group}").BOUNDS))


def __getattr__(name: str) -> Any:
    """A bound by its name.  Modules of the package keep theirs, and asking for one loads no bound."""
    if name == "__all__":
        return [*_PUBLIC, *catalogue()]
    if not name.startswith("_") and find_spec(f"{__name__}.{name}") is None and name in catalogue():
        return catalogue()[name]
    raise AttributeError(f"theory.bounds has no bound {name!r}: print(theory.bounds.catalogue()) lists them")


def __dir__() -> list[str]:
    return sorted({*globals(), *catalogue()})
