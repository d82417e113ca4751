"""The two functions of the lesson, charted, with an x to type in: ReLU(x) = max(0, x), sigmoid(x) = 1 / (1 + exp(−x))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.blocks import Box, References, Shape, beside, block, stack
from xlcnn.exhibits.base import Chart, Exhibit
from xlcnn.layers.base import Array, Part

SPAN = 3
POINTS = np.linspace(-5, 5, 21)


@dataclass(frozen=True)
class Functions(Exhibit):
    kind: ClassVar[str] = "functions"
    dragged: ClassVar[frozenset[str]] = frozenset({"relu", "sigmoid"})

    def parts(self, *incoming: Part) -> dict[str, Part]:
        self.no_input(incoming)
        count = (len(POINTS),)
        return {
            "at": Part("play", ()),
            "points": Part("constant", count),
            "relu": Part("computed", count, signed=False),
            "sigmoid": Part("computed", count, signed=False),
            "relu_at": Part("computed", ()),
            "sigmoid_at": Part("computed", ()),
        }

    def constants(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        return {"points": POINTS}

    def defaults(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        return {"at": np.array(1.5)}

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        x = p["at"] if part.endswith("_at") else p["points"]
        return np.asarray(np.maximum(0, x) if part.startswith("relu") else 1 / (1 + np.exp(-x)))

    def formula(self, part: str, index: Shape, ref: References) -> str:
        x = ref.at("at" if part.endswith("_at") else "points", index)
        return f"=MAX(0,{x})" if part.startswith("relu") else f"=1/(1+EXP(-{x}))"

    def arrange(self, parts: Mapping[str, Part]) -> Box:
        count = len(POINTS)
        yours = beside((block(part, (), part, 1, 1, SPAN) for part in ("at", "relu_at", "sigmoid_at")), gap=0)
        table = beside((block(part, (), part, count, 1, SPAN) for part in ("points", "relu", "sigmoid")), gap=0)
        return stack([yours, table])

    def charts(self) -> tuple[Chart, ...]:
        return (
            Chart("relu_chart", "points", ("relu",), 0, 12, dots=(("at", "relu_at"),)),
            Chart("sigmoid_chart", "points", ("sigmoid",), 13, 12, dots=(("at", "sigmoid_at"),)),
        )
