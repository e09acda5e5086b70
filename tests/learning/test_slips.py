"""A misheard command: the sentence loses a word of its form, never the thing that it is about."""

import numpy as np
import pytest

from siren.learning.robot_data import policy_vocabulary
from siren.learning.samples import Text
from siren.learning.slips import SLIPS, Slips
from siren.world.wording import MANNERS, forms


@pytest.fixture(scope="module")
def slips() -> Slips:
    return Slips(policy_vocabulary())


def test_a_share_of_commands_is_misheard_and_keeps_its_plan(slips: Slips) -> None:
    rng = np.random.default_rng(0)
    command = Text("robot : put the egg on the blue_mat", "pick egg x97 y88 r30 z12 slow gentle")
    heard = [slips.misheard(rng, command) for _ in range(2000)]
    changed = [text for text in heard if text != command]
    assert len(changed) / len(heard) == pytest.approx(SLIPS, abs=0.03)
    assert {text.answer for text in heard} == {command.answer}
    assert all({"egg", "blue_mat", "robot", ":"} <= set(text.prompt.split()) for text in changed)
    lengths = {len(text.prompt.split()) for text in changed}
    assert lengths == {len(command.prompt.split())}, "one word stands for another"


def test_no_slip_is_a_word_that_commands_of_training_have(slips: Slips) -> None:
    rng = np.random.default_rng(1)
    command = Text("robot : slide the butter onto the red_mat", "push butter on red_mat x1 y2 r3 z4 slow gentle")
    of_training = {word for manner in MANNERS for form in forms(manner) for word in form.split()}
    strange = {word for _ in range(500) for word in slips.misheard(rng, command).prompt.split()} - set(command.prompt.split())
    assert strange
    assert not strange & of_training
    assert not strange & set(policy_vocabulary().kinds)
