"""The named bound: a formula with its domain, its claim and its verdict, that can be called.

With symbols or SymPy expressions a call substitutes and returns SymPy.  With numbers, NumPy arrays, mpmath numbers or
balls it evaluates in that arithmetic; only then is ``numerics`` loaded, and ``validation.ledger`` only when a verdict
is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp

from theory.bounds.arguments import DomainError, keyword, label
from theory.bounds.substitution import is_symbolic, substituted
from theory.domain import Condition, Domain, Family
from theory.notation import TABLE

if TYPE_CHECKING:  # the rules of proofs would double the cost of the import
    from theory.claim import Claim

NOT_RECORDED = "not recorded"
UNJUDGED = ("definition", "assumption")


class _Docstring:
    """The docstring of the class, and on an instance the one that its claim gives it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __get__(self, bound: Bound | None, owner: type) -> str:
        return self.text if bound is None else bound.documentation


@dataclass(frozen=True, eq=False, repr=False)
class Bound:
    """A floor, ceiling or value: ``expr`` on ``domain``, with ``claim``, ``verdict``, ``conditions`` and ``latex``.

    ``quantity`` is what is bounded (``None`` for a definition).  ``arguments`` are the variables of a call in order;
    the sizes of families are read off their shapes.  ``computed`` is an equal form for double precision, in which
    functions such as ``log_ball_mass(n, r, p)`` stand for the routines of ``numerics.stable``.
    """

    name: str
    role: str
    expr: sp.Expr
    domain: Domain
    arguments: tuple[sp.Basic, ...]
    title: str
    unit: str
    claim: Claim
    quantity: sp.Expr | None = None
    computed: sp.Expr | None = None

    def __post_init__(self) -> None:
        missing = [label(v) for v in self.expr.free_symbols if self._unbound(v)]
        if missing:
            raise ValueError(f"{self.name}: the domain says nothing about {', '.join(sorted(missing))}")

    def _unbound(self, variable: sp.Basic) -> bool:
        bound = self.domain.variables()
        labels = {base.label for base in bound if isinstance(base, sp.IndexedBase)}
        return variable not in bound and variable not in labels and not isinstance(variable, sp.Indexed)

    # What it says, and whether it holds.

    @cached_property
    def recorded(self) -> Mapping[str, Any]:
        """The entry of the committed ledger about the claim as it stands now; empty if there is none."""
        from validation.ledger import read_ledger  # at the first use only, see the module

        found = (self.claim.id, self.claim.digest)
        return next((row for row in read_ledger() if (row["id"], row["digest"]) == found), {})

    @property
    def verdict(self) -> str:
        """The recorded verdict: proved, refuted, ...; ``definition``; or that there is none."""
        if self.claim.kind.value in UNJUDGED:
            return str(self.claim.kind.value)
        return str(self.recorded.get("verdict", NOT_RECORDED))

    @property
    def conditions(self) -> tuple[str, ...]:
        """Where it is claimed: the parts of the domain, the reading, and claims that a verdict is conditional on."""
        parts = (*self.domain.ranges, *self.domain.families, *self.domain.given)
        reading = (self.claim.reading,) if self.claim.reading else ()
        return (*map(str, parts), *reading, *self.recorded.get("conditions", ()))

    @property
    def latex(self) -> str:
        """The formula in LaTeX; ``claim.latex`` is the whole statement."""
        return str(sp.latex(self.expr))

    def changed(self, **parts: Any) -> Bound:
        """The bound with other parts, such as its formula in an equal form."""
        return replace(self, **parts)

    @cached_property
    def log(self) -> Bound:
        """The logarithm of a bound on a positive quantity, a bound too: it neither overflows nor underflows."""
        quantity = None if self.quantity is None else sp.log(self.quantity)
        title, unit = f"the logarithm: {self.title}", f"log of {self.unit}"
        return self.changed(
            name=f"log_{self.name}",
            expr=sp.log(self.expr),
            quantity=quantity,
            title=title,
            unit=unit,
            computed=None if self.computed is None else sp.log(self.computed),
        )

    # How it is called.

    @cached_property
    def required(self) -> Domain:
        """The part of the domain that speaks of the arguments of a call alone; the rest is the caller's to keep."""
        known = {*self.arguments, *self.sizes, *(b.label for b in self.arguments if isinstance(b, sp.IndexedBase))}

        def speaks(condition: Condition) -> bool:
            free = (condition.lhs - condition.rhs).free_symbols - {index for index, *_ in condition.forall}
            return all(s in known or isinstance(s, sp.Indexed) for s in free)

        return Domain(
            tuple(r for r in self.domain.ranges if r.symbol in known),
            tuple(f for f in self.domain.families if f.base in known),
            tuple(c for c in self.domain.given if speaks(c)),
        )

    @cached_property
    def sizes(self) -> dict[sp.Symbol, tuple[sp.IndexedBase, int]]:
        """Sizes that a call reads off a family: the family and the axis."""
        found: dict[sp.Symbol, tuple[sp.IndexedBase, int]] = {}
        for family in self.domain.families:
            for axis, size in enumerate(family.shape):
                if size.is_Symbol and size not in self.arguments and family.base in self.arguments:
                    found.setdefault(size, (family.base, axis))
        return found

    def family(self, variable: sp.Basic) -> Family | None:
        """The family of an argument; ``None`` for a scalar."""
        return next((f for f in self.domain.families if f.base == variable), None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The value at the arguments: SymPy, float, array, ``mpf`` or ball.

        Raises ``TypeError`` for a missing, unknown or non-real argument, ``DomainError`` (a ``ValueError``) for one
        outside the domain, and ``ValueError`` for shapes that do not fit.
        """
        values = self._values(args, kwargs)
        if any(is_symbolic(value) for value in values.values()):
            return substituted(self, values)
        from numerics.evaluation import evaluate  # at the first use only, see the module

        return evaluate(self, values)

    def _values(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[sp.Basic, Any]:
        """The arguments by variable; raises ``TypeError``, naming what is expected."""
        if len(args) > len(self.arguments):
            raise TypeError(f"{self.signature} takes {len(self.arguments)} arguments, received {len(args)}")
        values = dict(zip(self.arguments, args, strict=False))
        known = {name: v for v in (*self.arguments, *self.sizes) for name in (keyword(v), label(v))}
        for name, value in kwargs.items():
            if name not in known:
                raise TypeError(f"{self.signature} has no argument {name!r}: name one of {', '.join(known)}")
            if known[name] in values:
                raise TypeError(f"{self.signature} received {name} twice: give it by position or by name")
            values[known[name]] = value
        missing = [keyword(v) for v in self.arguments if v not in values]
        if missing:
            raise TypeError(f"{self.signature} needs {', '.join(missing)}")
        return values

    @property
    def signature(self) -> str:
        """Name and arguments."""
        return f"{self.name}({', '.join(map(keyword, self.arguments))})"

    # How it reads.

    def __repr__(self) -> str:
        return f"<{self.role} {self.signature}: {self.title}; {self.verdict}>"

    @property
    def line(self) -> str:
        """The one line of the catalogue."""
        place = self.claim.source.place + " (v1)" * (self.claim.source.version == "v1")
        return f"{self.signature}: {self.role}, {self.verdict}: {self.title} [{place}]"

    @property
    def documentation(self) -> str:
        """Meaning, shapes, units, errors and source."""
        return "\n".join((f"{self.title}.", "", *self._statement(), "", *self._call(), "", *self._origin()))

    def _statement(self) -> list[str]:
        if self.quantity is None or self.role == "definition":
            return [f"Value: {self.expr}"]
        sign = {"floor": ">=", "ceiling": "<="}.get(self.role, "=")
        return [f"Bounded:  {self.quantity}", f"{self.role.capitalize()}:  {sign} {self.expr}"]

    def _call(self) -> list[str]:
        lines = ["Arguments"] if self.arguments else []
        for variable in self.arguments:
            entry = TABLE[label(variable)]
            lines.append(f"    {keyword(variable)}: {entry.meaning}; {self._shape(variable)}; unit: {entry.unit}")
        lines += [f"Returns\n    the {self.role}, broadcast over the leading axes; unit: {self.unit}"]
        errors = "TypeError: an argument is missing, unknown or not real; DomainError: one is outside the domain"
        return [*lines, f"Raises\n    {errors};\n    ValueError: shapes do not fit", "Domain", f"    {self.domain}"]

    def _shape(self, variable: sp.Basic) -> str:
        family = self.family(variable)
        if family is None:
            return "scalar or array"
        axes = ", ".join(map(str, family.shape))
        return f"shape (..., {axes})" if len(family.shape) == 1 else f"shape ({axes})"

    def _origin(self) -> list[str]:
        source = self.claim.source
        work = ", ".join(filter(None, (source.place, source.version, source.work)))
        reading = [f"Reading\n    {self.claim.reading}"] if self.claim.reading else []
        return [f"Source\n    {work}", *reading, f"Claim\n    {self.claim.id}: {self.verdict}"]


Bound.__doc__ = _Docstring(Bound.__doc__ or "")  # type: ignore[assignment]


def _stated(claim: Claim, role: str, arguments: tuple[sp.Basic, ...], unit: str, **more: Any) -> Bound:
    bounding, bounded = (claim.lhs, claim.rhs) if role == "floor" else (claim.rhs, claim.lhs)
    name = claim.id.replace(".", "_")
    parts: dict[str, Any] = {"quantity": bounded, **more}
    return Bound(name, role, bounding, claim.domain, arguments, claim.title, unit, claim, **parts)


def floor(claim: Claim, *arguments: sp.Basic, unit: str, **more: Any) -> Bound:
    """The left side of a claim ``floor <= quantity``."""
    return _stated(claim, "floor", arguments, unit, **more)


def ceiling(claim: Claim, *arguments: sp.Basic, unit: str, **more: Any) -> Bound:
    """The right side of a claim ``quantity <= ceiling``."""
    return _stated(claim, "ceiling", arguments, unit, **more)


def value(claim: Claim, *arguments: sp.Basic, unit: str, **more: Any) -> Bound:
    """The right side of an identity or of a definition."""
    role = "definition" if claim.kind.value == "definition" else "value"
    return _stated(claim, role, arguments, unit, **more)


__all__ = ["Bound", "DomainError", "ceiling", "floor", "keyword", "label", "value"]
