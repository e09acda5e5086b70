"""Image tokens become sightings. The tokens are made of the words they are to agree with; one test looks at real pictures."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from siren import build
from siren.config import shipped_checkpoint
from siren.learning.web_data import grain
from siren.policy import sightings
from siren.policy.checkpoint import Checkpoint
from siren.policy.model import IMAGE_TOKENS
from siren.policy.sightings import Eye, Sighting
from siren.policy.vocabulary import PAD, Vocabulary
from siren.world.camera import Camera, layout_bodies, robot_setting
from siren.world.tasks import make_task, nominal_scene

IMAGE = np.zeros((96, 96, 3), np.uint8)
LOUD = 60.0  # so that a token's own words stand out from its chance likeness to others
See = Callable[..., tuple[Sighting, ...]]


@pytest.fixture
def see(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> See:
    """`see("egg x100 y90", "egg x101 y90")`: what the eye makes of tokens that agree with these words, all others showing the table."""
    words = Checkpoint(checkpoint.model, Vocabulary(checkpoint.vocabulary.kinds, checkpoint.vocabulary.language), "small")
    table = words.model.get_input_embeddings().weight.detach()
    ids = words.vocabulary.ids

    def look(*tokens: str, may_share: Callable[[str, str], bool] = lambda *_: False) -> tuple[Sighting, ...]:
        made = LOUD * table[ids[PAD]].repeat(IMAGE_TOKENS, 1)
        for number, text in enumerate(tokens):
            made[number] = LOUD * sum(table[ids[word.lstrip("-")]] * (-1 if word[0] == "-" else 1) for word in text.split())
        monkeypatch.setattr(sightings, "image_tokens", lambda *_: made[None])
        return Eye(words, ("that",)).see(IMAGE, may_share)  # any word of the vocabulary may be a mark

    return look


def test_tokens_that_agree_are_one_thing(see: See) -> None:
    (egg,) = see("egg x100 y90 r20", "egg x101 y91 r20")
    assert egg.kind == "egg"
    assert egg.place == pytest.approx((0.17 + 101 * 0.0025, -0.32 + 91 * 0.0025), abs=0.006)  # random words pull a little
    assert egg.axis == pytest.approx(30.0, abs=6.0)
    assert egg.confidence > 0.9


def test_tokens_far_apart_are_two_things_and_a_kind_is_seen_once(see: See) -> None:
    assert {one.kind for one in see("egg x100 y90", "die x180 y90")} == {"egg", "die"}
    assert len(see("egg x100 y90", "egg x180 y90")) == 1


def test_two_kinds_at_one_place_are_seen_only_where_one_can_stand_on_the_other(see: See) -> None:
    tokens = ("box x100 y90", "box x100 y90", "die x100 y90")
    assert [one.kind for one in see(*tokens)] == ["box"]
    assert {one.kind for one in see(*tokens, may_share=lambda *_: True)} == {"box", "die"}


def test_a_mark_is_seen_where_the_tokens_agree_with_its_word(see: See) -> None:
    assert see("egg x100 y90 that")[0].marks == ("that",)
    assert see("egg x100 y90 -that")[0].marks == ()


def test_an_empty_table_shows_nothing(see: See) -> None:
    assert see() == ()


@pytest.mark.slow
def test_the_shipped_policy_sees_what_stands_on_the_table() -> None:
    torch.set_num_threads(1)
    perceiver = build.perceiver(shipped_checkpoint())
    found = there = 0
    with Camera() as camera:
        for seed in range(12):
            task = make_task(7_000_000 + seed)
            rng = np.random.default_rng(seed)
            scene = perceiver.perceive(grain(rng, camera.look(layout_bodies(task), robot_setting(rng)).image))
            uncovered = [thing for thing in nominal_scene(task).objects if not nominal_scene(task).carried_by(thing.name)]
            there += len(uncovered)
            found += sum(scene.find(thing.name) is not None for thing in uncovered)
    assert found > 0.9 * there
