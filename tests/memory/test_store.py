"""What goes into the record comes out equal, once, and in the order it went in."""

import pytest
from sqlalchemy import text

from siren.core.errors import StoreError
from siren.core.rule import Rule
from siren.memory.context import similar_failures
from siren.memory.records import CheckpointRecord, Evidence, Sample
from siren.memory.store import Store

RULE = Rule(
    id="r0001", text="violated(r0001, (O,), T) :- step(T, pick, O), force(T, firm).", sentence="{O} is crushed", support=3, confidence=0.4
)


def test_an_episode_comes_back_exactly_as_it_was(store, episode):
    first = episode()
    number = store.record(first)
    assert store.episode(number) == first.model_copy(update={"id": number})


def test_delivering_twice_changes_nothing(store, episode):
    number = store.record(episode())
    late = episode().model_copy(update={"outcome": episode(success=True).outcome})
    assert store.record(late) == number
    assert store.record(store.episode(number)) == number
    assert store.count_episodes("evening") == 1
    assert not store.episode(number).outcome.success


def test_each_part_of_the_key_makes_an_episode_of_its_own(store, episode):
    kinds = [episode(), episode(2), episode(round=2), episode(attempt=1), episode(use="evaluate")]
    assert len({store.record(kind) for kind in kinds}) == 5
    assert [found.id for found in store.episodes("evening")] == [1, 2, 3, 4, 5]
    assert [found.id for found in store.episodes("evening", round=2)] == [3]
    assert [found.id for found in store.episodes("evening", use="evaluate")] == [5]
    assert [found.id for found in store.episodes("evening", limit=2)] == [1, 2]


def test_more_episodes_than_a_page_are_all_read_once(store, episode, monkeypatch):
    monkeypatch.setattr("siren.memory.store.PAGE", 3)
    numbers = [store.record(episode(seed)) for seed in range(10)]
    assert [found.id for found in store.episodes("evening")] == numbers
    assert [found.id for found in store.episodes("evening", limit=7)] == numbers[:7]


def test_columns_tell_what_the_value_tells(store, episode, tables):
    number = store.record(episode(seed=2**40))
    with tables.connect() as db:
        row = db.execute(text("SELECT seed, root_kind, root_skill, root_object, success FROM episodes")).one()
        assert tuple(row) == (2**40, "crushed", "pick", "egg", 0)
        assert db.execute(text("SELECT rank, rule, args, step FROM verdicts")).all() == [(0, "r0001", '["egg"]', 1)]
        assert db.execute(text("SELECT is_plan, judged FROM candidates ORDER BY rank")).all() == [(1, 1), (0, 0)]
        assert db.execute(text("SELECT edits, repaired FROM decisions")).all() == [(1, 1)]
        assert db.execute(text("SELECT speed, force FROM steps WHERE episode_id = :id"), {"id": number}).all() == [("normal", "gentle")]


def test_a_row_changed_by_hand_is_refused(store, episode, tables):
    number = store.record(episode())
    with tables.begin() as db:
        db.execute(text("UPDATE episodes SET value = replace(value, 'crushed', 'dropped')"))
    with pytest.raises(StoreError, match=f"episode {number} does not match its sha256"):
        store.episode(number)


def test_what_is_not_there_is_named(store, episode):
    with pytest.raises(StoreError, match="no episode 7 in .*; it holds no episodes yet"):
        store.episode(7)
    with pytest.raises(StoreError, match="no session 'morning' in the store; the newest are: evening"):
        store.record(episode(session="morning"))
    with pytest.raises(StoreError, match="session 'evening' exists already"):
        store.new_session("evening", "{}")
    with pytest.raises(StoreError, match="round 4 of session 'evening' was never begun"):
        store.commit_round("evening", 4, {}, "{}")
    with pytest.raises(StoreError, match="no rule 'r0099'"):
        store.rule_history("r0099")


def test_a_session_goes_on_from_its_last_committed_round(store, place):
    assert store.last_committed_round("evening") is None
    for number in (0, 1):
        store.begin_round("evening", number)
        store.begin_round("evening", number)
        store.commit_round("evening", number, {"success": 0.3 + number / 10}, f'{{"next": {number + 1}}}')
    store.begin_round("evening", 2)
    store.commit_round("evening", 1, {"success": 0.9}, "{}")
    store.close()
    again = Store.open(place)
    last = again.last_committed_round(again.newest_session().name)
    assert last is not None
    assert (last.number, last.state) == (1, '{"next": 2}')
    assert again.metrics("evening") == {0: {"success": 0.3}, 1: {"success": 0.4}}
    again.close()


