"""Rounds that overlap: the next one is practised while the last one's lesson is worked out, and the record is the same whoever does it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from siren.config import PROJECT
from siren.core.errors import SessionError
from siren.loop.start import new_session
from siren.memory.store import Store
from tests.loop.diaries import SMALL, Diary, session, told

# With the simulator's facts twenty tasks, failures and their probes alone, are enough to teach a rule.
OVERLAPPING = SMALL.model_copy(
    update={
        "rounds": 3,
        "episodes": 20,
        "experiments": 0,
        "burn_in": 3,
        "held_out": 1,
        "audit": 0,
        "overlap": True,
        "perception": "simulator",
    }
)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Path, Diary]]:
    """In one process, where nothing can happen at the same time."""
    home, diary = tmp_path_factory.mktemp("alone"), Diary()
    ran, store = session(home, diary, OVERLAPPING)
    ran.run()
    yield store, home, diary
    store.close()


def in_force(store: Store) -> dict[int, set[str]]:
    """By round, the rules by which practice was judged."""
    tries = list(store.episodes("small", use="collect"))
    return {turn: {episode.decision.rulebook for episode in tries if episode.round == turn} for turn in {one.round for one in tries}}


def test_only_practice_that_follows_practice_overlaps() -> None:
    overlapping = [turn for turn in range(OVERLAPPING.rounds + 2) if OVERLAPPING.overlaps(turn)]
    assert overlapping == [2, 3]
    assert not any(SMALL.overlaps(turn) for turn in range(4))


def test_rewards_teach_only_the_weights_that_earned_them(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="leave one of the two out"):
        new_session(OVERLAPPING.model_copy(update={"learner": "rl"}), tmp_path, Store.open(tmp_path))


@pytest.mark.slow
def test_a_lesson_counts_one_round_later(alone: tuple[Store, Path, Diary]) -> None:
    store, _, diary = alone
    assert diary.told == [
        "before 0", "practice 1", "practice 2", "mined 1", "practice 3", "mined 2", "mined 3", "after 4",
    ]  # fmt: skip
    books = in_force(store)
    assert books[1] == books[2]  # the first lesson was not there yet
    assert any(rule.in_force for rule in store.rules_before("small", 2)), "else the next line would hold of anything"
    assert books[3] != books[2]


@pytest.mark.slow
@pytest.mark.parametrize("moment", [30])
def test_stopped_anywhere_it_ends_as_if_it_had_not_been(alone: tuple[Store, Path, Diary], tmp_path: Path, moment: int) -> None:
    stopped, _ = session(tmp_path, Diary(stop_after=moment), OVERLAPPING)
    with pytest.raises(KeyboardInterrupt):
        stopped.run()
    again, store = session(tmp_path, Diary(), resume=True)
    again.run()
    assert told(store) == told(alone[0])
    assert in_force(store) == in_force(alone[0])


@pytest.mark.slow
def test_on_ray_it_comes_to_the_same(alone: tuple[Store, Path, Diary], tmp_path: Path) -> None:
    program = f"from tests.loop.test_overlap import run_on_ray; run_on_ray({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=True, timeout=400)
    store = Store.open(tmp_path)
    assert told(store) == told(alone[0])
    assert in_force(store) == in_force(alone[0])
    store.close()


def run_on_ray(home: str) -> None:
    """In a process of its own, so that its Ray is nobody else's."""
    diary = Diary()
    ran, store = session(Path(home), diary, OVERLAPPING.model_copy(update={"workers": 2}))
    ran.run()
    store.close()
