"""How much faster K=4 grammar-bound candidates come than four samples of the stock `generate()`, on one thread, in one run.

    python benchmarks/decode.py [--checkpoint checkpoints/siren-tiny] [--scenes 30]

Both sides read the same pictures and prompts and stop when all four texts have ended; they take turns, so that load hits both.
The last line of standard output is one JSON object.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from siren.learning.web_data import grain
from siren.policy.checkpoint import Checkpoint, load_checkpoint
from siren.policy.decode import Decoder
from siren.policy.grammar import PlanGrammar
from siren.policy.model import IMAGE_TOKENS, to_pixels
from siren.policy.vocabulary import BOS, IMAGE, SEP
from siren.world.camera import Camera, layout_bodies, robot_setting
from siren.world.tasks import make_task

COUNT = 4
LONGEST = 60  # words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/siren-tiny"))
    parser.add_argument("--scenes", type=int, default=30)
    options = parser.parse_args()
    torch.set_num_threads(1)
    loaded = load_checkpoint(options.checkpoint)
    decoder, grammar = Decoder(loaded.model, loaded.vocabulary), PlanGrammar(loaded.vocabulary)
    ours, stock = [], []
    for image, prompt in scenes(options.scenes + 2, loaded):
        rng = np.random.default_rng(0)
        ours.append(seconds(lambda: decoder.decode(image, prompt, grammar, COUNT, rng)))  # noqa: B023 - called at once
        stock.append(seconds(lambda: generate(loaded, image, prompt)))  # noqa: B023
    ours_ms, stock_ms = (1000 * float(np.median(times[2:])) for times in (ours, stock))  # the first two warm up
    figures = {
        "benchmark": "decode",
        "scenes": options.scenes,
        "candidates": COUNT,
        "grammar_bound_ms": round(ours_ms, 2),
        "generate_ms": round(stock_ms, 2),
        "ratio": round(stock_ms / ours_ms, 2),
        "grammar_bound_p99_ms": round(1000 * float(np.percentile(ours[2:], 99)), 2),
        "generate_p99_ms": round(1000 * float(np.percentile(stock[2:], 99)), 2),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def scenes(count: int, loaded: Checkpoint) -> list[tuple[np.ndarray, str]]:
    """Pictures and prompts of fresh tasks."""
    found = []
    with Camera() as camera:
        for seed in range(count):
            rng = np.random.default_rng(seed)
            task = make_task(4_000_000_000 + seed)
            image = grain(rng, camera.look(layout_bodies(task), robot_setting(rng)).image)
            found.append((image, f"robot : {loaded.vocabulary.read(task.instruction)}"))
    return found


def generate(loaded: Checkpoint, image: np.ndarray, prompt: str) -> torch.Tensor:
    """Four sampled continuations by the stock method, with its cache, stopping at the end word."""
    ids = loaded.vocabulary.ids
    words = torch.tensor([[*[ids[IMAGE]] * IMAGE_TOKENS, ids[BOS], *loaded.vocabulary.encode(prompt), ids[SEP]]])
    with torch.inference_mode():
        texts: torch.Tensor = loaded.model.generate(
            input_ids=words,
            pixel_values=to_pixels(image[None]),
            attention_mask=torch.ones_like(words),
            do_sample=True,
            num_return_sequences=COUNT,
            max_new_tokens=LONGEST,
        )
    return texts


def seconds(act: Callable[[], object]) -> float:
    """Process CPU seconds of one call."""
    start = time.process_time()
    act()
    return time.process_time() - start


if __name__ == "__main__":
    main()
