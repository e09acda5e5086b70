"""A session's folder as something that one process holds: who drives it, and a way to ask that process to stop."""

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from siren.core.errors import SessionError

FILE = "driver.lock"


@contextmanager
def only_driver(folder: Path) -> Iterator[None]:
    """Hold the session for this driver; a second one is refused. The lock dies with its process."""
    try:
        descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise SessionError(
            f"session '{folder.name}' cannot be run: {folder} cannot be written ({error.strerror}); make it so or choose another --home"
        ) from error
    try:
        _take(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise SessionError(f"session '{folder.name}' is being run by another process; stop that one first") from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def driver_of(folder: Path) -> int | None:
    """The process that holds the session now; None when nobody does."""
    try:
        with (folder / FILE).open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(lock.readline() or 0) or None
    except FileNotFoundError:
        return None
    return None


def stop_driver(folder: Path, seconds: float) -> bool:
    """Ask the driver to finish what it has in hand (SIGTERM) and wait for it. False: it was still there after that long.

    Raises SessionError when nobody drives the session.
    """
    driver = driver_of(folder)
    if driver is None:
        raise SessionError(f"session '{folder.name}' is not running; siren sessions list shows those that are")
    os.kill(driver, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while driver_of(folder) == driver and time.monotonic() < deadline:
        time.sleep(0.1)
    return driver_of(folder) != driver
