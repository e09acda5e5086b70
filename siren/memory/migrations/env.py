"""Alembic's entry: runs the migrations on the connection that `siren.memory.database` hands over, inside its transaction."""

from alembic import context

from siren.memory.tables import Base


def migrate() -> None:
    """Upgrade in the caller's transaction, so that a process killed on the way leaves the old schema."""
    connection = context.config.attributes["connection"]
    # SQLite can roll DDL back, although Alembic assumes by default that it cannot; batch mode is how it alters a table.
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, transactional_ddl=True)
    context.run_migrations()


migrate()
