"""What old weights say of things, as rows that new weights learn beside the news: their own answers, on pictures of anything.

Robot samples never show unseen kinds, so fine-tuning on them alone forgets what only the web half taught (the right word for unseen kinds
fell from 100 to 87 % in 472 steps). No label is needed: the old answer is the target (Li and Hoiem, Learning without Forgetting,
arXiv 1606.09282). Which thing and where is kept; manner is left out, because that is what is to change. Half of them come behind preparing
steps, which old weights seldom say: a model that had learned to open the box first then named seen things only (pear: `pick lemon`).
"""

from collections.abc import Iterable, Sequence

import numpy as np

from siren.core.plan import Plan
from siren.learning.commands import another_goal
from siren.learning.samples import Row, Text
from siren.learning.shown import shown_things
from siren.learning.web_data import arrange, grain
from siren.policy.action_text import write_words
from siren.policy.checkpoint import Checkpoint
from siren.policy.proposer import Proposer
from siren.world.camera import Camera, robot_setting
from siren.world.catalogue import catalogue
from siren.world.tasks import make_task

_PREPARED = 0.5  # share of answers behind preparing steps
_REACH = 0.25  # metres from the middle of the table
_MOST_THINGS = 6
_UNTAUGHT = 0.5  # share of questions about kinds that no correction and no rehearsal will ever show


def preparations(plans: Iterable[Plan]) -> tuple[str, ...]:
    """What plans do before they take the thing that was asked for, in words; plans that do so at once have none."""
    plans = [plan for plan in plans if any(step.skill == "pick" for step in plan.steps)]
    takes = (max(number for number, step in enumerate(plan.steps) if step.skill == "pick") for plan in plans)
    return tuple(write_words(Plan(steps=plan.steps[:take])) for plan, take in zip(plans, takes, strict=True) if take)


def keepsakes(checkpoint: Checkpoint, camera: Camera, rng: np.random.Generator, count: int, before: Sequence[str] = ()) -> tuple[Row, ...]:
    """`count` pictures with one command each and where the old weights would reach, up to the manner of the first step.

    before: preparing steps as words, of any scenes; half of the answers come behind some of them.
    """
    proposer, rows = Proposer(checkpoint), list[Row]()
    kinds, carrier = tuple(catalogue().values()), make_task(0)  # its scene is not used, only what is asked
    while len(rows) < count:
        setting = robot_setting(rng)
        bodies = arrange(rng, kinds, int(rng.integers(2, _MOST_THINGS + 1)), _REACH)
        picture = camera.look(bodies, setting)
        shown = shown_things(bodies, picture.segmentation, setting)
        if rng.random() < _UNTAUGHT:
            shown = tuple(thing for thing in shown if thing.kind.held_out or thing.kind.role != "thing")
        asked = another_goal(rng, carrier, shown)
        if asked is None:
            continue
        image = grain(rng, picture.image)
        plan = proposer.propose(image, asked.instruction, 1, rng)[0].plan
        if plan is not None:
            prompt = f"robot : {checkpoint.vocabulary.read(asked.instruction)}"
            first = f"{before[int(rng.integers(len(before)))]} ; " if before and rng.random() < _PREPARED else ""
            answer = f"{first}{_which_and_where(write_words(plan))}"
            rows.append(Row(image, (Text(prompt, answer, ends=False, given=len(first.split())),)))
    return tuple(rows)


def _which_and_where(words: str) -> str:
    """The first step without its speed and force, its last two words."""
    return " ".join(words.split(" ; ")[0].split()[:-2])
