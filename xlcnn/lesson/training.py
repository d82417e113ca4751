"""Trains a template's network on MNIST with PyTorch. Everything else in xlcnn runs without PyTorch.

The pictures are varied while training (turned, scaled, sheared, shifted, drawn with a thicker or thinner pen), because
people do not draw like MNIST. Filters start as edge filters where the template says so, and are held near them.
The same command gives the same weights: one thread, one seed.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xlcnn.errors import TemplateError, XlcnnError
from xlcnn.files.reading import read_regular, reason
from xlcnn.lesson.measuring import DECIMALS, Recorder, accuracy, confusion, probabilities
from xlcnn.lesson.templates import Template
from xlcnn.network.files import save_network
from xlcnn.network.network import Network
from xlcnn.sheets.layers.conv2d import Conv2d
from xlcnn.sheets.layers.dense import Dense
from xlcnn.sheets.layers.maxpool2d import MaxPool2d
from xlcnn.sheets.layers.relu import ReLU
from xlcnn.sheets.layers.softmax import Softmax
from xlcnn.sheets.parts import Array

if TYPE_CHECKING:
    import torch

HELD_OUT = 10_000  # the last images of the training set; never trained on

EDGES = {
    "horizontal": np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]]) / 3,
    "vertical": np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]]) / 3,
}


@dataclass(frozen=True)
class Settings:
    """How a template is trained: the ``settings`` of its ``training.json``."""

    epochs: int = 40
    batch: int = 250
    learning_rate: float = 0.01
    seed: int = 0
    variation: float = 0.5
    unvaried: float = 0.5
    start: tuple[tuple[str, tuple[str, ...]], ...] = ()
    hold: float = 0.1
    decay: float = 0.0

    @staticmethod
    def of(template: Template) -> Settings:
        """The template's settings. Raises `TemplateError` for a key that is not known."""
        data = dict(template.training.get("settings", {}))
        unknown = set(data) - {f.name for f in fields(Settings)}
        if unknown:
            raise TemplateError(f"{template.folder / 'training.json'}: settings.{min(unknown)} is not known")
        start = data.pop("start", {})
        for names in start.values():
            for name in set(names) - set(EDGES):
                raise TemplateError(f"{template.folder / 'training.json'}: settings.start: {name!r} is not known")
        return Settings(**data, start=tuple((k, tuple(v)) for k, v in start.items()))


def train_template(
    template: Template,
    mnist: Path,
    output: Path,
    epochs: int | None = None,
    seed: int | None = None,
    say: Callable[[str], object] = print,
) -> dict[str, Any]:
    """Train and write a new template folder; return what its ``training.json`` says.

    Raises `XlcnnError` where PyTorch or the data is missing, or `output` exists already.
    """
    try:
        import torch
    except ImportError:
        raise XlcnnError("training needs PyTorch; install it with: pip install 'xlcnn[train]'") from None
    if output.exists():
        raise XlcnnError(f"{output} exists already; give the name of a new folder")
    settings = Settings.of(template)
    settings = replace(settings, epochs=epochs or settings.epochs, seed=settings.seed if seed is None else seed)
    images = read_idx(mnist / "train-images-idx3-ubyte.gz", 3)[:, None].astype(np.float64) / 255
    labels = read_idx(mnist / "train-labels-idx1-ubyte.gz", 1).astype(np.int64)
    if images.shape[1:] != template.network.input_shape or len(images) != len(labels) or len(images) <= HELD_OUT:
        raise XlcnnError(f"{mnist} does not hold MNIST's training set in the network's shape")
    torch.set_num_threads(1)  # sums in one order, whatever the machine
    torch.use_deterministic_algorithms(True)
    held, held_labels = images[-HELD_OUT:], labels[-HELD_OUT:]
    recorder = Recorder(held, held_labels, settings.epochs, say)
    network = fit(template.network, settings, images[:-HELD_OUT], labels[:-HELD_OUT], recorder)
    found = probabilities(network, held)
    report = {
        "data": f"MNIST's training set without its last {HELD_OUT:,} images, which are held out",
        "held_out_accuracy": accuracy(found, held_labels),
        "edge_similarity": {
            f"{layer} filter {k + 1}, {edge}": round(similarity(network.weights[f"{layer}.weight"][k, 0], EDGES[edge]), 4)
            for layer, edges in settings.start
            for k, edge in enumerate(edges)
        },
        "settings": asdict(settings) | {"start": dict(settings.start)},
        "torch": str(torch.__version__),
        "history": recorder.history,
        "start": recorder.start,
        "confusion": confusion(found, held_labels),
    }
    write_template(template, network, report, output)
    return report


