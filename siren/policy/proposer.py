"""An image and an instruction as ranked plans: the neural half behind the `Proposer` protocol of the core.

It sees the picture and the sentence alone: no scene, no simulator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from siren.core.action import WORKSPACE_LOW
from siren.core.episode import Candidate
from siren.core.plan import Plan, write_plan
from siren.policy.action_text import PLACE_STEP, TURN_STEP, read_words
from siren.policy.branches import Decoded
from siren.policy.checkpoint import Checkpoint, load_checkpoint
from siren.policy.codecs.hybrid import ORDER, HybridCodec, with_residuals
from siren.policy.decode import Asked, Decoder
from siren.policy.grammar import PlanGrammar, PointGrammar
from siren.policy.model import require_image

LONGEST_PLAN = 8  # steps; longer ones never occur in training


@dataclass(frozen=True)
class Pointing:
    """Where the policy sees what was asked for."""

    name: str
    position: tuple[float, float]  # metres, base frame
    axis: float | None  # yaw of a hand that closes across the long side, degrees in [0, 180); None for round things


class Proposer:
    """A checkpoint that proposes plans."""

    def __init__(self, checkpoint: Checkpoint, temperature: float = 1.0, codec: Literal["language", "hybrid"] = "language") -> None:
        """`codec`: `hybrid` also reads from the probabilities of each number what lies between two steps of its grid."""
        self._name = checkpoint.name
        self._vocabulary = checkpoint.vocabulary
        self._decoder = Decoder(checkpoint.model, checkpoint.vocabulary)
        self._plans = PlanGrammar(checkpoint.vocabulary, LONGEST_PLAN)
        self._points = PointGrammar(checkpoint.vocabulary)
        self._temperature = temperature
        self._exact = codec == "hybrid"

    @classmethod
    def load(cls, folder: Path, temperature: float = 1.0, codec: Literal["language", "hybrid"] = "language") -> "Proposer":
        """From a checkpoint folder; one thread is fastest at this size. CheckpointError when it cannot be used."""
        torch.set_num_threads(1)
        return cls(load_checkpoint(folder), temperature, codec)

    @classmethod
    def serving(cls, folder: Path) -> "Proposer":
        """From a checkpoint folder, on a GPU where this process was given one: for `propose_together`."""
        torch.set_num_threads(1)
        loaded = load_checkpoint(folder)
        loaded.model.to("cuda" if torch.cuda.is_available() else "cpu")
        return cls(loaded)

    @property
    def checkpoint(self) -> str:
        """Name of the weights."""
        return self._name

    def propose(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> tuple[Candidate, ...]:
        """`count` plans, the greedy one first, then sampled ones by falling log-probability.

        image: uint8, (96, 96, 3), RGB. Raises InstructionError for words that the policy does not know.
        """
        return self.propose_together([self.asked(image, instruction, count, rng)])[0]

    def asked(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> Asked:
        """What `propose` was given, in the words of the model, ready for `propose_together`. Raises as `propose` does."""
        if count < 1:
            raise ValueError(f"expected at least 1 candidate, got {count}")
        return Asked(require_image(image), f"robot : {self._vocabulary.read(instruction)}", count, rng)

    def propose_together(self, asked: Sequence[Asked]) -> list[tuple[Candidate, ...]]:
        """`propose` for each of them, in batches over all."""
        answers = self._decoder.decode_together(asked, self._plans, self._temperature)
        return [tuple(self._candidate(one) for one in decoded) for decoded in answers]

    def _candidate(self, one: Decoded) -> Candidate:
        plan = self._plan(one)
        return Candidate(text=write_plan(plan), score=one.score, plan=plan, doubt=one.doubt)

    def embed(self, image: np.ndarray, instruction: str) -> np.ndarray:
        """What the policy makes of a picture and an instruction, for finding like moments: float32, (3 * width,), length 1.

        image: uint8, (96, 96, 3), RGB. Raises InstructionError for words that the policy does not know.
        """
        return self._decoder.embed(require_image(image), f"robot : {self._vocabulary.read(instruction)}", self._plans)

    def _plan(self, one: Decoded) -> Plan:
        if not self._exact:
            return read_words(one.text)
        # A word of x, y or z stands for the middle of its step, a turn for the direction itself.
        numbers = [value + (0.0 if index % len(ORDER) == ORDER.index("r") else 0.5) for index, value in enumerate(one.numbers)]
        return HybridCodec().read(with_residuals(one.text, numbers))

    def point(self, image: np.ndarray, what: str) -> Pointing:
        """Where is it, and which way does it lie? `what` as in "the banana" or "something that is a fruit"."""
        prompt = f"question : where is {self._vocabulary.read(what)}"
        answer = self._decoder.decode(require_image(image), prompt, self._points, 1, np.random.default_rng(0))[0]
        name, x, y, turn = answer.text.split()
        place = (_metres(x, 0), _metres(y, 1))
        return Pointing(name, place, None if turn == "any" else int(turn[1:]) * TURN_STEP)


def _metres(word: str, axis: int) -> float:
    return round(WORKSPACE_LOW[axis] + (int(word[1:]) + 0.5) * PLACE_STEP, 3)
