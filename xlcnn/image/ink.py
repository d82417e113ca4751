"""Finding the ink of a digit on its paper, whatever the colour, the polarity and the lighting of the picture.

Pieces that hang together, openings, Otsu's threshold and blurring are OpenCV's. Why not those of scikit-image and SciPy:
either way 50 to 60 MB of wheels are downloaded, but OpenCV is one package beside NumPy, imports in 0.02 s instead of 0.2,
and is faster: openings 1.4 to 6 times, Otsu's threshold and blurring 15 times and more; docs/performance.md has the figures.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from xlcnn.errors import ImageError

POINTS = 2500  # of the picture to which the paper is fitted: a smooth surface needs few
ENOUGH = 25_000  # pixels, about, from which to tell the noise
ROUNDS = 6  # of fitting it, each without what the round before took for ink

cv2.setNumThreads(1)  # a picture is small; a folder of them is shared among processes


def find(pixels: np.ndarray, name: str) -> np.ndarray:
    """How much ink each pixel holds, 0 to 1 (height, width), with specks and the picture's borders removed.

    `pixels` is grey (height, width) or RGB (height, width, 3), from 0 to 1; `name` is for messages. Raises `ImageError`
    where there is no ink.
    """
    planes = np.stack(cv2.split(pixels.astype(np.float32)))
    is_dark = darker_than_paper(planes[:, ::2, ::2])
    if is_dark:  # light and shadow multiply what dark ink leaves of the paper's brightness: in logarithms they add
        planes = np.log(planes + np.float32(0.03))
    amount = against_paper(planes - paper(planes))
    noise = roughness(amount)
    if noise > 0.01:  # weights 1 2 1 in both directions
        amount, noise = cv2.GaussianBlur(amount, (3, 3), 0, borderType=cv2.BORDER_REPLICATE), 0.375 * noise  # √(Σ w²)
    evened = even(amount)
    if is_dark:
        evened = 1 - np.exp(-evened)
    level = otsu(evened)
    strong = evened[evened > level]
    if not strong.size or quantile(strong, 0.9) < max(0.06, 6 * noise):
        raise ImageError(f"{name} shows no digit: nothing stands out from the paper")
    full = quantile(strong, 0.75)
    floor = min(0.35 * full, max(3 * noise, 0.1 * full))
    strokes = main_strokes(evened > max(floor, level * 0.6))
    result = np.where(strokes.mask, np.clip((evened - floor) / (full - floor), 0, 1), 0)
    if strokes.longest < max(5, 0.03 * max(result.shape)) or result.max() < 0.5:
        raise ImageError(f"{name} shows no digit: only specks stand out from the paper")
    return np.asarray(result)


def darker_than_paper(planes: np.ndarray) -> bool:
    """Whether the ink is darker than the paper around it; `planes` has the shape (channels, height, width)."""
    residual = planes - paper(planes)
    ink = np.maximum(against_paper(residual), 0)
    return float((residual.sum(axis=0) * ink * ink).sum()) < 0


def paper(planes: np.ndarray) -> np.ndarray:
    """The paper's colour at each pixel: a smooth surface, second degree, fitted to what is not ink.

    Takes and returns floats of shape (channels, height, width).
    """
    channels, height, width = planes.shape
    every = max(1, round((height * width / POINTS) ** 0.5))
    y, x = np.linspace(-1, 1, height), np.linspace(-1, 1, width)
    down, across = np.stack([y**0, y, y * y]), np.stack([x**0, x, x * x])
    powers = [(0, 0), (0, 1), (1, 0), (0, 2), (1, 1), (2, 0)]  # of y and x: 1, x, y, x², xy, y²
    terms = np.stack([np.outer(down[i, ::every], across[j, ::every]).ravel() for i, j in powers])
    seen = planes[:, ::every, ::every].reshape(channels, -1).astype(np.float64)
    surface = np.median(seen, axis=1, keepdims=True)
    for _ in range(ROUNDS):
        distance = np.abs(seen - surface).max(axis=0)
        near = terms * (distance <= max(1.5 / 255, 2.5 * float(np.median(distance))))
        fit, *_ = np.linalg.lstsq(near @ terms.T, near @ seen.T, rcond=None)  # least squares: six normal equations
        surface = fit.T @ terms
    factors = np.zeros((channels, 3, 3))
    for (i, j), factor in zip(powers, fit, strict=True):
        factors[:, i, j] = factor
    return np.asarray((down.T @ factors).astype(np.float32) @ across.astype(np.float32))


def against_paper(residual: np.ndarray) -> np.ndarray:
    """One number per pixel (height, width) from its difference in colour (channels, height, width).

    It is the difference along the ink's colour, positive for ink.
    """
    loud = residual * (residual * residual).sum(axis=0)  # ink may be a thousandth of the picture
    _, _, vectors = cv2.eigen(cv2.mulTransposed(loud.reshape(len(loud), -1), aTa=False))
    direction = vectors[0] / np.abs(vectors[0]).sum()  # of the largest eigenvalue
    amount = np.asarray(sum(share * plane for share, plane in zip(direction, residual, strict=True)))
    return amount if float((amount * amount * amount).sum()) >= 0 else -amount  # ink lies far out on one side


def roughness(amount: np.ndarray) -> float:
    """The standard deviation of a picture's noise, from the differences between neighbours."""
    some = amount[:: 1 + amount.size // ENOUGH]  # rows
    return 1.05 * quantile(np.abs(np.diff(some, axis=1)), 0.5)


def quantile(values: np.ndarray, share: float) -> float:
    """The value that so large a share of all values, 0 to 1, lie below."""
    place = round(share * (values.size - 1))
    return float(np.partition(values, place, axis=None)[place])


def even(amount: np.ndarray) -> np.ndarray:
    """The ink without shadows: what stands out over its surroundings, for surroundings just wider than the strokes.

    Small surroundings remove more of a shadow but hollow out thick strokes; so the smallest is taken that loses none.
    """
    best, area = amount, 0
    for share in (0.1, 0.2, 0.4):
        fit = top_hat(amount, share)
        found = main_strokes(fit > 0.65 * quantile(fit, 0.999)).area
        if area and found < 1.25 * area:
            break
        best, area = fit, found
    return best


def top_hat(amount: np.ndarray, share: float) -> np.ndarray:
    """What stands out over its surroundings, a square of `share` of the picture's side around each pixel."""
    side = max(7, round(max(amount.shape) * share) | 1)
    return cv2.morphologyEx(amount, cv2.MORPH_TOPHAT, np.ones((side, side), np.uint8))


def otsu(values: np.ndarray) -> float:
    """The threshold that parts values into two groups as different as possible (Otsu 1979), to a 255th of their range."""
    low, high = float(values.min()), float(values.max())
    levels = cv2.convertScaleAbs(values - low, alpha=255 / max(high - low, 1e-9))  # 0 to 255, rounded
    level, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return low + (float(level) + 0.5) * (high - low) / 255


class Strokes(NamedTuple):
    """The part of a picture that is the digit."""

    mask: np.ndarray  # (height, width)
    area: int  # pixels in it
    longest: int  # the longer side of its largest piece, in pixels


def main_strokes(mask: np.ndarray) -> Strokes:
    """What of `mask` is the digit: its largest piece, and pieces of some size that are not at the border."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    sizes = stats[:, cv2.CC_STAT_AREA].copy()
    sizes[0] = 0  # what is not in the mask
    left, top, width, height = (stats[:, k] for k in (cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    border = (left == 0) | (top == 0) | (left + width == mask.shape[1]) | (top + height == mask.shape[0])
    inner = np.where(border, 0, sizes)
    # a table's edge or a shadow touches the border; so may a digit that fills the picture
    if inner.max() > 0.04 * sizes.max():
        sizes = inner
    keep = sizes > max(0.04 * sizes.max(), 2) if count > 2 else sizes > 0  # a single piece is the digit
    largest = int(sizes.argmax())
    longest = int(max(width[largest], height[largest])) if sizes[largest] else 0
    return Strokes(keep[labels], int(sizes[keep].sum()), longest)
