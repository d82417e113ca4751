"""Whether a number has room in its cell: half of what a new workbook gives it, or all that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlcnn.grid.blocks import Block, Cell
from xlcnn.layout.placed import PlacedSheet, place
from xlcnn.sheets.overview import WITHOUT_NUMBER
from xlcnn.sheets.parts import WHOLE, Part
from xlcnn.verifier.shown.looks import DIGITS, HIGH, WIDE, usual_points
from xlcnn.verifier.shown.pixels import height, width
from xlcnn.xlsx.book import SheetCells

SHARE = 0.5  # of the size in a new workbook


@dataclass(frozen=True)
class Sizes:
    """The pixels of the rows and columns of a sheet, from the first to the last of its blocks."""

    down: tuple[float, ...]
    across: tuple[float, ...]

    def cramped(self, placed: PlacedSheet, number: int) -> Cell | None:
        """The first cell of a block, by its number, in which the writing has no room."""
        block = placed.blocks[number]
        part = placed.parts[block.part]
        if part.shown in WITHOUT_NUMBER:
            return None
        needs = needed(part)
        short = [*self.short(block, *needs)]
        if short:  # less than it needs: but a new workbook may have been as small
            usual = usual_size(placed, number)
            short = [*self.short(block, *(min(need, SHARE * size) for need, size in zip(needs, usual, strict=True)))]
        return short[0] if short else None

    def short(self, block: Block, across: float, down: float) -> Iterator[Cell]:
        """The first value of each row and column of a block that is smaller."""
        for y in range(block.height):
            row = block.row + y * block.rise
            if sum(self.down[row - 1 : row - 1 + block.rise]) < down:
                yield row, block.col
        for x in range(block.width):
            col = block.col + x * block.span
            if sum(self.across[col - 1 : col - 1 + block.span]) < across:
                yield block.row, col


def sizes_of(placed: PlacedSheet, cells: SheetCells) -> Sizes:
    rows, cols = placed.extent
    view = cells.around
    return Sizes(
        tuple(height(cells, row) for row in range(1, rows + 1)), tuple(width(view, col) for col in range(1, cols + 1))
    )  # fmt: skip


def needed(part: Part) -> tuple[float, float]:
    """The pixels, across and down, that a number of a few digits needs."""
    points = usual_points(part)
    return points * WIDE * (1 if part.shown == WHOLE else DIGITS), points * HIGH


def usual_size(placed: PlacedSheet, number: int) -> tuple[float, float]:
    """The pixels of a value of a block in a new workbook."""
    block = place(placed.sheet, placed.parts, placed.before).blocks[number]
    across, down = placed.sheet.cell
    wide = placed.sheet.wide
    return sum(wide.get(col, across) for col in range(block.col, block.col + block.span)), down * block.rise
