"""`siren diagnose EPISODE`: which argument of which step made an episode fail, found by carrying it out again with one thing set right."""

from typing import TYPE_CHECKING, Annotated

import typer

from siren.cli.options import Database, Home, Json
from siren.cli.output import emit, notice, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from siren.core.episode import Episode, Outcome
    from siren.core.plan import Plan
    from siren.learning.diagnosis import Diagnosis
    from siren.learning.probes import Attempt
    from siren.memory.store import Store


def diagnose(
    episode: Annotated[int, typer.Argument(help="Id of a failed episode, as siren learn and siren run print it; 0: the newest")] = 0,
    budget: Annotated[int, typer.Option(min=1, max=1000, help="Most runs to spend on it")] = 60,
    home: Home = None,
    database: Database = "",
    json: Json = False,
) -> None:
    """Carry a failed episode out again, each time with one thing set right, until it is known which argument mattered.

    The first event says when it showed; the step that was wrong may be an earlier one. Exit code 1 when nothing that was tried helped.

    [bold]Examples[/bold]: siren diagnose 12 · siren diagnose --budget 20 --json
    """
    from siren import build
    from siren.cli.sessions import open_record
    from siren.config import home as home_folder
    from siren.core.errors import PlanRefusedError, SessionError
    from siren.learning import diagnosis
    from siren.symbolic.mending import amendments

    store = open_record(home_folder(home), database, existing=True)
    record = store.episode(episode) if episode else _newest_failed(store)
    if record.outcome.success or not record.outcome.events:
        raise SessionError(
            f"expected a failed episode, but nothing went wrong in episode {record.id}; siren explain {record.id} tells of it"
        )
    if record.attempt and record.use == "run":
        raise SessionError(
            f"expected an episode that began with its table as it was laid, but {record.id} is a second attempt and began where the"
            " first had ended; diagnose the first"
        )
    with build.world() as world:
        scene, plan = world.reset(record.task), record.decision.plan

        def again(changed: "Plan") -> "Outcome | None":
            world.reset(record.task)
            try:
                return world.execute(changed)
            except PlanRefusedError:
                return None

        outcome = again(plan)
        if outcome is None or not outcome.events:
            raise SessionError(
                f"episode {record.id} does not fail again in this version of the world; what it failed of then cannot be tried"
            )
        with notice.status("carrying it out again"):
            found = diagnosis.diagnose(plan, outcome, lambda one: amendments(scene, one, record.task.goal), again, budget)
    for line in _told(record, found):
        say(line, json)
    emit(_as_json(record, found), json)
    raise typer.Exit(0 if found.fields else 1)


def _newest_failed(store: "Store") -> "Episode":
    from siren.core.errors import SessionError

    for session in reversed(store.sessions()):
        recorded = (one for one in store.episodes(session.name) if not (one.attempt and one.use == "run"))
        failed = [one for one in recorded if one.outcome.events and not one.outcome.success]
        if failed:
            return max(failed, key=lambda one: one.id or 0)
    raise SessionError("no failed episode is on record here; siren learn and siren run make some")


def _told(record: "Episode", found: "Diagnosis") -> "Iterator[str]":
    from siren.explain.narrate import tell_edit, tell_event

    yield f"Episode {record.id}, '{record.task.instruction}': {tell_event(found.event)}."
    if not found.fields:
        yield f"Nothing that was tried helped ({found.runs} runs)."
        return
    step = record.decision.plan.steps[found.step - 1].symbolic_text()
    yield f"What mattered: {' and '.join(found.fields)} at step {found.step} ({step})."
    if found.mended:
        yield "With this alone it succeeds:"
        yield from ("  " + ", ".join(map(tell_edit, trial.edits)) for trial in found.mended)
    elif found.further:
        yield "Nothing alone makes it succeed; with this it comes further:"
        yield from ("  " + ", ".join(map(tell_edit, trial.edits)) for trial in found.further)
    yield f"{found.runs} runs."


def _as_json(record: "Episode", found: "Diagnosis") -> dict[str, object]:
    def trials(which: "tuple[Attempt, ...]") -> list[object]:
        return [{"edits": [edit.model_dump() for edit in trial.edits], "success": trial.outcome.success} for trial in which]

    return {
        "episode": record.id,
        "event": found.event.model_dump(),
        "step": found.step,
        "fields": list(found.fields),
        "confirmed": found.confirmed,
        "mended": trials(found.mended),
        "further": trials(found.further),
        "runs": found.runs,
    }
