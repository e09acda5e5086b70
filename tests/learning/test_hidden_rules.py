"""Steps with hidden rules, some labels spoilt: the learner finds what is there, says why when it finds nothing, and knows when to look."""

import dataclasses

import numpy as np
import pytest

from benchmarks.hidden_rules import HIDDEN, dataset, group_of, labelled, mined, noisy_scenes, random_atoms
from siren.learning import features
from siren.learning.literals import Literal, crowded, further, further_extent, neighbour, rule_sentence, rule_text, threshold
from siren.learning.matching import Body, by_name
from siren.learning.miner import RuleMiner
from siren.learning.rounding import covered, rounded
from siren.symbolic import asp


@pytest.mark.slow
@pytest.mark.parametrize("target", ["collide", "bury", "tower", "unstable"])
def test_conditions_on_further_things_are_recovered(target: str) -> None:
    """One in ten labels is turned over; the rule that comes out is the hidden one, with its round cut."""
    report, _ = mined(dataset(target, 600, "symmetric", 0))
    bodies = [rule.text.partition(":-")[2].strip() for rule in report.born]
    assert len(bodies) == 1
    wanted = {
        "collide": ("not speed(T, slow)", "near(T, Y, _), extent(Y, height, N), N >= 90."),
        "bury": ("on(O, Y, T), on(Y, Z, T), Z != O.",),
        "tower": ("on(Y, O, T)", "attribute(Y, heavy)", "attribute(Y, round)"),
        "unstable": ("extent(O, width, N), extent(D, width, M), N > M.",),
    }[target]
    assert all(part in bodies[0] for part in wanted), bodies


def _columns(group: str, target: str) -> tuple[list[frozenset[asp.Atom]], features.Columns]:
    rows = dataset(target, 120, "symmetric", 1)
    labels = np.array([row.family is not None for row in rows])
    return [row.atoms for row in rows], features.build([features.view(row) for row in rows], labels, [np.ones(len(rows), dtype=bool)])


@pytest.mark.parametrize("target", ["collide", "bury", "tower", "unstable"])
def test_columns_on_further_things_are_the_truth_of_their_texts(target: str) -> None:
    """The column, the learner's own matcher and clingo agree on every condition about further things and comparisons."""
    atoms, columns = _columns(group_of(target), target)
    chosen = [index for index, literal in enumerate(columns.literals) if literal.cost >= 5]
    assert len(chosen) > 10
    for index in chosen:
        text = rule_text("r0001", group_of(target), [columns.literals[index]])
        body = Body.read(text)
        assert body is not None, text
        for place in range(0, len(atoms), 17):
            model = asp.solve(f"{text}\n{asp.fact_text(atoms[place])}", shown={"violated"})
            assert bool(model) == columns.values[index, place] == body.holds(by_name(atoms[place])), text


def test_a_rule_on_a_third_thing_can_be_said() -> None:
    _, columns = _columns("pick", "bury")
    literal = next(literal for literal in columns.literals if literal.text == "on(O, {y}, T), on({y}, {z}, T), {z} != O")
    assert (
        rule_sentence("pick", "dropped", [literal]) == "When {O} is picked up and stands on {Y}, which stands on something, it is dropped."
    )


def test_a_cut_moves_to_the_round_number_that_the_rest_of_the_rule_shows() -> None:
    """Read off all rows it was 73; among the things that are heavy it can be anything from 76 to 83."""
    rng = np.random.default_rng(0)
    rows = [random_atoms(rng, "pick") for _ in range(300)]
    body = Body.read("violated(x, (O,), T) :- step(T, pick, O), attribute(O, heavy), span(T, N), N >= 80.")
    assert body is not None
    index = [by_name(atoms) for atoms in rows]
    labels = np.array([body.holds(atoms) for atoms in index])
    heavy = Literal("attribute(O, heavy)", "{O} is heavy", 1)
    wide = threshold("span", None, None, at_least=True, cut=73)
    found = rounded("pick", [heavy, wide], index, labels, np.arange(300), 3.7)
    assert found[1].text == "span(T, {n}), {n} >= 80"
    assert found[1].words == "{O} measures at least 80 mm between the fingers"
    assert (covered("pick", found, index) == labels).all()


