"""A seed, or a sentence, as a task: a mixed table on which the laws of the world are at work, a goal, and an instruction.

A brief says what is asked and which difficulties there are; then tables are laid until one fits the brief and can be solved.
The same seed gives the same task in any process.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from siren.core.action import APERTURE
from siren.core.errors import InstructionError
from siren.core.geometry import gap_mm
from siren.core.plan import TABLE, Plan
from siren.core.scene import Scene
from siren.core.task import FAMILIES, Family, Goal, Placement, Task
from siren.world.catalogue import kind_of, things, uses
from siren.world.expert import expert_plan
from siren.world.foresight import FLAT, held_before, scene_after
from siren.world.hazards import broken_laws, fingers_blocked
from siren.world.instructions import FORMS, RELATIONS, Request, read_instruction, write_instruction
from siren.world.kinds import Kind
from siren.world.layout import Layout, Place, scene_of

Split = Literal["seen", "unseen", "use"]
SPLITS: tuple[Split, ...] = ("seen", "unseen", "use")

_STREAM = 77  # keeps the random numbers of tasks apart from others of the same seed
_BRIEFS, _TABLES = 60, 12
_SHARES = (0.30, 0.25, 0.25, 0.20)  # of FAMILIES
_NEIGHBOURS = ("cola_can", "juice_box", "die", "candle", "red_cube", "toy_block")
_TOPS = ("die", "matchbox", "candle", "red_cube", "toy_block", "yoghurt")
_MATS = ("blue_mat", "red_mat")
_COVER = 0.62  # share of its top that a thing on top may hide, so that it can still be seen
_BOX_RADIUS = 0.105  # what falls within it, with the hand around it
_BOX_FIT = 0.0525  # half the diagonal of what goes into the box with room for fingers


@dataclass(frozen=True)
class Brief:
    """What a table is laid for."""

    family: Family
    split: str
    target: str
    place: str | None  # where it goes: a mat, the box, a support
    form: int  # which phrasing
    by_use: bool
    neighbour: float | None  # gap to a thing beside the target, metres
    covered: bool  # something stands on the target
    lid: bool
    wet: float  # probability that the target is wet, if it can be
    count: int  # things on the table


def make_task(seed: int, split: Split = "seen", family: Family | None = None) -> Task:
    """The task of that seed.

    split: `seen` has only kinds of robot data, `unseen` asks for a kind held out of it, `use` names the target by what it is good for.
    """
    if split not in SPLITS:
        raise ValueError(f"expected a split of {', '.join(SPLITS)}, got '{split}'; choose one of these")
    first = np.random.default_rng([seed, _STREAM])
    chosen = family or FAMILIES[int(first.choice(len(FAMILIES), p=_SHARES))]
    for number in range(_BRIEFS):
        task = _laid(seed, _brief(chosen, split, np.random.default_rng([seed, number, _STREAM])), number)
        if task is not None:
            return task
    raise RuntimeError(
        f"expected a table for seed {seed}, split {split}, family {chosen}, none of {_BRIEFS} briefs could be laid; take another seed"
    )


def task_from_instruction(text: str, seed: int = 0) -> Task:
    """A table on which the sentence makes sense. Raises InstructionError when it cannot be read, or asks for what cannot be."""
    request = read_instruction(text)
    for number in range(_BRIEFS):
        rng = np.random.default_rng([seed, number, _STREAM])
        target = request.object or _by_use(request, rng)
        family = _family(request, target)
        brief = _brief(family, "instruction", rng, target, request.target, request.use)
        task = _laid(seed, brief, number, request.use)
        if task is not None:
            return task.model_copy(update={"instruction": " ".join(text.split())})
    raise InstructionError(f"expected a table for '{text.strip()[:120]}', none could be laid from seed {seed}; try another seed")


def nominal_scene(task: Task) -> Scene:
    """The scene as the layout has it, without physics."""
    return scene_of(task.layout)


def targets(family: Family, *, held_out: bool | None = None) -> tuple[Kind, ...]:
    """Kinds that a task of that family may ask for."""
    return tuple(kind for kind in things(held_out=held_out) if _suits(kind, family))


def supports() -> tuple[str, ...]:
    """Kinds that others are stacked on."""
    return tuple(kind.name for kind in things(held_out=False) if kind.carries)


def _suits(kind: Kind, family: Family) -> bool:
    if family == "place_in":
        return kind.radius <= _BOX_FIT
    if family == "stack":
        return kind.flat_base and max(kind.size[:2]) <= 0.101
    return True


def _bears(support: Kind, kind: Kind) -> bool:
    """Whether a thing stands safely on a support: it reaches over by half of the support at most."""
    across, along = sorted(kind.size[:2]), sorted(support.size[:2])
    return kind.name != support.name and across[0] <= 1.5 * along[0] and across[1] <= 1.8 * along[1]


# From a brief


def _brief(
    family: Family, split: str, rng: np.random.Generator, target: str | None = None, place: str | None = None, use: str | None = None
) -> Brief:
    if target is None:
        pool = targets(family, held_out=split == "unseen")
        weights = np.array([2.0 if _delicate(kind) else 1.0 for kind in pool])
        target = pool[int(rng.choice(len(pool), p=weights / weights.sum()))].name
    kind = kind_of(target)
    close = rng.uniform(0.010, 0.022) if rng.random() < 0.75 else rng.uniform(0.045, 0.060)
    return Brief(
        family=family,
        split=split,
        target=target,
        place=place or _place(family, kind, rng),
        form=int(rng.integers(len(FORMS[family]))),
        by_use=split == "use" or use is not None,
        neighbour=float(close) if rng.random() < 0.38 else None,
        covered=bool(rng.random() < 0.38) and kind.flat_top,
        lid=bool(rng.random() < 0.5),
        wet=0.5,
        count=int(rng.integers(4, 7)),
    )


def _delicate(kind: Kind) -> bool:
    """Whether the manner matters for this kind whatever stands around it. Such targets are drawn twice as often."""
    return kind.heavy or kind.slippery or kind.fragile is not None or max(kind.size[:2]) > APERTURE


def _place(family: Family, kind: Kind, rng: np.random.Generator) -> str | None:
    if family == "pick":
        return None
    if family == "place_in":
        return "box"
    pool = _MATS if family == "place" else [name for name in supports() if _bears(kind_of(name), kind)]
    return str(pool[int(rng.integers(len(pool)))])


def _laid(seed: int, brief: Brief, number: int, use: str | None = None) -> Task | None:
    """A task for the brief, or None when no table came out that can be solved."""
    for attempt in range(_TABLES):
        rng = np.random.default_rng([seed, number, attempt, _STREAM])
        layout = _lay(brief, rng)
        if layout is None:
            continue
        phrase = _fitting_use(brief, layout, rng, use) if brief.by_use else None
        if brief.by_use and phrase is None:
            continue
        goal = Goal(relation=RELATIONS[brief.family], object=brief.target, target=brief.place)
        text = write_instruction(brief.family, brief.form, None if phrase else brief.target, phrase, brief.place)
        task = Task(seed=seed, family=brief.family, split=brief.split, instruction=text, goal=goal, layout=layout)
        if _can_be_done(task):
            return task
    return None


def _fitting_use(brief: Brief, layout: tuple[Placement, ...], rng: np.random.Generator, wanted: str | None) -> str | None:
    """A use that fits the target and nothing else on the table."""
    others = {use for item in layout if item.kind != brief.target for use in kind_of(item.kind).uses}
    fitting = [use for use in kind_of(brief.target).uses if use not in others and wanted in (None, use)]
    return fitting[int(rng.integers(len(fitting)))] if fitting else None


# Laying the table


def _lay(brief: Brief, rng: np.random.Generator) -> tuple[Placement, ...] | None:
    layout, kind = Layout(rng), kind_of(brief.target)
    spot, yaw = (float(rng.uniform(0.37, 0.63)), float(rng.uniform(-0.25, 0.25))), layout.any_yaw()
    layout.put(kind, spot, yaw, marks=layout.marks(kind, brief.wet))
    layout.keep_clear(spot, kind.radius + 0.04)
    laid = (
        (not brief.covered or _cover(layout, brief, kind, spot, yaw, rng))
        and (brief.place is None or _lay_goal(layout, brief, spot, rng))
        and (brief.neighbour is None or _beside(layout, brief, kind, spot, yaw, rng))
        and _fill(layout, brief, rng)
    )
    return layout.placements() if laid else None


def _cover(layout: Layout, brief: Brief, kind: Kind, spot: Place, yaw: float, rng: np.random.Generator) -> bool:
    """Put something smaller on top of the target."""
    pool = [top for name in _TOPS if (top := kind_of(name)).name not in (kind.name, brief.place) and _leaves_seen(kind, top)]
    if not pool:
        return False
    layout.put(pool[int(rng.integers(len(pool)))], spot, yaw, height=kind.size[2])
    return True


def _leaves_seen(kind: Kind, top: Kind) -> bool:
    return _area(top) <= _COVER * _area(kind) and min(top.size[:2]) <= min(kind.size[:2])


def _area(kind: Kind) -> float:
    return kind.size[0] * kind.size[1] * (math.pi / 4 if kind.outline == "round" else 1.0)


def _beside(layout: Layout, brief: Brief, kind: Kind, spot: Place, yaw: float, rng: np.random.Generator) -> bool:
    """Put a neighbour beside the target along one of its axes; along the longer one when it is long, where fingers need not go."""
    pool = [name for name in _NEIGHBOURS if name not in layout.names()]
    other = kind_of(pool[int(rng.integers(len(pool)))])
    long = max(kind.size[:2]) > 0.082
    axis = int(np.argmax(kind.size[:2])) if long else int(rng.integers(2))
    angle = math.radians(yaw + 90 * axis)
    turn = math.degrees(angle) + (90 if other.size[0] > other.size[1] else 0)
    reach = kind.size[axis] / 2 + (brief.neighbour or 0.0) + min(other.size[:2]) / 2
    side = 1 if rng.random() < 0.5 else -1
    place = (spot[0] + side * reach * math.cos(angle), spot[1] + side * reach * math.sin(angle))
    if not (0.33 <= place[0] <= 0.67 and abs(place[1]) <= 0.27) or not _clear_of_goal(layout, brief, place, other):
        return False
    layout.put(other, place, (turn + 90) % 180 - 90, marks=layout.marks(other, 0.15))
    layout.keep_clear(place, other.radius + 0.01)
    return True


def _clear_of_goal(layout: Layout, brief: Brief, place: Place, other: Kind) -> bool:
    goal = next((item for item in layout.placements() if item.kind == brief.place), None)
    return goal is None or math.dist(place, goal.position[:2]) > other.radius + _BOX_RADIUS + 0.02


def _lay_goal(layout: Layout, brief: Brief, spot: Place, rng: np.random.Generator) -> bool:
    """Put down where the target is to go, with room for a hand around it."""
    kind = kind_of(brief.place or "")
    radius = _BOX_RADIUS if kind.role == "container" else 0.085
    place = layout.find(radius, 0.01, away=(spot, 0.20))
    if place is None:
        return False
    yaw = layout.any_yaw() if kind.role == "thing" else 0.0
    layout.put(kind, place, yaw)
    layout.keep_clear(place, radius)
    if kind.role == "container" and brief.lid:
        lid = kind_of("lid")
        layout.put(lid, place, yaw, height=kind.size[2] + 0.001)
    return True


def _fill(layout: Layout, brief: Brief, rng: np.random.Generator) -> bool:
    """Things that have nothing to do with the goal, until there are enough."""
    for name in _MATS:
        if brief.family != "place_in" and name not in layout.names() and rng.random() < 0.2:
            layout.scatter(kind_of(name), 0.03, 0.0)
    taken = things(held_out=False)
    for index in rng.permutation(len(taken)):
        if layout.solid_count() >= brief.count:
            break
        if taken[index].name not in layout.names():
            layout.scatter(taken[index], 0.04, 0.2)
    return layout.solid_count() >= 4


# Whether it can be done


def _can_be_done(task: Task) -> bool:
    """Whether one who knows the laws has a plan that breaks none, with room for fingers wherever something is put down."""
    scene = scene_of(task.layout)
    plan = expert_plan(task, scene)
    if any(broken_laws(scene, plan, number) for number in range(1, len(plan.steps) + 1)):
        return False
    return all(_can_be_put(task, scene, plan, number) for number, step in enumerate(plan.steps, 1) if step.skill in ("place", "stack"))


def _can_be_put(task: Task, scene: Scene, plan: Plan, number: int) -> bool:
    """Whether the thing that step `number` puts down fits where it goes, with the fingers around it."""
    step, after = plan.steps[number - 1], scene_after(scene, plan, number)
    held = held_before(scene, plan, number)
    thing = after.find(held.name) if held is not None else None
    if held is None or thing is None or fingers_blocked(after, thing, step.keyframe.yaw):
        return False
    if step.target != TABLE:
        return True
    apart = math.dist(held.position[:2], thing.position[:2]) > thing.size[0] / 2
    solid = (other for other in after.objects if other.name != thing.name and (other.size[2] > FLAT or other.name == task.goal.target))
    return apart and all(gap_mm(thing, other) > 5 for other in solid)


def _by_use(request: Request, rng: np.random.Generator) -> str:
    """Some thing that the sentence may mean."""
    pool = [name for name in uses()[request.use or ""] if request.relation != "in" or _suits(kind_of(name), "place_in")]
    if not pool:
        raise InstructionError(f"nothing that {request.use} fits into the box; ask for another thing or another place")
    return pool[int(rng.integers(len(pool)))]


def _family(request: Request, target: str) -> Family:
    """The family of a request, or InstructionError when no table could be laid for it."""
    kind = kind_of(target)
    if kind.role != "thing":
        raise InstructionError(
            f"expected a thing that a hand can take, got '{target}'; take one of {', '.join(thing.name for thing in things())}"
        )
    if request.target is None:
        return "pick"
    place = kind_of(request.target)
    if request.relation == "in":
        if place.role != "container":
            raise InstructionError(f"expected 'box' as what '{target}' goes into, got '{place.name}'; say 'in the box'")
        if not _suits(kind, "place_in"):
            length, width, height = (round(1000 * value) for value in kind.size)
            raise InstructionError(
                f"'{target}' ({length} x {width} x {height} mm) does not fit into the box; ask for another place or thing"
            )
        return "place_in"
    if place.role == "mat":
        return "place"
    if place.name == target or not place.carries:
        known = ", ".join((*_MATS, *supports()))
        raise InstructionError(f"expected a place that can carry '{target}', got '{place.name}'; places are {known}")
    return "stack"
