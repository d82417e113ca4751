"""ReLU: what is negative becomes 0, what is positive stays.  out = max(0, in)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.blocks import References, Shape
from xlcnn.layers.base import Array, MapLayer, Part


@dataclass(frozen=True)
class ReLU(MapLayer):
    kind: ClassVar[str] = "relu"
    dragged: ClassVar[frozenset[str]] = frozenset({"output"})

    def parts(self, *incoming: Part) -> dict[str, Part]:
        x = self.one_input(incoming)
        return {"in": Part("in", x.shape, x.signed), "output": Part("computed", x.shape, signed=False)}

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        return np.asarray(np.maximum(0, p["in"]))

    def formula(self, part: str, index: Shape, ref: References) -> str:
        return f"=MAX(0,{ref.at('in', index)})"
