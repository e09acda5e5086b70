"""`siren run "INSTRUCTION"`: one decision, carried out before your eyes, on record."""

from pathlib import Path
from typing import Annotated

import typer

from siren.cli.options import Home, Json, Session
from siren.cli.output import emit, result, say


def run(
    instruction: Annotated[str, typer.Argument(help='What to do, e.g. "put the egg in the box"')],
    seed: Annotated[int, typer.Option(min=0, help="Another seed lays another table")] = 0,
    check: Annotated[bool, typer.Option("--check/--no-check", help="Let the rules choose and repair, or run the first proposal")] = True,
    perception: Annotated[str, typer.Option(help="Where the scene facts come from; only 'simulator' so far")] = "simulator",
    checkpoint: Annotated[Path | None, typer.Option(help="Folder of another policy", show_default=False)] = None,
    session: Session = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Lay a table on which the instruction makes sense, decide, act, and say what happened.

    Rules and weights are those of the newest session (or of --session); without any session, those that ship.

    [bold]Examples[/bold]: siren run "pick up the egg" · siren run "put the cola can in the box" --seed 3 --no-check
    """
    import numpy as np

    from siren import build
    from siren.agent import Agent
    from siren.cli.sessions import find_place
    from siren.config import home as home_folder
    from siren.core.errors import SessionError
    from siren.explain.narrate import narrate
    from siren.explain.query import explain_episode
    from siren.loop.rollout import frame_key
    from siren.memory.frames import Frames
    from siren.memory.store import Store
    from siren.symbolic.knowledge import Knowledge
    from siren.world.tasks import task_from_instruction

    if perception != "simulator":
        raise SessionError(
            f"expected --perception simulator, got '{perception}'; reading the scene from the image comes with a later version"
        )
    task = task_from_instruction(instruction, seed)
    folder = home_folder(home)
    store = Store.open(folder)
    place = find_place(folder, store, session)
    weights = checkpoint or Path(
        build.committed_checkpoint(store.last_committed_round(place.session) if place.session else None, place.config)
    )
    parts = build.parts(place.rules, build.checkpoint(str(weights)))
    by_hand = "by-hand-" + (place.session or "shipped")
    if by_hand not in {record.name for record in store.sessions()}:
        store.new_session(by_hand, place.config.model_copy(update={"name": by_hand}).model_dump_json())
    turn = store.count_episodes(by_hand)
    store.record_rulebook(parts.checker.rulebook, parts.checker.judging)
    agent = Agent(build.world(), parts.proposer, parts.checker, parts.repairer)
    episode, image = agent.run(task, np.random.default_rng([seed, turn]), session=by_hand, turn=turn, mode="repair" if check else "policy")
    Frames(folder).save(by_hand, frame_key(turn, seed), image)
    store.begin_round(by_hand, turn)
    number = store.record(episode)
    explanation = explain_episode(store, number, Knowledge.load(place.rules))
    say(narrate(explanation), json)
    if not json:
        result.print(f"episode {number}; ask about it: siren explain {number} --home {folder}", style="dim")
    emit(
        {
            "episode": number,
            "instruction": instruction,
            "perception": perception,
            "plan": str(episode.decision.plan),
            "success": episode.outcome.success,
            "events": [event.model_dump() for event in episode.outcome.events],
            "repaired": episode.decision.repair is not None,
            "rulebook": episode.decision.rulebook,
            "checkpoint": episode.decision.checkpoint,
        },
        json,
    )
    if not episode.outcome.success:
        raise typer.Exit(1)
