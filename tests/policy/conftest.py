"""A small untrained model with a few words: enough for everything but being right."""

import numpy as np
import pytest
import torch

from siren.policy.checkpoint import Checkpoint
from siren.policy.model import ModelConfig, build_model
from siren.policy.vocabulary import Vocabulary

SMALL = ModelConfig(width=64, vision_layers=1, text_layers=2, heads=2, feed_forward=64, stem=16)
KINDS = ("egg", "cola_can", "box", "lid", "die")
WORDS = ("robot", ":", "question", "where", "is", "pick", "up", "the", "put", "in", "on", "something", "that", "a", "fruit")


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary(KINDS, WORDS)


@pytest.fixture(scope="session")
def checkpoint(vocabulary: Vocabulary) -> Checkpoint:
    torch.set_num_threads(1)
    return Checkpoint(build_model(SMALL, vocabulary, seed=0).eval(), vocabulary, "small")


@pytest.fixture
def image() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (96, 96, 3)).astype(np.uint8)
