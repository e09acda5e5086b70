"""`siren explain EPISODE`: why, why not, and what if, about a decision on record."""

from typing import Annotated

import typer

from siren.cli.options import Database, Home, Json
from siren.cli.output import emit, say


def explain(
    episode: Annotated[
        int, typer.Argument(help="Id of an episode, as siren learn and siren run print it; 0: the newest one that was repaired")
    ] = 0,
    step: Annotated[int | None, typer.Option(help="Only this step, counted from 1", show_default=False)] = None,
    why: Annotated[bool, typer.Option("--why", help="Why the step (by default the first) is as it is")] = False,
    why_not: Annotated[str, typer.Option(help="What speaks against this plan; steps are separated by ';'", show_default=False)] = "",
    what_if: Annotated[str, typer.Option(help="What the rules would have said had this fact held", show_default=False)] = "",
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """The chain from instruction to outcome: candidates, the rules that refused them, who taught those, the repair.

    Every why is put to the test: solved again without the named rule.

    [bold]Examples[/bold]: siren explain 12 · siren explain 12 --step 1 --why · siren explain 12 --what-if "force(1,gentle)"
    """
    from siren.cli.sessions import open_record, rules_folder
    from siren.config import home as home_folder
    from siren.explain import query
    from siren.explain.answers import Explanation, WhatIfAnswer, WhyNot, WhyStep
    from siren.explain.narrate import narrate
    from siren.symbolic.knowledge import Knowledge

    folder = home_folder(home)
    store = open_record(folder, database, existing=True)
    number = episode or newest_repaired(store)
    knowledge = Knowledge.load(rules_folder(folder, ""))
    answer: WhyNot | WhyStep | WhatIfAnswer | Explanation
    if why_not:
        answer = query.why_not(store, number, why_not.replace(";", "\n"), knowledge)
    elif what_if:
        answer = query.what_if(store, number, what_if, knowledge)
    elif why or step is not None:
        answer = query.why(store, number, step or 1, knowledge)
    else:
        answer = query.explain_episode(store, number, knowledge)
    say(narrate(answer), json)
    emit(answer, json)


def newest_repaired(store: "Store") -> int:  # type: ignore[name-defined]  # noqa: F821
    """The decision that shows most: the last one that a rule changed, else the last one of all."""
    from siren.core.errors import SessionError

    newest = 0
    for record in reversed(store.sessions()):
        for found in store.episodes(record.name):
            if found.decision.repair is not None:
                newest = max(newest, found.id or 0)
        if newest:
            return newest
    raise SessionError("no decision on record was changed by a rule; name an episode by its number")
