"""What is not a plan cannot come out, and every plan of the teacher can."""

import numpy as np
import pytest

from siren.core.plan import SHOVES
from siren.policy.action_text import read_words
from siren.policy.grammar import DONE, Grammar, PlanGrammar, PointGrammar
from siren.policy.vocabulary import EOS, Vocabulary


def walk(grammar: Grammar, rng: np.random.Generator) -> list[int]:
    """Random words, each an allowed one."""
    state, words = grammar.start, list[int]()
    while state != DONE:
        words.append(int(rng.choice(grammar.allowed(state))))
        state = grammar.advance(state, words[-1])
    return words


@pytest.mark.parametrize("seed", range(30))
def test_every_random_walk_is_a_plan_that_follows_the_hand(vocabulary: Vocabulary, seed: int) -> None:
    plan = read_words(vocabulary.decode(walk(PlanGrammar(vocabulary, longest=6), np.random.default_rng(seed))))
    held = ""
    for step in plan.steps:
        if step.skill in ("pick", "open"):
            assert not held
            held = step.object if step.skill == "pick" else "lid of something"
        elif step.skill in SHOVES:
            assert not held
        else:
            assert held in (step.object, "lid of something")
            held = ""
    assert held != "lid of something"
    assert len(plan.steps) <= 6


def test_a_plan_in_words_is_accepted_word_by_word(vocabulary: Vocabulary) -> None:
    text = "open box x9 y8 r0 z7 slow firm ; place lid on table x1 y2 r4 z3 slow firm ; pick egg x1 y2 r4 z3 fast gentle"
    grammar = PlanGrammar(vocabulary)
    state = grammar.start
    for word in vocabulary.encode(f"{text} {EOS}"):
        assert word in grammar.allowed(state)
        state = grammar.advance(state, word)
    assert state == DONE


def test_what_was_picked_is_the_only_thing_to_put_down(vocabulary: Vocabulary) -> None:
    grammar = PlanGrammar(vocabulary)
    state = grammar.start
    for word in vocabulary.encode("pick egg x1 y2 r4 z3 fast gentle ; place"):
        state = grammar.advance(state, word)
    assert vocabulary.decode(grammar.allowed(state)) == "egg"


def test_nothing_is_taken_twice(vocabulary: Vocabulary) -> None:
    grammar = PlanGrammar(vocabulary)
    state = grammar.start
    for word in vocabulary.encode("pick egg x1 y2 r4 z3 fast gentle ; place egg on table x1 y2 r4 z3 fast gentle ; pick"):
        state = grammar.advance(state, word)
    assert set(vocabulary.decode(grammar.allowed(state)).split()) == set(vocabulary.kinds) - {"egg"}


def test_pointing_answers_have_five_words(vocabulary: Vocabulary) -> None:
    words = vocabulary.decode(walk(PointGrammar(vocabulary), np.random.default_rng(0))).split()
    assert len(words) == 5
    assert words[0] in vocabulary.kinds
    assert words[-1] == EOS
