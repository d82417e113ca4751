"""An ONNX file becomes a network: its operators one after the other, each a layer, folded into one, or left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt, prod
from pathlib import Path

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Shape
from xlcnn.network.importing.call import Call, Tensor
from xlcnn.network.importing.draft import Draft, Line
from xlcnn.network.importing.onnx_file import Node, OnnxFile, read_onnx, run
from xlcnn.network.importing.onnx_operators import MOVES, OPERATORS
from xlcnn.network.importing.views import View
from xlcnn.network.network import Network
from xlcnn.sheets.parts import Array

MOST_PIXELS = 4_000_000
COLOURS = (1, 3)
SCORES = ("dense", "globalavgpool", "globalmaxpool", "conv2d", "add")  # after which a softmax is shown that a file leaves out
WINDOWS = ("Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "BatchNormalization")


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


def import_onnx(path: Path, size: Shape | None = None, fold: bool = False) -> Imported:
    """The network in an ONNX file, for images of `size` (channels, height, width), where the file leaves that open.

    With `fold` a batch normalisation becomes part of the layer before it.
    Raises `NetworkError` that names the node, its operator and what is supported, without the file's name.
    """
    return build(read_onnx(path), size, fold)


def build(file: OnnxFile, size: Shape | None = None, fold: bool = False) -> Imported:
    draft = Draft()
    shape = input_shape(file, size)
    reads = input_view(file, shape, size)
    draft.add("input", (), shape=list(reads.shape))
    values: dict[str, Tensor] = {**file.constants, file.input: reads}
    readers = Counter(name for node in file.nodes for name in node.inputs) + Counter([file.output])
    for node in file.nodes:
        values |= zip(node.outputs, computed(node, values, file, draft, readers, fold), strict=False)
    gives = values.get(file.output)
    if not isinstance(gives, View) or len(draft.layers) < 2:
        raise NetworkError("computes nothing from its input that a sheet could show")
    last = draft.layers[-1]
    if gives.source == last.name and last.kind in SCORES and is_scores(gives):
        draft.add("softmax", [draft.as_tensor(gives, (gives.order.size,))])
        draft.lines.append(Line("", draft.layers[-1].name, "added"))
    return Imported(draft.network(), reads, gives, tuple(draft.lines))


def computed(
    node: Node, values: Mapping[str, Tensor], file: OnnxFile, draft: Draft, readers: Mapping[str, int], fold: bool
) -> tuple[Tensor, ...]:  # fmt: skip
    """What one operator gives. Raises `NetworkError` that names it."""
    inputs = tuple(values.get(name) if name else None for name in node.inputs)
    before = draft.layers[-1].name
    try:
        if node.operator == "Shape" and isinstance(inputs[0], View):
            return run(node, [np.zeros(inputs[0].order.shape, dtype=np.int8)], file.opset)
        if not any(isinstance(x, View) for x in inputs):
            draft.lines.append(Line(node.operator, "", "constant"))
            return run(node, inputs, file.opset)  # type: ignore[arg-type]
        if node.operator in MOVES:
            draft.lines.append(Line(node.operator, "", "moves"))
            return moved(node, inputs, file)
        if node.operator not in OPERATORS:
            raise NetworkError(f"is not known; known are {', '.join(sorted((*OPERATORS, *MOVES)))}")
        found = OPERATORS[node.operator](Call(node, inputs, draft, file.opset, lambda name: readers[name] == 1, fold))
    except NetworkError as error:
        text = str(error)
        raise NetworkError(text if text.startswith("node ") else f"{node.called} {text}") from None
    after = draft.layers[-1].name
    draft.lines.append(Line(node.operator, after, "") if after != before else Line(node.operator, found.source, "folded"))
    return (found,)


def moved(node: Node, inputs: tuple[Tensor | None, ...], file: OnnxFile) -> tuple[Tensor, ...]:
    """An operator that only moves numbers, done to their places."""
    x = inputs[0]
    if not isinstance(x, View) or any(isinstance(each, View) for each in inputs[1:]):
        raise NetworkError("moves numbers to places that are computed from the image")
    places: list[Array | None] = [x.order, *inputs[1:]]  # type: ignore[list-item]
    if node.operator == "Reshape" and len(places) > 1 and places[1] is not None:
        places[1] = one_image(places[1], x.order.size, file.shape)
    return tuple(x.moved(order) for order in run(node, places, file.opset))


def one_image(shape: Array, size: int, declared: Shape) -> Array:
    """The shape to reshape to for a single image, where the file was made for a batch of several."""
    if shape.size and declared and shape[0] == declared[0] > 1 and -1 not in shape and prod(shape.tolist()) == size * declared[0]:
        return np.array([1, *shape[1:]], dtype=shape.dtype)
    return shape


def input_shape(file: OnnxFile, size: Shape | None) -> Shape:
    """The shape of what the network reads, for one image. Raises `NetworkError` where it is no image, or not known."""
    rank = len(file.shape)
    if rank not in (1, 2, 3, 4):
        raise NetworkError(f"reads a tensor with {rank} axes; an image has three, and one for the batch")
    batch = rank in (2, 4) or (rank == 3 and (file.shape[0] in (0, 1) or reads_rows(file)))
    inner = file.shape[1:] if batch else file.shape
    if size is not None:
        wanted: Shape = (prod(size),) if len(inner) == 1 else size[-len(inner) :]
        if len(inner) == 3 and inner[-1] in COLOURS and inner[0] not in (*COLOURS, 0):
            wanted = (size[1], size[2], size[0])
        if any(n not in (0, w) for n, w in zip(inner, wanted, strict=True)):
            raise NetworkError(f"reads images of shape {inner}, not {size}")
        inner = wanted
    if 0 in inner:
        raise NetworkError(f"leaves open how large its images are ({inner}, 0: open); say so with --size CHANNELS,HEIGHT,WIDTH")
    if prod(inner) > MOST_PIXELS:
        raise NetworkError(f"reads images of {prod(inner):,} numbers; a workbook can show {MOST_PIXELS:,}")
    return (1, *inner) if batch else inner


def reads_rows(file: OnnxFile) -> bool:
    """Whether an input with three axes holds rows (batch, channels, length), not one image."""
    return any(node.operator in WINDOWS and file.input in node.inputs for node in file.nodes)


def input_view(file: OnnxFile, shape: Shape, size: Shape | None) -> View:
    """The input as an image: channels first; a vector is a square, if it can be one."""
    if len(shape) == 4 and shape[3] in COLOURS and shape[1] not in COLOURS:  # channels last, as Keras has them
        image = (shape[3], shape[1], shape[2])
        return View("input", image, np.arange(prod(shape)).reshape(image).transpose(1, 2, 0)[None])
    if len(shape) == 3 and shape[0] == 1 and reads_rows(file):
        image = (shape[1], 1, shape[2])
    elif len(shape) >= 3:
        image = (shape[-3], shape[-2], shape[-1])
    else:
        count = shape[-1]
        side = isqrt(count)
        image = (size[0], size[1], size[2]) if size else (1, side, side) if side * side == count else (1, 1, count)
    return View("input", image, np.arange(prod(shape)).reshape(shape))


def is_scores(view: View) -> bool:
    """Whether a tensor is a vector with a number for each class."""
    return view.order.size > 1 and max(view.order.shape) == view.order.size
