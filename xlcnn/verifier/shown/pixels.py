"""The pixels of rows and columns, as a file says them in points and characters."""

from __future__ import annotations

from xlcnn.grid.blocks import Block
from xlcnn.xlsx.around import Around
from xlcnn.xlsx.book import SheetCells

USUAL = (64, 20)  # pixels of a cell in a file that does not say
PIXELS_PER_CHARACTER, PIXELS_PER_POINT = 7, 4 / 3


def height(cells: SheetCells, row: int) -> float:
    """The pixels of a row."""
    points = cells.heights.get(row, cells.around.height)
    return USUAL[1] if points is None else points * PIXELS_PER_POINT


def width(view: Around, col: int) -> float:
    """The pixels of a column."""
    characters = min((size for first, last, size in view.widths if first <= col <= last), default=view.width)
    return USUAL[0] if characters is None else characters * PIXELS_PER_CHARACTER


def room(view: Around, block: Block) -> float:
    """The pixels across of the first value of a block."""
    return sum(width(view, col) for col in range(block.col, block.col + block.span))
