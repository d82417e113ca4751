"""Ruled lines, squares and the edges of table cells: found as what is long, straight and of one width, and taken out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

LONG = 0.4  # of the picture's side: what is straight and at least so long may be a line
RUN = 0.15  # of the side: the shortest part of a line that is seen between strokes that cross it
THICK = 0.07  # of the side: the thickest line
TILTS = np.tan(np.radians(np.arange(-9, 9.5, 0.75)))
ROUNDS = 4  # of looking for lines of one direction: those of a photographed page need not be parallel
LEAST = 0.1  # of the side, of the ink: what is smaller is no digit beside a line
MANY = 4  # lines from border to border, side by side: no digit has so many strokes
FLUSH = 0.04  # of the side: nearer to the border a line may be the edge of what was cut out
INNER = 0.2  # of the side: a line that stands alone so far from the border, and is crossed, is no table's edge
ALIKE = 1.6  # parts of one line differ at most by this factor, in thickness and in darkness


@dataclass(frozen=True, eq=False)
class Line:
    """A line and the way to hold the picture so that it runs from left to right."""

    mask: np.ndarray  # (height, width), of the picture held that way
    upright: bool  # it runs from top to bottom


def without(amount: np.ndarray, level: float) -> np.ndarray:
    """The ink of a picture (height, width) without the straight lines that run through it; `level` parts ink from paper."""
    found = [Line(mask, upright) for upright in (False, True) for mask in from_left_to_right(held(amount, upright), level)]
    found = [one for one in found if any(ends(one, found))]
    if not found:
        return amount
    rest = erased(amount, found, level) > level
    lines = []
    for way in (False, True):
        through = [one for one in found if one.upright == way and all(ends(one, []))]
        lines += through if len(through) >= MANY else []
    if longest(rest) > LEAST * max(amount.shape):
        lines += [one for one in closed(found) if one not in lines]
    while True:  # a line may end at another one, once that one is known to be none of the digit's strokes
        more = [one for one in found if one not in lines and runs_on(one, lines, found, rest, amount, level)]
        if not more:
            return erased(amount, lines, level)
        lines += more


def closed(found: list[Line]) -> list[Line]:
    """The lines of a frame or a grid: two and more of each direction, each of which ends at others or at the border."""
    while found and not all(all(ends(one, found)) for one in found):
        found = [one for one in found if all(ends(one, found))]
    upright = sum(one.upright for one in found)
    return found if min(upright, len(found) - upright) >= 2 else []


def longest(mask: np.ndarray) -> int:
    """The longer side of the largest piece of a mask, in pixels."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    return int(stats[1:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_AREA].max(initial=0))


def held(plane: np.ndarray, upright: bool) -> np.ndarray:
    """The picture, turned so that upright lines lie."""
    return np.ascontiguousarray(plane.T) if upright else plane


def from_left_to_right(amount: np.ndarray, level: float) -> list[np.ndarray]:
    """Masks (height, width) of what could be lines."""
    widest = max(3, round(THICK * max(amount.shape)) | 1)
    found, thick = thin_lines(amount, level, widest)
    if not found or (narrow := round(ALIKE * thick + 2) | 1) >= widest:
        return found
    return thin_lines(amount, level, narrow)[0] or found  # thick strokes that lie on a thin line no longer hide it


def thin_lines(amount: np.ndarray, level: float, widest: int) -> tuple[list[np.ndarray], float]:
    """Masks of what could be lines, thinner than `widest` pixels, and how thick they are."""
    padded = cv2.copyMakeBorder(amount, widest, widest, 0, 0, cv2.BORDER_CONSTANT, value=0)
    thin = cv2.morphologyEx(padded, cv2.MORPH_TOPHAT, np.ones((widest, 1), np.uint8))[widest:-widest]
    mask = (thin > 0.5 * level).astype(np.uint8)
    found: list[np.ndarray] = []
    widths: list[float] = []
    for _ in range(ROUNDS):
        lines = parallel(mask, amount)
        if not lines:
            break
        found += lines
        widths += [float(mask[line].sum()) / float(line.any(axis=0).sum()) for line in lines]
        mask[np.logical_or.reduce(lines)] = 0
    return found, float(np.median(widths)) if widths else 0.0


