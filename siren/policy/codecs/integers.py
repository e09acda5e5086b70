"""Keyframes as rows of integers 0 to 255: what `rt1` and `rt2` share. A row says where, how the hand is turned, and in what manner.

A row knows no names: reading gives steps about `it`, told apart by the fingers alone (they close: pick; they open: place).
"""

import re
from collections.abc import Callable, Sequence

from siren.core.action import FORCES, SPEEDS, Keyframe
from siren.core.errors import PlanRefusedError, PlanSyntaxError
from siren.core.grounding import IT
from siren.core.plan import MAX_STEPS, PUTS, SHOVES, Plan, Step, gripper_of

BINS = 256
LAST = BINS - 1
_MANNERS = {"speed": SPEEDS, "force": FORCES, "gripper": ("close", "open"), "terminate": ("go on", "end")}

Row = dict[str, int]
ToRow = Callable[[Keyframe], Row]


def write_rows(plan: Plan, order: Sequence[str], metric: ToRow) -> str:
    """The rows of a plan one after the other, numbers separated by spaces. PlanRefusedError for a step that is no take and no put."""
    numbers = []
    for number, step in enumerate(plan.steps, 1):
        if step.skill in SHOVES or step.skill == "drive":
            raise PlanRefusedError(
                f"step {number}: expected a step that takes or puts something, got '{step.skill}'; use the language codec"
            )
        frame = step.keyframe
        row = metric(frame) | {
            "terminate": _level("terminate", "end" if number == len(plan.steps) else "go on"),
            "gripper": _level("gripper", frame.gripper),
            "speed": _level("speed", frame.speed),
            "force": _level("force", frame.force),
        }
        numbers += [row[name] for name in order]
    return " ".join(map(str, numbers))


def read_rows(
    text: str, order: Sequence[str], metric: Callable[[Row], tuple[tuple[float, float, float], tuple[float, float, float]]]
) -> Plan:
    """Rows as a plan about `it`. PlanSyntaxError for what is no integer 0 to 255, an unfinished row, or an end in the wrong place."""
    words = [(match.group(), match.start() + 1) for match in re.finditer(r"\S+", text)]
    for word, column in words:
        if not re.fullmatch(r"0|[1-9][0-9]{0,2}", word) or int(word) > LAST:
            raise PlanSyntaxError(f"expected an integer 0 to {LAST}, got '{word[:40]}'", line=1, column=column)
    if not words or len(words) % len(order):
        raise PlanSyntaxError(f"expected {len(order)} integers a step, got {len(words)} in all", line=1, column=len(text) + 1)
    rows = [
        dict(zip(order, (int(word) for word, _ in words[at : at + len(order)]), strict=True)) for at in range(0, len(words), len(order))
    ]
    if len(rows) > MAX_STEPS:
        raise PlanSyntaxError(f"expected at most {MAX_STEPS} steps, got {len(rows)}", line=1, column=1)
    for number, row in enumerate(rows, 1):
        if (nearest("terminate", row["terminate"]) == "end") != (number == len(rows)):
            column = words[(number - 1) * len(order) + list(order).index("terminate")][1]
            raise PlanSyntaxError("expected the last step, and no other, to say that it is the end", line=1, column=column)
    return Plan(steps=tuple(step_of(row, *metric(row)) for row in rows))


def step_of(row: Row, position: tuple[float, float, float], rotation: tuple[float, float, float]) -> Step:
    """A row and its numbers as a step about `it`."""
    skill = "place" if nearest("gripper", row["gripper"]) == "open" else "pick"
    frame = Keyframe.model_validate(
        {
            "position": position,
            "rotation": rotation,
            "speed": nearest("speed", row["speed"]),
            "force": nearest("force", row["force"]),
            "gripper": gripper_of("place" if skill == "place" else "pick"),
        }
    )
    if skill in PUTS:
        return Step(skill="place", object=IT, relation="on", target=IT, keyframe=frame)
    return Step(skill="pick", object=IT, keyframe=frame)


def nearest(name: str, value: int) -> str:
    """The word whose level is nearest to an integer."""
    words = _MANNERS[name]
    return min(words, key=lambda word: abs(_level(name, word) - value))


def _level(name: str, word: str) -> int:
    """Words spread evenly over 0 to 255; the end is 0 or 1."""
    words = _MANNERS[name]
    return words.index(word) * (1 if name == "terminate" else LAST // (len(words) - 1))
