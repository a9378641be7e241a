"""Patterns in files: where the rows of numbers lie in a ``.npy`` file, a ``.safetensors`` file or behind a memory map.

They are read with plain reads into a buffer of the caller, since the pages of a memory map would count as memory in
use.  Nothing is unpickled.
"""

from __future__ import annotations

import hashlib
import json
import math
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

SAMPLES, SAMPLE_BYTES = 64, 1 << 16  # of a file, for its digest
ALLOWED = "float16, bfloat16, float32, float64 or integers"
SAFETENSORS = {
    "F16": "<f2", "F32": "<f4", "F64": "<f8", "BF16": "<u2", "BOOL": "?",
    "I8": "i1", "I16": "<i2", "I32": "<i4", "I64": "<i8", "U8": "u1", "U16": "<u2", "U32": "<u4", "U64": "<u8",
}  # fmt: skip


class StreamError(ValueError):
    """Patterns, queries or a job that cannot be used: what was received, what is allowed and what to do."""


@dataclass(frozen=True)
class FileSource:
    """Rows of numbers in a file, one after the other from byte ``offset`` on, ``first`` the number of their first.

    ``bfloat`` marks bfloat16.
    """

    path: Path
    offset: int
    count: int
    width: int
    dtype: np.dtype[Any]
    bfloat: bool = False
    first: int = 0

    @property
    def what(self) -> str:
        return f"the patterns in {self.path}"

    @property
    def kind(self) -> str:
        return "bfloat16" if self.bfloat else str(self.dtype)

    @property
    def row_bytes(self) -> int:
        return self.width * self.dtype.itemsize

    def tasks(self, rows: int, start: int = 0) -> Iterator[Stored]:
        """The rows from the one at ``start``, a multiple of ``rows``, in tasks of at most ``rows`` rows."""
        for first in range(start, self.count, rows):
            yield Stored(self, first, min(rows, self.count - first))

    def digest(self) -> str:
        """Size, time of the last change, layout, and bytes sampled evenly: not all bytes, which takes a whole read."""
        status = self.path.stat()
        found = hashlib.sha256(
            repr((status.st_size, status.st_mtime_ns, self.offset, self.count, self.width, self.kind)).encode()
        )
        with self.path.open("rb") as file:
            for place in np.linspace(0, max(0, status.st_size - SAMPLE_BYTES), SAMPLES).astype(np.int64):
                file.seek(int(place))
                found.update(file.read(SAMPLE_BYTES))
        return found.hexdigest()


@dataclass(frozen=True)
class Stored:
    """Rows in a file, a task that any thread may work through."""

    source: FileSource
    start: int
    rows: int

    def pieces(self, rows: int, room: Array) -> Iterator[tuple[int, Array]]:
        """Pieces of at most ``rows`` rows, each with the number of its first row, read into ``room`` (bytes)."""
        source = self.source
        size = source.row_bytes
        if room.size < rows * size:
            room = np.empty(rows * size, np.uint8)
        with source.path.open("rb", buffering=0) as file:
            file.seek(source.offset + self.start * size)
            for first in range(0, self.rows, rows):
                some = min(rows, self.rows - first)
                _fill(file, room.data[: some * size], source)
                piece = room[: some * size].view(source.dtype).reshape(some, source.width)
                yield source.first + self.start + first, _from_bfloat(piece) if source.bfloat else piece


def _from_bfloat(values: Array) -> Array:
    """bfloat16, which NumPy does not have, as float32: the upper 16 of its 32 bits."""
    return (values.astype(np.uint32) << 16).view(np.float32)


def _fill(file: Any, room: memoryview, source: FileSource) -> None:
    done = 0
    while done < len(room):
        got = file.readinto(room[done:])
        if not got:
            raise StreamError(f"{source.path} became shorter while it was read: start again with the whole file")
        done += got


def open_map(patterns: Any) -> FileSource | None:
    """The file behind a memory map, where its bytes are those of the array; None for a private or strided one."""
    if not isinstance(patterns, np.memmap) or patterns.mode == "c" or not patterns.flags.c_contiguous:
        return None
    base: Any = patterns
    while isinstance(base, np.ndarray):
        base = base.base
    if not isinstance(base, mmap.mmap) or patterns.filename is None:
        return None
    inside = patterns.ctypes.data - np.frombuffer(base, np.uint8).ctypes.data
    if patterns.mode != "r":
        patterns.flush()
    rows, width = patterns.shape
    begin = patterns.offset - patterns.offset % mmap.ALLOCATIONGRANULARITY + inside
    source = FileSource(Path(patterns.filename), begin, rows, width, patterns.dtype)
    return source if _same_ends(patterns, source) else None


