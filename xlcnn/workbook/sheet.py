"""Writes one sheet, whatever it is: its headings, its blocks, and the words and charts beside them."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from openpyxl.drawing.image import Image as SheetImage

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1
from xlcnn.layout.placed import LEFT, TOP, Layout, PlacedSheet
from xlcnn.sheets.base import Place
from xlcnn.sheets.looks import Note
from xlcnn.sheets.parts import Values
from xlcnn.sheets.words import Words
from xlcnn.workbook import page as pages
from xlcnn.workbook import styles
from xlcnn.workbook.blocks import write_blocks
from xlcnn.workbook.charts import add_chart
from xlcnn.workbook.heading import headings, reach
from xlcnn.workbook.heatmap import add_colours
from xlcnn.workbook.page import Page

NARROWEST = 1190  # pixels of a page, so that the words above the maps have room


def write_sheet(page: Page, layout: Layout, placed: PlacedSheet, values: Values, words: Words) -> None:
    """Fill the sheet; `values` are those that are given, and the results of formulas."""
    sheet = placed.sheet
    sheets = {name: other.sheet for name, other in layout.items()}
    notes = list(sheet.notes(words, sheets, {name: other.parts for name, other in layout.items()}))
    rows, cols = extent(page, placed, notes)
    pages.size_cells(page, rows, cols)
    write_blocks(page, placed, values, words)
    add_colours(page.sheet, placed)
    for note in [*headings(page, layout, placed, words, reach(page, cols - 1)), *notes]:
        target = sheets.get(note.link)
        pages.write_note(page, note, target.title if target else "", words.title(target) if target else "")
    for chart in sheet.charts(placed.parts):
        add_chart(page.sheet.parent, layout, placed, chart, words)
    printed = sheet.printed(placed.parts)
    if printed is not None:
        rows = TOP + printed
        cols = max(reach(page, cols), *(b.col + b.columns for b in placed.blocks if b.row < rows))
    pages.set_up(page, cols, rows, "A5" if sheet.frozen else None, styles.TABS.get(sheet.group, styles.GREY))


def extent(page: Page, placed: PlacedSheet, notes: list[Note]) -> Cell:
    """The last row and column of the page: blocks, charts, notes, and room for the words above them."""
    row, col = placed.extent
    rows, cols = [row + 1], [col + 1]
    for chart in placed.sheet.charts(placed.parts):
        rows.append(TOP + chart.row + chart.height)
        first = last = LEFT + chart.col
        while page.pixels(first, last - first) < chart.width * page.cell[0]:
            last += 1
        cols.append(last)
    for note in notes:
        rows.append(note.row + note.rise)
        cols.append(note.col + note.width)
    last = max(cols)
    while page.pixels(1, last) < NARROWEST:
        last += 1
    return max(rows), last


def add_pictures(page: Page, placed: PlacedSheet, pictures: Mapping[str, bytes]) -> list[tuple[str, Place]]:
    """The pictures (PNG) that there are, of those for which the sheet has a place, with that place; their sizes are left blank."""
    places = placed.sheet.picture_places(placed.blocks)
    found = [(key, place) for key, place in places.items() if key in pictures]
    for key, place in found:
        image = SheetImage(BytesIO(pictures[key]))
        image.width = image.height = 0
        page.sheet.add_image(image, a1(place.row, place.col))
    return found
