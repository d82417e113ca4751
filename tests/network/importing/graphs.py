"""Small ONNX files, written node by node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")

RANDOM = np.random.default_rng(5)


def weights(*shape: int) -> np.ndarray:
    return RANDOM.normal(0, 0.5, shape).astype(np.float32)


def node(operator: str, inputs: str, output: str, **attributes: Any) -> Any:
    """``node("Conv", "x w", "y")``"""
    return onnx.helper.make_node(operator, inputs.split(), output.split(), name=output.split()[0], **attributes)


def model(
    nodes: Sequence[Any], constants: Mapping[str, np.ndarray], shape: Sequence[int | str], output: str, opset: int = 17, **more: Any
) -> Any:
    """A model that reads ``x`` of this shape."""
    value = onnx.helper.make_tensor_value_info
    inputs = [value("x", onnx.TensorProto.FLOAT, shape), *more.get("inputs", ())]
    tensors = [onnx.numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = onnx.helper.make_graph(list(nodes), "graph", inputs, [value(output, onnx.TensorProto.FLOAT, None)], tensors)
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)], ir_version=8)


def saved(folder: Path, found: Any, name: str = "model.onnx") -> Path:
    path = folder / name
    path.write_bytes(found.SerializeToString())
    return path
