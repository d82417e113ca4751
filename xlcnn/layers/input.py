"""Input: the image as a matrix of numbers. Nothing is computed; every later number comes from these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from xlcnn.blocks import Box, References, Shape, maps
from xlcnn.layers.base import Array, Layer, Part


@dataclass(frozen=True)
class Input(Layer):
    kind: ClassVar[str] = "input"
    shape: tuple[int, int, int]

    def parts(self, *incoming: Part) -> dict[str, Part]:
        self.no_input(incoming)
        if len(self.shape) != 3 or min(self.shape) < 1:
            raise self.fail(f"its shape is channels × height × width, not {self.shape}")
        return {"output": Part("source", tuple(self.shape), signed=False)}

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        raise self.fail("computes nothing")

    def formula(self, part: str, index: Shape, ref: References) -> str:
        raise self.fail("has no formulas")

    def arrange(self, parts: Mapping[str, Part]) -> Box:
        return maps("output", parts["output"].shape, "map")
