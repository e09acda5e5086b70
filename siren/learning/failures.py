"""A failed episode as its root cause, and every executed step as one labelled row.

The root cause is the first event in order; what came after it may be its consequence, so steps after it do not exist. Events that
show the same kind of trouble form a family: a hand that misses, one that is blocked and one that hits the thing all got no grip. A goal
that is missed although nothing went wrong is none of them: what falls over was put down badly, this was put down elsewhere. What turns
in the grip as it is lifted is on its way to being dropped.
Families and phases are what the world measures; nothing here knows why things fail.
"""

from dataclasses import dataclass

from siren.core.episode import PHASES, Event, Outcome
from siren.core.plan import PUTS, Plan
from siren.symbolic.asp import Atom

NEVER = len(PHASES)  # phase order of a step that did not fail

_FAMILY = {
    "missed_grasp": "no_grip",
    "blocked": "no_grip",
    "hand_hit": "no_grip",
    "unreachable": "no_grip",
    "rotated": "dropped",
    "toppled": "unstable",
    "displaced": "unstable",
    "goal_missed": "missed",
    "fell_off": "unstable",
    "rolled": "unstable",
}
_PUT_DOWN = {"bump": "unstable", "hand_hit": "collision", "blocked": "collision", "missed_grasp": "unstable", "dropped": "carry"}


@dataclass(frozen=True)
class StepRow:
    """One executed step: what held before it, and what first went wrong at it."""

    episode: int
    seed: int
    step: int
    group: str  # `pick`, `open`, `put`, `push` or `tip`: the steps that rules are sought for together
    family: str | None
    phase: int  # index into PHASES, NEVER when nothing went wrong
    atoms: frozenset[Atom]


def root_cause(outcome: Outcome) -> Event | None:
    """The first event in order, or None when nothing went wrong."""
    return min(outcome.events, key=lambda event: (event.tick, event.step, PHASES.index(event.phase)), default=None)


def progress(outcome: Outcome) -> tuple[int, int]:
    """How far the plan came before the first event: (step, phase); compares as later is larger. Success is beyond every step."""
    event = root_cause(outcome)
    return (1_000_000, 0) if event is None else (event.step, PHASES.index(event.phase))


def step_group(skill: str, relation: str | None) -> str:
    """(skill, relation) as text, e.g. `place in`: the groups that people read of."""
    return skill if relation is None else f"{skill} {relation}"


def group_of(plan: Plan, step: int) -> str:
    """The group of a step that counts from 1."""
    return step_group(plan.steps[step - 1].skill, plan.steps[step - 1].relation)


def family_of(event: Event, skill: str) -> str:
    """The kind of trouble that an event shows at a step of that skill."""
    if skill in PUTS and event.phase == "carry":
        return "carry"
    known = _FAMILY | _PUT_DOWN if skill in PUTS else _FAMILY
    return known.get(event.kind, event.kind)


def step_rows(episode: int, seed: int, plan: Plan, outcome: Outcome, model: frozenset[Atom]) -> tuple[StepRow, ...]:
    """One row for each step up to the first event. `model` are all atoms true of this scene and plan."""
    event = root_cause(outcome)
    last = len(plan.steps) if event is None else min(event.step, len(plan.steps))
    timeless = frozenset(atom for atom in model if atom.name in ("attribute", "category", "extent"))
    rows = []
    for number in range(1, last + 1):
        skill = plan.steps[number - 1].skill
        failed = event if event is not None and event.step == number else None
        rows.append(
            StepRow(
                episode=episode,
                seed=seed,
                step=number,
                group="put" if skill in PUTS else skill,
                family=family_of(failed, skill) if failed else None,
                phase=PHASES.index(failed.phase) if failed else NEVER,
                atoms=timeless | frozenset(atom for atom in model if _speaks_of(atom, number)),
            )
        )
    return tuple(rows)


def _speaks_of(atom: Atom, step: int) -> bool:
    if atom.name in ("on", "in", "clear", "holding"):
        return atom.args[-1] == step
    return bool(atom.args) and atom.args[0] == step and atom.name not in ("time", "first", "next")
