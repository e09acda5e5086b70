"""`siren bench`: every claim with its control arms on the same tables, and `siren bench compare`: two results side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from siren.cli.options import Database, Home, Json
from siren.cli.output import emit, notice, result, say

if TYPE_CHECKING:
    from siren.eval.bench.arms import Given, OfSession
    from siren.eval.bench.result import Result
    from siren.eval.bench.summary import Setup

app = typer.Typer(rich_markup_mode="rich")


class _Asked(NamedTuple):
    """What a person wants to be played."""

    suite: str
    arms: str
    episodes: int | None
    seed: int
    folders: dict[str, list[Path]]  # of weights, by option
    sessions: tuple[str, ...]
    policies: tuple[str, ...]
    database: str


@app.callback(invoke_without_command=True)
def bench(
    context: typer.Context,
    suite: Annotated[str, typer.Option(help="full, quick, robustness, kuka, fetch, or the name of a split")] = "quick",
    arms: Annotated[str, typer.Option(help="Names with commas between [default: all that can be had]", show_default=False)] = "",
    episodes: Annotated[int | None, typer.Option(min=1, help="Tables [default: as the suite has]", show_default=False)] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 plays everything in this one")] = 0,
    seed: Annotated[int, typer.Option(min=0, max=9999, help="Another seed, other tables")] = 0,
    session: Annotated[
        list[str] | None,
        typer.Option(help="A session whose rules and weights are judged, or several [default: the newest]", show_default=False),
    ] = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="The co-trained policy, or several [default: the one that ships]", show_default=False)
    ] = None,
    rt1: Annotated[
        list[Path] | None,
        typer.Option(help="RT-1 weights, or several [default: checkpoints/siren-rt1, if there]", show_default=False),
    ] = None,
    robot_only: Annotated[
        list[Path] | None,
        typer.Option(
            help="Weights of robot data alone, or several [default: checkpoints/siren-robot-only, if there]",
            show_default=False,
        ),
    ] = None,
    rl: Annotated[list[Path] | None, typer.Option(help="Folder of weights after reinforcement learning, or several")] = None,
    policy: Annotated[list[str] | None, typer.Option(help="A policy of yours: MODULE:FACTORY or http://HOST:PORT/PATH")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the results [default: HOME/bench/SUITE-SEED]", show_default=False)] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what is in the folder")] = False,
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Play every arm on the same tables and say how they compare. What each suite and arm is: docs/bench.md.

    [bold]Examples[/bold]: siren bench · siren bench --suite full --workers 2 · siren bench --suite laws --arms vla,siren,expert ·
    siren bench --policy my_policy:MyPolicy --arms vla

    Ctrl-C or kill -9 loses no trial that was played; --resume goes on.
    """
    if context.invoked_subcommand is not None:
        return
    from siren.config import home as home_folder

    folders = {"checkpoint": checkpoint or [], "rt1": rt1 or [], "robot-only": robot_only or [], "rl": rl or []}
    asked = _Asked(suite, arms, episodes, seed, folders, tuple(session or ()), tuple(policy or ()), database)
    where = home_folder(home)
    _bench(asked, where, out or where / "bench" / f"{suite}-{seed}", workers, resume, json)


@app.command("compare")
def compare(
    first: Annotated[Path, typer.Argument(help="A result.json")],
    second: Annotated[Path, typer.Argument(help="Another one")],
    json: Json = False,
) -> None:
    """What changed between two results: the installation, and trials that only one of them did, arm by arm, on the same tables.

    [bold]Example[/bold]: siren bench compare results/full.json .siren/bench/full-0/result.json
    """
    from siren.cli.bench_tables import difference_table
    from siren.eval.bench.compare import compare_results
    from siren.eval.bench.result import read_result

    found = compare_results(read_result(first), read_result(second))
    for warning in found.warnings:
        notice.print(f"not the same: {warning}", style="yellow", markup=False)
    say(difference_table(found), json)
    emit(found, json)


def _bench(asked: _Asked, home: Path, folder: Path, workers: int, resume: bool, as_json: bool) -> None:
    from siren.cli.bench_tables import result_tables
    from siren.eval.bench.bench_page import write_bench_page
    from siren.eval.bench.drive import PAGE, RESULT, TEXT, begun, gone_on
    from siren.eval.bench.result import write_result
    from siren.eval.bench.text import markdown
    from siren.eval.paper import write_paper

    setup = (gone_on if resume else begun)(folder, _setup(asked, home))
    for reason in setup.left_out:
        notice.print(reason, markup=False, style="dim")
    try:
        found = _played(folder, setup, workers)
    except KeyboardInterrupt:
        notice.print(f"stopped. Go on with: {setup.command} --resume --out {folder}", markup=False)
        raise
    write_result(found, folder / RESULT)
    write_paper(markdown(found), folder / TEXT)
    page = write_bench_page(found, folder / PAGE)
    (notice if as_json else result).print(result_tables(found))
    notice.print(f"report: {page}\nresult: {folder / RESULT}", markup=False)
    emit(found, as_json)


