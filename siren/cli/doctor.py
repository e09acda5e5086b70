"""`siren doctor`: what is installed, and what works here."""

import importlib.metadata
import platform
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import typer
from rich.table import Table

from siren.cli.options import Database, Home, Json
from siren.cli.output import emit, notice, result
from siren.core.errors import SirenError

PACKAGES = ("torch", "transformers", "clingo", "pybullet", "ray", "sqlalchemy", "numpy", "pydantic", "gymnasium")
EXTRAS = {"peft": "train", "fastapi": "web", "psycopg": "postgres", "jupytext": "notebooks"}


def doctor(home: Home = None, database: Database = "", json: Json = False) -> None:
    """Try every part once, and say what to do about those that fail. Exit code 1 when one does.

    [bold]Example[/bold]: siren doctor --json
    """
    from siren.config import home as home_folder

    folder = home_folder(home)
    checks: dict[str, Callable[[], str]] = {
        "python": _python,
        "packages": _packages,
        "rules": _rules,
        "clingo": _clingo,
        "world": _world,
        "policy": _policy,
        "database": lambda: _database(folder, database),
    }
    found = {name: _try(check) for name, check in checks.items()}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("part", "", "what was found"):
        table.add_column(column, overflow="fold")
    for name, (works, text) in found.items():
        table.add_row(name, "[green]works[/green]" if works else "[red]fails[/red]", text)
    (notice if json else result).print(table)
    healthy = all(works for works, _ in found.values())
    emit({"healthy": healthy, "checks": {name: {"works": works, "found": text} for name, (works, text) in found.items()}}, json)
    if not healthy:
        raise typer.Exit(1)


def _try(check: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, check()
    except (SirenError, ImportError, OSError, RuntimeError, sqlite3.Error) as error:
        return False, f"{type(error).__name__}: {error}"


def _python() -> str:
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}, {sys.executable}"


def _packages() -> str:
    versions = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    missing = [extra for name, extra in EXTRAS.items() if not _installed(name)]
    return ", ".join(versions) + (f"; extras not installed: {', '.join(missing)}" if missing else "")


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _rules() -> str:
    from siren.config import shipped_rules
    from siren.symbolic.rulebook import Rulebook

    book = Rulebook.load(shipped_rules())
    return f"{len(book.rules)} rules in {shipped_rules()}, hash {book.hash[:12]}"


def _clingo() -> str:
    from siren.symbolic.asp import solve

    model = solve("works :- not broken.") or ()
    return f"answers: {', '.join(str(atom) for atom in model)}"


def _world() -> str:
    from siren import build
    from siren.world.expert import expert_plan

    world, task = build.world(), build.task(1)
    scene = world.reset(task)
    outcome = world.execute(expert_plan(task, scene))
    return f"seed 1, '{task.instruction}': the expert {'succeeds' if outcome.success else 'fails'} in {outcome.ticks} physics steps"


def _policy() -> str:
    import numpy as np

    from siren import build

    world, task = build.world(), build.task(1)
    world.reset(task)
    proposer = build.proposer(build.checkpoint(""))
    first = proposer.propose(world.look(), task.instruction, 1, np.random.default_rng(0))[0]
    return f"{proposer.checkpoint}: '{task.instruction}' -> {first.text.splitlines()[0]}"


def _database(home: Path, url: str) -> str:
    from siren.config import database
    from siren.memory.database import FILE_NAME
    from siren.memory.store import Store

    where = database(url, home)
    if where == str(home) and not (home / FILE_NAME).exists():
        return f"none yet in {home}; siren learn makes it"
    store = Store.open(where)
    sessions = store.sessions()
    return f"{store.place}, newest session: {sessions[-1].name if sessions else 'none'}"
