"""One layer of a Keras file: what its description says, its weights, the tensors that it reads, and how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Shape
from xlcnn.network.importing import call as onnx
from xlcnn.network.importing.call import Tensor
from xlcnn.network.importing.draft import Draft, shortest
from xlcnn.network.importing.onnx_file import Node
from xlcnn.network.importing.onnx_operators import OPERATORS
from xlcnn.network.importing.views import View
from xlcnn.sheets.parts import Array

OPSET = 13
FARTHEST = 1000  # of a window's kernel, stride, dilation or padding


@dataclass(frozen=True)
class Call:
    """One layer with the tensors that it reads; `weights` are those that the file has for it, in their order."""

    kind: str
    config: Mapping[str, Any]
    inputs: tuple[View, ...]
    weights: tuple[Array, ...]
    draft: Draft
    version: int  # of Keras
    alone: bool = False  # whether only this layer reads what a convolution or dense layer gives it
    fold: bool = False

    @property
    def x(self) -> View:
        return self.inputs[0]

    def get(self, key: str, default: Any = None) -> Any:
        found = self.config.get(key)
        return default if found is None else found

    def number(self, key: str, default: float) -> float:
        return as_number(self.get(key, default), key)

    def pair(self, key: str, default: Any = 1) -> tuple[int, int]:
        """Rows and columns; one number means both."""
        found = self.get(key, default)
        found = found if isinstance(found, list) else [found, found]
        if len(found) != 2 or not all(type(n) is int and 0 <= n <= FARTHEST for n in found):
            raise NetworkError(f"has a {key} that is no pair of whole numbers up to {FARTHEST}")
        return found[0], found[1]

    def learned(self, **shapes: Shape) -> list[Array]:
        """The weights, which must be these and have these shapes."""
        if len(self.weights) != len(shapes):
            raise NetworkError(f"has {len(self.weights)} of its {len(shapes)} weights in the file ({', '.join(shapes)})")
        for (name, shape), found in zip(shapes.items(), self.weights, strict=True):
            if found.shape != shape:
                raise NetworkError(f"has a {name} of shape {found.shape} in the file, and is to have one of shape {shape}")
        return list(self.weights)

    def operator(self, operator: str, *inputs: Tensor, **attributes: Any) -> View:
        """What an ONNX operator gives, drawn as our sheets."""
        node = Node(operator, "", tuple(f"in{k}" for k in range(len(inputs))), ("out",), attributes)
        call = onnx.Call(node, inputs, self.draft, OPSET, lambda _: self.alone, self.fold)
        return OPERATORS[operator](call)

    @property
    def last(self) -> bool:
        """Whether channels are the last axis."""
        return bool(self.get("data_format", "channels_last") != "channels_first")


def as_number(value: Any, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e30:
        raise NetworkError(f"has a {key} that is no number")
    return shortest(value)


def channels_first(call: Call, x: View) -> View:
    """Maps with their axes turned as ONNX has them. Raises `NetworkError` for other tensors."""
    if x.order.ndim != 4:
        raise NetworkError(f"reads a tensor of shape {x.order.shape[1:]}; only maps (height, width, channels) can be shown so")
    return x.moved(x.order.transpose(0, 3, 1, 2)) if call.last else x


def turned(call: Call, x: View) -> View:
    """Back again."""
    return x.moved(x.order.transpose(0, 2, 3, 1)) if call.last else x


def whole(value: Any) -> int:
    if type(value) is not int:
        raise NetworkError("says with no whole number how many filters or cells it has")
    return value


def one_axis(call: Call, x: View) -> int:
    """The layer's axis, counted from the batch."""
    axis = call.get("axis", -1)
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    rank = x.order.ndim
    if type(axis) is not int or not -rank <= axis < rank or axis % rank == 0:
        raise NetworkError("works along several axes, or along one that its tensor does not have")
    return axis % rank


def as_operator(call: Call) -> onnx.Call:
    return onnx.Call(Node("", "", (), (), {}), (), call.draft, OPSET, lambda _: False)
