"""A hand on a session from its page: it is stopped, and gone on with, by real processes; and not by everybody."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from visiting import RULE, SESSION, Visitor, visit

from siren.loop import detached
from siren.loop.lock import driver_of
from siren.memory.database import FILE_NAME
from siren.web.settings import WebSettings

PAGE = f"/sessions/{SESSION}"
DRIVER = """
import sys, time
from pathlib import Path
from siren.loop.drain import drain
from siren.loop.lock import only_driver
with only_driver(Path(sys.argv[1])), drain() as wish:
    while not wish.made:
        time.sleep(0.05)
"""


@pytest.fixture
def unfinished(home: Path) -> None:
    """The recorded session was to have more rounds than it has."""
    with sqlite3.connect(home / FILE_NAME) as db:
        db.execute("UPDATE sessions SET config = json_set(config, '$.rounds', 20)")


def wait_until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)
    return true()


@pytest.fixture
def driver(home: Path) -> Iterator[Path]:
    """A process that holds the session as a driver does, until it is asked to stop."""
    folder = home / "sessions" / SESSION
    running = subprocess.Popen([sys.executable, "-c", DRIVER, str(folder)])
    assert wait_until(lambda: driver_of(folder) == running.pid)
    yield folder
    running.kill()
    running.wait()


def test_a_running_session_is_stopped(visitor: Visitor, driver: Path, unfinished: None) -> None:
    text = visitor.get(PAGE)
    assert "running (" in text
    assert "Go on with it" not in text
    visitor.send(PAGE, f"{PAGE}/stop", 303)
    assert wait_until(lambda: driver_of(driver) is None)
    assert "stopped in round" in visitor.get(f"{PAGE}?done=stop")
    assert "is not running" in visitor.send(PAGE, f"{PAGE}/stop", 422)


def test_a_stopped_session_is_gone_on_with(visitor: Visitor, home: Path, unfinished: None, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "import sys; print(sys.argv[1:])"
    monkeypatch.setattr(detached, "_COMMAND", (sys.executable, "-c", told, "learn"))
    assert "Go on with it" in visitor.get(PAGE)
    visitor.send(PAGE, f"{PAGE}/resume", 303)
    log = home / "sessions" / SESSION / detached.LOG
    assert wait_until(lambda: log.exists() and log.read_text() != "")
    assert log.read_text().strip() == str(["learn", SESSION, "--resume", "--home", str(home.resolve())])


def test_what_runs_is_not_begun_twice(visitor: Visitor, driver: Path) -> None:
    assert "is running already" in visitor.send(PAGE, f"{PAGE}/resume", 422)
    assert not (driver / detached.LOG).exists()


def test_who_may_only_look_drives_nothing(home: Path, driver: Path) -> None:
    for visitor in visit(WebSettings(home=home, read_only=True)):
        assert "<form" not in visitor.get(PAGE)
    for visitor in visit(WebSettings(home=home, sample=True)):
        assert "<form" not in visitor.get(PAGE)
        assert "only shows sessions" in visitor.send(f"{PAGE}/rules/{RULE}/edit", f"{PAGE}/stop", 422)
    assert driver_of(driver) is not None


def test_a_form_without_its_token_drives_nothing(visitor: Visitor, driver: Path) -> None:
    assert visitor.client.post(f"{PAGE}/stop").status_code == 403
    assert driver_of(driver) is not None
