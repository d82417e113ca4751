"""Softmax: scores become probabilities that sum to 1.

    probability[k] = exp(score[k] − max) / Σ_j exp(score[j] − max)

Subtracting the largest score changes nothing in the result and keeps EXP from overflowing. With `confusion` the sheet also
shows how often the network took which class for which on images that it had not seen while it was trained. Where the classes
are `named`, their names stand beside their numbers. An answer is doubtful below the probability `sure_from`. With `logarithm`
it also shows the logarithm of each probability (LogSoftmax), which some networks end with:

    logarithm[k] = score[k] − max − ln Σ_j exp(score[j] − max)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside, frame, stack
from xlcnn.sheets.answered import SPAN, chart, check_sure, class_parts, prediction
from xlcnn.sheets.base import Layer
from xlcnn.sheets.looks import Chart
from xlcnn.sheets.options import fraction, later, yes_no
from xlcnn.sheets.parts import (
    EXPONENTIAL,
    FOUR_DECIMALS,
    PERCENT,
    PROBABILITY,
    TWO_DECIMALS,
    WHOLE,
    Computed,
    Constant,
    Part,
    Parts,
    Recorded,
    incoming,
)

NARROW = 2
COUNT = '[>=0.5]0;"·"'
TWO_DECIMAL_PERCENT = "0.00%"


@dataclass(frozen=True)
class Softmax(Layer):
    """Softmax: scores become probabilities that sum to 1."""

    kind: ClassVar[str] = "softmax"
    panels: ClassVar[bool] = False
    confusion: bool = yes_no(part_of_network=False)
    named: bool = later(yes_no(part_of_network=False))
    logarithm: bool = later(yes_no())
    sure_from: float = later(fraction(0, 1, 0.0, part_of_network=False))

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_, ndim=1)
        check_sure(self, self.sure_from)
        yield from class_parts(x.shape[0], self.named)
        yield incoming("in", x, label="score", span=SPAN)
        yield Computed(
            "shifted", x.shape, span=SPAN, shared_formula=True,
            numpy=lambda t: t["in"] - t["in"].max(axis=-1, keepdims=True),
            excel=lambda at, k: f"{at('in', k)}-MAX({at.whole('in')})",
        )  # fmt: skip
        yield Computed(
            "exp", x.shape, signed=False, span=SPAN, number_format=EXPONENTIAL, shared_formula=True,
            numpy=lambda t: np.exp(t["shifted"]),
            excel=lambda at, k: f"EXP({at('shifted', k)})",
        )  # fmt: skip
        yield Computed(
            "sum", (), span=SPAN, number_format=FOUR_DECIMALS, coloured=False,
            numpy=lambda t: t["exp"].sum(axis=-1),
            excel=lambda at: f"SUM({at.whole('exp')})",
        )  # fmt: skip
        yield Computed(
            "output", x.shape, label="probability", signed=False, span=SPAN, number_format=PROBABILITY, shared_formula=True,
            numpy=lambda t: t["exp"] / t["sum"][..., None],
            excel=lambda at, k: f"{at('exp', k)}/{at.fixed('sum')}",
        )  # fmt: skip
        yield Computed(
            "total", (), span=SPAN, number_format=PERCENT, coloured=False, explained=False,
            numpy=lambda t: t["output"].sum(axis=-1),
            excel=lambda at: f"SUM({at.whole('output')})",
        )  # fmt: skip
        yield prediction()
        if self.logarithm:
            yield Computed(
                "logarithm", x.shape, span=SPAN, number_format=TWO_DECIMALS,
                numpy=lambda t: t["shifted"] - np.log(t["sum"])[..., None],
                excel=lambda at, k: f"{at('shifted', k)}-LN({at.fixed('sum')})", shared_formula=True,
            )  # fmt: skip
        if self.confusion:
            yield from self.confusion_parts(x.shape[0])

    def confusion_parts(self, classes: int) -> Iterator[Part]:
        """What was measured on held-out images: a row for each true class, a column for each answer."""
        numbers = np.arange(classes, dtype=float)
        head: dict[str, Any] = {"span": NARROW, "number_format": WHOLE, "look": "name"}
        yield Constant("answers", (1, classes), numbers[None], **head)
        yield Constant("truths", (classes, 1), numbers[:, None], captioned=False, **head)
        yield Recorded(
            "confusion", (classes, classes), record="confusion",
            span=NARROW, number_format=COUNT, signed=False, coloured=True, captioned=False,
        )  # fmt: skip
        yield Computed(
            "accuracy", (), span=SPAN, number_format=TWO_DECIMAL_PERCENT, coloured=False, explained=False,
            numpy=lambda t: np.trace(t["confusion"]) / t["confusion"].sum(),
            excel=lambda at: f"({'+'.join(at('confusion', k, k) for k in range(classes))})/SUM({at.whole('confusion')})",
        )  # fmt: skip

    def charts(self, p: Parts) -> tuple[Chart, ...]:
        return (chart(p),)

    def arrange(self, p: Parts) -> Box:
        names = [p["name"].block()] if self.named else []
        columns = [p["class"].block(), *names, p["in"].block(), p["shifted"].block()]
        sums = [stack([p[name].block(), p[total].block()], gap=0) for name, total in (("exp", "sum"), ("output", "total"))]
        logarithm = [p["logarithm"].block()] if self.logarithm else []
        left = [beside([*columns, *sums, *logarithm, p["prediction"].block()], gap=0)]
        if self.confusion:
            rows = beside([p["truths"].block(), p["confusion"].block()], gap=0)
            head = p["answers"].block()
            square = frame(head.height + rows.height - 1, rows.width, [(0, NARROW, head), (head.height - 1, 0, rows)])
            left.append(beside([square, p["accuracy"].block()], gap=2))
        return beside(left, gap=3)
