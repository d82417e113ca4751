"""Max pooling: each window of a map is replaced by its largest activation.

    out[c, y, x] = max over u, v of in[c, y·stride + u, x·stride + v]

Padding is −∞ (PyTorch's `MaxPool2d`): on the sheet empty cells, which MAX passes over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.sheets.parts import Array, Computed, Part, incoming
from xlcnn.sheets.pooled import Pooled


@dataclass(frozen=True)
class MaxPool2d(Pooled):
    """Max pooling: each window of a map is replaced by its largest activation."""

    kind: ClassVar[str] = "maxpool2d"
    function: ClassVar[str] = "MAX"

    def pool(self, windows: Array) -> Array:
        return np.asarray(windows.max(axis=(-2, -1)))

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_, ndim=3)
        shape = self.slide(x, x.shape[0])
        yield incoming("in", x, self.pad(-np.inf, shown=False), scale="maps")
        yield Computed(
            "output", shape, label="map", signed=x.signed, scale="maps", shared_formula=self.draggable,
            numpy=lambda t: self.pool(self.pooled_windows(t["in"])),
            excel=lambda at, c, y, x: f"MAX({self.cells(at, c, y, x)})",
        )  # fmt: skip
        if self.lens:
            yield from self.lens_parts(x, shape)
