"""`siren rules history` and `siren rules diff`: how a rule came to be worded as it is, and how it stood round by round."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from siren.cli.options import Database, Home, Json, Session
from siren.cli.output import emit, say
from siren.core.errors import RuleError
from siren.memory.records import RuleVersion

RuleName = Annotated[str, typer.Argument(help="Id of a rule, e.g. r0001")]


def history(rule: RuleName, session: Session = "", home: Home = None, database: Database = "", json: Json = False) -> None:
    """Every wording a rule ever had, and how it stood round by round. [bold]Example[/bold]: siren rules history r0001"""
    from siren.memory.browse import course_of

    name, versions, store = _versions(rule, session, home, database)
    course = course_of(store, name, rule)
    for version in versions:
        say(Text(f"wording {version.number}, by {version.author}, round {version.round}, {version.created:%Y-%m-%d %H:%M}", "bold"), json)
        say(f"  {version.rule.sentence}\n  {version.text}", json)
    transitions = store.rule_transitions(rule, name)
    for change in transitions:
        told = f"{change.before or 'new'} -> {change.after}, by {change.author}{': ' if change.reason else ''}{change.reason}"
        say(f"{change.created:%Y-%m-%d %H:%M}, round {change.round}: {told}", json)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("round", "wording", "status", "for", "against", "confidence"):
        table.add_column(column, justify="left" if column == "status" else "right")
    for one in course:
        table.add_row(str(one.round), str(one.version), one.status, str(one.support), str(one.against), f"{one.confidence:.2f}")
    say(table, json)
    listed = {"versions": versions, "transitions": transitions}
    values = {key: [one.model_dump(mode="json") for one in found] for key, found in listed.items()}
    emit({"session": name, **values, "course": [one._asdict() for one in course]}, json)


def diff(
    rule: RuleName,
    old: Annotated[int, typer.Option("--from", min=0, help="Number of a wording [default: the one before]", show_default=False)] = 0,
    new: Annotated[int, typer.Option("--to", min=0, help="Number of a wording [default: the newest]", show_default=False)] = 0,
    session: Session = "",
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Two wordings of a rule, condition by condition. [bold]Example[/bold]: siren rules diff r0001 --from 1 --to 3"""
    from siren.explain.wordings import diff_wordings

    name, versions, _ = _versions(rule, session, home, database)
    after = _numbered(versions, new or versions[-1].number, rule)
    before = _numbered(versions, old or max(1, after.number - 1), rule)
    lines = diff_wordings(before.rule, after.rule)
    say(f"{rule}, wording {before.number} (by {before.author}) and wording {after.number} (by {after.author})", json)
    for line in lines:
        say(Text(line, {"+": "green", "-": "red"}.get(line[0], "")), json)
    if before.number == after.number:
        say("there is only one wording on record", json)
    emit({"session": name, "rule": rule, "from": before.number, "to": after.number, "lines": list(lines)}, json)


def _versions(rule: str, session: str, home: object, database: str) -> "tuple[str, tuple[RuleVersion, ...], Store]":  # type: ignore[name-defined]  # noqa: F821
    from pathlib import Path

    from siren.cli.sessions import find_place, open_record
    from siren.config import home as home_folder

    folder = home_folder(home if isinstance(home, Path) else None)
    store = open_record(folder, database, existing=True)
    name = find_place(folder, store, session).session
    return name, store.rule_history(rule, name), store


def _numbered(versions: tuple[RuleVersion, ...], number: int, rule: str) -> RuleVersion:
    found = next((one for one in versions if one.number == number), None)
    if found is None:
        raise RuleError(f"there is no wording {number}; there are 1 to {versions[-1].number}", source=rule)
    return found