def parallel(mask: np.ndarray, amount: np.ndarray) -> list[np.ndarray]:
    """Lines of one slope: the one at which a row of pixels holds most ink."""
    height, width = mask.shape
    tilt, best = steepness(mask)
    if best < LONG * width:
        return []
    level_ink = sheared(amount, tilt)
    runs = cv2.dilate(cv2.morphologyEx(sheared(mask, tilt), cv2.MORPH_CLOSE, np.ones((1, 7), np.uint8)), np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((1, max(5, round(RUN * width))), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    lengths, middles = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT] / 2
    thick = stats[:, cv2.CC_STAT_AREA] / np.maximum(lengths, 1)
    left = [k for k in range(1, count) if thick[k] < THICK * height + 3]
    boxes = {k: np.s_[y : y + h, x : x + w] for k, (x, y, w, h, _) in enumerate(stats.tolist())}
    darkness = {k: float(np.median(level_ink[boxes[k]].max(axis=0))) for k in left}
    lines = []
    while left:
        first = max(left, key=lambda k: lengths[k])
        near = [k for k in left if abs(middles[k] - middles[first]) <= 0.01 * height + 1.5]
        left = [k for k in left if k not in near]
        one = [k for k in near if alike(thick[k], thick[first]) and alike(darkness[k], darkness[first])]
        if lengths[one].sum() >= LONG * width:
            wide = cv2.dilate(joined(np.isin(labels, one)), np.ones((5, 3), np.uint8))
            lines.append(sheared(wide, -tilt) > 0)
    return lines


def steepness(mask: np.ndarray) -> tuple[float, float]:
    """The slope at which a row of pixels holds most of `mask` (height, width), and how many pixels it holds, about."""
    height, width = mask.shape
    rows, cols = np.nonzero(cv2.dilate(mask, np.ones((3, 1), np.uint8)))  # three rows: a line lies between two slopes
    tilt, best = 0.0, 0.0
    if len(np.unique(cols)) < LONG * width:
        return tilt, best
    for slope in sorted(TILTS, key=abs):
        held = np.bincount(rows + np.rint(slope * (cols - width / 2)).astype(int) + width, minlength=height + 2 * width)
        score = float(held.max()) + 1e-3 * float(held @ held) / len(rows)
        if score > best + 0.02 * width:
            tilt, best = float(slope), score
    return tilt, best


def joined(parts: np.ndarray) -> np.ndarray:
    """A line of which parts are seen, (height, width), with what strokes hide of it."""
    cols = np.flatnonzero(parts.any(axis=0))
    along = np.arange(cols[0], cols[-1] + 1)
    top = np.interp(along, cols, parts.argmax(axis=0)[cols])
    bottom = np.interp(along, cols, len(parts) - parts[::-1].argmax(axis=0)[cols])
    rows = np.arange(len(parts))[:, None]
    result = np.zeros(parts.shape, np.uint8)
    result[:, along] = (rows >= np.round(top)) & (rows < np.round(bottom))
    return result


def alike(a: float, b: float) -> bool:
    return a <= ALIKE * b and b <= ALIKE * a


def sheared(plane: np.ndarray, slope: float) -> np.ndarray:
    """The picture with every column moved down by `slope` times its distance from the middle."""
    if slope == 0:
        return plane
    matrix = np.array([[1, 0, 0], [slope, 1, -slope * plane.shape[1] / 2]], np.float32)
    how = cv2.INTER_NEAREST if plane.dtype == np.uint8 else cv2.INTER_LINEAR
    return cv2.warpAffine(plane, matrix, plane.shape[::-1], flags=how, borderMode=cv2.BORDER_CONSTANT)


def runs_on(one: Line, lines: list[Line], found: list[Line], rest: np.ndarray, amount: np.ndarray, level: float) -> bool:
    """Whether a line runs on where the digit ends, to both sides, to the picture's border or to one of the `lines`.

    No stroke of the digit does. `rest` is the ink without any line of those `found`.
    """
    line, ink = one.mask, held(amount > level, one.upright)
    height, width = line.shape
    side = max(height, width)
    reaches = ends(one, lines)
    if not any(reaches):
        return False
    alongside = [other for other in found if other.upright == one.upright]
    if not all(reaches):
        rest = erased(amount, lines + alongside, level) > level
    rest = held(rest, one.upright)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(rest.view(np.uint8), connectivity=8)
    areas, sides = stats[1:, cv2.CC_STAT_AREA], stats[1:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_AREA]
    main = areas.max(initial=0)
    if main < LEAST * (line & ink).sum() or sides.max(initial=0) < LEAST * side:
        return False  # where nothing else is of any size, the line is the digit
    rows, cols = np.flatnonzero(line.any(axis=1)), np.flatnonzero(line.any(axis=0))
    at_edge = rows[0] < FLUSH * height or rows[-1] > (1 - FLUSH) * height
    if at_edge and sides.max() < 0.3 * side:
        return False  # the foot of a 1 that is cut out closely, beside its flag
    around = cv2.dilate(line.view(np.uint8), np.ones((7, 3), np.uint8)) > 0
    big = [k for k in np.unique(labels[around & rest]) if k and stats[k, cv2.CC_STAT_AREA] > LEAST * main]
    if not big:
        middle = (rows[0] + rows[-1]) / 2
        within = INNER * height < middle < (1 - INNER) * height
        strokes = [other for other in found if other.upright != one.upright and other not in lines]
        crossed = any(held(other.mask, True)[around].any() for other in strokes)
        return not (within and crossed and len(alongside) == 1)  # else it is the stem of a 4, crossed by its bar
    if len(alongside) == 1 and alike(thickness(line & ink), thickness(np.isin(labels, big).T)):
        return False  # alone, and as thick as the strokes across it: the stem of a 4
    left, top = stats[big, cv2.CC_STAT_LEFT].min(), stats[big, cv2.CC_STAT_TOP].min()
    right = (stats[big, cv2.CC_STAT_LEFT] + stats[big, cv2.CC_STAT_WIDTH]).max()
    spare = 0.05 * width
    fills = at_edge and top < 0.02 * height  # a 1 on its foot again
    return bool(all(reaches) and left - cols[0] > spare and cols[-1] - right > spare and not fills)


def thickness(strokes: np.ndarray) -> float:
    """How thick the strokes of a mask (height, width) are, in pixels: the usual run of ink down a column."""
    lengths = down_the_columns(np.ascontiguousarray(strokes))
    return float(np.median(lengths[lengths > 0])) if strokes.any() else 0.0


def ends(one: Line, lines: list[Line]) -> list[bool]:
    """Whether a line ends at the picture's border, or at one of the `lines` that cross it: on the left, on the right."""
    width = one.mask.shape[1]
    crossing = [held(other.mask, True) for other in lines if other.upright != one.upright]
    cols = np.flatnonzero(one.mask.any(axis=0))
    near = round(0.05 * width)
    left, right = int(cols[0]), int(cols[-1])
    return [
        left < 0.03 * width or any(mask[:, max(0, left - near) : left + 2].any() for mask in crossing),
        right >= 0.97 * width - 1 or any(mask[:, right - 1 : right + near].any() for mask in crossing),
    ]


def erased(amount: np.ndarray, lines: list[Line], level: float) -> np.ndarray:
    """The ink without some lines, but with the strokes that cross them."""
    result = amount.copy()
    for line in lines:
        erase(result.T if line.upright else result, line.mask, level)
    return result


def erase(amount: np.ndarray, line: np.ndarray, level: float) -> None:
    """Take a line out of `amount` (height, width) where the ink in a column is no longer than the line is thick.

    Where it is longer a stroke crosses, where it is much darker a stroke lies upon the line (as staff lines are taken out of
    music: Fujinaga, Staff Detection and Removal, 2004).
    """
    lengths = down_the_columns(amount > 0.5 * level)
    columns = line.any(axis=0)
    thick = ALIKE * float(np.median(np.where(line, lengths, 0)[:, columns].max(axis=0))) + 1
    dark = ALIKE * float(np.median(np.where(line, amount, 0)[:, columns].max(axis=0)))
    wide = cv2.dilate(line.view(np.uint8), np.ones((2 * round(thick / 2) + 1, 1), np.uint8)) > 0  # with its soft edges
    amount[wide & (lengths <= thick) & (amount < dark)] = 0


def down_the_columns(ink: np.ndarray) -> np.ndarray:
    """How many pixels of ink hang together in the column at each pixel of `ink` (height, width); 0 on the paper."""
    rows = np.arange(len(ink))[:, None]
    before = np.maximum.accumulate(np.where(ink, -1, rows), axis=0)  # the last row of paper above
    after = np.minimum.accumulate(np.where(ink, len(ink), rows)[::-1], axis=0)[::-1]
    return np.where(ink, after - before - 1, 0)
