"""The life of a rule: proposed, in the shadow, in force, in doubt, retired; what people wish, and what forbids too much."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kitchen import kitchen_rows

from siren.core.rule import IN_FORCE, Rule, Status
from siren.learning.failures import NEVER, StepRow
from siren.learning.lifecycle import because, moved, overreach
from siren.learning.miner import MiningReport, RuleMiner
from siren.learning.vetting import DOUBTFUL, STAYS_ABOVE, TRUSTED, Evidence, judge
from siren.symbolic.relations import equivalent

counts = st.integers(0, 60)
evidence = st.builds(Evidence, hits=counts, misses=counts, held_hits=counts, held_misses=counts, base=st.floats(0.05, 0.9))
PUT_EGGS = "violated({}, (O,), T) :- step(T, pick, O), attribute(O, fragile), force(T, firm)."


@pytest.fixture(scope="module")
def episodes() -> list[tuple[StepRow, ...]]:
    return kitchen_rows(300, seed=1, noise=0.03)


def mined(episodes: list[tuple[StepRow, ...]], rules: tuple[Rule, ...] = (), **options: object) -> MiningReport:
    miner = RuleMiner(**options)  # type: ignore[arg-type]
    for rows in episodes:
        miner.add(rows)
    return miner.mine(rules)


def crushed(name: str, **fields: object) -> Rule:
    told = {"id": name, "text": PUT_EGGS.format(name), "sentence": "When {O} is fragile, it is crushed.", "kind": "crushed"}
    return Rule.model_validate({**told, **fields})


@given(evidence, st.sampled_from(["shadow", "active", "probation", "quarantined", "standby", "retired", "disabled", None]))
def test_where_a_rule_stands_depends_on_its_evidence_alone(found: Evidence, before: Status | None) -> None:
    now = judge(found, before)
    assert judge(found, now) in (now, "retired"), "judged again on the same evidence it stays, or was no rule at all"
    if now in IN_FORCE:
        assert found.bound > STAYS_ABOVE
    if before in IN_FORCE:
        assert now in (*IN_FORCE, "retired")
        assert (now == "retired") == (found.bound <= STAYS_ABOVE)
    if before in ("retired", "disabled"):
        assert now == before


def test_a_rule_in_force_is_doubted_before_it_goes_and_trusted_only_well_above() -> None:
    assert STAYS_ABOVE < DOUBTFUL < TRUSTED
    course = [Evidence(hits, misses, 0, 0, base=0.2) for hits, misses in ((30, 4), (30, 16), (36, 16), (60, 14), (60, 60))]
    standing: Status = "active"
    seen: list[Status] = []
    for found in course:
        standing = judge(found, standing)
        seen.append(standing)
    assert seen == ["active", "probation", "probation", "active", "retired"]


def test_each_change_has_its_reason_and_no_change_keeps_the_old_one() -> None:
    found = Evidence(hits=6, misses=20, held_hits=2, held_misses=9, base=0.2)
    told = because("active", "retired", found, (3, 5, 8, 9, 12, 14))
    counted, episodes = told.split("; nothing happened in episodes ")
    assert counted == "refuted: only 8 of 37 cases where it holds failed as it says (lower bound 0.13)"
    assert episodes == "3, 5, 8, 9 and 2 more"
    common = Evidence(hits=20, misses=4, held_hits=6, held_misses=2, base=0.62)
    assert judge(common, "shadow") == "retired"
    counted = "26 of 32 cases where it holds failed as it says"
    assert because("shadow", "retired", common) == f"given up: {counted}, surely 0.68, too little above chance (62 % of all cases fail so)"
    rule = crushed("r0001", reason="accepted: once")
    assert moved(rule, "active", told) == rule
    assert moved(rule, "retired", told).reason == told


def test_what_a_person_banned_never_comes_back_in_any_words(episodes: list[tuple[StepRow, ...]]) -> None:
    banned = crushed("r0031", status="disabled", banned="kim")
    free, bound = mined(episodes), mined(episodes, (banned,))
    assert any(equivalent(rule.text, banned.text) for rule in free.born)
    assert not any(equivalent(rule.text, banned.text) for rule in bound.rules if rule.id != "r0031")
    assert next(rule for rule in bound.rules if rule.id == "r0031") == banned


def test_what_a_person_pinned_stays_untouched_and_is_not_sought_again(episodes: list[tuple[StepRow, ...]]) -> None:
    pinned = crushed("r0031", pinned="kim", support=1)
    wrong = crushed("r0032", pinned="kim", kind="dropped")  # nothing is ever dropped by it, and yet it stays
    report = mined(episodes, (pinned, wrong))
    assert [rule for rule in report.rules if rule.pinned] == [pinned, wrong]
    assert not any(equivalent(rule.text, pinned.text) for rule in report.born)


def test_a_rule_that_leaves_no_way_waits_in_quarantine_with_the_reason(episodes: list[tuple[StepRow, ...]]) -> None:
    def objection(rule: Rule, seen: object) -> str:
        return "forbids too much: there is no way left" if "fragile" in rule.text and rule.kind == "crushed" else ""

    report = mined(episodes, objection=objection)
    (kept,) = [rule for rule in report.rules if rule.status == "quarantined"]
    assert kept.reason == "forbids too much: there is no way left"
    assert kept not in report.born
    assert mined(episodes, report.rules, objection=objection).rules == report.rules, "it is not sought again"
    (free,) = [rule for rule in mined(episodes, report.rules).rules if rule.id == kept.id]
    assert free.status == "active", "when nothing speaks against it any more it comes into force"


def test_what_forbids_many_steps_that_went_well_is_out_of_force() -> None:
    vague = Evidence(hits=40, misses=25, held_hits=20, held_misses=10, base=0.3)
    assert overreach(200, 35, vague) == "forbids too much: 35 of 200 steps that went well (18 %; up to 5 % is borne)"
    assert overreach(2000, 35, vague) == ""
    precise = Evidence(hits=140, misses=14, held_hits=60, held_misses=6, base=0.38)
    assert overreach(200, 20, precise) == "", "one label in ten is wrong; the rule is right"


def test_a_rule_that_adds_nothing_goes_and_names_the_better_one(episodes: list[tuple[StepRow, ...]]) -> None:
    narrow = crushed("r0031", text=PUT_EGGS.format("r0031").replace(", force", ", not speed(T, slow), force"), support=9)
    after = {rule.id: rule for rule in mined(episodes, (narrow,)).rules}
    better = next(rule for rule in after.values() if rule.in_force and equivalent(rule.text, PUT_EGGS.format(rule.id)))
    assert after["r0031"].status == "retired"
    assert after["r0031"].reason == f"superseded: what it explains, {better.id} explain better"


def test_without_a_search_rules_are_judged_again_and_none_is_born(episodes: list[tuple[StepRow, ...]]) -> None:
    rules = mined(episodes[:150]).rules
    miner = RuleMiner()
    for rows in episodes:
        miner.add(rows)
    report = miner.mine(rules, search=False)
    assert {rule.id for rule in report.rules} == {rule.id for rule in rules}
    assert any(now.support > then.support for now, then in zip(report.rules, rules, strict=True))


def test_refuted_by_later_steps_it_is_retired_and_says_by_which(episodes: list[tuple[StepRow, ...]]) -> None:
    report = mined(episodes)
    later = [tuple(dataclasses.replace(row, family=None, phase=NEVER, episode=1000) for row in rows) for rows in episodes * 2]
    gone = {rule.id: rule for rule in mined([*episodes, *later], report.rules).retired}
    assert set(gone) == {rule.id for rule in report.rules}
    assert all("refuted: only" in rule.reason and "nothing happened in episodes" in rule.reason for rule in gone.values())
