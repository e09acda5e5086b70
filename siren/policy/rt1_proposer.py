"""RT-1 weights behind the `Proposer` protocol of the core; the folder is that of policy/baseline.py. Its plans are about `it`."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from siren.core.episode import Candidate
from siren.core.plan import write_plan
from siren.policy.baseline import Baseline, load_baseline, save_baseline
from siren.policy.codecs.rt1 import ORDER, Rt1Codec
from siren.policy.model import require_image, to_pixels
from siren.policy.rt1 import LONGEST, MODEL_TYPE, Rt1, Rt1Config

_END = ORDER.index("terminate")


Rt1Checkpoint = Baseline[Rt1]


def save_rt1(checkpoint: Rt1Checkpoint, folder: Path) -> None:
    """Write the folder aside, sync it, and rename it into place. An older folder is replaced."""
    save_baseline(checkpoint, MODEL_TYPE, asdict(checkpoint.model.config), folder)


def load_rt1(folder: Path) -> Rt1Checkpoint:
    """The folder's model in float32. CheckpointError names the file that does not fit and the remedy."""
    return load_baseline(folder, MODEL_TYPE, lambda settings, _: Rt1(Rt1Config(**settings)))


class Rt1Proposer:
    """RT-1 weights that propose plans, step by step, each step given those before it."""

    def __init__(self, checkpoint: Rt1Checkpoint, temperature: float = 1.0) -> None:
        self._checkpoint = checkpoint
        self._temperature = temperature
        self._codec = Rt1Codec()

    @classmethod
    def load(cls, folder: Path, temperature: float = 1.0) -> "Rt1Proposer":
        """From a checkpoint folder; one thread is fastest at this size. CheckpointError when it cannot be used."""
        torch.set_num_threads(1)
        return cls(load_rt1(folder), temperature)

    @property
    def checkpoint(self) -> str:
        """Name of the weights."""
        return self._checkpoint.name

    @torch.inference_mode()
    def propose(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> tuple[Candidate, ...]:
        """`count` plans about `it`, the greedy one first, then sampled ones by falling log-probability.

        image: uint8, (96, 96, 3), RGB. Raises InstructionError for words that the policy does not know.
        """
        if count < 1:
            raise ValueError(f"expected at least 1 candidate, got {count}")
        model, vocabulary = self._checkpoint.model, self._checkpoint.vocabulary
        words, lengths = self._checkpoint.encode([vocabulary.read(instruction)])
        seen = model.look(to_pixels(require_image(image)[None]), words, lengths).expand(count, -1, -1)
        steps = torch.zeros(count, 0, len(ORDER), dtype=torch.long)
        scores, ended = np.zeros(count), np.zeros(count, bool)
        lasts = np.full(count, LONGEST)
        while not ended.all() and steps.shape[1] < LONGEST:
            chances = model(seen, steps)[:, -1].log_softmax(-1).numpy()
            chosen = self._choose(chances, rng)
            said = np.take_along_axis(chances, chosen[..., None], -1)[..., 0].sum(-1)
            scores += np.where(ended, 0.0, said)
            steps = torch.cat([steps, torch.from_numpy(chosen)[:, None]], 1)
            now = ~ended & (chosen[:, _END] > 0)
            lasts[now], ended = steps.shape[1], ended | now
        plans = [self._candidate(row[:last].numpy(), score) for row, last, score in zip(steps, lasts, scores, strict=True)]
        return (plans[0], *sorted(plans[1:], key=lambda candidate: -candidate.score))

    def _choose(self, chances: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A bin for each row and number: the likeliest for the first row, drawn for the others. chances: (rows, 10, 256)."""
        noise = rng.gumbel(size=chances.shape)
        noise[0] = 0.0
        return np.asarray((chances / self._temperature + noise).argmax(-1))

    def _candidate(self, rows: np.ndarray, score: float) -> Candidate:
        plan = self._codec.ended(rows)
        return Candidate(text=write_plan(plan), score=float(score), plan=plan)
