"""What holds already is known from the scene, and its steps are left out of the plan."""

import numpy as np

from siren.core.geometry import pick_step, put_step
from siren.core.plan import Plan
from siren.core.progress import goal_text, holding_parts, open_steps
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.testing.scenes import MAT, careless_steps, goal_of, thing

BOX = SceneObject(name="box", kind="box", position=(0.5, 0.2, 0.04), yaw=0.0, size=(0.16, 0.12, 0.08), colour="brown")
EGG, DIE = thing("egg", 0.4, 0.0), thing("die", 0.4, -0.2)
BOTH = Goal(relation="in", object="egg", target="box", also=(Goal(relation="in", object="die", target="box"),))


def moved(one: SceneObject, **changes: object) -> SceneObject:
    return one.model_copy(update=changes)


def boxed(one: SceneObject) -> SceneObject:
    return moved(one, position=(0.5, 0.2, 0.03), support="box", inside=True)


def into_box(scene: Scene, *things: SceneObject) -> Plan:
    steps = []
    for one in things:
        steps.append(pick_step(one, 0, "slow", "gentle"))
        steps.append(put_step("place", one, scene, "in", "box", (0.5, 0.2), 0.0, "low", "slow", "gentle"))
    return Plan(steps=tuple(steps))


def test_of_two_things_for_the_box_only_the_one_outside_is_still_to_do() -> None:
    start, now = Scene(objects=(EGG, DIE, BOX)), Scene(objects=(boxed(EGG), DIE, BOX))
    (done,) = holding_parts(BOTH, start, now)
    assert goal_text(done) == "egg in box"
    left = open_steps(into_box(start, EGG, DIE), [done])
    assert [step.symbolic_text() for step in left.steps] == ["pick die from top", "place die in box"]


def test_where_all_holds_the_plan_stays_as_it_is() -> None:
    start, now = Scene(objects=(EGG, DIE, BOX)), Scene(objects=(boxed(EGG), boxed(DIE), BOX))
    plan = into_box(start, EGG, DIE)
    assert open_steps(plan, holding_parts(BOTH, start, now)) == plan


def test_on_a_mat_means_near_its_middle() -> None:
    start, goal = Scene(objects=(EGG, MAT)), goal_of("egg")
    assert holding_parts(goal, start, start) == ()
    x, y, _ = MAT.position
    assert holding_parts(goal, start, Scene(objects=(moved(EGG, position=(x + 0.03, y, 0.03)), MAT)))
    assert not holding_parts(goal, start, Scene(objects=(moved(EGG, position=(x + 0.07, y, 0.03)), MAT)))


def test_what_is_tipped_lies_lower_and_what_is_opened_has_its_lid_on_the_table() -> None:
    can, lid = thing("cola_can", 0.4, 0.0), SceneObject.model_validate({**BOX.model_dump(), "name": "lid", "kind": "lid", "support": "box"})
    start = Scene(objects=(can, BOX, lid))
    lying = moved(can, size=(0.11, 0.06, 0.06))
    assert holding_parts(Goal(relation="tipped", object="cola_can"), start, Scene(objects=(lying,)))
    opened = Goal(relation="opened", object="box")
    assert not holding_parts(opened, start, start)
    assert holding_parts(opened, start, Scene(objects=(can, BOX, moved(lid, support="table"))))


def test_nothing_held_counts_because_the_hand_is_empty() -> None:
    scene = Scene(objects=(EGG, MAT))
    assert holding_parts(Goal(relation="held", object="egg"), scene, scene) == ()
    assert open_steps(careless_steps(scene, "egg", np.random.default_rng(0)), ()).steps
