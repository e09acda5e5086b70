"""Episodes go out as a LeRobotDataset and come back the same; a set that was tampered with does not come in."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from siren.core.episode import Decision, Episode, Event, Outcome
from siren.core.errors import DataError
from siren.exchange import lerobot as layout
from siren.exchange.lerobot_reader import read_info, read_lerobot
from siren.exchange.lerobot_writer import Recorded, action, write_lerobot
from siren.exchange.tables import write_csv
from siren.world.camera import Camera, layout_bodies
from siren.world.expert import careless_plan
from siren.world.tasks import make_task, nominal_scene


def episode(seed: int, success: bool) -> Episode:
    task = make_task(seed)
    scene = nominal_scene(task)
    plan = careless_plan(task, scene, np.random.default_rng(seed))
    events = () if success else (Event(kind="dropped", step=1, phase="lift", tick=9, subject=task.goal.object),)
    outcome = Outcome(success=success, goal_reached=success, events=events, ticks=9, state_hash="")
    decision = Decision(candidates=(), chosen=-1, plan=plan, rulebook="r", checkpoint="none")
    return Episode(id=seed + 1, session="s", round=1, use="collect", task=task, scene=scene, decision=decision, outcome=outcome)


@pytest.fixture(scope="module")
def recorded() -> list[Recorded]:
    with Camera() as camera:
        episodes = [episode(seed, success=seed % 3 != 2) for seed in range(6)]
        return [Recorded(one, camera.look(layout_bodies(one.task)).image) for one in episodes]


@pytest.fixture(scope="module")
def written(recorded: list[Recorded], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sets") / "set"
    totals = write_lerobot(recorded, out)
    assert totals.episodes == 6
    assert totals.frames == sum(len(one.episode.decision.plan.steps) for one in recorded)
    return out


def test_what_went_out_comes_back(written: Path, recorded: list[Recorded]) -> None:
    samples = list(read_lerobot(written, failed=True))
    assert [sample.instruction for sample in samples] == [one.episode.task.instruction for one in recorded]
    assert [str(sample.plan) for sample in samples] == [str(one.episode.decision.plan) for one in recorded]
    for sample, one in zip(samples, recorded, strict=True):
        assert sample.image.shape == one.image.shape
        assert np.abs(sample.image.astype(int) - one.image).mean() < 2  # of 255: the video keeps colours nearly


def test_failed_episodes_stay_out_unless_asked_for(written: Path, recorded: list[Recorded]) -> None:
    assert len(list(read_lerobot(written))) == sum(one.episode.outcome.success for one in recorded) == 4


def test_other_readers_find_what_they_look_for(written: Path, recorded: list[Recorded]) -> None:
    info = json.loads((written / layout.INFO).read_text())
    assert (info["codebase_version"], info["total_episodes"], info["splits"]) == ("v3.0", 6, {"train": "0:6"})
    tasks = pd.read_parquet(written / layout.TASKS)
    assert tasks.index.name == "task"
    frames = pd.concat([pd.read_parquet(path) for path in sorted((written / "data").rglob("*.parquet"))])
    assert frames["index"].tolist() == list(range(info["total_frames"]))
    assert set(frames.columns) == set(info["features"]) - {layout.PICTURE}
    episodes = pd.read_parquet(written / layout.EPISODES.format(chunk=0, file=0))
    assert episodes["dataset_to_index"].iloc[-1] == info["total_frames"]
    failed = frames[frames[layout.FAILED_STEP] > 0]
    assert set(failed[layout.CAUSE]) == {"dropped"}
    actions = np.stack(frames[layout.ACTION].to_list())
    assert np.allclose(actions[0], action(recorded[0].episode.decision.plan.steps[0].keyframe), atol=1e-4)
    statistics = json.loads((written / layout.STATS).read_text())
    assert np.allclose(statistics[layout.ACTION]["mean"], actions.mean(0), atol=1e-4)
    assert np.shape(statistics[layout.PICTURE]["mean"]) == (3, 1, 1)


def test_a_set_is_whole_or_not_there(tmp_path: Path, recorded: list[Recorded]) -> None:
    def breaks_off() -> list[Recorded]:
        odd = recorded[1]._replace(image=np.zeros((10, 10, 3), np.uint8))
        return [recorded[0], odd]

    with pytest.raises(DataError, match="pictures of 96 x 96"):
        write_lerobot(breaks_off(), tmp_path / "set")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(DataError, match="found none"):
        write_lerobot([], tmp_path / "set")
    (tmp_path / "set").mkdir()
    with pytest.raises(DataError, match="exists"):
        write_lerobot(recorded, tmp_path / "set")


def tampered(written: Path, tmp_path: Path, **changes: object) -> Path:
    copy = tmp_path / "copy"
    shutil.copytree(written, copy)
    info = json.loads((copy / layout.INFO).read_text()) | changes
    (copy / layout.INFO).write_text(json.dumps(info))
    return copy


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"codebase_version": "v2.1"}, "version v3.0, got v2.1"),
        ({"features": {}}, "has no observation.images.overhead"),
        ({"fps": 0}, "expected the information"),
        ({"data_path": "../../{chunk_index}{file_index}"}, "leads out of the set"),
        ({"data_path": "{0.__class__}"}, "does not fit"),
        ({"video_path": "meta/info.json"}, "expected a video"),
    ],
)
def test_a_set_that_is_not_what_it_says_is_refused(written: Path, tmp_path: Path, changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        list(read_lerobot(tampered(written, tmp_path, **changes)))


def test_an_action_that_is_not_what_the_text_says_is_refused(written: Path, tmp_path: Path) -> None:
    copy = tampered(written, tmp_path)
    path = copy / layout.DATA.format(chunk_index=0, file_index=0)
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows[0][layout.ACTION][0] += 0.2
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)
    with pytest.raises(DataError, match="step 1: the action"):
        list(read_lerobot(copy))


def test_nonsense_in_place_of_a_table_is_refused(written: Path, tmp_path: Path) -> None:
    copy = tampered(written, tmp_path)
    (copy / layout.TASKS).write_bytes(b"PAR1 no table")
    with pytest.raises(DataError, match="parquet"):
        list(read_lerobot(copy))
    with pytest.raises(DataError, match="found none"):
        read_info(tmp_path / "nowhere")


def test_tables_hold_a_row_an_episode_and_a_row_a_step(tmp_path: Path, recorded: list[Recorded]) -> None:
    rows, steps = write_csv([one.episode for one in recorded], tmp_path / "tables")
    episodes, moved = (pd.read_csv(tmp_path / "tables" / f"{name}.csv") for name in ("episodes", "steps"))
    assert (len(episodes), len(moved)) == (rows, steps)
    assert episodes["success"].sum() == 4
    assert moved["failed"].sum() == 2
    assert set(episodes.loc[~episodes["success"], "cause"]) == {"dropped"}
