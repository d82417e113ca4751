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
    Array,
    Computed,
    Constant,
    Labels,
    Part,
    Parts,
    Recorded,
    Values,
    incoming,
)

NAME = 8  # columns of a class's name
SPAN = 4  # a table of words and numbers wants wider cells than a map
NARROW = 2
COUNT = '[>=0.5]0;"·"'
SUREST = 0.5  # below it another class may be as probable
TWO_DECIMAL_PERCENT = "0.00%"


def first_largest(x: Array) -> Array:
    """The index of the first largest value along the last axis; not a number where one of them is none, as in Excel."""
    return np.asarray(np.where(np.isnan(x).any(axis=-1), np.nan, x.argmax(axis=-1)))


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
        if 0 < self.sure_from < SUREST:
            raise self.fail(f"is not sure from a probability of {self.sure_from:g}: it must be {SUREST:g} at least, or 0")
        yield Constant("class", x.shape, np.arange(x.shape[0], dtype=float), span=SPAN, number_format=WHOLE)
        if self.named:
            yield Labels("name", x.shape, keys=tuple(("class", k) for k in range(x.shape[0])), span=NAME, look="name")
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
        yield Computed(
            "prediction", (), span=SPAN, number_format=WHOLE, coloured=False, explained=False,
            numpy=self.most_probable,
            excel=lambda at: f"INDEX({at.whole('class')},MATCH(MAX({at.whole('output')}),{at.whole('output')},0))",
        )  # fmt: skip

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

    def most_probable(self, t: Values) -> Array:
        """The class of the first largest probability."""
        found = first_largest(t["output"])
        return np.where(np.isnan(found), np.nan, t["class"][np.nan_to_num(found).astype(int)])

    def charts(self, p: Parts) -> tuple[Chart, ...]:
        return (
            Chart(
                "chart",
                row=max(15, p["class"].shape[0] + 5),
                col=0,
                x="name" if self.named else "class",
                columns="output",
                width=6 * SPAN,
                percent=True,
            ),
        )

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
