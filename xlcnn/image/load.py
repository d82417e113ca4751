"""The whole way of a picture, from its file to what the network reads."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image

from xlcnn.errors import ImageError
from xlcnn.image.files import ImageFile, name_of, open_image
from xlcnn.image.pixels import resize, to_float, to_grey

if TYPE_CHECKING:
    from xlcnn.image.ink import Found


class Digit(NamedTuple):
    """One digit of a picture."""

    input: np.ndarray  # (channels, height, width), 0 to 1: what the network reads of it
    box: tuple[int, int, int, int] | None = None  # left, top, right, bottom in the picture's ink; None of a picture taken whole


class Prepared(NamedTuple):
    """How a picture became what the network reads."""

    picture: np.ndarray  # grey (height, width) or RGB (height, width, 3), 0 to 1: as it was read
    found: Found | None  # its ink; None where it was taken as it is
    digits: tuple[Digit, ...]  # from left to right; one at least


def load_image(
    path: str | os.PathLike[str] | ImageFile,
    as_is: bool = False,
    size: tuple[int, int] = (28, 28),
    channels: int = 1,
    pick: int | None = None,
) -> np.ndarray:
    """The digit in an image file, as floats in [0, 1] of shape ``(channels, height, width)``; `size` is (height, width).

    A picture that already has `size` and was prepared as MNIST's were (light ink on black, as large, as central) passes
    through exactly (pixel / 255). Anything else is brought to what MNIST's own preparation gives, unless `as_is`: then it is
    only made grey and scaled to `size`. Of several digits, `pick` chooses one, counted from 1, from left to right.
    With three `channels`, red, green and blue, the whole picture is wanted, whatever it shows: its middle is cut out in the
    shape of `size`, and scaled. `path` may be ``-`` for standard input, or the bytes of a file. Raises `ImageError`.
    """
    return to_input(open_image(path), name_of(path), as_is, size, channels, pick)


def to_input(
    image: Image.Image, name: str, as_is: bool, size: tuple[int, int], channels: int = 1, pick: int | None = None
) -> np.ndarray:
    """The digit in an opened image, which messages call `name`; see `load_image`. Raises `ImageError`."""
    return chosen(prepared(to_float(image, name), name, as_is, size, channels).digits, pick, name).input


def load_digits(
    path: str | os.PathLike[str] | ImageFile, as_is: bool = False, size: tuple[int, int] = (28, 28), channels: int = 1
) -> np.ndarray:
    """Every digit in an image file, from left to right: (digits, channels, height, width); see `load_image`."""
    name = name_of(path)
    return np.stack([digit.input for digit in prepared(to_float(open_image(path), name), name, as_is, size, channels).digits])


def prepared(picture: np.ndarray, name: str, as_is: bool, size: tuple[int, int], channels: int = 1) -> Prepared:
    """The whole way of a picture from its pixels; see `load_image`. Raises `ImageError`."""
    whole = taken_whole(picture, name, as_is, size, channels)
    if whole is not None:
        return Prepared(picture, None, (Digit(whole),))
    from xlcnn.image import ink, prepare  # OpenCV is imported here, for pictures that need it

    found = ink.find(picture, name)
    amounts = [np.where(digit, found.ink, 0) for digit in found.digits]
    return Prepared(picture, found, tuple(Digit(prepare.centre(one, size)[None], prepare.box(one)) for one in amounts))


def taken_whole(picture: np.ndarray, name: str, as_is: bool, size: tuple[int, int], channels: int) -> np.ndarray | None:
    """The picture as the network reads it (channels, height, width); None where its ink must be looked for.

    Raises `ImageError` where there is nothing to see.
    """
    if channels == 3:
        return photograph(picture, size)
    if channels != 1:
        raise ImageError(f"{name} cannot become {channels} channels: a network reads pictures in grey (1) or in colours (3)")
    if (picture[0] == picture[0, 0]).all() and (picture == picture[0, 0]).all():
        raise ImageError(f"{name} is blank: every pixel has the same colour; there is no digit to see")
    grey = to_grey(picture)
    return resize(grey, size)[None] if as_is or (picture.shape[:2] == size and is_like_mnist(grey)) else None


def chosen(digits: Sequence[Digit], pick: int | None, name: str) -> Digit:
    """The only one of the digits, or the one that is picked. Raises `ImageError`."""
    count = len(digits)
    if pick is None and count > 1:
        raise ImageError(f"{name} shows {count} digits; cut one out, or choose one from left to right: --pick 1 to --pick {count}")
    if pick is not None and not 1 <= pick <= count:
        how = "is taken as it is, as one digit" if digits[0].box is None else f"shows {count} digit{'s' * (count > 1)}"
        raise ImageError(f"{name} {how}: number {pick} cannot be picked")
    return digits[(pick or 1) - 1]


def photograph(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The middle of a picture in colours, in [0, 1]: (3, height, width)."""
    colours = pixels if pixels.ndim == 3 else np.stack([pixels] * 3, axis=-1)
    height, width = colours.shape[:2]
    share = min(height / size[0], width / size[1])
    rows, cols = max(1, round(size[0] * share)), max(1, round(size[1] * share))
    top, left = (height - rows) // 2, (width - cols) // 2
    middle = colours[top : top + rows, left : left + cols]
    return np.stack([resize(middle[..., c], size) for c in range(3)])


def is_like_mnist(grey: np.ndarray) -> bool:
    """Whether a grey picture (height, width) was prepared as MNIST's were: light ink on black, the digit as large and as
    central as theirs. All 60,000 of its training images are."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if np.median(grey) >= 0.25 or np.median(edge) >= 0.1 or grey.max() <= 0.8:
        return False
    unit = min(grey.shape) / 28
    for axis, length in enumerate(grey.shape):
        mass = grey.sum(axis=1 - axis)
        if abs(float(mass @ np.arange(length) / mass.sum()) - (length - 1) / 2) > 1.5 * unit:
            return False
    rows, cols = np.flatnonzero(grey.max(axis=1) > 0.1), np.flatnonzero(grey.max(axis=0) > 0.1)
    return bool(16 * unit <= max(rows[-1] - rows[0] + 1, cols[-1] - cols[0] + 1) <= 21 * unit)
