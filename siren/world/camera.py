"""Bodies on a table as the picture that a camera takes, and world points as places in that picture.

The camera has a client of its own, so drawing never touches the physics. The arm is only there when a picture asks for it, drawn with
few polygons: the Panda's own hundred thousand cost eight times as much.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from siren.core.action import WORKSPACE_HIGH, WORKSPACE_LOW
from siren.core.errors import WorldError
from siren.core.task import Backdrop, Task
from siren.world.backdrops import GROUNDS, pattern_file
from siren.world.bullet import TABLE_COLOUR, Bullet, Pose, View
from siren.world.catalogue import kind_of
from siren.world.robots import Robot
from siren.world.shape import Colour, quaternion

PIXELS = 96
FEWEST_PIXELS, MOST_PIXELS = 64, 224
NOTHING, ROBOT = -1, -2  # in a segmentation: table, floor and sky; the arm
EYE_HEIGHT = 1.3
CENTRE = ((WORKSPACE_LOW[0] + WORKSPACE_HIGH[0]) / 2, (WORKSPACE_LOW[1] + WORKSPACE_HIGH[1]) / 2)
GROUNDED = 0.5  # share of other people's tables that are not plain
PARKED = (0.0, 0.0, 50.0)  # behind the camera
WIDTH = WORKSPACE_HIGH[0] - WORKSPACE_LOW[0]


class VisibleBody(NamedTuple):
    """One thing to draw: origin of its body (m) and quaternion (x, y, z, w)."""

    kind: str
    position: Sequence[float]
    orientation: Sequence[float]
    marks: tuple[str, ...] = ()
    variant: str = ""


class Posture(NamedTuple):
    """A robot to draw: positions of its arm and finger joints (rad, m), as `Tabletop.posture` gives them."""

    robot: Robot
    joints: Sequence[float]


class Picture(NamedTuple):
    """image: uint8 (pixels, pixels, 3) RGB. segmentation: int16 (pixels, pixels), index of the body seen, NOTHING or ROBOT."""

    image: np.ndarray
    segmentation: np.ndarray


@dataclass(frozen=True)
class Setting:
    """From where, in what light and on what table a picture is taken. The default is the robot's own camera."""

    eye: tuple[float, float, float] = (*CENTRE, EYE_HEIGHT)
    width: float = WIDTH  # metres of table that fill the image, seen straight on
    light: tuple[float, float, float] = (0.4, 0.3, 3.0)
    ambient: float = 0.62
    diffuse: float = 0.40
    table: Colour = TABLE_COLOUR
    texture: str = ""  # name of a pattern on the table; empty: plain
    pixels: int = PIXELS
    up: tuple[float, float, float] = (1.0, 0.0, 0.0)
    target: tuple[float, float, float] = (*CENTRE, 0.0)

    def __post_init__(self) -> None:
        if not FEWEST_PIXELS <= self.pixels <= MOST_PIXELS:
            raise WorldError(f"expected {FEWEST_PIXELS} to {MOST_PIXELS} pixels a side, got {self.pixels}; choose a size between")

    def view(self) -> View:
        """As the renderer wants it."""
        field = 2 * math.degrees(math.atan(self.width / 2 / math.dist(self.eye, self.target)))
        return View(self.eye, self.target, self.up, field, self.pixels, self.light, self.ambient, self.diffuse)

    def project(self, points: np.ndarray) -> np.ndarray:
        """World points (n, 3) as fractions (n, 2) of the image: u from left to right, v from top to bottom."""
        places = np.column_stack([points, np.ones(len(points))]) @ self.view().projection().T
        return np.asarray(np.column_stack([1 + places[:, 0] / places[:, 3], 1 - places[:, 1] / places[:, 3]]) / 2)


def backdrop_setting(backdrop: Backdrop | None, setting: Setting | None = None) -> Setting:
    """The robot's own view, or another one, of a table that looks like that."""
    chosen = setting or Setting()
    if backdrop is None:
        return chosen
    return replace(
        chosen,
        table=backdrop.table,
        texture=backdrop.texture,
        light=backdrop.light,
        ambient=backdrop.ambient,
        diffuse=backdrop.diffuse,
    )


def overhead(pixels: int = PIXELS) -> Setting:
    """The robot's own camera at another resolution. Raises WorldError outside 64 to 224 pixels."""
    return Setting(pixels=pixels)


def oblique(pixels: int = PIXELS, bearing: float = -40.0) -> Setting:
    """Table and arm from across the table, 37 degrees above it; bearing in degrees, 0 faces the robot, 90 looks from its left."""
    angle = math.radians(bearing)
    target = (CENTRE[0] - 0.12, CENTRE[1], 0.10)
    eye = (target[0] + 1.30 * math.cos(angle), target[1] + 1.30 * math.sin(angle), 1.08)
    return Setting(eye=eye, width=1.15, pixels=pixels, up=(0.0, 0.0, 1.0), target=target)


