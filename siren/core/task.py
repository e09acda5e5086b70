"""A task: an instruction, the goal it stands for, and the layout that the world is built from. The same task gives the same episode."""

from typing import Literal

from pydantic import Field

from siren.core.values import Value

Family = Literal["pick", "place", "place_in", "stack"]
FAMILIES: tuple[Family, ...] = ("pick", "place", "place_in", "stack")


class Goal(Value):
    """What has to hold at the end: the object is held, or it rests on or in the target."""

    relation: Literal["held", "on", "in"]
    object: str
    target: str | None = None


class Placement(Value):
    """Where the world puts one thing before the episode starts."""

    name: str
    kind: str
    position: tuple[float, float, float] = Field(description="origin of the body, metres, base frame")
    yaw: float = Field(description="degrees")
    marks: tuple[str, ...] = ()


class Task(Value):
    """Made from a seed by `siren.world.tasks`, or from an instruction by a person."""

    seed: int
    family: Family
    split: str
    instruction: str
    goal: Goal
    layout: tuple[Placement, ...]
