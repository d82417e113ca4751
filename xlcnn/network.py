"""A network: named layers in order, each reading the layers it names, with their weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from xlcnn.blocks import Shape
from xlcnn.errors import NetworkError
from xlcnn.exhibits import EXHIBITS, Exhibit
from xlcnn.layers import KINDS as LAYERS
from xlcnn.layers import Array, Gallery, Input, Layer, Part, in_parts

COMMON = ("name", "sheet", "inputs")
KINDS: dict[str, type[Layer]] = {**LAYERS, **EXHIBITS}


@dataclass(frozen=True, eq=False)
class Network:
    """Layers and their weights.

    `weights` has PyTorch's names and shapes: ``conv1.weight`` (out, in, kh, kw), ``conv1.bias`` (out,), ….
    Raises `NetworkError` where layers or weights do not fit together.
    """

    layers: tuple[Layer, ...]
    weights: Mapping[str, Array]

    def __post_init__(self) -> None:
        expected = self.weight_shapes
        if not any(isinstance(layer, Input) for layer in self.layers):
            raise NetworkError("there is no layer of kind input")
        for name, shape in expected.items():
            if name not in self.weights:
                raise NetworkError(f"the weights have no {name}, which should have the shape {shape}")
            found = self.weights[name].shape
            if found != shape:
                raise NetworkError(f"the weights' {name} has the shape {found}, but the layer needs {shape}")
            if not np.isfinite(self.weights[name]).all():
                raise NetworkError(f"the weights' {name} holds something that is not a finite number")
        for name in self.weights:
            if name not in expected:
                raise NetworkError(f"the weights have {name}, but no layer uses it")

    @property
    def input(self) -> Input:
        return next(layer for layer in self.layers if isinstance(layer, Input))

    @cached_property
    def computing(self) -> tuple[Layer, ...]:
        """The layers after the input, in order."""
        return self.layers[self.layers.index(self.input) + 1 :]

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """The output shape of each layer."""
        return {layer.name: self.parts[layer.name]["output"].shape for layer in self.layers}

    @cached_property
    def parts(self) -> dict[str, dict[str, Part]]:
        """Every tensor of every layer, as the sheets show them."""
        return check_layers(self.layers)

    @cached_property
    def weight_shapes(self) -> dict[str, Shape]:
        """The shape of each weight, as PyTorch stores it."""
        return weight_shapes(self.layers)

    def given(self, layer: Layer) -> dict[str, Array]:
        """The weights, constants and defaults of a layer, in the shapes in which its sheet shows them."""
        parts = self.parts[layer.name]
        weights = {
            name: np.asarray(self.weights[f"{layer.name}.{name}"], dtype=np.float64).reshape(part.shape)
            for name, part in parts.items()
            if part.role == "weight"
        }
        return weights | layer.constants(parts) | layer.defaults(parts)

    def forward(self, image: Array, played: Mapping[str, Mapping[str, Array]] | None = None) -> dict[str, dict[str, Array]]:
        """Every tensor of every layer for an image of shape (channels, height, width), or a batch of images.

        `played` holds values in place of the defaults of cells that are there to be played with.
        The result's first key is the layer's name, its second the part: ``result["conv1"]["output"]``.
        """
        image = np.asarray(image, dtype=np.float64)
        if image.shape[-3:] != self.input.shape:
            raise NetworkError(f"the network reads images of shape {self.input.shape}, not {image.shape}")
        values: dict[str, dict[str, Array]] = {self.input.name: {"output": image}}
        for layer in self.computing:
            given = self.given(layer) | dict((played or {}).get(layer.name, {}))
            for part, name in zip(in_parts(layer), layer.inputs, strict=True):
                given[part] = layer.incoming(values[name]["output"])
            values[layer.name] = layer.forward(self.parts[layer.name], given)
        return values

    def probabilities(self, image: Array) -> Array:
        """The last layer's output: shape (classes,), or (batch, classes)."""
        return self.forward(image)[self.layers[-1].name]["output"]

    def predict(self, image: Array) -> tuple[int, float]:
        """The most probable class of one image and its probability."""
        probabilities = self.probabilities(image)
        label = int(probabilities.argmax())
        return label, float(probabilities[label])

    def save(self, folder: Path, exhibits: tuple[Exhibit, ...] = ()) -> None:
        """Write ``network.json``, with a template's exhibits, and ``weights.safetensors`` into a folder."""
        from safetensors.numpy import save_file

        data = {"layers": [describe(layer) for layer in self.layers], "exhibits": [describe(e) for e in exhibits]}
        text = json.dumps(data, indent=2, ensure_ascii=False)
        (folder / "network.json").write_text(text + "\n", encoding="utf-8")
        save_file({n: np.ascontiguousarray(w) for n, w in self.weights.items()}, folder / "weights.safetensors")

    @staticmethod
    def load(folder: Path) -> Network:
        """Read a network that `save` wrote. Raises `NetworkError` with the file's name in it."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            layers, _ = load_layers(folder / "network.json")
            weights = load_file(folder / "weights.safetensors")
            return Network(layers, {n: w.astype(np.float64) for n, w in weights.items()})
        except NetworkError as error:
            raise NetworkError(f"{folder}: {error}") from None
        except (OSError, SafetensorError) as error:
            raise NetworkError(f"{folder / 'weights.safetensors'}: cannot be read: {error}") from None


def check_layers(layers: tuple[Layer, ...]) -> dict[str, dict[str, Part]]:
    """The parts of every layer; raises `NetworkError` where the layers do not make a network."""
    first = next((layer for layer in layers if not isinstance(layer, Gallery)), None)
    if not isinstance(first, Input | None) or not layers:
        raise NetworkError("the first layer must be of kind input")
    parts: dict[str, dict[str, Part]] = {}
    sheets: set[str] = set()
    for layer in layers:
        if layer.name in parts:
            raise NetworkError(f"two layers are called {layer.name}")
        if layer.sheet.lower() in sheets:
            raise NetworkError(f"two layers want the sheet {layer.sheet}")
        if not layer.inputs and not isinstance(layer, Input | Gallery | Exhibit):
            raise NetworkError(f"layer {layer.name} reads no layer")
        for name in layer.inputs:
            if name not in parts:
                raise NetworkError(f"layer {layer.name} reads {name}, but no layer before it is called that")
        parts[layer.name] = layer.parts(*(parts[name]["output"] for name in layer.inputs))
        sheets.add(layer.sheet.lower())
    return parts


def weight_shapes(layers: tuple[Layer, ...]) -> dict[str, Shape]:
    """The weights that a network of these layers needs, with PyTorch's names and shapes."""
    parts = check_layers(layers)
    return {
        f"{layer.name}.{part}": shape
        for layer in layers
        for part, shape in layer.weight_shapes(*(parts[name]["output"] for name in layer.inputs)).items()
    }


