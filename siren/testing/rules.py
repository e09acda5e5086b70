"""A random generator as rules, tables and plans of every shape that the vocabulary has: for tests that compare two ways of judging.

Nothing here is sensible; most rules hold nowhere. What matters is that each kind of condition comes up, in odd company.
"""

import numpy as np

from siren.core.action import FORCES, SPEEDS, Keyframe
from siren.core.plan import AIMED, SKILLS, TABLE, Plan, Step, gripper_of
from siren.core.rule import Rule
from siren.core.scene import Scene, SceneObject
from siren.testing.scenes import MAT, SIZES, thing

_WORDS = {
    "attribute": ("fragile", "heavy", "slippery", "flat", "round", "container", "lid", "tall", "long"),
    "category": ("dish", "toy", "fruit", "container"),
    "kind": ("egg", "box", "die"),
    "colour": ("grey", "blue"),
}
_BEARINGS = ("jaw", "diagonal", "aside")
_ORDERS = ("<", "<=", ">", ">=", "=", "!=")
_SKILLS = ("pick", "pick", "place", "stack", "open", "push", "tip", "_")
_MEASURES = ("height", "offset", "span", "fit", "yaw", "depth", "tilt", "edge", "far", "room", "apart")


def random_rule(rng: np.random.Generator, name: str) -> Rule:
    """A rule with two to six conditions on a step, its thing, its target, and up to two further things."""
    things, body = ["O"], [f"step(T, {_one(rng, _SKILLS)}, O)"]
    if rng.random() < 0.4:
        body.append(f"target(T, {_one(rng, ('on', 'in', '_'))}, D)")
        things.append("D")
    for further in ("Y", "Z")[: rng.choice(3, p=(0.4, 0.4, 0.2))]:
        body.append(_tie(rng, further, things))
        things.append(further)
    for number in range(rng.integers(0, 4)):
        body.append(_condition(rng, things, f"N{number}"))
    args = "O," if len(things) == 1 or rng.random() < 0.5 else f"O,{things[-1]}"
    return Rule(id=name, text=f"violated({name}, ({args}), T) :- {', '.join(body)}.", sentence="random")


def random_table(rng: np.random.Generator) -> Scene:
    """Things beside, on and in one another, among them a box, perhaps with its lid."""
    names = [str(name) for name in rng.permutation(sorted(SIZES))[: rng.integers(2, 6)]]
    objects: list[SceneObject] = [MAT] if rng.random() < 0.5 else []
    for name in names:
        below = objects[rng.integers(len(objects))] if objects and rng.random() < 0.4 else None
        x, y = rng.uniform(0.35, 0.65), rng.uniform(-0.2, 0.2)
        at = below.position[:2] if below else (round(float(x), 3), round(float(y), 3))
        yaw = round(float(rng.uniform(-90, 90)), 1)
        objects.append(thing(name, *at, yaw=yaw, bottom=below.top if below else 0.0, support=below.name if below else TABLE))
    if rng.random() < 0.6:
        objects += _box(rng, objects[-1])
    return Scene(objects=tuple(objects), perception="test")


def random_plan(rng: np.random.Generator, scene: Scene, most: int = 5) -> Plan:
    """Steps of any skill at, or a little beside, the places of things; now and then with a name that is not there."""
    return Plan(steps=tuple(_step(rng, scene) for _ in range(rng.integers(1, most + 1))))


def _tie(rng: np.random.Generator, further: str, things: list[str]) -> str:
    other = _one(rng, things)
    near = f"near(T, {further}, {_one(rng, (*_BEARINGS, '_'))})"
    ties = (near, near, f"on({further}, {other}, T)", f"on({other}, {further}, T)", f"in({further}, {other}, T)", f"holding({further}, T)",
            f"attribute({further}, {_one(rng, _WORDS['attribute'])})")  # fmt: skip
    return _one(rng, ties)


