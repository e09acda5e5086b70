"""`siren explain EPISODE`: why, why not, what if, and what came of it, about a decision on record."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from siren.cli.options import Database, Home, Json, Language
from siren.cli.output import emit, notice, say

if TYPE_CHECKING:
    from siren.explain.narrate import Answer
    from siren.memory.store import Store
    from siren.symbolic.knowledge import Knowledge


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
    sees: Annotated[bool, typer.Option("--sees", help="What it believed to see")] = False,
    before: Annotated[bool, typer.Option("--before", help="When the same mistake was made before")] = False,
    learned: Annotated[bool, typer.Option("--learned", help="Which rules, batches and weights learned from it")] = False,
    graph: Annotated[
        Path | None, typer.Option(help="Also draw the whole chain to this file: .svg, or .json by node and link", show_default=False)
    ] = None,
    language: Language = "en",
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """The chain from instruction to outcome: candidates, the rules that refused them, who taught those, the repair.

    Every why is put to the test: solved again without the named rule.

    [bold]Examples[/bold]: siren explain 12 · siren explain 12 --step 1 --why · siren explain 12 --what-if "force(1,gentle)" ·
    siren explain 12 --language ko · siren explain --verify-all NAME
    """
    from siren.cli.sessions import open_record, rules_folder
    from siren.config import home as home_folder
    from siren.explain import consequences, query
    from siren.explain.beliefs import beliefs
    from siren.explain.narrate import narrate
    from siren.symbolic.knowledge import Knowledge

    folder = home_folder(home)
    store = open_record(folder, database, existing=True)
    if verify_all:
        _verify(store, verify_all, Knowledge.load(rules_folder(folder, verify_all)), json)
        return
    number = episode or newest_repaired(store)
    knowledge = Knowledge.load(rules_folder(folder, ""))
    asked: list[tuple[bool, Callable[[], Answer]]] = [
        (bool(why_not), lambda: query.why_not(store, number, why_not.replace(";", "\n"), knowledge)),
        (bool(what_if), lambda: query.what_if(store, number, what_if, knowledge)),
        (sees, lambda: beliefs(store, number, knowledge)),
        (before, lambda: consequences.earlier_mistakes(store, number)),
        (learned, lambda: consequences.learned_from(store, number)),
        (why or step is not None, lambda: query.why(store, number, step or 1, knowledge)),
        (True, lambda: query.explain_episode(store, number, knowledge)),
    ]
    answer = next(answer for wanted, answer in asked if wanted)()
    say(narrate(answer, language), json)
    if graph is not None:
        _draw(store, number, knowledge, graph)
    emit(answer, json)


def _verify(store: "Store", session: str, knowledge: "Knowledge", json: bool) -> None:
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


def _draw(store: "Store", number: int, knowledge: "Knowledge", path: Path) -> None:
    """The explanation of the whole episode as a picture or as JSON, by the file's ending."""
    from siren.core.errors import SessionError
    from siren.explain import graph, query
    from siren.explain.consequences import learned_from

    writers = {".svg": graph.to_svg, ".json": graph.to_json}
    if path.suffix not in writers:
        raise SessionError(f"expected a file that ends in .svg or .json for the graph, got {path}")
    drawn = graph.build_graph(query.explain_episode(store, number, knowledge), learned_from(store, number))
    path.write_text(writers[path.suffix](drawn), encoding="utf-8")
    notice.print(f"the graph is in {path}", soft_wrap=True)


def newest_repaired(store: "Store") -> int:
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
