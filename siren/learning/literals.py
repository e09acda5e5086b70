"""One condition on a step, as ASP text and as English: what rules are made of.

In the text T, O and D are the step, its thing and its target; `{y}`, `{n}` and `{m}` stand for variables that the rule names when it
puts literals together, so that two literals never share one by accident.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from siren.core.rule import Rule

_NOUNS = frozenset({"container", "lid"})
_MANNER = {
    ("speed", "slow"): "moved slowly",
    ("speed", "normal"): "moved at normal speed",
    ("speed", "fast"): "moved fast",
    ("force", "gentle"): "gripped gently",
    ("force", "firm"): "gripped firmly",
}
DIMENSIONS = ("length", "width", "height")
# How a further thing has to do with the step: the text and the words of the tie alone.
TIES = {
    "near": ("near(T, {y}, _)", "{Y} stands near {O}"),
    "on_O": ("on({y}, O, T)", "{Y} stands on {O}"),
    "in_O": ("in({y}, O, T)", "{Y} lies in {O}"),
    "on_D": ("on({y}, D, T)", "{Y} stands on {D}"),
    "in_D": ("in({y}, D, T)", "{Y} lies in {D}"),
    "under_on": ("on(O, {y}, T)", "{O} stands on {Y}"),
    "under_in": ("in(O, {y}, T)", "{O} lies in {Y}"),
}
_SIZE = {"length": "long", "width": "wide", "height": "high"}
_MORE = {"length": "longer", "width": "wider", "height": "higher"}
_BEARING = {"jaw": "along the finger axis", "diagonal": "at a slant to the finger axis", "aside": "across the finger axis"}
_GROUP_BODY = {
    "pick": "step(T, pick, O)",
    "open": "step(T, open, O)",
    "put": "step(T, _, O), target(T, _, D)",
    "push": "step(T, push, O), target(T, _, D)",
    "tip": "step(T, tip, O)",
}
_GROUP_WORDS = {
    "pick": "{O} is picked up",
    "open": "the lid of {O} is taken off",
    "put": "{O} is put down",
    "push": "{O} is pushed",
    "tip": "{O} is knocked over",
}
_CONSEQUENCE = {
    "no_grip": "the fingers get no grip",
    "dropped": "it is dropped",
    "crushed": "it is crushed",
    "broken": "it breaks",
    "collision": "the hand hits something",
    "bump": "it bumps into something",
    "unstable": "it does not come to rest where it should",
    "missed": "nothing goes wrong and the goal is not reached",
    "carry": "it is lost on the way",
    "rotated": "it turns in the grip",
    "spilled": "what it carries falls off",
}


@dataclass(frozen=True)
class Literal:
    """A condition that a step can meet. `plainer` are those that say a part of it.

    Where it ends with a number, `cut` is that number and `at` says the same with another one.
    """

    text: str
    words: str
    cost: int
    plainer: tuple["Literal", ...] = ()
    cut: int | None = field(default=None, compare=False)
    at: Callable[[int], "Literal"] | None = field(default=None, compare=False, repr=False)


class Told(NamedTuple):
    """What is said of a further thing: a part of a literal, with a number at its end or without."""

    text: str
    words: str
    cut: int | None = None
    at: Callable[[int], "Told"] | None = None


def thing_property(name: str, of: str, value: str, *, holds: bool = True) -> Literal:
    """attribute or category of O or D, or that it lacks it."""
    what = f"of the kind {value}" if name == "category" else f"a {value}" if value in _NOUNS else value
    text = f"{name}({of}, {value})"
    return Literal(text if holds else f"not {text}", f"{{{of}}} is {'' if holds else 'not '}{what}", 1)


def manner(name: str, value: str, *, holds: bool = True) -> Literal:
    """speed or force of the step."""
    text = f"{name}(T, {value})"
    return Literal(text if holds else f"not {text}", f"{{O}} is {'' if holds else 'not '}{_MANNER.get((name, value), value)}", 1)


def threshold(name: str, of: str | None, dimension: str | None, at_least: bool, cut: int) -> Literal:
    """A measure of the step (of None) or the extent of O or D, compared with a cut in millimetres."""
    inside = "T" if of is None else f"{of}, {dimension}"
    many = f"{'at least' if at_least else 'less than'} {cut} mm"
    if dimension is not None:
        words = f"{{{of}}} is {many} {_SIZE[dimension]}"
    else:
        words = {
            "span": f"{{O}} measures {many} between the fingers",
            "fit": f"{{O}} {_fit(at_least, cut)}",
            "height": f"{{O}} falls {many}",
            "offset": f"{{O}} is taken or put {many} off the middle",
            "depth": f"{{O}} is touched {_below(at_least, cut)}",
            "tilt": f"{{O}} is handled with the hand tilted {many.replace(' mm', ' degrees')}",
            "edge": f"{{O}} is handled {many} from the edge of the table",
            "far": f"{{O}} is handled {many} from the robot",
            "room": f"{{O}} goes where {_room(at_least, cut)}",
            "apart": f"{{O}} comes {many} away from what it is wanted near",
        }[name]
    text = f"{name}({inside}, {{n}}), {{n}} {'>=' if at_least else '<'} {cut}"
    return Literal(text, words, 2, cut=cut, at=partial(threshold, name, of, dimension, at_least))


def _below(at_least: bool, cut: int) -> str:
    """How deep fingers reach below a top; a negative depth is above it."""
    if cut < 0:
        return f"{'at most' if at_least else 'more than'} {-cut} mm above its top"
    if cut == 0:
        return "not above its top" if at_least else "above its top"
    return f"{'at least' if at_least else 'less than'} {cut} mm below its top"


def _fit(at_least: bool, cut: int) -> str:
    """How much free space the open hand has around what it takes; where it is negative they overlap."""
    if cut > 0:
        return f"leaves the open hand {'at least' if at_least else 'less than'} {cut} mm"
    if cut == 0:
        return "leaves room for the open hand" if at_least else "is in the way of the open hand"
    return f"is in the way of the open hand by {'at most' if at_least else 'more than'} {-cut} mm"


def _room(at_least: bool, cut: int) -> str:
    """How much free space there is; where it is negative something stands in the way."""
    if cut > 0:
        return f"{'at least' if at_least else 'less than'} {cut} mm of room is around it"
    reach = f" by more than {-cut} mm" if cut < 0 else ""
    return f"{'nothing' if at_least else 'something else'} reaches into its place{reach}"


def carried(relation: str, of: str, attribute: str | None = None) -> Literal:
    """Something stands on or in O or D, perhaps something of a certain property."""
    text, words = f"{relation}({{y}}, {of}, T)", f"{{Y}} stands {relation} {{{of}}}"
    if attribute is None:
        return Literal(text, words, 1)
    what = f"a {attribute}" if attribute in _NOUNS else attribute
    return Literal(f"{text}, attribute({{y}}, {attribute})", f"{words} and is {what}", 2)


def uncovered(relation: str, of: str) -> Literal:
    """Nothing stands on or in O or D."""
    return Literal(f"not {relation}(_, {of}, T)", f"nothing stands {relation} {{{of}}}", 1)


def standing(relation: str) -> Literal:
    """O itself stands on or in something."""
    return Literal(f"{relation}(O, {{y}}, T)", f"{{O}} stands {relation} {{Y}}", 1)


def neighbour(bearing: str | None, excluded: str | None, gap_below: int | None, over_from: int | None) -> Literal:
    """One neighbour Y with up to three properties: its bearing (or one it does not have), how near it is, how far it rises."""
    text, words, cost = f"near(T, {{y}}, {bearing or '_'})", "{Y} stands near {O}", 1
    if bearing is not None:
        words, cost = f"{{Y}} stands beside {{O}} {_BEARING[bearing]}", cost + 1
    if excluded is not None:
        text, cost = f"near(T, {{y}}, {{b}}), {{b}} != {excluded}", cost + 1
        words = f"{{Y}} stands beside {{O}}, not {_BEARING[excluded]},"
    if gap_below is not None:
        text, words, cost = f"{text}, gap(T, {{y}}, {{n}}), {{n}} < {gap_below}", f"{words} less than {gap_below} mm away", cost + 1
    cut, at = gap_below, partial(neighbour, bearing, excluded, over_from=None)
    if over_from is not None:
        cut, at = over_from, partial(neighbour, bearing, excluded, gap_below)
        text, cost = f"{text}, over(T, {{y}}, {{m}}), {{m}} >= {over_from}", cost + 1
        words = f"{words}{' and' if gap_below is not None else ''} {_rise(over_from)}"
    return Literal(text, words, cost, cut=cut, at=at if cut is not None else None)


def crowded(below: int) -> Literal:
    """A neighbour Y that leaves the hand less than so many millimetres of room where it comes down."""
    words = f"less than {below} mm from" if below > 0 else f"{f'more than {-below} mm ' if below < 0 else ''}in the way of"
    text = f"near(T, {{y}}, _), hand(T, {{y}}, {{n}}), {{n}} < {below}"
    return Literal(text, f"{{Y}} stands {words} the hand that comes down", 2, cut=below, at=crowded)


def alone(bearing: str | None) -> Literal:
    """Nothing stands beside O in that direction, or at all."""
    where = f" {_BEARING[bearing]}" if bearing else ""
    return Literal(f"not near(T, _, {bearing or '_'})", f"nothing stands beside {{O}}{where}", 5)


def larger(own: str, other: str, *, holds: bool = True) -> Literal:
    """An extent of O against an extent of D."""
    text = f"extent(O, {own}, {{n}}), extent(D, {other}, {{m}}), {{n}} {'>' if holds else '<='} {{m}}"
    words = {True: f"{{O}} is {_MORE[own]} than {{D}}", False: f"{{O}} is not {_MORE[own]} than {{D}}"}[holds]
    return Literal(text, words if own == other else f"{words} is {_SIZE[other]}", 5)


def is_what(name: str, value: str, *, holds: bool = True) -> str:
    """`is not heavy`, `is a lid`, `is of the kind toy`: the words of a property."""
    what = f"of the kind {value}" if name == "category" else f"a {value}" if value in _NOUNS else value
    return f"is {'' if holds else 'not '}{what}"


def further_extent(dimension: str, at_least: bool, cut: int) -> Told:
    """An extent of a further thing against a cut in millimetres."""
    text = f"extent({{y}}, {dimension}, {{n}}), {{n}} {'>=' if at_least else '<'} {cut}"
    words = f"is {'at least' if at_least else 'less than'} {cut} mm {_SIZE[dimension]}"
    return Told(text, words, cut, partial(further_extent, dimension, at_least))


def further(tie: str, properties: Sequence[Told]) -> Literal:
    """One further thing with one or two properties."""
    texts, words = [one.text for one in properties], [one.words for one in properties]
    tied, told = TIES[tie]
    second = texts[1].replace("{n}", "{m}") if len(texts) > 1 else ""
    clause = f"{told} and" if told.startswith("{Y}") else f"{told}, which"
    plainer = () if len(texts) == 1 else tuple(further(tie, [one]) for one in properties)
    text = ", ".join(filter(None, (tied, texts[0], second)))
    *before, last = properties
    at = None if last.at is None else partial(_further_at, tie, tuple(before), last.at)
    return Literal(text, f"{clause} {' and '.join(words)}", 5 + len(plainer) // 2, plainer, last.cut, at)


def _further_at(tie: str, before: Sequence[Told], last: Callable[[int], Told], cut: int) -> Literal:
    return further(tie, [*before, last(cut)])


def chain(tie: str, how: str, attribute: str | None) -> Literal:
    """A further thing, and a third one on or under it."""
    tied, told = TIES[tie]
    relation = "on({z}, {y}, T)" if how == "on" else "on({y}, {z}, T)"
    what = f"a {attribute} thing" if attribute and attribute not in _NOUNS else f"a {attribute}" if attribute else "something"
    other = "else " if how == "on" and tie.startswith("under") and attribute is None else ""
    held = f", on which {what} {other}stands" if how == "on" else f", which stands on {what}"
    texts = [
        tied,
        relation,
        "" if tie.endswith("_O") else "{z} != O",
        f"attribute({{z}}, {attribute})" if attribute else "",
    ]
    return Literal(", ".join(filter(None, texts)), f"{told}{held}", 6 if attribute is None else 7)


def put_in(relation: str) -> Literal:
    """The relation of a put step to its target."""
    return Literal(f"target(T, {relation}, D)", f"{{O}} is put {relation} {{D}}", 1)


def stacked(*, holds: bool = True) -> Literal:
    """Whether the step is a stack."""
    return Literal("step(T, stack, O)" if holds else "step(T, place, O)", f"{{O}} is {'stacked' if holds else 'not stacked'} on {{D}}", 1)


def to_table(*, holds: bool = True) -> Literal:
    """Whether the target is the bare table."""
    return Literal(f"D {'=' if holds else '!='} table", f"{{O}} is {'' if holds else 'not '}put on the table", 1)


def mismatch() -> Literal:
    """The text of the step names another thing than stands at its place."""
    return Literal("mismatch(T)", "another thing than the named one stands there", 1)


def rule_text(name: str, group: str, literals: Sequence[Literal]) -> str:
    """The ASP rule that derives `violated(name, (O,), T)`. The further thing that its sentence calls {Y} is Y here too."""
    body = [_GROUP_BODY[group]]
    bare = next((literal for literal in _told(literals) if "{y}" in literal.text), literals[0] if literals else None)
    for number, literal in enumerate(literals, 1):
        suffix = "" if literal is bare else str(number)
        body.append(literal.text.format(y=f"Y{suffix}", n=f"N{suffix}", m=f"M{suffix}", b=f"B{suffix}", z=f"Z{suffix}"))
    return f"violated({name}, (O,), T) :- {', '.join(body)}."


def rule_sentence(group: str, family: str, literals: Sequence[Literal]) -> str:
    """The rule for people; {O}, {D} and {Y} stand for the bindings."""
    clauses = [_GROUP_WORDS[group], *_in_order(literals)]
    subject = "{O} "
    told = [clauses[0]]
    for clause in clauses[1:]:
        told.append(clause.removeprefix(subject) if told[0].startswith(subject) and clause.startswith(subject) else clause)
    conditions = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1].rstrip(',')}"
    consequence = _CONSEQUENCE.get(family, f"it ends as {family.replace('_', ' ')}")
    return f"When {conditions}, {consequence}."


def body_of(rule: Rule) -> str:
    """The body of a rule without spaces: equal for two rules that say the same in the same words."""
    return re.sub(r"\s+", "", rule.text.partition(":-")[2])


def _in_order(literals: Sequence[Literal]) -> list[str]:
    """The words, those about O first; a second neighbour is called another one."""
    words, seen = list[str](), False
    for literal in _told(literals):
        words.append(literal.words.replace("{Y}", "another thing") if seen else literal.words)
        seen = seen or "{y}" in literal.text
    return words


def _told(literals: Sequence[Literal]) -> list[Literal]:
    """In the order of the sentence: what is said of O comes first."""
    return sorted(literals, key=lambda literal: not literal.words.startswith("{O}"))


def _rise(over: int) -> str:
    if over > 0:
        return f"rising at least {over} mm above the fingertips"
    return "reaching up to the fingertips" if over == 0 else f"reaching up to {-over} mm below the fingertips"
