"""Global pooling: one number is left of each map, its mean or its largest activation.

out[c] = Σ_y Σ_x in[c, y, x] / (height · width)        or        out[c] = max over y, x of in[c, y, x]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside
from xlcnn.sheets.base import Layer
from xlcnn.sheets.parts import Array, Computed, Part, Parts, incoming

SPAN = 3


@dataclass(frozen=True)
class GlobalPool(Layer):
    """A layer that replaces each map by one number: Excel's `function` of it."""

    function: ClassVar[str]

    def pool(self, maps: Array) -> Array:
        """One number for each map, whose cells are the last two axes."""
        raise NotImplementedError

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_, ndim=3)
        yield incoming("in", x, scale="maps")
        yield Computed(
            "output", x.shape[:1], label="value", signed=x.signed, span=SPAN,
            numpy=lambda t: self.pool(t["in"]),
            excel=lambda at, c: f"{self.function}({at.whole('in', c)})",
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        return beside([p["in"].maps(), p["output"].block()], gap=3)


@dataclass(frozen=True)
class GlobalAvgPool(GlobalPool):
    """Global average pooling: each map is replaced by the mean of its activations."""

    kind: ClassVar[str] = "globalavgpool"
    function: ClassVar[str] = "AVERAGE"

    def pool(self, maps: Array) -> Array:
        return np.asarray(maps.mean(axis=(-2, -1)))


@dataclass(frozen=True)
class GlobalMaxPool(GlobalPool):
    """Global max pooling: each map is replaced by its largest activation."""

    kind: ClassVar[str] = "globalmaxpool"
    function: ClassVar[str] = "MAX"

    def pool(self, maps: Array) -> Array:
        return np.asarray(maps.max(axis=(-2, -1)))
