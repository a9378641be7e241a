"""Facts: statements ``gap relation 0`` under hypotheses, which only the rules of the kernel can make."""

from __future__ import annotations

from typing import NoReturn

from validation.kernel.context import Hyp
from validation.kernel.terms import Frozen, Poly, Refused, frozen

_TOKEN = object()


class Fact(Frozen):
    """``gap relation 0`` wherever all of ``hyps`` hold, for all values of every free variable.

    The relation is ``==``, ``>=`` or ``>``.  A fact cannot be constructed, copied, pickled or changed from outside: it
    would lose what makes it believable.
    """

    __slots__ = ("gap", "hyps", "relation")
    gap: Poly
    relation: str
    hyps: frozenset[Hyp]

    def __new__(cls, gap: Poly, relation: str, hyps: frozenset[Hyp], token: object = None) -> Fact:
        if token is not _TOKEN:
            raise Refused("a Fact comes from a rule of the kernel; it cannot be constructed, copied or replaced")
        if any(name.startswith("#") for name in gap.free.union(*(h.free for h in hyps))):
            raise Refused("a name that is kept for bound variables stands free")
        return frozen(cls, gap=gap, relation=relation, hyps=hyps)

    def __init_subclass__(cls) -> None:
        raise Refused("Fact cannot be subclassed")

    def __reduce__(self) -> NoReturn:
        raise Refused("a Fact cannot be copied or pickled")
