"""Keyframes on the overhead picture, and shares over rounds as a curve: metres and shares in, numbers for SVG out.

The picture shows exactly the workspace square from straight above: up is +x, left is +y. Its drawing is 96 units wide, like the pixels.
"""

from collections.abc import Sequence
from typing import NamedTuple

from siren.core import geometry
from siren.core.action import WORKSPACE_HIGH, WORKSPACE_LOW
from siren.core.episode import Episode, Event
from siren.core.plan import Step
from siren.core.statistics import wilson

SIDE = 96.0
WIDTH, HEIGHT, LEFT, TOP = 300.0, 120.0, 30.0, 8.0  # of a curve's drawing


class Mark(NamedTuple):
    """One step on the picture: where the fingertips go, and the line along which the fingers close."""

    number: int
    text: str
    manner: str
    x: float
    y: float
    ends: tuple[float, float, float, float]
    events: tuple[Event, ...]
    first: bool  # the first thing that went wrong, went wrong here


class Dot(NamedTuple):
    """One round on a curve, with its 95 % interval."""

    x: float
    y: float
    low: float
    high: float
    label: str


def marks(episode: Episode, root: Event | None) -> tuple[Mark, ...]:
    """Every step that was run."""
    return tuple(_mark(number, step, episode, root) for number, step in enumerate(episode.decision.plan.steps, 1))


def curve(points: Sequence[tuple[int, int, int]]) -> tuple[Dot, ...]:
    """(round, successes, trials) as dots; shares from 0 to 1 run upwards."""
    spread = max(1, len(points) - 1)
    dots = []
    for place, (number, successes, trials) in enumerate(points):
        low, high = wilson(successes, trials)
        share = successes / trials if trials else 0.0
        x = LEFT + (WIDTH - LEFT - 12) * (place / spread if len(points) > 1 else 0.5)
        dots.append(Dot(round(x, 1), _up(share), _up(low), _up(high), f"round {number}: {successes} of {trials}"))
    return tuple(dots)


def _up(share: float) -> float:
    return round(TOP + (HEIGHT - TOP - 20) * (1 - share), 1)


def _mark(number: int, step: Step, episode: Episode, root: Event | None) -> Mark:
    frame = step.keyframe
    x, y = _place(frame.position[0], frame.position[1])
    axis = geometry.finger_axis(frame.yaw)
    a = _place(frame.position[0] + 0.05 * axis[0], frame.position[1] + 0.05 * axis[1])
    b = _place(frame.position[0] - 0.05 * axis[0], frame.position[1] - 0.05 * axis[1])
    events = tuple(event for event in episode.outcome.events if event.step == number)
    manner = f"{frame.speed}, {frame.force}, axis {frame.yaw:g}°, {round(1000 * frame.position[2])} mm high"
    return Mark(number, step.symbolic_text(), manner, x, y, (*a, *b), events, root is not None and root.step == number)


def _place(x: float, y: float) -> tuple[float, float]:
    """Metres as units of the picture."""
    right = (WORKSPACE_HIGH[1] - y) / (WORKSPACE_HIGH[1] - WORKSPACE_LOW[1])
    down = (WORKSPACE_HIGH[0] - x) / (WORKSPACE_HIGH[0] - WORKSPACE_LOW[0])
    return round(SIDE * right, 2), round(SIDE * down, 2)
