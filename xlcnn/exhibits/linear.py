"""Why non-linearities, first proof: two convolutions without ReLU are one convolution with a larger filter.

first  = filter a over the input (3×3)        hidden = first, or max(0, first) if the switch is on
second = filter b over hidden (3×3)           composed[r] = Σ_p b[p] · a[r − p]   (5×5)
direct = composed over the input              difference = second − direct:  all 0 while the switch is off
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from xlcnn.blocks import Box, References, Shape, beside, block, stack
from xlcnn.exhibits.base import Exhibit
from xlcnn.layers.base import Array, Part

A = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]]) / 3
B = np.array([[0, 0.25, 0], [0.25, -1, 0.25], [0, 0.25, 0]])


@dataclass(frozen=True)
class Linear(Exhibit):
    kind: ClassVar[str] = "linear"
    dragged: ClassVar[frozenset[str]] = frozenset({"first", "hidden", "second", "direct", "difference"})

    def parts(self, *incoming: Part) -> dict[str, Part]:
        channels, height, width = self.one_input(incoming, ndim=3).shape
        if channels != 1 or min(height, width) < 6:
            raise self.fail("reads one map of at least 6 × 6")
        small, smaller = (height - 2, width - 2), (height - 4, width - 4)
        return {
            "in": Part("in", (1, height, width), incoming[0].signed),
            "switch": Part("choice", ()),
            "a": Part("play", (3, 3)),
            "b": Part("play", (3, 3)),
            "first": Part("computed", small),
            "hidden": Part("computed", small),
            "second": Part("computed", smaller),
            "composed": Part("computed", (5, 5)),
            "direct": Part("computed", smaller),
            "difference": Part("computed", smaller),
            "largest": Part("computed", ()),
        }

    def defaults(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        return {"switch": np.array(0.0), "a": A, "b": B}

    def scales(self) -> list[tuple[str, ...]]:
        return [("first", "hidden"), ("second", "direct", "difference")]

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        match part:
            case "first":
                return correlate(p["in"][..., 0, :, :], p["a"])
            case "hidden":
                return np.asarray(np.where(p["switch"] == 1, np.maximum(0, p["first"]), p["first"]))
            case "second":
                return correlate(p["hidden"], p["b"])
            case "composed":
                return np.array([[sum(p["b"][q] * p["a"][r] for q, r in pairs(y, x)) for x in range(5)] for y in range(5)])
            case "direct":
                return correlate(p["in"][..., 0, :, :], p["composed"])
            case "difference":
                return np.asarray(p["second"] - p["direct"])
            case _:
                return np.asarray(max(p["difference"].max(), -p["difference"].min()))

    def formula(self, part: str, index: Shape, ref: References) -> str:
        match part:
            case "first":
                return f"=SUMPRODUCT({ref.at('in', (0, *index), (3, 3))},{ref.whole('a')})"
            case "hidden":
                first = ref.at("first", index)
                return f"=IF({ref.at('switch', (), fixed=True)}=1,MAX(0,{first}),{first})"
            case "second":
                return f"=SUMPRODUCT({ref.at('hidden', index, (3, 3))},{ref.whole('b')})"
            case "composed":
                y, x = index
                return "=" + "+".join(f"{ref.at('b', q)}*{ref.at('a', r)}" for q, r in pairs(y, x))
            case "direct":
                return f"=SUMPRODUCT({ref.at('in', (0, *index), (5, 5))},{ref.whole('composed')})"
            case "difference":
                return f"={ref.at('second', index)}-{ref.at('direct', index)}"
            case _:
                return f"=MAX(MAX({ref.whole('difference')}),-MIN({ref.whole('difference')}))"

    def arrange(self, parts: Mapping[str, Part]) -> Box:
        def whole(part: str, span: int = 1) -> Box:
            height, width = parts[part].shape or (1, 1)
            return block(part, (), part, height, width, span)

        incoming = block("in", (0,), "in1", *parts["in"].shape[1:])
        filters = stack([whole("switch", 3), whole("a"), whole("b"), whole("composed"), whole("largest", 3)])
        maps = stack([beside([whole("first"), whole("hidden")], gap=2), beside([whole("second"), whole("direct")], gap=4)])
        return beside([stack([incoming, whole("difference")]), filters, maps], gap=3)


def correlate(x: Array, kernel: Array) -> Array:
    """A filter laid over every window of a map."""
    return np.asarray(np.einsum("...yxuv,uv->...yx", sliding_window_view(x, kernel.shape, axis=(-2, -1)), kernel))


def pairs(y: int, x: int) -> list[tuple[Shape, Shape]]:
    """Which weights of b and of a meet in the composed filter's weight at (y, x)."""
    return [
        ((u, v), (y - u, x - v)) for u in range(3) for v in range(3) if 0 <= y - u < 3 and 0 <= x - v < 3
    ]  # fmt: skip
