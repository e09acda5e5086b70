"""A scene and a goal as a plan, without the policy: the slow path, for when nothing that the policy proposes can be mended.

    planned = AspPlanner(checker).plan(scene, goal)

A plan sets some things aside, one after the other, and then does what the goal asks. Which things, in which order, and in which manner
is clingo's choice under rules/domain and the rules of the checker: core rules are kept, the weight of broken learned rules is minimised.
First it tries to set nothing aside, then one thing, then two, until nothing is broken. What comes out is checked afresh, like a repair.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from siren.core import geometry
from siren.core.action import FORCES, SPEEDS, Force, Speed
from siren.core.episode import Planned
from siren.core.geometry import RELEASE_HEIGHT, TURNS, Release
from siren.core.plan import MAX_STEPS, TABLE, Plan, Relation, Skill, Step
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.symbolic import asp, edits, facts
from siren.symbolic.asp import Atom
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.facts import FLAT, Grounded

MOST_ASIDE = 4  # things
CONFLICTS = 20_000  # of the search, for each number of things set aside: reached before the time on any machine that is not overrun

_SEARCH = """
{ aside(J,X) : movable(X) } = 1 :- J = 1..pairs.
:- aside(J,X), aside(I,X), I < J.
took(2*J-1,X) :- aside(J,X).
took(2*pairs+1,X) :- wanted(X).
put(2*J,X) :- aside(J,X).
{ turn(T,0;T,45;T,90;T,135) } = 1 :- took(T,_).
{ firm(T) } 1 :- took(T,_).
{ pace(T,slow;T,normal;T,fast) } = 1 :- time(T), next(T,_).
{ drop(T) } 1 :- put(T,_).
{ drop(T) } 1 :- goal_put(T).
force(T,firm) :- firm(T).
force(T,gentle) :- took(T,_), not firm(T).
force(T+1,F) :- took(T,_), force(T,F), next(T+1,_).
speed(T,S) :- pace(T,S).
away(X,T2) :- aside(J,X), time(T2), T2 > 2*J.
:- took(T,X), moved(X,T).
:- goal_put(T), moved(D,T), onto(D).
:- violated(R,_,_), hard(R).
:~ violated(R,_,T), weight(R,W), not hard(R). [W@2,R,T]
:~ pace(T,fast). [2@1,T,pace]
:~ pace(T,normal). [1@1,T,pace]
:~ firm(T). [1@1,T,firm]
:~ drop(T). [3@1,T,drop]
:~ took(T,_), span(T,N). [N/10@1,T,span]
"""


Word = TypeVar("Word", bound=str)


class _Move(NamedTuple):
    """One thing that may be taken, and where it goes: aside to a free place, or to the goal."""

    thing: SceneObject
    skill: Skill
    relation: Relation | None  # None: it is held in the end
    target: str
    place: tuple[float, float]


class AspPlanner:
    """Plans by the rules of a checker. `seconds` bounds the search of one plan; grounding comes before and takes some milliseconds."""

    def __init__(self, checker: ClingoChecker, *, seconds: float = 2.0) -> None:
        self._checker = checker
        self._seconds = seconds

    def plan(self, scene: Scene, goal: Goal) -> Planned | None:
        """The plan that breaks least, of equals the shortest; None when a thing is not there, or no plan keeps the core rules."""
        last = _last_move(scene, goal)
        if last is None:
            return None
        moves = {move.thing.name: move for move in _set_aside(scene, goal)}
        best: Planned | None = None
        begun = time.monotonic()
        for pairs in range(min(MOST_ASIDE, len(moves), (MAX_STEPS - 2) // 2) + 1):
            left = self._seconds - (time.monotonic() - begun)
            found = self._with_aside(scene, goal, last, moves, pairs, left) if left > 0 else None
            if found is not None and (best is None or found.residual.weight < best.residual.weight):
                best = found
            if best is not None and best.residual.clean:
                break
        return best

    def _with_aside(self, scene: Scene, goal: Goal, last: _Move, moves: dict[str, _Move], pairs: int, seconds: float) -> Planned | None:
        """The best plan that sets aside just that many things first."""
        steps = 2 * pairs + (1 if last.relation is None else 2)
        atoms = (*facts.scene_facts(scene), *self._checker.knowledge.scene_atoms(scene), *facts.goal_facts(goal))
        lines = [
            f"first(1). time(1..{steps + 1}). next(T,T+1) :- time(T), T <= {steps}. #const pairs = {pairs}.",
            f"wanted({last.thing.name}).",
            *(f"movable({name})." for name in moves),
            *_taking(scene, [*moves.values(), last], moves),
            *_putting(scene, moves.values(), "put(T,{})"),
        ]
        if last.relation is not None:
            lines += [f"goal_put({steps}). onto({last.target}).", *_putting(scene, [last], f"goal_put(T), T = {steps}")]
        program = "\n".join((self._checker.program, _SEARCH, self._weights(), *lines, asp.fact_text(atoms)))
        shown = {"took", "turn", "force", "speed", "drop"}
        found = asp.optimise(program, seconds=seconds, shown=shown, conflicts=CONFLICTS)
        if found is None:
            return None
        plan = _decoded(scene, {**moves, last.thing.name: last}, found.model)
        residual = self._checker.check(scene, [plan], goal)[0]
        return None if residual.hard else Planned(plan=plan, residual=residual)

    def _weights(self) -> str:
        lines = [f"weight({rule},{max(1, round(1000 * weight))})." for rule, weight in self._checker.weights.items()]
        return " ".join(["hard(none).", *lines, *(f"hard({rule})." for rule in sorted(self._checker.hard))])


def _last_move(scene: Scene, goal: Goal) -> _Move | None:
    """What the goal itself asks for; None when it speaks of what is not there or cannot be taken, or of more than carrying one thing."""
    if goal.also:
        return None
    thing, target = scene.find(goal.object), scene.find(goal.target or "")
    if thing is None or thing.size[2] <= FLAT or goal.also:
        return None
    if goal.relation == "held":
        return _Move(thing, "place", None, TABLE, (0.0, 0.0))
    if target is None or goal.relation not in ("on", "in"):
        return None
    stacks = goal.relation == "on" and target.size[2] > FLAT
    return _Move(thing, "stack" if stacks else "place", goal.relation, target.name, target.position[:2])


def _set_aside(scene: Scene, goal: Goal) -> Iterator[_Move]:
    """What could be set aside, each with a free place of its own: first what stands nearest to what the goal speaks of."""
    centres = [thing.position[:2] for name in (goal.object, goal.target) if name and (thing := scene.find(name))]
    taken = [(*thing.position[:2], max(thing.size[:2]) / 2) for thing in scene.objects if thing.size[2] <= FLAT]

    def distance(thing: SceneObject) -> tuple[float, str]:
        return min(abs(thing.position[0] - x) + abs(thing.position[1] - y) for x, y in centres), thing.name

    for thing in sorted(scene.objects, key=distance):
        if thing.name in (goal.object, goal.target) or thing.size[2] <= FLAT:
            continue
        spot = edits.free_place(scene, thing, taken)
        if spot is not None:
            yield _Move(thing, "place", "on", TABLE, spot)


def _taking(scene: Scene, moves: Iterable[_Move], aside: dict[str, _Move]) -> Iterator[str]:
    """What is true when a thing is taken, for each turn of the hand: neighbours where they were seen, or where they were set aside."""
    for move in moves:
        name = move.thing.name
        for turn in TURNS:
            step = geometry.taking_step(move.thing, turn, "slow", "gentle")
            at = Grounded(0, step, scene, move.thing, None)
            if turn == TURNS[0]:
                yield from _lines(facts.step_facts(at, 0), f"took(T,{name})")
            yield from _lines(facts.turn_facts(at, 0, step.keyframe.yaw), f"took(T,{name}), turn(T,{turn})", gone=True)
            for other in (there for there in aside.values() if there.thing.name != name):
                put = other.thing.model_copy(
                    update={"position": (*other.place, other.thing.size[2] / 2), "support": TABLE, "inside": False}
                )
                moved = Scene(objects=(put, move.thing))
                atoms = facts.turn_facts(Grounded(0, step, moved, move.thing, None, frozenset({put.name})), 0, step.keyframe.yaw)
                near = (atom for atom in atoms if atom.name not in ("yaw", "span", "fit"))
                yield from _lines(near, f"took(T,{name}), turn(T,{turn}), away({put.name},T)")


def _putting(scene: Scene, moves: Iterable[_Move], when: str) -> Iterator[str]:
    """What is true when a thing is put down, low or high. `when` has a place for its name."""
    for move in moves:
        thing, condition = move.thing, when.format(move.thing.name)
        target = None if move.target == TABLE else scene.find(move.target)
        for release, dropped in (("low", "not drop(T)"), ("high", "drop(T)")):
            at = Grounded(0, _put(scene, move, 0.0, _release(release), "slow", "gentle"), scene, thing, target)
            if release == "low":
                yield from _lines(facts.step_facts(at, 0), condition)
            yield from _lines(facts.height_facts(at, 0), f"{condition}, {dropped}")
        for turn in TURNS:
            yaw = round(geometry.grasp_yaw(thing, turn)) % 180
            yield f"yaw(T,{yaw}) :- {condition}, turn(T-1,{turn})."


def _lines(atoms: Iterable[Atom], condition: str, *, gone: bool = False) -> Iterator[str]:
    """Atoms of step 0 as rules for any step T. With `gone` a neighbour counts only as long as it was not set aside."""
    for atom in atoms:
        still = f", not away({atom.args[1]},T)" if gone and atom.name.startswith("seen_") else ""
        yield f"{atom.name}({','.join(('T', *map(asp.term_text, atom.args[1:])))}) :- {condition}{still}."


def _decoded(scene: Scene, moves: dict[str, _Move], model: frozenset[Atom]) -> Plan:
    """The plan that was chosen."""
    chosen: dict[str, dict[int, str]] = {name: {} for name in ("took", "turn", "force", "speed", "drop")}
    for atom in model:
        chosen[atom.name][int(str(atom.args[0]))] = str(atom.args[-1])
    steps: list[Step] = []
    for moment, name in sorted(chosen["took"].items()):
        move, turn = moves[name], next(turn for turn in TURNS if str(turn) == chosen["turn"][moment])
        force = _word(FORCES, chosen["force"][moment])
        taken = geometry.taking_step(move.thing, turn, _word(SPEEDS, chosen["speed"][moment]), force)
        steps.append(taken)
        if move.relation is not None:
            release = "high" if moment + 1 in chosen["drop"] else "low"
            speed = _word(SPEEDS, chosen["speed"][moment + 1])
            steps.append(_put(scene, move, taken.keyframe.yaw, _release(release), speed, force))
    return Plan(steps=tuple(steps))


def _put(scene: Scene, move: _Move, yaw: float, release: Release, speed: Speed, force: Force) -> Step:
    relation: Relation = "in" if move.relation == "in" else "on"
    return geometry.put_step(move.skill, move.thing, scene, relation, move.target, move.place, yaw, release, speed, force)


def _release(word: str) -> Release:
    return next(release for release in RELEASE_HEIGHT if release == word)


def _word(words: Sequence[Word], chosen: str) -> Word:
    return next(word for word in words if word == chosen)
