"""Values with first and second derivatives, all of them balls: what a proof on a box needs.

A jet holds enclosures of a function, its slopes and its curvatures in a few named directions over a whole box.  Where
a minimum, a maximum or an absolute value may have a kink the slopes enclose every generalized (Clarke) gradient, for
which the mean value theorem still holds, and the curvatures are not numbers.  Derivatives without a rule here are
not numbers either, so that nothing can be concluded from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from typing import Any

import sympy as sp
from flint import arb, ctx

from numerics.backends.as_ball import ONE, ZERO, Ball, hull
from numerics.backends.frame import Arithmetic, Body, Frame, UnsupportedExpression
from numerics.backends.walk import Walker

BALL = Ball()
NAN = arb.nan()
EDGE = -1  # the direction in which the radius of a radial integral grows


@dataclass(frozen=True)
class Jet:
    """A ball with slopes by direction and curvatures by pairs ``(i, j)``, ``i <= j``; what is absent is 0.

    ``shape`` is 0 for an affine function of the directions, 1 for a convex, -1 for a concave one, ``None`` if unknown.
    """

    value: arb
    slopes: Mapping[int, arb] = field(default_factory=dict)
    bends: Mapping[tuple[int, int], arb] = field(default_factory=dict)
    shape: int | None = 0


def variable(value: arb, direction: int) -> Jet:
    """The coordinate of the direction, on a ball."""
    return Jet(value, {direction: ONE})


def _chain(inner: Jet, value: arb, first: arb, second: arb, curved: bool) -> Jet:
    """``f(inner)`` from the values of f, f' and f'' on the ball of ``inner``."""
    shape = _composed(inner.shape, first, second) if inner.slopes else 0
    slopes = {k: first * g for k, g in inner.slopes.items()}
    if not curved:
        return Jet(value, slopes, {}, shape)
    bends = {k: first * h for k, h in inner.bends.items()}
    for key, square in _squares(inner.slopes).items():
        bends[key] = bends.get(key, ZERO) + second * square
    return Jet(value, slopes, bends, shape)


def _composed(inner: int | None, first: arb, second: arb) -> int | None:
    """The shape of ``f(inner)``, by the composition rule.

    It is convex for a convex f after an affine function, after a convex one where f rises, after a concave one where
    f falls.
    """
    if inner is None or (inner == 0 and second.is_zero()):
        return inner
    for sign in (1, -1):
        if sign * second >= 0 and (inner == 0 or inner * sign * first >= 0):
            return sign
    return None


def _together(shapes: Iterable[int | None], allowed: Sequence[int] = (1, -1)) -> int | None:
    """The common shape of several functions where their sum (or extremum) keeps it."""
    found = set(shapes) - {0}
    if not found and len(allowed) == 2:
        return 0
    return next((sign for sign in allowed if found <= {sign}), None)


def _squares(slopes: Mapping[int, arb]) -> dict[tuple[int, int], arb]:
    names = sorted(slopes)
    return {
        (i, j): BALL.integer_power(slopes[i], 2) if i == j else slopes[i] * slopes[j]
        for place, i in enumerate(names)
        for j in names[place:]
    }


def _weighted(weights: Sequence[arb], maps: Sequence[Mapping[Any, arb]]) -> dict[Any, arb]:
    total: dict[Any, arb] = {}
    for weight, entries in zip(weights, maps, strict=True):
        for key, entry in entries.items():
            total[key] = total.get(key, ZERO) + weight * entry
    return total


