"""What a layer is: its mathematics written twice, once in NumPy (`compute`) and once in Excel (`formula`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from xlcnn.blocks import Box, References, Shape, beside, maps
from xlcnn.errors import NetworkError

MOST_CHOICES = 29  # Excel's CHOOSE could once take so many

Array = np.ndarray[Any, np.dtype[Any]]
Role = Literal["source", "in", "there", "weight", "constant", "computed", "text", "play", "choice", "menu", "label"]

OPTIONS = "options"  # the part that lists what a drop-down offers


@dataclass(frozen=True)
class Part:
    """One tensor of a layer as its sheet shows it.

    `role` says where its cells come from: a picture (source), the sheet before (in), training (weight),
    the definition of the layer (constant), or a formula (computed); or from whoever plays with it: any
    number (play), a whole number from `low` to `high` (choice), or one of the words (menu) that the part ``options`` lists
    (label); as a number, a word is its place in that list, from 1. A text is a formula whose result is words.
    What is read where it stands, on another sheet, has no cells here (there). In a `blank` part an empty cell is a 0.
    """

    role: Role
    shape: Shape
    signed: bool = True
    low: int = 0
    high: int = 1
    blank: bool = False


def computed(parts: Mapping[str, Part]) -> list[str]:
    """The names of the parts that formulas compute, in the order in which they need each other."""
    return [name for name, part in parts.items() if part.role == "computed"]


def in_parts(layer: Layer) -> list[str]:
    """The names of a layer's incoming parts, one for each layer it reads: ``in``, or ``in1``, ``in2``, …"""
    count = len(layer.inputs)
    return ["in"] if count == 1 else [f"in{k + 1}" for k in range(count)]


def first_largest(x: Array) -> Array:
    """The index of the first largest value along the last axis; not a number where one of them is none, as in Excel."""
    return np.asarray(np.where(np.isnan(x).any(axis=-1), np.nan, x.argmax(axis=-1)))


@dataclass(frozen=True)
class Layer(ABC):
    """A named layer that reads the outputs of the layers called `inputs`.

    A subclass is a frozen dataclass whose further fields are its options (`kernel`, `stride`, …): whole numbers or
    tuples of them, as they stand in ``network.json`` and on the workbook's ``Network`` sheet.
    """

    kind: ClassVar[str]
    #: Parts whose formula may be written once at the top left of a block and dragged over it.
    dragged: ClassVar[frozenset[str]] = frozenset()

    #: Computed parts whose formula the sheet shows as text; all, if empty.
    explained: ClassVar[tuple[str, ...]] = ()

    name: str
    sheet: str
    inputs: tuple[str, ...]

    @abstractmethod
    def parts(self, *incoming: Part) -> dict[str, Part]:
        """Every tensor on the layer's sheet, given the outputs that it reads; ``output`` is what others read.

        Raises `NetworkError` where the layer cannot read such tensors.
        """

    @abstractmethod
    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        """A computed part from the parts before it, in NumPy. Leading batch axes are allowed on incoming parts."""

    @abstractmethod
    def formula(self, part: str, index: Shape, ref: References) -> str:
        """The same in Excel: the formula of ``part[index]``, starting with ``=``."""

    def text(self, part: str, p: Mapping[str, Array], ref: References) -> str:
        """What the formula of a part whose role is ``text`` must say."""
        raise self.fail(f"has no text {part}")

    def forward(self, parts: Mapping[str, Part], p: Mapping[str, Array]) -> dict[str, Array]:
        """All computed parts, one after the other, from what comes in and the weights."""
        values = dict(p)
        for part in computed(parts):
            values[part] = self.compute(part, values)
        return values

    @abstractmethod
    def arrange(self, parts: Mapping[str, Part]) -> Box:
        """How the sheet stands: left what comes in, in the middle the weights, right what goes out."""

    def labels(self, parts: Mapping[str, Part]) -> list[tuple[str, int]]:
        """What the drop-downs offer: keys of the sheet's words, each with the number that goes into them."""
        return []

    def constants(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        """The values of the parts whose role is ``constant``."""
        return {}

    def defaults(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        """The values in a new workbook of the parts whose role is ``play``, ``choice`` or ``menu``; NaN is an empty cell."""
        return {}

    def incoming(self, x: Array) -> Array:
        """What the sheet shows of a tensor it reads, e.g. with its padding. Zero means: no cell to link to."""
        return x

    def scales(self) -> list[tuple[str, ...]]:
        """Parts that share one heat map, so that their colours can be compared; any other part has its own."""
        return []

    def weight_shapes(self, *incoming: Part) -> dict[str, Shape]:
        """The shapes of the weights as PyTorch stores them."""
        return {n: p.shape for n, p in self.parts(*incoming).items() if p.role == "weight"}

    def fail(self, message: str) -> NetworkError:
        return NetworkError(f"layer {self.name} ({self.kind}): {message}")

    def no_input(self, incoming: tuple[Part, ...]) -> None:
        if incoming:
            raise self.fail("reads no other layer")

    def one_input(self, incoming: tuple[Part, ...], ndim: int | None = None) -> Part:
        """The single tensor this layer reads, or an error in words."""
        if len(incoming) != 1:
            raise self.fail(f"reads one layer, not {len(incoming)}")
        shape = incoming[0].shape
        if ndim is not None and len(shape) != ndim:
            raise self.fail(f"reads {'feature maps' if ndim == 3 else 'a vector'}, not a tensor of shape {shape}")
        return incoming[0]


@dataclass(frozen=True)
class MapLayer(Layer):
    """A layer without weights: incoming maps on the left, outgoing maps on the right, at the same scale."""

    def scales(self) -> list[tuple[str, ...]]:
        return [("in", "output")]

    def arrange(self, parts: Mapping[str, Part]) -> Box:
        return beside(
            [maps("in", parts["in"].shape, "in"), maps("output", parts["output"].shape, "map")],
            gap=3,
        )
