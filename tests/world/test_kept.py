"""Texts as files for the engine."""

from pathlib import Path

import pytest

from siren.core.errors import SirenError
from siren.world.kept import kept, mesh_file

CONE = ((0.03, 0.0), (0.0, 0.05))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    mesh_file.cache_clear()
    kept.cache_clear()


def test_a_profile_is_written_once_and_found_by_the_next_process(tmp_path: Path) -> None:
    first = mesh_file(CONE)
    stamp = first.stat().st_mtime_ns
    mesh_file.cache_clear()
    kept.cache_clear()
    assert mesh_file(CONE) == first
    assert first.stat().st_mtime_ns == stamp
    assert [path.name for path in first.parent.iterdir()] == [first.name]
    assert first.read_text().startswith("v ")


def test_a_folder_that_others_can_write_is_refused(tmp_path: Path) -> None:
    folder = mesh_file(CONE).parent
    folder.chmod(0o777)
    mesh_file.cache_clear()
    kept.cache_clear()
    with pytest.raises(SirenError, match="only you can write"):
        mesh_file(CONE)
