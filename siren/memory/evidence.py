"""Past episodes with how alike they are as what speaks for or against a plan.

A success speaks for every step that was done alike, a failure against the step that failed. Likeness weighs both.
"""

from collections.abc import Iterable, Sequence

from siren.core.episode import Episode
from siren.core.manner import Manner, manner_of
from siren.core.plan import Plan, Step
from siren.core.scene import Scene
from siren.memory.rows import root_event

OTHER_THING = 0.5  # how much less an episode says of a step on another thing


def evidence(scene: Scene, plan: Plan, past: Iterable[tuple[Episode, float]]) -> float:
    """Sum over past episodes of likeness times agreement: positive when the like worked, negative when it failed."""
    return sum(max(0.0, likeness) * _says(scene, plan, episode) for episode, likeness in past)


def reached_before(instruction: str, episodes: Iterable[Episode]) -> frozenset[str]:
    """What successful answers to the very same words came to: the symbolic half of their last steps."""
    same = (episode for episode in episodes if episode.outcome.success and episode.task.instruction == instruction)
    return frozenset(episode.decision.plan.steps[-1].symbolic_text() for episode in same if episode.decision.plan.steps)


def _says(scene: Scene, plan: Plan, episode: Episode) -> float:
    if episode.outcome.success:
        return _agreement(scene, plan.steps, episode, episode.decision.plan.steps)
    root = root_event(episode)
    steps = episode.decision.plan.steps
    return -_agreement(scene, plan.steps, episode, steps[root.step - 1 : root.step]) if root is not None else 0.0


def _agreement(scene: Scene, steps: Sequence[Step], episode: Episode, examples: Sequence[Step]) -> float:
    """Mean over the examples of how far the plan's step of that skill is done alike, 0 to 1."""
    found = [max((_alike(scene, step, episode.scene, example) for step in steps), default=0.0) for example in examples]
    return sum(found) / len(found) if found else 0.0


def _alike(scene: Scene, step: Step, then: Scene, example: Step) -> float:
    if step.skill != example.skill:
        return 0.0
    same = _shared(manner_of(scene, step), manner_of(then, example))
    return same if step.object == example.object else OTHER_THING * same


def _shared(one: Manner, other: Manner) -> float:
    """Share of equal fields among those that both have."""
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return sum(a == b for a, b in pairs) / len(pairs)
