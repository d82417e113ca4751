"""ReLU: what is negative becomes 0, what is positive stays.  out = max(0, in)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside
from xlcnn.sheets.base import Layer
from xlcnn.sheets.parts import Computed, Part, Parts, incoming


@dataclass(frozen=True)
class ReLU(Layer):
    """ReLU: what is negative becomes 0, what is positive stays."""

    kind: ClassVar[str] = "relu"

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_)
        yield incoming("in", x, scale="maps")
        yield Computed(
            "output", x.shape, label="map", signed=False, scale="maps", shared_formula=True,
            numpy=lambda t: np.maximum(0, t["in"]),
            excel=lambda at, *i: f"MAX(0,{at('in', *i)})",
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        return beside([p["in"].maps(), p["output"].maps()], gap=3)
