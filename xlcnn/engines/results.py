"""Results stored in a workbook's formula cells, as every program does that saves one.

Without them Excel's protected view, previews, phones and readers such as pandas show blanks or zeros.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlcnn.engines.base import Engine
from xlcnn.errors import EngineError
from xlcnn.grid.blocks import Cell
from xlcnn.xlsx.book import Book
from xlcnn.xlsx.package import Package

ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


def store_results(package: Package, sizes: Mapping[str, Cell], engine: Engine) -> bytes:
    """The finished file of a new workbook, every formula computed by `engine`.

    `sizes` says how many rows and columns of each sheet hold formulas. Raises `EngineError` where a formula fails.
    """
    book = Book(package.unfinished(), {}, dict(package.paths), {})  # nothing is changed: its bytes are enough
    (grids,) = engine.recalculate(book, [{}], sizes)
    failed = sum(value in ERRORS for grid in grids.values() for line in grid.raw for value in line if isinstance(value, str))
    if failed:
        raise EngineError(f"the spreadsheet engine could not compute {failed} formulas")
    return package.finished({title: grid.raw for title, grid in grids.items()})
