"""Where patterns come from when they need not fit into memory: arrays, files, iterators of blocks.

A source says how wide its patterns are and hands out blocks of rows; a file is read with plain reads into a buffer of
the caller, since the pages of a memory map would count as memory in use.  Nothing is unpickled.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from numerics.streaming_files import ALLOWED, Array, FileSource, Stored, StreamError, open_file, open_map


@dataclass(frozen=True)
class Held:
    """Rows that are in memory, a task that any thread may work through."""

    start: int
    values: Array

    @property
    def rows(self) -> int:
        return len(self.values)

    def pieces(self, rows: int, room: Array) -> Iterator[tuple[int, Array]]:
        """Pieces of at most ``rows`` rows, each with the number of its first row."""
        for first in range(0, self.rows, rows):
            yield self.start + first, self.values[first : first + rows]


@dataclass(frozen=True)
class ArraySource:
    """Patterns in memory, shape (patterns, width)."""

    values: Array
    what: str = "the patterns"
    first: int = 0

    @property
    def width(self) -> int:
        return int(self.values.shape[1])

    @property
    def count(self) -> int:
        return len(self.values)

    @property
    def kind(self) -> str:
        return str(self.values.dtype)

    def tasks(self, rows: int, start: int = 0) -> Iterator[Task]:
        for first in range(start, self.count, rows):
            yield Held(self.first + first, self.values[first : first + rows])

    def digest(self) -> str | None:
        return None


class IteratorSource:
    """Blocks of rows as they come, each of shape (rows, width); it can be read once."""

    count: int | None = None
    what = "the blocks of patterns"

    def __init__(self, blocks: Iterable[Any]) -> None:
        self._rest = iter(blocks)
        try:
            first = next(self._rest)
        except StopIteration:
            raise StreamError("the iterator of blocks of patterns is empty: give at least one block") from None
        self._first: Array | None = as_rows(first, "block 1 of the patterns", empty=True)
        self.width, self.kind = int(self._first.shape[1]), str(self._first.dtype)

    def tasks(self, rows: int, start: int = 0) -> Iterator[Task]:
        if self._first is None or start:
            raise StreamError("this iterator of blocks was read already: give a new one for every pass")
        block, number = self._first, 1
        self._first = None
        first = 0
        while True:
            for place in range(0, len(block), rows):
                yield Held(first + place, block[place : place + rows])
            first += len(block)
            number += 1
            try:
                block = as_rows(next(self._rest), f"block {number} of the patterns", self.width, empty=True)
            except StopIteration:
                return

    def digest(self) -> str | None:
        return None


@dataclass(frozen=True)
class ChainSource:
    """The patterns of several sources, one source after the other."""

    parts: tuple[ArraySource | FileSource, ...]
    what: str = "the patterns"

    @property
    def width(self) -> int:
        return self.parts[0].width

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)

    @property
    def kind(self) -> str:
        return str(np.result_type(*(dtype_of(part) for part in self.parts)))

    def tasks(self, rows: int, start: int = 0) -> Iterator[Task]:
        for part in self.parts:
            if start < part.first + part.count:
                yield from part.tasks(rows, max(0, start - part.first))

    def digest(self) -> str | None:
        found = [part.digest() for part in self.parts]
        return None if None in found else " ".join(map(str, found))


Source: TypeAlias = ArraySource | FileSource | IteratorSource | ChainSource
Task: TypeAlias = Held | Stored


def chain_patterns(parts: Sequence[Any]) -> ChainSource:
    """The patterns of several arrays, memory maps or paths as one source, numbered through.

    Raises:
        StreamError: no parts, parts of different widths, or a part that is an iterator or cannot be opened.
    """
    if isinstance(parts, (str, os.PathLike, np.ndarray)) or not len(parts):
        raise StreamError("give the parts of the patterns as a list of arrays or paths, at least one")
    chained: list[ArraySource | FileSource] = []
    first = 0
    for part in map(open_patterns, parts):
        if isinstance(part, (IteratorSource, ChainSource)):
            raise StreamError("only arrays, memory maps and files can be chained: chain iterators with itertools")
        if chained and part.width != chained[0].width:
            raise StreamError(f"{part.what} are {part.width} wide, those before {chained[0].width}: give one width")
        chained.append(replace(part, first=first))
        first += part.count
    return ChainSource(tuple(chained))


def take_shard(patterns: Any, shard: int, shards: int, name: str | None = None) -> Source | None:
    """The rows of one of several processes, as even as can be, in order; None if there is no row for this one.

    Its rows are numbered from 0.

    Raises:
        StreamError: patterns that cannot be opened or split, or no such shard.
    """
    source = open_patterns(patterns, name)
    if not 0 <= shard < shards:
        raise StreamError(f"shard {shard} of {shards}: shards are numbered from 0")
    if isinstance(source, (IteratorSource, ChainSource)):
        raise StreamError("only an array, a memory map or a file can be split into shards")
    first, last = (source.count * (shard + step) // shards for step in (0, 1))
    if first == last:
        return None
    if isinstance(source, ArraySource):
        return replace(source, values=source.values[first:last])
    return replace(source, offset=source.offset + first * source.row_bytes, count=last - first)


def dtype_of(source: Source) -> np.dtype[Any]:
    """The dtype of the rows; float32 for bfloat16, as which they are read."""
    return np.dtype(np.float32 if source.kind == "bfloat16" else source.kind)


def open_patterns(patterns: Any, name: str | None = None) -> Source:
    """The source for a path, an array, a ``numpy.memmap``, a CPU tensor of Torch, or an iterator of 2-d blocks.

    A path ends in ``.npy`` or ``.safetensors``; ``name`` picks a tensor of the latter, "patterns" or the only one
    unless given.  A read-only or shared memory map is read through its file.

    Raises:
        StreamError: no patterns, another shape or dtype, a file that is missing, truncated or of another format.
    """
    if isinstance(patterns, (ArraySource, FileSource, IteratorSource, ChainSource)):
        return patterns
    if isinstance(patterns, (str, os.PathLike)):
        return open_file(Path(patterns), name)
    if isinstance(patterns, np.ndarray) or hasattr(patterns, "__array__"):
        values = as_rows(patterns, "the patterns")
        return open_map(patterns) or ArraySource(np.asarray(values))
    if isinstance(patterns, Iterator):
        return IteratorSource(patterns)
    if isinstance(patterns, (list, tuple)):
        return ArraySource(as_rows(patterns, "the patterns"))
    if isinstance(patterns, Iterable):
        return IteratorSource(patterns)
    raise StreamError(
        f"patterns of type {type(patterns).__name__}: give a 2-d array, a memory map, the path of a .npy or "
        f".safetensors file, or an iterator of 2-d blocks"
    )


def as_rows(value: Any, what: str, width: int | None = None, empty: bool = False) -> Array:
    """``value`` as a 2-d array of real numbers, not converted; ``StreamError`` naming ``what`` for anything else."""
    try:
        array = np.asarray(value.detach() if hasattr(value, "detach") else value)
    except (TypeError, ValueError) as error:
        raise StreamError(f"{what} are no array of numbers ({error}): give a 2-d array of {ALLOWED}") from error
    if array.dtype.kind not in "fiub" or array.dtype.itemsize > 8:
        raise StreamError(f"{what} have dtype {array.dtype}: allowed are {ALLOWED}")
    if array.ndim != 2:
        raise StreamError(f"{what} have shape {array.shape}: give a 2-d array with one pattern a row")
    if array.shape[1] == 0 or (len(array) == 0 and not empty):
        raise StreamError(f"{what} are empty (shape {array.shape}): give at least one row and one column")
    if width is not None and array.shape[1] != width:
        raise StreamError(f"{what} are {array.shape[1]} wide where {width} is expected: all rows must have one width")
    return array
