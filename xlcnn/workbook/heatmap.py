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

from xlcnn.layout.colours import colour_rules
from xlcnn.layout.placed import PlacedSheet
from xlcnn.workbook.styles import BLUE, INK, ORANGE, WHITE

_edge = Side(style="thin", color="FF" + INK)
PICKED = DifferentialStyle(
    font=Font(b=True, color="FF" + INK),
    fill=PatternFill(bgColor="FFFFE27A", fill_type="solid"),
    border=Border(left=_edge, right=_edge, top=_edge, bottom=_edge),
)


def add_colours(page: Worksheet, placed: PlacedSheet) -> None:
    """Every rule of the sheet; the first one wins."""
    for rule in colour_rules(placed):
        if rule.kind == "expression":
            written = Rule(type="expression", formula=rule.formulas, dxf=PICKED, stopIfTrue=True)
        else:
            written = Rule(type="colorScale", colorScale=colour_scale(rule.formulas))
        page.conditional_formatting.add(rule.ranges, written)


def colour_scale(formulas: list[str]) -> ColorScale:
    bounds = [bound.split(" ", 1) for bound in formulas]
    colours = (ORANGE, WHITE, BLUE)[-len(bounds) :]
    return ColorScale(
        cfvo=[FormatObject(type=kind, val=value[0] if value else None) for kind, *value in bounds],
        color=[Color(rgb="FF" + colour) for colour in colours],
    )
