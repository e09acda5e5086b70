"""Scores of what may come next as texts that a grammar binds: each branch chooses a free word, then takes along all that must follow it.

branches = [Branch(grammar.start, rng.gumbel if number else None) for number in range(count)]
while any(branch.state != DONE for branch in branches):
    for number, branch in enumerate(branches):
        grower.grow(branch, grammar, scores[number])
    scores = ...                           # after the words that are pending
texts = ranked(grower.text(branch) for branch in branches)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from siren.policy.grammar import DONE, Grammar, State
from siren.policy.vocabulary import EOS, Vocabulary

WINDOW = 4  # grid steps: a number is chosen as a neighbourhood and spoken as its mean, 10 % nearer than the likeliest one
THINGS = ("name", "target")  # slots of a grammar that say which thing

Noise = Callable[..., np.ndarray]  # `Generator.gumbel`


@dataclass(frozen=True)
class Decoded:
    """One text without its end word, and the log-probability of its words under the grammar (temperature 1).

    `numbers`: for every number word the mean of its probabilities near by, in steps of its grid: what `hybrid` says more (policy/codecs).
    `doubt`: the largest entropy of a choice of a thing, in nats; 0 where nothing was to be chosen.
    """

    text: str
    score: float
    numbers: tuple[float, ...] = ()
    doubt: float = 0.0


@dataclass
class Branch:
    """One candidate while it grows: its state, its dice (the greedy one has none), its words, and those that the model has not yet read."""

    state: State
    noise: Noise | None = None
    words: list[int] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    score: float = 0.0
    numbers: list[float] = field(default_factory=list)
    doubt: float = 0.0


class Grower:
    """Knows the words, and nothing of any model."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._axes = tuple(vocabulary.axis(axis) for axis in "xyz")
        self._turns = vocabulary.axis("r")

    def grow(self, branch: Branch, grammar: Grammar, scores: np.ndarray, temperature: float = 1.0) -> None:
        """Choose one free word, then take along all words that must follow it. A branch that is done stays as it is. scores: (words,)."""
        branch.pending = []
        if branch.state == DONE:
            return
        allowed = grammar.allowed(branch.state)
        chosen = int(allowed[0])
        if len(allowed) > 1:
            logs = log_softmax(scores[allowed])
            if branch.state.slot in THINGS:
                branch.doubt = max(branch.doubt, -float((np.exp(logs) * logs).sum()))
            drawn = logs if branch.noise is None else logs / temperature + branch.noise(size=len(allowed))
            place = self._place(branch, chosen, logs, int(drawn.argmax()))
            branch.score += float(logs[place])
            chosen = int(allowed[place])
        self._take(branch, grammar, chosen)
        while branch.state != DONE and len(forced := grammar.allowed(branch.state)) == 1:
            self._take(branch, grammar, int(forced[0]))

    def text(self, branch: Branch) -> Decoded:
        """A branch that is done, as what it says."""
        end = self._vocabulary.ids[EOS]
        said = self._vocabulary.decode([word for word in branch.words if word != end])
        return Decoded(said, branch.score, tuple(branch.numbers), branch.doubt)

    def _place(self, branch: Branch, first: int, logs: np.ndarray, place: int) -> int:
        """Of a number the mean of its neighbourhood, which is kept exactly; of any other word the place as it is."""
        if any(axis.start <= first < axis.stop for axis in self._axes):
            branch.numbers.append(local_mean(logs, place))
            return round(branch.numbers[-1])
        if self._turns.start <= first < self._turns.stop:
            branch.numbers.append(float(place))
        return place

    @staticmethod
    def _take(branch: Branch, grammar: Grammar, word: int) -> None:
        branch.state = grammar.advance(branch.state, word)
        branch.words.append(word)
        branch.pending.append(word)


def ranked(texts: Iterable[Decoded]) -> tuple[Decoded, ...]:
    """The greedy text first, then the sampled ones by falling score."""
    greedy, *sampled = texts
    return (greedy, *sorted(sampled, key=lambda text: -text.score))


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Log-probabilities of scores (choices,)."""
    shifted = scores - scores.max()
    result: np.ndarray = shifted - np.log(np.exp(shifted).sum())
    return result


def local_mean(logs: np.ndarray, place: int) -> float:
    """The mean of the distribution within WINDOW steps of a place."""
    low, high = max(0, place - WINDOW), min(len(logs), place + WINDOW + 1)
    weights = np.exp(logs[low:high])
    return float((weights * np.arange(low, high)).sum() / weights.sum())
