"""`siren rules edit` and the short words by which a person says how a rule stands: pin, ban, disable, retire, and their opposites."""

import getpass
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from siren.cli.options import Database, Home, Json, Session
from siren.cli.output import emit, notice, say
from siren.core.errors import RuleError, SessionError
from siren.core.rule import Rule

if TYPE_CHECKING:
    from siren.cli.sessions import Place
    from siren.explain.editing import Wish
    from siren.memory.store import Store

RuleName = Annotated[str, typer.Argument(help="Id of a rule, e.g. r0001")]
Who = Annotated[str, typer.Option("--as", help="In whose name [default: yours on this machine]", show_default=False)]


def edit(
    rule: RuleName,
    file: Annotated[Path | None, typer.Option("--file", help="The new wording, instead of opening $EDITOR", show_default=False)] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask once more")] = False,
    session: Session = "",
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Change a rule's sentence and text. Before it goes live, what is on record is replayed, and you are asked.

    A running session takes the edit at its next round. If the rule was changed meanwhile, nothing is written and both wordings are kept.

    [bold]Examples[/bold]: siren rules edit r0001 · siren rules edit r0001 --file r0001.lp --yes
    """
    from siren.explain.editing import mark, read_edit, rule_on_file, save_edit
    from siren.symbolic.admission import check_rule

    if json and not yes:
        raise RuleError("expected --yes with --json, because nobody can be asked; add it", source=rule)
    store, place = _place(home, database, session)
    opened = rule_on_file(place.rules, rule)
    path = file or _in_editor(opened)
    if path is None:
        notice.print("nothing was changed")
        return
    try:
        sentence, text = _wording(path, rule)
        edited = read_edit(place.rules, opened, sentence, text)
        check_rule(place.rules, edited)
        replays = _show_effect(store, place, opened, edited, as_json=json)
        if not yes and not typer.confirm("Take this wording?", err=True):
            raise RuleError("nothing was written", source=rule)
        save_edit(store, place.session, place.rules, edited, mark(opened))
    except RuleError:
        if file is None:
            notice.print(f"your wording is kept: siren rules edit {rule} --file {path}", soft_wrap=True)
        raise
    say(f"{rule} is changed; a running session takes it at its next round", json)
    emit({"rule": edited.model_dump(mode="json"), **replays}, json)


def standing(wish: "Wish", told: str) -> Callable[..., None]:
    """The command of one wish."""

    def command(
        rule: RuleName, who: Who = "", session: Session = "", home: Home = None, database: Database = "", json: Json = False
    ) -> None:
        from siren.explain.editing import change_standing

        store, place = _place(home, database, session)
        found = change_standing(store, place.session, place.rules, rule, wish, "", who or _whoever())
        say(f"{rule} is now {found.status}{', pinned' if found.pinned else ', banned' if found.banned else ''}: {found.saying}", json)
        emit(found, json)

    command.__doc__ = f"{told} [bold]Example[/bold]: siren rules {wish} r0001"
    return command


STANDINGS: dict["Wish", str] = {
    "pin": "Keep a rule as it is: the miner never changes it.",
    "unpin": "Leave a rule to the miner again.",
    "ban": "Never again: out of force, and never proposed by the miner.",
    "unban": "Lift a ban; the rule is then disabled, and siren rules enable brings it into force.",
    "disable": "Take a rule out of force and keep it so.",
    "enable": "Bring a disabled rule into force again.",
    "retire": "Put a rule away; the miner may find it again on new evidence.",
    "restore": "Bring a retired rule into force again.",
}


def _place(home: Path | None, database: str, session: str) -> "tuple[Store, Place]":
    """The record and the session whose rules may be edited."""
    from siren.cli.sessions import find_place, open_record
    from siren.config import home as home_folder

    folder = home_folder(home)
    store = open_record(folder, database, existing=True)
    place = find_place(folder, store, session)
    if not place.session:
        raise SessionError(f"there is no session in {folder} whose rules could be edited; begin one with: siren learn")
    return store, place


def _in_editor(rule: Rule) -> Path | None:
    """The rule's file as a person has left it in $EDITOR; None when it was left as it is. The file stays until its wording is on file."""
    import os

    from siren.symbolic.rulebook import write_text

    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    text = write_text(rule)
    with tempfile.NamedTemporaryFile("w", prefix=f"{rule.id}-", suffix=".lp", delete=False, encoding="utf-8") as file:
        file.write(text)
    path = Path(file.name)
    try:
        code = subprocess.run([*shlex.split(editor), file.name], check=False).returncode
    except OSError as error:
        path.unlink()
        raise RuleError(
            f"the editor '{editor}' cannot be started ({error.strerror}); set EDITOR, or give --file", source=rule.id
        ) from error
    if code:
        raise RuleError(f"the editor '{editor}' ended with code {code}; nothing was changed; see {path}", source=rule.id)
    if path.read_text(encoding="utf-8") == text:
        path.unlink()
        return None
    return path


def _wording(path: Path, name: str) -> tuple[str, str]:
    """Sentence and text of a rule file. Its header must name the rule; what else it says is the record's and not taken."""
    from siren.symbolic.rulebook import read_rules

    rules = read_rules(path)
    if len(rules) != 1 or rules[0].id != name:
        got = ", ".join(rule.id for rule in rules)
        raise RuleError(f"expected one rule with the id {name}, got {got}; an id cannot be changed", source=str(path))
    return rules[0].sentence, rules[0].text


def _show_effect(store: "Store", place: "Place", opened: Rule, edited: Rule, *, as_json: bool) -> dict[str, object]:
    """The replay of both wordings side by side, and the rules that the new one repeats or contradicts."""
    from siren.cli import rule_trial
    from siren.explain.editing import related
    from siren.explain.replay import replay
    from siren.symbolic.knowledge import Knowledge
    from siren.symbolic.rulebook import Rulebook

    with notice.status("judging what is on record"):
        before, after = replay(store, place.session, (opened, edited), Knowledge.load(place.rules))
    others = related(edited, Rulebook.load(place.rules).judging())
    rule_trial.show_replays({"as it stands": before, "as edited": after}, as_json=as_json)
    rule_trial.show_relations(others, as_json=as_json)
    told = {"before": rule_trial.as_json(before), "after": rule_trial.as_json(after)}
    return {**told, "relations": [one.model_dump(mode="json") for one in others]}


def _whoever() -> str:
    """The name of this user as a rule's header can hold it."""
    return re.sub(r"[^\w.@-]", "-", getpass.getuser())[:40]
