"""The words of `language` with what lies between two steps of the grid: `pick egg x97.31 y88.04 r30.00 z12.50 slow gentle`.

A model says the whole number as a word; the hundredths are the mean of its probabilities around that word, so they cost no further
word. A place is then not bound to the grid of 2.5 mm.
"""

import math
import re
from collections.abc import Sequence

from siren.core.action import POINTING_DOWN, WORKSPACE_LOW
from siren.core.errors import PlanSyntaxError
from siren.core.plan import Plan, Step
from siren.policy.action_text import PLACE_STEP, TURN_STEP, read_words, write_words
from siren.policy.codecs.codec import Resolution
from siren.policy.vocabulary import PLACES, TURNS

HUNDREDTHS = 100
_FIRST = re.compile(r"[xyzr]\d+")
_NUMBER = re.compile(r"([xyzr])(\d{1,3})\.(\d\d)")
ORDER = "xyrz"


class HybridCodec:
    """Language plus a residual. Places come back within 26 micrometres (13 but at the far end), directions within 0.008 degrees."""

    name = "hybrid"
    resolution = Resolution(PLACE_STEP / HUNDREDTHS + 1e-6, TURN_STEP / HUNDREDTHS / 2 + 1e-3)

    def write(self, plan: Plan) -> str:
        numbers = [number for step in plan.steps for number in _numbers(step)]
        return with_residuals(write_words(plan), numbers)

    def read(self, text: str) -> Plan:
        numbers: list[float] = []

        def whole(match: re.Match[str]) -> str:
            numbers.append(int(match[2]) + int(match[3]) / HUNDREDTHS)
            return f"{match[1]}{match[2]}"

        plain = _NUMBER.sub(whole, text)
        plan = read_words(plain)
        if len(numbers) != len(ORDER) * len(plan.steps):
            bare = next((match for match in re.finditer(r"\b[xyzr]\d{1,3}(?!\d|\.\d\d\b)", text)), None)
            word, column = (bare[0], bare.start() + 1) if bare else ("the end of the text", len(text) + 1)
            raise PlanSyntaxError(f"expected a number with two digits behind its point, got '{word}'", line=1, column=column)
        return Plan(steps=tuple(_with_numbers(step, numbers[4 * index : 4 * index + 4]) for index, step in enumerate(plan.steps)))

    def tokens(self, plan: Plan) -> int:
        return len(write_words(plan).split())


def with_residuals(words: str, numbers: Sequence[float]) -> str:
    """The words of a plan, each of its numbers replaced by one with hundredths; the whole part may move by one."""
    given = iter(numbers)

    def exact(match: re.Match[str]) -> str:
        hundredths = round(next(given) * HUNDREDTHS)
        return f"{match[0][0]}{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"

    return " ".join(_FIRST.sub(exact, word) if _FIRST.fullmatch(word) else word for word in words.split())


def _numbers(step: Step) -> tuple[float, float, float, float]:
    """x, y, turn and z of a step in grid steps, to hundredths, each below the end of its axis."""
    x, y, z = (
        min(math.floor((value - low) / PLACE_STEP * HUNDREDTHS + 0.5) / HUNDREDTHS, PLACES - 0.01)
        for value, low in zip(step.keyframe.position, WORKSPACE_LOW, strict=True)
    )
    turn = round(step.keyframe.yaw / TURN_STEP * HUNDREDTHS) % (TURNS * HUNDREDTHS) / HUNDREDTHS
    return x, y, turn, z


def _with_numbers(step: Step, numbers: Sequence[float]) -> Step:
    x, y, turn, z = numbers
    position = tuple(round(low + number * PLACE_STEP, 6) for number, low in zip((x, y, z), WORKSPACE_LOW, strict=True))
    frame = step.keyframe.model_copy(update={"position": position, "rotation": (*POINTING_DOWN, round(turn * TURN_STEP, 3))})
    return step.model_copy(update={"keyframe": frame})