def robot_setting(rng: np.random.Generator) -> Setting:
    """The robot's own view on another day: light from elsewhere, the table a little lighter, darker or tinted."""
    tint = np.clip(np.multiply(TABLE_COLOUR, rng.uniform(0.75, 1.2)) + rng.uniform(-0.07, 0.07, 3), 0, 1)
    return Setting(light=_light(rng), ambient=rng.uniform(0.5, 0.75), diffuse=rng.uniform(0.3, 0.5), table=_colour(tint))


def web_setting(rng: np.random.Generator) -> Setting:
    """Somebody else's picture: any table, half of them with a ground, any light, nearer or farther, from up to 22 cm beside."""
    beside = rng.uniform(-0.22, 0.22, 2)
    return Setting(
        eye=(CENTRE[0] + float(beside[0]), CENTRE[1] + float(beside[1]), EYE_HEIGHT * rng.uniform(0.8, 1.2)),
        width=WIDTH * rng.uniform(0.8, 1.15),
        light=_light(rng),
        ambient=rng.uniform(0.5, 0.75),
        diffuse=rng.uniform(0.3, 0.5),
        table=_colour(rng.uniform(0.08, 0.95, 3)),
        texture=GROUNDS[int(rng.integers(len(GROUNDS)))] if rng.random() < GROUNDED else "",
    )


def layout_bodies(task: Task) -> tuple[VisibleBody, ...]:
    """A task's things where it puts them, before anything has settled."""
    return tuple(
        VisibleBody(item.kind, item.position, quaternion((0.0, 0.0, math.radians(item.yaw))), item.marks, item.variant)
        for item in task.layout
    )


class Camera:
    """Draws bodies, about 6 ms a picture of 96 x 96.

    with Camera() as camera:
        picture = camera.look(layout_bodies(task))
        picture = camera.look(world.visible_bodies(), oblique(224), world.posture())
    """

    def __init__(self) -> None:
        self._bullet = Bullet(solid_table=False)
        self._table: tuple[Colour, str] = TABLE_COLOUR, ""
        self._pool: dict[tuple[str, tuple[str, ...], str], list[int]] = {}
        self._robots: dict[str, tuple[int, Pose]] = {}

    def __enter__(self) -> "Camera":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the client back."""
        self._bullet.close()

    def look(self, bodies: Sequence[VisibleBody], setting: Setting | None = None, posture: Posture | None = None) -> Picture:
        """What the camera sees, with the arm if its posture is given. Raises InstructionError for an unknown kind."""
        chosen = setting or Setting()
        if (chosen.table, chosen.texture) != self._table:
            self._bullet.paint(self._bullet.table, chosen.table, pattern_file(chosen.texture) if chosen.texture else None)
            self._table = chosen.table, chosen.texture
        drawn = self._arrange(bodies)
        robot = self._pose(posture) if posture is not None else None
        image, seen = self._bullet.render(chosen.view())
        for body in (*drawn, *(() if robot is None else (robot,))):
            self._bullet.place(body, PARKED, (0, 0, 0, 1))
        segmentation = np.full(seen.shape, NOTHING, np.int16)
        for index, body in enumerate(drawn):
            segmentation[seen == body] = index
        if robot is not None:
            segmentation[seen == robot] = ROBOT
        return Picture(image, segmentation)

    def _pose(self, posture: Posture) -> int:
        """Put the robot in view. Like a thing, it is made once and parked between pictures."""
        robot, joints = posture
        if robot.name not in self._robots:
            body = self._bullet.draw_robot(robot, joints)
            self._robots[robot.name] = body, self._bullet.pose(body)
        body, stands = self._robots[robot.name]
        self._bullet.place(body, stands.position.tolist(), stands.orientation.tolist())
        self._bullet.reset_joints(body, (*robot.joints, *robot.fingers), joints)
        return body

    def _arrange(self, bodies: Sequence[VisibleBody]) -> list[int]:
        """Put bodies in view. They are made once and parked afterwards: making one costs up to 6 ms, parking 0.05 ms a picture."""
        drawn: list[int] = []
        for body in bodies:
            pool = self._pool.setdefault((body.kind, body.marks, body.variant), [])
            spare = next((one for one in pool if one not in drawn), None)
            if spare is None:
                looks = kind_of(body.kind).variant(body.variant).looks(body.marks)
                spare = self._bullet.add_body(looks, body.position, body.orientation)
                pool.append(spare)
            self._bullet.place(spare, body.position, body.orientation)
            drawn.append(spare)
        return drawn


def _light(rng: np.random.Generator) -> tuple[float, float, float]:
    return 1.2 * float(rng.normal()), 1.2 * float(rng.normal()), 3.0


def _colour(values: np.ndarray) -> Colour:
    red, green, blue = (float(value) for value in values)
    return red, green, blue
