"""The frozen values that an explanation is made of. Each can be told (`narrate`), drawn (`graph`) or written as JSON."""

from pydantic import Field

from siren.core.episode import Edit, Event, Path
from siren.core.recollection import Recalled
from siren.core.values import Value
from siren.symbolic.counterfactual import LeastChange, WhatIf
from siren.symbolic.proof import Proof


class Lesson(Value):
    """One episode that speaks for or against a rule, in a few words."""

    episode: int
    step: int
    supports: bool
    story: str


class Refusal(Value):
    """One rule against one step: the proof, whether it stood the test, and where the rule comes from."""

    proof: Proof
    verified: bool = Field(description="without the rule exactly its violations are gone, with it they are there")
    origin: str
    kind: str = Field(default="", description="the family of events that the rule predicts")
    confidence: float
    support: int = Field(description="failures that the rule explains")
    against: int = Field(description="steps where it held and all went well")
    taught_by: tuple[int, ...] = Field(description="ids of episodes that speak for it")
    contradicted_by: tuple[int, ...] = Field(description="ids of episodes that speak against it")
    lessons: tuple[Lesson, ...] = Field(description="some of them, told")


class CandidateView(Value):
    """One proposal of the policy, and every rule against it."""

    rank: int
    text: str
    score: float
    is_plan: bool
    refusals: tuple[Refusal, ...]


class Trial(Value):
    """Another run of the same seed with something changed: what would have happened, because it did."""

    episode: int
    changes: tuple[str, ...]
    success: bool
    result: str


class Explanation(Value):
    """One episode as a chain: instruction, candidates, refusals with their teachers, repair, outcome."""

    episode: int
    session: str
    round: int
    use: str
    instruction: str
    perception: str = Field(default="simulator", description="where the scene facts came from: simulator, or policy")
    seen: tuple[str, ...] = Field(default=(), description="with perception policy: what it saw, the doubtful marked so")
    checkpoint: str
    rulebook: str
    rules_of_the_day: bool = Field(description="judged again by the very rules that decided; else by the rules as they are now")
    agrees: bool = Field(description="judged again, the candidates get the verdicts that are on record")
    candidates: tuple[CandidateView, ...]
    recalled: Recalled | None = Field(default=None, description="what came from memory; ranks of candidates are those after it")
    path: Path = Field(description="how the plan came about: proposal, repair, plan (from scratch) or probe")
    chosen: int = Field(description="rank of the candidate that was taken up; -1 when the plan did not come from the policy")
    edits: tuple[Edit, ...] = Field(description="the repair")
    plan: str = Field(description="what was run")
    residual: tuple[Refusal, ...] = Field(description="what speaks against the plan that was run")
    least_change: LeastChange | None = Field(description="the least that would have satisfied the rules; None when nothing was refused")
    success: bool
    cause: Event | None = Field(description="the first thing that went wrong")
    events: tuple[Event, ...]
    trials: tuple[Trial, ...]
    teaches: tuple[str, ...] = Field(description="rules that this episode speaks for")
    trained: tuple[str, ...] = Field(description="checkpoints that were trained on it")
    proofs: int
    verified: int = Field(description="proofs that stood the test of solving again without the named rule")


class WhyStep(Value):
    """Why one step of the plan that was run is as it is, and what came of it."""

    episode: int
    step: int
    text: str
    proposed: int | None = Field(description="number of the step in the proposal; None when the repair put it in")
    edits: tuple[Edit, ...]
    refusals: tuple[Refusal, ...] = Field(
        description="rules against the step as it was proposed; of a step that the repair put in: against the plan without it"
    )
    residual: tuple[Refusal, ...] = Field(description="rules against the step as it was run")
    events: tuple[Event, ...]
    proofs: int
    verified: int


class WhyNot(Value):
    """Everything that speaks against another plan for the same scene and goal."""

    episode: int
    plan: str
    rank: int | None = Field(description="the policy proposed it too, at this rank")
    refusals: tuple[Refusal, ...]
    hard: bool
    weight: float
    run_weight: float = Field(description="what speaks against the plan that was run")
    least_change: LeastChange | None
    proofs: int
    verified: int


class WhatIfAnswer(Value):
    """What the rules would have said had a fact been otherwise; sentences in the order of the violations."""

    episode: int
    of: str = Field(description="proposed or run")
    answer: WhatIf
    vanished: tuple[str, ...]
    appeared: tuple[str, ...]
    remaining: tuple[str, ...]
