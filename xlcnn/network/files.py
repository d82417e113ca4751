"""Sheets as plain data, and a network's folder: ``network.json`` and ``weights.safetensors``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.files.reading import read_text, reason
from xlcnn.grid.letters import alike
from xlcnn.network.network import Network
from xlcnn.network.weights import load_weights
from xlcnn.sheets.base import Exhibit, Layer, Learning, Sheet
from xlcnn.sheets.exhibits import EXHIBITS
from xlcnn.sheets.gallery import Gallery
from xlcnn.sheets.layers import LAYERS
from xlcnn.sheets.learning import LEARNING
from xlcnn.sheets.options import described, options_of
from xlcnn.sheets.plan import GALLERIES, TITLES

#: The keys of a ``network.json``, and which kinds of sheets stand under each.
SECTIONS: dict[str, Mapping[str, type[Sheet]]] = {
    "layers": LAYERS,
    "galleries": GALLERIES,
    "exhibits": EXHIBITS,
    "learning": LEARNING,
}


@dataclass(frozen=True)
class Description:
    """What a ``network.json`` says."""

    layers: tuple[Layer, ...]
    galleries: tuple[Gallery, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    learning: tuple[Learning, ...] = ()


def as_data(sheet: Sheet) -> dict[str, Any]:
    """A sheet as plain data."""
    own = {name: list(value) if isinstance(value, tuple) else value for name, value in described(sheet).items()}
    return {"name": sheet.name, "kind": sheet.kind, "sheet": sheet.title, "inputs": list(sheet.inputs), **own}


def build(description: Mapping[str, Any], kinds: Mapping[str, type[Sheet]]) -> Any:
    """The sheet that `as_data` gave, one of `kinds`. Raises `NetworkError` that names the key that is wrong."""
    data = dict(description)
    name = data.pop("name", None)
    if not isinstance(name, str) or not name.isidentifier() or not name.isascii() or len(name) > 60:
        raise NetworkError(f"a layer's name must be a word of letters, digits and _, not {name!r}")
    if alike(name) in map(alike, TITLES):
        raise NetworkError(f"no layer can be called {name}: a sheet of every workbook is")
    kind = data.pop("kind", None)
    if not isinstance(kind, str) or kind not in kinds:
        raise NetworkError(f"layer {name}: unknown kind {kind!r}; known are {', '.join(kinds)}")
    title, inputs = data.pop("sheet", name.capitalize()), data.pop("inputs", [])
    check_title(name, title)
    if not isinstance(inputs, list | tuple) or not all(isinstance(i, str) for i in inputs):
        raise NetworkError(f"layer {name}: inputs must be a list of layers' names")
    values: dict[str, Any] = {}
    for key, option in options_of(kinds[kind]).items():
        if key in data:
            try:
                values[key] = option.read(data.pop(key))
            except ValueError as error:
                raise NetworkError(f"layer {name}: {key} {error}") from None
        elif option.default is MISSING:
            raise NetworkError(f"layer {name}: {key} is missing")
    if data:
        raise NetworkError(f"layer {name}: unknown key {next(iter(data))}")
    return kinds[kind](name, title, tuple(inputs), **values)


def check_title(layer: str, title: Any, taken: Iterable[str] = tuple(TITLES.values())) -> None:
    """Excel's rules for the name of a sheet."""
    if not isinstance(title, str) or not 1 <= len(title) <= 31 or set(title) & set("[]:*?/\\'") or not title.isprintable():
        raise NetworkError(f"layer {layer}: {title!r} cannot name a sheet (1 to 31 characters, none of []:*?/\\')")
    if alike(title) in map(alike, ("history", *taken)):
        raise NetworkError(f"layer {layer}: the sheet name {title} is taken")


def save_network(
    network: Network, folder: Path, galleries: Iterable[Sheet] = (), exhibits: Iterable[Sheet] = (), learning: Iterable[Sheet] = ()
) -> None:
    """Write ``network.json``, with a template's further sheets, and ``weights.safetensors`` into a folder."""
    from safetensors.numpy import save_file

    sheets: dict[str, Iterable[Sheet]] = {
        "layers": network.layers,
        "galleries": galleries,
        "exhibits": exhibits,
        "learning": learning,
    }
    text = json.dumps({key: [as_data(s) for s in some] for key, some in sheets.items()}, indent=2, ensure_ascii=False)
    (folder / "network.json").write_text(text + "\n", encoding="utf-8")
    save_file({n: np.ascontiguousarray(w) for n, w in network.weights.items()}, folder / "weights.safetensors")


def load_network(folder: Path) -> Network:
    """Read a network that `save_network` wrote. Raises `NetworkError` with the folder's name in it."""
    try:
        layers = load_description(folder / "network.json").layers
    except NetworkError as error:
        raise NetworkError(f"{folder}: {error}") from None
    try:
        weights = load_weights(folder / "weights.safetensors")
    except NetworkError as error:
        raise NetworkError(f"{folder / 'weights.safetensors'}: {error}") from None
    try:
        return Network(layers, weights)
    except NetworkError as error:
        raise NetworkError(f"{folder}: {error}") from None


def load_description(path: Path) -> Description:
    """The sheets in a ``network.json``. Raises `NetworkError`."""
    try:
        data = json.loads(read_text(path))
    except (OSError, ValueError, RecursionError) as error:
        raise NetworkError(f"{path.name} cannot be read: {reason(error)}") from None
    if not isinstance(data, dict) or not {"layers"} <= set(data) <= set(SECTIONS):
        raise NetworkError(f"{path.name} must hold one object with the keys {', '.join(SECTIONS)}")
    built: dict[str, tuple[Any, ...]] = {}
    for key, descriptions in data.items():
        if not isinstance(descriptions, list) or not all(isinstance(d, dict) for d in descriptions):
            raise NetworkError(f"{path.name}: {key} must be a list of objects")
        built[key] = tuple(build(description, SECTIONS[key]) for description in descriptions)
    return Description(**built)
