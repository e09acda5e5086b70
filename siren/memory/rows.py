"""An episode as rows to be inserted, and a stored row as an episode again. Knows tables, but no connection."""

import hashlib
import json
from collections.abc import Iterator

from pydantic import ValidationError

from siren.core.episode import Episode, Event, Verdict
from siren.core.errors import StoreError
from siren.memory.tables import CandidateRow, DecisionRow, EpisodeRow, EventRow, StepRow, VerdictRow

RESIDUAL = -1  # rank of the verdict on a repaired plan


def episode_text(episode: Episode) -> str:
    """The whole value as JSON text, without the id. Reads back equal: floats are written with all the digits they need."""
    return episode.model_dump_json(exclude={"id"})


def episode_row(episode: Episode, session_id: int) -> EpisodeRow:
    """The episode's own row: its key, what is asked about often, and the whole value."""
    text = episode_text(episode)
    root = root_event(episode)
    step = episode.decision.plan.steps[root.step - 1] if root and root.step <= len(episode.decision.plan.steps) else None
    return EpisodeRow(
        session_id=session_id,
        round=episode.round,
        seed=episode.task.seed,
        attempt=episode.attempt,
        use=episode.use,
        family=episode.task.family,
        split=episode.task.split,
        instruction=episode.task.instruction,
        goal_relation=episode.task.goal.relation,
        goal_object=episode.task.goal.object,
        goal_target=episode.task.goal.target,
        success=episode.outcome.success,
        goal_reached=episode.outcome.goal_reached,
        ticks=episode.outcome.ticks,
        state_hash=episode.outcome.state_hash,
        root_kind=root.kind if root else None,
        root_step=root.step if root else None,
        root_skill=step.skill if step else None,
        root_object=step.object if step else None,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        value=text,
    )


def root_event(episode: Episode) -> Event | None:
    """The first thing that went wrong: the earliest tick, and among equals the first that was told."""
    return min(episode.outcome.events, key=lambda event: event.tick, default=None)


def part_rows(episode: Episode, number: int) -> Iterator[StepRow | EventRow | DecisionRow | CandidateRow | VerdictRow]:
    """Everything that hangs on the episode's row, under its id."""
    yield from _step_rows(episode, number)
    for position, event in enumerate(episode.outcome.events):
        yield EventRow(episode_id=number, position=position, **event.model_dump())
    decision = episode.decision
    yield DecisionRow(
        episode_id=number,
        chosen=decision.chosen,
        plan=str(decision.plan),
        edits=len(decision.repair.edits) if decision.repair else 0,
        repaired=decision.repair is not None,
        rulebook=decision.rulebook,
        checkpoint=decision.checkpoint,
    )
    for rank, candidate in enumerate(decision.candidates):
        verdict = candidate.verdict or Verdict()
        yield CandidateRow(
            episode_id=number,
            rank=rank,
            text=candidate.text,
            score=candidate.score,
            is_plan=candidate.plan is not None,
            judged=candidate.verdict is not None,
            hard=verdict.hard,
            weight=verdict.weight,
        )
        yield from _verdict_rows(verdict, number, rank)
    if decision.repair:
        yield from _verdict_rows(decision.repair.residual, number, RESIDUAL)


def read_episode(row: EpisodeRow) -> Episode:
    """The frozen value, exactly as it was recorded, with its id. Raises StoreError when the row was changed since."""
    return read_text(row.id, row.sha256, row.value)


def read_text(number: int, digest: str, text: str) -> Episode:
    """The same from the columns `id`, `sha256` and `value`."""
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        raise StoreError(f"episode {number} does not match its sha256: it was damaged or changed after it was recorded; use a backup")
    try:
        return Episode.model_validate_json(text).model_copy(update={"id": number})
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise StoreError(
            f"episode {number} cannot be read at '{where}': {error.errors()[0]['msg']}; it was written by another SIREN"
        ) from error


def _step_rows(episode: Episode, number: int) -> Iterator[StepRow]:
    for position, step in enumerate(episode.decision.plan.steps, 1):
        frame = step.keyframe
        yield StepRow(
            episode_id=number,
            number=position,
            skill=step.skill,
            object=step.object,
            relation=step.relation,
            target=step.target,
            x=frame.position[0],
            y=frame.position[1],
            z=frame.position[2],
            yaw=frame.rotation[2],
            speed=frame.speed,
            force=frame.force,
        )


def _verdict_rows(verdict: Verdict, number: int, rank: int) -> Iterator[VerdictRow]:
    for position, violation in enumerate(verdict.violations):
        args = json.dumps(violation.args)
        yield VerdictRow(episode_id=number, rank=rank, position=position, rule=violation.rule, args=args, step=violation.step)