def read_idx(path: Path, axes: int) -> Array:
    """An array in MNIST's IDX format, gzipped or not. Raises `XlcnnError`."""
    plain = path.with_suffix("")
    try:
        data = gzip.decompress(read_regular(path)) if path.exists() else read_regular(plain)
        shape = tuple(int.from_bytes(data[4 + 4 * k : 8 + 4 * k], "big") for k in range(axes))
        if data[:4] != bytes([0, 0, 8, axes]) or len(data) != 4 + 4 * axes + math.prod(shape):
            raise XlcnnError(f"{path} is not a file in MNIST's IDX format")
    except (OSError, EOFError, zlib.error) as error:
        raise XlcnnError(f"{path} cannot be read: {reason(error)}") from None
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)


def fit(network: Network, settings: Settings, images: Array, labels: Array, watch: Callable[[int, Network], object]) -> Network:
    """The network with trained weights: cross-entropy, Adam, a learning rate that rises once and falls to nothing.

    `watch` is shown the network before the first step, as epoch 0, and after every epoch. It has no part in the training.
    """
    import torch
    from torch.nn import functional

    random = torch.Generator().manual_seed(settings.seed)
    weights = start_weights(network, settings, random)
    optimiser = torch.optim.Adam(list(weights.values()), lr=settings.learning_rate, weight_decay=settings.decay)
    steps = len(images) // settings.batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.learning_rate, total_steps=settings.epochs * steps, pct_start=0.1, final_div_factor=1000
    )
    x, y = torch.tensor(images, dtype=torch.float32), torch.tensor(labels)
    edges = [
        (name, k, torch.tensor(EDGES[edge], dtype=torch.float32).flatten())
        for name, kinds in settings.start
        for k, edge in enumerate(kinds)
    ]
    watch(0, rounded(network, weights))
    for epoch in range(settings.epochs):
        order = torch.randperm(len(x), generator=random)
        for k in range(steps):
            chosen = order[k * settings.batch : (k + 1) * settings.batch]
            scores = run(network, weights, vary(x[chosen], settings, random))
            loss = functional.cross_entropy(scores, y[chosen])
            for name, f, edge in edges:
                near = functional.cosine_similarity(weights[f"{name}.weight"][f, 0].flatten(), edge, dim=0)
                loss = loss + settings.hold * (1 - near)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        watch(epoch + 1, rounded(network, weights))
    return rounded(network, weights)


def start_weights(network: Network, settings: Settings, random: torch.Generator) -> dict[str, torch.Tensor]:
    """PyTorch's own start, uniform within 1/√(incoming numbers); edge filters where the settings name them."""
    import torch

    weights = {}
    for name, shape in network.weight_shapes.items():
        layer = name.rpartition(".")[0]
        bound = 1 / math.sqrt(math.prod(network.weight_shapes[f"{layer}.weight"][1:]))
        weights[name] = (torch.rand(shape, generator=random) * 2 - 1) * bound
    for layer, edges in settings.start:
        weights[f"{layer}.bias"].zero_()
        for k, edge in enumerate(edges):
            weights[f"{layer}.weight"][k, 0] = torch.tensor(EDGES[edge], dtype=torch.float32)
    return {name: w.requires_grad_() for name, w in weights.items()}


