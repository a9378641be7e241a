"""Routines with batch axes for NumPy: agreement with the reference, derivatives, blocks, accuracy, refusals."""

import re
import time
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp

from numerics import array_routine
from numerics.array_routine import compile_arrays
from numerics.backends import array_program, index_rules
from numerics.compile import UnsupportedExpression, compile_expression
from theory.atoms import LSE, IndexMax, IndexMin, Quotient
from theory.energies.layer import energy
from theory.energies.mchn import mchn, spread, tempered
from theory.energies.nearest import nearest, over_d, squared_distance
from theory.notation import beta, d, energies, i, j, k, l, n, rho, s, t, u, x, y
from theory.retrieval import update
from validation.methods.derivation import derive_all

OVER_N = (k, 1, n)
SMOOTH = {
    "layer": energy(x),
    "layer of distances": energy(x, "v1"),
    "tempered": tempered(x),
    "mchn": mchn(x),
    "cubed distances": -LSE(-beta * squared_distance(x) ** sp.Rational(3, 2), over_d),
    "fourth powers": LSE(sp.Sum((x[k] - rho[i, k]) ** 4, OVER_N), over_d),
    "softmax by hand": sp.Sum(
        sp.exp(-squared_distance(x)) / sp.Sum(sp.exp(-squared_distance(x, j)), (j, 1, d)), over_d
    ),
    "polynomial": sp.Sum(x[k] ** 3, OVER_N) ** 2 - beta * sp.Sum(x[k] * sp.exp(x[k]), OVER_N) + sp.log(n) - d,
    "nested": LSE(-LSE(sp.Sum(rho[i, k] * rho[j, k] * x[k], OVER_N), (j, 1, d)), over_d),
    "quotient": sp.Sum(x[k] * y[k], OVER_N) / (2 + sp.Abs(sp.Sum(x[k], OVER_N))) + sp.pi,
}
KINKED = {
    "nearest": nearest(x),
    "nearest distance": nearest(x, "v1"),
    "quotient that stays": Quotient(sp.Sum(x[k] * y[k], OVER_N), nearest(x)),
    "spread": spread + IndexMax(sp.Sum(rho[i, k] * x[k], OVER_N) + sp.Sum(x[k], OVER_N), over_d),
    "double minimum": IndexMin(IndexMin(sp.Sum((rho[i, k] - rho[j, k] - x[k]) ** 2, OVER_N), over_d), (j, 1, d)),
}
ALL = SMOOTH | KINKED


def values(points=4, patterns=6, size=3, seed=0):
    draw = np.random.default_rng(seed)
    return {
        "x": draw.normal(size=(points, size)),
        "y": draw.normal(size=(points, size)),
        "direction": draw.normal(size=(points, size)),
        "rho": draw.normal(size=(patterns, size)),
        "beta": 0.7,
        "d": patterns,
    }


def reference(expr, given, row, extra=None):
    at = given | {"x": given["x"][row].tolist(), "y": given["y"][row].tolist(), "rho": given["rho"].tolist()}
    return float(compile_expression(expr, "mpmath")(at | {"n": len(at["x"])} | (extra or {}), 120))


def reference_product(expr, given, row, place):
    """The derivative of the gradient along the direction, as a difference in 200 bits."""
    routine, step = compile_expression(sp.diff(expr, x[s]), "mpmath"), Fraction(1, 2**40)
    at = {"y": given["y"][row].tolist(), "rho": given["rho"].tolist(), "beta": given["beta"], "d": given["d"]}
    ends = [
        [Fraction(a) + sign * step * Fraction(b) for a, b in zip(given["x"][row], given["direction"][row], strict=True)]
        for sign in (1, -1)
    ]
    with mpmath.workprec(200):
        first, last = (routine(at | {"x": end, "s": place, "n": len(end)}, 200) for end in ends)
        return float((first - last) / (2 * mpmath.mpf(2) ** -40))


