"""Results of rows that can be counted by hand: shares, pairs, what rules were worth, and comparisons."""

import random
from pathlib import Path

import pytest
from bench_rows import PRINT, SIREN, VLA, row, setup, small_result, trials_of

from siren.core.errors import BenchError
from siren.core.statistics import wilson
from siren.eval.bench.compare import compare_results
from siren.eval.bench.pairs import corrected
from siren.eval.bench.reference import REFERENCES, fitting, together
from siren.eval.bench.result import OVERALL, read_result, write_result
from siren.eval.bench.summary import summed_up
from siren.eval.bench.tally import latency
from siren.eval.bench.text import markdown

MARKS = {"vla": {"seen": "1100", "laws": "00"}, "siren": {"seen": "1011", "laws": "11"}}


def test_columns_are_counted_with_their_intervals() -> None:
    vla = small_result(MARKS).arm("vla")
    assert vla is not None
    assert (vla.columns[OVERALL].count, vla.columns[OVERALL].trials) == (2, 6)
    assert (vla.columns["seen"].low, vla.columns["seen"].high) == pytest.approx(wilson(2, 4), abs=1e-4)
    assert vla.outcomes == {"seen": "1100", "laws": "00"}
    assert vla.causes == {"dropped": 4}
    assert (vla.steps, vla.seconds) == (2.0, 1.0)


def test_pairs_count_what_only_one_did() -> None:
    pairs = {pair.column: pair for pair in small_result(MARKS).pairs}
    assert {(column, pair.gained, pair.lost) for column, pair in pairs.items()} == {(OVERALL, 1, 4), ("seen", 1, 2), ("laws", 0, 2)}
    assert pairs["laws"].p_value == 0.5
    assert pairs["laws"].p_corrected == 1.0  # three tests were made together


def test_order_on_file_changes_nothing() -> None:
    rows = [row(arm, group, n, mark == "1") for arm, told in MARKS.items() for group, marks in told.items() for n, mark in enumerate(marks)]
    mixed = random.Random(3).sample(rows, len(rows))
    trials = trials_of({"seen": 4, "laws": 2})
    assert summed_up(setup(), trials, mixed, 1.0, 0) == summed_up(setup(), trials, rows, 1.0, 0)


def test_what_was_not_played_is_a_dash() -> None:
    found = summed_up(setup(), trials_of({"seen": 3}), [row("vla", "seen", 2, True), row("siren", "seen", 0, True)], 1.0, 0)
    assert [arm.outcomes["seen"] for arm in found.arms] == ["--1", "1--"]
    assert found.tables == {"seen": "0000----0000"}
    assert found.pairs[0].tables == 0
    nothing = summed_up(setup(), trials_of({"seen": 3}), [], 1.0, 0)
    assert nothing.arms[0].columns[OVERALL].trials == 0
    assert "| vla | – |" in markdown(nothing)


def test_a_rule_is_weighed_against_the_same_weights_without_it() -> None:
    rows = [
        row("vla", "seen", 0, False),
        row("vla", "seen", 1, True),
        row("siren", "seen", 0, True, refused=("r0001", "r0002"), way="repair"),
        row("siren", "seen", 1, False, refused=("r0001",)),
    ]
    begun = setup(sayings={"/r": {"r0001": "Eggs break."}})
    found = summed_up(begun, trials_of({"seen": 2}), rows, 1.0, 0).arm("siren")
    assert found is not None
    assert [(one.rule, one.refused, one.without, one.with_rules) for one in found.rules] == [("r0001", 2, 1, 1), ("r0002", 1, 0, 1)]
    assert [one.saying for one in found.rules] == ["Eggs break.", ""]
    for others in ((), (VLA.model_copy(update={"weights": "/other"}),), (VLA.model_copy(update={"tries": 2}),)):
        alone = summed_up(setup((*others, SIREN)), trials_of({"seen": 2}), rows, 1.0, 0).arm("siren")
        assert alone is not None
        assert alone.rules[0].without is None


def test_core_rules_are_counted_where_they_judge() -> None:
    rows = [row("vla", "seen", 0, True, broke_core=True), row("vla", "seen", 1, True), row("vla", "seen", 2, True, broke_core=None)]
    found = summed_up(setup((VLA,)), trials_of({"seen": 3}), rows, 1.0, 0).arms[0]
    assert (found.broke_core.count, found.broke_core.trials) == (1, 2)


