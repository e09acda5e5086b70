"""The shipped policy does as it is told; one that does not listen is found out; and word and place are counted step by step."""

from pathlib import Path

import numpy as np
import pytest

from siren.core.episode import Candidate
from siren.core.geometry import pick_step, put_step
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.learning.controls import measure_controls
from siren.learning.policy_eval import agreements
from siren.policy.proposer import Proposer
from siren.testing.scenes import MAT, thing

SHIPPED = Path(__file__).parents[2] / "checkpoints" / "siren-tiny"
SCENES = 12


class Deaf:
    """The shipped policy, which hears the same words whatever is said: it goes by the picture alone."""

    checkpoint = "deaf"

    def __init__(self) -> None:
        self._policy = Proposer.load(SHIPPED)

    def propose(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> tuple[Candidate, ...]:
        return self._policy.propose(image, "pick up something", count, rng)


@pytest.mark.slow
def test_the_shipped_policy_listens() -> None:
    report = measure_controls(Proposer.load(SHIPPED), SCENES)
    assert report.listens
    assert report.named >= 0.75
    assert report.contradicting >= 0.75
    assert report.stayed <= 0.1
    assert report.paraphrased >= 0.6
    assert report.doubt_blank is not None
    assert report.doubt_named is not None
    assert report.doubt_blank > 3 * report.doubt_named, "without a name it wavers"


@pytest.mark.slow
def test_a_policy_that_ignores_its_instruction_is_found_out() -> None:
    report = measure_controls(Deaf(), SCENES)
    assert not report.listens
    assert report.named == report.paraphrased == report.blank
    assert report.contradicting <= 0.5


def test_word_and_place_are_held_against_each_other_step_by_step() -> None:
    egg, die = thing("egg", 0.4, 0.0), thing("die", 0.4, -0.2)
    scene = Scene(objects=(egg, die, MAT))
    put = put_step("place", egg, scene, "on", "blue_mat", MAT.position[:2], 0.0, "low", "slow", "gentle")
    at_the_die = pick_step(die, 0, "slow", "gentle").model_copy(update={"object": "egg"})
    on_the_table = put.model_copy(update={"target": "table"})
    assert list(agreements(Plan(steps=(pick_step(egg, 0, "slow", "gentle"), put)), scene)) == [True, True]
    assert list(agreements(Plan(steps=(at_the_die, on_the_table)), scene)) == [False]
    assert list(agreements(Plan(steps=(at_the_die.model_copy(update={"object": "spoon"}),)), scene)) == [False]
