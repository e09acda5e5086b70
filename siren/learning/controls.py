"""A policy and commands that contradict, paraphrase or say nothing as numbers: does what it goes for change as it should?

On each fresh scene four commands are given about one picture. A policy that ignores its instruction goes for the same thing every time,
and so fails one of the two that must differ, whatever it goes for.

    named          pick up the apple          goes for the apple
    contradicting  pick up the die            goes for the die, of the same scene
    paraphrased    i need the apple           goes for the apple: a form that was never taught
    blank          pick up the                nothing says which: goes for the apple no more often than chance, and is in doubt
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from pydantic import Field

from siren.core.episode import Candidate
from siren.core.interfaces import Proposer
from siren.core.scene import Scene
from siren.core.task import Task
from siren.core.values import Value
from siren.learning.policy_eval import place_is
from siren.learning.web_data import grain
from siren.world.camera import Camera, backdrop_setting, layout_bodies, robot_setting
from siren.world.catalogue import kind_of
from siren.world.splits import Split
from siren.world.suitable import suits
from siren.world.tasks import make_task, nominal_scene
from siren.world.wording import forms, spoken, write_instruction

FIRST_SEED = 3_600_000_000  # training draws task seeds below 2 ** 31
BLANK = "pick up the"


class ControlReport(Value):
    """Shares of scenes from 0 to 1; by the place that a plan goes for, not by the word that it says."""

    count: int
    named: float = Field(description="goes for the thing that the command names")
    contradicting: float = Field(description="goes for the other thing that the other command names")
    stayed: float = Field(description="goes for the first thing all the same, though the command names the other")
    paraphrased: float = Field(description="goes for the thing that is named in a form that was never taught")
    blank: float = Field(description="goes for that thing though nothing is named")
    chance: float = Field(description="mean of 1 over the things of a scene that could be meant")
    doubt_named: float | None = Field(description="median nats of doubt with a name; None where the policy does not say")
    doubt_blank: float | None = Field(description="and without")

    @property
    def listens(self) -> bool:
        """Whether the instruction decides: the command that contradicts is followed as often as not, and far oftener than ignored."""
        return self.contradicting >= 0.5 and self.contradicting > 2 * self.stayed and self.named > self.blank


class _Scene(NamedTuple):
    """A picture, what stands there, and the two things that commands are about."""

    image: np.ndarray
    there: Scene
    thing: str
    other: str
    choices: int  # things that could be meant


class _Case(NamedTuple):
    """What came of one scene; as in `ControlReport`."""

    named: bool
    contradicting: bool
    stayed: bool
    paraphrased: bool
    blank: bool
    chance: float
    doubt_named: float | None
    doubt_blank: float | None


def measure_controls(proposer: Proposer, count: int, seed: int = 0, split: Split = "seen") -> ControlReport:
    """Greedy proposals for the four commands on `count` fresh scenes. Equal seeds give equal scenes."""
    with Camera() as camera:
        cases = [_try(proposer, scene) for scene in _scenes(camera, count, seed, split)]
    return ControlReport(
        count=count,
        **{name: _mean(cases, name) for name in ("named", "contradicting", "stayed", "paraphrased", "blank", "chance")},
        doubt_named=_median(cases, "doubt_named"),
        doubt_blank=_median(cases, "doubt_blank"),
    )


def _mean(cases: Sequence[_Case], name: str) -> float:
    return float(np.mean([getattr(case, name) for case in cases]))


def _median(cases: Sequence[_Case], name: str) -> float | None:
    said = [getattr(case, name) for case in cases if getattr(case, name) is not None]
    return float(np.median(said)) if said else None


def _scenes(camera: Camera, count: int, seed: int, split: Split) -> Iterator[_Scene]:
    found, number = 0, FIRST_SEED + seed * 100_000
    while found < count:
        number += 1
        task = make_task(number, split, "pick")
        rng = np.random.default_rng([number, 71])
        others = _others(task)
        if not others:
            continue
        found += 1
        setting = backdrop_setting(task.backdrop, robot_setting(rng))
        image = grain(rng, camera.look(layout_bodies(task), setting).image)
        other = others[int(rng.integers(len(others)))]
        yield _Scene(image, nominal_scene(task), task.goal.object, other, 1 + len(others))


def _others(task: Task) -> list[str]:
    """Things that a command could name instead: neither on nor under the one that the task names."""
    scene = nominal_scene(task)
    asked = scene.find(task.goal.object)
    if asked is None:
        return []
    taken = {asked.name, asked.support, *(thing.name for thing in scene.carried_by(asked.name))}
    return [thing.name for thing in scene.objects if thing.name not in taken and suits(kind_of(thing.kind), "pick")]


def _try(proposer: Proposer, scene: _Scene) -> _Case:
    taught, strange = forms("pick")[0], forms("pick", held_out=True)
    thing, other = (spoken(name) for name in (scene.thing, scene.other))
    named, contradicting, paraphrased, blank = (
        proposer.propose(scene.image, sentence, 1, np.random.default_rng(0))[0]
        for sentence in (
            write_instruction(taught, thing),
            write_instruction(taught, other),
            write_instruction(strange[len(scene.there.objects) % len(strange)], thing),
            BLANK,
        )
    )
    return _Case(
        named=_goes_for(named, scene.there, scene.thing),
        contradicting=_goes_for(contradicting, scene.there, scene.other),
        stayed=_goes_for(contradicting, scene.there, scene.thing),
        paraphrased=_goes_for(paraphrased, scene.there, scene.thing),
        blank=_goes_for(blank, scene.there, scene.thing),
        chance=1 / scene.choices,
        doubt_named=named.doubt,
        doubt_blank=blank.doubt,
    )


def _goes_for(candidate: Candidate, scene: Scene, name: str) -> bool:
    """Whether the last thing that the plan takes or shoves is that one."""
    thing = scene.find(name)
    steps = [step for step in candidate.plan.steps if step.skill in ("pick", "tip", "push")] if candidate.plan is not None else []
    return bool(steps) and thing is not None and place_is(scene, steps[-1].keyframe.position[:2], thing)
