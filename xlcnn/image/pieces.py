"""The pieces of ink that hang together: which of them make up a digit, how many digits there are, and what is none."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

NEAR = 0.25  # of a digit's longer side: pieces nearer to it belong to it
SPECK = 0.03  # of the largest piece's ink: less is dirt
HUGGING = 0.12  # of the picture's side: what reaches less far into it is its border
ALONG = 0.8  # of a piece's longer side: what touches so much of the border lies along it
MOST_HOLES = 20  # in a digit: two, and what a dry pen leaves open
SOLID = 0.17  # of a piece's longer side: half a stroke is thinner; a table's edge or a shadow is not
BREAK = 0.04  # of a digit's longer side: so wide may a gap in its stroke be, in both directions together twice that
MOST = 60  # digits in a picture; more is a pattern
COMPARABLE = (0.5, 0.2)  # of the largest digit's longer side and ink: from here on a piece is a digit of its own


class Pieces(NamedTuple):
    """What hangs together in a mask, numbered from 1; number 0 is the paper."""

    labels: np.ndarray  # (height, width): of which piece each pixel is
    boxes: np.ndarray  # (pieces + 1, 4): left, top, right, bottom
    inks: np.ndarray  # (pieces + 1,): the sum of the ink
    at_border: np.ndarray  # (pieces + 1,): whether it touches the picture's border

    @property
    def longer(self) -> np.ndarray:
        """The longer side of each piece."""
        return np.asarray((self.boxes[:, 2:] - self.boxes[:, :2]).max(axis=1))


def hanging_together(mask: np.ndarray, amount: np.ndarray) -> Pieces:
    """The pieces of `mask` (height, width), weighed by the ink in `amount`."""
    height, width = mask.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    corners = stats[:, : cv2.CC_STAT_WIDTH]
    boxes = np.concatenate([corners, corners + stats[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_AREA]], axis=1)
    inks = np.bincount(labels.ravel(), amount.ravel(), len(boxes))
    inks[0] = 0
    at_border = (boxes[:, :2] == 0).any(axis=1) | (boxes[:, 2:] == (width, height)).any(axis=1)
    return Pieces(labels, boxes, inks, at_border)


def edge(mask: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """What of `mask` is the picture's border, a table's edge, a shadow: flat, solid or riddled pieces at the border.

    Nothing where there is nothing else.
    """
    pieces = hanging_together(mask, amount)
    size = np.array(mask.shape[::-1])
    near, far = pieces.boxes[:, :2], pieces.boxes[:, 2:]
    reaches = [np.where(near == 0, far, size.sum()), np.where(far == size, size - near, size.sum())]  # from the borders touched
    reach = np.concatenate(reaches, axis=1).min(axis=1)
    thickest = np.zeros(len(reach), np.float32)
    np.maximum.at(thickest, pieces.labels.ravel(), cv2.distanceTransform(mask.view(np.uint8), cv2.DIST_L2, 3).ravel())
    side = max(mask.shape)
    lies_along = along_the_border(pieces) > ALONG * pieces.longer  # a wedge does, where the picture was turned
    narrow = np.bincount(pieces.labels.ravel()) < HUGGING * side * pieces.longer
    flat = ((reach < HUGGING * side) | (lies_along & narrow)) & (pieces.longer > 3 * HUGGING * side)
    is_none = pieces.at_border & (flat | (thickest > SOLID * pieces.longer))
    for piece in np.flatnonzero(pieces.at_border & ~is_none & (pieces.longer > 3 * HUGGING * side)).tolist():
        is_none[piece] = piece > 0 and not is_drawn(pieces.labels == piece)
    is_none[0] = False
    return np.asarray(is_none[pieces.labels])


def along_the_border(pieces: Pieces) -> np.ndarray:
    """How many pixels of one side of the picture each piece touches, at most."""
    labels = pieces.labels
    sides = labels[0], labels[-1], labels[:, 0], labels[:, -1]
    return np.asarray(np.max([np.bincount(side, minlength=len(pieces.inks)) for side in sides], axis=0))


def digits(mask: np.ndarray, amount: np.ndarray) -> list[np.ndarray]:
    """The digits in `mask`, each a mask (height, width), row by row, from left to right; none where there is none.

    A piece is a digit of its own if it is not much smaller than the largest and stands beside it. Smaller pieces belong to
    the digit that they are near to, and those far from any are dirt.
    """
    pieces = hanging_together(mask, amount)
    main = int((pieces.inks * np.where(pieces.at_border, 0.5, 1)).argmax())  # a neighbour that is cut through is not the digit
    if not main:
        return []
    longer = pieces.longer
    size = longer[main]
    inside = ~pieces.at_border | pieces.at_border[main]
    own = (longer > COMPARABLE[0] * size) & (pieces.inks > COMPARABLE[1] * pieces.inks[main]) & inside
    own[main], own[0] = True, False
    if own.sum() > MOST:
        return []  # a pattern
    groups = together(pieces, np.flatnonzero(own), int(size))
    small = np.flatnonzero(~own & inside & (pieces.inks > SPECK * pieces.inks[main]))
    for piece in small[np.argsort(-pieces.inks[small])][:MOST].tolist():
        gaps = [apart(pieces.boxes[piece], pieces.boxes[group]) for group in groups]
        nearest = groups[int(np.argmin(gaps))]
        if min(gaps) < NEAR * longer[nearest].max():
            nearest.append(piece)
    return [np.isin(pieces.labels, group) for group in in_reading_order(groups, pieces.boxes)]


def together(pieces: Pieces, own: np.ndarray, size: int) -> list[list[int]]:
    """Pieces, each large enough for a digit, as groups that are one: broken strokes, and what stands one above the other."""
    clusters = nearly_together(pieces.labels, round(BREAK * size))
    groups: list[list[int]] = []
    for piece in own[np.argsort(-pieces.inks[own])].tolist():
        box = pieces.boxes[piece]
        for group in groups:
            near = apart(box, pieces.boxes[group]) < NEAR * size
            if clusters[piece] in clusters[group] or (near and beside(box, pieces.boxes[group]) < 0.5):
                group.append(piece)
                break
        else:
            groups.append([piece])
    return groups


def in_reading_order(groups: list[list[int]], boxes: np.ndarray) -> list[list[int]]:
    """Row by row from above, each from left to right. What begins above the middle of a row's first digit is in that row."""
    left = sorted(groups, key=lambda group: int(boxes[group, 1].min()))
    ordered: list[list[int]] = []
    while left:
        middle = (boxes[left[0], 1].min() + boxes[left[0], 3].max()) / 2
        row = [group for group in left if boxes[group, 1].min() < middle]
        left = [group for group in left if group not in row]
        ordered += sorted(row, key=lambda group: int(boxes[group, 0].min()))
    return ordered


