"""A pass over a file that can be interrupted: what it has summed so far lies beside it, and it goes on from there.

A job is a path without suffix.  ``JOB.json`` names the digest of the inputs, the rows that are done and the file with
the sums, ``JOB-ROWS.npy``, which is written first; replacing the JSON file is what commits both.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from numerics.streaming_blocks import Plan
from numerics.streaming_files import StreamError
from numerics.streaming_sources import Source
from numerics.streaming_state import State, pack_state, unpack_state

VERSION = 1
SECONDS = 10.0  # between two savings


@dataclass
class Job:
    """The file of one job; ``digest`` is that of its inputs."""

    path: Path
    digest: str
    neighbours: int
    _saved_at: float = field(default_factory=time.monotonic, init=False)

    @property
    def record(self) -> Path:
        return self.path.with_name(self.path.name + ".json")

    def load(self) -> State | None:
        """The state that an earlier run left, or None.

        Raises:
            StreamError: the job belongs to other inputs, or its files are broken.
        """
        if not self.record.exists():
            return None
        try:
            record = json.loads(self.record.read_text(encoding="utf-8"))
            version, digest, rows = record["version"], record["digest"], int(record["rows"])
            if version == VERSION and digest == self.digest:
                content = self._sums(rows).read_bytes()
                if hashlib.sha256(content).hexdigest() != record["sums"]:
                    raise ValueError("its sums were changed")
                return unpack_state(np.load(self._sums(rows), allow_pickle=False), rows, self.neighbours)
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise StreamError(
                f"the job {self.record} is broken ({error}): delete it, or give another path, to start anew"
            ) from error
        raise StreamError(
            f"the job {self.record} belongs to other inputs (patterns, queries, options or version): "
            f"delete it, or give another path"
        )

    def save(self, state: State) -> None:
        """Commit a state."""
        before = self.record.read_text(encoding="utf-8") if self.record.exists() else None
        sums = self._sums(state.count)
        fresh = sums.with_suffix(".part")
        with fresh.open("wb") as file:
            np.save(file, pack_state(state), allow_pickle=False)
        digest = hashlib.sha256(fresh.read_bytes()).hexdigest()
        os.replace(fresh, sums)
        record = {"version": VERSION, "digest": self.digest, "rows": state.count, "sums": digest}
        fresh = self.record.with_suffix(".part")
        fresh.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        os.replace(fresh, self.record)
        self._saved_at = time.monotonic()
        if before is not None and json.loads(before)["rows"] != state.count:
            self._sums(json.loads(before)["rows"]).unlink(missing_ok=True)

    def save_now_and_then(self, state: State) -> None:
        """Commit a state if the last was committed ``SECONDS`` ago."""
        if time.monotonic() - self._saved_at > SECONDS:
            self.save(state)

    def _sums(self, rows: int) -> Path:
        return self.path.with_name(f"{self.path.name}-{rows}.npy")


def open_job(path: str | os.PathLike[str], plan: Plan, source: Source) -> Job:
    """The job at ``path`` for these inputs.

    Raises:
        StreamError: the patterns are not in a file, or there is no such folder.
    """
    inputs = source.digest()
    if inputs is None:
        raise StreamError(
            f"a job resumes patterns that lie in a file, these are {source.what}: save them with np.save, or leave "
            f"out the job"
        )
    where = Path(path)
    if not where.parent.is_dir():
        raise StreamError(f"the job {where}: there is no folder {where.parent}, make it first")
    found = hashlib.sha256(f"{inputs} {plan.digest()}".encode())
    return Job(where, found.hexdigest(), plan.neighbours)
