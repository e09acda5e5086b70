"""A stock vision-language checkpoint that also writes plans: co-fine-tuning on robot samples and image-text conversations.

Both halves are questions about a picture with an answer as text, so one loss serves both (RT-2, Brohan et al., arXiv 2307.15818).
The loop is transformers' own Trainer; low-rank adapters are peft's (Hu et al., arXiv 2106.09685) and are merged before saving,
so that the result is an ordinary folder.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from torch import distributed
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from siren.core.errors import DataError
from siren.core.plan import write_plan
from siren.learning.conversations import Conversation, load_picture
from siren.learning.safety import DENIED, Guard, core_checker
from siren.learning.samples import RobotSample
from siren.learning.sharded import Course, train_sharded
from siren.learning.web_data import grain
from siren.policy.stock import QUESTION, Stock, load_stock, save_stock
from siren.world.camera import Camera, layout_bodies, robot_setting
from siren.world.expert import careless_plan
from siren.world.tasks import make_task, nominal_scene


class Lesson(NamedTuple):
    """A picture (uint8 (height, width, 3)), a question about it, and the answer to be learned."""

    image: np.ndarray
    question: str
    answer: str


@dataclass(frozen=True)
class TuningConfig:
    """How long and how. `low_rank` 0 trains every weight; otherwise it is the rank of the adapters."""

    steps: int = 200
    batch: int = 4
    rate: float = 1e-4
    low_rank: int = 0
    bfloat16: bool = False
    checkpointing: bool = False  # gradients are computed anew instead of kept: less memory, more time
    compiled: bool = False
    web_share: float = 0.5
    seed: int = 0
    workers: int = 1  # processes, each with a batch of its own
    sharded: bool = False  # each process holds a part of the weights instead of all (learning/sharded.py)
    rules: Path | None = None  # folder whose core no plan may break; None: only texts are guarded
    denied: tuple[str, ...] = DENIED  # phrases that are never learned


Listener = Callable[[int, float], None]  # steps done, loss of the last


class TuningReport(NamedTuple):
    """What a run did: mean loss of the first and of the last tenth of the steps."""

    path: Path
    steps: int
    trained_weights: int
    loss_before: float
    loss_after: float
    dropped: dict[str, int]  # samples that were not learned from, by reason


def tune(
    base: Path, robot: Sequence[RobotSample], web: Sequence[Conversation], out: Path, config: TuningConfig, listener: Listener | None = None
) -> TuningReport:
    """Fine-tune the checkpoint in `base` on both halves and save it to `out`. CheckpointError or DataError for what cannot be used."""
    stock = load_stock(base)
    guard = Guard(core_checker(config.rules) if config.rules else None, config.denied)
    safe = [sample for sample in robot if guard.allows(sample.instruction, sample.plan)]
    told = [lesson for lesson in web_lessons(web) if guard.allows(f"{lesson.question} {lesson.answer}")]
    lessons = mixed(robot_lessons(safe), told, config)
    model = _adapted(stock.model, config)
    trained = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
    teach = _train_sharded if config.sharded else _train
    losses, weights = teach(Stock(model, stock.processor, stock.name), lessons, config, listener)
    if weights is not None:
        if config.sharded:
            model = _adapted(load_stock(base).model, config)
            model.load_state_dict(weights, strict=True)
        save_stock(Stock(model.merge_and_unload() if config.low_rank else model, stock.processor, out.name), out)
    tenth = max(1, len(losses) // 10)
    return TuningReport(out, len(losses), trained, float(np.mean(losses[:tenth])), float(np.mean(losses[-tenth:])), dict(guard.dropped))


def _adapted(model: Any, config: TuningConfig) -> Any:
    """The model, with adapters where that was asked for."""
    if not config.low_rank:
        return model
    # Attention and feed-forward of any of these classes are linear layers; heads stay as they are.
    adapters = LoraConfig(r=config.low_rank, lora_alpha=2 * config.low_rank, target_modules="all-linear", bias="none")
    return get_peft_model(model, adapters)


def robot_lessons(samples: Sequence[RobotSample]) -> list[Lesson]:
    """Instructions as RT-2's question, plans as people read them."""
    return [Lesson(one.image, QUESTION.format(instruction=one.instruction), write_plan(one.plan)) for one in samples]


