"""The network while it is put together: layers as plain data, their weights, and a line of what became of each operator."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Shape
from xlcnn.network.files import build
from xlcnn.network.importing.views import View, placed, runs, seen_from
from xlcnn.network.network import Network
from xlcnn.sheets.base import Layer
from xlcnn.sheets.graph import find
from xlcnn.sheets.layers import LAYERS
from xlcnn.sheets.parts import Array, Part

MOST_RUNS = 12  # groups of maps in another order, such as blue, green, red: each is a sheet of its own
MOST_LAYERS = 1_090  # more do not stand side by side on an Overview
MOST_NUMBERS = 50_000_000  # of a tensor: more would not fit into any workbook

#: What the layers of a kind are called, where that is not the kind: shorter, or as PyTorch's users call it.
NAMES = {
    "conv2d": "conv", "maxpool2d": "maxpool", "avgpool2d": "avgpool", "globalavgpool": "globalavg", "globalmaxpool": "globalmax",
    "softmax2d": "softmaxmaps",
}  # fmt: skip
TITLES = {
    "conv": "Conv", "maxpool": "MaxPool", "avgpool": "AvgPool", "relu": "ReLU", "leakyrelu": "LeakyReLU", "prelu": "PReLU",
    "globalavg": "GlobalAvg", "globalmax": "GlobalMax", "batchnorm": "BatchNorm", "hardsigmoid": "HardSigmoid",
    "hardswish": "HardSwish", "elu": "ELU", "selu": "SELU", "softmaxmaps": "SoftmaxMaps", "gelu": "GELU",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What became of one operator of the file: a layer, or `folded` into one, or left out because it moves nothing."""

    operator: str
    layer: str = ""
    said: str = ""


@dataclass
class Draft:
    """Layers in the order in which they compute. `lines` tell what became of what."""

    layers: list[Layer] = field(default_factory=list)
    parts: dict[str, dict[str, Part]] = field(default_factory=dict)
    weights: dict[str, Array] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    turned: dict[tuple[str, Shape, bytes], str] = field(default_factory=dict)  # layers that `in_turn` has made

    def add(self, kind: str, inputs: Iterable[str], weights: Mapping[str, Array] | None = None, **options: Any) -> str:
        """A new layer; its name. Raises `NetworkError` where it cannot read what it is to read."""
        if len(self.layers) == MOST_LAYERS:
            raise NetworkError(f"makes one layer too many; a workbook can show {MOST_LAYERS:,}")
        stem = NAMES.get(kind, kind)
        self.counts[stem] += 1
        name = f"{stem}{self.counts[stem]}" if kind != "input" else kind
        title = f"{TITLES.get(stem, stem.capitalize())}{self.counts[stem]}" if kind != "input" else "Input"
        layer = build({"name": name, "kind": kind, "sheet": title, "inputs": list(inputs), **options}, LAYERS)
        self.parts[name] = layer.declare([find(layer, source, self.parts) for source in layer.inputs])
        if (count := max(prod(part.shape) for part in self.parts[name].values())) > MOST_NUMBERS:
            raise NetworkError(f"makes a tensor of {count:,} numbers; a workbook can show {MOST_NUMBERS:,} at most")
        self.layers.append(layer)
        self.weights |= {f"{name}.{key}": np.asarray(value, dtype=np.float64) for key, value in (weights or {}).items()}
        return name

    def shape(self, source: str) -> Shape:
        """The shape of a layer's output, or of one of its parts, on its sheet."""
        name, _, part = source.partition(".")
        return self.parts[name][part or "output"].shape

    def as_tensor(self, view: View, shape: Shape) -> str:
        """The layer whose output is the view's numbers in this shape, row by row: its own, or a new one that moves them."""
        if view.is_plain and view.shape == shape:
            return view.source
        if view.order.size < prod(view.shape) and (cut := view.cut) is not None:
            view = placed(view, self.add("slice", [view.source], start=list(cut[0]), shape=list(cut[1])), *cut)
            return self.as_tensor(view, shape)
        if (turning := view.turning) is None and view.before is not None:  # some of them: all are turned, then some taken
            return self.as_tensor(seen_from(view, view.before, *self.in_turn(view.before)), shape)
        groups = runs(view.order.reshape(shape)) if turning is None and view.order.size == prod(shape) else []
        if 1 < len(groups) <= MOST_RUNS:
            return self.add("concat", [self.as_tensor(view.moved(each), each.shape) for each in groups])
        if view.order.size != prod(shape) or turning is None:
            raise NetworkError("takes some of the numbers, or moves them in a way that no sheet can show")
        split, axes = turning
        return self.add("reshape", [view.source], shape=list(shape), split=list(split), axes=list(axes))

    def in_turn(self, view: View) -> tuple[str, Shape]:
        """A layer with the numbers of a view in its order, and its shape; the same layer for all that is taken of the view."""
        sizes = view.order.shape
        shape = (prod(sizes[:-2]), *sizes[-2:]) if len(sizes) > 3 else (view.order.size,)
        key = view.source, shape, view.order.tobytes()
        if key not in self.turned:
            self.turned[key] = self.as_tensor(view, shape)
        return self.turned[key], shape

    def network(self) -> Network:
        """The network. Raises `NetworkError`."""
        return Network(tuple(self.layers), self.weights)


def shortest(number: float) -> float:
    """A number that was stored with 32 bits as people write it: 0.009999999776482582 → 0.01."""
    return float(str(np.float32(number)))


def plain_name(text: str) -> str:
    """A name of somebody else's in a message: short, and in one line."""
    return re.sub(r"[^\w./:-]", "?", text)[:60]
