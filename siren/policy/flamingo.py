"""A frozen text model that looks at a picture through gated cross-attention: Flamingo, small.

After Alayrac et al., arXiv 2204.14198: before every layer of a language model that is no longer trained stands one that attends to what
the eye sees, behind a tanh gate that starts shut. The language model is trained on texts alone first. Other than there: the eye is the one
of siren-tiny and trained with the cross-attention (no pretrained one of this size is at hand), and it needs no resampler for its 64 tokens.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from siren.core.episode import Candidate
from siren.core.plan import write_plan
from siren.policy.action_text import read_words
from siren.policy.baseline import Baseline, load_baseline, save_baseline
from siren.policy.branches import Branch, Grower, ranked
from siren.policy.grammar import DONE, PlanGrammar
from siren.policy.model import ModelConfig, build_model, require_image, to_pixels
from siren.policy.proposer import LONGEST_PLAN
from siren.policy.vocabulary import BOS, PAD, SEP, Vocabulary

MODEL_TYPE = "siren_flamingo"


class GatedCrossing(nn.Module):
    """Words look at the picture; two gates, shut at first, let in what they see and what is made of it."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.before, self.between, self.picture = (nn.RMSNorm(width) for _ in range(3))
        self.attend = nn.MultiheadAttention(width, heads, batch_first=True)
        self.feed = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.gates = nn.Parameter(torch.zeros(2))

    def forward(self, state: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """state: (rows, words, width); seen: (rows, 64, width)."""
        seen = self.picture(seen)
        looked, _ = self.attend(self.before(state), seen, seen, need_weights=False)
        state = state + self.gates[0].tanh() * looked
        through: torch.Tensor = state + self.gates[1].tanh() * self.feed(self.between(state))
        return through


class Flamingo(nn.Module):
    """The parts of siren-tiny, joined in the other way: `text` is to be frozen, `tower`, `projector` and `crossings` look."""

    def __init__(self, config: ModelConfig, vocabulary: Vocabulary, seed: int = 0) -> None:
        super().__init__()
        self.config = config
        parts = build_model(config, vocabulary, seed).model
        self.text = parts.language_model
        self.tower, self.projector = parts.vision_tower, parts.multi_modal_projector
        self.crossings = nn.ModuleList(GatedCrossing(config.width, config.heads) for _ in range(config.text_layers))

    def freeze_text(self) -> None:
        """From here on the language model, its words included, is left as it is."""
        self.text.requires_grad_(False)

    def look(self, pixels: torch.Tensor) -> torch.Tensor:
        """What the words can look at: (rows, 64, width). pixels: float, (rows, 3, 96, 96)."""
        seen: torch.Tensor = self.projector(self.tower(pixels).last_hidden_state)
        return seen

    def forward(self, words: torch.Tensor, positions: torch.Tensor, mask: torch.Tensor, seen: torch.Tensor | None) -> torch.Tensor:
        """Scores (rows, words, vocabulary) of the word after each. Without `seen` it is the language model alone.

        words, positions: int64, (rows, words); mask: float, (rows, 1, words, words), 0 to see and -1e9 not to.
        """
        state = self.text.embed_tokens(words)
        turn = self.text.rotary_emb(state, position_ids=positions)
        for layer, crossing in zip(self.text.layers, self.crossings, strict=True):
            state = state if seen is None else crossing(state, seen)
            state = layer(state, attention_mask=mask, position_ids=positions, position_embeddings=turn)
        scores: torch.Tensor = nn.functional.linear(self.text.norm(state), self.text.embed_tokens.weight)
        return scores


FlamingoCheckpoint = Baseline[Flamingo]


def save_flamingo(checkpoint: FlamingoCheckpoint, folder: Path) -> None:
    """Write the folder aside and rename it into place."""
    save_baseline(checkpoint, MODEL_TYPE, asdict(checkpoint.model.config), folder)


def load_flamingo(folder: Path) -> FlamingoCheckpoint:
    """The folder's model in float32. CheckpointError names the file that does not fit and the remedy."""
    return load_baseline(folder, MODEL_TYPE, lambda settings, words: Flamingo(ModelConfig(**settings), words))


class FlamingoProposer:
    """Such weights that propose plans, bound by the same grammar as siren-tiny. It keeps no cache: every word reads the text anew."""

    def __init__(self, checkpoint: FlamingoCheckpoint, temperature: float = 1.0) -> None:
        self._checkpoint = checkpoint
        self._temperature = temperature
        self._grower = Grower(checkpoint.vocabulary)
        self._plans = PlanGrammar(checkpoint.vocabulary, LONGEST_PLAN)

    @classmethod
    def load(cls, folder: Path, temperature: float = 1.0) -> "FlamingoProposer":
        """From a checkpoint folder; one thread is fastest at this size. CheckpointError when it cannot be used."""
        torch.set_num_threads(1)
        return cls(load_flamingo(folder), temperature)

    @property
    def checkpoint(self) -> str:
        """Name of the weights."""
        return self._checkpoint.name

    @torch.inference_mode()
    def propose(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> tuple[Candidate, ...]:
        """`count` plans, the greedy one first, then sampled ones by falling log-probability.

        image: uint8, (96, 96, 3), RGB. Raises InstructionError for words that the policy does not know.
        """
        if count < 1:
            raise ValueError(f"expected at least 1 candidate, got {count}")
        vocabulary = self._checkpoint.vocabulary
        asked = vocabulary.encode(f"robot : {vocabulary.read(instruction)}")
        prompt = [vocabulary.ids[BOS], *asked, vocabulary.ids[SEP]]
        seen = self._checkpoint.model.look(to_pixels(require_image(image)[None]))
        branches = [Branch(self._plans.start, rng.gumbel if number else None) for number in range(count)]
        while any(branch.state != DONE for branch in branches):
            scores = self._scores(seen, [[*prompt, *branch.words] for branch in branches])
            for number, branch in enumerate(branches):
                self._grower.grow(branch, self._plans, scores[number], self._temperature)
        texts = ranked(map(self._grower.text, branches))
        plans = [read_words(text.text) for text in texts]
        return tuple(
            Candidate(text=write_plan(plan), score=text.score, plan=plan, doubt=text.doubt) for plan, text in zip(plans, texts, strict=True)
        )

    def _scores(self, seen: torch.Tensor, rows: Sequence[Sequence[int]]) -> np.ndarray:
        """Scores (rows, vocabulary) after the last word of each row; shorter rows are padded behind, where nobody looks."""
        longest = max(map(len, rows))
        words = torch.full((len(rows), longest), self._checkpoint.vocabulary.ids[PAD])
        for number, row in enumerate(rows):
            words[number, : len(row)] = torch.tensor(row)
        mask = torch.full((longest, longest), -1e9).triu(1).expand(len(rows), 1, -1, -1)
        positions = torch.arange(longest).expand(len(rows), -1)
        scores = self._checkpoint.model(words, positions, mask, seen.expand(len(rows), -1, -1))
        last: np.ndarray = scores[torch.arange(len(rows)), [len(row) - 1 for row in rows]].float().numpy()
        return last
