"""A plan in a scene as the states before its steps: what rules/domain says, followed once, without solving.

    states = Follower(knowledge).states(scene, plan)

This is rules/domain a second time, in Python, for speed. `DOMAIN` is the program that it stands for; with any other program `possible`
is false and clingo follows the plan. A property test holds the two equal.
"""

from collections.abc import Iterable

from siren.core.plan import PUTS, SHOVES, TABLE, Plan
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic import facts
from siren.symbolic.asp import Term
from siren.symbolic.facts import Grounded
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.profiles import UNSEEN, Profile, Profiles, plain_statements

Pairs = frozenset[tuple[str, str]]

DOMAIN = frozenset(
    {
        "on(Y,O,T):-first(T),seen_on(Y,O)",
        "in(Y,O,T):-first(T),seen_in(Y,O)",
        "on(Y,O,T2):-on(Y,O,T),next(T,T2),notleaves(Y,T)",
        "in(Y,O,T2):-in(Y,O,T),next(T,T2),notleaves(Y,T)",
        "holding(O,T2):-takes(T,O),next(T,T2)",
        "holding(O,T2):-holding(O,T),next(T,T2),notlets_go(O,T)",
        "leaves(O,T):-takes(T,O)",
        "moved(Y,T2):-leaves(Y,T),next(T,T2)",
        "moved(Y,T2):-moved(Y,T),next(T,T2)",
        "moved(Y,T2):-next(T,T2),moved(O,T2),on(Y,O,T)",
        "moved(Y,T2):-next(T,T2),moved(O,T2),in(Y,O,T)",
        "clear(O,T):-object(O),time(T),notcovered(O,T)",
        "covered(O,T):-on(_,O,T)",
        "near(T,Y,B):-seen_near(T,Y,B),notgone(Y,T)",
        "gap(T,Y,G):-seen_gap(T,Y,G),notgone(Y,T)",
        "over(T,Y,H):-seen_over(T,Y,H),notgone(Y,T)",
        "hand(T,Y,R):-seen_hand(T,Y,R),notgone(Y,T)",
        "gone(Y,T):-moved(Y,T),notfollowed(T,Y)",
        "lidded(D,T):-on(L,D,T),attribute(L,lid),attribute(D,container)",
        "takes(T,L):-step(T,open,D),on(L,D,T),attribute(L,lid)",
        "takes(T,O):-step(T,pick,O),object(O)",
        "lets_go(O,T):-step(T,place,O),holding(O,T)",
        "on(O,D,T2):-lets_go(O,T),step(T,place,O),target(T,on,D),object(D),next(T,T2)",
        "in(O,D,T2):-lets_go(O,T),step(T,place,O),target(T,in,D),object(D),next(T,T2)",
        "lets_go(O,T):-step(T,stack,O),holding(O,T)",
        "on(O,D,T2):-lets_go(O,T),step(T,stack,O),target(T,on,D),object(D),next(T,T2)",
        "leaves(O,T):-step(T,push,O),object(O)",
        "on(O,D,T2):-step(T,push,O),object(O),target(T,on,D),object(D),next(T,T2)",
        "leaves(O,T):-step(T,tip,O),object(O)",
    }
)
_LID, _CONTAINER = ("attribute", "lid"), ("attribute", "container")
_WORDS = frozenset({"named", "speed", "force"})
_MEASURES = frozenset({"yaw", "span", "fit", "height", "offset", "depth", "tilt", "edge", "far", "room", "apart"})


class State:
    """What holds before one step. Names of things are those of the facts; measures in mm and degrees."""

    __slots__ = (
        "number", "skill", "thing", "named", "relation", "target", "mismatch", "speed", "force", "measures", "unknown",
        "bearing", "beside", "on", "inside", "holding", "moved", "lidded",
    )  # fmt: skip

    def __init__(self, number: int) -> None:
        self.number = number
        self.skill = self.thing = self.named = ""
        self.relation: str | None = None
        self.target: str | None = None
        self.mismatch = False
        self.speed = self.force = ""
        self.measures: dict[str, int] = {}
        self.unknown: set[str] = set()
        self.bearing: dict[str, str] = {}
        self.beside: dict[tuple[str, str], int] = {}  # (gap, over or hand, neighbour)
        self.on: Pairs = frozenset()
        self.inside: Pairs = frozenset()
        self.holding: frozenset[str] = frozenset()
        self.moved: frozenset[str] = frozenset()
        self.lidded: frozenset[str] = frozenset()


