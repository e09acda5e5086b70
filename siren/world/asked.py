"""What a sentence asks for as what a table has to be laid for: kinds of things and places, or why no table can be laid for it."""

import numpy as np

from siren.core.errors import InstructionError
from siren.core.task import Family
from siren.world.brief import Asked
from siren.world.catalogue import kind_of
from siren.world.kinds import Kind
from siren.world.suitable import fits_pair, mats, suits, supports, targets, tops
from siren.world.wording.reading import Noun, Request


def asked_of(request: Request, rng: np.random.Generator) -> tuple[Family, Asked]:
    """The family, and one thing that the sentence may mean. Raises InstructionError when no table could be laid for it."""
    place = request.places[0] if request.places else None
    family = _family(request, place)
    first = request.nouns[0]
    target = _one_of(first, family, place, rng)
    reference = first.reference if first.reference != "name" else request.place_reference
    if len(request.nouns) == 1:
        return family, Asked(target, place, reference=reference, phrase=_phrase(first, request))
    rest = Noun(request.nouns[1].reference, request.nouns[1].text, tuple(name for name in request.nouns[1].pool if name != target))
    second_place = request.places[1] if len(request.places) > 1 else None
    second = _one_of(rest, family, second_place or place, rng)
    if second_place is None:
        _require_pair(target, second)
    return family, Asked(target, place, second, second_place, first.reference, _phrase(first, request))


def _phrase(noun: Noun, request: Request) -> str | None:
    return noun.text if request.language == "en" else None


def _family(request: Request, place: str | None) -> Family:
    """The family of a request: what is put on a thing is stacked, what is put on a mat is placed."""
    family = request.family
    if family in ("place", "stack") and place is not None:
        return "place" if kind_of(place).role == "mat" else "stack"
    if family == "push" and place is not None and place not in mats():
        raise InstructionError(f"expected a mat to push onto, got '{place}'; mats are {', '.join(mats())}")
    if family == "tidy" and len(request.nouns) > 2:
        raise InstructionError(f"expected two things to put away at once, got {len(request.nouns)}; ask for two")
    return family


def _one_of(noun: Noun, family: Family, place: str | None, rng: np.random.Generator) -> str:
    """Some kind that the phrase may mean and that can be asked for so."""
    pool = [name for name in noun.pool if _objection(kind_of(name), family, place) is None]
    if pool:
        return pool[int(rng.integers(len(pool)))]
    if len(noun.pool) == 1:
        raise InstructionError(str(_objection(kind_of(noun.pool[0]), family, place)))
    raise InstructionError(f"expected something that '{noun.text}' can mean there, found nothing that fits; ask for another thing or place")


def _objection(kind: Kind, family: Family, place: str | None) -> str | None:
    """Why a thing cannot be asked for in that family with that place, or None."""
    where = kind_of(place) if place is not None else None
    if family == "open":
        return None if kind.name == "box" else f"expected 'box' as what is opened, got '{kind.name}'; only the box has a lid"
    if kind.role != "thing":
        known = ", ".join(thing.name for thing in targets(family))
        return f"expected a thing that a hand can take, got '{kind.name}'; take one of {known}"
    if family in ("place_in", "tidy") and where is not None and where.role != "mat":
        return _box_objection(kind, where)
    if family == "stack" and where is not None and (where.name == kind.name or not where.carries):
        return f"expected a place that can carry '{kind.name}', got '{where.name}'; places are {', '.join((*mats(), *supports()))}"
    if family == "near" and where is not None and (where.role != "thing" or where.name == kind.name):
        return f"expected another thing to put '{kind.name}' next to, got '{where.name}'; name one that stands on the table"
    if family == "clear" and where is not None and where not in tops(kind):
        return f"expected something that can stand on '{kind.name}', got '{where.name}'; {_names(tops(kind))} can"
    if not suits(kind, family):
        return f"'{kind.name}' ({_measures(kind)}) cannot be asked for in '{family}'; {_names(targets(family))} can"
    return None


def _box_objection(kind: Kind, place: Kind) -> str | None:
    if place.name != "box":
        return f"expected 'box' as what '{kind.name}' goes into, got '{place.name}'; say 'in the box'"
    if not suits(kind, "place_in"):
        return f"'{kind.name}' ({_measures(kind)}) does not fit into the box; ask for another place or thing"
    return None


def _require_pair(first: str, second: str) -> None:
    wide = next((name for name in (first, second) if not fits_pair(kind_of(name))), None)
    if wide is not None:
        raise InstructionError(f"'{first}' and '{second}' do not fit into the box together, '{wide}' is too large; ask for one at a time")


def _names(kinds: tuple[Kind, ...]) -> str:
    return ", ".join(kind.name for kind in kinds) or "nothing"


def _measures(kind: Kind) -> str:
    length, width, height = (round(1000 * value) for value in kind.size)
    return f"{length} x {width} x {height} mm"
