"""Formualizer: a spreadsheet engine in this very process. Loaded once; each run changes cells and recalculates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version

import formualizer

from xlcnn.engines.base import Edits, Grid, grid
from xlcnn.errors import EngineError
from xlcnn.reading import Book


class Formualizer:
    name = "formualizer"

    def version(self) -> str:
        return version("formualizer")

    def recalculate(self, book: Book, runs: Sequence[Edits], sizes: Mapping[str, tuple[int, int]]) -> list[dict[str, Grid]]:
        results = []
        for loaded, edits in self._load(book, runs):
            try:
                for sheet, changes in edits.items():
                    for row, col, matrix in changes:
                        loaded.set_values_batch(sheet, row, col, matrix.tolist())
                loaded.evaluate_all()
                results.append({sheet: _read(loaded, sheet, *size) for sheet, size in sizes.items()})
            except Exception as error:  # its errors share no base class
                raise EngineError(f"formualizer cannot compute this workbook: {error}") from None
        return results

    def _load(self, book: Book, runs: Sequence[Edits]) -> list[tuple[formualizer.Workbook, Edits]]:
        """One loaded workbook for all runs; a fresh one after a run that overwrote formulas, which would be lost."""
        pairs = []
        loaded = None
        for edits in runs:
            if loaded is None:
                try:
                    loaded = formualizer.load_workbook_bytes(book.data)
                except Exception as error:
                    raise EngineError(f"formualizer cannot load this workbook: {error}") from None
            pairs.append((loaded, edits))
            if any(_overwrites(book, sheet, change) for sheet, changes in edits.items() for change in changes):
                loaded = None
        return pairs


def _overwrites(book: Book, sheet: str, change: tuple[int, int, object]) -> bool:
    row, col, matrix = change
    height, width = getattr(matrix, "shape", (1, 1))
    formulas = book.sheets[sheet].formulas
    return any((row + y, col + x) in formulas for y in range(height) for x in range(width))


def _read(loaded: formualizer.Workbook, sheet: str, rows: int, cols: int) -> Grid:
    area = formualizer.RangeAddress(sheet, 1, 1, rows, cols)
    return grid(loaded[sheet].get_values(area))