def web_lessons(conversations: Sequence[Conversation], pixels: int = 224) -> Iterator[Lesson]:
    """Every exchange of every conversation, its picture cut to a square."""
    for conversation in conversations:
        image = load_picture(conversation.image, pixels)
        yield from (Lesson(image, exchange.question, exchange.answer) for exchange in conversation.exchanges)


def mixed(robot: list[Lesson], web: list[Lesson], config: TuningConfig) -> list[Lesson]:
    """As many lessons as the run needs, web ones at their exact share, each half in a shuffled order that repeats only when used up."""
    if not robot and not web:
        raise DataError("expected robot samples or conversations to learn from, got neither; raise --scenes or name --conversations")
    share = config.web_share if robot and web else float(bool(web))
    count = config.steps * config.batch * config.workers
    from_web = round(count * share)
    rng = np.random.default_rng([config.seed, 61])
    halves = [*_drawn(web, from_web, rng), *_drawn(robot, count - from_web, rng)]
    return [halves[number] for number in rng.permutation(count)]


def careless_samples(rng: np.random.Generator, count: int) -> list[RobotSample]:
    """Rendered tasks with the plan of one who can reach and grasp but knows no law."""
    samples: list[RobotSample] = []
    with Camera() as camera:
        while len(samples) < count:
            task = make_task(int(rng.integers(2**31)))
            picture = camera.look(layout_bodies(task), robot_setting(rng))
            plan = careless_plan(task, nominal_scene(task), rng)
            samples.append(RobotSample(grain(rng, picture.image), task.instruction, plan))
    return samples


def _drawn(lessons: list[Lesson], count: int, rng: np.random.Generator) -> Iterator[Lesson]:
    order: list[int] = []
    for _ in range(count):
        order = order or rng.permutation(len(lessons)).tolist()
        yield lessons[order.pop()]


class _Telling(TrainerCallback):  # type: ignore[misc]
    """Says the loss of every step to a listener."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def on_log(self, _: TrainingArguments, state: TrainerState, control: TrainerControl, **__: object) -> None:
        if "loss" in state.log_history[-1]:
            self._listener(state.global_step, float(state.log_history[-1]["loss"]))


def _train(
    stock: Stock, lessons: list[Lesson], config: TuningConfig, listener: Listener | None
) -> tuple[list[float], dict[str, Any] | None]:
    """One pass over the lessons: the loss of every step, and the weights where this process is the first of its kind."""

    def collate(rows: list[Lesson]) -> dict[str, Any]:
        images, questions, answers = zip(*rows, strict=True)
        return stock.encode_taught(images, questions, answers)

    with tempfile.TemporaryDirectory(prefix="siren-tuning-") as aside:
        arguments = TrainingArguments(
            output_dir=aside,
            max_steps=config.steps,
            per_device_train_batch_size=config.batch,
            learning_rate=config.rate,
            lr_scheduler_type="cosine",
            warmup_steps=max(1, config.steps // 20),
            bf16=config.bfloat16,
            activation_checkpointing=config.checkpointing,
            torch_compile=config.compiled,
            seed=config.seed,
            logging_steps=1,
            save_strategy="no",
            report_to="none",
            remove_unused_columns=False,
            dataloader_pin_memory=torch.cuda.is_available(),
            disable_tqdm=True,
            use_cpu=not torch.cuda.is_available(),
        )
        trainer = Trainer(model=stock.model, args=arguments, train_dataset=lessons, data_collator=collate)
        trainer.remove_callback(PrinterCallback)
        if listener is not None:
            trainer.add_callback(_Telling(listener))
        trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    return losses, stock.model.state_dict() if trainer.is_world_process_zero() else None


def _train_sharded(
    stock: Stock, lessons: list[Lesson], config: TuningConfig, listener: Listener | None
) -> tuple[list[float], dict[str, Any] | None]:
    """The same in processes that each hold a part of the weights; process k takes every k-th lesson of a step."""
    course = Course(config.steps, config.rate, config.bfloat16, config.checkpointing, config.compiled)
    mine = lessons[distributed.get_rank() :: config.workers] if distributed.is_initialized() else lessons

    def feed(number: int) -> dict[str, torch.Tensor]:
        images, questions, answers = zip(*mine[number * config.batch : (number + 1) * config.batch], strict=True)
        return stock.encode_taught(images, questions, answers)

    return train_sharded(stock.model, feed, course, listener)
