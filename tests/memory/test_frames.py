"""A frame comes back pixel for pixel, and no name leads out of the folder."""

import numpy as np
import pytest

from siren.core.errors import StoreError
from siren.memory.frames import Frames


def test_a_frame_comes_back_pixel_for_pixel(tmp_path):
    image = np.random.default_rng(3).integers(0, 256, (96, 96, 3), dtype=np.uint8)
    path = Frames(tmp_path).save("evening", "r1-s42-a0", image)
    assert path == tmp_path / "frames" / "evening" / "r1-s42-a0.png"
    assert [file.name for file in path.parent.iterdir()] == ["r1-s42-a0.png"]
    found = Frames(tmp_path).load("evening", "r1-s42-a0")
    assert found.dtype == np.uint8
    assert np.array_equal(found, image)


@pytest.mark.parametrize("name", ["../evil", "a/b", "/etc/passwd", "", ".", "..", ".hidden", "a\x00b", "x" * 121])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path, name):
    frames = Frames(tmp_path)
    for session, key in ((name, "key"), ("session", name)):
        with pytest.raises(StoreError, match="expected a (session|key) of letters"):
            frames.save(session, key, np.zeros((4, 4, 3), np.uint8))


def test_missing_damaged_and_wrong_frames_are_named(tmp_path):
    frames = Frames(tmp_path)
    with pytest.raises(StoreError, match="no frame 'r1' of session 'evening'"):
        frames.load("evening", "r1")
    path = frames.save("evening", "r1", np.zeros((96, 96, 3), np.uint8))
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(StoreError, match="is damaged"):
        frames.load("evening", "r1")
    with pytest.raises(StoreError, match="expected an image of uint8"):
        frames.save("evening", "r1", np.zeros((96, 96), np.float32))
