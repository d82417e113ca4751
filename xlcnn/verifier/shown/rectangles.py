"""Which rectangles cover others, of very many: a file may hold hundreds of thousands of drawings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import numpy as np

EDGE = 3  # pixels that drawings may reach over

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


def overlap(one: Rectangle, other: Rectangle) -> bool:
    """Whether two rectangles share more than an edge."""
    return all(min(one[k + 2], other[k + 2]) - max(one[k], other[k]) > EDGE for k in (0, 1))


def covered(over: Sequence[Rectangle], under: Sequence[Rectangle]) -> Iterator[int | None]:
    """For each rectangle the number of the first of those `under` it."""
    left, top, right, bottom = np.array(under, dtype=float).reshape(-1, 4).T
    for one in over:
        wide = np.minimum(right, one[2]) - np.maximum(left, one[0]) > EDGE
        found = wide & (np.minimum(bottom, one[3]) - np.maximum(top, one[1]) > EDGE)
        yield int(found.argmax()) if found.any() else None


def over_others(rectangles: Sequence[Rectangle]) -> list[int]:
    """The numbers of rectangles that lie over an earlier one: some of each heap of them, and none where no two overlap.

    From the top down: those at one height that do not overlap stand in order from left to right, so each new one can only
    overlap its neighbours. Without its last `EDGE` pixels, a rectangle overlaps whatever it has a point in common with.
    """
    events = []  # where one begins or ends; at the same height, ends first
    for k, (_, top, _, bottom) in enumerate(rectangles):
        if overlap(rectangles[k], rectangles[k]):
            events += [(top, 1, k), (bottom - EDGE, 0, k)]
    lefts: list[float] = []
    there: list[int] = []  # in the order of `lefts`
    found: set[int] = set()
    for _, begins, k in sorted(events):
        left = rectangles[k][0]
        if not begins:
            at = bisect_left(lefts, left)
            if at < len(there) and there[at] == k:
                del lefts[at], there[at]
            continue
        at = bisect_right(lefts, left)
        near = [j for j in there[max(at - 1, 0) : at + 1] if overlap_across(rectangles[j], rectangles[k])]
        if near:
            found |= {max(j, k) for j in near}
        else:
            lefts.insert(at, left)
            there.insert(at, k)
    return sorted(found)


def overlap_across(one: Rectangle, other: Rectangle) -> bool:
    return min(one[2], other[2]) - max(one[0], other[0]) > EDGE
