"""A policy that is not SIREN's, behind the Proposer protocol: `module:factory`, or the address of one that is served over HTTP.

Such a policy has one method. It sees what SIREN's own policies see, a picture and a sentence, and answers with plans as text, best first:

    class MyPolicy:
        def propose(self, image, instruction, context):
            return ["pick egg from top | move to 0.412 -0.103 0.031 rotate 0 180 45 speed slow force gentle close gripper"]

What it says runs in this process: name only modules that you trust.
"""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from pydantic import Field

from siren.core.action import WORKSPACE_HIGH, WORKSPACE_LOW
from siren.core.episode import Candidate
from siren.core.errors import BenchError, PlanSyntaxError
from siren.core.plan import Plan, parse_plan, write_plan
from siren.core.values import Value


class Context(Value):
    """What a policy is told besides the picture and the sentence."""

    robot: str = Field(description="panda, kuka or husky")
    plans: int = Field(ge=1, description="how many plans are of use; more are not read")
    seed: int = Field(ge=0, description="for its own random numbers: the same trial has the same seed")
    workspace_low: tuple[float, float, float] = Field(default=WORKSPACE_LOW, description="what the picture shows, metres, x up and y left")
    workspace_high: tuple[float, float, float] = WORKSPACE_HIGH


class OutsidePolicy(Protocol):
    """Anything that proposes."""

    def propose(self, image: np.ndarray, instruction: str, context: Context) -> Sequence[str | Plan] | str | Plan:
        """Plans for this picture, best first. image: uint8, (96, 96, 3), RGB, from straight above."""
        ...


class Outsider:
    """A policy from outside as a Proposer. What is not a plan is a candidate without one, as with any policy."""

    def __init__(self, policy: OutsidePolicy, name: str, robot: str) -> None:
        self._policy = policy
        self._name = name
        self._robot = robot

    @property
    def checkpoint(self) -> str:
        """The name it was given by."""
        return self._name

    def propose(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> tuple[Candidate, ...]:
        """At most `count` candidates. Raises BenchError when the policy fails: that is no failed episode, and nothing is recorded."""
        context = Context(robot=self._robot, plans=count, seed=int(rng.integers(2**31)))
        try:
            answer = self._policy.propose(image, instruction, context)
        except BenchError:
            raise
        except Exception as error:  # noqa: BLE001  whatever somebody else's code raises
            raise BenchError(f"{self._name}: propose raised {type(error).__name__}: {error}; mend it and go on with --resume") from error
        plans = [answer] if isinstance(answer, str | Plan) else list(answer)[:count]
        return tuple(_candidate(plan, rank) for rank, plan in enumerate(plans)) or (Candidate(text="", score=0.0, plan=None),)


def load_outside(spec: str) -> OutsidePolicy:
    """The policy of `module:factory` or of an http address. Raises BenchError that says what is missing."""
    if spec.startswith(("http://", "https://")):
        from siren.eval.bench.over_http import OverHttp

        return OverHttp(spec)
    name, _, factory = spec.partition(":")
    if not name or not factory:
        raise BenchError(f"expected --policy MODULE:FACTORY or http://HOST:PORT/PATH, got '{spec}'; for example my_policy:MyPolicy")
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        made: Any = getattr(importlib.import_module(name), factory)()
    except (ImportError, AttributeError, TypeError) as error:
        raise BenchError(f"--policy {spec}: expected a function or class without arguments that makes a policy, got {error}") from error
    if not callable(getattr(made, "propose", None)):
        raise BenchError(f"--policy {spec}: expected an object with propose(image, instruction, context), got a {type(made).__name__}")
    policy: OutsidePolicy = made
    return policy


def _candidate(said: str | Plan, rank: int) -> Candidate:
    try:
        plan = said if isinstance(said, Plan) else parse_plan(said)
    except PlanSyntaxError:
        return Candidate(text=str(said), score=-float(rank), plan=None)
    return Candidate(text=write_plan(plan), score=-float(rank), plan=plan)
