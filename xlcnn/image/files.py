"""The bytes of a file or of standard input → an opened image, within limits; whatever is wrong is an error of one line."""

from __future__ import annotations

import os
import stat
import sys
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from xlcnn.errors import ImageError, printable

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
MAX_BYTES = 64 * 2**20
MAX_PIXELS = 50_000_000
ENOUGH = 640  # pixels of the longer side; a JPEG file is decoded to an eighth, a quarter or half its size if that leaves these


@dataclass(frozen=True)
class ImageFile:
    """The bytes of an image file, and what messages call it: standard input can be read only once."""

    name: str
    data: bytes


def read_image(path: str | os.PathLike[str]) -> ImageFile:
    """A file's bytes; `path` may be ``-`` for standard input. Raises `ImageError`."""
    return ImageFile(name_of(path), read_bytes(path, name_of(path)))


def name_of(path: str | os.PathLike[str] | ImageFile) -> str:
    """What messages call the image."""
    if isinstance(path, ImageFile):
        return path.name
    return "standard input" if str(path) == "-" else printable(path)


def open_image(path: str | os.PathLike[str] | ImageFile) -> Image.Image:
    """The first frame of an image file, upright, decoded; `path` may be ``-`` for standard input, or its bytes.

    A large JPEG file comes smaller than it is, its longer side at least `ENOUGH` pixels. Raises `ImageError`.
    """
    name = name_of(path)
    data = path.data if isinstance(path, ImageFile) else read_bytes(path, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(BytesIO(data), formats=FORMATS)
            check_size(image, name)
            share = ENOUGH / max(image.size)
            image.draft("RGB", (max(1, round(image.width * share)), max(1, round(image.height * share))))
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


def check_size(image: Image.Image, name: str) -> None:
    """Raises `ImageError` for more pixels than `MAX_PIXELS`, and for shapes in which nobody sees a digit."""
    if image.width * image.height > MAX_PIXELS:
        raise ImageError(f"{name} is too large: {image.width}×{image.height} pixels; the limit is {MAX_PIXELS // 10**6} million")
    if min(image.size) < 8 or max(image.size) > 100 * min(image.size):
        raise ImageError(f"{name} is {image.width}×{image.height} pixels: no digit can be seen in that shape")


def read_bytes(path: str | os.PathLike[str], name: str) -> bytes:
    """The file's bytes; only regular files and standard input, at most `MAX_BYTES`. Raises `ImageError`."""
    try:
        if str(path) == "-":
            if sys.stdin is None:
                raise ImageError("standard input is closed: there is no image to read")
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
