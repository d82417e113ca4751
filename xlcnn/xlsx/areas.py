"""Ranges of cells as a file writes them: ``B6:D8 F1``."""

from __future__ import annotations

from dataclasses import dataclass

from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import split_cell


@dataclass(frozen=True)
class Area:
    """Cells from `first` to `last`."""

    first: Cell
    last: Cell

    def __contains__(self, cell: Cell) -> bool:
        return self.first[0] <= cell[0] <= self.last[0] and self.first[1] <= cell[1] <= self.last[1]

    def holds(self, other: Area) -> bool:
        return other.first in self and other.last in self

    def meets(self, other: Area) -> bool:
        return all(self.first[k] <= other.last[k] and other.first[k] <= self.last[k] for k in (0, 1))


def area_of(block: Block) -> Area:
    """All cells of a block."""
    return Area((block.row, block.col), (block.row + block.rows - 1, block.col + block.columns - 1))


def areas(text: str) -> tuple[Area, ...]:
    """``B6:D8 F1`` → its areas."""
    found = []
    for one in text.replace("$", "").split():
        first, _, last = one.partition(":")
        (top, left), (bottom, right) = split_cell(first), split_cell(last or first)  # programs put the corners in order
        found.append(Area((min(top, bottom), min(left, right)), (max(top, bottom), max(left, right))))
    return tuple(found)
