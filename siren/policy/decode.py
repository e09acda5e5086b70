"""One picture and one prompt as K ranked texts, in one batched decode that the grammar binds.

The picture and the prompt are computed once; their keys and values are then repeated K times. Words that the grammar forces are not
asked for: they are fed in one block with the word before them. Candidate 0 is the greedy one, the others are sampled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from transformers import DynamicCache, LlavaForConditionalGeneration

from siren.policy.continuation import Continuation, Memory
from siren.policy.grammar import DONE, Grammar, State
from siren.policy.model import IMAGE_TOKENS, to_pixels
from siren.policy.vocabulary import BOS, EOS, IMAGE, PAD, SEP, Vocabulary

WINDOW = 4  # grid steps: a number is chosen as a neighbourhood and spoken as its mean, 10 % nearer than the likeliest one
THINGS = ("name", "target")  # slots of a grammar that say which thing
ROOM = 320  # words; twelve steps of twelve words, and as much padding

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
class _Branch:
    """One candidate while it grows: its state, its words, and the words that the model has not yet read."""

    state: State
    words: list[int] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    score: float = 0.0
    numbers: list[float] = field(default_factory=list)
    doubt: float = 0.0


class Decoder:
    """Holds a model, its words, and nothing of the last call."""

    def __init__(self, model: LlavaForConditionalGeneration, vocabulary: Vocabulary) -> None:
        self._model = model
        self._vocabulary = vocabulary
        self._continuation = Continuation(model)
        self._axes = tuple(vocabulary.axis(axis) for axis in "xyz")
        self._turns = vocabulary.axis("r")

    @torch.inference_mode()
    def decode(
        self,
        image: np.ndarray,
        prompt: str,
        grammar: Grammar,
        count: int,
        rng: np.random.Generator,
        temperature: float = 1.0,
    ) -> tuple[Decoded, ...]:
        """`count` texts, the greedy one first, the sampled ones by falling score. image: uint8, (96, 96, 3), RGB."""
        hidden, cache = self._read(image, prompt)
        scores = self._model.lm_head(hidden[:, -1]).float().numpy()
        scores, memory = scores.repeat(count, 0), Memory(cache, count, ROOM)
        branches = [_Branch(grammar.start) for _ in range(count)]
        while True:
            for number, branch in enumerate(branches):
                branch.pending = []
                if branch.state != DONE:
                    self._grow(branch, grammar, scores[number], rng.gumbel if number else None, temperature)
            if all(branch.state == DONE for branch in branches):
                break
            scores = self._feed(branches, memory)
        greedy, *sampled = [self._text(branch) for branch in branches]
        return (greedy, *sorted(sampled, key=lambda text: -text.score))

    @torch.inference_mode()
    def embed(self, image: np.ndarray, prompt: str, grammar: Grammar) -> np.ndarray:
        """Picture and prompt as one direction: float32, (3 * width,), length 1; the cosine of two says how alike the moments are.

        A third each: the mean of the image tokens as the decoder leaves them, the mean of the words of the prompt, and the thing that the
        policy is about to name: the mean of the names' embeddings by their probabilities. Without the last, a neighbour is about the
        same thing in 15 % of cases, with it in 75 % (docs/retrieval.md).
        """
        hidden, cache = self._read(image, prompt)
        table = self._model.get_input_embeddings().weight
        first = grammar.allowed(grammar.start)
        skill = int(first[self._model.lm_head(hidden[:, -1]).float().numpy()[0, first].argmax()])
        scores = self._continuation.read(Memory(cache, 1, 1), np.array([[skill]]), np.ones((1, 1), bool))
        names = grammar.allowed(grammar.advance(grammar.start, skill))
        chances = torch.from_numpy(np.exp(_log_softmax(scores[0, names]))).float()
        words = table[torch.tensor(self._vocabulary.encode(prompt))].mean(0)
        thirds = (hidden[0, :IMAGE_TOKENS].mean(0), words, chances @ table[torch.from_numpy(names)])
        direction: np.ndarray = torch.cat([third / third.norm() for third in thirds]).numpy() / len(thirds) ** 0.5
        return direction

    def _read(self, image: np.ndarray, prompt: str) -> tuple[torch.Tensor, DynamicCache]:
        """Last features (1, length, width) and the cache of the picture and the prompt."""
        ids = self._vocabulary.ids
        words = [*[ids[IMAGE]] * IMAGE_TOKENS, ids[BOS], *self._vocabulary.encode(prompt), ids[SEP]]
        cache = DynamicCache(config=self._model.config.get_text_config())
        output = self._model.model(input_ids=torch.tensor([words]), pixel_values=to_pixels(image[None]), cache=cache, use_cache=True)
        return output.last_hidden_state, cache

    def _grow(
        self, branch: _Branch, grammar: Grammar, scores: np.ndarray, noise: Callable[..., np.ndarray] | None, temperature: float
    ) -> None:
        """Choose one free word, then take along all words that must follow it."""
        allowed = grammar.allowed(branch.state)
        chosen = int(allowed[0])
        if len(allowed) > 1:
            logs = _log_softmax(scores[allowed])
            if branch.state.slot in THINGS:
                branch.doubt = max(branch.doubt, -float((np.exp(logs) * logs).sum()))
            drawn = logs if noise is None else logs / temperature + noise(size=len(allowed))
            place = int(drawn.argmax())
            if any(axis.start <= chosen < axis.stop for axis in self._axes):
                branch.numbers.append(_local_mean(logs, place))
                place = round(branch.numbers[-1])
            elif self._turns.start <= chosen < self._turns.stop:
                branch.numbers.append(float(place))
            branch.score += float(logs[place])
            chosen = int(allowed[place])
        self._take(branch, grammar, chosen)
        while branch.state != DONE and len(forced := grammar.allowed(branch.state)) == 1:
            self._take(branch, grammar, int(forced[0]))

    @staticmethod
    def _take(branch: _Branch, grammar: Grammar, word: int) -> None:
        branch.state = grammar.advance(branch.state, word)
        branch.words.append(word)
        branch.pending.append(word)

    def _feed(self, branches: Sequence[_Branch], memory: Memory) -> np.ndarray:
        """Let the model read all pending words at once; shorter blocks are padded, and the padding is never looked at."""
        block = max(len(branch.pending) for branch in branches)
        words = np.full((len(branches), block), self._vocabulary.ids[PAD])
        real = np.zeros((len(branches), block), bool)
        for number, branch in enumerate(branches):
            words[number, : len(branch.pending)] = branch.pending
            real[number, : len(branch.pending)] = True
        return self._continuation.read(memory, words, real)

    def _text(self, branch: _Branch) -> Decoded:
        end = self._vocabulary.ids[EOS]
        return Decoded(
            self._vocabulary.decode([word for word in branch.words if word != end]), branch.score, tuple(branch.numbers), branch.doubt
        )


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    shifted = scores - scores.max()
    result: np.ndarray = shifted - np.log(np.exp(shifted).sum())
    return result


def _local_mean(logs: np.ndarray, place: int) -> float:
    """The mean of the distribution within WINDOW steps of a place."""
    low, high = max(0, place - WINDOW), min(len(logs), place + WINDOW + 1)
    weights = np.exp(logs[low:high])
    return float((weights * np.arange(low, high)).sum() / weights.sum())
