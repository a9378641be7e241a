"""Patterns from files, the bounds on them, and the figure."""

import builtins
import io
import json
from pathlib import Path

import mpmath
import numpy as np
import pytest
from rich.console import Console
from scipy.spatial.distance import pdist

from numerics.compile import compile_expression
from theory.claim import Claim
from theory.energies import layer, mchn, nearest
from theory.notation import beta, d, n, rho, x
from validation import patterns as module
from validation import patterns_energies, patterns_pairs
from validation.evidence import Outcome
from validation.patterns import (
    BOUNDS,
    BoundSides,
    PatternsError,
    Quantities,
    bound_sides,
    check_patterns,
    measure_energies,
    read_patterns,
)
from validation.patterns_figure import MatplotlibMissingError, draw_check
from validation.patterns_pairs import measure_separation, nearest_pair
from validation.patterns_report import render_report

RNG = np.random.default_rng(7)
SAMPLE = RNG.normal(size=(9, 3)) * 1.5
ASKED = RNG.normal(size=(5, 3)) * 1.5


def claims_of(*modules: object) -> dict[str, Claim]:
    found: dict[str, Claim] = {}
    for source in modules:
        for value in vars(source).values():
            parts = value if isinstance(value, tuple) else (value,)
            found |= {part.id: part for part in parts if isinstance(part, Claim)}
    return found


CLAIMS = claims_of(nearest, layer, mchn)


def result_of(report: module.CheckReport, claim: str) -> module.BoundResult:
    return next(result for result in report.bounds if result.bound.claim == claim)


# Bounds


@pytest.mark.parametrize("sides", bound_sides(measure_energies(SAMPLE, ASKED, (0.5,))), ids=lambda s: s.claim)
def test_sides_are_those_of_the_claim(sides: BoundSides) -> None:
    claim = CLAIMS[sides.claim]
    left, right = (compile_expression(side, "numpy") for side in (claim.lhs, claim.rhs))
    assert claim.relation is sides.relation
    for place, query in enumerate(ASKED):
        values = {d: len(SAMPLE), n: 3, rho: SAMPLE, x: query, beta: sides.beta}
        assert left(values) == pytest.approx(sides.lhs[place], rel=1e-12, abs=1e-12)
        assert right(values) == pytest.approx(sides.rhs[place], rel=1e-12, abs=1e-12)


def test_every_bound_is_a_claim_and_repairs_agree() -> None:
    assert {bound.claim for bound in BOUNDS} <= set(CLAIMS)
    amended = {printed: claim.id for claim in CLAIMS.values() for printed in claim.amends}
    assert {b.claim: b.repaired_by for b in BOUNDS if b.repaired_by} == {
        b.claim: amended[b.claim] for b in BOUNDS if b.claim in amended
    }
    assert "patterns.separation.assumption" in CLAIMS


@pytest.mark.parametrize(("scale", "offset"), [(1.0, 0.0), (1e-3, 1e3), (300.0, 0.0), (1.0, 1e5)])
@pytest.mark.parametrize("b", [0.1, 2.0, 9.0])
def test_energies_agree_with_many_digits_within_the_rounding(scale: float, offset: float, b: float) -> None:
    points, queries = SAMPLE * scale + offset, ASKED * scale + offset
    energies = measure_energies(points, queries, (b,)).energies[b]
    with mpmath.workdps(60):
        exact = [[mpmath.mpf(float(v)) for v in row] for row in points]
        norms = [mpmath.fsum(v * v for v in row) for row in exact]
        for place, row in enumerate(queries):
            query = [mpmath.mpf(float(v)) for v in row]
            squares = [mpmath.fsum((u - v) ** 2 for u, v in zip(query, row, strict=True)) for row in exact]
            overlaps = [mpmath.fsum(u * v for u, v in zip(query, row, strict=True)) for row in exact]
            level = -(2 / mpmath.mpf(b)) * mpmath.log(mpmath.fsum(mpmath.exp(-b * s / 2) for s in squares))
            hopfield = -mpmath.log(mpmath.fsum(mpmath.exp(b * o) for o in overlaps)) / b
            hopfield += mpmath.fsum(v * v for v in query) / 2 + mpmath.log(len(exact)) / b + max(norms) / 2
            assert abs(level - energies.layer[place]) <= energies.rounding[place]
            assert abs(2 * hopfield - energies.twice_mchn[place]) <= energies.rounding[place]
    assert energies.rounding.max() < 1e-6 * (1 + energies.twice_mchn.max())