class Jets:
    """Arithmetic of jets; with ``curved=False`` second derivatives are not computed."""

    def __init__(self, curved: bool) -> None:
        self.curved = curved

    def number(self, value: Any) -> Jet:
        return value if isinstance(value, Jet) else Jet(BALL.number(value))

    def pi(self) -> Jet:
        return Jet(arb.pi())

    def add(self, terms: Sequence[Jet]) -> Jet:
        ones = [ONE] * len(terms)
        slopes, bends = _weighted(ones, [t.slopes for t in terms]), _weighted(ones, [t.bends for t in terms])
        return Jet(BALL.add([t.value for t in terms]), slopes, bends, _together(t.shape for t in terms))

    def multiply(self, factors: Sequence[Jet]) -> Jet:
        product = factors[0]
        for factor in factors[1:]:
            product = self._times(product, factor)
        return product

    def _times(self, left: Jet, right: Jet) -> Jet:
        if left is right:
            return self.integer_power(left, 2)
        weights = [right.value, left.value]
        slopes = _weighted(weights, [left.slopes, right.slopes])
        bends = _weighted(weights, [left.bends, right.bends]) if self.curved else {}
        if self.curved:
            for i, a in left.slopes.items():
                for j, b in right.slopes.items():
                    key = (min(i, j), max(i, j))
                    bends[key] = bends.get(key, ZERO) + (a * b if i != j else 2 * a * b)
        shape: int | None = None
        for constant, other in ((left, right), (right, left)):
            if not constant.slopes and other.shape is not None:
                sign = 1 if constant.value >= 0 else -1 if constant.value <= 0 else None
                shape = 0 if other.shape == 0 else None if sign is None else sign * other.shape
        return Jet(left.value * right.value, slopes, bends, shape)

    def divide(self, numerator: Jet, denominator: Jet) -> Jet:
        return self._times(numerator, self.integer_power(denominator, -1))

    def integer_power(self, base: Jet, exponent: int) -> Jet:
        if exponent == 0:
            return Jet(BALL.integer_power(base.value, 0))
        first = exponent * BALL.integer_power(base.value, exponent - 1)
        second = exponent * (exponent - 1) * BALL.integer_power(base.value, exponent - 2) if exponent != 1 else ZERO
        return _chain(base, BALL.integer_power(base.value, exponent), first, second, self.curved)

    def power(self, base: Jet, exponent: Jet, nonnegative: bool) -> Jet:
        value = BALL.power(base.value, exponent.value, nonnegative)
        if not exponent.slopes:  # differentiable only inside, whatever the sign of the exponent
            e, b = exponent.value, base.value
            first = e * BALL.power(b, e - 1, False) if b > 0 else NAN
            second = e * (e - 1) * BALL.power(b, e - 2, False) if b > 0 else NAN
            return _chain(base, value, first, second, self.curved)
        through = self.exp(self._times(exponent, self.log(base)))
        return Jet(value, through.slopes, through.bends, through.shape)

    def exp(self, value: Jet) -> Jet:
        result = BALL.exp(value.value)
        return _chain(value, result, result, result, self.curved)

    def log(self, value: Jet) -> Jet:
        inverse = ONE / value.value if value.value > 0 else NAN
        return _chain(value, BALL.log(value.value), inverse, -BALL.integer_power(inverse, 2), self.curved)

    def absolute(self, value: Jet) -> Jet:
        kink = not (value.value > 0 or value.value < 0)
        slope = hull(-ONE, ONE) if kink else BALL.sign(value.value)
        result = _chain(value, BALL.absolute(value.value), slope, NAN if kink else ZERO, self.curved)
        return replace(result, shape=1) if kink and value.slopes and value.shape == 0 else result

    def sign(self, value: Jet) -> Jet:
        jump = not (value.value > 0 or value.value < 0)
        return _chain(value, BALL.sign(value.value), NAN if jump else ZERO, NAN if jump else ZERO, self.curved)

    def minimum(self, values: Sequence[Jet]) -> Jet:
        return self._extreme(values, BALL.minimum([v.value for v in values]), least=True)

    def maximum(self, values: Sequence[Jet]) -> Jet:
        return self._extreme(values, BALL.maximum([v.value for v in values]), least=False)

    def _extreme(self, values: Sequence[Jet], value: arb, least: bool) -> Jet:
        # a function that is certainly beaten is active nowhere on the box
        active = [v for v in values if not (v.value > value if least else v.value < value)]
        if len(active) == 1:
            return Jet(value, active[0].slopes, active[0].bends, active[0].shape)
        names = {name for v in active for name in v.slopes}
        slopes = {name: hull(*(v.slopes.get(name, ZERO) for v in active)) for name in names}
        bends = {(i, j): NAN for i in names for j in names if i <= j} if self.curved else {}
        return Jet(value, slopes, bends, _together((v.shape for v in active), (-1,) if least else (1,)) if names else 0)

    def lse(self, values: Sequence[Jet]) -> Jet:
        balls = [v.value for v in values]
        shares = [
            BALL.exp(-BALL.lse([ZERO if i == j else b - a for j, b in enumerate(balls)])) for i, a in enumerate(balls)
        ]
        slopes = _weighted(shares, [v.slopes for v in values])
        shape = _together((v.shape for v in values), (1,)) if slopes else 0
        if not self.curved:
            return Jet(BALL.lse(balls), slopes, {}, shape)
        bends = _weighted(shares, [v.bends for v in values])
        # the curvature of the softmax as a variance, so that squares stay squares
        for (p, a), (q, b) in combinations(zip(shares, values, strict=True), 2):
            spread = _weighted([ONE, -ONE], [a.slopes, b.slopes])
            for key, square in _squares(spread).items():
                bends[key] = bends.get(key, ZERO) + p * q * square
        return Jet(BALL.lse(balls), slopes, bends, shape)

    def lower_gamma(self, order: Jet, cutoff: Jet) -> Jet:
        a, c = order.value, cutoff.value
        value = BALL.lower_gamma(a, c)
        density = BALL.power(c, a - 1, False) * BALL.exp(-c) if c > 0 else NAN
        result = _chain(cutoff, value, density, density * ((a - 1) / c - 1) if c > 0 else NAN, self.curved)
        return _unknown(result, order)

    def upper_gamma(self, order: Jet, cutoff: Jet) -> Jet:
        a, c = order.value, cutoff.value
        density = -BALL.power(c, a - 1, False) * BALL.exp(-c) if c > 0 else NAN
        second = density * ((a - 1) / c - 1) if c > 0 else NAN
        return _unknown(_chain(cutoff, BALL.upper_gamma(a, c), density, second, self.curved), order)

    def gamma(self, value: Jet) -> Jet:
        v, result = value.value, BALL.gamma(value.value)
        slope = BALL.digamma(v)
        return _chain(value, result, result * slope, result * (slope**2 + BALL.polygamma(ONE, v)), self.curved)

    def log_gamma(self, value: Jet) -> Jet:
        v = value.value
        return _chain(value, BALL.log_gamma(v), BALL.digamma(v), BALL.polygamma(ONE, v), self.curved)

    def euler(self) -> Jet:
        return Jet(BALL.euler())

    def polygamma(self, order: Jet, value: Jet) -> Jet:
        v = value.value
        found, first, second = (BALL.polygamma(order.value + k, v) for k in range(3))
        return _chain(value, found, first, second, self.curved)

    def lambert_w(self, value: Jet) -> Jet:
        w = BALL.lambert_w(value.value)
        first = BALL.exp(-w) / (1 + w)
        return _chain(value, w, first, -(first**2) * (2 + w) / (1 + w), self.curved)

    def sin(self, value: Jet) -> Jet:
        s, c = BALL.sin(value.value), BALL.cos(value.value)
        return _chain(value, s, c, -s, self.curved)

    def cos(self, value: Jet) -> Jet:
        s, c = BALL.sin(value.value), BALL.cos(value.value)
        return _chain(value, c, -s, -c, self.curved)

    def tan(self, value: Jet) -> Jet:
        t = BALL.tan(value.value)
        first = 1 + BALL.integer_power(t, 2)
        return _chain(value, t, first, 2 * t * first, self.curved)

    def asin(self, value: Jet) -> Jet:
        first = _arc_slope(value.value)
        return _chain(value, BALL.asin(value.value), first, value.value * BALL.integer_power(first, 3), self.curved)

    def acos(self, value: Jet) -> Jet:
        first = -_arc_slope(value.value)
        return _chain(value, BALL.acos(value.value), first, value.value * BALL.integer_power(first, 3), self.curved)

    def atan(self, value: Jet) -> Jet:
        first = ONE / (1 + BALL.integer_power(value.value, 2))
        return _chain(
            value, BALL.atan(value.value), first, -2 * value.value * BALL.integer_power(first, 2), self.curved
        )

    def sinh(self, value: Jet) -> Jet:
        s, c = BALL.sinh(value.value), BALL.cosh(value.value)
        return _chain(value, s, c, s, self.curved)

    def cosh(self, value: Jet) -> Jet:
        s, c = BALL.sinh(value.value), BALL.cosh(value.value)
        return _chain(value, c, s, c, self.curved)

    def tanh(self, value: Jet) -> Jet:
        t = BALL.tanh(value.value)
        first = BALL.integer_power(ONE / BALL.cosh(value.value), 2)
        return _chain(value, t, first, -2 * t * first, self.curved)

    def erf(self, value: Jet) -> Jet:
        first = _bell(value.value)
        return _chain(value, BALL.erf(value.value), first, -2 * value.value * first, self.curved)

    def erfc(self, value: Jet) -> Jet:
        first = _bell(value.value)
        return _chain(value, BALL.erfc(value.value), -first, 2 * value.value * first, self.curved)

    def integral(self, body: Body, patterns: list[Jet], radii: list[Jet]) -> Jet:
        raise UnsupportedExpression("no rule for the derivatives of an integral over balls")

    def radial(self, body: Body, dimension: Jet, radius: Jet) -> Jet:
        """The slope in the radius is the surface of the ball times the body there."""

        def plain(arithmetic: Arithmetic, distance: Any) -> Any:
            return _value(body(Values(arithmetic), distance))

        n, r = dimension.value, radius.value
        value = BALL.radial(plain, n, r)
        edge = body(self, Jet(r, {EDGE: ONE}))
        first = second = NAN
        if r > 0 and n > 0:
            sphere = 2 * BALL.power(arb.pi(), n / 2, True) / (n / 2).gamma()
            first = sphere * BALL.power(r, n - 1, False) * edge.value
            inner = (n - 1) * BALL.power(r, n - 2, False) * edge.value
            second = sphere * (inner + BALL.power(r, n - 1, False) * edge.slopes.get(EDGE, ZERO))
        others = Jet(edge.value, {direction: NAN for direction in edge.slopes if direction != EDGE})
        return _unknown(_unknown(_chain(radius, value, first, second, self.curved), dimension), others)


