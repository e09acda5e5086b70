"""A folder of rules is written by one process at a time."""

import threading
from pathlib import Path

from siren.symbolic.turns import reading, writing


def test_a_reader_waits_for_the_writer_and_the_writer_may_read(tmp_path: Path) -> None:
    told: list[str] = []
    begun = threading.Event()

    def read() -> None:
        begun.set()
        with reading(tmp_path):
            told.append("read")

    other = threading.Thread(target=read)
    with writing(tmp_path):
        with reading(tmp_path), writing(tmp_path):  # whoever holds it does not wait for itself
            told.append("held")
        other.start()
        begun.wait()
        other.join(timeout=0.2)
        assert other.is_alive()
        told.append("written")
    other.join(timeout=20)
    assert told == ["held", "written", "read"]


def test_readers_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with reading(tmp_path):
        other = threading.Thread(target=lambda: reading(tmp_path).__enter__())
        other.start()
        other.join(timeout=20)
        assert not other.is_alive()


def test_a_folder_that_is_not_there_holds_nobody_up(tmp_path: Path) -> None:
    with writing(tmp_path / "nowhere"), reading(tmp_path / "nowhere"):
        assert not (tmp_path / "nowhere").exists()
