"""What each split asks for. They never mix: what one is about does not come up in `seen`.

seen: kinds, forms, places and looks of training. unseen: the target is of a held-out kind. background: another table top in other
light. layout: the target in a corner, among more things. phrasing: held-out forms. reasoning: the target or its place is described,
counted, or named in another language; `use` is the part of it that says what the thing is good for. multi: several things to do.
laws: tables on which every plan of one who knows no law fails.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np

from siren.core.task import Family

Split = Literal["seen", "unseen", "background", "layout", "phrasing", "reasoning", "use", "multi", "laws"]
SPLITS: tuple[Split, ...] = get_args(Split)

_SINGLE: Mapping[Family, float] = MappingProxyType(
    {"pick": 0.24, "place": 0.17, "place_in": 0.17, "stack": 0.14, "near": 0.11, "push": 0.07, "tip": 0.06, "open": 0.04}
)
_DESCRIBED: Mapping[Family, float] = MappingProxyType({family: share for family, share in _SINGLE.items() if family != "open"})
_UNSEEN = _DESCRIBED  # there is one container with a lid, and it is always seen
_LAWFUL: Mapping[Family, float] = MappingProxyType({"pick": 0.30, "place": 0.25, "place_in": 0.25, "stack": 0.20})
_MULTI: Mapping[Family, float] = MappingProxyType({"clear": 0.35, "tidy": 0.40, "place_in": 0.25})
_OWN: Mapping[Split, Mapping[Family, float]] = {"use": _DESCRIBED, "unseen": _UNSEEN, "laws": _LAWFUL, "multi": _MULTI}
SHARES: Mapping[Split, Mapping[Family, float]] = MappingProxyType({split: _OWN.get(split, _SINGLE) for split in SPLITS})


def families_of(split: Split) -> tuple[Family, ...]:
    """Families that a split can ask for: for `multi` and `laws` those that are drawn, for the others also those of several steps."""
    if split in ("multi", "laws"):
        return tuple(SHARES[split])
    return tuple(dict.fromkeys((*SHARES[split], "clear", "tidy")))


def draw_family(split: Split, rng: np.random.Generator) -> Family:
    """A family in the shares of the split."""
    shares = SHARES[split]
    return list(shares)[int(rng.choice(len(shares), p=np.array(list(shares.values())) / sum(shares.values())))]
