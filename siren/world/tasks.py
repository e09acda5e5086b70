"""A seed, or a sentence, as a task: a mixed table on which the laws of the world are at work, a goal, and an instruction.

A brief says what is asked and which difficulties there are; then tables are laid until one fits the brief and can be solved.
The same seed gives the same task in any process.
"""

import numpy as np

from siren.core.errors import InstructionError
from siren.core.scene import Scene
from siren.core.task import Family, Goal, Placement, Relation, Task
from siren.world.arrangement import lay_table
from siren.world.asked import asked_of
from siren.world.brief import Brief, draw_brief
from siren.world.expert import careless_plan
from siren.world.laws.every import broken_laws
from siren.world.layout import scene_of
from siren.world.solvable import can_be_done
from siren.world.splits import SPLITS, Split, draw_family, families_of
from siren.world.wording import joined, nouns, places, read_instruction, spoken, write_instruction

__all__ = ["SPLITS", "Split", "make_task", "nominal_scene", "task_from_instruction"]

_STREAM = 77  # keeps the random numbers of tasks apart from others of the same seed
_BRIEFS, _TABLES = 80, 12
_CARELESS = 4  # plans of one who knows no law, all of which fail on a table of the split `laws`
_RELATIONS: dict[Family, Relation] = {
    "pick": "held",
    "clear": "held",
    "fetch": "held",
    "place": "on",
    "push": "on",
    "stack": "on",
    "place_in": "in",
    "near": "near",
    "tip": "tipped",
    "open": "opened",
}


def make_task(seed: int, split: Split = "seen", family: Family | None = None) -> Task:
    """The task of that seed. `siren.world.splits` says what each split asks for. Raises ValueError for what a split does not have."""
    if split not in SPLITS:
        raise ValueError(f"expected a split of {', '.join(SPLITS)}, got '{split}'; choose one of these")
    if family is not None and family not in families_of(split):
        raise ValueError(f"expected a family of split {split}: {', '.join(families_of(split))}, got '{family}'; choose one of these")
    stream = [seed, SPLITS.index(split), _STREAM]
    chosen = family or draw_family(split, np.random.default_rng(stream))
    for number in range(_BRIEFS):
        task = _laid(seed, draw_brief(chosen, split, np.random.default_rng([number, *stream])), [number, *stream])
        if task is not None:
            return task
    raise RuntimeError(
        f"expected a table for seed {seed}, split {split}, family {chosen}, none of {_BRIEFS} briefs could be laid; take another seed"
    )


def task_from_instruction(text: str, seed: int = 0) -> Task:
    """A table on which the sentence makes sense. Raises InstructionError when it cannot be read, or asks for what cannot be."""
    request = read_instruction(text)
    for number in range(_BRIEFS):
        stream = [number, seed, len(SPLITS), _STREAM]
        rng = np.random.default_rng(stream)
        family, asked = asked_of(request, rng)
        task = _laid(seed, draw_brief(family, "instruction", rng, asked), stream)
        if task is not None:
            said = {"instruction": " ".join(text.split()), "language": request.language}
            return task.model_copy(update=said)
    raise InstructionError(f"expected a table for '{text.strip()[:120]}', none could be laid from seed {seed}; try another seed")


def nominal_scene(task: Task) -> Scene:
    """The scene as the layout has it, without physics."""
    return scene_of(task.layout)


def goal_of(brief: Brief) -> Goal:
    """What has to hold at the end."""
    if brief.family == "tidy":
        relation: Relation = "in" if brief.manner == "together" else "on"
        second = Goal(relation=relation, object=brief.second or "", target=brief.second_place or brief.place)
        return Goal(relation=relation, object=brief.target, target=brief.place, also=(second,))
    also = (Goal(relation="opened", object=brief.place or ""),) if brief.manner == "first" else ()
    target = None if brief.family in ("pick", "clear", "tip", "open", "fetch") else brief.place
    return Goal(relation=_RELATIONS[brief.family], object=brief.target, target=target, also=also)


def _laid(seed: int, brief: Brief, stream: list[int]) -> Task | None:
    """A task for the brief, or None when no table came out that can be solved and spoken of."""
    for attempt in range(_TABLES):
        rng = np.random.default_rng([attempt, *stream])
        layout = lay_table(brief, rng)
        text = _sentence(brief, layout, rng) if layout is not None else None
        if layout is None or text is None:
            continue
        task = Task(
            seed=seed,
            family=brief.family,
            split=brief.split,
            instruction=text,
            goal=goal_of(brief),
            layout=layout,
            reference=brief.reference,
            language=brief.language,
            backdrop=brief.backdrop,
        )
        if can_be_done(task, scene_of(layout)) and (brief.split != "laws" or _is_lawful(task, rng)):
            return task
    return None


def _sentence(brief: Brief, layout: tuple[Placement, ...], rng: np.random.Generator) -> str | None:
    """The instruction, or None when the brief's way to speak of the target would mean something else as well on this table."""
    if brief.language != "en":
        place = spoken(brief.place, brief.language) if brief.place is not None else ""
        return write_instruction(brief.form, spoken(brief.target, brief.language), place)
    where = [phrase.text for phrase in places(brief.place) if phrase.reference == brief.place_reference] if brief.place else [""]
    described = brief.reference != "name" and brief.place_reference == "name"
    told = [phrase for phrase in nouns(scene_of(layout), brief.target) if phrase.reference == (brief.reference if described else "name")]
    fitting = [phrase.text for phrase in told if brief.phrase in (None, phrase.text)]
    if not fitting:
        return None
    noun, place = fitting[int(rng.integers(len(fitting)))], where[int(rng.integers(len(where)))]
    if brief.second is None:
        return write_instruction(brief.form, noun, place)
    if brief.manner == "together":
        return write_instruction(brief.form, joined([noun, spoken(brief.second)]), place)
    return write_instruction(brief.form, noun, place, (spoken(brief.second), spoken(brief.second_place or "")))


def _is_lawful(task: Task, rng: np.random.Generator) -> bool:
    """Whether every one of some careless plans breaks a law."""
    scene = scene_of(task.layout)
    plans = [careless_plan(task, scene, rng) for _ in range(_CARELESS)]
    return all(any(broken_laws(scene, plan, number) for number in range(1, len(plan.steps) + 1)) for plan in plans)
