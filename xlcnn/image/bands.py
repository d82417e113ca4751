"""Bands along a picture's border: the edges of a table's cell that was cut out with them, the margin around a tile."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

FULL = 0.8  # of a row along the picture's border: so much is filled by a band
SOFT = 0.03  # of the picture's side: so wide may a band's own edge be
WIDEST = 0.15  # of the picture's side
CLOSED = 0.9  # of each side of what a frame goes all around
LEAST = 0.2  # of the picture's side, of the frame's inside: what is smaller is no picture, or no digit in it
APART = 0.1  # of the picture's side: what is larger and touches no band may be the digit
MOST = 0.7  # of the border of what lies within bands: so much is paper
DIRT = 0.02  # of a frame's inside: so much of it may lie outside
DEEP = 4  # frames around one another: a margin, the edge of a cell, …

Part = tuple[slice, slice]  # of a picture: rows and columns


def without_bands(mask: np.ndarray) -> Part:
    """The part of a mask (height, width) between the bands at its border; bands may lie within bands.

    All of it where no paper begins within them: then they are the margin of a digit with thick strokes.
    """
    height, width = mask.shape
    top, bottom, left, right = 0, height, 0, width
    for _ in range(DEEP):
        inner = mask[top:bottom, left:right]
        down, across = WIDEST * height, WIDEST * width
        wide = [band(inner, down - top), band(inner[::-1], down - height + bottom)]
        wide += [band(inner.T, across - left), band(inner.T[::-1], across - width + right)]
        top, bottom, left, right = top + wide[0], bottom - wide[1], left + wide[2], right - wide[3]
        if not any(wide):
            break
    inner = mask[top:bottom, left:right]
    if abs(frame(inner).mean() - 0.5) < MOST - 0.5:
        return slice(0, height), slice(0, width)
    return slice(top, bottom), slice(left, right)


def frame(plane: np.ndarray) -> np.ndarray:
    """The pixels around a picture (…, height, width), one after the other."""
    return np.concatenate([plane[..., 0, :], plane[..., -1, :], plane[..., 1:-1, 0], plane[..., 1:-1, -1]], axis=-1)


def band(mask: np.ndarray, widest: float) -> int:
    """How many of a mask's first rows are a band: filled by one half, where the next rows are filled by the other. Else 0."""
    share = mask.mean(axis=1)
    share = share if share[0] >= 0.5 else 1 - share
    ends = int((share < 0.5).argmax())
    beyond = share[ends : ends + 1 + round(SOFT * len(mask))].min()
    return ends if share[0] >= FULL and ends <= widest and beyond <= 1 - FULL else 0


def corner(ink: np.ndarray) -> np.ndarray:
    """What of the ink (a mask: height, width) are bands that meet in a corner, as the edges of a cell do.

    Nothing where they do not, for bars of a digit lie above one another; or where no ink of size is apart from them: they
    are the bar and the stem of an angular 9.
    """
    rows, cols = without_bands(ink)
    gone = np.zeros(ink.shape, bool)
    if rows == slice(0, ink.shape[0]) or cols == slice(0, ink.shape[1]):
        return gone
    gone[...] = ink
    gone[rows, cols] = False
    return gone & holds_more(ink, gone)


def holds_more(ink: np.ndarray, part: np.ndarray) -> bool:
    """Whether a mask (height, width) holds a piece of size that does not touch a part of it: perhaps the digit."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.view(np.uint8), connectivity=8)
    longer = stats[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_AREA].max(axis=1)
    longer[np.unique(labels[part])] = longer[0] = 0
    return bool(longer.max() > APART * max(ink.shape))


def inside(grey: np.ndarray, threshold: Callable[[np.ndarray], float]) -> Part:
    """The part of a picture (height, width) inside the frames that go all around it: a margin, the edges of a cell.

    A frame is what fills the border and leaves a rectangle, along whose sides there is nothing of it, but within. `threshold`
    parts grey levels.
    """
    rows, cols = slice(0, grey.shape[0]), slice(0, grey.shape[1])
    for _ in range(DEEP):
        here = grey[rows, cols]
        light = here > threshold(here)
        part = rectangle(~light if frame(light).mean() > 0.5 else light)
        if part is None:
            break
        rows, cols = (slice(old.start + new.start, old.start + new.stop) for old, new in zip((rows, cols), part, strict=True))
    return rows, cols


def rectangle(mask: np.ndarray) -> Part | None:
    """The rectangle that a mask fills along its four sides, but not within; None where it has another shape."""
    if max(sides(mask)) > 1 - CLOSED:
        return None
    shares = mask.mean(axis=1), mask.mean(axis=0)
    places = [np.flatnonzero(share > 0.5 * share.max()) for share in shares]
    (top, bottom), (left, right) = ((int(found[0]), int(found[-1]) + 1) if len(found) else (0, 0) for found in places)
    if min(bottom - top, right - left) < max(LEAST * max(mask.shape), 8):
        return None
    part = mask[top:bottom, left:right]
    if min(sides(part)) < CLOSED or mask.sum() - part.sum() > DIRT * part.size:
        return None
    rows, cols = np.flatnonzero(~part.all(axis=1)), np.flatnonzero(~part.all(axis=0))
    if not len(rows) or max(np.ptp(rows), np.ptp(cols)) < LEAST * max(part.shape) or part.mean() < 0.5:
        return None
    return slice(top, bottom), slice(left, right)


def sides(mask: np.ndarray) -> list[float]:
    """How much of each side of a picture is in its mask, 0 to 1."""
    return [float(side.mean()) for side in (mask[0], mask[-1], mask[:, 0], mask[:, -1])]
