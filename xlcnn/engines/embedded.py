"""Formualizer: a spreadsheet engine in this very process. Loaded once; each run changes cells and recalculates.

`Formualizer` is what the verifier asks; `Loaded` is one workbook into which very many images are put.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version

import formualizer
import numpy as np

from xlcnn.engines import TIMEOUT
from xlcnn.engines.base import Grid
from xlcnn.errors import EngineError
from xlcnn.grid.blocks import Cell
from xlcnn.xlsx.book import Book
from xlcnn.xlsx.patch import Edits, patched

#: Formualizer's names of errors → what a spreadsheet shows.
ERRORS = {"Div": "#DIV/0!", "Na": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!", "Value": "#VALUE!"}


class Formualizer:
    name = "formualizer"

    def __init__(self, timeout: float = TIMEOUT) -> None:
        """It has no time limit of its own: see `xlcnn.verifier.bounded`."""

    def version(self) -> str:
        return version("formualizer")

    def recalculate(self, book: Book, runs: Sequence[Edits], sizes: Mapping[str, tuple[int, int]]) -> list[dict[str, Grid]]:
        loaded: formualizer.Workbook | None = None
        results = []
        for edits in runs:
            if overwrites_formulas(book, edits):  # slow in a loaded workbook, and the formulas would be lost to later runs
                results.append(_calculate(_load(patched(book, edits)), {}, sizes))
            else:
                loaded = loaded or _load(book.data)
                results.append(_calculate(loaded, edits, sizes))
        return results


class Loaded:
    """A workbook in which numbers are changed and a few cells read, thousands of times.

    The engine grows by a third of a megabyte with each change of an image and gives nothing back, so the workbook is loaded anew
    after `RENEWED` of them: 0.3 s in 5. Of a matrix that is put where one has been put before, only the rectangle goes in that
    differs: of a digit less than half, and what follows from the rest is not computed again.
    """

    RENEWED = 200

    def __init__(self, data: bytes, cells: Sequence[tuple[str, Cell]]) -> None:
        self.data, self.cells = data, cells
        self.loaded: formualizer.Workbook | None = None
        self.changes = 0
        self.put: dict[tuple[str, int, int], np.ndarray] = {}  # where no two overlap

    def values(self, edits: Edits) -> list[object]:
        """What the cells hold after these changes, none of which may overwrite a formula. Raises `EngineError`.

        Everything is recalculated that has changed: asking the engine for single cells takes four times as long, as it then
        looks for all that they read each time.
        """
        if self.loaded is None or self.changes == self.RENEWED:
            self.loaded, self.changes, self.put = None, 0, {}  # gone before the next one comes
            self.loaded = _load(self.data)
            self.loaded.set_changelog_enabled(False)  # nothing is ever undone
        self.changes += 1
        _put(self.loaded, {sheet: [self.rest(sheet, *change) for change in changes] for sheet, changes in edits.items()})
        return [shown(self.loaded.get_value(sheet, *cell)) for sheet, cell in self.cells]

    def rest(self, sheet: str, row: int, col: int, matrix: np.ndarray) -> tuple[int, int, np.ndarray]:
        """Of a matrix that is to be put into cells, the rectangle of what these do not hold already."""
        before = self.put.get((sheet, row, col))
        self.put[sheet, row, col] = matrix
        if before is None or before.shape != matrix.shape:
            return row, col, matrix
        rows, cols = (np.flatnonzero((before != matrix).any(axis=axis)).tolist() for axis in (1, 0))
        if not rows:
            return row, col, matrix[:0]
        return row + rows[0], col + cols[0], matrix[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]


def _load(data: bytes) -> formualizer.Workbook:
    try:
        return formualizer.load_workbook_bytes(data)
    except Exception as error:  # its errors share no base class
        raise EngineError(f"formualizer cannot load this workbook: {error}") from None


def _calculate(loaded: formualizer.Workbook, edits: Edits, sizes: Mapping[str, tuple[int, int]]) -> dict[str, Grid]:
    _put(loaded, edits)
    try:
        return {sheet: _read(loaded, sheet, *size) for sheet, size in sizes.items()}
    except Exception as error:
        raise EngineError(f"formualizer cannot compute this workbook: {error}") from None


def _put(loaded: formualizer.Workbook, edits: Edits) -> None:
    """Change cells, and recalculate what follows from them."""
    try:
        for sheet, changes in edits.items():
            for row, col, matrix in changes:
                if matrix.size:
                    loaded.set_values_batch(sheet, row, col, matrix.tolist())
        loaded.evaluate_all()
    except Exception as error:
        raise EngineError(f"formualizer cannot compute this workbook: {error}") from None


def overwrites_formulas(book: Book, edits: Edits) -> bool:
    """Whether any cell to be changed holds a formula."""
    return any(
        (row + y, col + x) in book.sheets[sheet].formulas
        for sheet, changes in edits.items()
        for row, col, matrix in changes
        for y, x in np.ndindex(*matrix.shape)
    )


def _read(loaded: formualizer.Workbook, sheet: str, rows: int, cols: int) -> Grid:
    values = loaded[sheet].get_values(formualizer.RangeAddress(sheet, 1, 1, rows, cols))
    return Grid([[shown(v) for v in line] if dict in map(type, line) else line for line in values])


def shown(value: object) -> object:
    """An error as a spreadsheet shows it; anything else is what it is."""
    return ERRORS.get(value["kind"], f"#{value['kind']}!") if isinstance(value, dict) else value
