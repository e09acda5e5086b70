"""One thing changed, and everything that hangs on it."""

import numpy as np

from siren.core import geometry
from siren.core.plan import Plan, require_executable
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.edits import preparations, variants
from siren.testing.scenes import thing
from siren.world.expert import careless_plan
from siren.world.tasks import make_task, nominal_scene


def egg_to_box(scene: Scene) -> Plan:
    egg = scene.find("egg")
    assert egg is not None
    place = geometry.put_step("place", egg, scene, "in", "box", (0.58, -0.16), 30.0, "high", "fast", "firm")
    return Plan(steps=(geometry.pick_step(egg, 0, "fast", "firm"), place))


def test_every_field_of_every_step_has_its_variants(scene: Scene) -> None:
    edits = [(change.edit.step, change.edit.field, change.edit.before, change.edit.after) for change in variants(scene, egg_to_box(scene))]
    assert edits == [
        (1, "speed", "fast", "slow"),
        (1, "speed", "fast", "normal"),
        (1, "force", "firm", "gentle"),
        (1, "yaw", "0", "45"),
        (1, "yaw", "0", "90"),
        (1, "yaw", "0", "135"),
        (2, "speed", "fast", "slow"),
        (2, "speed", "fast", "normal"),
        (2, "height", "110", "6"),
        (1, "insert", "", "open box; place lid on table"),
    ]


def test_another_grasp_turns_the_putting_down_as_well(scene: Scene) -> None:
    plan = egg_to_box(scene)
    turned = next(change.plan for change in variants(scene, plan) if change.edit.after == "45")
    assert [step.keyframe.yaw for step in turned.steps] == [45.0, 75.0]
    assert [step.keyframe.position for step in turned.steps] == [step.keyframe.position for step in plan.steps]


def test_another_force_holds_until_the_thing_is_down(scene: Scene) -> None:
    gentle = next(change.plan for change in variants(scene, egg_to_box(scene)) if change.edit.after == "gentle")
    assert [step.keyframe.force for step in gentle.steps] == ["gentle", "gentle"]


def test_a_lower_release_is_the_one_that_geometry_gives(scene: Scene) -> None:
    plan, egg = egg_to_box(scene), scene.find("egg")
    assert egg is not None
    low = next(change.plan for change in variants(scene, plan) if change.edit.field == "height")
    assert geometry.release_mm(scene, egg, low.steps[1]) == 6
    assert low.steps[1].keyframe.position[:2] == plan.steps[1].keyframe.position[:2]


def test_what_stands_on_a_thing_can_be_cleared_first(scene: Scene) -> None:
    butter = scene.find("butter")
    assert butter is not None
    plan = Plan(steps=(geometry.pick_step(butter, 0, "slow", "gentle"),))
    (preparation,) = preparations(scene, plan)
    assert preparation.edit.after == "pick die from top; place die on table"
    assert {step.keyframe.force for step in preparation.steps} == {"gentle"}


def test_only_a_lid_is_taken_off_by_opening() -> None:
    """A cover has a knob as a lid has, and is picked up by it: there is no container to open."""
    egg = thing("egg", 0.5, 0.0)
    cover = SceneObject(
        name="cover",
        kind="cover",
        position=(0.5, 0.0, 0.05),
        yaw=0.0,
        size=(0.1, 0.1, 0.1),
        handle=(0.03, 0.03, 0.02),
        colour="silver",
        support="egg",
    )
    scene = Scene(objects=(egg, cover))
    (preparation,) = preparations(scene, Plan(steps=(geometry.pick_step(egg, 0, "slow", "gentle"),)))
    assert preparation.edit.after == "pick cover from top; place cover on table"
    lid = cover.model_copy(update={"name": "lid", "kind": "lid", "support": "box"})
    assert geometry.taking_step(lid, 0, "slow", "firm").symbolic_text() == "open box"
    assert geometry.taking_step(lid.model_copy(update={"support": "table"}), 0, "slow", "firm").symbolic_text() == "pick lid from top"


def test_what_is_cleared_already_is_not_offered_again(scene: Scene) -> None:
    butter = scene.find("butter")
    assert butter is not None
    plan = Plan(steps=(geometry.pick_step(butter, 0, "slow", "gentle"),))
    cleared = next(change.plan for change in variants(scene, plan) if change.edit.field == "insert")
    assert preparations(scene, cleared) == ()


def test_variants_of_real_plans_are_plans_that_may_run(core_checker: ClingoChecker) -> None:
    seen = set()
    for seed in range(25):
        task = make_task(seed)
        scene = nominal_scene(task)
        plan = careless_plan(task, scene, np.random.default_rng(seed))
        changes = variants(scene, plan)
        seen |= {change.edit.field for change in changes}
        for change in changes:
            require_executable(change.plan, scene.names())
            assert change.plan != plan
        verdicts = core_checker.check(scene, [change.plan for change in changes], Goal(relation="held", object=task.goal.object))
        assert all(verdict.clean for verdict in verdicts)
    assert seen == {"speed", "force", "yaw", "height", "insert"}
