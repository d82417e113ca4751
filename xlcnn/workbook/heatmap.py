"""Heat maps: conditional formatting, so that the colours follow every edit.

One hue from white for values that cannot be negative; blue and orange around a white zero, as far on either side, for
those that can.
"""

from __future__ import annotations

from openpyxl.formatting.rule import ColorScale, FormatObject, Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet

from xlcnn.colours import heat_maps, highlights
from xlcnn.layout import SheetLayout
from xlcnn.workbook.styles import BLUE, INK, ORANGE, WHITE

_edge = Side(style="thin", color="FF" + INK)
PICKED = DifferentialStyle(
    font=Font(b=True, color="FF" + INK),
    fill=PatternFill(bgColor="FFFFE27A", fill_type="solid"),
    border=Border(left=_edge, right=_edge, top=_edge, bottom=_edge),
)


def add_colours(page_: Worksheet, sheet: SheetLayout) -> None:
    """The marks before the heat maps: the first rule wins."""
    for mark in highlights(sheet):
        page_.conditional_formatting.add(mark.ranges, Rule(type="expression", formula=mark.formulas, dxf=PICKED, stopIfTrue=True))
    for scale in heat_maps(sheet):
        bounds = [bound.split(" ", 1) for bound in scale.formulas]
        colours = (ORANGE, WHITE, BLUE)[-len(bounds) :]
        scale_ = ColorScale(
            cfvo=[FormatObject(type=kind, val=value[0] if value else None) for kind, *value in bounds],
            color=[Color(rgb="FF" + colour) for colour in colours],
        )
        page_.conditional_formatting.add(scale.ranges, Rule(type="colorScale", colorScale=scale_))
