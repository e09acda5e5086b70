"""What if a fact were otherwise: which violations vanish, which appear; and the least change after which nothing is broken.

    what_if(checker, scene, plan, goal, "force(1,gentle)")      # the value that step 1 has gives way
    what_if(checker, scene, plan, goal, "not on(die,book)")
    least_change(checker, scene, plan, goal)

Only facts can be changed: what was seen, what things are, what the plan says. What follows from them is solved anew.
"""

import difflib
import re
import time
from collections.abc import Sequence
from typing import NamedTuple

from pydantic import Field

from siren.core import geometry
from siren.core.action import FORCES, SPEEDS
from siren.core.episode import Violation
from siren.core.errors import RuleError
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.core.values import Value
from siren.symbolic import asp, facts
from siren.symbolic.asp import Atom
from siren.symbolic.checker import ClingoChecker

# What people say, and the fact that stands for it: fluents begin as what was seen before the plan starts.
SEEN = {"on": "seen_on", "in": "seen_in", "near": "seen_near", "gap": "seen_gap", "over": "seen_over", "hand": "seen_hand"}
# Facts that can be changed, each with the number of leading arguments that fix the rest: a step has one speed, a thing one place.
FIXES = {
    "speed": 1,
    "force": 1,
    "yaw": 1,
    "height": 1,
    "offset": 1,
    "depth": 1,
    "tilt": 1,
    "edge": 1,
    "far": 1,
    "room": 1,
    "apart": 1,
    "span": 1,
    "fit": 1,
    "target": 1,
    "seen_on": 1,
    "seen_in": 1,
    "seen_near": 2,
    "seen_gap": 2,
    "seen_over": 2,
    "seen_hand": 2,
    "extent": 2,
    "colour": 1,
    "category": 2,
    "attribute": 2,
    "mark": 2,
    "mismatch": 1,
}
ARGUMENTS = {"seen_near": 3, "seen_gap": 3, "seen_over": 3, "seen_hand": 3, "extent": 3, "target": 3, "mismatch": 1}  # the others have two
OF_A_STEP = {
    "speed",
    "force",
    "yaw",
    "height",
    "offset",
    "depth",
    "tilt",
    "edge",
    "far",
    "room",
    "apart",
    "span",
    "fit",
    "target",
    "mismatch",
    "seen_near",
    "seen_gap",
    "seen_over",
    "seen_hand",
}
TURNED = {"yaw", "span", "fit", "seen_near", "seen_gap", "seen_over", "seen_hand"}  # what follows from the direction of the hand
SPOKEN = {fact: word for word, fact in SEEN.items()}
FORM = re.compile(r"(?P<no>not\s+|no\s+)?(?P<atom>[a-z]\w*\s*\(.*\))\s*\.?", re.DOTALL)


class Change(Value):
    """One fact made true or untrue, as people write it."""

    fact: str
    holds: bool


class WhatIf(Value):
    """What the rules say of the plan when the facts are changed."""

    changes: tuple[Change, ...]
    vanished: tuple[Violation, ...]
    appeared: tuple[Violation, ...]
    remaining: tuple[Violation, ...]


class LeastChange(Value):
    """The fewest changes after which nothing is broken; `changes` is None when no change within the vocabulary does it."""

    changes: tuple[Change, ...] | None
    proven: bool = Field(description="the solver has shown that fewer will not do; for None, that none will")


class _Edit(NamedTuple):
    atom: Atom
    holds: bool


def what_if(checker: ClingoChecker, scene: Scene, plan: Plan, goal: Goal, changes: str | Sequence[str]) -> WhatIf:
    """Solve the plan again with facts added, or taken away when they are written with `not`. Raises RuleError for unreadable text."""
    texts = [changes] if isinstance(changes, str) else list(changes)
    edits = [_read(text, scene, plan) for text in texts]
    atoms = list(checker.facts(scene, [plan], goal))
    before = _broken(checker, atoms)
    after = _broken(checker, _changed(_turned(atoms, edits, scene, plan), edits))
    told = tuple(Change(fact=_spoken(edit.atom), holds=edit.holds) for edit in edits)
    return WhatIf(
        changes=told,
        vanished=tuple(found for found in before if found not in after),
        appeared=tuple(found for found in after if found not in before),
        remaining=tuple(found for found in after if found in before),
    )


