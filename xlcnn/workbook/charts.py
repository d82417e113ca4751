"""Charts in our type scale and palette, with the axes that Excel would hide if nobody spoke of them."""

from __future__ import annotations

from openpyxl.chart import BarChart, Reference, ScatterChart, Series
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun, RichTextProperties
from openpyxl.drawing.text import Font as TextFont
from openpyxl.workbook import Workbook

from xlcnn.grid.references import a1
from xlcnn.layout.placed import LEFT, TOP, Layout, PlacedSheet
from xlcnn.layout.series import Column, series
from xlcnn.sheets import looks
from xlcnn.sheets.words import Words
from xlcnn.workbook import styles
from xlcnn.xlsx.workarounds import show_axes


def add_chart(book: Workbook, layout: Layout, placed: PlacedSheet, plan: looks.Chart, words: Words) -> None:
    """Draw a chart of a sheet's parts on it."""

    found = [(reference(book, x), reference(book, y)) for x, y in series(layout, placed, plan)]
    title, x_title, y_title = (words.own_caption(placed.name, key) if key else "" for key in (plan.title, *plan.axes))
    if plan.columns:
        ((x, y),) = found
        chart = columns(title, x_title, y_title, y, x, plan.percent)
        if is_words(placed, plan.x):  # openpyxl takes categories for numbers
            chart.series[0].cat = AxDataSource(strRef=StrRef(str(x)))
    else:
        chart = scatter(title, x_title or "x", y_title or "y")
        if plan.percent:
            show_percent(chart)
        for number, (x, y) in enumerate(found):
            dots = number >= len(plan.lines)
            chart.series.append(curve(x, y, styles.VIOLET if dots and number else styles.BLUE, dots=dots))
    axis = chart.y_axis.scaling
    axis.min = axis.min if plan.low is None else plan.low
    axis.max = axis.max if plan.high is None else plan.high
    if plan.low is not None and plan.percent:
        chart.y_axis.majorUnit = (1 - plan.low) / 5
    if plan.logarithmic:
        axis.logBase = 10
    width, height = (pixels * 2.54 / 96 for pixels in placed.sheet.cell)  # in centimetres
    chart.width, chart.height = plan.width * width, plan.height * height
    book[placed.title].add_chart(chart, a1(TOP + plan.row, LEFT + plan.col))


def is_words(placed: PlacedSheet, name: str) -> bool:
    """Whether a part, here or on another sheet, holds words."""
    part = placed.parts[name]
    return (part.read or part).is_text


def columns(title: str, x_title: str, y_title: str, values: Reference, categories: Reference, percent: bool = True) -> BarChart:
    """A column chart of probabilities, or of other numbers from 0 up."""
    chart = BarChart()
    chart.type, chart.style, chart.gapWidth = "col", 10, 40
    dress(chart, title, x_title, y_title)
    chart.y_axis.scaling.min, chart.y_axis.number_format = 0, "0.0"
    if percent:
        show_percent(chart)
    chart.add_data(values)
    chart.set_categories(categories)
    chart.series[0].graphicalProperties.solidFill = styles.BLUE
    return chart


def show_percent(chart: BarChart | ScatterChart) -> None:
    """An axis from 0 to 100 %."""
    chart.y_axis.scaling.min, chart.y_axis.scaling.max, chart.y_axis.majorUnit = 0, 1, 0.25
    chart.y_axis.number_format = "0%"


def scatter(title: str, x_title: str = "x", y_title: str = "y") -> ScatterChart:
    """An empty chart of y against x; add `curve`s to it."""
    chart = ScatterChart()
    chart.style, chart.scatterStyle = 13, "lineMarker"
    dress(chart, title, x_title, y_title)
    chart.x_axis.number_format = chart.y_axis.number_format = "General"
    chart.x_axis.tickLblPos = chart.y_axis.tickLblPos = "low"
    return chart


def curve(x: Reference, y: Reference, colour: str, dots: bool = False) -> Series:
    """One series: a line, or dots alone."""
    series = Series(y, x)
    series.smooth = False
    if dots:
        series.marker.symbol, series.marker.size = "circle", 9
        series.marker.graphicalProperties = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=styles.WHITE))
        series.graphicalProperties.line.noFill = True
    else:
        series.marker.symbol = "none"
        series.graphicalProperties.line = LineProperties(solidFill=colour, w=25400)
    return series


def dress(chart: BarChart | ScatterChart, title: str, x_title: str, y_title: str) -> None:
    chart.title = words(title, 12)
    chart.legend = None
    chart.x_axis.title, chart.y_axis.title = words(x_title, 9), words(y_title, 9)
    show_axes(chart)
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="DDE3EA", w=6350))
    if chart.x_axis.majorGridlines is not None:
        chart.x_axis.majorGridlines = None


def words(text: str, size: float) -> Title:
    """A chart's or an axis's title in our type scale."""
    look = CharacterProperties(sz=round(size * 100), b=True, solidFill=styles.INK, latin=TextFont(typeface="Arial"))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=text)])
    return Title(tx=Text(rich=RichText(bodyPr=RichTextProperties(), p=[paragraph])), overlay=False)


def reference(book: Workbook, column: Column) -> Reference:
    """A column of cells, for a chart to read."""
    title, (top, left), (bottom, right) = column
    return Reference(book[title], min_col=left, max_col=right, min_row=top, max_row=bottom)
