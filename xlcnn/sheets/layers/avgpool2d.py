"""Average pooling: each window of a map is replaced by the mean of its activations.

    out[c, y, x] = Σ_u Σ_v in[c, y·stride + u, x·stride + v] / (number of cells in the window)

With `count_padding` the zeros of the padding count (as in PyTorch's `AvgPool2d`, unless told otherwise); without, they are
empty cells on the sheet, which AVERAGE passes over (as in ONNX's `AveragePool`, unless told otherwise).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.sheets.options import yes_no
from xlcnn.sheets.parts import Array, Computed, Part, incoming
from xlcnn.sheets.pooled import Pooled


@dataclass(frozen=True)
class AvgPool2d(Pooled):
    """Average pooling: each window of a map is replaced by the mean of its activations."""

    kind: ClassVar[str] = "avgpool2d"
    function: ClassVar[str] = "AVERAGE"
    count_padding: bool = yes_no()

    def pool(self, windows: Array) -> Array:
        return np.asarray(windows.mean(axis=(-2, -1)))

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_, ndim=3)
        shape = self.slide(x, x.shape[0])
        maps = incoming("in", x, self.pad(0.0, shown=self.count_padding), scale="maps")
        cells = np.ones(maps.shape) if self.count_padding else maps.fetch(np.ones(x.shape))
        share = self.pool(self.pooled_windows(cells))  # of each window's cells that count
        yield maps
        yield Computed(
            "output", shape, label="map", signed=x.signed, scale="maps", shared_formula=self.draggable,
            numpy=lambda t: self.pool(self.pooled_windows(t["in"])) / share,
            excel=lambda at, c, y, x: f"AVERAGE({self.cells(at, c, y, x)})",
        )  # fmt: skip
        if self.lens:
            yield from self.lens_parts(x, shape)
