"""Scenes with instructions and plans of one who can reach and grasp but knows no law: the robot half of the training data.

The plans come from `careless_plan`, so manner (speed, force, turn, release) is drawn freely: the policy starts out able and careless.
Only kinds that are not held out are ever shown.
"""

from collections.abc import Iterator

import numpy as np

from siren.core.errors import PlanRefusedError
from siren.core.scene import Scene
from siren.core.task import Task
from siren.learning.commands import another_goal
from siren.learning.regions import region_labels
from siren.learning.samples import Row, Text
from siren.learning.shown import Shown, shown_things
from siren.learning.slips import Slips
from siren.learning.web_data import grain
from siren.learning.web_texts import WEB_WORDS, pointing, web_texts
from siren.policy.action_text import write_words
from siren.policy.vocabulary import Vocabulary
from siren.world.camera import Camera, layout_bodies, robot_setting
from siren.world.catalogue import catalogue
from siren.world.expert import careless_plan
from siren.world.splits import Split
from siren.world.tasks import make_task, nominal_scene
from siren.world.wording import instruction_words

COMMANDS = 8  # commands written about each scene, besides one list and POINTINGS questions where something is
POINTINGS = 5
# Where scenes come from. Unseen kinds, forms, backdrops and layouts are in none of them.
SPLITS: tuple[tuple[Split, float], ...] = (("seen", 0.73), ("multi", 0.12), ("reasoning", 0.15))


def policy_vocabulary() -> Vocabulary:
    """All words of this world: kinds, instructions, questions and answers."""
    kinds = catalogue().values()
    described = [word for kind in kinds for word in (kind.category, kind.colour)]
    coloured = [variant.word for kind in kinds for variant in kind.variants if variant.word]
    words = sorted({*WEB_WORDS, *instruction_words(), *described, *coloured})
    return Vocabulary([kind.name for kind in kinds], words)


def robot_row(rng: np.random.Generator, camera: Camera, vocabulary: Vocabulary) -> Row:
    """One task's scene on another day, commands about it with careless plans, and its region labels."""
    while True:
        task = make_task(int(rng.integers(2**31)), _split(rng))
        setting = robot_setting(rng)
        bodies = layout_bodies(task)
        picture = camera.look(bodies, setting)
        shown = shown_things(bodies, picture.segmentation, setting)
        slips = Slips(vocabulary)
        commands = [slips.misheard(rng, text) for text in _commands(rng, task, shown, vocabulary)]
        if not commands:
            continue
        regions = [thing.region for thing in shown_things(bodies, picture.segmentation, setting, least=0)]
        texts = (*commands, *_questions(rng, shown))
        return Row(grain(rng, picture.image), texts, region_labels(picture.segmentation, regions))


def _split(rng: np.random.Generator) -> Split:
    return SPLITS[int(rng.choice(len(SPLITS), p=[share for _, share in SPLITS]))][0]


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


def _questions(rng: np.random.Generator, shown: tuple[Shown, ...]) -> tuple[Text, ...]:
    asked = [shown[rng.integers(len(shown))] for _ in range(POINTINGS)]
    return (*web_texts(rng, shown, 1), *(pointing(f"the {thing.kind.name}", thing) for thing in asked))
