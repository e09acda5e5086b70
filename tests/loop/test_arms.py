"""Arms that SIREN is compared with: what each leaves out is really left out, and each can be stopped anywhere."""

from collections import Counter
from pathlib import Path

import pytest
import torch

from siren.config import SessionConfig
from siren.core.episode import Episode
from siren.learning import trainer as training
from siren.loop.jobs import MiningNews, TrainingNews
from siren.loop.session import Session
from siren.loop.start import new_session, old_session, place
from siren.memory.store import Store
from siren.testing.deaf import Deaf

RL = SessionConfig(name="arm", learner="rl", rounds=2, episodes=4, probes=2, held_out=1, audit=0, evaluate_every=1)
OFF = SessionConfig(name="arm", rules=False, train=False, rounds=2, episodes=3, probes=1, burn_in=1, held_out=2, audit=0)


class Ear(Deaf):
    """A listener that keeps the news, and may pull the plug."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.trained_rounds: list[TrainingNews] = []
        self._left = stop_after

    def episode(self, episode: Episode) -> None:
        self._left -= 1
        if self._left <= 0:
            raise KeyboardInterrupt

    def mined(self, turn: int, news: MiningNews) -> None:
        raise AssertionError("an arm without rules mines none")

    def trained(self, turn: int, news: TrainingNews) -> None:
        self.trained_rounds.append(news)


@pytest.fixture(autouse=True)
def one_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    """The faster one is found by a clock."""
    monkeypatch.setattr(training, "faster_precision", lambda: torch.float32)


def run(home: Path, config: SessionConfig, ear: Ear, *, resume: bool = False) -> list[Episode]:
    store = Store.open(home)
    config = old_session("", home, store) if resume else new_session(config, home, store)
    try:
        Session(config, home, store, place(config, home), ear).run()
        return list(store.episodes("arm"))
    finally:
        store.close()


def told(episodes: list[Episode]) -> Counter[tuple[object, ...]]:
    """What is on record, without ids and times."""
    return Counter(
        (one.round, one.use, one.task.seed, one.attempt, one.decision.checkpoint, str(one.decision.plan), one.outcome.state_hash)
        for one in episodes
    )


@pytest.fixture(scope="module")
def by_rewards(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Episode], Ear]:
    ear = Ear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "faster_precision", lambda: torch.float32)
        return run(tmp_path_factory.mktemp("rl"), RL, ear), ear


@pytest.mark.slow
def test_rewards_alone_every_task_is_a_group_and_every_round_trains(by_rewards: tuple[list[Episode], Ear]) -> None:
    episodes, ear = by_rewards
    practised = [one for one in episodes if one.use in ("collect", "probe")]
    groups = Counter((one.round, one.task.seed) for one in practised)
    assert set(groups.values()) == {3}
    assert len(groups) == 8
    assert all(one.decision.path == "proposal" and one.decision.chosen > 0 for one in practised)
    assert len({(one.task.seed, one.decision.chosen) for one in practised}) == len(practised)
    assert [news.published for news in ear.trained_rounds] == [bool(news.steps) for news in ear.trained_rounds]
    assert any(news.published for news in ear.trained_rounds)
    first = ear.trained_rounds[0]
    assert {one.decision.checkpoint for one in episodes if one.round == 2} == {
        Path(news.checkpoint).name for news in ear.trained_rounds[:1]
    }
    assert first.corrections % 3 == 0
    assert Counter(one.round for one in episodes if one.use == "evaluate") == {0: 1, 1: 1, 3: 1}


@pytest.mark.slow
@pytest.mark.parametrize("stop_after", [6, 14])
def test_rewards_alone_a_stopped_session_comes_to_the_same(tmp_path: Path, by_rewards: tuple[list[Episode], Ear], stop_after: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, RL, Ear(stop_after))
    assert told(run(tmp_path, RL, Ear(), resume=True)) == told(by_rewards[0])


@pytest.mark.slow
def test_without_rules_nothing_is_mended_and_nothing_mined(tmp_path: Path) -> None:
    episodes = run(tmp_path, OFF, Ear())
    own = [one for one in episodes if one.use != "probe"]
    assert all(one.decision.path == "proposal" and one.decision.repair is None for one in own)
    assert all(one.decision.chosen == 0 for one in own if one.use == "evaluate")
    assert any(one.decision.chosen > 0 for one in own if one.round == 1)  # the burn-in explores
    failed = {one.task.seed for one in own if one.use == "collect" and not one.outcome.success}
    assert failed == {one.task.seed for one in episodes if one.use == "probe"}


@pytest.mark.parametrize(
    ("config", "trained", "evaluated"),
    [
        (SessionConfig(rounds=8), [6], []),
        (SessionConfig(rounds=2), [2], []),
        (SessionConfig(rounds=4, train_every=2, evaluate_every=1), [2, 4], [1, 2, 3]),
        (SessionConfig(rounds=4, train=False, evaluate_every=3), [], [3]),
        (SessionConfig(rounds=4, train=False, learner="rl"), [1, 2, 3, 4], []),
    ],
)
def test_when_weights_are_trained_and_held_out_tasks_tried(config: SessionConfig, trained: list[int], evaluated: list[int]) -> None:
    rounds = range(1, config.rounds + 1)
    assert [turn for turn in rounds if config.trains_after(turn)] == trained
    assert [turn for turn in rounds if config.evaluates_after(turn)] == evaluated
