"""A configuration as a trained checkpoint: the whole curriculum, in process CPU seconds.

    eye      pictures and region labels alone
    words    web and robot texts, 90 : 10, then 50 : 50, then 10 : 90; localisation comes from the web rows' places
    balance  50 : 50 with region labels on web rows only: ending on 10 % web alone costs the words of unseen kinds

Budgets are measured in CPU seconds, so equal seeds repeat only about.
"""

import json
import math
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from siren.learning.mixture import CURRICULUM, Batch, Mixture, share_at
from siren.learning.pools import ABOUT, Pool, write_pool
from siren.learning.regions import PLANES
from siren.learning.robot_data import policy_vocabulary, robot_row
from siren.learning.safety import Guard, core_checker
from siren.learning.samples import Row
from siren.learning.trainer import Rates, StepLosses, Trainer
from siren.learning.web_data import web_row
from siren.policy.checkpoint import Checkpoint, save_checkpoint
from siren.policy.model import ModelConfig, build_model
from siren.world.camera import Camera

Half = Literal["robot", "web"]
HALVES: tuple[Half, ...] = ("robot", "web")


@dataclass(frozen=True)
class PretrainConfig:
    """Seconds are process CPU seconds of one thread; scenes are rendered once and kept in `cache`."""

    cache: Path
    eye_seconds: float = 271.0
    words_seconds: float = 1358.0
    balance_seconds: float = 271.0
    robot_scenes: int = 14_000
    web_scenes: int = 14_000
    rows: int = 24
    seed: int = 0
    renderers: int = 2  # processes
    model: ModelConfig = ModelConfig()
    shares: tuple[float, ...] = CURRICULUM  # of web rows, by equally long phases; a single one is a fixed ratio throughout
    rules: Path | None = None  # folder whose core no plan may break; None: only texts are guarded

    @staticmethod
    def quick(cache: Path, seed: int = 0) -> "PretrainConfig":
        """About 20 seconds in all: enough to see the losses fall, not to act."""
        small = PretrainConfig(cache, 4.0, 6.0, 2.0, 60, 60, 12, seed, 1)
        return replace(small, model=ModelConfig(width=64, text_layers=2, feed_forward=128, stem=16))

    @staticmethod
    def within(cache: Path, seconds: float, seed: int = 0) -> "PretrainConfig":
        """The full curriculum, shortened or stretched to that many training seconds."""
        full = PretrainConfig(cache, seed=seed)
        factor = seconds / (full.eye_seconds + full.words_seconds + full.balance_seconds)
        return replace(
            full,
            eye_seconds=full.eye_seconds * factor,
            words_seconds=full.words_seconds * factor,
            balance_seconds=full.balance_seconds * factor,
        )


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
    steps: int
    seconds: float
    render_seconds: float  # wall
    last: StepLosses
    dropped: dict[str, int]  # texts that were not learned from, by reason


def train_policy(config: PretrainConfig, out: Path, progress: Listener | None = None) -> PretrainReport:
    """Render the pools where they are missing, train from scratch, and save the checkpoint folder `out`."""
    start = time.monotonic()
    render_pools(config)
    rendered = time.monotonic() - start
    robot, web = (Pool(pool_folder(config, half), config.seed) for half in HALVES)
    vocabulary = policy_vocabulary()
    trainer = Trainer(build_model(config.model, vocabulary, config.seed).train(), vocabulary, Rates())
    mixture = Mixture(robot, web, config.rows)
    clock = _Clock(progress, trainer)
    wide = Mixture(robot, web, config.rows + config.rows // 3)
    even = 0.5 if len(config.shares) > 1 else config.shares[0]
    clock.run("eye", config.eye_seconds, lambda share: trainer.look(wide.batch(even).rows, eye_scale(share)))
    trainer.restart(Rates())
    clock.run(
        "words", config.words_seconds, lambda share: trainer.step(mixture.batch(share_at(config.shares, share)).rows, words_scale(share))
    )
    trainer.restart(Rates(matrices=0.006, rest=1e-3))
    clock.run("balance", config.balance_seconds, lambda share: trainer.step(_balanced(mixture.batch(even)), words_scale(share)))
    save_checkpoint(Checkpoint(trainer.model.eval(), vocabulary, out.name), out)
    return PretrainReport(out, clock.steps, clock.seconds, rendered, clock.last, _dropped(config))


def render_pools(config: PretrainConfig, halves: tuple[Half, ...] = HALVES) -> None:
    """Write the pools that are not there yet, in at most two processes."""
    missing: list[Half] = [half for half in halves if not pool_folder(config, half).exists()]
    if config.renderers < 2 or len(missing) < 2:
        for half in missing:
            _render(config, half)
        return
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        list(processes.map(_render, [config] * len(missing), missing))


def pool_folder(config: PretrainConfig, half: Half) -> Path:
    """Where a pool lies; its name holds all that it depends on."""
    scenes = config.robot_scenes if half == "robot" else config.web_scenes
    return config.cache / f"{half}-{scenes}-{config.seed}-planes{PLANES}"


def eye_scale(share: float) -> float:
    """Warm-up over 5 %, then a cosine down to 5 %."""
    return min(1.0, share / 0.05 + 0.01) * (0.475 * (1 + math.cos(math.pi * min(1.0, share))) + 0.05)


def words_scale(share: float) -> float:
    """Warm-up over 6 %, then a cosine down to 3 %."""
    return min(1.0, share / 0.06 + 0.01) * (0.485 * (1 + math.cos(math.pi * min(1.0, share))) + 0.03)


def _render(config: PretrainConfig, half: Half) -> None:
    rng = np.random.default_rng([config.seed, 1 if half == "robot" else 2])
    vocabulary = policy_vocabulary()
    guard = Guard(core_checker(config.rules) if config.rules else None)
    with Camera() as camera:

        def draw() -> Row:
            while True:
                row = guard.row(robot_row(rng, camera, vocabulary) if half == "robot" else web_row(rng, camera))
                if row.texts:
                    return row

        count = config.robot_scenes if half == "robot" else config.web_scenes
        write_pool(pool_folder(config, half), draw, count, lambda: {"dropped": dict(guard.dropped)})


def _dropped(config: PretrainConfig) -> dict[str, int]:
    """Texts of both pools that the guard did not let pass, by reason."""
    total: Counter[str] = Counter()
    for half in HALVES:
        total.update(json.loads((pool_folder(config, half) / ABOUT).read_text(encoding="utf-8"))["dropped"])
    return dict(total)


def _balanced(batch: Batch) -> list[Row]:
    """Robot rows without labels: robot pictures never hold unseen kinds, and teach the eye to expect none. Without web rows as they are."""
    return [replace(row, regions=None) for row in batch.robot] + batch.web if batch.web else batch.rows


class _Clock:
    """Runs phases until their CPU seconds are used up, and tells the listener."""

    def __init__(self, progress: Listener | None, trainer: Trainer) -> None:
        self._progress, self._trainer = progress, trainer
        self.steps, self.seconds = 0, 0.0
        self.last = StepLosses(0.0, 0.0, 0.0, 0.0)

    def run(self, phase: str, budget: float, step: Callable[[float], StepLosses]) -> None:
        used = 0.0
        while used < budget:
            start = time.process_time()
            self.last = step(used / budget)
            used += time.process_time() - start
            self.steps += 1
            if self._progress is not None:
                self._progress(Progress(phase, min(1.0, used / budget), self.steps, self.last), self._trainer)
        self.seconds += used
