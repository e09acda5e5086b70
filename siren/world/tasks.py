"""A seed, or a sentence, as a task: a mixed table on which the laws of the world are at work, a goal, and an instruction.

A brief says what is asked and which difficulties there are; then tables are laid until one fits the brief and can be solved.
The same seed gives the same task in any process.
"""

from typing import Literal

import numpy as np

from siren.core.errors import InstructionError
from siren.core.scene import Scene
from siren.core.task import FAMILIES, Family, Goal, Placement, Task
from siren.world.arrangement import lay_table
from siren.world.brief import MATS, Brief, draw_brief, suits, supports
from siren.world.catalogue import kind_of, things, uses
from siren.world.instructions import RELATIONS, Request, read_instruction, write_instruction
from siren.world.kinds import Kind
from siren.world.layout import scene_of
from siren.world.solvable import can_be_done

Split = Literal["seen", "unseen", "use"]
SPLITS: tuple[Split, ...] = ("seen", "unseen", "use")

_STREAM = 77  # keeps the random numbers of tasks apart from others of the same seed
_BRIEFS, _TABLES = 60, 12
_SHARES = (0.30, 0.25, 0.25, 0.20)  # of FAMILIES


def make_task(seed: int, split: Split = "seen", family: Family | None = None) -> Task:
    """The task of that seed.

    split: `seen` has only kinds of robot data, `unseen` asks for a kind held out of it, `use` names the target by what it is good for.
    """
    if split not in SPLITS:
        raise ValueError(f"expected a split of {', '.join(SPLITS)}, got '{split}'; choose one of these")
    first = np.random.default_rng([seed, _STREAM])
    chosen = family or FAMILIES[int(first.choice(len(_SHARES), p=_SHARES))]
    for number in range(_BRIEFS):
        task = _laid(seed, draw_brief(chosen, split, np.random.default_rng([seed, number, _STREAM])), number)
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
        brief = draw_brief(family, "instruction", rng, target, request.target, request.use)
        task = _laid(seed, brief, number)
        if task is not None:
            return task.model_copy(update={"instruction": " ".join(text.split())})
    raise InstructionError(f"expected a table for '{text.strip()[:120]}', none could be laid from seed {seed}; try another seed")


def nominal_scene(task: Task) -> Scene:
    """The scene as the layout has it, without physics."""
    return scene_of(task.layout)


def _laid(seed: int, brief: Brief, number: int) -> Task | None:
    """A task for the brief, or None when no table came out that can be solved."""
    for attempt in range(_TABLES):
        rng = np.random.default_rng([seed, number, attempt, _STREAM])
        layout = lay_table(brief, rng)
        if layout is None:
            continue
        phrase = _fitting_use(brief, layout, rng) if brief.by_use else None
        if brief.by_use and phrase is None:
            continue
        goal = Goal(relation=RELATIONS[brief.family], object=brief.target, target=brief.place)
        text = write_instruction(brief.family, brief.form, None if phrase else brief.target, phrase, brief.place)
        task = Task(seed=seed, family=brief.family, split=brief.split, instruction=text, goal=goal, layout=layout)
        if can_be_done(task, scene_of(layout)):
            return task
    return None


def _fitting_use(brief: Brief, layout: tuple[Placement, ...], rng: np.random.Generator) -> str | None:
    """A use that fits the target and nothing else on the table."""
    others = {use for item in layout if item.kind != brief.target for use in kind_of(item.kind).uses}
    fitting = [use for use in kind_of(brief.target).uses if use not in others and brief.use in (None, use)]
    return fitting[int(rng.integers(len(fitting)))] if fitting else None


def _by_use(request: Request, rng: np.random.Generator) -> str:
    """Some thing that the sentence may mean."""
    pool = [
        name
        for name in uses()[request.use or ""]
        if name != request.target and (request.relation != "in" or suits(kind_of(name), "place_in"))
    ]
    if not pool:
        raise InstructionError(f"nothing that {request.use} fits there; ask for another thing or another place")
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
        _require_fit(kind, place)
        return "place_in"
    if place.role == "mat":
        return "place"
    if place.name == target or not place.carries:
        known = ", ".join((*MATS, *supports()))
        raise InstructionError(f"expected a place that can carry '{target}', got '{place.name}'; places are {known}")
    return "stack"


def _require_fit(kind: Kind, place: Kind) -> None:
    if place.role != "container":
        raise InstructionError(f"expected 'box' as what '{kind.name}' goes into, got '{place.name}'; say 'in the box'")
    if not suits(kind, "place_in"):
        length, width, height = (round(1000 * value) for value in kind.size)
        raise InstructionError(
            f"'{kind.name}' ({length} x {width} x {height} mm) does not fit into the box; ask for another place or thing"
        )
