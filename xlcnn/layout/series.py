"""Which cells a chart reads: what the workbook writes, and what the verifier expects."""

from __future__ import annotations

from xlcnn.grid.blocks import Cell
from xlcnn.layout.placed import Layout, PlacedSheet
from xlcnn.sheets.looks import Chart

Column = tuple[str, Cell, Cell]
"""A tab, and the first and last cell of one column on it."""


def series(layout: Layout, placed: PlacedSheet, chart: Chart) -> list[tuple[Column, Column]]:
    """The cells of x and of y of each series: columns, or lines and then dots."""
    pairs = [(chart.x, part, 0) for part in (chart.columns, *chart.lines) if part]
    pairs += [(x, y, 1 if x == y else 0) for x, y in chart.dots]
    return [(column_of(layout, placed, x), column_of(layout, placed, y, col)) for x, y, col in pairs]


def column_of(layout: Layout, placed: PlacedSheet, name: str, x: int = 0) -> Column:
    """One column of a part, which may stand on another sheet."""
    part = placed.parts[name]
    if part.read is not None and not part.has_cells:
        placed, name = layout[part.read.home], part.read.name
    block = next(b for b in placed.blocks if b.part == name)
    row, col = block.cell(0, x)
    return placed.title, (row, col), (row + block.height - 1, col)
