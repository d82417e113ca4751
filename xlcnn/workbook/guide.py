"""The ``Guide`` sheet: the picture, the answer, the chart of probabilities, and the lesson, step by step."""

from __future__ import annotations

from io import BytesIO
from math import ceil

from openpyxl.drawing.image import Image as SheetImage
from openpyxl.styles import Font
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xlcnn import table
from xlcnn.layout import IMAGE, SUMMARY, Layout, SheetLayout
from xlcnn.words import Words
from xlcnn.workbook import charts, page, styles
from xlcnn.workbook.layers import facts

SHEET = "Guide"
NETWORK = table.SHEET
PICTURE = 230  # pixels
WIDTHS = {"A": 3, "B": 17, "C": 17, "D": 28, "E": 66, "F": 46}
CHARACTERS = {col: int(1.13 * WIDTHS["ABCDEF"[col - 1]]) for col in (4, 5, 6)}  # that fit on a line, on the safe side
PLACES = {"guide.prediction": (6, 4), "guide.probability": (13, 4), IMAGE: (16, 4)}
STEPS = 20  # the row of the table of contents


def write_guide(book: Workbook, layout: Layout, picture: bytes, words: Words) -> None:
    """Fill the sheet, which must exist already: it comes first, but its chart needs the others."""
    sheet = book[SHEET]
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    page.write_text(sheet, 1, 2, words["guide", "title"], styles.TITLE, styles.MIDDLE)
    sheet.row_dimensions[1].height = 30
    page.write_text(sheet, 2, 2, words["guide", "intro"], styles.TEXT, styles.WRAP)
    page.merge(sheet, 2, 2, 5)
    sheet.row_dimensions[2].height = 34
    page.write_text(sheet, 4, 2, words["guide", "picture"], styles.SUBTITLE)
    add_picture(sheet, picture, "B5")
    if layout.answer is not None:
        write_answer(sheet, layout, words)
        add_chart(sheet, book, layout.answer[0], words)
    if layout.chooser is not None:
        page.write_text(sheet, 15, 4, words["guide", "reads"], styles.TEXT)
        write_summary(sheet, layout, IMAGE, styles.SUBTITLE, "@")
        page.link(sheet, 15, 4, layout.chooser.layer.sheet, words["sheets", layout.chooser.layer.name, "title"])
    last = write_steps(sheet, layout, words)
    page.set_up(sheet, last + 1, 6, 90, freeze=None)


def write_answer(sheet: Worksheet, layout: Layout, words: Words) -> None:
    page.write_text(sheet, 4, 4, words["guide", "answer"], styles.SUBTITLE)
    page.write_text(sheet, 12, 4, words["guide", "sure"], styles.TEXT)
    write_summary(sheet, layout, "guide.prediction", styles.ANSWER, "0")
    write_summary(sheet, layout, "guide.probability", styles.SURE, styles.PERCENT)
    page.merge(sheet, 6, 4, 1, 5)


def write_summary(sheet: Worksheet, layout: Layout, name: str, look: Font, number_format: str) -> None:
    """One computed cell of the Guide."""
    cell = sheet.cell(*PLACES[name], SUMMARY[name](layout))
    cell.font, cell.number_format, cell.alignment = look, number_format, styles.CENTRE


def add_picture(sheet: Worksheet, picture: bytes, cell: str) -> None:
    """Put the picture on a sheet, its top left corner at `cell`."""
    image = SheetImage(BytesIO(picture))
    scale = PICTURE / max(image.width, image.height)
    image.width, image.height = round(image.width * scale), round(image.height * scale)
    sheet.add_image(image, cell)


def add_chart(sheet: Worksheet, book: Workbook, answer: SheetLayout, words: Words) -> None:
    source = book[answer.layer.sheet]
    blocks = {b.key: b for b in answer.blocks}
    probabilities, classes = (charts.column_of(source, blocks[key]) for key in ("probability", "class"))
    title, x_title, y_title = (words["guide", key] for key in ("chart", "digit", "probability"))
    chart = charts.columns(title, x_title, y_title, probabilities, classes)
    chart.width, chart.height = 17.5, 7.2
    sheet.add_chart(chart, "E4")


def write_steps(sheet: Worksheet, layout: Layout, words: Words) -> int:
    """A row a step: where to look, its title, its story, something to try; then the other sheets. Returns the last row."""
    page.write_text(sheet, STEPS - 1, 2, words["guide", "steps"], styles.SUBTITLE)
    page.write_text(sheet, STEPS - 1, 5, words["guide", "legend"], styles.TEXT)
    write_head(sheet, STEPS, words, "step")
    seen: set[str] = set()
    for row, step in enumerate(words.steps, start=STEPS + 1):
        write_row(sheet, row, (f"{step.number}  {step.title}", "\n".join([step.does, *step.marks]), step.try_))
        sheet.cell(row, 4).font = styles.HEADING
        for col, name in enumerate(step.sheets, start=2):
            write_link(sheet, row, col, layout, words, name)
        seen |= set(step.sheets)
    others = [name for name in (NETWORK, *layout.sheets) if name not in seen]
    first = STEPS + len(words.steps) + 4
    if not others:
        return first - 4
    page.write_text(sheet, first - 2, 2, words["guide", "others"], styles.SUBTITLE)
    write_head(sheet, first - 1, words, "sheet")
    for row, name in enumerate(others, start=first):
        title, does, try_ = words["network", "title"], words["network", "does"], ""
        if name != NETWORK:
            title, try_ = (words["sheets", name, key] for key in ("title", "try"))
            does = words["sheets", name, "does"].format(**facts(layout.sheets[name]))
        write_row(sheet, row, (title, does, try_))
        write_link(sheet, row, 2, layout, words, name)
    return first + len(others) - 1


def write_head(sheet: Worksheet, row: int, words: Words, what: str) -> None:
    """The headings of a table."""
    for col, key in ((2, "where"), (4, what), (5, "story"), (6, "try")):
        page.write_text(sheet, row, col, words["guide", key], styles.HEADING, styles.MIDDLE if col < 5 else styles.INDENTED)
    for col in range(2, 7):
        sheet.cell(row, col).fill = styles.HEADER_FILL
        sheet.cell(row, col).border = styles.RULE


def write_row(sheet: Worksheet, row: int, texts: tuple[str, str, str]) -> None:
    """One row, as high as its longest text needs."""
    lines = 1
    for col, text in enumerate(texts, start=4):
        page.write_text(sheet, row, col, text, styles.BODY, styles.WRAP if col < 5 else styles.INDENTED)
        lines = max(lines, sum(max(1, ceil(len(line) / CHARACTERS[col])) for line in text.split("\n")))
    for col in range(2, 7):
        sheet.cell(row, col).border = styles.RULE
    sheet.row_dimensions[row].height = 13 * lines + 8


def write_link(sheet: Worksheet, row: int, col: int, layout: Layout, words: Words, name: str) -> None:
    """A link to the sheet of a layer, of an exhibit, or to the Network sheet."""
    target = NETWORK if name == NETWORK else layout.sheets[name].layer.sheet
    tip = words["network", "title"] if name == NETWORK else words["sheets", name, "title"]
    page.write_text(sheet, row, col, target, styles.BACK, styles.WRAP)
    page.link(sheet, row, col, target, tip)
