"""The world as gymnasium sees it."""

import gymnasium
import pytest
from gymnasium.utils.env_checker import check_env

from siren.core.plan import write_plan
from siren.world.environment import ENVIRONMENT, TabletopEnvironment, register
from siren.world.expert import expert_plan
from siren.world.tasks import make_task, nominal_scene


def test_gymnasium_finds_nothing_to_complain_of() -> None:
    register()
    register()
    environment = gymnasium.make(ENVIRONMENT)
    check_env(environment.unwrapped, skip_render_check=True)
    environment.close()


def test_the_experts_plan_earns_the_reward_and_nonsense_earns_nothing() -> None:
    environment = TabletopEnvironment(render_mode="rgb_array")
    observation, info = environment.reset(seed=3)
    task = make_task(info["task"])
    assert observation["instruction"] == task.instruction.lower()
    plan = write_plan(expert_plan(task, nominal_scene(task)))
    _, reward, terminated, truncated, told = environment.step(plan)
    assert (reward, terminated, truncated, told["events"]) == (1.0, True, False, [])
    environment.reset(seed=3)
    _, reward, _, _, told = environment.step("dance with the egg")
    assert reward == pytest.approx(0.0)
    assert told["refused"].startswith("line 1, column 1")
    image = environment.render()
    assert image is not None
    assert image.shape == (96, 96, 3)
    environment.close()