def _setup(asked: _Asked, home: Path) -> "Setup":
    from siren import build
    from siren.eval.bench.arms import offer
    from siren.eval.bench.fingerprint import fingerprint
    from siren.eval.bench.suites import suite
    from siren.eval.bench.summary import Setup

    trials = suite(asked.suite, asked.seed, asked.episodes)
    arms, left_out = offer(_given(asked, home), [name.strip() for name in asked.arms.split(",") if name.strip()])
    # What is wrong with a rule is better said before anything is played.
    books = {folder: build.rulebook(Path(folder)) for folder in {arm.rules for arm in arms if arm.rules}}
    return Setup(
        suite=asked.suite,
        seed=asked.seed,
        episodes=len(trials),
        command=_command(asked),
        arms=arms,
        left_out=left_out,
        fingerprint=fingerprint(arms),
        sayings={folder: {rule.id: rule.saying for rule in book.rules.values()} for folder, book in books.items()},
    )


def _given(asked: _Asked, home: Path) -> "Given":
    """Folders that were looked at, and what the sessions have learned."""
    from siren import build
    from siren.config import shipped_controls
    from siren.core.errors import BenchError
    from siren.eval.bench.arms import Given

    where = {name: tuple(str(build.checkpoint(str(path)).resolve()) for path in paths) for name, paths in asked.folders.items()}
    for arm, ships in shipped_controls().items():
        where[arm] = where[arm] or (str(ships.resolve()),)
    for folder in where["rt1"]:
        if build.family(Path(folder)) != "rt1":
            raise BenchError(f"--rt1 {folder}: expected RT-1 weights, got others; make some with: siren train --model rt1")
    sessions, by_rewards = _sessions(asked, home)
    weights = {"vla": where.pop("checkpoint") or (str(build.checkpoint("").resolve()),)} | where
    weights["rl"] += by_rewards
    return Given(weights=weights, sessions=sessions, policies=asked.policies)


def _sessions(asked: _Asked, home: Path) -> tuple[tuple["OfSession", ...], tuple[str, ...]]:
    """The sessions that were named, else the newest of the home, if any; and the weights of those that learned by rewards alone."""
    from siren import build
    from siren.cli.sessions import find_place, open_record
    from siren.config import database
    from siren.eval.bench.arms import OfSession
    from siren.memory.database import FILE_NAME

    if "://" not in database(asked.database, home) and not (home / FILE_NAME).exists() and not asked.sessions:
        return (), ()
    store = open_record(home, asked.database, existing=True)
    learned, by_rewards = list[OfSession](), list[str]()
    for place in (find_place(home, store, name) for name in asked.sessions or ("",)):
        if not place.session:
            continue
        weights = str(Path(build.committed_checkpoint(store.last_committed_round(place.session), place.config)).resolve())
        if place.config.learner == "rl":
            by_rewards.append(weights)
        else:
            learned.append(OfSession(place.session, str(place.rules.resolve()), weights, place.config.perception))
    return tuple(learned), tuple(by_rewards)


def _command(asked: _Asked) -> str:
    """The command without what changes nothing: workers, home and folder of the results."""
    words = ["siren bench", f"--suite {asked.suite}", f"--seed {asked.seed}"]
    words += [f"--episodes {asked.episodes}"] if asked.episodes else []
    words += [f"--arms {asked.arms}"] if asked.arms else []
    words += [f"--{name} {path}" for name, paths in asked.folders.items() for path in paths]
    words += [f"--session {name}" for name in asked.sessions] + [f"--policy {spec}" for spec in asked.policies]
    return " ".join(words)


def _played(folder: Path, setup: "Setup", workers: int) -> "Result":
    """The bench with a bar that counts tables; where nobody sees a bar, a line at every tenth."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from siren.eval.bench.drive import run
    from siren.eval.bench.rows import Row

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=notice, disable=not notice.is_terminal) as bar:
        line = bar.add_task(setup.suite, total=setup.episodes)

        def heard(rows: tuple[Row, ...], done: int) -> None:
            bar.update(line, completed=done)
            if bar.disable and done * 10 // setup.episodes > (done - 1) * 10 // setup.episodes:
                notice.print(f"{done} of {setup.episodes} tables")

        return run(folder, setup, workers, heard)
