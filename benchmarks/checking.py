"""How long judging a plan of six steps among eight things takes: compiled rules against a fresh clingo, with 100 to 10,000 rules.

    python -m benchmarks.checking            (part of: python -m benchmarks.symbolic)

Rules are random, all different, and of the kinds that sessions learn: three or four conditions besides the step, one in ten with a
neighbour, one in fifty with something that stands on a thing that stands on it. Processor milliseconds.
"""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np

from siren.config import shipped_rules
from siren.core.action import FORCES, SPEEDS
from siren.core.geometry import TURNS, grasp_yaw, pick_step, put_step
from siren.core.plan import TABLE, Plan, Step
from siren.core.rule import Rule
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.learning import literals as make
from siren.learning.literals import Literal, rule_text
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.compiled import CompiledRules
from siren.symbolic.conditions import conditions_of
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.profiles import Profile
from siren.symbolic.reading import read_plain
from siren.symbolic.rulebook import Rulebook
from siren.symbolic.swift import SwiftTier
from siren.symbolic.trajectory import Follower, State
from siren.testing.scenes import SIZES, thing

ATTRIBUTES = ("fragile", "heavy", "slippery", "soft", "round", "flat", "tall", "long", "container", "lid")
CATEGORIES = ("fruit", "drink", "breakfast", "snack", "tool", "toy", "office", "cleaning", "dish", "home", "material")
GOAL = Goal(relation="on", object="egg", target="table")
Case = tuple[Scene, Plan]
T = TypeVar("T")


def main() -> None:
    """Measure alone."""
    sys.stdout.write(json.dumps(measure()) + "\n")


def measure(sizes: tuple[int, ...] = (100, 1000, 10_000)) -> dict[str, object]:
    """Figures by number of rules; times are [median, 99th percentile] in ms."""
    cases = [_case(np.random.default_rng(seed)) for seed in range(20)]
    return {f"{count}_rules": _measure(count, cases) for count in sizes}


def random_rules(count: int, rng: np.random.Generator) -> tuple[Rule, ...]:
    """Rules that differ from one another."""
    bodies: dict[str, None] = {}
    while len(bodies) < count:
        group = ("pick", "put")[int(rng.integers(2))]
        chosen = list({literal.text: literal for literal in _conditions(group, rng)}.values())
        bodies.setdefault(rule_text("NAME", group, chosen))
    return tuple(
        Rule(id=f"b{index}", text=text.replace("NAME", f"b{index}"), sentence="measured", confidence=0.9)
        for index, text in enumerate(bodies)
    )


