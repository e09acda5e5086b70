"""Frozen image-text features with a linear policy: CLIP, small, and the simplest way to act on it.

After Radford et al., arXiv 2103.00020: a picture and a text become directions that agree when they belong together, learned from pairs
alone; then both towers are frozen. The policy is one linear map from the two directions and their product to the bins of RT-1 for every
number of up to four steps (policy/codecs/rt1.py). Its plans are about `it`.
"""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from siren.core.episode import Candidate
from siren.core.plan import write_plan
from siren.policy.baseline import Baseline, load_baseline, save_baseline
from siren.policy.codecs.integers import BINS
from siren.policy.codecs.rt1 import ORDER, Rt1Codec
from siren.policy.model import ModelConfig, build_model, require_image, to_pixels
from siren.policy.vocabulary import Vocabulary

MODEL_TYPE = "siren_clip"
STEPS = 4
JOINT = 64  # numbers of a direction
_END = ORDER.index("terminate")


class Clip(nn.Module):
    """Two towers and a linear policy."""

    def __init__(self, config: ModelConfig, vocabulary: Vocabulary, seed: int = 0) -> None:
        super().__init__()
        self.config = config
        self.tower = build_model(config, vocabulary, seed).model.vision_tower
        self.words = nn.Embedding(len(vocabulary), config.width)
        self.reader = nn.GRU(config.width, config.width, batch_first=True)
        self.from_picture, self.from_text = nn.Linear(config.width, JOINT), nn.Linear(config.width, JOINT)
        self.sharpness = nn.Parameter(torch.tensor(14.0).log())  # 1 / 0.07, as there
        self.policy = nn.Linear(3 * JOINT, STEPS * len(ORDER) * BINS)

    def freeze_towers(self) -> None:
        """From here on only the policy is trained."""
        self.requires_grad_(False)
        self.policy.requires_grad_(True)

    def see(self, pixels: torch.Tensor) -> torch.Tensor:
        """Directions of pictures: (rows, JOINT). pixels: float, (rows, 3, 96, 96)."""
        return functional.normalize(self.from_picture(self.tower(pixels).last_hidden_state.mean(1)), dim=-1)

    def read(self, words: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Directions of texts: (rows, JOINT). words: int64, (rows, longest), padded behind; lengths: int64, (rows,)."""
        read, _ = self.reader(self.words(words))
        return functional.normalize(self.from_text(read[torch.arange(len(words)), lengths - 1]), dim=-1)

    def contrast(self, seen: torch.Tensor, said: torch.Tensor) -> torch.Tensor:
        """Nats of finding the text of each picture among all, and the picture of each text. Both: (rows, JOINT), in pairs."""
        scores = self.sharpness.exp().clamp(max=100.0) * seen @ said.T
        right = torch.arange(len(seen))
        loss: torch.Tensor = (functional.cross_entropy(scores, right) + functional.cross_entropy(scores.T, right)) / 2
        return loss

    def forward(self, seen: torch.Tensor, said: torch.Tensor) -> torch.Tensor:
        """Scores (rows, STEPS, 10, 256) of every number of every step."""
        scores: torch.Tensor = self.policy(torch.cat([seen, said, JOINT**0.5 * seen * said], -1))
        return scores.view(len(seen), STEPS, len(ORDER), BINS)


ClipCheckpoint = Baseline[Clip]


def save_clip(checkpoint: ClipCheckpoint, folder: Path) -> None:
    """Write the folder aside and rename it into place."""
    save_baseline(checkpoint, MODEL_TYPE, asdict(checkpoint.model.config), folder)


def load_clip(folder: Path) -> ClipCheckpoint:
    """The folder's model in float32. CheckpointError names the file that does not fit and the remedy."""
    return load_baseline(folder, MODEL_TYPE, lambda settings, words: Clip(ModelConfig(**settings), words))


class ClipProposer:
    """Such weights that propose plans, all steps at once."""

    def __init__(self, checkpoint: ClipCheckpoint, temperature: float = 1.0) -> None:
        self._checkpoint = checkpoint
        self._temperature = temperature
        self._codec = Rt1Codec()

    @classmethod
    def load(cls, folder: Path, temperature: float = 1.0) -> "ClipProposer":
        """From a checkpoint folder; one thread is fastest at this size. CheckpointError when it cannot be used."""
        torch.set_num_threads(1)
        return cls(load_clip(folder), temperature)

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
        said = model.read(*self._checkpoint.encode([vocabulary.read(instruction)]))
        logs = model(model.see(to_pixels(require_image(image)[None])), said)[0].log_softmax(-1).numpy()
        greedy, *sampled = [self._candidate(logs, rng.gumbel(size=logs.shape) if number else None) for number in range(count)]
        return (greedy, *sorted(sampled, key=lambda candidate: -candidate.score))

    def _candidate(self, logs: np.ndarray, noise: np.ndarray | None) -> Candidate:
        """logs: (STEPS, 10, 256)."""
        rows = (logs if noise is None else logs / self._temperature + noise).argmax(-1)
        ends = np.flatnonzero(rows[:, _END])
        rows = rows[: int(ends[0]) + 1 if len(ends) else STEPS]
        score = float(np.take_along_axis(logs[: len(rows)], rows[..., None], -1).sum())
        plan = self._codec.ended(rows)
        return Candidate(text=write_plan(plan), score=score, plan=plan)
