"""Arms and a trial as rows: each arm decides from the same picture with the same random numbers, and its plan is carried out.

An ordinary object; it does not know whether it lives in the process of the command or in a worker.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from siren import build
from siren.agent import Agent
from siren.config import shipped_rules
from siren.core.episode import Decision, Outcome
from siren.core.errors import InstructionError, PlanRefusedError
from siren.core.interfaces import Proposer
from siren.core.plan import Plan
from siren.eval.bench.arms import Arm
from siren.eval.bench.outside import OutsidePolicy, Outsider, load_outside
from siren.eval.bench.rows import Row
from siren.eval.bench.stage import Scenery, Stage
from siren.eval.bench.suites import Body, Trial

CANDIDATES = 4  # plans that a policy proposes, as in a session
NOT_UNDERSTOOD, NO_PLAN = "not_understood", "no_plan"
_STREAM = 97


class Decided(NamedTuple):
    """What a mind came to: plans in the order in which they would be tried, or why there is none."""

    plans: tuple[Plan, ...]
    way: str
    refused: tuple[str, ...]
    milliseconds: float
    silence: str = ""


class Player:
    """Plays trials, one after the other. Close it."""

    def __init__(self, arms: Sequence[Arm]) -> None:
        self._arms = {arm.name: arm for arm in arms}
        self._stage = Stage()
        self._core = build.checker(shipped_rules())
        self._proposers: dict[str, Proposer] = {}
        self._outside: dict[str, OutsidePolicy] = {}
        self._parts: dict[tuple[str, ...], build.Parts] = {}

    def play(self, trial: Trial, names: Sequence[str]) -> tuple[Row, ...]:
        """A row for each of those arms, in their order."""
        began = time.process_time()
        scenery, decided, rows = self._stage.set_up(trial), dict[tuple[str, ...], Decided](), []
        for arm in (self._arms[name] for name in names):
            if arm.mind not in decided:
                decided[arm.mind] = self._decide(arm, scenery)
            row = self._row(arm, scenery, decided[arm.mind])
            now = time.process_time()
            rows.append(row.model_copy(update={"cpu_ms": round(1000 * (now - began), 1)}))
            began = now
        return tuple(rows)

    def close(self) -> None:
        """Give the simulators back."""
        self._stage.close()

    def _decide(self, arm: Arm, scenery: Scenery) -> Decided:
        if arm.actor == "expert":
            return Decided((scenery.ideal(),), "expert", (), 0.0)
        agent, hard = self._agent(arm, scenery)
        rng = np.random.default_rng([scenery.trial.seed, _STREAM])
        began = time.perf_counter()
        try:
            _, decision = agent.decide(scenery.there, scenery.image, scenery.task, rng, "repair" if arm.rules else "policy")
        except InstructionError:
            return Decided((), "none", (), _since(began), NOT_UNDERSTOOD)
        except PlanRefusedError:
            return Decided((), "none", (), _since(began), NO_PLAN)
        spent = _since(began)
        return Decided(_in_order(decision), decision.path, _refused(decision, hard) if arm.rules else (), spent)

    def _agent(self, arm: Arm, scenery: Scenery) -> tuple[Agent, frozenset[str]]:
        """An agent as a session has it when it acts, and the ids of its core rules."""
        parts = self._made(arm, scenery.trial.body)
        planner = parts.planner if arm.rules else None
        agent = Agent(
            scenery.world,
            parts.proposer,
            parts.checker,
            parts.repairer,
            planner=planner,
            candidates=CANDIDATES,
            perceiver=parts.perceiver,
        )
        return agent, parts.checker.hard

    def _made(self, arm: Arm, body: Body) -> build.Parts:
        key = (*arm.mind, body)
        if key not in self._parts:
            rules = Path(arm.rules) if arm.rules else shipped_rules()
            self._parts[key] = build.suspecting(build.parts(rules, Path(arm.weights), arm.perception, self._proposer(arm, body)))
        return self._parts[key]

    def _proposer(self, arm: Arm, body: Body) -> Proposer:
        if arm.outside:
            if arm.outside not in self._outside:
                self._outside[arm.outside] = load_outside(arm.outside)
            return Outsider(self._outside[arm.outside], arm.outside, body)
        if arm.weights not in self._proposers:
            self._proposers[arm.weights] = build.proposer(Path(arm.weights))
        return self._proposers[arm.weights]

    def _row(self, arm: Arm, scenery: Scenery, decided: Decided) -> Row:
        """The arm's plans tried one after the other, each on a table laid anew, until one works or it may try no more."""
        tried: list[tuple[Plan, Outcome]] = []
        for plan in decided.plans[: arm.tries]:
            tried.append((plan, scenery.carry_out(plan)))
            if tried[-1][1].success:
                break
        last = tried[-1][1] if tried else None
        success = last is not None and last.success
        return Row(
            arm=arm.name,
            group=scenery.trial.group,
            number=scenery.trial.number,
            table=scenery.table,
            success=success,
            cause="" if success else decided.silence or (last.events[0].kind if last is not None and last.events else "unknown"),
            way=decided.way,
            steps=sum(len(plan.steps) for plan, _ in tried),
            ticks=sum(outcome.ticks for _, outcome in tried),
            tries=len(tried),
            broke_core=self._break_core(scenery, [plan for plan, _ in tried]),
            refused=decided.refused,
            end=last.state_hash[:16] if last is not None else "",
            decided_ms=round(decided.milliseconds, 3),
            cpu_ms=0.0,
        )

    def _break_core(self, scenery: Scenery, plans: Sequence[Plan]) -> bool | None:
        """Whether one of the plans breaks a core rule. None for two tables: facts do not ask yet on which of them a thing stands."""
        if scenery.trial.body == "husky":
            return None
        return any(verdict.hard for verdict in self._core.check(scenery.there, plans, scenery.task.goal)) if plans else False


def _in_order(decision: Decision) -> tuple[Plan, ...]:
    """The plan to run, then the policy's other proposals that say something else."""
    plans = [decision.plan, *(candidate.plan for candidate in decision.candidates if candidate.plan is not None)]
    return tuple({str(plan): plan for plan in plans}.values())


def _refused(decision: Decision, hard: frozenset[str]) -> tuple[str, ...]:
    """Learned rules that speak against what the policy wanted first."""
    verdict = decision.candidates[0].verdict
    broken = {violation.rule for violation in verdict.violations} if verdict else set()
    return tuple(sorted(broken - hard))


def _since(began: float) -> float:
    return 1000 * (time.perf_counter() - began)
