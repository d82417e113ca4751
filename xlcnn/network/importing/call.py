"""One operator of an ONNX file that is about to become a layer: what it reads, and the draft that it becomes part of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Shape
from xlcnn.network.decimals import decimal
from xlcnn.network.importing.draft import Draft, shortest
from xlcnn.network.importing.onnx_file import Node
from xlcnn.network.importing.views import View
from xlcnn.sheets.layers.bent import FAR
from xlcnn.sheets.learned import ALL, MAP, VALUE
from xlcnn.sheets.parts import Array

Tensor = View | Array


@dataclass(frozen=True)
class Call:
    """One operator with what it reads: views of our tensors, constants, None for what is left out."""

    node: Node
    inputs: tuple[Tensor | None, ...]
    draft: Draft
    opset: int
    alone: Callable[[str], bool]  # whether only this operator reads a tensor of the file
    fold: bool = False  # whether a batch normalisation becomes part of the layer before it
    batched: bool = False  # whether the first axis stands for more images than the one that is shown

    def view(self, place: int = 0) -> View:
        found = self.inputs[place] if place < len(self.inputs) else None
        if not isinstance(found, View):
            raise NetworkError("computes with constants in a way that is not known")
        return found

    def constant(self, place: int, default: Array | None = None) -> Array:
        """An input that must be known beforehand: weights. Raises `NetworkError` for whole numbers, or for what is computed."""
        found = self.inputs[place] if place < len(self.inputs) else None
        if found is None and default is not None:
            return default
        if found is None or isinstance(found, View):
            raise NetworkError("reads weights that are computed; only weights that stand in the file can be shown")
        if found.dtype.kind not in "fV":
            raise NetworkError(f"has weights of kind {found.dtype}; only floating-point weights can be shown")
        if not np.isfinite(found.astype(float)).all():
            raise NetworkError("has weights that hold something that is not a finite number")
        return decimal(found)

    def get(self, key: str, default: Any = None) -> Any:
        return self.node.attributes.get(key, default)

    def axis(self, key: int, rank: int) -> int:
        """An axis counted from the front. Raises `NetworkError` for one that the tensor has not, or that is one of images."""
        if not -rank <= key < rank:
            raise NetworkError(f"works along axis {key} of a tensor that has {rank}")
        if key % rank == 0 and self.batched:
            raise NetworkError("works across the images of a batch; a workbook shows one image")
        return key % rank

    def whole(self, key: str, place: int) -> tuple[int, ...] | None:
        """Whole numbers that older opsets have as an attribute and newer ones as an input."""
        if key in self.node.attributes:
            return tuple(self.node.attributes[key])
        found = self.inputs[place] if place < len(self.inputs) else None
        if isinstance(found, View):
            raise NetworkError(f"computes {key} from the image")
        return None if found is None else tuple(int(n) for n in found.ravel())


def as_maps(order: Shape) -> Shape:
    """The shape on a sheet of a tensor that has the batch as its first axis: maps, or a vector; one row is a map one row high."""
    inner = order[1:]
    if len(inner) == 2:
        return inner[0], 1, inner[1]
    if len(inner) not in (1, 3) or order[0] != 1:
        raise NetworkError(f"works on a tensor with {len(order)} axes, of shape {order}; a sheet shows maps or vectors")
    return inner


def on_a_sheet(order: Shape) -> Shape:
    """The shape on a sheet of any tensor, with or without a batch of one as its first axis."""
    return as_maps(order if len(order) > 1 and order[0] == 1 else (1, *order))


def bound(call: Call, key: str, place: int, default: float) -> float:
    """A number that older opsets have as an attribute, newer ones as an input; no bound at all, where it is very far."""
    found = call.node.attributes.get(key, call.inputs[place] if place < len(call.inputs) else None)
    if isinstance(found, View):
        raise NetworkError(f"computes its bound {key} from the image")
    number = default if found is None else float(np.asarray(found).reshape(()))
    if number != number:
        raise NetworkError(f"has a bound {key} that is no number")
    return FAR if number >= FAR else -FAR if number <= -FAR else shortest(number)


def fitting(values: Array, shape: Shape) -> Array:
    """Constants spread over a tensor. Raises `NetworkError` where they would make it larger."""
    try:
        return np.broadcast_to(values, shape)
    except ValueError:
        raise NetworkError(f"computes with constants of shape {values.shape}, which do not fit a tensor of shape {shape}") from None


def each(values: Array) -> tuple[int, Array]:
    """Whether one number does for everything, one for each map, or one for each value is needed; and these numbers."""
    if (values == values.ravel()[0]).all():
        return ALL, values.ravel()[:1]
    maps = values.reshape(len(values), -1)
    return (MAP, maps[:, 0]) if (maps == maps[:, :1]).all() and values.ndim == 3 else (VALUE, values)