def _same_ends(patterns: Array, source: FileSource) -> bool:
    """Whether the file that has the name of the map now begins and ends like the map: it may have been replaced."""
    try:
        with source.path.open("rb") as file:
            for row in (0, source.count - 1):
                file.seek(source.offset + row * source.row_bytes)
                if file.read(source.row_bytes) != patterns[row].tobytes():
                    return False
    except OSError:
        return False
    return True


def open_file(path: Path, name: str | None) -> FileSource:
    readers = {".npy": _open_npy, ".safetensors": _open_safetensors}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise StreamError(f"{path} ends in {path.suffix or 'nothing'!r}: allowed are {', '.join(readers)}")
    if not path.is_file():
        raise StreamError(f"{path} is {'a folder' if path.is_dir() else 'missing'}: give the path of a file")
    return _checked(reader(path, name))


def _checked(source: FileSource) -> FileSource:
    if source.dtype.kind not in "fiub" or source.dtype.itemsize > 8:
        raise StreamError(f"{source.path} holds {source.dtype}: allowed are {ALLOWED}")
    if source.count < 1 or source.width < 1 or source.offset < 0:
        raise StreamError(f"{source.path} holds no patterns (shape {(source.count, source.width)})")
    needed, size = source.offset + source.count * source.row_bytes, source.path.stat().st_size
    if size < needed:
        whole = max(0, size - source.offset) // source.row_bytes
        raise StreamError(
            f"{source.path} is truncated: {source.count} rows of {source.width} {source.kind} need {needed} bytes, "
            f"the file has {size} (room for {whole} rows): copy or write it again"
        )
    return source


def _open_npy(path: Path, name: str | None) -> FileSource:
    try:
        with path.open("rb") as file:
            version = np.lib.format.read_magic(file)
            read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, fortran, dtype = read(file)
            offset = file.tell()
    except (ValueError, EOFError) as error:
        raise StreamError(f"{path} is not a .npy file or is truncated: write it with np.save") from error
    if len(shape) != 2:
        raise StreamError(f"{path} holds an array of shape {shape}: give a 2-d array with one pattern a row")
    if fortran and min(shape) > 1:
        raise StreamError(f"{path} is stored by columns: write it with np.save(path, np.ascontiguousarray(array))")
    return FileSource(path, offset, *shape, dtype)


def _open_safetensors(path: Path, name: str | None) -> FileSource:
    """The layout of one tensor, from the header: eight bytes of its length, then JSON."""
    broken = f"{path} is not a safetensors file or is truncated"
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= path.stat().st_size - 8:
            raise StreamError(broken)
        try:
            header = json.loads(file.read(length))
            header.pop("__metadata__", None)
            tensors = {
                key: (str(v["dtype"]), tuple(map(int, v["shape"])), tuple(map(int, v["data_offsets"])))
                for key, v in header.items()
            }
        except (ValueError, AttributeError, KeyError, TypeError) as error:
            raise StreamError(broken) from error
    chosen = name or ("patterns" if "patterns" in tensors else next(iter(tensors), None) if len(tensors) == 1 else None)
    if chosen is None or chosen not in tensors:
        raise StreamError(
            f"{path} holds the tensors {', '.join(sorted(tensors)) or '(none)'}, wanted is {name or 'patterns'!r}: "
            f"give the name of one of them"
        )
    kind, shape, (begin, *ends) = tensors[chosen]
    if kind not in SAFETENSORS:
        raise StreamError(f"{path}, tensor {chosen!r} of dtype {kind}: allowed are {ALLOWED}")
    if len(shape) != 2:
        raise StreamError(f"{path}, tensor {chosen!r} has shape {shape}: give a 2-d tensor with one pattern a row")
    dtype = np.dtype(SAFETENSORS[kind])
    if ends != [begin + math.prod(shape) * dtype.itemsize]:
        raise StreamError(f"{broken}: tensor {chosen!r} of shape {shape} cannot lie at bytes {[begin, *ends]}")
    return FileSource(path, 8 + length + begin, *shape, dtype, bfloat=kind == "BF16")
