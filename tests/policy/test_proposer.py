"""A picture and a sentence become candidates that the core can read."""

from pathlib import Path

import numpy as np
import pytest

from siren.core.errors import CheckpointError, InstructionError
from siren.core.plan import parse_plan
from siren.policy.checkpoint import Checkpoint, save_checkpoint
from siren.policy.proposer import Proposer

SHIPPED = Path(__file__).parents[2] / "checkpoints" / "siren-tiny"


def test_candidates_carry_readable_plans(checkpoint: Checkpoint, image: np.ndarray) -> None:
    proposer = Proposer(checkpoint)
    candidates = proposer.propose(image, "Pick up the cola can!", 4, np.random.default_rng(0))
    assert proposer.checkpoint == "small"
    assert len(candidates) == 4
    assert all(candidate.plan == parse_plan(candidate.text) for candidate in candidates)
    assert all(step.keyframe.inside_workspace() for candidate in candidates if candidate.plan for step in candidate.plan.steps)


def test_a_saved_proposer_proposes_alike(checkpoint: Checkpoint, image: np.ndarray, tmp_path: Path) -> None:
    save_checkpoint(checkpoint, tmp_path / "small")
    once, again = (
        Proposer.load(tmp_path / "small").propose(image, "put the egg in the box", 3, np.random.default_rng(5)) for _ in range(2)
    )
    assert once == again


def test_pointing_stays_on_the_table(checkpoint: Checkpoint, image: np.ndarray) -> None:
    pointing = Proposer(checkpoint).point(image, "the egg")
    assert pointing.name in checkpoint.vocabulary.kinds
    assert 0.17 <= pointing.position[0] <= 0.81
    assert pointing.axis is None or 0 <= pointing.axis < 180


def test_bad_input_is_refused(checkpoint: Checkpoint, image: np.ndarray, tmp_path: Path) -> None:
    proposer = Proposer(checkpoint)
    with pytest.raises(InstructionError, match="unicorn"):
        proposer.propose(image, "pick up the unicorn", 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"expected an image uint8 \(96, 96, 3\), got float64"):
        proposer.propose(image / 255, "pick up the egg", 1, np.random.default_rng(0))
    with pytest.raises(CheckpointError, match="expected a checkpoint folder"):
        Proposer.load(tmp_path / "nowhere")


def test_hybrid_plans_are_the_same_up_to_a_step_of_the_grid_but_not_bound_to_it(checkpoint: Checkpoint, image: np.ndarray) -> None:
    plain, exact = (
        Proposer(checkpoint, codec=codec).propose(image, "pick up the egg", 1, np.random.default_rng(0))[0].plan
        for codec in ("language", "hybrid")
    )
    assert plain is not None
    assert exact is not None
    for step, other in zip(plain.steps, exact.steps, strict=True):
        assert step.symbolic_text() == other.symbolic_text()
        assert all(abs(a - b) <= 0.0018 for a, b in zip(step.keyframe.position, other.keyframe.position, strict=True))
    assert plain != exact


def test_like_moments_have_like_directions(image: np.ndarray) -> None:
    proposer = Proposer.load(SHIPPED)
    egg, again, can = (proposer.embed(image, words) for words in ("pick up the egg", "grab the egg", "pick up the cola can"))
    assert (egg.dtype, abs(float(egg @ egg) - 1.0) < 1e-5) == (np.float32, True)
    assert egg @ again > egg @ can + 0.05
    np.testing.assert_array_equal(egg, proposer.embed(image, "pick up the egg"))


def test_a_policy_says_how_sure_it_is_of_the_thing(checkpoint: Checkpoint, image: np.ndarray) -> None:
    for candidate in Proposer(checkpoint).propose(image, "pick up the egg", 4, np.random.default_rng(0)):
        assert candidate.doubt is not None
        assert 0.0 < candidate.doubt <= np.log(len(checkpoint.vocabulary.kinds) + 1)
    noise = Proposer.load(SHIPPED).propose(image, "pick up the egg", 1, np.random.default_rng(0))[0]
    assert noise.doubt is not None
    assert noise.doubt < 1.0, "the words alone say which thing"
