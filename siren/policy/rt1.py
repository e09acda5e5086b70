"""A picture, an instruction and the steps so far as 256 bins for each number of the next keyframe: RT-1, small, from scratch.

After Brohan et al., arXiv 2212.06817: convolutional features conditioned by the instruction (FiLM, arXiv 1709.07871), eight tokens
learned from them (TokenLearner, arXiv 2106.11297), a decoder-only transformer with history, all numbers of a step at once. Smaller and
other than there: the sentence is read by a GRU trained along (RT-1 has a pretrained encoder), and the history is that of the steps,
because SIREN plans from one picture. It knows no words of plans; policy/codecs/rt1.py says what the bins mean.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from siren.policy.codecs.integers import BINS
from siren.policy.codecs.rt1 import ORDER
from siren.policy.model import GRID

DIMENSIONS = len(ORDER)
LONGEST = 8  # steps


@dataclass(frozen=True)
class Rt1Config:
    """Sizes. The defaults come to about as many weights as siren-tiny has."""

    words: int  # of the vocabulary
    width: int = 128
    layers: int = 4
    heads: int = 4
    feed_forward: int = 384
    channels: int = 48
    tokens: int = 8


MODEL_TYPE = "siren_rt1"


class Film(nn.Module):
    """Features scaled and shifted by the sentence; at first they pass as they are."""

    def __init__(self, width: int, channels: int) -> None:
        super().__init__()
        self.scale_shift = nn.Linear(width, 2 * channels)
        nn.init.zeros_(self.scale_shift.weight)
        nn.init.zeros_(self.scale_shift.bias)

    def forward(self, features: torch.Tensor, sentence: torch.Tensor) -> torch.Tensor:
        """features: (batch, channels, rows, columns); sentence: (batch, width)."""
        scale, shift = self.scale_shift(sentence)[..., None, None].chunk(2, 1)
        conditioned: torch.Tensor = features * (1 + scale) + shift
        return conditioned


class FilmEye(nn.Module):
    """Images as 8 x 8 features that the sentence has had a say in. (batch, 64, width)."""

    def __init__(self, config: Rt1Config) -> None:
        super().__init__()
        channels = config.channels
        shapes = (
            (3, channels, 5, 3),
            (channels, 2 * channels, 3, 2),
            (2 * channels, 4 * channels, 3, 2),
            (4 * channels, 4 * channels, 3, 1),
        )
        self.convolutions = nn.ModuleList(nn.Conv2d(before, after, size, stride, 1) for before, after, size, stride in shapes)
        self.norms = nn.ModuleList(nn.GroupNorm(8, after) for _, after, _, _ in shapes)
        self.films = nn.ModuleList(Film(config.width, after) for _, after, _, _ in shapes)
        self.out = nn.Conv2d(4 * channels, config.width, 1)
        self.places = nn.Parameter(0.02 * torch.randn(GRID * GRID, config.width))

    def forward(self, pixels: torch.Tensor, sentence: torch.Tensor) -> torch.Tensor:
        """pixels: float, (batch, 3, 96, 96)."""
        features = pixels.contiguous(memory_format=torch.channels_last)
        for convolution, norm, film in zip(self.convolutions, self.norms, self.films, strict=True):
            features = functional.gelu(film(norm(convolution(features)), sentence))
        tokens: torch.Tensor = self.out(features).flatten(2).transpose(1, 2) + self.places
        return tokens


class TokenLearner(nn.Module):
    """Many tokens as a few, each a weighted mean whose weights are learned. (batch, tokens, width)."""

    def __init__(self, config: Rt1Config) -> None:
        super().__init__()
        self.maps = nn.Sequential(
            nn.LayerNorm(config.width), nn.Linear(config.width, config.width), nn.GELU(), nn.Linear(config.width, config.tokens)
        )

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        learned: torch.Tensor = self.maps(tokens).softmax(1).transpose(1, 2) @ tokens
        return learned


class Rt1(nn.Module):
    """The whole model. `forward` gives scores for every step of a plan whose earlier steps are known."""

    def __init__(self, config: Rt1Config) -> None:
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.words, config.width)
        self.reader = nn.GRU(config.width, config.width, batch_first=True)
        self.eye = FilmEye(config)
        self.learner = TokenLearner(config)
        self.start = nn.Parameter(0.02 * torch.randn(config.width))
        self.bins = nn.Embedding(DIMENSIONS * BINS, config.width)
        self.positions = nn.Parameter(0.02 * torch.randn(config.tokens + LONGEST, config.width))
        layer = nn.TransformerEncoderLayer(config.width, config.heads, config.feed_forward, 0.0, "gelu", batch_first=True, norm_first=True)
        self.decoder = nn.TransformerEncoder(layer, config.layers, nn.LayerNorm(config.width), enable_nested_tensor=False)
        self.head = nn.Linear(config.width, DIMENSIONS * BINS)

    def features(self, pixels: torch.Tensor, words: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """All that the eye makes of the picture for this sentence: (batch, 64, width). words: int64, (batch, longest), padded behind;
        lengths: int64, (batch,)."""
        read, _ = self.reader(self.words(words))
        seen: torch.Tensor = self.eye(pixels, read[torch.arange(len(words)), lengths - 1])
        return seen

    def look(self, pixels: torch.Tensor, words: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """What the decoder sees of `features`: (batch, tokens, width)."""
        learned: torch.Tensor = self.learner(self.features(pixels, words, lengths))
        return learned

    def forward(self, seen: torch.Tensor, steps: torch.Tensor) -> torch.Tensor:
        """Scores (batch, known + 1, 10, 256) of the first step, the second, and so on. steps: int64, (batch, known, 10), bins."""
        batch, known, _ = steps.shape
        offsets = BINS * torch.arange(DIMENSIONS)
        history = torch.cat([self.start.expand(batch, 1, -1), self.bins(steps + offsets).sum(2)], 1)
        inputs = torch.cat([seen, history], 1) + self.positions[: self.config.tokens + known + 1]
        mask = nn.Transformer.generate_square_subsequent_mask(inputs.shape[1])
        hidden = self.decoder(inputs, mask=mask, is_causal=True)[:, self.config.tokens :]
        scores: torch.Tensor = self.head(hidden).view(batch, known + 1, DIMENSIONS, BINS)
        return scores
