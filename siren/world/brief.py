"""Random numbers as a brief: what a table is laid for, how it is spoken of, and which difficulties there are to be on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from siren.core.action import APERTURE
from siren.core.task import Backdrop, Family, Language, Reference
from siren.world.backdrops import draw_backdrop
from siren.world.catalogue import kind_of, things
from siren.world.kinds import Kind
from siren.world.numerals import NUMBER_MATS
from siren.world.splits import Split
from siren.world.suitable import MATS, bears, fits_pair, suits, supports, targets, tops
from siren.world.wording import Manner, forms
from siren.world.wording.nouns import SYMBOLS

# Shares of the difficulties, so that what a table can hold of laws comes up often enough to be learned.
BESIDE, CLOSE, COVERED, LID, WET = 0.40, 0.75, 0.40, 0.5, 0.5
VARIED = 0.3  # share of things that are of another colour or size than most
_DENSE = (7, 8)  # things on a table of the split `layout`; six at least where a hand needs a lane
_USUAL = (4, 6)
_LANGUAGES: tuple[Language, ...] = ("es", "ko")


T = TypeVar("T")


@dataclass(frozen=True)
class Brief:
    """What a table is laid for."""

    family: Family
    split: str
    manner: Manner
    target: str
    place: str | None  # where it goes: a mat, the box, a support, a neighbour; on a covered thing that is to be cleared, what stands on it
    second: str | None  # another thing that is put away
    second_place: str | None
    form: str
    language: Language
    reference: Reference
    phrase: str | None  # these very words for the target and no others
    neighbour: float | None  # gap to a thing beside the target, metres
    covered: bool  # something stands on the target
    lid: bool
    wet: float  # probability that the target is wet, if it can be
    count: int  # things on the table
    corner: bool  # the target stands in a corner of the table
    variant: str
    backdrop: Backdrop | None

    @property
    def place_reference(self) -> Reference:
        """How the place is spoken of."""
        if self.place in NUMBER_MATS:
            return "sum"
        return "symbol" if self.reference == "symbol" else "name"


@dataclass(frozen=True)
class Asked:
    """What a sentence leaves no choice about. Names of kinds; `phrase` is how the target is spoken of."""

    target: str
    place: str | None = None
    second: str | None = None
    second_place: str | None = None
    reference: Reference = "name"
    phrase: str | None = None


def draw_brief(family: Family, split: Split | str, rng: np.random.Generator, asked: Asked | None = None) -> Brief:
    """A brief of that family. What was asked for stays; the rest is drawn."""
    reference, language = _speech(family, split, rng)
    manner = _manner(family, split, language, rng)
    target = asked.target if asked is not None else _target(family, manner, split, reference, rng)
    kind = kind_of(target)
    hard = 1.0 if split == "laws" else 0.0
    close = rng.uniform(0.010, 0.022) if rng.random() < CLOSE else rng.uniform(0.045, 0.060)
    written = forms(manner, language, held_out=split == "phrasing")
    brief = Brief(
        family=family,
        split=split,
        manner=manner,
        target=target,
        place=_place(family, manner, kind, reference, rng),
        second=None,
        second_place=None,
        form=written[int(rng.integers(len(written)))],
        language=language,
        reference=reference,
        phrase=None,
        neighbour=float(close) if rng.random() < max(BESIDE, 0.5 * hard) and family not in ("push", "tip", "open") else None,
        covered=family == "clear" or (bool(rng.random() < max(COVERED, 0.6 * hard)) and bool(tops(kind)) and family != "tip"),
        lid=family == "open" or manner == "first" or bool(rng.random() < max(LID, 0.8 * hard)),
        wet=0.0 if family == "tip" else max(WET, 0.8 * hard),  # what is wet slides away and does not fall
        count=int(rng.integers(_DENSE[0], _DENSE[1] + 1)) if split == "layout" else int(rng.integers(_USUAL[0], _USUAL[1] + 1)),
        corner=split == "layout",
        variant=_variant(kind, family, rng),
        backdrop=draw_backdrop(rng) if split == "background" else None,
    )
    if asked is None:
        return _with_second(brief, rng) if family == "tidy" else brief
    return replace(
        brief,
        place=asked.place if family != "clear" or asked.place else brief.place,
        second=asked.second,
        second_place=asked.second_place,
        reference=asked.reference,
        phrase=asked.phrase,
        manner=brief.manner if family != "tidy" else "apart" if asked.second_place else "together",
    )


def _speech(family: Family, split: str, rng: np.random.Generator) -> tuple[Reference, Language]:
    """How the split speaks of things, and in which language."""
    if split == "use":
        return "use", "en"
    if split != "reasoning":
        return "name", "en"
    references: list[Reference] = [] if family == "open" else ["use", "comparison", "occasion", "sum"]
    references += ["symbol"] if family in ("place", "push") else []
    languages = [language for language in _LANGUAGES if family != "tidy" and forms(family, language)]
    drawn = int(rng.integers(len(references) + len(languages)))
    return (references[drawn], "en") if drawn < len(references) else ("name", languages[drawn - len(references)])


def _manner(family: Family, split: str, language: Language, rng: np.random.Generator) -> Manner:
    if family == "tidy":
        return _one(("together", "apart"), rng)
    if family == "place_in" and split == "multi":
        return "first"
    return family


def _target(family: Family, manner: Manner, split: str, reference: Reference, rng: np.random.Generator) -> str:
    """A kind that the family can ask for and the reference can speak of. What needs care is drawn twice as often."""
    pool = [kind for kind in targets(family, held_out=split == "unseen") if manner != "together" or fits_pair(kind)]
    if reference == "use":
        pool = [kind for kind in pool if kind.uses]
    if reference == "occasion":
        pool = [kind for kind in pool if kind.occasions]
    weights = np.array([2.0 if _delicate(kind) else 1.0 for kind in pool])
    return pool[int(rng.choice(len(pool), p=weights / weights.sum()))].name


def _delicate(kind: Kind) -> bool:
    """Whether the manner matters for this kind whatever stands around it."""
    return kind.heavy or kind.slippery or kind.fragile is not None or max(kind.size[:2]) > APERTURE


def _place(family: Family, manner: Manner, kind: Kind, reference: Reference, rng: np.random.Generator) -> str | None:
    if manner in ("place", "push", "apart"):
        return _one({"symbol": tuple(SYMBOLS), "sum": NUMBER_MATS}.get(reference, MATS), rng)
    if manner in ("place_in", "first", "together"):
        return "box"
    if family == "stack":
        return _one([name for name in supports() if bears(kind_of(name), kind)], rng)
    if family == "near":
        return _one([other.name for other in things(held_out=False) if other.flat_base and other.name != kind.name], rng)
    return _one([top.name for top in tops(kind)], rng) if family == "clear" else None


def _with_second(brief: Brief, rng: np.random.Generator) -> Brief:
    """Another thing to be put away: into the same box, or onto the other mat."""
    together = brief.manner == "together"
    pool = [kind.name for kind in targets("tidy", held_out=False) if kind.name != brief.target and (fits_pair(kind) or not together)]
    other = next((mat for mat in MATS if mat != brief.place), None)
    return replace(brief, second=_one(pool, rng), second_place="box" if together else other, covered=False, neighbour=None)


def _variant(kind: Kind, family: Family, rng: np.random.Generator) -> str:
    fitting = [variant.name for variant in kind.variants if suits(kind.variant(variant.name), family)]
    return _one(fitting, rng) if fitting and rng.random() < VARIED else ""


def _one(pool: Sequence[T], rng: np.random.Generator) -> T:
    return pool[int(rng.integers(len(pool)))]
