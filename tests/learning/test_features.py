"""Steps as columns: what a column says is what the rule made of it says."""

import re

import numpy as np
import pytest
from kitchen import RULES, kitchen_rows

from siren.learning import features
from siren.learning.cuts import cut_points, roundest
from siren.learning.literals import rule_sentence, rule_text
from siren.learning.matching import Body, by_name
from siren.symbolic import asp
from siren.symbolic.vocabulary import Vocabulary


def _built(group: str, episodes: int = 40):  # type: ignore[no-untyped-def]
    rows = [row for rows in kitchen_rows(episodes, seed=4) for row in rows if row.group == group]
    labels = np.array([row.family is not None for row in rows])
    return rows, features.build([features.view(row) for row in rows], labels, [np.ones(len(rows), dtype=bool)])


@pytest.mark.parametrize("group", ["pick", "put"])
def test_every_column_is_the_truth_of_its_text(group: str) -> None:
    """The column, the learner's own matcher and clingo agree, for a spread of literals on a handful of steps."""
    rows, columns = _built(group)
    compared = 0
    for index in range(0, len(columns.literals), 5 if group == "pick" else 2):
        text = rule_text("r0001", group, [columns.literals[index]])
        body = Body.read(text)
        assert body is not None, text
        for place in range(0, len(rows), 9 if group == "pick" else 5):
            model = asp.solve(f"{text}\n{asp.fact_text(rows[place].atoms)}", shown={"violated"})
            assert bool(model) == columns.values[index, place] == body.holds(by_name(rows[place].atoms)), text
            compared += 1
    assert compared > 40


def test_rules_are_made_of_learnable_predicates_only() -> None:
    vocabulary = Vocabulary.load(RULES)
    for group in ("pick", "put"):
        for literal in _built(group)[1].literals:
            names = re.findall(r"([a-z_]+)\(", literal.text.format(y="Y", n="N", m="M", b="B", z="Z"))
            assert all(vocabulary.predicates[name].learnable for name in names), literal.text


def test_cuts_lie_where_the_failures_begin_and_are_round() -> None:
    values = np.array([40, 52, 61, 74, 77, 83, 85, 90, 96])
    assert cut_points(values, values >= 80, limit=1) == [80]
    assert cut_points(values, np.zeros(9, dtype=bool), limit=3) == []
    assert roundest(78, 83) == 80
    assert roundest(61, 139) == 100
    assert roundest(81, 84) == 82


def test_two_literals_never_share_a_variable() -> None:
    _, columns = _built("pick")
    spans = [literal for literal in columns.literals if literal.text.startswith("span(")][:1]
    near = [literal for literal in columns.literals if "gap(" in literal.text][:1]
    text = rule_text("r0001", "pick", [*spans, *near])
    assert "span(T, N1), N1" in text
    assert "gap(T, Y, N), N" in text, "the sentence calls it {Y}"


def test_the_sentence_has_the_words_of_every_condition() -> None:
    _, columns = _built("pick")
    by_text = {literal.text: literal for literal in columns.literals}
    chosen = [by_text["attribute(O, fragile)"], by_text["force(T, firm)"]]
    assert rule_sentence("pick", "crushed", chosen) == "When {O} is picked up, is fragile and is gripped firmly, it is crushed."
