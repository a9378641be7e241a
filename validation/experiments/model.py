"""A vanilla decoder-only Transformer, of the kind trained in arXiv:2405.08707v2, F.2.

Normalisation after each residual sum, ReLU, fixed sinusoidal positions, input embeddings scaled by sqrt(width) and
not shared with the output layer, Xavier initialisation: Vaswani et al. 2017 with causal attention, as Murty et al.
2023 trained it on Question-Formation.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class TransformerConfig:
    """Sizes of a Transformer; the defaults are those of arXiv:2405.08707v2, F.2.

    Raises:
        ValueError: a size is not positive, the width is odd or no multiple of the heads, or the dropout is not in
            [0, 1).
    """

    symbols: int
    width: int = 512
    layers: int = 6
    heads: int = 8
    feed_forward: int = 2048
    dropout: float = 0.1
    positions: int = 5000

    def __post_init__(self) -> None:
        sizes = (self.symbols, self.width, self.layers, self.heads, self.feed_forward, self.positions)
        if min(sizes) < 1:
            raise ValueError(f"{self}: every size must be at least 1")
        if self.width % 2 or self.width % self.heads:
            raise ValueError(f"width {self.width} with {self.heads} heads: choose an even multiple of the heads")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout {self.dropout}: choose a probability in [0, 1)")


def sinusoids(positions: int, width: int) -> Tensor:
    """Sines in the even places and cosines in the odd ones, at geometrically falling rates.

    Returns:
        float32, shape (positions, width), for an even width.
    """
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))
    angles = torch.arange(positions)[:, None] * rates
    return torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1)


class Attention(nn.Module):
    """Causal self-attention over several heads: (batch, length, width) to the same shape."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.dropout = config.dropout
        # Three matrices rather than one: Xavier's scale depends on the shape of each.
        self.query, self.key, self.value, self.output = (nn.Linear(config.width, config.width) for _ in range(4))

    def _split(self, states: Tensor) -> Tensor:
        return states.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (batch, head, length, width per head)

    def forward(self, states: Tensor) -> Tensor:
        mixed = functional.scaled_dot_product_attention(
            self._split(self.query(states)),
            self._split(self.key(states)),
            self._split(self.value(states)),
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=True,
        )
        return self.output(mixed.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """Attention, then two linear maps with a ReLU between; each is added to its input and then normalised."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.attention = Attention(config)
        self.feed_forward = nn.Sequential(
            nn.Linear(config.width, config.feed_forward),
            nn.ReLU(),
            nn.Dropout(config.dropout),
            nn.Linear(config.feed_forward, config.width),
        )
        self.after_attention, self.after_feed_forward = nn.LayerNorm(config.width), nn.LayerNorm(config.width)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, states: Tensor) -> Tensor:
        states = self.after_attention(states + self.dropout(self.attention(states)))
        return self.after_feed_forward(states + self.dropout(self.feed_forward(states)))


class Transformer(nn.Module):
    """Scores the next symbol at every position of a batch of sequences.

    Causal attention makes padding on the right harmless: no earlier position looks at it.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.symbols, config.width)
        self.register_buffer("sinusoids", sinusoids(config.positions, config.width), persistent=False)
        self.dropout = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.output = nn.Linear(config.width, config.symbols)
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def hidden(self, tokens: Tensor) -> Tensor:
        """Run all layers but the output map.

        Args:
            tokens: ids, int64, shape (batch, length).

        Returns:
            The states after the last layer's normalisation, shape (batch, length, width).

        Raises:
            ValueError: the sequences are longer than the positions that the model was built for.
        """
        length = tokens.shape[1]
        if length > self.config.positions:
            raise ValueError(f"{length} tokens, but the model has {self.config.positions} positions: raise `positions`")
        states = self.embedding(tokens) * math.sqrt(self.config.width) + self.sinusoids[:length]
        states = self.dropout(states)
        for layer in self.layers:
            states = layer(states)
        return states

    def forward(self, tokens: Tensor) -> Tensor:
        """Unnormalised log-probabilities of the next symbol.

        Args:
            tokens: ids, int64, shape (batch, length).

        Returns:
            Logits in nats, shape (batch, length, symbols).
        """
        return self.output(self.hidden(tokens))
