"""Plans that were tried, with their rewards, as better weights: a clipped policy gradient in which each plan is held against its group.

The online baseline that SIREN is compared with: GRPO (Shao et al., DeepSeekMath, arXiv 2402.03300). A group is several samples of the
same policy for the same picture and instruction; the advantage of a plan is its reward less the mean of its group, over the group's
spread. Groups in which all or none succeed teach nothing and are left out. Two guards hold the weights: the ratio of new to old
probabilities is clipped, and a divergence pulls them to the weights that the session began with.

Probabilities are those of what the decoder drew, under the grammar that binds it (learning/choices.py). The eye stays as it is,
as in fine-tuning. The number of steps depends on the groups alone, never on a clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from siren.learning.choices import Choices, choices_in, heard_as_spoken, log_chances
from siren.learning.packing import Packed, pack
from siren.learning.samples import RobotSample
from siren.learning.trainer import Rates, Trainer
from siren.policy.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from siren.policy.grammar import PlanGrammar
from siren.policy.proposer import LONGEST_PLAN

SPREAD_FLOOR = 1e-6


@dataclass(frozen=True)
class Group:
    """Samples of one policy for one picture and instruction, and what each earned (1: the task succeeded)."""

    tries: tuple[RobotSample, ...]
    rewards: tuple[float, ...]

    @property
    def teaches(self) -> bool:
        """Whether some earned more than others."""
        return max(self.rewards) > min(self.rewards)

    @property
    def advantages(self) -> torch.Tensor:
        """float, (tries,): rewards less their mean, over their spread."""
        rewards = torch.tensor(self.rewards)
        return (rewards - rewards.mean()) / (rewards.std(correction=0) + SPREAD_FLOOR)


@dataclass(frozen=True)
class ReinforceConfig:
    """How far a round of rewards may move the weights."""

    passes: int = 2  # over the groups of a round
    groups: int = 4  # in one step
    clip: float = 0.2  # of the ratio of new to old probability, either way
    pull: float = 0.04  # weight of the divergence from the reference; that of the paper
    rates: Rates = Rates(matrices=0.001, rest=3e-4)


@dataclass(frozen=True)
class ReinforceReport:
    """What a round of rewards came to."""

    groups: int  # that taught
    steps: int
    divergence: float  # mean nats a free word from the reference, over the last pass


@dataclass(frozen=True)
class _Lesson:
    """A group as tensors, with what the weights that drew it thought."""

    batch: Packed
    choices: Choices
    seen: torch.Tensor  # image tokens, (tries, 64, width)
    heard: torch.Tensor  # bool, (words, vocabulary)
    old: torch.Tensor  # float, (words,): log-probabilities
    reference: torch.Tensor  # float, (words,)
    advantages: torch.Tensor  # float, (tries,)


def reinforce(
    checkpoint: Path, groups: Sequence[Group], reference: Path, out: Path, *, seed: int, config: ReinforceConfig | None = None
) -> ReinforceReport:
    """Weights that make what earned more than its group likelier, saved as checkpoint folder `out`.

    `checkpoint` must be the weights that drew the samples. Without a group that teaches nothing is written, and steps is 0.
    """
    config = config or ReinforceConfig()
    teaching = [group for group in groups if group.teaches]
    if not teaching:
        return ReinforceReport(0, 0, 0.0)
    loaded, anchor = load_checkpoint(checkpoint), load_checkpoint(reference)
    trainer, still = Trainer(loaded.model.train(), loaded.vocabulary, config.rates), Trainer(anchor.model, anchor.vocabulary, config.rates)
    trainer.keep_eye()
    lessons = [_lesson(group, trainer, still) for group in teaching]
    rng, steps, divergences = np.random.default_rng(seed), 0, list[float]()
    for _ in range(config.passes):
        divergences = []
        order = rng.permutation(len(lessons)).tolist()
        for start in range(0, len(order), config.groups):
            chosen = [lessons[number] for number in order[start : start + config.groups]]
            losses = [_loss(lesson, trainer, config) for lesson in chosen]
            trainer.descend(torch.stack([loss for loss, _ in losses]).mean())
            divergences += [divergence for _, divergence in losses]
            steps += 1
    save_checkpoint(Checkpoint(loaded.model.eval(), loaded.vocabulary, out.name), out)
    return ReinforceReport(len(teaching), steps, float(np.mean(divergences)))


def _lesson(group: Group, trainer: Trainer, still: Trainer) -> _Lesson:
    vocabulary = trainer.vocabulary
    batch = pack([sample.to_row(vocabulary) for sample in group.tries], vocabulary)
    choices = choices_in(batch, vocabulary, PlanGrammar(vocabulary, LONGEST_PLAN))
    seen = trainer.see([group.tries[0].image]).expand(len(group.tries), -1, -1)  # one picture, the same for all
    with torch.no_grad():
        logs = log_chances(trainer.answer_scores(batch, seen), choices)
        heard = heard_as_spoken(logs, choices, vocabulary)
        reference = _chances(log_chances(still.answer_scores(batch, seen), choices), heard)
    return _Lesson(batch, choices, seen, heard, _chances(logs, heard), reference, group.advantages)


def _loss(lesson: _Lesson, trainer: Trainer, config: ReinforceConfig) -> tuple[torch.Tensor, float]:
    """The loss of one group, and its mean divergence from the reference."""
    new = _chances(log_chances(trainer.answer_scores(lesson.batch, lesson.seen), lesson.choices), lesson.heard)
    ratio = (new - lesson.old).exp()
    advantage = lesson.advantages[lesson.choices.text]
    gain = torch.minimum(ratio * advantage, ratio.clamp(1 - config.clip, 1 + config.clip) * advantage)
    behind = lesson.reference - new
    divergence = behind.exp() - behind - 1  # the paper's estimate: never negative
    free = lesson.choices.free
    loss = -_by_text((gain - config.pull * divergence)[free], lesson.choices.text[free], len(lesson.advantages))
    return loss, float(divergence[free].mean().detach())


def _by_text(values: torch.Tensor, text: torch.Tensor, texts: int) -> torch.Tensor:
    """The mean over texts of the mean over their words."""
    sums = torch.zeros(texts).index_add(0, text, values)
    counts = torch.zeros(texts).index_add(0, text, torch.ones_like(values))
    return (sums / counts.clamp(min=1)).mean()


def _chances(logs: torch.Tensor, heard: torch.Tensor) -> torch.Tensor:
    """Log-probability of drawing any of the words that come to what was spoken: (words,)."""
    return logs.masked_fill(~heard, float("-inf")).logsumexp(-1)