def _condition(rng: np.random.Generator, things: list[str], number: str) -> str:
    who, other = _one(rng, things), _one(rng, things)
    word = _one(rng, sorted(_WORDS))
    no = "not " if rng.random() < 0.35 else ""
    order, limit = _one(rng, _ORDERS), int(rng.integers(-20, 130))
    choices = [
        f"{no}{word}({who}, {_one(rng, _WORDS[word])})",
        f"{no}speed(T, {_one(rng, SPEEDS)})",
        f"{no}force(T, {_one(rng, FORCES)})",
        f"{no}{_one(rng, ('clear', 'covered', 'lidded', 'holding', 'moved'))}({who}, T)",
        f"{no}{_one(rng, ('on', 'in'))}({who}, {other}, T)",
        f"{no}{_one(rng, ('on', 'in'))}(_, {who}, T)",
        f"{no}mismatch(T)",
        f"{no}near(T, _, {_one(rng, _BEARINGS)})",
        f"{_one(rng, _MEASURES)}(T, {number}), {number} {order} {limit}",
        f"extent({who}, {_one(rng, ('length', 'width', 'height'))}, {number}), {number} {order} {limit}",
        f"extent({who}, width, {number}), extent({other}, {_one(rng, ('length', 'width'))}, {number}b), {number} {order} {number}b",
        f"{_one(rng, ('gap', 'over', 'hand'))}(T, {who}, {number}), {number} {order} {limit}",
        f"reach(T, {number}, _, _), |{number} - {400 + limit}| {order} {abs(limit)}",
        f"{who} {_one(rng, ('=', '!='))} {_one(rng, (other, 'table', 'egg'))}",
        f"named(T, {number}), {number} {_one(rng, ('=', '!='))} {who}",
    ]
    return _one(rng, choices)


def _box(rng: np.random.Generator, last: SceneObject) -> list[SceneObject]:
    box = SceneObject(name="box", kind="box", position=(0.6, 0.0, 0.025), yaw=0.0, size=(0.14, 0.14, 0.05), colour="brown")
    if rng.random() < 0.5:
        return [
            box,
            last.model_copy(update={"name": "rock", "kind": "rock", "position": (0.6, 0.0, 0.03), "support": "box", "inside": True}),
        ]
    lid = {
        "name": "lid",
        "kind": "lid",
        "position": (0.6, 0.0, 0.065),
        "size": (0.15, 0.15, 0.03),
        "handle": (0.03, 0.03, 0.02),
        "support": "box",
    }
    return [box, box.model_copy(update=lid)]


def _step(rng: np.random.Generator, scene: Scene) -> Step:
    skill = SKILLS[int(rng.integers(len(SKILLS) - 1))]  # but drive, which moves no thing
    here = scene.objects[rng.integers(len(scene.objects))]
    x, y = here.position[:2] if rng.random() < 0.85 else (rng.uniform(0.2, 0.8), rng.uniform(-0.3, 0.3))
    spread = 0.05 * rng.random()
    position = (round(float(x + spread), 3), round(float(y), 3), round(float(rng.uniform(0.0, 0.2)), 3))
    names = [*sorted(scene.names()), "ghost"]
    own = {"pick": here.name, "tip": here.name, "open": "box"}.get(skill, _one(rng, names))
    spoken = own if rng.random() < 0.8 else _one(rng, names)
    frame = Keyframe.model_validate(
        {
            "position": position,
            "rotation": (float(rng.choice((0.0, 0.0, 20.0))), 180.0, float(rng.integers(120)) * 1.5),
            "speed": _one(rng, SPEEDS),
            "force": _one(rng, FORCES),
            "gripper": gripper_of(skill),
        }
    )
    if skill not in AIMED:
        return Step.model_validate({"skill": skill, "object": spoken, "keyframe": frame})
    relation = "on" if skill != "place" or rng.random() < 0.5 else "in"
    target = _one(rng, (here.name, here.name, TABLE, "box"))
    return Step.model_validate({"skill": skill, "object": spoken, "keyframe": frame, "relation": relation, "target": target})


def _one(rng: np.random.Generator, options: "tuple[str, ...] | list[str]") -> str:
    return options[int(rng.integers(len(options)))]
