"""The tabletop as a gymnasium environment: image, instruction and proprioception in, one keyframe out, a step of the plan at a time.

Importing this file registers it, so any agent can be run in it:

    import gymnasium
    environment = gymnasium.make("siren.world.environment:siren/Tabletop-v0", robot="kuka")
    observation, info = environment.reset(seed=7)
    observation, reward, terminated, truncated, info = environment.step(action_of(keyframe))
"""

import string
from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Dict, Text

from siren.core.action import FORCES, SPEEDS, WORKSPACE_HIGH, WORKSPACE_LOW, Keyframe
from siren.core.errors import PlanRefusedError, WorldError
from siren.core.plan import MAX_STEPS
from siren.world.camera import PIXELS, oblique
from siren.world.tabletop import Tabletop
from siren.world.tasks import SPLITS, Split, make_task

ENVIRONMENT = "siren/Tabletop-v0"
# Columns of an action and what -1 and 1 stand for: fingertips x, y, z (m); roll, pitch, yaw (degrees); speed (slow, normal, fast),
# force (gentle, firm) and gripper (open, close on something, closed all the way to push or tip), each to the nearest.
COLUMNS = ("x", "y", "z", "roll", "pitch", "yaw", "speed", "force", "gripper")
LOW = np.array([*WORKSPACE_LOW, -180.0, -180.0, -180.0, 0.0, 0.0, 0.0])
HIGH = np.array([*WORKSPACE_HIGH, 180.0, 180.0, 180.0, 2.0, 1.0, 2.0])
PROPRIOCEPTION = 12  # as Tabletop.proprioception has it

_HANGUL = "".join(map(chr, range(0xAC00, 0xD7A4)))
_CHARACTERS = string.ascii_letters + string.digits + string.punctuation + " áéíóúüñÁÉÍÓÚÜÑ¿¡" + _HANGUL
_LONGEST_INSTRUCTION = 200
_SHOVE = 2  # in the column `gripper`
_FARTHEST = 5.0  # more than any joint angle in radians or place in metres
_TASKS = 2**31 - 1
_RENDER_PIXELS = 224

Observation = dict[str, Any]  # gymnasium's own type for a Dict space


def register() -> None:
    """Make `gymnasium.make("siren/Tabletop-v0")` work. Doing so twice changes nothing."""
    if ENVIRONMENT not in gymnasium.registry:
        gymnasium.register(id=ENVIRONMENT, entry_point="siren.world.environment:TabletopEnvironment")


def action_of(keyframe: Keyframe, *, shove: bool = False) -> np.ndarray:
    """A keyframe as the environment's action; `shove`: it pushes or tips. float32, (9,), each in -1..1."""
    angles = [180.0 - (180.0 - angle) % 360.0 for angle in keyframe.rotation]
    manner = (SPEEDS.index(keyframe.speed), FORCES.index(keyframe.force), _SHOVE if shove else keyframe.gripper == "close")
    values = np.array([*keyframe.position, *angles, *manner], dtype=np.float64)
    return np.asarray(2 * (values - LOW) / (HIGH - LOW) - 1, dtype=np.float32)


def keyframe_of(action: np.ndarray) -> Keyframe:
    """An action (9,) as a keyframe, to the millimetre and a tenth of a degree. Raises PlanRefusedError for what is not one."""
    scaled = np.asarray(action, dtype=np.float64)
    if scaled.shape != (len(COLUMNS),):
        raise PlanRefusedError(
            f"expected an action of {len(COLUMNS)} numbers, got shape {scaled.shape}; its columns are {', '.join(COLUMNS)}"
        )
    if not (np.abs(scaled) <= 1).all():
        bad = ", ".join(f"{name} {value:g}" for name, value in zip(COLUMNS, scaled, strict=True) if not abs(value) <= 1)
        raise PlanRefusedError(f"expected an action of numbers in -1..1, got {bad}; clip it to the action space")
    values = LOW + (scaled + 1) / 2 * (HIGH - LOW)
    x, y, z = (round(float(value), 3) for value in values[:3])
    roll, pitch, yaw = (round(float(value), 1) for value in values[3:6])
    speed, force, close = (round(float(value)) for value in values[6:])
    return Keyframe(
        position=(x, y, z),
        rotation=(roll, pitch, yaw),
        speed=SPEEDS[speed],
        force=FORCES[force],
        gripper="close" if close else "open",
    )


