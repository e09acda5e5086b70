"""Reports of a result: every table is in all of them, and nobody's numbers pass for ours."""

from bench_rows import small_result

from siren.eval.bench.bench_page import bench_page
from siren.eval.bench.suites import suite
from siren.eval.bench.text import markdown, sheets

SPLITS = {"seen": "11", "unseen": "10", "background": "0", "layout": "1", "reasoning": "0", "use": "1"}
RESULT = small_result({"vla": SPLITS, "siren": {split: "1" * len(marks) for split, marks in SPLITS.items()}})


def test_markdown_and_page_hold_every_table() -> None:
    text, page = markdown(RESULT), bench_page(RESULT)
    for sheet in sheets(RESULT):
        assert f"## {sheet.title}" in text
        assert sheet.title in page
    assert "rl is left out" in text
    assert "rl is left out" in page
    assert page.count("<svg") == 4  # two comparisons with others, columns, causes


def test_numbers_of_others_are_marked() -> None:
    lines = markdown(RESULT).splitlines()
    assert "| RT-2 | 90 | 76 | 71 | from the project's seed note |" in lines
    assert "| RT-2-PaLI-X-55B | 91 | 62 | 60 | paper, real robot, not comparable in absolute terms |" in lines
    assert "| siren | 100.0 (68 to 100) | 100.0 (34 to 100) | 100.0 (34 to 100) | measured here |" in lines


def test_every_row_of_a_table_is_as_wide_as_its_head() -> None:
    for sheet in sheets(RESULT):
        assert {len(row) for row in sheet.rows} == {len(sheet.head)}, sheet.title


def test_what_differs_surely_is_bold() -> None:
    sure = small_result({"vla": {"seen": "0" * 12}, "siren": {"seen": "1" * 12}})
    assert "**+0 / -12, p 0.0005**" in markdown(sure)
    assert "<b>+0 / -12, p 0.0005</b>" in bench_page(sure)
    assert "**" not in markdown(RESULT)


def test_robustness_has_a_curve_for_every_stress() -> None:
    groups = {trial.group: "1" for trial in suite("robustness")}
    page = bench_page(small_result({"vla": groups}))
    assert page.count("<svg") == 1
    for label in ("ambient light", "times the mass of everything", "metres that the camera stands beside its place"):
        assert label in page
