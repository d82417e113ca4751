"""The ``Guide`` sheet: the picture, the answer, the chart of probabilities, and the way through the workbook."""

from __future__ import annotations

from io import BytesIO

from openpyxl.drawing.image import Image as SheetImage
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xlcnn.layout import SUMMARY, Layout, SheetLayout
from xlcnn.templates import Words
from xlcnn.workbook import charts, page, styles
from xlcnn.workbook.layers import facts

SHEET = "Guide"
PICTURE = 230  # pixels
WIDTHS = {"A": 3, "B": 14, "C": 24, "D": 26, "E": 38, "F": 46}
STEPS = 19  # the row of the table of contents


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
    last = write_steps(sheet, layout, words)
    page.set_up(sheet, last + 1, 6, 90, freeze=None)


def write_answer(sheet: Worksheet, layout: Layout, words: Words) -> None:
    page.write_text(sheet, 4, 4, words["guide", "answer"], styles.SUBTITLE)
    page.write_text(sheet, 12, 4, words["guide", "sure"], styles.TEXT)
    for name, row, look, number_format in (
        ("guide.prediction", 6, styles.ANSWER, "0"),
        ("guide.probability", 13, styles.SURE, styles.PERCENT),
    ):
        cell = sheet.cell(row, 4, SUMMARY[name](layout))
        cell.font, cell.number_format, cell.alignment = look, number_format, styles.CENTRE
    page.merge(sheet, 6, 4, 1, 5)
    page.merge(sheet, 13, 4, 1, 2)


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
    chart.width, chart.height = 15.4, 6.9
    sheet.add_chart(chart, "E4")


def write_steps(sheet: Worksheet, layout: Layout, words: Words) -> int:
    """A row a sheet: its link, its story, something to try. Returns the last row."""
    page.write_text(sheet, STEPS - 1, 2, words["guide", "steps"], styles.SUBTITLE)
    for col, key in ((2, "sheet"), (3, "story"), (6, "try")):
        page.write_text(sheet, STEPS, col, words["guide", key], styles.HEADING, styles.MIDDLE)
    for col in range(2, 7):
        sheet.cell(STEPS, col).fill = styles.HEADER_FILL
        sheet.cell(STEPS, col).border = styles.RULE
    write_step(sheet, STEPS + 1, "Network", words["network", "title"], words["network", "does"], "")
    for row, (name, plan) in enumerate(layout.sheets.items(), start=STEPS + 2):
        story = words["sheets", name, "does"].format(**facts(plan))
        write_step(sheet, row, plan.layer.sheet, words["sheets", name, "title"], story, words["sheets", name, "try"])
    return STEPS + 1 + len(layout.sheets)


def write_step(sheet: Worksheet, row: int, target: str, title: str, story: str, try_: str) -> None:
    page.write_text(sheet, row, 2, target, styles.BACK, styles.WRAP)
    page.link(sheet, row, 2, target, title)
    page.write_text(sheet, row, 3, story, styles.BODY, styles.WRAP)
    page.write_text(sheet, row, 6, try_, styles.BODY, styles.WRAP)
    page.merge(sheet, row, 3, 3)
    for col in range(2, 7):
        sheet.cell(row, col).border = styles.RULE
        sheet.cell(row, col).alignment = styles.WRAP
    lines = max(-(-len(story) // 94), -(-len(try_) // 49), 1)
    sheet.row_dimensions[row].height = 13 * lines + 8
