"""A plan: steps that a person can read and a robot can follow, one line of text each.

    pick egg from top | move to 0.412 -0.103 0.031 rotate 0 180 45 speed slow force gentle close gripper
    place egg in box | move to 0.550 0.201 0.062 rotate 0 180 0 speed slow force gentle open gripper

Left of the bar is the symbolic half, which the rules speak of; right of it the metric half, which the arm follows.
`open box` takes the lid off (the gripper closes on its knob); a `place lid on table` must follow. `push can on blue_mat` slides a thing
until its middle lies below the keyframe; `tip can` knocks it over, away from the robot and across the finger axis; `drive far_table`
takes a robot on wheels before another table. These three keep the fingers closed.
`parse_plan` and `write_plan` are exact on round trip: positions to the millimetre, angles to a tenth of a degree.
"""

import re
from typing import Literal

from siren.core.action import FORCES, SPEEDS, Gripper, Keyframe
from siren.core.errors import PlanRefusedError, PlanSyntaxError
from siren.core.values import Value

Skill = Literal["pick", "place", "stack", "open", "push", "tip", "drive"]
Relation = Literal["on", "in"]

SKILLS: tuple[Skill, ...] = ("pick", "place", "stack", "open", "push", "tip", "drive")
TAKES: frozenset[Skill] = frozenset({"pick", "open"})  # the fingers close on something and lift it
PUTS: frozenset[Skill] = frozenset({"place", "stack"})  # they let go of it somewhere
SHOVES: frozenset[Skill] = frozenset({"push", "tip"})  # closed fingers move it without lifting
AIMED: frozenset[Skill] = PUTS | {"push"}  # these name where the thing is to go
TABLE, FAR_TABLE = "table", "far_table"
TABLES = frozenset({TABLE, FAR_TABLE})
MAX_STEPS = 12
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Step(Value):
    """One skill on one object, and the keyframe that carries it out. Only place, stack and push have a target."""

    skill: Skill
    object: str
    keyframe: Keyframe
    relation: Relation | None = None
    target: str | None = None

    def symbolic_text(self) -> str:
        """The half that rules and people read, e.g. `place egg in box`."""
        if self.target is not None:
            return f"{self.skill} {self.object} {self.relation} {self.target}"
        return f"{self.skill} {self.object}" + (" from top" if self.skill == "pick" else "")


class Plan(Value):
    """Steps in the order of execution."""

    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return write_plan(self)


def gripper_of(skill: Skill) -> Gripper:
    """What the fingers do in a step of that skill: they open only to put something down."""
    return "open" if skill in PUTS else "close"


def write_plan(plan: Plan) -> str:
    """The plan as text, one line a step."""
    return "\n".join(_write_step(step) for step in plan.steps)


def parse_plan(text: str) -> Plan:
    """Plan text as a value. Raises PlanSyntaxError with line and column."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise PlanSyntaxError("expected at least one step, got empty text", line=1, column=1)
    if len(lines) > MAX_STEPS:
        raise PlanSyntaxError(f"expected at most {MAX_STEPS} steps, got {len(lines)}", line=lines[MAX_STEPS][0], column=1)
    return Plan(steps=tuple(_Reader(line, number).step() for number, line in lines))


def require_executable(plan: Plan, names: frozenset[str]) -> None:
    """Refuse, with PlanRefusedError, a plan that must not reach the robot: too long, unknown objects, poses outside the workspace."""
    if len(plan.steps) > MAX_STEPS:
        raise PlanRefusedError(f"expected at most {MAX_STEPS} steps, got {len(plan.steps)}; plan the rest when these are done")
    for number, step in enumerate(plan.steps, 1):
        for name in filter(None, (step.object, step.target)):
            if name not in names | TABLES:
                raise PlanRefusedError(f"step {number}: unknown object '{name}'; on the table: {', '.join(sorted(names))}")
        if not step.keyframe.inside_workspace():
            place = " ".join(f"{value:.3f}" for value in step.keyframe.position)
            raise PlanRefusedError(
                f"step {number}: position {place} lies outside the workspace; expected x 0.17..0.81, y -0.32..0.32, z 0..0.64 m"
            )


def _write_step(step: Step) -> str:
    frame = step.keyframe
    x, y, z = (f"{value:.3f}".replace("-0.000", "0.000") for value in frame.position)
    roll, pitch, yaw = (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0") if value == 0 else f"{value:.1f}".removesuffix(".0")
        for value in frame.rotation
    )
    return (
        f"{step.symbolic_text()} | move to {x} {y} {z} rotate {roll} {pitch} {yaw}"
        f" speed {frame.speed} force {frame.force} {frame.gripper} gripper"
    )


class _Reader:
    """Reads one line, word by word, and knows the column it stands at."""

    def __init__(self, line: str, number: int) -> None:
        self._line = line
        self._number = number
        self._words = [(match.group(), match.start() + 1) for match in re.finditer(r"\S+", line)]
        self._next = 0

    def step(self) -> Step:
        skill = self._choice("a skill", SKILLS)
        name = self._name()
        relation, target = None, None
        if skill == "pick":
            self._words_are("from", "top")
        elif skill in AIMED:
            relation = self._choice("'on' or 'in'", ("on", "in") if skill == "place" else ("on",))
            target = self._name()
        self._words_are("|", "move", "to")
        position = (self._number_after("to"), self._number_after("to"), self._number_after("to"))
        self._words_are("rotate")
        rotation = (self._number_after("rotate"), self._number_after("rotate"), self._number_after("rotate"))
        self._words_are("speed")
        speed = self._choice("a speed", SPEEDS)
        self._words_are("force")
        force = self._choice("a force", FORCES)
        expected = gripper_of(skill)  # type: ignore[arg-type]
        self._words_are(expected, "gripper")
        if self._next < len(self._words):
            self._fail("the end of the line")
        frame = Keyframe(position=position, rotation=rotation, speed=speed, force=force, gripper=expected)  # type: ignore[arg-type]
        return Step(skill=skill, object=name, relation=relation, target=target, keyframe=frame)  # type: ignore[arg-type]

    def _take(self, expected: str) -> str:
        if self._next >= len(self._words):
            self._fail(expected)
        word = self._words[self._next][0]
        self._next += 1
        return word

    def _words_are(self, *expected: str) -> None:
        for word in expected:
            if self._next >= len(self._words) or self._words[self._next][0] != word:
                self._fail(f"'{word}'")
            self._next += 1

    def _choice(self, what: str, options: tuple[str, ...]) -> str:
        if self._next >= len(self._words) or self._words[self._next][0] not in options:
            self._fail(f"{what} ({', '.join(options)})")
        return self._take(what)

    def _name(self) -> str:
        if self._next >= len(self._words) or not NAME.fullmatch(self._words[self._next][0]):
            self._fail("the name of an object")
        return self._take("a name")

    def _number_after(self, keyword: str) -> float:
        word = self._take(f"a number after '{keyword}'")
        if not re.fullmatch(r"[+-]?\d{1,4}(\.\d{1,9})?", word):
            self._next -= 1
            self._fail(f"a number after '{keyword}'")
        return float(word)

    def _fail(self, expected: str) -> None:
        word, column = self._words[self._next] if self._next < len(self._words) else ("the end of the line", len(self._line) + 1)
        raise PlanSyntaxError(f"expected {expected}, got '{word}' in \"{self._line.strip()[:120]}\"", line=self._number, column=column)
