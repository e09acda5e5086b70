"""The learner on a small record: what it trains on is on record, with and without rules, and it answers once."""

from pathlib import Path

import pytest

from siren.config import SessionConfig
from siren.loop import learner
from siren.loop.session import Session
from siren.loop.start import new_session, place
from siren.memory.store import Store
from siren.testing.deaf import Deaf

SMALL = SessionConfig(
    name="small", rounds=1, episodes=5, probes=3, burn_in=1, held_out=0, audit=0, rehearsal=3, train_steps=12, retention=0, trial=0
)


@pytest.mark.slow
@pytest.mark.parametrize("rules", [True, False])
def test_pairs_and_corrections_are_on_record_beside_the_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: bool) -> None:
    monkeypatch.setattr(learner, "KEEPSAKES", 3)
    monkeypatch.setattr(learner, "WEB_SCENES", 2)
    store = Store.open(tmp_path)
    config = new_session(SMALL.model_copy(update={"preferences": True, "rules": rules}), tmp_path, store)
    placement = place(config, tmp_path)
    session = Session(config, tmp_path, store, placement, Deaf())
    session.run()
    (made,) = store.checkpoints("small")
    mended = {one.task.seed for one in store.episodes("small", use="probe") if one.outcome.success}
    failed = [one for one in store.episodes("small", use="collect") if one.task.seed in mended]
    assert failed, "a practice in which nothing is mended teaches nothing; choose another seed"
    batches = [batch for one in failed for batch in store.batches_of(one.id or 0)]
    assert {batch.checkpoint for batch in batches} == {made.name}
    assert {sample.source for batch in batches for sample in batch.samples} == {"correction", "preference"}
    again = placement.improve("small", 1, session.publication())
    assert (again.checkpoint, again.rehearsed) == (str(made.path), 3 if rules else 0)


@pytest.mark.slow
def test_the_same_session_trains_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learner, "KEEPSAKES", 3)
    monkeypatch.setattr(learner, "WEB_SCENES", 2)
    digests = set()
    for home in (tmp_path / "one", tmp_path / "two"):
        store = Store.open(home)
        config = new_session(SMALL.model_copy(update={"held_out": 2}), home, store)
        Session(config, home, store, place(config, home), Deaf()).run()
        (made,) = store.checkpoints("small")
        assert made.published
        after = [episode.outcome.state_hash for episode in store.episodes("small", round=2)]
        digests.add((made.sha256, *after))
    assert len(digests) == 1
