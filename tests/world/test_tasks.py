"""What is asked: tasks from seeds and from sentences."""

import math
import subprocess
import sys

import numpy as np
import pytest

from siren.core.errors import InstructionError
from siren.core.geometry import gap_mm
from siren.core.task import Task
from siren.world.camera import Camera, layout_bodies
from siren.world.catalogue import kind_of, uses
from siren.world.kinds import WET
from siren.world.splits import SHARES, SPLITS, Split, families_of
from siren.world.suitable import supports
from siren.world.tasks import make_task, nominal_scene, task_from_instruction
from siren.world.wording import instruction_words, nouns, read_instruction, spoken

SEEDS = range(40)


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    return [make_task(seed, split) for split in SPLITS for seed in SEEDS]


def test_the_instruction_of_a_task_stands_for_its_goal(tasks: list[Task]) -> None:
    for task in tasks:
        request = read_instruction(task.instruction)
        things = [goal.object for goal in task.goal.each() if goal.relation != "opened" or task.family == "open"]
        assert request.family == task.family
        assert request.language == task.language
        assert len(request.nouns) == len(things)
        assert all(thing in noun.pool for thing, noun in zip(things, request.nouns, strict=True))
        if task.family not in ("pick", "tip", "open", "clear"):
            assert request.places[0] == task.goal.target


def test_a_description_means_the_target_alone(tasks: list[Task]) -> None:
    described = [task for task in tasks if task.reference in ("use", "comparison", "occasion")]
    assert len(described) > 40
    for task in described:
        text = read_instruction(task.instruction).nouns[0].text
        meant = [
            thing.name
            for thing in nominal_scene(task).objects
            if text in {phrase.text for phrase in nouns(nominal_scene(task), thing.name)}
        ]
        assert meant == [task.goal.object], task.instruction


def test_every_word_of_an_instruction_is_known_beforehand(tasks: list[Task]) -> None:
    names = {word for task in tasks for item in task.layout for word in spoken(item.kind).split()}
    assert {word for task in tasks for word in task.instruction.split()} <= set(instruction_words()) | names


def test_kinds_are_distinct_and_only_the_unseen_split_asks_for_the_unseen(tasks: list[Task]) -> None:
    for task in tasks:
        kinds = [item.kind for item in task.layout]
        assert len(set(kinds)) == len(kinds)
        assert all(item.name == item.kind for item in task.layout)
        held_out = [name for name in kinds if kind_of(name).held_out]
        assert held_out == ([task.goal.object] if task.split == "unseen" else [])


def test_everything_lies_within_reach_and_within_the_picture(tasks: list[Task]) -> None:
    for task in tasks:
        for thing in nominal_scene(task).objects:
            assert 0.33 <= thing.position[0] <= 0.67
            assert -0.27 <= thing.position[1] <= 0.27


def test_things_overlap_only_where_one_carries_the_other(tasks: list[Task]) -> None:
    for task in tasks:
        scene = nominal_scene(task)
        solid = [thing for thing in scene.objects if kind_of(thing.kind).role != "mat"]
        standing = [thing for thing in solid if thing.support == "table"]
        for index, thing in enumerate(standing):
            assert abs(thing.bottom) < 0.003
            assert all(gap_mm(thing, other) >= 5 for other in standing[index + 1 :])
        for thing in solid:
            support = scene.find(thing.support)
            if support is not None:
                assert thing.bottom - support.top == pytest.approx(0, abs=0.004)
                assert math.dist(thing.position[:2], support.position[:2]) < 0.01


def test_the_difficulties_are_there_in_their_shares() -> None:
    tasks = [make_task(seed) for seed in range(200)]
    families = [task.family for task in tasks]
    assert {family: families.count(family) > 4 for family in SHARES["seen"]} == dict.fromkeys(SHARES["seen"], True)
    scenes = [(task, nominal_scene(task)) for task in tasks]
    covered = sum(bool(scene.carried_by(task.goal.object)) for task, scene in scenes)
    closed = sum("lid" in scene.names() for _, scene in scenes)
    wet = sum(WET in item.marks for task in tasks for item in task.layout if item.kind == task.goal.object)
    varied = sum(bool(item.variant) for task in tasks for item in task.layout)
    assert covered >= 25
    assert closed >= 15
    assert wet >= 5
    assert varied >= 100