def least_change(checker: ClingoChecker, scene: Scene, plan: Plan, goal: Goal, seconds: float = 2.0) -> LeastChange:
    """The fewest changes of manner (cost 1 each) and of what stands on, in or near what (cost 2 each) that leave nothing broken.

    Manner is speed, force, the turn of a grasp and the height of a release. Bounded to `seconds` of search.
    """
    atoms = checker.facts(scene, [plan], goal)
    choices, fixed = _choices(scene, plan, atoms)
    program = f"{checker.program}\n{asp.fact_text(fixed)}\n{choices}\n:- violated(_,_,_).\n"
    begun = time.monotonic()
    best = asp.optimise(program, seconds=seconds, shown={"changed"})
    if best is None:
        return LeastChange(changes=None, proven=time.monotonic() - begun < seconds)
    told = sorted((str(atom.args[0]) for atom in best.model), key=_by_step)
    return LeastChange(changes=tuple(_told(text) for text in told), proven=best.proven)


def _read(text: str, scene: Scene, plan: Plan) -> _Edit:
    """A change as text: an atom such as force(1,gentle), with `not` before it when it is taken away."""
    form = FORM.fullmatch(text.strip())
    if form is None:
        raise RuleError(f"expected a fact such as force(1,gentle) or 'not on(die,book)', got '{text[:80]}'", source="what-if")
    atom = asp.parse_atom(form["atom"])
    name = SEEN.get(atom.name, atom.name)
    if name not in FIXES:
        known = sorted(SPOKEN.get(fact, fact) for fact in FIXES)
        close = difflib.get_close_matches(atom.name, known, n=1, cutoff=0.6)
        hint = f"did you mean {close[0]}?" if close else f"one of {', '.join(known)}"
        raise RuleError(f"'{atom.name}' is not a fact that can be changed; {hint}", source="what-if")
    arguments = atom.args[:2] if name in ("seen_on", "seen_in") else atom.args  # the step of a fluent: before the plan starts
    expected = ARGUMENTS.get(name, 2)
    if len(arguments) != expected or (len(atom.args) > expected and atom.args[2:] != (1,)):
        shown = SPOKEN.get(name, name)
        raise RuleError(
            f"{shown} has {expected} arguments and, if a fluent, can be changed before step 1 only; got '{atom}'", source="what-if"
        )
    _require_known(Atom(name, arguments), scene, plan)
    return _Edit(Atom(name, arguments), form["no"] is None)


def _require_known(atom: Atom, scene: Scene, plan: Plan) -> None:
    """Steps that exist, things that are on the table, and words that speed and force can have."""
    first = atom.args[0]
    if isinstance(first, int) and not 1 <= first <= len(plan.steps):
        raise RuleError(f"the plan has steps 1 to {len(plan.steps)}, got step {first} in '{_spoken(atom)}'", source="what-if")
    about_step = atom.name in OF_A_STEP
    if about_step and not isinstance(first, int):
        raise RuleError(f"expected the number of a step as first argument, got '{_spoken(atom)}'", source="what-if")
    things = () if about_step else atom.args[:2] if atom.name in ("seen_on", "seen_in") else atom.args[:1]
    for thing in things:
        if thing not in scene.names():
            raise RuleError(f"there is no '{thing}' on the table; there are: {', '.join(sorted(scene.names()))}", source="what-if")
    words = {"speed": SPEEDS, "force": FORCES}.get(atom.name)
    if words and atom.args[1] not in words:
        raise RuleError(f"{atom.name} is one of {', '.join(words)}, got '{atom.args[1]}'", source="what-if")


def _turned(atoms: list[Atom], edits: Sequence[_Edit], scene: Scene, plan: Plan) -> list[Atom]:
    """A hand turned another way has another span and other neighbours beside its fingers: those facts are made anew."""
    for atom, holds in edits:
        number, degrees = atom.args[0], atom.args[-1]
        if atom.name != "yaw" or not holds or not isinstance(number, int) or not isinstance(degrees, int):
            continue
        grounded = facts.ground(scene, plan)[number - 1]
        kept = [old for old in atoms if old.name not in TURNED or old.args[0] != number]
        atoms = kept + list(facts.turn_facts(grounded, number, degrees))
    return atoms


def _changed(atoms: Sequence[Atom], edits: Sequence[_Edit]) -> list[Atom]:
    changed = list(atoms)
    for atom, holds in edits:
        fixed = FIXES[atom.name]
        rivals = ("seen_on", "seen_in") if atom.name in ("seen_on", "seen_in") else (atom.name,)
        if holds:  # a thing stands in one place, a step has one speed: the old value gives way
            changed = [old for old in changed if old.name not in rivals or old.args[:fixed] != atom.args[:fixed]] + [atom]
        else:
            changed = [old for old in changed if old != atom]
    return changed


