"""A refused plan as the nearest plan that breaks the least: the same rules, with manner and preparing steps as choices.

    repair = AspRepairer(checker).repair(scene, plan, goal)

Every step keeps its place in time, and steps that could be put in have places of their own beforehand; a place that is not used
changes nothing. Clingo then minimises, in this order: broken core rules, the weight of broken learned rules, the number of edits, and
last a preference for slow, low and narrow. The answer is built by `edits` and checked afresh, so the rules, not this encoding, have
the last word. Where that leaves something broken, the hand takes hold anew, what is only put out of the way or near something is put
elsewhere, or steps change places.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from siren.core.action import FORCES, SPEEDS
from siren.core.episode import Edit, Repair, Verdict
from siren.core.geometry import RELEASE_HEIGHT
from siren.core.plan import MAX_STEPS, Plan
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic import asp, edits, facts
from siren.symbolic.asp import Atom
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.edits import Preparation
from siren.symbolic.facts import Grounded
from siren.symbolic.mending import set_grasps

_SEARCH = """
:~ violated(R,_,T), weight(R,W), hard(R). [W@4,R,T]
:~ violated(R,_,T), weight(R,W), not hard(R). [W@3,R,T]
:~ use(P), effort(P,C). [C@2,P]
:~ choose(T,F,K), price(T,F,K,C). [C@2,T,F]
:~ choose(T,F,K), taste(T,F,K,C). [C@1,T,F]
:- #sum { C,P : use(P), effort(P,C) } > room.
{ use(P) } :- effort(P,_).
{ choose(T,F,K) : option(T,F,K) } = 1 :- option(T,F,_), present(T).
present(T) :- always(T).
present(T) :- use(P), part(P,T).
"""


class Option(NamedTuple):
    """One way to do one thing about a step: what it changes, what is then true, what it costs."""

    after: str | None  # None: as it is
    atoms: tuple[Atom, ...]
    price: int
    taste: int


@dataclass(frozen=True)
class Slot:
    """One place in time: a step, the preparation that it belongs to, and the ways to do it."""

    time: int
    step: Grounded  # number counts in its own plan: the original one, or the preparation's steps
    preparation: int | None
    put: Grounded | None  # for a taking: the step that puts the thing down; it has the next place in time
    taken: bool  # for a putting down: the step before has taken the thing, and says its force and yaw


class AspRepairer:
    """Repairs plans by the rules of a checker. `seconds` bounds the search; the best plan found by then is taken."""

    def __init__(self, checker: ClingoChecker, *, seconds: float = 0.25) -> None:
        self._checker = checker
        self._seconds = seconds

    def repair(self, scene: Scene, plan: Plan, goal: Goal) -> Repair:
        """Always answers; what cannot be mended is named in `residual`."""
        before = self._verdict(scene, plan, goal)
        best = self._mend(scene, plan, goal, before)
        for changes, changed in () if best.residual.clean else _otherwise(scene, plan, goal, before):
            other = self._mend(scene, changed, goal, self._verdict(scene, changed, goal))
            if _badness(other.residual) < _badness(best.residual):
                both = sorted((*changes, *other.edits), key=lambda edit: edit.step)
                best = other.model_copy(update={"edits": tuple(both)})
            if best.residual.clean:
                break
        return best

    def _mend(self, scene: Scene, plan: Plan, goal: Goal, before: Verdict) -> Repair:
        """In manner and by preparing steps; where things are put stays."""
        if before.clean:
            return Repair(plan=plan, edits=(), residual=before)
        problem = _Problem(scene, plan, goal)
        program = "\n".join((self._checker.program, _SEARCH, self._weights(), problem.text(), self._scene_text(scene, goal)))
        best = asp.optimise(program, seconds=self._seconds, shown={"choose", "use"})
        if best is None:
            return Repair(plan=plan, edits=(), residual=before)
        mended, changes = problem.decode(best.model)
        after = self._verdict(scene, mended, goal)
        if _badness(after) >= _badness(before):
            return Repair(plan=plan, edits=(), residual=before)
        return Repair(plan=mended, edits=changes, residual=after)

    def _verdict(self, scene: Scene, plan: Plan, goal: Goal) -> Verdict:
        return self._checker.check(scene, [plan], goal)[0]

    def _scene_text(self, scene: Scene, goal: Goal) -> str:
        atoms = (*facts.scene_facts(scene), *self._checker.knowledge.scene_atoms(scene), *facts.goal_facts(goal))
        return asp.fact_text(atoms)

    def _weights(self) -> str:
        lines = [f"weight({rule},{max(1, round(1000 * weight))})." for rule, weight in self._checker.weights.items()]
        lines += [f"hard({rule})." for rule in sorted(self._checker.hard)]
        return " ".join(["hard(none).", *lines])


class _Problem:
    """One plan with all its choices, as text for clingo and back."""

    def __init__(self, scene: Scene, plan: Plan, goal: Goal) -> None:
        self._plan = plan
        self._grounded = facts.ground(scene, plan, goal)
        self._preparations = edits.preparations(scene, plan)
        self._slots = tuple(self._line_up())
        self._options = {(slot.time, field): options for slot in self._slots for field, options in _fields(slot)}

    def text(self) -> str:
        """Steps, choices and prices."""
        last = len(self._slots)
        lines = [f"first(1). time(1..{last + 1}). next(T,T+1) :- time(T), T <= {last}. #const room = {MAX_STEPS - len(self._plan.steps)}."]
        lines += [f"effort({index},{len(preparation.steps)})." for index, preparation in enumerate(self._preparations)]
        for slot in self._slots:
            owner = f"always({slot.time})." if slot.preparation is None else f"part({slot.preparation},{slot.time})."
            lines.append(owner)
            lines += [f"{atom} :- present({slot.time})." for atom in facts.step_facts(slot.step, slot.time)]
        for (time, field), options in self._options.items():
            lines += _option_text(time, field, options)
        return "\n".join(lines)

    def decode(self, model: Iterable[Atom]) -> tuple[Plan, tuple[Edit, ...]]:
        """The plan that was chosen, and the edits that lead to it, in the order of the steps."""
        atoms = tuple(model)
        used = {atom.args[0] for atom in atoms if atom.name == "use"}
        chosen = {(atom.args[0], str(atom.args[1])): atom.args[2] for atom in atoms if atom.name == "choose"}
        plans: dict[int | None, Plan] = {None: self._plan}
        plans |= {index: Plan(steps=preparation.steps) for index, preparation in enumerate(self._preparations) if index in used}
        changes = [preparation.edit for index, preparation in enumerate(self._preparations) if index in used]
        for slot in self._slots:
            for field in ("speed", "force", "yaw", "height"):
                choice = chosen.get((slot.time, field))
                if not isinstance(choice, int) or slot.preparation not in plans:
                    continue
                after = self._options[slot.time, field][choice].after
                if after is not None:
                    plans[slot.preparation] = _changed(plans[slot.preparation], slot.step, field, after)
                    changes += [edits.manner_edit(slot.step, field, after)] if slot.preparation is None else []
        ready = (preparation._replace(steps=plans[index].steps) for index, preparation in enumerate(self._preparations) if index in used)
        return edits.insert(plans[None], ready), tuple(sorted(changes, key=lambda edit: edit.step))

    def _line_up(self) -> Iterator[Slot]:
        time = 0
        for slot in _slots(self._plan, self._grounded, None, 0):
            for index, preparation in enumerate(self._preparations):
                if preparation.before == slot.step.number:
                    yield from _prepared(slot.step.scene, preparation, index, time)
                    time += len(preparation.steps)
            time += 1
            yield replace(slot, time=time)


def _prepared(scene: Scene, preparation: Preparation, index: int, time: int) -> Iterator[Slot]:
    """The slots of a preparation that starts after `time`."""
    yield from _slots(Plan(steps=preparation.steps), facts.ground(scene, Plan(steps=preparation.steps)), index, time)


def _slots(plan: Plan, grounded: Iterable[Grounded], index: int | None, time: int) -> Iterator[Slot]:
    """Steps of a plan from the place `time` + 1 on, each with the putting down that goes with its taking."""
    steps = tuple(grounded)
    for step in steps:
        put = edits.put_after(plan, step.number)
        taken = step.number > 1 and steps[step.number - 2].step.skill in edits.TAKING
        yield Slot(time + step.number, step, index, steps[put - 1] if put else None, taken)


def _fields(slot: Slot) -> Iterator[tuple[str, tuple[Option, ...]]]:
    """The ways to do a step. How a preparation is done is no edit of the plan, so it has no price."""
    frame, price = slot.step.step.keyframe, 1 if slot.preparation is None else 0
    yield "speed", tuple(_speeds(slot, price))
    if slot.step.step.skill in edits.TAKING:
        yield "force", tuple(_forces(slot, price))
        yield "yaw", tuple(_turns(slot, price))
        return
    yield "height", tuple(_releases(slot, price))
    if not slot.taken:
        yield "force", (Option(None, (Atom("force", (slot.time, frame.force)),), 0, 0),)
        yield "yaw", (Option(None, tuple(facts.turn_facts(slot.step, slot.time, frame.yaw)), 0, 0),)


def _speeds(slot: Slot, price: int) -> Iterator[Option]:
    own = slot.step.step.keyframe.speed
    for taste, speed in enumerate(SPEEDS):
        yield Option(None if speed == own else speed, (Atom("speed", (slot.time, speed)),), price * (speed != own), taste)


def _forces(slot: Slot, price: int) -> Iterator[Option]:
    """The force of a taking, and of the putting down that goes with it."""
    own = slot.step.step.keyframe.force
    for force in FORCES:
        atoms = [Atom("force", (slot.time, force))]
        if slot.put is not None:
            atoms.append(Atom("force", (slot.time + 1, force if force != own else slot.put.step.keyframe.force)))
        yield Option(None if force == own else force, tuple(atoms), price * (force != own), int(force != own))


def _turns(slot: Slot, price: int) -> Iterator[Option]:
    """The yaw of a taking, and of the putting down that goes with it."""
    own = slot.step.step.keyframe.yaw
    yaws = [(None, own), *((f"{yaw:g}", yaw) for _, yaw in edits.other_turns(slot.step))]
    for after, yaw in yaws:
        atoms = list(facts.turn_facts(slot.step, slot.time, yaw))
        if slot.put is not None:
            atoms += facts.turn_facts(slot.put, slot.time + 1, slot.put.step.keyframe.yaw + yaw - own)
        width = next((int(str(atom.args[1])) for atom in atoms if atom.name == "span"), 0)
        yield Option(after, tuple(atoms), price * (after is not None), width)


def _releases(slot: Slot, price: int) -> Iterator[Option]:
    own = edits.fall_mm(slot.step)
    yield Option(None, tuple(facts.height_facts(slot.step, slot.time)), 0, own)
    for release in edits.other_releases(slot.step):
        fall = round(1000 * RELEASE_HEIGHT[release])
        yield Option(str(fall), (Atom("height", (slot.time, fall)),), price, fall)


def _option_text(time: int, field: str, options: Iterable[Option]) -> Iterator[str]:
    """Choices of one field of one step, with what follows from each."""
    for index, option in enumerate(options):
        head = f"{time},{field},{index}"
        yield f"option({head}). price({head},{option.price}). taste({head},{max(0, option.taste)})."
        yield from (f"{atom} :- choose({head})." for atom in option.atoms)


def _changed(plan: Plan, step: Grounded, field: str, after: str) -> Plan:
    """The plan with one field of one step changed as an option says."""
    if field == "speed":
        return edits.set_speed(plan, step.number, next(speed for speed in SPEEDS if speed == after))
    if field == "force":
        return edits.set_force(plan, step.number, next(force for force in FORCES if force == after))
    if field == "yaw":
        return edits.set_yaw(plan, step.number, float(after))
    release = next(name for name, metres in RELEASE_HEIGHT.items() if round(1000 * metres) == int(after))
    return edits.set_release(plan, step, release)


def _otherwise(scene: Scene, plan: Plan, goal: Goal, verdict: Verdict) -> Iterator[tuple[tuple[Edit, ...], Plan]]:
    """Plans that manner and preparation alone do not lead to: the hand where geometry would take hold; what is put out of the way, or
    near something, put elsewhere; and the steps in another order.
    """
    steps = {broken.step for broken in verdict.violations}
    for moves in (set_grasps(scene, plan, goal, steps), edits.set_elsewhere(scene, plan, goal, steps)):
        if moves:
            yield tuple(move.edit for move in moves), moves[-1].plan
    yield from (((move.edit,), move.plan) for move in edits.set_beside(scene, plan, goal, steps))
    if verdict.hard or len(plan.steps) > 2:  # to take and then to put is the only order of two
        yield from (((order.edit,), order.plan) for order in edits.orders(plan))


def _badness(verdict: Verdict) -> tuple[bool, float]:
    return verdict.hard, verdict.weight
