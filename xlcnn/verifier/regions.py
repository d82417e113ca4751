"""Cells of the network that something else fills: array formulas, data and pivot tables, what spills; or that show another thing.

An engine computes such a cell from a formula that stands elsewhere, and programs differ in how far it reaches.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import a1
from xlcnn.layout.placed import PlacedSheet
from xlcnn.verifier.description import Described
from xlcnn.verifier.report import Problem
from xlcnn.xlsx.book import Region, SheetCells

FOUND = {
    "array": "an array formula", "dynamic": "an array formula that spills", "dataTable": "a data table",
    "pivot": "a pivot table", "rich": "a value that shows something else",
}  # fmt: skip
DO = {
    "rich": "type the number or the formula anew",
    "pivot": "delete the table, or move it beside the network",
    "dataTable": "delete the table, or move it beside the network",
}
USUAL = "delete it, and type the cell's own formula without Ctrl+Shift+Enter, or move it beside the network"


def region_problems(described: Described) -> Iterator[Problem]:
    """The first cell of the network that each of them fills, or may fill."""
    for placed in described.layout.values():
        sheet = described.book.sheets.get(placed.title)
        for region in sheet.regions if sheet else ():
            cell = filled(placed, region) or (may_spill_into(placed, sheet, region) if sheet else None)
            if cell is not None:
                span = a1(*region.first) if region.first == region.last else f"{a1(*region.first)}:{a1(*region.last)}"
                found = f"{FOUND[region.kind]} in {a1(*region.cell)} that fills {span}"
                expected = "a number or a formula of its own"
                yield Problem("array", placed.title, a1(*cell), expected, found, DO.get(region.kind, USUAL))


def filled(placed: PlacedSheet, region: Region) -> Cell | None:
    """The first cell of a block inside the region."""
    for block in placed.blocks:
        top, left = max(block.row, region.first[0]), max(block.col, region.first[1])
        bottom, right = corner(block)
        if top <= min(bottom, region.last[0]) and left <= min(right, region.last[1]):
            return top, left
    return None


def corner(block: Block) -> Cell:
    """The last row and column that the block takes."""
    return block.row + block.rows - 1, block.col + block.columns - 1


def may_spill_into(placed: PlacedSheet, sheet: SheetCells, region: Region) -> Cell | None:
    """An empty cell of the network to the right and below of a formula that spills as far as it likes."""
    if region.kind != "dynamic":
        return None
    row, col = region.cell
    for block in placed.blocks:
        for cell in block.cells():
            if cell[0] >= row and cell[1] >= col and sheet.values.get(cell) is None and cell not in sheet.formulas:
                return cell
    return None
