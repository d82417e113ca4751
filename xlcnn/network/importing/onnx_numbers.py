"""ONNX's operators that compute number by number: activations, batch normalisation, arithmetic."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.network.importing.call import Call, as_maps, bound, each, fitting, on_a_sheet
from xlcnn.network.importing.draft import shortest
from xlcnn.network.importing.views import View, plain
from xlcnn.sheets.layers.bent import FAR
from xlcnn.sheets.parts import Array


def unary(call: Call, kind: str, **options: Any) -> View:
    x = call.view()
    return x.of(call.draft.add(kind, [x.source], **options))


def clip(call: Call) -> View:
    low, high = bound(call, "min", 1, -FAR), bound(call, "max", 2, FAR)
    return unary(call, "relu") if (low, high) == (0, FAR) else unary(call, "clip", low=low, high=high)


def prelu(call: Call) -> View:
    x, slope = call.view(), call.constant(1)
    kind, slopes = each(x.spread(fitting(slope, x.order.shape)))
    return x.of(call.draft.add("prelu", [x.source], {"slope": slopes}, each=kind))


def batch_norm(call: Call) -> View:
    x = call.view()
    if call.get("training_mode", 0) or len([name for name in call.node.outputs if name]) > 1:
        raise NetworkError("is in training mode; export the network for use (model.eval() in PyTorch)")
    shape = as_maps(x.order.shape)
    names = ("weight", "bias", "running_mean", "running_var")
    learned = {name: call.constant(place) for place, name in enumerate(names, start=1)}
    epsilon = shortest(call.get("epsilon", 1e-5))
    if (learned["running_var"] + epsilon <= 0).any():
        raise NetworkError("divides by the root of a variance that is not positive")
    if call.fold and folded_into(call, x, learned, epsilon):
        return x
    source = call.draft.as_tensor(x, shape)
    name = call.draft.add("batchnorm", [source], learned, epsilon=epsilon)
    return plain(name, shape, x.order.shape)


def folded_into(call: Call, x: View, learned: dict[str, Array], epsilon: float) -> bool:
    """Whether the normalisation could become part of the weights of the convolution or dense layer just before it."""
    draft = call.draft
    last = draft.layers[-1]
    if last.name != x.source or last.kind not in ("conv2d", "dense") or not x.is_plain or not call.alone(call.node.inputs[0]):
        return False
    factor = learned["weight"] / np.sqrt(learned["running_var"] + epsilon)
    weight, bias = (f"{last.name}.{key}" for key in ("weight", "bias"))
    draft.weights[weight] = draft.weights[weight] * factor.reshape(-1, *(1,) * (draft.weights[weight].ndim - 1))
    draft.weights[bias] = (draft.weights[bias] - learned["running_mean"]) * factor + learned["bias"]
    return True


def binary(call: Call, kind: str) -> View:
    a, b = call.inputs[:2]
    if isinstance(a, View) and isinstance(b, View):
        return of_two(call, kind, a, b)
    x, constant, swapped = (a, call.constant(1), False) if isinstance(a, View) else (call.view(1), call.constant(0), True)
    if kind == "add" and (folded := as_bias(call, x, constant, call.node.inputs[1 if swapped else 0])):
        return folded
    how, numbers = each(x.spread(fitting(constant, x.order.shape)))
    swapped = swapped and kind in ("subtract", "divide")
    return x.of(call.draft.add(kind, [x.source], {"second": numbers}, each=how, swapped=swapped))


def as_bias(call: Call, x: View, constant: Array, read: str) -> View | None:
    """The constant as the bias of the layer just made, if that has none yet and nobody else reads it (MatMul, then Add)."""
    draft = call.draft
    last, bias = draft.layers[-1], draft.weights.get(f"{x.source}.bias")
    if bias is None or bias.any() or last.name != x.source or last.kind == "batchnorm" or not call.alone(read):
        return None
    placed = x.spread(fitting(constant, x.order.shape)).reshape(len(bias), -1)
    if not (placed == placed[:, :1]).all():
        return None
    draft.weights[f"{x.source}.bias"] = placed[:, 0].copy()
    return x


def of_two(call: Call, kind: str, a: View, b: View) -> View:
    """Two tensors number by number; the smaller one may have one number for each map."""
    draft = call.draft
    try:
        shape = np.broadcast_shapes(a.order.shape, b.order.shape)
    except ValueError:
        raise NetworkError(
            f"computes with tensors of shapes {a.order.shape} and {b.order.shape}, which do not fit together"
        ) from None
    if a.shape == b.shape and a.order.shape == b.order.shape and (a.order == b.order).all():
        return a.of(draft.add(kind, [a.source, b.source], swapped=False))
    swapped = a.order.shape != shape
    large, small = (b, a) if swapped else (a, b)
    if large.order.shape != shape:
        raise NetworkError(f"makes tensors of shapes {a.order.shape} and {b.order.shape} larger, which no sheet shows")
    maps, axis = on_a_sheet(shape), int(shape[0] == 1 and len(shape) > 1)  # the axis of the maps
    inner = (1,) * (len(shape) - small.order.ndim) + small.order.shape
    if inner == tuple(shape):
        second = draft.as_tensor(small, maps)
    elif small.order.size == 1:
        second = draft.as_tensor(small, (1,))
    elif small.order.size == shape[axis] == inner[axis]:
        second = draft.as_tensor(small, (shape[axis],))
    elif len(maps) == 3 and small.order.size == prod(maps[1:]) and inner[axis + 1 :] == shape[axis + 1 :]:
        second = draft.add("concat", [draft.as_tensor(small, (1, *maps[1:]))] * maps[0])  # one map for all: spatial attention
    else:
        raise NetworkError(f"makes a tensor of shape {small.order.shape} larger, which no sheet shows")
    first = draft.as_tensor(large, maps)
    return plain(draft.add(kind, [first, second], swapped=swapped and kind in ("subtract", "divide")), maps, tuple(shape))
