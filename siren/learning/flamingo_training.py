"""Both halves of data as a trained Flamingo-style comparator: first a language model from texts alone, then, with that frozen, its sight.

    texts   prompts and answers without pictures, 20 % of the steps
    eye     pictures and region labels, against the words as they then are, 20 %
    sight   eye and gated cross-attention, 60 %, by the curriculum of siren-tiny

Plain cross-entropy over answers and AdamW.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from siren.learning.baselines import BaselineReport, Budget, Listener
from siren.learning.course import PretrainConfig, eye_scale, words_scale
from siren.learning.descent import Descends, Descent
from siren.learning.mixture import Mixture, share_at
from siren.learning.packing import NO_TARGET, Packed, pack, region_tensor
from siren.learning.pools import Pool
from siren.learning.regions import region_losses
from siren.learning.robot_data import policy_vocabulary
from siren.learning.samples import Row
from siren.learning.scenes import HALVES, pool_folder, render_pools
from siren.learning.standing import forget
from siren.learning.team import ALONE, Team, together
from siren.policy.flamingo import Flamingo, FlamingoCheckpoint, save_flamingo
from siren.policy.model import IMAGE_TOKENS, to_pixels

TEXTS, EYE, SIGHT = 0.2, 0.2, 0.6
RATE = 1.5e-3


def train_flamingo(config: PretrainConfig, steps: int, out: Path, listener: Listener | None = None) -> BaselineReport:
    """Render the pools where they are missing, train for that many steps, and save the folder `out`."""
    render_pools(config)
    checkpoint, report = together(config.workers, _train, (config, steps, out), listener)
    checkpoint.model.eval()
    save_flamingo(checkpoint, out)
    forget(out)
    return report


def _train(
    team: Team, config: PretrainConfig, steps: int, out: Path, listener: Listener | None
) -> tuple[FlamingoCheckpoint, BaselineReport]:
    """One process' part."""
    robot, web = (Pool(pool_folder(config, half), config.seed) for half in HALVES)
    vocabulary = policy_vocabulary()
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        model = Flamingo(config.model, vocabulary, config.seed).train()
    checkpoint = FlamingoCheckpoint(model, vocabulary, out.name)
    trainer = FlamingoTrainer(checkpoint, team)
    mixture = Mixture(robot, web, config.rows)
    budget = Budget(steps, out, f"flamingo {config.said()}", (trainer, mixture), team, listener)
    budget.phase(TEXTS, lambda share: trainer.read(team.part(mixture.batch(0.5).rows), words_scale(share)))
    trainer.freeze()
    budget.phase(EYE, lambda share: trainer.look(team.part(mixture.batch(0.5).rows), eye_scale(share)))
    budget.phase(SIGHT, lambda share: trainer.step(team.part(mixture.batch(share_at(config.shares, share)).rows), words_scale(share)))
    return checkpoint, budget.report()


class FlamingoTrainer(Descends):
    """Holds a model and its optimiser. `read` until the language model is good, `freeze`, then `look` and `step`."""

    def __init__(self, checkpoint: FlamingoCheckpoint, team: Team = ALONE) -> None:
        self._team = team
        self._model, self._vocabulary = checkpoint.model, checkpoint.vocabulary
        self._descent = self._start()

    def freeze(self) -> None:
        """The language model stays as it is from here on; momentum is forgotten."""
        self._model.freeze_text()
        self._descent = self._start()

    def read(self, rows: Sequence[Row], scale: float = 1.0) -> float:
        """One update of the language model on texts alone; the mean nats of a word."""
        return self._words(pack(rows, self._vocabulary), None, scale)

    def look(self, rows: Sequence[Row], scale: float = 1.0) -> float:
        """One update of the eye: what its tokens show, said in the words of the language model. Every row must be labelled."""
        with self._descent.half():
            seen = self._model.look(to_pixels(np.stack([row.image for row in rows])))
            table = self._model.text.embed_tokens.weight
            loss = region_losses(seen.float(), region_tensor(rows), table, self._vocabulary, self._descent.draws()).total
        return self._descent.step(loss, scale)

    def step(self, rows: Sequence[Row], scale: float = 1.0) -> float:
        """One update of eye and cross-attention; the mean nats of a word."""
        batch = pack(rows, self._vocabulary)
        with self._descent.half():
            seen = self._model.look(batch.pixels)
        return self._words(batch, seen.float(), scale)

    def _words(self, batch: Packed, seen: torch.Tensor | None, scale: float) -> float:
        """The batch without the places that siren-tiny keeps for image tokens."""
        mask, targets = batch.mask[:, :, IMAGE_TOKENS:, IMAGE_TOKENS:], batch.targets[:, IMAGE_TOKENS:]
        with self._descent.half():
            scores = self._model(batch.words[:, IMAGE_TOKENS:], batch.positions[:, IMAGE_TOKENS:] - IMAGE_TOKENS, mask, seen)
        loss = functional.cross_entropy(scores.float().flatten(0, 1), targets.flatten(), ignore_index=NO_TARGET)
        return self._descent.step(loss, scale)

    def _start(self) -> Descent:
        return Descent(self._model, RATE, self._team)
