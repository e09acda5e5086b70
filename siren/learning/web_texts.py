"""A picture's things as what people write about pictures: the texts of the web half.

Captions, lists with places, pointing, questions on colour, category, use and comparison, and what verbs mean. Nobody acts here, so there
are no plans, only words and places.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from siren.core.scene import Scene
from siren.core.task import Reference
from siren.learning.regions import WET_WORD
from siren.learning.samples import Text
from siren.learning.shown import Shown
from siren.world.catalogue import catalogue
from siren.world.wording import Phrase, nouns, places, spoken

USE = "something that "
POINT = "point"  # what answers begin with that say where something is, and ask for no plan
# Ways to be asked for a thing's place as a robot. Several, so that which thing is meant does not hang on one verb.
SHOW = ("show me {o}", "point at {o}", "find {o}", "look at {o}")
# What verbs and phrases come to, in the words that plans begin with. Some belong to forms of command that no training data holds
# (the split `phrasing`): as people do, the model may know the word and never have heard the sentence.
MEANINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pick": ("grab", "take", "lift", "hold", "get", "bring me", "hand me", "raise", "need"),
        "place on": ("put", "place", "set down", "lay", "move", "bring over", "rest", "goes on"),
        "place in": ("pack", "put inside", "store", "tuck", "belongs in"),
        "place on table": ("next to", "beside", "near", "close to", "alongside", "park"),
        "stack on": ("stack", "balance", "on top of", "pile", "tower"),
        "push on": ("push", "slide", "shove", "nudge", "without lifting"),
        "tip": ("knock over", "tip over", "topple", "fall over"),
        "open": ("open", "uncover", "take the lid off", "lift the lid off"),
    }
)

_ASKED = (
    "question : caption list robot where is the what which one ? there yes no kind colour of a an and at object",
    "something that does mean",
)
WEB_WORDS = tuple(
    dict.fromkeys(
        word
        for text in (*_ASKED, POINT, WET_WORD, *SHOW, *(verb for verbs in MEANINGS.values() for verb in verbs))
        for word in text.split()
        if word != "{o}"
    )
)


def web_texts(rng: np.random.Generator, shown: Sequence[Shown], count: int) -> tuple[Text, ...]:
    """A list of all things, then `count` - 1 questions and captions with their answers."""
    texts = [Text("list", " ; ".join(f"{thing.kind.name} {thing.place} {thing.turn}" for thing in _left_to_right(shown)))]
    while len(texts) < count:
        thing = shown[int(rng.integers(len(shown)))]
        draw = rng.random()
        text = next(make for limit, make in _MAKERS if draw < limit)(rng, thing, shown)
        if text is not None:
            texts.append(text)
    return tuple(texts)


def pointing(words: str, thing: Shown) -> Text:
    """Where is it, and which way does it lie? The answer's turn is the yaw of a hand that closes across the long axis."""
    return Text(f"question : where is {words}", f"{thing.kind.name} {thing.place} {thing.turn}")


def spoken_of(shown: Sequence[Shown], *references: Reference) -> list[tuple[Phrase, Shown]]:
    """Every phrase of these kinds that fits exactly one shown thing, and that thing."""
    scene = Scene(objects=tuple(thing.seen for thing in shown), perception="picture")
    told = [(phrase, thing) for thing in shown for phrase in (*nouns(scene, thing.kind.name), *_as_place(thing))]
    return [(phrase, thing) for phrase, thing in told if phrase.reference in references]


def _as_place(thing: Shown) -> tuple[Phrase, ...]:
    return places(thing.kind.name) if thing.kind.role == "mat" else ()


def _point(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    draw = rng.random()
    if draw < 0.35:
        return pointing(f"the {thing.kind.name}", thing)
    if draw < 0.55:
        return pointing(spoken(thing.kind.name, "es" if draw < 0.45 else "ko"), thing)
    return _described(rng, shown, pointing)


def _show(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    """Pointing in the words of a command: what the web half knows of things is then known where the robot is asked."""
    verb = SHOW[int(rng.integers(len(SHOW)))]
    draw = rng.random()
    if draw < 0.2:
        return showing(verb, f"the {thing.kind.name}", thing)
    if draw < 0.35:
        return _both(rng, verb, thing, shown)
    return _described(rng, shown, lambda words, found: showing(verb, words, found))


def showing(verb: str, words: str, thing: Shown) -> Text:
    """Where it is, asked of the robot: a plan begins with the same words in the same order."""
    return Text(f"robot : {verb.format(o=words)}", f"{POINT} {thing.kind.name} {thing.place} {thing.turn}")


def _both(rng: np.random.Generator, verb: str, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    """Two things by name, one after the other, as a command says what goes where."""
    other = shown[int(rng.integers(len(shown)))]
    if other is thing:
        return None
    first, second = showing(verb, f"the {thing.kind.name} and the {other.kind.name}", thing), showing(verb, "", other)
    return Text(first.prompt, f"{first.answer} ; {second.answer}")


def _meaning(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    begins, verbs = list(MEANINGS.items())[int(rng.integers(len(MEANINGS)))]
    return Text(f"question : what does {verbs[int(rng.integers(len(verbs)))]} mean ?", begins)


def _described(rng: np.random.Generator, shown: Sequence[Shown], write: Callable[[str, Shown], Text]) -> Text | None:
    """By use or occasion, or against the other things; each way as often as the others."""
    ways: tuple[tuple[Reference, ...], ...] = (("use",), ("use", "occasion"), ("comparison",), ("sum", "symbol"))
    found = spoken_of(shown, *ways[int(rng.integers(len(ways)))])
    return _one(rng, [write(phrase.text, thing) for phrase, thing in found])


def _which_fits(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    found = spoken_of(shown, "use")
    return _one(rng, [Text(f"question : which object {phrase.text.removeprefix(USE)} ?", thing.kind.name) for phrase, thing in found])


def _comparison(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    found = spoken_of(shown, "comparison", "sum")
    return _one(rng, [Text(f"question : which one is {phrase.text} ?", thing.kind.name) for phrase, thing in found])


def _colour(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    return Text(f"question : what colour is the {thing.kind.name} ?", thing.seen.colour)


def _category(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    return Text(f"question : what kind of object is the {thing.kind.name} ?", thing.kind.category)


def _presence(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    if rng.random() < 0.5:
        return Text(f"question : is there a {thing.kind.name} ?", "yes")
    names = list(catalogue())
    other = names[rng.integers(len(names))]
    return None if any(seen.kind.name == other for seen in shown) else Text(f"question : is there a {other} ?", "no")


def _what_is_at(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    return Text(f"question : what is at {thing.place} ?", thing.kind.name)


def _caption(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    return Text("caption", " and ".join(f"a {one.seen.colour} {one.kind.name}" for one in _left_to_right(shown)))


# Cumulative shares of each form of text.
_MAKERS = (
    (0.26, _point),
    (0.56, _show),
    (0.65, _which_fits),
    (0.71, _comparison),
    (0.75, _colour),
    (0.79, _category),
    (0.84, _presence),
    (0.90, _what_is_at),
    (0.95, _meaning),
    (1.01, _caption),
)


def _one(rng: np.random.Generator, texts: Sequence[Text]) -> Text | None:
    return texts[int(rng.integers(len(texts)))] if texts else None


def _left_to_right(shown: Sequence[Shown]) -> list[Shown]:
    return sorted(shown, key=lambda thing: -thing.region.y)
