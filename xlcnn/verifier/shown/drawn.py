"""Whether nothing lies over the network's cells or in the place of its charts, and whether these show the network's own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import a1
from xlcnn.layout.placed import LEFT, TOP, Layout, PlacedSheet, place
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.charts import Planned, chart_problems, planned, the_lessons
from xlcnn.verifier.shown.pixels import across, down
from xlcnn.verifier.shown.rectangles import Rectangle, covered, over_others, overlap
from xlcnn.xlsx.areas import Area, area_of
from xlcnn.xlsx.book import Book, SheetCells
from xlcnn.xlsx.over import Drawing

ROUNDING = 1.25, 8  # a share and pixels by which a shape's own size may differ from its anchor's, as columns do between programs


def drawn_problems(book: Book, layout: Layout, placed: PlacedSheet) -> Iterator[Problem]:
    """All of it on one sheet."""
    cells = book.sheets[placed.title]
    if not cells.drawings:
        return
    wrong = list(chart_problems(book, layout, placed, cells.drawings))
    yield from wrong
    yield from elsewhere(placed, cells.drawings)
    edges = Edges(cells)
    drawings = [drawing for drawing in cells.drawings if not drawing.behind]
    rectangles = [edges.of(drawing) for drawing in drawings]
    blocks = covered(rectangles, [edges.around(with_caption(placed, block)) for block in placed.blocks])
    for drawing, number in zip(drawings, blocks, strict=True):
        if number is not None:
            block = placed.blocks[number]
            found, note = f"{drawing.kind} over it", f"of {placed.defined_name(block)}"
            yield Problem("hidden", placed.title, a1(block.row, block.col), "a visible cell", found, note)
    for k in over_others(rectangles):
        where = a1(*drawings[k].first)
        yield Problem("hidden", placed.title, where, "one beside the other", f"{drawings[k].kind} over another drawing")
    if not wrong:
        yield from in_the_place_of_charts(placed, planned(layout, placed), edges, list(zip(drawings, rectangles, strict=True)))


def elsewhere(placed: PlacedSheet, drawings: tuple[Drawing, ...]) -> Iterator[Problem]:
    """Pictures behind the cells, and those that are fetched when somebody opens the workbook."""
    for drawing in drawings:
        if drawing.behind:
            do = "remove it with Page Layout > Delete Background"
            yield Problem("shown", placed.title, None, "nothing behind the cells", drawing.kind, do)
        if drawing.fetched:
            do = "insert it anew without a link to its file"
            yield Problem(
                "outside", placed.title, a1(*drawing.first), "a workbook that holds all that it needs", "a linked picture", do
            )


def in_the_place_of_charts(
    placed: PlacedSheet, charts: list[Planned], edges: Edges, drawn: list[tuple[Drawing, Rectangle]]
) -> Iterator[Problem]:
    """Something of one's own where a new workbook has a chart: it would be taken for that one."""
    fresh = place(placed.sheet, placed.parts, placed.before).blocks
    moved_down, moved_across = (placed.blocks[0].row - fresh[0].row, placed.blocks[0].col - fresh[0].col) if fresh else (0, 0)
    wide, high = placed.sheet.cell
    for one in charts:
        corner = TOP + one.plan.row + moved_down, LEFT + one.plan.col + moved_across
        left, top = edges.corner(corner)
        there = (left, top, left + one.plan.width * wide, top + one.plan.height * high)
        for drawing, rectangle in drawn:
            if overlap(rectangle, there) and the_lessons(drawing, placed.title, charts) is None:
                found = f"{drawing.kind} in its place: move that aside"
                yield Problem("shown", placed.title, a1(*corner), "the chart of a new workbook, or nothing", found)


def with_caption(placed: PlacedSheet, block: Block) -> Area:
    """A block, and the row above it where its caption stands."""
    area = area_of(block)
    return Area((area.first[0] - 1, area.first[1]), area.last) if placed.parts[block.part].captioned else area


class Edges:
    """Where rows and columns end, in pixels from the sheet's corner."""

    def __init__(self, cells: SheetCells) -> None:
        self.down, self.across = down(cells), across(cells.around)

    def corner(self, cell: Cell) -> tuple[float, float]:
        """Where a cell begins: across and down."""
        return self.across(cell[1]), self.down(cell[0])

    def around(self, area: Area) -> Rectangle:
        right, bottom = self.corner((area.last[0] + 1, area.last[1] + 1))
        return (*self.corner(area.first), right, bottom)

    def of(self, drawing: Drawing) -> Rectangle:
        """The rectangle that a drawing covers: between its corners, or as much as it is larger than they say."""
        x, y = (a + b for a, b in zip(self.corner(drawing.first), drawing.into, strict=True))
        if drawing.last is None:
            x2, y2 = x + drawing.end[0], y + drawing.end[1]
        else:
            x2, y2 = (a + b for a, b in zip(self.corner(drawing.last), drawing.end, strict=True))
        (left, right), (top, bottom) = sorted((x, x2)), sorted((y, y2))
        right = left + larger(right - left, drawing.least[0])
        bottom = top + larger(bottom - top, drawing.least[1])
        if not drawing.turned:
            return left, top, right, bottom
        reach, middle, level = hypot(right - left, bottom - top) / 2, (left + right) / 2, (top + bottom) / 2
        return middle - reach, level - reach, middle + reach, level + reach


def larger(length: float, least: float) -> float:
    """A length, or the least that it is drawn with, where that is clearly more."""
    return least if least > ROUNDING[0] * length + ROUNDING[1] else length
