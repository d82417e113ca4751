"""Softmax across maps: at every place, the numbers of all maps become probabilities that sum to 1.

    out[c, y, x] = exp(in[c, y, x] − max) / Σ_k exp(in[k, y, x] − max)        max: the largest of in[·, y, x]

PyTorch's `Softmax2d`: what a network ends with that says of each pixel what it shows. With `logarithm` the result is its
logarithm, in[c, y, x] − max − ln Σ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box
from xlcnn.grid.references import References
from xlcnn.sheets.base import Layer
from xlcnn.sheets.elementwise import in_and_out, nested
from xlcnn.sheets.options import yes_no
from xlcnn.sheets.parts import Computed, Part, Parts, Values, incoming


@dataclass(frozen=True)
class Softmax2d(Layer):
    """Softmax across maps: at every place, the numbers of all maps become probabilities that add up to 1."""

    kind: ClassVar[str] = "softmax2d"
    logarithm: bool = yes_no()

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_, ndim=3)
        channels = range(x.shape[0])

        def shifted(at: References, *i: int) -> str:
            return f"{at('in', *i)}-{nested('MAX', [at('in', c, *i[1:]) for c in channels])}"

        def result(t: Values) -> np.ndarray:
            if self.logarithm:
                return np.asarray(t["in"] - t["in"].max(axis=-3, keepdims=True) - np.log(t["sum"]))
            return np.asarray(t["exp"] / t["sum"])

        yield incoming("in", x)
        yield Computed(
            "exp", x.shape, signed=False, scale="exp", shared_formula=True,
            numpy=lambda t: np.exp(t["in"] - t["in"].max(axis=-3, keepdims=True)),
            excel=lambda at, *i: f"EXP({shifted(at, *i)})",
        )  # fmt: skip
        yield Computed(
            "sum", (1, *x.shape[1:]), signed=False, shared_formula=True,
            numpy=lambda t: t["exp"].sum(axis=-3, keepdims=True),
            excel=lambda at, _, *i: "+".join(at("exp", c, *i) for c in channels),
        )  # fmt: skip
        yield Computed(
            "output", x.shape, label="map", signed=self.logarithm, scale="maps", shared_formula=True,
            numpy=result,
            excel=lambda at, *i: (
                f"{shifted(at, *i)}-LN({at('sum', 0, *i[1:])})" if self.logarithm else f"{at('exp', *i)}/{at('sum', 0, *i[1:])}"
            ),
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        return in_and_out(p, p["exp"].maps(), p["sum"].maps())
