"""Scenes with instructions and plans of one who can reach and grasp but knows no law: the robot half of the training data.

The plans come from `careless_plan`, so manner (speed, force, turn, release) is drawn freely: the policy starts out able and careless.
Only kinds of the split `seen` are ever shown.
"""

from collections.abc import Iterator
from functools import cache
from typing import Literal

import numpy as np

from siren.core.errors import PlanRefusedError
from siren.core.scene import Scene
from siren.core.task import Family, Goal, Task
from siren.learning.regions import region_labels
from siren.learning.samples import Row, Text
from siren.learning.web_data import WEB_WORDS, Shown, fitting_uses, grain, pointing, shown_things, web_texts
from siren.policy.action_text import write_words
from siren.policy.vocabulary import Vocabulary
from siren.world.camera import Camera, layout_bodies, robot_setting
from siren.world.catalogue import catalogue, things, uses
from siren.world.expert import careless_plan
from siren.world.kinds import Kind
from siren.world.tasks import make_task, nominal_scene
from siren.world.wording import forms, instruction_words, spoken, write_instruction

COMMANDS = 8  # commands written about each scene, besides one list and POINTINGS questions where something is
POINTINGS = 5
_Shown = Literal["pick", "place", "place_in", "stack"]
FAMILY_SHARES: tuple[tuple[_Shown, float], ...] = (("pick", 0.46), ("place", 0.18), ("place_in", 0.18), ("stack", 0.18))
BY_USE = 0.4  # share of commands that say what the thing is good for instead of its name, where that is unambiguous


def policy_vocabulary() -> Vocabulary:
    """All words of this world: kinds, instructions, questions and answers."""
    kinds = catalogue().values()
    described = [word for kind in kinds for word in (kind.category, kind.colour)]
    used = [word for phrase in uses() for word in phrase.split()]
    words = sorted({*WEB_WORDS, *instruction_words(), *described, *used, "largest", "smallest", "leftmost", "rightmost"})
    return Vocabulary([kind.name for kind in kinds], words)


def robot_row(rng: np.random.Generator, camera: Camera, vocabulary: Vocabulary) -> Row:
    """One task's scene on another day, commands about it with careless plans, and its region labels."""
    while True:
        task = make_task(int(rng.integers(2**31)), split="seen")
        setting = robot_setting(rng)
        bodies = layout_bodies(task)
        picture = camera.look(bodies, setting)
        shown = shown_things(bodies, picture.segmentation, setting)
        commands = list(_commands(rng, task, shown, vocabulary))
        if not commands:
            continue
        regions = [thing.region for thing in shown_things(bodies, picture.segmentation, setting, least=0)]
        texts = (*commands, *_questions(rng, shown))
        return Row(grain(rng, picture.image), texts, region_labels(picture.segmentation, regions))


def command(task: Task, scene: Scene, rng: np.random.Generator, vocabulary: Vocabulary) -> Text:
    """One instruction and one careless plan for it. PlanRefusedError when the plan leaves the workspace."""
    plan = careless_plan(task, scene, rng)
    return Text(f"robot : {vocabulary.read(task.instruction)}", write_words(plan))


def _commands(rng: np.random.Generator, task: Task, shown: tuple[Shown, ...], vocabulary: Vocabulary) -> Iterator[Text]:
    scene = nominal_scene(task)
    for number in range(COMMANDS):
        other = task if number == 0 else another_goal(rng, task, shown)
        if other is None:
            continue
        try:
            yield command(other, scene, rng, vocabulary)
        except PlanRefusedError:
            continue


def another_goal(rng: np.random.Generator, task: Task, shown: tuple[Shown, ...]) -> Task | None:
    """The same scene with another goal, about a thing that can be seen; None when the drawn family does not fit the scene."""
    family = FAMILY_SHARES[int(rng.choice(len(FAMILY_SHARES), p=[share for _, share in FAMILY_SHARES]))][0]
    handy = [thing for thing in shown if thing.kind.role == "thing"]
    targets = [kind for kind in (thing.kind for thing in shown) if _takes(kind, family)]
    if not handy or (family != "pick" and not targets):
        return None
    use, thing = _name_or_use(rng, handy)
    target = None if family == "pick" else targets[rng.integers(len(targets))].name
    if target == thing.kind.name:
        return None
    written = forms(family)
    noun = f"something that {use}" if use else spoken(thing.kind.name)
    sentence = write_instruction(written[int(rng.integers(len(written)))], noun, spoken(target) if target else "")
    goal = Goal(relation="held" if target is None else "in" if family == "place_in" else "on", object=thing.kind.name, target=target)
    return task.model_copy(update={"family": family, "instruction": sentence, "goal": goal})


def _takes(kind: Kind, family: Family) -> bool:
    """Whether things of that kind can be the target of that family."""
    return {"place": kind.role == "mat", "place_in": kind.role == "container", "stack": kind.carries, "pick": False}[family]


def _name_or_use(rng: np.random.Generator, handy: list[Shown]) -> tuple[str | None, Shown]:
    fits = [(use, thing) for use, thing in fitting_uses(handy) if use in shared_uses()]
    if fits and rng.random() < BY_USE:
        return fits[rng.integers(len(fits))]
    return None, handy[rng.integers(len(handy))]


@cache
def shared_uses() -> frozenset[str]:
    """Uses that several seen kinds have. One that a single seen kind has would be learned as one more name of that kind, and then be
    said of unseen things too (measured: 27 of 36 cups were called "glass").
    """
    seen = {kind.name for kind in things(held_out=False)}
    return frozenset(use for use, names in uses().items() if len(seen & set(names)) > 1)


def _questions(rng: np.random.Generator, shown: tuple[Shown, ...]) -> tuple[Text, ...]:
    asked = [shown[rng.integers(len(shown))] for _ in range(POINTINGS)]
    return (*web_texts(rng, shown, 1), *(pointing(f"the {thing.kind.name}", thing) for thing in asked))
