"""Dense (fully connected): for each unit one weight matrix a map; their sum products and a bias make its score.

    product[k, i] = Σ_y Σ_x  in[i, y, x] · weight[k, i, y, x]
    out[k]        = Σ_i product[k, i] + bias[k]

PyTorch's `Linear` on the flattened maps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn import blocks
from xlcnn.blocks import Box, References, Shape, beside, block, grid, stack
from xlcnn.layers.base import Array, Layer, Part

ACROSS = 5  # units side by side: ten digits make two even rows
SPAN = 3  # a score needs three square cells to be read


@dataclass(frozen=True)
class Dense(Layer):
    kind: ClassVar[str] = "dense"
    units: int

    def parts(self, *incoming: Part) -> dict[str, Part]:
        x = self.one_input(incoming)
        if self.units < 1:
            raise self.fail("units is at least 1")
        maps = x.shape if len(x.shape) == 3 else (1, *x.shape, 1)
        return {
            "in": Part("in", x.shape, x.signed),
            "weight": Part("weight", (self.units, *maps)),
            "bias": Part("weight", (self.units,)),
            "product": Part("computed", (self.units, maps[0])),
            "output": Part("computed", (self.units,)),
        }

    def weight_shapes(self, *incoming: Part) -> dict[str, Shape]:
        return {"weight": (self.units, int(np.prod(incoming[0].shape))), "bias": (self.units,)}

    def scales(self) -> list[tuple[str, ...]]:
        return [("product", "bias", "output")]

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        if part == "output":
            return np.asarray(p["product"].sum(axis=-1) + p["bias"])
        weight = p["weight"]
        x = p["in"]
        batch = x.shape[:-3] if x.shape[-3:] == weight.shape[1:] else x.shape[:-1]  # maps, or a vector
        x = x.reshape(*batch, *weight.shape[1:])
        return np.asarray(np.einsum("...iyx,kiyx->...ki", x, weight, optimize=True))

    def formula(self, part: str, index: Shape, ref: References) -> str:
        if part == "product":
            k, i = index
            source = ref.whole("in", (i,) if ref.depth("in") else ())
            return f"=SUMPRODUCT({source},{ref.whole('weight', (k, i))})"
        (k,) = index
        products = [ref.at("product", b.index) for b in ref.blocks("product") if b.index[0] == k]
        return "=" + "+".join([*products, ref.at("bias", (k,))])

    def arrange(self, parts: Mapping[str, Part]) -> Box:
        _, channels, height, width = parts["weight"].shape
        cards = []
        for k in range(self.units):
            terms = [block("product", (k, i), f"product{k}.{i + 1}", 1, 1, SPAN) for i in range(channels)]
            terms += [block("bias", (k,), f"bias{k}", 1, 1, SPAN), block("output", (k,), f"score{k}", 1, 1, SPAN)]
            weights = [block("weight", (k, i), f"weights{k}.{i + 1}", height, width) for i in range(channels)]
            cards.append(stack([*weights, beside(terms, gap=0)], gap=0))
        return beside([blocks.maps("in", parts["in"].shape, "in"), grid(cards, ACROSS)], gap=3)
