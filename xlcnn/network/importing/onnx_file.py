"""An ONNX file as plain data: its input, its constants, its operators in the order in which they compute.

The file is data and is never run. What it declares is checked before anything is made of it: how large its tensors are, that
their numbers are there, and that external data lie in the model's own folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.files.reading import read_part, reason
from xlcnn.grid.blocks import Shape
from xlcnn.network.importing.draft import MOST_NUMBERS, plain_name
from xlcnn.network.importing.imported import read_model
from xlcnn.sheets.parts import Array

WINDOWS = ("Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "BatchNormalization")
MOST_BYTES = 2**31 - 1  # of a file: the format itself allows no more
MOST_NODES = 20_000
MOST_INSIDE = 50  # functions inside one another
IN_ALL = 4 * MOST_NUMBERS  # numbers that a file may hold
OLDEST = 7  # the first opset whose operators broadcast as today's do
EXTRA = "reading ONNX files needs a library that is not installed; install it with: pip install 'xlcnn[onnx]'"


@dataclass(frozen=True)
class Node:
    """One operator: what it is, what it is called, the tensors that it reads and writes, its attributes."""

    operator: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    @property
    def called(self) -> str:
        """The node in a message."""
        return f"node {plain_name(self.name or next(filter(None, self.outputs), ''))} ({plain_name(self.operator)})"


@dataclass(frozen=True)
class OnnxFile:
    """What a model holds. Of its input's `shape`, what is not fixed is 0."""

    input: str
    shape: Shape
    output: str
    outputs: int
    constants: Mapping[str, Array]
    nodes: tuple[Node, ...]
    opset: int

    @property
    def reads_rows(self) -> bool:
        """Whether an input with three axes holds rows (batch, channels, length), not one image."""
        return any(node.operator in WINDOWS and self.input in node.inputs for node in self.nodes)

    @property
    def has_batch(self) -> bool:
        """Whether the first axis of the input is one of images."""
        return len(self.shape) in (2, 4) or (len(self.shape) == 3 and (self.shape[0] in (0, 1) or self.reads_rows))

    @property
    def batch(self) -> int:
        """How many images the file reads at once; 0: any number."""
        return self.shape[0] if self.has_batch else 1


def read_onnx(path: Path) -> OnnxFile:
    """The model in a file. Raises `NetworkError` without the file's name."""
    try:
        import onnx
    except ImportError:
        raise NetworkError(EXTRA) from None
    data = read_model(path, MOST_BYTES)
    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except Exception:  # protobuf's own kinds of errors differ between its versions
        raise NetworkError("is no ONNX model, or a damaged one") from None
    if not model.graph.node or not model.graph.output:
        raise NetworkError("is no ONNX model, or an empty one: it has no operators or no output")
    opset = next((o.version for o in model.opset_import if o.domain in ("", "ai.onnx")), 0)
    if opset < OLDEST:
        model, opset = upgraded(model, opset), OLDEST
    if model.functions:
        model = inlined(model)
    return open_graph(model.graph, opset, path.parent)


def inlined(model: Any) -> Any:
    """A model with its functions written out. Raises `NetworkError` where that would be very long, or has no end."""
    from onnx.inliner import inline_local_functions

    functions = {(f.domain, f.name): f for f in model.functions}
    counts: dict[tuple[str, str], int] = {}

    def count(nodes: Iterable[Any], within: tuple[Any, ...]) -> int:
        return sum(count_of((node.domain, node.op_type), within) for node in nodes)

    def count_of(key: tuple[str, str], within: tuple[Any, ...]) -> int:
        if key not in functions:
            return 1
        if key in within or len(within) > MOST_INSIDE:
            raise NetworkError(f"has a function that calls itself, or too many inside one another: {plain_name(said(key[1]))}")
        if key not in counts:
            counts[key] = count(functions[key].node, (*within, key))
        return counts[key]

    if (total := count(model.graph.node, ())) > MOST_NODES:
        raise NetworkError(f"has {total:,} operators once its functions are written out; {MOST_NODES:,} can be read")
    try:
        return inline_local_functions(model)
    except Exception:  # what it raises differs between ONNX's versions
        raise NetworkError("has functions that cannot be written out") from None


def upgraded(model: Any, opset: int) -> Any:
    """A model of an older opset, rewritten by ONNX's own converter. Raises `NetworkError` where that cannot be done."""
    from onnx import version_converter

    try:
        return version_converter.convert_version(model, OLDEST)
    except Exception:  # what the converter raises differs between its versions
        raise NetworkError(f"was written for opset {opset}; opsets from {OLDEST} on can be read") from None