def _conditions(group: str, rng: np.random.Generator) -> Iterator[Literal]:
    for number in range(rng.integers(3, 5)):
        # Of further things a rule speaks once, as learned rules do; and it always says what kind of thing it is about.
        kind = (rng.random(), rng.uniform(0.4, 0.55))[number] if number < 2 else rng.uniform(0.12, 1.0)
        role = "O" if group == "pick" or rng.random() < 0.6 else "D"
        value = int(rng.integers(1, 40)) * 5
        if kind < 0.1 and group == "pick":
            yield make.neighbour(("jaw", "diagonal", "aside")[int(rng.integers(3))], None, value // 2, None)
        elif kind < 0.12:
            yield make.carried("on", role, str(rng.choice(ATTRIBUTES)))
        elif kind < 0.4:
            yield make.thing_property("attribute", role, str(rng.choice(ATTRIBUTES)), holds=rng.random() < 0.85)
        elif kind < 0.55:
            yield make.thing_property("category", role, str(rng.choice(CATEGORIES)))
        elif kind < 0.75:
            name, words = (("speed", SPEEDS), ("force", FORCES))[int(rng.integers(2))]
            yield make.manner(name, str(rng.choice(words)), holds=rng.random() < 0.85)
        elif kind < 0.9:
            measure = "span" if group == "pick" else "height"
            yield make.threshold(measure, None, None, rng.random() < 0.6, value)
        else:
            yield make.threshold("extent", role, str(rng.choice(("length", "width", "height"))), rng.random() < 0.6, value)


def _measure(count: int, cases: list[Case]) -> dict[str, object]:
    rng, knowledge = np.random.default_rng(count), Knowledge.load(shipped_rules())
    book = Rulebook([*Rulebook.load(shipped_rules()).rules.values(), *random_rules(count, rng)])
    begun = time.process_time()
    swift = ClingoChecker(book, knowledge)
    swift.check(cases[0][0], [cases[0][1]], GOAL)
    compiled_in = 1000 * (time.process_time() - begun)
    plain = ClingoChecker(book, knowledge, compiled=False)
    fresh = _times(lambda case: plain.check(case[0], [case[1]], GOAL), cases[: max(4, 4000 // count)])
    _times(lambda case: swift.check(case[0], [case[1]], GOAL), cases)
    whole = _times(lambda case: swift.check(case[0], [case[1]], GOAL), cases * 50)
    matched = _matched(book, Follower(knowledge), cases)
    verdicts = [swift.check(scene, [plan], GOAL)[0] for scene, plan in cases]
    assert not SwiftTier(knowledge, book.judging()).rest
    assert all(swift.check(scene, [plan], GOAL) == plain.check(scene, [plan], GOAL) for scene, plan in cases[:3])
    return {
        "fresh_clingo_ms": _spread(fresh),
        "check_ms": _spread(whole),
        "match_ms": _spread(matched),
        "check_times_faster": round(float(np.median(fresh) / np.median(whole))),
        "match_times_faster": round(float(np.median(fresh) / np.median(matched))),
        "compile_ms": round(compiled_in, 1),
        "violations_of_a_plan": round(float(np.mean([len(verdict.violations) for verdict in verdicts])), 1),
    }


def _matched(book: Rulebook, follower: Follower, cases: list[Case]) -> list[float]:
    """What the masks alone cost, the states of the plan given, as facts are given to clingo."""
    parsed = (read_plain(rule.text) for rule in book.judging())
    rules = CompiledRules(found for one in parsed if one is not None and (found := conditions_of(one)) is not None)
    given = [(follower.profiles(scene), follower.states(scene, plan, follower.profiles(scene))) for scene, plan in cases]

    def match(case: tuple[dict[str, Profile], list[State]]) -> None:
        for state in case[1]:
            rules.violations(state, case[0])

    _times(match, given)
    return _times(match, given * 50)


def _case(rng: np.random.Generator) -> Case:
    """Eight things, one of them on another, and three of them taken and put down in any manner."""
    names = [str(name) for name in rng.permutation([name for name in SIZES if name != "die"])[:7]]
    spots = [(0.36 + 0.09 * (number % 4), -0.15 + 0.12 * (number // 4)) for number in range(8)]
    objects = [thing(name, *spots[index], yaw=round(float(rng.uniform(-90, 90)), 1)) for index, name in enumerate(names)]
    objects.append(thing("die", *objects[0].position[:2], bottom=objects[0].top, support=names[0]))
    scene = Scene(objects=tuple(objects), perception="test")
    steps: list[Step] = []
    for number, taken in enumerate((objects[7], objects[0], objects[3])):
        steps += _moved(rng, scene, taken, (0.4 + 0.1 * number, 0.22))
    return scene, Plan(steps=tuple(steps))


def _moved(rng: np.random.Generator, scene: Scene, taken: SceneObject, spot: tuple[float, float]) -> tuple[Step, Step]:
    speed, force = SPEEDS[rng.integers(3)], FORCES[rng.integers(2)]
    pick = pick_step(taken, TURNS[rng.integers(4)], speed, force)
    put = put_step("place", taken, scene, "on", TABLE, spot, grasp_yaw(taken, 0), ("low", "high")[rng.integers(2)], speed, force)
    return pick, put


def _times(act: Callable[[T], object], cases: list[T]) -> list[float]:
    """Milliseconds of processor time, one for each case; the collector of garbage waits meanwhile."""
    spent = []
    gc.collect()
    gc.disable()
    for case in cases:
        start = time.process_time()
        act(case)
        spent.append(1000 * (time.process_time() - start))
    gc.enable()
    return spent


def _spread(times: list[float]) -> list[float]:
    return [round(float(value), 3) for value in np.percentile(times, [50, 99])]


if __name__ == "__main__":
    main()
