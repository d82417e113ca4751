"""What the verifier asks of a spreadsheet engine, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from xlcnn.grid.blocks import Cell
from xlcnn.xlsx.book import Book, SheetCells
from xlcnn.xlsx.patch import Edits

NUMBERS = frozenset((float, int, type(None)))


class Grid:
    """A sheet's recalculated values from A1 on, given as rows of what cells hold.

    `numbers` has NaN where a cell holds no number: texts and truth values are none.
    """

    def __init__(self, rows: Sequence[Sequence[object]]) -> None:
        self.others: dict[Cell, object] = {}
        self.numbers = np.full((len(rows), max(map(len, rows), default=0)), np.nan)
        for row, line in enumerate(rows, 1):
            numbers = self.numbers[row - 1, : len(line)]
            if NUMBERS.issuperset(map(type, line)):
                numbers[:] = line
            if np.isnan(numbers).sum() != line.count(None):  # else nearly every row is done
                self.others |= {(row, col): x for col, x in enumerate(line, 1) if type(x) not in NUMBERS or x != x}
                numbers[:] = [None if (row, col) in self.others else x for col, x in enumerate(line, 1)]

    @property
    def rows(self) -> list[list[object]]:
        """What every cell holds."""
        rows, cols = self.numbers.shape
        return [[self.value(row, col) for col in range(1, cols + 1)] for row in range(1, rows + 1)]

    def take(self, positions: np.ndarray) -> np.ndarray:
        """The numbers at positions, an array of (row, column) pairs on its last axis."""
        rows, cols = positions[..., 0] - 1, positions[..., 1] - 1
        inside = (rows < self.numbers.shape[0]) & (cols < self.numbers.shape[1])
        found = np.full(rows.shape, np.nan)
        found[inside] = self.numbers[rows[inside], cols[inside]]
        return found

    def value(self, row: int, col: int) -> object:
        """What a cell holds; None for an empty one, and beyond the rows and columns that were asked for."""
        if (row, col) in self.others:
            return self.others[row, col]
        rows, cols = self.numbers.shape
        number = self.numbers[row - 1, col - 1] if row <= rows and col <= cols else np.nan
        return None if np.isnan(number) else float(number)


def stored_grid(sheet: SheetCells, rows: int, cols: int) -> Grid:
    """The constants and stored results of a sheet, as its file holds them."""
    values = sheet.values
    return Grid([[values.get((row, col)) for col in range(1, cols + 1)] for row in range(1, rows + 1)])


class Engine(Protocol):
    """A program that computes a workbook's formulas."""

    name: str

    def version(self) -> str:
        """The engine's own version. Raises `EngineError` with how to install it where it is missing."""

    def recalculate(self, book: Book, runs: Sequence[Edits], sizes: Mapping[str, tuple[int, int]]) -> list[dict[str, Grid]]:
        """Recalculate every formula once for each of `runs`, ignoring stored results.

        Each run must change at least the cells that earlier ones changed: what a run has changed may stay for the next.

        `sizes` says how many rows and columns of each sheet to return. Raises `EngineError`.
        """
