"""What a person asks of `siren learn` is what the session is told; nothing is run here."""

from pathlib import Path

import pytest
from calling import call_here

from siren.cli import learn
from siren.config import SessionConfig


@pytest.mark.parametrize(
    ("words", "config"),
    [
        ([], SessionConfig()),
        (["--learner", "rl", "--rounds", "9"], SessionConfig(learner="rl", rounds=9)),
        (["--no-rules", "--no-train"], SessionConfig(rules=False, train=False)),
        (
            ["--train-every", "2", "--evaluate-every", "1", "--preferences"],
            SessionConfig(train_every=2, evaluate_every=1, preferences=True),
        ),
        (["--workers", "4", "--address", "auto", "--gpus", "0.5"], SessionConfig(workers=4, address="auto", gpus=0.5)),
    ],
)
def test_options_become_the_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], config: SessionConfig) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(learn, "_learn", lambda *given: asked.append(given))
    said = call_here("learn", "night", *words, "--metrics-port", "9464", home=tmp_path)
    assert said.code == 0, said.err
    assert asked[0][0] == config.model_copy(update={"name": "night"})
    assert asked[0][-1] == 9464


def test_a_resumed_session_may_run_elsewhere_and_does_the_same() -> None:
    old = SessionConfig(name="night", rounds=9, learner="rl", workers=2)
    asked = SessionConfig(name="night", rounds=3, workers=4, address="auto")
    assert learn._resumed(asked, Path(), None, lambda *_: old) == old.model_copy(update={"workers": 4, "address": "auto"})
