"""Rule text as head and conditions, when it is plain: atoms, negated atoms and comparisons of variables and constants.

Text with anything else (arithmetic beyond |X - c|, strings, pools, comments within it) is answered with None: clingo reads it then, and
nothing here has to. What is read here is read as clingo would. It knows no predicate.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_NUMBER = r"(?:0|-?[1-9]\d{0,8})"
_TERM = rf"(?:[A-Z]\w*|[a-z]\w*|_(?!\w)|{_NUMBER})"
_HEAD = re.compile(r"\s*violated\(\s*([a-z]\w*)\s*,\s*\(([^()]*)\)\s*,\s*([A-Z]\w*)\s*\)\s*:-(.*)\.\s*", re.DOTALL)
_ATOM = re.compile(rf"\s*(not\s+)?([a-z]\w*)\s*\(\s*({_TERM}(?:\s*,\s*{_TERM})*)\s*\)\s*")
_COMPARISON = re.compile(rf"\s*({_TERM})\s*(<=|>=|!=|=|<|>)\s*({_TERM})\s*")
_DISTANCE = re.compile(rf"\s*\|\s*([A-Z]\w*)\s*(?:-\s*(\d{{1,9}})\s*)?\|\s*(<=|>=|!=|=|<|>)\s*({_NUMBER})\s*")
_STRANGE = frozenset("%\"'#@&;$?{}[]\\")


class PlainAtom(NamedTuple):
    """An atom of a body: a term is a variable (capital first), a number, a constant, or `_`."""

    name: str
    args: tuple[str, ...]
    negated: bool


class Comparison(NamedTuple):
    """Left and right are terms; with `centre`, the distance of the left variable from it is compared."""

    left: str
    order: str
    right: str
    centre: int | None = None


class PlainRule(NamedTuple):
    """`violated(id, (args), step) :- atoms, comparisons.`"""

    id: str
    args: tuple[str, ...]
    step: str
    atoms: tuple[PlainAtom, ...]
    comparisons: tuple[Comparison, ...]


@lru_cache(maxsize=1 << 15)
def read_plain(text: str) -> PlainRule | None:
    """The rule, or None when its text is not plain."""
    head = _HEAD.fullmatch(text)
    if head is None or not _STRANGE.isdisjoint(text) or re.search(r"\(\s*not\b|,\s*not\s*[,)]", text):
        return None
    args = _head_args(head[2])
    if args is None:
        return None
    atoms: list[PlainAtom] = []
    comparisons: list[Comparison] = []
    for part in _parts(head[4]):
        if atom := _ATOM.fullmatch(part):
            if atom[2] == "not":
                return None
            atoms.append(PlainAtom(atom[2], tuple(term.strip() for term in atom[3].split(",")), atom[1] is not None))
        elif compared := _COMPARISON.fullmatch(part):
            comparisons.append(Comparison(compared[1], compared[2], compared[3]))
        elif distance := _DISTANCE.fullmatch(part):
            comparisons.append(Comparison(distance[1], distance[3], distance[4], int(distance[2] or 0)))
        else:
            return None
    return PlainRule(head[1], args, head[3], tuple(atoms), tuple(comparisons))


def is_variable(term: str) -> bool:
    """Whether a term of a plain rule is a variable with a name."""
    return term[0].isupper()


def is_number(term: str) -> bool:
    """Whether a term of a plain rule is a whole number."""
    return term[0].isdigit() or term[0] == "-"


def _head_args(text: str) -> tuple[str, ...] | None:
    """Variables of the head's tuple; a tuple of one ends with a comma."""
    words = [word.strip() for word in text.split(",")]
    if words == [""]:
        return ()
    if words[-1] == "":
        words.pop()
    elif len(words) == 1:
        return None  # (O) is O and no tuple
    return tuple(words) if all(re.fullmatch(r"[A-Z]\w*", word) for word in words) else None


def _parts(body: str) -> list[str]:
    """At the commas that stand outside of brackets."""
    return re.split(r",(?![^()]*\))", body)
