"""The layers that a network can be made of, one file each. To add one, write its file and register it here."""

from xlcnn.layers.base import OPTIONS, Array, Layer, Part, computed, in_parts
from xlcnn.layers.conv2d import Conv2d
from xlcnn.layers.dense import Dense
from xlcnn.layers.gallery import Gallery
from xlcnn.layers.input import Input
from xlcnn.layers.maxpool2d import MaxPool2d
from xlcnn.layers.relu import ReLU
from xlcnn.layers.softmax import Softmax

KINDS: dict[str, type[Layer]] = {c.kind: c for c in (Gallery, Input, Conv2d, ReLU, MaxPool2d, Dense, Softmax)}

__all__ = [
    "KINDS",
    "OPTIONS",
    "Array",
    "Conv2d",
    "Dense",
    "Gallery",
    "Input",
    "Layer",
    "MaxPool2d",
    "Part",
    "ReLU",
    "Softmax",
    "computed",
    "in_parts",
]
