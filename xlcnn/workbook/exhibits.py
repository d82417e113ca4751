"""Writes the sheet of an exhibit: the sheet of a layer, with charts and notes."""

from __future__ import annotations

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xlcnn.blocks import a1
from xlcnn.exhibits import Chart, Exhibit
from xlcnn.layout import LEFT, TOP, Layout, SheetLayout
from xlcnn.words import Words
from xlcnn.workbook import charts, page, styles
from xlcnn.workbook.layers import write_layer

CENTIMETRES = styles.CELL * 2.54 / 96  # of a cell


def write_exhibit(book: Workbook, layout: Layout, sheet: SheetLayout, words: Words) -> None:
    exhibit = sheet.layer
    assert isinstance(exhibit, Exhibit)
    given = exhibit.constants(sheet.parts) | exhibit.defaults(sheet.parts)
    write_layer(book, layout, sheet, given, words)
    page_ = book[exhibit.sheet]
    for row, col, key in exhibit.notes():
        page.write_text(page_, TOP + row, LEFT + col, words["sheets", exhibit.name, "captions", key], styles.BODY, styles.MIDDLE)
    for chart in exhibit.charts():
        add_chart(page_, sheet, chart, words)


def add_chart(page_: Worksheet, sheet: SheetLayout, plan: Chart, words: Words) -> None:
    blocks = {b.part: b for b in sheet.blocks}
    chart = charts.scatter(words["sheets", sheet.layer.name, "captions", plan.title])
    for part in plan.series:
        x, y = (charts.column_of(page_, blocks[p]) for p in (plan.x, part))
        chart.series.append(charts.curve(x, y, styles.BLUE))
    for number, (x_part, y_part) in enumerate(plan.dots):
        x = charts.column_of(page_, blocks[x_part])
        y = charts.column_of(page_, blocks[y_part], x=1 if x_part == y_part else 0)
        colour = styles.ORANGE if plan.series or number else styles.BLUE
        chart.series.append(charts.curve(x, y, colour, dots=True))
    chart.width, chart.height = Chart.width * CENTIMETRES, Chart.height * CENTIMETRES
    page_.add_chart(chart, a1(TOP + plan.row, LEFT + plan.col))
