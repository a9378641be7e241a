"""Terms in normal form: polynomials with rational coefficients over atoms.

Every expression that the kernel reasons about is a ``Poly``.  Two expressions that the rules of this file can turn
into one another have the same ``Poly``, hence the same ``key``:

- sums and products are expanded and collected; a product holds at most one exponential, ``exp(u) exp(v) = exp(u+v)``;
- a bound variable is named by the height of its binder, so that ``sum_k x_k`` and ``sum_j x_j`` are one term;
- ``sum`` is linear and constants leave it; ``sum_i exp(u_i)`` is ``exp(LSE_i u_i)``, so that a softmax sums to 1;
- constants leave ``LSE`` and ``max``, but only where the range is known to be nonempty;
- a minimum is minus a maximum, an absolute value is a maximum of two.

Functions are total, with 1/0 = 0 and arbitrary values of logarithms and powers outside their domains; nothing is
cancelled that might be 0, and a logarithm is only split where its argument is known to be positive.
What is "known" is what a ``Context`` says: the hypotheses that every resulting fact then carries.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import NoReturn, TypeVar

_fresh = itertools.count()
_issued: set[str] = set()
COUNTED = ("sum", "lse", "imax")
BINDERS = (*COUNTED, "moment", "radial", "region")
ANY = range(1000)
ARITY: dict[str, Sequence[int]] = {
    **dict.fromkeys(("var", "const"), (0,)),
    **dict.fromkeys(("exp", "log", "inv", "gamma", "ceil"), (1,)),
    **dict.fromkeys((*COUNTED, "moment", "radial"), (3,)),
    **{"pow": (2,), "elem": ANY, "max": ANY[1:], "region": ANY[4:]},
}


class Refused(ValueError):  # noqa: N818 - a refusal, not an error of the program
    """The kernel does not accept the expression or the step; the message says why."""


class Frozen:
    """What is made once, by ``frozen``, and never changed: equality looks at keys, so a key must stay what it was."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise Refused(f"a {type(self).__name__} does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise Refused(f"a {type(self).__name__} does not change")


F = TypeVar("F", bound=Frozen)


def frozen(kind: type[F], **parts: object) -> F:
    """A new thing with these attributes; only for the ``__new__`` of its class, which checks them."""
    made = object.__new__(kind)
    for name, part in parts.items():
        object.__setattr__(made, name, part)
    return made


class Keyed(Frozen):
    """What is equal if it has the same key."""

    __slots__ = ("key",)
    key: str

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


class Atom(Keyed):
    """An indivisible factor: a variable, an entry of a family, a function value or a binder.

    ``head`` is one of those in ``ARITY``.  Binders bind ``bound`` in their last argument, a region also its generic
    indices ``#r0, #r1, ...`` in all the others.  The moment of order a up to c of f is the integral over (0, c) of
    ``s**(a-1) f(s)``; ``radial`` is the integral of ``f(||x||)`` over the ball of a radius in a dimension.  Only
    variables, families and what is rounded up are integers by type; an index and the ends of a range must be integers.
    """

    __slots__ = ("args", "bound", "free", "head", "height", "integer", "name")
    args: tuple[Poly, ...]
    bound: str
    free: frozenset[str]
    head: str
    height: int
    integer: bool
    name: str

    def __new__(
        cls, head: str, name: str = "", args: Iterable[Poly] = (), integer: bool = False, bound: str = ""
    ) -> Atom:
        args, integer = tuple(args), bool(integer)
        if not all(type(word) is str for word in (head, name, bound)) or not all(type(a) is Poly for a in args):
            raise Refused("an atom is made of names and terms")
        key = f"{head}{name!r}{'Z' if integer else ''}{bound!r}({','.join([a.key for a in args])})"
        ends = frozenset().union(*(a.free for a in args[:-1]))
        if not _well_formed(head, args, integer, bound) or bound in ends:
            raise Refused(f"not a well-formed atom: {key}")
        if not all(a.integer for a in (args if head == "elem" else args[:-1] if head in COUNTED else ())):
            raise Refused(f"an index or the end of a range must be an integer: {key}")
        named = {name} if head in ("var", "elem") else set()
        if name[:1] == "%" and name not in _issued:
            raise Refused(f"the name {name} is kept for fresh variables")
        generic = {f for f in ends if f.startswith("#r")} if head == "region" else set()
        free = (ends - generic).union(named, args[-1].free if args else ()) - {bound}
        height = max((a.height for a in args), default=0) + (head in BINDERS)
        return frozen(
            cls, head=head, name=name, args=args, integer=integer, bound=bound, key=key, free=free, height=height
        )


def _well_formed(head: str, args: tuple[Poly, ...], integer: bool, bound: str) -> bool:
    """Whether an atom has as many arguments as its head takes and binds what the height of its body says.

    What is integrated over is real, and no region is described by means of another: both would use ``#r0``.
    """
    if len(args) not in ARITY.get(head, ()) or bound != (f"#{args[-1].height}" if head in BINDERS else ""):
        return False
    if head == "pow" and args[1].constant is None:
        return False
    if head == "region" and any("region''" in a.key for a in args[:-1]):
        return False
    real = head not in BINDERS or head in COUNTED or f"{bound!r}Z" not in args[-1].key
    return real and (not integer or head in ("var", "elem", "ceil"))


Monomial = tuple[tuple[Atom, int], ...]


