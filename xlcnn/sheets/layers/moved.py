"""Layers that compute nothing and only move numbers: maps put behind each other, a border around them, another shape.

Concat   out = the maps of the first input, then those of the second, …; or one vector after the other
Pad      out[c, y, x] = in[c, y − top, x − left], and the border's `value` outside
Reshape  out = the numbers of in, its axes in the order `axes`, filled row by row into the shape `shape`
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, Shape
from xlcnn.sheets.base import Layer
from xlcnn.sheets.elementwise import in_and_out
from xlcnn.sheets.options import fraction, sides, whole_numbers
from xlcnn.sheets.parts import Array, Computed, Padding, Part, Parts, external, incoming

SHAPE: Any = whole_numbers(1, 3)
SPLIT: Any = whole_numbers(1, 8)
AXES: Any = whole_numbers(1, 8, low=0)
START: Any = whole_numbers(1, 3, low=0)


@dataclass(frozen=True)
class Concat(Layer):
    """Concatenation: the maps of several layers are put behind each other."""

    kind: ClassVar[str] = "concat"

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        shapes = [part.shape for part in incoming_]
        if not shapes or any(len(s) not in (1, 3) or s[1:] != shapes[0][1:] for s in shapes):
            raise self.fail("puts maps of one height and width behind each other, or vectors, not " + ", ".join(map(str, shapes)))
        sources = {name: external(name, part) for name, part in zip(self.inputs, incoming_, strict=True)}
        yield from sources.values()
        read = [sources[name] for name in self.inputs]  # one that is read twice stands there twice
        where = [(part.name, c) for part in read for c in range(part.shape[0])]
        yield Computed(
            "output", (len(where), *shapes[0][1:]), label="map", signed=any(p.signed for p in incoming_), explained=False,
            numpy=lambda t: np.concatenate([t[part.name] for part in read], axis=-len(shapes[0])),
            excel=lambda at, c, *i: at(where[c][0], where[c][1], *i),
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        return p["output"].maps()


class Moved(Layer):
    """A layer that shows what comes in, and beside it the same numbers elsewhere."""

    def arrange(self, p: Parts) -> Box:
        return in_and_out(p)


@dataclass(frozen=True)
class Pad(Moved):
    """Padding: a border of the same number is put around every map."""

    kind: ClassVar[str] = "pad"
    padding: tuple[int, int, int, int] = sides()
    value: float = fraction(-1e6, 1e6, 0.0)

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_, ndim=3)
        yield incoming("in", x, Padding(self.padding, self.value), scale="maps")
        _, height, width = x.shape
        top, left, bottom, right = self.padding
        yield Computed(
            "output", (x.shape[0], height + top + bottom, width + left + right), label="map", signed=x.signed, scale="maps",
            shared_formula=True,
            numpy=lambda t: t["in"],
            excel=lambda at, *i: at("in", *i),
        )  # fmt: skip


@dataclass(frozen=True)
class Slice(Moved):
    """A slice: some of the maps, or a part of each."""

    kind: ClassVar[str] = "slice"
    start: Shape = START
    shape: Shape = SHAPE

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_)
        inside = len(self.start) == len(self.shape) == len(x.shape)
        if not inside or any(s + n > size for s, n, size in zip(self.start, self.shape, x.shape, strict=True)):
            raise self.fail(f"cannot take {self.shape} from {self.start} on of a tensor of shape {x.shape}")
        taken: tuple[Any, ...] = (..., *(slice(s, s + n) for s, n in zip(self.start, self.shape, strict=True)))
        yield incoming("in", x, scale="maps")
        yield Computed(
            "output", self.shape, label="map", signed=x.signed, scale="maps", shared_formula=True,
            numpy=lambda t: t["in"][taken],
            excel=lambda at, *i: at("in", *(s + k for s, k in zip(self.start, i, strict=True))),
        )  # fmt: skip


@dataclass(frozen=True)
class Reshape(Moved):
    """Reshaping: the same numbers in another order and shape."""

    kind: ClassVar[str] = "reshape"
    shape: Shape = SHAPE
    split: Shape = SPLIT
    axes: Shape = AXES

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_)
        split, axes = self.split, self.axes
        if sorted(axes) != list(range(len(split))) or len(self.shape) not in (1, 3) or prod(split) != prod(x.shape):
            raise self.fail(f"cannot cut {x.shape} into {split}, and take these axes in the order {axes}")
        if prod(self.shape) != prod(split):
            raise self.fail(f"cannot make a tensor of shape {self.shape} of one of shape {x.shape}")
        order = np.arange(prod(split)).reshape(split).transpose(axes).reshape(self.shape)
        yield incoming("in", x, scale="maps")
        yield Computed(
            "output", self.shape, label="map", signed=x.signed, scale="maps",
            numpy=lambda t: flat(t["in"], len(x.shape))[..., order],
            excel=lambda at, *i: at("in", *(int(k) for k in np.unravel_index(order[i], x.shape))),
        )  # fmt: skip


def flat(x: Array, axes: int) -> Array:
    """The last axes as one; leading batch axes stay."""
    return x.reshape(*x.shape[: x.ndim - axes], -1)
