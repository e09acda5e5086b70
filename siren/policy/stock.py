"""A stock vision-language checkpoint from a folder as a policy: any class of `AutoModelForImageTextToText` with its `AutoProcessor`.

    stock = load_stock(Path("paligemma-3b"))
    candidates = StockProposer(stock).propose(image, "pick up the egg", 4, rng)

Plans are written as people read them (core/plan.py), so no new tokens are needed. The question is RT-2's (Brohan et al.,
arXiv 2307.15818). Code that comes with a checkpoint is never run; weights are read from safetensors alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor

from siren.core.episode import Candidate
from siren.core.errors import CheckpointError, PlanSyntaxError
from siren.core.plan import Plan, parse_plan
from siren.policy.checkpoint import WEIGHTS, load_strictly, quiet, replace_folder, verify_manifest
from siren.policy.pictures_only import PicturesOnly, needed_for

QUESTION = "What action should the robot take to {instruction}?"
LONGEST_ANSWER = 512  # tokens
_IGNORED = -100  # what the loss does not look at


@dataclass(frozen=True)
class Stock:
    """A model, the processor that feeds it, and the name it goes by."""

    model: Any  # one of the classes of AutoModelForImageTextToText
    processor: Any
    name: str

    def encode(self, images: Sequence[np.ndarray], questions: Sequence[str]) -> dict[str, torch.Tensor]:
        """Model inputs of pictures (uint8 (height, width, 3)) with a question each, padded on the left."""
        self.processor.tokenizer.padding_side = "left"
        pictures = [[Image.fromarray(image)] for image in images]
        batch = self.processor(images=pictures, text=[self._prompt(text) for text in questions], padding=True, return_tensors="pt")
        return {name: value for name, value in batch.items() if name != "labels"}

    def encode_taught(self, images: Sequence[np.ndarray], questions: Sequence[str], answers: Sequence[str]) -> dict[str, torch.Tensor]:
        """The same with the answers behind, and `labels` that hold the loss to the answers."""
        batch = self.encode(images, questions)
        asked = batch["input_ids"].shape
        said, there = self._answers(answers)
        labels = torch.cat([torch.full(asked, _IGNORED), said.masked_fill(there == 0, _IGNORED)], 1)
        behind = {"input_ids": said, "attention_mask": there, "mm_token_type_ids": torch.zeros_like(said)}
        longer = {
            # Whatever else goes with every token (token types) is 1 for what is to be learned.
            name: torch.cat([value, behind.get(name, torch.ones_like(said))], 1) if value.shape == asked else value
            for name, value in batch.items()
        }
        return longer | {"labels": labels}

    def _prompt(self, question: str) -> str:
        if self.processor.chat_template is None:
            return f"{self.processor.tokenizer.convert_ids_to_tokens(self.model.config.image_token_id)}{question}"
        content = [{"type": "image"}, {"type": "text", "text": question}]
        return str(self.processor.apply_chat_template([{"role": "user", "content": content}], add_generation_prompt=True, tokenize=False))

    def _answers(self, answers: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids and mask, padded on the right, each answer with its end."""
        tokenizer = self.processor.tokenizer
        rows = [[*tokenizer(text, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id] for text in answers]
        longest = max(map(len, rows))
        ids = torch.tensor([row + [tokenizer.pad_token_id] * (longest - len(row)) for row in rows])
        return ids, torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])


def load_stock(folder: Path) -> Stock:
    """The folder's model and processor. CheckpointError for what cannot be read, missing or unexpected weights, and changed files."""
    if not (folder / "config.json").is_file():
        raise CheckpointError(f"expected a checkpoint folder with config.json, found none at {folder}; fetch one to this machine first")
    if (folder / "manifest.json").is_file():
        verify_manifest(folder, (WEIGHTS,))
    model = load_strictly(AutoModelForImageTextToText, folder)
    try:
        with quiet():
            own = needed_for(model.config.model_type)
            processor = PicturesOnly.from_pretrained(folder) if own else AutoProcessor.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, TypeError, ImportError, AttributeError) as error:
        raise CheckpointError(
            f"{folder}: expected the processor that belongs to the model, got {type(error).__name__}: {str(error)[:200]};"
            " save it beside the weights with processor.save_pretrained"
        ) from error
    return Stock(model.eval(), processor, folder.name)


def save_stock(stock: Stock, folder: Path) -> None:
    """An ordinary save_pretrained folder with a manifest, written aside and renamed into place."""

    def write(aside: Path) -> None:
        with quiet():
            stock.model.save_pretrained(aside)
            stock.processor.save_pretrained(aside)

    replace_folder(folder, write)


class StockProposer:
    """A stock checkpoint behind the `Proposer` protocol of the core. What it says that is no plan is kept as text without a plan."""

    def __init__(self, stock: Stock, temperature: float = 1.0) -> None:
        self._stock = stock
        self._temperature = temperature

    @property
    def checkpoint(self) -> str:
        """Name of the weights."""
        return self._stock.name

    def propose(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> tuple[Candidate, ...]:
        """`count` answers, the greedy one first, then sampled ones by falling log-probability. image: uint8 (height, width, 3)."""
        if count < 1:
            raise ValueError(f"expected at least 1 candidate, got {count}")
        batch = self._stock.encode([image], [QUESTION.format(instruction=instruction)])
        with torch.random.fork_rng():
            torch.manual_seed(int(rng.integers(2**63)))
            answers = self._generate(batch, 1, do_sample=False)
            if count > 1:
                sampled = self._generate(batch, count - 1, do_sample=True, temperature=self._temperature, top_k=0)
                answers += sorted(sampled, key=lambda answer: -answer[1])
        return tuple(Candidate(text=text, score=score, plan=_plan(text)) for text, score in answers)

    def _generate(self, batch: dict[str, torch.Tensor], count: int, **settings: object) -> list[tuple[str, float]]:
        model, tokenizer = self._stock.model, self._stock.processor.tokenizer
        with torch.no_grad():
            made = model.generate(
                **batch,
                num_return_sequences=count,
                max_new_tokens=LONGEST_ANSWER,
                pad_token_id=tokenizer.pad_token_id,
                return_dict_in_generate=True,
                output_logits=True,
                **settings,
            )
        said = made.sequences[:, batch["input_ids"].shape[1] :]
        chances = torch.stack(made.logits, 1).log_softmax(-1).gather(-1, said[..., None])[..., 0]
        scores = (chances * _up_to_end(said, tokenizer.eos_token_id)).sum(1)
        texts = tokenizer.batch_decode(said, skip_special_tokens=True)
        return [(text.strip(), float(score)) for text, score in zip(texts, scores, strict=True)]


def _up_to_end(said: torch.Tensor, end: int) -> torch.Tensor:
    """1 for every token up to and with the first end, 0 for the padding behind it. Shape of `said`."""
    ended = (said == end).cumsum(1)
    return ((ended == 0) | ((ended == 1) & (said == end))).float()


def _plan(text: str) -> Plan | None:
    try:
        return parse_plan(text)
    except PlanSyntaxError:
        return None
