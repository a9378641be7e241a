"""The numbers that the figures draw, at points where they are known, and the files."""

from __future__ import annotations

import sys
from math import ceil, erf, exp, log, pi, sqrt
from pathlib import Path

import mpmath
import numpy as np
import pytest

from docs.figures import FIGURES, ball_mass, critical_patterns, draw, exponents, landscapes, loss

NAMES = ["landscapes", "loss", "ball-mass", "critical-patterns", "exponents"]


def test_the_figures_have_names() -> None:
    assert list(FIGURES) == NAMES
    with pytest.raises(KeyError, match="no figure is called 'moon'; allowed: landscapes, loss, ball-mass"):
        draw("moon", "nowhere")


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_drawn(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landscapes, "STEPS", 24)
    monkeypatch.setattr(loss, "RADII", np.array([0.01, 0.1, 1.0]))
    assert draw(name, tmp_path / "new") == [tmp_path / "new" / f"{name}.png"]
    picture = (tmp_path / "new" / f"{name}.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 300_000


def test_every_figure_is_committed() -> None:
    folder = Path(__file__).parent.parent / "docs" / "images"
    assert {f"{name}.png" for name in NAMES} <= {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_without_matplotlib_a_figure_says_what_to_install(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ModuleNotFoundError, match=r"figures need Matplotlib: pip install 'majorant\[plot\]'"):
        draw(name, tmp_path)


# The loss


def test_losses_on_the_line() -> None:
    found = loss.on_the_line([0.5])
    z = 4 * sqrt(pi) * erf(0.5)
    within = mpmath.quad(lambda t: mpmath.exp(-mpmath.exp(-(t**2)) / z), [-0.5, 0, 0.5])
    assert found.log_z == pytest.approx([log(z)], rel=1e-12)
    for reading in "abd":  # the nearest pattern is 12 away
        assert found.by_reading[reading] == pytest.approx([log(z)], rel=1e-8)
    assert found.by_reading["c"] == pytest.approx([log(4 * within) + 1 / z], rel=1e-12)


def test_the_printed_reading_in_any_dimension() -> None:
    line, ball = loss.on_the_line([0.3, 1.0]), loss.as_printed(1, loss.COUNT, np.array([0.3, 1.0]))
    assert ball.log_z == pytest.approx(line.log_z, rel=1e-8)
    assert ball.by_reading["c"] == pytest.approx(line.by_reading["c"], rel=1e-8)
    z = 3 * pi * (1 - exp(-4))  # three disks of radius 2; with s = exp(-r^2) the integral is of exp(-s/Z)/s
    integral = pi * mpmath.quad(lambda s: mpmath.exp(-s / z) / s, [exp(-4), 1])
    assert loss.as_printed(2, 3, np.array([2.0])).by_reading["c"] == pytest.approx([log(3 * integral) + 1 / z])


def test_no_reading_stays_above_one() -> None:
    found = loss.on_the_line([0.01])
    assert all(values[0] < 1 for values in found.by_reading.values())
    assert loss.proposition_4(np.array([0.0])) == [1]
    least = loss.as_printed(16, 10**6, np.array([0.41])).by_reading["c"]
    assert least[0] < -0.8


# The ball mass


def test_shares_of_the_volume() -> None:
    r = np.array([0.2, 1.0, 2.4])
    squared, plain = ball_mass.shares(np.array(1), r, 2), ball_mass.shares(np.array(1), r, 1)
    assert squared.exact == pytest.approx([log(sqrt(pi) * erf(q) / (2 * q)) for q in r], rel=1e-12)
    assert plain.exact == pytest.approx([log((1 - exp(-q)) / q) for q in r], rel=1e-12)
    assert squared.floor == pytest.approx(-(r**2), rel=1e-12)
    assert plain.floor == pytest.approx(-r, rel=1e-12)
    for found in (squared, plain):
        assert found.printed == pytest.approx(-r, rel=1e-12)
        assert found.ceiling == pytest.approx(0 * r, abs=1e-12)


def test_where_the_printed_floor_fails() -> None:
    assert (ball_mass.failures(2) == np.arange(21, 10**4 + 1)).all()
    assert ball_mass.failures(1).size == 0
    r = np.geomspace(0.01, 40, 2000)
    fails = [bool((s.printed > s.exact).any()) for n in (1, 2, 3, 4, 40) for s in [ball_mass.shares(np.array(n), r, 2)]]
    assert fails == [False, False, True, True, True]


# The critical number of patterns


def test_critical_numbers() -> None:
    r = sqrt(1 / (pi * exp(1)))  # in the plane
    disk = pi * (1 - exp(-(r**2)))
    cone = 2 * pi * (1 - (1 + r) * exp(-r))
    for power, mass in ((2, disk), (1, cone)):
        found = critical_patterns.numbers(np.array([2]), power)
        assert found.exact == pytest.approx([-log(mass)], rel=1e-12)
        assert found.least == pytest.approx([-log(pi * r**2)], rel=1e-12)
        assert found.greatest == pytest.approx([r - log(pi * r**2)], rel=1e-12)


def test_critical_numbers_lie_between_their_bounds() -> None:
    n = np.unique(np.geomspace(1, 10**5, 200).astype(int))
    for power in (1, 2):
        found = critical_patterns.numbers(n, power)
        assert (found.floor <= found.exact).all()
        assert (found.exact <= found.ceiling).all()
        assert (found.least <= found.exact).all()
    quoted = [critical_patterns.numbers(np.array(1024.0**2), power).exact / log(10) for power in (2, 1)]
    assert quoted == pytest.approx([26666.26, 110.87], abs=0.005)  # in the README
    assert (critical_patterns.above(2) == np.arange(21, 10**4 + 1)).all()
    assert critical_patterns.above(1).size == 0


# Table 3


def test_the_exponents_that_fit() -> None:
    low, high = exponents.ends()
    assert low == pytest.approx(log(80.20 / 39.95) / log(309.37 / 190.38), rel=1e-12)
    assert high == pytest.approx(log(80.20 / 39.95) / log(285.57 / 214.18), rel=1e-12)
    assert ceil(100 * low) / 100 == 1.44
    for gamma, fits in ((1.43, False), (1.44, True), (2.0, True), (2.42, True), (2.43, False)):
        least, greatest = exponents.constants(gamma)
        assert (least < greatest) is fits


def test_an_allowed_law_crosses_every_bar_and_the_fan_covers_it() -> None:
    middle = sum(exponents.constants(2.0)) / 2
    for window in exponents.WINDOWS:
        ends = np.array([window.before, window.least])
        before, at = exponents.law(2.0, middle, ends)
        assert before < window.parameters <= at
        below, above = exponents.fan(ends)
        assert (below <= (before, at)).all()
        assert (above >= (before, at)).all()
    assert [w.least for w in exponents.WINDOWS] == [214.18, 261.78, 309.37]
