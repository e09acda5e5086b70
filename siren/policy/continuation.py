"""A prompt already read as the scores of what may follow it, a few words at a time, for several candidates at once.

It computes what the Llama decoder of `transformers` computes, from the same weights (a test holds them equal), without a module
call for every operation: at four rows of one word those calls are three quarters of the time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.nn import functional
from transformers import DynamicCache, LlavaForConditionalGeneration


@dataclass(frozen=True)
class _Layer:
    """One block, with the matrices that read the same input joined."""

    before: torch.Tensor  # norm weights, (width,)
    attend: torch.Tensor  # queries, keys and values, (3 * width, width)
    out: torch.Tensor  # (width, width)
    between: torch.Tensor  # norm weights, (width,)
    gate_up: torch.Tensor  # (2 * feed forward, width)
    down: torch.Tensor  # (width, feed forward)


class Prompt(NamedTuple):
    """A prompt that was read: a row of a cache, and how many candidates are to follow it."""

    cache: DynamicCache
    row: int
    candidates: int


class Memory:
    """Keys and values of all words read so far: for each layer (rows, heads, room, head width), and which of them are real words.

    Prompts may differ in length: behind a shorter one there is padding, which is never looked at.
    """

    def __init__(self, prompts: Sequence[Prompt], room: int) -> None:
        lengths = [prompt.cache.get_seq_length() for prompt in prompts]
        self.length = max(lengths)
        layers = range(len(prompts[0].cache.layers))
        self.keys = [
            _with_room([(one.cache.layers[n].keys[one.row], one.candidates) for one in prompts], self.length, room) for n in layers
        ]
        self.values = [
            _with_room([(one.cache.layers[n].values[one.row], one.candidates) for one in prompts], self.length, room) for n in layers
        ]
        counts = [prompt.candidates for prompt in prompts]
        self.real = np.zeros((sum(counts), self.length + room), bool)
        self.real[:, : self.length] = np.arange(self.length) < np.repeat(lengths, counts)[:, None]


class Continuation:
    """The text half of a model, ready to go on from a cache."""

    def __init__(self, model: LlavaForConditionalGeneration) -> None:
        decoder = model.model.language_model
        config = decoder.config
        self._heads, self._head_width, self._epsilon = config.num_attention_heads, config.head_dim, config.rms_norm_eps
        self._layers = [_joined(layer) for layer in decoder.layers]
        self._device = decoder.embed_tokens.weight.device
        self._norm, self._table, self._head = decoder.norm.weight, decoder.embed_tokens.weight, model.lm_head.weight
        angles = torch.arange(config.max_position_embeddings)[:, None] * decoder.rotary_emb.inv_freq.cpu()
        self._cosines, self._sines = (wave(torch.cat([angles, angles], 1)).to(self._device) for wave in (torch.cos, torch.sin))

    def read(self, memory: Memory, words: np.ndarray, real: np.ndarray) -> np.ndarray:
        """Scores (rows, vocabulary) after the last real word of each row.

        words: int64, (rows, block), shorter rows padded at the end; real: bool, (rows, block), false for padding.
        """
        rows, block = words.shape
        first = memory.length
        positions = self._there(memory.real[:, :first].sum(1)[:, None] + np.maximum(np.cumsum(real, 1) - 1, 0))
        memory.real[:, first : first + block] = real
        order = np.arange(first + block)[None, :] <= first + np.arange(block)[:, None]
        seen = self._there(memory.real[:, None, None, : first + block] & order[None, None])
        turn = self._cosines[positions][:, None], self._sines[positions][:, None]
        state = self._table[self._there(words)]
        for number, layer in enumerate(self._layers):
            state = state + self._attention(layer, state, turn, memory, number, seen)
            gate, up = functional.linear(self._normed(state, layer.between), layer.gate_up).chunk(2, -1)
            state = state + functional.linear(functional.silu(gate) * up, layer.down)
        memory.length = first + block
        last = state[torch.arange(rows), self._there(np.maximum(real.sum(1) - 1, 0))]
        scores: np.ndarray = functional.linear(self._normed(last, self._norm), self._head).cpu().numpy()
        return scores

    def _there(self, values: np.ndarray) -> torch.Tensor:
        """Numbers where the weights are."""
        return torch.from_numpy(values).to(self._device)

    def _attention(
        self, layer: _Layer, state: torch.Tensor, turn: tuple[torch.Tensor, torch.Tensor], memory: Memory, number: int, seen: torch.Tensor
    ) -> torch.Tensor:
        rows, block, width = state.shape
        joined = functional.linear(self._normed(state, layer.before), layer.attend)
        queries, keys, values = joined.view(rows, block, 3, self._heads, self._head_width).permute(2, 0, 3, 1, 4)
        there = slice(memory.length, memory.length + block)
        memory.keys[number][:, :, there] = _rotated(keys, *turn)
        memory.values[number][:, :, there] = values
        upto = slice(0, memory.length + block)
        mixed = functional.scaled_dot_product_attention(
            _rotated(queries, *turn), memory.keys[number][:, :, upto], memory.values[number][:, :, upto], attn_mask=seen
        )
        return functional.linear(mixed.transpose(1, 2).reshape(rows, block, width), layer.out)

    def _normed(self, state: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return functional.rms_norm(state, weight.shape, weight, self._epsilon)


def _joined(layer: Any) -> _Layer:
    attention, feed = layer.self_attn, layer.mlp
    return _Layer(
        layer.input_layernorm.weight,
        torch.cat([attention.q_proj.weight, attention.k_proj.weight, attention.v_proj.weight]),
        attention.o_proj.weight,
        layer.post_attention_layernorm.weight,
        torch.cat([feed.gate_proj.weight, feed.up_proj.weight]),
        feed.down_proj.weight,
    )


def _with_room(stored: Sequence[tuple[torch.Tensor, int]], length: int, room: int) -> torch.Tensor:
    """Stored keys or values (heads, its length, width), each repeated for so many rows, with space up to `length` and `room` more words."""
    first = stored[0][0]
    heads, _, width = first.shape
    grown = first.new_empty(sum(count for _, count in stored), heads, length + room, width)
    row = 0
    for values, count in stored:
        grown[row : row + count, :, : values.shape[1]] = values
        grown[row : row + count, :, values.shape[1] : length] = 0.0
        row += count
    return grown


def _rotated(vectors: torch.Tensor, cosines: torch.Tensor, sines: torch.Tensor) -> torch.Tensor:
    """Rotary position code: the halves of each head's vector turned against each other."""
    low, high = vectors.chunk(2, -1)
    return vectors * cosines + torch.cat([-high, low], -1) * sines
