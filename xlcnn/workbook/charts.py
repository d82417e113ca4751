"""Charts in our type scale and palette, with the axes that Excel would hide if nobody spoke of them."""

from __future__ import annotations

from openpyxl.chart import BarChart, Reference, ScatterChart, Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun, RichTextProperties
from openpyxl.drawing.text import Font as TextFont
from openpyxl.worksheet.worksheet import Worksheet

from xlcnn.blocks import Block
from xlcnn.workbook import styles


def columns(title: str, x_title: str, y_title: str, values: Reference, categories: Reference) -> BarChart:
    """A column chart of probabilities."""
    chart = BarChart()
    chart.type, chart.style, chart.gapWidth = "col", 10, 40
    dress(chart, title, x_title, y_title)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.majorUnit = 0.25
    chart.y_axis.number_format = "0%"
    chart.add_data(values)
    chart.set_categories(categories)
    chart.series[0].graphicalProperties.solidFill = styles.BLUE
    return chart


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
    chart.x_axis.delete = chart.y_axis.delete = False  # unset, Excel hides the axes
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="DDE3EA", w=6350))
    if chart.x_axis.majorGridlines is not None:
        chart.x_axis.majorGridlines = None


def words(text: str, size: float) -> Title:
    """A chart's or an axis's title in our type scale."""
    look = CharacterProperties(sz=round(size * 100), b=True, solidFill=styles.INK, latin=TextFont(typeface="Arial"))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=text)])
    return Title(tx=Text(rich=RichText(bodyPr=RichTextProperties(), p=[paragraph])), overlay=False)


def column_of(sheet: Worksheet, block: Block, x: int = 0) -> Reference:
    """One column of a block, for a chart to read."""
    row, col = block.cell(0, x)
    return Reference(sheet, min_col=col, max_col=col, min_row=row, max_row=row + block.height - 1)
