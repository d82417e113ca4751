"""ONNX's operators that put tensors together or around each other, or change nothing."""

from __future__ import annotations

from math import prod

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.network.importing.call import Call, bound
from xlcnn.network.importing.onnx_vectors import first_axis, turned_back
from xlcnn.network.importing.onnx_windows import out_view
from xlcnn.network.importing.views import View


def concat(call: Call) -> View:
    """Along any axis: that one becomes the maps."""
    views = [call.view(place) for place in range(len(call.inputs))]
    axis = call.axis(call.get("axis", 1), views[0].order.ndim)
    size = list(views[0].order.shape)
    size[axis] = sum(view.order.shape[axis] for view in views)
    name = call.draft.add("concat", [first_axis(call, view, axis) for view in views])
    return turned_back(name, call.draft.shape(name), tuple(size), axis)


def pad(call: Call) -> View:
    x, pads = call.view(), call.whole("pads", 1) or ()
    rank = x.order.ndim
    axes = call.whole("axes", 3) if len(call.inputs) > 3 else None
    chosen = [a % rank for a in axes] if axes is not None else list(range(rank))
    begin, end = [0] * rank, [0] * rank
    for place, axis in enumerate(chosen):
        begin[axis], end[axis] = pads[place], pads[len(chosen) + place]
    if not any(pads):
        return x
    if call.get("mode", "constant") != "constant" or min(*begin, *end) < 0:
        raise NetworkError("repeats or cuts off the border, which no sheet shows")
    value = bound(call, "value", 2, 0.0)
    if x.is_turned((0, 1, 2)) and not any((*begin[:2], *end[:2])):
        name = call.draft.add("pad", [x.source], padding=[*begin[2:], *end[2:]], value=value)
        return out_view(name, call.draft, 2)
    if x.is_turned((1, 2, 0)) and not any((begin[0], begin[3], end[0], end[3])):
        name = call.draft.add("pad", [x.source], padding=[*begin[1:3], *end[1:3]], value=value)
        shape = call.draft.shape(name)
        return View(name, shape, np.arange(prod(shape)).reshape(shape).transpose(1, 2, 0)[None])
    raise NetworkError("pads other axes than the rows and columns of maps")


def dropout(call: Call) -> View:
    training = call.inputs[2] if len(call.inputs) > 2 else None
    if training is not None and (isinstance(training, View) or bool(np.asarray(training).any())):
        raise NetworkError("is in training mode; export the network for use (model.eval() in PyTorch)")
    return call.view()


def cast(call: Call) -> View:
    from onnx import TensorProto

    if call.get("to") not in (TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BFLOAT16):
        raise NetworkError("makes whole numbers of activations")
    return call.view()
