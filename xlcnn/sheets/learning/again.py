"""The network once more, on one sheet, with other weights: the layers' own parts under other names.

    image → conv1_output → relu1_output → … → dense_output → loss

Nothing is computed here in a way of its own: each layer's parts stand on this sheet as ``conv1_output`` and so on, and read the
part before them, and weights that are given, in place of what they read on the layer's sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from xlcnn.grid.blocks import Box, Cell, Shape, beside, in_rows
from xlcnn.grid.references import References
from xlcnn.sheets.base import LAYER, Sheet
from xlcnn.sheets.options import options_of
from xlcnn.sheets.parts import EXPONENTIAL, PROBABILITY, WHOLE, Array, Computed, Labels, Part, Parts, incoming

IMAGE = "image"
SPAN = 4
ACROSS = 3
SIX_DECIMALS = "0.000000"  # a nudge changes little


@dataclass(frozen=True)
class Tensor:
    """One tensor that training found, the gradient of the loss for each of its numbers, and its name on this sheet."""

    weight: Part
    gradient: Part

    @property
    def name(self) -> str:
        return f"{self.weight.home}_{self.weight.name}"

    @property
    def role(self) -> str:
        """What its layer calls it: the filter that is used may be another part than the one that was learned."""
        return f"{self.weight.home}.{'bias' if len(self.weight.shape) == 1 else 'weight'}"

    @property
    def shape(self) -> Shape:
        """Its shape with four axes: filter or unit, map, row, column."""
        first, second, third, fourth = (*self.weight.shape, 1, 1, 1)[:4]
        return first, second, third, fourth

    @property
    def size(self) -> int:
        return prod(self.weight.shape)

    @property
    def start(self) -> int:
        """The number of its first filter or unit, as people count."""
        return self.weight.start[0] if self.weight.start else 1


@dataclass(frozen=True)
class Again:
    """What a sheet reads that runs the network again: the layers' outputs, the tensors that change, and the `rest`."""

    outputs: tuple[Part, ...]
    tensors: tuple[Tensor, ...]
    rest: tuple[Part, ...]

    @property
    def layers(self) -> tuple[Sheet, ...]:
        """The layers, without what is only there to play with on their own sheets."""
        return tuple(plain(part.sheet) for part in self.outputs)

    @property
    def score(self) -> str:
        """The part on this sheet that holds the new scores."""
        return f"{self.outputs[-1].home}_output"


def plain(layer: Sheet) -> Sheet:
    """The layer without lens, presets and the like."""
    off: dict[str, Any] = {name: False for name, option in options_of(layer).items() if not option.part_of_network}
    return replace(layer, **off)


def read(sheet: Sheet, parts: Sequence[Part], rest: int) -> Again:
    """Sort what a sheet reads: the outputs of layers in a row, pairs of a tensor and its gradient, and the last `rest` parts.

    Raises `NetworkError` where these cannot be run again.
    """
    middle = list(parts[: max(0, len(parts) - rest)])
    outputs = []
    while middle and middle[0].name == "output" and middle[0].sheet is not None and middle[0].sheet.group == LAYER:
        outputs.append(middle.pop(0))
    tensors = tuple(Tensor(*pair) for pair in zip(middle[::2], middle[1::2], strict=False))
    if len(outputs) < 2 or not outputs[0].sheet.reads_image or not tensors or len(middle) % 2:
        raise sheet.fail("reads the layers from the input to the scores, pairs of weights and gradients, and the loss")
    if any(after.sheet.inputs != (before.home,) for before, after in pairwise(outputs)):
        raise sheet.fail("can run again only layers that stand in a row")
    if any(tensor.weight.shape != tensor.gradient.shape for tensor in tensors):
        raise sheet.fail("a gradient must be of the shape of its weights")
    return Again(tuple(outputs), tensors, tuple(parts[len(parts) - rest :]))


def run_parts(sheet: Sheet, again: Again, weights: Mapping[str, str]) -> Iterator[Part]:
    """The image, and every layer's parts. `weights` says which part stands for ``conv1.weight`` and so on."""
    before: Part = incoming(IMAGE, again.outputs[0], label=IMAGE)
    yield before
    for layer in again.layers[1:]:
        names: dict[str, str] = {}
        for part in layer.parts(before):
            if part.read is not None:
                if part.shape != before.shape:
                    raise sheet.fail("can run again only layers without padding")
                names[part.name] = before.name
            elif part.is_weight:
                names[part.name] = find(sheet, weights, f"{layer.name}.{part.name}")
            elif part.name == "partial":
                raise sheet.fail("can run again only layers of as many maps as fit in a formula")
            elif part.has_formula:
                mine = renamed(part, layer.name, dict(names))
                names[part.name] = mine.name
                yield mine
                if part.name == "output":
                    last = mine
        before = last


