"""What one who knows no law means comes true when somebody carries it out who knows them all."""

import numpy as np
import pytest

from siren.core.plan import Plan
from siren.world.aim import carried_out
from siren.world.expert import careless_plan
from siren.world.splits import Split
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task, nominal_scene


@pytest.fixture(scope="module")
def world():
    with Tabletop() as made:
        yield made


@pytest.mark.parametrize("split", ["seen", "reasoning", "multi"])
def test_careless_plans_mean_the_right_thing(world: Tabletop, split: Split) -> None:
    meant, done = 0, 0
    for seed in range(600, 612):
        task = make_task(seed, split)
        scene = world.reset(task)
        plan = careless_plan(task, scene, np.random.default_rng(seed))
        done += world.execute(plan).success
        careful = carried_out(plan, task, world.reset(task))
        assert careful is not None
        meant += world.execute(careful).success
    assert meant >= 11, "the aim of the careless one is right, whatever its manner"
    assert meant > done


def test_the_places_are_the_plans_own() -> None:
    task = next(task for task in (make_task(seed, "seen", "place") for seed in range(5)) if task.goal.target == "blue_mat")
    scene = nominal_scene(task)
    plan = careless_plan(task, scene, np.random.default_rng(0))
    away = Plan(steps=tuple(step.model_copy(update={"keyframe": shifted(step.keyframe, 0.013)}) for step in plan.steps))
    exact, beside = carried_out(plan, task, scene), carried_out(away, task, scene)
    assert exact is not None
    assert beside is not None
    for near, far in zip(exact.steps[-2:], beside.steps[-2:], strict=True):
        assert far.keyframe.position[0] - near.keyframe.position[0] == pytest.approx(0.013)
        assert (far.keyframe.speed, far.keyframe.force) == (near.keyframe.speed, near.keyframe.force)


def test_another_thing_in_the_plan_is_another_thing_in_the_world(world: Tabletop) -> None:
    task = make_task(3, "seen", "pick")
    scene = world.reset(task)
    other = next(thing for thing in scene.objects if thing.kind != "box" and thing.name != task.goal.object and thing.size[2] > 0.01)
    wrong = task.model_copy(update={"goal": task.goal.model_copy(update={"object": other.name})})
    careful = carried_out(careless_plan(wrong, scene, np.random.default_rng(1)), task, scene)
    assert careful is not None
    assert careful.steps[-1].object == other.name
    assert not world.execute(careful).success


def test_what_makes_no_sense_in_the_scene_is_nothing() -> None:
    task = make_task(4, "seen", "stack")
    scene = nominal_scene(task)
    plan = careless_plan(task, scene, np.random.default_rng(0))
    onto_itself = plan.steps[-1].model_copy(update={"target": task.goal.object})
    assert carried_out(Plan(steps=(*plan.steps[:-1], onto_itself)), task, scene) is None


def shifted(keyframe, by: float):
    x, y, z = keyframe.position
    return keyframe.model_copy(update={"position": (x + by, y, z)})
