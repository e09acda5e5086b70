"""`siren rules`: lists, shows and checks; what may not be loaded is refused by file, line and remedy."""

import json
from pathlib import Path

import pytest
from calling import Siren

HEADER = '%! id=r0001 status=active origin=person kind=dropped\n%! "{O} slips"\n'
GOOD = HEADER + "violated(r0001, (O,), T) :- step(T, pick, O), speed(T, fast), attribute(O, slippery).\n"


def test_the_core_rules_are_listed_with_their_sentences(siren: Siren) -> None:
    code, out, _ = siren("rules", "list", "--json")
    rules = json.loads(out.splitlines()[-1])["rules"]
    assert code == 0
    assert {rule["origin"] for rule in rules} == {"core"}
    assert all(rule["sentence"] for rule in rules)


def test_one_rule_is_shown(siren: Siren) -> None:
    code, out, _ = siren("rules", "show", "c_hand_full")
    assert code == 0
    assert "violated(c_hand_full" in out


def test_an_unknown_rule_is_named_with_those_there_are(siren: Siren) -> None:
    code, _, err = siren("rules", "show", "r9999")
    assert code == 2
    assert err.startswith("siren: r9999: there is no such rule; there are: ")


def test_a_good_file_may_be_loaded(siren: Siren, tmp_path: Path) -> None:
    path = tmp_path / "r0001.lp"
    path.write_text(GOOD)
    code, out, err = siren("rules", "check", str(path))
    assert (code, out) == (0, "1 rules in 1 files may be loaded\n"), err


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("violated(", '#include "/etc/hostname".\nviolated(', 1), "#include"),
        (GOOD.replace("violated(", "#script (python) x #end.\nviolated(", 1), "#script"),
        (GOOD.replace("speed(T, fast)", "sped(T, fast)"), "speed"),
        (GOOD.replace("speed(T, fast),", "speed(T fast),"), "r0001.lp:3"),
        (GOOD.replace("attribute(O, slippery)", "attribute(O, slippery), Z > 3"), "Z"),
        ("violated(r0001, (O,), T) :- step(T, pick, O).", "%! id="),
    ],
    ids=["include", "script", "unknown predicate", "syntax", "unsafe variable", "no header"],
)
def test_a_bad_file_is_refused_in_one_sentence(siren: Siren, tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "r0001.lp"
    path.write_text(text)
    code, out, err = siren("rules", "check", str(path))
    assert code == 2
    assert out == ""
    assert "r0001" in err
    assert complaint in err
    assert "Traceback" not in err
