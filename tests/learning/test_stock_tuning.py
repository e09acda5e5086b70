"""A stock vision-language checkpoint is taught, acts behind the same protocol, and is refused when something is wrong with it."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.torch import load_file, save_file

from siren import build
from siren.cli.app import main
from siren.config import SessionConfig
from siren.core.errors import CheckpointError, DataError, SessionError
from siren.core.geometry import pick_step
from siren.core.plan import Plan
from siren.learning.conversations import read_conversations
from siren.learning.samples import RobotSample
from siren.learning.stock_tuning import TuningConfig, mixed, robot_lessons, tune, web_lessons
from siren.loop.start import new_session
from siren.memory.store import Store
from siren.policy.stock import LONGEST_ANSWER, StockProposer, load_stock
from siren.testing.scenes import thing
from tests.stock_checkpoints import FAMILIES, save

# What the libraries below say to each other: peft asks a model by an older name, and a processor turns tensors into arrays the older way.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
RNG = np.random.default_rng(0)
PLAN = Plan(steps=(pick_step(thing("egg", 0.45, 0.1), 30.0, "slow", "gentle"),))
ROBOT = [RobotSample(RNG.integers(0, 256, (96, 96, 3)).astype(np.uint8), "pick up the egg", PLAN)]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {family: save(family, tmp_path_factory.mktemp(family)) for family in FAMILIES}


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_learns_a_plan_by_heart_and_says_it(folders: dict[str, Path], tmp_path: Path, family: str) -> None:
    report = tune(folders[family], ROBOT, [], tmp_path / "taught", TuningConfig(steps=120, batch=2, rate=4e-3))
    assert report.loss_after < 0.1 < report.loss_before
    proposer = build.proposer(tmp_path / "taught")
    assert isinstance(proposer, StockProposer)
    best, *others = proposer.propose(ROBOT[0].image, "pick up the egg", 3, np.random.default_rng(1))
    assert best.plan == PLAN
    assert best.score > -2
    assert len(others) == 2
    assert others[0].score >= others[1].score


@pytest.mark.parametrize("family", FAMILIES)
def test_adapters_train_a_few_weights_and_leave_an_ordinary_folder(folders: dict[str, Path], tmp_path: Path, family: str) -> None:
    whole = tune(folders[family], ROBOT, [], tmp_path / "whole", TuningConfig(steps=2, batch=1))
    few = tune(folders[family], ROBOT, [], tmp_path / "few", TuningConfig(steps=4, batch=1, rate=1e-2, low_rank=2, checkpointing=True))
    assert few.trained_weights < 0.2 * whole.trained_weights
    assert load_file(tmp_path / "few" / "model.safetensors").keys() == load_file(tmp_path / "whole" / "model.safetensors").keys()
    assert load_stock(tmp_path / "few").name == "few"


def test_what_is_no_plan_is_kept_as_text(folders: dict[str, Path]) -> None:
    proposer = StockProposer(load_stock(folders["llava"]))
    (said,) = proposer.propose(ROBOT[0].image, "pick up the egg", 1, np.random.default_rng(0))
    assert said.plan is None
    assert 0 < len(said.text) <= 16 * LONGEST_ANSWER


def test_a_missing_weight_and_a_flipped_byte_are_refused(folders: dict[str, Path], tmp_path: Path) -> None:
    broken = save("llava", tmp_path / "broken")
    weights = load_file(broken / "model.safetensors")
    lost = sorted(name for name in weights if "q_proj" in name)[0]
    save_file({name: value for name, value in weights.items() if name != lost}, broken / "model.safetensors", {"format": "pt"})
    with pytest.raises(CheckpointError, match="missing keys"):
        load_stock(broken)
    tune(folders["llava"], ROBOT, [], tmp_path / "taught", TuningConfig(steps=1, batch=1))
    file = tmp_path / "taught" / "model.safetensors"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(CheckpointError, match="the file has changed"):
        load_stock(tmp_path / "taught")


def test_a_folder_without_a_processor_says_what_to_do(tmp_path: Path) -> None:
    FAMILIES["llava"]()[0].save_pretrained(tmp_path / "half")
    with pytest.raises(CheckpointError, match=r"processor\.save_pretrained"):
        load_stock(tmp_path / "half")


def test_a_session_does_not_fine_tune_a_stock_checkpoint_by_itself(folders: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="siren tune"):
        new_session(SessionConfig(name="s", checkpoint=str(folders["llava"])), tmp_path, Store.open(tmp_path))


def conversations(folder: Path) -> Path:
    """Two pictures with three exchanges, in the layout of LLaVA's data."""
    (folder / "pictures").mkdir()
    entries = []
    for number in range(2):
        Image.fromarray(RNG.integers(0, 256, (40, 60, 3)).astype(np.uint8)).save(folder / "pictures" / f"{number}.png")
        talk = [{"from": "human", "value": "<image>\nWhat is it?"}, {"from": "gpt", "value": f"Noise {number}."}]
        more = [{"from": "human", "value": "Sure?"}, {"from": "gpt", "value": "Yes."}] if number else []
        entries.append({"id": number, "image": f"pictures/{number}.png", "conversations": talk + more})
    entries.append({"id": "text only", "conversations": entries[0]["conversations"]})
    (folder / "talk.json").write_text(json.dumps(entries))
    (folder / "talk.jsonl").write_text("\n".join(json.dumps(entry) for entry in entries) + "\n\n")
    return folder