def test_the_printed_floor_of_proposition_3_is_found_violated_and_nothing_else() -> None:
    sphere = RNG.normal(size=(40, 8))
    sphere /= np.linalg.norm(sphere, axis=1, keepdims=True)
    report = check_patterns(sphere, RNG.normal(size=(30, 8)), betas=(2.0, 0.5))
    assert {r.bound.claim for r in report.bounds if r.violated} == {"mchn.nearest.printed_floor"}
    assert result_of(report, "mchn.nearest.printed_floor").violated == 30
    assert not report.alarms
    assert "violated on 30 of 30" in printed(report, 120)
    assert "repaired by mchn.nearest.floor" in printed(report)


def test_equality_is_neither_a_pass_nor_a_violation() -> None:
    report = check_patterns([[0.0, 1.0]], [[2.0, 0.5]])
    for claim in ("layer.energy.floor", "layer.energy.ceiling", "mchn.nearest.printed_floor"):
        assert result_of(report, claim).outcome is Outcome.UNDECIDED
    assert "equal to rounding on 1 of 1" in printed(report, 120)


def test_a_violated_theorem_is_an_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(quantities: Quantities) -> list[BoundSides]:
        first, *others = bound_sides(quantities)
        return [BoundSides(first.claim, first.beta, first.lhs + 10.0, first.relation, first.rhs), *others]

    monkeypatch.setattr(module, "bound_sides", wrong)
    report = check_patterns(SAMPLE, ASKED)
    assert len(report.alarms) == 1
    assert "layer.energy.floor is proved and yet violated on 5 of 5" in report.alarms[0]
    assert "A PROVED BOUND IS VIOLATED" in printed(report)


def test_tightest_bounds() -> None:
    report = check_patterns(SAMPLE, ASKED)
    found = {(best.target, best.puts): best for best in report.tightest}
    floor = found["g - 2 E_MCHN", "floor"]
    assert (floor.claim, floor.runner_up) == ("mchn.nearest.floor", "") or not result_of(
        report, "mchn.nearest.printed_floor"
    ).violated
    ceiling = found["g - 2 E_MCHN", "ceiling"]
    assert ceiling.claim == "mchn.nearest.sharp_ceiling"
    assert ceiling.lead == pytest.approx(report.quantities.spread + np.log(9))
    twin = next(b for b in report.tightest if b.target == "E" and b.puts == "floor")
    assert twin.claim != "mchn.layer_energy.distance_ceiling"  # the one-sided form says the same and more


