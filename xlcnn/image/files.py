"""The bytes of a file or of standard input → an opened image, within limits; whatever is wrong is an error of one line."""

from __future__ import annotations

import os
import stat
import sys
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError, features

from xlcnn.errors import ImageError, printable
from xlcnn.image.kinds import kind

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
MAX_BYTES = 64 * 2**20
MAX_PIXELS = 50_000_000
SHORTEST, NARROWEST = 8, 5  # pixels of a digit; a 1 that was cut out closely is hardly wider than its pen
UNREADABLE = {
    "SVG": "is a drawing of lines (SVG), not of pixels; save it as PNG",
    "PDF": "is a PDF document; save the page as PNG",
    "": "is not an image that can be read (PNG, JPEG, GIF, BMP, TIFF, WebP, AVIF or HEIC)",
}
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
            image = begin(data, name)
            check_size(image, name)
            if image.format != "HEIF":  # it would come as the small picture inside, which may show anything
                share = ENOUGH / max(image.size)
                image.draft("RGB", (max(1, round(image.width * share)), max(1, round(image.height * share))))
            image.load()
            return ImageOps.exif_transpose(image)
    except ImageError:
        raise
    except Image.DecompressionBombError:
        raise ImageError(f"{name} is too large: more than {MAX_PIXELS // 10**6} million pixels") from None
    except Exception as error:  # Pillow's decoders raise almost anything on a damaged file
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ImageError(f"{name} is damaged or cut short ({reason})") from None


def begin(data: bytes, name: str) -> Image.Image:
    """An image of which only the beginning is read, not the pixels. Raises `ImageError`, and whatever decoders raise."""
    what = kind(data)
    if what == "HEIC":
        return begin_heic(data, name)
    if what == "AVIF":
        if not features.check("avif"):
            raise ImageError(
                f"{name} is an AVIF picture, which this Pillow cannot read: pip install --upgrade pillow, or save it as PNG"
            )
        try:
            return Image.open(BytesIO(data), formats=("AVIF",))
        except UnidentifiedImageError:  # it names an address in memory
            raise ValueError("no AVIF picture can be found in it") from None
    try:
        return Image.open(BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        raise ImageError(f"{name} {UNREADABLE[what]}") from None


def begin_heic(data: bytes, name: str) -> Image.Image:
    """The same of a HEIC file, which comes upright. The library is imported here, and not made known to all of Pillow."""
    try:
        from pillow_heif import HeifImageFile

        image: Image.Image = HeifImageFile(BytesIO(data))
        return image
    except ImportError:
        raise ImageError(
            f"{name} is a HEIC picture, which needs pillow-heif: pip install 'xlcnn[heif]', or save it as JPEG"
        ) from None


def check_size(image: Image.Image, name: str) -> None:
    """Raises `ImageError` for more pixels than `MAX_PIXELS`, and for shapes in which nobody sees a digit."""
    if image.width * image.height > MAX_PIXELS:
        raise ImageError(f"{name} is too large: {image.width}×{image.height} pixels; the limit is {MAX_PIXELS // 10**6} million")
    if min(image.size) < NARROWEST or max(image.size) < SHORTEST or max(image.size) > 100 * min(image.size):
        raise ImageError(f"{name} is {image.width}×{image.height} pixels: nothing can be seen in that shape")


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
