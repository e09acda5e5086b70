"""The least change that breaks nothing, or the least bad."""

from collections.abc import Callable

import numpy as np
import pytest
from learned_rules import LEARNED, learned, thing

from siren.core import geometry
from siren.core.geometry import Turn
from siren.core.plan import Plan, Step, parse_plan
from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.mending import set_grasps
from siren.symbolic.repair import AspRepairer
from siren.symbolic.rulebook import Rulebook
from siren.world.expert import careless_plan
from siren.world.tasks import make_task, nominal_scene

GOAL = Goal(relation="in", object="egg", target="box")


def egg_to_box(scene: Scene, speed: str = "fast", force: str = "firm", release: str = "high") -> Plan:
    egg = scene.find("egg")
    assert egg is not None
    place = geometry.put_step("place", egg, scene, "in", "box", (0.58, -0.16), 0.0, release, speed, force)  # type: ignore[arg-type]
    return Plan(steps=(geometry.pick_step(egg, 0, speed, force), place))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "edits"),
    [
        ("r0001", [("force", "firm", "gentle")]),
        ("r0002", [("speed", "fast", "slow")]),
        ("r0006", [("insert", "", "open box; place lid on table")]),
        ("r0007", [("height", "110", "6")]),
        ("r0008", []),
    ],
)
def test_one_rule_one_edit(scene: Scene, checker_with: Callable[..., ClingoChecker], rule: str, edits: list[tuple[str, str, str]]) -> None:
    repair = AspRepairer(checker_with(rule)).repair(scene, egg_to_box(scene), GOAL)
    assert [(edit.field, edit.before, edit.after) for edit in repair.edits] == edits
    assert repair.residual.clean


def test_all_at_once(scene: Scene, checker_with: Callable[..., ClingoChecker]) -> None:
    repair = AspRepairer(checker_with(*LEARNED)).repair(scene, egg_to_box(scene), GOAL)
    assert sorted(edit.field for edit in repair.edits) == ["force", "height", "insert", "speed"]
    assert repair.residual.clean
    assert [step.symbolic_text() for step in repair.plan.steps] == [
        "open box",
        "place lid on table",
        "pick egg from top",
        "place egg in box",
    ]


def test_a_clean_plan_stays_as_it_is(scene: Scene, checker_with: Callable[..., ClingoChecker]) -> None:
    plan = egg_to_box(scene, "slow", "gentle", "low")
    repair = AspRepairer(checker_with("r0001", "r0002", "r0007")).repair(scene, plan, GOAL)
    assert repair.plan == plan
    assert repair.edits == ()


def test_a_covered_thing_beside_a_neighbour(scene: Scene, checker_with: Callable[..., ClingoChecker]) -> None:
    """Towards the neighbour the fingers have no room; the other ways the butter is too wide, so then only the die can be mended."""
    butter = scene.find("butter")
    assert butter is not None
    plan = Plan(steps=(geometry.pick_step(butter, 0, "slow", "firm"),))
    across = AspRepairer(checker_with("r0003", "r0004")).repair(scene, plan, Goal(relation="held", object="butter"))
    assert [edit.field for edit in across.edits] == ["insert", "yaw"]
    assert across.residual.clean
    too_wide = AspRepairer(checker_with("r0003", "r0004", "r0005")).repair(scene, plan, Goal(relation="held", object="butter"))
    assert [edit.field for edit in too_wide.edits] == ["insert"]
    assert [violation.rule for violation in too_wide.residual.violations] == ["r0004"]


def test_what_cannot_be_mended_is_left_and_named(scene: Scene, core_rules: Rulebook, knowledge: Knowledge) -> None:
    never = Rule(id="r0099", text="violated(r0099, (O,), T) :- step(T,pick,O), category(O,breakfast).", sentence="never", confidence=0.6)
    repairer = AspRepairer(ClingoChecker(core_rules.with_rule(never).with_rule(learned("r0001")), knowledge))
    repair = repairer.repair(scene, egg_to_box(scene), GOAL)
    assert [edit.field for edit in repair.edits] == ["force"]
    assert [violation.rule for violation in repair.residual.violations] == ["r0099"]
    again = repairer.repair(scene, repair.plan, GOAL)
    assert again.edits == ()
    assert again.plan == repair.plan


def test_of_two_evils_the_one_with_less_behind_it(scene: Scene, core_rules: Rulebook, knowledge: Knowledge) -> None:
    firm = Rule(id="r0098", text="violated(r0098, (O,), T) :- step(T,pick,O), force(T,gentle).", sentence="x", confidence=0.95)
    repair = AspRepairer(ClingoChecker(core_rules.with_rule(firm).with_rule(learned("r0001", 0.7)), knowledge)).repair(
        scene, egg_to_box(scene, force="gentle"), GOAL
    )
    assert [edit.after for edit in repair.edits] == ["firm"]
    assert [violation.rule for violation in repair.residual.violations] == ["r0001"]


