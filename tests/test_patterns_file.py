"""Reading patterns from files: what is accepted, and what is said of everything else."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from validation.patterns import (
    PatternsError,
    check_patterns,
    read_patterns,
)

RNG = np.random.default_rng(7)
SAMPLE = RNG.normal(size=(9, 3)) * 1.5
ASKED = RNG.normal(size=(5, 3)) * 1.5

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
