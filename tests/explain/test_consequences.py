"""What changed, what was learned, when it was made before, what would have been without: each answer counts what is on record."""

import json
import shutil
from pathlib import Path

import pytest

from siren.core.errors import StoreError
from siren.explain.beliefs import beliefs
from siren.explain.consequences import earlier_mistakes, learned_from, without_rule
from siren.explain.differences import compare_checkpoints, compare_episodes, compare_rules, what_it_says
from siren.explain.graph import build_graph, to_json, to_svg
from siren.explain.narrate import narrate
from siren.explain.query import explain_episode
from siren.memory.store import Store
from siren.symbolic.rulebook import Rulebook

FRAGILE = "r0001"


@pytest.fixture
def later(evening, tmp_path: Path):
    """The evening once more, in a home of its own where a test may record what came after."""
    shutil.copytree(Path(evening.store.place).parent, tmp_path / "home")
    return evening._replace(store=Store.open(tmp_path / "home"))


def test_two_episodes_of_one_table_differ_in_rules_plan_and_end(evening) -> None:
    found = compare_episodes(evening.store, evening.failed, evening.mended)
    assert found.same_task
    assert (found.only_first, found.only_second, found.things) == ((), (), ())
    assert found.rules is not None
    assert [rule.id for rule in found.rules.only_second] == [FRAGILE]
    assert found.refused_second == (FRAGILE,)
    assert found.plan == ("step 1: gentle",)
    assert found.successes == (False, True)
    text = narrate(found)
    assert "in force only in the second (1):" in text
    assert "the second plan does otherwise: step 1: gentle" in text


def test_an_episode_does_not_differ_from_itself(evening) -> None:
    found = compare_episodes(evening.store, evening.mended, evening.mended)
    assert (found.rules, found.plan, found.refused_first, found.refused_second) == (None, (), (), ())
    assert "the same plan was run" in narrate(found)


def test_rules_are_the_same_when_they_say_the_same(evening) -> None:
    rule = evening.book.rules[FRAGILE]
    renamed = rule.model_copy(update={"id": "r0009", "text": rule.text.replace(FRAGILE, "r0009").replace(", ", ",  ")})
    assert what_it_says(rule) == what_it_says(renamed)
    found = compare_rules([rule], [renamed])
    assert (found.only_first, found.only_second, len(found.both)) == ((), (), 1)
    narrower = rule.model_copy(update={"text": rule.text.replace("force(T,firm)", "force(T,firm), speed(T,fast)")})
    found = compare_rules([rule], [narrower])
    assert [(change.first.text, change.second.text) for change in found.reworded] == [(rule.text, narrower.text)]
    assert not compare_rules([rule.model_copy(update={"status": "disabled"})], []).only_first


def test_what_learned_from_a_failure_is_named_rule_batch_and_weights(evening) -> None:
    found = learned_from(evening.store, evening.failed)
    assert [(one.rule, one.step, one.supports) for one in found.rules] == [(FRAGILE, 1, True)]
    assert found.samples == ("pick up the egg -> pick egg",)
    assert [(made.name, made.published, made.samples) for made in found.checkpoints] == [("tuned-1", True, {"correction": 1})]
    text = narrate(found)
    assert "it speaks for rule r0001 (now active)" in text
    assert "tuned-1: made in round 1 of evening" in text
    nothing = learned_from(evening.store, evening.mended)
    assert (nothing.rules, nothing.batches) == ((), ())
    assert "no weights were trained on it" in narrate(nothing)


def test_an_earlier_mistake_is_found_and_the_first_has_none(later) -> None:
    first = earlier_mistakes(later.store, later.failed)
    assert (first.kind, first.skill, first.total, first.mistakes) == ("crushed", "pick", 0, ())
    assert "had not happened before" in narrate(first)
    again = later.store.episode(later.failed)
    task = again.task.model_copy(update={"seed": again.task.seed + 77_000})
    number = later.store.record(again.model_copy(update={"id": None, "round": 1, "task": task}))
    again_made = earlier_mistakes(later.store, number)
    assert (again_made.total, [one.episode for one in again_made.mistakes]) == (1, [later.failed])
    assert again_made.mistakes[0].same_thing
    fine = earlier_mistakes(later.store, later.mended)
    assert fine.kind == ""
    assert "Nothing went wrong" in narrate(fine)


