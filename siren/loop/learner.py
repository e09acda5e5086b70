"""The learner as a worker: what was corrected on record becomes new weights, published only if nothing old is forgotten.

Training twice for the same round gives the first answer again: the news lies beside the weights.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from siren import build
from siren.config import RETENTION_SEED, SessionConfig
from siren.core.plan import Plan
from siren.learning.blending import ALONE, BESIDE_RULES, blend
from siren.learning.corrections import Correction, correction_of, rehearse, select
from siren.learning.keepsakes import keepsakes, preparations
from siren.learning.policy_eval import GATED, PolicyReport, evaluate_policy
from siren.learning.preferences import Preference, pairs_of, prefer, speakable
from siren.learning.retention import compare
from siren.learning.samples import RobotSample, Row
from siren.learning.trainer import fine_tune
from siren.learning.web_data import grain, web_row
from siren.loop.jobs import Publication, TrainingNews
from siren.loop.once import once
from siren.loop.rollout import frame_key
from siren.memory.frames import Frames
from siren.memory.records import CheckpointRecord, Sample
from siren.memory.store import Store
from siren.policy.checkpoint import WORDS, load_checkpoint, read_words
from siren.policy.proposer import Proposer
from siren.policy.vocabulary import Vocabulary
from siren.symbolic.repair import AspRepairer
from siren.world.camera import Camera, layout_bodies, robot_setting

MOST_CORRECTIONS = 400
PREFERRING = 1 / 3  # share of the steps of a fine-tuning that are by pairs of plans, when there are any
WEB_SCENES, WEB_TEXTS = 400, 2
KEEPSAKES = 800


class Learner:
    """Trains, tests what was kept, and says whether the new weights may be used."""

    def __init__(self, home: str, database: str, config: str) -> None:
        self._home = Path(home)
        self._store = Store.open(database)
        self._config = SessionConfig.model_validate_json(config)
        self._frames = Frames(home)

    def improve(self, session: str, turn: int, publication: Publication) -> TrainingNews:
        """New weights from all practice up to and with this round."""
        out = self._home / "sessions" / session / "checkpoints" / f"{session}-round-{turn}"
        return once(out, lambda: self._train(session, turn, publication, out))

    def _train(self, session: str, turn: int, publication: Publication, out: Path) -> TrainingNews:
        rng = np.random.default_rng([self._config.seed, turn, 41])
        parent = Path(publication.checkpoint)
        corrections = self._corrections(session, turn)
        preferences = self._preferences(session, turn, parent) if self._config.preferences else {}
        if not corrections:
            return _nothing_to_learn(publication)
        by_pairs = round(PREFERRING * self._config.train_steps) if preferences else 0
        # Without learned rules a careless plan would pass for a good one.
        rules = Path(publication.rules)
        suspicious = AspRepairer(build.checker(rules, suspicions=True))
        rehearsal = rehearse(self._config.rehearsal if self._config.rules else 0, suspicious, build.checker(rules), rng)
        camera = Camera()
        taught = [self._taught(session, correction) for correction in corrections]
        rehearsed = [_rendered(camera, correction, rng) for correction in rehearsal]
        out.parent.mkdir(parents=True, exist_ok=True)
        report = fine_tune(
            parent,
            taught,
            rehearsed,
            _web_rows(camera, rng, load_checkpoint(parent).vocabulary),
            out,
            kept=keepsakes(load_checkpoint(parent), camera, rng, KEEPSAKES, preparations(each.plan for each in rehearsal)),
            steps=self._config.train_steps - by_pairs,
            seed=self._config.seed + turn,
        )
        if preferences:
            prefer(out, list(preferences.values()), out, steps=by_pairs, seed=self._config.seed + turn)
        passed = self._gate(parent, out)
        self._record(session, turn, parent, passed, [*_samples(corrections), *_pair_samples(preferences)])
        return TrainingNews(
            checkpoint=str(passed.weights),
            parent=str(parent),
            published=passed.publish,
            reason=passed.reason,
            corrections=len(corrections),
            rehearsed=len(rehearsal),
            steps=report.steps,
            seconds=report.seconds,
            before=passed.before,
            after=passed.after,
        )

    def _corrections(self, session: str, turn: int) -> Sequence[Correction]:
        fixes = self._fixes(session, turn)
        found = (
            correction_of(episode, fixes.get(episode.task.seed))
            for episode in self._store.episodes(session, use="collect")
            if episode.round <= turn
        )
        return select((correction for correction in found if correction is not None), MOST_CORRECTIONS)

    def _fixes(self, session: str, turn: int) -> dict[int, Plan]:
        """By seed, the plan of a probe that mended a failed try."""
        probes = self._store.episodes(session, use="probe")
        return {one.task.seed: one.decision.plan for one in probes if one.outcome.success and one.round <= turn}

    def _preferences(self, session: str, turn: int, parent: Path) -> dict[int, Preference]:
        """By episode, the pairs of all practice that the policy could say; the newest, if there are many."""
        tries = (episode for episode in self._store.episodes(session, use="collect") if episode.round <= turn)
        words = read_words(parent / WORDS)
        found: dict[int, Preference] = {}
        for pair in list(pairs_of(tries, self._fixes(session, turn)))[-MOST_CORRECTIONS:]:
            episode = self._store.episode(pair.episode)
            image = self._frames.load(session, frame_key(episode.round, episode.task.seed))
            good, bad = (RobotSample(image, episode.task.instruction, plan) for plan in (pair.good, pair.bad))
            preference = speakable(good, bad, words)
            if preference is not None:
                found[pair.episode] = preference
        return found

    def _taught(self, session: str, correction: Correction) -> RobotSample:
        episode = self._store.episode(correction.episode or 0)
        image = self._frames.load(session, frame_key(episode.round, correction.task.seed))
        return RobotSample(image, correction.instruction, correction.plan)

    def _gate(self, parent: Path, out: Path) -> "_Passed":
        """The largest share of the new weights with which no column of the retention test gets worse."""
        count = self._config.retention
        if not count:
            return _Passed(out, True, "published untested: the retention test is off", {}, {})
        old = evaluate_policy(Proposer.load(parent), count, RETENTION_SEED, GATED)
        refusals = []
        for share in BESIDE_RULES if self._config.rules else ALONE:
            weights = blend(parent, out, share, out.with_name(f"{out.name}-{round(100 * share)}"))
            new = evaluate_policy(Proposer.load(weights), count, RETENTION_SEED, GATED)
            worse = _worse(old, new)
            if not worse:
                reason = f"{round(100 * share)} % of the way to the new weights, no column of the retention test got worse"
                return _Passed(weights, True, reason, _figures(old), _figures(new))
            refusals.append(f"at {round(100 * share)} % of the way {worse[0]}")
        return _Passed(out, False, "; ".join(refusals), _figures(old), _figures(new))

    def _record(self, session: str, turn: int, parent: Path, passed: "_Passed", samples: Sequence[Sample]) -> None:
        weights = passed.weights
        digest = hashlib.sha256((weights / "model.safetensors").read_bytes()).hexdigest()
        record = CheckpointRecord(
            name=weights.name, path=weights, sha256=digest, parent=parent.name, published=passed.publish, reason=passed.reason
        )
        self._store.record_checkpoint(session, turn, record)
        self._store.record_batch(session, turn, weights.name, tuple(samples))


class _Passed(NamedTuple):
    """What the retention test said of which weights."""

    weights: Path
    publish: bool
    reason: str
    before: dict[str, float]
    after: dict[str, float]


def _worse(old: PolicyReport, new: PolicyReport) -> list[str]:
    """What got worse, a sentence a column."""
    pairs = ((was, compare(was, now)) for was, now in zip(old.columns, new.columns, strict=True))
    return [f"{was.column} was {found.reason}" for was, found in pairs if not found.publish]


def _rendered(camera: Camera, correction: Correction, rng: np.random.Generator) -> RobotSample:
    """A rehearsal with its picture, on some day in some light."""
    picture = camera.look(layout_bodies(correction.task), robot_setting(rng))
    return RobotSample(grain(rng, picture.image), correction.instruction, correction.plan)


def _web_rows(camera: Camera, rng: np.random.Generator, vocabulary: Vocabulary) -> list[Row]:
    """Pictures of anything, with what is said of them in the words of these weights, which may know fewer than the world has today."""
    rows = (web_row(rng, camera, WEB_TEXTS).known_to(vocabulary) for _ in range(WEB_SCENES))
    return [row for row in rows if row.texts]


def _samples(corrections: Sequence[Correction]) -> Iterator[Sample]:
    for correction in corrections:
        yield Sample(source="correction", instruction=correction.instruction, text=str(correction.plan), episode=correction.episode)


def _pair_samples(preferences: Mapping[int, Preference]) -> Iterator[Sample]:
    for number, pair in preferences.items():
        yield Sample(source="preference", instruction=pair.good.instruction, text=str(pair.good.plan), episode=number)


def _figures(report: PolicyReport) -> dict[str, float]:
    """Object and word right, by column."""
    return {f"{column.column}_right": sum(column.right) / column.count for column in report.columns}


def _nothing_to_learn(publication: Publication) -> TrainingNews:
    return TrainingNews(
        checkpoint=publication.checkpoint,
        parent=publication.checkpoint,
        published=False,
        reason="no failure was mended in practice, so there is nothing to learn from",
        corrections=0,
        rehearsed=0,
        steps=0,
        seconds=0.0,
        before={},
        after={},
    )
