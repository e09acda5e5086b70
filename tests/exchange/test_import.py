"""A session goes out as a LeRobot set and comes back as a session: the same episodes, explained by the same rules. Bad sets do not."""

import json
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from siren.config import SessionConfig, shipped_rules
from siren.core.errors import DataError
from siren.exchange.importing import check_set, import_set
from siren.exchange.lerobot_writer import Recorded, write_lerobot
from siren.exchange.rerun_file import write_rerun
from siren.exchange.whole import EPISODES, RULEBOOKS
from siren.explain.query import explain_episode
from siren.loop.rollout import frame_key
from siren.loop.start import new_session
from siren.memory.frames import Frames
from siren.memory.store import Store
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook
from siren.web.sample import lay_out_sample


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("home")
    lay_out_sample(place)
    return place


@pytest.fixture(scope="module")
def recorded(home: Path) -> list[Recorded]:
    store, frames = Store.open(home), Frames(home)
    session = store.sessions()[0].name
    return [
        Recorded(episode, frames.load(session, frame_key(episode.round, episode.task.seed)))
        for episode in store.episodes(session)
        if episode.decision.candidates
    ]


@pytest.fixture(scope="module")
def written(home: Path, recorded: list[Recorded], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sets") / "set"
    write_lerobot(recorded, out, Store.open(home).rulebook)
    return out


def brought_in(written: Path, place: Path) -> Store:
    store = Store.open(place)
    config = new_session(SessionConfig(name="again", train=False), place, store)
    check_set(written, shipped_rules())
    import_set(written, config.name, place / "sessions" / "again" / "rules", store, Frames(place), frame_key)
    return store


def test_what_went_out_comes_back_and_can_be_explained(written: Path, recorded: list[Recorded], tmp_path: Path) -> None:
    store = brought_in(written, tmp_path)
    found = list(store.episodes("again"))
    assert [one.model_copy(update={"id": 0, "session": ""}) for one in found] == [
        one.episode.model_copy(update={"id": 0, "session": ""}) for one in recorded
    ]
    for one, was in zip(found, recorded, strict=True):
        image = Frames(tmp_path).load("again", frame_key(one.round, one.task.seed))
        assert np.abs(image.astype(int) - was.image).mean() < 2  # of 255: the video keeps colours nearly
    rules = tmp_path / "sessions" / "again" / "rules"
    mended = next(one for one in found if one.decision.repair)
    answer = explain_episode(store, mended.id or 0, Knowledge.load(rules))
    assert answer.rules_of_the_day
    assert answer.verified == answer.proofs > 0
    assert {rule.id for rule in Rulebook.load(rules).judging() if not rule.hard} >= {found.rule for found in refused(mended)}
    assert store.last_committed_round("again") is not None


def refused(episode) -> list:
    verdicts = [candidate.verdict for candidate in episode.decision.candidates if candidate.verdict]
    return [found for verdict in verdicts for found in verdict.violations]


def test_it_goes_out_again_as_it_came_in(written: Path, tmp_path: Path) -> None:
    store = brought_in(written, tmp_path)
    frames = Frames(tmp_path)
    again = [Recorded(one, frames.load("again", frame_key(one.round, one.task.seed))) for one in store.episodes("again")]
    write_lerobot(again, tmp_path / "set", store.rulebook)
    old, new = (json.loads((folder / "meta/info.json").read_text()) for folder in (written, tmp_path / "set"))
    assert old == new
    check_set(tmp_path / "set", shipped_rules())


def changed(written: Path, tmp_path: Path, file: str, change) -> Path:
    copy = Path(shutil.copytree(written, tmp_path / "copy"))
    path = copy / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return copy


@pytest.mark.parametrize(
    ("file", "change", "complaint"),
    [
        (EPISODES, lambda text: text.replace('"session"', '"sesion"', 1), r"siren_episodes.jsonl:1: expected an episode"),
        (EPISODES, lambda text: text.partition("\n")[2], "told in two ways|not whole"),
        (EPISODES, lambda text: text + text.splitlines()[-1] + "\n", "not whole"),
        (EPISODES, lambda text: text.replace('"instruction": "', '"instruction": "do not ', 1), "told in two ways"),
        (RULEBOOKS, lambda text: text.replace("step(T, pick, O)", "step(T, place, O)", 1), "changed after it was written"),
        (RULEBOOKS, lambda text: "[]", "expected rules by the hash"),
    ],
    ids=["field", "line gone", "line twice", "another task", "another rule", "no rulebooks"],
)
def test_a_set_that_was_tampered_with_is_refused(written: Path, tmp_path: Path, file: str, change, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        check_set(changed(written, tmp_path, file, change), shipped_rules())


def test_a_rule_that_would_read_files_is_refused(home: Path, recorded: list[Recorded], tmp_path: Path) -> None:
    """The hash of such a rulebook may be right: its text is not loaded all the same."""
    store = Store.open(home)

    def hostile(digest: str):
        rules = store.rulebook(digest) or ()
        return tuple(rule.model_copy(update={"text": '#include "/etc/hostname".'}) for rule in rules) or None

    write_lerobot(recorded, tmp_path / "set", hostile)
    path = tmp_path / "set" / RULEBOOKS
    books = json.loads(path.read_text())
    from siren.core.rule import Rule
    from siren.symbolic.rulebook import digest

    path.write_text(json.dumps({digest([Rule.model_validate(rule) for rule in rules]): rules for rules in books.values()}))
    with pytest.raises(DataError, match="#include"):
        check_set(tmp_path / "set", shipped_rules())


def test_other_sets_are_refused_with_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found none; only sets that siren export has written"):
        check_set(tmp_path, shipped_rules())


def test_a_recording_for_rerun_or_a_clear_sentence(recorded: list[Recorded], tmp_path: Path) -> None:
    write = partial(write_rerun, recorded, tmp_path / "night.rrd")
    try:
        import rerun  # noqa: F401
    except ModuleNotFoundError:
        with pytest.raises(DataError, match=r"expected the extra 'rerun'.*pip install --editable '.\[rerun\]'"):
            write()
        return
    assert write() == (len(recorded), sum(len(one.episode.decision.plan.steps) for one in recorded))
    assert (tmp_path / "night.rrd").stat().st_size > 10_000
    with pytest.raises(DataError, match="exists"):
        write()
