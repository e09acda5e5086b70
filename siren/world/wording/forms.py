"""Sentences with room in them: `{o}` is the thing, `{d}` where it goes, `{p}` and `{e}` a second pair of both.

A manner is a family of tasks in one kind of sentence: two things can be put away `together` or each `apart`, a closed box can be
opened `first`. English has forms that no training data holds; they are for the split `phrasing` alone.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

from siren.core.task import Family, Language

Manner = Literal["pick", "place", "place_in", "stack", "near", "push", "tip", "open", "clear", "together", "apart", "first", "fetch"]
MANNERS: tuple[Manner, ...] = get_args(Manner)
FAMILY_OF: Mapping[Manner, Family] = MappingProxyType(
    {
        "pick": "pick",
        "place": "place",
        "place_in": "place_in",
        "stack": "stack",
        "near": "near",
        "push": "push",
        "tip": "tip",
        "open": "open",
        "clear": "clear",
        "together": "tidy",
        "apart": "tidy",
        "first": "place_in",
        "fetch": "fetch",
    }
)


class _Forms(NamedTuple):
    seen: tuple[str, ...]
    held_out: tuple[str, ...] = ()


# The first form of each is the one that messages show.
_ENGLISH: Mapping[Manner, _Forms] = {
    "pick": _Forms(
        ("pick up {o}", "grab {o}", "take {o}", "lift {o}", "bring me {o}", "hold {o}", "get me {o}"),
        ("hand me {o}", "raise {o} off the table", "i need {o}"),
    ),
    "place": _Forms(
        ("put {o} on {d}", "place {o} on {d}", "set {o} down on {d}", "move {o} onto {d}", "lay {o} on {d}", "move {o} to {d}"),
        ("bring {o} over to {d}", "let {o} rest on {d}", "{o} goes on {d}"),
    ),
    "place_in": _Forms(
        ("put {o} in {d}", "place {o} in {d}", "pack {o} into {d}", "move {o} into {d}", "put {o} inside {d}"),
        ("store {o} in {d}", "tuck {o} into {d}", "{o} belongs in {d}"),
    ),
    "stack": _Forms(
        ("stack {o} on {d}", "put {o} on top of {d}", "stack {o} on top of {d}", "place {o} on top of {d}", "balance {o} on {d}"),
        ("pile {o} onto {d}", "build a tower of {o} on {d}"),
    ),
    "near": _Forms(
        ("put {o} next to {d}", "place {o} beside {d}", "move {o} near {d}", "set {o} down by {d}"),
        ("bring {o} close to {d}", "park {o} alongside {d}"),
    ),
    "push": _Forms(
        ("push {o} to {d}", "slide {o} onto {d}", "push {o} onto {d}", "shove {o} to {d}"),
        ("nudge {o} over to {d}", "move {o} to {d} without lifting it"),
    ),
    "tip": _Forms(
        ("knock over {o}", "tip over {o}", "knock {o} over", "tip {o} over"),
        ("topple {o}", "make {o} fall over"),
    ),
    "open": _Forms(
        ("open {o}", "take the lid off {o}", "uncover {o}", "remove the lid from {o}"),
        ("lift the lid off {o}", "show me what is in {o}"),
    ),
    "clear": _Forms(
        ("pick up {o} from under {d}", "take {d} off {o} and pick it up", "get {o} out from under {d}", "clear {o} and pick it up"),
        ("remove {d} and bring me {o}", "free {o} from {d} and lift it"),
    ),
    "together": _Forms(
        ("put {o} in {d}", "pack {o} into {d}", "tidy {o} into {d}", "put away {o} in {d}"),
        ("store {o} in {d}", "clear {o} away into {d}"),
    ),
    "apart": _Forms(
        ("put {o} on {d} and {p} on {e}", "place {o} on {d} and {p} on {e}", "move {o} to {d} and {p} to {e}"),
        ("sort {o} onto {d} and {p} onto {e}",),
    ),
    "first": _Forms(
        ("open {d} and put {o} in it", "take the lid off {d} and put {o} inside"),
        ("open {d} so that {o} can go in it",),
    ),
    "fetch": _Forms(
        ("fetch {o} from the other table", "bring me {o} from the other table", "drive over and get {o}"),
        ("go and get {o} over there",),
    ),
}

_SPANISH: Mapping[Manner, _Forms] = {
    "pick": _Forms(("coge {o}", "levanta {o}", "dame {o}")),
    "place": _Forms(("pon {o} sobre {d}", "coloca {o} sobre {d}")),
    "place_in": _Forms(("mete {o} en {d}", "guarda {o} en {d}")),
    "stack": _Forms(("apila {o} sobre {d}", "pon {o} encima de {d}")),
    "near": _Forms(("pon {o} junto a {d}", "deja {o} cerca de {d}")),
    "push": _Forms(("empuja {o} hasta {d}",)),
    "tip": _Forms(("tumba {o}", "vuelca {o}")),
    "open": _Forms(("abre {o}", "destapa {o}")),
}

# As people say it, without particles: one word is one token of the policy, and every particle would make another word of a name.
_KOREAN: Mapping[Manner, _Forms] = {
    "pick": _Forms(("{o} 집어 줘", "{o} 들어 줘")),
    "place": _Forms(("{d} 위에 {o} 올려 줘", "{d} 위에 {o} 놓아 줘")),
    "place_in": _Forms(("{d} 안에 {o} 넣어 줘", "{d} 안에 {o} 담아 줘")),
    "stack": _Forms(("{d} 위에 {o} 쌓아 줘",)),
    "near": _Forms(("{d} 옆에 {o} 놓아 줘",)),
    "push": _Forms(("{d} 쪽으로 {o} 밀어 줘",)),
    "tip": _Forms(("{o} 넘어뜨려 줘", "{o} 쓰러뜨려 줘")),
    "open": _Forms(("{o} 열어 줘", "{o} 뚜껑 열어 줘")),
}

FORMS: Mapping[Language, Mapping[Manner, _Forms]] = MappingProxyType({"en": _ENGLISH, "es": _SPANISH, "ko": _KOREAN})
_CONTRACTED = ((" a el ", " al "), (" de el ", " del "))  # Spanish


def forms(manner: Manner, language: Language = "en", *, held_out: bool = False) -> tuple[str, ...]:
    """The forms of a manner: those of training, or those kept out of it. Empty where a language does not speak of it."""
    found = FORMS[language].get(manner, _Forms(()))
    return found.held_out if held_out else found.seen


def write_instruction(form: str, noun: str, place: str = "", second: tuple[str, str] = ("", "")) -> str:
    """The sentence of a form for a thing and a place as they are spoken of; `second` is another thing and its place, for `apart`."""
    return contracted(form.format(o=noun, d=place, p=second[0], e=second[1]))


def contracted(sentence: str) -> str:
    """`junto a el libro` as it is said: `junto al libro`."""
    for apart, together in _CONTRACTED:
        sentence = sentence.replace(apart, together)
    return sentence


def expanded(sentence: str) -> str:
    """The other way."""
    for apart, together in _CONTRACTED:
        sentence = sentence.replace(together, apart)
    return sentence
