"""Arms: what can be had from what was given, and what is said of the rest."""

import pytest

from siren.core.errors import BenchError
from siren.eval.bench.arms import ARMS, Given, OfSession, offer

MONDAY = OfSession("monday", "/home/sessions/monday/rules", "/home/weights/monday-6", "simulator")
TUESDAY = OfSession("tuesday", "/home/sessions/tuesday/rules", "/weights/tiny", "policy")
TINY = {"vla": ("/weights/tiny",)}
ALL = Given(TINY | {"rt1": ("/weights/rt1",), "robot-only": ("/weights/robot",), "rl": ("/weights/rl",)}, sessions=(MONDAY,))


def test_everything_given_is_every_arm_in_order() -> None:
    arms, left_out = offer(ALL)
    assert tuple(arm.name for arm in arms) == ARMS
    assert left_out == ()


def test_what_is_missing_is_named_with_what_to_give() -> None:
    arms, left_out = offer(Given(TINY))
    assert [arm.name for arm in arms] == ["vla", "vla-retry", "expert"]
    said = " ".join(left_out)
    assert len(left_out) == len(ARMS) - len(arms)
    assert "rt1 is left out: it needs a folder of weights, --rt1 FOLDER" in said
    assert "siren is left out: it needs a session that has learned" in said


def test_each_arm_differs_from_its_neighbour_in_one_thing() -> None:
    arms = {arm.name: arm for arm in offer(ALL)[0]}
    assert (arms["rules"].weights, arms["rules"].rules) == (arms["vla"].weights, MONDAY.rules)
    assert (arms["weights"].weights, arms["weights"].rules) == (MONDAY.weights, "")
    assert (arms["siren"].weights, arms["siren"].rules) == (MONDAY.weights, MONDAY.rules)
    assert (arms["siren-eyes"].perception, arms["siren-state"].perception) == ("policy", "simulator")
    assert arms["siren"].mind == arms["siren-state"].mind  # in this session they are one, and are played once
    assert arms["vla"].mind == arms["vla-retry"].mind
    assert (arms["vla"].tries, arms["vla-retry"].tries) == (1, 2)


def test_several_sessions_are_several_arms_of_one_kind() -> None:
    arms, _ = offer(ALL._replace(sessions=(MONDAY, TUESDAY)), ["siren", "weights"])
    assert [(arm.name, arm.kind) for arm in arms] == [
        ("weights@monday", "weights"),
        ("weights@tuesday", "weights"),
        ("siren@monday", "siren"),
        ("siren@tuesday", "siren"),
    ]
    assert arms[3].perception == "policy"


def test_several_folders_are_seeds_of_what_was_trained() -> None:
    arms, _ = offer(Given({"vla": ("/a/one", "/a/two"), "rt1": ("/b/one",)}, sessions=(MONDAY,)), ["vla", "rt1", "rules"])
    assert [(arm.name, arm.kind) for arm in arms] == [("rt1", "rt1"), ("vla@one", "vla"), ("vla@two", "vla"), ("rules", "rules")]
    assert arms[3].weights == "/a/one"
    with pytest.raises(BenchError, match="folders of different names"):
        offer(Given({"vla": ("/a/one", "/b/one")}), ["vla"])


def test_only_what_is_wanted_is_told_of() -> None:
    arms, left_out = offer(Given(TINY), ["expert", "vla", "siren"])
    assert [arm.name for arm in arms] == ["vla", "expert"]
    assert len(left_out) == 1


def test_policies_from_outside_are_arms() -> None:
    arms, _ = offer(Given(TINY, policies=("mine:Policy", "mine:Policy", "http://127.0.0.1:8000/")), ["vla"])
    assert [arm.name for arm in arms] == ["vla", "mine:Policy", "http://127.0.0.1:8000/"]


def test_bad_names_and_empty_offers_are_refused() -> None:
    with pytest.raises(BenchError, match="got 'sirn'; did you mean 'siren'"):
        offer(ALL, ["sirn"])
    with pytest.raises(BenchError, match="at least one arm that can be played"):
        offer(Given({}), ["rl"])
