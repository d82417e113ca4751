"""Back through a fully connected layer: what arrives is p − y, one number for each unit's score.

weight[k, i, y, x] = arrives[k] · in[i, y, x]                     the gradient of a weight: its activation, times p − y
bias[k]            = arrives[k]
output[i, y, x]    = Σ_k arrives[k] · (Dense's weight)[k, i, y, x]   what is passed on to the layer before
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside
from xlcnn.sheets.base import Learning
from xlcnn.sheets.layers.dense import FROM_0, unit_cards
from xlcnn.sheets.parts import FOUR_DECIMALS, GRADIENT, Computed, Part, Parts, external, incoming

SPAN = 3


@dataclass(frozen=True)
class DenseBack(Learning):
    """Back through a fully connected layer: the gradients of its weights, and of the maps that it reads."""

    kind: ClassVar[str] = "dense_back"
    announced: ClassVar[frozenset[str]] = frozenset({"output", "weight"})

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        if len(incoming_) != 3 or incoming_[2].shape != incoming_[0].shape + incoming_[1].shape or len(incoming_[2].shape) != 4:
            raise self.fail("reads the gradient of the scores, the maps that came in, and the weights")
        arrives, maps, weights = incoming_
        units = range(weights.shape[0])
        yield incoming("in", maps)
        yield incoming("arrives", arrives, span=SPAN, number_format=FOUR_DECIMALS)
        yield external("weight", weights)
        yield Computed(
            "output", maps.shape, label="map", number_format=GRADIENT,
            numpy=lambda t: np.einsum("k,kiyx->iyx", t["arrives"], t["from.weight"]),
            excel=lambda at, *i: "+".join(f"{at.fixed('arrives', k)}*{at('from.weight', k, *i)}" for k in units),
        )  # fmt: skip
        yield Computed(
            "weight", weights.shape, label="weights", start=FROM_0, number_format=GRADIENT, shared_formula=True,
            numpy=lambda t: t["arrives"][:, None, None, None] * t["in"],
            excel=lambda at, k, *i: f"{at.fixed('arrives', k)}*{at('in', *i)}",
        )  # fmt: skip
        yield Computed(
            "bias", arrives.shape, start=FROM_0, span=SPAN, number_format=FOUR_DECIMALS,
            numpy=lambda t: t["arrives"],
            excel=lambda at, k: at("arrives", k),
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        passed = beside([p["in"].maps(), p["arrives"].block(), p["output"].maps()])
        return beside([passed, unit_cards(p["weight"], p["bias"])], gap=2)
