"""Back through ReLU: where it let a number pass, it lets the gradient pass; where it gave 0, nothing it does counts.

    output = arrives  if in > 0, else 0

What is no more than 1E-9 above 0 counts as 0, because programs round differently.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside
from xlcnn.sheets.base import Learning
from xlcnn.sheets.parts import GRADIENT, Array, Computed, Part, Parts, incoming

NEARLY = 1e-9


@dataclass(frozen=True)
class ReLUBack(Learning):
    """Back through ReLU: the gradient passes where ReLU let a number pass."""

    kind: ClassVar[str] = "relu_back"
    announced: ClassVar[frozenset[str]] = frozenset({"in", "output"})

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        if len(incoming_) != 2 or incoming_[0].shape != incoming_[1].shape:
            raise self.fail("reads what came in, and the gradient of what went out")
        x, gradient = incoming_
        yield incoming("in", x)
        yield incoming("arrives", gradient, number_format=GRADIENT, scale="gradients")
        yield Computed(
            "output", x.shape, label="map", number_format=GRADIENT, scale="gradients", shared_formula=True,
            numpy=lambda t: where_positive(t["in"], t["arrives"]),
            excel=lambda at, *i: f"IF({at('in', *i)}>1E-9,{at('arrives', *i)},0)",
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        return beside([p[name].maps() for name in ("arrives", "output", "in")], gap=2)


def where_positive(x: Array, gradient: Array) -> Array:
    """The gradient where x is positive; not a number where x is none."""
    return np.where(np.isnan(x), np.nan, np.where(x > NEARLY, gradient, 0.0))
