"""Pairs of plans for the same picture, one that was seen to work and one that was refused or failed, as weights that prefer the first.

Direct preference optimisation (Rafailov et al., arXiv 2305.18290): the loss is the negative log-sigmoid of `sharpness` times how much
more the new weights favour the good plan over the bad one than the weights they started from do. Comes after fine-tuning on corrections,
which shows the good plan alone and never says what was wrong with the bad one; the weights that come out of that are the start.

Probabilities are those under the grammar that binds the decoder (learning/choices.py). The eye stays as it is.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from siren.core.episode import Episode
from siren.core.errors import CheckpointError, PlanRefusedError
from siren.core.plan import Plan
from siren.learning.choices import Choices, choices_in, log_chances, sayable
from siren.learning.packing import Packed, pack
from siren.learning.samples import RobotSample
from siren.learning.trainer import Rates, Trainer
from siren.policy.action_text import write_words
from siren.policy.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from siren.policy.grammar import PlanGrammar
from siren.policy.proposer import LONGEST_PLAN
from siren.policy.vocabulary import Vocabulary


@dataclass(frozen=True)
class Pair:
    """Two plans for one scene and instruction. `episode` is the id of the one that taught it."""

    episode: int
    good: Plan
    bad: Plan


@dataclass(frozen=True)
class Preference:
    """A pair with its picture."""

    good: RobotSample
    bad: RobotSample


@dataclass(frozen=True)
class PreferenceConfig:
    """How strongly pairs pull."""

    sharpness: float = 0.1  # beta of the paper
    pairs: int = 8  # in one step
    rates: Rates = Rates(matrices=0.001, rest=3e-4)


@dataclass(frozen=True)
class PreferenceReport:
    """What one training by pairs did. Shares of pairs whose good plan the weights favour more than those they started from."""

    pairs: int
    steps: int
    seconds: float  # process CPU seconds
    preferred: float  # over all pairs, at the end


def pairs_of(episodes: Iterable[Episode], fixes: Mapping[int, Plan]) -> Iterator[Pair]:
    """What tries of practice say of two plans. `fixes`: by seed, the plan of a probe that mended the failed try.

    A try that failed against its fix; the first proposal that rules refused against the plan that ran instead and worked.
    """
    for episode in episodes:
        ran, won = episode.decision.plan, episode.outcome.success
        good, bad = (ran, _refused(episode)) if won else (fixes.get(episode.task.seed), ran)
        if good is not None and bad is not None:
            yield Pair(episode.id or 0, good, bad)


def speakable(good: RobotSample, bad: RobotSample, vocabulary: Vocabulary) -> Preference | None:
    """The pair, if the policy could say both plans and they are two in its words."""
    grammar = PlanGrammar(vocabulary, LONGEST_PLAN)
    try:
        texts = [write_words(one.plan) for one in (good, bad)]
    except PlanRefusedError:
        return None
    fit = texts[0] != texts[1] and all(sayable(text, vocabulary, grammar) for text in texts)
    return Preference(good, bad) if fit else None


def prefer(
    checkpoint: Path, pairs: Sequence[Preference], out: Path, *, steps: int, seed: int, config: PreferenceConfig | None = None
) -> PreferenceReport:
    """Weights that favour the good plans, saved as checkpoint folder `out` (which may be `checkpoint` itself).

    CheckpointError without pairs.
    """
    if not pairs:
        raise CheckpointError("expected at least one pair of plans to prefer by, got none; collect failures first")
    config, start = config or PreferenceConfig(), time.process_time()
    loaded = load_checkpoint(checkpoint)
    trainer = Trainer(loaded.model.train(), loaded.vocabulary, config.rates)
    trainer.keep_eye()
    lessons = [_lesson(pair, trainer) for pair in pairs]
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        drawn = rng.permutation(len(lessons))[: config.pairs]
        margins = torch.stack([_margin(lessons[number], trainer) for number in drawn])
        trainer.descend(-functional.logsigmoid(config.sharpness * margins).mean())
    with torch.no_grad():
        preferred = sum(float(_margin(lesson, trainer)) > 0 for lesson in lessons) / len(lessons)
    save_checkpoint(Checkpoint(loaded.model.eval(), loaded.vocabulary, out.name), out)
    return PreferenceReport(len(pairs), steps, time.process_time() - start, preferred)


@dataclass(frozen=True)
class _Lesson:
    """A pair as tensors: the good plan first."""

    batch: Packed
    choices: Choices
    seen: torch.Tensor  # image tokens, (2, 64, width)
    start: torch.Tensor  # float, (2,): log-probabilities of both plans by the weights that training starts from


def _lesson(pair: Preference, trainer: Trainer) -> _Lesson:
    vocabulary = trainer.vocabulary
    batch = pack([pair.good.to_row(vocabulary), pair.bad.to_row(vocabulary)], vocabulary)
    choices = choices_in(batch, vocabulary, PlanGrammar(vocabulary, LONGEST_PLAN))
    seen = trainer.see([pair.good.image]).expand(2, -1, -1)
    with torch.no_grad():
        return _Lesson(batch, choices, seen, _both(trainer, batch, choices, seen))


def _margin(lesson: _Lesson, trainer: Trainer) -> torch.Tensor:
    """How much more the good plan is favoured than at the start, in nats: a scalar."""
    gained = _both(trainer, lesson.batch, lesson.choices, lesson.seen) - lesson.start
    return gained[0] - gained[1]


def _both(trainer: Trainer, batch: Packed, choices: Choices, seen: torch.Tensor) -> torch.Tensor:
    """Log-probabilities of both plans: (2,)."""
    logs = log_chances(trainer.answer_scores(batch, seen), choices)
    return torch.zeros(2).index_add(0, choices.text, logs.gather(1, choices.spoken[:, None])[:, 0])


def _refused(episode: Episode) -> Plan | None:
    """The first proposal, when rules spoke against it and it did not run for that."""
    decision = episode.decision
    if not decision.candidates or (decision.path == "proposal" and decision.chosen == 0) or decision.path == "probe":
        return None
    first = decision.candidates[0]
    return first.plan if first.verdict is not None and not first.verdict.clean else None
