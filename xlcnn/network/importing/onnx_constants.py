"""What an ONNX file computes of constants, or only moves: by ONNX's own reference, one operator at a time, within bounds.

Only operators are run of which it is known how large their result is before they are. Loops, conditions, texts and random
numbers are none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, prod

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.network.importing.draft import MOST_NUMBERS
from xlcnn.network.importing.onnx_file import Node
from xlcnn.sheets.parts import Array

IN_ALL = 2 * MOST_NUMBERS  # numbers that may be made of one file's constants
Inputs = Sequence[Array]

#: Operators whose result is at most as large as their inputs, laid over each other.
SIMPLE = frozenset([
    "Abs", "Add", "And", "BatchNormalization", "Cast", "CastLike", "Ceil", "Clip", "Cos", "Div", "Dropout", "Elu",
    "Equal", "Erf", "Exp", "Floor", "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu",
    "Less", "LessOrEqual", "Log", "Max", "Mean", "Min", "Mod", "Mul", "Neg", "Not", "Or", "Pow", "PRelu", "Reciprocal",
    "Relu", "Round", "Selu", "Sigmoid", "Sign", "Sin", "Softmax", "Softplus", "Sqrt", "Sub", "Sum", "Tanh", "Where",
    "Xor",
])  # fmt: skip
#: Operators whose result is at most as large as their inputs one after the other.
SMALLER = frozenset([
    "ArgMax", "ArgMin", "Concat", "DepthToSpace", "Flatten", "GlobalAveragePool", "GlobalMaxPool", "ReduceL1",
    "ReduceL2", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", "Reshape",
    "ScatterElements", "ScatterND", "Shape", "Size", "Slice", "SpaceToDepth", "Split", "Squeeze", "Transpose", "Trilu",
    "Unsqueeze",
])  # fmt: skip


def numbers(x: Array) -> list[int]:
    return [int(n) for n in x.ravel()]


def pad_size(inputs: Inputs) -> int:
    around = numbers(inputs[1]) if len(inputs) > 1 else []
    return prod(inputs[0].shape) * prod(1 + max(0, n) for n in around)


#: Operators that make more of less → how many numbers at most.
LARGER: dict[str, Callable[[Inputs], int]] = {
    "ConstantOfShape": lambda x: prod(max(0, n) for n in numbers(x[0])),
    "Expand": lambda x: prod(np.broadcast_shapes(x[0].shape, tuple(numbers(x[1])))),
    "EyeLike": lambda x: x[0].size,
    "Gather": lambda x: x[0].size * max(1, x[1].size),
    "GatherElements": lambda x: x[1].size,
    "GatherND": lambda x: x[0].size * max(1, x[1].size),
    "Gemm": lambda x: len(x[0]) * x[1].size,
    "MatMul": lambda x: x[0].size * x[1].size,
    "NonZero": lambda x: x[0].size * max(1, x[0].ndim),
    "Pad": pad_size,
    "Range": lambda x: max(0, ceil((float(x[1]) - float(x[0])) / float(x[2]))),
    "Tile": lambda x: x[0].size * prod(max(0, n) for n in numbers(x[1])),
}


def largest(node: Node, inputs: Inputs) -> int:
    """How many numbers a result has at most. Raises `NetworkError` for an operator of which that is not known."""
    try:
        if node.operator in LARGER:
            return LARGER[node.operator](inputs)
        if node.operator in SIMPLE:
            return prod(np.broadcast_shapes(*(x.shape for x in inputs)))
    except (ValueError, IndexError, TypeError, ArithmeticError):
        raise NetworkError(f"{node.called} cannot be computed: its inputs do not fit together") from None
    if node.operator in SMALLER:
        return sum(x.size for x in inputs) + 16
    if node.operator == "DequantizeLinear":
        raise NetworkError(f"{node.called} makes weights of whole numbers; only floating-point weights can be shown")
    raise NetworkError(f"{node.called} computes constants in a way that is not known")


def run(node: Node, inputs: Sequence[Array | None], opset: int) -> tuple[Array | None, ...]:
    """What one operator gives, in the order of its outputs, with None for those that it does not name. Raises `NetworkError`."""
    if node.operator == "Constant":
        return (constant(node),)
    given = {name: value for name, value in zip(node.inputs, inputs, strict=True) if name and value is not None}
    if (count := largest(node, list(given.values()))) > MOST_NUMBERS:
        raise NetworkError(f"{node.called} makes a tensor of up to {count:,} numbers; {MOST_NUMBERS:,} can be read")
    found = by_reference(node, given, opset)
    return tuple(found.get(name) for name in node.outputs)


def constant(node: Node) -> Array:
    """The number or numbers that a node holds."""
    kinds = {
        "value": None, "value_float": np.float32, "value_floats": np.float32, "value_int": np.int64, "value_ints": np.int64,
    }  # fmt: skip
    for key, kind in kinds.items():
        if key in node.attributes:
            return np.asarray(node.attributes[key], dtype=kind)
    raise NetworkError(f"{node.called} holds no numbers")


def by_reference(node: Node, given: dict[str, Array], opset: int) -> dict[str, Array]:
    from onnx import helper, numpy_helper
    from onnx.reference import ReferenceEvaluator

    tensors = {key: numpy_helper.from_array(v) if isinstance(v, np.ndarray) else v for key, v in node.attributes.items()}
    nothing = [helper.make_empty_tensor_value_info(name) for name in given]
    results = [name for name in node.outputs if name]
    try:
        alone = helper.make_node(node.operator, node.inputs, node.outputs, **tensors)
        graph = helper.make_graph([alone], "one", nothing, [helper.make_empty_tensor_value_info(name) for name in results])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
        found = ReferenceEvaluator(model).run(None, given)
    except Exception as error:  # the reference raises whatever Python raises
        text = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise NetworkError(f"{node.called} cannot be computed: {text}") from None
    return {name: np.asarray(value) for name, value in zip(results, found, strict=True)}
