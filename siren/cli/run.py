"""`siren run "INSTRUCTION"`: one decision, carried out before your eyes, on record."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from siren.cli.options import Database, Home, Json, Perceived, Session
from siren.cli.output import emit, notice, result, say
from siren.cli.remembering import Context

if TYPE_CHECKING:
    import numpy as np

    from siren.agent import Mode
    from siren.cli.sessions import Place
    from siren.config import Perception
    from siren.core.episode import Episode
    from siren.memory.store import Store


def run(
    instruction: Annotated[str, typer.Argument(help='What to do, e.g. "put the egg in the box"')],
    seed: Annotated[int, typer.Option(min=0, help="Another seed lays another table")] = 0,
    check: Annotated[bool, typer.Option("--check/--no-check", help="Let the rules choose and repair, or run the first proposal")] = True,
    perception: Perceived = None,
    checkpoint: Annotated[Path | None, typer.Option(help="Folder of another policy", show_default=False)] = None,
    context: Annotated[
        Context,
        typer.Option(
            help="What to fetch from memory in doubt, and after a failure before a second attempt: l1 the last actions,"
            " l2 also what holds already, l3 also similar episodes"
        ),
    ] = "none",
    session: Session = "",
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Lay a table on which the instruction makes sense, decide, act, and say what happened.

    Rules and weights are those of the newest session (or of --session); without any session, those that ship.

    [bold]Examples[/bold]: siren run "pick up the egg" · siren run "put the cola can in the box" --seed 3 --no-check ·
    siren run "pick up the egg" --perception simulator · siren run "put the egg and the die in the box" --context l3
    """
    from siren.config import home as home_folder

    _run(_Asked(instruction, seed, check, perception, checkpoint, session, database, context), home_folder(home), json)


class _Asked(NamedTuple):
    """What a person wants done, and with what."""

    instruction: str
    seed: int
    check: bool
    perception: "Perception | None"  # None: that of the session
    checkpoint: Path | None
    session: str
    database: str
    context: Context


def _run(asked: _Asked, home: Path, as_json: bool) -> None:
    from siren.cli.sessions import find_place, open_record
    from siren.explain.narrate import narrate
    from siren.explain.query import explain_episode
    from siren.symbolic.knowledge import Knowledge

    store = open_record(home, asked.database)
    place = find_place(home, store, asked.session)
    episode = _act(asked, store, place)
    assert episode.id is not None
    explanation = explain_episode(store, episode.id, Knowledge.load(place.rules))
    say(narrate(explanation), as_json)
    if not as_json:
        result.print(f"episode {episode.id}; ask about it: siren explain {episode.id} --home {home}", style="dim")
    emit(_answer(episode), as_json)
    if not episode.outcome.success:
        raise typer.Exit(1)


def _act(asked: _Asked, store: "Store", place: "Place") -> "Episode":
    """One decision carried out, or two where a memory is asked after a failure, on record in a session of what people asked for by hand."""
    import numpy as np

    from siren import build
    from siren.agent import Agent
    from siren.cli.remembering import memory_of
    from siren.core.progress import worth_another
    from siren.world.tasks import task_from_instruction

    task = task_from_instruction(asked.instruction, asked.seed)
    committed = store.last_committed_round(place.session) if place.session else None
    weights = build.checkpoint(str(asked.checkpoint or build.committed_checkpoint(committed, place.config)))
    seen = asked.perception or (place.config.perception if build.family(weights) == "siren" else None)
    parts = build.suspecting(build.parts(place.rules, weights, build.sight(weights, seen)))
    by_hand = "by-hand-" + (place.session or "shipped")
    if by_hand not in {record.name for record in store.sessions()}:
        store.new_session(by_hand, place.config.model_copy(update={"name": by_hand}).model_dump_json())
    turn = store.count_episodes(by_hand)
    store.record_rulebook(parts.checker.rulebook, parts.checker.judging)
    memory = memory_of(asked.context, parts.proposer, weights, store, _past_sessions(place, by_hand), place.home)
    world = build.world()
    agent = Agent(world, parts.proposer, parts.checker, parts.repairer, planner=parts.planner, perceiver=parts.perceiver, recall=memory)
    mode: Mode = "repair" if asked.check else "policy"
    rng = np.random.default_rng([asked.seed, turn])
    first = _record(store, place, *agent.run(task, rng, session=by_hand, turn=turn, mode=mode))
    if memory is None or not worth_another(first.outcome):
        return first
    notice.print(f"episode {first.id} failed; a second attempt from where things stand")
    episode, image = agent.run_on(world.go_on(), first, rng, mode)
    return _record(store, place, episode.model_copy(update={"round": turn + 1}), image)


def _past_sessions(place: "Place", by_hand: str) -> tuple[str, ...]:
    return (place.session, by_hand) if place.session else (by_hand,)


def _record(store: "Store", place: "Place", episode: "Episode", image: "np.ndarray") -> "Episode":
    """The episode with its id, on record with its picture. Every attempt is a round of its own."""
    from siren.loop.rollout import frame_key
    from siren.memory.frames import Frames

    Frames(place.home).save(episode.session, frame_key(episode.round, episode.task.seed), image)
    store.begin_round(episode.session, episode.round)
    return episode.model_copy(update={"id": store.record(episode)})


def _answer(episode: "Episode") -> dict[str, object]:
    return {
        "episode": episode.id,
        "instruction": episode.task.instruction,
        "perception": episode.scene.perception,
        "plan": str(episode.decision.plan),
        "success": episode.outcome.success,
        "events": [event.model_dump() for event in episode.outcome.events],
        "repaired": episode.decision.repair is not None,
        "rulebook": episode.decision.rulebook,
        "checkpoint": episode.decision.checkpoint,
    }
