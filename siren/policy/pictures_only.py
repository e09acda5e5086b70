"""The processor of a Qwen-VL checkpoint without its half for videos, which needs torchvision: pictures and text as model inputs.

It does for one picture a text what `Qwen2VLProcessor` does, so that such checkpoints can be tuned and run without that library.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import AutoTokenizer
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

FAMILIES = ("qwen2_vl", "qwen2_5_vl")


def needed_for(model_type: str) -> bool:
    """Whether the stock processor of such a model cannot be made here."""
    return model_type in FAMILIES and find_spec("torchvision") is None


class PicturesOnly:
    """An image processor and a tokenizer behind the calls that policy/stock.py makes."""

    def __init__(self, image_processor: Any, tokenizer: Any, image_token: str = "<|image_pad|>") -> None:
        self.image_processor = image_processor
        self.tokenizer = tokenizer
        self._image_token = image_token

    @classmethod
    def from_pretrained(cls, folder: Path) -> "PicturesOnly":
        """From a checkpoint folder. OSError or ValueError for what is not there or cannot be read."""
        image_processor = Qwen2VLImageProcessorPil.from_pretrained(folder, local_files_only=True)
        return cls(image_processor, AutoTokenizer.from_pretrained(folder, local_files_only=True))

    @property
    def chat_template(self) -> str | None:
        """How a question is put; None: the picture and the text alone."""
        template: str | None = self.tokenizer.chat_template
        return template

    def apply_chat_template(self, conversation: Sequence[dict[str, Any]], **settings: Any) -> Any:
        """As the tokenizer does it."""
        return self.tokenizer.apply_chat_template(conversation, **settings)

    def __call__(self, images: Sequence[Sequence[Image.Image]], text: Sequence[str], **settings: Any) -> dict[str, torch.Tensor]:
        """One picture a text; its token in the text becomes as many as the picture has parts."""
        pictures = self.image_processor(images=[picture for (picture,) in images], return_tensors="pt")
        parts = pictures["image_grid_thw"].prod(1) // self.image_processor.merge_size**2
        spread = [one.replace(self._image_token, self._image_token * int(count), 1) for one, count in zip(text, parts, strict=True)]
        words = self.tokenizer(spread, **settings)
        shown = words["input_ids"] == self.tokenizer.convert_tokens_to_ids(self._image_token)
        return {**words, **pictures, "mm_token_type_ids": shown.long()}

    def save_pretrained(self, folder: Path) -> None:
        """Both halves into the folder of the weights."""
        self.image_processor.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)
