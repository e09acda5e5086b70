"""`siren export`: recorded episodes for other tools."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from siren.cli.options import Home, Json, Session
from siren.cli.output import emit, notice, result

if TYPE_CHECKING:
    from siren.exchange.lerobot_writer import Recorded
    from siren.memory.store import Store


def export(
    out: Annotated[Path, typer.Argument(help="A new folder; for rerun a new file")],
    format: Annotated[
        Literal["lerobot", "csv", "rerun"],
        typer.Option(help="lerobot: a LeRobotDataset v3 with pictures; csv: two tables; rerun: a recording for the Rerun viewer"),
    ] = "csv",
    session: Session = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Write the episodes of a session (the newest, or --session) to a folder.

    lerobot and rerun hold every decision whose picture was kept, failed ones too, with what went wrong. A lerobot set can come back
    by siren import.

    [bold]Examples[/bold]: siren export tables · siren export data/night --format lerobot --session night
    """
    from siren.cli.sessions import find_place
    from siren.config import home as home_folder
    from siren.core.errors import SessionError
    from siren.memory.store import Store

    folder = home_folder(home)
    store = Store.open(folder)
    place = find_place(folder, store, session)
    if not place.session:
        raise SessionError(f"there is no session in {folder} to export; begin one with: siren learn")
    writers = {
        "csv": lambda: _tables(store, place.session, out),
        "lerobot": lambda: _lerobot(store, folder, place.session, out),
        "rerun": lambda: _rerun(store, folder, place.session, out),
    }
    with notice.status(f"writing {place.session} to {out}"):
        counts = writers[format]()
    (notice if json else result).print(f"{out}: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    emit({"format": format, "session": place.session, "out": str(out), **counts}, json)


def _tables(store: "Store", session: str, out: Path) -> dict[str, int]:
    from siren.exchange.tables import write_csv

    episodes, steps = write_csv(store.episodes(session), out)
    return {"episodes": episodes, "steps": steps}


def _lerobot(store: "Store", home: Path, session: str, out: Path) -> dict[str, int]:
    from siren.exchange.lerobot_writer import write_lerobot

    return write_lerobot(_with_pictures(store, home, session), out, store.rulebook)._asdict()


def _rerun(store: "Store", home: Path, session: str, out: Path) -> dict[str, int]:
    from siren.exchange.rerun_file import write_rerun

    episodes, keyframes = write_rerun(_with_pictures(store, home, session), out)
    return {"episodes": episodes, "keyframes": keyframes}


def _with_pictures(store: "Store", home: Path, session: str) -> "Iterator[Recorded]":
    """The decisions of a session whose pictures were kept."""
    from siren.exchange.lerobot_writer import Recorded
    from siren.loop.rollout import frame_key
    from siren.memory.frames import Frames

    frames = Frames(home)
    for episode in store.episodes(session):
        key = frame_key(episode.round, episode.task.seed)
        if episode.decision.candidates and not episode.attempt and frames.path(session, key).is_file():
            yield Recorded(episode, frames.load(session, key))