def find(sheet: Sheet, weights: Mapping[str, str], name: str) -> str:
    if name not in weights:
        raise sheet.fail(f"reads no {name}")
    return weights[name]


def renamed(part: Part, layer: str, names: Mapping[str, str]) -> Part:
    """A layer's computed part that stands on another sheet, where what it reads has other `names`."""
    assert isinstance(part, Computed)
    numpy, excel = part.numpy, part.excel
    return replace(
        part, name=f"{layer}_{part.name}", label=f"{layer}_{part.label or part.name}", explained=False,
        scale=f"{layer}_{part.scale}" if part.scale else "",
        numpy=lambda t: numpy({own: t[name] for own, name in names.items()}),
        excel=lambda at, *i: excel(Renamed(at, names), *i),
    )  # fmt: skip


class Renamed(References):
    """References to parts that have other names on this sheet."""

    def __init__(self, at: References, names: Mapping[str, str]) -> None:
        super().__init__(())
        self._at, self._names = at, names

    def whole(self, part: str, *index: int) -> str:
        return self._at.whole(self._names[part], *index)

    def locate(self, part: str, *index: int) -> Cell:
        return self._at.locate(self._names[part], *index)

    def slices(self, part: str) -> int:
        return self._at.slices(self._names[part])

    def _write(self, part: str, index: Shape, size: Shape, fixed: bool) -> str:
        return self._at._write(self._names[part], index, size, fixed)


def loss_parts(score: str, target: Part) -> Iterator[Part]:
    """From scores to the loss: what Softmax and Loss do, for the true digit whose y is `target`."""
    shape = target.shape
    looks: dict[str, Any] = {"span": SPAN, "explained": False}
    yield Labels("digit", shape, texts=tuple(str(k) for k in range(shape[0])), span=SPAN // 2, look="name")
    yield incoming("target", target, span=SPAN, number_format=WHOLE)
    yield Computed(
        "shifted", shape, shared_formula=True, **looks,
        numpy=lambda t: t[score] - t[score].max(),
        excel=lambda at, k: f"{at(score, k)}-MAX({at.whole(score)})",
    )  # fmt: skip
    yield Computed(
        "exp", shape, signed=False, number_format=EXPONENTIAL, shared_formula=True, **looks,
        numpy=lambda t: np.exp(t["shifted"]),
        excel=lambda at, k: f"EXP({at('shifted', k)})",
    )  # fmt: skip
    yield Computed(
        "probability", shape, signed=False, number_format=PROBABILITY, shared_formula=True, **looks,
        numpy=lambda t: t["exp"] / t["exp"].sum(),
        excel=lambda at, k: f"{at('exp', k)}/SUM({at.whole('exp')})",
    )  # fmt: skip
    yield Computed(
        "after", (), signed=False, number_format=SIX_DECIMALS, coloured=False, **{**looks, "explained": True},
        numpy=lambda t: np.log(t["exp"].sum()) - (t["target"] * t["shifted"]).sum(),
        excel=lambda at: f"LN(SUM({at.whole('exp')}))-SUMPRODUCT({at.whole('target')},{at.whole('shifted')})",
    )  # fmt: skip


def single(shape: Shape) -> dict[str, Any]:
    """How a row of numbers looks, such as biases: wide enough to be read, and not painted as the largest of a few."""
    return {"span": SPAN, "coloured": False} if len(shape) == 1 else {}


def run_box(p: Parts) -> Box:
    """The image and each layer's maps, from left to right, in rows; of the last layer all that it computes."""
    *maps, last = (name for name in p if name.endswith("_output"))
    scores = [p[name].block() for name in (last.replace("_output", "_product"), last) if name in p]
    return in_rows([p[IMAGE].maps(), *(p[name].maps() for name in maps), beside(scores, gap=0)], ACROSS)


def finite(x: Array, found: Any) -> Array:
    """What was found, or not a number where x is none: an error stays one."""
    return np.where(np.isnan(x), np.nan, found)
