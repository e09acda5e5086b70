"""What Prometheus reads of a session: scraped as it would, over loopback."""

import socket
import urllib.request
from pathlib import Path

import pytest

from siren.core.errors import SessionError
from siren.core.rule import Rule
from siren.loop.exporter import LOOPBACK, Exporter
from siren.loop.jobs import MiningNews, TrainingNews, Work
from siren.testing.episodes import egg_episode

pytest.importorskip("prometheus_client")
RULE = Rule(id="r0001", text="violated(r0001, (O,), T) :- step(T, pick, O), force(T, firm).", sentence="{O} is crushed", support=3)
TRAINED = TrainingNews(
    checkpoint="tuned", parent="tiny", published=True, reason="no worse", corrections=2, rehearsed=5, steps=7, seconds=1.5,
    before={"seen_right": 0.5}, after={"seen_right": 0.75},
)  # fmt: skip


def scraped(port: int) -> dict[str, float]:
    """Every sample of the page by name and labels."""
    with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_what_happens_is_on_the_page() -> None:
    with Exporter("night", 0) as exporter:
        exporter.phase("practice", 3, 60)
        for number, won in enumerate((True, False, True), 1):
            exporter.episode(egg_episode(number, success=won))
        exporter.mined(3, MiningNews(rules=(RULE,), born=(RULE,), retired=(), evidence=(), reasons=(), rows=9))
        exporter.trained(3, TRAINED)
        exporter.worked("practice", 3, Work(jobs=4, workers=2, wall=10.0, job=18.0, simulation=12.0, inference=5.0, recording=1.0))
        page = scraped(exporter.port)
    assert page['siren_episodes_total{outcome="success",session="night",use="collect"}'] == 2
    assert page['siren_success_ratio{session="night",use="collect"}'] == pytest.approx(2 / 3)
    assert page['siren_phase_tasks{phase="practice",session="night"}'] == 60
    assert page['siren_round{session="night"}'] == 3
    assert page['siren_rules{session="night",state="active"}'] == 1
    assert page['siren_steps_seen{session="night"}'] == 9
    assert page['siren_training{figure="seen_right_after",session="night"}'] == 0.75
    assert page['siren_worker_busy_ratio{phase="practice",session="night"}'] == 0.85


def test_it_ends_with_the_session_and_keeps_to_loopback() -> None:
    with Exporter("night", 0) as exporter:
        port = exporter.port
        assert exporter._server.server_address[0] == LOOPBACK
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((LOOPBACK, port), timeout=5)


def test_a_port_that_is_taken_is_said_so(tmp_path: Path) -> None:
    with Exporter("night", 0) as first, pytest.raises(SessionError, match=f"{first.port}.*choose another --metrics-port"):
        Exporter("day", first.port)
