"""A task: an instruction, the goal it stands for, and the layout that the world is built from. The same task gives the same episode."""

from typing import Literal, get_args

from pydantic import Field

from siren.core.values import Value

# What has to be done. `clear`: something stands on the thing and has to go first; `tidy`: several things are put away;
# `fetch`: the thing stands on the far table, for a robot on wheels.
Family = Literal["pick", "place", "place_in", "stack", "near", "push", "tip", "open", "clear", "tidy", "fetch"]
FAMILIES: tuple[Family, ...] = get_args(Family)

# How the sentence speaks of the thing: its name, what it is good for, against other things, an occasion, a symbol on the table, a sum.
Reference = Literal["name", "use", "comparison", "occasion", "symbol", "sum"]
Language = Literal["en", "es", "ko"]

Relation = Literal["held", "on", "in", "near", "tipped", "opened"]


class Goal(Value):
    """What has to hold at the end: the object is held, rests on, in or near the target, lies on its side, or has its lid off."""

    relation: Relation
    object: str
    target: str | None = None
    also: tuple["Goal", ...] = Field(default=(), description="further goals that have to hold as well, each without any of its own")

    def each(self) -> tuple["Goal", ...]:
        """This goal and the further ones, one by one."""
        return (self.model_copy(update={"also": ()}), *self.also)


class Placement(Value):
    """Where the world puts one thing before the episode starts."""

    name: str
    kind: str
    position: tuple[float, float, float] = Field(description="origin of the body, metres, base frame")
    yaw: float = Field(description="degrees")
    marks: tuple[str, ...] = ()
    variant: str = Field(default="", description="name of another colour or size of the kind; empty: as most of them are")
    table: str = Field(default="table", description="the table it stands on; its position is in the frame of a robot before that table")


class Backdrop(Value):
    """What the table and the light look like. Physics knows nothing of it."""

    table: tuple[float, float, float] = Field(description="red, green, blue of the table top in 0..1")
    texture: str = Field(default="", description="name of a pattern on the table top; empty: plain")
    light: tuple[float, float, float] = (0.4, 0.3, 3.0)
    ambient: float = 0.62
    diffuse: float = 0.40


class Task(Value):
    """Made from a seed by `siren.world.tasks`, or from an instruction by a person."""

    seed: int
    family: Family
    split: str
    instruction: str
    goal: Goal
    layout: tuple[Placement, ...]
    reference: Reference = "name"
    language: Language = "en"
    backdrop: Backdrop | None = Field(default=None, description="none: the usual table in the usual light")