def test_a_plan_beyond_mending_comes_back(scene: Scene, checker_with: Callable[..., ClingoChecker]) -> None:
    plan = parse_plan("pick plum from top | move to 0.300 0.280 0.030 rotate 0 180 0 speed slow force gentle close gripper")
    repair = AspRepairer(checker_with(*LEARNED)).repair(scene, plan, GOAL)
    assert repair.plan == plan
    assert repair.residual.hard


def test_repaired_plans_of_mixed_tables(checker_with: Callable[..., ClingoChecker]) -> None:
    """No repair makes things worse, nearly all end clean, and what they reach for stays where the policy said."""
    checker = checker_with(*LEARNED)
    repairer = AspRepairer(checker)
    clean = 0
    for seed in range(40):
        task = make_task(seed)
        scene = nominal_scene(task)
        plan = careless_plan(task, scene, np.random.default_rng(seed))
        before = checker.check(scene, [plan], task.goal)[0]
        repair = repairer.repair(scene, plan, task.goal)
        clean += repair.residual.clean
        assert repair.residual == checker.check(scene, [repair.plan], task.goal)[0]
        assert repair.residual.weight < before.weight or repair.edits == ()
        kept = {(step.symbolic_text(), step.keyframe.position[:2]) for step in plan.steps}
        assert kept <= {(step.symbolic_text(), step.keyframe.position[:2]) for step in repair.plan.steps}
    assert clean >= 38


def test_what_is_only_put_out_of_the_way_is_put_where_there_is_room(scene: Scene, core_rules: Rulebook, knowledge: Knowledge) -> None:
    """The lid would come down on the juice box; the egg, which the goal speaks of, stays where it goes, crowded or not."""
    text = "violated(r0009, (O,), T) :- step(T, place, O), target(T, on, D), room(T, M), M < 20."
    crowded = Rule(id="r0009", text=text, sentence="{O} is put where there is no room", confidence=0.9)
    lid = scene.find("lid")
    assert lid is not None
    opening = geometry.open_step("box", lid, 0, "slow", "firm")
    down = geometry.put_step("place", lid, scene, "on", "table", (0.45, 0.17), opening.keyframe.yaw, "low", "slow", "firm")
    plan = Plan(steps=(opening, down, *egg_to_box(scene, "slow", "gentle", "low").steps))
    checker = ClingoChecker(core_rules.with_rule(crowded), knowledge)
    repair = AspRepairer(checker).repair(scene, plan, GOAL)
    assert [(edit.step, edit.field, edit.before) for edit in repair.edits] == [(2, "aim", "0.450 0.170")]
    assert repair.residual.clean
    room = geometry.room_mm(scene, lid, repair.plan.steps[1])
    assert room is not None
    assert room >= 20


def test_what_is_wanted_near_something_is_put_where_it_is_near_and_has_room(
    scene: Scene, core_rules: Rulebook, knowledge: Knowledge
) -> None:
    """A rule has learned what near means, another that the hand needs room: the egg goes to the side where both hold."""
    far = "violated(r0008, (O,), T) :- step(T, place, O), target(T, on, D), apart(T, N), N >= 40."
    hit = "violated(r0009, (O,), T) :- step(T, place, O), near(T, Y, _), hand(T, Y, N), N < 0."
    told = (Rule(id=text[9:14], text=text, sentence="{O} is put there", confidence=0.9) for text in (far, hit))
    checker = ClingoChecker(core_rules.with_rule(next(told)).with_rule(next(told)), knowledge)
    egg, juice_box = scene.find("egg"), scene.find("juice_box")
    assert egg is not None
    assert juice_box is not None
    taken = geometry.pick_step(egg, 0, "slow", "gentle")
    goal = Goal(relation="near", object="egg", target="juice_box")
    for away in (0.11, 0.055):
        place = (juice_box.position[0], juice_box.position[1] - away)
        down = geometry.put_step("place", egg, scene, "on", "table", place, taken.keyframe.yaw, "low", "slow", "gentle")
        plan = Plan(steps=(taken, down))
        broken = {violation.rule for violation in checker.check(scene, [plan], goal)[0].violations}
        assert ("r0008" if away > 0.1 else "r0009") in broken
        repair = AspRepairer(checker).repair(scene, plan, goal)
        assert repair.residual.clean
        assert [(edit.step, edit.field) for edit in repair.edits] == [(2, "aim")]
        there = geometry.put_at(scene, egg, repair.plan.steps[1], "table")
        assert 0 < geometry.gap_mm(there, juice_box) < 40


def test_a_hand_that_takes_hold_too_deep_takes_hold_as_geometry_says(scene: Scene, core_rules: Rulebook, knowledge: Knowledge) -> None:
    text = "violated(r0009, (O,), T) :- step(T, pick, O), depth(T, N), N >= 44."
    deep = Rule(id="r0009", text=text, sentence="{O} is touched too deep", confidence=0.9)
    juice_box = scene.find("juice_box")
    assert juice_box is not None
    right = geometry.pick_step(juice_box, 0, "slow", "firm")
    x, y, z = right.keyframe.position
    low = right.model_copy(update={"keyframe": right.keyframe.model_copy(update={"position": (x, y, z - 0.03)})})
    goal = Goal(relation="held", object="juice_box")
    repair = AspRepairer(ClingoChecker(core_rules.with_rule(deep), knowledge)).repair(scene, Plan(steps=(low,)), goal)
    assert [(edit.step, edit.field) for edit in repair.edits] == [(1, "aim")]
    assert repair.residual.clean
    assert repair.plan.steps == (right,)


