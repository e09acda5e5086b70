"""What old weights say of things, as rows that new weights learn beside the news: their own answers, on pictures of anything.

Robot samples never show unseen kinds, so fine-tuning on them alone forgets what only the web half taught (word and place of unseen kinds
fell from 100 to 92 % in 450 steps). No label is needed: the old answer is the target (Li and Hoiem, Learning without Forgetting,
arXiv 1606.09282). Which thing and where is kept; manner is left out, because that is what is to change.
"""

import numpy as np

from siren.learning.samples import Row, Text
from siren.learning.web_data import arrange, grain, shown_things
from siren.policy.action_text import write_words
from siren.policy.proposer import Proposer
from siren.world.camera import Camera, robot_setting
from siren.world.catalogue import catalogue
from siren.world.instructions import FORMS, write_instruction

_REACH = 0.25  # metres from the middle of the table
_MOST_THINGS = 6


def keepsakes(proposer: Proposer, camera: Camera, rng: np.random.Generator, count: int) -> tuple[Row, ...]:
    """`count` pictures with one command each and where the old weights would reach, up to the manner of the first step."""
    rows: list[Row] = []
    kinds = tuple(catalogue().values())
    while len(rows) < count:
        setting = robot_setting(rng)
        bodies = arrange(rng, kinds, int(rng.integers(2, _MOST_THINGS + 1)), _REACH)
        picture = camera.look(bodies, setting)
        handy = [thing for thing in shown_things(bodies, picture.segmentation, setting) if thing.kind.role == "thing"]
        if not handy:
            continue
        name = handy[rng.integers(len(handy))].kind.name
        sentence = write_instruction("pick", int(rng.integers(len(FORMS["pick"]))), name, None, None)
        image = grain(rng, picture.image)
        plan = proposer.propose(image, sentence, 1, rng)[0].plan
        if plan is not None:
            rows.append(Row(image, (Text(f"robot : {sentence.lower()}", _which_and_where(write_words(plan)), ends=False),)))
    return tuple(rows)


def _which_and_where(words: str) -> str:
    """The first step without its speed and force, its last two words."""
    return " ".join(words.split(" ; ")[0].split()[:-2])
