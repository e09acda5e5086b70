"""The baseline's learner as a worker: what the samples of a round earned becomes the weights of the next, published always.

No rules, no corrections, no retention test: it is what SIREN is compared with (learning/reinforce.py says how it learns).
Training twice for the same round gives the first answer again, and the record holds each attempt exactly once, so a resumed session
learns from the same groups.
"""

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from siren import build
from siren.config import SessionConfig
from siren.core.episode import Episode
from siren.core.plan import Plan
from siren.learning.reinforce import Group, ReinforceReport, reinforce
from siren.learning.samples import RobotSample
from siren.loop.jobs import Publication, TrainingNews
from siren.loop.once import once
from siren.loop.rollout import frame_key
from siren.memory.frames import Frames
from siren.memory.records import CheckpointRecord, Sample
from siren.memory.store import Store


class Reinforcer:
    """Trains on the groups of the round that has just been practised."""

    def __init__(self, home: str, database: str, config: str) -> None:
        self._home = Path(home)
        self._store = Store.open(database)
        self._config = SessionConfig.model_validate_json(config)
        self._frames = Frames(home)

    def improve(self, session: str, turn: int, publication: Publication) -> TrainingNews:
        """New weights from the samples that the published ones drew in this round."""
        out = self._home / "sessions" / session / "checkpoints" / f"{session}-round-{turn}"
        return once(out, lambda: self._train(session, turn, publication, out))

    def _train(self, session: str, turn: int, publication: Publication, out: Path) -> TrainingNews:
        begun, parent = time.process_time(), Path(publication.checkpoint)
        tries = self._tries(session, turn, parent.name)
        groups = [self._group(session, members) for members in tries]
        report = reinforce(parent, groups, build.checkpoint(self._config.checkpoint), out, seed=self._config.seed + turn)
        taught = [one for members, group in zip(tries, groups, strict=True) if group.teaches for one in members]
        if taught:
            self._record(session, turn, parent, out, taught)
        rewards = [reward for group in groups for reward in group.rewards]
        return TrainingNews(
            checkpoint=str(out if taught else parent),
            parent=str(parent),
            published=bool(taught),
            reason=_reason(report, len(groups)),
            corrections=len(taught),
            rehearsed=0,
            steps=report.steps,
            seconds=time.process_time() - begun,
            before={"reward": sum(rewards) / len(rewards)} if rewards else {},
            after={},
        )

    def _tries(self, session: str, turn: int, weights: str) -> list[list[Episode]]:
        """All samples of a task together, tasks and samples in an order that does not depend on who finished first."""
        found: dict[int, list[Episode]] = defaultdict(list)
        for episode in self._store.episodes(session, round=turn):
            if episode.use in ("collect", "probe") and episode.decision.checkpoint == weights:
                found[episode.task.seed].append(episode)
        return [sorted(found[seed], key=lambda episode: episode.attempt) for seed in sorted(found)]

    def _group(self, session: str, members: Sequence[Episode]) -> Group:
        task = members[0].task
        image = self._frames.load(session, frame_key(members[0].round, task.seed))
        samples = tuple(RobotSample(image, task.instruction, _said(one)) for one in members)
        return Group(samples, tuple(float(one.outcome.success) for one in members))

    def _record(self, session: str, turn: int, parent: Path, out: Path, taught: Sequence[Episode]) -> None:
        digest = hashlib.sha256((out / "model.safetensors").read_bytes()).hexdigest()
        reason = "trained on rewards, which are published untested"
        self._store.record_checkpoint(
            session, turn, CheckpointRecord(name=out.name, path=out, sha256=digest, parent=parent.name, published=True, reason=reason)
        )
        self._store.record_batch(session, turn, out.name, tuple(_samples(taught)))


def _said(episode: Episode) -> Plan:
    """The plan as the policy said it: what ran may name what really stands there instead."""
    said = episode.decision.candidates[episode.decision.chosen].plan
    assert said is not None, "what is not a plan cannot have run"
    return said


def _samples(taught: Sequence[Episode]) -> Iterator[Sample]:
    for episode in taught:
        yield Sample(source="reward", instruction=episode.task.instruction, text=str(_said(episode)), episode=episode.id)


def _reason(report: ReinforceReport, groups: int) -> str:
    if not report.steps:
        return f"in all {groups} groups every sample earned the same, so there is nothing to learn from"
    return f"{report.groups} of {groups} groups taught something, {report.divergence:.3f} nats a word from where the session began"
