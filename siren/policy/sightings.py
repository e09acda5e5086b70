"""Image tokens as sightings: what stands where, how it lies, and how sure the eye is of it. One vision pass, no decoding.

Every image token of a thing was trained to be a classifier of its kind, x, y and long axis by dot product with the word embeddings
(learning/regions.py). Tokens that agree on a place are one thing, or two of which one carries the other. It knows no sizes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from siren.core.action import WORKSPACE_LOW
from siren.policy.action_text import PLACE_STEP, TURN_STEP
from siren.policy.checkpoint import Checkpoint
from siren.policy.model import image_tokens, require_image, to_pixels
from siren.policy.vocabulary import PAD, TURNS

# All measured on 300 scenes that no figure of docs/experiments.md uses; between 0.2 and 0.5 the first makes no difference.
PRESENT = 0.3  # a token whose probability of showing a thing is lower shows the table
TOGETHER = 0.04  # metres: tokens whose places differ by less speak of one place
CLEAR = 0.35  # a thing no token of which is this sure of its kind is left out
CARRIED = 0.45  # the same for a second thing at one place, and how many tokens' worth of it there must be
WINDOW = 8  # grid steps around the likeliest place over which it is averaged


@dataclass(frozen=True)
class Sighting:
    """One thing that is seen."""

    kind: str
    place: tuple[float, float]  # of its centre, metres in the base frame
    axis: float  # yaw of a hand that closes across its long side, degrees in [0, 180); means something for long things
    side: float  # yaw of a hand that closes on two of its sides, degrees in [0, 90); means something for square things
    confidence: float  # share of what the tokens of this place say that is this kind, 0 to 1
    marks: tuple[str, ...]


@dataclass(frozen=True)
class _Readings:
    """What the tokens that show something say, each row a token."""

    kinds: np.ndarray  # float, (tokens, kinds): probabilities, the rest is table
    places: np.ndarray  # float, (tokens, 2), metres
    turns: np.ndarray  # float, (tokens, 120): probabilities
    marks: np.ndarray  # float, (tokens, marks): probabilities


class Eye:
    """The vision half of a checkpoint as something that says what it sees."""

    def __init__(self, checkpoint: Checkpoint, marks: Sequence[str] = ()) -> None:
        """`marks` that the checkpoint has no word for are never seen."""
        vocabulary = checkpoint.vocabulary
        self._model = checkpoint.model
        self._names = vocabulary.kinds
        self._marks = tuple(mark for mark in marks if mark in vocabulary.ids)
        table = checkpoint.model.get_input_embeddings().weight.detach().numpy()
        self._kinds = table[[*vocabulary.encode(" ".join(vocabulary.kinds)), vocabulary.ids[PAD]]]
        self._axes = [table[vocabulary.axis(letter)] for letter in "xyr"]
        self._spoken = table[[vocabulary.ids[mark] for mark in self._marks]]

    def see(self, image: np.ndarray, may_share: Callable[[str, str], bool]) -> tuple[Sighting, ...]:
        """All sightings, each kind once, the surest first. image: uint8, (96, 96, 3), RGB.

        `may_share(a, b)`: whether things of these kinds can stand on or in each other; only such pairs are seen at one place.
        """
        with torch.inference_mode():
            tokens = image_tokens(self._model, to_pixels(require_image(image)[None]))[0].numpy()
        readings = self._read(tokens)
        seen: dict[str, Sighting] = {}
        for group in _groups(readings):
            for sighting in self._sightings(readings, group, may_share):
                known = seen.get(sighting.kind)
                if known is None or known.confidence < sighting.confidence:
                    seen[sighting.kind] = sighting
        return tuple(sorted(seen.values(), key=lambda sighting: -sighting.confidence))

    def _read(self, tokens: np.ndarray) -> _Readings:
        kinds = _softmax(tokens @ self._kinds.T)
        tokens, kinds = tokens[kinds[:, -1] < 1 - PRESENT], kinds[kinds[:, -1] < 1 - PRESENT]
        grid = [_local_means(_softmax(tokens @ axis.T)) for axis in self._axes[:2]]
        places = np.column_stack([low + (numbers + 0.5) * PLACE_STEP for low, numbers in zip(WORKSPACE_LOW, grid, strict=False)])
        marks = 1 / (1 + np.exp(-(tokens @ self._spoken.T)))
        return _Readings(kinds[:, :-1], places, _softmax(tokens @ self._axes[2].T), marks)

    def _sightings(self, readings: _Readings, group: Sequence[int], may_share: Callable[[str, str], bool]) -> Iterator[Sighting]:
        """The likeliest kind of a place, and the likeliest that can share it when there is enough of it."""
        kinds = readings.kinds[group]
        amounts, peaks = kinds.sum(0), kinds.max(0)
        first = int(amounts.argmax())
        if peaks[first] >= CLEAR:
            yield self._sighting(readings, group, first)
        others = [
            number
            for number in np.flatnonzero((amounts >= CARRIED) & (peaks >= CARRIED))
            if number != first and may_share(self._names[number], self._names[first])
        ]
        if others:
            yield self._sighting(readings, group, int(max(others, key=lambda number: float(amounts[number]))))

    def _sighting(self, readings: _Readings, group: Sequence[int], kind: int) -> Sighting:
        weights = readings.kinds[group, kind]
        share = weights / weights.sum()
        x, y = share @ readings.places[group]
        marks = share @ readings.marks[group]
        confidence = float(weights.sum() / readings.kinds[group].sum())
        seen = tuple(mark for mark, likely in zip(self._marks, marks, strict=True) if likely > 0.5)
        turns = share @ readings.turns[group]
        place = (round(float(x), 4), round(float(y), 4))
        return Sighting(self._names[kind], place, _direction(turns, 180.0), _direction(turns, 90.0), confidence, seen)


def _groups(readings: _Readings) -> list[list[int]]:
    """Tokens by the place they speak of; the surest token of each group decides where that is."""
    groups: list[list[int]] = []
    for token in np.argsort(-readings.kinds.max(1, initial=0.0)).tolist():
        place = readings.places[token]
        near = (group for group in groups if np.hypot(*(readings.places[group[0]] - place)) < TOGETHER)
        home = next(near, None)
        if home is None:
            groups.append([token])
        else:
            home.append(token)
    return groups


def _local_means(chances: np.ndarray) -> np.ndarray:
    """For each row of probabilities the mean of the grid numbers around its likeliest one."""
    numbers = np.arange(chances.shape[1])
    near = np.where(np.abs(numbers[None] - chances.argmax(1)[:, None]) <= WINDOW, chances, 0.0)
    means: np.ndarray = near @ numbers / near.sum(1)
    return means


def _direction(chances: np.ndarray, period: float) -> float:
    """The mean of directions that are the same after `period` degrees, in [0, period)."""
    angles = 2 * np.pi / period * TURN_STEP * np.arange(TURNS)
    turned = np.arctan2(chances @ np.sin(angles), chances @ np.cos(angles)) * period / (2 * np.pi)
    return float(round(turned % period / TURN_STEP) * TURN_STEP % period)


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    shares: np.ndarray = raised / raised.sum(-1, keepdims=True)
    return shares
