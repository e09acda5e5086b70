"""A plan takes over how another one was done, and keeps what it is about."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from siren.core.geometry import turn_of
from siren.core.manner import in_manner_of, manner_of, skills_of
from siren.testing.scenes import careless_steps, random_scene


@given(st.integers(0, 500), st.integers(0, 500))
def test_names_and_places_stay_and_speed_force_and_fall_are_taken_over(here: int, there: int) -> None:
    scene, name = random_scene(np.random.default_rng(here))
    then, other = random_scene(np.random.default_rng(there))
    plan, example = careless_steps(scene, name, np.random.default_rng(1)), careless_steps(then, other, np.random.default_rng(there))
    changed = in_manner_of(scene, plan, then, example)
    assert skills_of(changed) == skills_of(plan)
    assert [step.symbolic_text() for step in changed.steps] == [step.symbolic_text() for step in plan.steps]
    assert [step.keyframe.position[:2] for step in changed.steps] == [step.keyframe.position[:2] for step in plan.steps]
    for step, wanted in zip(changed.steps, example.steps, strict=True):
        one, two = manner_of(scene, step), manner_of(then, wanted)
        assert (one.speed, one.force, one.release) == (two.speed, two.force, two.release)


def test_the_fingers_turn_as_they_did_on_the_same_kind_of_thing_only() -> None:
    scene, name = random_scene(np.random.default_rng(5))
    thing = scene.find(name)
    assert thing is not None
    plans = [careless_steps(scene, name, np.random.default_rng(seed)) for seed in range(20)]
    plan = plans[0]
    example = next(one for one in plans if turn_of(thing, one.steps[0].keyframe.yaw) != turn_of(thing, plan.steps[0].keyframe.yaw))
    changed = in_manner_of(scene, plan, scene, example)
    assert changed.steps[0].keyframe.yaw == example.steps[0].keyframe.yaw
    shift = example.steps[0].keyframe.yaw - plan.steps[0].keyframe.yaw
    assert changed.steps[1].keyframe.yaw == (plan.steps[1].keyframe.yaw + shift) % 180.0, "the thing comes to lie as it would have"
    then, other = random_scene(np.random.default_rng(6))
    assert other != name
    about_another = in_manner_of(scene, plan, then, careless_steps(then, other, np.random.default_rng(2)))
    assert about_another.steps[0].keyframe.yaw == plan.steps[0].keyframe.yaw
