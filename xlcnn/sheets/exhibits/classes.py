"""The worked example: five classes, five scores to type in; softmax for one answer, sigmoid and a threshold for several.

probability[k] = exp(score[k]) / Σ_j exp(score[j])          exactly one class
sigmoid[k]     = 1 / (1 + exp(−score[k]))                    each class on its own
answer[k]      = 1 if sigmoid[k] ≥ threshold, else 0
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside
from xlcnn.sheets.base import Exhibit
from xlcnn.sheets.exponential import exp, exp_formula, sigmoid, sigmoid_formula
from xlcnn.sheets.parts import WHOLE, Computed, Labels, Part, Parts, Play

SPAN = 4
NAMES = 5  # columns for the names of the classes
SCORES = np.array([1.2, 0.9, -0.4, 0.3, -0.43])  # their EXPs sum to 8.45, as in the article


@dataclass(frozen=True)
class Classes(Exhibit):
    """Five classes: softmax and sigmoid, step by step."""

    kind: ClassVar[str] = "classes"

    def parts(self, *incoming: Part) -> Iterator[Part]:
        self.no_input(incoming)
        count = SCORES.shape
        keys = tuple((f"class{k + 1}", 0) for k in range(len(SCORES)))
        yield Labels("names", count, keys=keys, span=NAMES, look="body", captioned=False)
        yield Play("score", count, SCORES, span=SPAN)
        yield Computed(
            "exp", count, signed=False, span=SPAN, number_format="0.0000", shared_formula=True,
            numpy=lambda t: exp(t["score"]),
            excel=lambda at, k: exp_formula(at("score", k)),
        )  # fmt: skip
        yield Computed(
            "sum", (), span=SPAN, coloured=False,
            numpy=lambda t: t["exp"].sum(),
            excel=lambda at: f"SUM({at.whole('exp')})",
        )  # fmt: skip
        yield Computed(
            "probability", count, signed=False, span=SPAN, number_format="0.0%", shared_formula=True,
            numpy=lambda t: t["exp"] / t["sum"],
            excel=lambda at, k: f"{at('exp', k)}/{at.fixed('sum')}",
        )  # fmt: skip
        yield Computed(
            "sigmoid", count, signed=False, span=SPAN, shared_formula=True,
            numpy=lambda t: sigmoid(t["score"]),
            excel=lambda at, k: sigmoid_formula(at("score", k)),
        )  # fmt: skip
        yield Play("threshold", (), np.array(0.6), span=SPAN)
        yield Computed(
            "answer", count, signed=False, span=SPAN, number_format=WHOLE, shared_formula=True,
            numpy=lambda t: (t["sigmoid"] >= t["threshold"]).astype(float),
            excel=lambda at, k: f"IF({at('sigmoid', k)}>={at.fixed('threshold')},1,0)",
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        one = beside((p[name].block() for name in ("score", "exp", "probability", "sum")), gap=0)
        several = beside((p[name].block() for name in ("sigmoid", "answer", "threshold")), gap=0)
        table = beside([p["names"].block(), one], gap=0)
        return beside([table, several], gap=2)
