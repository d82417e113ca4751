"""Back through max pooling: the gradient goes to the cell of each window that was the largest, and to no other.

    output[c, y, x] = arrives[c, window of (y, x)]  if in[c, y, x] is the first largest of its window, else 0

Where several are as large, the first in reading order gets it, as in PyTorch. What is no more than 1E-9 apart counts as equal,
because programs round differently.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, Shape, beside
from xlcnn.grid.references import References
from xlcnn.sheets.base import Learning
from xlcnn.sheets.parts import GRADIENT, Array, Computed, Part, Parts, incoming

NEARLY = 1e-9


@dataclass(frozen=True)
class MaxPoolBack(Learning):
    """Back through max pooling: only the largest cell of each window gets the gradient."""

    kind: ClassVar[str] = "maxpool_back"

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        if len(incoming_) != 3 or incoming_[1].shape != incoming_[2].shape or incoming_[1].sheet.kind != "maxpool2d":
            raise self.fail("reads the maps that came in, the pooled maps, and the gradient of the pooled maps")
        maps, pooled, gradient = incoming_
        size: Shape = pooled.sheet.kernel
        if pooled.sheet.stride != size or any(pooled.sheet.padding):
            raise self.fail("is for windows without padding that do not overlap")
        yield incoming("in", maps)
        yield incoming("arrives", gradient, number_format=GRADIENT, scale="gradients")
        yield Computed(
            "output", maps.shape, label="map", number_format=GRADIENT, scale="gradients",
            numpy=lambda t: to_the_largest(t["in"], t["arrives"], size),
            excel=lambda at, c, y, x: self.gradient(at, size, pooled.shape, (c, y, x)),
        )  # fmt: skip

    def gradient(self, at: References, size: Shape, pooled: Shape, cell: Shape) -> str:
        """The gradient of its window, where it is the first of those that are as good as the largest."""
        c, y, x = cell
        row, col = y // size[0], x // size[1]
        if row >= pooled[1] or col >= pooled[2]:
            return "0"  # no window reaches it
        top, left = row * size[0], col * size[1]
        largest = f"MAX({at.window('in', c, top, left, size=size)})-1E-9"
        window = [(top + u, left + v) for u in range(size[0]) for v in range(size[1])]
        earlier = window[: window.index((y, x))]
        test = f"{at('in', *cell)}>={largest}"
        if earlier:
            test = f"AND({test},MAX({','.join(at('in', c, *other) for other in earlier)})<{largest})"
        return f"IF({test},{at('arrives', c, row, col)},0)"

    def arrange(self, p: Parts) -> Box:
        return beside([p[name].maps() for name in ("in", "arrives", "output")], gap=2)


def to_the_largest(x: Array, gradient: Array, size: Shape) -> Array:
    """A gradient for each window of `size` (rows, columns), given to the window's first largest cell."""
    channels, rows, cols = gradient.shape
    covered = x[:, : rows * size[0], : cols * size[1]]
    windows = covered.reshape(channels, rows, size[0], cols, size[1]).swapaxes(2, 3).reshape(channels, rows, cols, -1)
    largest = windows.max(axis=-1, keepdims=True)
    first = (windows >= largest - NEARLY).argmax(axis=-1)
    found = np.where(np.arange(windows.shape[-1]) == first[..., None], gradient[..., None], 0.0)
    found = np.where(np.isnan(largest), np.nan, found)  # an error in a window is one in all its cells
    back = np.zeros(x.shape)
    back[:, : rows * size[0], : cols * size[1]] = (
        found.reshape(channels, rows, cols, *size).swapaxes(2, 3).reshape(covered.shape)
    )  # fmt: skip
    return back
