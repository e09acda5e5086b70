"""Batches as better weights: one optimisation step at a time, on one thread, in the faster precision.

`Trainer.step(rows)` does not know where its rows come from; `fine_tune` feeds it corrections, rehearsal and web rows by thirds.
"""

import time
import timeit
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import LlavaForConditionalGeneration

from siren.core.action import FORCES, SPEEDS
from siren.core.errors import CheckpointError
from siren.learning.muon import Muon
from siren.learning.packing import NO_TARGET, Packed, pack, region_tensor
from siren.learning.regions import RegionLosses, region_losses
from siren.learning.samples import RobotSample, Row, WebSample
from siren.learning.team import ALONE, Team
from siren.policy.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from siren.policy.model import IMAGE_TOKENS, give_own_head, image_tokens, to_pixels
from siren.policy.vocabulary import EOS, PLACES, TURNS, Vocabulary

AXES = {"turn": "r", "spot": "xy"}  # number words by the name that all those of an axis have below
# Few texts hold a turn, and it is the last thing that is learned.
PRETRAINING = {"turn": 3.0}
# What corrections are about is said in few of a plan's words; where something is put aside stands in no picture, it is learned by heart.
FINE_TUNING = {"turn": 2.0, "spot": 2.0, ";": 3.0, EOS: 3.0} | dict.fromkeys(
    (*SPEEDS, *FORCES, "pick", "place", "stack", "open", "push", "tip"), 4.0
)
# In a batch: corrections, rehearsal, web rows, what is to be kept. With so many corrections 0.88 of 200 came true afterwards, with six of
# each 0.77, before the eye was kept; today 0.90 do (docs/experiments.md).
FINE_ROWS = (12, 4, 4, 4)
NUMBER_SPREAD = 1.2  # grid steps: a neighbour's number is nearly right


@dataclass(frozen=True)
class Rates:
    """Learning rates: Muon for the matrices, AdamW for embeddings, norms and convolutions."""

    matrices: float = 0.015
    rest: float = 2e-3


@dataclass(frozen=True)
class StepLosses:
    """Mean nats of one batch; regions are 0 where no row has labels."""

    words: float
    numbers: float
    regions: float
    kind_right: float


@dataclass(frozen=True)
class FineTuneReport:
    """What one fine-tuning did."""

    path: Path
    steps: int
    seconds: float  # process CPU seconds
    losses: tuple[StepLosses, ...]  # about ten, evenly spread


class TrainerState(TypedDict):
    """What a training goes on from: tensors and numbers only, so that it can be read without running anything."""

    model: dict[str, torch.Tensor]
    optimisers: list[dict[str, Any]]  # as torch gives and takes them
    rates: list[float]
    steps: int


