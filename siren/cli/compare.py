"""`siren compare`: what changed between two episodes, the rules of two sessions, or two checkpoints."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from siren.cli.options import Database, Home, Json, Language
from siren.cli.output import emit, say

if TYPE_CHECKING:
    from siren.explain.narrate import Difference
    from siren.memory.store import Store

app = typer.Typer(
    no_args_is_help=True, help="What changed between two episodes, two sets of rules, two checkpoints.", rich_markup_mode="rich"
)


@app.command("episodes")
def episodes(
    first: Annotated[int, typer.Argument(help="Id of an episode")],
    second: Annotated[int, typer.Argument(help="Id of another one")],
    language: Language = "en",
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Table, weights, rules in force, plan and end of two episodes. [bold]Example[/bold]: siren compare episodes 12 13"""
    from siren.explain.differences import compare_episodes

    _tell(compare_episodes(_store(home, database), first, second), language, json)


@app.command("rules")
def rules(
    first: Annotated[str, typer.Argument(help="Name of a session, or of a folder of rules")],
    second: Annotated[str, typer.Argument(help="Name of another one")],
    language: Language = "en",
    home: Home = None,
    json: Json = False,
) -> None:
    """The rules in force in two sessions, told apart by what they say. [bold]Example[/bold]: siren compare rules monday tuesday"""
    from siren.cli.sessions import rules_folder
    from siren.config import home as home_folder
    from siren.explain.differences import compare_rules
    from siren.symbolic.rulebook import Rulebook

    folders = (Path(name) if Path(name, "core").is_dir() else rules_folder(home_folder(home), name) for name in (first, second))
    one, other = (Rulebook.load(folder).rules.values() for folder in folders)
    _tell(compare_rules(one, other), language, json)


@app.command("checkpoints")
def checkpoints(
    first: Annotated[str, typer.Argument(help="Name of weights, as siren sessions show prints it")],
    second: Annotated[str, typer.Argument(help="Name of other ones")],
    language: Language = "en",
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """What two sets of weights learned from, and how they did on the tasks that both tried.

    [bold]Example[/bold]: siren compare checkpoints siren-tiny night-6
    """
    from siren.explain.differences import compare_checkpoints

    _tell(compare_checkpoints(_store(home, database), first, second), language, json)


def _store(home: Path | None, database: str) -> "Store":
    from siren.cli.sessions import open_record
    from siren.config import home as home_folder

    return open_record(home_folder(home), database, existing=True)


def _tell(answer: "Difference", language: Language, as_json: bool) -> None:
    from siren.explain.narrate import narrate

    say(narrate(answer, language), as_json)
    emit(answer, as_json)
