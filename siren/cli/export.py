"""`siren export`: recorded episodes for other tools."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from siren.cli.options import Home, Json, Session
from siren.cli.output import emit, notice, result


def export(
    out: Annotated[Path, typer.Argument(help="A new folder")],
    format: Annotated[Literal["lerobot", "csv"], typer.Option(help="lerobot: a LeRobotDataset v3 with pictures; csv: two tables")] = "csv",
    session: Session = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Write the episodes of a session (the newest, or --session) to a folder.

    lerobot holds every episode whose picture was kept, failed ones too, with success, cause and step as columns of their own.

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
    with notice.status(f"writing {place.session} to {out}"):
        counts = _tables(store, place.session, out) if format == "csv" else _lerobot(store, folder, place.session, out)
    (notice if json else result).print(f"{out}: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    emit({"format": format, "session": place.session, "out": str(out), **counts}, json)


def _tables(store: "Store", session: str, out: Path) -> dict[str, int]:  # type: ignore[name-defined]  # noqa: F821
    from siren.exchange.tables import write_csv

    episodes, steps = write_csv(store.episodes(session), out)
    return {"episodes": episodes, "steps": steps}


def _lerobot(store: "Store", home: Path, session: str, out: Path) -> dict[str, int]:  # type: ignore[name-defined]  # noqa: F821
    from siren.exchange.lerobot_writer import Recorded, write_lerobot
    from siren.loop.rollout import frame_key
    from siren.memory.frames import Frames

    frames = Frames(home)
    own = (
        (episode, frame_key(episode.round, episode.task.seed))
        for episode in store.episodes(session)
        if episode.decision.candidates and not episode.attempt
    )
    kept = (Recorded(episode, frames.load(session, key)) for episode, key in own if frames.path(session, key).is_file())
    return write_lerobot(kept, out)._asdict()
