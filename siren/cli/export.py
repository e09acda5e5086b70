"""`siren export`: recorded episodes for other tools."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from siren.cli.options import Home, Json, Session
from siren.cli.output import emit, notice, result

if TYPE_CHECKING:
    from siren.cli.sessions import Place
    from siren.exchange.lerobot_writer import Recorded
    from siren.memory.store import Store


def export(
    out: Annotated[Path, typer.Argument(help="A new folder; for rerun a new file")],
    format: Annotated[
        Literal["lerobot", "csv", "rerun", "sample"],
        typer.Option(
            help="lerobot: a LeRobotDataset v3 with pictures; csv: two tables; rerun: a recording for the Rerun viewer;"
            " sample: the episodes most worth showing, with the rules, as siren serve --sample shows them"
        ),
    ] = "csv",
    session: Session = "",
    most: Annotated[int, typer.Option(min=1, help="Episodes of a sample")] = 240,
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
        "sample": lambda: _sample(store, folder, place, out, most),
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


def _sample(store: "Store", home: Path, place: "Place", out: Path, most: int) -> dict[str, int]:
    from siren.core.errors import SessionError
    from siren.loop.rollout import frame_key
    from siren.memory.books import write_books
    from siren.memory.frames import Frames
    from siren.memory.sample import BOOKS, memorable, write_sample
    from siren.symbolic.rulebook import Rulebook

    if out.exists():
        raise SessionError(f"expected a new folder for the sample, {out} is there already; remove it or name another")
    frames = Frames(home)
    kept = (one for one in store.episodes(place.session) if frames.path(place.session, frame_key(one.round, one.task.seed)).is_file())
    chosen = memorable(kept, most)
    count = write_sample(out, ((one, frames.load(place.session, frame_key(one.round, one.task.seed))) for one in chosen))
    judges = {one.decision.rulebook for one in chosen}
    write_books(out / BOOKS, {digest: rules for digest in sorted(judges) if (rules := store.rulebook(digest)) is not None})
    shutil.copytree(place.rules, out / "rules")
    return {"episodes": count, "rules": len(Rulebook.load(out / "rules").rules)}


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
