"""A session in one process, with the policy that ships: it can be stopped anywhere, and goes on where the record ends."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from siren import build
from siren.core.errors import SessionError, SirenError
from siren.loop.lock import only_driver
from siren.loop.start import new_session, old_session, place
from siren.memory.store import Store
from tests.loop.diaries import SMALL, Diary, session, told


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Path, Diary]]:
    home, diary = tmp_path_factory.mktemp("undisturbed"), Diary()
    ran, store = session(home, diary)
    ran.run()
    yield store, home, diary
    store.close()


@pytest.mark.slow
def test_every_round_is_practised_mined_and_committed(undisturbed: tuple[Store, Path, Diary]) -> None:
    store, _, diary = undisturbed
    assert [(name, turn, tasks) for name, turn, tasks in diary.phases] == [
        ("before", 0, 2), ("practice", 1, 4), ("practice", 2, 4), ("after", 3, 5),
    ]  # fmt: skip
    assert diary.mined_rounds == [1, 2]
    committed = store.last_committed_round("small")
    assert committed is not None
    assert committed.number == 3
    uses = Counter(episode.use for episode in store.episodes("small"))
    assert (uses["collect"], uses["evaluate"], uses["audit"]) == (8, 4, 3)


@pytest.mark.slow
def test_it_is_told_where_the_seconds_went(undisturbed: tuple[Store, Path, Diary]) -> None:
    store, _, diary = undisturbed
    assert [work.jobs for work in diary.work] == [2, 4, 4, 5]
    for work in diary.work:
        assert work.simulation + work.inference <= work.job <= work.wall
        assert work.job + work.recording <= work.wall
        assert 0 < work.share < 1
        assert 50 < work.memory == pytest.approx(work.driver_memory, rel=0.2)  # megabytes; here both are this process
    assert {turn: row["work/jobs"] for turn, row in store.metrics("small").items()} == {0: 2, 1: 4, 2: 4, 3: 5}


@pytest.mark.slow
def test_a_failure_is_probed_and_a_success_is_experimented_on(undisturbed: tuple[Store, Path, Diary]) -> None:
    store, _, _ = undisturbed
    tries = tuple(store.episodes("small", use="collect"))
    failed, done = ({one.task.seed for one in tries if one.outcome.success == good} for good in (False, True))
    probed = Counter(episode.task.seed for episode in store.episodes("small", use="probe"))
    moved = [episode.task.seed for episode in store.episodes("small", use="experiment")]
    assert failed
    assert set(probed) == failed
    assert max(probed.values()) <= SMALL.probes
    assert moved
    assert set(moved) <= done  # but not of a push: there is no quantity to move
    assert max(Counter(moved).values()) == SMALL.experiments


@pytest.mark.slow
def test_before_and_after_see_the_same_tasks(undisturbed: tuple[Store, Path, Diary]) -> None:
    store, _, _ = undisturbed
    before, after = ([episode.task for episode in store.episodes("small", round=turn, use="evaluate")] for turn in (0, 3))
    assert before == after


@pytest.mark.slow
@pytest.mark.parametrize("moment", [1, 3, 9])
def test_a_session_that_was_stopped_ends_as_if_it_had_not_been(undisturbed: tuple[Store, Path, Diary], tmp_path: Path, moment: int) -> None:
    stopped, store = session(tmp_path, Diary(stop_after=moment))
    with pytest.raises(KeyboardInterrupt):
        stopped.run()
    recorded = store.count_episodes("small")
    assert recorded == moment
    again, store = session(tmp_path, Diary(), resume=True)
    again.run()
    assert told(store) == told(undisturbed[0])
    first, second = (build.learned_rules(home / "sessions" / "small" / "rules") for home in (tmp_path, undisturbed[1]))
    assert [(rule.id, rule.text, rule.support, rule.against) for rule in first] == [
        (rule.id, rule.text, rule.support, rule.against) for rule in second
    ]


def test_a_name_is_used_once(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    new_session(SMALL, tmp_path, store)
    with pytest.raises(SessionError, match="session 'small' exists already"):
        new_session(SMALL, tmp_path, store)


def test_a_session_has_one_driver(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    new_session(SMALL, tmp_path, store)
    folder = tmp_path / "sessions" / "small"
    with only_driver(folder), pytest.raises(SessionError, match="run by another process"), only_driver(folder):
        pass
    with only_driver(folder):
        pass


def test_one_process_joins_no_ray(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="add --workers 2"):
        place(SMALL.model_copy(update={"address": "auto"}), tmp_path)


def test_nothing_to_resume_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SirenError, match="session"):
        old_session("", tmp_path, Store.open(tmp_path))
