"""ONNX's operators on vectors: fully connected layers, softmax."""

from __future__ import annotations

from math import prod

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Shape
from xlcnn.network.importing.call import Call
from xlcnn.network.importing.views import View, plain
from xlcnn.sheets.parts import Array


def dense(call: Call, x: View, matrix: Array, bias: Array) -> View:
    """A fully connected layer: `matrix` has a row for each number that comes in, a column for each unit."""
    if x.order.shape[-1] != len(matrix):
        shapes = f"{x.order.shape} by a matrix of shape {matrix.shape}"
        raise NetworkError(f"multiplies a tensor of shape {shapes}, which do not fit together")
    if x.order.size != len(matrix):
        return at_every_place(call, x, matrix, bias)
    units = matrix.shape[1]
    weight = np.zeros((prod(x.shape), units))
    np.add.at(weight, x.order.ravel(), matrix)
    learned = {"weight": weight.T, "bias": np.broadcast_to(bias, units).astype(float)}
    name = call.draft.add("dense", [x.source], learned, units=units)
    return plain(name, (units,), (*x.order.shape[:-1], units))


def at_every_place(call: Call, x: View, matrix: Array, bias: Array) -> View:
    """The same vectors' layer for many vectors, each with a number of every map: a convolution with a window of one cell."""
    maps, units = matrix.shape
    places, cells = x.order.reshape(-1, maps), prod(x.shape[1:])
    source, where = x.source, places[:, 0]
    if len(x.shape) != 3 or x.shape[0] != maps or (places != where[:, None] + cells * np.arange(maps)).any():
        source, where = first_axis(call, x, x.order.ndim - 1), np.arange(len(places))
        cells = len(places)
    learned = {"weight": matrix.T[:, :, None, None], "bias": np.broadcast_to(bias, units).astype(float)}
    name = call.draft.add("conv2d", [source], learned, filters=units, kernel=[1, 1])
    order = where[:, None] + cells * np.arange(units)
    return View(name, call.draft.shape(name), order.reshape(*x.order.shape[:-1], units))


def gemm(call: Call) -> View:
    matrix = call.constant(1)
    if call.get("transA", 0):
        raise NetworkError("turns the tensor that it reads on its side (transA), which no sheet shows")
    matrix = call.get("alpha", 1.0) * (matrix.T if call.get("transB", 0) else matrix)
    bias = call.get("beta", 1.0) * call.constant(2, np.zeros(1))
    if bias.size not in (1, matrix.shape[1]):
        raise NetworkError(f"adds a bias of shape {bias.shape} to {matrix.shape[1]} units")
    return dense(call, call.view(), matrix, bias.ravel())


def matmul(call: Call) -> View:
    matrix = call.constant(1)
    if matrix.ndim == 1:
        found = dense(call, call.view(), matrix[:, None], np.zeros(1))
        return found.moved(found.order[..., 0])
    if matrix.ndim != 2:
        raise NetworkError(f"multiplies by a tensor of shape {matrix.shape}; a dense layer has a matrix")
    return dense(call, call.view(), matrix, np.zeros(1))


def softmax(call: Call, logarithm: bool = False) -> View:
    """Of a vector; or, at every place, across what is then shown as maps. Before opset 13 the axes from `axis` on are one."""
    x, shape = call.view(), call.view().order.shape
    axis = call.axis(call.get("axis", -1 if call.opset >= 13 else 1), len(shape))
    if call.opset < 13:
        x, axis = x.moved(x.order.reshape(prod(shape[:axis]), -1)), 1
    if x.order.shape[axis] == x.order.size:
        name = call.draft.add("softmax", [call.draft.as_tensor(x, (x.order.size,))], logarithm=logarithm)
        return plain(f"{name}.logarithm" if logarithm else name, (x.order.size,), shape)
    name = call.draft.add("softmax2d", [first_axis(call, x, axis)], logarithm=logarithm)
    found = turned_back(name, call.draft.shape(name), x.order.shape, axis)
    return found.moved(found.order.reshape(shape))


def first_axis(call: Call, x: View, axis: int) -> str:
    """The layer that shows a tensor with one of its axes as maps; as a vector, where there is no other."""
    turned = np.moveaxis(x.order, axis, 0)
    count, rest = len(turned), turned.shape[1:]
    shape = (count,) if prod(rest) == 1 else (count, prod(rest[:-1]), rest[-1])
    return call.draft.as_tensor(x.moved(turned), shape)


def turned_back(source: str, shape: Shape, order_shape: Shape, axis: int) -> View:
    """What came of it as a tensor of the old axes."""
    turned = (order_shape[axis], *order_shape[:axis], *order_shape[axis + 1 :])
    return View(source, shape, np.moveaxis(np.arange(prod(shape)).reshape(turned), 0, axis))
