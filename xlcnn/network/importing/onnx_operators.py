"""Which of ONNX's operators are understood, and what becomes of each. Each raises `NetworkError` without the node's name.

The definitions are those of the ONNX operator specification.
"""

from __future__ import annotations

from collections.abc import Callable

from xlcnn.network.importing.call import Call
from xlcnn.network.importing.draft import shortest
from xlcnn.network.importing.onnx_moves import cast, concat, dropout, pad
from xlcnn.network.importing.onnx_numbers import batch_norm, binary, clip, prelu, unary
from xlcnn.network.importing.onnx_vectors import gemm, matmul, softmax
from xlcnn.network.importing.onnx_windows import conv, global_pool, pool, reduced
from xlcnn.network.importing.views import View

OPERATORS: dict[str, Callable[[Call], View]] = {
    "Conv": conv,
    "MaxPool": lambda call: pool(call, "maxpool2d"),
    "AveragePool": lambda call: pool(call, "avgpool2d"),
    "GlobalAveragePool": lambda call: global_pool(call, "globalavgpool"),
    "GlobalMaxPool": lambda call: global_pool(call, "globalmaxpool"),
    "ReduceMean": lambda call: reduced(call, "globalavgpool", "avgpool2d"),
    "ReduceMax": lambda call: reduced(call, "globalmaxpool", "maxpool2d"),
    "Relu": lambda call: unary(call, "relu"),
    "LeakyRelu": lambda call: unary(call, "leakyrelu", slope=shortest(call.get("alpha", 0.01))),
    "PRelu": prelu,
    "Elu": lambda call: unary(call, "elu", alpha=shortest(call.get("alpha", 1.0))),
    "Selu": lambda call: unary(
        call, "selu", **{key: shortest(call.node.attributes[key]) for key in ("alpha", "gamma") if key in call.node.attributes}
    ),
    "Clip": clip,
    "Sigmoid": lambda call: unary(call, "sigmoid"),
    "Tanh": lambda call: unary(call, "tanh"),
    "HardSigmoid": lambda call: unary(
        call, "hardsigmoid", slope=shortest(call.get("alpha", 0.2)), middle=shortest(call.get("beta", 0.5))
    ),
    "HardSwish": lambda call: unary(call, "hardswish"),
    "Softplus": lambda call: unary(call, "softplus"),
    "Gelu": lambda call: unary(call, "gelu", approximate=call.get("approximate", "none") == "tanh"),
    "Erf": lambda call: unary(call, "erf"),
    "Log": lambda call: unary(call, "log"),
    "BatchNormalization": batch_norm,
    "Add": lambda call: binary(call, "add"),
    "Sub": lambda call: binary(call, "subtract"),
    "Mul": lambda call: binary(call, "multiply"),
    "Div": lambda call: binary(call, "divide"),
    "Gemm": gemm,
    "MatMul": matmul,
    "Softmax": softmax,
    "LogSoftmax": lambda call: softmax(call, logarithm=True),
    "Concat": concat,
    "Pad": pad,
    "Identity": lambda call: call.view(),
    "Dropout": dropout,
    "Cast": cast,
}
#: Operators that move the numbers of their first input and compute nothing.
MOVES = frozenset([
    "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Slice", "Split", "Gather", "GatherND", "DepthToSpace",
    "SpaceToDepth",
])  # fmt: skip
