"""`siren sessions`: told from a record, in this process."""

import json
import os
from pathlib import Path

import pytest
from calling import Siren

from siren.config import SessionConfig
from siren.loop.journal import Journal
from siren.loop.lock import only_driver
from siren.memory.store import Store
from siren.testing.episodes import egg_episode


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two sessions: `evening` has ended, `night` is in round 1."""
    store = Store.open(tmp_path)
    for name, won in (("evening", True), ("night", False)):
        store.new_session(name, SessionConfig(name=name, rounds=1).model_dump_json())
        (tmp_path / "sessions" / name).mkdir(parents=True)
        for turn in (0, 1, 2) if won else (0,):
            store.begin_round(name, turn)
            store.record(egg_episode(1, session=name, round=turn, use="collect" if turn == 1 else "evaluate", success=won and turn == 2))
            store.commit_round(name, turn, {}, "{}")
    with Journal(tmp_path / "sessions" / "night") as journal:
        journal.phase("before", 0, 1)
        journal.episode(store.episode(4))
    store.close()
    return tmp_path


def answer(out: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(out.splitlines()[-1])
    return found


def test_a_list_tells_what_runs_and_what_can_be_gone_on_with(here: Siren, home: Path) -> None:
    states = {one["name"]: one["state"] for one in answer(here("sessions", "list", "--json").out)["sessions"]}  # type: ignore[attr-defined]
    assert states == {"evening": "finished", "night": "stopped in round 1"}
    with only_driver(home / "sessions" / "night"):
        assert f"running ({os.getpid()})" in here("sessions", "list").out


def test_a_session_is_shown_with_its_figures(here: Siren, home: Path) -> None:
    shown = answer(here("sessions", "show", "evening", "--json").out)
    assert shown["state"] == "finished"
    assert shown["metrics"]["change"] == {"tasks": 1, "gained": 1, "lost": 0, "p_value": 1.0}  # type: ignore[index]
    assert "self-improvement" in here("sessions", "show", "evening").out


def test_the_last_events_are_told(here: Siren, home: Path) -> None:
    said = here("sessions", "tail", "-n", "2")
    assert said.code == 0, said.err
    assert "'pick up the egg' fails: crushed egg" in said.out
    assert "end: finished" in here("sessions", "tail", "--follow").out
    lines = [json.loads(line) for line in here("sessions", "tail", "--json").out.splitlines()]
    assert [line["event"] for line in lines] == ["phase", "episode", "end"]


def test_two_sessions_are_compared_task_by_task(here: Siren, home: Path) -> None:
    assert answer(here("sessions", "compare", "evening", "evening", "--json").out)["paired"]["tasks"] == 1  # type: ignore[index]
    assert "nothing can be paired" in here("sessions", "compare", "evening", "night").out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["show", "noon"], "no session 'noon' in the store; the newest are: night, evening"),
        (["stop", "evening"], "session 'evening' is not running"),
        (["tail", "evening"], "has no events.jsonl"),
        (["compare", "evening", "noon"], "no session 'noon'"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(here: Siren, home: Path, words: list[str], complaint: str) -> None:
    said = here("sessions", *words)
    assert said.code == 2
    assert complaint in said.err
    assert "Traceback" not in said.err


def test_an_empty_home_has_no_sessions(here: Siren) -> None:
    assert "nothing on record" in here("sessions", "list").err
