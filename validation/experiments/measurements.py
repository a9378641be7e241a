"""The measurements by name, and what each tells when it is done.  Importing this module does not import torch."""

import json
from collections.abc import Callable
from pathlib import Path

from validation.experiments import activations, plateau
from validation.experiments.plateau_figure import draw_plateau
from validation.experiments.plateau_judgement import HYPOTHESES, judge

Progress = Callable[[str, float], None]
Measurement = Callable[[str, Path | None, int, str, Progress, bool], list[str]]


def _activations(
    preset: str, folder: Path | None, seed: int, device: str, progress: Progress, overwrite: bool
) -> list[str]:
    out = folder or activations.DEFAULT_OUT
    file = activations.measure_activations(preset, out, seed, device, progress, overwrite)
    return [f"patterns: {file}", f"record: {file.with_name('record.json')}"]


def _plateau(
    preset: str, folder: Path | None, seed: int, device: str, progress: Progress, overwrite: bool
) -> list[str]:
    file = plateau.measure_plateau(preset, folder or plateau.DEFAULT_OUT, seed, device, progress, overwrite)
    record = json.loads(file.read_text(encoding="utf-8"))
    told = [f"record: {file}"]
    for finding in judge(record).values():
        told += [f"{finding.outcome.value}: {HYPOTHESES[finding.claim]}", f"  {finding.reason}"]
    try:
        return [*told, f"figure: {draw_plateau(record, file.with_name('plateau.png'))}"]
    except (ModuleNotFoundError, ValueError) as missing:  # the measurement stands without its figure
        return [*told, f"no figure: {missing}"]


MEASUREMENTS: dict[str, Measurement] = {"activations": _activations, "plateau": _plateau}
