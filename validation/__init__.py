"""Is the paper right?  The kernel, the methods, the ledger and the verdicts; and ``prove`` for any statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from validation.prover import prove as prove


def __getattr__(name: str) -> Any:
    """``validation.prove``, loaded when it is asked for."""
    if name == "prove":
        from validation.prover import prove

        return prove
    raise AttributeError(f"validation has no {name!r}; it exports prove")
