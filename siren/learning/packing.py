"""Rows as tensors: one picture, then its texts one after the other, with a mask that keeps the texts apart.

Every text sees the picture and itself, and its positions start anew, so a packed text is computed exactly as if it stood alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch

from siren.learning.samples import Row, Text
from siren.policy.model import IMAGE_TOKENS, to_pixels
from siren.policy.vocabulary import BOS, EOS, IMAGE, PAD, SEP, Vocabulary

LONGEST = 176  # words behind one picture; texts that no longer fit are left out
NO_TARGET = -100


@dataclass(frozen=True)
class Packed:
    """One batch, ready for the model. L is 64 image tokens plus the words of the longest row."""

    pixels: torch.Tensor  # float, (batch, 3, 96, 96)
    words: torch.Tensor  # int64, (batch, L)
    positions: torch.Tensor  # int64, (batch, L)
    mask: torch.Tensor  # float, (batch, 1, L, L): 0 to see, -1e9 not to
    targets: torch.Tensor  # int64, (batch, L): the next word where it is an answer's, else -100
    regions: torch.Tensor | None  # int64, (labelled, 5, 64)
    labelled: torch.Tensor  # int64, (labelled,): rows that `regions` speaks of


def prompt_ids(prompt: str, vocabulary: Vocabulary) -> list[int]:
    """A prompt as the model reads it: begin word, words, separator."""
    return [vocabulary.ids[BOS], *vocabulary.encode(prompt), vocabulary.ids[SEP]]


def pack(rows: Sequence[Row], vocabulary: Vocabulary) -> Packed:
    """Rows as one batch. KeyError for a word that is not in the vocabulary."""
    columns = [_lay_out(row.texts, vocabulary) for row in rows]
    width = max(len(words) for words, _, _, _ in columns)
    batch, length = len(rows), IMAGE_TOKENS + width
    words = torch.full((batch, length), vocabulary.ids[PAD])
    words[:, :IMAGE_TOKENS] = vocabulary.ids[IMAGE]
    positions = torch.zeros(batch, length, dtype=torch.long)
    positions[:, :IMAGE_TOKENS] = torch.arange(IMAGE_TOKENS)
    segments = torch.full((batch, length), -1)
    segments[:, :IMAGE_TOKENS] = 0
    targets = torch.full((batch, length), NO_TARGET)
    for number, (ids, segment, position, answers) in enumerate(columns):
        there = slice(IMAGE_TOKENS, IMAGE_TOKENS + len(ids))
        words[number, there] = torch.tensor(ids)
        segments[number, there] = torch.tensor(segment)
        positions[number, there] = torch.tensor(position) + IMAGE_TOKENS
        answered = torch.where(torch.tensor(answers), torch.tensor(ids), NO_TARGET)
        targets[number, IMAGE_TOKENS - 1 : IMAGE_TOKENS - 1 + len(ids)] = answered
    labelled = [number for number, row in enumerate(rows) if row.regions is not None]
    regions = region_tensor([rows[number] for number in labelled]) if labelled else None
    pixels = to_pixels(np.stack([row.image for row in rows]))
    return Packed(pixels, words, positions, _mask(segments), targets, regions, torch.tensor(labelled, dtype=torch.long))


class Labelled(Protocol):
    """A picture of which it is known what each place shows."""

    @property
    def regions(self) -> np.ndarray | None: ...


def region_tensor(rows: Sequence[Labelled]) -> torch.Tensor:
    """The labels of rows that all have them: int64, (rows, 5, 64)."""
    return torch.from_numpy(np.stack([np.asarray(row.regions, np.int64) for row in rows])).flatten(2)


def _mask(segments: torch.Tensor) -> torch.Tensor:
    length = segments.shape[1]
    place = torch.arange(length)
    same = segments[:, None, :] == segments[:, :, None]
    seen = (same | (place < IMAGE_TOKENS)) & (place[None, :] <= place[:, None]) | torch.eye(length, dtype=torch.bool)
    return torch.where(seen[:, None], 0.0, -1e9)


def _lay_out(texts: Sequence[Text], vocabulary: Vocabulary) -> tuple[list[int], list[int], list[int], list[bool]]:
    ids: list[int] = []
    segments: list[int] = []
    positions: list[int] = []
    answers: list[bool] = []
    for number, text in enumerate(texts, 1):
        prompt = prompt_ids(text.prompt, vocabulary)
        answer = [*vocabulary.encode(text.answer), *([vocabulary.ids[EOS]] if text.ends else [])]
        if ids and len(ids) + len(prompt) + len(answer) > LONGEST:
            continue
        ids += prompt + answer
        segments += [number] * (len(prompt) + len(answer))
        positions += range(len(prompt) + len(answer))
        read = len(prompt) + text.given
        answers += [False] * read + [True] * (len(prompt) + len(answer) - read)
    return ids, segments, positions, answers