class Poly(Keyed):
    """A polynomial over atoms, immutable; equal polynomials have equal keys."""

    __slots__ = ("free", "height", "terms")
    free: frozenset[str]
    height: int
    terms: tuple[tuple[Monomial, Fraction], ...]

    def __new__(cls, terms: Mapping[Monomial, Fraction]) -> Poly:
        kept = []
        for monomial, c in terms.items():
            if type(monomial) is not tuple or type(c) is not Fraction:
                raise Refused("a polynomial is made of monomials with fractions for coefficients")
            last = ""
            for factor in monomial:
                atom, p = factor
                if type(factor) is not tuple or type(atom) is not Atom or type(p) is not int:
                    raise Refused("a monomial is made of powers of atoms")
                if p < 1 or (p > 1 and atom.head == "exp") or atom.key <= last:
                    raise Refused("powers of distinct atoms, in the order of keys, are positive, of exponentials 1")
                last = atom.key
            if c:
                kept.append((monomial, c))
        if len(kept) > 1:
            kept.sort(key=lambda term: [(a.key, p) for a, p in term[0]])
        key = "+".join([str(c) + "".join([f"*{a.key}^{p}" for a, p in m]) for m, c in kept]) or "0"
        atoms = [a for m, _ in kept for a, _ in m]
        free = frozenset().union(*[a.free for a in atoms])
        return frozen(cls, terms=tuple(kept), key=key, free=free, height=max([a.height for a in atoms], default=0))

    def __add__(self, other: Poly) -> Poly:
        return total((self, other))

    def __neg__(self) -> Poly:
        return Poly({m: -c for m, c in self.terms})

    def __sub__(self, other: Poly) -> Poly:
        return total((self, -other))

    def __mul__(self, other: Poly) -> Poly:
        if "1" in (self.key, other.key):
            return other if self.key == "1" else self
        return collected((_merge(m, q), c * e) for m, c in self.terms for q, e in other.terms)

    def __pow__(self, exponent: int) -> Poly:
        return prod([self] * (exponent - 1), start=self) if exponent else ONE

    def mapped(self, names: Collection[str], change: Callable[[Atom], Poly]) -> Poly:
        """The polynomial with every atom that speaks of one of the names replaced by a term."""
        parts = []
        for monomial, c in self.terms:
            moved = [(a, p) for a, p in monomial if not a.free.isdisjoint(names)]
            rest = Poly({tuple([factor for factor in monomial if factor not in moved]): c})
            parts.append(prod([change(a) ** p for a, p in moved], start=rest))
        return total(parts)

    def scaled(self, factor: Fraction) -> Poly:
        """The polynomial times a rational."""
        return Poly({m: c * factor for m, c in self.terms})

    @property
    def constant(self) -> Fraction | None:
        """The value if the polynomial is a rational number, else ``None``."""
        if not self.terms:
            return Fraction(0)
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    @property
    def integer(self) -> bool:
        """Whether the value is an integer because of the types of the atoms."""
        return all(c.denominator == 1 and all(a.integer for a, _ in m) for m, c in self.terms)


def collected(terms: Iterable[tuple[Monomial, Fraction]]) -> Poly:
    """The sum of monomials with their coefficients."""
    found: dict[Monomial, Fraction] = {}
    for m, c in terms:
        found[m] = found[m] + c if m in found else c
    return Poly(found)


def total(parts: Iterable[Poly]) -> Poly:
    """The sum of terms."""
    listed = list(parts)
    return listed[0] if len(listed) == 1 else collected(term for part in listed for term in part.terms)


def _merge(left: Monomial, right: Monomial) -> Monomial:
    if not left or not right:
        return left or right
    powers: dict[Atom, int] = {}
    exponents = []
    for atom, power in (*left, *right):
        if atom.head == "exp":
            exponents.append(atom.args[0])
        else:
            powers[atom] = powers.get(atom, 0) + power
    exponent = total(exponents)
    if exponent.terms:
        powers[Atom("exp", "", (exponent,))] = 1
    return tuple(sorted(powers.items(), key=lambda item: item[0].key))


ZERO = Poly({})
ONE = Poly({(): Fraction(1)})


def const(value: int | Fraction) -> Poly:
    """A rational number as a term."""
    return Poly({(): Fraction(value)})


def of(atom: Atom) -> Poly:
    """The term that is one atom."""
    return Poly({((atom, 1),): Fraction(1)})


def var(name: str, integer: bool = False) -> Poly:
    """A scalar variable."""
    return of(Atom("var", name, (), integer))


def elem(name: str, indices: tuple[Poly, ...], integer: bool = False) -> Poly:
    """The entry of a family at indices."""
    return of(Atom("elem", name, indices, integer))


def fresh(stem: str) -> str:
    """A name that no term has used."""
    name = f"%{stem}{next(_fresh)}"
    _issued.add(name)
    return name


def rename(term: Poly, names: Mapping[str, str]) -> Poly:
    """Free variables or families renamed; the new names must not be bound inside."""
    if not names or not term.free & names.keys():
        return term

    def atom(a: Atom) -> Poly:
        args = [rename(arg, names) for arg in a.args]
        args = sorted(args, key=lambda p: p.key) if a.head == "max" else args
        return of(Atom(a.head, names.get(a.name, a.name), args, a.integer, a.bound))

    return term.mapped(names.keys(), atom)
