"""The steps of a certificate: one record per rule of the checker, each with everything that its rule needs.

A node proves one goal from the goals of its ``children``; which those are is said by ``checker.subgoals``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import sympy as sp

from validation.certificates.goals import Interval

Names = Mapping[str, sp.Symbol]
Exprs = tuple[sp.Expr, ...]
Words = tuple[str, ...]


@dataclass(frozen=True)
class Node:
    """A step; ``children`` prove the goals that it leaves."""

    children: tuple[Node, ...] = field(default=(), kw_only=True)

    def following(self, *children: Node) -> Node:
        """The same step with these children."""
        return replace(self, children=children)

    def scope(self, names: Names) -> Names:
        """The variables of the children, by name."""
        return names


@dataclass(frozen=True)
class Open(Node):
    """A goal that nothing proves yet; the checker never accepts it."""


# Leaves.


@dataclass(frozen=True)
class Identity(Node):
    """The gap is 0 by its normal form; proves ``==`` and ``>=``."""


@dataclass(frozen=True)
class Constant(Node):
    """No variables: the sign by a ball of at most ``precision`` bits."""

    precision: int


@dataclass(frozen=True)
class Sight(Node):
    """The sign that interval arithmetic with open, closed and infinite ends shows over the whole region."""


@dataclass(frozen=True)
class Given(Node):
    """The gap is a positive rational multiple of a constraint's, up to the normal form."""


@dataclass(frozen=True)
class Empty(Node):
    """The region has no point: interval arithmetic excludes a constraint or finds an interval empty."""


@dataclass(frozen=True)
class Cover(Node):
    """A bounded box covered by balls.

    ``tree`` lists the nodes of a binary tree in preorder.  A digit halves the interval of the variable at that place
    of the box.  Leaves: ``p`` plain, ``m`` mean value, ``c`` corners by the signs of the slopes, ``x`` a constraint
    fails on the box.
    """

    tree: str
    precision: int = 64


@dataclass(frozen=True)
class Sturm(Node):
    """A polynomial in one variable with rational coefficients on its interval: counts of roots and one value."""


# Splitting the region.


@dataclass(frozen=True)
class Split(Node):
    """Children: the variable at most ``at``, at least ``at`` (for integers: at most, at least ``at + 1``)."""

    variable: str
    at: sp.Expr


@dataclass(frozen=True)
class Points(Node):
    """An integer variable with finitely many values: one child each, the smallest first."""

    variable: str


@dataclass(frozen=True)
class Cases(Node):
    """Children: ``by >= 0`` and ``by <= 0`` among the constraints, absolute values and extrema resolved by it."""

    by: sp.Expr


@dataclass(frozen=True)
class Have(Node):
    """Children: ``gap relation 0`` on the same region, then the goal with that as a constraint."""

    gap: sp.Expr
    relation: str


@dataclass(frozen=True)
class Forget(Node):
    """Child: the goal without the variables (absent from the gap) and without the constraints of these places."""

    variables: Words = ()
    constraints: tuple[int, ...] = ()


@dataclass(frozen=True)
class Relax(Node):
    """Child: the integer variable runs over the reals between its ends."""

    variable: str

    def scope(self, names: Names) -> Names:
        return {**names, self.variable: sp.Symbol(self.variable, real=True)}


# Calculus.


@dataclass(frozen=True)
class Monotone(Node):
    """Children: the goal at ``to`` (its limit there if ``limit``; none if that is +oo), the sign of the slope.

    ``to`` is an end of the variable's interval, or an expression in the other variables that the variable stays on
    one side of.  The slope child says that the gap grows with the distance from ``to``.
    """

    variable: str
    to: sp.Expr
    limit: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Foot(Node):
    """Children: the goal with ``at`` for the variable, ``(variable - at) * slope >= 0``."""

    variable: str
    at: sp.Expr


@dataclass(frozen=True)
class Concave(Node):
    """Children: the goal at the lower and at the upper end (limits if flagged, none if +oo), minus the curvature >= 0.

    With ``strict`` the curvature is negative, and at ends that are open ``>= 0`` is enough for ``> 0`` inside.
    """

    variable: str
    lower_limit: bool = False
    upper_limit: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Tangency(Node):
    """Children: the goal with ``at`` for the variable, the slope there == 0, the second derivative >= 0."""

    variable: str
    at: sp.Expr


