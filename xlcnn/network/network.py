"""A network: named layers in order, each reading the layers it names, with their weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Shape
from xlcnn.sheets.base import Layer, Sheet
from xlcnn.sheets.graph import check_titles, declare, evaluate
from xlcnn.sheets.parts import Array, Given, Part, Parts, Weight
from xlcnn.sheets.plan import check_layers


@dataclass(frozen=True, eq=False)
class Network:
    """Layers and their weights.

    `weights` has PyTorch's names and shapes: ``conv1.weight`` (out, in, kh, kw), ``conv1.bias`` (out,), ….
    Raises `NetworkError` where layers or weights do not fit together.
    """

    layers: tuple[Layer, ...]
    weights: Mapping[str, Array]

    def __post_init__(self) -> None:
        expected = self.weight_shapes
        for name, shape in expected.items():
            if name not in self.weights:
                raise NetworkError(f"the weights have no {name}, which should have the shape {shape}")
            found = self.weights[name].shape
            if found != shape:
                raise NetworkError(f"the weights' {name} has the shape {found}, but the layer needs {shape}")
            if not np.isfinite(self.weights[name]).all():
                raise NetworkError(f"the weights' {name} holds something that is not a finite number")
        for name in self.weights:
            if name not in expected:
                raise NetworkError(f"the weights have {name}, but no layer uses it")

    @staticmethod
    def blank(layers: Iterable[Layer]) -> Network:
        """The network before it has learned anything: all its weights are 0."""
        layers = tuple(layers)
        return Network(layers, {name: np.zeros(shape) for name, shape in weight_shapes(layers).items()})

    @property
    def input(self) -> Layer:
        return self.layers[0]

    @cached_property
    def input_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of the images that it reads."""
        channels, height, width = self.shapes[self.input.name]
        return channels, height, width

    @cached_property
    def parts(self) -> dict[str, dict[str, Part]]:
        """Every tensor of every layer."""
        return declare_layers(self.layers)

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """The output shape of each layer."""
        return {name: parts["output"].shape for name, parts in self.parts.items()}

    @cached_property
    def weight_shapes(self) -> dict[str, Shape]:
        """The shape of each weight, as PyTorch stores it."""
        return stored_shapes(self.parts)

    @cached_property
    def given(self) -> dict[str, dict[str, Array]]:
        """The weights and defaults of every layer, in the shapes in which its sheet shows them."""
        return given_values(self.parts, self.weights)

    def forward(
        self, image: Array, played: Mapping[str, Mapping[str, Array]] | None = None, *, prepared: bool = False
    ) -> dict[str, dict[str, Array]]:
        """Every tensor of every layer for an image of shape (channels, height, width), or a batch of images.

        The image is in [0, 1] and is prepared as the network wants it; what is `prepared` already is taken as it is.
        `played` holds values in place of the defaults of cells that are there to be played with.
        The result's first key is the layer's name, its second the part: ``result["conv1"]["output"]``.
        """
        image = np.asarray(image, dtype=np.float64)
        if image.shape[-3:] != self.input_shape:
            raise NetworkError(f"the network reads images of shape {self.input_shape}, not {image.shape}")
        given = {name: {**values, **(played or {}).get(name, {})} for name, values in self.given.items()}
        output = image if prepared else self.input.prepare(image)
        return evaluate(self.parts, given, {self.input.name: {self.input.image_part: image, "output": output}})

    def probabilities(self, image: Array) -> Array:
        """The last layer's output: shape (classes,), or (batch, classes)."""
        return self.forward(image)[self.layers[-1].name]["output"]

    @cached_property
    def has_classes(self) -> bool:
        """Whether the last layer makes a vector, one number for each class: a single score is none, a single probability is."""
        last = self.layers[-1]
        shape = self.shapes[last.name]
        return len(shape) == 1 and (shape[0] > 1 or last.kind == "softmax")

    def predict(self, image: Array) -> tuple[int, float]:
        """The most probable class of one image and its probability. Raises `NetworkError` where the network has no classes."""
        if not self.has_classes:
            shape = self.shapes[self.layers[-1].name]
            raise NetworkError(f"the last layer makes a tensor of shape {shape}, not one number for each class")
        probabilities = self.probabilities(image)
        label = int(probabilities.argmax())
        return label, float(probabilities[label])


class Answer(NamedTuple):
    """The most probable class and the next one; of a network with a single class, that one twice."""

    label: int
    probability: float  # 0 to 1
    second: int
    second_probability: float
    likeness: float | None = None  # how much the picture looks like the label, 0 to 1, where that can be told


def answer(probabilities: Array) -> Answer:
    """What a network answers that gives its classes these probabilities, (classes,)."""
    order = np.argsort(-probabilities, kind="stable").tolist()
    first, second = order[0], order[min(1, len(order) - 1)]
    return Answer(first, float(probabilities[first]), second, float(probabilities[second]))


def declare_layers(layers: Iterable[Sheet]) -> dict[str, dict[str, Part]]:
    """The parts of every layer. Raises `NetworkError` where the layers do not make a network."""
    layers = tuple(layers)
    check_layers(layers)
    check_titles(layers)
    return declare(layers)


def stored_shapes(parts: Mapping[str, Parts]) -> dict[str, Shape]:
    """The weights that these tensors ask for, with PyTorch's names and shapes."""
    return {
        f"{name}.{part.name}": part.stored or part.shape
        for name, mine in parts.items()
        for part in mine.values()
        if isinstance(part, Weight)
    }


def weight_shapes(layers: Iterable[Sheet]) -> dict[str, Shape]:
    """The weights that a network of these layers needs. Raises `NetworkError`."""
    return stored_shapes(declare_layers(layers))


def given_values(parts: Mapping[str, Parts], weights: Mapping[str, Array]) -> dict[str, dict[str, Array]]:
    """What new sheets hold in the cells that no formula computes: weights, constants, what is played with."""
    given: dict[str, dict[str, Array]] = {}
    for name, mine in parts.items():
        given[name] = {p.name: p.default for p in mine.values() if isinstance(p, Given) and p.default is not None}
        for part in mine.values():
            if part.is_weight:
                given[name][part.name] = np.asarray(weights[f"{name}.{part.name}"], dtype=np.float64).reshape(part.shape)
    return given
