"""Configurations as an untrained vision-language-action model, made of stock transformers classes.

A SigLIP tower (2 layers, 128 wide, 64 tokens of 12 x 12 pixels behind a small convolutional stem) and a Llama decoder (3 layers,
128 wide) joined as `LlavaForConditionalGeneration`. 1.7 million weights. The tower's class `siren_vision` is registered
by name when this module is imported, so that `from_pretrained` finds it and never needs code from a checkpoint.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from transformers import (
    AutoConfig,
    AutoModel,
    GenerationConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    SiglipVisionConfig,
    SiglipVisionModel,
)

from siren.policy.vocabulary import BOS, EOS, IMAGE, PAD, PLACES, TURNS, Vocabulary

PIXELS = 96
PATCH = 12
GRID = PIXELS // PATCH
IMAGE_TOKENS = GRID * GRID
PIXEL_MEAN, PIXEL_SPREAD = 127.0, 64.0
EMBEDDING_SPREAD = 0.05


class SirenVisionConfig(SiglipVisionConfig):  # type: ignore[misc]
    """SigLIP's configuration plus the width of the stem."""

    model_type = "siren_vision"
    stem: int = 48

    def __init__(self, stem: int = 48, **settings: object) -> None:
        super().__init__(**settings)
        self.stem = stem


class Stem(nn.Module):
    """Images as 8 x 8 patch features through overlapping convolutions with strides 3, 2 and 2."""

    def __init__(self, width: int, channels: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for stride, size, after in ((3, 5, channels), (2, 3, 2 * channels), (2, 3, 4 * channels), (1, 3, 4 * channels)):
            layers += [nn.Conv2d(before, after, size, stride, 1), nn.GroupNorm(8, after), nn.GELU()]
            before = after
        self.net = nn.Sequential(*layers, nn.Conv2d(before, width, 1))

    @property
    def weight(self) -> torch.Tensor:
        """SigLIP asks its patch layer for the data type of its weight."""
        last: nn.Conv2d = self.net[-1]  # type: ignore[assignment]
        return last.weight

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """pixels: float, (batch, 3, 96, 96). Returns (batch, width, 8, 8)."""
        features: torch.Tensor = self.net(pixels.contiguous(memory_format=torch.channels_last))
        return features


class SirenVisionModel(SiglipVisionModel):  # type: ignore[misc]
    """SigLIP with the convolutional stem in place of its one patch convolution."""

    config_class = SirenVisionConfig

    def __init__(self, config: SirenVisionConfig) -> None:
        super().__init__(config)
        self.embeddings.patch_embedding = Stem(config.hidden_size, config.stem)


def register_tower() -> None:
    """Make the tower known to transformers by its name. Building and loading both need it; twice is once."""
    AutoConfig.register("siren_vision", SirenVisionConfig, exist_ok=True)
    AutoModel.register(SirenVisionConfig, SirenVisionModel, exist_ok=True)


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of the model. The defaults are the trained checkpoint's; tests take smaller ones."""

    width: int = 128
    vision_layers: int = 2
    text_layers: int = 3
    heads: int = 4
    feed_forward: int = 384
    stem: int = 48


def build_model(config: ModelConfig, vocabulary: Vocabulary, seed: int) -> LlavaForConditionalGeneration:
    """An untrained model whose start is known to learn fast. Weights depend on the seed alone."""
    register_tower()
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = LlavaForConditionalGeneration(_llava_config(config, vocabulary))
    model.set_attn_implementation("eager")  # with a 4D mask on a CPU 1.7 times as fast as SDPA
    ids = vocabulary.ids
    model.generation_config = GenerationConfig(bos_token_id=ids[BOS], eos_token_id=ids[EOS], pad_token_id=ids[PAD])
    with torch.no_grad():
        _start_positions(model, config.width)
        _start_embeddings(model, vocabulary, generator)
        _start_attention(model, config.width, generator)
    model.tie_weights()
    return model


def to_pixels(images: np.ndarray) -> torch.Tensor:
    """uint8 images (batch, 96, 96, 3) as float (batch, 3, 96, 96), about -2 to 2."""
    return (torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float() - PIXEL_MEAN) / PIXEL_SPREAD


def require_image(image: np.ndarray) -> np.ndarray:
    """The image as it is. ValueError unless it is uint8 (96, 96, 3)."""
    if image.shape != (PIXELS, PIXELS, 3) or image.dtype != np.uint8:
        raise ValueError(
            f"expected an image uint8 ({PIXELS}, {PIXELS}, 3), got {image.dtype} {image.shape}; take it with the world's camera"
        )
    return image


def give_own_head(model: LlavaForConditionalGeneration) -> None:
    """From here on what is said is scored by weights of their own, at first copies of the word embeddings; nothing if there are some."""
    if model.config.tie_word_embeddings:
        model.config.tie_word_embeddings = model.config.text_config.tie_word_embeddings = False
        model.lm_head.weight = nn.Parameter(model.lm_head.weight.detach().clone())


def image_tokens(model: LlavaForConditionalGeneration, pixels: torch.Tensor) -> torch.Tensor:
    """What the decoder sees of each image: (batch, 64, width)."""
    features = model.model.get_image_features(pixels, vision_feature_layer=-1, vision_feature_select_strategy="full")
    return torch.stack(list(features.pooler_output))


def _llava_config(config: ModelConfig, vocabulary: Vocabulary) -> LlavaConfig:
    ids = vocabulary.ids
    vision = SirenVisionConfig(
        stem=config.stem,
        hidden_size=config.width,
        intermediate_size=int(config.width * 2.67) // 16 * 16,
        num_hidden_layers=config.vision_layers,
        num_attention_heads=config.heads,
        image_size=PIXELS,
        patch_size=PATCH,
        vision_use_head=False,
    )
    text = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=config.width,
        intermediate_size=config.feed_forward,
        num_hidden_layers=config.text_layers,
        num_attention_heads=config.heads,
        num_key_value_heads=config.heads,
        head_dim=config.width // config.heads,
        max_position_embeddings=1024,
        pad_token_id=ids[PAD],
        bos_token_id=ids[BOS],
        eos_token_id=ids[EOS],
        tie_word_embeddings=True,
    )
    return LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=ids[IMAGE],
        vision_feature_layer=-1,
        vision_feature_select_strategy="full",
        image_seq_length=IMAGE_TOKENS,
        tie_word_embeddings=True,
    )


