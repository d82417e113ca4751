"""The user's own picture as a small PNG, for the sheet of the input, and what became of it, for the sheet *Picture*."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from xlcnn.image.load import Prepared

SIDE = 460  # pixels: twice as many as are shown
FEW = 64  # pixels of a side, below which a picture is enlarged without being blurred
COLOURS = 64
STAGE, SHADES = 224, 128  # pixels of a stage's longer side, and its colours


def thumbnail(image: Image.Image) -> bytes:
    """The picture that the user gave, small."""
    if image.mode not in ("1", "L", "P", "RGB", "RGBA", "LA"):
        image = image.convert("I") if image.mode.startswith("I") else image.convert("RGB")
    if image.mode == "I":
        image = Image.fromarray((np.asarray(image) // 256).astype(np.uint8))
    image = image.convert("RGBA") if "A" in image.mode or "transparency" in image.info else image.convert("RGB")
    how = Image.Resampling.NEAREST if max(image.size) <= FEW else Image.Resampling.LANCZOS
    small = ImageOps.contain(image, (SIDE, SIDE), how)
    return png(small.quantize(COLOURS, method=Image.Quantize.FASTOCTREE))


def stages_of(stages: Prepared) -> dict[str, bytes]:
    """The stages between a picture and what the network reads, by their names."""
    from xlcnn.image.explain import panels, scaled

    return {panel.stage: png(scaled(panel, STAGE).quantize(SHADES, dither=Image.Dither.NONE)) for panel in panels(stages)}


def picture_of(pixels: np.ndarray) -> bytes:
    """The input itself, of shape (channels, height, width) in [0, 1], as ink on white paper."""
    image = Image.fromarray(((1 - pixels.mean(axis=0)) * 255).round().astype(np.uint8))
    return png(ImageOps.contain(image, (SIDE // 2, SIDE // 2), Image.Resampling.NEAREST))


def png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")  # optimized, a photograph would be a twentieth smaller, and take six times as long
    return out.getvalue()
