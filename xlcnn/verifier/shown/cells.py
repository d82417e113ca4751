"""Whether every cell can be seen: no hidden or tiny rows and columns, no merged cells over others, no frozen screen."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from xlcnn.grid.blocks import Block
from xlcnn.grid.references import a1
from xlcnn.layout.placed import PlacedSheet
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.pixels import height, width
from xlcnn.verifier.shown.sizes import sizes_of
from xlcnn.xlsx.areas import Area, Areas, area_of
from xlcnn.xlsx.around import Around
from xlcnn.xlsx.book import Book, SheetCells

SCREEN = (700, 400)  # pixels that may be frozen of a laptop's screen, across and down
LEAST = (5, 5)  # pixels of a column or a row, below which nothing can be seen in it


def cell_problems(book: Book, placed: PlacedSheet) -> Iterator[Problem]:
    """All of it on one sheet."""
    cells = book.sheets[placed.title]
    yield from view_problems(placed, cells)
    yield from hidden_cells(placed, cells)
    yield from merged_cells(placed, cells.around)


def view_problems(placed: PlacedSheet, cells: SheetCells) -> Iterator[Problem]:
    """How the window shows the sheet."""
    view = cells.around
    if view.formulas_shown:
        yield Problem("shown", placed.title, None, "values", "formulas in place of values: switch off Show Formulas")
    if view.zeros_hidden:
        yield Problem("shown", placed.title, None, "zeros", "no zeros: switch on Show a zero in cells that have zero value")
    rows, columns = view.frozen
    down = sum(height(cells, row) for row in range(1, min(rows, 2000) + 1))
    across = sum(width(view, col) for col in range(1, min(columns, 2000) + 1))
    if down > SCREEN[1] or across > SCREEN[0] or rows > 2000 or columns > 2000:
        frozen = f"{rows} frozen rows" if down > SCREEN[1] else f"{columns} frozen columns"
        yield Problem("shown", placed.title, None, "room to scroll", f"{frozen} that fill the screen")
    if view.scrolled:
        yield Problem("shown", placed.title, None, "rows and columns from A1 on", "frozen panes that hide the first of them")


def hidden_cells(placed: PlacedSheet, cells: SheetCells) -> Iterator[Problem]:
    """The first cell of each block that is not shown, or has no room; and words outside the blocks that are not shown."""
    used = [cell for cell, value in cells.values.items() if value is not None]
    used += [cell for block in placed.blocks for cell in (block.cell(0, 0), block.last)]
    last_row, last_col = (max(map(itemgetter(k), used)) for k in (0, 1))
    rows = {row for row in range(1, last_row + 1) if height(cells, row) < LEAST[1]} | set(cells.hidden_rows)
    cols = {col for col in range(1, last_col + 1) if width(cells.around, col) < LEAST[0]}
    cols |= {col for first, last in cells.hidden_columns for col in range(first, min(last, last_col) + 1)}
    sizes = sizes_of(placed, cells)
    lost = [
        next((cell for cell in block.cells() if cell[0] in rows or cell[1] in cols), None) if rows or cols else None
        for block in placed.blocks
    ]  # fmt: skip
    for number, (cell, block) in enumerate(zip(lost, placed.blocks, strict=True)):
        where = cell or sizes.cramped(placed, number)
        if where:
            yield hidden(placed, a1(*where), f"of {placed.defined_name(block)}")
    words = min((cell for cell in used if cell[0] in rows or cell[1] in cols), default=None) if rows or cols else None
    if words and not any(lost):
        yield hidden(placed, a1(*words), "")


def hidden(placed: PlacedSheet, cell: str, note: str) -> Problem:
    return Problem("hidden", placed.title, cell, "a visible cell", "a hidden row or column, or one of hardly any size", note)


def merged_cells(placed: PlacedSheet, view: Around) -> Iterator[Problem]:
    """Merged cells that hide a cell of the network: all but those of one value that a new workbook merges, too."""
    if not view.merged:
        return
    merged = Areas(view.merged)
    for block in placed.blocks:
        here = area_of(block)
        over = next((area for area in merged.meeting(here) if not is_one_value(block, area)), None)
        if over:
            found, where = f"the merged cells {a1(*over.first)}:{a1(*over.last)}", f"of {placed.defined_name(block)}"
            yield Problem("hidden", placed.title, a1(*over.first), "cells side by side", found, where)


def is_one_value(block: Block, area: Area) -> bool:
    """Whether merged cells lie in the cells of one value of a block, from its first on."""
    (top, left), (bottom, right) = area.first, area.last
    y, over = divmod(top - block.row, block.rise)
    x, beside = divmod(left - block.col, block.span)
    inside = 0 <= y < block.height and 0 <= x < block.width
    return inside and over == beside == 0 and bottom < top + block.rise and right < left + block.span
