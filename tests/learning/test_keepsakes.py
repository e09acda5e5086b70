"""What old weights say of things, without its manner, as rows for the new ones."""

import numpy as np
import pytest

from siren.config import shipped_checkpoint
from siren.learning.keepsakes import keepsakes, preparations
from siren.learning.packing import NO_TARGET, pack
from siren.learning.samples import Row, Text
from siren.policy.checkpoint import Checkpoint, load_checkpoint
from siren.policy.vocabulary import EOS
from siren.world.camera import Camera
from siren.world.catalogue import things
from siren.world.expert import careless_plan
from siren.world.tasks import make_task, nominal_scene

COUNT = 24


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    return load_checkpoint(shipped_checkpoint())


@pytest.fixture(scope="module")
def rows(checkpoint: Checkpoint) -> tuple[Row, ...]:
    with Camera() as camera:
        return keepsakes(checkpoint, camera, np.random.default_rng(4), COUNT)


def test_they_say_which_and_where_but_not_how(rows: tuple[Row, ...]) -> None:
    assert len(rows) == COUNT
    for row in rows:
        words = row.texts[0].answer.split()
        assert words[0] in ("pick", "open")
        assert [word[0] for word in words[2:]] == ["x", "y", "r", "z"]
        assert not row.texts[0].ends


def test_kinds_that_no_robot_sample_shows_are_among_them(rows: tuple[Row, ...]) -> None:
    unseen = {kind.name for kind in things(held_out=True)}
    assert {row.texts[0].answer.split()[1] for row in rows} & unseen


def test_half_come_behind_preparing_steps_that_are_read_and_not_learned(checkpoint: Checkpoint) -> None:
    plans = [careless_plan(task, nominal_scene(task), np.random.default_rng(seed)) for seed in range(60) for task in [make_task(seed)]]
    before = preparations(plans)
    assert 0 < len(before) < len(plans)
    assert all(words.split(" ; ")[-1].startswith("place ") for words in before), "the hand is empty again"
    with Camera() as camera:
        rows = keepsakes(checkpoint, camera, np.random.default_rng(4), 12, before)
    prepared = [row.texts[0] for row in rows if row.texts[0].given]
    assert 2 <= len(prepared) <= 10
    text = prepared[0]
    targets = pack([Row(rows[0].image, (text,))], checkpoint.vocabulary).targets
    assert targets[targets != NO_TARGET].tolist() == checkpoint.vocabulary.encode(" ".join(text.answer.split()[text.given :]))


def test_an_answer_that_does_not_end_teaches_no_end(checkpoint: Checkpoint) -> None:
    vocabulary = checkpoint.vocabulary
    image = np.zeros((96, 96, 3), np.uint8)
    open_ended, ended = (
        pack([Row(image, (Text("robot : pick up the egg", "pick egg x97", ends=ends),))], vocabulary).targets for ends in (False, True)
    )
    taught = open_ended[open_ended != NO_TARGET].tolist()
    assert taught == vocabulary.encode("pick egg x97")
    assert ended[ended != NO_TARGET].tolist() == [*taught, vocabulary.ids[EOS]]