def test_a_covered_target_can_still_be_seen() -> None:
    with Camera() as camera:
        for task in (task for task in map(make_task, range(80)) if task.family != "open"):
            index = [item.kind for item in task.layout].index(task.goal.object)
            assert (camera.look(layout_bodies(task)).segmentation == index).sum() >= 10, task.seed


def test_the_same_seed_gives_the_same_task_in_another_process() -> None:
    code = "from siren.world.tasks import make_task; print(make_task(17, 'use').model_dump_json())"
    lines = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert Task.model_validate_json(lines[-1]) == make_task(17, "use")
    assert make_task(18, "use") != make_task(17, "use")


@pytest.mark.parametrize("split", SPLITS)
def test_every_family_of_a_split_can_be_asked_for(split: Split) -> None:
    for family in families_of(split):
        assert {make_task(seed, split, family).family for seed in range(3)} == {family}
    assert make_task(1, family="stack").goal.target in supports()


def test_a_family_that_a_split_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a family of split multi: clear, tidy, place_in, got 'pick'"):
        make_task(0, "multi", "pick")


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("pick up the pear", ("held", "pear", None)),
        ("put the egg in the box", ("in", "egg", "box")),
        ("lay the remote on the red mat", ("on", "remote", "red_mat")),
        ("stack the candle on the gold bar", ("on", "candle", "gold_bar")),
        ("put the candle on the gold bar", ("on", "candle", "gold_bar")),
        ("push the butter to the blue square", ("on", "butter", "blue_mat")),
        ("knock over the cola can", ("tipped", "cola_can", None)),
        ("take the lid off the box", ("opened", "box", None)),
        ("move the plum near the brick", ("near", "plum", "brick")),
        ("pick up the book from under the die", ("held", "book", None)),
        ("put the apple on two plus one", ("on", "apple", "three_dots")),
        ("put the egg and the die in the box", ("in", "egg", "box")),
        ("mete el huevo en la caja", ("in", "egg", "box")),
        ("파란매트 위에 사과 올려 줘", ("on", "apple", "blue_mat")),
    ],
)
def test_a_sentence_becomes_a_table_on_which_it_makes_sense(text: str, goal: tuple[str, str, str | None]) -> None:
    task = task_from_instruction(text, seed=3)
    assert (task.goal.relation, task.goal.object, task.goal.target) == goal
    assert {name for name in goal[1:] if name} <= nominal_scene(task).names()
    assert task.instruction == text


def test_a_sentence_by_use_has_exactly_one_answer() -> None:
    task = task_from_instruction("bring me something that quenches thirst", seed=2)
    assert [item.kind for item in task.layout if item.kind in uses()["quenches thirst"]] == [task.goal.object]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("knock over the egg", r"cannot be asked for in 'tip'"),
        ("open the egg", "expected 'box' as what is opened, got 'egg'"),
        ("push the butter to the brick", "expected a mat to push onto, got 'brick'"),
        ("put the egg and the hammer in the box", r"do not fit|does not fit"),
        ("put the egg next to the egg", "expected another thing"),
        ("put the watermelon in the box", r"does not fit into the box"),
        ("put the egg in the cup", r"expected 'box' as what 'egg' goes into, got 'cup'"),
        ("stack the die on the egg", r"expected a place that can carry 'die', got 'egg'"),
        ("pick up the box", r"expected a thing that a hand can take, got 'box'"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(text: str, message: str) -> None:
    with pytest.raises(InstructionError, match=message) as caught:
        task_from_instruction(text)
    assert "\n" not in str(caught.value)


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a split of seen, unseen, background"):
        make_task(0, "train")  # type: ignore[arg-type]


def test_wet_things_are_of_kinds_that_can_be_wet(tasks: list[Task]) -> None:
    wet = [item.kind for task in tasks for item in task.layout if WET in item.marks]
    assert len(wet) > 10
    assert all(kind_of(name).wettable for name in wet)
    assert np.all([kind_of(name).fragile is None for name in wet])
