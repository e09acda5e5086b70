"""A folder of rules as something that many read and one writes at a time, whichever processes they are.

    with writing(folder): ...      # nobody else writes or reads meanwhile
    with reading(folder): ...      # nobody writes meanwhile

The lock is the kernel's, on the folder itself: it needs no file, works where nothing may be written, and dies with its process.
Whoever holds a folder may take it again in the same thread. It does not know what is written.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_held = threading.local()


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the folder alone. Waits for whoever holds it now."""
    with _holding(folder, fcntl.LOCK_EX):
        yield


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Hold the folder together with other readers. A folder that is not there holds nothing and is not waited for."""
    with _holding(folder, fcntl.LOCK_SH):
        yield


@contextmanager
def _holding(folder: Path, mode: int) -> Iterator[None]:
    held: set[Path] = _held.__dict__.setdefault("folders", set())
    place = folder.resolve()
    if place in held or not place.is_dir():
        yield
        return
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, mode)
        held.add(place)
        yield
    finally:
        held.discard(place)
        os.close(descriptor)
