"""A session whose disk fills up under it: one sentence, and once there is room it goes on as if nothing had been."""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from days import begin, finish, keys, wait_for_episodes


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096) == 4096:
                pass
        except OSError:
            return ballast
    return ballast


@pytest.mark.slow
def test_a_session_on_a_full_disk_stops_in_a_sentence_and_goes_on_later(
    small_disk: Path, undisturbed_day: Counter[tuple[object, ...]]
) -> None:
    running = begin(small_disk)
    wait_for_episodes(small_disk, 1, running)
    ballast = fill(small_disk)
    _, err = running.communicate(timeout=200)
    assert running.returncode == 2
    assert "make room" in " ".join(err.split())
    assert "Traceback" not in err
    ballast.unlink()
    acknowledged = keys(small_disk)
    assert 0 < sum(acknowledged.values()) < sum(undisturbed_day.values())
    finish(small_disk)
    assert keys(small_disk) == undisturbed_day
