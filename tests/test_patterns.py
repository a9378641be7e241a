"""Patterns from files, the bounds on them, and the figure."""

import builtins
import io
import json
from pathlib import Path

import mpmath
import numpy as np
import pytest
from rich.console import Console
from safetensors.numpy import save_file
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


# Files


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "int64", "bool"])
@pytest.mark.parametrize("suffix", [".npy", ".safetensors"])
def test_arrays_become_doubles(tmp_path: Path, dtype: str, suffix: str) -> None:
    array = np.array([[0, 1], [1, 1], [1, 0]]).astype(dtype)
    path = tmp_path / f"a{suffix}"
    np.save(path, array) if suffix == ".npy" else save_file({"whatever": array}, path)
    read = read_patterns(path)
    assert read.points.dtype == np.float64
    assert np.array_equal(read.points, array.astype(float))
    assert any(dtype in note for note in read.notes) == (dtype != "float64")


def test_integers_that_do_not_fit_are_noted(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([[2**53 + 1, 0]]))
    assert "with rounding" in read_patterns(tmp_path / "a.npy").notes[0]


def test_safetensors_with_queries(tmp_path: Path) -> None:
    save_file({"patterns": SAMPLE, "queries": ASKED, "other": np.zeros(3)}, tmp_path / "a.safetensors")
    read = read_patterns(tmp_path / "a.safetensors")
    assert read.queries is not None
    assert np.array_equal(read.queries, ASKED)
    np.save(tmp_path / "q.npy", SAMPLE[:2])
    second = read_patterns(tmp_path / "a.safetensors", tmp_path / "q.npy")
    assert second.queries is not None
    assert np.array_equal(second.queries, SAMPLE[:2])
    assert any("give way" in note for note in second.notes)


def test_bfloat16(tmp_path: Path) -> None:
    upper = (np.array([[1.5, -2.0, 0.125]], dtype=np.float32).view(np.uint32) >> 16).astype("<u2")
    header = json.dumps({"patterns": {"dtype": "BF16", "shape": [1, 3], "data_offsets": [0, 6]}}).encode()
    (tmp_path / "a.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + upper.tobytes())
    assert np.array_equal(read_patterns(tmp_path / "a.safetensors").points, [[1.5, -2.0, 0.125]])


@pytest.mark.parametrize(
    "text",
    ["1,2\n3,4\n", "x,y\n1,2\n3,4\n", "1;2\n3;4", "a b\n1 2\n3\t4\n", "\ufeff# made by hand\n\n1, 2\r\n3, 4e0\r\n"],
)
def test_tables(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert np.array_equal(read_patterns(tmp_path / "a.csv").points, [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,2\n3,four\n", "line 2, column 2: 'four' is not a number"),
        ("1,x\n3,4\n", "line 1, column 2: 'x' is not a number"),
        ("x,y\n\n1,2\n3\n", "line 4: 1 numbers where the first row has 2"),
        ("1,5;2\n", "'1,5' is not a number: write one, with a point as decimal mark"),
        ("x,y\n", "holds no row of numbers"),
        ("", "holds no row of numbers"),
        ("1,2\n3,nan\n", "row 2, column 2"),
        ("1,2\n3,\n", "line 2, column 2: '' is not a number"),
    ],
)
def test_tables_that_are_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(PatternsError) as error:
        read_patterns(tmp_path / "a.csv")
    assert said in str(error.value)


def test_a_table_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe1\x00,\x002\x00")
    with pytest.raises(PatternsError, match="not UTF-8 text"):
        read_patterns(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros(3), "1-d array of shape"),
        (np.zeros((2, 2, 2)), "give a 2-d array with one pattern a row"),
        (np.zeros((0, 4)), "are empty"),
        (np.zeros((4, 0)), "are empty"),
        (np.array([[1.0, np.inf], [np.nan, 0.0]]), "2 values that are not finite, the first at row 1, column 2"),
        (np.array([[1j, 2]]), "dtype complex128"),
        (np.array([["a", "b"]]), "dtype <U1"),
        (np.array([[1e200, 0.0]]), "overflow"),
    ],
)
def test_arrays_that_are_refused(tmp_path: Path, array: np.ndarray, said: str) -> None:
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(PatternsError, match=said):
        read_patterns(tmp_path / "a.npy")


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([[{}, None]], dtype=object), allow_pickle=True)
    with pytest.raises(PatternsError, match="unpickling runs code"):
        read_patterns(tmp_path / "a.npy")


@pytest.mark.parametrize("name", ["a.npy", "a.safetensors"])
def test_broken_files(tmp_path: Path, name: str) -> None:
    for content in (b"", b"nonsense", b"\x93NUMPY\x01\x00"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(PatternsError, match="cut short"):
            read_patterns(tmp_path / name)


def test_paths_that_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PatternsError, match=r"allowed are \.npy, \.safetensors, \.csv"):
        read_patterns(tmp_path / "a.pkl")
    with pytest.raises(PatternsError, match="missing"):
        read_patterns(tmp_path / "a.npy")
    (tmp_path / "b.npy").mkdir()
    with pytest.raises(PatternsError, match="a folder"):
        read_patterns(tmp_path / "b.npy")


def test_tensors_must_be_named(tmp_path: Path) -> None:
    save_file({"a": SAMPLE, "b": ASKED}, tmp_path / "a.safetensors")
    with pytest.raises(PatternsError, match="holds the tensors a, b: name one of them 'patterns'"):
        read_patterns(tmp_path / "a.safetensors")
    save_file({"queries": ASKED}, tmp_path / "q.safetensors")
    with pytest.raises(PatternsError, match="name one of them 'patterns'"):
        read_patterns(tmp_path / "q.safetensors")
    np.save(tmp_path / "p.npy", SAMPLE)
    with pytest.raises(PatternsError, match="name one of them 'queries'"):
        read_patterns(tmp_path / "p.npy", tmp_path / "a.safetensors")


def test_widths_must_agree(tmp_path: Path) -> None:
    np.save(tmp_path / "p.npy", SAMPLE)
    np.save(tmp_path / "q.npy", ASKED[:, :2])
    with pytest.raises(PatternsError, match="2 wide, the patterns 3"):
        read_patterns(tmp_path / "p.npy", tmp_path / "q.npy")
    with pytest.raises(PatternsError, match="2 wide, the patterns 3"):
        check_patterns(SAMPLE, ASKED[:, :2])


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
