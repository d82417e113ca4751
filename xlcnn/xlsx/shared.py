"""Shared formulas as every program takes them: one text, dragged over a range (ECMA-376 Part 1, 18.3.1.40).

What stands outside the range, before the text, or has a text of its own, openpyxl drags, LibreOffice reads as it stands, and
Excel repairs: such a workbook is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlcnn.grid.blocks import Cell
from xlcnn.grid.formulas import TOKEN
from xlcnn.grid.references import COLUMNS, ROWS, a1, column_number
from xlcnn.xlsx.book import Formula
from xlcnn.xlsx.xml import refuse

RANGE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})(?::([A-Z]{1,3})([1-9][0-9]{0,6}))?")


@dataclass(frozen=True)
class Shared:
    """A formula and the range over which it was dragged."""

    formula: Formula
    first: Cell
    last: Cell


def corners(part: str, where: str, reference: str | None) -> tuple[Cell, Cell]:
    """First and last cell of a range as the schema writes it: no dollars, from its upper left corner."""
    match = RANGE.fullmatch(reference or "")
    if match is None:
        refuse(part, f"the formula in {where} has no range of cells in ref ({(reference or 'nothing')[:40]})")
    first = int(match[2]), column_number(match[1])
    last = (int(match[4]), column_number(match[3])) if match[3] else first
    if not (first[0] <= last[0] <= ROWS and first[1] <= last[1] <= COLUMNS):
        refuse(part, f"the formula in {where} has no range of cells in ref ({match[0]})")
    return first, last


def within(cell: Cell, first: Cell, last: Cell) -> bool:
    return first[0] <= cell[0] <= last[0] and first[1] <= cell[1] <= last[1]


def shared(part: str, formula: Formula, reference: str | None) -> Shared:
    """The shared formula that a cell's text begins."""
    where = a1(*formula.origin)
    first, last = corners(part, where, reference)
    if not within(formula.origin, first, last):
        refuse(part, f"the shared formula of {where} is dragged over {reference}, in which {where} does not lie")
    steps = [(cell[0] - formula.origin[0], cell[1] - formula.origin[1]) for cell in (first, last)]
    for match in TOKEN.finditer(formula.text):
        _, _, fixed_col, letters, fixed_row, digits = match.groups()
        if letters is None:
            continue
        rows = [int(digits) + (0 if fixed_row else down) for down, _ in steps]
        columns = [column_number(letters) + (0 if fixed_col else right) for _, right in steps]
        if min(*rows, *columns) < 1 or max(rows) > ROWS or max(columns) > COLUMNS:
            refuse(part, f"the shared formula of {where}, dragged over {reference}, leads beyond the sheet's edge from {match[0]}")
    return Shared(formula, first, last)


def dragged(part: str, cell: Cell, text: str, master: Shared | None) -> Formula:
    """The formula of a cell over which another was dragged."""
    where = a1(*cell)
    if text:
        refuse(part, f"{where} shares a formula and has one of its own")
    if master is None:
        refuse(part, f"{where} shares a formula that no cell before it holds")
    if not within(cell, master.first, master.last):
        span = f"{a1(*master.first)}:{a1(*master.last)}"
        refuse(part, f"{where} shares the formula of {a1(*master.formula.origin)}, which is dragged over {span} only")
    return master.formula
