"""`siren import`: a set that siren export has written, as a session on record again."""

from pathlib import Path
from typing import Annotated

import typer

from siren.cli.options import Database, Home, Json
from siren.cli.output import emit, notice, say


def import_set(
    folder: Annotated[Path, typer.Argument(help="A folder written by siren export --format lerobot")],
    session: Annotated[
        str, typer.Option("--session", help="Name of the new session [default: that of the folder]", show_default=False)
    ] = "",
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Read a set back: episodes, pictures, and the rules that judged them, so that they can be asked about and edited.

    The whole set is checked before anything is written.

    [bold]Example[/bold]: siren import data/night --session night-again
    """
    from pydantic import ValidationError

    from siren.cli.sessions import open_record
    from siren.config import SessionConfig, shipped_rules
    from siren.config import home as home_folder
    from siren.core.errors import SessionError
    from siren.exchange.importing import check_set, import_set
    from siren.loop.rollout import frame_key
    from siren.loop.start import new_session
    from siren.memory.frames import Frames

    place = home_folder(home)
    try:
        config = SessionConfig(name=session or folder.resolve().name, train=False)
    except ValidationError as error:
        raise SessionError(f"'{folder.resolve().name}' cannot name a session; choose a name with --session") from error
    with notice.status(f"checking {folder}"):
        check_set(folder, shipped_rules())
    store = open_record(place, database)
    named = new_session(config, place, store)
    with notice.status(f"reading {folder}"):
        count = import_set(folder, named.name, place / "sessions" / named.name / "rules", store, Frames(place), frame_key)
    say(f"{count} episodes of {folder} are on record as session {named.name}", json)
    emit({"session": named.name, "episodes": count}, json)
