"""What was given as the arms that can be compared: who decides, with which weights, rules and eyes, and how often it may try.

An arm for which something is missing is left out, with a sentence that says what to give.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from pydantic import Field

from siren.config import Perception
from siren.core.errors import BenchError
from siren.core.values import Value

# In the order of the tables. docs/bench.md tells the same in more words.
TOLD: Mapping[str, str] = MappingProxyType(
    {
        "rt1": "RT-1 baseline: discrete keyframes, first proposal",
        "robot-only": "VLA trained on robot data alone, first proposal",
        "vla": "co-trained VLA (RT-2 recipe), first proposal",
        "vla-retry": "co-trained VLA; after a failure the table is laid anew and its next proposal runs",
        "rl": "VLA after reinforcement learning, first proposal",
        "rules": "co-trained VLA, plans checked and mended by the session's rules",
        "weights": "the session's weights, first proposal, no rules",
        "siren": "the session's weights and rules",
        "siren-eyes": "the session's weights and rules, scene facts from the policy's own eyes",
        "siren-state": "the session's weights and rules, scene facts from the simulator",
        "expert": "ceiling: a planner that knows every law and the true scene",
    }
)
ARMS = tuple(TOLD)
_WEIGHTS_OF = {"vla": "vla", "vla-retry": "vla", "rt1": "rt1", "robot-only": "robot-only", "rl": "rl"}  # the option that gives them
_OF_A_SESSION = ("rules", "weights", "siren", "siren-eyes", "siren-state")


class Arm(Value):
    """One column of every comparison. Folders are absolute."""

    name: str
    kind: str = Field(description="which of TOLD it is, or 'policy'; arms of several sessions share it")
    told: str
    actor: Literal["policy", "expert"] = "policy"
    weights: str = Field(default="", description="folder of weights")
    outside: str = Field(default="", description="module:factory or the address of a policy that is not SIREN's")
    rules: str = Field(default="", description="folder of the rules that choose and mend; empty: the first proposal runs")
    perception: Perception = "simulator"
    tries: int = Field(default=1, ge=1, le=2)

    @property
    def mind(self) -> tuple[str, ...]:
        """Whatever decides. Two arms of one mind decide alike."""
        return self.actor, self.weights, self.outside, self.rules, self.perception


class OfSession(NamedTuple):
    """What a session has learned."""

    name: str
    rules: str  # folder
    weights: str  # folder of the weights in force
    perception: Perception


class Given(NamedTuple):
    """What the arms are made of. Several folders of one kind are several seeds of what was trained."""

    weights: Mapping[str, tuple[str, ...]]  # folders, by vla, rt1, robot-only and rl; of `vla` the first is what sessions began with
    sessions: tuple[OfSession, ...] = ()
    policies: tuple[str, ...] = ()


def offer(given: Given, wanted: Sequence[str] = ()) -> tuple[tuple[Arm, ...], tuple[str, ...]]:
    """The arms that can be had (of those that are wanted; else all), and a sentence for each that cannot. BenchError when none is left."""
    names = tuple(dict.fromkeys(wanted)) or ARMS
    for name in names:
        if name not in TOLD:
            near = difflib.get_close_matches(name, ARMS, 1, 0.5)
            hint = f"did you mean '{near[0]}'? " if near else ""
            raise BenchError(f"expected arms of {', '.join(ARMS)}, got '{name}'; {hint}policies of your own are given by --policy")
    arms: list[Arm] = []
    left_out: list[str] = []
    for name in (name for name in ARMS if name in names):
        found = list(_arms(name, given))
        arms += found
        if not found:
            left_out.append(_why_not(name))
    arms += [Arm(name=spec, kind="policy", told=f"policy from outside: {spec}", outside=spec) for spec in dict.fromkeys(given.policies)]
    called = [arm.name for arm in arms]
    if len(set(called)) < len(called):
        raise BenchError(f"expected folders of different names, got arms {', '.join(called)}; rename one of the folders")
    if not arms:
        raise BenchError(f"expected at least one arm that can be played, got none: {'; '.join(left_out)}")
    return tuple(arms), tuple(left_out)


def _arms(name: str, given: Given) -> Iterator[Arm]:
    """The arms of that kind: none where something is missing, several where there are several sessions."""
    folders = given.weights.get(_WEIGHTS_OF.get(name, ""), ())
    if name == "expert":
        yield Arm(name=name, kind=name, told=TOLD[name], actor="expert")
    for folder in folders:
        seed = f"{name}@{Path(folder).name}" if len(folders) > 1 else name
        yield Arm(name=seed, kind=name, told=TOLD[name], weights=folder, tries=2 if name == "vla-retry" else 1)
    if name in _OF_A_SESSION:
        for session in given.sessions:
            yield _of_session(name, session, given)


def _of_session(name: str, session: OfSession, given: Given) -> Arm:
    perception: Perception = {"siren-eyes": "policy", "siren-state": "simulator"}.get(name, session.perception)  # type: ignore[assignment]
    return Arm(
        name=f"{name}@{session.name}" if len(given.sessions) > 1 else name,
        kind=name,
        told=f"{TOLD[name]} (session {session.name})",
        weights=given.weights["vla"][0] if name == "rules" else session.weights,
        rules="" if name == "weights" else session.rules,
        perception="simulator" if name == "weights" else perception,
    )


def _why_not(name: str) -> str:
    if name in _WEIGHTS_OF:
        return f"{name} is left out: it needs a folder of weights, --{_WEIGHTS_OF[name]} FOLDER"
    return f"{name} is left out: it needs a session that has learned; run siren learn, or name one by --session NAME --home DIR"
