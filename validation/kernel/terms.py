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
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import prod

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
    """What is set once and never changed: equality looks at keys, so a key must stay what it was."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, name):
            raise Refused(f"a {type(self).__name__} does not change")
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        raise Refused(f"a {type(self).__name__} does not change")


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
    height: int

    def __init__(self, head: str, name: str = "", args: tuple[Poly, ...] = (), integer: bool = False, bound: str = ""):
        self.head, self.name, self.args, self.integer, self.bound = head, name, tuple(args), bool(integer), bound
        if not all(type(word) is str for word in (head, name, bound)) or not all(type(a) is Poly for a in self.args):
            raise Refused("an atom is made of names and terms")
        self.key = f"{head}{name!r}{'Z' if self.integer else ''}{bound!r}({','.join(a.key for a in self.args)})"
        *outside, body = self.args or (None,)
        ends = frozenset().union(*(a.free for a in outside))
        if not self._well_formed() or bound in ends:
            raise Refused(f"not a well-formed atom: {self.key}")
        counting = self.args if head == "elem" else outside if head in COUNTED else ()
        if not all(a.integer for a in counting):
            raise Refused(f"an index or the end of a range must be an integer: {self.key}")
        named = {name} if head in ("var", "elem") else set()
        if any(n.startswith("%") and n not in _issued for n in named):
            raise Refused(f"the name {name} is kept for fresh variables")
        generic = {f for f in ends if f.startswith("#r")} if head == "region" else set()
        self.free: frozenset[str] = (ends - generic).union(named, body.free if body else ()) - {bound}
        self.height = max((a.height for a in self.args), default=0) + (head in BINDERS)

    def _well_formed(self) -> bool:
        """Whether the atom has as many arguments as its head takes and binds what the height of its body says.

        What is integrated over is real, and no region is described by means of another: both would use ``#r0``.
        """
        head, args, bound = self.head, self.args, self.bound
        if len(args) not in ARITY.get(head, ()) or bound != (f"#{args[-1].height}" if head in BINDERS else ""):
            return False
        if head == "pow" and args[1].constant is None:
            return False
        if head == "region" and any("region''" in a.key for a in args[:-1]):
            return False
        real = head not in BINDERS or head in COUNTED or f"{bound!r}Z" not in args[-1].key
        return real and (not self.integer or head in ("var", "elem", "ceil"))


Monomial = tuple[tuple[Atom, int], ...]


class Poly(Keyed):
    """A polynomial over atoms, immutable; equal polynomials have equal keys."""

    __slots__ = ("free", "height", "terms")
    height: int

    def __init__(self, terms: Mapping[Monomial, Fraction]):
        listed = {tuple((a, p) for a, p in m): c for m, c in terms.items()}
        if not all(type(a) is Atom and type(p) is int for m in listed for a, p in m):
            raise Refused("a polynomial is made of powers of atoms")
        powers = all(p == 1 or (p > 1 and a.head != "exp") for m in listed for a, p in m)
        distinct = all(sorted({a.key for a, _ in m}) == [a.key for a, _ in m] for m in listed)
        if not powers or not distinct or not all(type(c) is Fraction for c in listed.values()):
            raise Refused("coefficients are fractions, powers of distinct atoms are positive, of exponentials 1")
        kept = sorted(((m, c) for m, c in listed.items() if c), key=lambda item: [(a.key, p) for a, p in item[0]])
        self.terms: tuple[tuple[Monomial, Fraction], ...] = tuple(kept)
        self.key = "+".join(f"{c}" + "".join(f"*{a.key}^{p}" for a, p in m) for m, c in kept) or "0"
        atoms = [a for m, _ in kept for a, _ in m]
        self.free: frozenset[str] = frozenset().union(*(a.free for a in atoms))
        self.height = max((a.height for a in atoms), default=0)

    def __add__(self, other: Poly) -> Poly:
        total = dict(self.terms)
        for m, c in other.terms:
            total[m] = total.get(m, Fraction(0)) + c
        return Poly(total)

    def __neg__(self) -> Poly:
        return Poly({m: -c for m, c in self.terms})

    def __sub__(self, other: Poly) -> Poly:
        return self + (-other)

    def __mul__(self, other: Poly) -> Poly:
        total: dict[Monomial, Fraction] = {}
        for (m, c), (q, e) in itertools.product(self.terms, other.terms):
            merged = _merge(m, q)
            total[merged] = total.get(merged, Fraction(0)) + c * e
        return Poly(total)

    def __pow__(self, exponent: int) -> Poly:
        return prod([self] * exponent, start=ONE)

    def mapped(self, change: Callable[[Atom], Poly]) -> Poly:
        """The polynomial with every atom replaced by a term."""
        return sum((prod((change(a) ** p for a, p in m), start=const(c)) for m, c in self.terms), ZERO)

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


def _merge(left: Monomial, right: Monomial) -> Monomial:
    powers: dict[Atom, int] = {}
    exponent = ZERO
    for atom, power in (*left, *right):
        if atom.head == "exp":
            exponent = exponent + atom.args[0].scaled(Fraction(power))
        else:
            powers[atom] = powers.get(atom, 0) + power
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
        if not a.free & names.keys():
            return of(a)
        args = tuple(rename(arg, names) for arg in a.args)
        args = tuple(sorted(args, key=lambda p: p.key)) if a.head == "max" else args
        return of(Atom(a.head, names.get(a.name, a.name), args, a.integer, a.bound))

    return term.mapped(atom)
