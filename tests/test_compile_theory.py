"""Every expression of the theory in every arithmetic: floats and reference lie where the balls say, within rounding.

The bound of a float is that of ``validation.methods.rounding``.  Where it is missed, the ball is computed again with
every real argument widened by a few units of rounding: an ill-conditioned expression may move that far, and no farther.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import lru_cache
from itertools import islice

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb, ctx, fmpq
from sympy.core.function import Subs

from numerics.compile import UnsupportedExpression, compile_expression, name_of
from theory.atoms import RegionIntegral
from theory.registry import registry
from validation.methods.points import NoPointError, Space, corners, drawn
from validation.methods.rounding import CHAIN, SILENT, UNIT, as_arrays, longest, magnitude

torch = pytest.importorskip("torch")

DRAWN, WANTED = 8, 2
BITS = 128
WIDER = 16 * UNIT
BEYOND = {"DiracDelta"}  # what no arithmetic has a number for
FAILURES = (ArithmeticError, ValueError, TypeError, KeyError, IndexError)


@lru_cache(maxsize=1)
def expressions():
    """The sides of all claims by module, each once, with the domain of all variables of its claim."""
    seen, found = set(), defaultdict(list)
    for entry in registry().values():
        claim = entry.claim
        domain = claim.domain & claim.exists & claim.forall
        for side in (claim.lhs, claim.rhs):
            if side not in seen and not side.is_Symbol:
                seen.add(side)
                found[entry.module].append((claim, domain, side))
    return dict(found)


def modules():
    return sorted(expressions())


@lru_cache(maxsize=2)
def points(claim, domain):
    """Points drawn at random; where nothing is left to chance the corners, which are then all there is."""
    space = Space.inner(claim, domain, ())
    try:
        return drawn(space, 7, DRAWN) or list(islice(corners(space, 7), DRAWN)) or [{}]
    except NoPointError:
        return []


def worked_out(expr):
    """The expression without derivatives that are only written down."""
    return expr.replace(lambda node: isinstance(node, (Subs, sp.Derivative)), lambda node: node.doit())


def widened(variable, value):
    """A ball around every real number of the point; integers as they are."""
    if variable.is_integer:
        return value
    if isinstance(value, tuple):
        return [widened(variable, part) for part in value]
    number = sp.Rational(value)
    middle = arb(fmpq(int(number.p), int(number.q)))
    return arb(middle.mid(), abs(float(number)) * WIDER)


def distance(value, ball):
    """How far a number is from the middle of a ball, rounded up."""
    with ctx.workprec(BITS):
        return float(abs(arb(str(value)) - ball.mid()).upper())


def size_of(expr, floats, ball):
    """The magnitude of the expression; its value, eight times, where there is none, as for the root of 0."""
    try:
        size = float(compile_expression(magnitude(worked_out(expr)), "numpy")(floats))
    except UnsupportedExpression:
        size = math.nan
    return size if math.isfinite(size) else 8 * float(abs(ball).upper())


def check(expr, claim, point):
    """Whether the point could be judged; fails where a float or the reference is outside its bound."""
    exact = {name_of(variable): value for variable, value in point.items()}
    floats = {name_of(variable): value for variable, value in as_arrays(point).items()}
    try:
        ball = compile_expression(expr, "ball")(exact, BITS)
        scale = size_of(expr, floats, ball)
    except FAILURES:
        return False
    if not (ball.is_finite() and math.isfinite(scale) and math.isfinite(float(ball.mid()))):
        return False
    chain = (CHAIN + longest(point)) * (8 if expr.has(*SILENT) else 1)  # gamma functions go through their logarithms
    bound = UNIT * chain * scale + float(ball.rad())
    tensors = {
        name: torch.from_numpy(value) if isinstance(value, np.ndarray) else value for name, value in floats.items()
    }
    with mpmath.workprec(BITS):
        found = {
            "numpy": compile_expression(expr, "numpy")(floats),
            "torch": float(compile_expression(expr, "torch")(tensors)),
            "mpmath": mpmath.nstr(compile_expression(expr, "mpmath")(exact, BITS), 36),
        }
    for backend, value in found.items():
        if not abs(float(value)) < math.inf or (expr.has(*SILENT) and float(value) == 0):
            return False  # a part of it is beyond doubles
        off = distance(repr(value) if isinstance(value, float) else value, ball)
        if off <= bound:
            continue
        wide = compile_expression(expr, "ball")({name_of(v): widened(v, part) for v, part in point.items()}, BITS)
        if not wide.is_finite():
            return False
        reach = bound + 2 * float(wide.rad())
        assert off <= reach, f"{claim.id}: {backend} gives {value}, the ball is {ball}, off by {off:.3g} > {reach:.3g}"
    return True


@pytest.mark.parametrize("module", modules())
def test_all_arithmetics_agree(module):
    unjudged = []
    for claim, domain, expr in expressions()[module]:
        refused = {backend for backend in ("numpy", "torch", "mpmath", "ball") if not compiles(expr, backend)}
        if refused:
            assert refused == {"numpy", "torch", "mpmath", "ball"}, f"{claim.id} has no routine in {refused}"
            assert {type(node).__name__ for node in sp.preorder_traversal(expr)} & BEYOND, claim.id
            continue
        judged, wanted = 0, 1 if expr.has(RegionIntegral) else WANTED
        for point in points(claim, domain):
            judged += check(expr, claim, point)
            if judged == wanted:
                break
        if not judged and not expr.has(*SILENT):
            unjudged.append(claim.id)
    assert unjudged == [], f"no point could be judged: {unjudged}"


def compiles(expr, backend):
    try:
        compile_expression(expr, backend)
    except UnsupportedExpression:
        return False
    return True


def test_a_wrong_number_is_noticed():
    claim, domain, expr = next(item for item in expressions()["theory.energies.layer"] if item[2].has(sp.Sum))
    point = points(claim, domain)[0]
    ball = compile_expression(expr, "ball")({name_of(v): value for v, value in point.items()}, BITS)
    value = float(ball.mid())
    assert distance(repr(value), ball) <= abs(value) * UNIT
    assert distance(repr(value + 1e-3), ball) >= 9e-4
