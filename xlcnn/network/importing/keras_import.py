"""A Keras file becomes a network: its layers one after the other, those of models inside it in their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Shape
from xlcnn.network.importing.draft import Draft, Line, plain_name
from xlcnn.network.importing.imported import Imported, as_picture, finished, known_size
from xlcnn.network.importing.keras_activations import is_custom
from xlcnn.network.importing.keras_call import Call
from xlcnn.network.importing.keras_file import MODELS, KerasFile, Names, layers_of, name_of, read_keras
from xlcnn.network.importing.keras_layers import KERAS, MOVES
from xlcnn.network.importing.views import View

MOST_INSIDE = 20  # models inside one another
MOST_CALLS = 10_000  # of layers: a few models inside one another, each used several times, would be millions
WEIGHTED = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense")  # of which a normalisation can become part

Key = tuple[str, int, int]  # a tensor: the layer's name, which of its calls, which of its outputs


@dataclass(frozen=True)
class Step:
    """One call of a layer: which tensors it reads, and which it gives."""

    layer: Mapping[str, Any]
    key: Key
    inputs: tuple[Key, ...]


def import_keras(path: Path, size: Shape | None = None, fold: bool = False) -> Imported:
    """The network in a Keras file, for images of `size` (channels, height, width), where the file leaves that open.

    With `fold` a batch normalisation becomes part of the layer before it.
    Raises `NetworkError` that names the layer, its class and what is supported, without the file's name.
    """
    return build(read_keras(path), size, fold)


def build(file: KerasFile, size: Shape | None = None, fold: bool = False) -> Imported:
    draft = Draft()
    reads = input_view(file.model, size)
    draft.add("input", (), shape=list(reads.shape))
    return finished(draft, reads, Walk(file, draft, fold).model(file.model, reads, ()))


# ---- the way through a model ----


@dataclass(frozen=True)
class Walk:
    file: KerasFile
    draft: Draft
    fold: bool
    calls: count[int] = field(default_factory=count)

    def model(self, model: Mapping[str, Any], x: View, around: Names) -> View:
        """What a model gives for a tensor. Raises `NetworkError`."""
        if len(around) > MOST_INSIDE:
            raise NetworkError(f"has more than {MOST_INSIDE} models inside one another")
        source, result, steps = sequential(model) if model["class_name"] == "Sequential" else functional(model)
        if len(steps) > MOST_CALLS:
            raise NetworkError(f"has a model of {len(steps):,} layers; {MOST_CALLS:,} can be read")
        values = {source: x}
        kinds = {step.key: str(step.layer["class_name"]) for step in steps}
        readers = Counter(key for step in steps for key in step.inputs) + Counter([result])
        for step in in_order(steps, {source}):
            inputs = tuple(values[key] for key in step.inputs)
            alone = len(inputs) == 1 and readers[step.inputs[0]] == 1 and kinds.get(step.inputs[0]) in WEIGHTED
            values[step.key] = self.layer(step.layer, inputs, alone, around)
        if result not in values:
            raise NetworkError(f"gives what the layer {plain_name(result[0])} computes, which it does not have")
        return values[result]

    def layer(self, layer: Mapping[str, Any], inputs: tuple[View, ...], alone: bool, around: Names) -> View:
        """What one layer gives. Raises `NetworkError` that names it."""
        kind, names = str(layer["class_name"]), (*around, name_of(layer))
        called = f"layer {plain_name(names[-1])} ({plain_name(kind)})"
        if next(self.calls) == MOST_CALLS:
            raise NetworkError(f"{called} is one too many; {MOST_CALLS:,} layers can be read, those used again counted again")
        if kind in MODELS and not is_custom(layer):
            if len(inputs) != 1:
                raise NetworkError(f"{called} reads {len(inputs)} tensors; a model inside a model can read one")
            return self.model(layer, inputs[0], names)
        if kind == "Lambda" or is_custom(layer):
            raise NetworkError(f"{called} is code of its own, which is never run; layers of Keras itself can be shown")
        if kind not in KERAS:
            raise NetworkError(f"{called} is not known; known are {', '.join(sorted(KERAS))}")
        before = len(self.draft.layers)
        weights = self.file.weights.get(names, ())
        try:
            call = Call(kind, layer["config"], inputs, weights, self.draft, self.file.version, alone, self.fold)
            found = KERAS[kind](call)
        except NetworkError as error:
            raise NetworkError(f"{called} {error}") from None
        made = [Line(kind, new.name) for new in self.draft.layers[before:]]
        self.draft.lines += made or [Line(kind, "", "moves") if kind in MOVES else Line(kind, found.source, "folded")]
        return found


def sequential(model: Mapping[str, Any]) -> tuple[Key, Key, list[Step]]:
    """The tensor that comes in, the one that goes out, and the layers one after the other."""
    source: Key = ("", -1, 0)
    last, steps = source, []
    for layer in layers_of(model):
        if layer["class_name"] != "InputLayer":
            key = (name_of(layer), 0, 0)
            steps.append(Step(layer, key, (last,)))
            last = key
    return source, last, steps


def functional(model: Mapping[str, Any]) -> tuple[Key, Key, list[Step]]:
    """The same of a graph of layers, only those that the first result needs. Raises `NetworkError`."""
    config = model["config"]
    sources, results = keys_of(config.get("input_layers")), keys_of(config.get("output_layers"))
    if len(sources) != 1 or not results:
        names = ", ".join(plain_name(key[0]) for key in sources[:5]) or "none"
        raise NetworkError(f"reads {len(sources)} inputs ({names}); a workbook has one, the image")
    steps = [
        Step(layer, (name_of(layer), call, 0), reads_of(layer, node))
        for layer in layers_of(model)
        if layer["class_name"] != "InputLayer"
        for call, node in enumerate(nodes_of(layer))
    ]
    maker = {step.key: step for step in steps}
    needed, todo = set(), [results[0]]
    while todo:
        key = todo.pop()
        if key not in needed:
            needed.add(key)
            todo += maker[key].inputs if key in maker else ()
    return sources[0], results[0], [step for step in steps if step.key in needed]


def nodes_of(layer: Mapping[str, Any]) -> list[Any]:
    found = layer.get("inbound_nodes")
    return found if isinstance(found, list) else []


def keys_of(said: Any) -> list[Key]:
    """Tensors: one or a list of [layer, call, output]; a dictionary of them, too."""
    if isinstance(said, dict):
        said = list(said.values())
    if not isinstance(said, list):
        return []
    return [key for each in ([said] if said and isinstance(said[0], str) else said) if (key := as_key(each)) is not None]


def as_key(said: Any) -> Key | None:
    right = isinstance(said, list) and len(said) >= 3 and isinstance(said[0], str)
    return (said[0], said[1], said[2]) if right and type(said[1]) is int and type(said[2]) is int else None


def reads_of(layer: Mapping[str, Any], node: Any) -> tuple[Key, ...]:
    """What one call of a layer reads. Raises `NetworkError` where it reads constants, or is told to train."""
    if isinstance(node, dict):  # Keras 3
        tensors, told = list(tensors_of(node.get("args"))), node.get("kwargs")
    else:
        entries = [node] if isinstance(node, list) and node and isinstance(node[0], str) else node
        entries = entries if isinstance(entries, list) else []
        tensors = [as_key(each) for each in entries]
        told = {k: v for each in entries if isinstance(each, list) and isinstance(each[-1], dict) for k, v in each[-1].items()}
    found = tuple(key for key in tensors if key is not None)
    trained = layer["class_name"].startswith("Random")  # Keras notes down what these are told when a model is put together
    told = {} if trained or not isinstance(told, dict) else told
    extra = [key for key, value in told.items() if value not in (None, False)]
    if not found or len(found) < len(tensors) or extra or any(key[2] for key in found):
        what = "reads something else than tensors of layers, such as a number"
        what = f"is told more than what it reads ({plain_name(', '.join(extra))})" if extra else what
        raise NetworkError(f"layer {plain_name(name_of(layer))} ({plain_name(layer['class_name'])}) {what}, which no sheet shows")
    return found


def tensors_of(said: Any) -> Iterator[Key | None]:
    """The tensors among the arguments of a call, in order; None for whatever else."""
    for each in said if isinstance(said, list) else [said]:
        if isinstance(each, list):
            yield from tensors_of(each)
        elif isinstance(each, dict) and each.get("class_name") == "__keras_tensor__" and isinstance(each.get("config"), dict):
            yield as_key(each["config"].get("keras_history"))
        else:
            yield None


def in_order(steps: list[Step], known: set[Key]) -> Iterator[Step]:
    """The calls, each after those whose tensors it reads. Raises `NetworkError` where they lead in a circle."""
    todo = steps
    while todo:
        waiting = []
        for step in todo:
            if known.issuperset(step.inputs):
                yield step
                known.add(step.key)
            else:
                waiting.append(step)
        if len(waiting) == len(todo):
            called = f"layer {plain_name(todo[0].key[0])} ({plain_name(todo[0].layer['class_name'])})"
            raise NetworkError(f"{called} reads what nothing computes, or, in a circle, what follows from it")
        todo = waiting


# ---- the input ----


def input_view(model: Mapping[str, Any], size: Shape | None) -> View:
    """The input as an image, channels first; a vector is a square, if it can be one. Raises `NetworkError`."""
    inner = declared(model)
    last = "channels_first" not in formats(model)
    if len(inner) not in (1, 2, 3):
        raise NetworkError(f"reads a tensor with {len(inner)} axes; an image has three")
    if size is not None:
        wanted = (prod(size),) if len(inner) == 1 else size[-len(inner) :]
        if len(inner) == 3 and last:
            wanted = (size[1], size[2], size[0])
        if any(n not in (0, w) for n, w in zip(inner, wanted, strict=True)):
            raise NetworkError(f"reads images of shape {inner}, not {size}")
        inner = wanted
    known_size(inner)
    numbers = np.arange(prod(inner))
    if len(inner) == 3 and last:
        maps = (inner[2], inner[0], inner[1])
        return View("input", maps, numbers.reshape(maps).transpose(1, 2, 0)[None])
    image: Shape = inner if len(inner) == 3 else (1, *inner) if len(inner) == 2 else as_picture(inner[0], size)
    return View("input", image, numbers.reshape(1, *inner))


def declared(model: Mapping[str, Any]) -> Shape:
    """The shape of what a model reads, without the batch; what is open is 0. Raises `NetworkError`."""
    layers = layers_of(model)
    if model["class_name"] != "Sequential":
        sources = keys_of(model["config"].get("input_layers"))
        layers = [layer for layer in layers if sources and name_of(layer) == sources[0][0]]
    first = layers[0] if layers else {"config": {}}
    if first.get("class_name") in MODELS:
        return declared(first)
    config = model["config"] if isinstance(model["config"], dict) else {}
    said = first["config"].get("batch_shape") or first["config"].get("batch_input_shape") or config.get("build_input_shape")
    if not isinstance(said, list) or len(said) < 2 or not all(n is None or (type(n) is int and n >= 0) for n in said):
        raise NetworkError("does not say how large its images are; add an Input layer and save it again")
    return tuple(n or 0 for n in said[1:])


def formats(model: Mapping[str, Any]) -> set[str]:
    """The orders of axes that the layers of a model, and of those inside it, name."""
    found: set[str] = set()
    for layer in layers_of(model):
        inside = layer["class_name"] in MODELS
        found |= formats(layer) if inside else {str(layer["config"].get("data_format"))}
    return found
