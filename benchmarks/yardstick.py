"""The network that everybody trains first, PyTorch's own MNIST example, as a template: 1,199,882 random weights.

python benchmarks/yardstick.py FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

SHAPES = {"conv1": (32, 1, 3, 3), "conv2": (64, 32, 3, 3), "dense1": (128, 9216), "dense2": (10, 128)}
LAYERS: list[dict[str, object]] = [
    {"name": "input", "kind": "input", "sheet": "Input", "shape": [1, 28, 28]},
    {"name": "conv1", "kind": "conv2d", "sheet": "Conv1", "filters": 32, "kernel": [3, 3]},
    {"name": "relu1", "kind": "relu", "sheet": "ReLU1"},
    {"name": "conv2", "kind": "conv2d", "sheet": "Conv2", "filters": 64, "kernel": [3, 3]},
    {"name": "relu2", "kind": "relu", "sheet": "ReLU2"},
    {"name": "maxpool", "kind": "maxpool2d", "sheet": "MaxPool", "kernel": [2, 2], "stride": [2, 2]},
    {"name": "dense1", "kind": "dense", "sheet": "Dense1", "units": 128},
    {"name": "relu3", "kind": "relu", "sheet": "ReLU3"},
    {"name": "dense2", "kind": "dense", "sheet": "Dense2", "units": 10},
    {"name": "softmax", "kind": "softmax", "sheet": "Softmax"},
]


def write(folder: Path) -> Path:
    """The template in a new folder: each layer reads the one before it; weights as PyTorch begins with."""
    folder.mkdir(parents=True, exist_ok=True)
    layers = [
        layer | ({"inputs": [before["name"]]} if before else {}) for before, layer in zip([None, *LAYERS], LAYERS, strict=False)
    ]
    (folder / "network.json").write_text(json.dumps({"layers": layers}))
    random = np.random.default_rng(0)
    weights = {}
    for name, shape in SHAPES.items():
        bound = 1 / np.sqrt(np.prod(shape[1:]))
        for key, size in (("weight", shape), ("bias", shape[:1])):
            weights[f"{name}.{key}"] = random.uniform(-bound, bound, size).astype(np.float32)
    save_file(weights, folder / "weights.safetensors")
    return folder


if __name__ == "__main__":
    write(Path(sys.argv[1]))
