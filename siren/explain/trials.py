"""Runs of the same seed as what would have happened: probes and experiments, each with what it changed and how it ended."""

import math

from siren.core.episode import Episode, Outcome
from siren.core.plan import Plan
from siren.explain.answers import Trial
from siren.memory.records import PRACTICE
from siren.memory.rows import root_event
from siren.memory.store import Store


def trials_of(store: Store, episode: Episode) -> tuple[Trial, ...]:
    """The other runs of the episode's seed in its round, in order. Empty for a run that nobody probed."""
    others = (other for other in store.attempts(episode.session, episode.round, episode.task.seed) if other.id != episode.id)
    if episode.use not in PRACTICE:
        return ()
    return tuple(
        Trial(
            episode=other.id or 0,
            changes=changes_between(episode.decision.plan, other.decision.plan),
            success=other.outcome.success,
            result=tell_outcome(other),
        )
        for other in others
    )


def changes_between(run: Plan, other: Plan) -> tuple[str, ...]:
    """What another plan does otherwise, step by step, in words."""
    changes: list[str] = []
    left = list(enumerate(run.steps, 1))
    for position, step in enumerate(other.steps):
        surplus = len(other.steps) - position - len(left)
        if not left or (surplus > 0 and left[0][1].symbolic_text() != step.symbolic_text()):
            changes.append(f"first {step.symbolic_text()}" if left else f"then {step.symbolic_text()}")
            continue
        number, was = left.pop(0)
        if was.symbolic_text() != step.symbolic_text():
            changes.append(f"step {number}: {step.symbolic_text()}")
        for name in ("speed", "force"):
            if getattr(was.keyframe, name) != getattr(step.keyframe, name):
                changes.append(f"step {number}: {getattr(step.keyframe, name)}")
        if was.keyframe.yaw != step.keyframe.yaw:
            changes.append(f"step {number}: finger axis at {step.keyframe.yaw:g} degrees")
        if was.keyframe.position[:2] != step.keyframe.position[:2]:
            changes.append(f"step {number}: {1000 * math.dist(was.keyframe.position[:2], step.keyframe.position[:2]):.0f} mm aside")
        if was.keyframe.position[2] != step.keyframe.position[2]:
            changes.append(f"step {number}: at height {1000 * step.keyframe.position[2]:.0f} mm")
    return (*changes, *(f"without {step.symbolic_text()}" for _, step in left))


def tell_outcome(episode: Episode) -> str:
    """How an episode ended, in a few words."""
    outcome: Outcome = episode.outcome
    root = root_event(episode)
    if outcome.success:
        return "it worked"
    if root is None:
        return "the goal was not reached"
    subject = f"{root.subject.replace('_', ' ')} " if root.subject else ""
    return f"{subject}{root.kind.replace('_', ' ')} at step {root.step}, {root.phase}"
