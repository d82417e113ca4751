"""Networks unlike the lesson's: nothing downstream may know the lesson's own shapes."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from xlcnn.lesson.templates import find_template
from xlcnn.network.files import build as build_sheet
from xlcnn.network.network import Network, weight_shapes
from xlcnn.sheets.layers import LAYERS
from xlcnn.sheets.parts import Recorded
from xlcnn.sheets.plan import Plan, plan
from xlcnn.sheets.words import Words
from xlcnn.workbook.make import workbook_bytes
from xlcnn.workbook.picture import picture_of


def build(descriptions: list[dict[str, object]], seed: int = 0) -> Network:
    """A network with random weights of four decimals."""
    layers = tuple(build_sheet(d, LAYERS) for d in descriptions)
    random = np.random.default_rng(seed)
    shapes = weight_shapes(layers)
    return Network(layers, {name: np.round(random.normal(0, 0.5, shape), 4) for name, shape in shapes.items()})


def general_words() -> Words:
    """Words without a lesson: what is said of any sheet of its kind."""
    words = find_template().words()
    return Words(words.path, {k: v for k, v in words.data.items() if k not in ("sheets", "steps")})


def write_workbook(
    network: Network, path: Path, image: np.ndarray | None = None, words: Words | None = None, whole: Plan | None = None,
    pictures: Mapping[str, np.ndarray] | None = None,
) -> Path:  # fmt: skip
    """The network's workbook, without a lesson around it; a random image, if none is given."""
    if image is None:
        image = np.random.default_rng(3).uniform(size=network.input_shape)
    whole = whole or plan(network.layers)
    data = workbook_bytes(
        network, image, {"own": picture_of(image)}, words or general_words(), whole, pictures, made_up_records(whole)
    )
    path.write_bytes(data)
    return path


def made_up_records(whole: Plan) -> dict[str, np.ndarray]:
    """Something in place of what is recorded while a network is trained, for each sheet that shows it."""
    random = np.random.default_rng(4)
    shown = [part for parts in whole.parts.values() for part in parts.values() if isinstance(part, Recorded)]
    return {part.record: random.integers(1, 99, part.shape).astype(float) for part in shown}


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


def uneven() -> Network:
    """Strides that differ per axis, padding that differs per side, pooling with padding, a softmax in the middle."""
    uneven_conv: dict[str, object] = {"stride": [1, 2], "padding": [2, 0, 1, 1]}
    uneven_pool: dict[str, object] = {"stride": [2, 1], "padding": [1, 2, 0, 1]}
    return build([
        {"name": "input", "kind": "input", "shape": [1, 9, 11]},
        {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 2, "kernel": [3, 2], **uneven_conv},
        {"name": "pool", "kind": "maxpool2d", "inputs": ["conv"], "kernel": [3, 3], **uneven_pool},
        {"name": "first", "kind": "dense", "inputs": ["pool"], "units": 4},
        {"name": "middle", "kind": "softmax", "inputs": ["first"]},
        {"name": "second", "kind": "dense", "inputs": ["middle"], "units": 3},
        {"name": "last", "kind": "softmax", "inputs": ["second"]},
    ])  # fmt: skip