def test_a_rule_gets_a_new_version_only_when_its_text_changes(store, episode):
    first, second = store.record(episode()), store.record(episode(2))
    store.record_rules("evening", 1, [RULE], [Evidence(rule="r0001", episode=first, step=1, polarity="for")])
    store.record_rules("evening", 2, [RULE.model_copy(update={"support": 9, "status": "probation"})])
    (only,) = store.rule_history("r0001")
    assert (only.number, only.rule.support, only.rule.status, only.author) == (1, 9, "probation", "miner")
    reworded = RULE.model_copy(update={"text": RULE.text.replace("firm", "gentle"), "origin": "person"})
    store.record_rules("evening", 3, [reworded], [Evidence(rule="r0001", episode=second, step=1, polarity="against")])
    old, new = store.rule_history("r0001", "evening")
    assert (old.text, new.text, new.parent, new.author, new.round) == (RULE.text, reworded.text, 1, "person", 3)
    assert [(row.episode, row.step, row.polarity) for row in store.evidence("r0001")] == [(second, 1, "against")]


def test_every_change_of_a_rule_is_on_record_once_with_its_reason(store):
    doubted = RULE.model_copy(update={"status": "probation", "reason": "in doubt: 5 of 9 steps"})
    for round, rule in ((1, RULE), (1, RULE), (2, RULE.model_copy(update={"support": 9})), (3, doubted), (3, doubted)):
        store.record_rules("evening", round, [rule])
    store.record_rules("evening", 4, [doubted.model_copy(update={"pinned": "kim"})])
    store.record_rules("evening", 5, [doubted.model_copy(update={"status": "disabled", "banned": "lee", "reason": ""})])
    told = [(one.round, one.before, one.after, one.author, one.reason) for one in store.rule_transitions("r0001")]
    assert told == [
        (1, None, "active", "miner", ""),
        (3, "active", "probation", "miner", "in doubt: 5 of 9 steps"),
        (4, "probation", "probation", "kim", "pinned by kim"),
        (5, "probation", "disabled", "lee", "no longer pinned by kim; banned by lee"),
    ]


def test_evidence_of_an_episode_that_is_not_there_is_refused_whole(store):
    with pytest.raises(StoreError, match="names episode 5, which is not in the store"):
        store.record_rules("evening", 1, [RULE], [Evidence(rule="r0001", episode=5, step=1, polarity="for")])
    with pytest.raises(StoreError, match="no rule 'r0001'"):
        store.rule_history("r0001")


def test_the_rules_of_a_day_are_found_by_their_hash(store):
    store.record_rulebook("cafe", [RULE])
    store.record_rulebook("cafe", [])
    assert store.rulebook("cafe") == (RULE,)
    assert store.rulebook("beef") is None


def test_weights_and_what_they_learned_from(store, episode, tmp_path):
    number = store.record(episode())
    samples = [
        Sample(source="correction", instruction="pick up the egg", text="pick egg", episode=number),
        Sample(source="web", instruction="?", text="egg"),
    ]
    assert store.record_batch("evening", 1, "tuned-1", samples) == store.record_batch("evening", 1, "tuned-1", samples)
    (batch,) = store.batches_of(number)
    assert (batch.checkpoint, batch.samples) == ("tuned-1", (samples[0],))
    for name, published in (("tuned-1", True), ("tuned-2", False)):
        store.record_checkpoint(
            "evening", 1, CheckpointRecord(name=name, path=tmp_path / name, sha256=name * 3, parent="siren-tiny", published=published)
        )
    published = store.published_checkpoint("evening")
    assert published is not None
    assert (published.name, published.path) == ("tuned-1", tmp_path / "tuned-1")
    with pytest.raises(StoreError, match="give new weights a new name"):
        store.record_checkpoint("evening", 1, CheckpointRecord(name="tuned-1", path=tmp_path, sha256="other", published=True))


def test_similar_failures_begin_with_the_same_thing_done_the_same_way(store, episode):
    crushed, fine, other = store.record(episode(1)), store.record(episode(2, success=True)), store.record(episode(3))
    assert [found.id for found in similar_failures(store, "evening", "egg", "pick")] == [other, crushed]
    assert [found.id for found in similar_failures(store, "evening", "banana", "pick", limit=1)] == [other]
    assert similar_failures(store, "evening", "banana", "place") == ()
    assert fine not in [found.id for found in similar_failures(store, "evening", "egg", "place")]