def test_several_sessions_have_a_spread() -> None:
    arms = tuple(SIREN.model_copy(update={"name": f"siren@{name}"}) for name in "abc")
    rows = [row(arm.name, "seen", n, n < won) for arm, won in zip(arms, (1, 2, 3), strict=True) for n in range(4)]
    (spread,) = summed_up(setup(arms), trials_of({"seen": 4}), rows, 1.0, 0).spreads
    assert (spread.kind, spread.seeds, spread.mean, spread.lowest, spread.highest) == ("siren", 3, 0.5, 0.25, 0.75)


def test_latency_is_that_of_sorted_times() -> None:
    found = latency([row("vla", "seen", n, True, decided_ms=float(n)) for n in range(100)])
    assert (found.p50, found.p90, found.p99) == (50.0, 90.0, 99.0)
    assert latency([]).p99 == 0.0


def test_reference_rows_are_those_of_their_sources() -> None:
    note, paper = REFERENCES
    assert note.rows == {"RT-1": (85, 67, 52), "RT-2": (90, 76, 71)}
    assert paper.rows == {"RT-1": (92, 32, 17), "RT-2-PaLI-X-55B": (91, 62, 60)}
    full = small_result({"vla": {"seen": "1", "unseen": "10", "background": "0", "layout": "1", "reasoning": "0", "use": "1"}})
    assert fitting(full.arms) == REFERENCES
    assert together(full.arms[0], paper.columns["unseen average"]).count == 2
    assert fitting(small_result(MARKS).arms) == ()


def test_a_result_comes_back_from_its_file(tmp_path: Path) -> None:
    found = small_result(MARKS)
    assert read_result(write_result(found, tmp_path / "result.json")) == found
    (tmp_path / "other.json").write_text('{"suite": "quick"}')
    with pytest.raises(BenchError, match=r"other.json: expected the JSON that siren bench writes"):
        read_result(tmp_path / "other.json")
    with pytest.raises(BenchError, match="cannot be read"):
        read_result(tmp_path / "none.json")


def test_two_results_are_paired_by_table() -> None:
    first, second = small_result(MARKS), small_result({"vla": {"seen": "0111", "laws": "00"}})
    found = compare_results(first, second)
    assert found.warnings == ()
    assert found.only_in_first == ("siren",)
    overall = found.pairs[0]
    assert (overall.column, overall.tables, overall.gained, overall.lost) == (OVERALL, 6, 1, 2)


def test_a_shorter_result_is_compared_on_what_both_have() -> None:
    found = compare_results(small_result({"vla": {"seen": "1100"}}), small_result({"vla": {"seen": "00"}}))
    assert (found.pairs[0].tables, found.pairs[0].gained) == (2, 2)
    assert len(found.pairs) == 1


def test_what_is_not_the_same_is_said() -> None:
    other = PRINT.model_copy(update={"versions": {"python": "3.12"}, "arms": {"vla": "weights 2"}})
    found = compare_results(small_result(MARKS), small_result(MARKS, fingerprint=other, suite="full", seed=3))
    said = "\n".join(found.warnings)
    assert "python: 3.11 and 3.12" in said
    assert "arm vla: weights 1 and weights 2" in said
    assert "suite: quick and full" in said
    assert "seed: 0 and 3" in said


def test_other_tables_are_not_paired() -> None:
    first, second = small_result(MARKS), small_result(MARKS)
    moved = second.model_copy(update={"tables": second.tables | {"laws": "ffffffff"}})
    found = compare_results(first, moved)
    assert next(pair for pair in found.pairs if pair.column == "laws").tables == 0
    assert any("arm vla: 4 of 6 tables" in warning for warning in found.warnings)


def test_equal_outcomes_with_other_ends_are_told() -> None:
    first = small_result(MARKS)
    arms = (first.arms[0].model_copy(update={"ends": "other"}), first.arms[1])
    assert compare_results(first, first.model_copy(update={"arms": arms})).changed_ends == ("vla",)
    assert compare_results(first, first).changed_ends == ()


def test_correction_keeps_the_order() -> None:
    assert corrected([]) == ()
