"""What each image token shows, as labels from the simulator's segmentation, and the loss that teaches it.

Every token of a thing is a classifier of its kind, x, y, turn (of long and of square things) and wetness, by dot product with the word
embeddings. So the
decoder only has to copy what it looks at: without this the model stays at chance for ten times the budget.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional

from siren.policy.model import GRID
from siren.policy.vocabulary import PAD, PLACES, TURNS, Vocabulary

PLACE_SPREAD = 2.75  # grid steps, about 7 mm: a third of an image token
TURN_SPREAD = 5.0  # grid steps, 7.5 degrees
TURN_WEIGHT = 0.5
WET_WEIGHT = 0.5
QUARTERED = TURNS  # a turn of this number or more is that of a square thing: it looks the same after a quarter
WET_WORD = "wet"


class Region(NamedTuple):
    """One visible thing: numbers of its kind, its centre on the grid, its turn, and whether it is wet."""

    kind: int
    x: int
    y: int
    turn: int  # of its long axis, below QUARTERED; QUARTERED + 0..59 for a square thing; -1 for a round one
    wet: int = -1  # 1 wet, 0 dry, -1 for what cannot be wet


PLANES = len(Region._fields)


def region_labels(segmentation: np.ndarray, regions: Sequence[Region]) -> np.ndarray:
    """Segmentation (96, 96), index into `regions` or -1, as labels int16 (5, 8, 8), -1 for background.

    A token belongs to the thing that covers most of it and at least an eighth of it; a thing that would get none gets its best one.
    """
    side = segmentation.shape[0] // GRID
    labels = np.full((PLANES, GRID, GRID), -1, np.int16)
    if not regions:
        return labels
    blocks = segmentation.reshape(GRID, side, GRID, side)
    cover = np.stack([(blocks == number).sum((1, 3)) for number in range(len(regions))], -1)
    owner, most = cover.argmax(-1), cover.max(-1)
    shown = most >= side * side // 8
    for number in range(len(regions)):
        row, column = np.unravel_index(cover[..., number].argmax(), (GRID, GRID))
        if cover[row, column, number] >= 4 and not (shown & (owner == number)).any():
            owner[row, column], shown[row, column] = number, True
    table = np.array(regions, np.int16)
    labels[:, shown] = table[owner[shown]].T
    return labels


class RegionLosses(NamedTuple):
    """The weighted sum to minimise, and two figures to watch."""

    total: torch.Tensor
    kind_right: float  # share of object tokens whose kind is read right
    place: float  # excess nats for x and y


def region_losses(
    tokens: torch.Tensor, labels: torch.Tensor, table: torch.Tensor, vocabulary: Vocabulary, generator: torch.Generator
) -> RegionLosses:
    """tokens: (rows, 64, width); labels: int64 (rows, 5, 64); table: the word embeddings. `generator` draws which empty tokens count."""
    shown = labels[:, 0] >= 0
    features, known = tokens[shown], labels.permute(0, 2, 1)[shown]
    empty = (labels[:, 0] == -1).nonzero()
    empty = empty[torch.randperm(len(empty), generator=generator)[: max(1, len(features) // 2)]]
    kinds = torch.tensor([*vocabulary.encode(" ".join(vocabulary.kinds)), vocabulary.ids[PAD]])
    scores = functional.linear(torch.cat([features, tokens[empty[:, 0], empty[:, 1]]]), table[kinds]).float()
    target = torch.cat([known[:, 0], torch.full((len(empty),), len(kinds) - 1)])
    total = functional.cross_entropy(scores, target)
    right = float((scores[: len(features)].argmax(-1) == target[: len(features)]).float().mean())
    place = 0.0
    for column, axis in ((1, "x"), (2, "y")):
        scores = functional.linear(features, table[vocabulary.axis(axis)])
        excess = 0.5 * _smooth(scores, known[:, column], PLACES, PLACE_SPREAD)
        total, place = total + excess, place + float(excess.detach())
    long, square = (known[:, 3] >= 0) & (known[:, 3] < QUARTERED), known[:, 3] >= QUARTERED
    for turned, period in ((long, TURNS), (square, TURNS // 2)):
        if turned.any():
            scores = functional.linear(features[turned], table[vocabulary.axis("r")])
            share = TURN_WEIGHT * turned.sum() / (long | square).sum()
            total = total + share * _smooth(scores, known[turned, 3] % QUARTERED, TURNS, TURN_SPREAD, period)
    return RegionLosses(total + _wet_loss(features, known[:, 4], table, vocabulary), right, place)


def _wet_loss(features: torch.Tensor, wet: torch.Tensor, table: torch.Tensor, vocabulary: Vocabulary) -> torch.Tensor:
    """A token of a wet thing agrees with the word for it, that of a dry one does not; zero for a vocabulary without the word."""
    known = wet >= 0
    if not known.any() or WET_WORD not in vocabulary.ids:
        return features.new_zeros(())
    scores = functional.linear(features[known], table[vocabulary.ids[WET_WORD]][None])[:, 0].float()
    return WET_WEIGHT * functional.binary_cross_entropy_with_logits(scores, wet[known].float())


def _smooth(scores: torch.Tensor, target: torch.Tensor, count: int, spread: float, period: int = 0) -> torch.Tensor:
    """Divergence from a bell around the target, repeated every `period` steps; zero when it is met exactly."""
    distance = (torch.arange(count)[None] - target[:, None]).abs()
    if period:
        distance = torch.minimum(distance % period, period - distance % period)
    wanted = torch.softmax(-0.5 * (distance / spread) ** 2, -1)
    divergence: torch.Tensor = functional.kl_div(functional.log_softmax(scores.float(), -1), wanted, reduction="batchmean")
    return divergence
