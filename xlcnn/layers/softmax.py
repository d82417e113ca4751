"""Softmax: scores become probabilities that sum to 1.

    probability[k] = exp(score[k] − max) / Σ_j exp(score[j] − max)

Subtracting the largest score changes nothing in the result and keeps EXP from overflowing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.blocks import Box, References, Shape, beside, block
from xlcnn.layers.base import Array, Layer, Part, first_largest

SPAN = 4  # a table of words and numbers wants wider cells than a map
COLUMNS = {"class": "class", "in": "score", "shifted": "shifted", "exp": "exp", "output": "probability"}


@dataclass(frozen=True)
class Softmax(Layer):
    kind: ClassVar[str] = "softmax"
    dragged: ClassVar[frozenset[str]] = frozenset({"shifted", "exp", "output"})

    def parts(self, *incoming: Part) -> dict[str, Part]:
        shape = self.one_input(incoming, ndim=1).shape
        return {
            "class": Part("constant", shape),
            "in": Part("in", shape),
            "shifted": Part("computed", shape),
            "exp": Part("computed", shape, signed=False),
            "output": Part("computed", shape, signed=False),
            "prediction": Part("computed", ()),
        }

    def constants(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        return {"class": np.arange(parts["class"].shape[0], dtype=float)}

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        match part:
            case "shifted":
                return np.asarray(p["in"] - p["in"].max(axis=-1, keepdims=True))
            case "exp":
                return np.asarray(np.exp(p["shifted"]))
            case "output":
                return np.asarray(p["exp"] / p["exp"].sum(axis=-1, keepdims=True))
            case _:
                found = first_largest(p["output"])
                return np.asarray(np.where(np.isnan(found), np.nan, p["class"][np.nan_to_num(found).astype(int)]))

    def formula(self, part: str, index: Shape, ref: References) -> str:
        match part:
            case "shifted":
                return f"={ref.at('in', index)}-MAX({ref.whole('in')})"
            case "exp":
                return f"=EXP({ref.at('shifted', index)})"
            case "output":
                return f"={ref.at('exp', index)}/SUM({ref.whole('exp')})"
            case _:
                probabilities = ref.whole("output")
                return f"=INDEX({ref.whole('class')},MATCH(MAX({probabilities}),{probabilities},0))"

    def arrange(self, parts: Mapping[str, Part]) -> Box:
        count = parts["in"].shape[0]
        table = beside((block(part, (), label, count, 1, SPAN) for part, label in COLUMNS.items()), gap=0)
        return beside([table, block("prediction", (), "prediction", 1, 1, SPAN)], gap=2)
