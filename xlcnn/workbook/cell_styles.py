"""A look becomes a style of the workbook: what openpyxl calls its parts."""

from __future__ import annotations

from functools import cache

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from xlcnn.workbook import styles
from xlcnn.xlsx.fonts import OrderedFont


def style_number(sheet: Worksheet, look: styles.Look, number_format: str, quoted: bool) -> int:
    """The number of a cell style in the sheet's workbook, made on a cell that stands nowhere."""
    cell = Cell(sheet)
    cell.font, cell.alignment, cell.border = font(look.font), alignment(look.alignment), border(look.border)
    cell.fill = PatternFill("solid", fgColor=look.ground) if look.ground else PatternFill()
    cell.number_format = number_format
    if quoted:
        cell.quotePrefix = True
    return int(cell.style_id)


@cache
def font(look: styles.Font) -> Font:
    underline = "single" if look.underlined else None
    return OrderedFont(name=look.name, family=look.family, sz=look.size, color=look.colour, b=look.bold or None, u=underline)


@cache
def alignment(look: styles.Alignment) -> Alignment:
    return Alignment(
        look.horizontal, look.vertical, wrap_text=look.wraps or None, shrink_to_fit=look.shrinks or None, indent=look.indent
    )


@cache
def border(look: styles.Border) -> Border:
    return Border(**{name: Side(*side) for name, side in look._asdict().items() if side})
