"""Which cells hold which tensor. Pure: no file is touched, no spreadsheet library is known here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from xlcnn.blocks import Block, References, Shape, a1, positions, sheet_ref
from xlcnn.exhibits import Exhibit
from xlcnn.layers import Array, Input, Layer, Part, Softmax, computed, in_parts
from xlcnn.network import Network, check_layers

Cell = tuple[int, int]
LONGEST_FORMULA = 8192
EMPTY: Mapping[str, SheetLayout] = MappingProxyType({})
IMAGE, TOTAL = "guide.image", "network.total"
TABLE_ROW = 5  # of the first layer on the Network sheet
TOP, LEFT = 5, 2  # the first caption stands here; above it are the title, two lines of words and the headings


@dataclass(frozen=True)
class SheetLayout:
    """One layer's sheet: its blocks with their places, and the sheets on which parts of it stand."""

    layer: Layer
    parts: dict[str, Part]
    blocks: tuple[Block, ...]
    there: dict[str, SheetLayout]

    @cached_property
    def references(self) -> References:
        there = {part: (f"{sheet_ref(s.layer.sheet)}!", s.references) for part, s in self.there.items()}
        return References(self.blocks, there)

    def name(self, block: Block) -> str:
        """The block's defined name: ``conv1.filter1.2``."""
        return f"{self.layer.name}.{block.label}"

    def positions(self, part: str) -> Array:
        """Row and column of every value of a part."""
        return positions(self.blocks, part, self.parts[part].shape)

    def indices(self, block: Block) -> Iterator[tuple[tuple[int, int], Shape]]:
        """Each cell of a block with the index of the tensor's value that it shows."""
        rest = self.parts[block.part].shape[len(block.index) :]
        for cell, index in zip(block.cells(), np.ndindex(*rest), strict=True):
            yield cell, (*block.index, *index)

    @cached_property
    def explained(self) -> dict[Cell, str]:
        """The cells whose formulas the sheet shows as text, the first of each computed part, with these formulas."""
        firsts = {part: (0,) * len(self.parts[part].shape) for part in self.layer.explained or computed(self.parts)}
        return {self.references.locate(part, index): self.formula(part, index) for part, index in firsts.items()}

    def formula(self, part: str, index: Shape) -> str:
        """The formula of one cell. Raises `NetworkError` where Excel would not take it."""
        text = self.layer.formula(part, index, self.references)
        if len(text) > LONGEST_FORMULA:
            raise self.layer.fail(f"a formula of {len(text)} characters is needed; Excel takes {LONGEST_FORMULA}: use fewer maps")
        return text


def linked(layer: Layer, parts: Mapping[str, Part], role: str = "in") -> list[tuple[str, str]]:
    """The incoming parts that a sheet fetches cell by cell (or, with the role `there`, reads in place), and from which layer."""
    reads = zip(in_parts(layer), layer.inputs, strict=True) if layer.inputs else ()
    return [(part, source) for part, source in reads if parts[part].role == role]


@dataclass(frozen=True)
class Layout:
    """Every layer's sheet, and the links between them."""

    network: Network
    sheets: dict[str, SheetLayout]  # the network's layers in order, then the exhibits

    def links(self, layer: Layer) -> Iterator[tuple[str, Shape, str | None]]:
        """For each cell of a layer's incoming maps: part, index, and the formula that fetches it.

        The formula is None where there is nothing to fetch: the cell is padding and holds 0.
        """
        sheet = self.sheets[layer.name]
        for part, source_name in linked(layer, sheet.parts):
            source = self.sheets[source_name]
            where = source.positions("output").reshape(-1, 2)
            shape = source.parts["output"].shape
            numbered = layer.incoming(np.arange(1, where.shape[0] + 1).reshape(shape))
            prefix = f"={sheet_ref(source.layer.sheet)}!"
            for index in np.ndindex(*sheet.parts[part].shape):
                number = int(numbered[index])
                yield part, index, prefix + a1(*where[number - 1].tolist()) if number else None

    @cached_property
    def chooser(self) -> SheetLayout | None:
        """The sheet of the input, if it has a choice of images."""
        return self.sheets[self.network.input.name] if self.network.input.inputs else None

    @cached_property
    def answer(self) -> tuple[SheetLayout, Softmax] | None:
        """The sheet that says which class it is, if the network ends in a softmax."""
        last = self.network.layers[-1]
        return (self.sheets[last.name], last) if isinstance(last, Softmax) else None


def arrange(layer: Layer, parts: dict[str, Part], before: Mapping[str, SheetLayout] = EMPTY) -> SheetLayout:
    """The layer's sheet, after the sheets `before` it."""
    there = {part: before[name] for part, name in linked(layer, parts, "there")}
    return SheetLayout(layer, parts, layer.arrange(parts).moved(TOP, LEFT), there)


def lay_out(network: Network, exhibits: tuple[Exhibit, ...] = ()) -> Layout:
    """The layout of a new workbook for `network`, with exhibits after it."""
    layers = (*network.layers, *exhibits)
    parts = check_layers(layers)
    sheets: dict[str, SheetLayout] = {}
    for layer in layers:
        sheets[layer.name] = arrange(layer, parts[layer.name], sheets)
    return Layout(network, sheets)


def _prediction(layout: Layout) -> str:
    assert layout.answer
    sheet, layer = layout.answer
    return f"={sheet_ref(layer.sheet)}!{sheet.references.at('prediction', ())}"


def _probability(layout: Layout) -> str:
    assert layout.answer
    sheet, layer = layout.answer
    return f"=MAX({sheet_ref(layer.sheet)}!{sheet.references.whole('output')})"


def _image(layout: Layout) -> str:
    sheet = layout.sheets[layout.network.input.name]
    return f"={sheet_ref(sheet.layer.sheet)}!{sheet.references.at('choice', ())}"


def _total(layout: Layout) -> str:
    return f"=SUM(G{TABLE_ROW}:G{TABLE_ROW + len(layout.sheets) - 1})"


#: The computed cells of the Guide and of the Network sheet: defined name → its formula.
SUMMARY = {"guide.prediction": _prediction, "guide.probability": _probability, IMAGE: _image, TOTAL: _total}


def summary_names(layers: Iterable[Layer]) -> list[str]:
    """Which of them a workbook of such layers has: an answer needs a softmax, a choice of images a gallery."""
    known = list(layers)
    answer = any(isinstance(layer, Softmax) for layer in known)
    chooser = any(isinstance(layer, Input) and layer.inputs for layer in known)
    return [n for n in SUMMARY if n == TOTAL or (chooser if n == IMAGE else answer)]
