"""Formualizer: a spreadsheet engine in this very process. Loaded once; each run changes cells and recalculates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version

import formualizer
import numpy as np

from xlcnn.engines import TIMEOUT
from xlcnn.engines.base import Grid
from xlcnn.errors import EngineError
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


def _load(data: bytes) -> formualizer.Workbook:
    try:
        return formualizer.load_workbook_bytes(data)
    except Exception as error:  # its errors share no base class
        raise EngineError(f"formualizer cannot load this workbook: {error}") from None


def _calculate(loaded: formualizer.Workbook, edits: Edits, sizes: Mapping[str, tuple[int, int]]) -> dict[str, Grid]:
    try:
        for sheet, changes in edits.items():
            for row, col, matrix in changes:
                loaded.set_values_batch(sheet, row, col, matrix.tolist())
        loaded.evaluate_all()
        return {sheet: _read(loaded, sheet, *size) for sheet, size in sizes.items()}
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
