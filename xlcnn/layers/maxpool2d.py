"""Max pooling: each window of a map is replaced by its largest activation.

out[c, y, x] = max over u, v of in[c, y·stride + u, x·stride + v]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from xlcnn.blocks import Box, References, Shape, beside, block, stack
from xlcnn.layers.base import Array, MapLayer, Part
from xlcnn.layers.lens import SPAN, Windowed, pick_box, pick_parts, picked, picks, window_formula, window_text


@dataclass(frozen=True)
class MaxPool2d(Windowed, MapLayer):
    kind: ClassVar[str] = "maxpool2d"
    kernel: tuple[int, int] = (2, 2)
    stride: int = 2
    lens: int = 0

    def parts(self, *incoming: Part) -> dict[str, Part]:
        x = self.one_input(incoming, ndim=3)
        channels, height, width = x.shape
        out = self.slide(channels, height, width)
        parts = {"in": Part("in", x.shape, x.signed), "output": Part("computed", out, x.signed)}
        if self.lens:
            parts |= pick_parts(out) | {"window": Part("computed", self.kernel, x.signed), "result": Part("computed", ())}
            parts |= {"celltext": Part("text", ())}
        return parts

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        if part == "result":
            return np.asarray(p["window"].max(axis=(-2, -1)))
        if part == "window":
            where = picked(p, p["output"].shape[-3:])
            if where is None:
                return np.full(self.kernel, np.nan)
            c, y, x = where
            top, left = y * self.stride, x * self.stride
            return np.asarray(p["in"][..., c, top : top + self.kernel[0], left : left + self.kernel[1]])
        windows = sliding_window_view(p["in"], self.kernel, axis=(-2, -1))
        return np.asarray(windows[..., :: self.stride, :: self.stride, :, :].max(axis=(-2, -1)))

    def formula(self, part: str, index: Shape, ref: References) -> str:
        if part == "result":
            return f"=MAX({ref.whole('window')})"
        if part == "window":
            maps = [window_formula(ref, (b.index[0], *index), self.stride) for b in ref.blocks("in")]
            return f"=CHOOSE({picks(ref)[0]},{','.join(maps)})"
        if part == "celltext":
            return f'="=MAX("&{window_text(ref, [b.index[0] for b in ref.blocks("in")], self.kernel, self.stride)}&")"'
        c, y, x = index
        return f"=MAX({ref.at('in', (c, y * self.stride, x * self.stride), self.kernel)})"

    def arrange(self, parts: Mapping[str, Part]) -> Box:
        maps = super().arrange(parts)
        if not self.lens:
            return maps
        window = block("window", (), "window", *self.kernel)
        result = beside([window, block("result", (), "result", 1, 1, SPAN)], gap=2)
        return beside([maps, stack([pick_box(), result, block("celltext", (), "celltext", 1, 1, 4 * SPAN)])], gap=3)
