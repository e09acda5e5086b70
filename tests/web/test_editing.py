"""A rule is edited: checked, replayed over what is on record, saved with its history, or refused with a reason."""

from pathlib import Path

import pytest
from visiting import RULE, SESSION, Visitor

from siren.memory.store import Store
from siren.symbolic.rulebook import Rulebook

PAGE = f"/sessions/{SESSION}/rules/{RULE}"
SENTENCE = "When {O} is fragile and gripped firmly or fast, it is crushed."
GOOD = f"violated({RULE}, (O,), T) :- step(T, pick, O), attribute(O, fragile), force(T, firm), not speed(T, slow)."
HOSTILE = {
    "include": '#include "/etc/passwd". ' + GOOD,
    "script": "#script (python) import os #end. " + GOOD,
    "external function": GOOD.replace("speed(T, slow)", "speed(T, @now())"),
    "unknown predicate": GOOD.replace("force(", "mass("),
    "syntax": GOOD.replace("), T)", "), T"),
    "unsafe": GOOD.replace("not speed(T, slow)", "Z > 3"),
    "another rule's name": GOOD.replace(RULE, "r0003"),
    "two rules": GOOD + "\n" + GOOD,
    "a header in the text": GOOD + "\n%! id=r7777 status=active\n%! \"x\"\nviolated(r7777, (O,), T) :- step(T, pick, O).",
    "a comment": "% harmless\n" + GOOD,
    "nothing": " ",
    "choice": GOOD.replace("violated(", "{ violated(", 1).replace(", T) :-", ", T) } :-", 1),
    "explosion": f"violated({RULE}, (O,), T) :- step(T, pick, O), " + ", ".join(f"extent(A{n}, width, B{n}), B{n} > 0" for n in range(3))
    + ", extent(A3, length, B3).",
}  # fmt: skip


def rule(home: Path) -> str:
    return Rulebook.load(home / "sessions" / SESSION / "rules").rules[RULE].text


def test_an_edit_is_replayed_before_it_is_saved(visitor: Visitor, home: Path) -> None:
    before = rule(home)
    text = visitor.send(f"{PAGE}/edit", f"{PAGE}/replay", 200, sentence=SENTENCE, text=GOOD)
    assert "as it stands" in text
    assert "as edited" in text
    assert "in 14 of 14 runs" in text
    assert "episode 8, step 1" in text  # the glass that was crushed is blocked by both, rightly
    assert rule(home) == before


def test_a_saved_edit_is_on_file_and_in_the_history(visitor: Visitor, home: Path) -> None:
    visitor.send(f"{PAGE}/edit", f"{PAGE}/save", 303, sentence=SENTENCE, text=GOOD.replace("\n", "\r\n"))
    assert rule(home) == GOOD
    history = Store.open(home).rule_history(RULE, SESSION)
    assert [version.author for version in history] == ["miner", "person"]
    assert history[-1].parent == 1
    page = visitor.get(PAGE)
    assert "not speed(T, slow)" in page
    assert 'class="added"' in page


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_refused_with_a_reason_and_changes_nothing(visitor: Visitor, home: Path, text: str) -> None:
    before = rule(home)
    answer = visitor.send(f"{PAGE}/edit", f"{PAGE}/save", 422, sentence=SENTENCE, text=text)
    assert "Not saved:" in answer
    assert "Traceback" not in answer
    assert rule(home) == before
    assert len(list((home / "sessions" / SESSION / "rules" / "learned").glob("r7*"))) == 0


@pytest.mark.parametrize("sentence", ["", "a\n%! id=r7777 status=active", "x" * 301, 'say "\x00"'], ids=["none", "lines", "long", "nul"])
def test_a_sentence_is_one_line_of_text(visitor: Visitor, home: Path, sentence: str) -> None:
    assert "expected a sentence" in visitor.send(f"{PAGE}/edit", f"{PAGE}/save", 422, sentence=sentence, text=GOOD)
    assert rule(home) != GOOD


def test_while_typing_one_line_says_whether_it_may_be_tried(visitor: Visitor) -> None:
    assert "✓" in visitor.send(f"{PAGE}/edit", f"{PAGE}/check", 200, sentence=SENTENCE, text=GOOD)
    assert "mass" in visitor.send(f"{PAGE}/edit", f"{PAGE}/check", 200, sentence=SENTENCE, text=HOSTILE["unknown predicate"])


def test_a_stale_edit_is_a_conflict_and_both_wordings_are_shown(visitor: Visitor, home: Path) -> None:
    """Two people open the form; the second to save learns what the first wrote, and nothing is lost."""
    first = visitor.get(f"{PAGE}/edit").partition('name="seen" value="')[2].partition('"')[0]
    visitor.send(f"{PAGE}/edit", f"{PAGE}/save", 303, sentence=SENTENCE, text=GOOD)
    mine = GOOD.replace("not speed(T, slow)", "speed(T, fast)")
    answer = visitor.send(f"{PAGE}/edit", f"{PAGE}/save", 409, sentence=SENTENCE, text=mine, seen=first)
    assert "changed since you opened it" in answer
    assert "not speed(T, slow)" in answer
    assert "speed(T, fast)" in answer
    assert rule(home) == GOOD


def test_a_rule_is_pinned_disabled_enabled_retired_and_restored(visitor: Visitor, home: Path) -> None:
    folder = home / "sessions" / SESSION / "rules"
    for wish, status, pinned, banned in (
        ("pin", "active", "inspector", ""),
        ("unpin", "active", "", ""),
        ("disable", "disabled", "", ""),
        ("enable", "active", "", ""),
        ("retire", "retired", "", ""),
        ("restore", "active", "", ""),
        ("pin", "active", "inspector", ""),
        ("ban", "disabled", "", "inspector"),
        ("unban", "disabled", "", ""),
        ("enable", "active", "", ""),
    ):
        visitor.send(PAGE, f"{PAGE}/standing", 303, wish=wish)
        found = Rulebook.load(folder).rules[RULE]
        assert (found.status, found.pinned, found.banned) == (status, pinned, banned), wish
    assert "cannot be asked to restore" in visitor.send(PAGE, f"{PAGE}/standing", 422, wish="restore")


def test_core_rules_are_not_edited_here(visitor: Visitor) -> None:
    assert "core rule" in visitor.get(f"/sessions/{SESSION}/rules/c_hand_full/edit", 422)