def open_graph(graph: Any, opset: int, folder: Path) -> OnnxFile:
    if len(graph.node) > MOST_NODES:
        raise NetworkError(f"has {len(graph.node):,} operators; {MOST_NODES:,} can be read")
    if (total := sum(prod(tensor.dims) for tensor in graph.initializer)) > IN_ALL:
        raise NetworkError(f"has {total:,} weights; {IN_ALL:,} can be read")
    constants = {said(tensor.name): as_array(tensor, folder) for tensor in graph.initializer}
    inputs = [value for value in graph.input if said(value.name) not in constants]
    if len(inputs) != 1:
        names = ", ".join(plain_name(said(value.name)) for value in inputs[:5]) or "none"
        raise NetworkError(f"reads {len(inputs)} inputs ({names}); a workbook has one, the image")
    shape = tuple(max(0, int(d.dim_value)) for d in inputs[0].type.tensor_type.shape.dim)
    output = said(graph.output[0].name)
    nodes = tuple(in_order(wanted([as_node(node, folder) for node in graph.node], output), {*constants, said(inputs[0].name), ""}))
    return OnnxFile(said(inputs[0].name), shape, output, len(graph.output), constants, nodes, opset)


def as_node(raw: Any, folder: Path) -> Node:
    from onnx import helper

    attributes = {}
    for attribute in raw.attribute:
        value = helper.get_attribute_value(attribute)
        if attribute.type == attribute.TENSOR:
            value = as_array(value, folder)
        elif isinstance(value, bytes):
            value = value.decode(errors="replace")
        attributes[said(attribute.name)] = value
    domain = "" if raw.domain in ("", "ai.onnx") else f"{said(raw.domain)}."
    inputs, outputs = (tuple(map(said, names)) for names in (raw.input, raw.output))
    return Node(domain + said(raw.op_type), said(raw.name), inputs, outputs, attributes)


def said(text: str | bytes) -> str:
    """A name in a file, which gives its bytes where they are no text."""
    return text.decode(errors="replace") if isinstance(text, bytes) else text


def wanted(nodes: list[Node], output: str) -> list[Node]:
    """The operators that the output needs."""
    maker = {name: node for node in nodes for name in node.outputs if name}
    needed: dict[int, Node] = {}
    todo = [output]
    while todo:
        node = maker.get(todo.pop())
        if node is not None and id(node) not in needed:
            needed[id(node)] = node
            todo += node.inputs
    return [node for node in nodes if id(node) in needed]


def in_order(nodes: list[Node], known: set[str]) -> Iterator[Node]:
    """The operators, each after those whose tensors it reads. Raises `NetworkError` where they lead in a circle."""
    maker = {name: number for number, node in enumerate(nodes) for name in node.outputs if name}
    for node in nodes:
        missing = next((name for name in node.inputs if name not in maker and name not in known), None)
        if missing is not None:
            raise NetworkError(f"{node.called} reads {plain_name(missing)}, which nothing computes")
    before = {
        number: [maker[name] for name in node.inputs if name in maker and name not in known] for number, node in enumerate(nodes)
    }
    try:
        yield from (nodes[number] for number in TopologicalSorter(before).static_order())
    except CycleError as error:
        raise NetworkError(f"{nodes[error.args[1][0]].called} reads, in a circle, what follows from it") from None


def as_array(tensor: Any, folder: Path) -> Array:
    """A tensor's numbers. Raises `NetworkError` where they are not all there, or too many."""
    from onnx import TensorProto, numpy_helper

    name = plain_name(said(tensor.name) or "a tensor")
    if any(size < 0 for size in tensor.dims) or prod(tensor.dims) > MOST_NUMBERS:
        raise NetworkError(f"the tensor {name} has {prod(tensor.dims):,} numbers; {MOST_NUMBERS:,} at most can be read")
    try:
        if tensor.data_location == TensorProto.EXTERNAL:
            tensor = with_external_data(tensor, name, folder)
        return np.asarray(numpy_helper.to_array(tensor))
    except (ValueError, TypeError, KeyError):
        raise NetworkError(f"the tensor {name} does not hold as many numbers as it says, or numbers of an unknown kind") from None


def with_external_data(tensor: Any, name: str, folder: Path) -> Any:
    """The tensor with the bytes that lie in a file beside the model."""
    from onnx import TensorProto

    written = {said(entry.key): said(entry.value) for entry in tensor.external_data}
    location = written.get("location", "")
    path = (folder / location).resolve()
    if not location or not path.is_relative_to(folder.resolve()):
        raise NetworkError(f"the numbers of {name} are said to lie outside the model's folder: {plain_name(location)}")
    if not all(written.get(key, "0").isdecimal() and written.get(key, "0").isascii() for key in ("offset", "length")):
        raise NetworkError(f"the numbers of {name} have an offset or a length that are no whole numbers")
    first = int(written.get("offset", 0))
    length = int(written["length"]) if "length" in written else None
    try:
        data = read_part(path, first, MOST_BYTES if length is None else min(length, MOST_BYTES))
    except OSError as error:
        raise NetworkError(f"the numbers of {name} cannot be read from {plain_name(location)}: {reason(error)}") from None
    if length is not None and len(data) < length:
        raise NetworkError(f"the numbers of {name} should lie in {plain_name(location)}, which is too short")
    found = TensorProto()
    found.CopyFrom(tensor)
    found.data_location = TensorProto.DEFAULT
    del found.external_data[:]
    found.raw_data = data
    return found
