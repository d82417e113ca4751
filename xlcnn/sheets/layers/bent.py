"""Activations that are bent lines, as ReLU is: parts of straight lines put together with MAX and MIN.

    LeakyReLU(x)   = max(0, x) + α · min(0, x)
    PReLU(x)       = the same with an α that was learned: one for all, for each map, or for each value (`each` is 0, 1 or 2)
    Clip(x)        = min(high, max(low, x)); ReLU6 is Clip from 0 to 6
    HardSigmoid(x) = max(0, min(1, α · x + β))
    HardSwish(x)   = x · max(0, min(1, x/6 + 1/2))

The definitions are those of the ONNX operators of these names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box
from xlcnn.grid.references import References
from xlcnn.sheets.base import Layer
from xlcnn.sheets.elementwise import Elementwise, in_and_out, plainly
from xlcnn.sheets.learned import ALL, MAP, VALUE, is_dragged, learned_at, learned_shape, spread
from xlcnn.sheets.options import fraction, whole
from xlcnn.sheets.parts import Array, Computed, Part, Parts, Weight, incoming

FAR = 3.4e38  # as far as 32-bit numbers reach: no bound at all
NEGATIVE_SLOPE = fraction(-FAR, FAR, 0.01)


@dataclass(frozen=True)
class LeakyReLU(Elementwise):
    """Leaky ReLU: what is positive stays, what is negative becomes much smaller."""

    kind: ClassVar[str] = "leakyrelu"
    slope: float = NEGATIVE_SLOPE

    def numpy(self, x: Array) -> Array:
        return np.where(x < 0, self.slope * x, x)

    def excel(self, x: str) -> str:
        return f"MAX(0,{x})+{plainly(self.slope)}*MIN(0,{x})"


@dataclass(frozen=True)
class PReLU(Layer):
    """PReLU: what is positive stays, what is negative is multiplied by a slope that was learned."""

    kind: ClassVar[str] = "prelu"
    each: int = whole(ALL, VALUE, MAP)

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_)
        slope = learned_shape(x.shape, self.each)
        yield incoming("in", x, scale="maps")
        yield Weight("slope", slope, coloured=self.each == VALUE, span=1 if self.each == VALUE else 2)

        def formula(at: References, *i: int) -> str:
            value = at("in", *i)
            return f"MAX(0,{value})+{learned_at(at, 'slope', x.shape, slope, i)}*MIN(0,{value})"

        yield Computed(
            "output", x.shape, label="map", scale="maps", shared_formula=is_dragged(x.shape, slope),
            numpy=lambda t: np.where(t["in"] < 0, spread(t["slope"], x.shape, slope) * t["in"], t["in"]),
            excel=formula,
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        return in_and_out(p, p["slope"].maps())


@dataclass(frozen=True)
class Clip(Elementwise):
    """Clip: what is below the lower bound becomes that bound, and what is above the upper one that one."""

    kind: ClassVar[str] = "clip"
    low: float = fraction(-FAR, FAR, -FAR)
    high: float = fraction(-FAR, FAR, FAR)

    def numpy(self, x: Array) -> Array:
        return np.minimum(self.high, np.maximum(self.low, x))

    def excel(self, x: str) -> str:
        above = x if self.low == -FAR else f"MAX({plainly(self.low)},{x})"
        return above if self.high == FAR else f"MIN({plainly(self.high)},{above})"


@dataclass(frozen=True)
class HardSigmoid(Elementwise):
    """Hard sigmoid: a straight line in the middle, 0 below it and 1 above it."""

    kind: ClassVar[str] = "hardsigmoid"
    never_negative: ClassVar[bool] = True
    slope: float = fraction(-FAR, FAR, 0.2)
    middle: float = fraction(-FAR, FAR, 0.5)

    def numpy(self, x: Array) -> Array:
        return np.maximum(0, np.minimum(1, self.slope * x + self.middle))

    def excel(self, x: str) -> str:
        return f"MAX(0,MIN(1,{plainly(self.slope)}*{x}+{plainly(self.middle)}))"


@dataclass(frozen=True)
class HardSwish(Elementwise):
    """Hard swish: x times a hard sigmoid of x."""

    kind: ClassVar[str] = "hardswish"

    def numpy(self, x: Array) -> Array:
        return np.asarray(x * np.maximum(0, np.minimum(1, x / 6 + 0.5)))

    def excel(self, x: str) -> str:
        return f"{x}*MAX(0,MIN(1,{x}/6+0.5))"
