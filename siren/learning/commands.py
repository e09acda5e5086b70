"""A picture's things as other commands about them: every family, every way to speak of a thing, three languages.

A command has one meaning in its scene. Phrases that a robot command never holds are left to web texts: what only one seen kind is good for
(it would be learned as one more name of that kind), and the comparisons of WEB_ONLY.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np

from siren.core.scene import Scene
from siren.core.task import Family, Goal, Language, Reference, Relation, Task
from siren.learning.shown import Shown
from siren.world.catalogue import occasions, things, uses
from siren.world.kinds import Kind
from siren.world.suitable import bears, suits
from siren.world.wording import Manner, Phrase, forms, joined, nouns, places, spoken, write_instruction
from siren.world.wording.forms import FAMILY_OF

T = TypeVar("T")

# How often each manner of command is drawn about a scene that allows it. `first` and `clear` need a scene made for them.
SHARES: tuple[tuple[Manner, float], ...] = (
    ("pick", 0.36),
    ("place", 0.12),
    ("place_in", 0.12),
    ("stack", 0.10),
    ("near", 0.09),
    ("push", 0.06),
    ("tip", 0.06),
    ("open", 0.03),
    ("together", 0.03),
    ("apart", 0.03),
)
LANGUAGES: tuple[tuple[Language, float], ...] = (("en", 0.8), ("es", 0.1), ("ko", 0.1))
BY_NAME = 0.5  # share of English commands that name the thing, where it can be spoken of otherwise
WEB_ONLY = ("heaviest", "brightest")
RELATIONS: Mapping[Family, Relation] = MappingProxyType(
    {"pick": "held", "place": "on", "place_in": "in", "stack": "on", "near": "near", "push": "on", "tip": "tipped", "open": "opened"}
)


class _Said(NamedTuple):
    """A goal and the sentence that asks for it."""

    goal: Goal
    text: str
    reference: Reference = "name"


def another_goal(rng: np.random.Generator, task: Task, shown: Sequence[Shown]) -> Task | None:
    """The same scene with another goal, about things that can be seen; None when what was drawn does not fit the scene."""
    manner = _drawn(rng, SHARES)
    language = _drawn(rng, LANGUAGES)
    scene, seen = Scene(objects=tuple(thing.seen for thing in shown), perception="picture"), [thing.kind for thing in shown]
    if manner in ("together", "apart"):
        language, said = "en", _two(rng, manner, scene, seen)
    elif not forms(manner, language):
        return None
    else:
        said = _one(rng, manner, language, scene, seen)
    if said is None:
        return None
    told = {"family": FAMILY_OF[manner], "instruction": said.text, "goal": said.goal, "reference": said.reference, "language": language}
    return task.model_copy(update=told)


@cache
def shared_phrases() -> frozenset[str]:
    """Uses and occasions that several seen kinds have. One that a single seen kind has would be learned as one more name of that kind, and
    then be said of unseen things too (measured: 27 of 36 cups were called "glass").
    """
    seen = {kind.name for kind in things(held_out=False)}
    return frozenset(phrase for phrases in (uses(), occasions()) for phrase, names in phrases.items() if len(seen & set(names)) > 1)


def for_robots(phrase: Phrase) -> bool:
    """Whether commands to the robot may speak of a thing so."""
    if phrase.reference in ("use", "occasion"):
        return phrase.text.removeprefix("something ").removeprefix("that ") in shared_phrases()
    return not any(word in phrase.text.split() for word in WEB_ONLY)


def noun_of(rng: np.random.Generator, scene: Scene, name: str) -> Phrase | None:
    """One way to speak of the thing, its name in half of the cases; None when nothing fits it alone."""
    known = [phrase for phrase in nouns(scene, name) if for_robots(phrase)]
    named = [phrase for phrase in known if phrase.reference == "name"]
    others = [phrase for phrase in known if phrase.reference != "name"]
    pool = named if named and (not others or rng.random() < BY_NAME) else others
    if not pool:
        return None
    # Each way of speaking first, so that a thing with many uses is not always spoken of by use.
    ways = sorted({phrase.reference for phrase in pool})
    way = ways[int(rng.integers(len(ways)))]
    pool = [phrase for phrase in pool if phrase.reference == way]
    return pool[int(rng.integers(len(pool)))]


def _one(rng: np.random.Generator, manner: Manner, language: Language, scene: Scene, seen: Sequence[Kind]) -> _Said | None:
    """A command about one thing."""
    family = FAMILY_OF[manner]
    handy = [kind for kind in seen if suits(kind, family)] if family != "open" else _closed(seen)
    if not handy:
        return None
    kind = handy[int(rng.integers(len(handy)))]
    targets = [""] if family in ("pick", "tip", "open") else [place.name for place in seen if _takes(place, kind, family)]
    if not targets:
        return None
    target = targets[int(rng.integers(len(targets)))]
    noun = noun_of(rng, scene, kind.name) if language == "en" and family != "open" else Phrase("name", spoken(kind.name, language))
    if noun is None:
        return None
    where = _place(rng, target, language)
    form = _any(rng, forms(manner, language))
    goal = Goal(relation=RELATIONS[family], object=kind.name, target=target or None)
    return _Said(goal, write_instruction(form, noun.text, where.text), noun.reference if noun.reference != "name" else where.reference)


def _two(rng: np.random.Generator, manner: Manner, scene: Scene, seen: Sequence[Kind]) -> _Said | None:
    """A command about two things: into the box together, or each onto a mat."""
    handy = [kind.name for kind in seen if suits(kind, "tidy" if manner == "together" else "place")]
    goals = ["box"] if manner == "together" else [kind.name for kind in seen if kind.role == "mat"]
    if len(handy) < 2 or len(goals) < (1 if manner == "together" else 2) or "box" in goals and scene.find("box") is None:
        return None
    first, second = (handy[number] for number in rng.permutation(len(handy))[:2])
    form = _any(rng, forms(manner))
    if manner == "together":
        also = Goal(relation="in", object=second, target="box")
        text = write_instruction(form, joined([spoken(first), spoken(second)]), spoken("box"))
        return _Said(Goal(relation="in", object=first, target="box", also=(also,)), text)
    here, there = (goals[number] for number in rng.permutation(len(goals))[:2])
    also = Goal(relation="on", object=second, target=there)
    text = write_instruction(form, spoken(first), spoken(here), (spoken(second), spoken(there)))
    return _Said(Goal(relation="on", object=first, target=here, also=(also,)), text)


def _closed(seen: Sequence[Kind]) -> list[Kind]:
    """The box, where its lid is to be seen."""
    return [kind for kind in seen if kind.name == "box" and any(other.role == "lid" for other in seen)]


def _takes(place: Kind, kind: Kind, family: Family) -> bool:
    """Whether a thing of that kind can go to that place in that family."""
    if place.name == kind.name:
        return False
    if family in ("place", "push"):
        return place.role == "mat"
    if family == "place_in":
        return place.name == "box"
    return bears(place, kind) and place.carries if family == "stack" else place.role == "thing"


def _place(rng: np.random.Generator, target: str, language: Language) -> Phrase:
    if not target:
        return Phrase("name", "")
    known = places(target) if language == "en" else (Phrase("name", spoken(target, language)),)
    return known[int(rng.integers(len(known)))]


def _any(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]


def _drawn(rng: np.random.Generator, shares: Sequence[tuple[T, float]]) -> T:
    return shares[int(rng.choice(len(shares), p=[share for _, share in shares]))][0]
