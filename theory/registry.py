"""Discovery: every ``Claim`` (or tuple of claims) at the top level of a module of ``theory`` is a claim on trial."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType

import theory
from theory.claim import Claim
from theory.paper import position


class RegistryError(ValueError):
    """Two claims share an id, a reference leads nowhere, or claims use one another in a circle."""


@dataclass(frozen=True)
class Entry:
    """A claim, the module that defines it and the name it has there."""

    claim: Claim
    module: str
    name: str


def modules() -> Iterator[ModuleType]:
    """Every module of the package, imported."""
    for info in pkgutil.walk_packages(theory.__path__, "theory."):
        yield importlib.import_module(info.name)


def entries_of(module: ModuleType) -> Iterator[Entry]:
    """The claims that a module defines itself, in the order of its text."""
    for name, value in vars(module).items():
        listed = value if isinstance(value, tuple) else (value,)
        for claim in listed:
            if isinstance(claim, Claim):
                yield Entry(claim, module.__name__, name)


def indexed(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by id.  Raises ``RegistryError`` if two different claims share one."""
    found: dict[str, Entry] = {}
    for entry in entries:
        known = found.setdefault(entry.claim.id, entry)
        if known.claim is not entry.claim:
            raise RegistryError(
                f"two claims have the id {entry.claim.id!r}: {known.module}.{known.name} and "
                f"{entry.module}.{entry.name}; rename one"
            )
    return found


@cache
def registry() -> Mapping[str, Entry]:
    """All claims by id, in the order of the paper.  Raises ``RegistryError``."""
    found = indexed(entry for module in modules() for entry in entries_of(module))
    check_references({claim_id: entry.claim for claim_id, entry in found.items()})
    return dict(sorted(found.items(), key=lambda item: position(item[1].claim.source.place)))


def claims() -> list[Claim]:
    """All claims, in the order of the paper."""
    return [entry.claim for entry in registry().values()]


def check_references(found: Mapping[str, Claim]) -> None:
    """Raise ``RegistryError`` if a claim refers to one that is not there, or uses itself through others."""
    for claim in found.values():
        named = (*claim.amends, claim.sharpens, claim.about, claim.negates.claim if claim.negates else "", *claim.uses)
        for other in filter(None, named):
            if other not in found:
                raise RegistryError(f"{claim.id} refers to {other!r}, which no module defines")
    done: set[str] = set()

    def visit(claim_id: str, above: tuple[str, ...]) -> None:
        if claim_id in above:
            raise RegistryError("claims use one another in a circle: " + " -> ".join((*above, claim_id)))
        if claim_id not in done:
            for used in found[claim_id].uses:
                visit(used, (*above, claim_id))
            done.add(claim_id)

    for claim_id in found:
        visit(claim_id, ())


def users(claim_id: str) -> set[str]:
    """Ids of all claims whose proofs rest on this one, directly or through others."""
    direct = {c.id for c in claims() if claim_id in c.uses}
    return direct.union(*(users(other) for other in direct))
