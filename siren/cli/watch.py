"""`siren sessions`: what runs, what came of it, what happens now, and a hand on the brake."""

import json as json_text
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from siren.cli.options import Database, Home, Json, MetricsPort
from siren.cli.output import emit, notice, result, say
from siren.core.errors import SessionError

if TYPE_CHECKING:
    from siren.config import SessionConfig
    from siren.memory.store import Store

app = typer.Typer(no_args_is_help=True, help="List, watch, stop, resume, compare and roll back sessions.", rich_markup_mode="rich")

Name = Annotated[str, typer.Argument(help="Name of a session [default: the newest]", show_default=False)]
POLL_SECONDS = 0.5


@app.command("list")
def list_sessions(home: Home = None, database: Database = "", json: Json = False) -> None:
    """All sessions with their state and what they came to. [bold]Example[/bold]: siren sessions list"""
    from siren.cli.session_tables import list_table
    from siren.cli.sessions import open_record
    from siren.config import home as home_folder
    from siren.eval.overview import overview
    from siren.loop.lock import driver_of

    folder = home_folder(home)
    store = open_record(folder, database, existing=True)
    names = [record.name for record in store.sessions() if not record.name.startswith("by-hand")]
    found = [overview(store, name, driver_of(folder / "sessions" / name)) for name in names]
    (notice if json else result).print(list_table(found))
    emit({"home": str(folder), "sessions": [one.model_dump(mode="json") for one in found]}, json)


@app.command("show")
def show(name: Name = "", home: Home = None, database: Database = "", json: Json = False) -> None:
    """One session: its rounds, its weights, its figures. [bold]Example[/bold]: siren sessions show night --json"""
    from siren.cli.session_tables import checkpoint_table, metrics_table, rounds_table
    from siren.config import home as home_folder
    from siren.eval.metrics import measure
    from siren.eval.overview import overview
    from siren.loop.lock import driver_of
    from siren.memory.overview import tally

    folder = home_folder(home)
    store, config = _session(folder, database, name)
    seen = overview(store, config.name, driver_of(folder / "sessions" / config.name))
    rounds, figures, weights = tally(store, config.name), measure(store, config), store.checkpoints(config.name)
    console = notice if json else result
    console.print(f"session {seen.name}: {seen.state}; {seen.episodes} episodes; files in {folder / 'sessions' / seen.name}", style="bold")
    for table in (rounds_table(rounds), metrics_table(figures), *([checkpoint_table(weights)] if weights else [])):
        console.print()
        console.print(table)
    emit({
        **seen.model_dump(mode="json"), "rounds_told": [one.model_dump() for one in rounds], "metrics": figures.model_dump(mode="json"),
        "checkpoints": [one.model_dump(mode="json") for one in weights], "config": config.model_dump(mode="json"),
    }, json)  # fmt: skip


@app.command("tail")
def tail(
    name: Name = "",
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of the last events")] = 10,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the session ends, or Ctrl-C")] = False,
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """The last events, and with --follow those to come; with --json as they stand in events.jsonl.

    [bold]Example[/bold]: siren sessions tail --follow
    """
    from siren.config import home as home_folder
    from siren.loop.journal import FILE, read_events
    from siren.loop.lock import driver_of

    home_path = home_folder(home)
    _, config = _session(home_path, database, name)
    folder = home_path / "sessions" / config.name
    if not (folder / FILE).exists():
        raise SessionError(f"session '{config.name}' has no {FILE} in {folder}; it was run by an older SIREN, or has not begun yet")
    position, events = read_events(folder / FILE)
    _tell(events[-lines:] if lines else (), json)
    while follow:
        running = driver_of(folder) is not None  # asked before reading, so that the last lines are not missed
        position, events = read_events(folder / FILE, position)
        _tell(events, json)
        follow = running
        time.sleep(POLL_SECONDS if running else 0)


@app.command("stop")
def stop(
    name: Name = "",
    seconds: Annotated[float, typer.Option(min=0, help="How long to wait for it")] = 30.0,
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Let a running session finish the tasks in hand and end. [bold]Example[/bold]: siren sessions stop night"""
    from siren.config import home as home_folder
    from siren.loop.lock import stop_driver

    folder = home_folder(home)
    _, config = _session(folder, database, name)
    begun = time.monotonic()
    if not stop_driver(folder / "sessions" / config.name, seconds):
        raise SessionError(f"session '{config.name}' was asked to stop, but still runs after {seconds:.0f} s; wait, or ask again")
    took = time.monotonic() - begun
    say(f"session {config.name} stopped after {took:.1f} s; go on with: siren sessions resume {config.name}", json)
    emit({"session": config.name, "stopped": True, "seconds": round(took, 2)}, json)


@app.command("resume")
def resume(
    name: Name = "",
    workers: Annotated[int | None, typer.Option(min=0, help="Rollout processes [default: as before]", show_default=False)] = None,
    address: Annotated[str | None, typer.Option(help="Join a Ray at that address [default: as before]", show_default=False)] = None,
    metrics_port: MetricsPort = None,
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Go on with a session that was stopped or killed. The same as: siren learn NAME --resume"""
    from siren.cli.learn import learn

    learn(name=name, resume=True, workers=workers, address=address, metrics_port=metrics_port, home=home, database=database, json=json)


@app.command("rollback")
def rollback(
    name: Name = "",
    to: Annotated[str, typer.Option(help="Name of weights [default: what the present ones were made from]", show_default=False)] = "",
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Put earlier weights in force again; nothing is deleted. [bold]Example[/bold]: siren sessions rollback night"""
    from siren.config import home as home_folder
    from siren.loop.rollback import roll_back

    folder = home_folder(home)
    store, config = _session(folder, database, name)
    done = roll_back(store, config, folder, to)
    say(f"session {done.session} uses {Path(done.now).name} again, and no longer {Path(done.left).name}", json)
    emit(done, json)


@app.command("compare")
def compare_sessions(
    first: Annotated[str, typer.Argument(help="Name of a session")],
    second: Annotated[str, typer.Argument(help="Name of another one")],
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Two sessions side by side, paired where their tasks are the same. [bold]Example[/bold]: siren sessions compare rules-only night"""
    from siren.cli.session_tables import comparison_line, metrics_table
    from siren.config import home as home_folder
    from siren.eval.metrics import compare, measure

    store, one = _session(home_folder(home), database, first)
    _, two = _session(home_folder(home), database, second)
    figures = measure(store, one), measure(store, two)
    paired = compare(*(store.episodes(config.name, round=config.rounds + 1, use="evaluate") for config in (one, two)))
    (notice if json else result).print(metrics_table(*figures))
    say(comparison_line(first, second, paired), json)
    emit({"first": figures[0].model_dump(mode="json"), "second": figures[1].model_dump(mode="json"), "paired": paired.model_dump()}, json)


def _session(home: Path, database: str, name: str) -> "tuple[Store, SessionConfig]":
    """The store, and the configuration of the session of that name or of the newest."""
    from siren.cli.sessions import open_record
    from siren.config import SessionConfig

    store = open_record(home, database, existing=True)
    names = [record.name for record in store.sessions() if not record.name.startswith("by-hand")]
    if not name and not names:
        raise SessionError(f"there is no session in {store.place} yet; begin one with: siren learn")
    return store, SessionConfig.model_validate_json(store.session(name or names[-1]).config)


def _tell(events: tuple[dict[str, Any], ...], as_json: bool) -> None:
    from siren.cli.session_tables import event_line

    for event in events:
        if as_json:
            typer.echo(json_text.dumps(event, ensure_ascii=False))
        else:
            result.print(event_line(event))
