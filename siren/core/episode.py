"""What was proposed, decided and done in one episode, and what came of it. This is the unit of the record."""

from typing import Any, Literal, get_args

from pydantic import Field, model_validator

from siren.core.plan import Plan
from siren.core.recollection import Recalled
from siren.core.scene import Scene
from siren.core.task import Task
from siren.core.values import Value

Phase = Literal["approach", "descend", "grasp", "lift", "carry", "lower", "release", "shove", "drive", "retreat", "settle", "end"]
PHASES: tuple[Phase, ...] = get_args(Phase)

# collect: practice; probe: a practised task once more, with one thing changed (for rewards alone: another sample); evaluate: held-out
# tasks, before and after; incumbent, challenger: a task for old and new weights alike, before the new are published; audit: random plans
# on fresh tasks, to grade rules; run: asked for by a person.
Use = Literal["collect", "probe", "experiment", "evaluate", "incumbent", "challenger", "audit", "run"]


class Event(Value):
    """Something that went wrong, as measured in the world: `dropped egg at step 1, while lifting`."""

    kind: str = Field(
        description="collision, hand_hit, missed_grasp, dropped, crushed, broken, bump, rotated, spilled, blocked, unreachable, refused;"
        " at the end: toppled, displaced, rolled, fell_off, goal_missed"
    )
    step: int = Field(ge=1, description="counts from 1")
    phase: Phase
    tick: int = Field(ge=0, description="physics steps (1/240 s) since the episode began")
    subject: str | None = Field(default=None, description="the thing it happened to")


class Outcome(Value):
    """The end of an episode. Success means: the goal holds, and nothing went wrong on the way."""

    success: bool
    goal_reached: bool
    events: tuple[Event, ...]
    ticks: int
    state_hash: str = Field(description="sha256 of all final poses and joint angles; equal for equal seed and plan")


class Violation(Value):
    """One rule broken at one step, with its bindings."""

    rule: str
    args: tuple[str, ...]
    step: int


class Verdict(Value):
    """Everything that is wrong with one plan. An empty verdict means: go."""

    violations: tuple[Violation, ...] = ()
    hard: bool = Field(default=False, description="a core rule is broken: the plan may not run")
    weight: float = Field(default=0.0, description="sum of the confidences of the broken rules")

    @property
    def clean(self) -> bool:
        return not self.violations


class Candidate(Value):
    """One proposal of the policy, and what the rules say of it."""

    text: str
    score: float = Field(description="log-probability of the text; with a manner from memory: of the text as it was before")
    plan: Plan | None = Field(description="None when the text is not a plan")
    verdict: Verdict | None = None
    doubt: float | None = Field(default=None, description="nats: largest entropy over which thing is meant; None: the policy does not say")


class Edit(Value):
    """One change of a plan: a field of a step, a whole step put in before it, or steps in another order."""

    step: int = Field(description="in the plan before the change, counts from 1")
    field: Literal["speed", "force", "yaw", "height", "insert", "aim", "order", "object", "target"]
    before: str
    after: str


class Repair(Value):
    """The least change that breaks nothing, or the least bad one and what it still breaks."""

    plan: Plan
    edits: tuple[Edit, ...]
    residual: Verdict


class Planned(Value):
    """A plan made from scratch to the goal, and what the rules say of it."""

    plan: Plan
    residual: Verdict


# proposal: a plan of the policy as it is; repair: one that was mended; plan: made from scratch, since none of the policy's could be
# mended; probe: a plan that rules refused, run all the same to learn whether they are right.
Path = Literal["proposal", "repair", "plan", "probe"]


class Decision(Value):
    """How the agent came from an image and an instruction to the plan that it ran."""

    candidates: tuple[Candidate, ...]
    chosen: int = Field(description="index into candidates; -1 when the plan did not come from the policy")
    plan: Plan
    repair: Repair | None = None
    planned: Planned | None = Field(default=None, description="the plan from scratch, when that was the way")
    rulebook: str = Field(description="hash of the rules that judged it")
    checkpoint: str = Field(description="name of the weights that proposed it, or 'none'")
    milliseconds: dict[str, float] = Field(default_factory=dict, description="wall time of propose, perceive, check, repair, plan")
    recalled: Recalled | None = Field(default=None, description="what came from memory; None: nothing was asked of it")
    path: Path = Field(default="proposal", description="how the plan came about; where a record does not say, by whether it was mended")

    @model_validator(mode="before")
    @classmethod
    def _with_path(cls, given: Any) -> Any:
        if isinstance(given, dict) and "path" not in given:
            return {**given, "path": "repair" if given.get("repair") else "proposal"}
        return given


class Episode(Value):
    """One task, one decision, one outcome."""

    session: str
    round: int
    attempt: int = Field(default=0, description="0 for the agent's own try; 1, 2, ... for probes of the same seed")
    use: Use
    task: Task
    scene: Scene
    decision: Decision
    outcome: Outcome
    id: int | None = Field(default=None, description="given by the store")
