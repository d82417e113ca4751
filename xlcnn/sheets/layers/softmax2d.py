"""Softmax across maps: at every place, the numbers of all maps become probabilities that sum to 1.

    out[c, y, x] = exp(in[c, y, x] − max) / Σ_k exp(in[k, y, x] − max)        max: the largest of in[·, y, x]

PyTorch's `Softmax2d`: what a network ends with that says of each pixel what it shows. With `logarithm` the result is its
logarithm, in[c, y, x] − max − ln Σ.

Of more maps than a formula can name, the largest and the sum of so many maps k at a time stand in cells of their own:

    largest[g, y, x] = max over k of in[k, y, x]        partial[g, y, x] = Σ_k exp(in[k, y, x] − max)
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
from xlcnn.sheets.partial import CELLS, portions
from xlcnn.sheets.parts import Computed, Part, Parts, Values, incoming


@dataclass(frozen=True)
class Softmax2d(Layer):
    """Softmax across maps: at every place, the numbers of all maps become probabilities that add up to 1."""

    kind: ClassVar[str] = "softmax2d"
    logarithm: bool = yes_no()

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_, ndim=3)
        groups = portions(range(x.shape[0]), CELLS)
        several = len(groups) > 1
        compared, added = ("largest", "partial") if several else ("in", "exp")
        terms = range(len(groups) if several else x.shape[0])

        def shifted(at: References, *i: int) -> str:
            return f"{at('in', *i)}-{nested('MAX', [at(compared, c, *i[1:]) for c in terms])}"

        def result(t: Values) -> np.ndarray:
            if self.logarithm:
                return np.asarray(t["in"] - t[compared].max(axis=-3, keepdims=True) - np.log(t["sum"]))
            return np.asarray(t["exp"] / t["sum"])

        yield incoming("in", x)
        if several:
            yield Computed(
                "largest", (len(groups), *x.shape[1:]), signed=x.signed, shared_formula=True,
                numpy=lambda t: np.stack([t["in"][..., g, :, :].max(axis=-3) for g in groups], axis=-3),
                excel=lambda at, g, *i: nested("MAX", [at("in", c, *i) for c in groups[g]]),
            )  # fmt: skip
        yield Computed(
            "exp", x.shape, signed=False, scale="exp", shared_formula=True,
            numpy=lambda t: np.exp(t["in"] - t[compared].max(axis=-3, keepdims=True)),
            excel=lambda at, *i: f"EXP({shifted(at, *i)})",
        )  # fmt: skip
        if several:
            yield Computed(
                "partial", (len(groups), *x.shape[1:]), label="sums", signed=False, shared_formula=True,
                numpy=lambda t: np.stack([t["exp"][..., g, :, :].sum(axis=-3) for g in groups], axis=-3),
                excel=lambda at, g, *i: "+".join(at("exp", c, *i) for c in groups[g]),
            )  # fmt: skip
        yield Computed(
            "sum", (1, *x.shape[1:]), signed=False, shared_formula=True,
            numpy=lambda t: t[added].sum(axis=-3, keepdims=True),
            excel=lambda at, _, *i: "+".join(at(added, c, *i) for c in terms),
        )  # fmt: skip
        yield Computed(
            "output", x.shape, label="map", signed=self.logarithm, scale="maps", shared_formula=True,
            numpy=result,
            excel=lambda at, *i: (
                f"{shifted(at, *i)}-LN({at('sum', 0, *i[1:])})" if self.logarithm else f"{at('exp', *i)}/{at('sum', 0, *i[1:])}"
            ),
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        between = ("largest", "exp", "partial", "sum") if "partial" in p else ("exp", "sum")
        return in_and_out(p, *(p[name].maps() for name in between))
