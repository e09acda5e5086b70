"""Rules side by side: what is found to follow does follow, on plans and tables of every shape."""

import re

import numpy as np
import pytest

from siren.core.rule import Rule
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.reading import PlainAtom, read_plain
from siren.symbolic.relations import equivalent, relations, subsumes
from siren.symbolic.rulebook import Rulebook
from siren.testing.rules import random_plan, random_rule, random_table
from siren.testing.scenes import goal_of

PICK = "violated(r, (O,), T) :- step(T, pick, O), "


def rule(name: str, body: str) -> Rule:
    return Rule(id=name, text=f"violated({name}, (O,), T) :- step(T, pick, O), {body}.", sentence="no")


@pytest.mark.parametrize(
    ("general", "special"),
    [
        ("attribute(O, slippery).", "attribute(O, slippery), speed(T, fast)."),
        ("span(T, N), N >= 75.", "span(T, Width), Width >= 80, force(T, firm)."),
        ("span(T, N), N < 80.", "span(T, N), N <= 60."),
        ("not speed(T, slow).", "speed(T, fast)."),
        ("near(T, _, _).", "near(T, Y, jaw), gap(T, Y, N), N < 20."),
        ("on(Y, O, T).", "on(Z, O, T), attribute(Z, heavy)."),
        ("extent(O, width, N), extent(D, width, M), N > M.", "extent(O, width, A), extent(D, width, B), B < A, force(T, firm)."),
    ],
)
def test_a_wider_rule_says_all_that_a_narrower_one_says(general: str, special: str) -> None:
    assert subsumes(PICK + general, PICK + special)
    assert not subsumes(PICK + special, PICK + general)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("not attribute(O, heavy).", "attribute(O, round)."),
        ("not on(_, O, T).", "on(Y, O, T)."),
        ("attribute(O, heavy), attribute(O, round).", "attribute(O, heavy), near(T, Y, _), attribute(Y, round)."),
        ("span(T, N), N >= 80.", "height(T, N), N >= 80."),
        ("span(T, N), N != 80.", "span(T, N), N >= 80."),
    ],
)
def test_what_only_looks_alike_is_told_apart(one: str, other: str) -> None:
    assert not subsumes(PICK + one, PICK + other)
    assert not subsumes(PICK + other, PICK + one)


def test_the_same_rule_in_other_words_is_the_same_rule() -> None:
    assert equivalent(PICK + "on(Y, O, T), span(T, N), N >= 80.", PICK + "span(T, W), W > 79, on(Upper, O, T).")
    assert not equivalent(PICK + "on(Y, O, T).", PICK + "on(O, Y, T).")


def test_pairs_are_told_in_a_sentence() -> None:
    book = [
        rule("r0001", "attribute(O, slippery), force(T, gentle)"),
        rule("r0002", "attribute(O, fragile), force(T, firm)"),
        rule("r0003", "attribute(O, slippery), attribute(O, wet), force(T, gentle)"),
        rule("r0004", "force(T, gentle), attribute(O, slippery)"),
    ]
    found = {(relation.kind, relation.first, relation.second) for relation in relations(book)}
    assert found == {
        ("contradicts", "r0001", "r0002"), ("subsumes", "r0001", "r0003"), ("equivalent", "r0001", "r0004"),
        ("contradicts", "r0002", "r0003"), ("contradicts", "r0002", "r0004"), ("subsumes", "r0004", "r0003"),
    }  # fmt: skip
    sentence = next(relation.sentence for relation in relations(book) if relation.kind == "contradicts")
    assert sentence == "r0001 and r0002 leave no force for what meets the other conditions of both"


@pytest.mark.parametrize("seed", range(4))
def test_what_breaks_the_narrower_rule_breaks_the_wider_one(knowledge: Knowledge, seed: int) -> None:
    """Random rules are widened by leaving a condition out; on random tables no plan breaks the narrow one alone."""
    rng = np.random.default_rng(seed)
    found: list[tuple[Rule, Rule]] = []
    for number in range(60):
        narrow = random_rule(rng, f"r{number:04d}")
        found += [(wide, narrow) for wide in _widened(rng, narrow, f"w{number:04d}")]
    pairs = [(wide, narrow) for wide, narrow in found if subsumes(wide.text, narrow.text)]
    assert len(pairs) >= 0.9 * len(found) > 20
    checker = ClingoChecker(Rulebook({rule.id: rule for pair in pairs for rule in pair}.values()), knowledge)
    for _ in range(15):
        scene = random_table(rng)
        verdict = checker.check(scene, [random_plan(rng, scene)], goal_of(scene.objects[0].name))[0]
        broken = {(violation.rule, violation.step) for violation in verdict.violations}
        for wide, narrow in pairs:
            steps = {step for rule_id, step in broken if rule_id == narrow.id}
            assert steps <= {step for rule_id, step in broken if rule_id == wide.id}, (wide.text, narrow.text)


def _widened(rng: np.random.Generator, narrow: Rule, name: str) -> list[Rule]:
    """The rule without one of its conditions: one in which every variable is still bound; none when there is none."""
    read = read_plain(narrow.text)
    assert read is not None
    parts = [*map(_text, read.atoms), *(f"{one.left} {one.order} {one.right}" for one in read.comparisons if one.centre is None)]
    for left_out in rng.permutation(len(parts)):
        kept = [part for number, part in enumerate(parts) if number != left_out]
        bound = set(re.findall(r"[A-Z]\w*", " ".join(part for part in kept if part.endswith(")") and not part.startswith("not"))))
        text = f"violated({name}, ({','.join(read.args)},), {read.step}) :- {', '.join(kept)}."
        if set(re.findall(r"[A-Z]\w*", text)) <= bound:
            return [Rule(id=name, text=text, sentence="wide")]
    return []


def _text(atom: PlainAtom) -> str:
    return f"{'not ' if atom.negated else ''}{atom.name}({', '.join(atom.args)})"
