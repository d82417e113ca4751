"""Somebody else's network becomes a template: a folder like that of the lesson, without words of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xlcnn.errors import NetworkError, TemplateError, printable
from xlcnn.grid.blocks import Shape
from xlcnn.lesson.templates import Template
from xlcnn.network.files import save_network
from xlcnn.network.importing.imported import Imported
from xlcnn.network.importing.keras_import import import_keras
from xlcnn.network.importing.onnx_import import import_onnx
from xlcnn.network.network import Network
from xlcnn.sheets.layers.input import Input

KINDS = {".onnx": import_onnx, ".keras": import_keras, ".h5": import_keras, ".hdf5": import_keras}  # by the file's ending


@dataclass(frozen=True)
class Preparation:
    """What a network reads of an image x in [0, 1]: ``(scale · x − mean) / std``, of 1 − x with `invert`."""

    scale: float = 1.0
    mean: tuple[float, ...] = (0.0,)
    std: tuple[float, ...] = (1.0,)
    invert: bool = False


def import_network(
    path: Path | str,
    output: Path | str,
    *,
    preparation: Preparation | None = None,
    size: Shape | None = None,
    fold: bool = False,
) -> tuple[Template, Imported]:
    """The network in an ONNX or Keras file as a new template folder, written whole or not at all; and what became of its operators.

    `size` is that of its images (channels, height, width), where the file leaves it open; with `fold`, a batch normalisation
    becomes part of the layer before it. Raises `NetworkError` that names the file, the node and what is supported, and
    `TemplateError` where the folder cannot be written.
    """
    path, output = Path(path), Path(output)
    importer = KINDS.get(path.suffix.lower())
    if importer is None:
        raise NetworkError(f"{printable(path)} is none of the files that can be imported: {', '.join(KINDS)}")
    if output.exists():
        raise TemplateError(f"{printable(output)} exists already; choose another folder")
    try:
        imported = importer(path, size, fold)
        imported = replace(imported, network=prepared(imported.network, preparation or Preparation()))
    except NetworkError as error:
        raise NetworkError(f"{printable(path)}: {error}") from None
    write(imported.network, output)
    return Template(output.resolve().name, output), imported


def prepared(network: Network, how: Preparation) -> Network:
    """The network whose input prepares images so."""
    first = network.input
    assert isinstance(first, Input)
    changed = replace(first, scale=how.scale, mean=how.mean, std=how.std, invert=how.invert)
    return Network((changed, *network.layers[1:]), network.weights)


def write(network: Network, output: Path) -> None:
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".xlcnn-", dir=output.parent) as name:
            folder = Path(name) / "template"
            folder.mkdir()
            save_network(network, folder)
            folder.rename(output)
    except OSError as error:
        raise TemplateError(f"{printable(output)} cannot be written: {error.strerror or error}") from None


def check(imported: Imported, path: Path, trials: int = 3) -> float:
    """How far ONNX Runtime and NumPy are apart at most, on random inputs. Raises `NetworkError` where it is not installed."""
    if path.suffix.lower() != ".onnx":
        raise NetworkError("--check compares ONNX files only; leave it out")
    try:
        import onnxruntime
    except ImportError:
        raise NetworkError("--check needs ONNX Runtime; install it with: pip install onnxruntime") from None
    import numpy as np

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    random, worst = np.random.default_rng(0), 0.0
    first = session.get_inputs()[0]
    for _ in range(trials):
        x = random.uniform(size=imported.reads.shape)
        (found, *_) = session.run(None, {first.name: imported.input_of(x).astype(np.float32)})
        ours = imported.output_of(imported.network.forward(x, prepared=True))
        worst = max(worst, float(np.abs(np.asarray(found) - ours).max()))
    return worst


def rows(imported: Imported) -> Sequence[Sequence[str]]:
    """A row for each layer: what it is called, its kind, the shape of its output, its weights, and where it comes from."""
    network = imported.network
    came = {line.layer: line.operator or line.said for line in reversed(imported.lines) if line.said != "folded"}
    folded: dict[str, list[str]] = {}
    for line in imported.lines:
        if line.said == "folded" and line.operator:
            folded.setdefault(line.layer.partition(".")[0], []).append(line.operator)
    found = []
    for layer in network.layers:
        shape = " × ".join(map(str, network.shapes[layer.name]))
        weights = sum(w.size for name, w in network.weights.items() if name.partition(".")[0] == layer.name)
        source = " + ".join(filter(None, [came.get(layer.name, ""), *folded.get(layer.name, [])]))
        found.append((layer.name, layer.kind, shape, f"{weights:,}", source))
    return found
