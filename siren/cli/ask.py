"""`siren ask "QUESTION" --episode N`: a question in plain words about a decision on record."""

from typing import Annotated

import typer

from siren.cli.options import Home, Json, Language
from siren.cli.output import emit, notice, say


def ask(
    question: Annotated[str, typer.Argument(help='e.g. "why did you not take the egg?"')],
    episode: Annotated[int, typer.Option(help="Id of an episode; 0: the newest one that was repaired")] = 0,
    language: Language = "en",
    home: Home = None,
    json: Json = False,
) -> None:
    """Answer a question by the same queries as siren explain. What is not understood gets the list of what can be asked, and exit code 1.

    [bold]Examples[/bold]: siren ask "why not gently?" --episode 12 · siren ask "what if the egg were not fragile?" --episode 12
    """
    from siren.cli.explain import newest_repaired
    from siren.cli.sessions import rules_folder
    from siren.config import home as home_folder
    from siren.core.errors import SessionError
    from siren.explain import ask as questions
    from siren.memory.database import FILE_NAME
    from siren.memory.store import Store
    from siren.symbolic.knowledge import Knowledge

    folder = home_folder(home)
    if not (folder / FILE_NAME).exists():
        raise SessionError(f"there is nothing on record in {folder}; run siren learn or siren run first, or name another --home")
    store = Store.open(folder)
    number = episode or newest_repaired(store)
    reply = questions.ask(store, number, question, Knowledge.load(rules_folder(folder, "")), language=language)
    if reply.question is None:
        notice.print(f"{reply.understood} This is what can be asked about episode {number}:")
        say("\n".join(f"  {example}" for example in reply.can_be_asked), json)
    else:
        notice.print(f"{reply.understood} (episode {number})", style="dim", markup=False)
        say(reply.told, json)
    emit(reply, json)
    if reply.question is None:
        raise typer.Exit(1)
