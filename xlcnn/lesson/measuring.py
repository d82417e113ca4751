"""How well a network reads images that it was never trained on, while it is trained and afterwards. NumPy computes all of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from xlcnn.network.network import Network
from xlcnn.sheets.layers.conv2d import Conv2d
from xlcnn.sheets.parts import Array

DECIMALS = 4  # weights are rounded, so that they can be read in a formula bar
POINTS = 30  # of a curve, after its start
HOTTEST = 10.0  # a temperature; the coldest is its inverse
BATCH = 1000  # every layer of these many images is in memory at once


class Recorder:
    """Keeps the curve of a training and the filters that it starts with.

    It is called with 0 and the network before the first step, then after every epoch with its number and the network as it is.
    `history` has three lists of one length: ``epoch``, ``loss``, ``accuracy``; `start` has PyTorch's names and shapes.
    """

    def __init__(self, images: Array, labels: Array, epochs: int, say: Callable[[str], object]) -> None:
        self.images, self.labels, self.epochs, self.say = images, labels, epochs, say
        self.history: dict[str, list[float]] = {"epoch": [], "loss": [], "accuracy": []}
        self.start: dict[str, Any] = {}

    def __call__(self, epoch: int, network: Network) -> None:
        if epoch == 0:
            self.start = convolution_filters(network)
        kept = epoch in recorded_epochs(self.epochs)
        said = epoch > 0 and (epoch % 5 == 0 or epoch == self.epochs)
        if not kept and not said:
            return
        found = probabilities(network, self.images)
        right = accuracy(found, self.labels)
        if kept:
            self.history["epoch"].append(epoch)
            self.history["loss"].append(round(cross_entropy(found, self.labels), DECIMALS))
            self.history["accuracy"].append(right)
        if said:
            self.say(f"epoch {epoch} of {self.epochs}: held-out accuracy {right:.2%}")


def recorded_epochs(epochs: int) -> list[int]:
    """0, every epoch at the steep start, then ever fewer up to the last one: `POINTS` after 0, or all where there are no more."""
    return [max(k, round(k * k * epochs / POINTS**2)) for k in range(min(epochs, POINTS) + 1)]


def convolution_filters(network: Network) -> dict[str, Any]:
    """The weights of every convolution as nested lists, rounded: ``conv1.weight`` (out, in, kh, kw), …"""
    names = [f"{layer.name}.weight" for layer in network.layers if isinstance(layer, Conv2d)]
    return {name: np.round(network.weights[name], DECIMALS).tolist() for name in names}


def probabilities(network: Network, images: Array) -> Array:
    """The network's answers to images (count, channels, height, width): shape (count, classes)."""
    return np.concatenate([network.probabilities(images[k : k + BATCH]) for k in range(0, len(images), BATCH)])


def accuracy(found: Array, labels: Array) -> float:
    """The share of images whose most probable class is their label; `found` has the shape (count, classes)."""
    return int((found.argmax(axis=-1) == labels).sum()) / len(labels)


def cross_entropy(found: Array, labels: Array) -> float:
    """The mean of −ln of the probability given to the label; `found` has the shape (count, classes)."""
    given = found[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(given, np.finfo(np.float64).tiny)).mean())  # a probability may be too small for a float


def temperature(found: Array, labels: Array) -> float:
    """By what scores must be divided for the least cross-entropy; above 1 where a network is surer than it may be.

    `found` are the probabilities, (count, classes), of images that were never learned from. Found by halving: the cross-entropy
    is convex in 1 / temperature (Guo et al., On Calibration of Modern Neural Networks, 2017).
    """
    scores = np.log(np.maximum(found, np.finfo(np.float64).tiny))
    given = scores[np.arange(len(labels)), labels]

    def slope(factor: float) -> float:
        """Of the cross-entropy of factor × scores: the mean score that is expected, less that of the label."""
        powers = np.exp(factor * (scores - scores.max(axis=1, keepdims=True)))
        expected = (powers * scores).sum(axis=1) / powers.sum(axis=1)
        return float((expected - given).mean())

    low, high = 1 / HOTTEST, HOTTEST
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return 2 / (low + high)


def confusion(found: Array, labels: Array) -> list[list[int]]:
    """How many images of the class of a row were given the class of a column; `found` has the shape (count, classes)."""
    counts = np.zeros((found.shape[-1], found.shape[-1]), dtype=np.int64)
    np.add.at(counts, (labels, found.argmax(axis=-1)), 1)
    rows: list[list[int]] = counts.tolist()
    return rows
