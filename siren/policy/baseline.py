"""A small model of plain torch modules as a folder, written and read: what the baselines and comparators have in common.

    model.safetensors config.json vocabulary.json manifest.json

As with siren-tiny, nothing is loaded unless every hash fits and every weight is there and no other. Weights are stored as bfloat16.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from siren.core.errors import CheckpointError
from siren.policy.checkpoint import REMEDY, WEIGHTS, WORDS, read_words, replace_folder, verify_manifest, write_words
from siren.policy.vocabulary import PAD, Vocabulary

CONFIG = "config.json"
ModelT = TypeVar("ModelT", bound=nn.Module)


@dataclass(frozen=True)
class Baseline(Generic[ModelT]):
    """A model, the words it reads instructions in, and the name it goes by."""

    model: ModelT
    vocabulary: Vocabulary
    name: str

    def encode(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Texts in words of the vocabulary as ids, int64 (texts, longest), padded behind, and their lengths. KeyError: an unknown word."""
        rows = [self.vocabulary.encode(text) for text in texts]
        longest = max(map(len, rows))
        filled = [row + [self.vocabulary.ids[PAD]] * (longest - len(row)) for row in rows]
        return torch.tensor(filled), torch.tensor([len(row) for row in rows])


def save_baseline(baseline: Baseline[ModelT], model_type: str, settings: Mapping[str, object], folder: Path) -> None:
    """Write the folder aside, sync it, and rename it into place. An older folder is replaced. `settings`: what the model was made from."""

    def write(aside: Path) -> None:
        weights = {name: value.to(torch.bfloat16).contiguous() for name, value in baseline.model.state_dict().items()}
        save_file(weights, aside / WEIGHTS, {"format": "pt"})
        (aside / CONFIG).write_text(json.dumps({"model_type": model_type, **settings}, indent=1) + "\n", encoding="utf-8")
        write_words(baseline.vocabulary, aside / WORDS)

    replace_folder(folder, write)


def load_baseline(folder: Path, model_type: str, make: Callable[[Mapping[str, int], Vocabulary], ModelT]) -> Baseline[ModelT]:
    """The folder's model in float32, made from its settings. CheckpointError names the file that does not fit and the remedy."""
    verify_manifest(folder, (WEIGHTS, WORDS, CONFIG))
    vocabulary = read_words(folder / WORDS)
    try:
        stored = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        if stored.pop("model_type") != model_type:
            raise KeyError("model_type")
        words = stored.get("words", len(vocabulary))
        model = make(stored, vocabulary)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{folder / CONFIG}: expected the configuration of a model {model_type}, got {error}; {REMEDY}") from error
    try:
        weights = {name: value.float() for name, value in load_file(folder / WEIGHTS).items()}
        model.load_state_dict(weights, strict=True)
    except (SafetensorError, RuntimeError) as error:
        raise CheckpointError(
            f"{folder / WEIGHTS}: expected exactly the weights of this model, got {str(error)[:200]}; {REMEDY}"
        ) from error
    if words != len(vocabulary):
        raise CheckpointError(f"{folder / WORDS}: expected {words} words, got {len(vocabulary)}; {REMEDY}")
    return Baseline(model.eval(), vocabulary, folder.name)
