"""A goal as an English sentence, and a sentence as the goal it stands for. One grammar writes and reads.

It knows the names of kinds and what they are good for, but not what stands on the table.
"""

import difflib
import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from siren.core.errors import InstructionError
from siren.world.catalogue import kind_of, uses

Relation = Literal["held", "on", "in"]
Manner = Literal["pick", "place", "place_in", "stack"]

# {o} is the thing, {d} where it goes. The first form of each is the one that messages show.
FORMS: dict[Manner, tuple[str, ...]] = {
    "pick": ("pick up {o}", "grab {o}", "take {o}", "lift {o}", "bring me {o}", "hold {o}", "get me {o}"),
    "place": ("put {o} on {d}", "place {o} on {d}", "set {o} down on {d}", "move {o} onto {d}", "lay {o} on {d}"),
    "place_in": ("put {o} in {d}", "place {o} in {d}", "pack {o} into {d}", "move {o} into {d}", "put {o} inside {d}"),
    "stack": ("stack {o} on {d}", "put {o} on top of {d}", "stack {o} on top of {d}", "place {o} on top of {d}", "balance {o} on {d}"),
}
RELATIONS: dict[Manner, Relation] = {"pick": "held", "place": "on", "place_in": "in", "stack": "on"}
SOMETHING = "something that"
_POLITE = re.compile(r"^(?:please|robot|now|could you|can you|would you)\b[\s,]*|[\s,]*\b(?:please|now)$")
_ARTICLE = re.compile(r"^(?:the|a|an|my|that|this)\s+")


@dataclass(frozen=True)
class Request:
    """What a sentence asks for: the thing by name or by use, and where it is to go."""

    relation: Relation
    object: str | None
    use: str | None = None
    target: str | None = None


def spoken(name: str) -> str:
    """The name of a kind as people say it."""
    return "the " + name.replace("_", " ")


def write_instruction(manner: Manner, form: int, name: str | None, use: str | None = None, target: str | None = None) -> str:
    """The sentence of that form (an index into FORMS[manner]) for a thing by name, or by use when the name is None."""
    noun = spoken(name) if name is not None else f"{SOMETHING} {use}"
    return FORMS[manner][form].format(o=noun, d=spoken(target) if target is not None else "")


def read_instruction(text: str) -> Request:
    """What the sentence asks for. Raises InstructionError for a form, an object or a use that is not known."""
    sentence = _plain(text)
    for manner, pattern in _patterns():
        match = pattern.fullmatch(sentence)
        if match is None:
            continue
        words = match.groupdict()
        name, use = _noun(words["o"])
        return Request(RELATIONS[manner], name, use, _name(words["d"]) if "d" in words else None)
    shown = "; ".join(f"'{forms[0].format(o='THING', d='PLACE')}'" for forms in FORMS.values())
    raise InstructionError(
        f"expected a sentence such as {shown} (or 'something that is a fruit'), got '{text.strip()[:120]}'; use one of these forms"
    )


def instruction_words() -> tuple[str, ...]:
    """Every word that a written instruction can hold besides the names of kinds, sorted."""
    forms = [form.replace("{o}", "").replace("{d}", "") for manner in FORMS.values() for form in manner]
    return tuple(sorted({word for text in (*forms, *uses(), SOMETHING, "the") for word in text.split()}))


def _plain(text: str) -> str:
    sentence, before = " ".join(re.sub(r"[^a-z0-9_,\s]", " ", text.lower()).split()).strip(" ,"), ""
    while sentence != before:
        sentence, before = _POLITE.sub("", sentence).strip(" ,"), sentence
    return sentence


@cache
def _patterns() -> tuple[tuple[Manner, re.Pattern[str]], ...]:
    """Forms as patterns, the most literal first, so that 'on top of' is not read as 'on'."""
    rows = [(manner, form) for manner, forms in FORMS.items() for form in forms]
    rows.sort(key=lambda row: (-row[1].count("{"), -len(row[1])))
    return tuple((manner, re.compile(form.replace("{o}", "(?P<o>.+)").replace("{d}", "(?P<d>.+)"))) for manner, form in rows)


def _noun(words: str) -> tuple[str | None, str | None]:
    if not words.startswith(SOMETHING):
        return _name(words), None
    use = words.removeprefix(SOMETHING).strip()
    if use in uses():
        return None, use
    near = difflib.get_close_matches(use, uses(), 1, 0.5)
    hint = f"did you mean '{near[0]}'? " if near else ""
    raise InstructionError(f"unknown use '{use}'; {hint}known uses: {', '.join(uses())}")


def _name(words: str) -> str:
    return kind_of(_ARTICLE.sub("", words).strip().replace(" ", "_")).name
