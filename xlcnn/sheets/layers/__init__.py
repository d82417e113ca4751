"""The layers that a network can be made of, one file each. To add one, write its file and register it here."""

from xlcnn.sheets.base import Layer
from xlcnn.sheets.registry import registered

LAYERS: dict[str, type[Layer]] = registered(
    __name__,
    (
        "input.Input",
        "conv2d.Conv2d",
        "relu.ReLU",
        "bent.LeakyReLU",
        "bent.PReLU",
        "bent.Clip",
        "bent.HardSigmoid",
        "bent.HardSwish",
        "curved.Sigmoid",
        "curved.Tanh",
        "curved.Elu",
        "curved.Selu",
        "curved.Softplus",
        "curved.Gelu",
        "curved.Erf",
        "curved.Log",
        "maxpool2d.MaxPool2d",
        "avgpool2d.AvgPool2d",
        "globalpool.GlobalAvgPool",
        "globalpool.GlobalMaxPool",
        "batchnorm.BatchNorm",
        "arithmetic.Add",
        "arithmetic.Subtract",
        "arithmetic.Multiply",
        "arithmetic.Divide",
        "moved.Concat",
        "moved.Pad",
        "moved.Slice",
        "moved.Reshape",
        "dense.Dense",
        "softmax.Softmax",
        "softmax2d.Softmax2d",
        "answer.Answer",
    ),
)
