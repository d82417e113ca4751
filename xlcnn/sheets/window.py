"""What layers share that slide a window over their maps: kernel, stride, padding, and the look inside one cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from xlcnn.grid.blocks import Block, Shape
from xlcnn.grid.references import References
from xlcnn.grid.rules import Rule
from xlcnn.sheets import lens
from xlcnn.sheets.base import MOST_CHOICES, Layer
from xlcnn.sheets.options import later, pair, sides, yes_no
from xlcnn.sheets.parts import Array, Padding, Part, Parts, Values


@dataclass(frozen=True)
class Windowed(Layer):
    """A layer that slides a window of `kernel` cells in steps of `stride` over its maps, with `padding` around them.

    `stride` is one number per axis, `padding` one per side: top, left, bottom, right. With a `dilation` the window's cells are
    laid apart, so many rows and columns from one to the next. With a `lens` the sheet shows the window of one cell that
    somebody picks.
    """

    kernel: tuple[int, int] = pair()
    stride: tuple[int, int] = pair(default=(1, 1))
    padding: tuple[int, int, int, int] = sides()
    dilation: tuple[int, int] = later(pair(default=(1, 1)))
    lens: bool = yes_no(part_of_network=False)

    @property
    def window_size(self) -> tuple[int, int]:
        """How many rows and columns of a map the window covers: more than its kernel has, where its cells are laid apart."""
        (kh, kw), (dy, dx) = self.kernel, self.dilation
        return (kh - 1) * dy + 1, (kw - 1) * dx + 1

    @property
    def draggable(self) -> bool:
        """With a stride of 1 the next cell's window is the next window, so the formula can be dragged."""
        return self.stride == (1, 1)

    def pad(self, value: float = 0.0, shown: bool = True) -> Padding:
        return Padding(self.padding, value, shown)

    def slide(self, x: Part, maps: int) -> Shape:
        """The shape of `maps` outgoing maps: how often the window fits. Raises `NetworkError` where it does not."""
        (kh, kw), (sy, sx), (top, left, bottom, right) = self.window_size, self.stride, self.padding
        height, width = x.shape[1] + top + bottom, x.shape[2] + left + right
        if kh > height or kw > width:
            raise self.fail(f"a {kh}×{kw} window does not fit on maps of {height}×{width}")
        if max(top, bottom) >= kh or max(left, right) >= kw:
            raise self.fail("padding must be less than the kernel, or some windows would hold nothing else")
        if self.lens and self.dilation != (1, 1):
            raise self.fail("lens is for windows whose cells lie side by side")
        if self.lens and maps > MOST_CHOICES:
            raise self.fail(f"lens is for at most {MOST_CHOICES} maps")
        return maps, (height - kh) // sy + 1, (width - kw) // sx + 1

    def windows(self, x: Array) -> Array:
        """Every window of the maps, each a last pair of axes: (…, channel, y, x, kernel row, kernel column)."""
        return sliding_window_view(x, self.window_size, axis=(-2, -1))[..., :: self.stride[0], :: self.stride[1], :, :]

    def corner(self, y: int, x: int) -> tuple[int, int]:
        """Where the window of an outgoing cell begins."""
        return y * self.stride[0], x * self.stride[1]

    def window(self, at: References, channel: int, y: int, x: int) -> str:
        """The reference to that window: ``B6:D8``."""
        return at.window("in", channel, *self.corner(y, x), size=self.window_size)

    def window_of(self, maps: Array, y: int, x: int) -> Array:
        """Its values, of one map or of several."""
        top, left = self.corner(y, x)
        return np.asarray(maps[..., top : top + self.window_size[0], left : left + self.window_size[1]])

    def begin(self, values: Mapping[str, Values], truth: int | None = None) -> dict[str, Array]:
        return lens.strongest(values[self.name]["output"]) if self.lens else {}

    def marks(self, p: Parts, blocks: Iterable[Block], at: References) -> Iterable[Rule]:
        """The picked cell in its map, and its window in the maps before it: in all of them, if each new map reads all."""
        if self.lens:
            yield from lens.marks(blocks, at, self.kernel, self.stride, reads_all="weight" in p)
