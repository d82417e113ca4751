"""The whole way of a picture, from its file to what the network reads."""

from __future__ import annotations

import os

import numpy as np
from PIL import Image

from xlcnn.errors import ImageError
from xlcnn.image.files import ImageFile, name_of, open_image
from xlcnn.image.pixels import resize, to_float, to_grey


def load_image(
    path: str | os.PathLike[str] | ImageFile, as_is: bool = False, size: tuple[int, int] = (28, 28), channels: int = 1
) -> np.ndarray:
    """The digit in an image file, as floats in [0, 1] of shape ``(1, height, width)``; `size` is (height, width) in pixels.

    A picture that already has `size` and shows light ink on black passes through exactly (pixel / 255). Anything else
    is brought to what MNIST's own preparation gives, unless `as_is`: then it is only made grey and scaled to `size`.
    With three `channels`, red, green and blue, the whole picture is wanted, whatever it shows: its middle is cut out in the
    shape of `size`, and scaled. `path` may be ``-`` for standard input, or the bytes of a file. Raises `ImageError`.
    """
    return to_input(open_image(path), name_of(path), as_is, size, channels)


def to_input(image: Image.Image, name: str, as_is: bool, size: tuple[int, int], channels: int = 1) -> np.ndarray:
    """The digit in an opened image, which messages call `name`; see `load_image`. Raises `ImageError`."""
    if channels == 3:
        return photograph(image, name, size)
    if channels != 1:
        raise ImageError(f"{name} cannot become {channels} channels: a network reads pictures in grey (1) or in colours (3)")
    pixels = to_float(image, name)
    if (pixels[0] == pixels[0, 0]).all() and (pixels == pixels[0, 0]).all():
        raise ImageError(f"{name} is blank: every pixel has the same colour; there is no digit to see")
    if as_is:
        return resize(to_grey(pixels), size)[None]
    if pixels.shape[:2] == size and is_like_mnist(grey := to_grey(pixels)):
        return grey[None]
    from xlcnn.image import ink, prepare  # OpenCV is imported here, for pictures that need it

    return prepare.centre(ink.find(pixels, name), size)[None]


def photograph(image: Image.Image, name: str, size: tuple[int, int]) -> np.ndarray:
    """The middle of a picture in colours, in [0, 1]: (3, height, width)."""
    pixels = to_float(image, name)
    colours = pixels if pixels.ndim == 3 else np.stack([pixels] * 3, axis=-1)
    height, width = colours.shape[:2]
    share = min(height / size[0], width / size[1])
    rows, cols = max(1, round(size[0] * share)), max(1, round(size[1] * share))
    top, left = (height - rows) // 2, (width - cols) // 2
    middle = colours[top : top + rows, left : left + cols]
    return np.stack([resize(middle[..., c], size) for c in range(3)])


def is_like_mnist(grey: np.ndarray) -> bool:
    """Whether a grey picture (height, width) shows light ink on black, with black all around."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return bool(np.median(grey) < 0.25 and np.median(edge) < 0.1)