@pytest.mark.parametrize("name", ALL)
def test_values_are_those_of_the_reference_at_every_point(name):
    given = values()
    found = compile_arrays(ALL[name], "numpy", (x, y))(given)
    assert found.shape == (4,)
    for row in range(4):
        assert found[row] == pytest.approx(reference(ALL[name], given, row), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", SMOOTH)
def test_gradient_and_hessian_product_are_those_that_sympy_derives(name):
    given = values(points=2)
    gradient, product = compile_arrays(ALL[name], "numpy", (x, y), compute=("gradient", "hessian_product"))(given)
    assert gradient.shape == product.shape == (2, 3)
    for row in range(2):
        for place in (1, 3):
            assert gradient[row, place - 1] == pytest.approx(
                reference(sp.diff(ALL[name], x[s]), given, row, {"s": place}), rel=1e-11, abs=1e-11
            )
            slope = reference_product(ALL[name], given, row, place)
            assert product[row, place - 1] == pytest.approx(slope, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("name", KINKED)
def test_slopes_of_minima_are_those_of_the_least_term(name):
    given = values()
    routine = compile_arrays(ALL[name], "numpy", (x, y), compute=("value", "gradient"))
    gradient = routine(given)[1]
    for place in range(3):
        step = np.zeros(3)
        step[place] = 1e-6
        around = [routine(given | {"x": given["x"] + sign * step})[0] for sign in (1, -1)]
        assert gradient[:, place] == pytest.approx((around[0] - around[1]) / 2e-6, abs=1e-8)


def test_the_gradient_of_the_update_is_its_jacobian():
    given = values()
    routine = compile_arrays(update, "numpy", (y,), outputs=((k, n),), compute=("value", "gradient"))
    value, jacobian = routine(given)
    assert value.shape == (4, 3)
    assert jacobian.shape == (4, 3, 3)
    step = np.array([0.0, 1e-6, 0.0])
    slope = (routine(given | {"y": given["y"] + step})[0] - routine(given | {"y": given["y"] - step})[0]) / 2e-6
    assert jacobian[:, :, 1] == pytest.approx(slope, abs=1e-8)


def test_batch_axes_and_unbatched_points():
    given = values(points=6)
    flat = compile_arrays(energy(x), "numpy", (x,))(given)
    cube = compile_arrays(energy(x), "numpy", (x,))(given | {"x": given["x"].reshape(2, 1, 3, 3)})
    assert np.array_equal(cube.reshape(-1), flat)
    assert compile_arrays(energy(x), "numpy", (x,))(given | {"x": given["x"][0]}) == pytest.approx(flat[0])
    assert compile_arrays(energy(x), "numpy")(given | {"x": given["x"][0]}) == pytest.approx(flat[0])
    assert compile_arrays(energy(x), "numpy", (x,))(given | {"x": given["x"][:0]}).shape == (0,)
    stack = compile_arrays(-LSE(-energies[t], (t, 1, l)), "numpy", (energies,))
    assert stack({"E": [[1.0, 2.0], [3.0, 3.0]]}) == pytest.approx(
        [-np.log(np.exp(-1) + np.exp(-2)), 3 - np.log(2)], rel=1e-15
    )


@pytest.mark.parametrize("name", ALL)
def test_blocks_and_tiles_give_the_same(name, monkeypatch):
    given = values(points=9, patterns=11)
    quantities = ("value", "gradient") if name in KINKED else ("value", "gradient", "hessian_product")
    routine = compile_arrays(ALL[name], "numpy", (x, y), compute=quantities)
    whole = routine(given)
    for constant, small in (("BLOCK", 8), ("ROWS", 2), ("TILE", 3)):
        monkeypatch.setattr(array_routine, constant, small)
    for one, other in zip(whole, routine(given), strict=True):
        assert other == pytest.approx(one, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("offset", [0.0, 1000.0])
@pytest.mark.parametrize("name", ["layer", "layer of distances", "tempered", "nearest", "nearest distance"])
def test_distances_keep_their_digits_far_from_the_origin_and_close_to_a_pattern(name, offset):
    draw = np.random.default_rng(1)
    patterns = (offset + draw.normal(size=(40, 24))).astype(np.float32)
    points = patterns[:8] + np.float32(1e-2) * draw.normal(size=(8, 24)).astype(np.float32)
    routine = compile_arrays(ALL[name], "numpy", (x,))
    given = {"x": points, "rho": patterns, "beta": 20.0}
    single, double = routine(given), routine({**given, "x": points.astype(float), "rho": patterns.astype(float)})
    assert single.dtype == np.float32
    assert double.dtype == np.float64
    # the rounding of the centre shows where the patterns are far from it
    assert single == pytest.approx(double, rel=2e-6 if offset == 0 else 1e-2, abs=1e-5 if offset == 0 else 1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_points_close_to_patterns_of_several_tiles(dtype, monkeypatch):
    draw = np.random.default_rng(4)
    patterns = draw.normal(size=(40, 24))
    patterns[30] = patterns[3] + 1e-3
    patterns[20] = patterns[4] + 0.02
    points = np.concatenate([patterns[[3, 20, 39]], draw.normal(size=(2, 24))]) + 1e-4
    given = {"x": points.astype(dtype), "rho": patterns.astype(dtype), "beta": 3.0}
    wide = {name: np.float64(value) for name, value in given.items()}
    monkeypatch.setattr(array_routine, "BLOCK", 16)
    monkeypatch.setattr(array_routine, "ROWS", 4)
    monkeypatch.setattr(array_routine, "TILE", 7)
    squares = ((wide["x"][:, None] - wide["rho"]) ** 2).sum(-1)
    weights = np.exp(-squares) / np.exp(-squares).sum(1, keepdims=True)
    value, gradient = compile_arrays(energy(x), "numpy", (x,), compute=("value", "gradient"))(given)
    unit = float(np.finfo(dtype).eps)
    assert value == pytest.approx(-np.log(np.exp(-squares).sum(1)), rel=64 * unit, abs=8 * unit)
    assert gradient == pytest.approx(2 * (wide["x"] - weights @ wide["rho"]), rel=64 * unit, abs=64 * unit)


def test_a_point_on_a_pattern_has_distance_zero():
    given = values(patterns=5)
    for dtype in (np.float32, np.float64):
        at = {"x": given["rho"].astype(dtype), "rho": given["rho"].astype(dtype), "beta": dtype(1.0)}
        assert np.array_equal(compile_arrays(nearest(x), "numpy", (x,))(at), np.zeros(5))
        value, gradient = compile_arrays(nearest(x, "v1"), "numpy", (x,), compute=("value", "gradient"))(at)
        assert np.array_equal(value, np.zeros(5))
        assert np.array_equal(gradient, np.zeros((5, 3)))  # the smallest subgradient


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int64])
def test_the_type_of_the_arguments_is_that_of_the_result(dtype):
    given = values()
    at = {"x": (4 * given["x"]).astype(dtype), "rho": (4 * given["rho"]).astype(dtype)}
    found = compile_arrays(energy(x), "numpy", (x,))(at)
    assert found.dtype == (np.float64 if dtype is np.int64 else dtype)
    exact = compile_arrays(energy(x), "numpy", (x,))({name: array.astype(float) for name, array in at.items()})
    assert found.astype(float) == pytest.approx(exact, rel=4 * float(np.finfo(found.dtype).eps), abs=1e-5)


def test_large_exponents_do_not_overflow():
    found = compile_arrays(energy(x), "numpy", (x,))({"x": [[1e4, 0.0]], "rho": [[0.0, 0.0], [1e4, 1.0]]})
    assert found[0] == 1.0
    with pytest.raises(ValueError, match="has entries whose squares overflow float32"):
        compile_arrays(energy(x), "numpy", (x,))({"x": np.float32([[1e25]]), "rho": np.float32([[-1e25]])})


def test_signature_and_errors():
    given = {name: value for name, value in values().items() if name != "d"}
    routine = compile_arrays(mchn(x), "numpy", (x,), compute=("value", "gradient"))
    assert {"rho (d, n)", "x (..., n)", "beta ()"} == set(re.split(r"(?<=\)), ", routine.signature.split(" -> ")[0]))
    assert routine.signature.endswith("-> value (...), gradient (..., n)")
    wrong = [
        ({"rho": np.zeros((0, 3))}, ValueError, "rho has shape .0, 3.: its axis d is empty"),
        ({"rho": np.zeros((2, 4))}, ValueError, "along n"),
        ({"rho": np.zeros(3)}, ValueError, "rho has shape .3,.: the routine takes"),
        ({"rho": np.zeros((1, 2, 3))}, ValueError, "the routine takes"),
        ({"rho": np.full((2, 3), np.nan)}, ValueError, "rho has entries that are not finite"),
        ({"x": np.full((2, 3), np.inf)}, ValueError, "x has entries that are not finite"),
        ({"x": np.zeros((2, 3), complex)}, TypeError, "complex128; allowed are"),
        ({"x": [["1", "2", "3"]]}, TypeError, "allowed are"),
        ({"n": 4}, ValueError, "n is given as 4"),
    ]
    for change, error, text in wrong:
        with pytest.raises(error, match=text):
            routine(given | change)
    with pytest.raises(KeyError, match="beta"):
        routine({"x": given["x"], "rho": given["rho"]})
    both = compile_arrays(sp.Sum(x[k] * y[k], OVER_N), "numpy", (x, y))
    with pytest.raises(ValueError, match="batch axes"):
        both(given | {"y": np.zeros((5, 3))})
    assert both(given | {"y": given["y"][0]}) == pytest.approx(given["x"] @ given["y"][0])


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (sp.Sum(x[k], (k, 2, n)), "starts at 2"),
        (sp.Sum(x[k], (k, 1, n - 1)), "runs to n - 1"),
        (sp.Sum(rho[k, k], (k, 1, n)), "diagonal"),
        (sp.Sum(k * x[k], OVER_N), "used as a number"),
        (x[1] + u, "every index is bound"),
        (sp.gamma(u) + sp.Sum(x[k], OVER_N), "gamma"),
    ],
)
def test_refusals_name_the_node(expr, text):
    with pytest.raises(UnsupportedExpression, match=text):
        compile_arrays(expr, "numpy", (x,))


