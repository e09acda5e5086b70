"""Camera images as lossless PNG files under a home, one folder a session. Written aside, synced and renamed; read back equal."""

import os
import re
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from siren.core.errors import StoreError

FOLDER = "frames"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,119}")


class Frames:
    """The frames of one home."""

    def __init__(self, home: str | Path) -> None:
        self._folder = Path(home) / FOLDER

    def path(self, session: str, key: str) -> Path:
        """Where the frame of that key lies. Session and key are plain names: neither can lead out of the folder."""
        for what, name in (("session", session), ("key", key)):
            if not NAME.fullmatch(name) or name.endswith("."):
                raise StoreError(
                    f"expected a {what} of letters, digits, '_', '-' and '.' that starts with a letter or digit, got '{name[:60]}'"
                )
        return self._folder / session / f"{key}.png"

    def save(self, session: str, key: str, image: np.ndarray) -> Path:
        """Keep an image (uint8, (height, width, 3), RGB) and return its path. The same key again replaces it."""
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
            raise StoreError(f"expected an image of uint8 with shape (height, width, 3), got {image.dtype} with shape {image.shape}")
        path = self.path(session, key)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as file:
                Image.fromarray(np.ascontiguousarray(image)).save(file, format="PNG", compress_level=1)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            aside.unlink(missing_ok=True)
            raise StoreError(
                f"the frame {path} cannot be written: {error.strerror or error}; make room or choose another --home"
            ) from error
        return path

    def load(self, session: str, key: str) -> np.ndarray:
        """The image as it was saved: uint8, (height, width, 3), RGB."""
        path = self.path(session, key)
        try:
            with Image.open(path) as picture:
                return np.asarray(picture.convert("RGB")).copy()
        except FileNotFoundError as error:
            raise StoreError(
                f"no frame '{key}' of session '{session}': {path} is missing; only episodes run with that home have frames"
            ) from error
        except (UnidentifiedImageError, OSError, SyntaxError) as error:
            raise StoreError(f"the frame {path} is damaged ({error}); delete it") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
