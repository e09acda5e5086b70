"""What only a server can do: refuse a password, be somewhere else, die, and come back with everything that it had promised."""

import pytest
from postgres_server import PostgresServer, find_programs
from sqlalchemy import create_engine, text

from siren.core.errors import StoreError
from siren.memory.database import open_database
from siren.memory.store import Store


def test_a_commit_waits_for_the_disk_whatever_the_server_says(postgres):
    url = postgres.new_database()
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(text("ALTER ROLE siren SET synchronous_commit = off"))
    opened = open_database(url)
    with opened.connect() as db:
        assert db.execute(text("SHOW synchronous_commit")).scalar() == "on"
    opened.dispose()
    with engine.connect() as db:
        db.execute(text("ALTER ROLE siren RESET synchronous_commit"))
    engine.dispose()


def test_a_wrong_password_is_refused_without_showing_it(postgres):
    with pytest.raises(StoreError, match="hand in the password by PGPASSWORD") as refused:
        Store.open(postgres.url("postgres", password="opensesame"))
    assert "opensesame" not in str(refused.value)


def test_a_server_that_is_not_there_and_a_database_that_is_not_there(postgres):
    with pytest.raises(StoreError, match='database "nowhere" does not exist'):
        Store.open(postgres.url("nowhere"))
    with pytest.raises(StoreError, match="check its address and that its server runs"):
        Store.open("postgresql://siren@127.0.0.1:1/siren")


def test_another_programs_database_is_refused(postgres):
    url = postgres.new_database()
    engine = create_engine(url)
    with engine.begin() as db:
        db.execute(text("CREATE TABLE recipes (name TEXT)"))
    with pytest.raises(StoreError, match="holds tables that SIREN did not make; nothing was changed"):
        Store.open(url)
    engine.dispose()


@pytest.mark.slow
def test_a_server_that_is_killed_comes_back_with_every_acknowledged_episode(postgres, episode):
    programs = find_programs()
    assert programs is not None
    server = PostgresServer(programs, fsync=True)
    try:
        server.start()
        store = Store.open(server.new_database())
        store.new_session("evening", "{}")
        acknowledged = [store.record(episode(seed)) for seed in range(30)]
        server.kill()
        with pytest.raises(StoreError, match="check its address and that its server runs"):
            store.record(episode(99))
        server.start()
        assert [found.id for found in store.episodes("evening")] == acknowledged
        store.record(episode(99))
        assert store.count_episodes("evening") == 31
        store.close()
    finally:
        server.stop()
