"""A picture of how a picture became numbers: as it was, how far it differs from its paper, its ink, and what the network reads."""

from __future__ import annotations

import os
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from xlcnn.image.files import ImageFile, name_of, open_image
from xlcnn.image.load import Digit, Prepared, chosen, prepared
from xlcnn.image.pixels import to_float, to_grey

SIDE = 280  # pixels of each panel's longer side
GAP, HEAD = 24, 52
GROUND, WRITING, BOX, EDGE = (255, 255, 255), (40, 40, 40), (202, 60, 40), (190, 190, 190)


class Panel(NamedTuple):
    """One stage: its name, words for it, levels (height, width) or (height, width, 3) from 0 to 1, and what is a digit in it."""

    stage: str
    words: str
    levels: np.ndarray
    digits: Sequence[Digit] = ()


def explain(
    path: str | os.PathLike[str] | ImageFile,
    as_is: bool = False,
    size: tuple[int, int] = (28, 28),
    channels: int = 1,
    pick: int | None = None,
) -> bytes:
    """A PNG of the stages of `xlcnn.load_image`, side by side, each with its name; of several digits, all or the one that is
    picked. Raises `ImageError`."""
    name = name_of(path)
    stages = prepared(to_float(open_image(path), name), name, as_is, size, channels)
    return drawn(panels(stages if pick is None else stages._replace(digits=(chosen(stages.digits, pick, name),))))


def panels(stages: Prepared) -> list[Panel]:
    """What is shown of it."""
    channels, height, width = stages.digits[0].input.shape
    read = np.hstack([digit.input[0] for digit in stages.digits] if channels == 1 else [np.moveaxis(stages.digits[0].input, 0, -1)])
    last = Panel("input", f"what the network reads: {width} by {height}", read)
    first = Panel("picture", "the picture", stages.picture)
    grey = to_grey(stages.picture)
    if stages.found is None:
        return [first, Panel("grey", "its grey, as it is", grey), last] if channels == 1 else [first, last]
    count = len(stages.found.digits)
    return [
        first,
        Panel("grey", "its grey", grey),
        Panel("contrast", "how far it differs from its paper", 1 - stages.found.contrast),
        Panel("ink", f"the ink, {'one digit' if count == 1 else f'{count} digits'}", 1 - stages.found.ink, stages.digits),
        last,
    ]


def drawn(some: Sequence[Panel]) -> bytes:
    """The panels side by side, as a PNG."""
    font = ImageFont.load_default(15)
    page = Image.new("RGB", (len(some) * (SIDE + GAP) + GAP, SIDE + HEAD + GAP), GROUND)
    canvas = ImageDraw.Draw(page)
    for number, panel in enumerate(some):
        left = GAP + number * (SIDE + GAP)
        canvas.text((left, HEAD - 24), f"{number + 1}  {panel.words}", fill=WRITING, font=font)
        page.paste(scaled(panel), (left, HEAD))
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def scaled(panel: Panel, side: int = SIDE) -> Image.Image:
    """A panel's picture in a thin frame, its longer side `side` pixels long, with a box around each digit."""
    image = Image.fromarray((np.clip(panel.levels, 0, 1) * 255).round().astype(np.uint8)).convert("RGB")
    share = side / max(image.size)
    size = tuple(max(1, round(n * share)) for n in image.size)
    shown = image.resize((size[0], size[1]), Image.Resampling.NEAREST if share > 2 else Image.Resampling.BOX)
    canvas = ImageDraw.Draw(shown)
    canvas.rectangle([0, 0, shown.width - 1, shown.height - 1], outline=EDGE)
    for digit in panel.digits:
        if digit.box is not None:
            left, top, right, bottom = (n * share for n in digit.box)
            canvas.rectangle([left, top, min(right, shown.width - 1), min(bottom, shown.height - 1)], outline=BOX, width=2)
    return shown
