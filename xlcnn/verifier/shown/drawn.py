"""Whether charts show the network's own numbers, and whether nothing lies over its cells."""

from __future__ import annotations

from collections.abc import Iterator

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1, split_area
from xlcnn.layout.placed import Layout, PlacedSheet
from xlcnn.layout.series import Column, series
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.cells import height, width
from xlcnn.xlsx.around import Area, Drawing, area_of
from xlcnn.xlsx.book import Book, SheetCells

LARGEST = 4000  # rows or columns that a drawing is followed over


def drawn_problems(book: Book, layout: Layout, placed: PlacedSheet) -> Iterator[Problem]:
    """All of it on one sheet."""
    cells = book.sheets[placed.title]
    yield from chart_problems(book, layout, placed, cells)
    for drawing in cells.drawings:
        area = covered(cells, drawing)
        for block in placed.blocks:
            here = area_of(block)
            if area is not None and area.meets(here):
                found, note = f"{drawing.kind} over it", f"of {placed.defined_name(block)}"
                yield Problem("hidden", placed.title, a1(block.row, block.col), "a visible cell", found, note)
                break


def chart_problems(book: Book, layout: Layout, placed: PlacedSheet, cells: SheetCells) -> Iterator[Problem]:
    """Charts that are the lesson's, but show other cells. One that was removed is no lie, and others are somebody's own."""
    right = [pair for chart in placed.sheet.charts(placed.parts) for pair in series(layout, placed, chart)]
    found = [pair for drawing in cells.drawings for pair in drawing.series]
    read = [(columns(x, placed.title), columns(y, placed.title)) for x, y in found]
    missing = [pair for pair in right if pair not in read]
    strange = [text for text, pair in zip(found, read, strict=True) if pair not in right]
    if missing and strange:
        (x, y), (other_x, other_y) = missing[0], strange[0]
        expected = f"a chart of {written(y)} over {written(x)}"
        yield Problem("shown", placed.title, None, expected, f"one of {other_y} over {other_x}")


def columns(reference: str, title: str) -> Column | None:
    """The cells of a chart's reference; None where they are not one range."""
    try:
        sheet, first, last = split_area(reference if "!" in reference else f"'{title}'!{reference}")
    except ValueError:
        return None
    return sheet, first, last


def written(column: Column) -> str:
    return f"{column[0]}!{a1(*column[1])}:{a1(*column[2])}"


def covered(cells: SheetCells, drawing: Drawing) -> Area | None:
    """The cells of which a drawing covers more than the edge; None where it covers none."""
    last = drawing.last
    if last is None:
        last = after(cells, drawing)
    first = drawing.first
    return Area(first, (last[0] - 1, last[1] - 1)) if last[0] > first[0] and last[1] > first[1] else None


def after(cells: SheetCells, drawing: Drawing) -> Cell:
    """The cell in which a drawing of so many pixels ends."""
    row, col = drawing.first
    across, down = drawing.pixels
    while down > 0 and row < drawing.first[0] + LARGEST:
        down -= height(cells, row)
        row += 1
    while across > 0 and col < drawing.first[1] + LARGEST:
        across -= width(cells.around, col)
        col += 1
    return row, col
