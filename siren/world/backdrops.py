"""Patterns on table tops, and tables in lights that no training picture has.

The six `PATTERNS` and the light from lower down, dimmer or brighter, are for the split `background` alone. The robot's own table is plain
in training (`camera.robot_setting`); other people's pictures (`camera.web_setting`) also show tables of `GROUNDS`, which are clouds and
spots and streaks without any regular figure.
"""

import io
import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from PIL import Image

from siren.core.errors import WorldError
from siren.core.task import Backdrop
from siren.world.kept import kept

_SIDE = 256  # pixels of a pattern, which is laid over the whole top of 1.0 x 1.0 m once
_LIGHTS = ((0.34, 0.44), (0.80, 0.92))  # ambient; training has 0.50 to 0.75
_LOW_LIGHT = (1.4, 2.2)  # height of the light's direction; training has 3.0


def draw_backdrop(rng: np.random.Generator) -> Backdrop:
    """A patterned table in unusual light."""
    red, green, blue = (float(value) for value in rng.uniform(0.3, 0.95, 3))
    angle, dim = rng.uniform(0, 2 * math.pi), _LIGHTS[int(rng.integers(len(_LIGHTS)))]
    return Backdrop(
        table=(round(red, 3), round(green, 3), round(blue, 3)),
        texture=list(PATTERNS)[int(rng.integers(len(PATTERNS)))],
        light=(round(1.5 * math.cos(angle), 3), round(1.5 * math.sin(angle), 3), round(float(rng.uniform(*_LOW_LIGHT)), 3)),
        ambient=round(float(rng.uniform(*dim)), 3),
        diffuse=round(float(rng.uniform(0.25, 0.55)), 3),
    )


@cache
def pattern_file(name: str) -> Path:
    """The picture of a pattern, grey, as a file for the engine. Raises WorldError for an unknown name."""
    if name not in PATTERNS and name not in GROUNDS:
        raise WorldError(f"expected a pattern of {', '.join((*PATTERNS, *GROUNDS))}, got '{name}'; choose one of these")
    drawn = PATTERNS[name](*np.mgrid[0 : 1 : _SIDE * 1j, 0 : 1 : _SIDE * 1j]) if name in PATTERNS else _ground(name)
    grey = np.clip(drawn, 0, 1)
    file = io.BytesIO()
    Image.fromarray((255 * np.repeat(grey[:, :, None], 3, axis=2)).astype(np.uint8)).save(file, "png")
    return kept(file.getvalue(), "png")


def _planks(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    board = np.floor(20 * x)
    grain = 0.10 * np.sin(60 * y + 20 * board) * np.sin(140 * x)
    return np.asarray(0.75 + 0.12 * np.cos(2.4 * board) + grain - 0.35 * ((20 * x) % 1 < 0.06))


def _checks(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(0.55 + 0.4 * ((np.floor(28 * x) + np.floor(28 * y)) % 2))


def _stripes(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(0.6 + 0.35 * (((x + y) * 24) % 1 < 0.5))


def _cloth(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(0.95 - 0.22 * ((20 * x) % 1 < 0.4) - 0.22 * ((20 * y) % 1 < 0.4))


def _speckles(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(0.85 - 0.45 * (np.random.default_rng(7).random(x.shape) < 0.08))


def _rings(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(0.78 + 0.16 * np.sin(160 * np.hypot(x - 0.3, y - 0.6)))


PATTERNS: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = MappingProxyType(
    {"planks": _planks, "checks": _checks, "stripes": _stripes, "cloth": _cloth, "speckles": _speckles, "rings": _rings}
)

_EACH = 8  # grounds of each figure
_SCALES: Mapping[str, tuple[tuple[int, int], ...]] = MappingProxyType(
    {"clouds": ((7, 7), (19, 19), (43, 43)), "spots": ((23, 23), (61, 61)), "streaks": ((4, 53), (9, 127))}
)
GROUNDS = tuple(f"{figure}-{number}" for figure in _SCALES for number in range(_EACH))


def _ground(name: str) -> np.ndarray:
    """Smooth noise of several scales, each half as strong as the one before; of spots only what rises above the middle."""
    figure, number = name.rsplit("-", 1)
    rng = np.random.default_rng([list(_SCALES).index(figure), int(number)])
    total = np.zeros((_SIDE, _SIDE))
    for order, (rows, columns) in enumerate(_SCALES[figure]):
        coarse = Image.fromarray(rng.random((rows, columns)).astype(np.float32))
        total += np.asarray(coarse.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC)) / 2**order
    total = (total - total.min()) / (total.max() - total.min())
    contrast = rng.uniform(0.25, 0.55)
    return np.asarray(0.95 - contrast * ((total > 0.5) if figure == "spots" else total))
