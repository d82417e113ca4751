"""Heat maps: conditional formatting, so that the colours follow every edit.

One hue from the ground up for values that cannot be negative; blue and orange around zero, as far on either side, for those
that can; the channels of a picture in their own hues. The ground is white, or yellow where the values are there to be changed.
"""

from __future__ import annotations

from openpyxl.formatting.formatting import ConditionalFormatting
from openpyxl.formatting.rule import ColorScale, FormatObject, Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.worksheet import Worksheet

from xlcnn.layout.colours import colour_rules
from xlcnn.layout.placed import PlacedSheet
from xlcnn.workbook.styles import GROUNDS, HUES, INNER, ORANGE, OUTER, VIOLET, WHITE
from xlcnn.xlsx.workarounds import Ranges

_edge = Side(style="thin", color="FF" + VIOLET)


def _dot(colour: str) -> DifferentialStyle:
    """A point of a group, drawn on a map: a cell filled with its group's own dark colour."""
    return DifferentialStyle(font=Font(b=True, color="FF" + WHITE), fill=PatternFill(bgColor="FF" + colour, fill_type="solid"))


#: The marks by their looks: what somebody looks into has a violet frame, and its heat map shows through.
MARKS = {
    "": DifferentialStyle(font=Font(b=True), border=Border(left=_edge, right=_edge, top=_edge, bottom=_edge)),
    "inner point": _dot(INNER),
    "outer point": _dot(OUTER),
    "one decimal": DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode="0.0")),
}


def add_colours(page: Worksheet, placed: PlacedSheet) -> None:
    """Every rule of the sheet; the first one wins."""
    for rule in colour_rules(placed):
        if rule.kind == "expression":
            written = Rule(type="expression", formula=rule.formulas, dxf=MARKS[rule.look])
        else:
            written = Rule(type="colorScale", colorScale=colour_scale(rule.formulas, rule.look))
        page.conditional_formatting.add(ConditionalFormatting(Ranges(rule.ranges)), written)


def colour_scale(formulas: list[str], look: str) -> ColorScale:
    """From a ground up, or from orange over it, to blue or another hue; `look` names both."""
    ground, _, hue = look.partition(" ")
    bounds = [bound.split(" ", 1) for bound in formulas]
    colours = (ORANGE, GROUNDS[ground], HUES[hue])[-len(bounds) :]
    return ColorScale(
        cfvo=[FormatObject(type=kind, val=value[0] if value else None) for kind, *value in bounds],
        color=[Color(rgb="FF" + colour) for colour in colours],
    )
