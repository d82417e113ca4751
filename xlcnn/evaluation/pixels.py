"""What a network reads, as a PNG: for the page and for the sheet."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from xlcnn.sheets.parts import Array


def png(image: Array) -> bytes:
    """An image (channels, height, width), from 0 to 1: in colours, or its first channel, light on black."""
    pixels = np.clip(np.nan_to_num(image), 0, 1) * 255
    shown = np.moveaxis(pixels, 0, -1) if len(pixels) == 3 else pixels[0]
    out = BytesIO()
    Image.fromarray(shown.round().astype(np.uint8)).save(out, "PNG", optimize=True)
    return out.getvalue()
