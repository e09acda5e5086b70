"""Pairs of plans move the weights towards the one that worked, and only pairs that mean something are made."""

from pathlib import Path

import numpy as np
import pytest
import torch

from siren.core.episode import Episode
from siren.core.errors import CheckpointError
from siren.core.plan import Plan
from siren.learning.choices import choices_in, log_chances
from siren.learning.packing import pack
from siren.learning.preferences import Preference, pairs_of, prefer, speakable
from siren.learning.robot_data import policy_vocabulary
from siren.learning.samples import RobotSample
from siren.learning.trainer import Rates, Trainer
from siren.policy.action_text import read_words
from siren.policy.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from siren.policy.grammar import PlanGrammar
from siren.policy.model import ModelConfig, build_model
from siren.policy.proposer import LONGEST_PLAN
from siren.testing.episodes import egg_episode

torch.set_num_threads(1)
SMALL = ModelConfig(width=64, vision_layers=1, text_layers=2, heads=2, feed_forward=64, stem=16)
GENTLE = "pick egg x97 y88 r30 z12 slow gentle"
FIRM = "pick egg x97 y88 r30 z12 slow firm"


def image(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (96, 96, 3)).astype(np.uint8)


def shown(words: str, seed: int = 0) -> RobotSample:
    return RobotSample(image(seed), "pick up the egg", read_words(words))


def test_the_good_plan_is_favoured_afterwards(tmp_path: Path) -> None:
    vocabulary = policy_vocabulary()
    save_checkpoint(Checkpoint(build_model(SMALL, vocabulary, seed=0), vocabulary, "small"), tmp_path / "small")
    pairs = [Preference(shown(GENTLE, seed), shown(FIRM, seed)) for seed in range(4)]
    report = prefer(tmp_path / "small", pairs, tmp_path / "out", steps=20, seed=0)
    assert report.preferred == 1.0
    before, after = (_favour(tmp_path / name) for name in ("small", "out"))
    assert all(late > early for early, late in zip(before, after, strict=True)), "on pictures that no pair showed, too"


def _favour(weights: Path) -> list[float]:
    """How much likelier the gentle plan is than the firm one on fresh pictures, in nats."""
    loaded = load_checkpoint(weights)
    trainer, vocabulary = Trainer(loaded.model, loaded.vocabulary, Rates()), loaded.vocabulary
    found = []
    for seed in range(20, 28):
        batch = pack([shown(plan, seed).to_row(vocabulary) for plan in (GENTLE, FIRM)], vocabulary)
        choices = choices_in(batch, vocabulary, PlanGrammar(vocabulary, LONGEST_PLAN))
        with torch.no_grad():
            logs = log_chances(trainer.answer_scores(batch, trainer.see([image(seed)]).expand(2, -1, -1)), choices)
        gentle, firm = torch.zeros(2).index_add(0, choices.text, logs.gather(1, choices.spoken[:, None])[:, 0]).tolist()
        found.append(gentle - firm)
    return found


def test_pairs_come_from_failures_that_were_mended_and_from_refusals_that_ended_well() -> None:
    failed, mended = egg_episode(1).model_copy(update={"id": 1}), egg_episode(2, success=True).model_copy(update={"id": 2})
    as_it_was = _as_proposed(egg_episode(3, success=True).model_copy(update={"id": 3}))
    firm = failed.decision.candidates[0].plan
    assert firm is not None
    fix = Plan(steps=(*failed.decision.plan.steps, *failed.decision.plan.steps))
    found = {pair.episode: pair for pair in pairs_of([failed, mended, as_it_was], {1: fix})}
    assert set(found) == {1, 2}
    assert (found[1].good, found[1].bad) == (fix, failed.decision.plan)
    assert (found[2].good, found[2].bad) == (mended.decision.plan, firm)
    assert not list(pairs_of([failed], {}))


def _as_proposed(episode: Episode) -> Episode:
    decision = episode.decision.model_copy(update={"repair": None, "path": "proposal"})
    return episode.model_copy(update={"decision": decision})


def test_pairs_that_the_policy_cannot_say_or_tell_apart_are_left_out() -> None:
    vocabulary = policy_vocabulary()
    assert speakable(shown(GENTLE), shown(FIRM), vocabulary) is not None
    assert speakable(shown(GENTLE), shown(GENTLE), vocabulary) is None
    put = shown("place egg on table x97 y88 r30 z12 slow firm")
    assert speakable(shown(GENTLE), put, vocabulary) is None  # nothing was picked up


def test_without_pairs_there_is_nothing_to_prefer(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="at least one pair"):
        prefer(tmp_path, [], tmp_path / "out", steps=1, seed=0)