def test_blocks_do_not_change_the_energies(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = measure_energies(SAMPLE, ASKED)
    monkeypatch.setattr(patterns_energies, "ENTRIES", 9)
    parts = measure_energies(SAMPLE, ASKED)
    assert np.array_equal(whole.energies[2.0].twice_mchn, parts.energies[2.0].twice_mchn)
    assert np.array_equal(whole.nearest, parts.nearest)


# Assumptions


def assumption(report: module.CheckReport, start: str) -> module.Assumption:
    return next(a for a in report.assumptions if a.name.startswith(start))


def test_separation_against_a_radius() -> None:
    line = [[0.0], [3.0], [10.0]]
    outcomes = [assumption(check_patterns(line, radius=r), "Assumption 3").outcome for r in (1.4, 1.5, 1.6)]
    assert outcomes == [Outcome.HOLDS, Outcome.UNDECIDED, Outcome.FAILS]
    report = check_patterns(line)
    assert report.separation.limit == 1.5
    assert report.separation.pair == (0, 1)


def test_queries_outside_every_disjoint_ball() -> None:
    report = check_patterns([[0.0], [3.0]], [[0.1], [-2.0]])
    found = assumption(report, "Assumption 2")
    assert found.outcome is Outcome.FAILS
    assert "1 of 2 queries" in found.finding
    assert "no common radius" in found.finding
    inside = assumption(check_patterns([[0.0], [3.0]], [[0.1], [-1.0]], radius=1.2), "Assumption 2")
    assert inside.outcome is Outcome.HOLDS


def test_equal_norms() -> None:
    assert assumption(check_patterns([[1.0, 0.0], [0.0, -1.0]]), "equal").outcome is Outcome.HOLDS
    assert assumption(check_patterns([[1.0, 0.0], [0.0, -2.0]]), "equal").outcome is Outcome.FAILS
    turned = np.array([[np.cos(t), np.sin(t)] for t in np.linspace(0, 6, 20)])
    assert assumption(check_patterns(turned), "equal").outcome is not Outcome.FAILS


def test_coincident_patterns() -> None:
    report = check_patterns([[0.0, 1.0], [-0.0, 1.0], [5.0, 5.0], [0.0, 1.0]])
    assert report.separation.coincident == 3
    assert report.separation.limit == 0.0
    assert report.separation.apart == pytest.approx(np.hypot(5, 4) / 2)
    assert report.separation.pair == (0, 1)
    assert assumption(report, "Assumption 3").outcome is Outcome.FAILS


def test_one_pattern_is_always_separated() -> None:
    report = check_patterns([[1.0, 2.0]], radius=1e9)
    assert assumption(report, "Assumption 3").outcome is Outcome.HOLDS
    assert json.dumps(report.as_dict(), allow_nan=False)


@pytest.mark.parametrize("kind", ["normal", "offset", "lattice", "one_apart"])
def test_nearest_pair_by_blocks(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns_pairs, "ROWS", 7)
    monkeypatch.setattr(patterns_pairs, "SHORT_LIST", 3)
    points = {
        "normal": RNG.normal(size=(50, 5)),
        "offset": RNG.normal(size=(50, 5)) * 1e-3 + 1e5,
        "lattice": np.stack(np.meshgrid(*[np.arange(4.0)] * 3), axis=-1).reshape(-1, 3),
        "one_apart": np.vstack([RNG.normal(size=(30, 5)) * 1e-6, [[1e6] * 5]]),
    }[kind]
    square, pair = nearest_pair(points)
    assert pair is not None
    assert np.sqrt(square) == pytest.approx(pdist(points).min(), rel=1e-12)
    assert np.linalg.norm(points[pair[0]] - points[pair[1]]) == pytest.approx(np.sqrt(square), rel=1e-12)


def test_separation_of_rows_out_of_order() -> None:
    points = np.array([[9.0], [0.0], [9.5], [4.0]])
    assert measure_separation(points).pair == (0, 2)


def test_queries_are_made_and_said_so() -> None:
    first, second = check_patterns(SAMPLE), check_patterns(SAMPLE)
    assert not first.queries_given
    assert np.array_equal(first.queries, second.queries)
    assert not np.array_equal(first.queries, check_patterns(SAMPLE, seed=1).queries)
    assert any("made with seed 0" in note for note in first.notes)
    assert not any(a.name.startswith("Assumption 2") for a in first.assumptions)


@pytest.mark.parametrize("betas", [(), (0.0,), (-1.0,), (float("nan"),), (float("inf"),)])
def test_inverse_temperatures_must_be_positive(betas: tuple[float, ...]) -> None:
    with pytest.raises(PatternsError, match="give one or more positive numbers"):
        check_patterns(SAMPLE, betas=betas)


@pytest.mark.parametrize("radius", [0.0, -1.0, float("nan")])
def test_radius_must_be_positive(radius: float) -> None:
    with pytest.raises(PatternsError, match="give a positive number"):
        check_patterns(SAMPLE, radius=radius)


# Output


def printed(report: module.CheckReport, width: int = 80) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width)
    for part in render_report(report):
        console.print(part)
    return stream.getvalue()


def test_claim_ids_survive_a_narrow_terminal() -> None:
    text = printed(check_patterns(SAMPLE, ASKED))
    assert all(bound.claim in text for bound in BOUNDS)
    assert max(len(line) for line in text.splitlines()) <= 80


def test_markup_in_a_path_is_text(tmp_path: Path) -> None:
    path = tmp_path / "[bold]x[red].csv"
    path.write_text("1,2\n3,4\n")
    assert "[bold]x[red].csv" in printed(check_patterns(read_patterns(path)), width=400)


@pytest.mark.parametrize("betas", [(2.0,), (2.0, 0.5)])
def test_figure(tmp_path: Path, betas: tuple[float, ...]) -> None:
    path = draw_check(check_patterns(SAMPLE, ASKED, betas), tmp_path / "new" / "a.png")
    assert path.read_bytes().startswith(b"\x89PNG")
    draw_check(check_patterns([[1.0], [1.0]]), tmp_path / "b.png")  # every gap of one size, most of them 0


def test_figure_without_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def refuse(name: str, *args: object, **kwargs: object) -> object:
        if name.startswith("matplotlib"):
            raise ModuleNotFoundError(name)
        return load(name, *args, **kwargs)

    report = check_patterns(SAMPLE, ASKED)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MatplotlibMissingError, match=r"pip install 'majorant\[plot\]'"):
        draw_check(report, tmp_path / "a.png")


def test_json_has_the_numbers() -> None:
    data = json.loads(json.dumps(check_patterns(SAMPLE, ASKED).as_dict(), allow_nan=False))
    assert data["patterns"] == 9
    assert len(data["bounds"]) == len(BOUNDS)
    assert data["bounds"][0]["gap"]["min"] > 0
