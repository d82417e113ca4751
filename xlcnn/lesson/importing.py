"""Somebody else's network becomes a template: a folder like that of the lesson, without words of its own."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from xlcnn.errors import NetworkError, TemplateError, printable
from xlcnn.grid.blocks import Shape
from xlcnn.grid.letters import alike
from xlcnn.layout.needs import Needs, needs
from xlcnn.lesson.templates import CLASSES, TITLE, Template, check_classes, check_name
from xlcnn.network.files import save_network
from xlcnn.network.importing.imported import Imported
from xlcnn.network.importing.keras_import import import_keras
from xlcnn.network.importing.onnx_import import import_onnx
from xlcnn.network.network import Network
from xlcnn.sheets.exhibits.picture import FromPicture
from xlcnn.sheets.layers.input import Input
from xlcnn.sheets.parts import Array
from xlcnn.sheets.plan import plan

PICTURE = FromPicture.kind
MANY_CELLS = 1_600_000  # that take about a GB to make: 9.1 million took 5.6
RUNTIME_KINDS = {"tensor(double)": np.float64, "tensor(float16)": np.float16, "tensor(uint8)": np.uint8}
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
    classes: Sequence[str] = (),
    name: str = "",
) -> Template:
    """The network in an ONNX or Keras file as a new template folder, written whole or not at all.

    `classes` are the names of its classes, `name` is what its Guide calls it; for the other options and for what is raised see
    `read_network`, `write_template`.
    """
    free(Path(output))
    imported = read_network(path, preparation=preparation, size=size, fold=fold)
    needed(imported)
    return write_template(imported, output, classes, name)


def read_network(
    path: Path | str, *, preparation: Preparation | None = None, size: Shape | None = None, fold: bool = False
) -> Imported:  # fmt: skip
    """The network in an ONNX or Keras file.

    `size` is that of its images (channels, height, width), where the file leaves it open; with `fold`, a batch normalisation
    becomes part of the layer before it. Raises `NetworkError` that names the file, the node and what is supported.
    """
    path = Path(path)
    importer = KINDS.get(path.suffix.lower())
    if importer is None:
        raise NetworkError(f"{printable(path)} is none of the files that can be imported: {', '.join(KINDS)}")
    try:
        imported = importer(path, size, fold)
        return replace(imported, network=prepared(imported.network, preparation or Preparation()))
    except NetworkError as error:
        raise NetworkError(f"{printable(path)}: {error}") from None


def needed(imported: Imported) -> Needs:
    """What each sheet of its workbooks needs. Raises `NetworkError` that names the layer for which Excel has no room."""
    return needs(plan(imported.network.layers))


def write_template(imported: Imported, output: Path | str, classes: Sequence[str] = (), name: str = "") -> Template:
    """A new template folder, with the names of the network and its classes, if they have any.

    Raises `TemplateError`, `NetworkError`.
    """
    output = Path(output)
    free(output)
    network = imported.network
    if classes:
        check_classes(classes, network)
        network = Network((*network.layers[:-1], replace(network.layers[-1], named=True)), network.weights)  # type: ignore[call-arg]
    if name:
        check_name(name, "a network's name")
    write(network, output, classes, name)
    return Template(output.resolve().name, output)


def free(output: Path) -> None:
    """Raises `TemplateError` where something is there already."""
    if output.exists():
        raise TemplateError(f"{printable(output)} exists already; choose another folder")


def prepared(network: Network, how: Preparation) -> Network:
    """The network whose input prepares images so."""
    first = network.input
    assert isinstance(first, Input)
    changed = replace(first, scale=how.scale, mean=how.mean, std=how.std, invert=how.invert)
    return Network((changed, *network.layers[1:]), network.weights)


def write(network: Network, output: Path, classes: Sequence[str], name: str) -> None:
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".xlcnn-", dir=output.parent) as beside:
            folder = Path(beside) / "template"
            folder.mkdir()
            save_network(network, folder, exhibits=from_picture(network))
            if classes:
                (folder / CLASSES).write_text("\n".join(classes) + "\n", encoding="utf-8")
            if name:
                (folder / TITLE).write_text(f"{name}\n", encoding="utf-8")
            folder.rename(output)
    except OSError as error:
        raise TemplateError(f"{printable(output)} cannot be written: {error.strerror or error}") from None


def from_picture(network: Network) -> tuple[FromPicture, ...]:
    """The sheet that shows how a picture became the input, where one of a single channel is searched for ink."""
    taken = {alike(word) for layer in network.layers for word in (layer.name, layer.title)}
    if network.input_shape[0] > 1 or alike(PICTURE) in taken:
        return ()
    return (FromPicture(PICTURE, PICTURE.capitalize(), ()),)


def check(imported: Imported, path: Path, trials: int = 3) -> float:
    """How far ONNX Runtime and NumPy are apart at most, on random inputs. Raises `NetworkError` where it cannot be asked."""
    if path.suffix.lower() != ".onnx":
        raise NetworkError("--check compares ONNX files only; leave it out")
    try:
        import onnxruntime
    except ImportError:
        raise NetworkError("--check needs ONNX Runtime; install it with: pip install onnxruntime") from None
    random, worst = np.random.default_rng(0), 0.0
    try:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        first = session.get_inputs()[0]
        kind = RUNTIME_KINDS.get(first.type, np.float32)
        images = first.shape[0] if len(first.shape) == imported.reads.order.ndim and isinstance(first.shape[0], int) else 1
        for _ in range(trials):
            x = random.uniform(size=imported.reads.shape)
            x = np.rint(255 * x) if kind is np.uint8 else x
            given = imported.input_of(x).astype(kind)
            (found, *_) = session.run(None, {first.name: np.repeat(given, max(1, images), axis=0) if images > 1 else given})
            ours = imported.output_of(imported.network.forward(x, prepared=True))
            worst = max(worst, apart(np.asarray(found)[: len(ours)], ours))
    except Exception as error:  # what it raises has no common base
        text = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
        raise NetworkError(f"{printable(path)}: ONNX Runtime cannot run it ({text}); leave out --check") from None
    return worst


def apart(theirs: Array, ours: Array) -> float:
    """How far two tensors are apart at most; infinitely far, where only one of them holds no number."""
    with np.errstate(invalid="ignore"):
        difference = np.where((theirs == ours) | (np.isnan(theirs) & np.isnan(ours)), 0, np.abs(theirs - ours))
    return float(np.where(np.isnan(difference), np.inf, difference).max())


def rows(imported: Imported, needs: Needs) -> Sequence[Sequence[str]]:
    """A row for each layer: its name, its kind, the shape of its output, its weights, its sheet's cells, where it comes from."""
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
        found.append((layer.name, layer.kind, shape, f"{weights:,}", f"{needs[layer.name].cells:,}", source))
    return found


def left_out(imported: Imported) -> str:
    """What to say of the file's operators that have no sheet: they move numbers, or compute nothing from the image."""
    counts = Counter(line.operator for line in imported.lines if line.said in ("moves", "constant"))
    names = [f"{count} × {name}" if count > 1 else name for name, count in sorted(counts.items())]
    return f"left out, as they only move numbers or are constant: {', '.join(names)}" if names else ""


def unread(needs: Needs, cells: int, sheets: int) -> str:
    """What to say of workbooks with more than `verify` reads, unless it is told to: so many cells and sheets."""
    found = sum(need.cells for need in needs.values())
    if len(needs) > sheets:
        return f"its workbooks have {len(needs)} sheets; xlcnn verify reads {sheets}"
    enough = (found // 1_000_000 + 2) * 1_000_000  # with room for headings and words
    if found <= cells:
        return ""
    much = f"; making one needs about {found / MANY_CELLS:.0f} GB of memory" if found > 3 * MANY_CELLS else ""
    return f"its workbooks have {found:,} cells: verify them with xlcnn verify --max-cells {enough}{much}"
