"""Numbers between the maps, where a heat map of very many maps colours free cells as well: they would change all colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1
from xlcnn.layout.colours import colour_rules
from xlcnn.layout.placed import PlacedSheet
from xlcnn.verifier.report import Problem
from xlcnn.xlsx.book import SheetCells

DO = "it changes the colours of the maps around it; move it beside or below the network"


def numbers_between(placed: PlacedSheet, cells: SheetCells) -> Iterator[Problem]:
    """The first number that lies in one of our heat maps and in no block."""
    areas = [area for rule in colour_rules(placed) if rule.kind == "colorScale" for area in rule.areas]
    blocks = [(b.row, b.row + b.rows - 1, b.col, b.col + b.columns - 1) for b in placed.blocks]
    free = cover(areas, placed.extent) & ~cover(blocks, placed.extent)
    if free.any():
        rows, cols = placed.extent
        for (row, col), value in cells.values.items():
            if type(value) is float and row <= rows and col <= cols and free[row, col]:
                yield Problem("colours", placed.title, a1(row, col), "an empty cell, or words", value, DO)
                return


def cover(areas: Iterable[tuple[int, int, int, int]], extent: Cell) -> np.ndarray:
    """Which cells lie in rectangles of first and last row, first and last column: an array by row and column, both from 0 on."""
    covered = np.zeros((extent[0] + 1, extent[1] + 1), dtype=bool)
    for top, bottom, left, right in areas:
        covered[top : bottom + 1, left : right + 1] = True
    return covered
