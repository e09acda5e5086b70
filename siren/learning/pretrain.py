"""A course as a trained checkpoint, from scratch, by one process or several, and on from where it was stopped.

Every SAVED_EVERY steps all that the rest depends on is written beside the checkpoint; the same command after a stop, or after kill -9,
goes on there and comes to the same weights as without it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import torch

from siren.core.errors import CheckpointError
from siren.learning.course import Moment, PretrainConfig
from siren.learning.mixture import Batch, Mixture, share_at
from siren.learning.policy_eval import evaluate_policy
from siren.learning.pools import Pool
from siren.learning.robot_data import policy_vocabulary
from siren.learning.samples import Row
from siren.learning.scenes import dropped, pool_folder, render_pools
from siren.learning.standing import SAVED_EVERY, forget
from siren.learning.stopped import Stopped
from siren.learning.team import Team, together
from siren.learning.trainer import Rates, StepLosses, Trainer, faster_precision
from siren.policy.checkpoint import Checkpoint, save_checkpoint
from siren.policy.model import build_model
from siren.policy.proposer import Proposer

STARTS = 3
GATE_SCENES = 60
EYE_WEB = 0.65  # share of web rows while the eye learns alone: robot pictures show it no unseen kind


class Progress(NamedTuple):
    """Said after every step."""

    phase: str
    share: float  # of this phase, 0 to 1
    step: int
    losses: StepLosses


Listener = Callable[[Progress, Trainer], None]


@dataclass(frozen=True)
class PretrainReport:
    """What one training did."""

    path: Path
    steps: int  # in all
    start: int  # how many starts were given up before this one
    resumed: int  # of which an earlier call had done
    seconds: float  # of this process' processor
    render_seconds: float  # wall
    last: StepLosses
    dropped: dict[str, int]  # texts that were not learned from, by reason


def train_policy(config: PretrainConfig, out: Path, progress: Listener | None = None) -> PretrainReport:
    """Render the pools where they are missing, train from scratch or go on, and save the checkpoint folder `out`.

    A start from which things are not found in time is given up for another one. CheckpointError when no start of STARTS finds them, when
    another course was begun there, or when one of the processes is gone.
    """
    began = time.monotonic()
    render_pools(config)
    rendered, clock = time.monotonic() - began, time.process_time()
    stopped = Stopped.beside(out, config.said())
    start = _found(config, out, stopped, progress) if stopped.steps < config.gated else stopped.start
    trainer, last = _leg(config, out, start, None, progress)
    save_checkpoint(Checkpoint(trainer.model.eval(), trainer.vocabulary, out.name), out)
    forget(out)
    return PretrainReport(out, trainer.steps, start, stopped.steps, time.process_time() - clock, rendered, last, dropped(config))


def _found(config: PretrainConfig, out: Path, stopped: Stopped, progress: Listener | None) -> int:
    """The start from which things are found in time; where it stands is kept."""
    for start in range(stopped.start, STARTS):
        trainer, _ = _leg(config, out, start, config.gated, progress)
        proposer = Proposer(Checkpoint(trainer.model.eval(), trainer.vocabulary, out.name))
        right = evaluate_policy(proposer, GATE_SCENES, config.seed, ("seen",)).column("seen").object_right
        if right >= config.gate:
            return start
        forget(out)
    raise CheckpointError(
        f"expected {config.gate:.0%} of things to be found after {config.gated} steps, got {right:.0%} and as little from {STARTS - 1}"
        " other starts; train longer (--scale) or look at the pictures in the cache"
    )


def _leg(config: PretrainConfig, out: Path, start: int, until: int | None, progress: Listener | None) -> tuple[Trainer, StepLosses]:
    """Training up to a step, or to the end, on from where it was stopped."""
    precision = Stopped.beside(out, config.said()).precision or faster_precision()
    return together(config.workers, _train, (config, out, precision, start, until), progress)


def _train(
    team: Team, config: PretrainConfig, out: Path, precision: torch.dtype, start: int, until: int | None, progress: Listener | None
) -> tuple[Trainer, StepLosses]:
    course = _Course(config, team, Stopped.beside(out, config.said()), precision, start)
    return course.trainer, course.run(until, progress)


class _Course:
    """One process' part of a training."""

    def __init__(self, config: PretrainConfig, team: Team, stopped: Stopped, precision: torch.dtype, start: int) -> None:
        self._config, self._team, self._stopped, self._precision, self._start = config, team, stopped, precision, start
        vocabulary = policy_vocabulary()
        model = build_model(config.model, vocabulary, config.seed + config.order + 1000 * start).train()
        self.trainer = Trainer(model, vocabulary, Rates(), team=team, precision=precision)
        robot = Pool(pool_folder(config, "robot"), config.seed + config.order)
        web = Pool(pool_folder(config, "web"), config.seed + config.order, config.web_part)
        # The eye takes a third more pictures in the same time; both draw from the same pools.
        self._wide, self._mixture = Mixture(robot, web, config.rows + config.rows // 3), Mixture(robot, web, config.rows)

    def run(self, until: int | None, progress: Listener | None) -> StepLosses:
        """All steps that are left, or those up to a number. The losses of the last one."""
        if self._stopped.state is not None:
            self.trainer.resume(self._stopped.state)
            self._wide.resume(self._stopped.mixtures[0])
            self._mixture.resume(self._stopped.mixtures[1])
        losses = StepLosses(0.0, 0.0, 0.0, 0.0)
        for moment in self._config.moments(self.trainer.steps, until):
            losses = self._step(moment)
            self._tell(moment, losses, progress)
            if self._team.rank == 0 and (self.trainer.steps % SAVED_EVERY == 0 or self.trainer.steps == until):
                self._stopped.save(self.trainer.state, (self._wide.state, self._mixture.state), self._precision, self._start)
        return losses

    def _step(self, moment: Moment) -> StepLosses:
        if moment.done == 0:
            self.trainer.restart(moment.phase.rates)
        scale = moment.phase.scale(moment.share)
        rows = self._team.part(self._rows(moment))
        return self.trainer.look(rows, scale) if moment.phase.name == "eye" else self.trainer.step(rows, scale)

    def _rows(self, moment: Moment) -> list[Row]:
        shares = self._config.shares
        even = 0.5 if len(shares) > 1 else shares[0]
        if moment.phase.name == "eye":
            return self._wide.batch(EYE_WEB if len(shares) > 1 else even).rows
        if moment.phase.name == "words":
            return self._mixture.batch(share_at(shares, moment.share)).rows
        return _balanced(self._mixture.batch(even))

    def _tell(self, moment: Moment, losses: StepLosses, progress: Listener | None) -> None:
        if progress is not None:
            share = (moment.done + 1) / moment.phase.steps
            progress(Progress(moment.phase.name, share, self.trainer.steps, losses), self.trainer)


def _balanced(batch: Batch) -> list[Row]:
    """Robot rows without labels: robot pictures never hold unseen kinds, and teach the eye to expect none. Without web rows as they are."""
    return [replace(row, regions=None) for row in batch.robot] + batch.web if batch.web else batch.rows
