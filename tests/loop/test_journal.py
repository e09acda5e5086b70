"""What a session writes about itself for others to read: whole lines in order, whatever happened to the last writer."""

import json
from pathlib import Path

import pytest

from siren.core.rule import Rule
from siren.loop.jobs import MiningNews, TrainingNews, Work
from siren.loop.journal import FILE, Journal, read_events
from siren.loop.scalars import FOLDER, Scalars
from siren.testing.episodes import egg_episode

RULE = Rule(id="r0001", text="violated(r0001, (O,), T) :- step(T, pick, O), force(T, firm).", sentence="{O} is crushed", support=3)
MINED = MiningNews(rules=(RULE,), born=(RULE,), retired=(), evidence=(), reasons=(), rows=9)
TRAINED = TrainingNews(
    checkpoint="tuned", parent="tiny", published=True, reason="no worse", corrections=2, rehearsed=5, steps=7, seconds=1.5,
    before={"seen_right": 0.5}, after={"seen_right": 0.75},
)  # fmt: skip


def told(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / FILE).read_text().splitlines()]


def test_every_event_is_a_line(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.phase("practice", 1, 4)
        journal.episode(egg_episode().model_copy(update={"id": 7}))
        journal.mined(1, MINED)
        journal.trained(1, TRAINED)
    events = told(tmp_path)
    assert [event["event"] for event in events] == ["phase", "episode", "rule", "mining", "training", "end"]
    assert [event["n"] for event in events] == [1, 2, 3, 4, 5, 6]
    assert (events[1]["id"], events[1]["cause"], events[1]["success"]) == (7, "crushed", False)
    assert (events[2]["change"], events[4]["published"], events[5]["reason"]) == ("born", True, "finished")


def test_where_the_seconds_went_is_a_line(tmp_path: Path) -> None:
    work = Work(jobs=4, workers=2, wall=10.0, job=18.0, simulation=12.0, inference=5.0, recording=1.0)
    with Journal(tmp_path) as journal:
        journal.worked("practice", 1, work)
    assert (told(tmp_path)[0]["event"], told(tmp_path)[0]["share"], told(tmp_path)[0]["wall"]) == ("work", 0.85, 10.0)
    assert (work + work).share == work.share


def test_a_torn_line_is_cut_off_and_the_count_goes_on(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.phase("practice", 1, 4)
        journal.episode(egg_episode().model_copy(update={"id": 7}))
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole + b'{"n": 4, "time": "2026')
    with Journal(tmp_path) as journal:
        assert journal.last_episode == 7
        journal.phase("practice", 2, 4)
    assert (tmp_path / FILE).read_bytes().startswith(whole)
    assert [event["n"] for event in told(tmp_path)] == [1, 2, 3, 4, 5]


def test_episodes_that_a_crash_left_without_a_line_get_theirs_once(tmp_path: Path) -> None:
    episodes = [egg_episode(seed).model_copy(update={"id": seed}) for seed in (1, 2, 3)]
    with Journal(tmp_path) as journal:
        journal.episode(episodes[0])
    for _ in range(2):
        with Journal(tmp_path) as journal:
            journal.catch_up(episodes)
            journal.episode(episodes[1])  # a job that was broken off is done again
    assert [event["id"] for event in told(tmp_path) if event["event"] == "episode"] == [1, 2, 3]


def test_a_reader_follows_without_seeing_half_a_line(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_bytes(b'{"n": 1}\n{"n": 2')
    position, events = read_events(path)
    assert [event["n"] for event in events] == [1]
    with path.open("ab") as file:
        file.write(b"}\n")
    assert [event["n"] for event in read_events(path, position)[1]] == [2]


def test_an_end_in_the_midst_of_things_is_named(tmp_path: Path) -> None:
    def practise_and_stop() -> None:
        with Journal(tmp_path) as journal:
            journal.phase("practice", 1, 4)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        practise_and_stop()
    assert told(tmp_path)[-1]["reason"] == "stopped by hand"


def test_tensorboard_reads_what_was_written(tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    with Scalars(tmp_path) as scalars:
        for number, won in enumerate((True, False), 1):
            scalars.episode(egg_episode(number, success=won).model_copy(update={"id": number}))
        scalars.mined(1, MINED)
        scalars.trained(1, TRAINED)
    read = accumulator.EventAccumulator(str(tmp_path / FOLDER))
    read.Reload()
    assert [(point.step, point.value) for point in read.Scalars("success/collect")] == [(1, 1.0), (2, 0.5)]
    assert read.Scalars("rules/steps_seen")[0].value == 9
    assert read.Scalars("training/seen_right_after")[0].value == 0.75
