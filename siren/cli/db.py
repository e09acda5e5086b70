"""`siren db`: the record's schema, its soundness, and a copy of it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from siren.cli.options import Database, Home, Json
from siren.cli.output import complain, emit, say

app = typer.Typer(no_args_is_help=True, help="Upgrade, check and back up the record.", rich_markup_mode="rich")


@app.command("upgrade")
def upgrade(home: Home = None, database: Database = "", json: Json = False) -> None:
    """Bring the database to the newest schema; make it when there is none. Every other command does so too.

    [bold]Example[/bold]: siren db upgrade --database postgresql://siren@db.example/siren
    """
    from siren.cli.sessions import open_record
    from siren.config import database as database_place
    from siren.config import home as home_folder
    from siren.memory.database import HEAD, found_schema

    folder = home_folder(home)
    before = found_schema(database_place(database, folder))
    store = open_record(folder, database)
    store.close()
    say(f"{store.place}: schema {before or 'none'} -> {HEAD}" if before != HEAD else f"{store.place}: schema {HEAD} already", json)
    emit({"place": store.place, "before": before, "after": HEAD}, json)


@app.command("check")
def check(home: Home = None, database: Database = "", json: Json = False) -> None:
    """Read every row and count every sha256 again. Exit code 1 when something is wrong.

    [bold]Example[/bold]: siren db check --json
    """
    from siren.cli.sessions import open_record
    from siren.config import home as home_folder
    from siren.memory.inspection import inspect_record

    store = open_record(home_folder(home), database, existing=True)
    found = inspect_record(store)
    store.close()
    rows = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found.rows.items() if count)
    say(f"{found.place}: {'whole' if not found.complaints else f'{len(found.complaints)} complaints'}; {rows or 'nothing on record'}", json)
    for complaint in found.complaints[:20]:
        complain(complaint)
    emit({"whole": not found.complaints, **found.model_dump(mode="json")}, json)
    if found.complaints:
        raise typer.Exit(1)


@app.command("backup")
def backup(
    out: Annotated[Path | None, typer.Argument(help="A new file [default: backups/DATE in the home]", show_default=False)] = None,
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Copy the database to one file, by its own way, while sessions go on writing. Frames and weights are files already.

    [bold]Example[/bold]: siren db backup before-the-night.db
    """
    from siren.config import database as database_place
    from siren.config import home as home_folder
    from siren.memory.backup import back_up

    folder = home_folder(home)
    place = database_place(database, folder)
    ending = "dump" if "://" in place else "db"
    copy = back_up(place, out or folder / "backups" / f"{datetime.now():%Y%m%d-%H%M%S}.{ending}")
    say(f"{copy.file}: {copy.bytes} bytes, schema {copy.database_schema}; put it to use by: {copy.restore}", json)
    emit(copy, json)
