"""Softmax: scores become probabilities that sum to 1.

    probability[k] = exp(score[k] − max) / Σ_j exp(score[j] − max)

Subtracting the largest score changes nothing in the result and keeps EXP from overflowing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside
from xlcnn.sheets.base import Layer
from xlcnn.sheets.parts import FOUR_DECIMALS, PERCENT, WHOLE, Array, Computed, Constant, Part, Parts, Values, incoming

SPAN = 4  # a table of words and numbers wants wider cells than a map


def first_largest(x: Array) -> Array:
    """The index of the first largest value along the last axis; not a number where one of them is none, as in Excel."""
    return np.asarray(np.where(np.isnan(x).any(axis=-1), np.nan, x.argmax(axis=-1)))


@dataclass(frozen=True)
class Softmax(Layer):
    """Softmax: scores become probabilities that sum to 1."""

    kind: ClassVar[str] = "softmax"

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_, ndim=1)
        yield Constant("class", x.shape, np.arange(x.shape[0], dtype=float), span=SPAN, number_format=WHOLE)
        yield incoming("in", x, label="score", span=SPAN)
        yield Computed(
            "shifted", x.shape, span=SPAN, shared_formula=True,
            numpy=lambda t: t["in"] - t["in"].max(axis=-1, keepdims=True),
            excel=lambda at, k: f"{at('in', k)}-MAX({at.whole('in')})",
        )  # fmt: skip
        yield Computed(
            "exp", x.shape, signed=False, span=SPAN, number_format=FOUR_DECIMALS, shared_formula=True,
            numpy=lambda t: np.exp(t["shifted"]),
            excel=lambda at, k: f"EXP({at('shifted', k)})",
        )  # fmt: skip
        yield Computed(
            "output", x.shape, label="probability", signed=False, span=SPAN, number_format=PERCENT, shared_formula=True,
            numpy=lambda t: t["exp"] / t["exp"].sum(axis=-1, keepdims=True),
            excel=lambda at, k: f"{at('exp', k)}/SUM({at.whole('exp')})",
        )  # fmt: skip
        yield Computed(
            "prediction", (), span=SPAN, number_format=WHOLE, coloured=False,
            numpy=self.most_probable,
            excel=lambda at: f"INDEX({at.whole('class')},MATCH(MAX({at.whole('output')}),{at.whole('output')},0))",
        )  # fmt: skip

    def most_probable(self, t: Values) -> Array:
        """The class of the first largest probability."""
        found = first_largest(t["output"])
        return np.where(np.isnan(found), np.nan, t["class"][np.nan_to_num(found).astype(int)])

    def arrange(self, p: Parts) -> Box:
        table = beside((p[name].block() for name in ("class", "in", "shifted", "exp", "output")), gap=0)
        return beside([table, p["prediction"].block()], gap=2)
