"""The layers that a network can be made of, one file each. To add one, write its file and register it here."""

from xlcnn.sheets.base import Layer
from xlcnn.sheets.registry import registered

LAYERS: dict[str, type[Layer]] = registered(
    __name__,
    (
        "input.Input",
        "conv2d.Conv2d",
        "relu.ReLU",
        "maxpool2d.MaxPool2d",
        "avgpool2d.AvgPool2d",
        "dense.Dense",
        "softmax.Softmax",
    ),
)
