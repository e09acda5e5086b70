"""The physics engine as typed calls: parts become bodies, bodies move, touch and are drawn. The only file that imports pybullet.

One `Bullet` is one DIRECT client; close it, clients are never given back otherwise. Metres, newtons, radians, kilograms;
quaternions are (x, y, z, w). NaN that gets into the engine stays there unseen, so every number is checked on its way in.
"""

import math
from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from siren.core.plan import TABLE
from siren.world.description import description_of, description_text, plain
from siren.world.frame import Frame
from siren.world.kept import kept, mesh_file
from siren.world.quiet import quiet
from siren.world.robots import Robot
from siren.world.shape import Colour, Matter, Part, quaternion

with quiet():  # it says when it was built
    import pybullet
    import pybullet_data
    from pybullet_utils.bullet_client import BulletClient

SHIPPED = Path(pybullet_data.getDataPath())

TIMESTEP = 1 / 240
SOLVER_ITERATIONS = 50
SOLVER_RESIDUAL = 1e-4  # stops iterating early: a step takes 0.10 ms instead of 0.24 at the default of 1e-7, and the laws hold alike
GRAVITY = 9.81

Slab = tuple[tuple[float, float, float], tuple[float, float, float]]  # half its size, and its centre
# Top of the table at z = 0; x -0.20..0.80, y -0.50..0.50.
STURDY_TABLE: Slab = ((0.50, 0.50, 0.05), (0.30, 0.0, -0.05))
TABLE_COLOUR: Colour = (0.72, 0.60, 0.45)
TABLE_FRICTION = 0.7
# The top gives by 2.5 mm under a kilogram. On a rigid one a can that falls 11 cm lands on one edge and topples (0 of 8 stood, now 8 of 8).
TABLE_STIFFNESS, TABLE_DAMPING = 4000.0, 110.0
FLOOR_COLOUR: Colour = (0.35, 0.35, 0.38)

FINGER_FRICTION = 1.0
CLAMP_FORCE = 20000.0  # newtons

_FORMS = {
    "box": pybullet.GEOM_BOX,
    "cylinder": pybullet.GEOM_CYLINDER,
    "sphere": pybullet.GEOM_SPHERE,
    "capsule": pybullet.GEOM_CAPSULE,
    "lathe": pybullet.GEOM_MESH,
}


# The engine's own groups and masks: what stands fast does not collide with what stands fast.
_MOVING, _STANDING = (1, -1), (2, -1 ^ 2)


_CONTACT = itemgetter(1, 3, 2, 4, 9)  # of the engine's row: bodies, links and normal force


class Contact(NamedTuple):
    """One touching point of two bodies; link -1 is the base. force: newtons along the normal."""

    body: int
    link: int
    other: int
    other_link: int
    force: float


class Pose(NamedTuple):
    """Origin of a body (3,) and its orientation (4,) as a quaternion."""

    position: np.ndarray
    orientation: np.ndarray


class View(NamedTuple):
    """Where a picture is taken from, and in what light. `field` is the full angle of view in degrees."""

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    up: tuple[float, float, float]
    field: float
    pixels: int = 96
    light: tuple[float, float, float] = (1.0, 1.0, 3.0)
    ambient: float = 0.62
    diffuse: float = 0.40
    specular: float = 0.03

    def projection(self) -> np.ndarray:
        """World point to clip space, (4, 4): multiply (x, y, z, 1), divide by the last."""
        view = np.reshape(pybullet.computeViewMatrix(self.eye, self.target, self.up), (4, 4)).T
        return np.asarray(np.reshape(pybullet.computeProjectionMatrixFOV(self.field, 1, 0.1, 4.0), (4, 4)).T @ view)


