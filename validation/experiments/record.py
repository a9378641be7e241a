"""What every measurement's record holds besides its numbers: digests, versions, hardware; and files written whole."""

import hashlib
import json
import os
import platform
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

INSTALL = "pip install 'majorant[torch]'"


def require_torch(device: str, purpose: str) -> None:
    """Check that torch and safetensors are there and can use the device.

    Raises:
        ModuleNotFoundError: one of them is not installed.
        ValueError: the device is unknown, not supported or not there.
    """
    # With the default policy, torch's threads spin while another process wants the core, and training crawls.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        import safetensors  # noqa: F401
        import torch
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            f"{purpose} needs {missing.name}, which is not installed: run {INSTALL}", name=missing.name
        ) from missing
    allowed = "allowed are cpu, cuda and cuda:N"
    try:
        kind, index = torch.device(device).type, torch.device(device).index
    except RuntimeError as unknown:
        raise ValueError(f"device {device!r} is unknown: {allowed}") from unknown
    if kind not in ("cpu", "cuda"):
        raise ValueError(f"device {device!r} is not supported: {allowed}")
    if kind == "cuda" and (index or 0) >= torch.cuda.device_count():
        raise ValueError(f"device {device!r} asked for, but torch sees {torch.cuda.device_count()} GPUs: use cpu")


def own_device(device: str) -> str:
    """The device of this process: under ``torchrun`` plain "cuda" is the GPU of its local rank."""
    rank = os.environ.get("LOCAL_RANK")
    return f"cuda:{rank}" if device == "cuda" and rank is not None else device


def write_whole(path: Path, content: bytes) -> None:
    """Write under another name, reach the disk and rename, so that nobody ever reads half a file."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def as_json(record: Mapping[str, Any]) -> bytes:
    """JSON that people can read and compare: one line for each innermost list."""
    text = json.dumps(record, indent=1)
    return (re.sub(r"\[[^\[\]{}]*\]", lambda found: re.sub(r"\s*\n\s*", " ", found[0]), text) + "\n").encode()


def digest_bytes(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def digest_files(*files: Path) -> str:
    """SHA-256 over the contents of files, one after the other."""
    return digest_bytes(b"".join(file.read_bytes() for file in files))


def versions() -> dict[str, str]:
    """Of Python and of the packages that a training rests on."""
    import safetensors
    import torch

    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "safetensors": safetensors.__version__,
    }


def hardware(device: str) -> dict[str, Any]:
    """Processor, cores, threads and device."""
    import torch

    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "device": device,
        "gpu": torch.cuda.get_device_name(device) if device.startswith("cuda") else None,
    }


def _cpu_model() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
