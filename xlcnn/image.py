"""Any image file of a digit → the matrix that the network was trained on: white ink (1) on black paper (0).

MNIST's own preparation: the digit is scaled to fit 20×20 pixels, and its centre of mass stands in the middle of 28×28.
"""

from __future__ import annotations

import os
import stat
import sys
import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from xlcnn import ink
from xlcnn.errors import ImageError, printable

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
MAX_BYTES = 64 * 2**20
MAX_PIXELS = 50_000_000
WORKING_SIDE = 320  # larger pictures are reduced to this before the ink is looked for


def load_image(path: str | os.PathLike[str], as_is: bool = False, size: tuple[int, int] = (28, 28)) -> np.ndarray:
    """The digit in an image file, as floats in [0, 1] of shape ``(1, height, width)``.

    A picture that already has `size` and shows light ink on black passes through exactly (pixel / 255). Anything else
    is brought to what MNIST's own preparation gives, unless `as_is`: then it is only made grey and scaled to `size`.
    `path` may be ``-`` for standard input. Raises `ImageError`.
    """
    return to_input(open_image(path), name_of(path), as_is, size)


def to_input(image: Image.Image, name: str, as_is: bool, size: tuple[int, int]) -> np.ndarray:
    """The digit in an opened image; see `load_image`."""
    pixels = to_float(image, name)
    grey = pixels @ np.array([0.299, 0.587, 0.114]) if pixels.ndim == 3 else pixels
    if pixels.ndim == 3 and (pixels.max(axis=2) == pixels.min(axis=2)).all():
        grey = pixels[:, :, 0]  # the weights above do not sum to exactly 1
    if (pixels == pixels[0, 0]).all():
        raise ImageError(f"{name} is blank: every pixel has the same colour; there is no digit to see")
    if as_is:
        return resize(grey, size)[None]
    if grey.shape == size and np.median(grey) < 0.25 and np.median(edge(grey)) < 0.1:
        return grey[None]
    return ink.centre(ink.find(pixels, name), size)[None]


def name_of(path: str | os.PathLike[str]) -> str:
    """What messages call the image."""
    return "standard input" if str(path) == "-" else printable(path)


def edge(grey: np.ndarray) -> np.ndarray:
    return np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])


def resize(grey: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Scaled to `size` (height, width), smoothly; untouched if it has that size already."""
    if grey.shape == size:
        return grey
    how = Image.Resampling.BOX if min(grey.shape) > max(size) else Image.Resampling.BICUBIC
    scaled = Image.fromarray(grey.astype(np.float32)).resize(size[::-1], how)
    return np.clip(np.asarray(scaled, dtype=np.float64), 0, 1)


def open_image(path: str | os.PathLike[str]) -> Image.Image:
    """The first frame of an image file, upright. Raises `ImageError`."""
    name = name_of(path)
    data = read_bytes(path, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(BytesIO(data), formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise ImageError(
                    f"{name} is too large: {image.width}×{image.height} pixels; the limit is {MAX_PIXELS // 10**6} million"
                )
            if min(image.size) < 8 or max(image.size) > 100 * min(image.size):
                raise ImageError(f"{name} is {image.width}×{image.height} pixels: no digit can be seen in that shape")
            image.draft("RGB", (2 * WORKING_SIDE, 2 * WORKING_SIDE))
            image.load()
            return ImageOps.exif_transpose(image)
    except ImageError:
        raise
    except Image.DecompressionBombError:
        raise ImageError(f"{name} is too large: more than {MAX_PIXELS // 10**6} million pixels") from None
    except UnidentifiedImageError:
        raise ImageError(f"{name} is not an image that can be read (PNG, JPEG, GIF, BMP, TIFF or WebP)") from None
    except Exception as error:  # Pillow's decoders raise almost anything on a damaged file
        raise ImageError(f"{name} is damaged or cut short ({error or type(error).__name__})".replace("\n", " ")) from None


def read_bytes(path: str | os.PathLike[str], name: str) -> bytes:
    """The file's bytes; only regular files and standard input, at most `MAX_BYTES`."""
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            mode = Path(path).stat().st_mode
            if stat.S_ISDIR(mode):
                raise ImageError(f"{name} is a folder, not an image")
            if not stat.S_ISREG(mode):
                raise ImageError(f"{name} is not a regular file")
            with open(path, "rb") as file:
                data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ImageError(f"{name} cannot be read: {reason}") from None
    if len(data) > MAX_BYTES:
        raise ImageError(f"{name} is too large: more than {MAX_BYTES // 2**20} MB")
    if not data:
        raise ImageError(f"{name} is empty")
    return data


def to_float(image: Image.Image, name: str) -> np.ndarray:
    """Grey (height, width) or RGB (height, width, 3) floats in [0, 1], transparency laid on contrasting paper."""
    if image.mode in ("I;16", "I;16L", "I;16B", "I;16N", "I", "F"):
        with np.errstate(invalid="ignore"):
            deep = np.asarray(image, dtype=np.float64)
        if not np.isfinite(deep).all():
            raise ImageError(f"{name} holds pixels that are not numbers")
        top = {"F": max(1.0, float(deep.max()))}.get(image.mode, 65535.0)
        return reduce(np.clip(deep / top, 0, 1))
    if image.mode in ("1", "L"):
        return reduce(np.asarray(image.convert("L"), dtype=np.float64) / 255)
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        rgba = np.asarray(image.convert("RGBA"), dtype=np.float64) / 255
        colour, alpha = rgba[:, :, :3], rgba[:, :, 3:]
        if alpha.min() < 1 and alpha.max() > 0:
            # ink drawn on nothing: lay it on the paper that shows it best
            paper = 1.0 if (colour * alpha).sum() / (3 * alpha.sum()) < 0.5 else 0.0
            colour = colour * alpha + paper * (1 - alpha)
        return reduce(colour)
    return reduce(np.asarray(image.convert("RGB"), dtype=np.float64) / 255)


def reduce(pixels: np.ndarray) -> np.ndarray:
    """The longer side brought down to `WORKING_SIDE`, each new pixel the mean of those that it covers."""
    longer = max(pixels.shape[:2])
    if longer <= WORKING_SIDE:
        return pixels
    height, width = (max(1, round(n * WORKING_SIDE / longer)) for n in pixels.shape[:2])
    channels = pixels.reshape(*pixels.shape[:2], -1)
    small = [
        Image.fromarray(channels[:, :, c].astype(np.float32)).resize((width, height), Image.Resampling.BOX)
        for c in range(channels.shape[2])
    ]
    return np.stack([np.asarray(c, dtype=np.float64) for c in small], axis=2).reshape(height, width, *pixels.shape[2:])