class Bullet:
    """One physics client with a table.

    with Bullet() as bullet:
        robot = bullet.add_robot(PANDA)
        egg = bullet.add_body(parts, (0.5, 0, 0.03), (0, 0, 0, 1), Matter(0.06, 0.6))
        bullet.step(4)
        bullet.pose(egg)
    """

    def __init__(
        self, *, visuals: bool = True, solid_table: bool = True, tables: Mapping[str, Slab] = MappingProxyType({TABLE: STURDY_TABLE})
    ) -> None:
        """`visuals` off saves the drawn shapes where nothing is rendered; `solid_table` off is for pictures alone."""
        with quiet():
            self._client: Any = BulletClient(pybullet.DIRECT)
        # Pairs of near bodies from their boxes alone: the usual tree keeps pairs that are over for some steps more, and which ones depends
        # on every episode before. With twenty bodies the plain search is as fast.
        self._client.resetSimulation(pybullet.RESET_USE_SIMPLE_BROADPHASE)
        # Looking a call up costs the client as much as a quick call itself, so those of every tick are looked up once.
        self._advance, self._touching = self._client.stepSimulation, self._client.getContactPoints
        self._motor, self._link = self._client.setJointMotorControlArray, self._client.getLinkState
        self._base, self._base_speed = self._client.getBasePositionAndOrientation, self._client.getBaseVelocity
        self._visuals = visuals
        # A body without a drawn shape is drawn as what collides: up to 1.4 ms for spheres and cylinders that nobody looks at.
        self._dot = -1 if visuals else int(self._client.createVisualShape(pybullet.GEOM_BOX, halfExtents=[0.001] * 3))
        self._shapes: dict[tuple[tuple[Part, ...], bool], tuple[int, int]] = {}
        self._patterns: dict[Path | None, int] = {None: -1}
        self._bodies: list[int] = []
        self._rolling: set[int] = set()  # robots that do not stand fast
        self._client.setAdditionalSearchPath(str(SHIPPED))
        self._client.setPhysicsEngineParameter(
            fixedTimeStep=TIMESTEP,
            numSolverIterations=SOLVER_ITERATIONS,
            solverResidualThreshold=SOLVER_RESIDUAL,
            deterministicOverlappingPairs=1,
        )
        self._client.setGravity(0, 0, -GRAVITY)
        self.floor = self._slab((3.0, 3.0, 0.05), (0.0, 0.0, -0.65), FLOOR_COLOUR, solid_table)
        self.tables = {name: self._slab(*slab, TABLE_COLOUR, solid_table) for name, slab in tables.items()}
        self.table = self.tables[TABLE]
        self.frame: Frame | None = None  # poses are told in this frame; none: that of the world
        for table in self.tables.values():
            self._client.changeDynamics(
                table, -1, lateralFriction=TABLE_FRICTION, contactStiffness=TABLE_STIFFNESS, contactDamping=TABLE_DAMPING
            )

    def __enter__(self) -> "Bullet":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the client back. Every later call fails."""
        if self._client.isConnected():
            self._client.disconnect()

    # Bodies

    def add_robot(self, robot: Robot) -> int:
        """An arm at its base, fingers geared to each other. Returns its body."""
        composed = robot.hand_file or robot.carrier
        path = str(kept(description_text(description_of(robot, SHIPPED)), "urdf")) if composed else robot.arm_file
        body = int(self._client.loadURDF(path, list(robot.root), useFixedBase=robot.carrier is None))
        if robot.carrier:
            self._rolling.add(body)
        for finger in robot.fingers:
            self._client.changeDynamics(body, finger, lateralFriction=FINGER_FRICTION, spinningFriction=0.01, rollingFriction=0.0005)
            # Without an anchor, things creep out of a firm grip during a slow lift (soap 1 of 4 held, with it 4 of 4).
            self._client.changeDynamics(body, finger, frictionAnchor=1)
        for link in range(robot.fingertip + 1):
            self._client.changeDynamics(body, link, linearDamping=0, angularDamping=0)
        left, right = robot.fingers
        gear = self._client.createConstraint(body, left, body, right, pybullet.JOINT_GEAR, [1, 0, 0], [0, 0, 0], [0, 0, 0])
        self._client.changeConstraint(gear, gearRatio=-1, erp=0.1, maxForce=50)
        return body

    def draw_robot(self, robot: Robot, joints: Sequence[float]) -> int:
        """A robot of few polygons that is only seen, its arm and fingers at these positions. Returns its body."""
        _require_finite("joint positions", joints)
        path = kept(description_text(plain(description_of(robot, SHIPPED))), "urdf")
        body = int(self._client.loadURDF(str(path), list(robot.root), useFixedBase=True))
        self.reset_joints(body, (*robot.joints, *robot.fingers), joints)
        return body

    def add_body(
        self, parts: tuple[Part, ...], position: Sequence[float], orientation: Sequence[float], matter: Matter | None = None
    ) -> int:
        """A body of parts at a pose. Without matter it is only seen: it neither falls nor collides."""
        _require_finite("a position", position)
        _require_finite("an orientation", orientation)
        _require_finite("matter", matter or ())
        collision, visual = self._shape(parts, matter is not None)
        body = int(self._client.createMultiBody(matter.mass if matter else 0, collision, visual, list(position), list(orientation)))
        if matter is not None:
            self._client.changeDynamics(
                body,
                -1,
                lateralFriction=matter.friction,
                rollingFriction=matter.rolling,
                spinningFriction=matter.spinning,
                restitution=0.0,
                linearDamping=0.04,
                angularDamping=0.04,
            )
        self._bodies.append(body)
        return body

    def remove(self, body: int) -> None:
        """Take one body away. Its shapes stay for the next of its kind."""
        self._bodies.remove(body)
        self._client.removeBody(body)

    def clear(self) -> None:
        """Take away every body that add_body brought; table, floor and robot stay."""
        for body in reversed(self._bodies):  # so that the next ones get the same places in the engine's lists
            self._client.removeBody(body)
        self._bodies = []

    def forget_neighbours(self, robot: int) -> None:
        """Let a robot be near nothing again, as if it had just been loaded; what it still is near is found in the next step.

        Without this the contacts of one episode would be solved in an order that the episode before has left behind.
        """
        for link in range(-1, self._client.getNumJoints(robot)):
            group, mask = _STANDING if link == -1 and robot not in self._rolling else _MOVING
            self._client.setCollisionFilterGroupMask(robot, link, group, mask)  # the same as before; it makes the engine start anew

    def paint(self, body: int, colour: Colour, pattern: Path | None = None) -> None:
        """Give the base of a body one colour, and the picture of a pattern on it (the table, for pictures in other rooms)."""
        if pattern not in self._patterns:
            self._patterns[pattern] = int(self._client.loadTexture(str(pattern)))
        self._client.changeVisualShape(body, -1, rgbaColor=[*colour, 1], textureUniqueId=self._patterns[pattern])

    # Motion

    def step(self, count: int = 1) -> None:
        """Let time pass: `count` steps of 1/240 s."""
        for _ in range(count):
            self._advance()

    def pose(self, body: int) -> Pose:
        """Where a body is."""
        return self._seen(*self._base(body))

    def bounds(self, body: int) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest corner (3,) of the engine's own box around a body, world frame; up to 2 mm too wide."""
        low, high = self._client.getAABB(body, -1)
        return np.array(low), np.array(high)

    def place(self, body: int, position: Sequence[float], orientation: Sequence[float]) -> None:
        """Put a body somewhere, at rest."""
        _require_finite("a position", position)
        _require_finite("an orientation", orientation)
        self._client.resetBasePositionAndOrientation(body, list(position), list(orientation))
        self._client.resetBaseVelocity(body, [0, 0, 0], [0, 0, 0])

    def velocity(self, body: int) -> tuple[np.ndarray, np.ndarray]:
        """Linear (3,) m/s and angular (3,) rad/s."""
        linear, angular = self._base_speed(body)
        return np.array(linear), np.array(angular)

    def joints(self, body: int, joints: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Positions and velocities of some joints: radians or metres, and per second."""
        states = self._client.getJointStates(body, list(joints))
        return np.array([state[0] for state in states]), np.array([state[1] for state in states])

    def reset_joints(self, body: int, joints: Sequence[int], positions: Sequence[float]) -> None:
        """Set joints at once, at rest, without physics."""
        _require_finite("joint positions", positions)
        for joint, position in zip(joints, positions, strict=True):
            self._client.resetJointState(body, joint, float(position))

    def drive(
        self,
        body: int,
        joints: Sequence[int],
        positions: Sequence[float],
        velocities: Sequence[float],
        forces: Sequence[float],
        gains: tuple[float, float] = (0.3, 1.0),
    ) -> None:
        """Motors hold these positions and velocities, each with at most that force (N or Nm). gains: position, velocity."""
        _require_finite("joint targets", [*positions, *velocities, *forces])
        count = len(joints)
        self._motor(
            body,
            list(joints),
            pybullet.POSITION_CONTROL,
            targetPositions=[float(value) for value in positions],
            targetVelocities=[float(value) for value in velocities],
            forces=[float(value) for value in forces],
            positionGains=[gains[0]] * count,
            velocityGains=[gains[1]] * count,
        )

    def clamp(self, body: int, position: Sequence[float], orientation: Sequence[float]) -> int:
        """Pull the base of a body to a pose of the world and hold it there. Returns what `release` wants."""
        upright = [0, 0, 0, 1]
        clamp = int(
            self._client.createConstraint(
                body, -1, -1, -1, pybullet.JOINT_FIXED, [0] * 3, [0] * 3, list(position), upright, list(orientation)
            )
        )
        self._client.changeConstraint(clamp, maxForce=CLAMP_FORCE)
        return clamp

    def release(self, clamp: int) -> None:
        """Let a clamped body go."""
        self._client.removeConstraint(clamp)

    def link_pose(self, body: int, link: int) -> Pose:
        """Frame of a link by forward kinematics of the present joints."""
        state = self._link(body, link, computeForwardKinematics=1)
        return self._seen(state[4], state[5])

    def contacts(self, body: int | None = None, other: int | None = None) -> tuple[Contact, ...]:
        """Touching points as of the last step: of one body, of two with each other, or all."""
        chosen = {name: value for name, value in (("bodyA", body), ("bodyB", other)) if value is not None}
        return tuple(map(Contact._make, map(_CONTACT, self._touching(**chosen) or ())))

    def is_finite(self, bodies: Sequence[int]) -> bool:
        """Whether the poses of these bodies are still numbers."""
        return all(np.isfinite(self.pose(body).position).all() and np.isfinite(self.pose(body).orientation).all() for body in bodies)

    # Pictures

    def render(self, view: View) -> tuple[np.ndarray, np.ndarray]:
        """A picture by the software renderer: uint8 (pixels, pixels, 3) RGB, and int32 (pixels, pixels) body per pixel, -1 for none."""
        _, _, colours, _, mask = self._client.getCameraImage(
            view.pixels,
            view.pixels,
            self._client.computeViewMatrix(view.eye, view.target, view.up),
            self._client.computeProjectionMatrixFOV(view.field, 1, 0.1, 4.0),
            lightDirection=list(view.light),
            shadow=0,
            lightAmbientCoeff=view.ambient,
            lightDiffuseCoeff=view.diffuse,
            lightSpecularCoeff=view.specular,
            renderer=pybullet.ER_TINY_RENDERER,
        )
        image = np.asarray(colours, np.uint8).reshape(view.pixels, view.pixels, 4)[:, :, :3].copy()
        bodies = np.asarray(mask, np.int32).reshape(view.pixels, view.pixels)
        return image, np.where(bodies < 0, -1, bodies & ((1 << 24) - 1))  # the upper bits hold the link

    def _seen(self, position: Sequence[float], orientation: Sequence[float]) -> Pose:
        found = Pose(np.array(position), np.array(orientation))
        return found if self.frame is None else Pose(*self.frame.inward(*found))

    # Shapes

    def _slab(self, half: tuple[float, float, float], centre: tuple[float, float, float], colour: Colour, solid: bool) -> int:
        collision = self._client.createCollisionShape(pybullet.GEOM_BOX, halfExtents=half) if solid else -1
        visual = self._client.createVisualShape(pybullet.GEOM_BOX, halfExtents=half, rgbaColor=[*colour, 1])
        return int(self._client.createMultiBody(0, collision, visual, centre))

    def _shape(self, parts: tuple[Part, ...], solid: bool) -> tuple[int, int]:
        """Collision and visual shape of these parts, made once. Without the cache 1000 resets leak 100 MB."""
        key = (parts, solid)
        if key not in self._shapes:
            collision = (
                self._client.createCollisionShapeArray(**self._rows([part for part in parts if part.solid], "collision")) if solid else -1
            )
            visual = self._dot
            if self._visuals or not solid:
                rows = self._rows(parts, "visual")
                rows["rgbaColors"] = [[*part.colour, 1] for part in parts]
                visual = self._client.createVisualShapeArray(**rows)
            self._shapes[key] = (int(collision), int(visual))
        return self._shapes[key]

    def _rows(self, parts: Sequence[Part], use: str) -> dict[str, list[Any]]:
        """The columns that pybullet wants for an array of shapes; it reads only those that a form needs."""
        return {
            "shapeTypes": [_FORMS[part.form] for part in parts],
            "halfExtents": [[value / 2 for value in part.size] if part.form == "box" else [1, 1, 1] for part in parts],
            "radii": [part.size[0] if part.form in ("cylinder", "sphere", "capsule") else 1 for part in parts],
            "lengths": [part.size[1] if part.form in ("cylinder", "capsule") else 1 for part in parts],
            "fileNames": [str(mesh_file(part.profile)) if part.form == "lathe" else "" for part in parts],
            "meshScales": [list(part.size) if part.form == "lathe" else [1, 1, 1] for part in parts],
            f"{use}FramePositions": [list(part.offset) for part in parts],
            f"{use}FrameOrientations": [list(quaternion(part.turn)) for part in parts],
        }


def _require_finite(what: str, values: Sequence[float]) -> None:
    if not all(map(math.isfinite, values)):
        raise ValueError(f"expected {what} of finite numbers for the simulator, got {tuple(values)}")
