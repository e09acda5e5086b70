"""One picture and one prompt as K ranked texts, in one batched decode that the grammar binds.

The picture and the prompt are computed once; their keys and values are then repeated K times. Words that the grammar forces are not
asked for: they are fed in one block with the word before them. Candidate 0 is the greedy one, the others are sampled.
"""

from collections.abc import Sequence

import numpy as np
import torch
from transformers import DynamicCache, LlavaForConditionalGeneration

from siren.policy.branches import Branch, Decoded, Grower, log_softmax, ranked
from siren.policy.continuation import Continuation, Memory
from siren.policy.grammar import DONE, Grammar
from siren.policy.model import IMAGE_TOKENS, to_pixels
from siren.policy.vocabulary import BOS, IMAGE, PAD, SEP, Vocabulary

ROOM = 320  # words; twelve steps of twelve words, and as much padding


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
        hidden, cache = self._read(image, prompt)
        scores = self._model.lm_head(hidden[:, -1]).float().numpy()
        scores, memory = scores.repeat(count, 0), Memory(cache, count, ROOM)
        branches = [Branch(grammar.start) for _ in range(count)]
        while True:
            for number, branch in enumerate(branches):
                self._grower.grow(branch, grammar, scores[number], rng.gumbel if number else None, temperature)
            if all(branch.state == DONE for branch in branches):
                return ranked(map(self._grower.text, branches))
            scores = self._feed(branches, memory)

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
        chances = torch.from_numpy(np.exp(log_softmax(scores[0, names]))).float()
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

    def _feed(self, branches: Sequence[Branch], memory: Memory) -> np.ndarray:
        """Let the model read all pending words at once; shorter blocks are padded, and the padding is never looked at."""
        block = max(len(branch.pending) for branch in branches)
        words = np.full((len(branches), block), self._vocabulary.ids[PAD])
        real = np.zeros((len(branches), block), bool)
        for number, branch in enumerate(branches):
            words[number, : len(branch.pending)] = branch.pending
            real[number, : len(branch.pending)] = True
        return self._continuation.read(memory, words, real)
