"""Weights on disk: an ordinary `save_pretrained` folder with safetensors, the words, and a manifest of hashes.

    model.safetensors config.json generation_config.json tokenizer.json tokenizer_config.json vocabulary.json manifest.json

Nothing is loaded unless every file has the hash that the manifest names, and every weight is there and no other. No pickle.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlavaForConditionalGeneration, PreTrainedTokenizerFast
from transformers.utils import logging

from siren.core.errors import CheckpointError
from siren.policy.model import register_tower
from siren.policy.vocabulary import BOS, EOS, IMAGE, PAD, SEP, UNKNOWN, Vocabulary

WEIGHTS, MANIFEST, WORDS = "model.safetensors", "manifest.json", "vocabulary.json"
REMEDY = "fetch the folder again (git checkout) or train one with `siren train --out DIR`"


@dataclass(frozen=True)
class Checkpoint:
    """A model, its words, and the name it goes by."""

    model: LlavaForConditionalGeneration
    vocabulary: Vocabulary
    name: str


def save_checkpoint(checkpoint: Checkpoint, folder: Path) -> None:
    """Write the folder aside, sync it, and rename it into place. Weights are stored as bfloat16. An older folder is replaced."""
    replace_folder(folder, lambda aside: _write(checkpoint, aside))


def replace_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """What `write` puts into a folder aside, with a manifest of hashes, synced and renamed into place. A README.md that was there stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        write(aside)
        hashes = {file.name: sha256(file) for file in sorted(aside.iterdir())}
        (aside / MANIFEST).write_text(json.dumps({"name": folder.name, "sha256": hashes}, indent=1) + "\n", encoding="utf-8")
        if (folder / "README.md").exists():
            shutil.copy(folder / "README.md", aside / "README.md")
        _sync(aside)
        if folder.exists():
            shutil.rmtree(folder)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def load_checkpoint(folder: Path) -> Checkpoint:
    """The folder's model in float32, ready to propose. CheckpointError names the file that does not fit and the remedy."""
    verify_manifest(folder)
    vocabulary = read_words(folder / WORDS)
    model = _read_model(folder)
    if model.config.text_config.vocab_size != len(vocabulary):
        raise CheckpointError(f"{folder / WORDS}: expected {model.config.text_config.vocab_size} words, got {len(vocabulary)}; {REMEDY}")
    model.set_attn_implementation("eager")
    return Checkpoint(model.eval(), vocabulary, folder.name)


def verify_manifest(folder: Path, required: tuple[str, ...] = (WEIGHTS, WORDS)) -> None:
    """Compare every file with its sha256. CheckpointError for a missing, changed or unlisted file."""
    path = folder / MANIFEST
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["sha256"]
    except FileNotFoundError as error:
        raise CheckpointError(f"{path}: expected a checkpoint folder with a manifest, found none; {REMEDY}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f'{path}: expected {{"sha256": {{file: hash}}}}, got something else; {REMEDY}') from error
    missing = [name for name in required if not isinstance(listed, dict) or name not in listed]
    if missing:
        raise CheckpointError(
            f"{path}: expected hashes of {' and '.join(required)} among others, found none of {', '.join(missing)}; {REMEDY}"
        )
    for name, expected in listed.items():
        file = folder / Path(name).name
        if not file.is_file():
            raise CheckpointError(f"{file}: named in {MANIFEST}, but not there; {REMEDY}")
        found = sha256(file)
        if found != expected:
            raise CheckpointError(f"{file}: expected sha256 {str(expected)[:12]}..., got {found[:12]}...; the file has changed; {REMEDY}")


def to_tokenizer(vocabulary: Vocabulary) -> PreTrainedTokenizerFast:
    """The words as an ordinary tokenizer of whole words, so that stock tools can use the folder."""
    words = Tokenizer(models.WordLevel(vocabulary.ids, unk_token=UNKNOWN))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(
        tokenizer_object=words,
        pad_token=PAD,
        bos_token=BOS,
        eos_token=EOS,
        unk_token=UNKNOWN,
        extra_special_tokens={"image_token": IMAGE, "separator_token": SEP},
        padding_side="left",
    )


def _write(checkpoint: Checkpoint, folder: Path) -> None:
    weights = {name: value.to(torch.bfloat16) for name, value in checkpoint.model.state_dict().items()}
    with quiet():
        checkpoint.model.save_pretrained(folder, state_dict=weights)
    to_tokenizer(checkpoint.vocabulary).save_pretrained(folder)
    write_words(checkpoint.vocabulary, folder / WORDS)


def write_words(vocabulary: Vocabulary, path: Path) -> None:
    """The vocabulary as a file beside the weights."""
    words = {"kinds": vocabulary.kinds, "language": vocabulary.language}
    path.write_text(json.dumps(words, indent=1) + "\n", encoding="utf-8")


def _sync(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_words(path: Path) -> Vocabulary:
    """The vocabulary of such a file. CheckpointError for anything else."""
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
        return Vocabulary(words["kinds"], words["language"])
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f'{path}: expected {{"kinds": [...], "language": [...]}}, got something else; {REMEDY}') from error


def _read_model(folder: Path) -> LlavaForConditionalGeneration:
    register_tower()
    return load_strictly(LlavaForConditionalGeneration, folder)


def load_strictly(kind: Any, folder: Path) -> Any:
    """`kind.from_pretrained(folder)` in float32, but every missing, unexpected or misshapen weight is an error rather than a warning."""
    try:
        with quiet():
            model, report = kind.from_pretrained(
                folder, dtype=torch.float32, local_files_only=True, use_safetensors=True, output_loading_info=True
            )
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise CheckpointError(
            f"{folder / WEIGHTS}: expected a model that can be read, got {type(error).__name__}: {str(error)[:200]}; {REMEDY}"
        ) from error
    for what in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        if report[what]:
            names = ", ".join(sorted(map(str, report[what]))[:3])
            raise CheckpointError(
                f"{folder / WEIGHTS}: expected exactly the weights of this model, got {what.replace('_', ' ')}: {names}; {REMEDY}"
            )
    return model


@contextmanager
def quiet() -> Iterator[None]:
    """No progress bars and no load report from transformers: what matters is raised."""
    bars, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
