"""The world as gymnasium, and other people's agents, see it."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv, VectorEnv

from siren.core.action import Keyframe
from siren.core.errors import PlanRefusedError, WorldError
from siren.core.plan import MAX_STEPS, SHOVES
from siren.core.task import Family
from siren.world.environment import ENVIRONMENT, TabletopEnvironment, action_of, keyframe_of, register
from siren.world.expert import expert_plan
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task, nominal_scene

TASKS = (1000, 1001)
UP_IN_THE_AIR = action_of(Keyframe(position=(0.5, 0.0, 0.35), rotation=(0.0, 180.0, 0.0), speed="normal", force="firm", gripper="open"))


@pytest.fixture(scope="module")
def environment() -> Iterator[TabletopEnvironment]:
    environment = TabletopEnvironment(render_mode="rgb_array")
    yield environment
    environment.close()


def of_family(family: Family) -> int:
    """The first seed whose task is of that family."""
    return next(seed for seed in range(1000, 2000) if make_task(seed).family == family)


def actions(task: int) -> list[np.ndarray]:
    """The expert's keyframes."""
    asked = make_task(task)
    return [action_of(step.keyframe, shove=step.skill in SHOVES) for step in expert_plan(asked, nominal_scene(asked)).steps]


def test_gymnasium_finds_nothing_to_complain_of() -> None:
    register()
    made = gymnasium.make(ENVIRONMENT, robot="kuka")
    check_env(made.unwrapped, skip_render_check=True)
    made.close()


def test_the_experts_keyframes_earn_the_reward_and_end_where_its_plan_ends(environment: TabletopEnvironment) -> None:
    with Tabletop() as world:
        for number in (*TASKS, of_family("push"), of_family("tip")):
            task = make_task(number)
            observation, info = environment.reset(options={"task": number})
            assert observation["instruction"] == task.instruction
            assert info["task"] == number
            for action in actions(number):
                observation, reward, terminated, truncated, told = environment.step(action)
                assert observation in environment.observation_space
            assert (reward, terminated, truncated, told["events"]) == (1.0, True, False, [])
            world.reset(task)
            assert world.execute(expert_plan(task, nominal_scene(task))).state_hash == told["state_hash"]


def test_an_episode_that_goes_nowhere_is_truncated_without_reward(environment: TabletopEnvironment) -> None:
    environment.reset(seed=3)
    for number in range(1, MAX_STEPS + 1):
        _, reward, terminated, truncated, _ = environment.step(UP_IN_THE_AIR)
        assert (reward, terminated, truncated) == (0.0, False, number == MAX_STEPS)
    with pytest.raises(WorldError, match=r"expected reset\(\) before another step"):
        environment.step(UP_IN_THE_AIR)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [(0, np.nan, "got x nan"), (2, -1.1, "got z -1.1; clip it"), (7, 9.0, "numbers in -1..1, got force 9"), (1, -np.inf, "got y -inf")],
)
def test_a_hostile_action_moves_nothing_and_ends_the_episode(
    environment: TabletopEnvironment, column: int, value: float, message: str
) -> None:
    before, _ = environment.reset(seed=3)
    action = UP_IN_THE_AIR.copy()
    action[column] = value
    after, reward, terminated, _, told = environment.step(action)
    assert (reward, terminated) == (0.0, True)
    assert message in told["refused"]
    assert np.array_equal(before["proprioception"], after["proprioception"])


def test_actions_and_keyframes_say_the_same() -> None:
    for number in TASKS:
        for step in expert_plan(make_task(number), nominal_scene(make_task(number))).steps:
            there = keyframe_of(action_of(step.keyframe))
            assert there == step.keyframe
    with pytest.raises(PlanRefusedError, match=r"expected an action of 9 numbers, got shape \(3,\)"):
        keyframe_of(np.zeros(3))


def test_what_is_rendered_shows_the_arm(environment: TabletopEnvironment) -> None:
    environment.reset(seed=3)
    first = environment.render()
    environment.step(UP_IN_THE_AIR)
    second = environment.render()
    assert first is not None
    assert second is not None
    assert first.shape == (224, 224, 3)
    assert 300 < (first != second).any(axis=2).sum() < 20_000


def test_a_split_or_robot_that_there_is_not_is_refused() -> None:
    with pytest.raises(WorldError, match="expected a split of"):
        TabletopEnvironment(split="train")  # type: ignore[arg-type]
    with pytest.raises(WorldError, match="expected a robot of panda, kuka"):
        TabletopEnvironment(robot="ur5")


@pytest.mark.slow
@pytest.mark.parametrize("kind", [SyncVectorEnv, partial(AsyncVectorEnv, context="spawn")], ids=["sync", "async"])
def test_environments_run_side_by_side(kind: Callable[..., VectorEnv]) -> None:
    vector = kind([TabletopEnvironment, partial(TabletopEnvironment, robot="kuka")])
    observations, _ = vector.reset(seed=[5, 5])
    assert observations["image"].shape == (2, 96, 96, 3)
    assert observations["instruction"][0] == observations["instruction"][1]
    _, rewards, terminated, truncated, _ = vector.step(np.stack([UP_IN_THE_AIR, np.full(9, np.nan, np.float32)]))
    assert rewards.tolist() == [0.0, 0.0]
    assert terminated.tolist() == [False, True]
    assert truncated.tolist() == [False, False]
    vector.close()


def test_the_agent_of_the_documentation_runs() -> None:
    text = (Path(__file__).parents[2] / "docs" / "environment.md").read_text()
    code = text.split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {"EPISODES": 3}
    exec(compile(code, "docs/environment.md", "exec"), names)
    assert len(names["rewards"]) == 3
