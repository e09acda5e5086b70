"""A plan is about what stands where it reaches."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from learned_rules import thing
from pydantic import ValidationError

from siren.core import geometry
from siren.core.geometry import Turn
from siren.core.plan import Plan, Step, parse_plan
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic import asp
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.facts import ground, plan_facts, scene_facts

GOAL = Goal(relation="held", object="butter")


def pick(scene: Scene, name: str, turn: Turn = 0) -> Step:
    found = scene.find(name)
    assert found is not None
    return geometry.pick_step(found, turn, "normal", "gentle")


def texts(scene: Scene, *steps: Step) -> set[str]:
    return {str(atom) for atom in plan_facts(scene, Plan(steps=steps), GOAL)}


def put(scene: Scene, name: str, relation: str, target: str, place: tuple[float, float], release: str = "low") -> Step:
    found = scene.find(name)
    assert found is not None
    return geometry.put_step("place", found, scene, relation, target, place, 0.0, release, "slow", "gentle")  # type: ignore[arg-type]


def test_manner_and_measures_of_a_pick(scene: Scene) -> None:
    facts = texts(scene, pick(scene, "butter", 0))
    assert {"step(1,pick,butter)", "named(1,butter)", "speed(1,normal)", "force(1,gentle)", "yaw(1,0)", "span(1,50)", "fit(1,15)"} <= facts
    assert {"seen_near(1,juice_box,jaw)", "seen_gap(1,juice_box,30)", "seen_over(1,juice_box,82)", "offset(1,0)"} <= facts


def test_the_hand_meets_what_stands_beside_the_place_where_it_puts_a_thing(scene: Scene) -> None:
    juice_box = scene.find("juice_box")
    assert juice_box is not None
    x, y = juice_box.position[:2]
    facts = texts(scene, pick(scene, "egg"), put(scene, "egg", "on", "table", (x, y + 0.07)))
    assert "seen_near(2,juice_box,jaw)" in facts
    assert any(fact.startswith("seen_hand(2,juice_box,-") for fact in facts)
    facts = texts(scene, pick(scene, "egg"), put(scene, "egg", "on", "juice_box", (x, y)))
    assert not any(fact.startswith("seen_near(2,juice_box") for fact in facts), "what it is put on is not beside it"


def test_how_far_from_what_it_is_wanted_near_a_thing_is_put(scene: Scene) -> None:
    juice_box = scene.find("juice_box")
    assert juice_box is not None
    x, y = juice_box.position[:2]
    steps = (pick(scene, "egg"), put(scene, "egg", "on", "table", (x, y + 0.07)))
    near = Goal(relation="near", object="egg", target="juice_box")
    apart = {str(atom) for atom in plan_facts(scene, Plan(steps=steps), near) if atom.name == "apart"}
    gap = next(fact for fact in texts(scene, *steps) if fact.startswith("seen_gap(2,juice_box"))
    assert apart == {f"apart(2,{gap.rpartition(',')[2]}"}
    assert not any(fact.startswith("apart") for fact in texts(scene, *steps)), "this goal wants nothing near anything"


def test_a_quarter_turn_changes_span_and_bearing(scene: Scene) -> None:
    facts = texts(scene, pick(scene, "butter", 90))
    assert {"yaw(1,90)", "span(1,90)", "seen_near(1,juice_box,aside)"} <= facts


def test_what_it_carries_is_no_neighbour_and_a_mat_is_in_nobodys_way(scene: Scene) -> None:
    facts = texts(scene, pick(scene, "butter"), pick(scene, "juice_box"))
    assert not any("seen_near(1,die" in fact or "blue_mat" in fact for fact in facts)


def test_the_place_counts_not_the_word(scene: Scene) -> None:
    wrong = pick(scene, "egg").model_copy(update={"object": "butter"})
    facts = texts(scene, wrong)
    assert {"step(1,pick,egg)", "named(1,butter)", "mismatch(1)"} <= facts
    assert "mismatch(1)" not in texts(scene, pick(scene, "egg"))


def test_of_stacked_things_the_name_decides(scene: Scene) -> None:
    assert "step(1,pick,die)" in texts(scene, pick(scene, "die"))
    assert "step(1,pick,butter)" in texts(scene, pick(scene, "butter"))


def test_of_stacked_things_under_a_wrong_name_the_height_decides(scene: Scene) -> None:
    for name in ("die", "butter"):
        assert f"step(1,pick,{name})" in texts(scene, pick(scene, name).model_copy(update={"object": "egg"}))


def test_a_place_with_nothing_there(scene: Scene) -> None:
    plan = parse_plan("pick egg from top | move to 0.300 0.280 0.030 rotate 0 180 0 speed slow force gentle close gripper")
    assert "step(1,pick,nothing)" in {str(atom) for atom in plan_facts(scene, plan, GOAL)}


@pytest.mark.parametrize(("release", "fall"), [("low", 6), ("high", 110)])
def test_the_fall_is_measured_from_what_is_reached(scene: Scene, release: str, fall: int) -> None:
    for relation, target, place in (("in", "box", (0.58, -0.16)), ("on", "blue_mat", (0.60, 0.20)), ("on", "table", (0.36, 0.24))):
        facts = texts(scene, pick(scene, "egg"), put(scene, "egg", relation, target, place, release))
        assert {f"height(2,{fall})", f"target(2,{relation},{target})"} <= facts


def test_a_target_that_is_not_where_the_text_says(scene: Scene) -> None:
    facts = texts(scene, pick(scene, "egg"), put(scene, "egg", "on", "blue_mat", (0.36, 0.24)))
    assert {"target(2,on,table)", "mismatch(2)"} <= facts


def test_what_was_put_aside_is_found_at_its_new_place(scene: Scene) -> None:
    aside = put(scene, "die", "on", "table", (0.36, 0.24))
    again = pick(scene, "die").model_copy(update={"keyframe": aside.keyframe.model_copy(update={"gripper": "close"})})
    assert "step(3,pick,die)" in texts(scene, pick(scene, "die"), aside, again)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=5))
def test_however_a_plan_piles_things_up_nothing_stands_on_itself(scene: Scene, moves: list[tuple[int, int]]) -> None:
    """A thing that is put where what it carries was seen reaches the table: it takes that along."""
    names = [one.name for one in scene.objects if one.name != "lid"]
    steps: list[Step] = []
    for upper, lower in ((names[one % len(names)], names[other % len(names)]) for one, other in moves):
        under = scene.find(lower)
        assert under is not None
        steps += [pick(scene, upper), put(scene, upper, "on", "table" if lower == upper else lower, under.position[:2])]
    for grounded in ground(scene, Plan(steps=tuple(steps))):
        assert Scene.model_validate(grounded.scene.model_dump()) == grounded.scene


def test_a_scene_whose_things_stand_on_each_other_is_refused(scene: Scene) -> None:
    circle = {"butter": "die", "die": "egg", "egg": "butter"}
    things = [one.model_copy(update={"support": circle.get(one.name, one.support)}) for one in scene.objects]
    with pytest.raises(ValidationError, match="on itself"):
        Scene(objects=tuple(things))


def test_open_is_about_the_container_and_measured_at_the_knob(scene: Scene) -> None:
    lid = scene.find("lid")
    assert lid is not None
    facts = texts(scene, geometry.open_step("box", lid, 0, "slow", "firm"))
    assert {"step(1,open,box)", "span(1,30)"} <= facts
    assert not any("box" in fact for fact in facts if fact.startswith("seen_"))


def test_scene_facts_give_sizes_and_support(scene: Scene) -> None:
    facts = {str(atom) for atom in scene_facts(scene)}
    assert {"extent(egg,length,57)", "extent(egg,width,44)", "extent(egg,height,44)", "mark(egg,wet)", "seen_on(die,butter)"} <= facts
    assert not any(atom.name == "seen_on" and "table" in atom.args for atom in scene_facts(scene))


def test_fluents_follow_a_cleared_and_opened_table(scene: Scene, core_checker: ClingoChecker) -> None:
    lid = scene.find("lid")
    assert lid is not None
    steps = (
        pick(scene, "die"),
        put(scene, "die", "on", "table", (0.36, 0.24)),
        geometry.open_step("box", lid, 0, "slow", "firm"),
        put(scene, "lid", "on", "table", (0.38, -0.24)),
        pick(scene, "butter"),
        put(scene, "butter", "in", "box", (0.58, -0.16)),
    )
    model = {str(atom) for atom in core_checker.model(scene, Plan(steps=steps), GOAL)}
    assert {"on(die,butter,1)", "holding(die,2)", "lidded(box,3)", "holding(lid,4)", "holding(butter,6)", "in(butter,box,7)"} <= model
    assert {"clear(butter,3)", "clear(box,5)"} <= model
    assert not {"on(die,butter,2)", "on(lid,box,4)", "lidded(box,4)", "holding(die,3)", "on(die,table,3)"} & model


def test_a_neighbour_that_the_plan_moves_counts_at_its_new_place(scene: Scene, core_checker: ClingoChecker) -> None:
    for place, gap in (((0.36, 0.24), 88), ((0.36, -0.27), None)):
        steps = (pick(scene, "juice_box"), put(scene, "juice_box", "on", "table", place), pick(scene, "butter"))
        model = core_checker.model(scene, Plan(steps=steps), GOAL)
        gaps = [atom.args[2] for atom in model if atom.name == "gap" and atom.args[:2] == (3, "juice_box")]
        assert gaps == ([gap] if gap else [])


def test_a_moved_neighbour_that_nobody_followed_is_no_longer_near(scene: Scene, core_checker: ClingoChecker) -> None:
    """As in repair, where a step that is put in moves what later steps were planned around."""
    plan = Plan(steps=(pick(scene, "juice_box"), put(scene, "juice_box", "on", "table", (0.36, 0.24)), pick(scene, "butter")))
    program = f"{core_checker.program} {asp.fact_text(core_checker.facts(scene, [plan], GOAL))}".replace("followed(3,juice_box).", "")
    model = asp.solve(program)
    assert model is not None
    assert not any(atom.args[:2] == (3, "juice_box") for atom in model if atom.name in ("near", "gap", "over"))


def test_every_fact_is_a_fact_for_clingo(scene: Scene) -> None:
    facts = (*scene_facts(scene), *plan_facts(scene, Plan(steps=(pick(scene, "egg"),)), GOAL))
    assert asp.solve(asp.fact_text(facts)) == set(facts)


def test_what_is_held_turns_with_the_hand() -> None:
    """A long thing that is put down turned by 90 degrees reaches the other way."""
    long = thing("butter", 0.45, 0.0, (0.12, 0.04, 0.036))
    scene = Scene(objects=(long, thing("juice_box", 0.45, 0.30, (0.06, 0.04, 0.10))))
    taken = geometry.pick_step(long, 0, "slow", "gentle")

    def room(yaw: float) -> str:
        put = geometry.put_step("place", long, scene, "on", "table", (0.45, 0.22), yaw, "low", "slow", "gentle")
        atoms = plan_facts(scene, Plan(steps=(taken, put)), GOAL)
        return next(str(atom) for atom in atoms if atom.name == "room")

    assert room(0.0) == "room(2,40)"
    assert room(90.0) == "room(2,0)"
