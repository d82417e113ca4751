"""What each sheet of a workbook needs, known before a cell is written, and whether that is more than Excel has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from xlcnn.grid.blocks import Shape
from xlcnn.grid.formulas import complexity
from xlcnn.grid.references import COLUMNS, ROWS
from xlcnn.layout.placed import LONGEST_FORMULA, TOP, Layout, PlacedSheet, lay_out
from xlcnn.sheets.parts import Computed, Text
from xlcnn.sheets.plan import Plan

#: What there may be of each, and what to say of more: Excel's published limits.
MOST = {
    "rows": (ROWS, "{} rows; a sheet has {}: use smaller images or fewer maps"),
    "columns": (COLUMNS, "{} columns; a sheet has {}: use smaller images or fewer maps"),
    "longest": (LONGEST_FORMULA, "a formula of {} characters; Excel takes {}: use fewer maps"),
    "arguments": (255, "a function of {} arguments; Excel takes {}: use fewer maps"),
    "levels": (64, "a formula of {} levels; Excel takes {}: use fewer maps"),
}


@dataclass(frozen=True)
class Need:
    """What a sheet takes: rows and columns, cells that hold something, and of its formulas the `longest` one's characters, the
    most `arguments` of a function, the most `levels` of brackets."""

    rows: int
    columns: int
    cells: int
    longest: int = 0
    arguments: int = 0
    levels: int = 0


Needs = Mapping[str, Need]
"""Of every sheet by its name."""


def needs(plan: Plan) -> dict[str, Need]:
    """What every sheet of a workbook needs. Raises `NetworkError` that says which one does not fit, and by how much."""
    return needs_of(lay_out(plan))


def fitting(layout: Layout) -> Layout:
    """The layout itself, if Excel takes it. Raises `NetworkError` as `needs`."""
    needs_of(layout)
    return layout


def needs_of(layout: Layout) -> dict[str, Need]:
    found = {name: need(placed) for name, placed in layout.items()}
    for name, one in found.items():
        for what, (most, words) in MOST.items():
            if (count := getattr(one, what)) > most:
                raise layout[name].sheet.fail("needs " + words.format(f"{count:,}", f"{most:,}"))
    return found


def need(placed: PlacedSheet) -> Need:
    """What one sheet needs."""
    rows, columns = placed.extent
    charts = [TOP + chart.row + chart.height for chart in placed.sheet.charts(placed.parts)]
    cells = sum(block.rows * block.columns + placed.parts[block.part].captioned for block in placed.blocks)
    longest = arguments = levels = 0
    for formula in some_formulas(placed):
        longest = max(longest, len(formula) + 1)
        arguments, levels = (max(pair) for pair in zip((arguments, levels), complexity(formula), strict=True))
    return Need(max([rows, *charts]), columns, cells, longest, arguments, levels)


def some_formulas(placed: PlacedSheet) -> Iterator[str]:
    """Of each part the formulas at its corners and between them: all are of one kind, and nearly of one length."""
    for part in placed.parts.values():
        if isinstance(part, Computed | Text):
            for index in samples(part.shape):
                yield part.excel(placed.references, *index)


def samples(shape: Shape) -> Iterator[Shape]:
    """The first, the middle and the last index along each axis, in all combinations."""
    return product(*(sorted({0, size // 2, size - 1}) for size in shape))
