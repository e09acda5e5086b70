"""What may not be loaded, and what it is told."""

import os
from pathlib import Path

import pytest
from learned_rules import LEARNED, RULES, learned

from siren.core.errors import RuleError
from siren.core.plan import Plan
from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic import asp
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.rulebook import Rulebook
from siren.symbolic.sandbox import Limits, try_grounding
from siren.symbolic.validate import Validator
from siren.symbolic.vocabulary import Vocabulary

PLAIN = "violated(r1, (O,), T) :- step(T,pick,O), speed(T,fast)."
HEADER = '%! id=r1 status=active\n%! "no"\n'


@pytest.fixture(scope="module")
def validator(vocabulary: Vocabulary) -> Validator:
    return Validator(vocabulary)


def test_the_shipped_rules_and_those_of_the_kinds_that_are_learned_pass(validator: Validator) -> None:
    assert Rulebook.load(RULES, accept=validator).rules
    for rule_id in LEARNED:
        validator(learned(rule_id), "learned", 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#script(python)\n#end.", r"f\.lp:7: '#script' is not allowed in rule files; remove it"),
        ('a.\n# include "x.lp".', r"f\.lp:8: '# include' is not allowed"),
        ("violated(r1,@f(1),T) :- step(T,_,_).", "'@f' is not allowed"),
        ("violated(r1,(),T) :- &sum{1} > 0, time(T).", "'&sum' is not allowed"),
        ("violated(r1,(O,),T) :- step(T,pick,O), #count{X : object(X)} > 2.", "'#count' is not allowed"),
        ("violated(r1,(O,),T) :- step(T,pick,O), atribute(O,wet).", r"unknown predicate 'atribute'; .*attribute\(thing, attribute\)"),
        ("violated(r1,(O,),T) :- step(T,pick,O),\n\n qwxz(O).", r"f\.lp:9: unknown predicate 'qwxz'; rules/vocabulary.lp lists"),
        ("violated(r1,(O,),T) :- step(T,O).", r"step has 3 arguments, got 2.*write it as step\(step, skill, thing\)"),
        ("violated(r1,(O,),T) :- step(T,pick,O), .", r"f\.lp:7: expected a rule that ends in '\.', but column 40: syntax error"),
        ("violated(r1,(O,),T) :- step(T,pick,O). violated(r1,(),T) :- time(T).", "exactly one rule after its header, got Rule, Rule"),
        (":- step(T,pick,O).", "expected a single atom"),
        ("{ violated(r1,(O,),T) } :- step(T,pick,O).", "Aggregate.*is not allowed"),
        ("clear(O,T) :- object(O), time(T).", r"expected the rule to derive violated\(\.\.\.\)"),
        ("violated(r1,(f(O),),T) :- step(T,pick,O).", "a tuple of variables"),
        ("violated(r1,(O,),T) :- step(T,pick,O), X = 1..1000000000.", "Interval.*is not allowed"),
        ("violated(r1,(O,),T) :- violated(r2,(O,),T).", "may not depend on other violations"),
        ("violated(r1,(O,),T) :- step(T,pick,O), not near(T,Y,jaw), gap(T,Z,N), N < M.", "nothing binds M, Y"),
        ("violated(r1,(O,),T) :- step(T,pick,O)" + ", time(T)" * 12 + ".", "at most 12 conditions, got 13"),
        ("violated(r1,(),T) :- step(T,A,B), near(T,C,D), gap(T,E,F), over(T,G,H).", "at most 8 variables, got 9"),
        ("violated(r1,(),T) :- time(T), T > " + "-(" * 20 + "1" + ")" * 20 + ".", "nested too deep"),
    ],
)
def test_refusals_name_file_line_and_remedy(validator: Validator, text: str, said: str) -> None:
    with pytest.raises(RuleError, match=said) as caught:
        validator.check_text(text, "f.lp", 7)
    assert str(caught.value).startswith("f.lp:")


def test_comments_and_words_may_say_anything(validator: Validator) -> None:
    assert validator.check_text('violated(r1,(O,),T) :- step(T,pick,O), colour(O,"#script"). % #include', "f.lp") == "r1"


def test_the_id_of_the_header_is_the_id_that_is_derived(validator: Validator) -> None:
    rule = Rule(id="r0002", text="violated(r0001,(O,),T) :- step(T,pick,O).", sentence="x")
    with pytest.raises(RuleError, match=r"derive violated\(r0002, \.\.\.\) as its header says, got 'r0001'"):
        validator(rule, "f.lp", 3)


def test_an_included_file_is_never_opened(tmp_path: Path, validator: Validator) -> None:
    """The file is a pipe that nobody writes to: who opened it would wait for ever."""
    os.mkfifo(tmp_path / "secret.lp")
    (tmp_path / "learned").mkdir()
    (tmp_path / "learned" / "r1.lp").write_text(f'{HEADER}#include "{tmp_path}/secret.lp".\n')
    with pytest.raises(RuleError, match=r"r1\.lp:3: '#include' is not allowed"):
        Rulebook.load(tmp_path, accept=validator)


def test_a_good_rulebook_survives_its_trial(validator: Validator, scene: Scene, core_checker: ClingoChecker) -> None:
    facts = asp.fact_text(core_checker.facts(scene, [Plan(steps=())], Goal(relation="held", object="egg")))
    validator.trial([learned(rule_id) for rule_id in LEARNED], core_checker.program + facts, "learned")


BOMBS = {
    "cross product": "o(1..9). v(A,B,C,D,E,F,G,H) :- o(A), o(B), o(C), o(D), o(E), o(F), o(G), o(H).",
    "counts for ever": "n(0). n(X+1) :- n(X).",
    "interval": "p(1..1000000000).",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_grounding_bomb_is_stopped(bomb: str) -> None:
    with pytest.raises(RuleError, match=r"f\.lp: a trial on a small scene needed more than .*; tie its variables"):
        try_grounding(BOMBS[bomb], "f.lp", Limits(memory_mb=256, cpu_seconds=1))


def test_a_trial_has_a_clock_of_its_own() -> None:
    with pytest.raises(RuleError, match=r"needed more than 0\.2 s"):
        try_grounding(BOMBS["counts for ever"], "f.lp", Limits(cpu_seconds=5, wall_seconds=0.2))


def test_a_wrong_program_is_told_why() -> None:
    with pytest.raises(RuleError, match="syntax error"):
        try_grounding("p :- q(.", "f.lp")


@pytest.mark.parametrize(
    ("sentence", "text", "complaint"),
    [
        ("", PLAIN, "cannot go live: it has no sentence"),
        ("{Y} slips", PLAIN, "speaks of {Y}, which is no variable of the rule; there are O, T"),
        ("{O} slips", PLAIN.replace("fast", "rapid"), "unknown speed 'rapid' in 'speed(T,rapid)'; there are fast, normal, slow"),
        ("{O} slips", PLAIN.replace("pick", "grab"), "unknown skill 'grab'"),
    ],
)
def test_what_is_not_in_the_vocabulary_cannot_go_live(vocabulary: Vocabulary, sentence: str, text: str, complaint: str) -> None:
    rule = Rule(id="r1", text=text, sentence=sentence)
    with pytest.raises(RuleError) as refused:
        Validator(vocabulary)(rule, "r1.lp", 3)
    assert complaint in str(refused.value)


def test_what_cannot_be_told_may_wait_out_of_force(vocabulary: Vocabulary) -> None:
    Validator(vocabulary)(Rule(id="r1", text=PLAIN, sentence="", status="proposed"), "r1.lp", 3)
