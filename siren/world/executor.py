"""One step of a plan as motions of the arm: approach, descend, grasp, lift; carry, lower, release, retreat; descend, shove, retreat.

The executor knows keyframes and manners, not goals. It stops the step after the phase in which something went wrong.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from siren.core.action import Speed
from siren.core.episode import Phase
from siren.core.plan import Step
from siren.core.scene import SceneObject
from siren.world.arm import Arm, Pace
from siren.world.kinematics import rotation_matrix
from siren.world.monitor import Monitor
from siren.world.robots import Robot
from siren.world.shoving import shove_line

CARRY_HEIGHT = 0.30  # metres; fingertips pass above every neighbour
_CLEARANCE = 0.22  # metres from the underside of what is carried to the table
_ABOVE = 0.08
_APPROACH, _DOWNWARD, _RETREAT = Pace(0.9, 8.0), Pace(0.7, 5.0), Pace(0.7, 6.0)
_DESCENT, _LOWERING = Pace(0.4, 4.0), Pace(0.25, 2.5)  # for the last 5 cm
_LAST = 0.05
_INSIDE = 0.014  # metres that fingers open beyond what they hold while they are in a box
_HOLD_CONTROLS = 4
_SETTLE_CONTROLS = 24

# Fast starts with a jerk: what holds by friction alone slips then. Measured on every kind; see docs/experiments.md.
LIFT_PACE: Mapping[Speed, Pace] = {"slow": Pace(0.35, 2.5), "normal": Pace(0.6, 4.0), "fast": Pace(2.4, 150.0)}
CARRY_PACE: Mapping[Speed, Pace] = {"slow": Pace(0.25, 1.5), "normal": Pace(0.6, 2.0), "fast": Pace(0.9, 3.0)}
SHOVE_PACE: Mapping[Speed, Pace] = {"slow": Pace(0.12, 1.0), "normal": Pace(0.25, 2.0), "fast": Pace(0.7, 5.0)}


class Executor:
    """Moves one arm through the steps of one episode.

    executor.take(step, thing)   # pick, open
    executor.put(step)           # place, stack
    executor.shove(step, thing)  # push, tip
    """

    def __init__(self, arm: Arm, monitor: Monitor, robot: Robot) -> None:
        self._arm, self._monitor, self._robot = arm, monitor, robot
        self._below = 0.0  # metres from the underside of what is held up to the fingertips

    def take(self, step: Step, thing: SceneObject) -> None:
        """Grasp the thing at the step's keyframe and lift it to the carry height."""
        self._below = step.keyframe.position[2] - thing.bottom
        self._run(self._taking(step, thing.name))

    def put(self, step: Step) -> None:
        """Carry what is held to the step's keyframe and let it go."""
        self._run(self._putting(step))

    def shove(self, step: Step, thing: SceneObject) -> None:
        """Come down behind the thing with closed fingers, slide it to the step's keyframe or sweep it over, and let it come to rest."""
        self._run(self._shoving(step, thing))

    def _run(self, phases: Iterator[Phase]) -> None:
        """Go through the phases until something goes wrong, then let things come to rest."""
        count = len(self._monitor.events)
        for _ in phases:
            if len(self._monitor.events) > count:
                self._settle()
                return

    def _settle(self) -> Phase:
        self._monitor.phase = "settle"
        self._arm.wait(_SETTLE_CONTROLS)
        return "settle"

    def _taking(self, step: Step, name: str) -> Iterator[Phase]:
        (x, y, z), frame = step.keyframe.position, step.keyframe
        yield self._go("approach", step, (x, y, max(CARRY_HEIGHT, z + _ABOVE)), _APPROACH)
        yield self._down("descend", step, _DESCENT)
        self._monitor.phase = "grasp"
        self._arm.close(self._robot.grip[frame.force])
        if self._monitor.touching_fingers(name) == set(self._robot.fingers):
            self._monitor.held = name
        else:
            self._monitor.note("missed_grasp", name)
        yield "grasp"
        yield self._go("lift", step, (x, y, self._carry_height()), LIFT_PACE[frame.speed])
        self._arm.wait(_HOLD_CONTROLS)
        yield "lift"

    def _putting(self, step: Step) -> Iterator[Phase]:
        (x, y, z), frame = step.keyframe.position, step.keyframe
        inside = step.relation == "in"
        high = max(self._carry_height(), z + 0.02)
        if z + 0.02 > self._carry_height():
            straight_up = self._arm.fingertip()
            yield self._go("carry", step, (float(straight_up[0]), float(straight_up[1]), high), CARRY_PACE[frame.speed])
        yield self._go("carry", step, (x, y, high), CARRY_PACE[frame.speed])
        if step.target is not None:
            self._monitor.tolerated = frozenset({step.target})
        yield self._down("lower", step, _LOWERING)
        self._monitor.phase = "release"
        self._monitor.held = None
        self._arm.open(self._arm.width() + _INSIDE if inside else self._robot.aperture)
        yield "release"
        yield self._go("retreat", step, (x, y, max(CARRY_HEIGHT, z + _ABOVE)), _RETREAT)
        self._arm.open(self._robot.aperture)
        yield self._settle()

    def _shoving(self, step: Step, thing: SceneObject) -> Iterator[Phase]:
        line, z, frame = shove_line(thing, step), step.keyframe.position[2], step.keyframe
        self._monitor.tolerated = frozenset({step.target} if step.target else ())
        self._monitor.phase = "approach"
        self._arm.close(self._robot.grip["gentle"])
        yield self._go("approach", step, (*line.start, max(CARRY_HEIGHT, z + _ABOVE)), _APPROACH)
        yield self._down("descend", step, _DESCENT, line.start)
        yield self._go("shove", step, (*line.end, z), SHOVE_PACE[frame.speed])
        yield self._go("retreat", step, (*line.end, max(CARRY_HEIGHT, z + _ABOVE)), _RETREAT)
        self._arm.open(self._robot.aperture)
        yield self._settle()

    def _go(self, phase: Phase, step: Step, place: tuple[float, float, float], pace: Pace) -> Phase:
        self._monitor.phase = phase
        arrival = self._arm.move(np.array(place), rotation_matrix(step.keyframe.rotation), pace)
        if arrival != "there":
            self._monitor.note(arrival, step.object)
        return phase

    def _down(self, phase: Phase, step: Step, pace: Pace, place: tuple[float, float] | None = None) -> Phase:
        """Swiftly to a little above the keyframe (or another place, at its height), then with care."""
        x, y = place or step.keyframe.position[:2]
        z = step.keyframe.position[2]
        count = len(self._monitor.events)
        self._go(phase, step, (x, y, z + _LAST), _DOWNWARD)
        return self._go(phase, step, (x, y, z), pace) if len(self._monitor.events) == count else phase

    def _carry_height(self) -> float:
        return max(CARRY_HEIGHT, self._below + _CLEARANCE)
