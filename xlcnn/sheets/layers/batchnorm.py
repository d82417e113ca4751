"""Batch normalisation: each map is brought to the mean and the spread that were learned for it.

    deviation[c] = √(variance[c] + ε)
    out[c, y, x] = (in[c, y, x] − mean[c]) / deviation[c] · weight[c] + bias[c]

Mean and variance are those of the training images, as they are when a trained network is used (PyTorch's `BatchNorm2d`
and `BatchNorm1d` in evaluation mode).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside
from xlcnn.grid.references import References
from xlcnn.sheets.base import Layer
from xlcnn.sheets.elementwise import in_and_out, plainly
from xlcnn.sheets.options import fraction
from xlcnn.sheets.parts import Array, Computed, Part, Parts, Values, Weight, incoming

LEARNED = ("running_mean", "running_var", "weight", "bias")


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Batch normalisation: each map is brought to the mean and the spread that were learned for it."""

    kind: ClassVar[str] = "batchnorm"
    epsilon: float = fraction(0, 1, 1e-5)

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_)
        each = x.shape[:1]
        yield incoming("in", x)
        for name in LEARNED:
            yield Weight(name, each, span=2)
        yield Computed(
            "deviation", each, span=2, shared_formula=True, coloured=False,
            numpy=self.deviation,
            excel=lambda at, c: f"SQRT({at('running_var', c)}+{plainly(self.epsilon)})",
        )  # fmt: skip
        yield Computed(
            "output", x.shape, label="map", shared_formula=len(x.shape) > 1,
            numpy=lambda t: self.normalise(t, len(x.shape)),
            excel=self.formula,
        )  # fmt: skip

    def deviation(self, t: Values) -> Array:
        with np.errstate(invalid="ignore"):  # of a negative variance: an error there as in a spreadsheet
            return np.asarray(np.sqrt(t["running_var"] + self.epsilon))

    def normalise(self, t: Values, axes: int) -> Array:
        c = (slice(None), *(None,) * (axes - 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            normal = (t["in"] - t["running_mean"][c]) / t["deviation"][c]
        return np.asarray(normal * t["weight"][c] + t["bias"][c])

    def formula(self, at: References, c: int, *i: int) -> str:
        mean, deviation, weight, bias = (at.fixed(name, c) for name in ("running_mean", "deviation", "weight", "bias"))
        return f"({at('in', c, *i)}-{mean})/{deviation}*{weight}+{bias}"

    def arrange(self, p: Parts) -> Box:
        return in_and_out(p, beside((p[name].block() for name in (*LEARNED[:2], "deviation", *LEARNED[2:])), gap=2))