def shoves(action: np.ndarray) -> bool:
    """Whether an action pushes or tips. It has to be one that `keyframe_of` takes."""
    return round(float(LOW[-1] + (float(action[-1]) + 1) / 2 * (HIGH[-1] - LOW[-1]))) == _SHOVE


class TabletopEnvironment(gymnasium.Env[Observation, np.ndarray]):
    """One task an episode; the reward is 1 when the goal is reached and nothing went wrong on the way, else 0.

    observation: `image` uint8 (96, 96, 3) RGB from above, `instruction` text, `proprioception` float32 (12,).
    action: one keyframe, float32 (9,), in -1..1, as `action_of` writes it. An episode ends with its first event, with a refused
    action, or at the goal; after 12 keyframes it is truncated, which is never a success. `info` holds `success`, `events` and
    `state_hash` or `refused`; after reset `task`, the seed that makes the same table again.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 1}

    def __init__(self, split: Split = "seen", robot: str = "panda", render_mode: str | None = None) -> None:
        if split not in SPLITS:
            raise WorldError(f"expected a split of {', '.join(SPLITS)}, got '{split}'; choose one of these")
        self.render_mode = render_mode
        self.observation_space = Dict(
            image=Box(0, 255, (PIXELS, PIXELS, 3), np.uint8),
            instruction=Text(_LONGEST_INSTRUCTION, charset=_CHARACTERS),
            proprioception=Box(-_FARTHEST, _FARTHEST, (PROPRIOCEPTION,), np.float32),
        )
        self.action_space = Box(-1.0, 1.0, (len(COLUMNS),), np.float32)
        self._split: Split = split
        self._world = Tabletop(robot)
        self._instruction = ""
        self._steps, self._over = 0, True

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Observation, dict[str, Any]]:
        """Lay a table drawn from the environment's own random numbers; `seed` starts them anew, `options={"task": 17}` names the task."""
        super().reset(seed=seed)
        number = (options or {}).get("task")
        task = make_task(int(self.np_random.integers(_TASKS)) if number is None else int(number), self._split)
        self._world.reset(task)
        self._instruction = task.instruction
        self._steps, self._over = 0, False
        return self._observe(), {"task": task.seed}

    def step(self, action: np.ndarray) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Carry out one keyframe. One that may not reach the robot moves nothing, earns nothing and ends the episode."""
        if self._over:
            raise WorldError("expected reset() before another step, since the episode is over; call reset() first")
        self._steps += 1
        try:
            outcome = self._world.act(keyframe_of(action), shove=shoves(action))
        except PlanRefusedError as refusal:
            self._over = True
            return self._observe(), 0.0, True, False, {"success": False, "events": [], "refused": str(refusal)}
        terminated = outcome.success or bool(outcome.events)
        truncated = not terminated and self._steps >= MAX_STEPS
        self._over = terminated or truncated
        events = [event.model_dump() for event in outcome.events]
        told = {"success": outcome.success, "events": events, "state_hash": outcome.state_hash}
        return self._observe(), float(outcome.success), terminated, truncated, told

    def render(self) -> np.ndarray | None:
        """Table and arm from across the table, uint8 (224, 224, 3) RGB, or None without render mode."""
        return self._world.picture(oblique(_RENDER_PIXELS)).image if self.render_mode == "rgb_array" else None

    def close(self) -> None:
        """Give the simulator back."""
        self._world.close()

    def _observe(self) -> Observation:
        proprioception = self._world.proprioception().astype(np.float32)
        return {"image": self._world.look(), "instruction": self._instruction, "proprioception": proprioception}


register()
