"""Two rules are compared by what they say: the same, more, less, or together too much."""

import pytest

from siren.core.rule import Rule
from siren.symbolic.rivalry import rivals


def rule(name: str, body: str) -> Rule:
    return Rule(id=name, text=f"violated({name}, (O,), T) :- {body}.", sentence="{O}")


FIRM = "step(T, pick, O), attribute(O, fragile), force(T, firm)"


@pytest.mark.parametrize(
    ("body", "other", "relation"),
    [
        (FIRM, "force(S, firm), step(S, pick, X), attribute(X, fragile)", None),
        (FIRM, "step(T, pick, O), force(T, firm), attribute(O, fragile)", "same"),
        (FIRM, FIRM + ", attribute(O, round)", "subsumes"),
        (FIRM + ", attribute(O, round)", FIRM, "subsumed"),
        (FIRM, "step(T, pick, O), attribute(O, slippery), force(T, gentle)", "conflict"),
        (FIRM, "step(T, pick, O), attribute(O, slippery), not force(T, firm)", "conflict"),
        (FIRM, "step(T, pick, O), not attribute(O, fragile), force(T, gentle)", None),
        (FIRM, "step(T, place, O), attribute(O, slippery), force(T, gentle)", None),
        (FIRM, "step(T, pick, O), attribute(O, slippery)", None),  # that one forbids the step whatever its manner
        ("step(T, pick, O), offset(T, N), N >= 20", "step(T, pick, O), offset(T, M), M > 24", "subsumes"),
        ("step(T, pick, O), offset(T, N), N >= 25", "step(T, pick, O), offset(T, M), M > 24", "same"),
        ("step(T, pick, O), offset(T, N), N < 20", "step(T, pick, O), offset(T, M), M > 24", None),
        ("step(T, _, O), height(T, N), N > 9, speed(T, fast)", "step(T, place, O), height(T, H), H < 30, not speed(T, fast)", "conflict"),
        ("step(T, _, O), height(T, N), N > 30, speed(T, fast)", "step(T, place, O), height(T, H), H < 30, not speed(T, fast)", None),
        ("step(T, pick, O), on(Y, O, T)", "step(T, pick, O), on(Z, O, T), attribute(Z, heavy)", "subsumes"),
    ],
)
def test_how_two_rules_stand_to_each_other(body: str, other: str, relation: str | None) -> None:
    second = rule("r0002", other)
    if "X" in other:
        second = second.model_copy(update={"text": second.text.replace("(O,), T)", "(X,), S)")})
        relation = "same"
    found = rivals(rule("r0001", body), [second])
    assert [one.relation for one in found] == ([relation] if relation else [])


def test_a_rule_is_not_its_own_rival_and_text_that_is_not_plain_is_left_alone() -> None:
    odd = rule("r0002", "step(T, pick, O), extent(O, width, W), W * 2 > 80")
    assert rivals(rule("r0001", FIRM), [rule("r0001", FIRM), odd]) == ()


def test_matching_ends() -> None:
    many = ", ".join(f"near(T, Y{n}, B{n})" for n in range(5))
    assert rivals(rule("r0001", f"step(T, pick, O), {many}, attribute(Y4, wet)"), [rule("r0002", f"step(T, pick, O), {many}")])[0].relation
