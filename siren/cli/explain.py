"""`siren explain EPISODE`: why, why not, and what if, about a decision on record."""

from typing import Annotated

import typer

from siren.cli.options import Database, Home, Json
from siren.cli.output import emit, notice, say


def explain(
    episode: Annotated[
        int, typer.Argument(help="Id of an episode, as siren learn and siren run print it; 0: the newest one that was repaired")
    ] = 0,
    step: Annotated[int | None, typer.Option(help="Only this step, counted from 1", show_default=False)] = None,
    why: Annotated[bool, typer.Option("--why", help="Why the step (by default the first) is as it is")] = False,
    why_not: Annotated[str, typer.Option(help="What speaks against this plan; steps are separated by ';'", show_default=False)] = "",
    what_if: Annotated[str, typer.Option(help="What the rules would have said had this fact held", show_default=False)] = "",
    verify_all: Annotated[
        str,
        typer.Option(metavar="SESSION", help="Solve every explanation of that session again; exit code 1 if any falls", show_default=False),
    ] = "",
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """The chain from instruction to outcome: candidates, the rules that refused them, who taught those, the repair.

    Every why is put to the test: solved again without the named rule.

    [bold]Examples[/bold]: siren explain 12 · siren explain 12 --step 1 --why · siren explain 12 --what-if "force(1,gentle)" ·
    siren explain --verify-all NAME
    """
    from siren.cli.sessions import open_record, rules_folder
    from siren.config import home as home_folder
    from siren.explain import query
    from siren.explain.answers import Explanation, WhatIfAnswer, WhyNot, WhyStep
    from siren.explain.narrate import narrate
    from siren.symbolic.knowledge import Knowledge

    folder = home_folder(home)
    store = open_record(folder, database, existing=True)
    if verify_all:
        _verify(store, verify_all, Knowledge.load(rules_folder(folder, verify_all)), json)
        return
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


def _verify(store: "Store", session: str, knowledge: "Knowledge", json: bool) -> None:  # type: ignore[name-defined]  # noqa: F821
    """The share of a session's explanations that stand when they are solved again."""
    from rich.progress import Progress

    from siren.explain.verification import verify_session

    store.session(session)
    with Progress(console=notice, transient=True) as bars:
        bar = bars.add_task("solving again", total=store.count_episodes(session))
        found = verify_session(store, session, knowledge, lambda count: bars.update(bar, completed=count))
    say(f"{found.stood} of {found.answers} answers about {found.decisions} decisions stood ({100 * found.share:.1f} %)", json)
    if found.skipped:
        say(f"{found.skipped} decisions were left out: the rules that judged them were not kept", json)
    for line in found.fallen:
        say(f"fell: {line}", json)
    emit({**found.model_dump(mode="json"), "share": found.share}, json)
    if found.stood < found.answers:
        raise typer.Exit(1)


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
