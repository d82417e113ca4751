"""How far each pixel differs from its paper, whatever the colours, the polarity and the lighting of the picture.

Openings, eigenvectors and blurring are OpenCV's. Why not those of scikit-image and SciPy: either way 50 to 60 MB of wheels
are downloaded, but OpenCV is one package beside NumPy, imports in 0.02 s instead of 0.2, and is faster: openings 1.4 to 6
times, Otsu's threshold and blurring 15 times and more; docs/performance.md has the figures.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from xlcnn.image.bands import frame, holds_more, without_bands

POINTS = 2500  # of the picture to which the paper is fitted: a smooth surface needs few
ENOUGH = 25_000  # pixels, about, from which to tell the noise
ROUNDS = 6  # of fitting it, each without what the round before took for ink
STROKES = (
    0.02,
    0.03,
    0.05,
    0.07,
    0.1,
    0.15,
    0.2,
)  # of the picture's side: widths of strokes, to tell dark from light
LARGE = 100  # pixels of a side from which every second one will do for that
ONE_COLOUR = 0.06  # of the contrast: so little does paper of one colour vary
STROKE = 0.2  # of the picture's side: half the width of the thickest stroke
NEARLY_ALL = 0.85  # of the border: paper of which there is less may be something else
FLAT = 0.03  # of the picture: so much may be neither paper nor ink where the paper has one colour; more is a shadow

cv2.setNumThreads(1)  # a picture is small; a folder of them is shared among processes


class Contrast(NamedTuple):
    """What differs from the paper."""

    amount: np.ndarray  # (height, width): how far, along the ink's colour; positive for ink
    noise: float  # its standard deviation on the paper
    has_one_colour: bool  # the paper: no light and shadow lie on it
    is_logarithmic: bool  # dark ink under changing light: what it leaves of the paper's brightness, as a negative logarithm


def contrast(pixels: np.ndarray) -> Contrast:
    """What differs from the paper in a picture, grey (height, width) or RGB (height, width, 3), from 0 to 1."""
    planes = np.stack(cv2.split(pixels.astype(np.float32)))
    return on_one_colour(planes) or on_lit_paper(planes)


def on_one_colour(planes: np.ndarray) -> Contrast | None:
    """The contrast to paper of one colour; None where light and shadow lie on it.

    `planes` has the shape (channels, height, width). The paper is that half of the grey levels of which the border has
    more, so that ink may be of any thickness and on most of the picture; the edges of a table's cell are no border.
    """
    grey = planes.mean(axis=0)
    light = grey > otsu(grey)
    rows, cols = without_bands(light)
    is_paper = light == (frame(light[rows, cols]).mean() >= 0.5)
    if has_dark_corners(is_paper[rows, cols]):
        is_paper = ~is_paper
    around = frame(is_paper[rows, cols])
    amount = against_paper(planes - np.median(frame(planes[:, rows, cols])[:, around], axis=1)[:, None, None])
    full = quantile(amount, 0.995)
    if full < 0.1 or (amount < -0.1 * full).mean() > 0.005:
        return None
    sure = cv2.erode(is_paper.view(np.uint8), np.ones((3, 3), np.uint8)) > 0  # a stroke's soft edge is narrow
    varies = np.abs(amount[sure] if sure.any() else frame(amount[rows, cols])[around]) > ONE_COLOUR * full
    between = ((amount > 2 * ONE_COLOUR * full) & (amount < 0.75 * full)).view(np.uint8)
    if varies.mean() > 0.3 or cv2.erode(between, np.ones((3, 3), np.uint8), borderValue=0).mean() > FLAT:
        return None
    return Contrast(np.clip(amount, 0, None), roughness(amount, is_paper), True, False)


def radius(mask: np.ndarray) -> float:
    """Of the largest circle in a mask (height, width) that lies within the picture."""
    return float(cv2.distanceTransform(np.pad(mask, 1).view(np.uint8), cv2.DIST_L2, 3).max())


def has_dark_corners(border: np.ndarray) -> bool:
    """Whether what the border has most of (a mask: height, width) is not the paper, but lies around a sheet of it.

    As where a picture was turned: what is left is much thicker than a stroke, and on it lies what does not touch the border.
    """
    if frame(border).mean() > NEARLY_ALL or radius(~border) < max(STROKE * max(border.shape), 3 * radius(border)):
        return False
    at_border = np.ones(border.shape, bool)
    at_border[1:-1, 1:-1] = False
    return holds_more(border, border & at_border)


def on_lit_paper(planes: np.ndarray) -> Contrast:
    """The contrast to the smooth surface that fits the paper; `planes` has the shape (channels, height, width)."""
    is_dark = darker_than_paper(planes[:, ::2, ::2] if max(planes.shape) > LARGE else planes)
    if is_dark:  # light and shadow multiply what dark ink leaves of the paper's brightness: in logarithms they add
        planes = np.log(planes + np.float32(0.03))
    residual = planes - paper(planes)
    amount = along_the_ink(residual)
    if (float((amount * residual.sum(axis=0)).sum()) < 0) != is_dark:
        amount = -amount
    noise = roughness(amount)
    if noise > 0.01:  # weights 1 2 1 in both directions
        amount, noise = cv2.GaussianBlur(amount, (3, 3), 0, borderType=cv2.BORDER_REPLICATE), 0.375 * noise  # √(Σ w²)
    return Contrast(amount, noise, False, is_dark)


def darker_than_paper(planes: np.ndarray) -> bool:
    """Whether the ink is darker than the paper around it; `planes` has the shape (channels, height, width).

    Voices of −1 to 1 each: what lies far from a smooth paper, which counts twice, and what is narrow, at seven widths, in
    logarithms.
    """
    residual = planes - paper(planes)
    ink = np.maximum(against_paper(residual), 0)
    far = residual.sum(axis=0) * ink * ink
    voices = [-2 * float(far.sum()) / max(float(np.abs(far).sum()), 1e-9)]
    grey = np.log(planes.mean(axis=0) + np.float32(0.03))
    for share in STROKES:
        side = max(3, round(max(grey.shape) * share) | 1)
        window = np.ones((side, side), np.uint8)
        dark, light = (float((cv2.morphologyEx(grey, hat, window) ** 2).sum()) for hat in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT))
        voices.append((dark - light) / max(dark + light, 1e-9))
    return sum(voices) > 0


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
    """`along_the_ink`, positive for what lies far out on one side: ink, unless shadows are on the paper."""
    amount = along_the_ink(residual)
    return amount if float((amount * amount * amount).sum()) >= 0 else -amount


def along_the_ink(residual: np.ndarray) -> np.ndarray:
    """One number per pixel (height, width) from its difference in colour (channels, height, width): along the ink's colour."""
    loud = residual * (residual * residual).sum(axis=0)  # ink may be a thousandth of the picture
    _, _, vectors = cv2.eigen(cv2.mulTransposed(loud.reshape(len(loud), -1), aTa=False))
    direction = vectors[0] / np.abs(vectors[0]).sum()  # of the largest eigenvalue
    return np.asarray(sum(share * plane for share, plane in zip(direction, residual, strict=True)))


def roughness(amount: np.ndarray, paper: np.ndarray | None = None) -> float:
    """The standard deviation of a picture's noise, from the differences between neighbours, on the paper where it is known."""
    every = 1 + amount.size // ENOUGH  # rows
    differences = np.abs(np.diff(amount[::every], axis=1))
    if paper is not None:
        differences = differences[paper[::every, 1:] & paper[::every, :-1]]
    return 1.05 * quantile(differences, 0.5) if differences.size else 0.0


def quantile(values: np.ndarray, share: float) -> float:
    """The value that so large a share of all values, 0 to 1, lie below."""
    place = round(share * (values.size - 1))
    return float(np.partition(values, place, axis=None)[place])


def otsu(values: np.ndarray) -> float:
    """The threshold that parts values into two groups as different as possible (Otsu 1979), to a 255th of their range."""
    low, high = float(values.min()), float(values.max())
    levels = cv2.convertScaleAbs(values - low, alpha=255 / max(high - low, 1e-9))  # 0 to 255, rounded
    level, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return low + (float(level) + 0.5) * (high - low) / 255
