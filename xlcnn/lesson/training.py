"""Trains a template's network on MNIST with PyTorch. Everything else in xlcnn runs without PyTorch.

Only the template's layers and settings are needed: a new one has no weights yet.
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
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError, TemplateError, XlcnnError
from xlcnn.files.reading import read_regular, reason
from xlcnn.lesson.doubt import LIKE_FROM
from xlcnn.lesson.likeness import are_digits, can_tell
from xlcnn.lesson.measuring import DECIMALS, Recorder, accuracy, confusion, probabilities, temperature
from xlcnn.lesson.pens import WAYS, draw_digits
from xlcnn.lesson.settings import EDGES, Settings, check_start
from xlcnn.lesson.templates import CLASSES, Template
from xlcnn.network.files import save_network
from xlcnn.network.network import Network
from xlcnn.sheets.parts import Array
from xlcnn.sheets.plan import plan

HELD_OUT = 10_000  # the last images of the training set; never trained on
SAID = ("words.*.toml", "intro.*.toml", CLASSES)  # what training does not change of a template's words


def train_template(
    template: Template,
    mnist: Path,
    output: Path,
    epochs: int | None = None,
    seed: int | None = None,
    say: Callable[[str], object] = print,
) -> dict[str, Any]:
    """Train and write a new template folder; return what its ``training.json`` says.

    Raises `XlcnnError` where PyTorch or the data is missing, the network is none that can be trained, or `output` exists already.
    """
    try:
        import torch

        from xlcnn.lesson.fitting import fit
    except ImportError:
        raise XlcnnError("training needs PyTorch; install it with: pip install 'xlcnn[train]'") from None
    if output.exists():
        raise XlcnnError(f"{output} exists already; give the name of a new folder")
    settings = Settings.of(template)
    settings = replace(settings, epochs=epochs or settings.epochs, seed=settings.seed if seed is None else seed)
    blank = untrained(template, settings)
    images = read_idx(mnist / "train-images-idx3-ubyte.gz", 3)[:, None].astype(np.float64) / 255
    labels = read_idx(mnist / "train-labels-idx1-ubyte.gz", 1).astype(np.int64)
    if images.shape[1:] != blank.input_shape or len(images) != len(labels) or len(images) < HELD_OUT + settings.batch:
        raise XlcnnError(f"{mnist} does not hold MNIST's training set in the network's shape")
    most = max(labels.max(), len(WAYS) - 1 if settings.drawn else 0)
    if most >= (classes := len(blank.probabilities(images[0]))):
        raise XlcnnError(f"{mnist} holds more classes than the network's {classes}")
    torch.set_num_threads(1)  # sums in one order, whatever the machine
    torch.use_deterministic_algorithms(True)
    held, held_labels = images[-HELD_OUT:], labels[-HELD_OUT:]
    recorder = Recorder(held, held_labels, settings.epochs, say)
    network = fit(blank, settings, *with_drawn(images[:-HELD_OUT], labels[:-HELD_OUT], settings), recorder)
    if settings.calibrated:
        network = calibrated(network, held, held_labels)
    found = probabilities(network, held)
    report: dict[str, Any] = {
        "data": f"MNIST's training set without its last {HELD_OUT:,} images, which are held out"
        + (f"; {settings.drawn:.0%} of what it learned from was drawn by xlcnn" if settings.drawn else ""),
        "held_out_accuracy": accuracy(found, held_labels),
        "edge_similarity": {
            f"{layer} filter {k + 1}, {edge}": round(similarity(network.weights[f"{layer}.weight"][k, 0], EDGES[edge]), 4)
            for layer, edges in settings.start
            for k, edge in enumerate(edges)
        },
        "settings": asdict(settings) | {"start": dict(settings.start)},
        "torch": str(torch.__version__),
        "history": recorder.history,
        "start": recorder.start if template.description.learning else {},  # nothing else shows it
        "confusion": confusion(found, held_labels),
    }
    if can_tell(network) and not template.classes and are_digits(held[:1000], held_labels[:1000]):
        report["like_from"] = LIKE_FROM
    write_template(template, network, report, output)
    return report


def untrained(template: Template, settings: Settings) -> Network:
    """The network with zeros for weights. Raises `TemplateError` where it cannot be trained, or no workbook be made of it."""
    from xlcnn.lesson.torched import check_kinds

    told = template.description
    try:
        plan(told.layers, told.galleries, told.exhibits, told.learning).checked()
        network = Network.blank(told.layers)
        check_kinds(network)
        check_start(network, settings)
        if settings.calibrated:
            check_scores(network)
    except NetworkError as error:
        raise TemplateError(f"template {template.name}: {error}") from None
    return network


def with_drawn(images: Array, labels: Array, settings: Settings) -> tuple[Array, Array]:
    """The pictures to learn from and their labels, with as many drawn by xlcnn as make the share that the settings want."""
    count = round(len(images) * settings.drawn / (1 - settings.drawn))
    if not count:
        return images, labels
    drawn, drawn_labels = draw_digits(count, np.random.default_rng(settings.seed % 2**64))
    return np.concatenate([images, drawn]), np.concatenate([labels, drawn_labels])


def check_scores(network: Network) -> None:
    """Raises `NetworkError` where no dense layer gives the softmax its scores: they cannot be calibrated there."""
    scores = network.layers[-1].inputs[0]
    if next(layer for layer in network.layers if layer.name == scores).kind != "dense":
        raise NetworkError(f"settings.calibrated: the softmax reads {scores}, which is no dense layer")


def calibrated(network: Network, images: Array, labels: Array) -> Network:
    """The same network with scores that make its probabilities fit these images: answering the same, as sure as it may be."""
    divisor = temperature(probabilities(network, images), labels)
    scores = network.layers[-1].inputs[0]
    softer = {
        name: np.round(network.weights[name] / divisor, DECIMALS) for name in network.weights if name.startswith(f"{scores}.")
    }
    return Network(network.layers, {**network.weights, **softer})


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
            for words in (path for pattern in SAID for path in template.folder.glob(pattern)):
                shutil.copy(words, folder / words.name)
            for gallery in template.pictures:
                shutil.copytree(template.folder / gallery, folder / gallery)
            folder.rename(output)
    except OSError as error:
        raise XlcnnError(f"{output} cannot be written: {error.strerror or error}") from None
