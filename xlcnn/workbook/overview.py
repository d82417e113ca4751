"""The ``Network`` sheet: the layers as a person would read them, and as the verifier reads them back."""

from __future__ import annotations

from openpyxl.workbook import Workbook

from xlcnn.layout import SUMMARY, TABLE_ROW, TOTAL, Layout
from xlcnn.table import COLUMNS, SHEET, write_row
from xlcnn.words import Words
from xlcnn.workbook import page, styles

WIDTHS = (14, 14, 18, 56, 18, 10, 14)


def write_overview(book: Workbook, layout: Layout, words: Words) -> None:
    sheet = book.create_sheet(SHEET)
    sheet.column_dimensions["A"].width = 3
    for k, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("B") + k)].width = width
    page.write_text(sheet, 1, 2, words["network", "title"], styles.TITLE, styles.MIDDLE)
    sheet.row_dimensions[1].height = 26
    page.write_text(sheet, 2, 2, words["network", "does"], styles.TEXT, styles.WRAP)
    page.merge(sheet, 2, 2, 7)
    sheet.row_dimensions[2].height = 34
    page.write_text(sheet, 1, 8, words["panels", "back"], styles.BACK, styles.MIDDLE)
    page.link(sheet, 1, 8, "Guide", words["guide", "title"])
    for k, column in enumerate(COLUMNS):
        page.write_text(sheet, 4, 2 + k, words["network", column], styles.HEADING, styles.MIDDLE)
        sheet.cell(4, 2 + k).fill = styles.HEADER_FILL
        sheet.cell(4, 2 + k).border = styles.RULE
    sheet.row_dimensions[4].height = 22
    sheet.cell(4, 7).alignment = styles.NUMBERS
    for row, plan in enumerate(layout.sheets.values(), start=TABLE_ROW):
        layer = plan.layer
        for k, value in enumerate(write_row(layer, plan.parts)):
            if isinstance(value, str):
                page.write_text(sheet, row, 2 + k, value, styles.BODY, styles.MIDDLE)
            else:
                sheet.cell(row, 2 + k, value).font = styles.BODY
                sheet.cell(row, 2 + k).alignment = styles.NUMBERS
            sheet.cell(row, 2 + k).border = styles.RULE
        page.link(sheet, row, 8, layer.sheet, words["sheets", layer.name, "title"])
        sheet.cell(row, 8).border = styles.RULE
        sheet.row_dimensions[row].height = 20
    last, right = total_cell(layout)
    page.write_text(sheet, last, right - 1, words["network", "total"], styles.BODY, styles.MIDDLE)
    sheet.cell(last, right, SUMMARY[TOTAL](layout)).font = styles.SUBTITLE
    sheet.cell(last, right).alignment = styles.NUMBERS
    sheet.row_dimensions[last].height = 24
    page.set_up(sheet, last + 1, 8, 100, freeze="A5")


def total_cell(layout: Layout) -> tuple[int, int]:
    """Row and column of the number of all weights."""
    return TABLE_ROW + len(layout.sheets), 2 + COLUMNS.index("weights")
