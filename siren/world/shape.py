"""Coloured primitives and matter as the makings of a body, and parts as a bounding box. Metres and radians, in the frame of the body.

Pure numbers: this file does not know the simulator that draws and collides them.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, NamedTuple

import numpy as np

Form = Literal["box", "cylinder", "sphere", "capsule", "lathe"]
Colour = tuple[float, float, float]

LATHE_SIDES = 16


class Matter(NamedTuple):
    """What a body is made of: kilograms and Coulomb coefficients."""

    mass: float
    friction: float
    rolling: float = 0.0002
    spinning: float = 0.002


class Feel(NamedTuple):
    """How much heavier and rougher everything is than it should be: factors on mass and on friction."""

    mass: float = 1.0
    friction: float = 1.0

    def of(self, matter: Matter | None) -> Matter | None:
        """That matter as it feels; None for what only lies there to be seen."""
        if matter is None or self == Feel():
            return matter
        return matter._replace(mass=matter.mass * self.mass, friction=matter.friction * self.friction)


@dataclass(frozen=True)
class Part:
    """One primitive of a body.

    size: box (x, y, z), cylinder and capsule (radius, length along z), sphere (radius,),
    lathe (scale of x, y, z on the profile). `solid` parts collide and are seen; the others are only seen.
    """

    form: Form
    size: tuple[float, ...]
    colour: Colour  # red, green, blue in 0..1
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    turn: tuple[float, float, float] = (0.0, 0.0, 0.0)  # roll, pitch, yaw
    solid: bool = True
    profile: tuple[tuple[float, float], ...] = ()  # lathe only: (radius, height) from below to above


def scaled(part: Part, factor: float) -> Part:
    """The part of a body that is that many times as large."""
    x, y, z = (value * factor for value in part.offset)
    return replace(part, size=tuple(value * factor for value in part.size), offset=(x, y, z))


def rotation(turn: tuple[float, float, float]) -> np.ndarray:
    """Rotation matrix (3, 3) of roll, pitch, yaw in radians: Rz(yaw) Ry(pitch) Rx(roll)."""
    (sr, sp, sy), (cr, cp, cy) = np.sin(turn), np.cos(turn)
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )


def quaternion(turn: tuple[float, float, float]) -> tuple[float, float, float, float]:
    """Quaternion (x, y, z, w) of roll, pitch, yaw in radians."""
    (sr, sp, sy), (cr, cp, cy) = np.sin(np.divide(turn, 2)), np.cos(np.divide(turn, 2))
    return (
        float(sr * cp * cy - cr * sp * sy),
        float(cr * sp * cy + sr * cp * sy),
        float(cr * cp * sy - sr * sp * cy),
        float(cr * cp * cy + sr * sp * sy),
    )


def matrix(orientation: Iterable[float]) -> np.ndarray:
    """Rotation matrix (3, 3) of a unit quaternion (x, y, z, w)."""
    x, y, z, w = orientation
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def bounds(parts: Iterable[Part], *, solid_only: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest corner (3,) of the parts in the body's own frame, exact for every form."""
    boxes = [_part_bounds(part) for part in parts if part.solid or not solid_only]
    return np.min([low for low, _ in boxes], axis=0), np.max([high for _, high in boxes], axis=0)


@cache
def lathe_mesh(profile: tuple[tuple[float, float], ...]) -> tuple[np.ndarray, np.ndarray]:
    """A profile turned about z: vertices (n, 3) and triangles (m, 3) that face outwards."""
    angles = [2 * math.pi * side / LATHE_SIDES for side in range(LATHE_SIDES)]
    rings = [(radius * math.cos(angle), radius * math.sin(angle), height) for radius, height in profile for angle in angles]
    vertices = np.array([*rings, (0.0, 0.0, profile[0][1]), (0.0, 0.0, profile[-1][1])])
    faces: list[tuple[int, int, int]] = []
    for ring in range(len(profile) - 1):
        for side in range(LATHE_SIDES):
            a, b = ring * LATHE_SIDES + side, ring * LATHE_SIDES + (side + 1) % LATHE_SIDES
            c, d = a + LATHE_SIDES, b + LATHE_SIDES
            faces += [(a, b, d), (a, d, c)]
    last = (len(profile) - 1) * LATHE_SIDES
    for side in range(LATHE_SIDES):
        following = (side + 1) % LATHE_SIDES
        faces += [(len(rings), following, side), (len(rings) + 1, last + side, last + following)]
    return vertices, np.array(faces)


def wavefront(vertices: np.ndarray, faces: np.ndarray) -> str:
    """A mesh as Wavefront text, with a smooth normal at each vertex."""
    normals = np.zeros_like(vertices)
    a, b, c = (vertices[faces[:, corner]] for corner in range(3))
    for corner in range(3):
        np.add.at(normals, faces[:, corner], np.cross(b - a, c - a))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12
    lines = [f"v {x:.5f} {y:.5f} {z:.5f}" for x, y, z in vertices]
    lines += [f"vn {x:.4f} {y:.4f} {z:.4f}" for x, y, z in normals]
    lines += ["f " + " ".join(f"{index + 1}//{index + 1}" for index in face) for face in faces]
    return "\n".join(lines) + "\n"


def _part_bounds(part: Part) -> tuple[np.ndarray, np.ndarray]:
    turned = rotation(part.turn)
    if part.form == "lathe":
        corners = lathe_mesh(part.profile)[0] * np.array(part.size) @ turned.T
        return corners.min(axis=0) + part.offset, corners.max(axis=0) + part.offset
    half = _half(part, turned)
    return np.subtract(part.offset, half), np.add(part.offset, half)


def _half(part: Part, turned: np.ndarray) -> np.ndarray:
    if part.form == "box":
        return np.asarray(np.abs(turned) @ np.divide(part.size, 2))
    if part.form == "sphere":
        return np.full(3, part.size[0])
    radius, length = part.size
    along = np.abs(turned[:, 2])
    across = np.sqrt(np.maximum(0.0, 1 - along**2)) * radius
    return np.asarray(along * length / 2 + (across if part.form == "cylinder" else radius))
