"""`siren rules test`, and what every edit shows before it goes live: the replay over stored episodes, and the rules it stands against."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from siren.cli.options import Database, Home, Json, Language, Session
from siren.cli.output import emit, notice, say
from siren.core.rule import Rule
from siren.explain.replay import Judgement, Replay
from siren.symbolic.relations import Relation

_WORDS: dict[Judgement, str] = {"right": "rightly", "wrong": "wrongly", "open": "nobody knows"}


def try_out(
    rule: Annotated[str, typer.Argument(help="Id of a rule, e.g. r0001; or a file with one rule")],
    runs: Annotated[int, typer.Option(min=1, help="Look at so many runs, the newest first")] = 10_000,
    session: Session = "",
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """What a rule would have blocked on record, rightly and wrongly, and which rules it repeats or contradicts.

    Rightly: the first trouble of that run began at the refused step and is of the rule's kind. Wrongly: the step went well.

    [bold]Examples[/bold]: siren rules test r0001 · siren rules test draft.lp --session night
    """
    from siren.cli.sessions import find_place, open_record
    from siren.config import home as home_folder
    from siren.explain.editing import related
    from siren.explain.replay import replay
    from siren.symbolic.knowledge import Knowledge
    from siren.symbolic.rulebook import Rulebook

    store = open_record(home_folder(home), database, existing=True)
    place = find_place(home_folder(home), store, session)
    found = _rule(place.rules, rule)
    with notice.status("judging what is on record"):
        (answer,) = replay(store, place.session, (found,), Knowledge.load(place.rules), runs=runs)
    others = related(found, Rulebook.load(place.rules).judging())
    show_replays({"as it stands": answer}, as_json=json)
    show_relations(others, as_json=json)
    emit(as_json(answer) | {"relations": [one.model_dump(mode="json") for one in others]}, json)


def without(
    rule: Annotated[str, typer.Argument(help="Id of a rule, e.g. r0001")],
    runs: Annotated[int, typer.Option(min=1, help="Look at so many runs, the newest first")] = 10_000,
    session: Session = "",
    language: Language = "en",
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """What would have happened since without a rule: decisions judged again. [bold]Example[/bold]: siren rules without r0001"""
    from siren.cli.sessions import find_place, open_record
    from siren.config import home as home_folder
    from siren.explain.consequences import without_rule
    from siren.explain.narrate import narrate
    from siren.symbolic.knowledge import Knowledge

    store = open_record(home_folder(home), database, existing=True)
    place = find_place(home_folder(home), store, session)
    with notice.status("judging what is on record"):
        answer = without_rule(store, place.session, _rule(place.rules, rule), Knowledge.load(place.rules), runs)
    say(narrate(answer, language), json)
    emit(answer, json)


def show_replays(found: dict[str, Replay], *, as_json: bool) -> None:
    """Counts beside each other, then examples of each kind."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "blocked", *_WORDS.values(), "share right (95 %)", "of runs"):
        table.add_column(column, justify="right" if column else "left", no_wrap=not column)
    for title, one in found.items():
        low, high = one.precision
        counts = [str(len(one.of(judgement))) for judgement in _WORDS]
        share = f"{100 * low:.0f} to {100 * high:.0f} %" if one.of("right") or one.of("wrong") else "not known"
        table.add_row(title, str(len(one.blocked)), *counts, share, f"{one.runs} of {one.on_record}")
    say(table, as_json)
    for title, one in found.items():
        for judgement in ("right", "wrong"):
            for example in one.examples(judgement):
                words = f"{title}, {_WORDS[judgement]}: episode {example.episode}, step {example.step}: {example.instruction}"
                say(f"  {words}", as_json)


def show_relations(found: Sequence[Relation], *, as_json: bool) -> None:
    """One line for each rule in force that this one repeats or contradicts."""
    for one in found:
        say(one.sentence, as_json)


def as_json(one: Replay) -> dict[str, object]:
    """A replay as counts, interval and examples."""
    examples = {judgement: [found.model_dump(mode="json") for found in one.examples(judgement)] for judgement in _WORDS}
    counts = {judgement: len(one.of(judgement)) for judgement in _WORDS}
    return {
        "rule": one.rule.model_dump(mode="json"),
        "runs": one.runs,
        "on_record": one.on_record,
        "blocked": counts,
        "right_share": one.precision,
        "examples": examples,
    }


def _rule(folder: Path, named: str) -> Rule:
    """The rule on file of that id, or the one of a file that was named; validated."""
    from siren.core.errors import RuleError
    from siren.explain.editing import rule_on_file
    from siren.symbolic.admission import check_files, check_rule

    if not named.endswith(".lp"):
        found = rule_on_file(folder, named)
        check_rule(folder, found)
        return found
    rules = check_files(folder, [Path(named)])
    if len(rules) != 1:
        raise RuleError(f"expected one rule to test, got {len(rules)}; give each a file of its own", source=named)
    return rules[0]
