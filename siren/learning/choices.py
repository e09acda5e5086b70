"""Answers in a batch as the choices that the grammar left while they were spoken, and how likely a model makes each.

The same grammar binds the decoder (policy/decode.py): log-probabilities are those among the words that were allowed, and a word that
was the only one allowed has log-probability 0, so nobody is rewarded or blamed for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from siren.learning.packing import NO_TARGET, Packed
from siren.policy.branches import WINDOW
from siren.policy.grammar import DONE, Grammar
from siren.policy.vocabulary import EOS, Vocabulary

NEVER = -1e9


@dataclass(frozen=True)
class Choices:
    """All answer words of a batch, row by row: one text a row."""

    allowed: torch.Tensor  # bool, (words, vocabulary)
    spoken: torch.Tensor  # int64, (words,)
    text: torch.Tensor  # int64, (words,): the row of the batch

    @property
    def free(self) -> torch.Tensor:
        """bool, (words,): where there was a choice."""
        return self.allowed.sum(-1) > 1


def sayable(words: str, vocabulary: Vocabulary, grammar: Grammar) -> bool:
    """Whether the grammar can say this text to its end."""
    try:
        list(_walk([*vocabulary.encode(words), vocabulary.ids[EOS]], grammar))
    except (KeyError, ValueError):
        return False
    return True


def choices_in(batch: Packed, vocabulary: Vocabulary, grammar: Grammar) -> Choices:
    """What could have been said at each answer word. ValueError for a word that the grammar does not allow."""
    answered = batch.targets != NO_TARGET
    text = answered.nonzero()[:, 0]
    spoken = batch.targets[answered]
    allowed = torch.zeros(len(spoken), len(vocabulary), dtype=torch.bool)
    steps = (ids for row in range(len(batch.targets)) for ids in _walk(spoken[text == row].tolist(), grammar))
    for number, ids in enumerate(steps):
        allowed[number, torch.from_numpy(ids)] = True
    return Choices(allowed, spoken, text)


def log_chances(scores: torch.Tensor, choices: Choices) -> torch.Tensor:
    """Log-probability of every word among those allowed at its place; others stand at -1e9. scores: float, (words, vocabulary)."""
    return scores.masked_fill(~choices.allowed, NEVER).log_softmax(-1)


def heard_as_spoken(logs: torch.Tensor, choices: Choices, vocabulary: Vocabulary) -> torch.Tensor:
    """bool, (words, vocabulary): the words that the decoder, had it drawn them, would have spoken as the word that was spoken.

    It draws a number and says the mean of its neighbourhood, so that several draws come to one number: what was chosen is all of them.
    `logs` are those of the weights that spoke.
    """
    same = functional.one_hot(choices.spoken, len(vocabulary)).bool()
    for letter in "xyz":
        axis = vocabulary.axis(letter)
        rows = ((choices.spoken >= axis.start) & (choices.spoken < axis.stop)).nonzero()[:, 0]
        if len(rows):
            said = choices.spoken[rows] - axis.start
            same[rows, axis] |= _neighbourhood_means(logs[rows, axis]).round() == said[:, None]
    return same


def _neighbourhood_means(logs: torch.Tensor) -> torch.Tensor:
    """For each place the mean of the distribution within WINDOW steps of it: (rows, places)."""
    chances = logs.exp()
    window = torch.ones(1, 1, 2 * WINDOW + 1)
    mass, moment = (
        functional.conv1d(values[:, None], window, padding=WINDOW)[:, 0] for values in (chances, chances * torch.arange(logs.shape[1]))
    )
    return moment / mass


def _walk(ids: list[int], grammar: Grammar) -> Iterator[np.ndarray]:
    """The words that were allowed where each of these stands."""
    state = grammar.start
    for word in ids:
        allowed = grammar.allowed(state) if state != DONE else np.empty(0, np.int64)
        if word not in allowed:
            raise ValueError(
                f"expected one of {len(allowed)} words that the grammar allows, got word {word}; was it written for another one?"
            )
        yield allowed
        state = grammar.advance(state, word)
    if state != DONE:
        raise ValueError("expected a text that is said to its end, got one that breaks off")