def run(network: Network, weights: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """The network's scores in PyTorch, before the softmax."""
    from torch.nn import functional

    values = {network.input.name: x}
    for layer in network.layers[1:]:
        incoming = [values[name] for name in layer.inputs]
        if isinstance(layer, Conv2d):
            kernel, bias = weights[f"{layer.name}.weight"], weights[f"{layer.name}.bias"]
            out = functional.conv2d(padded(incoming[0], layer.padding, 0.0), kernel, bias, layer.stride)
        elif isinstance(layer, ReLU):
            out = functional.relu(incoming[0])
        elif isinstance(layer, MaxPool2d):
            out = functional.max_pool2d(padded(incoming[0], layer.padding, -math.inf), layer.kernel, layer.stride)
        elif isinstance(layer, Dense):
            out = functional.linear(incoming[0].flatten(1), weights[f"{layer.name}.weight"], weights[f"{layer.name}.bias"])
        elif isinstance(layer, Softmax):
            out = incoming[0]  # cross-entropy takes scores
        else:
            raise XlcnnError(f"layer {layer.name}: training a layer of kind {layer.kind} is not supported")
        values[layer.name] = out
    return values[network.layers[-1].name]


def padded(x: torch.Tensor, sides: tuple[int, int, int, int], value: float) -> torch.Tensor:
    """Maps with padding on each side: top, left, bottom, right."""
    from torch.nn import functional

    top, left, bottom, right = sides
    return functional.pad(x, (left, right, top, bottom), value=value)


def vary(x: torch.Tensor, settings: Settings, random: torch.Generator) -> torch.Tensor:
    """A batch as other hands might have drawn it; a share of it unvaried."""
    import torch
    from torch.nn import functional

    count, strength = len(x), settings.variation

    def between(bound: float) -> torch.Tensor:
        return (torch.rand(count, generator=random) * 2 - 1) * bound * strength

    angle, size, slant = between(math.radians(12)), 1 + between(0.1), between(0.15)
    cos, sin = torch.cos(angle) / size, torch.sin(angle) / size
    right, down = between(1.5 / 14), between(1.5 / 14)
    grid = torch.stack([torch.stack([cos, slant - sin, right], 1), torch.stack([sin, cos, down], 1)], 1)
    y = functional.grid_sample(x, functional.affine_grid(grid, list(x.shape), align_corners=False), align_corners=False)
    thick = functional.max_pool2d(y, 3, 1, 1)
    thin = -functional.max_pool2d(-y, 2, 1, 1)[:, :, : y.shape[2], : y.shape[3]]
    pen = torch.rand(count, generator=random)[:, None, None, None]
    amount = torch.rand(count, generator=random)[:, None, None, None] * strength
    y = torch.where(pen < 0.25, y + (thick - y) * amount * 0.7, torch.where(pen < 0.5, y + (thin - y) * amount * 0.6, y))
    same = torch.rand(count, generator=random) < settings.unvaried
    return torch.where(same[:, None, None, None], x, y)


def rounded(network: Network, weights: dict[str, torch.Tensor]) -> Network:
    """The network with weights of four decimals."""
    return Network(network.layers, {n: np.round(w.detach().double().numpy(), DECIMALS) for n, w in weights.items()})


def similarity(a: Array, b: Array) -> float:
    """The cosine between two filters: 1 means the same but for a factor."""
    return float((a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b)))


def readable(report: dict[str, Any]) -> str:
    """The report as JSON, with a row of numbers on one line."""
    text = json.dumps(report, indent=2)
    return re.sub(r"\[[-+.e\d,\s]+\]", lambda row: f"[{' '.join(row[0][1:-1].split())}]", text) + "\n"


def write_template(template: Template, network: Network, report: dict[str, Any], output: Path) -> None:
    """A whole new template folder: network, weights, report; and of the old one the words and the pictures."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".xlcnn-", dir=output.parent) as name:
            folder = Path(name) / "template"
            folder.mkdir()
            more = template.description
            save_network(network, folder, more.galleries, more.exhibits, more.learning)
            (folder / "training.json").write_text(readable(report), encoding="utf-8")
            for words in template.folder.glob("words.*.toml"):
                shutil.copy(words, folder / words.name)
            for gallery in template.pictures:
                shutil.copytree(template.folder / gallery, folder / gallery)
            folder.rename(output)
    except OSError as error:
        raise XlcnnError(f"{output} cannot be written: {error.strerror or error}") from None
