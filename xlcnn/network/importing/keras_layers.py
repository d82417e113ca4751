"""Keras' layers as layers of ours, one function each. Each raises `NetworkError` without the layer's name.

Keras keeps maps channels-last. Here their axes are turned (channels first, in the view only) and the layer is said in the
words of an ONNX operator, whose functions then draw the same sheets for both. The definitions are those of Keras' reference.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Shape
from xlcnn.network.importing.draft import MOST_NUMBERS, plain_name
from xlcnn.network.importing.keras_activations import AS_ACTIVATIONS, activated
from xlcnn.network.importing.keras_call import FARTHEST, Call, as_number, as_operator, channels_first, one_axis, turned, whole
from xlcnn.network.importing.onnx_vectors import first_axis, turned_back
from xlcnn.network.importing.views import View, plain
from xlcnn.sheets.parts import Array

# ---- layers with weights ----


def dense(call: Call) -> View:
    x, units = call.x, call.get("units")
    matrix, *bias = call.learned(**biased(call, units, kernel=(x.order.shape[-1], units)))
    if x.order.ndim == 4:  # the same at every place: a convolution with a window of one cell
        found = convolved(call, x.moved(x.order.transpose(0, 3, 1, 2)), matrix.T[:, :, None, None], bias)
        return activated(call, found.moved(found.order.transpose(0, 2, 3, 1)))
    return activated(call, call.operator("Gemm", x, matrix, *bias))


def biased(call: Call, count: Any, **shapes: Any) -> dict[str, Shape]:
    """The shapes of the weights, with those of the bias, if there is one."""
    return shapes | ({"bias": (count,)} if call.get("use_bias", True) else {})


def convolved(call: Call, x: View, weight: Array, bias: list[Array], slides: bool = False, groups: int = 1) -> View:
    """A convolution with a filter of shape (filters, maps, height, width); `slides` as the layer says, or cell by cell."""
    window = window_of(call, "dilation_rate") if slides else {}
    return call.operator("Conv", x, weight, *bias, group=groups, **window)


def window_of(call: Call, dilation: str = "", stride: Any = 1) -> dict[str, Any]:
    """How the layer's window slides, in ONNX's words."""
    padding = call.get("padding", "valid")
    if padding not in ("valid", "same"):
        raise NetworkError(f"pads its maps in the way {plain_name(str(padding))}; valid and same can be shown")
    found = {"strides": call.pair("strides", stride), "auto_pad": "VALID" if padding == "valid" else "SAME_UPPER"}
    found |= {"dilations": call.pair(dilation)} if dilation else {}
    if 0 in (*found["strides"], *found.get("dilations", ())):
        raise NetworkError("slides its window by 0 cells")
    return found


def conv(call: Call) -> View:
    x, filters, groups = channels_first(call, call.x), call.get("filters"), call.get("groups", 1)
    channels = x.order.shape[1]
    if type(groups) is not int or groups < 1 or channels % groups:
        raise NetworkError(f"divides {channels} maps into groups in a way that does not come out even")
    kernel = (*call.pair("kernel_size"), channels // groups, filters)
    weight, *bias = call.learned(**biased(call, filters, kernel=kernel))
    return activated(call, turned(call, convolved(call, x, weight.transpose(3, 2, 0, 1), bias, True, groups)))


def each_map(call: Call, x: View, weight: Array, bias: list[Array]) -> View:
    """Each map with filters of its own: kernel (height, width, maps, filters of each)."""
    filters = weight.transpose(2, 3, 0, 1).reshape(-1, 1, *weight.shape[:2])
    return convolved(call, x, filters, bias, True, x.order.shape[1])


def depthwise(call: Call) -> View:
    x, times = channels_first(call, call.x), call.get("depth_multiplier", 1)
    channels = x.order.shape[1]
    weight, *bias = call.learned(**biased(call, channels * whole(times), kernel=(*call.pair("kernel_size"), channels, times)))
    return activated(call, turned(call, each_map(call, x, weight, bias)))


def separable(call: Call) -> View:
    """Two convolutions: each map with filters of its own, then every place across the maps."""
    x, times, filters = channels_first(call, call.x), whole(call.get("depth_multiplier", 1)), call.get("filters")
    channels = x.order.shape[1]
    shapes = {
        "depthwise_kernel": (*call.pair("kernel_size"), channels, times),
        "pointwise_kernel": (1, 1, channels * times, filters),
    }
    deep, point, *bias = call.learned(**biased(call, filters, **shapes))
    found = convolved(call, each_map(call, x, deep, []), point.transpose(3, 2, 0, 1), bias)
    return activated(call, turned(call, found))


def batch_norm(call: Call) -> View:
    x, axis = call.x, one_axis(call, call.x)
    wanted = {"gamma": call.get("scale", True), "beta": call.get("center", True), "moving_mean": True, "moving_variance": True}
    count = x.order.shape[axis]
    names = [name for name, used in wanted.items() if used]
    found = dict(zip(names, call.learned(**dict.fromkeys(names, (count,))), strict=True))
    gamma, beta = found.get("gamma", np.ones(count)), found.get("beta", np.zeros(count))
    maps = x.moved(np.moveaxis(x.order, axis, 1))
    epsilon = call.number("epsilon", 1e-3)
    normal = call.operator("BatchNormalization", maps, gamma, beta, found["moving_mean"], found["moving_variance"], epsilon=epsilon)
    return normal.moved(np.moveaxis(normal.order, 1, axis))


def prelu(call: Call) -> View:
    x, shared = call.x, call.get("shared_axes", [])
    if not isinstance(shared, list):
        raise NetworkError("shares its slopes along axes that are no list")
    shape = tuple(1 if axis in shared else size for axis, size in enumerate(x.order.shape))[1:]
    return call.operator("PRelu", x, call.learned(alpha=shape)[0][None])


# ---- pooling ----


def pool(call: Call, operator: str) -> View:
    x, size = channels_first(call, call.x), call.pair("pool_size", 2)
    if 0 in size or prod(x.order.shape[:2]) * prod(n + k for n, k in zip(x.order.shape[2:], size, strict=True)) > MOST_NUMBERS:
        raise NetworkError(f"pools windows of {size[0]} × {size[1]} cells, which do not fit its maps")
    return turned(call, call.operator(operator, x, kernel_shape=size, **window_of(call, stride=list(size))))


def global_pool(call: Call, operator: str) -> View:
    found = call.operator(operator, channels_first(call, call.x))
    return turned(call, found) if call.get("keepdims", False) else found.moved(found.order.reshape(1, -1))


# ---- number by number ----


def rescaling(call: Call) -> View:
    x = call.x
    for key, operator, nothing in (("scale", "Mul", 1.0), ("offset", "Add", 0.0)):
        said = call.get(key, nothing)
        numbers = np.array([as_number(n, key) for n in (said if isinstance(said, list) else [said])])
        if numbers.size not in (1, x.order.shape[-1]):
            raise NetworkError(f"has {numbers.size} numbers as its {key}; one, or one for each channel, can be shown")
        if (numbers != nothing).any():
            x = call.operator(operator, x, np.broadcast_to(numbers, x.order.shape[-1:]))
    return x


def merge(call: Call, operator: str) -> View:
    """Two or more tensors number by number; of fewer axes, those are added behind the batch."""
    rank = max(x.order.ndim for x in call.inputs)
    views = [x.moved(x.order.reshape(1, *(1,) * (rank - x.order.ndim), *x.order.shape[1:])) for x in call.inputs]
    if len(views) < 2 or (operator == "Sub" and len(views) > 2):
        raise NetworkError(f"reads {len(views)} tensors; two can be shown so")
    if rank == 4:
        views = [x.moved(x.order.transpose(0, 3, 1, 2)) for x in views]
    found = views[0]
    for x in views[1:]:
        found = call.operator(operator, found, x)
    return found.moved(found.order.transpose(0, 2, 3, 1)) if rank == 4 else found


# ---- moving numbers ----


def concatenate(call: Call) -> View:
    axis = one_axis(call, call.x)
    shapes = [x.order.shape for x in call.inputs]
    if any((*s[:axis], *s[axis + 1 :]) != (*shapes[0][:axis], *shapes[0][axis + 1 :]) for s in shapes):
        raise NetworkError("puts tensors of shapes that do not fit behind each other: " + ", ".join(str(s[1:]) for s in shapes))
    name = call.draft.add("concat", [first_axis(as_operator(call), x, axis) for x in call.inputs])
    size = (*shapes[0][:axis], sum(s[axis] for s in shapes), *shapes[0][axis + 1 :])
    return turned_back(name, call.draft.shape(name), size, axis)


def borders(call: Call, key: str) -> tuple[int, int, int, int]:
    """Top, bottom, left and right: of one number, of two, or of two pairs."""
    found = call.get(key, 1)
    pairs = found if isinstance(found, list) else [found, found]
    pairs = [pair if isinstance(pair, list) else [pair, pair] for pair in pairs]
    numbers = [n for pair in pairs for n in pair]
    if len(pairs) != 2 or len(numbers) != 4 or not all(type(n) is int and 0 <= n <= FARTHEST for n in numbers):
        raise NetworkError(f"has a {key} that is no pairs of whole numbers up to {FARTHEST}")
    return numbers[0], numbers[1], numbers[2], numbers[3]


def zero_padding(call: Call) -> View:
    x, (top, bottom, left, right) = channels_first(call, call.x), borders(call, "padding")
    if not any((top, bottom, left, right)):
        return call.x
    source = call.draft.as_tensor(x, x.order.shape[1:])
    name = call.draft.add("pad", [source], padding=[top, left, bottom, right], value=0.0)
    shape = call.draft.shape(name)
    return turned(call, plain(name, shape, (1, *shape)))


def cropping(call: Call) -> View:
    x, (top, bottom, left, right) = channels_first(call, call.x), borders(call, "cropping")
    height, width = x.order.shape[2:]
    if top + bottom >= height or left + right >= width:
        raise NetworkError(f"cuts all off of maps of {height} × {width}")
    return turned(call, x.moved(x.order[:, :, top : height - bottom, left : width - right]))


def flatten(call: Call) -> View:
    x = call.x
    order = x.order if call.last or x.order.ndim != 4 else x.order.transpose(0, 2, 3, 1)
    return x.moved(order.reshape(1, -1))


def reshape(call: Call) -> View:
    shape = call.get("target_shape", [])
    try:
        return call.x.moved(call.x.order.reshape(1, *shape))
    except (ValueError, TypeError):
        shapes = f"{call.x.order.shape[1:]} into {plain_name(str(shape))}"
        raise NetworkError(f"cannot reshape a tensor of shape {shapes}") from None


def permute(call: Call) -> View:
    dims = call.get("dims", [])
    if not isinstance(dims, list) or sorted(dims, key=str) != [*range(1, call.x.order.ndim)]:
        raise NetworkError("turns axes that its tensor does not have")
    return call.x.moved(call.x.order.transpose(0, *dims))


def same(call: Call) -> View:
    """Does nothing when a trained network is used."""
    return call.x


#: Layers that only move numbers.
MOVES: dict[str, Callable[[Call], View]] = {"Flatten": flatten, "Reshape": reshape, "Permute": permute, "Cropping2D": cropping}
#: Layers that do something in training alone.
LEFT_OUT = frozenset(
    {
        "Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization", "Identity",
        "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness",
    }
)  # fmt: skip
KERAS: dict[str, Callable[[Call], View]] = {
    **AS_ACTIVATIONS,
    **MOVES,
    **dict.fromkeys(LEFT_OUT, same),
    "Dense": dense,
    "Conv2D": conv,
    "DepthwiseConv2D": depthwise,
    "SeparableConv2D": separable,
    "BatchNormalization": batch_norm,
    "PReLU": prelu,
    "MaxPooling2D": lambda call: pool(call, "MaxPool"),
    "AveragePooling2D": lambda call: pool(call, "AveragePool"),
    "GlobalAveragePooling2D": lambda call: global_pool(call, "GlobalAveragePool"),
    "GlobalMaxPooling2D": lambda call: global_pool(call, "GlobalMaxPool"),
    "Rescaling": rescaling,
    "Add": lambda call: merge(call, "Add"),
    "Subtract": lambda call: merge(call, "Sub"),
    "Multiply": lambda call: merge(call, "Mul"),
    "Concatenate": concatenate,
    "ZeroPadding2D": zero_padding,
}