@dataclass(frozen=True)
class Induction(Node):
    """An integer variable from a finite lower end.  Children: the goal there, ``g(n + 1) - g(n) >= 0``."""

    variable: str


@dataclass(frozen=True)
class Telescope(Node):
    """A variable up to oo.  Children: the limit of the gap there (none if +oo), ``g(x) - g(x + 1) REL 0``."""

    variable: str


# Changing the variables.


@dataclass(frozen=True)
class Substitute(Node):
    """Child: the variable replaced by ``by``, an expression in ``new`` (in ``interval``) and the other variables."""

    variable: str
    by: sp.Expr
    new: str
    interval: Interval

    def scope(self, names: Names) -> Names:
        kind = {"integer": True} if self.interval.integer else {"real": True}
        rest = {name: symbol for name, symbol in names.items() if name != self.variable}
        return {**rest, self.new: sp.Symbol(self.new, **kind)}


@dataclass(frozen=True)
class Exchange(Node):
    """Gap and region do not change when the two variables change places.  Child: ``first >= second``."""

    first: str
    second: str


@dataclass(frozen=True)
class Reflect(Node):
    """Gap and region do not change with the sign of the variable.  Child: the variable is at least 0."""

    variable: str


@dataclass(frozen=True)
class Period(Node):
    """The gap does not change when ``period`` is added.  Child: one period from ``start`` on."""

    variable: str
    period: sp.Expr
    start: sp.Expr


# Changing the gap.


@dataclass(frozen=True)
class Rewrite(Node):
    """Child: the same relation for ``to``, which equals the gap by the normal form."""

    to: sp.Expr


@dataclass(frozen=True)
class Strengthen(Node):
    """Child: the same gap with the stronger ``relation``; ``<`` says that minus the gap is positive."""

    relation: str


@dataclass(frozen=True)
class Both(Node):
    """An equality.  Children: the gap >= 0, minus the gap >= 0."""


@dataclass(frozen=True)
class Sum(Node):
    """The gap is the sum of ``coefficients[i] * terms[i]``.

    Children: for each place its coefficient >= 0 (none if it is a nonnegative rational), its term >= 0; both > 0 at
    the place ``strict``.  For an equality: every term == 0.
    """

    coefficients: Exprs
    terms: Exprs
    strict: int = -1


@dataclass(frozen=True)
class Product(Node):
    """The gap is the product of the factors.  Children: each factor (minus it, where ``signs`` has -1) against 0."""

    factors: Exprs
    signs: tuple[int, ...]


@dataclass(frozen=True)
class Compose(Node):
    """The gap is ``left - right``.  Children: what puts both where ``function`` rises, then the difference of images.

    ``function`` is ``log``, ``exp``, ``lambert`` (``x*exp(x)``) or ``power`` (to the positive rational ``exponent``).
    """

    function: str
    left: sp.Expr
    right: sp.Expr
    exponent: sp.Expr = field(default=sp.Integer(1))


@dataclass(frozen=True)
class Instance(Node):
    """The gap is that of a listed lemma, its parameters set to ``at``.  Children: its side conditions there."""

    lemma: str
    at: Exprs


@dataclass(frozen=True)
class Squares(Node):
    """The gap times ``multiplier`` is the sum of ``weights[i] * roots[i]**2 * factors[i]``.

    Weights are nonnegative rationals.  Children: ``multiplier > 0``, then every factor that is no number >= 0.
    """

    multiplier: sp.Expr
    weights: Exprs
    roots: Exprs
    factors: Exprs


# Refutation.


@dataclass(frozen=True)
class Witness:
    """A point of the domain at which the statement fails: exact values by names of variables, and bits enough."""

    point: tuple[tuple[str, sp.Expr], ...]
    precision: int = 64


KINDS: Mapping[str, type[Node]] = {kind.__name__.lower(): kind for kind in Node.__subclasses__() if kind is not Open}
