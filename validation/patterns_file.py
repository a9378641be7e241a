"""Patterns and queries from files: NumPy arrays, safetensors, and tables in text.

Nothing is unpickled.  Every number becomes double precision, and what that changed is kept as a note.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SUFFIXES = (".npy", ".safetensors", ".csv")
INSTALL = "pip install 'majorant[torch]'"
LARGEST = 1e150  # squares of larger numbers overflow


class PatternsError(ValueError):
    """A file or an array that cannot serve as patterns: what was received, what is allowed and what to do."""


@dataclass(frozen=True)
class Patterns:
    """A set of patterns, shape (patterns, width), with queries of shape (queries, width) where there are any."""

    points: Array
    queries: Array | None = None
    source: str = "an array"
    notes: tuple[str, ...] = ()


def read_patterns(path: str | Path, queries: str | Path | None = None) -> Patterns:
    """Patterns from ``path`` and queries from the second file, or from the tensor "queries" of the first.

    A ``.npy`` or ``.csv`` file holds one pattern a row; a ``.safetensors`` file holds the tensor "patterns", and
    "queries" if it likes, or one single tensor of any name.  The unit of length is that of the file.

    Raises:
        PatternsError: another suffix, a file that is missing or broken, an array that is not 2-d, that is empty, that
            is not made of finite real numbers or whose width differs from that of the patterns.
    """
    first = Path(path)
    tables = _load(first)
    named = {"patterns", "queries"} & set(tables)
    if "patterns" in tables:
        own = tables["patterns"]
    elif len(tables) == 1 and not named:
        own = next(iter(tables.values()))
    else:
        raise PatternsError(
            f"{first} holds the tensors {', '.join(sorted(tables)) or '(none)'}: name one of them 'patterns' "
            f"(and 'queries' if there are queries), or keep a single one"
        )
    notes: list[str] = []
    points = as_points(own, f"the patterns in {first}", notes=notes)
    given = tables.get("queries")
    origin = first
    if queries is not None:
        origin = Path(queries)
        others = _load(origin)
        if given is not None:
            notes.append(f"the queries inside {first} give way to those in {origin}")
        given = others.get("queries", next(iter(others.values()), None))
        if given is None or (len(others) > 1 and "queries" not in others):
            raise PatternsError(
                f"{origin} holds the tensors {', '.join(sorted(others)) or '(none)'}: name one of them 'queries'"
            )
    asked = None if given is None else as_points(given, f"the queries in {origin}", points.shape[1], notes)
    return Patterns(points, asked, str(first), tuple(dict.fromkeys(notes)))


def as_points(value: Any, what: str, width: int | None = None, notes: list[str] | None = None) -> Array:
    """A finite, nonempty 2-d array in double precision, shape (rows, width); conversions are appended to ``notes``.

    Raises ``PatternsError``, naming ``what``, for anything else.
    """
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise PatternsError(f"{what} have dtype {array.dtype}: give real numbers (float16/32/64 or integers)")
    if array.ndim != 2:
        raise PatternsError(
            f"{what} form a {array.ndim}-d array of shape {array.shape}: give a 2-d array with one pattern a row"
            + (", for one-dimensional patterns x.reshape(-1, 1)" if array.ndim == 1 else "")
        )
    if 0 in array.shape:
        raise PatternsError(f"{what} are empty (shape {array.shape}): give at least one row and one column")
    points = np.ascontiguousarray(array, dtype=np.float64)
    finite = np.isfinite(points)
    if not finite.all():
        row, column = (int(place) for place in np.argwhere(~finite)[0])
        raise PatternsError(
            f"{what} hold {int((~finite).sum())} values that are not finite, the first at row {row + 1}, column "
            f"{column + 1} ({points[row, column]}): remove or replace those rows"
        )
    if float(np.abs(points).max()) > LARGEST:
        raise PatternsError(f"{what} reach {np.abs(points).max():.3g}: squared distances overflow, divide by a unit")
    if width is not None and points.shape[1] != width:
        raise PatternsError(f"{what} are {points.shape[1]} wide, the patterns {width}: both must have one width")
    if notes is not None and array.dtype != np.float64:
        exact = array.dtype.itemsize < 8 or array.dtype.kind == "b" or bool(np.all(points.astype(array.dtype) == array))
        notes.append(f"{what} were {array.dtype}, converted to float64 {'exactly' if exact else 'with rounding'}")
    return points


def _load(path: Path) -> dict[str, Any]:
    readers: dict[str, Callable[[Path], dict[str, Any]]] = {
        ".npy": _read_npy,
        ".safetensors": _read_safetensors,
        ".csv": _read_table,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise PatternsError(f"{path} ends in {path.suffix or 'nothing'!r}: allowed are {', '.join(SUFFIXES)}")
    if not path.is_file():
        raise PatternsError(f"{path} is {'a folder' if path.is_dir() else 'missing'}: give the path of a file")
    try:
        return reader(path)
    except OSError as error:
        raise PatternsError(f"{path} cannot be read: {error.strerror or error}") from error


def _read_npy(path: Path) -> dict[str, Any]:
    try:
        return {"": np.load(path, allow_pickle=False)}
    except (ValueError, EOFError) as error:
        if "pickle" in str(error) and "Object arrays" in str(error):
            raise PatternsError(
                f"{path} holds an array of Python objects, which only unpickling could load and unpickling runs code: "
                f"save numbers, np.save(path, array.astype(float))"
            ) from error
        raise PatternsError(f"{path} is not a .npy file or is cut short: write it with np.save") from error


def _read_safetensors(path: Path) -> dict[str, Any]:
    try:
        from safetensors import SafetensorError, safe_open
    except ModuleNotFoundError as error:
        raise PatternsError(f"{path} needs the package safetensors: {INSTALL}, or save a .npy file") from error
    kind = ""
    try:
        with safe_open(path, framework="numpy") as file:
            tables: dict[str, Any] = dict.fromkeys(file.keys())
            wanted = {"patterns", "queries"} & set(tables) or set(list(tables)[:1])
            for name in sorted(wanted):
                kind = f"tensor {name!r} of dtype {file.get_slice(name).get_dtype()}"
                tables[name] = _bfloat16(path, name) if kind.endswith("BF16") else file.get_tensor(name)
    except SafetensorError as error:
        raise PatternsError(f"{path} is not a safetensors file or is cut short: {error}") from error
    except (TypeError, AttributeError, KeyError) as error:
        raise PatternsError(f"{path}, {kind}: allowed are float16, bfloat16, float32, float64 and integers") from error
    return tables


def _bfloat16(path: Path, name: str) -> NDArray[np.float32]:
    """bfloat16, which NumPy does not have, as float32: the upper 16 of its 32 bits."""
    import safetensors

    read: Callable[[bytes], list[tuple[str, Any]]] = safetensors.deserialize
    stored = dict(read(path.read_bytes()))[name]
    upper = np.frombuffer(stored["data"], dtype="<u2").astype(np.uint32)
    return (upper << 16).view(np.float32).reshape(stored["shape"])


def _read_table(path: Path) -> dict[str, Any]:
    """Rows of numbers between commas, semicolons or blanks; lines that are blank or start with # do not count."""
    rows: list[Array] = []
    separator: str | None = None
    started = False
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, line in enumerate(file, start=1):
                text = line.strip()
                if not text or text.startswith("#"):
                    continue
                if not started:
                    separator = next((mark for mark in ";," if mark in text), None)
                cells = next(csv.reader([text], delimiter=separator)) if separator else text.split()
                numbers = [_number(cell) for cell in cells]
                if not started and all(value is None for value in numbers):
                    started = True  # the header
                    continue
                started = True
                _check_row(path, number, cells, numbers, rows)
                rows.append(np.array(numbers, dtype=np.float64))
    except UnicodeDecodeError as error:
        raise PatternsError(f"{path} is not UTF-8 text: save the table as UTF-8") from error
    if not rows:
        raise PatternsError(f"{path} holds no row of numbers: give one pattern a line")
    return {"": np.stack(rows)}


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _check_row(path: Path, number: int, cells: list[str], numbers: list[float | None], rows: list[Array]) -> None:
    if None in numbers:
        column = numbers.index(None)
        hint = ", with a point as decimal mark" if "," in cells[column] else ""
        shown = cells[column] if len(cells[column]) <= 40 else cells[column][:37] + "..."
        raise PatternsError(f"{path}, line {number}, column {column + 1}: {shown!r} is not a number: write one{hint}")
    if rows and len(numbers) != rows[0].size:
        raise PatternsError(
            f"{path}, line {number}: {len(numbers)} numbers where the first row has {rows[0].size}: "
            f"every row needs the same width"
        )
