"""What every importer gives: a network, and how somebody else's input and output are read from its sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt, prod
from pathlib import Path

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.files.reading import read_regular, reason
from xlcnn.grid.blocks import Shape
from xlcnn.network.importing.draft import Draft, Line
from xlcnn.network.importing.views import View
from xlcnn.network.network import Network
from xlcnn.sheets.base import Layer
from xlcnn.sheets.parts import Array

MOST_PIXELS = 4_000_000
#: Kinds of layers after which a softmax is shown that a file leaves out.
SCORES = ("dense", "globalavgpool", "globalmaxpool", "conv2d", "add", "log")
ON_SCORES = ("batchnorm", "subtract", "multiply", "divide", "avgpool2d", "reshape", "slice")  # the same, if they read scores


@dataclass(frozen=True, eq=False)
class Imported:
    """A network, how the file's input and output see its tensors, and what became of each operator."""

    network: Network
    reads: View
    gives: View
    lines: tuple[Line, ...]

    def input_of(self, image: Array) -> Array:
        """What the file's own network reads for an input of shape (channels, height, width)."""
        return np.asarray(image).ravel()[self.reads.order]

    def output_of(self, values: Mapping[str, Mapping[str, Array]]) -> Array:
        """What the file's own network gives, taken from the result of `Network.forward`."""
        name, _, part = self.gives.source.partition(".")
        return np.asarray(values[name][part or "output"].ravel()[self.gives.order])


def read_model(path: Path, most: int) -> bytes:
    """The bytes of a model's file, which may have so many. Raises `NetworkError` without the file's name."""
    try:
        return read_regular(path, most)
    except OSError as error:
        raise NetworkError(f"cannot be read: {reason(error)}") from None


def finished(draft: Draft, reads: View, gives: object) -> Imported:
    """The import of a whole draft, with a softmax behind scores that have none, or the answer of sigmoids.

    Raises `NetworkError`.
    """
    if not isinstance(gives, View) or len(draft.layers) < 2:
        raise NetworkError("computes nothing from its input that a sheet could show")
    last = draft.layers[-1]
    if gives.source == last.name and is_scores(gives) and makes_scores(draft, last):
        draft.add("softmax", [draft.as_tensor(gives, (gives.order.size,))])
        draft.lines.append(Line("", draft.layers[-1].name, "added"))
    elif gives.source == last.name and last.kind == "sigmoid" and is_vector(gives):
        draft.add("answer", [draft.as_tensor(gives, (gives.order.size,))])
        draft.lines.append(Line("", draft.layers[-1].name, "added"))
    return Imported(draft.network(), reads, gives, tuple(draft.lines))


def makes_scores(draft: Draft, layer: Layer) -> bool:
    """Whether a layer gives scores, not probabilities: what a layer that learned something gives, or what was only scaled of it."""
    layers = {each.name: each for each in draft.layers}
    while layer.kind in ON_SCORES:
        layer = layers[layer.inputs[0].partition(".")[0]]
    return layer.kind in SCORES


def is_scores(view: View) -> bool:
    """Whether a tensor is a vector with a number for each class."""
    return view.order.size > 1 and is_vector(view)


def is_vector(view: View) -> bool:
    return bool(max(view.order.shape) == view.order.size)


def known_size(inner: Shape) -> None:
    """Raises `NetworkError` where a size of the input (0: open) is not known, or the input is too large."""
    if 0 in inner:
        raise NetworkError(f"leaves open how large its images are ({inner}, 0: open); say so with --size CHANNELS,HEIGHT,WIDTH")
    if prod(inner) > MOST_PIXELS:
        raise NetworkError(f"reads images of {prod(inner):,} numbers; a workbook can show {MOST_PIXELS:,}")


def as_picture(count: int, size: Shape | None) -> Shape:
    """The image whose numbers a vector holds: of the size that was asked for, a square if it can be one, or one row."""
    side = isqrt(count)
    return (size[0], size[1], size[2]) if size else (1, side, side) if side * side == count else (1, 1, count)
