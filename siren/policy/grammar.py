"""Which words may follow: what is not a plan, or not a pointing answer, cannot come out of the decoder.

A grammar is a small automaton: `start`, `allowed(state)` as ids, `advance(state, id)`. The plan grammar also follows the hand:
only an empty hand picks or opens, only what was picked is put down, and an opened lid must be put somewhere. No plan takes a thing twice:
of 4,500 plans of training none does, and a greedy policy in doubt said such loops.
"""

from typing import NamedTuple, Protocol

import numpy as np

from siren.core.plan import AIMED, MAX_STEPS, TABLE
from siren.policy.vocabulary import EOS, Vocabulary

OPENED = "?"  # the hand holds the lid of something; its name is not yet spoken


class State(NamedTuple):
    """Where the automaton stands: the slot to fill, the number of the step, its skill, what the hand holds, and what was taken before."""

    slot: str
    step: int = 1
    skill: str = ""
    held: str = ""
    relation: str = ""
    taken: tuple[str, ...] = ()  # in alphabetical order


DONE = State("done")


class Grammar(Protocol):
    """`state = start`; until `state == DONE`: choose among `allowed(state)`, then `state = advance(state, word)`."""

    @property
    def start(self) -> State:
        """Before the first word."""
        ...

    def allowed(self, state: State) -> np.ndarray:
        """Ids that may come next. int64, (choices,), never empty."""
        ...

    def advance(self, state: State, word: int) -> State:
        """The state after that word."""
        ...


NUMBERS = {"x": "y", "y": "r", "r": "z", "z": "speed", "speed": "force", "force": "next"}


class PlanGrammar:
    """Plans of at most `longest` steps."""

    def __init__(self, vocabulary: Vocabulary, longest: int = MAX_STEPS) -> None:
        self._vocabulary = vocabulary
        self._longest = longest
        self._cache: dict[State, np.ndarray] = {}

    @property
    def start(self) -> State:
        return State("skill")

    def allowed(self, state: State) -> np.ndarray:
        """Ids that may come next. int64, (choices,)."""
        if state.slot not in ("name", "next"):
            state = state._replace(taken=())
        if state not in self._cache:
            axis = self._vocabulary.axis(state.slot) if state.slot in ("x", "y", "z", "r") else None
            ids = range(axis.start, axis.stop) if axis else [self._vocabulary.ids[word] for word in self._choices(state)]
            self._cache[state] = np.array(ids, dtype=np.int64)
        return self._cache[state]

    def advance(self, state: State, word: int) -> State:
        """The state after that word. The word must be an allowed one."""
        text = self._vocabulary.words[word]
        if state.slot == "skill":
            return state._replace(slot="name", skill=text)
        if state.slot == "name":
            held = OPENED if state.skill == "open" else "" if state.skill == "tip" else text
            taken = tuple(sorted({*state.taken, text}))
            return state._replace(slot="relation" if state.skill in AIMED else "x", held=held, taken=taken)
        if state.slot == "relation":
            return state._replace(slot="target", relation=text)
        if state.slot == "target":
            return state._replace(slot="x", held="", relation="")
        if state.slot == "next":
            return DONE if text == EOS else State("skill", state.step + 1, "", state.held, taken=state.taken)
        return state._replace(slot=NUMBERS[state.slot])

    def _choices(self, state: State) -> tuple[str, ...]:
        kinds = self._vocabulary.kinds
        if state.slot == "skill":
            return self._skills(state)
        if state.slot == "name":
            return self._names(state)
        if state.slot == "relation":
            return ("on", "in") if state.skill == "place" else ("on",)
        if state.slot == "target":
            others = tuple(kind for kind in kinds if kind != state.held)
            return (*others, TABLE) if state.skill == "place" and state.relation == "on" else others
        if state.slot == "next":
            return self._ends(state)
        return ("slow", "normal", "fast") if state.slot == "speed" else ("gentle", "firm")

    def _names(self, state: State) -> tuple[str, ...]:
        if state.held == OPENED:
            return self._vocabulary.kinds
        return (state.held,) if state.held else tuple(kind for kind in self._vocabulary.kinds if kind not in state.taken)

    def _skills(self, state: State) -> tuple[str, ...]:
        if state.held == OPENED:
            return ("place",)
        if state.held:
            return ("place", "stack")
        return ("pick", "open", "push", "tip") if state.step < self._longest else ("pick", "push", "tip")

    def _ends(self, state: State) -> tuple[str, ...]:
        if state.held == OPENED:
            return (";",)
        more = state.step < self._longest and (state.held or len(state.taken) < len(self._vocabulary.kinds))
        return (";", EOS) if more else (EOS,)


class PointGrammar:
    """Answers to `where is the ...`: a kind, its place, and the direction of its long axis or `any`."""

    _AFTER = {"name": "x", "x": "y", "y": "turn", "turn": "end"}

    def __init__(self, vocabulary: Vocabulary) -> None:
        ids = vocabulary.ids
        axes = {axis: np.arange(vocabulary.axis(axis).start, vocabulary.axis(axis).stop) for axis in "xyr"}
        self._allowed = {
            "name": np.array([ids[kind] for kind in vocabulary.kinds], dtype=np.int64),
            "x": axes["x"],
            "y": axes["y"],
            "turn": np.append(axes["r"], ids["any"]),
            "end": np.array([ids[EOS]], dtype=np.int64),
        }

    @property
    def start(self) -> State:
        return State("name")

    def allowed(self, state: State) -> np.ndarray:
        """Ids that may come next. int64, (choices,)."""
        return self._allowed[state.slot]

    def advance(self, state: State, word: int) -> State:
        """The state after that word."""
        return DONE if state.slot == "end" else State(self._AFTER[state.slot])
