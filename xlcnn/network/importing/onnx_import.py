"""An ONNX file becomes a network: its operators one after the other, each a layer, folded into one, or left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from math import prod
from pathlib import Path

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Shape
from xlcnn.network.importing.call import Call, Tensor
from xlcnn.network.importing.draft import Draft, Line
from xlcnn.network.importing.imported import Imported, as_picture, finished, known_size
from xlcnn.network.importing.onnx_file import Node, OnnxFile, read_onnx, run
from xlcnn.network.importing.onnx_operators import MOVES, OPERATORS
from xlcnn.network.importing.views import View
from xlcnn.sheets.parts import Array

COLOURS = (1, 3)
STILL = (*MOVES, "Identity", "Dropout", "Cast")  # operators that give another name to what a layer gives
WINDOWS = ("Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "BatchNormalization")


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
    sole: set[str] = set()  # tensors that are all that anybody reads of a layer
    for node in file.nodes:
        found = computed(node, values, file, draft, lambda name: name in sole and readers[name] == 1, fold)
        if node.operator not in STILL or (node.inputs[0] in sole and readers[node.inputs[0]] == 1):
            sole.update(node.outputs)
        values |= zip(node.outputs, found, strict=False)
    return finished(draft, reads, values.get(file.output))


def computed(
    node: Node, values: Mapping[str, Tensor], file: OnnxFile, draft: Draft, alone: Callable[[str], bool], fold: bool
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
        found = OPERATORS[node.operator](Call(node, inputs, draft, file.opset, alone, fold))
    except NetworkError as error:
        text = str(error)
        raise NetworkError(text if text.startswith("node ") else f"{node.called} {text}") from None
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:  # an attribute may hold anything
        raise NetworkError(f"{node.called} has attributes or inputs that do not belong to such an operator") from error
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
    known_size(inner)
    return (1, *inner) if batch else inner


def reads_rows(file: OnnxFile) -> bool:
    """Whether an input with three axes holds rows (batch, channels, length), not one image."""
    return any(node.operator in WINDOWS and file.input in node.inputs for node in file.nodes)


def input_view(file: OnnxFile, shape: Shape, size: Shape | None) -> View:
    """The input as an image: channels first; a vector is a square, if it can be one."""
    if len(shape) == 4 and shape[3] in COLOURS and shape[1] not in COLOURS:  # channels last, as Keras has them
        image: Shape = (shape[3], shape[1], shape[2])
        return View("input", image, np.arange(prod(shape)).reshape(image).transpose(1, 2, 0)[None])
    if len(shape) == 3 and shape[0] == 1 and reads_rows(file):
        image = (shape[1], 1, shape[2])
    elif len(shape) >= 3:
        image = (shape[-3], shape[-2], shape[-1])
    else:
        image = as_picture(shape[-1], size)
    return View("input", image, np.arange(prod(shape)).reshape(shape))
