"""Whether charts show the network's own numbers, and whether nothing lies over its cells."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1, split_area
from xlcnn.layout.placed import Layout, PlacedSheet
from xlcnn.layout.series import Column, series
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.cells import height, width
from xlcnn.xlsx.around import Area, Drawing, area_of
from xlcnn.xlsx.book import Book, SheetCells

LARGEST = 3000  # rows or columns that drawings are looked for in
EDGE = 3  # pixels that drawings may reach over

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


def drawn_problems(book: Book, layout: Layout, placed: PlacedSheet) -> Iterator[Problem]:
    """All of it on one sheet."""
    cells = book.sheets[placed.title]
    if not cells.drawings:
        return
    yield from chart_problems(book, layout, placed, cells)
    edges = Edges(cells)
    rectangles = [edges.of(drawing) for drawing in cells.drawings]
    for drawing, rectangle in zip(cells.drawings, rectangles, strict=True):
        block = next((b for b in placed.blocks if overlap(rectangle, edges.around(area_of(b)))), None)
        if block is not None:
            found, note = f"{drawing.kind} over it", f"of {placed.defined_name(block)}"
            yield Problem("hidden", placed.title, a1(block.row, block.col), "a visible cell", found, note)
    for k, one in enumerate(rectangles):
        if any(overlap(one, other) for other in rectangles[:k]):
            where = a1(*cells.drawings[k].first)
            yield Problem("hidden", placed.title, where, "one beside the other", f"{cells.drawings[k].kind} over another drawing")


class Edges:
    """Where rows and columns end, in pixels from the sheet's corner."""

    def __init__(self, cells: SheetCells) -> None:
        self.down = list(accumulate((height(cells, row) for row in range(1, LARGEST)), initial=0.0))
        self.across = list(accumulate((width(cells.around, col) for col in range(1, LARGEST)), initial=0.0))

    def corner(self, cell: Cell) -> tuple[float, float]:
        """Where a cell begins: across and down."""
        return self.across[min(cell[1], LARGEST) - 1], self.down[min(cell[0], LARGEST) - 1]

    def around(self, area: Area) -> Rectangle:
        right, bottom = self.corner((area.last[0] + 1, area.last[1] + 1))
        return (*self.corner(area.first), right, bottom)

    def of(self, drawing: Drawing) -> Rectangle:
        """The rectangle that a drawing covers."""
        left, top = (a + b for a, b in zip(self.corner(drawing.first), drawing.into, strict=True))
        if drawing.last is None:
            return left, top, left + drawing.end[0], top + drawing.end[1]
        right, bottom = (a + b for a, b in zip(self.corner(drawing.last), drawing.end, strict=True))
        return left, top, right, bottom


def overlap(one: Rectangle, other: Rectangle) -> bool:
    """Whether two rectangles share more than an edge."""
    return all(min(one[k + 2], other[k + 2]) - max(one[k], other[k]) > EDGE for k in (0, 1))


def chart_problems(book: Book, layout: Layout, placed: PlacedSheet, cells: SheetCells) -> Iterator[Problem]:
    """Charts that are the lesson's, but show other cells. One that was removed is no lie, and others are somebody's own."""
    right = [pair for chart in placed.sheet.charts(placed.parts) for pair in series(layout, placed, chart)]
    found = [pair for drawing in cells.drawings for pair in drawing.series]
    read = [(columns(x, placed.title), columns(y, placed.title)) for x, y in found]
    missing = [pair for pair in right if pair not in read]
    strange = [text for text, pair in zip(found, read, strict=True) if pair not in right]
    for drawing in cells.drawings:
        added = [pair for pair in drawing.series if (columns(pair[0], placed.title), columns(pair[1], placed.title)) not in right]
        if len(added) < len(drawing.series) and (drawing.odd or added):
            odd = drawing.odd or "one with further bars or lines"
            yield Problem("shown", placed.title, a1(*drawing.first), "the chart as a new workbook has it", odd)
            return
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
