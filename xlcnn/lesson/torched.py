"""A network in PyTorch: each kind of layer once more, in a line that PyTorch can differentiate.

NumPy and Excel compute what a trained network does; these lines are there to train it. In training a batch normalisation
takes mean and variance from the batch at hand, and remembers them for later, as PyTorch's own does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Shape
from xlcnn.network.network import Network
from xlcnn.sheets.layers.avgpool2d import AvgPool2d
from xlcnn.sheets.layers.batchnorm import BatchNorm
from xlcnn.sheets.layers.conv2d import Conv2d
from xlcnn.sheets.layers.input import Input
from xlcnn.sheets.layers.maxpool2d import MaxPool2d
from xlcnn.sheets.learned import spread

MOMENTUM = 0.1  # how much a batch changes what is remembered of all: PyTorch's usual
REMEMBERED = ("running_mean", "running_var")  # not learned: no gradient goes there

Weights = Mapping[str, torch.Tensor]
"""A layer's own: ``weight``, ``bias``, …."""


def input_(layer: Input, w: Weights, learning: bool, x: torch.Tensor) -> torch.Tensor:
    return torch.as_tensor(np.ascontiguousarray(layer.prepare(x.numpy())), dtype=x.dtype)


def conv2d(layer: Conv2d, w: Weights, learning: bool, x: torch.Tensor) -> torch.Tensor:
    x = padded(x, layer.padding)
    return functional.conv2d(x, w["weight"], w.get("bias"), layer.stride, dilation=layer.dilation, groups=layer.groups)


def batchnorm(layer: BatchNorm, w: Weights, learning: bool, x: torch.Tensor) -> torch.Tensor:
    mean, variance = (w[name] for name in REMEMBERED)
    return functional.batch_norm(x, mean, variance, w["weight"], w["bias"], learning, MOMENTUM, layer.epsilon)


def relu(layer: Any, w: Weights, learning: bool, x: torch.Tensor) -> torch.Tensor:
    return functional.relu(x)


def maxpool2d(layer: MaxPool2d, w: Weights, learning: bool, x: torch.Tensor) -> torch.Tensor:
    return functional.max_pool2d(padded(x, layer.padding, -math.inf), layer.kernel, layer.stride, dilation=layer.dilation)


def avgpool2d(layer: AvgPool2d, w: Weights, learning: bool, x: torch.Tensor) -> torch.Tensor:
    def mean(maps: torch.Tensor) -> torch.Tensor:  # a convolution of each map, all weights alike
        count, cells = maps.shape[1], math.prod(layer.kernel)
        alike = torch.full((count, 1, *layer.kernel), 1 / cells, dtype=maps.dtype)
        return functional.conv2d(maps, alike, None, layer.stride, dilation=layer.dilation, groups=count)

    share = mean(padded(torch.ones_like(x), layer.padding, float(layer.count_padding)))  # of each window's cells that count
    return mean(padded(x, layer.padding)) / share


def globalavgpool(layer: Any, w: Weights, learning: bool, x: torch.Tensor) -> torch.Tensor:
    return x.mean((-2, -1))


def add(layer: Any, w: Weights, learning: bool, x: torch.Tensor, more: torch.Tensor) -> torch.Tensor:
    return x + spread(more, tuple(x.shape[1:]), tuple(more.shape[1:]))


def dense(layer: Any, w: Weights, learning: bool, x: torch.Tensor) -> torch.Tensor:
    return functional.linear(x.flatten(1), w["weight"], w["bias"])


def softmax(layer: Any, w: Weights, learning: bool, x: torch.Tensor) -> torch.Tensor:
    return functional.softmax(x, 1)


KINDS: dict[str, Callable[..., torch.Tensor]] = {
    "input": input_,
    "conv2d": conv2d,
    "batchnorm": batchnorm,
    "relu": relu,
    "maxpool2d": maxpool2d,
    "avgpool2d": avgpool2d,
    "globalavgpool": globalavgpool,
    "add": add,
    "dense": dense,
    "softmax": softmax,
}
"""How each kind of layer is computed: from the layer, its weights, whether it is learning, and what it reads."""


def padded(x: torch.Tensor, sides: tuple[int, int, int, int], value: float = 0.0) -> torch.Tensor:
    """Maps with padding on each side: top, left, bottom, right."""
    top, left, bottom, right = sides
    return functional.pad(x, (left, right, top, bottom), value=value)


def activations(network: Network, weights: Weights, x: torch.Tensor, learning: bool = False) -> dict[str, torch.Tensor]:
    """The output of every layer for a batch of images; `weights` has the network's names: ``conv1.weight``, …."""
    values: dict[str, torch.Tensor] = {}
    for layer in network.layers:
        own = {name.partition(".")[2]: w for name, w in weights.items() if name.partition(".")[0] == layer.name}
        incoming = [values[name] for name in layer.inputs] or [x]
        values[layer.name] = KINDS[layer.kind](layer, own, learning, *incoming)
    return values


def scores(network: Network, weights: Weights, x: torch.Tensor, learning: bool = False) -> torch.Tensor:
    """What the last layer, a softmax, reads: cross-entropy takes scores."""
    (name,) = network.layers[-1].inputs
    return activations(network, weights, x, learning)[name]


def check_kinds(network: Network) -> None:
    """Raises `NetworkError` where there is a layer that cannot be trained, or no softmax at the end."""
    for layer in network.layers:
        if layer.kind not in KINDS:
            raise NetworkError(f"layer {layer.name}: a layer of kind {layer.kind} cannot be trained; these can: {', '.join(KINDS)}")
        if layer.kind == "add" and len(layer.inputs) != 2:
            raise NetworkError(f"layer {layer.name}: an addition can be trained between two layers, not with numbers of its own")
    if network.layers[-1].kind != "softmax":
        raise NetworkError("a network is trained towards probabilities: its last layer must be a softmax")


def start_weights(network: Network, random: torch.Generator) -> dict[str, torch.Tensor]:
    """PyTorch's own start: uniform within 1/√(incoming numbers); a batch normalisation begins by changing nothing more."""
    kinds = {layer.name: layer.kind for layer in network.layers}
    return {
        name: plain_start(name, shape)
        if kinds[name.partition(".")[0]] == "batchnorm"
        else drawn(shape, network.weight_shapes[f"{name.partition('.')[0]}.weight"], random)
        for name, shape in network.weight_shapes.items()
    }


def plain_start(name: str, shape: Shape) -> torch.Tensor:
    """Variance and scale 1, mean and bias 0."""
    return torch.ones(shape) if name.rpartition(".")[2] in ("running_var", "weight") else torch.zeros(shape)


def drawn(shape: Shape, weight: Shape, random: torch.Generator) -> torch.Tensor:
    """Random numbers for a layer whose `weight` has that shape."""
    bound = 1 / math.sqrt(math.prod(weight[1:]))
    return (torch.rand(shape, generator=random) * 2 - 1) * bound


def is_remembered(name: str) -> bool:
    """Whether a weight is one that no gradient changes."""
    return name.rpartition(".")[2] in REMEMBERED


def rounded(network: Network, weights: Weights, decimals: int) -> Network:
    """The network with these weights, rounded."""
    return Network(network.layers, {n: np.round(w.detach().double().numpy(), decimals) for n, w in weights.items()})
