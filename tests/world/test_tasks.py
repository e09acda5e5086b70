"""What is asked: tasks from seeds and from sentences."""

import math
import subprocess
import sys

import numpy as np
import pytest

from siren.core.errors import InstructionError
from siren.core.geometry import gap_mm
from siren.core.task import FAMILIES, Task
from siren.world.brief import supports, targets
from siren.world.camera import Camera, layout_bodies
from siren.world.catalogue import kind_of, uses
from siren.world.instructions import FORMS, RELATIONS, Request, instruction_words, read_instruction, spoken, write_instruction
from siren.world.kinds import WET
from siren.world.tasks import SPLITS, make_task, nominal_scene, task_from_instruction

SEEDS = range(60)
PLACES = {"pick": (None,), "place": ("blue_mat", "red_mat"), "place_in": ("box",), "stack": supports()}


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    return [make_task(seed, split) for split in SPLITS for seed in SEEDS]


def test_every_sentence_that_is_written_is_read_as_it_was_meant() -> None:
    count = 0
    for family in FAMILIES:
        nouns = [(kind.name, None) for kind in targets(family)] + [(None, use) for use in uses()]
        for form in range(len(FORMS[family])):
            for name, use in nouns:
                for place in PLACES[family]:
                    text = write_instruction(family, form, name, use, place)
                    assert read_instruction(text) == Request(RELATIONS[family], name, use, place), text
                    count += 1
    assert count > 1000


def test_the_instruction_of_a_task_stands_for_its_goal(tasks: list[Task]) -> None:
    for task in tasks:
        request = read_instruction(task.instruction)
        fitting = [item.kind for item in task.layout if request.use in kind_of(item.kind).uses] if request.use else [request.object]
        assert fitting == [task.goal.object]
        assert (request.relation, request.target) == (task.goal.relation, task.goal.target)
        assert (request.use is not None) == (task.split == "use")


def test_every_word_of_an_instruction_is_known_beforehand(tasks: list[Task]) -> None:
    names = {word for task in tasks for item in task.layout for word in spoken(item.kind).split()}
    assert {word for task in tasks for word in task.instruction.split()} <= set(instruction_words()) | names


def test_manners_of_speech_do_not_matter() -> None:
    plain = read_instruction("put the cola can in the box")
    assert read_instruction("  Robot, could you PUT my cola_can in the box, please?") == plain


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
    assert all(0.12 < families.count(family) / len(tasks) < 0.40 for family in FAMILIES)
    scenes = [(task, nominal_scene(task)) for task in tasks]
    covered = sum(bool(scene.carried_by(task.goal.object)) for task, scene in scenes)
    closed = sum("lid" in scene.names() for _, scene in scenes)
    wet = sum(WET in item.marks for task in tasks for item in task.layout if item.kind == task.goal.object)
    assert covered >= 25
    assert closed >= 15
    assert wet >= 10


def test_a_covered_target_can_still_be_seen() -> None:
    with Camera() as camera:
        for task in (make_task(seed) for seed in range(80)):
            index = [item.kind for item in task.layout].index(task.goal.object)
            assert (camera.look(layout_bodies(task)).segmentation == index).sum() >= 10, task.seed


def test_the_same_seed_gives_the_same_task_in_another_process() -> None:
    code = "from siren.world.tasks import make_task; print(make_task(17, 'use').model_dump_json())"
    lines = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert Task.model_validate_json(lines[-1]) == make_task(17, "use")
    assert make_task(18, "use") != make_task(17, "use")


def test_a_family_can_be_asked_for() -> None:
    assert {make_task(seed, family=family).family for seed in range(5) for family in FAMILIES[:1]} == {"pick"}
    assert make_task(1, family="stack").goal.target in supports()


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("pick up the pear", ("held", "pear", None)),
        ("put the egg in the box", ("in", "egg", "box")),
        ("lay the remote on the red mat", ("on", "remote", "red_mat")),
        ("stack the candle on the gold bar", ("on", "candle", "gold_bar")),
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
        ("pick up the bananna", r"did you mean 'banana'\?.*known objects"),
        ("dance with the egg", r"expected a sentence such as 'pick up THING'.*got 'dance with the egg'"),
        ("", "expected a sentence"),
        ("bring me something that is a frut", r"did you mean 'is a fruit'\?"),
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
    with pytest.raises(ValueError, match="expected a split of seen, unseen, use"):
        make_task(0, "train")  # type: ignore[arg-type]


def test_wet_things_are_of_kinds_that_can_be_wet(tasks: list[Task]) -> None:
    wet = [item.kind for task in tasks for item in task.layout if WET in item.marks]
    assert len(wet) > 10
    assert all(kind_of(name).wettable for name in wet)
    assert np.all([kind_of(name).fragile is None for name in wet])
