"""Texts as files for the engine, which takes meshes in an array of shapes, and robots, only so (pybullet 3.2.7).

A file is named by the hash of what is in it and stays for the next process, so that a killed one leaves nothing of its own behind.
"""

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

from siren.core.errors import SirenError
from siren.world.shape import lathe_mesh, wavefront


@cache
def mesh_file(profile: tuple[tuple[float, float], ...]) -> Path:
    """The file with the body of revolution of this profile, written when it is not there yet. SirenError where it cannot be kept safely."""
    return kept(wavefront(*lathe_mesh(profile)), "obj")


@cache
def kept(content: str | bytes, kind: str) -> Path:
    """The file with this text or these bytes, its name ending in `kind`, written when it is not there yet. SirenError as above."""
    data = content.encode() if isinstance(content, str) else content
    path = _folder() / f"{hashlib.sha256(data).hexdigest()[:32]}.{kind}"
    if not path.exists():
        handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(aside, path)
    return path


def _folder() -> Path:
    """A folder for temporary files that belongs to this user alone."""
    folder = Path(tempfile.gettempdir()) / f"siren-files-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise SirenError(f"expected {folder} to be a folder that only you can write, found another one's; remove it or set TMPDIR")
    return folder
