"""A plan as the model's words and back: the `language` codec.

    pick egg x97 y88 r30 z12 slow gentle ; place egg in box x152 y128 r0 z25 slow firm

Every number is one word of a grid: x, y and z in steps of 2.5 mm from the low corner of the workspace, r in steps of 1.5
degrees. The turn follows the place because there the model still looks at the thing itself (after z it does not learn which way
the thing lies). Exact on round trip up to that grid: a position comes back within 1.25 mm (plus half a millimetre of rounding), a yaw
within 0.75 degrees. The codec writes hands that point down; it knows no kinds.
"""

import math
import re
from typing import NoReturn, TypeVar, get_args

from siren.core.action import FORCES, POINTING_DOWN, SPEEDS, WORKSPACE_HIGH, WORKSPACE_LOW, Keyframe
from siren.core.errors import PlanRefusedError, PlanSyntaxError
from siren.core.plan import AIMED, MAX_STEPS, NAME, SKILLS, Plan, Relation, Skill, Step, gripper_of
from siren.policy.vocabulary import EOS, PLACES, TURNS

PLACE_STEP = 0.0025  # metres
TURN_STEP = 1.5  # degrees
Word = TypeVar("Word", bound=str)
RELATIONS: tuple[Relation, ...] = get_args(Relation)


def write_words(plan: Plan) -> str:
    """The plan as the model's words, without the end word. PlanRefusedError for a pose that the words cannot say."""
    return " ; ".join(_write_step(step, number) for number, step in enumerate(plan.steps, 1))


def read_words(text: str) -> Plan:
    """The model's words as a plan; an end word is allowed. PlanSyntaxError names the column of the word that does not fit."""
    words = [(match.group(), match.start() + 1) for match in re.finditer(r"\S+", text)]
    if words and words[-1][0] == EOS:
        words.pop()
    if not words:
        raise PlanSyntaxError("expected at least one step, got empty text", line=1, column=1)
    reader = _Reader(words, len(text))
    steps = [reader.step()]
    while reader.more():
        reader.one_of("';'", (";",))
        steps.append(reader.step())
    if len(steps) > MAX_STEPS:
        raise PlanSyntaxError(f"expected at most {MAX_STEPS} steps, got {len(steps)}", line=1, column=1)
    return Plan(steps=tuple(steps))


def place_words(position: tuple[float, float, float]) -> tuple[int, int, int]:
    """A position in metres as grid numbers 0 to 255 for x, y and z. PlanRefusedError outside the workspace."""
    numbers = []
    for value, low, high in zip(position, WORKSPACE_LOW, WORKSPACE_HIGH, strict=True):
        if not low <= value <= high:
            raise PlanRefusedError(f"expected a position between {low} and {high} m, got {value:.3f}; move it into the workspace")
        numbers.append(min(PLACES - 1, math.floor((value - low) / PLACE_STEP + 1e-6)))
    return numbers[0], numbers[1], numbers[2]


def turn_word(yaw: float) -> int:
    """A yaw in degrees as a grid number 0 to 119."""
    return round(yaw % 180.0 / TURN_STEP) % TURNS


def _write_step(step: Step, number: int) -> str:
    frame = step.keyframe
    roll, pitch, yaw = frame.rotation
    if (roll, pitch) != POINTING_DOWN:
        raise PlanRefusedError(f"step {number}: expected a hand that points down (rotate 0 180), got rotate {roll:g} {pitch:g}")
    x, y, z = place_words(frame.position)
    target = f"{step.relation} {step.target} " if step.target is not None else ""
    return f"{step.skill} {step.object} {target}x{x} y{y} r{turn_word(yaw)} z{z} {frame.speed} {frame.force}"


class _Reader:
    """Takes the words one by one and knows the column it stands at."""

    def __init__(self, words: list[tuple[str, int]], end: int) -> None:
        self._words = words
        self._next = 0
        self._end = end

    def more(self) -> bool:
        return self._next < len(self._words)

    def step(self) -> Step:
        skill: Skill = self.one_of(f"a skill ({', '.join(SKILLS)})", SKILLS)
        name = self._name()
        relation: Relation | None = None
        target: str | None = None
        if skill in AIMED:
            relation = self.one_of("'on' or 'in'" if skill == "place" else "'on'", RELATIONS if skill == "place" else ("on",))
            target = self._name()
        across = [self._number(axis, PLACES) for axis in "xy"]
        yaw = self._number("r", TURNS) * TURN_STEP
        grid = [*across, self._number("z", PLACES)]
        x, y, z = (round(low + (number + 0.5) * PLACE_STEP, 3) for number, low in zip(grid, WORKSPACE_LOW, strict=True))
        speed = self.one_of(f"a speed ({', '.join(SPEEDS)})", SPEEDS)
        force = self.one_of(f"a force ({', '.join(FORCES)})", FORCES)
        frame = Keyframe(
            position=(x, y, z),
            rotation=(*POINTING_DOWN, yaw),
            speed=speed,
            force=force,
            gripper=gripper_of(skill),
        )
        return Step(skill=skill, object=name, relation=relation, target=target, keyframe=frame)

    def one_of(self, what: str, options: tuple[Word, ...]) -> Word:
        word = self._words[self._next][0] if self.more() else ""
        match = next((option for option in options if option == word), None)
        if match is None:
            self._fail(what)
        self._next += 1
        return match

    def _name(self) -> str:
        if not self.more() or not NAME.fullmatch(self._words[self._next][0]):
            self._fail("the name of an object")
        self._next += 1
        return self._words[self._next - 1][0]

    def _number(self, axis: str, count: int) -> int:
        match = re.fullmatch(rf"{axis}(0|[1-9][0-9]{{0,2}})", self._words[self._next][0]) if self.more() else None
        if match is None or int(match.group(1)) >= count:
            self._fail(f"'{axis}0' to '{axis}{count - 1}'")
        self._next += 1
        return int(match.group(1))

    def _fail(self, expected: str) -> NoReturn:
        word, column = self._words[self._next] if self.more() else ("the end of the text", self._end + 1)
        raise PlanSyntaxError(f"expected {expected}, got '{word[:40]}'", line=1, column=column)
