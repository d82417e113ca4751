"""A digit's ink made like MNIST's digits: cropped, thickened where the pen was fine, scaled and centred."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

BOX = 20 / 28  # MNIST's digits fill 20 of 28 pixels
THIN = 0.11  # of the digit's longer side: MNIST's fine strokes; a finer pen is thickened to this
FAINT = 0.1  # of the ink: what is less is no part of the digit


def centre(amount: np.ndarray, size: tuple[int, int], thin: float = THIN) -> np.ndarray:
    """MNIST's preparation: crop, scale the longer side to 20 of 28 pixels, put the centre of mass in the middle.

    `amount` is the ink of each pixel, 0 to 1, with some in it; returns floats in [0, 1] of shape `size` (height, width).
    Strokes thinner than `thin` of its longer side are thickened to that.
    """
    digit = thicken(crop(amount), thin)
    scale = round(BOX * min(size)) / max(digit.shape)
    height, width = (max(1, round(n * scale)) for n in digit.shape)
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    scaled = Image.fromarray(digit.astype(np.float32)).resize((width, height), how)
    small = np.clip(np.asarray(scaled, dtype=np.float64), 0, 1)
    small = np.clip(small / max(np.percentile(small[small > FAINT], 90), FAINT), 0, 1)
    top = middle(small.sum(axis=1), size[0])
    left = middle(small.sum(axis=0), size[1])
    canvas = np.zeros(size)
    canvas[top : top + height, left : left + width] = small
    return np.round(canvas * 255) / 255


def crop(amount: np.ndarray) -> np.ndarray:
    """The smallest rectangle that holds all ink."""
    left, top, right, bottom = box(amount)
    return amount[top:bottom, left:right]


def box(amount: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the smallest rectangle that holds all ink; the last two are no longer in it."""
    rows, cols = np.flatnonzero(amount.max(axis=1) > FAINT), np.flatnonzero(amount.max(axis=0) > FAINT)
    return int(cols[0]), int(rows[0]), int(cols[-1]) + 1, int(rows[-1]) + 1


def middle(mass: np.ndarray, room: int) -> int:
    """Where a row of masses begins if its centre of mass stands in the middle of `room` cells, without leaving them."""
    start = round((room - 1) / 2 - float(mass @ np.arange(len(mass)) / mass.sum()))
    return min(max(start, 0), room - len(mass))


def thicken(digit: np.ndarray, thin: float = THIN) -> np.ndarray:
    """A fine pen's strokes widened to MNIST's thinnest, in a larger rectangle; others as they are."""
    mask = digit > 0.5
    if not mask.any():
        return digit
    padded = np.pad(mask, 1)
    edges = (padded[1:] ^ padded[:-1]).sum() + (padded[:, 1:] ^ padded[:, :-1]).sum()
    stroke = 2.0 * mask.sum() / (0.8 * edges)  # area / length; a slanted outline counts about a quarter too much
    grow = thin * max(digit.shape) - stroke
    if grow < 1:
        return digit
    radius = max(1, round(grow / 2))
    return cv2.dilate(np.pad(digit, radius), np.ones((2 * radius + 1, 2 * radius + 1), np.uint8))