class Trainer:
    """Holds a model and its optimisers."""

    def __init__(
        self,
        model: LlavaForConditionalGeneration,
        vocabulary: Vocabulary,
        rates: Rates,
        emphasis: Mapping[str, float] | None = None,
        *,
        team: Team = ALONE,
        precision: torch.dtype | None = None,
    ) -> None:
        """`emphasis`: how much more than 1 the loss of these words counts, or of all number words of AXES. `team`: those who train the same
        model, each with rows of its own. `precision`: of products; None takes the faster one, which another day may not be the same.
        """
        self.model = model
        self.vocabulary = vocabulary
        self.steps = 0
        self.restart(rates)
        self._team = team
        self._precision = faster_precision() if precision is None else precision
        self._weights = _word_weights(vocabulary, PRETRAINING if emphasis is None else emphasis)
        self._targets = _number_targets(vocabulary)
        self._numbers = slice(vocabulary.axis("x").start, vocabulary.axis("r").stop)

    def restart(self, rates: Rates) -> None:
        """Forget all momentum and go on at other rates."""
        self._optimisers = _optimisers(self.model, rates)
        self._rates = (rates.matrices, rates.rest)

    def keep_eye(self) -> None:
        """The eye stays as it is from here on: for steps on what was `seen` before. Momentum is forgotten.

        What it shows is read by the embeddings of words (policy/sightings.py), so these stay too. While they were trained, weights that
        had learned from 183 corrections saw three times as many things that are not there. What is said is scored by a head of its own
        instead, which learns: after 180 steps 145 of 200 corrections come true with it, 127 without (docs/experiments.md).
        """
        self.model.get_input_embeddings().requires_grad_(False)
        give_own_head(self.model)
        self.restart(Rates(*self._rates))

    @property
    def state(self) -> TrainerState:
        """All that the next step depends on, besides its rows."""
        return {
            "model": self.model.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self._optimisers],
            "rates": list(self._rates),
            "steps": self.steps,
        }

    def resume(self, state: TrainerState) -> None:
        """Go on where that state was taken. RuntimeError when it is another model's."""
        self.model.load_state_dict(state["model"])
        self.restart(Rates(*state["rates"]))
        for optimiser, before in zip(self._optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(before)
        self.steps = state["steps"]

    def step(self, rows: Sequence[Row], scale: float = 1.0, seen: torch.Tensor | None = None) -> StepLosses:
        """One update on the texts and the labelled regions of these rows. `scale` multiplies the learning rates.

        `seen`: image tokens (rows, 64, width) computed before; then the eye is left as it is, and regions are not looked at.
        """
        batch = pack(rows, self.vocabulary)
        answered = batch.targets != NO_TARGET
        with self._autocast():
            hidden, tokens = self._forward(batch) if seen is None else (self._read(batch, seen), None)
            scores = self.model.lm_head(hidden[answered]).float()
        losses, number = self._text_losses(scores, batch.targets[answered])
        weights = self._weights[batch.targets[answered]]
        loss = (losses * weights).sum() / weights.sum()
        excess, right = 0.0, 0.0
        if batch.regions is not None and tokens is not None:
            regions = self._region_losses(tokens[batch.labelled], batch.regions)
            loss, excess, right = loss + regions.total, float(regions.total.detach()), regions.kind_right
        self._update(loss, scale)
        return StepLosses(_mean(losses[~number]), _mean(losses[number]), excess, right)

    def look(self, rows: Sequence[Row], scale: float = 1.0) -> StepLosses:
        """One update of the eye alone: regions, no text. Every row must be labelled."""
        pixels = to_pixels(np.stack([row.image for row in rows]))
        labels = region_tensor(rows)
        with self._autocast():
            regions = self._region_losses(image_tokens(self.model, pixels), labels)
        self._update(regions.total, scale)
        return StepLosses(0.0, 0.0, float(regions.total.detach()), regions.kind_right)

    def answer_scores(self, batch: Packed, seen: torch.Tensor) -> torch.Tensor:
        """Scores (answer words, vocabulary) of every word of the answers, row by row, behind image tokens seen before."""
        with self._autocast():
            scores: torch.Tensor = self.model.lm_head(self._read(batch, seen)[batch.targets != NO_TARGET]).float()
        return scores

    def descend(self, loss: torch.Tensor, scale: float = 1.0) -> None:
        """One update down the slope of a loss that was made of `answer_scores`."""
        self._update(loss, scale)

    def see(self, images: Sequence[np.ndarray]) -> torch.Tensor:
        """Image tokens (images, 64, width) as the eye sees them now, for `step(seen=...)`."""
        with torch.no_grad():
            parts = [image_tokens(self.model, to_pixels(np.stack(images[n : n + 50]))) for n in range(0, len(images), 50)]
        return torch.cat([part.reshape(-1, IMAGE_TOKENS, part.shape[-1]) for part in parts])

    def _autocast(self) -> torch.autocast:
        return torch.autocast("cpu", torch.bfloat16, enabled=self._precision is torch.bfloat16)

    def _forward(self, batch: Packed) -> tuple[torch.Tensor, torch.Tensor]:
        """Hidden states (rows, L, width), and image tokens (rows, 64, width)."""
        tokens = image_tokens(self.model, batch.pixels).float()
        return self._read(batch, tokens), tokens

    def _read(self, batch: Packed, seen: torch.Tensor) -> torch.Tensor:
        words = self.model.get_input_embeddings()(batch.words[:, IMAGE_TOKENS:])
        hidden: torch.Tensor = self.model.model.language_model(
            inputs_embeds=torch.cat([seen, words], 1), attention_mask=batch.mask, position_ids=batch.positions, use_cache=False
        ).last_hidden_state
        return hidden

    def _region_losses(self, tokens: torch.Tensor, labels: torch.Tensor) -> RegionLosses:
        shape = (len(labels), -1, tokens.shape[-1])
        drawn = torch.Generator().manual_seed(self.steps * self._team.size + self._team.rank)
        return region_losses(tokens.reshape(shape), labels, self.model.get_input_embeddings().weight, self.vocabulary, drawn)

    def _text_losses(self, scores: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Nats of each word, and which are numbers: those are held against a narrow bell around the right one."""
        number = (targets >= self._numbers.start) & (targets < self._numbers.stop)
        losses = functional.cross_entropy(scores, targets, reduction="none")
        wanted = self._targets[targets[number] - self._numbers.start]
        losses[number] = -(wanted * functional.log_softmax(scores[number], -1)[:, self._numbers]).sum(-1)
        return losses, number

    def _update(self, loss: torch.Tensor, scale: float) -> None:
        loss.backward()  # type: ignore[no-untyped-call]
        self._team.average(self.model.parameters())
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser, rate in zip(self._optimisers, self._rates, strict=True):
            for group in optimiser.param_groups:
                group["lr"] = rate * scale
            optimiser.step()
        self.model.zero_grad(set_to_none=True)
        self.steps += 1


def faster_precision() -> torch.dtype:
    """bfloat16 where this processor multiplies it faster than float32 (1.6 to 25 times slower without its instructions), else float32."""

    def seconds(kind: torch.dtype) -> float:
        left, right = torch.ones(256, 128, dtype=kind), torch.ones(128, 384, dtype=kind)
        return min(timeit.repeat(lambda: left @ right, number=1, repeat=8))

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # several wait for each other on a busy machine, and the wait is all that is measured
    try:
        return min((torch.float32, torch.bfloat16), key=seconds)
    finally:
        torch.set_num_threads(threads)


def fine_tune(
    checkpoint: Path,
    corrections: Sequence[RobotSample],
    rehearsal: Sequence[RobotSample],
    web: Sequence[WebSample | Row],
    out: Path,
    *,
    kept: Sequence[Row] = (),
    steps: int,
    seed: int,
    rates: Rates = Rates(matrices=0.004, rest=1e-3),
    progress: Callable[[float, StepLosses], None] | None = None,
) -> FineTuneReport:
    """Weights that also know the corrections, saved as a new checkpoint folder `out`.

    A batch has FINE_ROWS of corrections, rehearsal, web rows and what is to be `kept` (learning/keepsakes.py); a group that is empty is
    left out, but corrections must be there. The eye is kept: what it sees is computed once, and a step takes a third of the
    time. Equal steps and seeds give equal weights on one machine.
    `progress` hears the share done (0 to 1) and the losses of a step.
    """
    if not corrections:
        raise CheckpointError("expected at least one correction to learn from, got none; collect failures first")
    start = time.process_time()
    loaded = load_checkpoint(checkpoint)
    trainer = Trainer(loaded.model.train(), loaded.vocabulary, rates, FINE_TUNING)
    trainer.keep_eye()
    groups = [
        [sample.to_row(loaded.vocabulary) for sample in corrections],
        [sample.to_row(loaded.vocabulary) for sample in rehearsal],
        [sample if isinstance(sample, Row) else sample.to_row() for sample in web],
        list(kept),
    ]
    _require_known(groups, loaded.vocabulary, checkpoint)
    counts = [count for count, rows in zip(FINE_ROWS, groups, strict=True) if rows]
    groups = [rows for rows in groups if rows]
    seen = [trainer.see([row.image for row in rows]) for rows in groups]
    rng = np.random.default_rng(seed)
    streams = [_endless(len(rows), rng) for rows in groups]
    losses: list[StepLosses] = []
    for done in range(steps):
        drawn = [(number, next(streams[number])) for number, count in enumerate(counts) for _ in range(count)]
        scale = min(1.0, (done + 1) / 10) * (1.0 - 0.95 * done / steps)
        tokens = torch.stack([seen[group][row] for group, row in drawn])
        losses.append(trainer.step([groups[group][row] for group, row in drawn], scale, tokens))
        if progress is not None:
            progress((done + 1) / steps, losses[-1])
    seconds = time.process_time() - start
    save_checkpoint(Checkpoint(loaded.model.eval(), loaded.vocabulary, out.name), out)
    return FineTuneReport(out, steps, seconds, tuple(losses[:: max(1, steps // 10)]))


def _require_known(groups: Sequence[Sequence[Row]], vocabulary: Vocabulary, checkpoint: Path) -> None:
    """CheckpointError when a text has a word that these weights were never taught."""
    words = {word for rows in groups for row in rows for text in row.texts for word in (*text.prompt.split(), *text.answer.split())}
    unknown = sorted(words - vocabulary.ids.keys())
    if unknown:
        raise CheckpointError(
            f"{checkpoint}: expected words of its vocabulary, got {', '.join(unknown[:5])}; train anew with `siren train`"
        )


def _endless(count: int, rng: np.random.Generator) -> Iterator[int]:
    """Every number below `count` once in random order, then every one once again, and so on."""
    while True:
        yield from rng.permutation(count).tolist()


def _optimisers(model: LlavaForConditionalGeneration, rates: Rates) -> tuple[torch.optim.Optimizer, torch.optim.Optimizer]:
    named = list(model.named_parameters())
    matrices = [weight for name, weight in named if weight.ndim == 2 and not any(word in name for word in ("embed", "lm_head", "position"))]
    inside = {id(weight) for weight in matrices}
    rest = [weight for _, weight in named if id(weight) not in inside]
    return (
        Muon(matrices, lr=rates.matrices),
        torch.optim.AdamW(rest, lr=rates.rest, betas=(0.9, 0.95), weight_decay=0.01, fused=True),
    )


def _number_targets(vocabulary: Vocabulary) -> torch.Tensor:
    """For each number word the wanted probabilities of all number words: (888, 888), each axis apart."""
    first, last = vocabulary.axis("x").start, vocabulary.axis("r").stop
    wanted = torch.zeros(last - first, last - first)
    for axis, count in (("x", PLACES), ("y", PLACES), ("z", PLACES), ("r", TURNS)):
        place = torch.arange(count)
        distance = (place[None] - place[:, None]).abs()
        if axis == "r":
            distance = torch.minimum(distance, count - distance)
        start = vocabulary.axis(axis).start - first
        wanted[start : start + count, start : start + count] = torch.softmax(-0.5 * (distance / NUMBER_SPREAD) ** 2, -1)
    return wanted


def _word_weights(vocabulary: Vocabulary, emphasis: Mapping[str, float]) -> torch.Tensor:
    weights = torch.ones(len(vocabulary))
    for word, weight in emphasis.items():
        for axis in AXES.get(word, ()):
            weights[vocabulary.axis(axis)] = weight
        if word not in AXES:
            weights[vocabulary.ids[word]] = weight
    return weights


def _mean(values: torch.Tensor) -> float:
    return float(values.detach().mean()) if len(values) else 0.0
