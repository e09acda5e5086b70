"""Robot rows as a trained RT-1 baseline: commands about rendered scenes, their plans as bins, cross-entropy over each number.

The same pool of scenes that siren-tiny's robot half is trained on, with what each place of the picture shows (learning/regions.py), and
nothing of the web half. Without those labels neither model finds out where things are; RT-1 itself began from an eye that could see.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional

from siren.core.errors import PlanRefusedError
from siren.learning.baselines import BaselineReport, Budget, Listener
from siren.learning.course import PretrainConfig, words_scale
from siren.learning.descent import Descends, Descent
from siren.learning.packing import NO_TARGET, region_tensor
from siren.learning.pools import Pool
from siren.learning.regions import region_losses
from siren.learning.robot_data import policy_vocabulary
from siren.learning.samples import Row
from siren.learning.scenes import pool_folder, render_pools
from siren.learning.standing import forget
from siren.learning.team import ALONE, Team, together
from siren.policy.action_text import read_words
from siren.policy.codecs.rt1 import ORDER, Rt1Codec
from siren.policy.model import to_pixels
from siren.policy.rt1 import LONGEST, Rt1, Rt1Config
from siren.policy.rt1_proposer import Rt1Checkpoint, save_rt1

COMMAND = "robot : "
ALL_TEXTS = 64  # more than any robot row has
COMMANDS = 3  # taken of each picture
RATE = 1e-3
SMALL = {"width": 64, "layers": 2, "feed_forward": 128, "channels": 16}


class Lesson(NamedTuple):
    """A picture, a command in words of the vocabulary, and the bins of its plan: int64, (steps, 10)."""

    image: np.ndarray  # uint8, (96, 96, 3), RGB
    command: str
    steps: np.ndarray
    regions: np.ndarray | None = None  # int16, (5, 8, 8), see learning/samples.py


def train_rt1(config: PretrainConfig, steps: int, out: Path, listener: Listener | None = None, *, small: bool = False) -> BaselineReport:
    """Render the robot pool where it is missing, train for that many steps in `config.workers` processes, and save the folder `out`."""
    render_pools(config, ("robot",))
    checkpoint, report = together(config.workers, _train, (config, steps, out, small), listener)
    checkpoint.model.eval()
    save_rt1(checkpoint, out)
    forget(out)
    return report


def _train(
    team: Team, config: PretrainConfig, steps: int, out: Path, small: bool, listener: Listener | None
) -> tuple[Rt1Checkpoint, BaselineReport]:
    """One process' part."""
    pool = Pool(pool_folder(config, "robot"), config.seed)
    vocabulary = policy_vocabulary()
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        model = Rt1(Rt1Config(len(vocabulary), **(SMALL if small else {}))).train()
    checkpoint = Rt1Checkpoint(model, vocabulary, out.name)
    trainer = Rt1Trainer(checkpoint, team)
    budget = Budget(steps, out, f"rt1 with regions {model.config} {config.said()}", (trainer, pool), team, listener)
    budget.phase(1.0, lambda share: trainer.step(list(lessons(team.part(pool.draw(config.rows, ALL_TEXTS)))), words_scale(share)))
    return checkpoint, budget.report()


def lessons(rows: Sequence[Row]) -> Iterator[Lesson]:
    """Up to COMMANDS commands of each row; those whose plans bins cannot say (pushes) or that are too long are left out."""
    codec = Rt1Codec()
    for row in rows:
        taken = 0
        for text in row.texts:
            if taken == COMMANDS or not text.prompt.startswith(COMMAND) or not text.ends:
                continue
            try:
                bins = np.array(codec.write(read_words(text.answer)).split(), int).reshape(-1, len(ORDER))
            except PlanRefusedError:
                continue
            if len(bins) <= LONGEST:
                taken += 1
                yield Lesson(row.image, text.prompt.removeprefix(COMMAND), bins, row.regions)


class Rt1Trainer(Descends):
    """Holds a model and its optimiser."""

    def __init__(self, checkpoint: Rt1Checkpoint, team: Team = ALONE) -> None:
        self._checkpoint = checkpoint
        self._descent = Descent(checkpoint.model, RATE, team)

    def step(self, batch: Sequence[Lesson], scale: float = 1.0) -> float:
        """One update; the mean nats of a number. `scale` multiplies the learning rate."""
        model = self._checkpoint.model
        words, lengths = self._checkpoint.encode([lesson.command for lesson in batch])
        steps, targets = _steps(batch)
        with self._descent.half():
            features = model.features(to_pixels(np.stack([lesson.image for lesson in batch])), words, lengths)
            scores = model(model.learner(features), steps[:, :-1])
        loss = functional.cross_entropy(scores.float().flatten(0, 2), targets.flatten(), ignore_index=NO_TARGET)
        self._descent.step(loss + self._regions(features.float(), batch), scale)
        return float(loss.detach())

    def _regions(self, features: torch.Tensor, batch: Sequence[Lesson]) -> torch.Tensor:
        """How badly the features tell what they show, in the words that commands are read by; zero where nothing is labelled."""
        known = [number for number, lesson in enumerate(batch) if lesson.regions is not None]
        if not known:
            return features.new_zeros(())
        labels, table = region_tensor([batch[number] for number in known]), self._checkpoint.model.words.weight
        return region_losses(features[known], labels, table, self._checkpoint.vocabulary, self._descent.draws()).total


def _steps(batch: Sequence[Lesson]) -> tuple[torch.Tensor, torch.Tensor]:
    """Bins (batch, longest, 10), padded with 0, and the same as targets, padded with what the loss does not look at."""
    longest = max(len(lesson.steps) for lesson in batch)
    targets = torch.full((len(batch), longest, len(ORDER)), NO_TARGET)
    for number, lesson in enumerate(batch):
        targets[number, : len(lesson.steps)] = torch.from_numpy(lesson.steps)
    return targets.clamp(min=0), targets