def _broken(checker: ClingoChecker, atoms: Sequence[Atom]) -> tuple[Violation, ...]:
    model = asp.solve(f"{checker.program}\n{asp.fact_text(atoms)}", shown={"violated"}) or frozenset()
    return checker.verdict(_violation(atom) for atom in model).violations


def _violation(atom: Atom) -> Violation:
    rule, args, step = atom.args
    assert isinstance(args, tuple)
    assert isinstance(step, int)
    return Violation(rule=str(rule), args=tuple(map(str, args)), step=step)


def _choices(scene: Scene, plan: Plan, atoms: Sequence[Atom]) -> tuple[str, list[Atom]]:
    """Facts that may be otherwise as choices with a cost, and the facts that stay. `changed(Text)` names what was changed."""
    lines = ["#minimize { C,X : price(X,C), changed(X) }."]
    for fact in atoms:
        if fact.name in ("seen_on", "seen_in"):
            lines.append(_option(fact, f"not {_spoken(fact)}"))
    for grounded in facts.ground(scene, plan):
        lines += _manner(grounded)
    free = {"seen_on", "seen_in", "speed", "force", "height", "yaw", "span", "fit", "seen_near", "seen_gap", "seen_over", "seen_hand"}
    return "\n".join(lines), [atom for atom in atoms if atom.name not in free]


def _option(fact: Atom, name: str) -> str:
    """A fact that may be taken away, at a cost of 2: it needs steps of its own."""
    return f'{{ changed("{name}") }}. price("{name}",2). {fact} :- not changed("{name}").'


def _manner(grounded: facts.Grounded) -> list[str]:
    """Speed, force, turn and height of one step: the value it has for nothing, any other at a cost of 1."""
    number, frame = grounded.number, grounded.step.keyframe
    lines = [_one_of(number, "speed", {word: [Atom("speed", (number, word))] for word in SPEEDS}, frame.speed)]
    lines.append(_one_of(number, "force", {word: [Atom("force", (number, word))] for word in FORCES}, frame.force))
    yaw = round(frame.yaw) % 180
    turns = {str(yaw): list(facts.turn_facts(grounded, number, frame.yaw))}
    if grounded.thing is not None and grounded.step.skill in ("pick", "open"):
        for turn in geometry.TURNS:
            other = geometry.grasp_yaw(grounded.thing, turn)
            turns.setdefault(str(round(other) % 180), list(facts.turn_facts(grounded, number, other)))
    lines.append(_one_of(number, "yaw", turns, str(yaw)))
    heights = {str(atom.args[1]): [atom] for atom in facts.height_facts(grounded, number)}
    if heights:
        had = next(iter(heights))
        for metres in geometry.RELEASE_HEIGHT.values():
            mm = round(1000 * metres)
            heights.setdefault(str(mm), [Atom("height", (number, mm))])
        lines.append(_one_of(number, "height", heights, had))
    return lines


def _one_of(number: int, name: str, options: dict[str, list[Atom]], had: str) -> str:
    """Exactly one of the options; each brings its facts."""
    words = ";".join(f'pick_{name}({number},"{word}")' for word in options)
    lines = [f"{{ {words} }} = 1."]
    for word, atoms in options.items():
        lines += [_brought(atom, f'pick_{name}({number},"{word}")') for atom in atoms]
        if word != had:
            text = f"{name}({number},{word})"
            lines.append(f'changed("{text}") :- pick_{name}({number},"{word}"). price("{text}",1).')
    return "\n".join(lines)


def _brought(atom: Atom, choice: str) -> str:
    """A fact that a choice brings. A neighbour may be taken away as well, at a cost of 2: it needs steps of its own."""
    if atom.name != "seen_near":
        return f"{atom} :- {choice}."
    away = f"not {_spoken(atom)}"
    return f'{{ changed("{away}") }} :- {choice}. price("{away}",2). {atom} :- {choice}, not changed("{away}").'


def _told(text: str) -> Change:
    return Change(fact=text.removeprefix("not "), holds=not text.startswith("not "))


def _by_step(text: str) -> tuple[int, str]:
    number = re.search(r"\((\d+),", text)
    return (int(number.group(1)) if number else 0, text)


def _spoken(atom: Atom) -> str:
    return str(Atom(SPOKEN.get(atom.name, atom.name), atom.args))
