"""The worked example: five classes, five scores to type in; softmax for one answer, sigmoid and a threshold for several.

probability[k] = exp(score[k]) / Σ_j exp(score[j])          exactly one class
sigmoid[k]     = 1 / (1 + exp(−score[k]))                    each class on its own
answer[k]      = 1 if sigmoid[k] ≥ threshold, else 0
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.blocks import Box, References, Shape, beside, block
from xlcnn.exhibits.base import Exhibit
from xlcnn.layers.base import Array, Part

SPAN = 4
SCORES = np.array([1.2, 0.9, -0.4, 0.3, -0.43])  # their EXPs sum to 8.45, as in the article


@dataclass(frozen=True)
class Classes(Exhibit):
    kind: ClassVar[str] = "classes"
    dragged: ClassVar[frozenset[str]] = frozenset({"exp", "probability", "sigmoid", "answer"})

    def parts(self, *incoming: Part) -> dict[str, Part]:
        self.no_input(incoming)
        count = SCORES.shape
        return {
            "score": Part("play", count),
            "exp": Part("computed", count, signed=False),
            "sum": Part("computed", ()),
            "probability": Part("computed", count, signed=False),
            "sigmoid": Part("computed", count, signed=False),
            "threshold": Part("play", ()),
            "answer": Part("computed", count, signed=False),
        }

    def defaults(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        return {"score": SCORES, "threshold": np.array(0.6)}

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        match part:
            case "exp":
                return np.asarray(np.exp(p["score"]))
            case "sum":
                return np.asarray(p["exp"].sum())
            case "probability":
                return np.asarray(p["exp"] / p["sum"])
            case "sigmoid":
                return np.asarray(1 / (1 + np.exp(-p["score"])))
            case _:
                return np.asarray((p["sigmoid"] >= p["threshold"]).astype(float))

    def formula(self, part: str, index: Shape, ref: References) -> str:
        match part:
            case "exp":
                return f"=EXP({ref.at('score', index)})"
            case "sum":
                return f"=SUM({ref.whole('exp')})"
            case "probability":
                return f"={ref.at('exp', index)}/{ref.at('sum', (), fixed=True)}"
            case "sigmoid":
                return f"=1/(1+EXP(-{ref.at('score', index)}))"
            case _:
                return f"=IF({ref.at('sigmoid', index)}>={ref.at('threshold', (), fixed=True)},1,0)"

    def arrange(self, parts: Mapping[str, Part]) -> Box:
        count = len(SCORES)

        def columns(*names: str) -> list[Box]:
            return [block(n, (), n, parts[n].shape[0] if parts[n].shape else 1, 1, SPAN) for n in names]

        one = beside(columns("score", "exp", "probability", "sum"), gap=0)
        several = beside(columns("sigmoid", "answer", "threshold"), gap=0)
        names = Box(count + 1, 5, ())
        return beside([Box(names.height, names.width, one.moved(0, names.width)), several], gap=one.width + 2)

    def notes(self) -> tuple[tuple[int, int, str], ...]:
        return tuple((1 + k, 0, f"class{k + 1}") for k in range(len(SCORES)))
