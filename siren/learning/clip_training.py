"""Both halves of data as a trained CLIP-style comparator: pictures and texts in pairs, then, with both towers frozen, a linear policy.

pairs    each picture with one text that lists or describes it, 60 % of the steps, half of the rows web rows
policy   commands and the bins of their plans over the frozen directions, 40 %, robot rows
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional

from siren.learning.baselines import BaselineReport, Budget, Listener
from siren.learning.course import PretrainConfig, words_scale
from siren.learning.descent import Descends, Descent
from siren.learning.mixture import Mixture
from siren.learning.packing import NO_TARGET
from siren.learning.pools import Pool
from siren.learning.robot_data import policy_vocabulary
from siren.learning.rt1_training import ALL_TEXTS, Lesson, lessons
from siren.learning.samples import Row
from siren.learning.scenes import HALVES, pool_folder, render_pools
from siren.learning.standing import forget
from siren.learning.team import ALONE, Team, together
from siren.policy.clip import STEPS, Clip, ClipCheckpoint, save_clip
from siren.policy.codecs.rt1 import ORDER
from siren.policy.model import to_pixels

PAIRS, POLICY = 0.6, 0.4
RATE = 1e-3
DESCRIBING = ("caption", "list")  # prompts whose answers speak of the whole picture


class Pair(NamedTuple):
    """A picture and a text about all of it, in words of the vocabulary."""

    image: np.ndarray  # uint8, (96, 96, 3), RGB
    text: str


def train_clip(config: PretrainConfig, steps: int, out: Path, listener: Listener | None = None) -> BaselineReport:
    """Render the pools where they are missing, train for that many steps, and save the folder `out`."""
    render_pools(config)
    checkpoint, report = together(config.workers, _train, (config, steps, out), listener)
    checkpoint.model.eval()
    save_clip(checkpoint, out)
    forget(out)
    return report


def _train(team: Team, config: PretrainConfig, steps: int, out: Path, listener: Listener | None) -> tuple[ClipCheckpoint, BaselineReport]:
    """One process' part. Each pairs within its own rows."""
    robot, web = (Pool(pool_folder(config, half), config.seed) for half in HALVES)
    vocabulary = policy_vocabulary()
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        model = Clip(config.model, vocabulary, config.seed).train()
    checkpoint = ClipCheckpoint(model, vocabulary, out.name)
    trainer = ClipTrainer(checkpoint, team)
    mixture = Mixture(All(robot), All(web), 2 * config.rows)
    budget = Budget(steps, out, f"clip {config.said()}", (trainer, mixture), team, listener)
    budget.phase(PAIRS, lambda share: trainer.pair(list(pairs(team.part(mixture.batch(0.5).rows))), words_scale(share)))
    trainer.freeze()
    budget.phase(POLICY, lambda share: trainer.step(list(short_lessons(team.part(robot.draw(config.rows, ALL_TEXTS)))), words_scale(share)))
    return checkpoint, budget.report()


class All:
    """A pool that gives all texts of each row, however few are asked for."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @property
    def position(self) -> int:
        return self._pool.position

    @position.setter
    def position(self, value: int) -> None:
        self._pool.position = value

    def draw(self, count: int, texts: int) -> list[Row]:
        return self._pool.draw(count, ALL_TEXTS)


def pairs(rows: Sequence[Row]) -> Iterator[Pair]:
    """Each picture with the first text that speaks of all of it (their order is drawn anew each time); rows without one are left out."""
    for row in rows:
        text = next((text.answer for text in row.texts if text.prompt in DESCRIBING), None)
        if text is not None:
            yield Pair(row.image, text)


def short_lessons(rows: Sequence[Row]) -> Iterator[Lesson]:
    """Lessons of no more steps than the linear policy has."""
    return (lesson for lesson in lessons(rows) if len(lesson.steps) <= STEPS)


class ClipTrainer(Descends):
    """Holds a model and its optimiser. `pair` until the towers are good, `freeze`, then `step`."""

    def __init__(self, checkpoint: ClipCheckpoint, team: Team = ALONE) -> None:
        self._checkpoint, self._team = checkpoint, team
        self._descent = self._start()

    def freeze(self) -> None:
        """Both towers stay as they are from here on; momentum is forgotten."""
        self._checkpoint.model.freeze_towers()
        self._descent = self._start()

    def pair(self, batch: Sequence[Pair], scale: float = 1.0) -> float:
        """One update of the towers; the mean nats of finding the other half of a pair."""
        model = self._checkpoint.model
        with self._descent.half():
            seen = model.see(to_pixels(np.stack([pair.image for pair in batch])))
            said = model.read(*self._checkpoint.encode([pair.text for pair in batch]))
        return self._descent.step(model.contrast(seen.float(), said.float()), scale)

    def step(self, batch: Sequence[Lesson], scale: float = 1.0) -> float:
        """One update of the policy; the mean nats of a number."""
        model = self._checkpoint.model
        with torch.no_grad(), self._descent.half():
            seen = model.see(to_pixels(np.stack([lesson.image for lesson in batch])))
            said = model.read(*self._checkpoint.encode([lesson.command for lesson in batch]))
        scores = model(seen.float(), said.float())
        loss = functional.cross_entropy(scores.flatten(0, 2), _targets(batch).flatten(), ignore_index=NO_TARGET)
        return self._descent.step(loss, scale)

    def _start(self) -> Descent:
        return Descent(self._checkpoint.model, RATE, self._team)


def _targets(batch: Sequence[Lesson]) -> torch.Tensor:
    """Bins (lessons, STEPS, 10); steps that a plan does not have are not looked at."""
    targets = torch.full((len(batch), STEPS, len(ORDER)), NO_TARGET)
    for number, lesson in enumerate(batch):
        targets[number, : len(lesson.steps)] = torch.from_numpy(lesson.steps)
    return targets
