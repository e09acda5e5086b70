"""Rewards move the weights: what earned more than its group becomes likelier, and nothing else is rewarded or blamed."""

from pathlib import Path

import numpy as np
import pytest
import torch

from siren.learning import trainer as training
from siren.learning.choices import choices_in, heard_as_spoken, log_chances, sayable
from siren.learning.packing import pack
from siren.learning.reinforce import Group, ReinforceConfig, reinforce
from siren.learning.robot_data import policy_vocabulary
from siren.learning.samples import RobotSample
from siren.learning.trainer import Rates, Trainer
from siren.policy.action_text import write_words
from siren.policy.branches import local_mean
from siren.policy.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from siren.policy.grammar import PlanGrammar
from siren.policy.model import ModelConfig, build_model
from siren.policy.proposer import LONGEST_PLAN, Proposer

torch.set_num_threads(1)
SMALL = ModelConfig(width=64, vision_layers=1, text_layers=2, heads=2, feed_forward=64, stem=16)


def image(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (96, 96, 3)).astype(np.uint8)


@pytest.fixture(autouse=True)
def one_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    """The faster one is found by a clock."""
    monkeypatch.setattr(training, "faster_precision", lambda: torch.float32)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    vocabulary = policy_vocabulary()
    save_checkpoint(Checkpoint(build_model(SMALL, vocabulary, seed=0), vocabulary, "small"), tmp_path / "small")
    return tmp_path / "small"


def gentle(plan: object) -> float:
    """What a plan earns here: its share of gentle steps."""
    words = write_words(plan).split()  # type: ignore[arg-type]
    return words.count("gentle") / (words.count("gentle") + words.count("firm"))


def sampled(weights: Path, seeds: range) -> list[Group]:
    """Groups of six samples each."""
    proposer, groups = Proposer.load(weights), []
    for seed in seeds:
        picture = image(seed)
        plans = [one.plan for one in proposer.propose(picture, "pick up the egg", 7, np.random.default_rng(seed))[1:]]
        groups.append(Group(tuple(RobotSample(picture, "pick up the egg", plan) for plan in plans if plan), tuple(map(gentle, plans))))
    return groups


def test_a_text_is_as_likely_as_its_decoder_says(weights: Path) -> None:
    loaded = load_checkpoint(weights)
    candidates = Proposer(loaded).propose(image(1), "pick up the egg", 4, np.random.default_rng(1))
    batch = pack(
        [RobotSample(image(1), "pick up the egg", one.plan).to_row(loaded.vocabulary) for one in candidates if one.plan], loaded.vocabulary
    )
    teacher = Trainer(loaded.model, loaded.vocabulary, Rates())
    choices = choices_in(batch, loaded.vocabulary, PlanGrammar(loaded.vocabulary, LONGEST_PLAN))
    with torch.no_grad():
        logs = log_chances(teacher.answer_scores(batch, teacher.see([image(1)] * 4)), choices)
    spoken = logs.gather(1, choices.spoken[:, None])[:, 0]
    totals = torch.zeros(4).index_add(0, choices.text, spoken)
    assert totals.tolist() == pytest.approx([one.score for one in candidates], rel=1e-3)
    assert spoken[~choices.free].eq(0).all()


def test_a_number_is_all_draws_that_are_spoken_as_it(weights: Path) -> None:
    loaded = load_checkpoint(weights)
    plan = Proposer(loaded).propose(image(2), "pick up the egg", 1, np.random.default_rng(0))[0].plan
    assert plan is not None
    batch = pack([RobotSample(image(2), "pick up the egg", plan).to_row(loaded.vocabulary)], loaded.vocabulary)
    choices = choices_in(batch, loaded.vocabulary, PlanGrammar(loaded.vocabulary, LONGEST_PLAN))
    axis = loaded.vocabulary.axis("x")
    word = int(((choices.spoken >= axis.start) & (choices.spoken < axis.stop)).nonzero()[0, 0])
    scores = torch.randn(len(choices.spoken), len(loaded.vocabulary), generator=torch.Generator().manual_seed(3)) * 2
    logs = log_chances(scores, choices)
    numbers = logs[word, axis].numpy()
    spoken = [round(local_mean(numbers, place)) for place in range(len(numbers))]
    said = int(choices.spoken[word]) - axis.start
    heard = heard_as_spoken(logs, choices, loaded.vocabulary)[word, axis]
    assert {place for place in range(len(numbers)) if spoken[place] == said} | {said} == set(heard.nonzero()[:, 0].tolist())


def test_what_earns_more_becomes_likelier(weights: Path, tmp_path: Path) -> None:
    earned, now = [], weights
    config = ReinforceConfig(rates=Rates(matrices=0.005, rest=1e-3))
    for turn in range(4):
        groups = sampled(now, range(100 * turn, 100 * turn + 8))
        earned.append(float(np.mean([reward for group in groups for reward in group.rewards])))
        out = tmp_path / f"round-{turn}"
        report = reinforce(now, groups, weights, out, seed=turn, config=config)
        assert report.steps == config.passes * -(-report.groups // config.groups)
        now = out
    assert earned[-1] > earned[0] + 0.15, earned


def test_the_same_groups_give_the_same_weights(weights: Path, tmp_path: Path) -> None:
    groups = sampled(weights, range(3))
    for name in ("one", "other"):
        reinforce(weights, groups, weights, tmp_path / name, seed=5)
    texts = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "other", "small")]
    assert texts[0] == texts[1] != texts[2]


def test_groups_that_all_earned_the_same_teach_nothing(weights: Path, tmp_path: Path) -> None:
    (group,) = sampled(weights, range(1))
    dull = Group(group.tries, (1.0,) * len(group.rewards))
    assert reinforce(weights, [dull], weights, tmp_path / "out", seed=0).steps == 0
    assert not (tmp_path / "out").exists()
    assert Group(group.tries[:2], (1.0, 0.0)).advantages.tolist() == pytest.approx([1.0, -1.0], abs=1e-4)


def test_texts_that_the_grammar_cannot_say_are_known(weights: Path) -> None:
    vocabulary = policy_vocabulary()
    grammar = PlanGrammar(vocabulary, LONGEST_PLAN)
    assert sayable("pick egg x97 y88 r30 z12 slow gentle", vocabulary, grammar)
    assert not sayable("place egg on table x97 y88 r30 z12 slow gentle", vocabulary, grammar)
    assert not sayable("pick egg x97", vocabulary, grammar)
    assert not sayable("pick sphinx x97 y88 r30 z12 slow gentle", vocabulary, grammar)