@pytest.mark.parametrize(("turn", "aside", "field"), [(45, 0.0, "yaw"), (0, 0.009, "aim")])
def test_a_hand_that_the_thing_is_in_the_way_of_turns_or_takes_it_over_its_middle(
    scene: Scene, core_rules: Rulebook, knowledge: Knowledge, turn: Turn, aside: float, field: str
) -> None:
    text = "violated(r0009, (O,), T) :- step(T, pick, O), fit(T, N), N < 1."
    tight = Rule(id="r0009", text=text, sentence="{O} is in the way of the open hand", confidence=0.9)
    cube = thing("toy_block", 0.5, 0.0, (0.070, 0.070, 0.050))
    alone = Scene(objects=(cube,))
    taken = geometry.pick_step(cube, turn, "slow", "gentle")
    x, y, z = taken.keyframe.position
    off = taken.model_copy(update={"keyframe": taken.keyframe.model_copy(update={"position": (x + aside, y + aside, z)})})
    goal = Goal(relation="held", object="toy_block")
    repair = AspRepairer(ClingoChecker(core_rules.with_rule(tight), knowledge)).repair(alone, Plan(steps=(off,)), goal)
    assert [(edit.step, edit.field) for edit in repair.edits] == [(1, field)]
    assert repair.residual.clean


@pytest.mark.parametrize(
    ("mark", "asked", "moved"), [("uncertain", "juice_box", True), ("uncertain", "egg", False), ("unseen", "juice_box", False)]
)
def test_what_the_eye_doubts_is_taken_as_geometry_says_only_if_it_was_asked_for(scene: Scene, mark: str, asked: str, moved: bool) -> None:
    juice_box = scene.find("juice_box")
    assert juice_box is not None
    right = geometry.pick_step(juice_box, 0, "slow", "firm")
    x, y, z = right.keyframe.position
    low = right.model_copy(update={"keyframe": right.keyframe.model_copy(update={"position": (x, y, z - 0.03)})})
    doubted = tuple(thing.model_copy(update={"marks": (mark,)}) if thing.name == "juice_box" else thing for thing in scene.objects)
    doubtful = scene.model_copy(update={"objects": doubted})
    changes = set_grasps(doubtful, Plan(steps=(low,)), Goal(relation="held", object=asked), {1})
    assert [change.plan.steps for change in changes] == ([(right,)] if moved else [])


def test_what_is_taken_higher_is_let_go_higher(scene: Scene) -> None:
    """The hand held it low and meant to let go low; held as geometry says, the same height would press it into the table."""
    juice_box = scene.find("juice_box")
    assert juice_box is not None
    right = geometry.pick_step(juice_box, 0, "slow", "firm")
    put = geometry.put_step("place", juice_box, scene, "on", "table", (0.40, 0.20), right.keyframe.yaw, "low", "slow", "firm")

    def lower(step: Step) -> Step:
        x, y, z = step.keyframe.position
        return step.model_copy(update={"keyframe": step.keyframe.model_copy(update={"position": (x, y, round(z - 0.03, 3))})})

    goal = Goal(relation="on", object="juice_box", target="table")
    changes = set_grasps(scene, Plan(steps=(lower(right), lower(put))), goal, {1})
    assert [(change.edit.step, change.edit.field) for change in changes] == [(1, "aim"), (2, "height")]
    assert changes[-1].plan.steps == (right, put)
    only_the_hand = set_grasps(scene, Plan(steps=(lower(right), put)), goal, {1})
    assert [change.plan.steps for change in only_the_hand] == [(right, put)]


def test_steps_in_the_wrong_order_change_places(scene: Scene, checker_with: Callable[..., ClingoChecker]) -> None:
    """Putting down before taking, and opening after putting in."""
    right = egg_to_box(scene, "slow", "gentle", "low")
    repair = AspRepairer(checker_with()).repair(scene, Plan(steps=right.steps[::-1]), GOAL)
    assert [edit.field for edit in repair.edits] == ["order"]
    assert repair.plan == right
    lid = scene.find("lid")
    assert lid is not None
    opening = geometry.open_step("box", lid, 0, "slow", "firm")
    aside = geometry.put_step("place", lid, scene, "on", "table", (0.40, 0.24), opening.keyframe.yaw, "low", "slow", "firm")
    late = Plan(steps=(*right.steps, opening, aside))
    mended = AspRepairer(checker_with("r0006")).repair(scene, late, GOAL)
    assert mended.residual.clean
    assert mended.plan.steps == (opening, aside, *right.steps)


def test_same_plan_same_repair(scene: Scene, checker_with: Callable[..., ClingoChecker]) -> None:
    repairer = AspRepairer(checker_with(*LEARNED))
    assert repairer.repair(scene, egg_to_box(scene), GOAL) == repairer.repair(scene, egg_to_box(scene), GOAL)
