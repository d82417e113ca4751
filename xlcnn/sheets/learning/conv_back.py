"""Back through a convolution: each weight was used at every place of the map, so all these places have their say.

    weight[o, i, u, v] = Σ_y Σ_x arrives[o, y, x] · in[i, y + u, x + v]
    bias[o]            = Σ_y Σ_x arrives[o, y, x]

With `to_input` the gradient of the maps that came in follows, too. Each cell of them was read by up to as many windows as the
filter has weights; going back, the filter lies over the gradient (with zeros around it) turned by half a turn:

    turned[o, i, u, v] = filter[o, i, last − u, last − v]
    output[i, y, x]    = Σ_o Σ_u Σ_v arrives[o, y + u, x + v] · turned[o, i, u, v]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from xlcnn.grid.blocks import Box, Shape, beside, stack
from xlcnn.grid.references import References
from xlcnn.sheets.base import Learning
from xlcnn.sheets.options import yes_no
from xlcnn.sheets.parts import FOUR_DECIMALS, GRADIENT, Array, Computed, Padding, Part, Parts, external, incoming

SPAN = 3


@dataclass(frozen=True)
class ConvBack(Learning):
    """Back through a convolution: the gradients of its filters, and of the maps that it reads."""

    kind: ClassVar[str] = "conv_back"
    to_input: bool = yes_no()

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        maps, filters, gradient = self.check(incoming_)
        (kh, kw), size = filters.shape[2:], gradient.shape[1:]
        around = (kh - 1, kw - 1) * 2 if self.to_input else (0, 0, 0, 0)
        arrives = incoming("arrives", gradient, Padding(around), number_format=GRADIENT)
        yield incoming("in", maps)
        yield arrives
        yield Computed(
            "weight", filters.shape, number_format=GRADIENT, shared_formula=True,
            numpy=lambda t: weights_gradient(t["in"], without(t["arrives"], around)),
            excel=lambda at, o, *i: f"SUMPRODUCT({inner(at, o, around, size)},{at.window('in', *i, size=size)})",
        )  # fmt: skip
        yield Computed(
            "bias", filters.shape[:1], span=SPAN, number_format=FOUR_DECIMALS, coloured=False,
            numpy=lambda t: t["arrives"].sum(axis=(-2, -1)),
            excel=lambda at, o: f"SUM({at.whole('arrives', o)})",
        )  # fmt: skip
        if self.to_input:
            yield from self.input_parts(maps, filters)

    def check(self, incoming_: tuple[Part, ...]) -> tuple[Part, Part, Part]:
        """The maps that came in, the filters and the gradient of what went out. Raises `NetworkError`."""
        if len(incoming_) != 3 or [len(part.shape) for part in incoming_] != [3, 4, 3]:
            raise self.fail("reads the maps that came in, the filters, and the gradient of the maps that went out")
        maps, filters, gradient = incoming_
        if filters.sheet.stride != (1, 1) or any(filters.sheet.padding):
            raise self.fail("is for a stride of 1, and no padding")
        sides = tuple(side - kernel + 1 for side, kernel in zip(maps.shape[1:], filters.shape[2:], strict=True))
        if filters.shape[1] != maps.shape[0] or gradient.shape != (filters.shape[0], *sides):
            raise self.fail("reads maps, filters and a gradient that do not belong together")
        return maps, filters, gradient

    def input_parts(self, maps: Part, filters: Part) -> Iterator[Part]:
        """The filters turned, and the gradient of the maps that came in."""
        units, (_, _, kh, kw) = range(filters.shape[0]), filters.shape
        yield external("filter", filters)
        yield Computed(
            "turned", filters.shape, coloured=True, explained=False,
            numpy=lambda t: t["from.filter"][:, :, ::-1, ::-1],
            excel=lambda at, o, i, u, v: at("from.filter", o, i, kh - 1 - u, kw - 1 - v),
        )  # fmt: skip
        yield Computed(
            "output", maps.shape, label="map", number_format=GRADIENT, shared_formula=True,
            numpy=lambda t: np.einsum("oyxuv,oiuv->iyx", sliding_window_view(t["arrives"], (kh, kw), axis=(-2, -1)), t["turned"]),
            excel=lambda at, i, y, x: "+".join(
                f"SUMPRODUCT({at.window('arrives', o, y, x, size=(kh, kw))},{at.whole('turned', o, i)})" for o in units
            ),
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        filters, channels = p["weight"].shape[:2]
        pairs = [(o, i) for o in range(filters) for i in range(channels)]
        found = stack([*(p["weight"].block(*pair) for pair in pairs), *(p["bias"].block(o) for o in range(filters))], gap=0)
        turned = [stack((p["turned"].block(*pair) for pair in pairs), gap=0)] if self.to_input else []
        onwards = [p["output"].maps()] if self.to_input else []
        return beside([stack([found, *turned]), beside([p["arrives"].maps(), p["in"].maps(), *onwards])], gap=4)


def inner(at: References, o: int, around: Shape, size: Shape) -> str:
    """The fixed range of one map of the gradient, of `size` (rows, columns) without the zeros around it."""
    top, left = around[:2]
    return f"{at.fixed('arrives', o, top, left)}:{at.fixed('arrives', o, top + size[0] - 1, left + size[1] - 1)}"


def without(x: Array, around: Shape) -> Array:
    """Maps without so many cells on each side: top, left, bottom, right."""
    top, left, bottom, right = around
    return x[..., top : x.shape[-2] - bottom, left : x.shape[-1] - right]


def weights_gradient(x: Array, gradient: Array) -> Array:
    """Every map of the gradient laid over every place of every map that came in, where it fits."""
    windows = sliding_window_view(x, gradient.shape[-2:], axis=(-2, -1))
    return np.asarray(np.einsum("iuvyx,oyx->oiuv", windows, gradient))