def test_a_cut_below_zero_moves_too_and_takes_its_words_along() -> None:
    """Read off few rows it was more than 6 mm in the way; what is in the way at all fails."""
    base = random_atoms(np.random.default_rng(0), "pick")
    rows = [base | {asp.Atom("fit", (1, room))} for room in range(-12, 13) for _ in range(4)]
    labels = np.array([room < 0 for room in range(-12, 13) for _ in range(4)])
    (found,) = rounded("pick", [threshold("fit", None, None, False, -6)], [by_name(atoms) for atoms in rows], labels, np.arange(100), 3.7)
    assert found == threshold("fit", None, None, False, 0)
    assert found.words == "{O} is in the way of the open hand"


@pytest.mark.parametrize(
    "literal",
    [
        threshold("depth", None, None, False, -5),
        crowded(12),
        neighbour("jaw", None, 30, None),
        neighbour("jaw", None, 30, -2),
        further("near", [further_extent("height", True, 90)]),
    ],
)
def test_a_condition_with_a_number_says_the_same_with_another_one(literal: Literal) -> None:
    assert literal.cut is not None
    assert literal.at is not None
    other = literal.at(literal.cut + 7)
    assert other != literal
    assert other.at is not None
    assert other.at(literal.cut) == literal
    assert other.text.endswith(f" {literal.cut + 7}")


def test_twins_that_ended_differently_are_named() -> None:
    """The same step, seen twelve times, fails every other time: no rule, and the pairs are told."""
    rng = np.random.default_rng(4)
    atoms = random_atoms(rng, "pick")
    other = [labelled(100 + n, 0, "pick", None, random_atoms(rng, "pick")) for n in range(30)]
    rows = [labelled(number, 0, "pick", "dropped" if number % 2 else None, atoms) for number in range(12)]
    report, _ = mined([*rows, *other])
    (gap,) = report.gaps
    assert report.born == ()
    assert gap.why is not None
    assert gap.why.kind == "contradicting_pairs"
    assert gap.why.pairs[0].failed.episode % 2 == 1
    assert gap.why.pairs[0].fine.episode % 2 == 0
    assert "had a twin" not in str(gap.why)
    assert "failures have a twin that went well: episode 1 step 1 failed, episode 0 step 1 did not" in str(gap.why)


def test_two_failures_are_too_few_and_chance_separates_nothing() -> None:
    rng = np.random.default_rng(3)
    rows = [labelled(number, 0, "pick", "dropped" if number < 2 else None, random_atoms(rng, "pick")) for number in range(40)]
    (gap,) = mined(rows)[0].gaps
    assert gap.why is not None
    assert (gap.why.kind, gap.why.failures, gap.why.needed) == ("too_few_failures", 2, 3)
    chance = [dataclasses.replace(row, family="dropped" if rng.random() < 0.3 else None) for row in rows * 3]
    assert all(found.why and found.why.kind != "too_few_failures" for found in mined(chance)[0].gaps)


@pytest.mark.parametrize("seed", [3, 6, 11])
def test_scenes_that_fail_for_no_reason_teach_nothing(seed: int) -> None:
    """Four steps of a scene that fail together are one failure: counted as four, each of these runs came to a rule."""
    assert mined(noisy_scenes(seed))[0].born == ()


def test_mining_is_due_when_failures_pile_up_that_no_rule_explains() -> None:
    rows = dataset("slip", 300, "symmetric", 2)
    miner = RuleMiner()
    assert not miner.due((), 0)
    for row in rows[:250]:
        miner.add([row])
    assert miner.due((), 0)
    rules = miner.mine(()).rules
    assert not miner.due(rules, 250)
    for row in rows[250:254]:
        miner.add([row])
    assert not miner.due(rules, 250)
    for row in dataset("jam", 60, "symmetric", 3):
        miner.add([row])
    assert miner.due(rules, 250)


def test_a_rule_that_is_refuted_makes_mining_due() -> None:
    rows = dataset("slip", 300, "symmetric", 2)
    miner = RuleMiner()
    for row in rows:
        miner.add([row])
    rules = miner.mine(()).rules
    for row in rows * 2:
        miner.add([dataclasses.replace(row, family=None)])
    assert miner.due(rules, len(miner))


def test_every_hidden_rule_can_be_read() -> None:
    assert all(Body.read(f"violated(x, (O,), T) :- {text}.") for texts in HIDDEN.values() for text in texts)
