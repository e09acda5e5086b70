"""Successful episodes as failed ones of a chosen kind, each with its true cause and the step where it came in.

The world gives the same episode for the same plan, so when only one thing was changed and the episode now fails, that thing is why.
Kinds are the seven of AHA (arXiv 2410.00371), which say what was done wrong, and SIREN's own events, which say what came of it.
"""

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, cast, get_args

import numpy as np
from pydantic import Field

from siren.core.episode import Outcome
from siren.core.errors import WorldError
from siren.core.interfaces import World
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.task import Task
from siren.core.values import Value
from siren.world.changes import Cause, Change, Original, changes
from siren.world.expert import expert_plan
from siren.world.tasks import Split, make_task

Aha = Literal["no_grasp", "slip", "translation", "rotation", "no_rotation", "wrong_sequence", "wrong_target"]
AHA: tuple[Aha, ...] = get_args(Aha)

# For each event, the causes that bring it about, the likeliest first.
EVENTS: Mapping[str, tuple[Cause, ...]] = MappingProxyType(
    {
        "missed_grasp": ("no_grasp", "translation"),
        "dropped": ("slip",),
        "crushed": ("squeeze",),
        "broken": ("release_height",),
        "hand_hit": ("rotation", "translation"),
        "collision": ("no_rotation", "rotation", "wrong_sequence"),
        "bump": ("wrong_sequence", "wrong_target"),
        "unreachable": ("translation",),
        "goal_missed": ("wrong_target", "wrong_sequence"),
    }
)
KINDS: tuple[str, ...] = (*AHA, *EVENTS)

_TRIES = 5  # changes carried out before an episode is given up for a kind
_AT_ONCE = 8  # kinds that are made from one episode
_TURNS = 3  # how often a kind is tried in vain before another gets its turn; rare ones are tried more often than common ones
_STREAM = 31  # keeps these random numbers apart from others of the same seed
_SHOWS_AS: Mapping[str, str] = MappingProxyType({"no_grasp": "missed_grasp", "slip": "dropped"})


class Failure(Value):
    """A failed episode whose cause is known because the episode succeeds without it."""

    kind: str = Field(description="what was asked for: one of KINDS")
    cause: Cause = Field(description="what was done wrong")
    step: int = Field(description="where it came in, counts from 1")
    change: str = Field(description="the original's value and the changed one")
    split: str
    task: Task
    original: Plan = Field(description="the expert's plan, which succeeds")
    plan: Plan
    outcome: Outcome = Field(description="its first event is the first step of the failure")


def require_kind(name: str) -> str:
    """The name, if failures of that kind can be made. Raises WorldError that names the nearest."""
    if name not in KINDS:
        near = difflib.get_close_matches(name, KINDS, 1, 0.5)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise WorldError(f"unknown kind of failure '{name}'; {hint}known kinds: {', '.join(KINDS)}")
    return name


def inject(world: World, task: Task, scene: Scene, plan: Plan, kind: str, rng: np.random.Generator) -> Failure | None:
    """A failure of that kind, from a plan that succeeds; None when this episode gives no occasion for it.

    A kind of AHA is a cause, whatever comes of it (but `no_grasp` must miss and `slip` must drop); an event must be the first one.
    """
    original = Original(task, scene, plan)
    for change in _candidates(original, require_kind(kind), rng):
        world.reset(task)
        outcome = world.execute(change.plan)
        if not outcome.success and _is_asked_for(kind, outcome):
            return Failure(
                kind=kind,
                cause=change.cause,
                step=change.step,
                change=change.what,
                split=task.split,
                task=task,
                original=plan,
                plan=change.plan,
                outcome=outcome,
            )
    return None


def failures(world: World, kinds: Sequence[str], seeds: Iterator[int], split: Split = "seen") -> Iterator[Failure]:
    """Failures without end, as evenly spread over the kinds as the tasks of these seeds allow."""
    turns = Counter({require_kind(kind): 0 for kind in kinds})
    for seed in seeds:
        rng = np.random.default_rng([seed, _STREAM])
        task = make_task(seed, split)
        scene = world.reset(task)
        plan = expert_plan(task, scene)
        if not world.execute(plan).success:
            continue
        for kind in sorted(kinds, key=lambda kind: (turns[kind], kinds.index(kind)))[:_AT_ONCE]:
            failure = inject(world, task, scene, plan, kind, rng)
            turns[kind] += 1 if failure is None else _TURNS
            if failure is not None:
                yield failure


def _candidates(original: Original, kind: str, rng: np.random.Generator) -> Iterator[Change]:
    tried = 0
    for cause in EVENTS.get(kind, (cast(Cause, kind),)):
        for change in changes(cause, original, rng):
            if change.plan == original.plan:
                continue
            yield change
            tried += 1
            if tried == _TRIES:
                return


def _is_asked_for(kind: str, outcome: Outcome) -> bool:
    first = outcome.events[0].kind if outcome.events else None
    wanted = kind if kind in EVENTS else _SHOWS_AS.get(kind)
    return wanted is None or first == wanted
