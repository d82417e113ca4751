"""Whether the window opens at the lesson, so that it can be read; and whether what is printed is the lesson."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import split_area
from xlcnn.layout.placed import LEFT, TOP, PlacedSheet
from xlcnn.verifier.description import Described
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.language import by_likelihood, language, words_in
from xlcnn.xlsx.areas import Area, area_of
from xlcnn.xlsx.views import NORMAL, View

ZOOM = (25, 400)  # per cent; 25 is the smallest that Excel offers by name


def window_problems(described: Described, placed: PlacedSheet) -> Iterator[Problem]:
    """Of one sheet: each view of it, and what is printed."""
    printed = printed_areas(described, placed)
    on_paper = prints_all(described, placed)
    end = cache(lambda: reach(described, placed))  # of many custom views, asked once
    shows_none = bool(printed) and bool(placed.blocks) and not any(a.meets(area_of(b)) for a in printed for b in placed.blocks)
    for view in described.book.sheets[placed.title].around.views:
        wrong = wrong_view(placed, view, on_paper, end)
        if wrong:
            expected, found = wrong
            note = "a view under View > Custom Views" if view.chosen else ""
            yield Problem("shown", placed.title, None, expected, found, note)
    if shows_none:
        found, do = "a print area without any of them", "set another under Page Layout > Print Area"
        yield Problem("shown", placed.title, None, "numbers of the network on paper", found, do)


def wrong_view(placed: PlacedSheet, view: View, on_paper: bool, end: Callable[[], Cell]) -> tuple[str, str] | None:
    """What a view should show, and what it does; `on_paper` is whether the whole sheet is printed."""
    if view.right_to_left:
        return "columns from left to right", "from right to left: switch off Page Layout > Sheet Right-to-Left"
    if not ZOOM[0] <= view.zoom <= ZOOM[1]:
        return f"a zoom from {ZOOM[0]} % to {ZOOM[1]} %", f"{view.zoom} %"
    if view.mode != NORMAL and not on_paper:
        return "the whole sheet", "a preview of a part of it: choose View > Normal"
    far = placed.blocks and any(not within(corner, placed, end) for corner in view.corners)
    return ("the lesson", "a place far from it: press Ctrl+Home, and save") if far else None


def within(corner: Cell, placed: PlacedSheet, end: Callable[[], Cell]) -> bool:
    """Whether something of the lesson, which has an `end`, stands to the right of and below a corner."""
    if all(a <= b for a, b in zip(corner, placed.extent, strict=True)):
        return True
    return all(a <= b for a, b in zip(corner, end(), strict=True))


def reach(described: Described, placed: PlacedSheet) -> Cell:
    """The last row and column of a new sheet with its words and charts."""
    layout = described.layout
    book = described.book
    words = (language(book, layout) or words_in(by_likelihood(book, layout)[0])).only(layout)
    notes = placed.sheet.notes(words, {name: p.sheet for name, p in layout.items()}, {name: p.parts for name, p in layout.items()})
    ends = [placed.extent, *((note.row + note.rise - 1, note.col + note.width - 1) for note in notes)]
    ends += [(TOP + c.row + c.height, LEFT + c.col + c.width) for c in placed.sheet.charts(placed.parts)]
    return max(row for row, _ in ends), max(col for _, col in ends)


def printed_areas(described: Described, placed: PlacedSheet) -> list[Area]:
    """The cells of a sheet that are printed; none where it does not say, or what it says is no range."""
    text = next((text for title, text in described.book.printed if title == placed.title), "")
    found = []
    for one in text.split(",") if text else ():
        try:
            _, first, last = split_area(one)
        except ValueError:
            continue
        found.append(Area(first, last))
    return found


def prints_all(described: Described, placed: PlacedSheet) -> bool:
    """Whether every block lies among the cells that are printed."""
    areas = printed_areas(described, placed)
    return not areas or all(any((b.row, b.col) in area and b.last in area for area in areas) for b in placed.blocks)
