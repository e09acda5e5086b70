"""A session that is ready to run, carried through: held by one driver, watched by several listeners, let go in order."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from siren.config import SessionConfig
from siren.loop.audience import Audience
from siren.loop.drain import drain
from siren.loop.exporter import Exporter
from siren.loop.journal import Journal
from siren.loop.lock import only_driver
from siren.loop.scalars import Scalars, can_write
from siren.loop.session import Listener, Session
from siren.loop.start import place
from siren.memory.store import Store


def drive(config: SessionConfig, home: Path, store: Store, board: Listener, url: str = "", metrics_port: int | None = None) -> None:
    """All rounds that are left. Raises Drained after SIGTERM; `url` is that of the database when it is not the file in the home.

    metrics_port: where Prometheus may ask how it goes, on loopback; None: nowhere.
    """
    folder = home / "sessions" / config.name
    with only_driver(folder), _watched(folder, config.name, store, board, metrics_port) as audience:
        placement = place(config, home, url)
        try:
            with drain() as wish:  # after Ray has begun: it sets a handler of its own
                Session(config, home, store, placement, audience, wish).run()
        finally:
            placement.close()


@contextmanager
def _watched(folder: Path, name: str, store: Store, board: Listener, metrics_port: int | None) -> Iterator[Audience]:
    """The board, the journal, where tensorboard is installed the event files, and the page for Prometheus where it was asked for."""
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(folder))
        journal.catch_up(store.episodes(name, after=journal.last_episode))
        listeners: list[Listener] = [board, journal]
        if metrics_port is not None:
            listeners.append(stack.enter_context(Exporter(name, metrics_port)))
        if can_write():
            listeners.append(stack.enter_context(Scalars(folder)))
        yield Audience(*listeners)
