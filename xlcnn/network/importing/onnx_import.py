"""An ONNX file becomes a network: its operators one after the other, each a layer, folded into one, or left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import prod
from pathlib import Path

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Shape
from xlcnn.network.importing.call import Call, Tensor
from xlcnn.network.importing.draft import MOST_NUMBERS, Draft, Line
from xlcnn.network.importing.imported import Imported, as_picture, finished, known_size
from xlcnn.network.importing.onnx_constants import IN_ALL, run
from xlcnn.network.importing.onnx_file import Node, OnnxFile, read_onnx
from xlcnn.network.importing.onnx_operators import MOVES, OPERATORS
from xlcnn.network.importing.views import View
from xlcnn.sheets.parts import Array

COLOURS = (1, 3)
LARGE = 20.0  # log(1 + exp(20)) is 20 + 2e-9


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
    made = 0  # numbers of constants
    guards = softplus_guards(file.nodes)
    asked = Counter(asks.outputs[0] for asks, _ in guards.values())
    for node in file.nodes:
        gives = node.outputs[0] if node.outputs else ""
        if gives in asked and asked[gives] == readers[gives]:
            continue  # whether x is large
        if gives in guards and is_softplus(*guards[gives], values):
            values[gives] = values[guards[gives][1]]
            continue
        found = computed(node, values, file, draft, lambda name: name in sole and readers[name] == 1, fold)
        came_from = {v.source: name for name in node.inputs if isinstance(v := values.get(name), View)}
        for name, value in zip(node.outputs, found, strict=False):
            if name and value is not None:
                values[name] = value
                before = came_from.get(value.source) if isinstance(value, View) else None
                if before is None or (before in sole and readers[before] == 1):
                    sole.add(name)
                made += 0 if isinstance(value, View) else value.size
        if made > IN_ALL:
            raise NetworkError(f"{node.called} is one too many: constants of more than {IN_ALL:,} numbers are computed")
    return finished(draft, reads, values.get(file.output))


def softplus_guards(nodes: Sequence[Node]) -> dict[str, tuple[Node, str]]:
    """PyTorch's softplus: where x is large, x itself. What is given so → the node that asks, and the softplus."""
    made = {name: node for node in nodes for name in node.outputs}
    found = {}
    for node in nodes:
        if node.operator == "Where" and len(node.inputs) == 3:
            asks, otherwise = made.get(node.inputs[0]), made.get(node.inputs[2])
            kinds = asks and otherwise and (asks.operator, otherwise.operator)
            if asks and otherwise and kinds == ("Greater", "Softplus") and asks.inputs[0] == otherwise.inputs[0] == node.inputs[1]:
                found[node.outputs[0]] = asks, node.inputs[2]
    return found


def is_softplus(asks: Node, softplus: str, values: Mapping[str, Tensor]) -> bool:
    """Whether x is so large where it stands for its softplus that the two are the same, to 2e-9."""
    large = values.get(asks.inputs[1])
    return isinstance(large, np.ndarray) and large.size == 1 and float(large.item()) >= LARGE and softplus in values


def computed(
    node: Node, values: Mapping[str, Tensor], file: OnnxFile, draft: Draft, alone: Callable[[str], bool], fold: bool
) -> tuple[Tensor | None, ...]:  # fmt: skip
    """What one operator gives. Raises `NetworkError` that names it."""
    inputs = tuple(values.get(name) if name else None for name in node.inputs)
    before = draft.layers[-1].name
    try:
        if node.operator == "Shape" and isinstance(inputs[0], View):
            return run(node, [np.empty(declared(inputs[0].order.shape, file), dtype=np.int8)], file.opset)
        if not any(isinstance(x, View) for x in inputs):
            draft.lines.append(Line(node.operator, "", "constant"))
            return run(node, inputs, file.opset)  # type: ignore[arg-type]
        if node.operator in MOVES:
            draft.lines.append(Line(node.operator, "", "moves"))
            return moved(node, inputs, file)
        if node.operator not in OPERATORS:
            raise NetworkError(f"is not known; known are {', '.join(sorted((*OPERATORS, *MOVES)))}")
        found = OPERATORS[node.operator](Call(node, inputs, draft, file.opset, alone, fold, file.batch != 1))
        if not found.order.size:
            raise NetworkError("gives a tensor without numbers")
    except NetworkError as error:
        text = str(error)
        raise NetworkError(text if text.startswith("node ") else f"{node.called} {text}") from None
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:  # an attribute may hold anything
        raise NetworkError(f"{node.called} has attributes or inputs that do not belong to such an operator") from error
    after = draft.layers[-1].name
    draft.lines.append(Line(node.operator, after, "") if after != before else Line(node.operator, found.source, "folded"))
    return (found,)


def declared(shape: Shape, file: OnnxFile) -> Shape:
    """The shape of a tensor in the file: there its first axis may be a batch of several images."""
    return (file.batch, *shape[1:]) if file.batch > 1 else shape


def moved(node: Node, inputs: tuple[Tensor | None, ...], file: OnnxFile) -> tuple[Tensor | None, ...]:
    """An operator that only moves numbers, done to their places: of a batch of several images, in the same way in each of them."""
    x = inputs[0]
    if not isinstance(x, View) or any(isinstance(each, View) for each in inputs[1:]):
        raise NetworkError("moves numbers to places that are computed from the image")
    images = max(1, file.batch)
    if images * x.order.size > MOST_NUMBERS:
        raise NetworkError(
            f"moves the {images * x.order.size:,} numbers of a batch of {images}; make the batch of the file smaller"
        )
    places = np.concatenate([x.order + image * prod(x.shape) for image in range(images)])
    found = run(node, [places, *inputs[1:]], file.opset)  # type: ignore[list-item]
    return tuple(None if order is None else x.moved(of_one(order, images, prod(x.shape))) for order in found)


def of_one(places: Array, images: int, size: int) -> Array:
    """The places of the first image. Raises `NetworkError` where those of the others are not moved alike."""
    if not places.size:
        raise NetworkError("gives a tensor without numbers")
    if images == 1:
        return places
    if len(places) != images or any((places[k] != places[0] + k * size).any() for k in range(images)):
        raise NetworkError("mixes the images of a batch; a workbook shows one image")
    return places[:1]


def input_shape(file: OnnxFile, size: Shape | None) -> Shape:
    """The shape of what the network reads, for one image. Raises `NetworkError` where it is no image, or not known."""
    rank = len(file.shape)
    if rank not in (1, 2, 3, 4):
        raise NetworkError(f"reads a tensor with {rank} axes; an image has three, and one for the batch")
    batch = file.has_batch
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


def input_view(file: OnnxFile, shape: Shape, size: Shape | None) -> View:
    """The input as an image: channels first; a vector is a square, if it can be one."""
    if len(shape) == 4 and shape[3] in COLOURS and shape[1] not in COLOURS:  # channels last, as Keras has them
        image: Shape = (shape[3], shape[1], shape[2])
        return View("input", image, np.arange(prod(shape)).reshape(image).transpose(1, 2, 0)[None])
    if len(shape) == 3 and shape[0] == 1 and file.reads_rows:
        image = (shape[1], 1, shape[2])
    elif len(shape) >= 3:
        image = (shape[-3], shape[-2], shape[-1])
    else:
        image = as_picture(shape[-1], size)
    return View("input", image, np.arange(prod(shape)).reshape(shape))
