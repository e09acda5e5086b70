"""`siren learn`: a session, from the first failure to the report."""

import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from siren.cli.options import Database, Home, Json, MetricsPort, Perceived
from siren.cli.output import emit, notice, result

Count = Annotated[int | None, typer.Option(show_default=False)]


def learn(
    name: Annotated[str, typer.Argument(help="Name of the session; empty: named by date and time", show_default=False)] = "",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with NAME, or with the newest session")] = False,
    learner: Annotated[
        Literal["siren", "rl"] | None,
        typer.Option(help="rl: the same policy by rewards alone, a baseline to compare with [default: siren]", show_default=False),
    ] = None,
    rules: Annotated[
        bool | None,
        typer.Option("--rules/--no-rules", help="Learn rules and let them choose, repair and plan [default: rules]", show_default=False),
    ] = None,
    workers: Annotated[int | None, typer.Option(min=0, help="Rollout processes; 0 runs everything in this one")] = None,
    address: Annotated[
        str | None, typer.Option(help="Join a Ray: auto, HOST:PORT or ray://HOST:PORT [default: one of its own]", show_default=False)
    ] = None,
    gpus: Annotated[
        float | None, typer.Option(min=0, help="GPUs for one policy that serves all workers [default: none]", show_default=False)
    ] = None,
    rounds: Annotated[int | None, typer.Option(min=1, help="Rounds of practice [default: 8]", show_default=False)] = None,
    episodes: Annotated[int | None, typer.Option(min=1, help="Tasks a round [default: 60]", show_default=False)] = None,
    practice: Annotated[
        Literal["even", "weak"] | None, typer.Option(help="weak: more of what fails or is unknown [default: even]", show_default=False)
    ] = None,
    experiments: Annotated[
        int | None, typer.Option(min=0, help="Re-runs of what succeeded, each with one quantity moved [default: 2]", show_default=False)
    ] = None,
    held_out: Annotated[int | None, typer.Option(min=0, help="Tasks of the paired evaluation [default: 150]", show_default=False)] = None,
    evaluate_every: Annotated[
        int | None,
        typer.Option(min=0, help="Held-out tasks also after every so many rounds [default: only at the ends]", show_default=False),
    ] = None,
    audit: Annotated[int | None, typer.Option(min=0, help="Fresh tasks that grade the rules [default: 300]", show_default=False)] = None,
    train: Annotated[
        bool | None, typer.Option("--train/--no-train", help="Fine-tune the policy [default: train]", show_default=False)
    ] = None,
    train_every: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Fine-tune after every so many rounds and the last [default: once, before the last third of them]",
            show_default=False,
        ),
    ] = None,
    overlap: Annotated[
        bool | None,
        typer.Option(
            "--overlap/--no-overlap",
            help="Practise the next round while this one is mined and trained; its lesson then counts a round later [default: no]",
            show_default=False,
        ),
    ] = None,
    train_steps: Annotated[int | None, typer.Option(min=1, help="Steps of fine-tuning [default: 180]", show_default=False)] = None,
    preferences: Annotated[
        bool | None,
        typer.Option("--preferences/--no-preferences", help="Fine-tune by pairs of plans too [default: no]", show_default=False),
    ] = None,
    retention: Annotated[int | None, typer.Option(min=0, help="Scenes a column of the retention test", show_default=False)] = None,
    trial: Annotated[
        int | None, typer.Option(min=0, help="Tasks on which new weights must do no worse than the old [default: 50]", show_default=False)
    ] = None,
    perception: Perceived = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Another seed, another set of tasks", show_default=False)] = None,
    checkpoint: Annotated[Path | None, typer.Option(help="Folder of another policy", show_default=False)] = None,
    metrics_port: MetricsPort = None,
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Fail, find out why, learn rules and weights from it, and measure what that was worth.

    [bold]Examples[/bold]: siren learn --workers 2 · siren learn --resume · siren learn night --rounds 12 --workers 2

    Ctrl-C stops at any moment, SIGTERM after the tasks in hand; nothing that was recorded is lost, and --resume goes on.
    """
    from siren.config import SessionConfig
    from siren.config import home as home_folder

    chosen = {
        "name": name, "workers": workers, "address": address, "gpus": gpus,
        "learner": learner, "rules": rules, "rounds": rounds, "episodes": episodes, "practice": practice, "experiments": experiments,
        "held_out": held_out, "evaluate_every": evaluate_every, "audit": audit,
        "train": train, "train_every": train_every, "overlap": overlap, "train_steps": train_steps, "preferences": preferences,
        "retention": retention, "trial": trial,
        "perception": perception, "seed": seed,
        "checkpoint": str(checkpoint.resolve()) if checkpoint else None,
    }  # fmt: skip
    config = SessionConfig.model_validate({key: value for key, value in chosen.items() if value is not None})
    _learn(config, resume, home_folder(home), database, json, metrics_port)


def _learn(config: "SessionConfig", resume: bool, home: Path, database: str, as_json: bool, metrics_port: int | None) -> None:  # type: ignore[name-defined]  # noqa: F821
    from siren import build
    from siren.cli.sessions import open_record
    from siren.cli.tables import report_table
    from siren.eval.page import write_page
    from siren.eval.report import report_on
    from siren.loop.board import Board
    from siren.loop.drain import Drained
    from siren.loop.drive import drive
    from siren.loop.start import new_session, old_session

    begun = time.monotonic()
    build.checkpoint(config.checkpoint)  # a missing one is better said before anything is begun
    store = open_record(home, database)
    config = _resumed(config, home, store, old_session) if resume else new_session(config, home, store)
    folder = home / "sessions" / config.name
    size = f"{config.rounds} rounds of {config.episodes} tasks, {config.workers or 'no extra'} workers"
    notice.print(f"session {config.name}: {size}; files in {folder}")
    try:
        with Board(notice) as board:
            drive(config, home, store, board, database, metrics_port)
    except (KeyboardInterrupt, Drained) as stop:
        notice.print(f"stopped. Go on with: siren learn {config.name} --resume --home {home}")
        if isinstance(stop, Drained):
            raise typer.Exit(143) from stop
        raise
    report = report_on(store, config, folder, seconds=time.monotonic() - begun)
    page = write_page(report, folder / "report.html")
    (notice if as_json else result).print(report_table(report))
    notice.print(f"report: {page}\nask about a decision: siren explain EPISODE --home {home}")
    emit(report.summary(), as_json)


def _resumed(config: "SessionConfig", home: Path, store: "Store", old_session):  # type: ignore[no-untyped-def, name-defined]  # noqa: F821
    old = old_session(config.name, home, store)
    place = config.model_fields_set & {"workers", "address", "gpus"}  # where it runs may change, what it does may not
    return old.model_copy(update={name: getattr(config, name) for name in place})
