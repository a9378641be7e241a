"""Losses of a language model on lines: for one batch, over all tokens, and by position class."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from validation.experiments.corpus import IGNORED, Corpus


def mean_loss(model: nn.Module, lines: Sequence[Sequence[int]], device: str = "cpu", batch: int = 64) -> float:
    """Mean loss over all tokens of the lines, in nats per token; the model is left in evaluation mode."""
    sums, counts = class_losses(model, Corpus(lines, device=device), classes=1, batch=batch)
    return sum(sums) / sum(counts)


def class_losses(
    model: nn.Module, corpus: Corpus, classes: int, batch: int = 256, precision: str = "float32"
) -> tuple[list[float], list[int]]:
    """Sums of the losses in nats, and the numbers of tokens, by position class; one class where the corpus has none.

    The model is left in evaluation mode.
    """
    model.eval()
    sums, counts = np.zeros(classes), np.zeros(classes, dtype=np.int64)
    with torch.inference_mode(), autocast(corpus.inputs.device.type, precision):
        for start in range(0, len(corpus), batch):
            inputs, targets, places = corpus.batch_with_classes(range(start, min(start + batch, len(corpus))))
            losses = token_losses(model, inputs, targets, "none")
            kept = targets.flatten() != IGNORED
            chosen = torch.zeros_like(targets) if places is None else places
            of_class = chosen.flatten()[kept].cpu().numpy()
            sums += np.bincount(of_class, losses[kept].double().cpu().numpy(), minlength=classes)
            counts += np.bincount(of_class, minlength=classes)
    return sums.tolist(), counts.tolist()


def token_losses(model: nn.Module, inputs: Tensor, targets: Tensor, reduction: str) -> Tensor:
    """Losses in nats of all tokens of a batch, shape (batch * length,) with 0 at the padding, or their sum."""
    logits = model(inputs).flatten(0, 1).float()
    return functional.cross_entropy(logits, targets.flatten(), ignore_index=IGNORED, reduction=reduction)


def autocast(device: str, precision: str) -> torch.autocast:
    """The forward pass in bfloat16 where ``precision`` says so."""
    return torch.autocast(device, dtype=torch.bfloat16, enabled=precision == "bfloat16")
