"""An opened image's colours as numbers: whatever its mode, at the size at which ink is looked for."""

from __future__ import annotations

import numpy as np
from PIL import Image

from xlcnn.errors import ImageError

WORKING_SIDE = 320  # pixels of the longer side; larger pictures are reduced to this before the ink is looked for
DEEP = ("I;16", "I;16L", "I;16B", "I;16N", "I", "F")  # modes with more than 8 bits per pixel
SEE_THROUGH = ("LA", "PA", "RGBA", "La", "RGBa")
GREY = (0.299, 0.587, 0.114)  # how bright red, green and blue look


def to_float(image: Image.Image, name: str) -> np.ndarray:
    """Grey (height, width) or RGB (height, width, 3) floats in [0, 1], the longer side at most `WORKING_SIDE` pixels.

    A picture without colours comes grey, whatever its mode; what is transparent is laid on contrasting paper. `name` is
    for messages. Raises `ImageError`.
    """
    if image.mode in DEEP:
        return deep_to_float(image, name)
    if image.mode in SEE_THROUGH or "transparency" in image.info:
        image = image.convert("RGBA")
        covers = np.asarray(image.getchannel("A"))
        if covers.min() < 255 and covers.max() > 0:
            return on_paper(reduce(image.convert("RGBa")))
    image = reduce(image.convert("L" if image.mode in ("1", "L") else "RGB"))
    red, *others = image.split()
    return eight_bits(red if all(other == red for other in others) else image)


def deep_to_float(image: Image.Image, name: str) -> np.ndarray:
    """Grey (height, width) of an image with 16 or 32 bits per pixel, in [0, 1]. Raises `ImageError` for what is no grey."""
    small = max(image.size) <= WORKING_SIDE  # and exact; a large one is averaged, in half the memory
    with np.errstate(invalid="ignore"):
        deep: np.ndarray = np.asarray(image, dtype=np.float64 if small else np.float32)
    if not np.isfinite(deep).all():
        raise ImageError(f"{name} holds pixels that are not numbers")
    low, high, top = float(deep.min()) + 0.0, float(deep.max()) + 0.0, 1.0 if image.mode == "F" else 65535.0
    if low < 0 or high > top:
        raise ImageError(
            f"{name} holds pixels from {low:g} to {high:g}, where 0 is black and {top:g} white; save it with 8 bits per pixel"
        )
    grey: np.ndarray = deep / top
    return grey if small else np.asarray(reduce(Image.fromarray(grey)), dtype=np.float64)


def on_paper(image: Image.Image) -> np.ndarray:
    """RGB (height, width, 3) of ink drawn on nothing (mode RGBa), on white or black: the paper that shows it best."""
    pixels = eight_bits(image)
    ink, cover = pixels[:, :, :3], pixels[:, :, 3:]
    paper = 1.0 if ink.sum() / (3 * cover.sum()) < 0.5 else 0.0
    return np.asarray(np.minimum(ink + paper * (1 - cover), 1))


def eight_bits(image: Image.Image) -> np.ndarray:
    """The levels of an image with 8 bits per channel, from 0 to 1."""
    return np.asarray(image) / 255


def reduce(image: Image.Image) -> Image.Image:
    """The longer side brought down to `WORKING_SIDE`, each new pixel the mean of those that it covers."""
    longer = max(image.size)
    if longer <= WORKING_SIDE:
        return image
    width, height = (max(1, round(n * WORKING_SIDE / longer)) for n in image.size)
    return image.resize((width, height), Image.Resampling.BOX)


def to_grey(pixels: np.ndarray) -> np.ndarray:
    """How bright each pixel looks: (height, width), from grey or RGB."""
    return pixels if pixels.ndim == 2 else np.asarray(pixels @ np.array(GREY))


def resize(grey: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Scaled to `size` (height, width), smoothly; untouched if it has that size already."""
    if grey.shape == size:
        return grey
    how = Image.Resampling.BOX if min(grey.shape) > max(size) else Image.Resampling.BICUBIC
    scaled = Image.fromarray(grey.astype(np.float32)).resize(size[::-1], how)
    return np.clip(np.asarray(scaled, dtype=np.float64), 0, 1)
