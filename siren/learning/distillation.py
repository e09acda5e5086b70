"""A larger teacher as a smaller student: the teacher's probabilities of every word of an answer are what the student learns.

Hinton et al. 2015, arXiv 1503.02531: both distributions are softened by a temperature, their divergence counts with the square of it, and
the right word itself counts as well. Pictures, prompts and answers are those of siren-tiny's own training (both pools, half and half), so a
plan's tokens are spoken by the teacher on the very texts that the student reads. The student's eye learns from region labels as always.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import functional
from transformers import LlavaForConditionalGeneration

from siren.core.errors import CheckpointError
from siren.learning.baselines import BaselineReport, Budget, Listener
from siren.learning.course import PretrainConfig, words_scale
from siren.learning.descent import Descends, Descent
from siren.learning.mixture import Mixture
from siren.learning.packing import NO_TARGET, Packed, pack
from siren.learning.pools import Pool
from siren.learning.regions import region_losses
from siren.learning.samples import Row
from siren.learning.scenes import HALVES, pool_folder, render_pools
from siren.learning.standing import forget
from siren.learning.team import ALONE, Team, together
from siren.policy.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from siren.policy.model import IMAGE_TOKENS, build_model, image_tokens
from siren.policy.vocabulary import Vocabulary


@dataclass(frozen=True)
class Softness:
    """How a student listens."""

    temperature: float = 2.0  # both distributions are divided by it before they are compared
    soft: float = 0.7  # share of the loss that comes from the teacher; the rest is the right word's
    rate: float = 1e-3  # of AdamW


def distil(
    teacher: Path,
    config: PretrainConfig,
    steps: int,
    out: Path,
    student: Path | None = None,
    listener: Listener | None = None,
    softness: Softness = Softness(),
) -> BaselineReport:
    """Train a student for that many steps and save the folder `out`. `student`: weights to begin with.

    CheckpointError when teacher and student do not have the same words in the same order.
    """
    require_same_words(*_both(teacher, config, student))
    render_pools(config)
    young, report = together(config.workers, _train, (teacher, config, steps, out, student, softness), listener)
    save_checkpoint(Checkpoint(young.model.eval(), young.vocabulary, out.name), out)
    forget(out)
    return report


def _both(teacher: Path, config: PretrainConfig, student: Path | None) -> tuple[Checkpoint, Checkpoint]:
    """Teacher and student as they begin."""
    wise = load_checkpoint(teacher)
    young = (
        load_checkpoint(student) if student else Checkpoint(build_model(config.model, wise.vocabulary, config.seed), wise.vocabulary, "")
    )
    return wise, young


def _train(
    team: Team,
    teacher: Path,
    config: PretrainConfig,
    steps: int,
    out: Path,
    student: Path | None,
    softness: Softness,
    listener: Listener | None,
) -> tuple[Checkpoint, BaselineReport]:
    """One process' part."""
    wise, young = _both(teacher, config, student)
    robot, web = (Pool(pool_folder(config, half), config.seed) for half in HALVES)
    unknown = sorted((robot.words() | web.words()) - wise.vocabulary.ids.keys())
    if unknown:
        raise CheckpointError(f"{teacher}: expected a teacher that knows all words of this world, got one without {', '.join(unknown[:5])}")
    mixture, distiller = Mixture(robot, web, config.rows), Distiller(wise.model, young.model, wise.vocabulary, softness, team)
    course = f"{_digest(teacher)} as {_digest(student) if student else 'new'} {softness} {config.said()}"
    budget = Budget(steps, out, course, (distiller, mixture), team, listener)
    budget.phase(1.0, lambda share: distiller.step(team.part(mixture.batch(0.5).rows), words_scale(share)))
    return young, budget.report()


def _digest(folder: Path) -> str:
    """What tells weights from others of the same name."""
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()[:16]


def require_same_words(teacher: Checkpoint, student: Checkpoint) -> None:
    """A word must mean the same number to both."""
    if teacher.vocabulary.words != student.vocabulary.words:
        raise CheckpointError(
            f"{teacher.name}: expected a teacher with the {len(student.vocabulary)} words of its student in the same order,"
            f" got {len(teacher.vocabulary)}, others or in another order; train both with the same version"
        )


class Distiller(Descends):
    """Holds a teacher that stays as it is, a student and its optimiser."""

    def __init__(
        self,
        teacher: LlavaForConditionalGeneration,
        student: LlavaForConditionalGeneration,
        vocabulary: Vocabulary,
        softness: Softness,
        team: Team = ALONE,
    ) -> None:
        self._teacher, self._student = teacher.eval(), student.train()
        self._vocabulary = vocabulary
        self._softness = softness
        self._descent = Descent(student, softness.rate, team)

    def step(self, rows: Sequence[Row], scale: float = 1.0) -> float:
        """One update; what is returned is the divergence from the teacher, nats a word at its temperature, squared temperature counted."""
        batch = pack(rows, self._vocabulary)
        right = batch.targets[batch.targets != NO_TARGET]
        with torch.no_grad(), self._descent.half():
            wanted = _answers(self._teacher, batch, image_tokens(self._teacher, batch.pixels))
        with self._descent.half():
            seen = image_tokens(self._student, batch.pixels)
            said = _answers(self._student, batch, seen)
        soft = divergence(wanted, said, self._softness.temperature)
        hard = functional.cross_entropy(said, right)
        loss = self._softness.soft * soft + (1 - self._softness.soft) * hard
        if batch.regions is not None:
            table = self._student.get_input_embeddings().weight
            labelled = seen.float().reshape(len(rows), IMAGE_TOKENS, -1)[batch.labelled]
            loss = loss + region_losses(labelled, batch.regions, table, self._vocabulary, self._descent.draws()).total
        self._descent.step(loss, scale)
        return float(soft.detach())


def divergence(wanted: torch.Tensor, said: torch.Tensor, temperature: float) -> torch.Tensor:
    """Mean divergence of softened distributions over words, times the squared temperature. Both are scores: (answers, words)."""
    target, log = functional.softmax(wanted / temperature, -1), functional.log_softmax(said / temperature, -1)
    return functional.kl_div(log, target, reduction="batchmean") * temperature**2


@torch.no_grad()
def agreement(teacher: Checkpoint, student: Checkpoint, rows: Sequence[Row]) -> float:
    """Share of answer words, each after the right ones before it, for which both would say the same. 0 to 1."""
    batch = pack(rows, teacher.vocabulary)
    first, second = (_answers(one.model, batch, image_tokens(one.model, batch.pixels)).argmax(-1) for one in (teacher, student))
    return float((first == second).float().mean())


def _answers(model: LlavaForConditionalGeneration, batch: Packed, seen: torch.Tensor) -> torch.Tensor:
    """Scores (answers, words) of every word of every answer. seen: image tokens."""
    words = model.get_input_embeddings()(batch.words[:, IMAGE_TOKENS:])
    tokens = seen.float().reshape(len(words), IMAGE_TOKENS, -1)
    hidden = model.model.language_model(
        inputs_embeds=torch.cat([tokens, words], 1), attention_mask=batch.mask, position_ids=batch.positions, use_cache=False
    ).last_hidden_state
    scores: torch.Tensor = model.lm_head(hidden[batch.targets != NO_TARGET]).float()
    return scores
