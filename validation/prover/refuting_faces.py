"""Regions of lower dimension: conditions that are equalities solved for a variable, and the boundaries of the others.

Also the places inside a region where parts of the gap change their sign, where kinks, poles and spikes sit.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterator
from functools import partial

import sympy as sp
from flint import arb, fmpq, fmpz

from numerics.backends.as_ball import build_all
from numerics.backends.frame import UnsupportedExpression
from validation.certificates.goals import Constraint, Goal, Rejected, substituted
from validation.prover.candidates import approximation, guess, stations
from validation.prover.refuting_lines import Line, halved
from validation.prover.refuting_points import Gauge, Point, bits, dyadic, number, rational

MOST_FEATURES, MOST_MARKS, MARK_BITS = 16, 8, 128
MOST_CONSTANTS, CONVERGENTS = 5, 48
_ODD_INVERSES: dict[type, Callable[[sp.Expr], sp.Expr]] = {
    sp.exp: sp.log,
    sp.log: sp.exp,
    sp.sinh: sp.asinh,
    sp.tanh: sp.atanh,
    sp.atan: sp.tan,
    sp.asin: sp.sin,
    sp.acos: sp.cos,
    sp.tan: sp.atan,
    sp.sin: sp.asin,
    sp.cos: sp.acos,
}


class Face(Gauge):
    """The points of a region at which a constraint is an equality, one variable expressed by the others."""

    def __init__(self, whole: Gauge, constraint: Constraint, symbol: sp.Symbol, value: sp.Expr) -> None:
        """Raises ``Rejected`` or ``UnsupportedExpression`` where the gap makes no sense there."""
        self.whole, self.symbol, self.value = whole, symbol, value
        goal = whole.goal
        at = {symbol: value}
        interval = goal.intervals[symbol]
        given = [Constraint(substituted(c.gap, at), c.relation, c.everywhere) for c in goal.given if c != constraint]
        if interval.lower != -sp.oo:
            given.append(Constraint(value - interval.lower, ">" if interval.open_lower else ">="))
        if interval.upper != sp.oo:
            given.append(Constraint(interval.upper - value, ">" if interval.open_upper else ">="))
        box = tuple((s, i) for s, i in goal.box if s != symbol)
        super().__init__(Goal(substituted(goal.gap, at), goal.relation, box, tuple(given)))
        self.place = [s for s, _ in goal.box].index(symbol)

    def lifted(self, point: Point) -> Point | None:
        """The point of the whole region; ``None`` where the value is no real number, or no integer as it should be."""
        values = {s: number(v) for (s, _), v in zip(self.goal.box, point, strict=True)}
        try:
            value = substituted(self.value, values)
        except Rejected:
            return None
        exact = rational(value)
        coordinate = value if exact is None else exact
        if self.whole.intervals[self.place].integer:
            if exact is None or exact.q != 1:
                return None
            coordinate = int(exact.p)
        return self.whole.lifted((*point[: self.place], coordinate, *point[self.place :]))

    def confirms(self, point: Point) -> bool:
        if any(isinstance(value, arb) for value in point) or bits(point) > 400 or not super().confirms(point):
            return False
        there = self.lifted(point)
        return there is not None and self.origin.confirms(there)

    @property
    def origin(self) -> Gauge:
        """The gauge of the region that all this began with."""
        return self.whole.origin


def reduced(gauge: Gauge) -> list[Gauge]:
    """Gauges whose regions satisfy every equality among the conditions by themselves; the gauge where there is none."""
    equality = next((c for c in gauge.goal.given if c.relation == "==" and not c.everywhere), None)
    if equality is None:
        return [gauge]
    return [part for face in faces(gauge, equality) for part in reduced(face)] or [gauge]


def boundaries(gauge: Gauge) -> Iterator[Gauge]:
    """The faces on which one of the conditions that allow it is an equality."""
    for constraint in gauge.goal.given:
        if not constraint.everywhere and constraint.relation == ">=" and len(gauge.goal.box) > 1:
            yield from itertools.islice(faces(gauge, constraint), 2)


def faces(gauge: Gauge, constraint: Constraint) -> Iterator[Face]:
    """The faces where a constraint is 0, solved for the variable that it is easiest in."""
    symbols = sorted(constraint.gap.free_symbols, key=lambda s: (sp.count_ops(constraint.gap.coeff(s)), s.name))
    for symbol in symbols:
        found = False
        for value in solutions(constraint.gap, symbol):
            try:
                yield Face(gauge, constraint, symbol, value)
                found = True
            except (Rejected, UnsupportedExpression, TypeError, ValueError):
                continue
        if found:
            return


def solutions(expr: sp.Expr, symbol: sp.Symbol) -> list[sp.Expr]:
    """Values of a symbol at which an expression is 0: of polynomials up to degree 2, and where it occurs once."""
    numerator = sp.fraction(sp.together(expr))[0]
    if numerator.is_polynomial(symbol):
        coefficients = sp.Poly(numerator, symbol).all_coeffs()
        if len(coefficients) == 2:
            return [sp.cancel(-coefficients[1] / coefficients[0])]
        if len(coefficients) == 3:
            middle = -coefficients[1] / (2 * coefficients[0])
            root = sp.sqrt(sp.expand(middle**2 - coefficients[2] / coefficients[0]))
            return [middle + root, middle - root]
    return _inverted(expr, symbol, sp.S.Zero)


def _inverted(expr: sp.Expr, symbol: sp.Symbol, target: sp.Expr) -> list[sp.Expr]:
    if expr == symbol:
        return [target]
    holders = [arg for arg in expr.args if arg.has(symbol)]
    if len(holders) != 1:
        return []
    inner = holders[0]
    if isinstance(expr, sp.Add):
        return _inverted(inner, symbol, target - (expr - inner))
    if isinstance(expr, sp.Mul):
        return _inverted(inner, symbol, target / (expr / inner))
    if isinstance(expr, sp.Pow) and inner == expr.base and expr.exp.is_Rational:
        roots = [target ** (1 / expr.exp)]
        if expr.exp.is_Integer and int(expr.exp) % 2 == 0:
            roots.append(-roots[0])
        return [value for root in roots for value in _inverted(inner, symbol, root)]
    inverse = _ODD_INVERSES.get(type(expr))
    return [] if inverse is None else _inverted(inner, symbol, inverse(target))


class Features:
    """Parts of a gap whose changes of sign are worth knowing: kinks, poles, what spikes are made of."""

    def __init__(self, gauge: Gauge) -> None:
        self.gauge, goal = gauge, gauge.goal
        found: dict[sp.Expr, None] = {}
        for part in sp.preorder_traversal(goal.gap):
            if isinstance(part, (sp.Max, sp.Min)):
                found.update(dict.fromkeys(a - b for a, b in itertools.combinations(part.args, 2)))
            elif isinstance(part, (sp.Abs, sp.sign)):
                found[part.args[0]] = None
            elif isinstance(part, sp.Pow) and not (part.exp.is_Integer and part.exp > 0):
                found[part.base] = None
            elif isinstance(part, sp.Add) and part != goal.gap:
                found[part] = None
        found.update((c.gap, None) for c in goal.given)
        self.constants = _constants(goal.gap)
        self.integers = sorted({n for value in self.constants for n in convergents(value)})
        self.exprs = [expr for expr in found if expr.free_symbols][:MOST_FEATURES]
        self._routine = build_all(self.exprs)[0]

    def signs(self, point: Point) -> list[int | None]:
        """The sign of each part at a point."""
        precision = MARK_BITS + 3 * bits(point)
        try:
            parts = self._routine(self.gauge.values(point, precision), precision)
        except (ArithmeticError, ValueError, MemoryError):
            return [None] * len(self.exprs)
        return [1 if part > 0 else -1 if part < 0 else 0 if part.is_zero() else None for part in parts]

    def _sign_at(self, line: Line, place: int, t: arb, _: int) -> int | None:
        return self.signs(line.way(t))[place]

    def marks(self, line: Line, level: int) -> Generator[None, None, list[sp.Expr]]:
        """Numbers of a line at which a part changes its sign, exact where a constant names them."""
        found: list[sp.Expr] = []
        if line.intervals[0].integer:
            return [sp.Integer(n) for n in self.integers]
        row = []
        for t in stations(line.intervals[0], level):
            if not isinstance(t, sp.Expr) and line.lies(t):
                row.append((t, self.signs(line.way(t))))
                yield
        for (a, left), (b, right) in itertools.pairwise(row):
            for k, (x, y) in enumerate(zip(left, right, strict=True)):
                if not x or not y or x == y or len(found) >= MOST_MARKS:
                    continue
                place = yield from halved(a, b, x, partial(self._sign_at, line, k))
                exact = dyadic(place)
                name = guess(exact) or number(exact)
                if name not in found:
                    found.append(name)
        return found


def _constants(expr: sp.Expr) -> list[sp.Expr]:
    """Irrational numbers in an expression; pi, its half and its double where there are angles."""
    found = dict.fromkeys(
        part
        for part in sp.preorder_traversal(expr)
        if part.is_number and not part.is_Rational and part.args != expr.args and part.is_Atom | part.is_Pow
    )
    found.update((part, None) for part in expr.atoms(sp.log, sp.exp) if part.is_number)
    angles = [sp.pi, sp.pi / 2, 2 * sp.pi] if expr.has(sp.sin, sp.cos, sp.tan) else []
    return [*angles, *found][:MOST_CONSTANTS]


def convergents(value: sp.Expr) -> list[int]:
    """Numerators and denominators of the best fractions to a constant: integers at which a multiple is near another."""
    rest = abs(approximation(value))
    before, now = (fmpz(1), fmpz(0)), (rest.floor(), fmpz(1))
    found = [*now]
    for _ in range(CONVERGENTS):
        part = rest - rest.floor()
        if part < fmpq(1, 2**60):
            break
        rest = 1 / part
        whole = rest.floor()
        before, now = now, (whole * now[0] + before[0], whole * now[1] + before[1])
        found += now
    return [int(n) for n in found]
