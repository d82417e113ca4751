"""Heat maps: conditional formatting, so that the colours follow every edit.

One hue from white for values that cannot be negative; blue and orange around a white zero, as far on either side, for
those that can.
"""

from __future__ import annotations

from typing import Any

from openpyxl.formatting.rule import ColorScale, FormatObject, Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle

from xlcnn.blocks import a1_range
from xlcnn.layers.lens import PICKS, picks
from xlcnn.layout import SheetLayout
from xlcnn.workbook.styles import BLUE, INK, ORANGE, WHITE

_edge = Side(style="thin", color="FF" + INK)
PICKED = DifferentialStyle(
    font=Font(b=True, color="FF" + INK),
    fill=PatternFill(bgColor="FFFFE27A", fill_type="solid"),
    border=Border(left=_edge, right=_edge, top=_edge, bottom=_edge),
)
MOST_RANGES = 120  # Excel allows 255 arguments and 8,192 characters; beyond this the two hues reach as far as they must
COLOURED = ("source", "in", "weight", "computed")  # constants mean nothing; what is played with has its own ground


def groups(sheet: SheetLayout) -> list[tuple[str, ...]]:
    """The parts of a sheet that share a heat map. Constants have none: they mean nothing."""
    together = sheet.layer.scales()
    shared = {part for group in together for part in group}
    coloured = [n for n, p in sheet.parts.items() if p.role in COLOURED and p.shape and n != "number"]
    return [*together, *((part,) for part in coloured if part not in shared)]


def heat_map(sheet: SheetLayout, parts: tuple[str, ...]) -> tuple[str, Rule]:
    """The cells and the rule of one heat map."""
    ranges = [a1_range(b).replace("$", "") for part in parts for b in sheet.blocks if b.part == part]
    fixed = ",".join(a1_range(b) for part in parts for b in sheet.blocks if b.part == part)
    if any(sheet.parts[part].signed for part in parts) and len(ranges) > MOST_RANGES:
        points = [("min", "", ORANGE), ("num", "0", WHITE), ("max", "", BLUE)]
    elif any(sheet.parts[part].signed for part in parts):
        bound = f"MAX(MAX({fixed}),-MIN({fixed}))"
        points = [("formula", f"-{bound}", ORANGE), ("num", "0", WHITE), ("formula", bound, BLUE)]
    else:
        points = [("num", "0", WHITE), ("max", "", BLUE)]
    scale = ColorScale(
        cfvo=[FormatObject(type=kind, val=value or None) for kind, value, _ in points],
        color=[Color(rgb="FF" + colour) for _, _, colour in points],
    )
    return " ".join(ranges), Rule(type="colorScale", colorScale=scale)


def highlights(sheet: SheetLayout) -> list[tuple[str, Rule]]:
    """Where somebody looks inside one cell: that cell in its map, and its window in the maps before it."""
    if PICKS[0] not in sheet.parts:
        return []
    layer: Any = sheet.layer
    (number, row, col), (height, width) = picks(sheet.references), layer.kernel
    found = []
    for b in sheet.blocks:
        top, left = f"ROW()-{b.row - 1}", f"COLUMN()-{b.col - 1}"
        if b.part == "output":
            test = f"AND({number}={b.index[0] + 1},{top}={row},{left}={col})"
        elif b.part == "in":
            y, x = (n if layer.stride == 1 else f"({n}-1)*{layer.stride}+1" for n in (row, col))
            mine = "" if "weight" in sheet.parts else f"{number}={b.index[0] + 1},"
            test = f"AND({mine}{top}>={y},{top}<{y}+{height},{left}>={x},{left}<{x}+{width})"
        else:
            continue
        rule = Rule(type="expression", formula=[test], dxf=PICKED, stopIfTrue=True)
        found.append((a1_range(b).replace("$", ""), rule))
    return found
