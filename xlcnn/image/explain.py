"""A picture of how a picture became numbers: as it was, how far it differs from its paper, its ink, and what the network reads."""

from __future__ import annotations

import os
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from xlcnn.image.files import ImageFile, name_of, open_image
from xlcnn.image.load import Prepared, prepared
from xlcnn.image.pixels import to_float, to_grey

SIDE = 280  # pixels of each panel's longer side
GAP, HEAD = 24, 52
GROUND, WRITING, BOX = (255, 255, 255), (40, 40, 40), (202, 60, 40)

Panel = tuple[str, np.ndarray, tuple[int, int, int, int] | None]


def explain(
    path: str | os.PathLike[str] | ImageFile,
    as_is: bool = False,
    size: tuple[int, int] = (28, 28),
    channels: int = 1,
    pick: int | None = None,
) -> bytes:
    """A PNG of the stages of `xlcnn.load_image`, side by side, each with its name. Raises `ImageError`."""
    name = name_of(path)
    stages = prepared(to_float(open_image(path), name), name, as_is, size, channels, pick)
    return drawn(panels(stages))


def panels(stages: Prepared) -> list[Panel]:
    """What is shown: words, levels (height, width) or (height, width, 3) from 0 to 1, and the box around the digit."""
    height, width = stages.input.shape[1:]
    read = stages.input[0] if len(stages.input) == 1 else np.moveaxis(stages.input, 0, -1)
    last = (f"what the network reads: {width} by {height}", read, None)
    first = ("the picture", stages.picture, None)
    if stages.found is None:
        return [first, ("its grey, as it is", to_grey(stages.picture), None), last] if len(stages.input) == 1 else [first, last]
    return [
        first,
        ("its grey", to_grey(stages.picture), None),
        ("how far it differs from its paper", 1 - stages.found.contrast, None),
        (f"the ink, {named(len(stages.found.digits))}", 1 - stages.found.ink, stages.box),
        last,
    ]


def named(digits: int) -> str:
    return "one digit" if digits == 1 else f"{digits} digits"


def drawn(some: list[Panel]) -> bytes:
    """The panels side by side, as a PNG."""
    font = ImageFont.load_default(15)
    page = Image.new("RGB", (len(some) * (SIDE + GAP) + GAP, SIDE + HEAD + GAP), GROUND)
    canvas = ImageDraw.Draw(page)
    for number, (words, levels, box) in enumerate(some):
        left = GAP + number * (SIDE + GAP)
        canvas.text((left, HEAD - 24), f"{number + 1}  {words}", fill=WRITING, font=font)
        image = Image.fromarray((np.clip(levels, 0, 1) * 255).round().astype(np.uint8)).convert("RGB")
        share = SIDE / max(image.size)
        shown = image.resize(
            (round(image.width * share), round(image.height * share)),
            Image.Resampling.NEAREST if share > 2 else Image.Resampling.BOX,
        )
        page.paste(shown, (left, HEAD))
        canvas.rectangle([left - 1, HEAD - 1, left + shown.width, HEAD + shown.height], outline=(190, 190, 190))
        if box is not None:
            edges = [left + box[0] * share, HEAD + box[1] * share, left + box[2] * share, HEAD + box[3] * share]
            canvas.rectangle(edges, outline=BOX, width=2)
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()
