"""Rules told to people: in Korean from the conditions, in English where there is no template."""

import re

import numpy as np
import pytest
from learned_rules import RULES

from siren.core.rule import Rule
from siren.symbolic.rulebook import Rulebook
from siren.symbolic.sentences import rule_sentence, template
from siren.testing.rules import random_rule

TOLD = {
    "step(T, pick, O), attribute(O, slippery), speed(T, fast)": ("dropped", "A을(를) 집을 때 A이(가) 미끄럽고 빠르게 움직이면 떨어뜨린다."),
    "step(T, pick, O), span(T, N), N >= 80": (
        "no_grip",
        "A을(를) 집을 때 손가락 사이에 오는 A의 폭이 80 mm 이상이면 손가락이 제대로 쥐지 못한다.",
    ),
    "step(T, pick, O), near(T, Y, jaw), gap(T, Y, N), N < 25": (
        "collision",
        "A을(를) 집을 때 B이(가) A 옆 손가락 방향에 있고 B까지의 틈이 25 mm 미만이면 손이 무언가에 부딪힌다.",
    ),
    "step(T, _, O), target(T, in, D), extent(O, width, N), extent(D, width, M), N > M": (
        "unstable",
        "A을(를) C 안에 넣을 때 A의 너비가 C의 너비보다 크면 놓은 자리에 있지 못한다.",
    ),
    "step(T, pick, O), not on(_, O, T), not attribute(O, heavy)": (
        "bump",
        "A을(를) 집을 때 A 위에 아무것도 없고 A이(가) 무겁지 않으면 무언가를 건드린다.",
    ),
    "step(T, push, O), edge(T, N), N < 20": (
        "unstable",
        "A을(를) 밀 때 탁자 가장자리까지의 거리가 20 mm 미만이면 놓은 자리에 있지 못한다.",
    ),
    "step(T, pick, O), tilt(T, N), N >= 10": ("collision", "A을(를) 집을 때 손이 기울어진 각도가 10 도 이상이면 손이 무언가에 부딪힌다."),
    "step(T, _, O), target(T, _, D), room(T, N), N < 0": (
        "unstable",
        "A을(를) 내려놓을 때 A을(를) 놓을 자리 둘레의 틈이 0 mm 미만이면 놓은 자리에 있지 못한다.",
    ),
    "step(T, stack, O), target(T, on, D), attribute(D, round), D != table": (
        "unstable",
        "A을(를) C 위에 쌓을 때 C이(가) 둥글고 C이(가) 탁자가 아니면 놓은 자리에 있지 못한다.",
    ),
}


@pytest.mark.parametrize("body", TOLD)
def test_conditions_become_korean(body: str) -> None:
    kind, sentence = TOLD[body]
    rule = Rule(id="r1", text=f"violated(r1, (O,), T) :- {body}.", sentence="When {O} is picked up, no.", kind=kind)
    assert rule_sentence(rule, "ko") == sentence
    assert rule_sentence(rule) == "When A is picked up, no."


def test_what_has_no_template_is_told_in_english() -> None:
    core = Rulebook.load(RULES).rules["c_outside_x"]
    assert template(core, "ko") == core.sentence


@pytest.mark.parametrize("seed", range(3))
def test_every_sentence_speaks_of_things_that_the_rule_binds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    korean = 0
    for number in range(150):
        told = template(random_rule(rng, f"r{number:04d}"), "ko")
        korean += told.endswith("안 된다.")
        assert set(re.findall(r"\{(\w*)\}", told)) <= {"O", "D", "Y", "Z"}
        assert "{}" not in told
    assert korean > 40
