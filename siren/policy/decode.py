"""One picture and one prompt as K ranked texts, in one batched decode that the grammar binds; or several of them at once.

The picture and the prompt are computed once; their keys and values are then repeated K times. Words that the grammar forces are not
asked for: they are fed in one block with the word before them. Candidate 0 is the greedy one, the others are sampled.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from transformers import DynamicCache, LlavaForConditionalGeneration

from siren.policy.branches import Branch, Decoded, Grower, log_softmax, ranked
from siren.policy.continuation import Continuation, Memory, Prompt
from siren.policy.grammar import DONE, Grammar
from siren.policy.model import IMAGE_TOKENS, to_pixels
from siren.policy.vocabulary import BOS, IMAGE, PAD, SEP, Vocabulary

ROOM = 320  # words; twelve steps of twelve words, and as much padding


@dataclass(frozen=True)
class Asked:
    """A picture (uint8, (96, 96, 3), RGB), a prompt, how many texts are wanted, and whose dice are thrown."""

    image: np.ndarray
    prompt: str
    count: int
    rng: np.random.Generator


class Decoder:
    """Holds a model, its words, and nothing of the last call."""

    def __init__(self, model: LlavaForConditionalGeneration, vocabulary: Vocabulary) -> None:
        self._model = model
        self._vocabulary = vocabulary
        self._continuation = Continuation(model)
        self._grower = Grower(vocabulary)

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
        grown = [[Branch(grammar.start, one.rng.gumbel if number else None) for number in range(one.count)] for one in asked]
        branches = [branch for texts in grown for branch in texts]
        while True:
            for number, branch in enumerate(branches):
                self._grower.grow(branch, grammar, scores[number], temperature)
            if all(branch.state == DONE for branch in branches):
                return [ranked(map(self._grower.text, texts)) for texts in grown]
            scores = self._feed(branches, memory)

    @torch.inference_mode()
    def embed(self, image: np.ndarray, prompt: str, grammar: Grammar) -> np.ndarray:
        """Picture and prompt as one direction: float32, (3 * width,), length 1; the cosine of two says how alike the moments are.

        A third each: the mean of the image tokens as the decoder leaves them, the mean of the words of the prompt, and the thing that the
        policy is about to name: the mean of the names' embeddings by their probabilities. Without the last, a neighbour is about the
        same thing in 15 % of cases, with it in 75 % (docs/retrieval.md).
        """
        asked = Asked(image, prompt, 1, np.random.default_rng(0))
        hidden, cache = self._features([asked])
        table = self._model.get_input_embeddings().weight
        first = grammar.allowed(grammar.start)
        skill = int(first[self._scores(hidden)[0, first].argmax()])
        scores = self._continuation.read(Memory([Prompt(cache, 0, 1)], 1), np.array([[skill]]), np.ones((1, 1), bool))
        names = grammar.allowed(grammar.advance(grammar.start, skill))
        chances = torch.from_numpy(np.exp(log_softmax(scores[0, names]))).float().to(table.device)
        words = table[torch.tensor(self._vocabulary.encode(prompt))].mean(0)
        thirds = (hidden[0, :IMAGE_TOKENS].mean(0), words, chances @ table[torch.from_numpy(names)])
        direction: np.ndarray = torch.cat([third / third.norm() for third in thirds]).cpu().numpy() / len(thirds) ** 0.5
        return direction

    def _read(self, asked: Sequence[Asked]) -> tuple[list[Prompt], np.ndarray]:
        """Every picture with its prompt, read, those of one length together; and the scores (branches, words) of the first word."""
        lengths = [len(one.prompt.split()) for one in asked]
        prompts: dict[int, Prompt] = {}
        scores: dict[int, np.ndarray] = {}
        for length in sorted(set(lengths)):
            there = [number for number, found in enumerate(lengths) if found == length]
            hidden, cache = self._features([asked[number] for number in there])
            first = self._scores(hidden)
            for row, number in enumerate(there):
                prompts[number], scores[number] = Prompt(cache, row, asked[number].count), first[row]
        order = range(len(asked))
        return [prompts[number] for number in order], np.repeat([scores[n] for n in order], [one.count for one in asked], 0)

    def _features(self, asked: Sequence[Asked]) -> tuple[torch.Tensor, DynamicCache]:
        """Last features (prompts, length, width) and the cache of pictures and prompts, which are equally long."""
        ids, device = self._vocabulary.ids, self._model.device
        words = [[*[ids[IMAGE]] * IMAGE_TOKENS, ids[BOS], *self._vocabulary.encode(one.prompt), ids[SEP]] for one in asked]
        cache = DynamicCache(config=self._model.config.get_text_config())
        pixels = to_pixels(np.stack([one.image for one in asked])).to(device)
        output = self._model.model(input_ids=torch.tensor(words, device=device), pixel_values=pixels, cache=cache, use_cache=True)
        return output.last_hidden_state, cache

    def _scores(self, hidden: torch.Tensor) -> np.ndarray:
        """Of what comes next: (prompts, words)."""
        scores: np.ndarray = self._model.lm_head(hidden[:, -1]).float().cpu().numpy()
        return scores

    def _feed(self, branches: Sequence[Branch], memory: Memory) -> np.ndarray:
        """Let the model read all pending words at once; shorter blocks are padded, and the padding is never looked at."""
        block = max(len(branch.pending) for branch in branches)
        words = np.full((len(branches), block), self._vocabulary.ids[PAD])
        real = np.zeros((len(branches), block), bool)
        for number, branch in enumerate(branches):
            words[number, : len(branch.pending)] = branch.pending
            real[number, : len(branch.pending)] = True
        return self._continuation.read(memory, words, real)
