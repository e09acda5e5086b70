"""Kinds as one picture: each from the side, and below that as the robot's own camera sees it, enlarged.

What cannot be told apart in the lower picture cannot be told apart by a policy of 96 px.
"""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from siren.world.camera import CENTRE, Camera, Setting, VisibleBody
from siren.world.kinds import Kind
from siren.world.shape import quaternion

TILE = 96  # pixels a side of one picture
LINE = 14  # pixels for the name
COLUMNS = 11
_WINDOW = 32  # pixels of the robot's picture that are shown, three times as large
_TURN = quaternion((0.0, 0.0, math.radians(-25)))


def contact_sheet(kinds: Sequence[Kind], *, variants: bool = False) -> Image.Image:
    """The kinds, held-out ones with an H after the name; with their variants if so asked."""
    shown = [(kind, name) for kind in kinds for name in ("", *(variant.name for variant in kind.variants if variants))]
    columns = min(COLUMNS, max(1, len(shown)))
    rows = math.ceil(len(shown) / columns)
    sheet = Image.new("RGB", (columns * TILE, rows * (2 * TILE + LINE)))
    draw = ImageDraw.Draw(sheet)
    with Camera() as camera:
        for number, (kind, variant) in enumerate(shown):
            x, y = number % columns * TILE, number // columns * (2 * TILE + LINE)
            sheet.paste(Image.fromarray(beside(camera, kind, variant)), (x, y))
            above = Image.fromarray(from_above(camera, kind, variant))
            sheet.paste(above.resize((TILE, TILE), Image.Resampling.NEAREST), (x, y + TILE))
            draw.text((x + 2, y + 2 * TILE + 1), f"{kind.name} {variant}{'H' if kind.held_out else ''}".strip(), (255, 255, 255))
    return sheet


def beside(camera: Camera, kind: Kind, variant: str = "") -> np.ndarray:
    """A kind from the robot's side, 40 degrees above the table. uint8, (TILE, TILE, 3), RGB."""
    target = (CENTRE[0], CENTRE[1], 0.03)
    eye = (target[0] - 0.50, target[1] - 0.25, 0.50)
    setting = Setting(eye=eye, width=0.26, pixels=TILE, up=(0.0, 0.0, 1.0), target=target)
    return camera.look([standing(kind, variant)], setting).image


def from_above(camera: Camera, kind: Kind, variant: str = "") -> np.ndarray:
    """A kind as the middle of the robot's own picture. uint8, (32, 32, 3), RGB."""
    image = camera.look([standing(kind, variant)]).image
    low = (image.shape[0] - _WINDOW) // 2
    return image[low : low + _WINDOW, low : low + _WINDOW]


def standing(kind: Kind, variant: str = "") -> VisibleBody:
    """A thing of that kind, its middle in the middle of the picture, turned a little."""
    own = kind.variant(variant)
    angle, middle = math.radians(-25), (own.box[0] + own.box[1]) / 2
    x = CENTRE[0] - math.cos(angle) * middle[0] + math.sin(angle) * middle[1]
    y = CENTRE[1] - math.sin(angle) * middle[0] - math.cos(angle) * middle[1]
    return VisibleBody(kind.name, (float(x), float(y), own.rest), _TURN, variant=variant)
