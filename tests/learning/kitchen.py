"""A kitchen with four habits of its own, as episodes of labelled steps. The learner sees only the steps and their first events."""

from pathlib import Path

import numpy as np

from siren.core.episode import Outcome
from siren.core.geometry import bearing, gap_mm, over_mm, release_mm, span
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.learning.failures import StepRow, step_rows
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook
from siren.testing.scenes import careless_steps, goal_of, outcome_of, random_scene

RULES = Path(__file__).parents[2] / "rules"
BREAKS = ("egg", "glass")


def happens(scene: Scene, plan: Plan, rng: np.random.Generator, noise: float = 0.0) -> Outcome:
    """Covered things and close neighbours collide, fragile ones are crushed or broken, wide ones slip; a few more fail by chance."""
    pick, put = plan.steps
    thing = scene.find(pick.object)
    assert thing is not None
    beside = [other for other in scene.objects[1:2] if bearing(thing, other, pick.keyframe.yaw) == "jaw"]
    if scene.carried_by(thing.name) or any(gap_mm(thing, other) < 32 and over_mm(thing, other) >= 0 for other in beside):
        return outcome_of(("collision", 1, "descend"))
    if thing.name in BREAKS and pick.keyframe.force == "firm":
        return outcome_of(("crushed", 1, "grasp"))
    if round(1000 * span(thing, pick.keyframe.yaw)) >= 80:
        return outcome_of(("missed_grasp", 1, "grasp"))
    if thing.name in BREAKS and release_mm(scene, thing, put) > 60:
        return outcome_of(("broken", 2, "retreat"), ("goal_missed", 2, "end"))
    return outcome_of(("dropped", 1, "lift")) if rng.random() < noise else outcome_of()


def kitchen_rows(episodes: int, seed: int, noise: float = 0.0) -> list[tuple[StepRow, ...]]:
    """The steps of that many careless episodes, each in a scene of its own."""
    checker = ClingoChecker(Rulebook.load(RULES), Knowledge.load(RULES))
    rows = []
    for number in range(episodes):
        rng = np.random.default_rng([seed, number])
        scene, name = random_scene(rng)
        plan = careless_steps(scene, name, rng)
        model = checker.model(scene, plan, goal_of(name))
        rows.append(step_rows(number, number, plan, happens(scene, plan, rng, noise), model))
    return rows