def test_without_the_rule_the_firm_grip_would_have_run(evening) -> None:
    found = without_rule(evening.store, "evening", evening.book.rules[FRAGILE], evening.knowledge)
    assert (found.decisions, found.alone, found.together, found.others, found.worked) == (1, 1, 0, 0, 1)
    assert found.ran_anyway >= found.went_wrong >= 1  # the egg that broke before there was a rule
    low, high = found.expected
    assert 0 < low <= high <= 1
    assert f"episode {evening.mended} (it alone)" in narrate(found)


def test_weights_are_compared_on_what_both_tried(later) -> None:
    """The decision of the evening again, as other weights did it on an evaluation: there the first proposal is another one."""
    store = later.store
    mended = store.episode(later.mended)
    for name, use, text in (("siren-tiny", "evaluate", "a"), ("tuned-1", "challenger", "b")):
        first, *rest = mended.decision.candidates
        candidates = (first.model_copy(update={"text": f"{first.text}{text}"}), *rest)
        decision = mended.decision.model_copy(update={"checkpoint": name, "candidates": candidates})
        outcome = mended.outcome.model_copy(update={"success": name == "tuned-1"})
        store.record(mended.model_copy(update={"id": None, "use": use, "decision": decision, "outcome": outcome}))
    found = compare_checkpoints(store, "siren-tiny", "tuned-1")
    assert (found.tasks, found.successes, found.gained, found.lost, found.other_proposals) == (1, (0, 1), 1, 0, 1)
    assert found.second.episodes == (later.failed,)
    text = narrate(found)
    assert "siren-tiny: no record of how it was made" in text
    assert "trained on 1 correction" in text
    with pytest.raises(StoreError, match="no weights 'nobody' are on record; there are: siren-tiny, tuned-1"):
        compare_checkpoints(store, "nobody", "tuned-1")


def test_what_it_believes_is_what_the_scene_and_the_knowledge_say(evening) -> None:
    found = beliefs(evening.store, evening.mended, evening.knowledge)
    egg = next(thing for thing in found.things if thing.name == "egg")
    assert "fragile" in egg.known
    assert [(one.said, one.found, one.agrees) for one in found.steps] == [("egg", "egg", True)]
    assert "every step goes to the thing that it names" in narrate(found)


def test_every_answer_is_told_in_korean_and_written_as_json(evening) -> None:
    store, knowledge, rule = evening.store, evening.knowledge, evening.book.rules[FRAGILE]
    answers = [
        explain_episode(store, evening.mended, knowledge),
        compare_episodes(store, evening.failed, evening.mended),
        compare_rules(evening.book.rules.values(), Rulebook(()).rules.values()),
        compare_checkpoints(store, "tuned-1", "tuned-1"),
        learned_from(store, evening.failed),
        earlier_mistakes(store, evening.failed),
        without_rule(store, "evening", rule, knowledge),
        beliefs(store, evening.mended, knowledge),
    ]
    for answer in answers:
        text = narrate(answer, "ko")
        assert any("가" <= letter <= "힣" for letter in text), answer
        assert text.count("\n") == narrate(answer).count("\n")
        assert type(answer).model_validate_json(answer.model_dump_json()) == answer


def test_the_graph_goes_on_to_what_learned_from_it(evening) -> None:
    graph = build_graph(explain_episode(evening.store, evening.failed, evening.knowledge), learned_from(evening.store, evening.failed))
    assert graph.has_edge("outcome", f"later rule {FRAGILE}")
    assert graph.has_edge("batch 1", "weights tuned-1")
    assert {node["kind"] for node in json.loads(to_json(graph))["nodes"]} >= {"instruction", "later rule", "batch", "weights", "event"}
    drawn = to_svg(graph)
    assert drawn.startswith("<svg")
    assert drawn.count("<path") == graph.number_of_edges()
    hostile = build_graph(explain_episode(evening.store, evening.mended, evening.knowledge))
    hostile.nodes["instruction"]["label"] = "<script>alert(1)</script>"
    assert "<script>" not in to_svg(hostile)
