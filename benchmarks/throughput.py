"""How many texts a second training reads, against a plain loop of the transformers Trainer on the same model and data.

    python -m benchmarks.throughput [--scenes 60] [--steps 12]

Ours packs four texts behind one picture and looks at it once; the plain loop has a picture for every text. Both take turns in one process,
on one thread, and are timed in processor seconds. The plain loop learns words alone, ours also what each image token shows. The last
line of standard output is one JSON object.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from transformers import Trainer as PlainTrainer
from transformers import TrainingArguments

from siren.learning.packing import NO_TARGET, prompt_ids
from siren.learning.robot_data import policy_vocabulary, robot_row
from siren.learning.samples import Row, Text
from siren.learning.trainer import Rates, Trainer, faster_precision
from siren.learning.web_data import web_row
from siren.policy.model import IMAGE_TOKENS, ModelConfig, build_model, to_pixels
from siren.policy.vocabulary import EOS, IMAGE, PAD, Vocabulary
from siren.world.camera import Camera

ROWS, TEXTS = 24, 4
ROUNDS = 3


class Lesson(NamedTuple):
    """One text about one picture."""

    image: np.ndarray  # uint8, (96, 96, 3), RGB
    text: Text


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=60)
    parser.add_argument("--steps", type=int, default=12, help="of each side in each of three rounds")
    options = parser.parse_args()
    torch.set_num_threads(1)
    vocabulary = policy_vocabulary()
    rows = pictures(options.scenes, vocabulary)
    ours, plain = [], []
    for _ in range(ROUNDS):
        ours.append(packed(rows, vocabulary, options.steps))
        plain.append(one_by_one(rows, vocabulary, options.steps))
    best, stock = float(np.median(ours)), float(np.median(plain))
    sys.stdout.write(
        json.dumps(
            {
                "benchmark": "throughput",
                "packed_texts_per_cpu_s": round(best, 1),
                "plain_trainer_texts_per_cpu_s": round(stock, 1),
                "ratio": round(best / stock, 2),
            }
        )
        + "\n"
    )


def pictures(count: int, vocabulary: Vocabulary) -> list[Row]:
    """Half of the robot's data, half of the web's, four texts each."""
    rng = np.random.default_rng(0)
    with Camera() as camera:
        rows = [robot_row(rng, camera, vocabulary) if number % 2 else web_row(rng, camera) for number in range(count)]
    return [row.__class__(row.image, row.texts[:TEXTS], row.regions) for row in rows]


def packed(rows: Sequence[Row], vocabulary: Vocabulary, steps: int) -> float:
    """Texts a processor second by SIREN's trainer."""
    trainer = Trainer(build_model(ModelConfig(), vocabulary, 0).train(), vocabulary, Rates())
    batches = [[rows[(number * ROWS + place) % len(rows)] for place in range(ROWS)] for number in range(steps + 1)]
    trainer.step(batches[0])  # warms up
    start = time.process_time()
    for batch in batches[1:]:
        trainer.step(batch)
    return sum(len(row.texts) for batch in batches[1:] for row in batch) / (time.process_time() - start)


def one_by_one(rows: Sequence[Row], vocabulary: Vocabulary, steps: int) -> float:
    """Texts a processor second by the plain loop, in batches of as many texts as ours has rows."""
    lessons = [Lesson(row.image, text) for row in rows for text in row.texts]
    with tempfile.TemporaryDirectory() as folder:
        return _clocked(lessons, vocabulary, steps, Path(folder))


def _clocked(lessons: list[Lesson], vocabulary: Vocabulary, steps: int, folder: Path) -> float:
    arguments = TrainingArguments(
        output_dir=str(folder),
        max_steps=steps,
        per_device_train_batch_size=ROWS,
        use_cpu=True,
        bf16=faster_precision() is torch.bfloat16,
        report_to=[],
        save_strategy="no",
        logging_strategy="no",
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_num_workers=0,
    )
    trainer = PlainTrainer(
        model=build_model(ModelConfig(), vocabulary, 0).train(),
        args=arguments,
        train_dataset=lessons,  # type: ignore[arg-type]  # a list has a length and gives what is at a place
        data_collator=lambda batch: _collated(batch, vocabulary),
    )
    start = time.process_time()
    trainer.train()
    return steps * ROWS / (time.process_time() - start)


def _collated(batch: Sequence[Lesson], vocabulary: Vocabulary) -> dict[str, Any]:
    """Picture tokens, prompt and answer of each text, padded at the end; only answers are labels."""
    prompts = [[vocabulary.ids[IMAGE]] * IMAGE_TOKENS + prompt_ids(lesson.text.prompt, vocabulary) for lesson in batch]
    answers = [[*vocabulary.encode(lesson.text.answer), vocabulary.ids[EOS]] for lesson in batch]
    length = max(len(prompt) + len(answer) for prompt, answer in zip(prompts, answers, strict=True))
    words = torch.full((len(batch), length), vocabulary.ids[PAD])
    labels = torch.full((len(batch), length), NO_TARGET)
    for number, (prompt, answer) in enumerate(zip(prompts, answers, strict=True)):
        words[number, : len(prompt) + len(answer)] = torch.tensor(prompt + answer)
        labels[number, len(prompt) : len(prompt) + len(answer)] = torch.tensor(answer)
    pixels = to_pixels(np.stack([lesson.image for lesson in batch]))
    return {"input_ids": words, "attention_mask": (words != vocabulary.ids[PAD]).long(), "labels": labels, "pixel_values": pixels}


if __name__ == "__main__":
    main()
