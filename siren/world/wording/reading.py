"""A person's sentence as what it asks for: the family, the phrases for the things, and the places by name.

It knows what kinds are called and what they are good for, but not what stands on the table: `pool` is all that a phrase may mean.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from siren.core.errors import InstructionError
from siren.core.task import Family, Language, Reference
from siren.world.catalogue import catalogue, kind_of, occasions, things, uses
from siren.world.numerals import NUMBER_MATS
from siren.world.suitable import suits
from siren.world.wording.forms import FAMILY_OF, FORMS, Manner, expanded
from siren.world.wording.names import NAMES, spoken
from siren.world.wording.nouns import FITTING, GROUPS, NUMBERS, ORDINALS, QUALITIES, SOMETHING, SYMBOLS, THING, places

_POLITE = re.compile(r"^(?:please|robot|now|could you|can you|would you)\b[\s,]*|[\s,]*\b(?:please|now)$")
_ARTICLE = re.compile(r"^(?:the|a|an|my|that|this|el|la|los|las)\s+")
_TWO = 2


@dataclass(frozen=True)
class Noun:
    """A phrase for a thing, and the kinds that it may mean."""

    reference: Reference
    text: str
    pool: tuple[str, ...]


@dataclass(frozen=True)
class Request:
    """What a sentence asks for. `places` has a name for each noun, one for all, or none; a sum or a symbol is a `place_reference`."""

    family: Family
    nouns: tuple[Noun, ...]
    places: tuple[str, ...] = ()
    place_reference: Reference = "name"
    language: Language = "en"


def read_instruction(text: str) -> Request:
    """What the sentence asks for. Raises InstructionError for a form, an object or a phrase that is not known."""
    return _read(text)[0]


def reading_of(text: str) -> tuple[Language, Manner, str]:
    """In which language and manner a sentence asks, and the form it has. Raises InstructionError as above."""
    _, written = _read(text)
    return written.language, written.manner, written.form


class _Written(NamedTuple):
    """A form as a pattern."""

    language: Language
    manner: Manner
    form: str
    pattern: re.Pattern[str]


def _read(text: str) -> tuple[Request, _Written]:
    sentence, first = plain(text), None
    for written in _patterns():
        match = written.pattern.fullmatch(expanded(sentence) if written.language == "es" else sentence)
        if match is None:
            continue
        try:
            return _request(written.language, written.manner, match.groupdict()), written
        except InstructionError as error:
            first = first or error
    if first is not None:
        raise first
    shown = "; ".join(f"'{manners.seen[0].format(o='THING', d='PLACE', p='THING', e='PLACE')}'" for manners in FORMS["en"].values())
    raise InstructionError(
        f"expected a sentence such as {shown} (or 'something that is a fruit'), got '{text.strip()[:120]}'; use one of these forms"
    )


def plain(text: str) -> str:
    """Small letters without accents, digits and commas, and no politeness."""
    folded = unicodedata.normalize("NFC", "".join(mark for mark in unicodedata.normalize("NFD", text.lower()) if not _is_accent(mark)))
    sentence, before = " ".join(re.sub(r"[^\w,\s]", " ", folded).split()).strip(" ,"), ""
    while sentence != before:
        sentence, before = _POLITE.sub("", sentence).strip(" ,"), sentence
    return sentence


def instruction_words() -> tuple[str, ...]:
    """Every word of every language that a written instruction can hold besides the English names of kinds, sorted."""
    texts = [form for language in FORMS.values() for manner in language.values() for form in (*manner.seen, *manner.held_out)]
    texts += [name for names in NAMES.values() for name in names]
    texts += [*uses(), *occasions(), *SYMBOLS.values(), *QUALITIES, *GROUPS.values(), *ORDINALS, *NUMBERS, FITTING, SOMETHING]
    texts += ["plus minus from left right that the al del and", THING]
    return tuple(sorted({word for text in texts for word in re.sub(r"\{\w\}", " ", text).split()}))


def _is_accent(mark: str) -> bool:
    return unicodedata.category(mark) == "Mn"


@cache
def _patterns() -> tuple[_Written, ...]:
    """Forms as patterns, the most literal first, so that 'on top of' is not read as 'on'."""
    rows = [
        _Written(language, manner, form, re.compile(re.sub(r"_(\w)_", r"(?P<\1>.+)", plain(re.sub(r"\{(\w)\}", r"_\1_", form)))))
        for language, manners in FORMS.items()
        for manner, both in manners.items()
        for form in (*both.seen, *both.held_out)
    ]
    return tuple(sorted(rows, key=lambda row: -len(re.sub(r"\{\w\}", "", row.form))))


def _request(language: Language, manner: Manner, words: Mapping[str, str]) -> Request:
    """The sentence taken apart. InstructionError when a phrase in it is unknown there."""
    family = FAMILY_OF[manner]
    if manner == "open":
        return Request(family, (_named(words["o"], language),), language=language)
    together = re.split(r"\s+and\s+|\s*,\s*", words["o"]) if manner == "together" else [words["o"]]
    if manner == "together" and len(together) < _TWO:
        raise InstructionError(f"expected two things to put away, got '{words['o']}'; join them by 'and'")
    found = [_noun(phrase, language) for phrase in (*together, *([words["p"]] if "p" in words else []))]
    where = [_place(words[key], language) for key in ("d", "e") if key in words]
    reference: Reference = next((reference for reference, _ in where if reference != "name"), "name")
    return Request(family, tuple(found), tuple(name for _, name in where), reference, language)


def _noun(words: str, language: Language) -> Noun:
    """A phrase for a thing with all it may mean."""
    if language == "en":
        for noun in _described(words):
            return noun
        if words.startswith(f"{SOMETHING} "):
            known = (*(f"that {use}" for use in uses()), *occasions())
            raise InstructionError(f"unknown description '{words}'; {_hint(words.removeprefix(SOMETHING).strip(), known)}")
    return _named(words, language)


def _described(words: str) -> Iterator[Noun]:
    """The phrase as one that describes, if it is one."""
    said = words.removeprefix(f"{SOMETHING} ").strip()
    if said != words and said.removeprefix("that ") in uses():
        yield Noun("use", f"{SOMETHING} {said}", uses()[said.removeprefix("that ")])
    if said != words and said in occasions():
        yield Noun("occasion", f"{SOMETHING} {said}", occasions()[said])
    if words == FITTING:
        yield Noun("comparison", words, tuple(kind.name for kind in things() if suits(kind, "place_in")))
    compared = re.fullmatch(r"the (\w+) (\w+)", words)
    if compared is not None and compared[1] in QUALITIES and compared[2] in (THING, *GROUPS.values()):
        alike = [kind.name for kind in things() if compared[2] in (THING, GROUPS.get(kind.category))]
        yield Noun("comparison", words, tuple(alike))
    counted = re.fullmatch(r"the (\w+) thing from the (?:left|right)", words)
    if counted is not None and counted[1] in ORDINALS[1:]:
        yield Noun("sum", words, tuple(kind.name for kind in things()))


def _named(words: str, language: Language) -> Noun:
    name = _name(words, language)
    return Noun("name", spoken(name, language), (name,))


def _name(words: str, language: Language) -> str:
    said = _ARTICLE.sub("", words).strip()
    if language == "en":
        return kind_of(said.replace(" ", "_")).name
    if said not in _foreign(language):
        raise InstructionError(f"unknown object '{words}'; {_hint(said, tuple(_foreign(language)))}")
    return _foreign(language)[said]


@cache
def _foreign(language: Language) -> Mapping[str, str]:
    """Names in another language, without article and accents, as kinds."""
    return {_ARTICLE.sub("", plain(spoken(name, language))): name for name in catalogue()}


def _place(words: str, language: Language) -> tuple[Reference, str]:
    """A phrase for a place: how it speaks, and the kind."""
    if language == "en":
        told = [(phrase.reference, name) for name in (*SYMBOLS, *NUMBER_MATS) for phrase in places(name) if phrase.text == words]
        if told:
            return told[0]
    return "name", _name(words, language)


def _hint(said: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(said, known, 1, 0.5)
    return (f"did you mean '{near[0]}'? " if near else "") + f"known: {', '.join(sorted(known))}"
