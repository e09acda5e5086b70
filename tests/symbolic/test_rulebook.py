"""Rules as files that a person can edit."""

from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siren.core.errors import RuleError
from siren.core.rule import Rule, Status
from siren.symbolic.rulebook import Rulebook, parse_text, retire, write_rule, write_text

SLIP = Rule(
    id="r0007",
    text="violated(r0007, (O,), T) :- step(T,pick,O), speed(T,fast), attribute(O,slippery).",
    sentence="{O} is slippery: it slips out when it is lifted fast",
    kind="dropped",
    support=41,
    against=1,
    confidence=0.91,
    episodes=(12, 14, 31),
    created=date(2026, 11, 22),
)

rules = st.builds(
    Rule,
    id=st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True),
    text=st.just(SLIP.text),
    sentence=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=383, exclude_characters="\x85"), max_size=40),
    status=st.sampled_from(get_args(Status)),
    origin=st.sampled_from(["core", "mined", "person"]),
    kind=st.from_regex(r"[a-z_]{0,10}", fullmatch=True),
    support=st.integers(0, 9999),
    against=st.integers(0, 9999),
    confidence=st.floats(0, 1),
    episodes=st.lists(st.integers(0, 99999), max_size=20).map(tuple),
    created=st.one_of(st.none(), st.dates()),
    pinned=st.from_regex(r"[a-z\uac00-\ud7a3.@-]{0,12}", fullmatch=True),
    reason=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=383, exclude_categories=("Cc",)), max_size=60),
)


@given(rules)
def test_a_written_rule_reads_back(rule: Rule) -> None:
    assert parse_text(write_text(rule), "somewhere.lp") == (rule,)


def test_the_file_is_what_the_page_of_rules_shows() -> None:
    assert write_text(SLIP) == (
        "%! id=r0007 status=active origin=mined kind=dropped support=41 against=1 confidence=0.91 episodes=12,14,31 created=2026-11-22\n"
        '%! "{O} is slippery: it slips out when it is lifted fast"\n'
        "violated(r0007, (O,), T) :- step(T,pick,O), speed(T,fast), attribute(O,slippery).\n"
    )


def test_a_folder_keeps_what_is_written_and_moves_what_is_retired(tmp_path: Path) -> None:
    path = write_rule(tmp_path, SLIP)
    assert Rulebook.load(tmp_path).rules["r0007"] == SLIP
    gone = retire(tmp_path, SLIP)
    book = Rulebook.load(tmp_path)
    assert not path.exists()
    assert gone.status == "retired"
    assert book.rules["r0007"] == gone
    assert book.judging() == ()
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["r0007.lp"]


def test_the_hash_is_that_of_the_rules_in_force() -> None:
    book = Rulebook([SLIP])
    shadow = SLIP.model_copy(update={"id": "r0008", "status": "shadow"})
    assert book.with_rule(shadow).hash == book.hash
    assert book.with_rule(SLIP.model_copy(update={"support": 42})).hash == book.hash
    assert book.with_rule(SLIP.model_copy(update={"confidence": 0.5})).hash != book.hash
    assert book.without("r0007").hash != book.hash
    assert book.rules == {"r0007": SLIP}


def test_core_rules_are_hard_and_say_what_is_wrong(core_rules: Rulebook) -> None:
    core = core_rules.having("active")
    assert core
    assert all(rule.hard and rule.sentence and f"violated({rule.id}," in rule.text for rule in core)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("violated(r1,(O,),T) :- step(T,pick,O).", r"bad\.lp:1: expected a '%! id=\.\.\.' header before"),
        ("", r"bad\.lp:1: expected a header line"),
        ('%! id=r1 stautus=active\n%! "x"\na.', r"bad\.lp:1: expected name=value with a name of id, status.*'stautus=active'"),
        ('%! id=r1 status=asleep\n%! "x"\na.', r"bad\.lp:1: header field 'status'.*'asleep'"),
        ('%! id=r1 confidence=2\n%! "x"\na.', r"bad\.lp:1: header field 'confidence'.*less than or equal to 1"),
        ("%! id=r1\na.", r"bad\.lp:2: expected the sentence"),
        ('% ours\n\n%! id=r1\n%! "x"\n', r"bad\.lp:5: expected a rule after its sentence"),
    ],
)
def test_a_malformed_file_names_the_line_and_the_remedy(text: str, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        parse_text(text, "bad.lp")


def test_one_id_is_one_rule(tmp_path: Path) -> None:
    (tmp_path / "learned").mkdir()
    for name in ("a.lp", "b.lp"):
        (tmp_path / "learned" / name).write_text(write_text(SLIP))
    with pytest.raises(RuleError, match="'r0007' comes twice"):
        Rulebook.load(tmp_path)


def test_a_retired_rule_can_come_back(tmp_path: Path) -> None:
    """Once refuted, then supported by new evidence: it stands in force, and only once."""
    (tmp_path / "learned").mkdir()
    (tmp_path / "retired").mkdir()
    rule = Rule(id="r0001", text="violated(r0001, (O,), T) :- step(T, pick, O).", sentence="{O} is picked")
    write_rule(tmp_path, rule)
    retire(tmp_path, rule)
    write_rule(tmp_path, rule)
    assert Rulebook.load(tmp_path).rules["r0001"].status == "active"
    assert not (tmp_path / "retired" / "r0001.lp").exists()


def test_a_stop_between_two_files_leaves_no_rule_twice(tmp_path: Path) -> None:
    for part in ("learned", "retired"):
        (tmp_path / part).mkdir()
    rule = Rule(id="r0001", text="violated(r0001, (O,), T) :- step(T, pick, O).", sentence="{O} is picked")
    text = write_rule(tmp_path, rule).read_text()
    (tmp_path / "retired" / "r0001.lp").write_text(text)
    assert Rulebook.load(tmp_path).rules["r0001"].status == "active"


def test_what_people_wish_is_in_the_header_and_a_reason_stands_below_the_sentence() -> None:
    gone = SLIP.model_copy(update={"banned": "kim", "status": "disabled", "reason": "kim forbids it: eggs are not slippery"})
    header, _, because, _ = write_text(gone).splitlines()
    assert header.endswith("created=2026-11-22 banned=kim")
    assert because == "%! because: kim forbids it: eggs are not slippery"
    assert parse_text(write_text(gone), "somewhere.lp") == (gone,)


def test_what_is_banned_never_judges_whatever_its_status_says() -> None:
    assert Rulebook([SLIP.model_copy(update={"banned": "kim"})]).judging() == ()
    assert Rulebook([SLIP.model_copy(update={"pinned": "kim"})]).judging() != ()


def test_a_rule_is_not_both_pinned_and_banned() -> None:
    both = write_text(SLIP).replace("support=41", "pinned=kim banned=lee support=41")
    with pytest.raises(RuleError, match=r"r0007.lp:1: expected a rule that is pinned or banned, got both"):
        parse_text(both, "r0007.lp")


def test_a_sentence_without_bindings_has_letters_for_things_and_dots_for_numbers() -> None:
    assert SLIP.saying == "A is slippery: it slips out when it is lifted fast"
    high = SLIP.model_copy(update={"sentence": "{Z} mm is higher than {Y} may be (640 mm)"})
    assert high.saying == "... mm is higher than B may be (640 mm)"
