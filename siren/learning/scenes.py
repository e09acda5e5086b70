"""A course's scenes, rendered once into pools on disk, by several processes where there are several."""

import json
import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Literal

import numpy as np

from siren.learning.course import PretrainConfig
from siren.learning.pools import ABOUT, write_pool
from siren.learning.regions import PLANES
from siren.learning.robot_data import policy_vocabulary, robot_row
from siren.learning.safety import Guard, core_checker
from siren.learning.samples import Row
from siren.learning.web_data import web_row
from siren.world.camera import Camera

Half = Literal["robot", "web"]
DATA = 4  # counts changes to what is rendered and said of it, so that no old pool is taken for a new one
HALVES: tuple[Half, ...] = ("robot", "web")


def render_pools(config: PretrainConfig, halves: tuple[Half, ...] = HALVES) -> None:
    """Write the pools that are not there yet, in at most two processes."""
    missing: list[Half] = [half for half in halves if not pool_folder(config, half).exists()]
    if config.workers < 2 or len(missing) < 2:
        for half in missing:
            _render(config, half)
        return
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        list(processes.map(_render, [config] * len(missing), missing))


def pool_folder(config: PretrainConfig, half: Half) -> Path:
    """Where a pool lies; its name holds all that it depends on."""
    scenes = config.robot_scenes if half == "robot" else config.web_scenes
    return config.cache / f"{half}-{scenes}-{config.seed}-planes{PLANES}-data{DATA}"


def dropped(config: PretrainConfig) -> dict[str, int]:
    """Texts of both pools that the guard did not let pass, by reason."""
    total: Counter[str] = Counter()
    for half in HALVES:
        total.update(json.loads((pool_folder(config, half) / ABOUT).read_text(encoding="utf-8"))["dropped"])
    return dict(total)


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
