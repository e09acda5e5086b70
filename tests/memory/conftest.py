"""One real decision as a core Episode, to be varied by each story; and the places where a record can be kept."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from siren.core.episode import Episode
from siren.memory.store import Store
from siren.testing.episodes import egg_episode


@pytest.fixture
def episode() -> Callable[..., Episode]:
    return egg_episode


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty home, or an empty database on a server: everything told of the store holds for both."""
    if request.param == "sqlite":
        return str(tmp_path)
    url: str = request.getfixturevalue("postgres").new_database()
    return url


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    store = Store.open(place)
    store.new_session("evening", '{"rounds": 3}')
    yield store
    store.close()


@pytest.fixture
def tables(place: str, store: Store) -> Iterator[Engine]:
    """The same database as `store`, for looking and meddling past it."""
    engine = create_engine(place if "://" in place else f"sqlite:///{place}/siren.db")
    yield engine
    engine.dispose()
