"""Dense (fully connected): for each unit one weight matrix a map; their sum products and a bias make its score.

    product[k, i] = Σ_y Σ_x  in[i, y, x] · weight[k, i, y, x]
    out[k]        = Σ_i product[k, i] + bias[k]

PyTorch's `Linear` on the flattened maps. With the option `evidence` the sheet also shows what spoke for and against the
unit with the largest score:

    winner            = the first k whose out[k] is the largest
    evidence[i, y, x] = in[i, y, x] · weight[winner, i, y, x]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn import blocks
from xlcnn.blocks import Box, References, Shape, beside, block, grid, stack
from xlcnn.layers.base import MOST_CHOICES, Array, Layer, Part, first_largest

ACROSS = 5  # units side by side: ten digits make two even rows
SPAN = 3  # a score needs three square cells to be read


@dataclass(frozen=True)
class Dense(Layer):
    kind: ClassVar[str] = "dense"
    dragged: ClassVar[frozenset[str]] = frozenset({"evidence"})
    units: int
    evidence: int = 0

    @property
    def explained(self) -> tuple[str, ...]:  # type: ignore[override]
        """All but the winner, whose formula compares every score with the largest and is long."""
        return ("product", "output", *(("evidence",) if self.evidence else ()))

    def parts(self, *incoming: Part) -> dict[str, Part]:
        x = self.one_input(incoming)
        if self.units < 1 or self.evidence not in (0, 1):
            raise self.fail("units is at least 1, evidence 0 or 1")
        if self.evidence and self.units > MOST_CHOICES:
            raise self.fail(f"evidence is for at most {MOST_CHOICES} units")
        maps = x.shape if len(x.shape) == 3 else (1, *x.shape, 1)
        parts = {
            "in": Part("in", x.shape, x.signed),
            "weight": Part("weight", (self.units, *maps)),
            "bias": Part("weight", (self.units,)),
            "product": Part("computed", (self.units, maps[0])),
            "output": Part("computed", (self.units,)),
        }
        if self.evidence:
            parts |= {"winner": Part("computed", ()), "evidence": Part("computed", x.shape)}
        return parts

    def weight_shapes(self, *incoming: Part) -> dict[str, Shape]:
        return {"weight": (self.units, int(np.prod(incoming[0].shape))), "bias": (self.units,)}

    def scales(self) -> list[tuple[str, ...]]:
        return [("product", "bias", "output")]

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        if part == "output":
            return np.asarray(p["product"].sum(axis=-1) + p["bias"])
        if part == "winner":
            return first_largest(p["output"])
        weight = p["weight"]
        x = p["in"]
        if part == "evidence":
            known = (p["winner"] >= 0) & (p["winner"] < self.units)  # else CHOOSE fails, and so does every cell
            chosen = weight[np.where(known, p["winner"], 0).astype(int)].reshape(x.shape)
            certain = np.where(known, 1.0, np.nan)
            return np.asarray(x * chosen * certain.reshape(certain.shape + (1,) * (x.ndim - certain.ndim)))
        batch = x.shape[:-3] if x.shape[-3:] == weight.shape[1:] else x.shape[:-1]  # maps, or a vector
        x = x.reshape(*batch, *weight.shape[1:])
        return np.asarray(np.einsum("...iyx,kiyx->...ki", x, weight, optimize=True))

    def formula(self, part: str, index: Shape, ref: References) -> str:
        if part == "product":
            k, i = index
            source = ref.whole("in", (i,) if ref.depth("in") else ())
            return f"=SUMPRODUCT({source},{ref.whole('weight', (k, i))})"
        if part == "winner":
            scores = [ref.at("output", (k,)) for k in range(self.units)]
            tests = [f"IF({score}=MAX({','.join(scores)}),{k}," for k, score in enumerate(scores)]
            return "=" + "".join(tests[:-1]) + f"{self.units - 1}" + ")" * (self.units - 1)
        if part == "evidence":
            place = index if len(index) == 3 else (0, *index, 0)
            choices = ",".join(ref.at("weight", (k, *place)) for k in range(self.units))
            return f"={ref.at('in', index)}*CHOOSE({ref.at('winner', (), fixed=True)}+1,{choices})"
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
        left = [blocks.maps("in", parts["in"].shape, "in")]
        if self.evidence:
            left += [block("winner", (), "winner", 1, 1, SPAN), blocks.maps("evidence", parts["evidence"].shape, "evidence")]
        return beside([stack(left), grid(cards, ACROSS)], gap=3)
