"""Whatever practice teaches the weights, their eye says the same of a picture afterwards: facts must not move with what is learned."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from siren.config import shipped_checkpoint
from siren.learning.preferences import Preference, PreferenceConfig, prefer
from siren.learning.reinforce import Group, ReinforceConfig, reinforce
from siren.learning.samples import RobotSample
from siren.learning.trainer import Rates, fine_tune
from siren.policy.action_text import read_words
from siren.policy.checkpoint import load_checkpoint
from siren.policy.sightings import Eye
from siren.world.camera import Camera, layout_bodies
from siren.world.tasks import make_task

torch.set_num_threads(1)
STRONG = Rates(matrices=0.02, rest=2e-2)
GENTLE, FIRM = (read_words(f"pick egg x97 y88 r30 z12 slow {force}") for force in ("gentle", "firm"))


def corrected(image: np.ndarray, out: Path) -> None:
    fine_tune(shipped_checkpoint(), [RobotSample(image, "pick up the egg", GENTLE)], [], [], out, steps=5, seed=0, rates=STRONG)


def preferred(image: np.ndarray, out: Path) -> None:
    pair = Preference(*(RobotSample(image, "pick up the egg", plan) for plan in (GENTLE, FIRM)))
    prefer(shipped_checkpoint(), [pair], out, steps=5, seed=0, config=PreferenceConfig(rates=STRONG))


def rewarded(image: np.ndarray, out: Path) -> None:
    group = Group(tuple(RobotSample(image, "pick up the egg", plan) for plan in (GENTLE, FIRM)), (1.0, 0.0))
    reinforce(shipped_checkpoint(), [group], shipped_checkpoint(), out, seed=0, config=ReinforceConfig(rates=STRONG))


@pytest.mark.parametrize("learned", [corrected, preferred, rewarded])
def test_the_eye_says_the_same_of_a_picture_whatever_was_learned(learned: Callable[[np.ndarray, Path], None], tmp_path: Path) -> None:
    with Camera() as camera:
        image = camera.look(layout_bodies(make_task(7, "seen"))).image
    learned(image, tmp_path / "after")
    before, after = (load_checkpoint(folder) for folder in (shipped_checkpoint(), tmp_path / "after"))
    seen = [Eye(checkpoint).see(image, lambda *_: True) for checkpoint in (before, after)]
    assert len(seen[0]) >= 2
    assert seen[0] == seen[1]
    words = [checkpoint.model.get_input_embeddings().weight for checkpoint in (before, after)]
    heads = [checkpoint.model.lm_head.weight for checkpoint in (before, after)]
    assert torch.equal(*words)
    assert not torch.equal(*heads), "what is said is learned by a head of its own"
