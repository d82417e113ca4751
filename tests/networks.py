"""Networks unlike the lesson's: nothing downstream may know the lesson's own shapes."""

import numpy as np

from xlcnn.network import Network, build_layer, weight_shapes


def build(descriptions: list[dict[str, object]], seed: int = 0) -> Network:
    """A network with random weights of four decimals."""
    layers = tuple(build_layer(d) for d in descriptions)
    random = np.random.default_rng(seed)
    shapes = weight_shapes(layers)
    return Network(layers, {name: np.round(random.normal(0, 0.5, shape), 4) for name, shape in shapes.items()})


def coloured() -> Network:
    """Three colours, a 5×3 filter with stride 2 and padding, pooling that overlaps, two dense layers."""
    return build([
        {"name": "input", "kind": "input", "shape": [3, 12, 10]},
        {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 4, "kernel": [5, 3], "stride": 2, "padding": 1},
        {"name": "relu", "kind": "relu", "sheet": "My ReLU", "inputs": ["conv"]},
        {"name": "pool", "kind": "maxpool2d", "inputs": ["relu"], "kernel": [2, 2], "stride": 1},
        {"name": "hidden", "kind": "dense", "inputs": ["pool"], "units": 6},
        {"name": "relu2", "kind": "relu", "sheet": "A1", "inputs": ["hidden"]},
        {"name": "dense", "kind": "dense", "inputs": ["relu2"], "units": 3},
        {"name": "softmax", "kind": "softmax", "inputs": ["dense"]},
    ])  # fmt: skip


def branching() -> Network:
    """Two convolutions read the same input; one of them goes nowhere but onto its sheet; no softmax at the end."""
    return build([
        {"name": "input", "kind": "input", "shape": [1, 7, 7]},
        {"name": "left", "kind": "conv2d", "inputs": ["input"], "filters": 1, "kernel": [3, 3]},
        {"name": "right", "kind": "conv2d", "inputs": ["input"], "filters": 2, "kernel": [3, 3], "padding": 1},
        {"name": "pool", "kind": "maxpool2d", "inputs": ["right"], "kernel": [3, 3], "stride": 3},
        {"name": "dense", "kind": "dense", "inputs": ["pool"], "units": 2},
    ])  # fmt: skip