def test_conversations_are_read_from_a_list_from_lines_and_from_a_folder(tmp_path: Path) -> None:
    folder = conversations(tmp_path)
    as_list, as_lines = (list(read_conversations(folder / name)) for name in ("talk.json", "talk.jsonl"))
    assert as_list == as_lines
    assert list(read_conversations(folder)) == as_list + as_lines
    assert [exchange.answer for one in as_list for exchange in one.exchanges] == ["Noise 0.", "Noise 1.", "Yes."]
    assert as_list[0].exchanges[0].question == "What is it?"
    lessons = list(web_lessons(as_list, 32))
    assert {lesson.image.shape for lesson in lessons} == {(32, 32, 3)}


HOSTILE = {
    "no JSON": ("{", "expected JSON"),
    "a picture elsewhere": (json.dumps({"image": "../../etc/passwd", "conversations": [{"from": "human", "value": "?"}] * 2}), "outside"),
    "a picture that is missing": (json.dumps({"image": "a.png", "conversations": [{"from": "human", "value": "?"}] * 2}), "no picture"),
    "one who talks to himself": (
        json.dumps({"image": "pictures/0.png", "conversations": [{"from": "human", "value": "?"}] * 2}),
        "human and gpt in turns",
    ),
    "a stranger": (json.dumps({"image": "pictures/0.png", "conversations": [{"from": "system", "value": "?"}] * 2}), "entry 1"),
    "nothing said": (json.dumps({"image": "pictures/0.png"}), "conversations"),
    "deep nesting": ("[" * 100_000, "expected JSON"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_wrong_with_a_file_is_said_with_its_place(tmp_path: Path, case: str) -> None:
    text, complaint = HOSTILE[case]
    file = conversations(tmp_path) / "bad.jsonl"
    file.write_text(text)
    with pytest.raises(DataError, match=complaint) as refusal:
        list(read_conversations(file))
    assert "bad.jsonl" in str(refusal.value) or "picture" in str(refusal.value)


def test_a_file_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    folder = conversations(tmp_path)
    (folder / "pictures" / "0.png").write_text("not a picture")
    with pytest.raises(DataError, match="expected a picture"):
        list(web_lessons(list(read_conversations(folder / "talk.json"))))


def test_halves_are_mixed_in_their_exact_share_and_nothing_comes_twice_before_everything_came_once(tmp_path: Path) -> None:
    robot = [lesson._replace(answer=f"robot {number}") for number in range(7) for lesson in robot_lessons(ROBOT)]
    web = list(web_lessons(list(read_conversations(conversations(tmp_path) / "talk.json"))))
    config = TuningConfig(steps=10, batch=4, web_share=0.3, seed=3)
    lessons = mixed(robot, web, config)
    answers = [lesson.answer for lesson in lessons]
    assert sum(answer.startswith("robot") for answer in answers) == 28
    assert {answers.count(f"robot {number}") for number in range(7)} == {4}
    assert answers == [lesson.answer for lesson in mixed(robot, web, config)]
    with pytest.raises(DataError, match="got neither"):
        mixed([], [], config)


@pytest.mark.slow
def test_the_command_tunes_on_both_halves(folders: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talk = conversations(tmp_path)
    main_exits_well(
        "tune", str(folders["llava"]), "--out", str(tmp_path / "out"), "--conversations", str(talk / "talk.json"),
        "--scenes", "3", "--steps", "3", "--batch", "2", "--low-rank", "2", "--json",
    )  # fmt: skip
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (answer["steps"], answer["scenes"], answer["conversations"]) == (3, 3, 2)
    assert build.is_stock(tmp_path / "out")


def main_exits_well(*words: str) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(list(words))
    assert exit_.value.code in (0, None)
