"""A random generator as a small scene and a careless plan in it; a list of what goes wrong as an outcome.

For stories about rules and learning that need no physics. The kinds are ones that rules/knowledge describes; sizes are round numbers.
"""

import math

import numpy as np

from siren.core.action import FORCES, SPEEDS
from siren.core.episode import Event, Outcome, Phase
from siren.core.geometry import TURNS, Release, grasp_yaw, pick_step, put_step
from siren.core.plan import Plan
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal, Task

# kind: size in metres and outline
SIZES: dict[str, tuple[tuple[float, float, float], str]] = {
    "egg": ((0.044, 0.044, 0.056), "round"),
    "glass": ((0.060, 0.060, 0.090), "round"),
    "gold_bar": ((0.100, 0.045, 0.040), "box"),
    "soap": ((0.070, 0.045, 0.030), "box"),
    "chocolate": ((0.120, 0.050, 0.024), "box"),
    "sponge": ((0.090, 0.060, 0.035), "box"),
    "red_cube": ((0.050, 0.050, 0.050), "box"),
    "cola_can": ((0.060, 0.060, 0.110), "round"),
    "matchbox": ((0.056, 0.036, 0.020), "box"),
    "die": ((0.032, 0.032, 0.032), "box"),
}
MAT = SceneObject(name="blue_mat", kind="blue_mat", position=(0.6, 0.2, 0.001), yaw=0.0, size=(0.1, 0.1, 0.002), colour="blue")


def thing(name: str, x: float, y: float, *, yaw: float = 0.0, bottom: float = 0.0, support: str = "table") -> SceneObject:
    """One thing of `SIZES`, its underside `bottom` metres above the table."""
    size, outline = SIZES[name]
    position = (x, y, bottom + size[2] / 2)
    return SceneObject.model_validate(
        {
            "name": name,
            "kind": name,
            "position": position,
            "yaw": yaw,
            "size": size,
            "outline": outline,
            "colour": "grey",
            "support": support,
        }
    )


def random_scene(rng: np.random.Generator) -> tuple[Scene, str]:
    """A thing to take, a neighbour on one of its sides, a mat; sometimes a die on the thing. And the thing's name."""
    names = [str(name) for name in rng.permutation([name for name in SIZES if name != "die"])]
    x, y, yaw = float(rng.uniform(0.40, 0.50)), float(rng.uniform(-0.15, 0.0)), float(rng.uniform(-90, 90))
    target = thing(names[0], round(x, 3), round(y, 3), yaw=round(yaw, 1))
    angle, distance = math.radians(yaw + 90 * int(rng.integers(4))), float(rng.uniform(0.07, 0.15))
    other = thing(names[1], round(x + distance * math.cos(angle), 3), round(y + distance * math.sin(angle), 3))
    objects = [target, other, MAT]
    if rng.random() < 0.3:
        objects.append(thing("die", target.position[0], target.position[1], bottom=target.top, support=target.name))
    return Scene(objects=tuple(objects), perception="test"), target.name


def careless_steps(scene: Scene, name: str, rng: np.random.Generator) -> Plan:
    """Pick the thing and place it on the mat, in any manner."""
    target = scene.find(name)
    assert target is not None
    speed, force = SPEEDS[rng.integers(3)], FORCES[rng.integers(2)]
    pick = pick_step(target, TURNS[rng.integers(4)], speed, force)
    release: Release = "high" if rng.random() < 0.5 else "low"
    put = put_step("place", target, scene, "on", "blue_mat", MAT.position[:2], grasp_yaw(target, 0), release, speed, force)
    return Plan(steps=(pick, put))


def goal_of(name: str) -> Goal:
    """The goal of `careless_steps`."""
    return Goal(relation="on", object=name, target="blue_mat")


def task_of(name: str, seed: int) -> Task:
    """A task with that goal and no layout: enough for a record."""
    instruction = f"put the {name.replace('_', ' ')} on the blue mat"
    return Task(seed=seed, family="place", split="test", instruction=instruction, goal=goal_of(name), layout=())


def outcome_of(*events: tuple[str, int, Phase]) -> Outcome:
    """An outcome with these events (kind, step, phase), in that order; without any it is a success."""
    listed = tuple(Event(kind=kind, step=step, phase=phase, tick=100 * index) for index, (kind, step, phase) in enumerate(events, 1))
    return Outcome(success=not events, goal_reached=not events, events=listed, ticks=1000, state_hash="0" * 64)
