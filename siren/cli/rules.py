"""`siren rules`: what the agent holds to, in words and in ASP, and whether a rule file may be loaded."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from siren.cli.options import Home, Json, Language, Session
from siren.cli.output import emit, notice, result
from siren.core.errors import RuleError
from siren.core.rule import Rule

app = typer.Typer(no_args_is_help=True, help="Look at rules, test them on what is on record, change them.", rich_markup_mode="rich")


@app.command("list")
def list_rules(
    status: Annotated[str, typer.Option(help="Only rules of this status: active, shadow, retired, ...", show_default=False)] = "",
    session: Session = "",
    language: Language = "en",
    home: Home = None,
    json: Json = False,
) -> None:
    """All rules, the core first. [bold]Example[/bold]: siren rules list --status active --language ko"""
    from siren.cli.sessions import rules_folder
    from siren.config import home as home_folder
    from siren.symbolic.rulebook import Rulebook
    from siren.symbolic.sentences import rule_sentence

    folder = rules_folder(home_folder(home), session)
    rules = [rule for rule in Rulebook.load(folder).rules.values() if status in ("", rule.status)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("rule", "status", "for", "against", "what it says"):
        table.add_column(column, justify="right" if column in ("for", "against") else "left", overflow="fold")
    for rule in sorted(rules, key=lambda rule: (rule.origin != "core", rule.status, rule.id)):
        counts = ("", "") if rule.hard else (str(rule.support), str(rule.against))
        table.add_row(rule.id, rule.status, *counts, rule_sentence(rule, language))
    (notice if json else result).print(table)
    if not rules:
        notice.print("no such rule yet; siren learn finds some", style="dim")
    emit({"folder": str(folder), "rules": [rule.model_dump(mode="json") for rule in rules]}, json)


@app.command("show")
def show(
    rule: Annotated[str, typer.Argument(help="Id of a rule, e.g. r0001")],
    session: Session = "",
    language: Language = "en",
    home: Home = None,
    json: Json = False,
) -> None:
    """One rule: its sentence, its text, its evidence. [bold]Example[/bold]: siren rules show r0001"""
    from siren.cli.sessions import rules_folder
    from siren.config import home as home_folder
    from siren.symbolic.rulebook import Rulebook
    from siren.symbolic.sentences import rule_sentence

    book = Rulebook.load(rules_folder(home_folder(home), session))
    found = book.rules.get(rule)
    if found is None:
        raise RuleError(f"there is no such rule; there are: {', '.join(book.rules)}", source=rule)
    _print_rule(found, rule_sentence(found, language), as_json=json)
    emit(found, json)


@app.command("check")
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Rule files [default: all of the session]", show_default=False)] = None,
    session: Session = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Whether rules may be loaded: no directives, known predicates, safe variables, bounded grounding.

    [bold]Example[/bold]: siren rules check rules/learned/r0001.lp
    """
    from siren.cli.sessions import rules_folder
    from siren.config import home as home_folder
    from siren.symbolic.admission import check_files

    folder = rules_folder(home_folder(home), session)
    chosen = paths or sorted(path for part in ("core", "learned") for path in (folder / part).glob("*.lp"))
    rules = check_files(folder, chosen)
    (notice if json else result).print(f"{len(rules)} rules in {len(chosen)} files may be loaded")
    emit({"files": [str(path) for path in chosen], "rules": [rule.id for rule in rules], "valid": True}, json)


def _print_rule(rule: Rule, sentence: str, as_json: bool) -> None:
    console = notice if as_json else result
    console.print(f"{rule.id} ({rule.status}, {rule.origin})", style="bold")
    console.print(sentence, markup=False)
    console.print(rule.text, style="cyan", markup=False)
    if rule.reason:
        console.print(f"why {rule.status}: {rule.reason}", markup=False)
    if not rule.hard:
        console.print(f"predicts '{rule.kind}'; {rule.support} steps for it, {rule.against} against; confidence {rule.confidence:.2f}")
        console.print(f"taught by episodes {', '.join(map(str, rule.episodes)) or 'none on record'}", style="dim")
