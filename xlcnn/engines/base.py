"""What the verifier asks of a spreadsheet engine, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from xlcnn.xlsx.book import Book, SheetCells
from xlcnn.xlsx.patch import Edits


@dataclass(frozen=True, eq=False)
class Grid:
    """A sheet's recalculated values from A1 on."""

    raw: Sequence[Sequence[object]]

    @cached_property
    def numbers(self) -> np.ndarray:
        """The same as floats; NaN where a cell holds no number: texts and truth values are none."""
        try:
            numbers = np.array(self.raw, dtype=np.float64)
            if not np.isfinite(numbers).all() or any(isinstance(v, bool | str) for line in self.raw for v in line):
                raise ValueError
        except (ValueError, TypeError):
            numbers = np.array([[_number(v) for v in line] for line in self.raw], dtype=np.float64)
        return numbers.reshape(len(self.raw), -1)

    def take(self, positions: np.ndarray) -> np.ndarray:
        """The numbers at positions, an array of (row, column) pairs on its last axis."""
        rows, cols = positions[..., 0] - 1, positions[..., 1] - 1
        inside = (rows < self.numbers.shape[0]) & (cols < self.numbers.shape[1])
        found = np.full(rows.shape, np.nan)
        found[inside] = self.numbers[rows[inside], cols[inside]]
        return found

    def value(self, row: int, col: int) -> object:
        try:
            return self.raw[row - 1][col - 1]
        except IndexError:
            return None


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else np.nan


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
