"""A rule's cuts moved to rounder or better places, each judged on the rows where the rule's other conditions hold.

A cut is first read off all rows, where other troubles blur it; with the rest of the rule fixed it can be read sharper. A round number
takes fewer bits to write down than an odd one, so it may cost an error: of 130 mm, 13 are multiples of ten. For the size of a thing,
what the fingers open to is as good as a multiple of fifty.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from siren.core.action import APERTURE
from siren.learning.literals import Literal, rule_text
from siren.learning.matching import Body
from siren.learning.tally import cases
from siren.symbolic.asp import Term

ROUND = {50: 6.0, 10: 4.5, 5: 2.5}  # bits that a multiple saves against any number
PLAINER = 5.0  # bits that a second property of a thing costs
FAR, NEAR = 25, 6  # multiples of five are tried up to FAR mm away, all numbers up to NEAR
OPENING = round(1000 * APERTURE)
Index = Mapping[str, list[tuple[Term, ...]]]


def rounded(
    group: str, literals: Sequence[Literal], rows: Sequence[Index], labels: np.ndarray, units: np.ndarray, error: float
) -> tuple[Literal, ...]:
    """The same conditions with the best cuts.

    rows: atoms by name, M of them; labels: bool (M,); units: int (M,), what rows are counted by; error: bits that one wrong case costs.
    """
    chosen = list(literals)
    for place, literal in enumerate(chosen):
        options = [option for option in (literal, *literal.plainer) if option.plainer or option.cut is not None]
        if not options:
            continue
        inside = covered(group, chosen[:place] + chosen[place + 1 :], rows)
        near, seen = [row for row, held in zip(rows, inside, strict=True) if held], (labels[inside], units[inside])
        best: list[tuple[float, int, Literal]] = []
        for rank, option in enumerate((literal, *literal.plainer)):
            value, cut = _best(group, [*chosen[:place], option, *chosen[place + 1 :]], place, near, seen, error)
            best.append((value + (PLAINER if rank else 0.0), -rank, cut))
        chosen[place] = max(best, key=lambda item: item[:2])[2]
    return tuple(chosen)


def covered(group: str, literals: Sequence[Literal], rows: Sequence[Index]) -> np.ndarray:
    """On which rows all conditions hold. bool (M,)"""
    body = Body.read(rule_text("any", group, literals))
    assert body is not None, "learned conditions can be read"
    return np.array([body.holds(row) for row in rows], dtype=bool)


def _best(
    group: str, chosen: Sequence[Literal], place: int, rows: Sequence[Index], seen: tuple[np.ndarray, np.ndarray], error: float
) -> tuple[float, Literal]:
    """The condition at that place with its best cut, and the bits that it saves. seen: labels and units of the rows."""
    labels, units = seen
    literal = chosen[place]

    def saved(option: Literal) -> float:
        held = covered(group, [*chosen[:place], option, *chosen[place + 1 :]], rows)
        return error * (cases(held & labels, units) - cases(held & ~labels, units))

    own, at = literal.cut, literal.at
    if own is None or at is None:
        return saved(literal), literal
    cuts = {*range(own - NEAR, own + NEAR + 1), *range(own - own % 5 - FAR, own + FAR + 1, 5)}
    signed = own <= 0  # most numbers of a step are lengths; of those that may lie below zero a cut there tells
    found = [(saved(at(cut)) + _roundness(literal, cut), cut == own, -cut) for cut in sorted(cuts) if signed or cut > 0]
    value, _, cut = max(found)
    return value, at(-cut)


def _roundness(literal: Literal, cut: int) -> float:
    if cut == OPENING and literal.text.startswith(("span", "extent")):
        return max(ROUND.values())
    return next((bits for step, bits in ROUND.items() if cut % step == 0), 0.0)
