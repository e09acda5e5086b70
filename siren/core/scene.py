"""What stands on the table, as seen before the plan starts. Hidden physics (mass, friction) is not here and never will be."""

import math
from typing import Literal

from pydantic import Field, model_validator

from siren.core.values import Value


class SceneObject(Value):
    """One thing, boxed. It may stand on the table or on or in another thing."""

    name: str
    kind: str
    position: tuple[float, float, float] = Field(description="centre of its bounding box, metres, base frame")
    yaw: float = Field(description="direction of its own x axis, degrees from the base frame's x axis, in [-180, 180)")
    size: tuple[float, float, float] = Field(description="extent along its own x and y axis, and height; metres")
    outline: Literal["box", "round"] = Field(default="box", description="its shape seen from above: a rectangle or an ellipse")
    handle: tuple[float, float, float] | None = Field(
        default=None, description="size of the knob on top that fingers take instead of the body; metres"
    )
    colour: str
    marks: tuple[str, ...] = Field(
        default=(), description="what can be seen on this one only, e.g. wet; of what the policy saw also uncertain, unseen"
    )
    support: str = Field(default="table", description="name of what carries it")
    inside: bool = Field(default=False, description="carried in its support rather than on it")
    confidence: float = Field(default=1.0, ge=0, le=1, description="how sure whoever saw it is of its kind; a simulator is always sure")

    @property
    def top(self) -> float:
        """Height of its highest point above the table, metres."""
        return self.position[2] + self.size[2] / 2

    @property
    def bottom(self) -> float:
        """Height of its lowest point above the table, metres."""
        return self.position[2] - self.size[2] / 2


class Scene(Value):
    """All things on the table, and where the description came from."""

    objects: tuple[SceneObject, ...]
    perception: str = Field(default="simulator", description="simulator, or policy: what the model itself saw")

    @model_validator(mode="after")
    def _stands(self) -> "Scene":
        """Nothing stands, by way of others, on itself."""
        for thing in self.objects:
            if thing.support == thing.name or self.rests_on(thing.support, thing.name):
                raise ValueError(f"expected every thing to stand on the table in the end, got {thing.name} on itself; mend support")
        return self

    def names(self) -> frozenset[str]:
        return frozenset(thing.name for thing in self.objects)

    def find(self, name: str) -> SceneObject | None:
        """The thing of that name, or None."""
        return next((thing for thing in self.objects if thing.name == name), None)

    def rests_on(self, name: str, below: str) -> bool:
        """Whether the thing of the first name is carried by that of the second, directly or by way of others."""
        found, seen = self.find(name), {name}
        while found is not None and found.support != below and found.support not in seen:
            seen.add(found.support)
            found = self.find(found.support)
        return found is not None and found.support == below

    def carried_by(self, name: str) -> tuple[SceneObject, ...]:
        """What stands directly on or in the thing of that name."""
        return tuple(thing for thing in self.objects if thing.support == name)

    def at(self, x: float, y: float, within: float = 0.05) -> tuple[SceneObject, ...]:
        """Things whose centre lies within that many metres of the place, nearest first, higher first when they are stacked."""
        near = [(round(math.hypot(thing.position[0] - x, thing.position[1] - y), 3), -thing.top, thing) for thing in self.objects]
        return tuple(thing for distance, _, thing in sorted(near, key=lambda row: row[:2]) if distance <= within)
