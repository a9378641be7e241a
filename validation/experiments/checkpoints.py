"""Checkpoints that survive a kill at any moment: safetensors beside JSON, nothing pickled, digests verified.

``step-00000500.safetensors`` holds the tensors and, in its header, everything else as JSON; the small file
``step-00000500.json`` holds its digest and is written last, so that what it names is whole.  Two are kept: where the
newest turns out damaged, the one before it leads to the same losses.
"""

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from validation.experiments.record import digest_bytes, write_whole

KEPT = 2


class CheckpointError(ValueError):
    """There are checkpoints, and none of them can be used."""


@dataclass(frozen=True)
class Checkpoint:
    """Tensors by name, and what JSON can hold."""

    step: int
    tensors: dict[str, Tensor]
    state: dict[str, Any]


def write_checkpoint(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write a checkpoint and drop all but the last two; returns the path of its tensors."""
    from safetensors.torch import save

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"step-{checkpoint.step:08d}.safetensors"
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in checkpoint.tensors.items()}
    content = save(tensors, metadata={"state": json.dumps(checkpoint.state)})
    write_whole(path, content)
    claim = {"step": checkpoint.step, "sha256": digest_bytes(content), "bytes": len(content)}
    write_whole(path.with_suffix(".json"), (json.dumps(claim) + "\n").encode())
    for older in sorted(folder.glob("step-*.safetensors"))[:-KEPT]:
        older.with_suffix(".json").unlink(missing_ok=True)
        older.unlink()
    return path


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """The newest checkpoint whose digest is right; ``None`` where there is none at all.

    A damaged one is passed over with a warning.

    Raises:
        CheckpointError: there are checkpoints and all are damaged.
    """
    claims = sorted(folder.glob("step-*.json"), reverse=True)
    damages = []
    for claim in claims:
        try:
            return _verified(claim)
        except (OSError, ValueError, KeyError, TypeError) as damage:
            damages.append(f"{claim.with_suffix('.safetensors')}: {damage}")
    if damages:
        raise CheckpointError(f"no usable checkpoint: {'; '.join(damages)}. Delete {folder} to begin again")
    return None


def _verified(claim: Path) -> Checkpoint:
    from safetensors import SafetensorError, safe_open

    path = claim.with_suffix(".safetensors")
    try:
        said = json.loads(claim.read_text(encoding="utf-8"))
        found = digest_bytes(path.read_bytes())
        if found != said["sha256"]:
            raise ValueError(f"its SHA-256 is {found}, not {said['sha256']}")
        with safe_open(path, framework="pt") as file:
            state = json.loads(file.metadata()["state"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as damage:
        warnings.warn(f"damaged checkpoint {path.name} passed over: {damage}", RuntimeWarning, stacklevel=3)
        raise ValueError(str(damage)) from damage
    return Checkpoint(int(said["step"]), tensors, state)
