"""The ``Network`` sheet: the layers as a person would read them, with the tensors that they make and their weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside, frame
from xlcnn.sheets.base import NETWORK, Sheet
from xlcnn.sheets.looks import Note
from xlcnn.sheets.options import write_value
from xlcnn.sheets.parts import WHOLE, Computed, Constant, Labels, Part, Parts
from xlcnn.sheets.words import Words

NAME = "network"
HEADS = {"layer": 120, "kind": 170, "reads": 150, "options": 340, "output": 150, "weights": 120}  # and their widths in pixels
NUMBERS = 4  # the first column, from 0, of what is computed or must be so
LETTER = 6  # pixels, on the safe side
FIRST = 6  # the row of the first layer


@dataclass(frozen=True)
class NetworkTable(Sheet):
    """The layers in the order in which they compute."""

    kind: ClassVar[str] = NAME
    group = NETWORK
    panels = False
    rows: tuple[tuple[str, str, int], ...] = ()  # of each layer: its name, the shape of its output, its number of weights

    @property
    def wide(self) -> Mapping[int, int]:
        return dict(enumerate(HEADS.values(), start=2))

    def parts(self, *incoming: Part) -> Iterator[Part]:
        self.no_input(incoming)
        names, shapes, weights = zip(*self.rows, strict=True)
        count = (len(names),)
        yield Labels("output", count, texts=shapes, look="body", captioned=False)
        yield Constant(
            "weights", count, np.array(weights, dtype=float),
            number_format=WHOLE, look="count", captioned=False,
        )  # fmt: skip
        yield Computed(
            "total", (), number_format=WHOLE, look="total", captioned=False, explained=False,
            numpy=lambda t: t["weights"].sum(),
            excel=lambda at: f"SUM({at.whole('weights')})",
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        table = beside([p["output"].block(), p["weights"].block()], gap=0)
        placed = [(0, NUMBERS, table), (table.height - 1, NUMBERS + 1, p["total"].block())]
        return frame(table.height + 1, NUMBERS + table.width, placed)

    def notes(self, words: Words, sheets: Mapping[str, Sheet], parts: Mapping[str, Parts]) -> Iterator[Note]:
        for col, key in enumerate(HEADS, start=2):
            style = "head of numbers" if key == "weights" else "head"
            yield Note(FIRST - 1, col, words["network", key], style)
        for row, (name, _, _) in enumerate(self.rows, start=FIRST):
            sheet = sheets[name]
            sources = (sheets[source.partition(".")[0]] for source in sheet.inputs)
            reads = ", ".join(source.title for source in sources if source.group == sheet.group)
            yield Note(row, 2, sheet.title, "back", ruled=True, link=name)
            for col, text in enumerate((words.kind(sheet), reads, words.options(sheet)), start=3):
                yield Note(row, col, text, "body", ruled=True, wrap=len(text) * LETTER > self.wide[col])
        yield Note(FIRST + len(self.rows), 2 + NUMBERS, words["network", "total"], "body")


def network_table(sheets: Iterable[Sheet], parts: Mapping[str, Parts], title: str) -> NetworkTable:
    """The sheet for these layers and their tensors."""
    rows = []
    for sheet in sheets:
        weights = sum(prod(part.shape) for part in parts[sheet.name].values() if part.is_weight)
        rows.append((sheet.name, write_value(parts[sheet.name]["output"].shape), weights))
    return NetworkTable(NAME, title, (), tuple(rows))
