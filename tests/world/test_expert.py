"""Who knows the laws succeeds; who does not often fails, in every way there is to be careless."""

from collections.abc import Iterator

import numpy as np
import pytest

from siren.core.plan import Plan, parse_plan, require_executable, write_plan
from siren.world.expert import careless_plan, expert_plan
from siren.world.laws.every import broken_laws
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task, nominal_scene

SEEDS = range(200, 260)


@pytest.fixture(scope="module")
def world() -> Iterator[Tabletop]:
    with Tabletop() as tabletop:
        yield tabletop


def shifted(plan: Plan, rng: np.random.Generator) -> Plan:
    """Every keyframe off by 3 mm and 2 degrees, as a policy would say it."""
    steps = []
    for step in plan.steps:
        x, y, z = step.keyframe.position
        position = (x + rng.normal(0, 0.003), y + rng.normal(0, 0.003), z)
        rotation = (0.0, 180.0, step.keyframe.rotation[2] + rng.normal(0, 2.0))
        steps.append(step.model_copy(update={"keyframe": step.keyframe.model_copy(update={"position": position, "rotation": rotation})}))
    return Plan(steps=tuple(steps))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_experts_plan_breaks_no_law_and_survives_being_written_down(seed: int) -> None:
    task = make_task(seed)
    scene = nominal_scene(task)
    plan = expert_plan(task, scene)
    require_executable(plan, scene.names())
    assert parse_plan(write_plan(plan)) == plan
    assert [broken_laws(scene, plan, number) for number in range(1, len(plan.steps) + 1)] == [()] * len(plan.steps)


def test_the_careless_draw_every_manner_and_prepare_now_and_then() -> None:
    rng = np.random.default_rng(1)
    plans = [careless_plan(make_task(seed), nominal_scene(make_task(seed)), rng) for seed in SEEDS for _ in range(4)]
    last = [plan.steps[-1].keyframe for plan in plans]
    for manner in ("slow", "normal", "fast"):
        assert 0.2 < np.mean([frame.speed == manner for frame in last]) < 0.47
    assert 0.35 < np.mean([frame.force == "firm" for frame in last]) < 0.65
    prepared = [any(step.skill == "open" for step in plan.steps) for plan in plans]
    assert 0 < np.mean(prepared) < 0.15


def test_the_same_random_numbers_give_the_same_careless_plan() -> None:
    task = make_task(5)
    first, second = (careless_plan(task, nominal_scene(task), np.random.default_rng(9)) for _ in range(2))
    assert first == second


@pytest.mark.slow
def test_the_expert_succeeds_even_with_a_shaky_hand_and_the_careless_seldom(world: Tabletop) -> None:
    rng = np.random.default_rng(2)
    steady, shaky, careless = [], [], []
    for seed in SEEDS[:30]:
        task = make_task(seed)
        scene = world.reset(task)
        plan = expert_plan(task, scene)
        steady.append(world.execute(plan).success)
        shaky.append(world.execute(shifted(plan, rng)).success)
        careless.append(world.execute(careless_plan(task, scene, rng)).success)
    assert sum(steady) >= len(steady) - 1, "97 % of many tasks, so at most one of thirty fails"
    assert np.mean(shaky) >= 0.9
    assert 0.15 < np.mean(careless) < 0.55
