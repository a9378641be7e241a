"""Contexts: hypotheses, and what follows from them at sight."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from validation.kernel.normal import continuous, substitute
from validation.kernel.terms import Atom, Frozen, Keyed, Monomial, Poly, Refused, frozen, of, rename, var


class Context(Frozen):
    """Hypotheses, and what follows from them at sight: which terms are positive, which are nonnegative."""

    __slots__ = ("_entry", "_scalar", "hyps")

    hyps: frozenset[Hyp]
    _entry: tuple[Hyp, ...]
    _scalar: tuple[tuple[tuple[tuple[Monomial, Fraction], ...], Fraction, str], ...]

    def __new__(cls, hyps: Iterable[Hyp] = ()) -> Context:
        held = frozenset(hyps)
        if not all(type(h) is Hyp for h in held):
            raise Refused("a context is made of hypotheses")
        orders = [h for h in held if h.relation != "=="]
        scalar = tuple((*_parted(h.gap), h.relation) for h in orders if not h.indices)
        return frozen(cls, hyps=held, _scalar=scalar, _entry=tuple(h for h in orders if h.indices and h.ranges is None))

    def extended(self, *hyps: Hyp) -> Context:
        """The context with more hypotheses."""
        return Context(self.hyps | set(hyps))

    def beyond(self, name: str) -> Context:
        """The context in which a real variable is positive."""
        return self.extended(Hyp(var(name), ">"))

    def sign(self, term: Poly) -> int | None:
        """1 if the term is positive at sight, 0 if it is nonnegative at sight, else ``None``."""
        if term.constant is not None:
            return None if term.constant < 0 else int(term.constant > 0)
        known = self._orders(term)
        if not known and all(c > 0 for _, c in term.terms):
            signs = [self._monomial_sign(m) for m, _ in term.terms]
            if None not in signs:
                known = [max(s for s in signs if s is not None)]
        return max(known, default=None)

    def positive(self, term: Poly) -> bool:
        """Whether the term is positive at sight."""
        return self.sign(term) == 1

    def nonempty(self, lower: Poly, upper: Poly) -> bool:
        """Whether an integer range is known to have a member."""
        return lower.integer and upper.integer and self.sign(upper - lower) is not None

    def _orders(self, term: Poly) -> list[int]:
        """The signs that single hypotheses give the term: it is one of them plus a number that is not negative."""
        moving, number = _parted(term)
        entries = {a for m, _ in moving for a, _ in m if a.head == "elem"} if self._entry else ()
        met = (
            (*_parted(substitute(h.gap, dict(zip(h.indices, a.args, strict=True)), self)), h.relation)
            for h in self._entry
            for a in entries
            if a.name in h.free and len(a.args) == len(h.indices)
        )
        known = [(number - least, relation) for said, least, relation in (*self._scalar, *met) if said == moving]
        return [int(rest > 0 or relation == ">") for rest, relation in known if rest >= 0]

    def _monomial_sign(self, monomial: Monomial) -> int | None:
        signs = [1 if a.head in ("exp", "const") else self._atom_sign(a, p) for a, p in monomial]
        return None if None in signs else min((s for s in signs if s is not None), default=1)

    def _atom_sign(self, atom: Atom, power: int) -> int | None:
        if atom.head == "ceil":
            return self.sign(atom.args[0])
        if atom.head == "gamma":
            return 1 if self.positive(atom.args[0]) else None
        if atom.head == "inv" or (atom.head == "pow" and self.positive(atom.args[0])):
            return self.sign(atom.args[0])
        if atom.head == "region":  # balls of positive radius have positive volume
            shaped = all(self.positive(size) for size in (atom.args[0], *atom.args[2:-1]))
            return self.sign(atom.args[-1]) if shaped and continuous(atom.args[-1], atom.bound) else None
        return max(self._orders(of(atom)), default=0 if power % 2 == 0 else None)


def _parted(term: Poly) -> tuple[tuple[tuple[Monomial, Fraction], ...], Fraction]:
    """The terms that are not constant, and the constant."""
    if term.terms and not term.terms[0][0]:
        return term.terms[1:], term.terms[0][1]
    return term.terms, Fraction(0)


class Hyp(Keyed):
    """A hypothesis ``gap relation 0``, for all integers ``indices`` within ``ranges`` (all integers if ``None``)."""

    __slots__ = ("free", "gap", "indices", "ranges", "relation")
    free: frozenset[str]
    gap: Poly
    indices: tuple[str, ...]
    ranges: tuple[tuple[Poly, Poly], ...] | None
    relation: str

    def __new__(
        cls,
        gap: Poly,
        relation: str,
        indices: tuple[str, ...] = (),
        ranges: tuple[tuple[Poly, Poly], ...] | None = None,
    ) -> Hyp:
        names = {name: f"#q{position}" for position, name in enumerate(indices)}
        ends = [end for pair in ranges or () for end in pair]
        typed = all(type(t) is Poly for t in (gap, *ends)) and all(type(word) is str for word in (relation, *indices))
        inner = gap.free.union(*(end.free for end in ends))
        spanned = len(names) == len(indices) == len(names if ranges is None else ranges)
        if not typed or relation not in (">=", ">", "==") or not spanned:
            raise Refused("a hypothesis is an order or an equation, with one range for each of its distinct indices")
        if any(name.startswith("#q") for name in inner - set(indices)):
            raise Refused("the names #q0, #q1, ... are kept for the indices of hypotheses")
        gap = rename(gap, names)
        ranges = None if ranges is None else tuple((rename(a, names), rename(b, names)) for a, b in ranges)
        spans = "" if ranges is None else ";".join(f"{a.key}..{b.key}" for a, b in ranges)
        key = f"{relation}|{len(indices)}|{spans}|{gap.key}"
        return frozen(
            cls, gap=gap, relation=relation, indices=tuple(names.values()), ranges=ranges, key=key,
            free=inner - set(indices),
        )  # fmt: skip

    def at(self, values: tuple[Poly, ...], ctx: Context) -> Hyp:
        """The hypothesis at values of its indices."""
        return Hyp(substitute(self.gap, dict(zip(self.indices, values, strict=True)), ctx), self.relation)

    def ends(self, values: tuple[Poly, ...], ctx: Context) -> list[tuple[Poly, Poly]]:
        """The ranges of the indices, where it has them, at values of the indices."""
        env = dict(zip(self.indices, values, strict=True))
        return [(substitute(a, env, ctx), substitute(b, env, ctx)) for a, b in self.ranges or ()]
