"""Same seed and plan, same episode, bit for bit: in another process, and after any other episode."""

import json
import subprocess
import sys

import numpy as np
import pytest

from siren.core.plan import Plan
from siren.world.expert import careless_plan, expert_plan
from siren.world.robots import ROBOTS
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

SEEDS = [11, 12]
PROGRAM = """
import json, sys
import numpy as np
from siren.world.expert import careless_plan, expert_plan
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task
with Tabletop(sys.argv[2]) as world:
    hashes = []
    for seed in json.loads(sys.argv[1]):
        task = make_task(seed)
        for plan in (expert_plan(task, world.reset(task)), careless_plan(task, world.reset(task), np.random.default_rng(seed))):
            hashes.append(world.execute(plan).model_dump_json())
print(json.dumps(hashes))
"""


def outcomes(world: Tabletop, seed: int) -> list[str]:
    task = make_task(seed)
    plans = (expert_plan(task, world.reset(task)), careless_plan(task, world.reset(task), np.random.default_rng(seed)))
    return [world.execute(plan).model_dump_json() for plan in plans]


@pytest.mark.parametrize("robot", ROBOTS)
def test_episodes_are_the_same_in_another_process_and_in_another_order(robot: str) -> None:
    command = [sys.executable, "-c", PROGRAM, json.dumps(SEEDS), robot]
    reply = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    elsewhere = json.loads(reply.stdout.strip().splitlines()[-1])
    with Tabletop(robot) as world:
        here = {seed: outcomes(world, seed) for seed in reversed(SEEDS)}
        again = outcomes(world, SEEDS[0])
    assert [text for seed in SEEDS for text in here[seed]] == elsewhere
    assert again == here[SEEDS[0]]


@pytest.mark.parametrize("seed", [1001, 1025])
def test_nothing_of_an_episode_outlives_the_reset(seed: int) -> None:
    """In these two, contacts that an earlier episode had left to the engine once changed the end."""
    task = make_task(seed)
    with Tabletop() as world:
        plan = expert_plan(task, world.reset(task))
        alone = world.execute(plan)
    with Tabletop() as world:
        outcomes(world, SEEDS[0])
        for _ in range(2):
            world.reset(task)
            assert world.execute(plan) == alone


def test_a_simulator_made_anew_between_two_episodes_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("siren.world.tabletop._RENEWED", 1)
    task = make_task(SEEDS[1])
    with Tabletop() as world:
        plan = Plan(steps=expert_plan(task, world.reset(task)).steps[:1])
        first, bullet = world.execute(plan), world._bullet
        world.reset(task)
        assert world._bullet is not bullet
        assert world.execute(plan) == first


def test_another_plan_ends_elsewhere() -> None:
    with Tabletop() as world:
        task = make_task(SEEDS[0])
        plan = expert_plan(task, world.reset(task))
        step = plan.steps[-1]
        x, y, z = step.keyframe.position
        moved = step.model_copy(update={"keyframe": step.keyframe.model_copy(update={"position": (x + 0.001, y, z)})})
        first = world.execute(plan)
        second = world.execute(plan.model_copy(update={"steps": (*plan.steps[:-1], moved)}))
    assert first.state_hash != second.state_hash
