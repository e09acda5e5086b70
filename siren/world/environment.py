"""The tabletop as a gymnasium environment: an instruction and an image in, a plan as text out, one step an episode.

register()
env = gymnasium.make("siren/Tabletop-v0")
observation, _ = env.reset(seed=7)
observation, reward, terminated, _, info = env.step("pick egg from top | move to ...")
"""

import string
from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Dict, Text

from siren.core.errors import PlanRefusedError, PlanSyntaxError
from siren.core.plan import parse_plan
from siren.world.camera import PIXELS
from siren.world.tabletop import Tabletop
from siren.world.tasks import Split, make_task

ENVIRONMENT = "siren/Tabletop-v0"

_CHARACTERS = string.ascii_lowercase + string.digits + "_ |.-+,?!'\n"
_LONGEST_PLAN = 2400  # twelve steps of at most 200 characters
_LONGEST_INSTRUCTION = 200
_TASKS = 2**31 - 1

Observation = dict[str, Any]  # gymnasium's own type for a Dict space


def register() -> None:
    """Make `gymnasium.make("siren/Tabletop-v0")` work. Doing so twice changes nothing."""
    if ENVIRONMENT not in gymnasium.registry:
        gymnasium.register(id=ENVIRONMENT, entry_point="siren.world.environment:TabletopEnvironment")


class TabletopEnvironment(gymnasium.Env[Observation, str]):
    """One task an episode; the reward is 1 when the goal is reached and nothing went wrong, else 0.

    observation: `image` uint8 (96, 96, 3) RGB, `instruction` text. action: a plan, one step a line.
    `info` names the events of the episode, or why the plan was refused.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 1}

    def __init__(self, split: Split = "seen", render_mode: str | None = None) -> None:
        self.render_mode = render_mode
        self.observation_space = Dict(
            image=Box(0, 255, (PIXELS, PIXELS, 3), np.uint8),
            instruction=Text(_LONGEST_INSTRUCTION, charset=_CHARACTERS),
        )
        self.action_space = Text(_LONGEST_PLAN, charset=_CHARACTERS)
        self._split: Split = split
        self._world = Tabletop()
        self._instruction = ""

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Observation, dict[str, Any]]:
        """Lay a table drawn from the environment's own random numbers. `seed` starts them anew."""
        super().reset(seed=seed)
        task = make_task(int(self.np_random.integers(_TASKS)), self._split)
        self._world.reset(task)
        self._instruction = task.instruction.lower()
        return self._observe(), {"task": task.seed}

    def step(self, action: str) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Run the plan. What does not parse, or may not reach the robot, moves nothing and earns nothing."""
        try:
            outcome = self._world.execute(parse_plan(action))
        except (PlanSyntaxError, PlanRefusedError) as refusal:
            return self._observe(), 0.0, True, False, {"refused": str(refusal)}
        events = [event.model_dump() for event in outcome.events]
        return self._observe(), float(outcome.success), True, False, {"events": events, "state_hash": outcome.state_hash}

    def render(self) -> np.ndarray | None:
        """The overhead picture, uint8 (96, 96, 3) RGB, or None without render mode."""
        return self._world.look() if self.render_mode == "rgb_array" else None

    def close(self) -> None:
        """Give the simulator back."""
        self._world.close()

    def _observe(self) -> Observation:
        return {"image": self._world.look(), "instruction": self._instruction}
