"""Where rows or columns were inserted in the middle of a block: which ones to delete.

Whoever inserts a row cuts through everything that stands beside each other there, and a list or a map becomes longer. What has
come between is empty. A value that is merged of many cells only becomes larger, and stays what it is: the block follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np

from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import a1, column
from xlcnn.layout.placed import PlacedSheet
from xlcnn.verifier.report import Problem
from xlcnn.xlsx.areas import Area, Areas
from xlcnn.xlsx.book import SheetCells

MOST = 40  # rows or columns by which merged cells may have grown

Torn = tuple[Block, Cell, Cell]
"""A block with the first and the last cell that its name now means."""


def grown(sheet: SheetCells, merged: Mapping[Cell, Cell], block: Block) -> Block:
    """The block as large as its merged cells (`merged`: their first and last), of which no other one may hold anything."""
    if block.span == block.rise == 1:
        return block
    lasts = [(cell, merged.get(cell, cell)) for cell in block.cells()]
    sizes = {(last[0] - first[0] + 1, last[1] - first[1] + 1) for first, last in lasts}
    if len(sizes) != 1:
        return block
    rise, span = sizes.pop()
    rise = rise if block.height == 1 and block.rise < rise <= block.rise + MOST else block.rise
    span = span if block.width == 1 and block.span < span <= block.span + MOST else block.span
    larger = replace(block, rise=rise, span=span)
    firsts = set(block.cells())
    inside = ((r, c) for r in range(block.row, block.row + larger.rows) for c in range(block.col, block.col + larger.columns))
    return block if any(cell not in firsts and not sheet.is_empty(cell) for cell in inside) else larger


def torn_problems(sheet: SheetCells, fresh: PlacedSheet, torn: Iterable[Torn]) -> Iterator[Problem]:
    """What to say of blocks that have more cells, or fewer, than they should: once for each gap that cuts through them."""
    filled = {cell for cell, value in sheet.values.items() if value is not None} | set(sheet.formulas)
    used = Used(filled, Areas(sheet.around.merged))
    problems = []
    for block, first, last in torn:
        note = what_to_do(used, block, first, last)
        found = f"{last[0] - first[0] + 1} × {last[1] - first[1] + 1} cells, {a1(*first)}:{a1(*last)}"
        problems.append(Problem("size", fresh.title, fresh.defined_name(block), size(block), found, note or UNKNOWN))
    gaps = {problem.note: problem for problem in reversed(problems) if problem.note != UNKNOWN}
    yield from reversed(gaps.values()) if gaps else problems  # what to delete may put the others right


UNKNOWN = "were rows or columns inserted or deleted within them, or does About say another size? Undo that"


def size(block: Block) -> str:
    return f"{(block.height - 1) * block.rise + 1} × {(block.width - 1) * block.span + 1} cells"


class Used:
    """The lines of a sheet on which something stands: of all its cells, or of those between two corners."""

    def __init__(self, cells: set[Cell], merged: Areas) -> None:
        self.cells = np.array(sorted(cells), dtype=int).reshape(-1, 2)
        self.lines = [set(np.unique(self.cells[:, k]).tolist()) for k in (0, 1)]
        self.merged = merged

    def going_on(self, first: Cell, last: Cell) -> list[set[int]]:
        """The rows and columns over which merged cells go on that begin between the corners: there, nothing came between."""
        own = self.merged.beginning_in(Area(first, last))
        return [{line for span in {(a.first[k], a.last[k]) for a in own} for line in lines(*span)} for k in (0, 1)]

    def between(self, first: Cell, last: Cell) -> list[set[int]]:
        """The rows and columns of the cells between the corners."""
        inside = self.cells[((self.cells >= first) & (self.cells <= last)).all(axis=1)]
        return [set(np.unique(inside[:, k]).tolist()) for k in (0, 1)]


def what_to_do(used: Used, block: Block, first: Cell, last: Cell) -> str:
    """Which rows and columns to delete; nothing where that cannot be told."""
    right = block.last[0] - block.row + 1, block.last[1] - block.col + 1
    extra = [last[k] - first[k] + 1 - right[k] for k in (0, 1)]
    if min(extra) < 0:
        return ""
    merged, inside = used.going_on(first, last), used.between(first, last)
    rows, columns = (
        gap(used.lines[k] | merged[k], first[k], last[k], extra[k]) or gap(inside[k] | merged[k], first[k], last[k], extra[k])
        for k in (0, 1)
    )
    if len(rows) < extra[0] or len(columns) < extra[1]:
        return ""
    parts = [named("rows", [str(row) for row in rows]), named("columns", [column(col) for col in columns])]
    return f"delete {' and '.join(filter(None, parts))}, which cut through it"


def named(kind: str, lines: list[str]) -> str:
    return f"{kind} {lines[0]} to {lines[-1]}" if len(lines) > 1 else f"{kind[:-1]} {lines[0]}" if lines else ""


def gap(used: set[int], first: int, last: int, count: int) -> list[int]:
    """The `count` lines between these two in which nothing stands, if there is just one such run; in others nobody knows which."""
    edges = [first - 1, *sorted(line for line in used if first <= line <= last), last + 1]
    runs = [range(a + 1, b) for a, b in pairwise(edges) if b - a > 1]
    right = [run for run in runs if len(run) == count]
    return list(right[0]) if len(right) == 1 and all(len(run) <= count for run in runs) else []


def lines(first: int, last: int) -> range:
    """The rows or columns of merged cells, of which there may be very many."""
    return range(first, min(last, first + 2 * MOST) + 1)
