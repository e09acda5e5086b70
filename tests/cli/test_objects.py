"""`siren objects` as a person, and a program, uses it."""

import json
from pathlib import Path

from calling import call_siren
from PIL import Image

from siren.world.contact_sheet import LINE, TILE


def test_the_kinds_of_a_category_come_as_a_table_and_as_one_json_object() -> None:
    said = call_siren("objects", "--category", "fruit", "--json", home=None)
    assert said.code == 0, said.err
    answer = json.loads(said.out.splitlines()[-1])
    rows = {row["name"]: row for row in answer["objects"]}
    assert rows["watermelon"]["special"] == ["heavy"]
    assert rows["plum"]["special"] == ["fragile"]
    assert rows["pear"]["held_out"]
    assert rows["apple"]["occasions"] == ["for a picnic"]
    assert answer["picture"] is None
    assert "watermelon" in said.err


def test_held_out_kinds_are_drawn_into_a_file(tmp_path: Path) -> None:
    out = tmp_path / "sheets" / "held.png"
    said = call_siren("objects", "--held-out", "--category", "home", "--out", str(out), home=None)
    assert said.code == 0, said.err
    assert "alarm_clock" in said.out
    assert "candle" not in said.out
    with Image.open(out) as sheet:
        assert sheet.size == (3 * TILE, 2 * TILE + LINE)
        assert len(sheet.getcolors(100_000) or ()) > 20


def test_what_cannot_be_shown_is_said_in_one_sentence() -> None:
    assert (
        "expected a category of things, got 'fruits'; categories are fruit, drink,"
        in call_siren("objects", "--category", "fruits", home=None).err
    )
    said = call_siren("objects", "--out", "things.jpg", home=None)
    assert said.code == 2
    assert "expected a file that ends in .png, got 'things.jpg'" in said.err
