"""What every action codec does, and by name which there are.

    codec = codec_of("rt2")
    text = codec.write(plan)            # what a model is taught to say
    codec.read(text)                    # the plan again, to the resolution that the codec states

`language` and `hybrid` say what a step is about; `rt1` and `rt2` say keyframes only. Their plans speak of `it`, and whoever knows a
scene puts in what stands at the place (core/grounding.py).
"""

import difflib
from dataclasses import dataclass
from typing import Protocol

from siren.core.errors import PlanRefusedError
from siren.core.plan import Plan


@dataclass(frozen=True)
class Resolution:
    """The most by which a number can come back changed."""

    metres: float
    degrees: float


class ActionCodec(Protocol):
    """Plans as text: `codec.read(codec.write(plan))` is the plan up to `codec.resolution`; written again, it is the same text."""

    @property
    def name(self) -> str:
        """As in the command line and in tables."""
        ...

    @property
    def resolution(self) -> Resolution:
        """How exactly numbers come back."""
        ...

    def write(self, plan: Plan) -> str:
        """PlanRefusedError for what this codec has no way to say."""
        ...

    def read(self, text: str) -> Plan:
        """PlanSyntaxError with the column of what does not fit."""
        ...

    def tokens(self, plan: Plan) -> int:
        """How many words a model has to write for the plan, its end not counted."""
        ...


def codec_of(name: str) -> ActionCodec:
    """The codec of that name. PlanRefusedError that names the nearest one."""
    from siren.policy.codecs.hybrid import HybridCodec
    from siren.policy.codecs.language import LanguageCodec
    from siren.policy.codecs.rt1 import Rt1Codec
    from siren.policy.codecs.rt2 import Rt2Codec

    codecs: tuple[ActionCodec, ...] = (LanguageCodec(), Rt2Codec(), Rt1Codec(), HybridCodec())
    for codec in codecs:
        if codec.name == name:
            return codec
    names = [codec.name for codec in codecs]
    near = difflib.get_close_matches(name, names, 1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    raise PlanRefusedError(f"expected an action codec of {', '.join(names)}, got '{name}'{hint}")


CODECS = ("language", "rt2", "rt1", "hybrid")
