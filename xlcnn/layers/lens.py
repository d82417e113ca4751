"""Look inside one cell: pick a map, a row and a column, and see the window that this one activation is made of.

Shared by the layers that slide a window. All numbers count from 1, as a person counts.

    window[i, u, v] = in[i, (row − 1)·stride + u, (column − 1)·stride + v]
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xlcnn.blocks import Box, References, Shape, beside, block
from xlcnn.layers.base import MOST_CHOICES, Array, Layer, Part

PICKS = ("pickmap", "pickrow", "pickcol")
SPAN = 3


class Windowed(Layer):
    """A layer that slides a window over its maps, and may have a lens to look inside one cell."""

    kernel: tuple[int, int]
    stride: int
    lens: int

    @property
    def explained(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("output",)

    @property
    def dragged(self) -> frozenset[str]:  # type: ignore[override]
        """With a stride of 1 the next cell's window is the next window, so the formula can be dragged."""
        return frozenset({"output"} if self.stride == 1 else ())

    def defaults(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        return pick_defaults(parts["output"].shape) if self.lens else {}

    def text(self, part: str, p: Mapping[str, Array], ref: References) -> str:
        """The formula of the cell that is looked into."""
        where = picked(p, p["output"].shape[-3:])
        return "" if where is None else self.formula("output", where, ref)

    def slide(self, maps: int, height: int, width: int) -> Shape:
        """The output's shape: how often the window fits. Raises `NetworkError` where it does not, or an option is off."""
        kh, kw = self.kernel
        if min(maps, kh, kw, self.stride) < 1:
            raise self.fail("filters, kernel and stride are at least 1")
        if kh > height or kw > width:
            raise self.fail(f"a {kh}×{kw} window does not fit on maps of {height}×{width}")
        if self.lens not in (0, 1) or (self.lens and maps > MOST_CHOICES):
            raise self.fail(f"lens is 0, or 1 for at most {MOST_CHOICES} maps")
        return maps, (height - kh) // self.stride + 1, (width - kw) // self.stride + 1


def pick_parts(output: Shape) -> dict[str, Part]:
    """The cells in which somebody picks a map, a row and a column of the output."""
    return {name: Part("choice", (), low=1, high=size) for name, size in zip(PICKS, output, strict=True)}


def pick_strongest(output: Array) -> dict[str, Array]:
    """The cell with the largest activation in the first map: a good one to begin with."""
    y, x = np.unravel_index(int(np.abs(output[0]).argmax()), output.shape[1:])
    return {name: np.array(float(n)) for name, n in zip(PICKS, (1, int(y) + 1, int(x) + 1), strict=True)}


def pick_defaults(output: Shape) -> dict[str, Array]:
    """The middle of the first map."""
    return {name: np.array(float(n)) for name, n in zip(PICKS, (1, *(s // 2 for s in output[1:])), strict=True)}


def picked(p: Mapping[str, Array], output: Shape) -> tuple[int, int, int] | None:
    """The picked index, from 0; None where there is no such cell."""
    numbers = [float(p[name]) for name in PICKS]
    if not all(1 <= n <= size and n == int(n) for n, size in zip(numbers, output, strict=True)):
        return None
    o, y, x = (int(n) - 1 for n in numbers)
    return o, y, x


def picks(ref: References) -> list[str]:
    """The references to the picked map, row and column."""
    return [ref.at(name, (), fixed=True) for name in PICKS]


def window_formula(ref: References, index: Shape, stride: int) -> str:
    """The number (channel, u, v) of the window: looked up in the incoming map."""
    channel, u, v = index
    _, row, col = picks(ref)
    y, x = (f"{n}+{k}" if stride == 1 else f"({n}-1)*{stride}+{k + 1}" for n, k in ((row, u), (col, v)))
    return f"INDEX({ref.whole('in', (channel,))},{y},{x})"


def window_text(ref: References, channels: list[int], kernel: Shape, stride: int) -> str:
    """An expression whose result is the window's range as text, in the picked one of `channels`, or in the only one."""
    number, row, col = picks(ref)
    corners = [ref.locate("in", (c, 0, 0)) for c in channels]
    top = str(corners[0][0]) if len(corners) == 1 else f"CHOOSE({number},{','.join(str(y) for y, _ in corners)})"
    y, x = f"{top}+({row}-1)*{stride}", f"{corners[0][1]}+({col}-1)*{stride}"
    first, last = f"ADDRESS({y},{x},4)", f"ADDRESS({y}+{kernel[0] - 1},{x}+{kernel[1] - 1},4)"
    return first if tuple(kernel) == (1, 1) else f'{first}&":"&{last}'


def pick_box() -> Box:
    return beside((block(name, (), name, 1, 1, SPAN) for name in PICKS), gap=0)
