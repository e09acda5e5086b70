"""Rendered rows on disk: pictures and labels as arrays, texts as lines, so that training waits for no renderer.

images.npy   uint8 (count, 96, 96, 3)
regions.npy  int16 (count, 5, 8, 8)
texts.jsonl  one line a picture: [[prompt, answer], ...]
"""

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from siren.learning.regions import PLANES
from siren.learning.samples import Row, Text

IMAGES, REGIONS, TEXTS = "images.npy", "regions.npy", "texts.jsonl"


class Pool:
    """Rows that are drawn again and again, every one once before any comes twice."""

    def __init__(self, folder: Path, rng: np.random.Generator) -> None:
        self._images = np.load(folder / IMAGES, mmap_mode="r")
        self._regions = np.load(folder / REGIONS)
        lines = (folder / TEXTS).read_text(encoding="utf-8").splitlines()
        self._texts = [tuple(Text(*pair) for pair in json.loads(line)) for line in lines]
        self._rng = rng
        self._order: list[int] = []

    def __len__(self) -> int:
        return len(self._texts)

    def draw(self, count: int, texts: int) -> list[Row]:
        """`count` rows with `texts` of their texts each, in random order."""
        while len(self._order) < count:
            self._order += self._rng.permutation(len(self)).tolist()
        numbers, self._order = self._order[:count], self._order[count:]
        return [Row(np.array(self._images[n]), self._some(self._texts[n], texts), self._regions[n]) for n in numbers]

    def words(self) -> set[str]:
        """Every word of every text."""
        return {word for texts in self._texts for text in texts for word in f"{text.prompt} {text.answer}".split()}

    def _some(self, texts: tuple[Text, ...], count: int) -> tuple[Text, ...]:
        return tuple(texts[n] for n in self._rng.permutation(len(texts))[:count])


def write_pool(folder: Path, make_row: Callable[[], Row], count: int) -> None:
    """Draw `count` rows and write them aside, then rename the folder into place. A folder that is there already is left as it is."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    images = np.lib.format.open_memmap(aside / IMAGES, "w+", np.uint8, (count, 96, 96, 3))
    regions = np.lib.format.open_memmap(aside / REGIONS, "w+", np.int16, (count, PLANES, 8, 8))
    with (aside / TEXTS).open("w", encoding="utf-8") as lines:
        for number in range(count):
            row = make_row()
            images[number], regions[number] = row.image, row.regions
            lines.write(json.dumps(row.texts) + "\n")
    images.flush()
    regions.flush()
    try:
        aside.rename(folder)
    except OSError:  # another process was first
        if not folder.exists():
            raise
        shutil.rmtree(aside)
