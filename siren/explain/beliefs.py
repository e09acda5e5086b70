"""A stored episode as what the agent believed to see: each thing with what is known of it, and which thing each step was about.

The words of a step and the place it goes to can disagree; then the step is about what stands at the place, and that is said here.
"""

from pydantic import Field

from siren.core.scene import SceneObject
from siren.core.values import Value
from siren.memory.store import Store
from siren.symbolic.facts import about, ground
from siren.symbolic.knowledge import Knowledge


class Belief(Value):
    """One thing."""

    name: str
    kind: str
    colour: str
    size_mm: tuple[int, int, int]
    position: tuple[float, float] = Field(description="metres, base frame")
    support: str
    inside: bool
    seen: tuple[str, ...] = Field(description="what can be seen on this one only, e.g. wet")
    known: tuple[str, ...] = Field(description="what is known of its kind, e.g. fragile")


class StepBelief(Value):
    """What one step of the plan that was run was about."""

    step: int
    text: str
    said: str
    found: str = Field(description="the thing at the place that the step goes to; 'nothing' when there is none")

    @property
    def agrees(self) -> bool:
        return self.said == self.found


class Beliefs(Value):
    """What was believed when an episode began."""

    episode: int
    perception: str = Field(description="where the description of the table came from")
    things: tuple[Belief, ...]
    steps: tuple[StepBelief, ...]


def beliefs(store: Store, number: int, knowledge: Knowledge) -> Beliefs:
    """Raises StoreError for an unknown episode."""
    episode = store.episode(number)
    grounded = ground(episode.scene, episode.decision.plan)
    return Beliefs(
        episode=number,
        perception=episode.scene.perception,
        things=tuple(_belief(thing, knowledge) for thing in episode.scene.objects),
        steps=tuple(StepBelief(step=one.number, text=one.step.symbolic_text(), said=one.step.object, found=about(one)) for one in grounded),
    )


def _belief(thing: SceneObject, knowledge: Knowledge) -> Belief:
    sides = tuple(round(1000 * side) for side in thing.size)
    return Belief(
        name=thing.name,
        kind=thing.kind,
        colour=thing.colour,
        size_mm=(sides[0], sides[1], sides[2]),
        position=(round(thing.position[0], 3), round(thing.position[1], 3)),
        support=thing.support,
        inside=thing.inside,
        seen=thing.marks,
        known=tuple(sorted(str(value) for name, value in knowledge.about(thing.kind) if name == "attribute")),
    )
