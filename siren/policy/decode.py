"""One picture and one prompt as K ranked texts, in one batched decode that the grammar binds; or several of them at once.

The picture and the prompt are computed once; their keys and values are then repeated K times. Words that the grammar forces are not
asked for: they are fed in one block with the word before them. Candidate 0 is the greedy one, the others are sampled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from transformers import DynamicCache, LlavaForConditionalGeneration

from siren.policy.continuation import Continuation, Memory, Prompt
from siren.policy.grammar import DONE, Grammar, State
from siren.policy.model import IMAGE_TOKENS, to_pixels
from siren.policy.vocabulary import BOS, EOS, IMAGE, PAD, SEP, Vocabulary

WINDOW = 4  # grid steps: a number is chosen as a neighbourhood and spoken as its mean, 10 % nearer than the likeliest one
ROOM = 320  # words; twelve steps of twelve words, and as much padding

Noise = Callable[..., np.ndarray]  # `Generator.gumbel`


@dataclass(frozen=True)
class Decoded:
    """One text without its end word, and the log-probability of its words under the grammar (temperature 1).

    `numbers`: for every number word the mean of its probabilities near by, in steps of its grid: what `hybrid` says more (policy/codecs).
    """

    text: str
    score: float
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A picture (uint8, (96, 96, 3), RGB), a prompt, how many texts are wanted, and whose dice are thrown."""

    image: np.ndarray
    prompt: str
    count: int
    rng: np.random.Generator


@dataclass
class _Branch:
    """One candidate while it grows: its state, its dice (the greedy one has none), its words, and those that the model has not yet read."""

    state: State
    noise: Noise | None = None
    words: list[int] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    score: float = 0.0
    numbers: list[float] = field(default_factory=list)


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
        return self.decode_together([Asked(image, prompt, count, rng)], grammar, temperature)[0]

    @torch.inference_mode()
    def decode_together(self, asked: Sequence[Asked], grammar: Grammar, temperature: float = 1.0) -> list[tuple[Decoded, ...]]:
        """`decode` for each, as if it were alone, in batches over all. (Sums in another order: the last bits of scores may differ.)"""
        prompts, scores = self._read(asked)
        memory = Memory(prompts, ROOM)
        grown = [[_Branch(grammar.start, one.rng.gumbel if number else None) for number in range(one.count)] for one in asked]
        branches = [branch for texts in grown for branch in texts]
        while True:
            for number, branch in enumerate(branches):
                branch.pending = []
                if branch.state != DONE:
                    self._grow(branch, grammar, scores[number], temperature)
            if all(branch.state == DONE for branch in branches):
                return [self._ranked(texts) for texts in grown]
            scores = self._feed(branches, memory)

    def _ranked(self, texts: Sequence[_Branch]) -> tuple[Decoded, ...]:
        greedy, *sampled = [self._text(branch) for branch in texts]
        return (greedy, *sorted(sampled, key=lambda text: -text.score))

    def _read(self, asked: Sequence[Asked]) -> tuple[list[Prompt], np.ndarray]:
        """Every picture with its prompt, read, those of one length together; and the scores (branches, words) of the first word."""
        lengths = [len(one.prompt.split()) for one in asked]
        prompts: dict[int, Prompt] = {}
        scores: dict[int, np.ndarray] = {}
        for length in sorted(set(lengths)):
            there = [number for number, found in enumerate(lengths) if found == length]
            cache, first = self._read_equally_long([asked[number] for number in there])
            for row, number in enumerate(there):
                prompts[number], scores[number] = Prompt(cache, row, asked[number].count), first[row]
        order = range(len(asked))
        return [prompts[number] for number in order], np.repeat([scores[n] for n in order], [one.count for one in asked], 0)

    def _read_equally_long(self, asked: Sequence[Asked]) -> tuple[DynamicCache, np.ndarray]:
        ids, device = self._vocabulary.ids, self._model.device
        words = [[*[ids[IMAGE]] * IMAGE_TOKENS, ids[BOS], *self._vocabulary.encode(one.prompt), ids[SEP]] for one in asked]
        cache = DynamicCache(config=self._model.config.get_text_config())
        pixels = to_pixels(np.stack([one.image for one in asked])).to(device)
        output = self._model.model(input_ids=torch.tensor(words, device=device), pixel_values=pixels, cache=cache, use_cache=True)
        return cache, self._model.lm_head(output.last_hidden_state[:, -1]).float().cpu().numpy()

    def _grow(self, branch: _Branch, grammar: Grammar, scores: np.ndarray, temperature: float) -> None:
        """Choose one free word, then take along all words that must follow it."""
        allowed = grammar.allowed(branch.state)
        chosen = int(allowed[0])
        if len(allowed) > 1:
            logs = _log_softmax(scores[allowed])
            drawn = logs if branch.noise is None else logs / temperature + branch.noise(size=len(allowed))
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
        return Decoded(self._vocabulary.decode([word for word in branch.words if word != end]), branch.score, tuple(branch.numbers))


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    shifted = scores - scores.max()
    result: np.ndarray = shifted - np.log(np.exp(shifted).sum())
    return result


def _local_mean(logs: np.ndarray, place: int) -> float:
    """The mean of the distribution within WINDOW steps of a place."""
    low, high = max(0, place - WINDOW), min(len(logs), place + WINDOW + 1)
    weights = np.exp(logs[low:high])
    return float((weights * np.arange(low, high)).sum() / weights.sum())
