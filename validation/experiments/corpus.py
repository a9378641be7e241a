"""Encoded lines as tensors: batches with padding on the right, and the position class of every token.

Every line is one sequence: the end symbol opens it and closes it, so that each word and the end are predicted once.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

IGNORED = -100  # target of the padding, left out of the loss


def as_batch(lines: Sequence[Sequence[int]], device: str = "cpu") -> tuple[Tensor, Tensor]:
    """Lay encoded lines, each closed by the end symbol, side by side with padding on the right.

    Returns:
        Inputs and targets, int64, shape (lines, longest line); a target is the input of the next position.
    """
    return Corpus(lines, device=device).batch(range(len(lines)))


class Corpus:
    """Lines of which batches can be taken without touching Python lists again.

    Args:
        lines: encoded lines, each closed by the end symbol.
        classes: for each line the position class of each token, from 0.
        fixed_length: give every batch the length of the longest line, as a compiled model wants it.

    Raises:
        ValueError: there are no lines, or a line is empty.
    """

    def __init__(
        self,
        lines: Sequence[Sequence[int]],
        classes: Sequence[Sequence[int]] | None = None,
        device: str = "cpu",
        fixed_length: bool = False,
    ) -> None:
        if not lines or not all(lines):
            raise ValueError("no lines, or an empty one: give at least one line, each closed by the end symbol")
        self.lengths = np.array([len(line) for line in lines])
        self.fixed_length = fixed_length
        self.targets = self._padded(lines, device)
        self.classes = None if classes is None else self._padded(classes, device)
        # The end symbol opens each line; where it pads, nothing is predicted and nothing looks at it.
        ends = torch.tensor([[line[-1]] for line in lines], device=device)
        shifted = torch.cat((ends, self.targets[:, :-1]), dim=1)
        self.inputs = torch.where(shifted == IGNORED, ends, shifted)

    def _padded(self, lines: Sequence[Sequence[int]], device: str) -> Tensor:
        flat = np.fromiter((token for line in lines for token in line), dtype=np.int64, count=self.lengths.sum())
        table = np.full((len(lines), self.lengths.max()), IGNORED)
        table[np.arange(table.shape[1]) < self.lengths[:, None]] = flat
        return torch.from_numpy(table).to(device)

    def __len__(self) -> int:
        return len(self.lengths)

    def batch(self, rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Inputs and targets of some lines, int64, shape (rows, longest of them)."""
        inputs, targets, _ = self.batch_with_classes(rows)
        return inputs, targets

    def batch_with_classes(self, rows: Sequence[int]) -> tuple[Tensor, Tensor, Tensor | None]:
        """The same with the classes, where the corpus has them; ``IGNORED`` stands at the padding."""
        chosen = np.asarray(rows)
        length = int((self.lengths if self.fixed_length else self.lengths[chosen]).max())
        places = torch.from_numpy(chosen).to(self.inputs.device)
        classes = None if self.classes is None else self.classes[places, :length]
        return self.inputs[places, :length], self.targets[places, :length], classes

    def tokens(self, rows: Sequence[int]) -> int:
        """How many tokens these lines predict."""
        return int(self.lengths[np.asarray(rows)].sum())
