"""Directions of past episodes as the ids of those nearest to a new one. faiss does the search, exactly; a file keeps what was computed.

    likeness = Likeness(folder / "evening.faiss")
    likeness.add(7, direction)              # float32, (width,), length 1
    likeness.nearest(direction, count=8)    # ((7, 1.0), ...)
    likeness.save()

The file can be made again from the record at any time: one that cannot be read is begun anew, and so is one of another width.
"""

import os
from pathlib import Path

import faiss
import numpy as np


class Likeness:
    """An index by cosine. One process writes its file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._index: faiss.IndexIDMap2 | None = None
        self._changed = False
        if path.is_file():
            try:
                found = faiss.read_index(str(path))
            except RuntimeError:  # damaged or cut short
                return
            self._index = found if isinstance(found, faiss.IndexIDMap2) else None

    def __len__(self) -> int:
        return int(self._index.ntotal) if self._index is not None else 0

    @property
    def newest(self) -> int:
        """Largest id that is in it; 0 when it is empty."""
        return int(faiss.vector_to_array(self._index.id_map).max()) if self._index is not None and len(self) else 0

    def add(self, number: int, direction: np.ndarray) -> None:
        """Remember the direction of the episode of that id. direction: float32, (width,), length 1."""
        if self._index is None or self._index.d != len(direction):
            self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(len(direction)))
        self._index.add_with_ids(direction[None].astype(np.float32), np.array([number], np.int64))
        self._changed = True

    def nearest(self, direction: np.ndarray, count: int) -> tuple[tuple[int, float], ...]:
        """Ids and cosines of up to `count` episodes, most alike first."""
        if self._index is None or self._index.d != len(direction):
            return ()
        cosines, numbers = self._index.search(direction[None].astype(np.float32), min(count, len(self)))
        found = ((int(number), float(cosine)) for number, cosine in zip(numbers[0], cosines[0], strict=True))
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))

    def save(self) -> None:
        """Write the file aside and rename it into place, if anything was added."""
        if self._index is None or not self._changed:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        faiss.write_index(self._index, str(aside))
        aside.replace(self._path)
        self._changed = False