def _start_positions(model: LlavaForConditionalGeneration, width: int) -> None:
    """Sines and cosines of row and column as the tower's first position embedding."""
    row, column = torch.meshgrid(torch.arange(GRID).float(), torch.arange(GRID).float(), indexing="ij")
    waves = 1 / (100 ** (torch.arange(width // 4) / (width // 4)))
    codes = [wave(axis.flatten()[:, None] * waves) for axis in (row, column) for wave in (torch.sin, torch.cos)]
    model.model.vision_tower.embeddings.position_embedding.weight.copy_(torch.cat(codes, 1) * 0.5)


def _start_embeddings(model: LlavaForConditionalGeneration, vocabulary: Vocabulary, generator: torch.Generator) -> None:
    """Numbers that are near each other get codes that are near each other; every axis its own rotation."""
    table = model.get_input_embeddings().weight
    width = table.shape[1]
    table.normal_(0, EMBEDDING_SPREAD, generator=generator)
    length = EMBEDDING_SPREAD * width**0.5
    places, waves = torch.arange(PLACES)[:, None] / PLACES, torch.arange(1, width // 2 + 1)
    smooth = torch.cat([torch.sin(math.pi * places * waves), torch.cos(math.pi * places * waves)], 1) / (1 + 0.15 * waves.repeat(2))
    for axis in "xyz":
        rotated = smooth @ torch.linalg.qr(torch.randn(width, width, generator=generator))[0]
        table[vocabulary.axis(axis)] = rotated / rotated.norm(dim=1, keepdim=True) * length
    angle = torch.arange(TURNS)[:, None] * math.pi / TURNS
    circles = torch.cat([torch.cat([torch.cos(2 * k * angle), torch.sin(2 * k * angle)], 1) / k for k in range(1, 7)], 1)
    turned = circles @ torch.linalg.qr(torch.randn(width, width, generator=generator))[0][: circles.shape[1]]
    table[vocabulary.axis("r")] = turned / turned.norm(dim=1, keepdim=True) * length


def _start_attention(model: LlavaForConditionalGeneration, width: int, generator: torch.Generator) -> None:
    """Keys equal queries at first, so that a word looks at image tokens that carry the same word; values pass through."""
    for layer in model.model.language_model.layers:
        attention = layer.self_attn
        attention.q_proj.weight.normal_(0, width**-0.5, generator=generator)
        attention.k_proj.weight.copy_(attention.q_proj.weight)
        attention.v_proj.weight.normal_(0, width**-0.5, generator=generator)
        attention.o_proj.weight.copy_(attention.v_proj.weight.T * 0.5)