# ---- Layers as plain data: network.json, and the workbook's Network sheet ------------------------------------------


def options(layer: Layer) -> dict[str, Any]:
    """A layer's own options by name, in the order of their definition."""
    return {f.name: getattr(layer, f.name) for f in fields(layer) if f.name not in COMMON}


def describe(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "kind": layer.kind,
        "sheet": layer.sheet,
        "inputs": list(layer.inputs),
        **{name: list(v) if isinstance(v, tuple) else v for name, v in options(layer).items()},
    }


def build_layer(description: Mapping[str, Any]) -> Layer:
    """The layer that `describe` described. Raises `NetworkError` that names the key that is wrong."""
    data = dict(description)
    name = data.get("name")
    if not isinstance(name, str) or not name.isidentifier():
        raise NetworkError(f"a layer's name must be a word of letters, digits and _, not {name!r}")
    kind = data.pop("kind", None)
    if not isinstance(kind, str) or kind not in KINDS:
        raise NetworkError(f"layer {name}: unknown kind {kind!r}; known are {', '.join(KINDS)}")
    data.setdefault("sheet", name.capitalize())
    data.setdefault("inputs", [])
    check_sheet(name, data["sheet"])
    if not isinstance(data["inputs"], list | tuple) or not all(isinstance(i, str) for i in data["inputs"]):
        raise NetworkError(f"layer {name}: inputs must be a list of layers' names")
    values: dict[str, Any] = {}
    for field in fields(KINDS[kind]):
        if field.name not in data:
            if field.default is MISSING:
                raise NetworkError(f"layer {name}: {field.name} is missing")
            continue
        value = data.pop(field.name)
        if field.name not in COMMON:
            check_option(name, field.name, value, str(field.type).count("int") if "tuple" in str(field.type) else 0)
        values[field.name] = tuple(value) if isinstance(value, list) else value
    if data:
        raise NetworkError(f"layer {name}: unknown key {next(iter(data))}")
    return KINDS[kind](**values)


def check_option(layer: str, key: str, value: Any, count: int) -> None:
    """An option is a whole number (`count` is 0), or so many of them."""
    numbers = value if isinstance(value, list | tuple) else [value]
    whole = all(isinstance(n, int) and not isinstance(n, bool) for n in numbers)
    if not whole or bool(count) != isinstance(value, list | tuple) or len(numbers) != (count or 1):
        raise NetworkError(f"layer {layer}: {key} must be {f'{count} whole numbers' if count else 'a whole number'}")
    if not all(0 <= n <= 16_384 for n in numbers):
        raise NetworkError(f"layer {layer}: {key} must lie between 0 and 16384")


def check_sheet(layer: str, sheet: Any) -> None:
    """Excel's rules for the name of a sheet."""
    if not isinstance(sheet, str) or not 1 <= len(sheet) <= 31 or set(sheet) & set("[]:*?/\\") or "'" in sheet:
        raise NetworkError(f"layer {layer}: {sheet!r} cannot name a sheet (1 to 31 characters, none of []:*?/\\')")
    if sheet.lower() in {"guide", "network", "history"}:
        raise NetworkError(f"layer {layer}: the sheet name {sheet} is taken")


def load_layers(path: Path) -> tuple[tuple[Layer, ...], tuple[Exhibit, ...]]:
    """The layers and the exhibits in a ``network.json``. Raises `NetworkError`."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise NetworkError(f"{path.name} cannot be read: {error}") from None
    if not isinstance(data, dict) or not {"layers"} <= set(data) <= {"layers", "exhibits"}:
        raise NetworkError(f"{path.name} must hold one object with the keys layers and exhibits")
    built: dict[str, list[Layer]] = {"layers": [], "exhibits": []}
    for key, descriptions in data.items():
        if not isinstance(descriptions, list) or not all(isinstance(d, dict) for d in descriptions):
            raise NetworkError(f"{path.name}: {key} must be a list of objects")
        built[key] = [build_layer(d) for d in descriptions]
    exhibits = tuple(e for e in built["exhibits"] if isinstance(e, Exhibit))
    if len(exhibits) < len(built["exhibits"]) or any(isinstance(layer, Exhibit) for layer in built["layers"]):
        raise NetworkError(f"{path.name}: layers and exhibits are mixed up")
    return tuple(built["layers"]), exhibits
