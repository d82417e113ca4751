"""ONNX's operators that slide a window over maps, or reduce them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.network.importing.call import Call, as_maps
from xlcnn.network.importing.draft import Draft
from xlcnn.network.importing.geometry import Geometry, geometry
from xlcnn.network.importing.views import View, plain
from xlcnn.sheets.parts import Array


def maps_in(call: Call, x: View, window: Geometry) -> tuple[str, tuple[int, int, int, int]]:
    """The layer whose output the window slides over, and its padding; where that is wider than the window, a layer of its own."""
    source = call.draft.as_tensor(x, as_maps(x.order.shape))
    (kh, kw), (top, left, bottom, right) = window.covered, window.padding
    if max(top, bottom) >= kh or max(left, right) >= kw:
        return call.draft.add("pad", [source], padding=list(window.padding)), (0, 0, 0, 0)
    return source, window.padding


def out_view(name: str, draft: Draft, axes: int) -> View:
    """A layer's maps as a tensor with the batch and `axes` axes of each map."""
    shape = draft.shape(name)
    return plain(name, shape, (1, shape[0], *(shape[1:] if axes == 2 else shape[2:])))


def conv(call: Call) -> View:
    x, weight = call.view(), call.constant(1)
    axes = weight.ndim - 2
    if axes not in (1, 2) or x.order.ndim != weight.ndim:
        raise NetworkError(f"slides a window over {axes} axes; a sheet has two")
    bias = call.constant(2, np.zeros(len(weight)))
    size = as_maps(x.order.shape)[1:]
    window = geometry(call.node.attributes, weight.shape[2:], (size[0], size[1]))
    source, padding = maps_in(call, x, window)
    name = call.draft.add(
        "conv2d", [source], {"weight": weight.reshape(*weight.shape[:2], *window.kernel), "bias": bias},
        filters=len(weight), kernel=list(window.kernel), stride=list(window.stride), padding=list(padding),
        groups=call.get("group", 1), dilation=list(window.dilation),
    )  # fmt: skip
    return out_view(name, call.draft, axes)


def pool(call: Call, kind: str) -> View:
    x, kernel = call.view(), tuple(call.get("kernel_shape", ()))
    size = as_maps(x.order.shape)[1:]
    window = geometry(call.node.attributes, kernel, (size[0], size[1]))
    source = call.draft.as_tensor(x, as_maps(x.order.shape))
    options: dict[str, Any] = {}
    if kind == "avgpool2d":
        options["count_padding"] = bool(call.get("count_include_pad", 0)) and any(window.pads)
        if options["count_padding"] and any(window.extra):  # what is counted is put around the maps; what ceil_mode adds is not
            source, options["count_padding"] = call.draft.add("pad", [source], padding=list(window.pads)), False
            window = replace(window, pads=(0, 0, 0, 0))
    name = call.draft.add(
        kind, [source], kernel=list(window.kernel), stride=list(window.stride), padding=list(window.padding),
        dilation=list(window.dilation), **options,
    )  # fmt: skip
    return out_view(name, call.draft, len(kernel))


def global_pool(call: Call, kind: str) -> View:
    x = call.view()
    name = call.draft.add(kind, [call.draft.as_tensor(x, as_maps(x.order.shape))])
    shape = call.draft.shape(name)
    return plain(name, shape, (1, shape[0], *(1,) * (x.order.ndim - 2)))


def reduced(call: Call, whole: str, window: str) -> View:
    """The mean or maximum of each whole map, whichever way its axes are turned, or made one: global pooling.

    Over the rows alone, or the columns alone, it is pooling with a window as high, or as wide, as the map; the mean across maps
    is a convolution.
    """
    x, said = call.view(), call.whole("axes", 1)
    rank = x.order.ndim
    if not said and call.get("noop_with_empty_axes", 0):
        return x
    axes = sorted(call.axis(a, rank) for a in (said or range(rank)))
    kept = [1 if a in axes else size for a, size in enumerate(x.order.shape)]
    if not call.get("keepdims", 1):
        kept = [size for a, size in enumerate(x.order.shape) if a not in axes]
    if all(x.order.shape[a] == 1 for a in axes):
        return x.moved(x.order.reshape(kept))
    if (whose := whole_maps(x, axes)) is not None:
        name = call.draft.add(whole, [x.source])
        return View(name, call.draft.shape(name), whose.reshape(kept))
    if x.axes is None or len(x.shape) != 3:
        raise NetworkError("reduces a vector, or numbers that were moved in a way that no sheet can show")
    over = {x.axis(a) for a in axes if x.order.shape[a] != 1}
    if over == {0} and whole == "globalavgpool":
        name = across(call, x)
    elif over <= {1, 2}:
        kernel = [x.shape[a] if a in over else 1 for a in (1, 2)]
        name = call.draft.add(window, [x.source], kernel=kernel, stride=kernel)
    else:
        raise NetworkError("takes a maximum across maps, or a mean across maps and places at once, which no sheet shows")
    shape = call.draft.shape(name)
    return View(name, shape, np.arange(prod(shape)).reshape(shape).transpose(x.axes).reshape(kept))


def across(call: Call, x: View) -> str:
    """The mean of all maps at each place: a convolution with a window of one cell, which takes as much of each map."""
    count = x.shape[0]
    learned = {"weight": np.full((1, count, 1, 1), 1 / count), "bias": np.zeros(1)}
    return call.draft.add("conv2d", [x.source], learned, filters=1, kernel=[1, 1])


def whole_maps(x: View, axes: Sequence[int]) -> Array | None:
    """Of what is reduced along `axes`: which whole map of the sheet each is, whatever was made of its rows and columns."""
    if len(x.shape) != 3 or x.order.size != prod(x.shape):
        return None
    kept = [a for a in range(x.order.ndim) if a not in axes]
    cells = prod(x.shape[1:])
    rows = np.sort(x.order.transpose(*kept, *axes).reshape(-1, prod(x.order.shape[a] for a in axes)))
    if rows.shape[1] != cells or (rows != rows[:, :1] + np.arange(cells)).any() or (rows[:, 0] % cells).any():
        return None
    return np.asarray(rows[:, 0] // cells)
