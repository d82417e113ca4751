"""Gallery: pictures of the input's size, among which the input can choose; an empty one is there to draw on.

Nothing is computed. An empty cell is empty paper: 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.blocks import Box, References, Shape, block, grid, stack
from xlcnn.layers.base import Array, Layer, Part

ACROSS = 5  # pictures side by side


@dataclass(frozen=True)
class Gallery(Layer):
    kind: ClassVar[str] = "gallery"
    pictures: int
    shape: tuple[int, int, int]

    def parts(self, *incoming: Part) -> dict[str, Part]:
        self.no_input(incoming)
        if len(self.shape) != 3 or min(self.pictures, *self.shape) < 1:
            raise self.fail("has at least one picture of channels × height × width")
        return {"output": Part("source", (self.pictures, *self.shape), signed=False, blank=True)}

    def defaults(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        return {"output": np.full(parts["output"].shape, np.nan)}

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        raise self.fail("computes nothing")

    def formula(self, part: str, index: Shape, ref: References) -> str:
        raise self.fail("has no formulas")

    def arrange(self, parts: Mapping[str, Part]) -> Box:
        channels, height, width = self.shape
        ends = [f".{c + 1}" for c in range(channels)] if channels > 1 else [""]
        cards = (
            stack(block("output", (k, c), f"picture{k}{end}", height, width) for c, end in enumerate(ends))
            for k in range(self.pictures)
        )
        return grid(cards, ACROSS)
