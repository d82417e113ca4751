"""The pixels of rows and columns, as a file says them in points and characters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from itertools import accumulate

from xlcnn.grid.blocks import Block
from xlcnn.xlsx.around import Around
from xlcnn.xlsx.book import SheetCells
from xlcnn.xlsx.values import PIXELS

USUAL = (64, 20)  # pixels of a cell in a file that does not say
PIXELS_PER_CHARACTER = 7


def height(cells: SheetCells, row: int) -> float:
    """The pixels of a row."""
    points = cells.heights.get(row, cells.around.height)
    return USUAL[1] if points is None else points * PIXELS["pt"]


def width(view: Around, col: int) -> float:
    """The pixels of a column."""
    characters = view.by_column.get(col, view.width)
    return USUAL[0] if characters is None else characters * PIXELS_PER_CHARACTER


def room(view: Around, block: Block) -> float:
    """The pixels across of the first value of a block."""
    return sum(width(view, col) for col in range(block.col, block.col + block.span))


class Starts:
    """Where rows or columns begin, in pixels from the sheet's corner, of which only some have a size of their own."""

    def __init__(self, usual: float, own: Mapping[int, float]) -> None:
        self.usual = usual
        self.own = sorted(own)
        self.more = list(accumulate((own[line] - usual for line in self.own), initial=0.0))  # than usual, before each of them

    def __call__(self, line: int) -> float:
        return (max(line, 1) - 1) * self.usual + self.more[bisect_left(self.own, line)]


def down(cells: SheetCells) -> Starts:
    """Where rows begin."""
    return Starts(height(cells, 0), {row: height(cells, row) for row in cells.heights})


def across(view: Around) -> Starts:
    """Where columns begin."""
    return Starts(width(view, 0), {col: width(view, col) for col in view.by_column})
