"""A Keras file as plain data: the description of its layers, and the weights of each.

`.keras` (Keras 3) is a zip archive of config.json and model.weights.h5; `.h5` (before) is one HDF5 file with both. The file is
data and is never run. What it declares is checked before anything is read: sizes, kinds of numbers, and that they lie in it.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.network.decimals import decimal
from xlcnn.network.importing.draft import MOST_NUMBERS, plain_name
from xlcnn.network.importing.imported import read_model
from xlcnn.sheets.parts import Array

MOST_BYTES = 2**29  # of a file: what is larger has more weights than any workbook
MOST_CONFIG = 2**25  # bytes of JSON
MODELS = ("Sequential", "Functional", "Model")
EXTRA = "reading Keras files needs a library that is not installed; install it with: pip install 'xlcnn[keras]'"
#: What h5py raises of a damaged file.
DAMAGED = (
    OSError,
    RuntimeError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
)
INSIDE = ("layers", "_layer_checkpoint_dependencies")  # the group of a model's layers; the second by TensorFlow 2.13 to 2.15

Names = tuple[str, ...]  # of a layer: those of the models around it, then its own


@dataclass(frozen=True)
class KerasFile:
    """The outermost model's description, the major version of Keras that wrote it, and the weights of each layer in order."""

    model: Mapping[str, Any]
    version: int
    weights: Mapping[Names, tuple[Array, ...]]


def read_keras(path: Path) -> KerasFile:
    """The model in a file. Raises `NetworkError` without the file's name."""
    try:
        import h5py
    except ImportError:
        raise NetworkError(EXTRA) from None
    data = read_model(path, MOST_BYTES)
    zipped = path.suffix.lower() == ".keras"
    config, version, data = unzipped(data) if zipped else ("", "", data)
    try:
        with h5py.File(io.BytesIO(data), "r") as file:
            if not zipped:
                config, version = attribute(file, "model_config"), attribute(file, "keras_version")
            model = as_model(config)
            located = in_groups(model, file) if zipped else by_names(model, file)
            budget = Budget()
            weights = {names: tuple(budget.read(each, names) for each in found) for names, found in located}
    except DAMAGED:
        what = "its weights are no HDF5 file" if zipped else "is no Keras file (HDF5)"
        raise NetworkError(f"{what}, or a damaged one") from None
    return KerasFile(model, int(version[0]) if version[:1].isdigit() else 2, weights)


# ---- the description ----


def unzipped(data: bytes) -> tuple[str, str, bytes]:
    """A `.keras` file's description, version and weights. Raises `NetworkError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = set(archive.namelist())
            for name in ("config.json", "model.weights.h5"):
                if name not in found:
                    raise NetworkError(f"is no Keras file: it holds no {name}")
            config = member(archive, "config.json", MOST_CONFIG).decode()
            said = json.loads(member(archive, "metadata.json", MOST_CONFIG)) if "metadata.json" in found else {}
            version = str(said.get("keras_version", "")) if isinstance(said, dict) else ""
            return config, version, member(archive, "model.weights.h5", MOST_BYTES)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):
        raise NetworkError("is no Keras file (a zip archive), or a damaged one") from None


def member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    data = b""
    if (declared := archive.getinfo(name).file_size) <= most:
        with archive.open(name) as file:
            data = file.read(most + 1)  # what the archive declares need not be true
    if max(declared, len(data)) > most:
        raise NetworkError(f"holds a {name} of more than {most // 2**20} MB")
    return data


def attribute(file: Any, name: str) -> str:
    found = file.attrs.get(name, "")
    return found.decode(errors="replace") if isinstance(found, bytes) else str(found)


def as_model(text: str) -> Mapping[str, Any]:
    """The outermost model. Raises `NetworkError` where there is none, or one that is code."""
    if not text:
        raise NetworkError("holds no description of its layers; save the whole model with model.save")
    try:
        model = json.loads(text)
    except (ValueError, RecursionError):
        raise NetworkError("describes its layers in JSON that is damaged") from None
    if not isinstance(model, dict) or model.get("class_name") not in MODELS:
        kind = plain_name(str(model.get("class_name"))) if isinstance(model, dict) else "no model"
        raise NetworkError(f"is a model of class {kind}, which is code of its own; Sequential and functional models can be read")
    return model


def layers_of(model: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The descriptions of a model's layers. Raises `NetworkError`."""
    config = model.get("config")
    layers = config.get("layers") if isinstance(config, dict) else config  # before Keras 2.2.3 it was a list
    right = isinstance(layers, list) and all(isinstance(x, dict) and isinstance(x.get("config"), dict) for x in layers)
    if not right or not all(isinstance(x.get("class_name"), str) for x in layers or ()):
        raise NetworkError("describes its layers in a way that is not known")
    return list(layers or ())