def test_wrong_names_are_refused():
    with pytest.raises(ValueError, match="jax"):
        compile_arrays(energy(x), "jax", (x,))
    with pytest.raises(ValueError, match="hessian"):
        compile_arrays(energy(x), "numpy", (x,), compute=("hessian",))
    with pytest.raises(UnsupportedExpression, match="first of the points"):
        compile_arrays(energy(x), "numpy", (), compute=("gradient",))


@pytest.mark.parametrize("name", ["layer", "mchn", "layer of distances"])
def test_a_routine_is_compiled_in_20_milliseconds(name):
    compile_arrays(ALL[name], "numpy", (x,), compute=("value", "gradient"))
    taken = []
    for _ in range(5):
        started = time.process_time()
        compile_arrays(ALL[name], "numpy", (x,), compute=("value", "gradient"))
        taken.append(time.process_time() - started)
    assert min(taken) < 0.02


def test_the_rewritings_are_theorems():
    derived = derive_all(list(index_rules.RULES))
    assert [claim.id for claim in index_rules.RULES if derived[claim.id].fact is None] == []


def test_no_array_is_larger_than_a_block(monkeypatch):
    sizes = []
    monkeypatch.setattr(array_program.Call, "buffer", lambda call, slot, shape, like: sizes.append(np.prod(shape)))
    draw = np.random.default_rng(0)
    given = {"x": draw.normal(size=(3000, 2)), "rho": draw.normal(size=(5000, 2))}
    compile_arrays(energy(x), "numpy", (x,))(given)
    assert max(sizes) <= array_program.BLOCK < 3000 * 5000
