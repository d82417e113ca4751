"""Which cells of a sheet are coloured together, and how: the heat maps and the marks of a window that is looked into.

Pure: the workbook writes these rules, and the verifier looks whether they still fit the cells.
"""

from __future__ import annotations

from typing import Any

from xlcnn.blocks import a1_range
from xlcnn.layers.lens import PICKS, picks
from xlcnn.layout import SheetLayout
from xlcnn.reading import Rule

MOST_RANGES = 120  # Excel allows 255 arguments and 8,192 characters; beyond this the two hues reach as far as they must
COLOURED = ("source", "in", "weight", "computed")  # constants mean nothing; what is played with has its own ground


def groups(sheet: SheetLayout) -> list[tuple[str, ...]]:
    """The parts of a sheet that share a heat map. Constants have none: they mean nothing."""
    together = sheet.layer.scales()
    shared = {part for group in together for part in group}
    coloured = [n for n, p in sheet.parts.items() if p.role in COLOURED and p.shape and n != "number"]
    return [*together, *((part,) for part in coloured if part not in shared)]


def heat_maps(sheet: SheetLayout) -> list[Rule]:
    """A colour scale a group: from 0 up, or, where values may be negative, as far on either side of 0."""
    return [heat_map(sheet, group) for group in groups(sheet)]


def heat_map(sheet: SheetLayout, parts: tuple[str, ...]) -> Rule:
    blocks = [b for part in parts for b in sheet.blocks if b.part == part]
    fixed = ",".join(a1_range(b) for b in blocks)
    bounds = ["num 0", "max"]
    if any(sheet.parts[part].signed for part in parts):
        bound = f"MAX(MAX({fixed}),-MIN({fixed}))"
        bounds = ["min", "num 0", "max"] if len(blocks) > MOST_RANGES else [f"formula -{bound}", "num 0", f"formula {bound}"]
    return Rule("colorScale", fixed.replace("$", "").replace(",", " "), bounds)


def highlights(sheet: SheetLayout) -> list[Rule]:
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
        found.append(Rule("expression", a1_range(b).replace("$", ""), [test]))
    return found
