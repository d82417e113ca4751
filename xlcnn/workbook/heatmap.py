"""Heat maps: conditional formatting, so that the colours follow every edit.

One hue from white for values that cannot be negative; blue and orange around a white zero, as far on either side, for
those that can.
"""

from __future__ import annotations

from openpyxl.formatting.rule import ColorScale, FormatObject, Rule
from openpyxl.styles.colors import Color

from xlcnn.blocks import a1_range
from xlcnn.layout import SheetLayout
from xlcnn.workbook.styles import BLUE, ORANGE, WHITE

MOST_RANGES = 120  # Excel allows 255 arguments and 8,192 characters; beyond this the two hues reach as far as they must
COLOURED = ("source", "in", "weight", "computed")  # constants mean nothing; what is played with has its own ground


def groups(sheet: SheetLayout) -> list[tuple[str, ...]]:
    """The parts of a sheet that share a heat map. Constants have none: they mean nothing."""
    together = sheet.layer.scales()
    shared = {part for group in together for part in group}
    coloured = [n for n, p in sheet.parts.items() if p.role in COLOURED and p.shape]
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