class Follower:
    """Follows plans through scenes, as rules/domain does."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._profiles = Profiles(knowledge)
        self.possible = plain_statements(knowledge.domain) == DOMAIN and self._profiles.possible

    def profiles(self, scene: Scene) -> dict[str, Profile]:
        """Profiles of the scene's things, by name."""
        return {thing.name: self._profiles.of(thing) for thing in scene.objects}

    def states(self, scene: Scene, plan: Plan, profiles: dict[str, Profile], goal: Goal | None = None) -> list[State]:
        """The state before each step of the plan; `goal` says what is wanted near what."""
        on: Pairs = frozenset((thing.name, thing.support) for thing in scene.objects if thing.support != TABLE and not thing.inside)
        inside: Pairs = frozenset((thing.name, thing.support) for thing in scene.objects if thing.support != TABLE and thing.inside)
        holding: frozenset[str] = frozenset()
        moved: frozenset[str] = frozenset()
        found: list[State] = []
        for grounded in facts.ground(scene, plan, goal):
            state = _state(grounded, moved)
            state.on, state.inside, state.holding, state.moved = on, inside, holding, moved
            state.lidded = _lidded(on, profiles)
            found.append(state)
            takes = _takes(state, profiles)
            lets_go = holding & {state.thing} if state.skill in PUTS else frozenset()
            shoved = frozenset({state.thing} & profiles.keys()) if state.skill in SHOVES else frozenset()
            moved = _moved(takes | shoved | moved, on | inside)
            on, inside = _left(on, takes | shoved), _left(inside, takes | shoved)
            if state.skill == "push" and shoved and state.relation == "on" and state.target in profiles:
                on |= {(state.thing, state.target)}
            if lets_go and state.target in profiles:
                put = frozenset({(state.thing, state.target)})
                on, inside = (on | put, inside) if state.relation == "on" else (on, inside | put if state.skill == "place" else inside)
            holding = takes | (holding - lets_go)
        return found


def _state(grounded: Grounded, moved: frozenset[str]) -> State:
    """The facts of a step, and the neighbours that are still where they were seen or where the plan has put them."""
    state = State(grounded.number)
    gone = moved - grounded.moved
    for name, args in (*facts.step_facts(grounded, grounded.number), *facts.manner_facts(grounded, grounded.number)):
        last = args[-1]
        if not name.startswith("seen_"):
            _note(state, name, args, last)
        elif (other := str(args[1])) in gone:
            continue
        elif name == "seen_near":
            state.bearing[other] = str(last)
        elif isinstance(last, int):
            state.beside[name.removeprefix("seen_"), other] = last
    return state


def _note(state: State, name: str, args: tuple[Term, ...], last: Term) -> None:
    if name in _WORDS:
        setattr(state, name, last)
    elif name == "reach":
        state.measures |= {f"reach{axis}": value for axis, value in enumerate(args) if axis and isinstance(value, int)}
    elif isinstance(last, int):
        if name in _MEASURES:
            state.measures[name] = last
        state.mismatch = state.mismatch or name == "mismatch"
    elif name == "step":
        state.skill, state.thing = str(args[1]), str(last)
    elif name == "target":
        state.relation, state.target = str(args[1]), str(last)
    elif name == "unknown":
        state.unknown.add(str(last))


def _takes(state: State, profiles: dict[str, Profile]) -> frozenset[str]:
    if state.skill == "pick":
        return frozenset({state.thing} & profiles.keys())
    if state.skill == "open":
        return frozenset(upper for upper, lower in state.on if lower == state.thing and _LID in profiles.get(upper, UNSEEN).items)
    return frozenset()


def _lidded(on: Pairs, profiles: dict[str, Profile]) -> frozenset[str]:
    return frozenset(
        lower for upper, lower in on if _LID in profiles.get(upper, UNSEEN).items and _CONTAINER in profiles.get(lower, UNSEEN).items
    )


def _moved(first: Iterable[str], carried: Pairs) -> frozenset[str]:
    """These, and whatever stands on or in what has moved."""
    found, frontier = set(first), set(first)
    while frontier:
        frontier = {upper for upper, lower in carried if lower in frontier and upper not in found}
        found |= frontier
    return frozenset(found)


def _left(pairs: Pairs, takes: frozenset[str]) -> Pairs:
    return frozenset(pair for pair in pairs if pair[0] not in takes) if takes else pairs
