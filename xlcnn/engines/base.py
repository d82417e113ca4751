"""What the verifier asks of a spreadsheet engine, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from xlcnn.reading import Book, SheetCells

Edits = Mapping[str, Sequence[tuple[int, int, np.ndarray]]]
"""Numbers (or texts) to put into cells before recalculating: sheet → (row, column, matrix)."""


@dataclass(frozen=True)
class Grid:
    """A sheet's recalculated values from A1 on; `numbers` is NaN where a cell holds no number."""

    numbers: np.ndarray
    raw: Sequence[Sequence[object]]

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


def grid(raw: Sequence[Sequence[object]]) -> Grid:
    """A grid of whatever an engine returned; truth values and texts are no numbers."""
    try:
        numbers = np.array(raw, dtype=np.float64)
        if not np.isfinite(numbers).all() or any(isinstance(v, bool) for line in raw for v in line):
            raise ValueError
    except (ValueError, TypeError):
        numbers = np.array([[_number(v) for v in line] for line in raw], dtype=np.float64)
    return Grid(numbers.reshape(len(raw), -1), raw)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else np.nan


def stored_grid(sheet: SheetCells, rows: int, cols: int) -> Grid:
    """The constants and stored results of a sheet, as its file holds them."""
    values = sheet.values
    return grid([[values.get((row, col)) for col in range(1, cols + 1)] for row in range(1, rows + 1)])


class Engine(Protocol):
    """A program that computes a workbook's formulas."""

    name: str

    def version(self) -> str:
        """The engine's own version. Raises `EngineError` with how to install it where it is missing."""

    def recalculate(self, book: Book, runs: Sequence[Edits], sizes: Mapping[str, tuple[int, int]]) -> list[dict[str, Grid]]:
        """Recalculate every formula once for each of `runs`, ignoring stored results.

        `sizes` says how many rows and columns of each sheet to return. Raises `EngineError`.
        """
