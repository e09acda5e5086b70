"""Tiny random checkpoints of stock vision-language classes, saved as ordinary folders: no model hub is asked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers as hf
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from siren.policy.pictures_only import PicturesOnly

TEXT = {
    "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 2,
    "head_dim": 32, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "vocab_size": 320,
}  # fmt: skip
VISION = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 28}
CHAT = (
    "{% for m in messages %}{{ m['role'] }}: {% for c in m['content'] %}{% if c['type'] == 'image' %}<image>"
    "{% else %}{{ c['text'] }}{% endif %}{% endfor %}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"
)


def tokenizer(*special: str) -> Any:
    """Bytes and a few merges, with the special words of a family."""
    words = Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<pad>", "<s>", "</s>", *special], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    words.train_from_iterator(["pick egg from top | move to 0.412 -0.103 0.031 rotate 0 180 45 speed slow force gentle"], trainer)
    return hf.PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", bos_token="<s>", eos_token="</s>", additional_special_tokens=list(special)
    )


def llava() -> tuple[Any, Any]:
    words = tokenizer("<image>")
    config = hf.LlavaConfig(
        vision_config=hf.CLIPVisionConfig(**VISION, patch_size=14),
        text_config=hf.LlamaConfig(**TEXT),
        image_token_index=words.convert_tokens_to_ids("<image>"),
        image_seq_length=4,
    )
    eye = hf.CLIPImageProcessorPil(size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28})
    processor = hf.LlavaProcessor(
        eye, words, patch_size=14, vision_feature_select_strategy="default", num_additional_image_tokens=1, chat_template=CHAT
    )
    return hf.LlavaForConditionalGeneration(config), processor


def paligemma() -> tuple[Any, Any]:
    words = tokenizer("<image>")
    config = hf.PaliGemmaConfig(
        vision_config=hf.SiglipVisionConfig(**VISION, patch_size=14, projection_dim=64),
        text_config=hf.GemmaConfig(**TEXT),
        image_token_index=words.convert_tokens_to_ids("<image>"),
        projection_dim=64,
        hidden_size=64,
    )
    eye = hf.SiglipImageProcessorPil(size={"height": 28, "width": 28})
    eye.image_seq_length = 4
    return hf.PaliGemmaForConditionalGeneration(config), hf.PaliGemmaProcessor(eye, words)


def idefics3() -> tuple[Any, Any]:
    words = tokenizer("<image>", "<fake_token_around_image>", "<global-img>", "<end_of_utterance>")
    config = hf.Idefics3Config(
        vision_config=hf.Idefics3VisionConfig(**VISION, patch_size=7),
        text_config=hf.LlamaConfig(**TEXT),
        image_token_id=words.convert_tokens_to_ids("<image>"),
        scale_factor=2,
        pad_token_id=0,
    )
    eye = hf.Idefics3ImageProcessorPil(size={"longest_edge": 28}, max_image_size={"longest_edge": 28}, do_image_splitting=False)
    return hf.Idefics3ForConditionalGeneration(config), hf.Idefics3Processor(eye, words, image_seq_len=4, chat_template=CHAT)


def qwen2_vl() -> tuple[Any, Any]:
    words = tokenizer("<|vision_start|>", "<|image_pad|>", "<|vision_end|>", "<|video_pad|>")
    number = words.convert_tokens_to_ids
    text = {name: value for name, value in TEXT.items() if name != "head_dim"}
    config = hf.Qwen2VLConfig(
        vision_config={
            "depth": 2, "embed_dim": 32, "hidden_size": 64, "num_heads": 2, "mlp_ratio": 2, "patch_size": 7, "spatial_merge_size": 2,
        },
        text_config=text | {"rope_parameters": {"rope_type": "default", "mrope_section": [4, 6, 6], "rope_theta": 10000.0}},
        image_token_id=number("<|image_pad|>"),
        video_token_id=number("<|video_pad|>"),
        vision_start_token_id=number("<|vision_start|>"),
        vision_end_token_id=number("<|vision_end|>"),
    )  # fmt: skip
    eye = Qwen2VLImageProcessorPil(patch_size=7, merge_size=2, size={"shortest_edge": 784, "longest_edge": 784})
    words.chat_template = CHAT.replace("<image>", "<|vision_start|><|image_pad|><|vision_end|>")
    return hf.Qwen2VLForConditionalGeneration(config), PicturesOnly(eye, words)


FAMILIES: dict[str, Callable[[], tuple[Any, Any]]] = {"llava": llava, "paligemma": paligemma, "idefics3": idefics3, "qwen2_vl": qwen2_vl}


def save(family: str, folder: Path) -> Path:
    """A random checkpoint of that family, the same every time."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        model, processor = FAMILIES[family]()
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder
