"""A real PostgreSQL for the stories that want one. SIREN_REQUIRE_POSTGRES=1, as .ci/run sets it, makes its absence a failure."""

import os
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from hypothesis import settings

# No story is a timed one: machines are shared, and a slow one is no fault of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def _missing() -> str:
    """Why there can be no server here; empty when there can."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed: pip install -e '.[postgres]'"
    from postgres_server import find_programs

    return "" if find_programs() else "no PostgreSQL server is installed: apt-get install postgresql"


@pytest.fixture(scope="session")
def postgres() -> "Iterator[PostgresServer]":  # type: ignore[name-defined]  # noqa: F821
    """A running server; every story takes `new_database()`."""
    reason = _missing()
    if reason and os.environ.get("SIREN_REQUIRE_POSTGRES"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    from postgres_server import PostgresServer, find_programs

    programs = find_programs()
    assert programs is not None
    server = PostgresServer(programs)
    try:
        server.start()
        yield server
    finally:
        server.stop()
