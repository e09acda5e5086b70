"""New weights have to prove themselves in the world: weights that cannot act are not published, whatever the retention test said."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from siren import build
from siren.config import SessionConfig, shipped_checkpoint
from siren.core.episode import Decision, Episode, Outcome, Use
from siren.learning.robot_data import policy_vocabulary
from siren.loop.jobs import MiningNews, Publication, TrainingNews, Work
from siren.loop.placement import LocalPlacement
from siren.loop.session import Session
from siren.loop.start import new_session, place
from siren.loop.trial import judge
from siren.memory.records import CheckpointRecord
from siren.memory.store import Store
from siren.policy.checkpoint import Checkpoint, save_checkpoint
from siren.policy.model import ModelConfig, build_model
from siren.world.expert import careless_plan
from siren.world.tasks import make_task, nominal_scene

SMALL = SessionConfig(name="small", rounds=1, episodes=1, probes=0, held_out=0, audit=0, trial=14)


class TaughtBadly(LocalPlacement):
    """Everything as ever, but the weights that come out of training are those of a model that has learned nothing."""

    def __init__(self, whole: LocalPlacement, store: Store, folder: Path) -> None:
        self.run, self.mine, self.close = whole.run, whole.mine, whole.close  # type: ignore[method-assign]
        self._store, self._folder = store, folder

    def improve(self, session: str, turn: int, publication: Publication) -> TrainingNews:
        vocabulary = policy_vocabulary()
        save_checkpoint(Checkpoint(build_model(ModelConfig(), vocabulary, 3).eval(), vocabulary, self._folder.name), self._folder)
        digest = hashlib.sha256((self._folder / "model.safetensors").read_bytes()).hexdigest()
        record = CheckpointRecord(name=self._folder.name, path=self._folder, sha256=digest, parent="old", published=True, reason="kept all")
        self._store.record_checkpoint(session, turn, record)
        return TrainingNews(
            checkpoint=str(self._folder), parent=publication.checkpoint, published=True, reason="kept all",
            corrections=1, rehearsed=0, steps=1, seconds=1.0, before={}, after={},
        )  # fmt: skip


class Ear:
    """A listener that keeps what was said of the weights."""

    def __init__(self) -> None:
        self.news: TrainingNews | None = None

    def phase(self, name: str, turn: int, tasks: int) -> None: ...
    def episode(self, episode: Episode) -> None: ...
    def mined(self, turn: int, news: MiningNews) -> None: ...
    def worked(self, name: str, turn: int, work: Work) -> None: ...

    def trained(self, turn: int, news: TrainingNews) -> None:
        self.news = news


@pytest.mark.slow
def test_weights_that_cannot_act_are_kept_back(tmp_path: Path) -> None:
    store, ear = Store.open(tmp_path), Ear()
    config = new_session(SMALL, tmp_path, store)
    whole = place(config, tmp_path)
    assert isinstance(whole, LocalPlacement)
    Session(config, tmp_path, store, TaughtBadly(whole, store, tmp_path / "bad"), ear).run()
    assert ear.news is not None
    assert not ear.news.published
    assert "worse in the world: of 14 tasks" in ear.news.reason
    kept = store.checkpoints("small")[-1]
    assert (kept.name, kept.published, kept.reason) == ("bad", False, ear.news.reason)
    assert build.committed_checkpoint(store.last_committed_round("small"), config) == str(shipped_checkpoint())
    assert store.count_episodes("small", use="incumbent") == store.count_episodes("small", use="challenger") == 14


def arm(use: Use, *successes: bool) -> list[Episode]:
    """One episode a seed, from 0 on."""
    return [tried(use, seed, won) for seed, won in enumerate(successes)]


def tried(use: Use, seed: int, won: bool) -> Episode:
    task = make_task(seed)
    scene = nominal_scene(task)
    plan = careless_plan(task, scene, np.random.default_rng(seed))
    decision = Decision(candidates=(), chosen=-1, plan=plan, rulebook="", checkpoint="none")
    outcome = Outcome(success=won, goal_reached=won, events=(), ticks=1, state_hash="")
    return Episode(session="small", round=1, use=use, task=task, scene=scene, decision=decision, outcome=outcome)


def test_a_trial_counts_pairs_and_forgives_what_may_be_chance() -> None:
    even = judge([*arm("incumbent", True, True, False), *arm("challenger", False, True, True)])
    assert (even.tasks, even.gained, even.lost, even.passed) == (3, 1, 1, True)
    assert judge([*arm("incumbent", True, True, True), *arm("challenger", False, False, False)]).passed
    assert not judge([*arm("incumbent", *[True] * 4), *arm("challenger", *[False] * 4)]).passed
    assert judge([*arm("incumbent", *[False] * 4), *arm("challenger", *[True] * 4)]).passed


def test_only_tasks_that_both_tried_count() -> None:
    found = judge([*arm("incumbent", True, True), *arm("challenger", True), *arm("collect", False, False)])
    assert (found.tasks, found.gained, found.lost) == (1, 0, 0)
