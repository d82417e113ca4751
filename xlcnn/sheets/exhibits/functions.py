"""The two functions of the lesson, charted, with an x to type in: ReLU(x) = max(0, x), sigmoid(x) = 1 / (1 + exp(−x))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside, stack
from xlcnn.sheets.base import Exhibit
from xlcnn.sheets.exponential import sigmoid, sigmoid_formula
from xlcnn.sheets.looks import Chart
from xlcnn.sheets.parts import Computed, Constant, Part, Parts, Play

SPAN = 3
POINTS = np.linspace(-5, 5, 21)


@dataclass(frozen=True)
class Functions(Exhibit):
    """ReLU and sigmoid, charted."""

    kind: ClassVar[str] = "functions"

    def parts(self, *incoming: Part) -> Iterator[Part]:
        self.no_input(incoming)
        yield Play("at", (), np.array(1.5), span=SPAN)
        yield Constant("points", POINTS.shape, POINTS, span=SPAN)
        yield Computed(
            "relu", POINTS.shape, signed=False, span=SPAN, shared_formula=True,
            numpy=lambda t: np.maximum(0, t["points"]),
            excel=lambda at, k: f"MAX(0,{at('points', k)})",
        )  # fmt: skip
        yield Computed(
            "sigmoid", POINTS.shape, signed=False, span=SPAN, shared_formula=True,
            numpy=lambda t: sigmoid(t["points"]),
            excel=lambda at, k: sigmoid_formula(at("points", k)),
        )  # fmt: skip
        yield Computed(
            "relu_at", (), span=SPAN, coloured=False,
            numpy=lambda t: np.maximum(0, t["at"]),
            excel=lambda at: f"MAX(0,{at('at')})",
        )  # fmt: skip
        yield Computed(
            "sigmoid_at", (), span=SPAN, coloured=False,
            numpy=lambda t: sigmoid(t["at"]),
            excel=lambda at: sigmoid_formula(at("at")),
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        yours = beside((p[name].block() for name in ("at", "relu_at", "sigmoid_at")), gap=0)
        table = beside((p[name].block() for name in ("points", "relu", "sigmoid")), gap=0)
        return stack([yours, table])

    def charts(self, p: Parts) -> tuple[Chart, ...]:
        return (
            Chart("relu_chart", row=0, col=12, x="points", lines=("relu",), dots=(("at", "relu_at"),)),
            Chart("sigmoid_chart", row=13, col=12, x="points", lines=("sigmoid",), dots=(("at", "sigmoid_at"),), low=0, high=1),
        )
