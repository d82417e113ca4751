"""The ONNX project's own tests of single operators: through the import, NumPy, a workbook and a spreadsheet engine.

Each case's first input is the image. Where an operator reads several tensors, the others stand in the file as constants;
a second time, where it can be shown so, all are cut out of one image. What only moves numbers is followed by a leaky ReLU
of slope 1, which changes nothing, so that there is a layer to see. What is skipped says why, in the importer's own words.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.networks import write_workbook
from xlcnn import NetworkError
from xlcnn.network.importing.onnx_file import open_graph
from xlcnn.network.importing.onnx_import import Imported, build
from xlcnn.network.importing.onnx_operators import MOVES
from xlcnn.sheets.options import values_of
from xlcnn.verifier.verify import verify

onnx = pytest.importorskip("onnx")

MOST = 60  # workbooks

FIRST = [  # the operators of the first list that was made
    "Conv", "Gemm", "MatMul", "Add", "Relu", "LeakyRelu", "Clip", "Sigmoid", "Tanh", "HardSwish", "MaxPool", "AveragePool",
    "GlobalAveragePool", "BatchNormalization", "Concat", "Flatten", "Reshape", "Softmax",
]  # fmt: skip
MORE = [
    "PRelu", "Elu", "Selu", "HardSigmoid", "Softplus", "Gelu", "Erf", "Log", "GlobalMaxPool", "ReduceMean", "ReduceMax", "Sub",
    "Mul", "Div", "Pad", "Squeeze", "Unsqueeze", "Transpose", "Identity", "Dropout", "LogSoftmax", "Slice", "DepthToSpace",
    "SpaceToDepth",
]  # fmt: skip
TOGETHER = ("Add", "Sub", "Mul", "Div", "Concat")  # of two tensors, both computed
STILL = (*MOVES, "Identity", "Dropout")
LEAST = {"first": 0.71, "more": 0.68}  # the share that passes; 5-D tensors, whole numbers and training are among the others


@dataclass(frozen=True)
class Case:
    """One case: its name, its graph as a model with one input, and what goes in and comes out."""

    name: str
    graph: Any
    opset: int
    image: np.ndarray
    expected: np.ndarray


@cache
def collected() -> tuple[Any, ...]:
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of those that test overflow
        found = collect_testcases(None)
    return tuple(case for case in found if case.model is not None and len(case.model.graph.node) == 1)


def cases(operators: list[str]) -> Iterator[tuple[str, Case | None, str]]:
    """The cases of some operators, or why one is none for an image."""
    for case in collected():
        if case.model.graph.node[0].op_type not in operators:
            continue
        inputs, outputs = case.data_sets[0]
        first = inputs[0] if inputs else None
        if not isinstance(first, np.ndarray) or first.dtype.kind != "f" or not isinstance(outputs[0], np.ndarray):
            yield case.name, None, "its numbers are whole ones, or no tensor"
            continue
        opset = next(o.version for o in case.model.opset_import if o.domain == "")
        operator = case.model.graph.node[0].op_type
        if operator != "Concat":
            yield case.name, Case(case.name, prepared(case.model, inputs), opset, first, outputs[0]), ""
        if operator in TOGETHER:
            name = case.name if operator == "Concat" else f"{case.name} of two tensors"
            joined = np.concatenate([x.ravel() for x in inputs])[None]
            yield name, Case(name, cut(case.model, inputs), opset, joined, outputs[0]), ""


def prepared(model: Any, inputs: list[np.ndarray]) -> Any:
    """The graph with one input, the others as constants; with a layer that changes nothing behind what only moves numbers."""
    graph = onnx.GraphProto()
    graph.CopyFrom(model.graph)
    for value, array in list(zip(graph.input, inputs, strict=False))[1:]:
        graph.initializer.append(onnx.numpy_helper.from_array(array, value.name))
    return seen(graph)


def cut(model: Any, inputs: list[np.ndarray]) -> Any:
    """The graph with all inputs cut out of one vector."""
    graph = onnx.GraphProto()
    graph.CopyFrom(model.graph)
    nodes, start = [], 0
    for value, array in zip(graph.input, inputs, strict=True):
        bounds = {"starts": [start], "ends": [start + array.size], "axes": [1], "shape": list(array.shape)}
        for key, numbers in bounds.items():
            graph.initializer.append(onnx.numpy_helper.from_array(np.array(numbers), f"{value.name}.{key}"))
        parts = [f"{value.name}.{key}" for key in ("starts", "ends", "axes")]
        nodes.append(onnx.helper.make_node("Slice", ["whole", *parts], [f"{value.name}.piece"]))
        nodes.append(onnx.helper.make_node("Reshape", [f"{value.name}.piece", f"{value.name}.shape"], [value.name]))
        start += array.size
    del graph.input[:]
    graph.input.append(onnx.helper.make_tensor_value_info("whole", onnx.TensorProto.FLOAT, [1, start]))
    old = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *old])
    return seen(graph)


def seen(graph: Any) -> Any:
    if graph.node[-1].op_type in STILL:
        graph.node.append(onnx.helper.make_node("LeakyRelu", [graph.output[0].name], ["seen"], alpha=1.0))
        graph.output[0].name = "seen"
    return graph


def images(imported: Imported, whole: np.ndarray) -> Iterator[np.ndarray]:
    """The images of a batch, as our sheets have them."""
    order = imported.reads.order
    for one in whole.reshape(-1, order.size):
        image = np.zeros(order.size)
        image[order.ravel()] = one
        yield image.reshape(imported.reads.shape)


def outcome(case: Case, folder: Path | None = None) -> None:
    """Raises where NumPy, or the workbook, does not give what the case expects; `NetworkError` where it cannot be shown."""
    imported = build(open_graph(case.graph, case.opset, Path()))
    found = [imported.output_of(imported.network.forward(image)) for image in images(imported, case.image)]
    expected = case.expected.astype(float)
    assert np.allclose(np.concatenate([x.ravel() for x in found]), expected.ravel(), rtol=1e-4, atol=1e-4), case.name
    assert len(found) > 1 or found[0].shape == expected.shape, case.name
    if folder is not None:
        image = next(images(imported, case.image))
        report = verify(write_workbook(imported.network, folder / "case.xlsx", image), trials=1)
        wrong = [p for p in report.problems if p.kind not in ("limit",)]
        assert not wrong, (case.name, wrong[:2])


@pytest.mark.parametrize(("name", "operators"), [("first", FIRST), ("more", MORE)])
def test_numpy_agrees_with_the_published_results(name: str, operators: list[str]) -> None:
    passed, skipped = [], {}
    for case_name, case, why in cases(operators):
        try:
            if case is None:
                raise NetworkError(why)
            outcome(case)
            passed.append(case_name)
        except NetworkError as error:
            skipped[case_name] = str(error)[:140]
    print(f"\n{len(passed)} passed, {len(skipped)} skipped")
    for case_name, why in skipped.items():
        print(f"  {case_name}: {why}")
    assert len(passed) >= LEAST[name] * (len(passed) + len(skipped))


@pytest.mark.slow
@pytest.mark.parametrize("operators", [FIRST, MORE], ids=["first", "more"])
def test_the_workbook_computes_them(tmp_path: Path, operators: list[str]) -> None:
    """One case of each kind of name: pools differ in their numbers, and their sheets hardly."""
    seen_: set[tuple[str, ...]] = set()
    for _, case, _ in cases(operators):
        if case is None:
            continue
        with contextlib.suppress(NetworkError):
            imported = build(open_graph(case.graph, case.opset, Path()))
            kinds = tuple(f"{layer.kind} {sorted(values_of(layer).items())}" for layer in imported.network.layers)
            if kinds not in seen_ and len(seen_) < MOST:
                seen_.add(kinds)
                outcome(case, tmp_path)
    assert len(seen_) > 20
