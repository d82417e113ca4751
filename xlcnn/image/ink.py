"""Finding the ink of the digits in a picture: evened, without lines, borders and dirt, each digit for itself."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from xlcnn.errors import ImageError
from xlcnn.image import lines, pieces
from xlcnn.image.bands import corner, inside
from xlcnn.image.paper import Contrast, contrast, otsu, quantile
from xlcnn.image.pixels import to_grey

SMALL = 100  # pixels of the longer side: smaller pictures are enlarged, so that a stroke is several pixels wide
HALO = 0.06  # of the picture's side: how far the soft edge of a border that is taken away may reach


class Found(NamedTuple):
    """The ink of a picture, which may be enlarged."""

    contrast: np.ndarray  # (height, width): how far each pixel differs from the paper, 0 to 1
    ink: np.ndarray  # (height, width): how much ink each pixel holds, 0 to 1; no line or border if anything is left without
    digits: list[np.ndarray]  # which pixels belong to each digit, (height, width), in reading order; at least one


class Levels(NamedTuple):
    """Amounts of ink by which a picture is judged."""

    least: float  # from which a pixel belongs to a stroke
    none: float  # that is no ink
    full: float  # that is all ink


def find(pixels: np.ndarray, name: str) -> Found:
    """The digits in a picture, grey (height, width) or RGB (height, width, 3), from 0 to 1; `name` is for messages.

    Raises `ImageError` where there is none.
    """
    seen = contrast(pixels[inside(to_grey(pixels), otsu)])
    seen = seen._replace(amount=enlarge(seen.amount))
    ink = first = evened(seen, seen.amount)
    levels = judged(ink, seen.noise)
    if levels is None:
        raise ImageError(f"{name} shows no digit: nothing stands out from the paper")
    ink, levels, digits = cleaned(seen, ink, levels)
    amount = np.clip((ink - levels.none) / (levels.full - levels.none), 0, 1)
    if not digits or max(map(longer_side, digits)) < max(5, 0.03 * max(ink.shape)) or amount[np.any(digits, axis=0)].max() < 0.5:
        raise ImageError(f"{name} shows no digit: only specks stand out from the paper")
    drawn = digits if seen.has_one_colour else [digit for digit in digits if pieces.is_drawn(digit)]
    if not drawn:
        wrong = "what stands out from the paper is no pen stroke; come closer, with even light; --as-is takes it as it is"
        raise ImageError(f"{name} shows no digit: {wrong}")
    return Found(np.clip(first / levels.full, 0, 1), amount, drawn)


def cleaned(seen: Contrast, ink: np.ndarray, levels: Levels) -> tuple[np.ndarray, Levels, list[np.ndarray]]:
    """The ink without lines and borders, judged anew without them, and its digits; as it is where none is left then."""
    no_lines = lines.without(ink, levels.least)
    for clean in (without_border(no_lines, levels.least), no_lines):
        gone = clean < ink
        if not gone.any():
            continue
        surroundings = seen.amount - (-np.log(np.maximum(1 - ink, 1e-6)) if seen.is_logarithmic else ink)
        again = np.where(gone, 0, evened(seen, np.where(gone, surroundings, seen.amount)))
        anew = judged(again, seen.noise)
        if anew:
            digits = pieces.digits(again > anew.least, again)
            if digits and max(map(longer_side, digits)) > 0.08 * max(ink.shape):
                return again, anew, digits
    return ink, levels, pieces.digits(ink > levels.least, ink)


def without_border(ink: np.ndarray, least: float) -> np.ndarray:
    """The ink without a table's edge, a shadow and what else is no digit at the picture's border, and their soft edges."""
    gone = corner(ink > least)
    gone |= pieces.edge((ink > least) & ~gone, ink)
    if not gone.any():
        return ink
    side = 2 * round(HALO * max(ink.shape)) + 1
    halo = cv2.dilate(gone.view(np.uint8), np.ones((side, side), np.uint8)) > 0
    return np.where(gone | (halo & (ink <= least)), 0, ink)


def judged(ink: np.ndarray, noise: float) -> Levels | None:
    """The amounts of ink that part strokes from paper; None where nothing stands out."""
    level = otsu(ink)
    strong = ink[ink > level]
    if not strong.size or quantile(strong, 0.9) < max(0.06, 6 * noise):
        return None
    full = quantile(strong, 0.75)
    none = min(0.35 * full, max(3 * noise, 0.1 * full))
    return Levels(max(none, 0.6 * level), none, full)


def longer_side(mask: np.ndarray) -> int:
    """Of the smallest rectangle that holds a mask, in pixels."""
    return max(int(np.ptp(places)) + 1 for places in np.nonzero(mask))


def enlarge(amount: np.ndarray) -> np.ndarray:
    """A small picture several times as large, smoothly."""
    times = -(-SMALL // max(amount.shape))
    if times < 2:
        return amount
    height, width = amount.shape
    return np.asarray(cv2.resize(amount, (width * times, height * times), interpolation=cv2.INTER_CUBIC))


def evened(seen: Contrast, amount: np.ndarray) -> np.ndarray:
    """The share of the paper's light that ink takes or adds, without shadows."""
    if not seen.has_one_colour:
        amount = even(amount)
    return np.asarray(1 - np.exp(-amount) if seen.is_logarithmic else amount)


def even(amount: np.ndarray) -> np.ndarray:
    """The ink without shadows: what stands out over its surroundings, for surroundings just wider than the strokes.

    Small surroundings remove more of a shadow but hollow out thick strokes; so the smallest is taken that loses none.
    """
    best, area = amount, 0
    for share in (0.1, 0.2, 0.4):
        fit = top_hat(amount, share)
        found = pieces.inner_area(fit > 0.65 * quantile(fit, 0.999))
        if area and found < 1.25 * area:
            break
        best, area = fit, found
    return best


def top_hat(amount: np.ndarray, share: float) -> np.ndarray:
    """What stands out over its surroundings, a square of `share` of the picture's side around each pixel."""
    side = max(7, round(max(amount.shape) * share) | 1)
    return cv2.morphologyEx(amount, cv2.MORPH_TOPHAT, np.ones((side, side), np.uint8))
