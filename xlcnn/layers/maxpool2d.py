"""Max pooling: each window of a map is replaced by its largest activation.

out[c, y, x] = max over u, v of in[c, y·stride + u, x·stride + v]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from xlcnn.blocks import References, Shape
from xlcnn.layers.base import Array, MapLayer, Part


@dataclass(frozen=True)
class MaxPool2d(MapLayer):
    kind: ClassVar[str] = "maxpool2d"
    kernel: tuple[int, int] = (2, 2)
    stride: int = 2

    @property
    def dragged(self) -> frozenset[str]:  # type: ignore[override]
        """Dragging moves a window by one cell, pooling by `stride` cells."""
        return frozenset({"output"} if self.stride == 1 else ())

    def parts(self, *incoming: Part) -> dict[str, Part]:
        x = self.one_input(incoming, ndim=3)
        channels, height, width = x.shape
        kh, kw = self.kernel
        if min(kh, kw, self.stride) < 1:
            raise self.fail("kernel and stride are at least 1")
        if kh > height or kw > width:
            raise self.fail(f"a {kh}×{kw} window does not fit on maps of {height}×{width}")
        out = (channels, (height - kh) // self.stride + 1, (width - kw) // self.stride + 1)
        return {"in": Part("in", x.shape, x.signed), "output": Part("computed", out, x.signed)}

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        windows = sliding_window_view(p["in"], self.kernel, axis=(-2, -1))
        return np.asarray(windows[..., :: self.stride, :: self.stride, :, :].max(axis=(-2, -1)))

    def formula(self, part: str, index: Shape, ref: References) -> str:
        c, y, x = index
        return f"=MAX({ref.at('in', (c, y * self.stride, x * self.stride), self.kernel)})"
