"""Convolution: a filter is laid over every window of the maps; products are summed, the bias is added.

    out[o, y, x] = bias[o] + Σ_i Σ_u Σ_v  in[i, y·stride + u, x·stride + v] · weight[o, i, u, v]

(What deep learning calls a convolution is a cross-correlation: the filter is not turned. PyTorch's `Conv2d`.)
With the option `presets` a drop-down beside each filter puts a well-known one in place of what was learned:

    filter[o, i, u, v] = CHOOSE(number[o], weight[o, i, u, v], horizontal[u, v], …, own[o, i, u, v])
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from xlcnn import blocks
from xlcnn.blocks import Box, References, Shape, beside, block, grid, stack
from xlcnn.layers import menu
from xlcnn.layers.base import OPTIONS, Array, Part
from xlcnn.layers.lens import SPAN, Windowed, pick_box, pick_parts, picked, picks, window_formula, window_text

PRESETS: dict[str, Array] = {  # what image processing has always used; the drop-down offers them in this order
    "horizontal": np.array([[1.0, 1, 1], [0, 0, 0], [-1, -1, -1]]),
    "vertical": np.array([[1.0, 0, -1], [1, 0, -1], [1, 0, -1]]),
    "blur": np.full((3, 3), 1 / 9),
    "sharpen": np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "identity": np.array([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]]),
}
SOURCES = (("weight", "learned"), ("own", "own"))
OWN = np.array([[0.0, 1, 1], [-1, 0, 1], [-1, -1, 0]])  # to begin with: slanting edges


@dataclass(frozen=True)
class Conv2d(Windowed):
    kind: ClassVar[str] = "conv2d"
    filters: int
    kernel: tuple[int, int]
    stride: int = 1
    padding: int = 0
    lens: int = 0
    presets: int = 0

    @property
    def used(self) -> str:
        """The part whose filters are laid over the maps."""
        return "filter" if self.presets else "weight"

    @property
    def dragged(self) -> frozenset[str]:  # type: ignore[override]
        return super().dragged | ({"filter"} if self.presets else set())

    def parts(self, *incoming: Part) -> dict[str, Part]:
        maps = self.one_input(incoming, ndim=3)
        channels, height, width = maps.shape
        height, width = height + 2 * self.padding, width + 2 * self.padding
        if self.padding < 0:
            raise self.fail("padding is at least 0")
        out = self.slide(self.filters, height, width)
        kh, kw = self.kernel
        parts = {
            "in": Part("in", (channels, height, width), maps.signed),
            "weight": Part("weight", (self.filters, channels, kh, kw)),
            "bias": Part("weight", (self.filters,)),
        }
        if self.presets:
            if self.presets != 1 or self.kernel != (3, 3):
                raise self.fail("presets is 0, or 1 for filters of 3 × 3")
            parts |= menu.menu_parts(len(PRESETS) + 2, (self.filters,))
            parts |= {name: Part("constant", (kh, kw)) for name in PRESETS} | {"own": Part("play", parts["weight"].shape)}
            parts["filter"] = Part("computed", parts["weight"].shape)
        parts["output"] = Part("computed", out)
        if self.lens:
            window = Part("computed", (channels, kh, kw))
            parts |= pick_parts(out) | {"window": window, "picked": window, "times": window}
            parts |= {
                "sum": Part("computed", (channels,)),
                "pickedbias": Part("computed", ()),
                "result": Part("computed", ()),
                "celltext": Part("text", ()),
            }
        return parts

    def labels(self, parts: Mapping[str, Part]) -> list[tuple[str, int]]:
        return [(name, 0) for name in ("learned", *PRESETS, "own")] if self.presets else []

    def constants(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        return PRESETS if self.presets else {}

    def defaults(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        own = {"choice": np.ones(self.filters), "own": np.broadcast_to(OWN, parts["weight"].shape)} if self.presets else {}
        return super().defaults(parts) | own

    def scales(self) -> list[tuple[str, ...]]:
        presets = [(name,) for name in PRESETS] if self.presets else []
        return [*([(self.used, "picked")] if self.lens else []), *presets]

    def incoming(self, x: Array) -> Array:
        p = self.padding
        return np.pad(x, [(0, 0)] * (x.ndim - 2) + [(p, p), (p, p)]) if p else x

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        if part == "number":
            return p["choice"]
        if part == "filter":
            return np.stack([self.chosen(p, o) for o in range(self.filters)])
        if part != "output":
            return self.look(part, p)
        windows = sliding_window_view(p["in"], self.kernel, axis=(-2, -1))[..., :: self.stride, :: self.stride, :, :]
        total = np.einsum("...iyxuv,oiuv->...oyx", windows, p[self.used], optimize=True)
        return np.asarray(total + p["bias"][:, None, None])

    def chosen(self, p: Mapping[str, Array], o: int) -> Array:
        """The filter that the drop-down puts in place of the learned one."""
        choices = [p["weight"][o], *(np.broadcast_to(p[name], p["own"][o].shape) for name in PRESETS), p["own"][o]]
        number = p["number"][o]
        return choices[int(number) - 1] if 1 <= number <= len(choices) else np.full(p["own"][o].shape, np.nan)

    def look(self, part: str, p: Mapping[str, Array]) -> Array:
        """The parts of the one cell that is looked into."""
        match part:
            case "times":
                return np.asarray(p["window"] * p["picked"])
            case "sum":
                return np.asarray(p["times"].sum(axis=(-2, -1)))
            case "result":
                return np.asarray(p["sum"].sum(axis=-1) + p["pickedbias"])
        where = picked(p, p["output"].shape[-3:])
        if where is None:
            return np.full(() if part == "pickedbias" else p["weight"].shape[1:], np.nan)
        o, y, x = where
        if part == "window":
            top, left = y * self.stride, x * self.stride
            return np.asarray(p["in"][..., top : top + self.kernel[0], left : left + self.kernel[1]])
        return np.asarray(p[self.used][o] if part == "picked" else p["bias"][o])

    def formula(self, part: str, index: Shape, ref: References) -> str:
        if part == "number":
            return menu.number_formula(ref, index)
        if part == "filter":
            choices = [ref.at("weight", index), *(ref.at(name, index[2:]) for name in PRESETS), ref.at("own", index)]
            return "=" + menu.choose(ref, index[:1], choices)
        if part != "output":
            return "=" + self.look_formula(part, index, ref)
        o, y, x = index
        window = (y * self.stride, x * self.stride)
        channels = sum(1 for b in ref.blocks("weight") if b.index[0] == o)
        products = [
            f"SUMPRODUCT({ref.at('in', (i, *window), self.kernel)},{ref.whole(self.used, (o, i))})" for i in range(channels)
        ]
        return "=" + "+".join([*products, ref.at("bias", (o,), fixed=True)])

    def look_formula(self, part: str, index: Shape, ref: References) -> str:
        number = picks(ref)[0]
        match part:
            case "window":
                return window_formula(ref, index, self.stride)
            case "picked":
                return f"CHOOSE({number},{','.join(ref.at(self.used, (o, *index), fixed=True) for o in range(self.filters))})"
            case "times":
                return f"{ref.at('window', index)}*{ref.at('picked', index)}"
            case "sum":
                return f"SUM({ref.whole('times', index)})"
            case "celltext":
                terms = [f'"SUMPRODUCT("&{self.window_text(ref, i)}&")+"' for i in range(len(ref.blocks("sum")))]
                bias = [f'"{ref.at("bias", (o,), fixed=True)}"' for o in range(self.filters)]
                return f'"="&{"&".join(terms)}&CHOOSE({number},{",".join(bias)})'
            case "pickedbias":
                return f"CHOOSE({number},{','.join(ref.at('bias', (o,), fixed=True) for o in range(self.filters))})"
            case _:
                sums = [ref.at("sum", b.index) for b in ref.blocks("sum")]
                return "+".join([*sums, ref.at("pickedbias", ())])

    def window_text(self, ref: References, channel: int) -> str:
        """The text of one sum product's arguments: the window, and the picked filter's matrix."""
        filters = ",".join(f'"{ref.whole(self.used, (o, channel))}"' for o in range(self.filters))
        return f'{window_text(ref, [channel], self.kernel, self.stride)}&","&CHOOSE({picks(ref)[0]},{filters})'

    def arrange(self, parts: Mapping[str, Part]) -> Box:
        _, channels, kh, kw = parts["weight"].shape
        _, height, width = parts["output"].shape
        bands = []
        for o in range(self.filters):  # a band a filter: its matrices and bias beside the map that they make
            filters = [block(self.used, (o, i), f"filter{o + 1}.{i + 1}", kh, kw) for i in range(channels)]
            bias = block("bias", (o,), f"bias{o + 1}", 1, 1)
            result = block("output", (o,), f"map{o + 1}", height, width)
            middle = self.arrange_menu(o, filters, bias) if self.presets else stack([stack(filters, gap=0), bias])
            bands.append(beside([middle, result], gap=3))
        lens = [self.arrange_lens(channels)] if self.lens else []
        left = [blocks.maps("in", parts["in"].shape, "in")]
        if self.presets:
            matrices = grid([block(name, (), name, kh, kw) for name in PRESETS], across=3, gap=3)
            left.append(beside([menu.list_box(parts[OPTIONS].shape[0]), matrices], gap=3))
        return beside([stack(left), stack(bands), *lens], gap=3)

    def arrange_menu(self, o: int, filters: list[Box], bias: Box) -> Box:
        """The drop-down of one filter over what it chooses from: what was learned, and what somebody types in."""
        pick = block("choice", (o,), f"choice{o + 1}", 1, 1, menu.SPAN)
        number = block("number", (o,), f"number{o + 1}", 1, 1)
        sources = [
            block(part, (o, i), f"{label}{o + 1}.{i + 1}", *self.kernel) for part, label in SOURCES for i in range(len(filters))
        ]
        return stack([beside([pick, number], gap=0), beside([stack([*filters, bias]), stack(sources)], gap=2)])

    def arrange_lens(self, channels: int) -> Box:
        """The picked cell's window, filter and products for each map, their sums, the bias and the result."""
        kh, kw = self.kernel
        rows = [pick_box()]
        for i in range(channels):
            trio = [block(part, (i,), f"{part}{i + 1}", kh, kw) for part in ("window", "picked", "times")]
            rows.append(beside([*trio, block("sum", (i,), f"sum{i + 1}", 1, 1, SPAN)]))
        rows.append(beside([block(part, (), part, 1, 1, SPAN) for part in ("pickedbias", "result")]))
        rows.append(block("celltext", (), "celltext", 1, 1, 5 * SPAN))
        return stack(rows)