class Values:
    """Another arithmetic, for jets of which only the values count."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic

    def number(self, value: Any) -> Jet:
        """A jet, since the frame keeps numbers for both."""
        return value if isinstance(value, Jet) else Jet(BALL.number(value))

    def radial(self, body: Body, dimension: Any, radius: Any) -> Any:
        """An integral within an integral: its body meets jets too."""

        def plain(arithmetic: Arithmetic, distance: Any) -> Any:
            return _value(body(Values(arithmetic), distance))

        return self.arithmetic.radial(plain, _value(dimension), _value(radius))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = getattr(self.arithmetic, name)
        return lambda *arguments: operation(*map(_value, arguments))


def _arc_slope(value: arb) -> arb:
    """``1/sqrt(1 - value**2)``."""
    rest = 1 - BALL.integer_power(value, 2)
    return ONE / rest.sqrt() if rest > 0 else NAN


def _bell(value: arb) -> arb:
    """``2/sqrt(pi) * exp(-value**2)``."""
    return 2 / arb.pi().sqrt() * BALL.exp(-BALL.integer_power(value, 2))


def _value(argument: Any) -> Any:
    if isinstance(argument, (list, tuple)):
        return [_value(item) for item in argument]
    return argument.value if isinstance(argument, Jet) else argument


def _unknown(result: Jet, source: Jet) -> Jet:
    """The result with unknown derivatives in the directions of the source."""
    names = set(result.slopes) | set(source.slopes)
    slopes = dict(result.slopes) | dict.fromkeys(source.slopes, NAN)
    lost = {(i, j): NAN for i in names for j in names if i <= j and (i in source.slopes or j in source.slopes)}
    return Jet(result.value, slopes, dict(result.bends) | lost, None if source.slopes else result.shape)


@lru_cache(maxsize=1024)
def build(expr: sp.Expr) -> Callable[..., Jet]:
    """The function of named values (jets among them), a precision in bits and whether curvatures are wanted."""
    node = Walker(floats=False, special=True).visit(expr)

    def call(values: Mapping[str, Any], precision: int, curved: bool = False) -> Jet:
        with ctx.workprec(precision):
            result: Jet = node(Frame(Jets(curved), values))
            return result

    return call
