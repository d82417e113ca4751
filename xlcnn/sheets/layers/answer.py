"""Answer: which class is the most probable, where each has a probability of its own, as a sigmoid gives it.

    probability[k] = x[k]          they need not add up to 1
    probability    = 1 − x, x      of a single number: that of class 0, and that of class 1

Where the classes are `named`, their names stand beside their numbers. An answer is doubtful below the probability `sure_from`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside
from xlcnn.sheets.answered import SPAN, chart, check_sure, class_parts, prediction
from xlcnn.sheets.base import Layer
from xlcnn.sheets.looks import Chart
from xlcnn.sheets.options import fraction, later, yes_no
from xlcnn.sheets.parts import PROBABILITY, Array, Computed, Part, Parts, incoming


@dataclass(frozen=True)
class Answer(Layer):
    """Answer: the most probable of classes that have a probability each."""

    kind: ClassVar[str] = "answer"
    panels: ClassVar[bool] = False
    named: bool = later(yes_no(part_of_network=False))
    sure_from: float = later(fraction(0, 1, 0.0, part_of_network=False))

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_, ndim=1)
        check_sure(self, self.sure_from)
        alone = x.shape == (1,)
        yield from class_parts(2 if alone else x.shape[0], self.named)
        yield incoming("in", x, label="given", span=SPAN, signed=False)
        yield Computed(
            "output", (2,) if alone else x.shape, label="probability", signed=False, span=SPAN, number_format=PROBABILITY,
            numpy=lambda t: both(t["in"]) if alone else t["in"],
            excel=lambda at, k: at("in", 0 if alone else k) if k or not alone else f"1-{at('in', 0)}",
        )  # fmt: skip
        yield prediction()

    def charts(self, p: Parts) -> tuple[Chart, ...]:
        return (chart(p),)

    def arrange(self, p: Parts) -> Box:
        return beside([p[name].block() for name in ("class", "name", "in", "output", "prediction") if name in p], gap=0)


def both(x: Array) -> Array:
    """The probabilities of no and of yes, where that of yes is given; leading batch axes stay."""
    return np.concatenate([1 - x, x], axis=-1)
