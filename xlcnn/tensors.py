"""The tensors of a workbook: where each value stands, and what an engine found there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xlcnn.blocks import Block
from xlcnn.engines import Grid
from xlcnn.layers import OPTIONS, Array
from xlcnn.layout import SheetLayout
from xlcnn.reading import Book

PLAYED = ("play", "choice", "menu")
GIVEN = ("source", "weight", "constant", *PLAYED)  # the roles of cells that hold no formula


class Tensors:
    """The parts of every layer of one workbook."""

    def __init__(self, book: Book, sheets: Mapping[str, SheetLayout]) -> None:
        self.book, self.sheets = book, sheets
        self.where = {(n, name): s.positions(name) for n, s in sheets.items() for name, p in s.parts.items() if p.role != "there"}

    def values(self, grids: Mapping[str, Grid], layer: str) -> dict[str, Array]:
        """The engine's values of every part of a layer; of a drop-down, the place of its word in the list."""
        sheet = self.sheets[layer]
        found = {}
        for name, part in sheet.parts.items():
            if part.role == "there":
                there = sheet.there[name].layer.name
                found[name] = self.values(grids, there)["output"]
                continue
            grid, where = grids[sheet.layer.sheet], self.where[layer, name]
            found[name] = grid.take(where)
            for index in np.argwhere(np.isnan(found[name])) if part.blank or part.role == "menu" else ():
                value = grid.value(*where[tuple(index)].tolist())
                if part.role == "menu":
                    found[name][tuple(index)] = place_of(value, self.words(sheet))
                elif value is None:
                    found[name][tuple(index)] = 0
        return found

    def is_read(self, sheet: SheetLayout, block: Block) -> bool:
        """Whether what a block holds reaches the network: a picture that was not chosen does not."""
        reader = next((s for s in self.sheets.values() for t in s.there.values() if t.layer.name == sheet.layer.name), None)
        if reader is None:
            return True
        word = self.book.sheets[reader.layer.sheet].values.get(tuple(self.where[reader.layer.name, "choice"].tolist()))
        place = place_of(word, self.words(reader))
        labels = reader.layer.labels(reader.parts)
        return np.isnan(place) or labels[int(place) - 1] == (sheet.layer.name, block.index[0])

    def words(self, sheet: SheetLayout) -> list[object]:
        """What a sheet's drop-downs offer."""
        values = self.book.sheets[sheet.layer.sheet].values
        return [values.get((row, col)) for row, col in self.where[sheet.layer.name, OPTIONS].tolist()]


def place_of(word: object, words: list[object]) -> float:
    """Where a word stands in a list, from 1, as MATCH finds it: whether in capitals or not. NaN, if nowhere."""
    plain = [str(w).casefold() for w in words]
    return plain.index(str(word).casefold()) + 1 if word is not None and str(word).casefold() in plain else np.nan
