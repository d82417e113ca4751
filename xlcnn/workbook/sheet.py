"""Writes one sheet, whatever it is: its headings, its blocks, and the words and charts beside them."""

from __future__ import annotations

from io import BytesIO

from openpyxl.drawing.image import Image as SheetImage

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1
from xlcnn.layout.placed import LEFT, TOP, Layout, PlacedSheet
from xlcnn.sheets import guide
from xlcnn.sheets.looks import Note
from xlcnn.sheets.parts import Values
from xlcnn.sheets.words import Words
from xlcnn.workbook import page as pages
from xlcnn.workbook.blocks import write_blocks
from xlcnn.workbook.charts import add_chart
from xlcnn.workbook.heatmap import add_colours
from xlcnn.workbook.page import Page

SCREEN = (1290, 520)  # the pixels of a 1366×768 laptop that show cells
PANELS = ("source", "in", "weight", "computed", "choice")
MARGIN = 480  # pixels of a note in the margin
NARROWEST = 1104  # pixels of a page, so that the words above the maps have room
BACK = 72  # pixels of the way back
PICTURE = 230  # pixels of the user's own picture


def write_sheet(page: Page, layout: Layout, placed: PlacedSheet, given: Values, words: Words) -> None:
    """Fill the sheet. `given` holds the values of the parts that no formula computes."""
    sheet = placed.sheet
    sheets = {name: other.sheet for name, other in layout.items()}
    notes = list(sheet.notes(words, sheets, {name: other.parts for name, other in layout.items()}))
    rows, cols = extent(page, placed, notes)
    pages.square_cells(page, rows, cols)
    write_blocks(page, placed, given, words)
    add_colours(page.sheet, placed)
    write_heading(page, layout, placed, words, cols - LEFT)
    for note in notes:
        target = sheets.get(note.link)
        pages.write_note(page, note, target.title if target else "", words.title(target) if target else "")
    for chart in sheet.charts(placed.parts):
        add_chart(page.sheet.parent, layout, placed, chart, words)
    pages.set_up(page, rows, cols, zoom(page, placed), "A5" if sheet.frozen else None)


def extent(page: Page, placed: PlacedSheet, notes: list[Note]) -> Cell:
    """The last row and column of the page: blocks, charts, notes, and room for the words above them."""
    row, col = placed.extent
    rows, cols = [row + 1], [col + 1]
    for chart in placed.sheet.charts(placed.parts):
        rows.append(TOP + chart.row + chart.height)
        if not page.wide:
            cols.append(LEFT + chart.col + chart.width)
    for note in notes:
        rows.append(note.row + note.rise)
        cols.append(note.col + note.width)
    last = max(cols)
    while page.pixels(1, last) < NARROWEST:
        last += 1
    return max(rows), last


def zoom(page: Page, placed: PlacedSheet) -> int:
    """Such that the tallest map and, if it can still be read, the whole width fit on one screen."""
    if placed.sheet.zoom is not None:
        return placed.sheet.zoom
    tallest = (max(b.rows for b in placed.blocks) + 6) * page.cell
    widest = page.pixels(1, max(b.col + b.columns for b in placed.blocks))
    return max(50, min(100, int(min(SCREEN[0] / widest, SCREEN[1] / tallest) * 100) // 5 * 5))


def write_heading(page: Page, layout: Layout, placed: PlacedSheet, words: Words, width: int) -> None:
    """Title, what the sheet does, its formulas as text, the headings over the columns of blocks, the way back."""
    sheet = placed.sheet
    steps = [step for step in words.steps if sheet.name in step.sheets]
    tag = f"{words['guide', 'step']} {', '.join(str(step.number) for step in steps)}  ·  " if steps else ""
    marks = [mark for step in steps if step.sheets[0] == sheet.name for mark in step.marks]
    margin = MARGIN // page.cell
    text_width = width - (margin + 1) * bool(marks)
    notes = [
        Note(1, LEFT, tag + words.title(sheet), "title"),
        Note(2, LEFT, words.does(sheet, placed.parts), "text", text_width, wrap=True),
    ]
    if marks:
        notes.append(Note(2, LEFT + text_width + 1, "\n".join(marks), "mark", margin, wrap=True))
    formulas = [f"{words['panels', 'formula']} {a1(*where)}:  {formula}" for where, formula in placed.explained.items()]
    if formulas:
        line = Note(3, LEFT, "     ".join(formulas), "formula", width, wrap=True)
        one_line = len(line.text) * pages.CHARACTER["formula"] < page.pixels(LEFT, width)
        notes.append(line if one_line else Note(3, LEFT, "\n".join(formulas), "formula", width, wrap=True))
    if sheet.panels:
        notes += panel_headings(placed, words)
    for note in notes:
        pages.write_note(page, note)
    if guide.NAME in layout and sheet.name != guide.NAME:
        on_screen = min(page.pixels(1, LEFT + width), 0.85 * SCREEN[0] * 100 / zoom(page, placed)) - BACK
        column = next(col for col in range(LEFT + width, 1, -1) if page.pixels(1, col - 1) <= on_screen)
        back = Note(1, column, words["panels", "back"], "back")
        pages.write_note(page, back, layout[guide.NAME].title, words.title(layout[guide.NAME].sheet))
    page.rows.heights[1], page.rows.heights[4] = 26, 17


def panel_headings(placed: PlacedSheet, words: Words) -> list[Note]:
    """What comes in, weights with their shape, what goes out: each over the first column of its blocks."""
    notes: dict[int, Note] = {}
    for panel in PANELS:
        names = ["output"] if panel == "computed" else [n for n, p in placed.parts.items() if p.panel == panel]
        columns = [b.col for b in placed.blocks if b.part in names]
        if not columns or min(columns) in notes:
            continue
        weights = [placed.parts[n].shape for n in names if placed.parts[n].is_weight][:1]
        shape = ": " + " × ".join(map(str, weights[0])) if weights else ""
        notes[min(columns)] = Note(4, min(columns), words["panels", panel] + shape, "panel")
    return list(notes.values())


def add_picture(page: Page, placed: PlacedSheet, picture: bytes) -> None:
    """The user's own picture, where the sheet has a place for it."""
    where = placed.sheet.picture_place(placed.blocks)
    if where is not None:
        image = SheetImage(BytesIO(picture))
        scale = PICTURE / max(image.width, image.height)
        image.width, image.height = round(image.width * scale), round(image.height * scale)
        page.sheet.add_image(image, a1(*where))
