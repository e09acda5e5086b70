"""Rendered rows on disk: pictures and labels as arrays, texts as lines, so that training waits for no renderer.

images.npy   uint8 (count, 96, 96, 3)
regions.npy  int16 (count, 5, 8, 8)
texts.jsonl  one line a picture: [[prompt, answer], ...]
about.json   what is to be known of them, e.g. how many texts were dropped and why
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from siren.learning.regions import PLANES
from siren.learning.samples import Row, Text

IMAGES, REGIONS, TEXTS, ABOUT = "images.npy", "regions.npy", "texts.jsonl", "about.json"


class Pool:
    """Rows in a shuffled order that is new in every epoch; every one comes once before any comes twice.

    The n-th row drawn, and which of its texts, depend on seed and n alone: set `position` to go on anywhere.
    """

    def __init__(self, folder: Path, seed: int, part: float = 1.0) -> None:
        """`part`: the share of the rows that is used, from the first on."""
        self._images = np.load(folder / IMAGES, mmap_mode="r")
        self._regions = np.load(folder / REGIONS)
        lines = (folder / TEXTS).read_text(encoding="utf-8").splitlines()
        lines = lines[: max(1, round(part * len(lines)))]
        self._texts = [tuple(Text(*pair) for pair in json.loads(line)) for line in lines]
        self._seed = seed
        self._order: tuple[int, list[int]] = (-1, [])  # of one epoch
        self.position = 0

    def __len__(self) -> int:
        return len(self._texts)

    def draw(self, count: int, texts: int) -> list[Row]:
        """The next `count` rows with `texts` of their texts each."""
        rows = [self._row(number, texts) for number in range(self.position, self.position + count)]
        self.position += count
        return rows

    @property
    def state(self) -> int:
        """Enough to go on from here."""
        return self.position

    def resume(self, state: int) -> None:
        """Go on where that state was taken."""
        self.position = state

    def words(self) -> set[str]:
        """Every word of every text."""
        return {word for texts in self._texts for text in texts for word in f"{text.prompt} {text.answer}".split()}

    def _row(self, number: int, texts: int) -> Row:
        epoch, place = divmod(number, len(self))
        if self._order[0] != epoch:
            self._order = epoch, np.random.default_rng([self._seed, 1, epoch]).permutation(len(self)).tolist()
        row = self._order[1][place]
        said = self._texts[row]
        chosen = np.random.default_rng([self._seed, 2, number]).permutation(len(said))[:texts]
        return Row(np.array(self._images[row]), tuple(said[n] for n in chosen), self._regions[row])


def write_pool(folder: Path, make_row: Callable[[], Row], count: int, about: Callable[[], Mapping[str, object]] = dict) -> None:
    """Draw `count` rows and write them aside, then rename the folder into place. A folder that is there already is left as it is.

    `about` is asked at the end for what is to be known of the rows.
    """
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
    (aside / ABOUT).write_text(json.dumps(about(), indent=1) + "\n", encoding="utf-8")
    try:
        aside.rename(folder)
    except OSError:  # another process was first
        if not folder.exists():
            raise
        shutil.rmtree(aside)
