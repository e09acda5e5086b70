"""Disturbances of a trial: each changes what it is called after, higher levels go farther, and the same seed says the same."""

import math

import numpy as np
import pytest

from siren.world.camera import Camera, layout_bodies
from siren.world.expert import expert_plan
from siren.world.layout import scene_of
from siren.world.solvable import can_be_done
from siren.world.stress import (
    AMOUNTS,
    LEVELS,
    STRESSES,
    Stress,
    StressKind,
    shaken,
    stressed_feel,
    stressed_task,
    stressed_view,
)
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task
from siren.world.wording import read_instruction

TASK = make_task(4100)


@pytest.mark.parametrize("kind", STRESSES)
def test_a_stress_changes_its_own_part_and_no_other(kind: StressKind) -> None:
    stress = Stress(kind=kind, level=3)
    changed = {
        "picture": stressed_view(TASK, stress) != stressed_view(TASK, None) or stressed_task(TASK, stress).backdrop != TASK.backdrop,
        "things": stressed_task(TASK, stress).layout != TASK.layout,
        "words": stressed_task(TASK, stress).instruction != TASK.instruction,
        "matter": stressed_feel(stress) != stressed_feel(None),
        "hand": shaken(expert_plan(TASK, scene_of(TASK.layout)), TASK, stress) != expert_plan(TASK, scene_of(TASK.layout)),
    }
    own = {"light": "picture", "colour": "picture", "camera": "picture", "distractors": "things", "paraphrase": "words",
           "mass": "matter", "friction": "matter", "noise": "hand"}[kind]  # fmt: skip
    assert [part for part, differs in changed.items() if differs] == [own]


def test_no_stress_changes_nothing() -> None:
    plan = expert_plan(TASK, scene_of(TASK.layout))
    assert stressed_task(TASK, None) == TASK
    assert shaken(plan, TASK, None) == plan


def test_more_things_stand_clear_and_the_task_can_still_be_done() -> None:
    for seed in range(4100, 4106):
        task = make_task(seed)
        counts = [len(stressed_task(task, Stress(kind="distractors", level=level)).layout) - len(task.layout) for level in LEVELS]
        assert counts == list(LEVELS), seed
        fuller = stressed_task(task, Stress(kind="distractors", level=4))
        assert can_be_done(fuller, scene_of(fuller.layout))
        assert fuller.layout[: len(task.layout)] == task.layout
        names = [item.kind for item in fuller.layout]
        assert len(names) == len(set(names))


def test_other_words_ask_for_the_same() -> None:
    for seed in range(4100, 4130):
        task = make_task(seed)
        for level in LEVELS:
            said = stressed_task(task, Stress(kind="paraphrase", level=level)).instruction
            asked = read_instruction(said)
            assert said != task.instruction
            assert task.goal.object in asked.nouns[0].pool
            assert task.goal.target is None or task.goal.target in asked.places


def test_every_level_goes_farther_the_same_way() -> None:
    plan = expert_plan(TASK, scene_of(TASK.layout))
    near, far = (shaken(plan, TASK, Stress(kind="noise", level=level)).steps[0].keyframe.position for level in (1, 4))
    here = plan.steps[0].keyframe.position
    ratio = AMOUNTS["noise"].levels[3] / AMOUNTS["noise"].levels[0]
    assert far[0] - here[0] == pytest.approx(ratio * (near[0] - here[0]), abs=1e-3)
    eyes = [stressed_view(TASK, Stress(kind="camera", level=level)).eye for level in LEVELS]
    middle = stressed_view(TASK, None).eye
    assert [round(math.dist(eye, middle), 3) for eye in eyes] == list(AMOUNTS["camera"].levels)


def test_dim_light_is_dim_in_the_picture() -> None:
    with Camera() as camera:
        bodies = layout_bodies(TASK)
        usual = camera.look(bodies, stressed_view(TASK, None)).image
    dark = stressed_task(TASK, Stress(kind="light", level=4))
    with Tabletop() as world:
        world.reset(dark)
        seen = world.look()
    assert np.mean(seen) < 0.7 * np.mean(usual)


def test_heavier_things_slip_where_usual_ones_hold() -> None:
    """The very plan that lifts a thing as it is drops it when everything is four times as heavy and rules know nothing of it."""
    task = make_task(4100, family="pick")
    with Tabletop() as world:
        plan = expert_plan(task, world.reset(task))
        usual = world.execute(plan)
        world.feel = stressed_feel(Stress(kind="friction", level=4))._replace(mass=8.0)
        world.reset(task)
        heavy = world.execute(plan)
        world.feel = stressed_feel(None)
        world.reset(task)
        again = world.execute(plan)
    assert usual.success
    assert not heavy.success
    assert again.state_hash == usual.state_hash