def is_drawn(digit: np.ndarray) -> bool:
    """Whether a mask (height, width) may be pen strokes: noise on a shadow is riddled with holes, a digit has two."""
    around = np.pad(digit, 1).view(np.uint8)
    holes = cv2.connectedComponents(1 - around, connectivity=4)[0] - 2  # without the digit and the paper around it
    return bool(holes <= MOST_HOLES)


def nearly_together(labels: np.ndarray, gap: int) -> np.ndarray:
    """For each piece the number of the cluster it is in, if strokes that are broken by a few pixels are one."""
    window = np.ones((2 * gap + 1, 2 * gap + 1), np.uint8)
    _, clusters = cv2.connectedComponents(cv2.dilate((labels > 0).view(np.uint8), window))
    result = np.zeros(labels.max() + 1, int)
    result[labels.ravel()] = clusters.ravel()
    return result


def beside(one: np.ndarray, others: np.ndarray) -> float:
    """How much of the narrower of a piece and a group, 0 to 1, stands beside the other and not above or below it."""
    left, right = others[:, 0].min(), others[:, 2].max()
    shared = min(one[2], right) - max(one[0], left)
    return 1 - max(0.0, float(shared)) / float(min(one[2] - one[0], right - left))


def apart(one: np.ndarray, others: np.ndarray) -> float:
    """The gap between a piece's box and the nearest of some others, in pixels."""
    across = np.maximum(0, np.maximum(others[:, 0] - one[2], one[0] - others[:, 2]))
    down = np.maximum(0, np.maximum(others[:, 1] - one[3], one[1] - others[:, 3]))
    return float(np.hypot(across, down).min())


def inner_area(mask: np.ndarray) -> int:
    """How many pixels the digit has, about: what does not touch the border, or everything where nothing of size does."""
    pieces = hanging_together(mask, np.ones(mask.shape, np.float32))
    inner = pieces.inks[~pieces.at_border]
    return int(inner.sum() if inner.max(initial=0) > 0.04 * pieces.inks.max() else pieces.inks.sum())