def name_of(layer: Mapping[str, Any]) -> str:
    config = layer["config"]
    return str(layer.get("name") or (config.get("name") if isinstance(config, dict) else None) or layer["class_name"])


# ---- the weights ----


def in_groups(model: Mapping[str, Any], group: Any, around: Names = ()) -> Iterator[tuple[Names, list[Any]]]:
    """Each layer's datasets in a Keras 3 file: those of a group `vars`, numbered.

    The group of a layer is known by the name that it bears, or, in older files, is called as its class and counted.
    """
    inside: Any = next((found for name in INSIDE if (found := inner(group, name)) is not None), {})
    groups = {key: found for key in inside if (found := inner(inside, key)) is not None}
    called = {str(v.attrs["name"]): g for g in groups.values() if (v := inner(g, "vars")) is not None and "name" in v.attrs}
    counts: Counter[str] = Counter()
    for layer in layers_of(model):
        stem, name = snake_case(layer["class_name"]), name_of(layer)
        counted = f"{stem}_{counts[stem]}" if counts[stem] else stem
        counts[stem] += 1
        own = called.get(name) if called else groups.get(counted, groups.get(name))
        if own is None:
            continue
        if layer["class_name"] in MODELS:
            yield from in_groups(layer, own, (*around, name))
        elif (numbered := inner(own, "vars")) is not None:
            yield (*around, name), [inner(numbered, str(k)) for k in range(len(numbered))]


def by_names(model: Mapping[str, Any], file: Any) -> Iterator[tuple[Names, list[Any]]]:
    """Each layer's datasets in a legacy file: of each outermost layer a list, in which a path names the layers inside."""
    groups = inner(file, "model_weights")
    for layer in layers_of(model):
        name = name_of(layer)
        group = inner(groups, name) if groups is not None else None
        if group is None:
            continue
        paths = weight_names(group)
        if layer["class_name"] not in MODELS:
            yield (name,), [at_path(group, path) for path in paths]
            continue
        for names in names_inside(layer, (name,)):
            yield names, [at_path(group, path) for path in belonging(paths, names)]


def belonging(paths: list[str], names: Names) -> list[str]:
    """The paths that end in a layer's name, before that of the weight, and in as many names around it as any path does."""
    for count in range(len(names), 0, -1):
        if found := [path for path in paths if tuple(path.split("/")[:-1][-count:]) == names[-count:]]:
            return found
    return []


def names_inside(model: Mapping[str, Any], around: Names) -> Iterator[Names]:
    for layer in layers_of(model):
        names = (*around, name_of(layer))
        if layer["class_name"] in MODELS:
            yield from names_inside(layer, names)
        else:
            yield names


def weight_names(group: Any) -> list[str]:
    """The paths of a group's weights; a long list is divided into several."""
    keys = ["weight_names"] if "weight_names" in group.attrs else [f"weight_names{k}" for k in range(len(group.attrs))]
    found = [name for key in keys if key in group.attrs for name in group.attrs[key]]
    return [name.decode() if isinstance(name, bytes) else str(name) for name in found]


def at_path(group: Any, path: str) -> Any:
    for name in path.split("/"):
        group = inner(group, name) if group is not None else None
    return group


def inner(group: Any, name: str) -> Any:
    """What a group holds under a name, in this very file: a link to somewhere else counts as nothing."""
    import h5py

    if not isinstance(group, h5py.Group) or not isinstance(group.get(name, getlink=True), h5py.HardLink):
        return None
    return group[name]


@dataclass
class Budget:
    """How many numbers may still be read."""

    left: int = field(default=2 * MOST_NUMBERS)

    def read(self, dataset: Any, names: Names) -> Array:
        """A dataset's numbers. Raises `NetworkError` where they are too many, of another kind, or in another file."""
        import h5py

        called = f"the weights of layer {plain_name(names[-1])}"
        if not isinstance(dataset, h5py.Dataset) or dataset.external or dataset.is_virtual:
            raise NetworkError(f"{called} do not lie in the file")
        if dataset.dtype.kind != "f":
            raise NetworkError(f"{called} are of kind {plain_name(str(dataset.dtype))}; only floating-point weights can be shown")
        self.left -= dataset.size
        if self.left < 0 or dataset.size > MOST_NUMBERS:
            raise NetworkError(f"{called} are {dataset.size:,} numbers; {MOST_NUMBERS:,} at most can be read")
        return decimal(np.asarray(dataset[()]))


def snake_case(name: str) -> str:
    """As Keras does it: Conv2D → conv2d, PReLU → p_re_lu."""
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)).lower()
